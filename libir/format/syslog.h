/*
 * Inside the syslog family: what the header parser hands to the dissectors, and the helpers they
 * share. Not for other formats; format/format.h is the public side.
 *
 * A dissector reads h->msg and adds fields to the event. It never refuses: what it does not know
 * stays a plain message. Values are views of the record; words of our own go through
 * ir_syslog_action and ir_syslog_outcome, which mark them as derived.
 */
#ifndef IR_FORMAT_SYSLOG_H
#define IR_FORMAT_SYSLOG_H

#include "format/format.h"

struct ir_syslog {
    struct ir_parser *parser; /* for dissectors that hand the message to another format */
    struct ir_str rest; /* what follows the stamp (and blanks); the input of ir_syslog_origin */
    struct ir_str host; /* may be empty */
    struct ir_str tag;  /* the program as written, without [pid] */
    struct ir_str pid;  /* digits, may be empty */
    struct ir_str msg;
    struct ir_str msgid; /* RFC 5424 MSGID, or the number of a Solaris [ID …] */
    struct ir_str facility,
        severity;      /* names: from the PRI, or as a Solaris [ID … auth.info] says */
    struct ir_str pri; /* digits of the PRI, may be empty */
    struct ir_str sd;  /* RFC 5424 structured data without checks, may be empty */
    bool whole;     /* host, tag, pid, msg are already there: ir_syslog_origin has nothing to do */
    bool tag_ours;  /* the tag is a word of ours, no part of the record */
    bool pri_names; /* facility and severity are words of ours */
    const char *damage; /* what is broken in the header; NULL: nothing */
    const char *border; /* a line of journalctl between entries: its event.action; else NULL */
    const struct ir_syslog_untagged *untagged; /* who wrote the message; NULL: it has a tag */
};
#define IR_SYSLOG_NO_DATE "a time stamp with an impossible date"

/* Phase one: PRI and stamp, and proof that this is syslog. Sets ev's time. Both `parse` and `stamp`
 * accept exactly what this accepts. */
bool ir_syslog_accept(struct ir_str rec, struct ir_clock *clock, struct ir_event *ev,
                      struct ir_syslog *h);
/* Phase two: host, tag, pid and message out of h->rest. Cannot fail. */
void ir_syslog_origin(struct ir_syslog *h);
/* Phase three, for journal entries too: the common fields, log sources, and what the program's
 * dissector reads out of the message. */
void ir_syslog_message(struct ir_parser *p, struct ir_syslog *h, struct ir_event *ev);
/* RFC 5424 after "<PRI>": false when it is not. */
bool ir_syslog_5424(struct ir_str s, struct ir_clock *clock, struct ir_event *ev,
                    struct ir_syslog *h);
/* Adds the structured data's parameters as fields "ID.param". */
void ir_syslog_sd(const struct ir_syslog *h, struct ir_event *ev);
/* "auth.info ", "<mail.info> ": bytes taken, and facility and severity in h. */
size_t ir_syslog_busybox_level(struct ir_str s, struct ir_syslog *h);
size_t ir_syslog_bsd_level(struct ir_str s, struct ir_syslog *h);
/* "Sun 2026-11-22 01:02:03 JST": journalctl -o short-full. Bytes taken. */
size_t ir_syslog_short_full(struct ir_str s, const struct ir_clock *clock, struct ir_event *ev);
/* Seconds east of UTC for an abbreviation that means one thing only; numeric ones "+09" too. */
bool ir_syslog_zone(struct ir_str z, int32_t *ret_zone);
/* "1763812800.123456": journalctl -o short-unix. Bytes taken. */
size_t ir_syslog_short_unix(struct ir_str s, struct ir_event *ev);
/* "[   12.345678] " and "[ 12.345678 < 0.000001 >] ": the clock since boot of the kernel, and of
 * journalctl -o short-monotonic and short-delta. Bytes taken. */
size_t ir_syslog_uptime(struct ir_str s, bool *ret_delta);
/* The event.action of a line that journalctl or its pager writes between entries; NULL when it is
 * none. */
const char *ir_syslog_separator(struct ir_str s);
/* "tag[pid]: " or "tag: " at the start of s, as a syslog writer makes it. Bytes taken, 0 when not.
 */
size_t ir_syslog_tag(struct ir_str s, struct ir_syslog *h);
/* Names for a PRI value's parts. */
struct ir_str ir_syslog_facility(unsigned pri);
struct ir_str ir_syslog_severity(unsigned pri);

/* `hints` and `more` of formats with messages of devices (syslog_hints.c). */
extern const struct ir_hint ir_syslog_hints[];
extern const uint16_t ir_syslog_more[];

struct ir_syslog_program {
    struct ir_str name;                                              /* normalised */
    void (*dissect)(const struct ir_syslog *h, struct ir_event *ev); /* may be NULL */
    enum ir_logsource_id service;                                    /* IR_LS_NONE: none */
    bool auth; /* writes to auth/authpriv: counts as linux/auth when the record has no PRI */
};
/* The row for a tag: without path, "(pam_unix)", version, ".service"; case is ignored. NULL when
 * unknown. */
const struct ir_syslog_program *ir_syslog_program(struct ir_str tag);
struct ir_str ir_syslog_normal(struct ir_str tag);

/* A device or program whose messages are known by how they begin (syslog_untagged.def). */
struct ir_syslog_untagged {
    /* Where in s the message begins, behind what the device writes before it (numbers, a second
     * stamp); IR_NPOS: not its message. Called for most lines: the first letter must tell. */
    size_t (*at)(struct ir_str s);
    /* Fills the event behind the common fields, its log sources included. */
    void (*dissect)(const struct ir_syslog *h, struct ir_event *ev);
    bool tagged; /* its messages also stand behind a tag */
};
const struct ir_syslog_untagged *ir_syslog_untagged(struct ir_str s, bool tagged, size_t *ret_at);
#define UNTAGGED(name, tagged)                                                                     \
    size_t ir_syslog_##name##_at(struct ir_str s);                                                 \
    void ir_syslog_##name(const struct ir_syslog *h, struct ir_event *ev);
#include "format/syslog_untagged.def"
#undef UNTAGGED
/* A line of a device that syslog wrote without a stamp or that a terminal showed: "000123: *Mar  1
 * 00:00:00.003: %SYS-5-…". Sets the time when there is one. */
bool ir_syslog_cisco_line(struct ir_str s, const struct ir_clock *clock, struct ir_event *ev);

/* Dissectors, one file a family. */
void ir_syslog_sshd(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_sftp(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_sudo(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_su(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_login(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_logind(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_cron(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_account(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_kernel(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_vsftpd(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_web(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_lighttpd(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_squid(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_haproxy(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_audit(const struct ir_syslog *h, struct ir_event *ev);
/* An audit record that the kernel itself wrote, else ir_syslog_kernel. */
void ir_syslog_ring(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_chkpwd(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_dropbear(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_ftpd(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_postfix(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_dovecot(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_exim(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_sendmail(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_proftpd(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_pureftpd(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_smbd(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_smbd_audit(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_named(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_unbound(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_dnsmasq(const struct ir_syslog *h, struct ir_event *ev);
/* A message of a firewall or an appliance (format/device.h) behind the stamp: `rest` is
 * "[HOST ][TAG: ]MESSAGE", *ret_at where the message begins. NULL: none. */
struct ir_device;
struct ir_device_head;
const struct ir_device *ir_syslog_device_in(struct ir_str rest, size_t *ret_at);
/* The same for an accepted line: sets the time by the message, and h's parts. Its `body` is then to
 * be called with h->msg. */
const struct ir_device *ir_syslog_device(struct ir_syslog *h, struct ir_event *ev,
                                         struct ir_device_head *ret_head);
void ir_syslog_slapd(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_saslauthd(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_radiusd(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_rpd(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_rtflow(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_openvpn(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_fail2ban(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_clamav(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_filterlog(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_firewall_gui(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_sshguard(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_proxmox(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_webmin(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_hostd(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_esxi_shell(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_xinetd(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_postgres(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_mysql(const struct ir_syslog *h, struct ir_event *ev);
/* An event of Sysmon for Linux: the message is XML. */
bool ir_syslog_is_sysmon(const struct ir_syslog *h);
void ir_syslog_sysmon(const struct ir_syslog *h, struct ir_event *ev);
void ir_syslog_macos(const struct ir_syslog *h, struct ir_event *ev);
/* A sentence of DSM, also from its CSV exports. */
void ir_synology_message(struct ir_str s, struct ir_event *ev);
/* The same in Japanese (synology_ja.c): false when it is not. */
bool ir_synology_japanese(struct ir_str s, struct ir_event *ev);
void ir_syslog_qnap(const struct ir_syslog *h, struct ir_event *ev);
/* "wireguard: wg0: …" of the kernel: true when it is one. */
bool ir_syslog_wireguard(const struct ir_syslog *h, struct ir_event *ev);
/* True when the message is PAM's own ("pam_unix(sshd:auth): …", old "sshd(pam_unix)" tags). */
bool ir_syslog_pam(const struct ir_syslog *h, struct ir_event *ev);
/* What PAM modules other than pam_unix say of a refusal (syslog_pam_refusal.c): true when known.
 * `becomes`: the service changes users, and the one it names is not who asked. */
bool ir_syslog_pam_refusal(struct ir_str text, bool becomes, bool ends, struct ir_event *ev);
/* block, reject, limit, audit, allow, as the words of an administrator's prefix say; else "log". */
const char *ir_syslog_packet_action(struct ir_str prefix);

/* sshd lines without an address: remembers "Connection from …" lines, and adds source.ip and
 * source.port (as derived) to the lines of the same connection that need it (syslog_peers.c). */
void ir_syslog_peers(struct ir_parser *p, const struct ir_syslog *h, struct ir_event *ev);

/* Helpers of the dissectors (syslog_util.c). */
void ir_syslog_action(struct ir_event *ev, const char *action);
/* The stamp of RouterOS 6's own files, before a message of it: bytes taken, without the blank. */
size_t ir_syslog_mikrotik_stamp(struct ir_str s, struct ir_clock *clock, struct ir_event *ev);
/* A log-in, granted or refused: log source authentication. */
void ir_syslog_logon(struct ir_event *ev, const char *action, bool success);
void ir_syslog_outcome(struct ir_event *ev, bool success);
/* Adds the view as user.name when it is not empty. */
void ir_syslog_user(struct ir_event *ev, enum ir_field_id id, struct ir_str name);
/* An address, host name or something else, as source.ip, source.domain or source.address. "::ffff:"
 * before a dotted quad is dropped. A terminal goes to process.tty.name; "" and "(null)" are nobody.
 */
void ir_syslog_peer(struct ir_event *ev, struct ir_str addr);
/* Adds process.tty.name, unless there is one or the word says that there is none. */
void ir_syslog_tty(struct ir_event *ev, struct ir_str tty);
/* Digits from 0 to 65535. */
bool ir_syslog_is_port(struct ir_str s);
/* Adds source.port; what is no port is left out. */
void ir_syslog_port(struct ir_event *ev, struct ir_str port);
/* A token of address characters at the start of s (brackets allowed). */
struct ir_str ir_syslog_addr_token(struct ir_str s);
/* Cuts a prefix off *s when it is there. */
bool ir_syslog_take(struct ir_str *s, struct ir_str prefix);
bool ir_syslog_drop_end(struct ir_str *s, struct ir_str suffix);
/* The digits at the start of s. */
struct ir_str ir_syslog_digits(struct ir_str s);

/* The end of sshd's messages (syslog_from.c). */
struct ir_syslog_from {
    struct ir_str user, addr, port, info;
    bool ssh; /* "ssh2" stands behind the port */
};
#define IR_SYSLOG_FROM_TRIES 8 /* places to look at from the right end */
/* "ADDR[ port N][ ssh2][: INFO]" to the end of the text; leaves `user` alone. */
bool ir_syslog_from_tail(struct ir_str s, struct ir_syslog_from *f);
/* What can stand behind "USER from ADDR port N ssh2: ". */
enum ir_syslog_info { IR_SYSLOG_NO_INFO, IR_SYSLOG_OLD_INFO, IR_SYSLOG_KEY_INFO };
bool ir_syslog_find_from(struct ir_str s, enum ir_syslog_info info, struct ir_syslog_from *f);
/* The value of "key=value" after blanks, ended by a blank; first occurrence. p == NULL when not
 * there. */
struct ir_str ir_syslog_value(struct ir_str s, struct ir_str key);

#endif
