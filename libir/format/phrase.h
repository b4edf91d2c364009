/*
 * Phrases: the fixed sentences of devices and daemons, with places for values, and what they mean.
 *
 *     static const struct ir_phrase rows[] = {
 *         {"login failure for user %u from %a via %w", "login", IR_SAYS_LOGIN_FAILED}, …
 *
 * '~' stands for one or more blanks; the phrase must fit the whole text. Places:
 *
 *     %a %A  address or host name           %p %P  port
 *     %e %E  [interface:]address[/port]      %q %Q  address:port, [v6]:port
 *     %y %Y  address:port, v6address.port   %m %M  hardware address
 *     %i %o  interface in, out              %t     transport          %b  bytes
 *     %u     user     %U  the account that is changed                 %c  command line
 *     %h     server that is asked, neither end of the connection
 *     %f     file     %r  rule or signature    %x  reason             %g  group
 *     %k     what a file server did with the file (file_share.h)
 *     %d     digits, not kept    %w  a word, not kept    %s  words, not kept    %z  the rest
 *
 * Small letters are the source, capitals the destination. %u %U %f and %c can hold anything, also
 * what the rest of the phrase looks like: they end at the last place where the rest still fits,
 * because what follows was written by the device. The others are the device's own words and end at
 * the first.
 */
#ifndef IR_FORMAT_PHRASE_H
#define IR_FORMAT_PHRASE_H

#include "event/event.h"

enum ir_says {
    IR_SAYS_NOTHING = 0,
    IR_SAYS_BLOCK, /* a packet or connection, refused: log source firewall */
    IR_SAYS_ALLOW,
    IR_SAYS_PACKET, /* neither is said */
    IR_SAYS_LOGIN,  /* success: log source authentication */
    IR_SAYS_LOGIN_FAILED,
    IR_SAYS_FAILURE, /* an outcome, no login */
    IR_SAYS_SUCCESS,
    IR_SAYS_COMMAND, /* what an administrator typed */
    IR_SAYS_ACCOUNT, /* an account was made, changed or removed: log source account_change */
};

struct ir_phrase {
    const char *text;
    const char *action; /* event.action */
    enum ir_says says;
};

#define IR_PHRASE_PARTS 16u
struct ir_parts {
    struct {
        char what;
        struct ir_str v;
    } part[IR_PHRASE_PARTS];
    unsigned n;
};

/* Does the whole of s fit? *ret_parts then has the values in order. */
bool ir_phrase_fits(struct ir_str s, const char *text, struct ir_parts *ret_parts);
/* Sets the fields of the parts. */
void ir_phrase_fields(struct ir_event *ev, const struct ir_parts *parts);
/* Sets event.action, event.outcome and the log source that `says` stands for. */
void ir_phrase_says(struct ir_event *ev, const char *action, enum ir_says says);
/* The first of n rows that fits: its fields and meaning are set. NULL: none. */
const struct ir_phrase *ir_phrase_any(struct ir_event *ev, struct ir_str s,
                                      const struct ir_phrase *rows, size_t n);

/* network.transport by name (any case) or number. */
void ir_phrase_transport(struct ir_event *ev, struct ir_str word);
/* One end of a connection: ip, else name or address; a port that is a word is its protocol. */
void ir_phrase_end(struct ir_event *ev, bool destination, struct ir_str addr, struct ir_str port);

#endif
