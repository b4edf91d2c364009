/*
 * The correlations' events, kept in bounded memory: appended in any order, given back group by
 * group with a group's events sorted by time (external merge: sorted segments go to a temporary
 * file when the buffer is full).
 *
 *     struct ir_spill *sp = ir_spill_new(fd);
 *     ir_spill_add(sp, corr, key, hash, ev, place, n); // any number of times
 *     ir_spill_each(sp, group, user);                  // group(user, corr, key, ev, place, n)
 *
 * fd: an unlinked temporary file that several stores may share, -1 for none (then what does not fit
 * is lost and counted). Groups come ordered by correlation, then by a hash of the key; a group of
 * more than IR_SPILL_GROUP_MAX events loses the latest. One thread.
 */
#ifndef IR_RUN_SPILL_H
#define IR_RUN_SPILL_H

#include "run/result.h"

#ifdef IR_TINY
#define IR_SPILL_BUFFER    ((size_t)256 << 10)
#define IR_SPILL_GROUP_MAX ((size_t)100000)
#else
#define IR_SPILL_BUFFER    ((size_t)6 << 20)
#define IR_SPILL_GROUP_MAX ((size_t)1 << 20)
#endif

struct ir_spill_file { /* shared by the stores of one scan */
    int fd;
    uint64_t end;      /* bytes used, those in `out` included */
    struct ir_buf out; /* not written yet; freed by the owner of the file */
    bool failed;
};

struct ir_spill;

struct ir_spill *ir_spill_new(struct ir_spill_file *file);
void ir_spill_free(struct ir_spill *sp);
/* hash: of the key, the same for the same key. False: memory. */
bool ir_spill_add(struct ir_spill *sp, uint32_t corr, struct ir_str key, uint64_t hash,
                  const struct ir_corr_event *ev, const struct ir_place *place, uint32_t n);
/* False: memory, a read error, or group returned false. */
bool ir_spill_each(struct ir_spill *sp,
                   bool (*group)(void *user, uint32_t corr, struct ir_str key,
                                 const struct ir_corr_event *ev, const struct ir_place *place,
                                 size_t n),
                   void *user);
/* Events that did not fit. */
uint64_t ir_spill_lost(const struct ir_spill *sp);

#endif
