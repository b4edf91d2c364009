/*
 * A log format: recognise it, cut it into records, make events of records.
 *
 * One file a format, one line in formats.def. A parser gets bytes and gives events; it never opens
 * a file, never prints and keeps nothing between records, except a format with IR_FMT_STATEFUL
 * (auditd joins records): its state hangs on the parser handle and the engine feeds it one input's
 * records in order, or those of all members of a rotated set, oldest first: rotation cuts events.
 *
 * How a parser is called, for each record that `cut` (or the line end) gives:
 *
 *     rc = fmt->parse(p, rec, ev)      // IR_OK: ev is filled; IR_BAD: not my record, try the next
 * format
 *
 * The caller has called ir_event_begin(ev, rec, …). On IR_BAD the event's contents are discarded.
 * A stateful parser has `feed` and `flush` instead, and emits any number of events through p->emit.
 *
 * Every byte is hostile: no read outside rec, no unbounded recursion, no allocation but the event's
 * arena.
 */
#ifndef IR_FORMAT_FORMAT_H
#define IR_FORMAT_FORMAT_H

#include "base/err.h"
#include "base/intl.h"
#include "base/str.h"
#include "event/event.h"

enum ir_format_flags {
    IR_FMT_YEARLESS = 1,     /* stamps may lack the year: p->clock must be set up */
    IR_FMT_STATEFUL = 2,     /* feed and flush in order; never split over threads */
    IR_FMT_VERBATIM = 4,     /* raw bytes can be searched for rule literals before parsing; records
                              * whose  values do not all stand in raw say so by `derived` */
    IR_FMT_DOCUMENTS = 8,    /* records are not lines: `cut` decides */
    IR_FMT_FALLBACK = 16,    /* takes what no other format took */
    IR_FMT_STAMP_FIRST = 32, /* records begin with their stamp: a line that does not has no time */
    IR_FMT_STRAYS = 64,  /* its records are certain one by one: it may take them out of inputs of
                          * other formats, when those refuse them */
    IR_FMT_HEADER = 128, /* lines of the input say what the columns of later ones are (`#Fields:`):
                          * one parser takes an input's records in order. `open` makes p->state,
                          * `parse` and `stamp` learn and use it (header lines are theirs too: a
                          * separator event, see syslog's, or columns), `close` frees it */
};

/* How stamps without year or zone become absolute. Set by the engine for each block (see
 * run/year.h). */
struct ir_clock {
    int64_t anchor; /* ns UTC: no event may be later than this (plus IR_CLOCK_SLACK) */
    int year;  /* year of the block's first stamp, 0: each stamp takes the latest year that keeps it
                * at or before the anchor */
    int month; /* month 1..12 of the stamp before the block's first, to see a change of year; 0 none
                */
    const struct ir_zone *zone; /* of stamps that name none; NULL: UTC */
    /* The stamps' own, 0 at first: the day of the stamp before, which mostly is this one's too */
    uint64_t day, day_rest; /* "Mmm dd "; or "dd/Mon/yyyy" and its zone, as bytes; 0: none */
    int64_t day_ns;         /* when it began */
};
#define IR_CLOCK_SLACK (INT64_C(86400) * 1000000000)

/* Who is behind a connection whose later lines hold no address (sshd says it once): remembered
 * within a block, so that results depend on nothing else. */
#define IR_PEERS      64u
#define IR_PEER_BYTES 64u
struct ir_peers {
    struct ir_peer {
        uint64_t key; /* of host, program and pid; 0 free */
        int64_t time; /* ns UTC of the line that said it */
        /* a copy of address and port: a decoded line is gone with its event */
        uint8_t ip_n, port_n;
        char text[IR_PEER_BYTES];
    } peer[IR_PEERS];
    uint32_t next;
};

#define IR_STRAYS_MAX 256u
struct ir_parser {
    const struct ir_format *fmt;
    const struct ir_names *names;
    const struct ir_formats *formats; /* whose strays may take a record; set after open */
    const struct ir_format *stray[IR_STRAYS_MAX]; /* these, once they were asked for */
    uint32_t nstrays;
    struct ir_clock clock;  /* stamps.h advances year and month */
    struct ir_peers *peers; /* of the current block; NULL: nobody remembers */
    void *state;            /* made by open */
    struct ir_str path;     /* of the input, for header formats: a hint at most; may be empty */
    uint32_t member;        /* of the rotated set that is fed: 0 the first. The engine counts it up;
                             * views say by `back` how many members ago their record came */
    /* stateful formats hand over finished events here */
    void (*emit)(void *user, struct ir_event *ev);
    void *user;
    uint64_t damaged; /* records or parts found broken by this parser, for the summary */
};

/* A field whose value may differ between records that are alike (see `alike`). */
struct ir_varying {
    uint32_t id;  /* ended by IR_F_NONE */
    uint32_t max; /* a number that is read alike up to here; 0: a text that may hold such numbers */
};

struct ir_described;

struct ir_format {
    const char *name;  /* "syslog": ir.format and --format */
    const char *title; /* one line for `ir formats`, marked with N_() */
    unsigned flags;
    /* IR_FMT_VERBATIM: the log sources that its events belong to, ended by 0, and texts (ASCII,
     * exact case) that stand in every record that is of others besides:
     * hints: the record may be of a source in `more` too; it is parsed when a rule of these can
     *     match. Else only its stamp is read, so parse must not find damage or another time in it.
     * triggers: it may be of any other source, or has values that are not byte-for-byte parts of
     *     it: it is always parsed.
     * A rule about one of `more` that has no text of its own is tried on the records with a hint
     * of that source: so rules need not repeat what formats know, and a hint should be rare.
     * All found in the same search as the rules' literals. */
    const uint16_t *sources;
    const uint16_t *more;        /* ended by 0; NULL when there are no hints */
    const struct ir_hint *hints; /* ended by a text NULL; may be NULL */
    const char *const *triggers; /* NULL-terminated; may be NULL */
    /* 0 (not mine) .. 100 (certain), from the first bytes (whole lines when possible) of an input.
     */
    int (*bid)(struct ir_str head);
    /* IR_FMT_DOCUMENTS: length of the prefix of `data` that ends on a record boundary; 0 = none
     * yet. `last`: no more bytes will come. NULL: records are lines. */
    size_t (*cut)(struct ir_str data, bool last);
    /* IR_FMT_DOCUMENTS: takes the next record off *rest (a prefix made by cut). False: none is
     * left. Bytes between records (blanks, commas, brackets) are skipped. */
    bool (*next)(struct ir_str *rest, struct ir_str *ret_rec);
    int (*parse)(struct ir_parser *p, struct ir_str rec, struct ir_event *ev);
    /* As triggers, for what a text cannot tell: true when the record must be parsed because some
     * value is not a byte-for-byte part of it (made-up fields do not count). Called for each
     * record: cheap. NULL: never (or the format is not VERBATIM). */
    bool (*derived)(struct ir_str rec);
    /* Only the stamp, for records that no rule wants: cheap. IR_OK with ev->time set, or IR_BAD
     * when parse would refuse the record. Sets ev->kind when it can. NULL: the engine calls parse.
     */
    int (*stamp)(struct ir_parser *p, struct ir_str rec, struct ir_event *ev);
    /* A fingerprint of what follows a record's stamp (ev->body), without the numbers that vary from
     * one of an attack's lines to the next: records with the same one are probably alike. Together
     * with the fields that may then differ. NULL: every record is parsed. */
    uint64_t (*alike)(struct ir_str body);
    const struct ir_varying *varying;
    /* Stateful (all four), header and described formats (open and close): p->state is made and
     * freed here. parse of other formats uses nothing of p but fmt, names, clock and damaged, so
     * that one handle serves the fallback chain. */
    int (*open)(struct ir_parser *p);
    void (*close)(struct ir_parser *p);
    /* One record with its place; ev is scratch. IR_BAD: not my record (nothing was kept of it). */
    int (*feed)(struct ir_parser *p, struct ir_str rec, uint64_t offset, uint64_t line,
                struct ir_event *ev);
    void (*flush)(struct ir_parser *p, struct ir_event *ev); /* end of the last member */
    /* A format out of a YAML file (described.h): it bids, cuts and takes records by what stands
     * there, so the three callbacks for that are NULL. NULL: this one is compiled in. */
    const struct ir_described *described;
};

/* A list of formats: cheap bidders first, the fallback last. */
struct ir_formats {
    const struct ir_format *const *list; /* ends with NULL */
    size_t n;
    /* log sources that only described formats know: the first has the id IR_LS_MAX */
    const struct ir_logsource *own;
    size_t nown;
};

/* The compiled-in ones, in formats.def's order. Wherever a list is taken, NULL means these. */
extern const struct ir_formats ir_formats_builtin;
static inline const struct ir_formats *ir_formats_or_builtin(const struct ir_formats *fs)
{
    return fs != NULL ? fs : &ir_formats_builtin;
}
const struct ir_format *ir_formats_find(const struct ir_formats *fs, struct ir_str name);
/* One that is compiled in. */
const struct ir_format *ir_format_by_name(struct ir_str name);

/* The best bid for these first bytes (ties: the list's order); the text fallback when none bids.
 * ret_bids (may be NULL) has room for as many ints as there are formats. */
const struct ir_format *ir_formats_choose(const struct ir_formats *fs, struct ir_str head,
                                          int *ret_bids);

/* The format's bid, cut and next, whoever has them. Records are lines when it does not cut. */
int ir_format_bid(const struct ir_format *fmt, struct ir_str head);
static inline bool ir_format_cuts(const struct ir_format *fmt)
{
    return (fmt->flags & IR_FMT_DOCUMENTS) != 0;
}
size_t ir_format_cut(const struct ir_format *fmt, struct ir_str data, bool last);
bool ir_parser_next(struct ir_parser *p, struct ir_str *rest, struct ir_str *ret_rec);

/* For a text inside another record (a container's line): parsed by the line format that is certain
 * of it, into an event that holds nothing yet; raw and place stay. NULL: none; the event is empty.
 */
const struct ir_format *ir_format_inner(struct ir_parser *p, struct ir_str text,
                                        struct ir_event *ev);

/* What triggers and `derived` say together: the record must be parsed whatever the rules' literals
 * say. The engine finds triggers in its own search; this is for tests and for single records. */
bool ir_format_must_parse(const struct ir_format *fmt, struct ir_str rec);
/* The format says that this record may be of the log source: by `sources`, or by `more` and a hint.
 */
bool ir_format_may_be(const struct ir_format *fmt, struct ir_str rec, uint16_t source);

int ir_parser_open(struct ir_parser *p, const struct ir_format *fmt, const struct ir_names *names);
void ir_parser_close(struct ir_parser *p);
/* parse by p->fmt, and where that refuses the record, by the other line formats that bid on it, at
 * last as plain text with IR_EV_UNRECOGNISED. Never fails. *ret_fmt is who took it. */
int ir_parser_record(struct ir_parser *p, struct ir_str rec, struct ir_event *ev,
                     const struct ir_format **ret_fmt);

#endif
