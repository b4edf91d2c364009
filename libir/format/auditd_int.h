/*
 * Between the files of the auditd parser; nobody else includes it.
 *
 *   auditd.c         the format: bid, grouping of records into events
 *   auditd_record.c  one line: header and name=value fields
 *   auditd_decode.c  hex, EXECVE arguments, socket addresses
 *   auditd_tables.c  numbers → names
 *   auditd_build.c   an event of a group: the base view
 *   auditd_views.c   … and its other views
 *   auditd_pids.c    who a parent process was
 *
 * The record format is described by auparse of https://github.com/linux-audit/audit-userspace and
 * https://github.com/linux-audit/audit-documentation/wiki.
 */
#ifndef IR_FORMAT_AUDITD_INT_H
#define IR_FORMAT_AUDITD_INT_H

#include "format/auditd.h"

/* Numbers of linux/audit.h that the code asks for; all others are only in the table. */
enum {
    IR_AUD_LOGIN = 1006,
    IR_AUD_USER_AVC = 1107,
    IR_AUD_USER_CHAUTHTOK = 1108,
    IR_AUD_SYSCALL = 1300,
    IR_AUD_PATH = 1302,
    IR_AUD_SOCKETCALL = 1304,
    IR_AUD_SOCKADDR = 1306,
    IR_AUD_CWD = 1307,
    IR_AUD_EXECVE = 1309,
    IR_AUD_EOE = 1320,
    IR_AUD_PROCTITLE = 1327,
    IR_AUD_URINGOP = 1336,
    IR_AUD_AVC = 1400,
    IR_AUD_KERNEL = 2000,
    IR_AUD_ANOM_USER = 2100, /* from here on records come from user space */
};

/* Who wrote a field. A program with CAP_AUDIT_WRITE (or a host name in the DNS) decides what stands
 * in the inner part, so identity is taken from the others only. */
enum ir_aud_part {
    IR_AUD_OUTER = 1, /* the kernel */
    IR_AUD_INNER = 2, /* msg='…' of a user space record */
    IR_AUD_TAIL = 4,  /* after 0x1d: names that auditd looked up (log_format = ENRICHED) */
    IR_AUD_ANY = 7,
};

#define IR_AUD_KEY_SEPARATOR '\x01' /* between several keys in key= */

struct ir_aud_kv {
    struct ir_str name, val;
    uint32_t mark; /* ir_aud_mark of the name */
    char quote;    /* '"', '\'', '{' or 0 */
    uint8_t part;
    bool hidden;  /* a trusted field has the same name */
    bool derived; /* val was decoded */
};

struct ir_aud_head {
    struct ir_str node; /* p == NULL: none */
    struct ir_str type; /* the name, also where the log has a number */
    unsigned type_no;   /* 0: unknown */
    bool stamped;
    int64_t ns;
    uint64_t serial;
    struct ir_str serial_text;
    struct ir_str body; /* after the stamp */
};

struct ir_aud_rec {
    struct ir_aud_head h;
    struct ir_str raw;
    uint64_t offset, line;
    uint32_t length; /* of the record in the input; raw may be cut */
    uint32_t back;   /* members of the rotated set since then */
    struct ir_aud_kv *kv;
    uint32_t nkv;
    uint64_t marks; /* bits of the names that are there: most that are asked for are not */
    bool damaged, truncated;
};

struct ir_aud_arg {
    struct ir_str name, val;
};

/* EXECVE: v[i].val are parts of line, which has blanks between them. */
struct ir_aud_args {
    struct ir_str line;
    struct ir_aud_arg *v;
    uint32_t n;
};

struct ir_aud_addr {
    unsigned family; /* 0: none; AF_UNIX 1, AF_INET 2, AF_INET6 10, AF_NETLINK 16 */
    struct ir_str ip, port, path;
};

struct ir_aud_pids;

/* Some bytes of a name, which tell most names apart. */
static inline uint32_t ir_aud_mark(struct ir_str name)
{
    if (name.n == 0) return 0;
    const uint32_t first = (unsigned char)name.p[0], middle = (unsigned char)name.p[name.n / 2],
                   last = (unsigned char)name.p[name.n - 1];
    return first | middle << 8 | last << 16 | (uint32_t)name.n << 24;
}

static inline uint64_t ir_aud_mark_bit(uint32_t mark)
{
    return UINT64_C(1) << (mark * UINT32_C(0x9e3779b1) >> 26);
}

/* auditd_record.c */
bool ir_aud_head(struct ir_str rec, struct ir_aud_head *ret_h);
/* Cuts the body into r->kv, in a; false when memory is out. r->h and r->raw are set. */
bool ir_aud_split(struct ir_aud_rec *r, struct ir_arena *a);
/* The first field of that name that is not hidden, of the parts in the mask; NULL when none. */
const struct ir_aud_kv *ir_aud_find_marked(const struct ir_aud_rec *r, struct ir_str name,
                                           uint32_t mark, unsigned parts);
static inline const struct ir_aud_kv *ir_aud_find(const struct ir_aud_rec *r, struct ir_str name,
                                                  unsigned parts)
{
    const uint32_t mark = ir_aud_mark(name);
    return r->marks & ir_aud_mark_bit(mark) ? ir_aud_find_marked(r, name, mark, parts) : NULL;
}
/* True for what audit writes where there is no value: nothing, ?, (null), (none); not for a string
 * that somebody chose to look so. */
bool ir_aud_none(const struct ir_aud_kv *kv);
/* The value of that field; p == NULL when there is none, or what audit writes then. */
static inline struct ir_str ir_aud_get(const struct ir_aud_rec *r, struct ir_str name,
                                       unsigned parts)
{
    const struct ir_aud_kv *kv = ir_aud_find(r, name, parts);
    return kv == NULL || ir_aud_none(kv) ? ir_str_n(NULL, 0) : kv->val;
}

/* auditd_decode.c */
void ir_aud_decode(struct ir_aud_rec *r, struct ir_arena *a);
bool ir_aud_args(const struct ir_aud_rec *recs, uint32_t n, struct ir_arena *a,
                 struct ir_aud_args *ret_args);
bool ir_aud_sockaddr(struct ir_str hex, struct ir_arena *a, struct ir_aud_addr *ret_addr);

/* auditd_tables.c; empty views (p == NULL) for what is not known */
unsigned ir_aud_type_number(struct ir_str name);
struct ir_str ir_aud_type_name(unsigned number);
struct ir_str ir_aud_arch(struct ir_str hex);
struct ir_str ir_aud_syscall(struct ir_str arch, uint64_t number);
struct ir_str ir_aud_errno(uint64_t number);

/* auditd_build.c. recs[0..n) belong to one event; pids may be NULL. */
void ir_aud_build(struct ir_event *ev, struct ir_aud_rec *recs, uint32_t n,
                  struct ir_aud_pids *pids);

/* What both builders work on. */
struct ir_aud_ctx {
    struct ir_event *ev;
    struct ir_aud_rec *recs;
    uint32_t n;
    const struct ir_aud_rec *main; /* the record that says who did it */
    struct ir_str cwd, title, command, exe, pid, ppid, user, syscall;
    struct ir_str parent_exe, parent_command; /* of a new process, when its start was seen */
    bool failed;                              /* success=no */
    bool exec;                                /* a program was started */
    bool connected;                           /* connect or send to addr */
    bool accepted;                            /* addr is the peer that came */
    struct ir_aud_args args;
    struct ir_aud_addr addr;
};
/* The first record of that type; NULL when there is none. */
const struct ir_aud_rec *ir_aud_of_type(const struct ir_aud_ctx *c, unsigned type);
/* The fields of a record under their own names into the current view; `skip_call` leaves out the
 * type and the arguments of a SYSCALL, `only_call` puts nothing else. */
enum ir_aud_native { IR_AUD_ALL, IR_AUD_SKIP_CALL, IR_AUD_ONLY_CALL };
void ir_aud_native(const struct ir_aud_ctx *c, const struct ir_aud_rec *r, enum ir_aud_native how);
void ir_aud_views(const struct ir_aud_ctx *c);
/* All records' decoded text, and the command line as it was: a keyword such as "--to-ports 42"
 * spans two arguments. Values and arguments become views of it: before anything looks at them. */
void ir_aud_keytext(struct ir_aud_ctx *c);
/* file.path of a PATH record: with the working directory before a relative name. */
struct ir_str ir_aud_path(const struct ir_aud_ctx *c, const struct ir_aud_rec *r,
                          bool *ret_derived);

/* auditd_pids.c: node and pid → program, bounded, the least recently used goes first */
struct ir_aud_pids *ir_aud_pids_new(void);
void ir_aud_pids_free(struct ir_aud_pids *t);
void ir_aud_pids_put(struct ir_aud_pids *t, struct ir_str node, struct ir_str pid,
                     struct ir_str exe, struct ir_str command);
/* False when unknown. The views are good until the next put. */
bool ir_aud_pids_get(struct ir_aud_pids *t, struct ir_str node, struct ir_str pid,
                     struct ir_str *ret_exe, struct ir_str *ret_command);

#endif
