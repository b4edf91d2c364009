/*
 * What the files of an exhibit share; nobody else's business.
 */
#ifndef IR_EVIDENCE_EXHIBIT_INT_H
#define IR_EVIDENCE_EXHIBIT_INT_H

#include "base/map.h"
#include "evidence/exhibit.h"

#define IR_OBJECT_LINE_MAX ((size_t)32 << 20) /* of files.jsonl */
#define IR_STORED_MAX      4096u

struct ir_exhibit {
    char item[256];
    int fd;           /* the bag */
    int list, errors; /* meta/files.jsonl, meta/errors.jsonl */
    unsigned set;
    struct ir_pump *pump;
    struct ir_map taken; /* resumed: paths that are in the list; 1: with a reason why not taken */
    struct ir_map links; /* inodes with several names that are stored; number in `first` */
    struct ir_str *first;
    uint32_t nfirst, first_cap;
    struct ir_arena first_names;
    struct ir_exhibit_totals totals;
    struct ir_owners owners;
    struct ir_buf line, extents, damaged, stored;
    char parent[IR_STORED_MAX]; /* the directory that was written to last */
    int parent_fd;
    void (*show)(void *user, uint64_t files, uint64_t bytes, uint64_t of); /* NULL */
    void *show_user;
    char what[160]; /* o->changed, o->not_taken */
};

/* exhibit.c: nothing open yet; NULL when memory is out. */
struct ir_exhibit *ir_exhibit_fresh(const char *item);
/* Nothing was put into it: no job, no payload, no line. */
bool ir_exhibit_is_unborn(int case_fd, const char *item);
/* The lists and the pump; the caller opened the bag as x->fd. */
int ir_exhibit_open_list(struct ir_exhibit *x, struct ir_err *err);
/* Counts a line of the list, and remembers where an inode with several names lies. */
void ir_exhibit_note(struct ir_exhibit *x, const struct ir_object *o, bool damaged);
/* Files and directories lose their write bits; what a medium refuses is let be.
 */
void ir_exhibit_protect(struct ir_exhibit *x);

#endif
