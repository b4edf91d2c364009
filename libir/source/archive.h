/*
 * One archive, member by member, through libarchive: tar, cpio, ar, zip, 7z, rar (4 and 5), iso,
 * cab, lha; and single files packed by compress (.Z), lzma, lzip, lz4 or uuencode.
 *
 *     if (ir_archive_detect(r, head, path) != 0) …
 *     ir_archive_open(&src, &a, &err);
 *     while ((rc = ir_archive_next(a, &m, &err)) == IR_OK)
 *         while ((rc = ir_archive_data(a, &part, &err)) == IR_OK) …
 *
 * Nothing is written, no program is started and no name of a member is ever opened: what the bytes
 * become is unpack.h's business, as are limits. Runs inside the sandbox.
 */
#ifndef IR_SOURCE_ARCHIVE_H
#define IR_SOURCE_ARCHIVE_H

#include "source/blocks.h"

enum ir_archive_bits { /* what the first bytes allow; one parser is let loose on them, not all */
                       IR_ARCHIVE_TAR = 1,
                       IR_ARCHIVE_CPIO = 2,
                       IR_ARCHIVE_AR = 4,
                       IR_ARCHIVE_ZIP = 8,
                       IR_ARCHIVE_7Z = 16,
                       IR_ARCHIVE_RAR = 32,
                       IR_ARCHIVE_ISO = 64,
                       IR_ARCHIVE_CAB = 128,
                       IR_ARCHIVE_LHA = 256,
                       IR_ARCHIVE_FOREIGN = 512, /* is one, but not one that is read */
                       IR_ARCHIVE_RAW = 4096, /* after PACKED: whatever it is, it is no archive */
                       IR_ARCHIVE_PACKED = 1024, /* a compression that only libarchive knows, with
                                                    whatever inside */
                       IR_ARCHIVE_GUESS =
                           2048, /* a program that may carry an archive, a name ending in .zip: when
                                  * it does not open it is an ordinary file */
                       IR_ARCHIVE_STREAMS =
                           IR_ARCHIVE_TAR | IR_ARCHIVE_CPIO | IR_ARCHIVE_AR | IR_ARCHIVE_PACKED,
};

/* As many first bytes as the formats need, when there are as many. */
#define IR_ARCHIVE_HEAD ((size_t)33 << 10)

struct ir_archive_source {
    struct ir_reader *r;     /* borrowed */
    struct ir_blocks *b;     /* of what is not seekable: some bytes were read already; else NULL */
    unsigned kind;           /* enum ir_archive_bits */
    const char *const *keys; /* passwords to try, NULL-terminated; may be NULL */
};

enum ir_member_type {
    IR_MEMBER_FILE,
    IR_MEMBER_DIR,
    IR_MEMBER_SYMLINK,
    IR_MEMBER_LINK,
    IR_MEMBER_ODD
};

struct ir_member {
    struct ir_str name; /* as it stands there: any bytes, "../x" and "/x" too; may be empty */
    const char *link;   /* SYMLINK, LINK: to where */
    const char *odd;    /* ODD: "a device" */
    enum ir_member_type type;
    int64_t mtime; /* ns UTC; INT64_MIN unknown */
    bool whole;    /* the archive is a packed single file: it has no name of its own */
};

struct ir_archive_part {
    const char *p;
    size_t n;
    uint64_t at; /* in the member; what lies between parts is zeros */
};

/* 0: not an archive. head: up to IR_ARCHIVE_HEAD first bytes (of a seekable reader 512 will do). */
unsigned ir_archive_detect(const struct ir_reader *r, struct ir_str head, const char *path);
/* For what is none: its name says that it is, and its bytes are no text. */
bool ir_archive_misnamed(struct ir_str head, const char *path);
/* Evidence of a kind that no format understands: what it is and what to do, for people; else NULL.
 */
const char *ir_archive_unread(struct ir_str head);

struct ir_archive;
/* IR_OK, or IR_FATAL. */
int ir_archive_open(const struct ir_archive_source *src, struct ir_archive **ret_a,
                    struct ir_err *err);
/* IR_OK; IR_WARN: a member, and something about its header is odd; IR_BAD: a member that cannot be
 * used, others follow; IR_END; IR_FATAL: damage, nothing more can be read. *ret_m is good until the
 * next call. */
int ir_archive_next(struct ir_archive *a, struct ir_member *ret_m, struct ir_err *err);
/* IR_OK; IR_END (at: the member's size); IR_WARN: a part, but damaged; IR_BAD: the rest of this
 * member cannot be read; IR_FATAL: as in next. */
int ir_archive_data(struct ir_archive *a, struct ir_archive_part *ret_part, struct ir_err *err);
/* After a failure: it is encryption that hinders. */
bool ir_archive_encrypted(struct ir_archive *a);
/* Damage of the compression around the archive, once it was met: its text; else NULL. */
const char *ir_archive_source_damage(const struct ir_archive *a);
/* After IR_END and so many members: IR_OK, or IR_BAD when the archive's own list of them says that
 * something is missing. */
int ir_archive_whole(struct ir_archive *a, uint64_t members, struct ir_err *err);
/* Bytes of the source taken so far. */
uint64_t ir_archive_taken(const struct ir_archive *a);
const char *ir_archive_format(struct ir_archive *a); /* "ZIP 2.0 (deflation)" */
void ir_archive_close(struct ir_archive *a);

#endif
