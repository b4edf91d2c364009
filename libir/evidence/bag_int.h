/*
 * What the files of the bag checker share; nobody else's business.
 *
 *     bag.c         the order of the checks       bag_table.c  manifests into a table of names
 *     bag_tags.c    bagit.txt, bag-info, fetch    bag_walk.c   the directory against the table
 *     bag_lines.c   lines of tag files            bag_hash.c   the files against their digests
 *     bag_path.c    names, and when two are one
 */
#ifndef IR_EVIDENCE_BAG_INT_H
#define IR_EVIDENCE_BAG_INT_H

#include "base/buf.h"
#include "base/digest.h"
#include "base/map.h"
#include "evidence/bag.h"
#include "evidence/beneath.h"

#define IR_BAG_MANIFESTS_MAX 30u /* of one kind; each has a bit in an entry */
#define IR_BAG_V1            100u

enum ir_bag_kind { IR_BAG_PAYLOAD, IR_BAG_TAGS };
/* Which names a table takes. */
enum ir_bag_pick { IR_BAG_PICK_ALL, IR_BAG_PICK_FILE, IR_BAG_PICK_MANIFESTS };
enum ir_bag_there { IR_BAG_ABSENT, IR_BAG_REGULAR, IR_BAG_OTHER };

struct ir_bag_manifest {
    char name[256];
    enum ir_digest_alg alg; /* IR_DIGEST_ALG_MAX: not known, only names are compared */
};

struct ir_bag {
    int fd;
    const struct ir_bag_options *o;
    const struct ir_check_report *report;
    struct ir_bag_totals *t;
    unsigned version; /* 93 to 97, IR_BAG_V1; 0: not known, checked as the newest */
    char encoding[32];
    bool has_oxum;
    uint64_t oxum_bytes, oxum_files;
    uint64_t done, all; /* bytes, for progress */
    struct ir_bag_manifest payload[IR_BAG_MANIFESTS_MAX];
    unsigned npayload;
};

/* One name of the manifests; its path is the key of the same number in `names`. */
struct ir_bag_entry {
    uint64_t key;    /* the same for all names that some file system may take for this one */
    uint32_t listed; /* a bit for each manifest */
    uint32_t same;   /* the entry whose file this name means: itself, but for twins */
    uint8_t there;   /* enum ir_bag_there */
    uint8_t bad;     /* IR_DIGEST_BIT of each that is another */
    bool fetch;
    const char *why; /* it cannot be read; NULL */
    uint64_t size;
    const unsigned char *want[IR_DIGEST_ALG_MAX];
};

struct ir_bag_table {
    enum ir_bag_kind kind;
    enum ir_bag_pick pick;
    unsigned pass, passes;
    unsigned set; /* of all manifests */
    struct ir_bag_manifest m[IR_BAG_MANIFESTS_MAX];
    unsigned nm;
    struct ir_map names;
    struct ir_bag_entry *v;
    uint32_t n, cap;
    uint32_t *order; /* the first `sorted` entries, by key */
    uint32_t sorted;
    struct ir_arena digests;
};

struct ir_bag_lines;

/* bag.c */
enum ir_bag_grade { IR_BAG_WARN, IR_BAG_PROBLEM };
/* text: marked with N_() where it stands. */
void ir_bag_tell(struct ir_bag *b, enum ir_bag_grade grade, const char *place, const char *text);
void ir_bag_say(struct ir_bag *b, enum ir_bag_grade grade, const char *place, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* A warning, or from this version on a problem. */
enum ir_bag_grade ir_bag_since(const struct ir_bag *b, unsigned version);

/* bag_lines.c: a tag file line by line, as UTF-8; LF, CR and CRLF end lines. */
struct ir_bag_line {
    struct ir_str text;
    uint64_t number;
    bool lf; /* ended by LF alone */
};
/* encoding NULL: as it is. IR_END: there is no such file; IR_BAD: it cannot be read, and that was
 * told. */
int ir_bag_lines_open(struct ir_bag *b, const char *name, const char *encoding,
                      struct ir_bag_lines **ret_l);
/* IR_OK, IR_END; IR_BAD after having told why. The line is good until the next call. */
int ir_bag_lines_next(struct ir_bag_lines *l, struct ir_bag_line *ret_line);
bool ir_bag_lines_bom(const struct ir_bag_lines *l);
/* Tells of a byte order mark and of bytes that are not of the encoding, when `tell`. */
void ir_bag_lines_close(struct ir_bag_lines *l, bool tell);
bool ir_bag_encoding_known(struct ir_str name);

/* bag_tags.c */
void ir_bag_declaration(struct ir_bag *b);
void ir_bag_info(struct ir_bag *b);
/* Marks the entries that fetch.txt lists; tells of those that no manifest has. */
void ir_bag_fetch(struct ir_bag *b, struct ir_bag_table *t, bool first);

/* bag_path.c */
/* A path of a manifest or of fetch.txt, as it lies in the bag, in place of *path (room is for what
 * changes). NULL, or why it cannot be one of a bag. *ret_odd (may be NULL): it was written in
 * another way than the standard's. */
const char *ir_bag_path(const struct ir_bag *b, struct ir_str *path, struct ir_buf *room,
                        const char **ret_odd);
/* The same for every name that is equal without case, normalisation and percent encoding. */
uint64_t ir_bag_key(struct ir_str path);
/* Whether they are equal without normalisation and percent encoding; *ret_form: normalisation is
 * it. */
bool ir_bag_alike(struct ir_str a, struct ir_str b, bool *ret_form);

/* bag_table.c */
bool ir_bag_picked(const struct ir_bag *b, const struct ir_bag_table *t, uint64_t key,
                   struct ir_str path);
/* The manifests of t->kind, into t->m and t->passes. */
int ir_bag_manifests(struct ir_bag *b, struct ir_bag_table *t, struct ir_err *err);
int ir_bag_load(struct ir_bag *b, struct ir_bag_table *t, struct ir_err *err);
/* The entries of this key are t->order[*ret_from] and the following n; returns n. */
uint32_t ir_bag_table_find(const struct ir_bag_table *t, uint64_t key, uint32_t *ret_from);
/* Room for so many more entries; false when memory is out. */
bool ir_bag_table_room(struct ir_bag_table *t, uint32_t more);
void ir_bag_table_clear(struct ir_bag_table *t);
static inline struct ir_str ir_bag_name(const struct ir_bag_table *t, uint32_t i)
{
    return t->names.items[i].key;
}

/* bag_walk.c */
int ir_bag_walk(struct ir_bag *b, struct ir_bag_table *t, struct ir_err *err);
/* Looks for each entry that the walk did not meet, or for all when there was none. */
void ir_bag_look(struct ir_bag *b, struct ir_bag_table *t);

/* bag_hash.c */
int ir_bag_hash(struct ir_bag *b, struct ir_bag_table *t, struct ir_err *err);

#endif
