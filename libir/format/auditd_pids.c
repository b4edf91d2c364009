/*
 * Which program a process runs, learnt from the execve events of one input, so that a child's event
 * can name its parent. Bounded: sets of four, the least recently used of a set gives way; a hostile
 * log can make parents unknown, never memory grow.
 */
#include <stdlib.h>

#include "base/map.h"
#include "format/auditd_int.h"

#ifdef IR_TINY
#define SETS 4u
#else
#define SETS 2048u
#endif
#define WAYS        4u
#define KEY_MAX     300u /* node and pid */
#define EXE_MAX     1024u
#define COMMAND_MAX 2048u

struct entry {
    uint64_t used; /* 0: free */
    uint32_t nkey, nexe, ncommand, hash;
    char *text; /* key, exe and command line, one after the other */
};

struct ir_aud_pids {
    uint64_t clock;
    struct entry entry[SETS][WAYS];
};

struct ir_aud_pids *ir_aud_pids_new(void)
{
    return calloc(1, sizeof(struct ir_aud_pids));
}

void ir_aud_pids_free(struct ir_aud_pids *t)
{
    if (t == NULL) return;
    for (unsigned s = 0; s < SETS; s++)
        for (unsigned w = 0; w < WAYS; w++)
            free(t->entry[s][w].text);
    free(t);
}

/* NUL stands between node and pid: neither holds one (a node ends at a blank, a pid is digits). */
static struct ir_str make_key(struct ir_str node, struct ir_str pid, char buf[KEY_MAX])
{
    if (pid.n == 0 || node.n + pid.n + 1 > KEY_MAX) return ir_str_n(NULL, 0);
    if (node.n > 0) memcpy(buf, node.p, node.n);
    buf[node.n] = '\0';
    memcpy(buf + node.n + 1, pid.p, pid.n);
    return ir_str_n(buf, node.n + pid.n + 1);
}

static struct entry *find(struct ir_aud_pids *t, struct ir_str key, uint32_t hash, bool make)
{
    struct entry *set = t->entry[hash % SETS], *old = &set[0];
    for (unsigned w = 0; w < WAYS; w++) {
        if (set[w].used && set[w].hash == hash &&
            ir_str_eq(ir_str_n(set[w].text, set[w].nkey), key))
            return &set[w];
        if (set[w].used < old->used) old = &set[w];
    }
    return make ? old : NULL;
}

void ir_aud_pids_put(struct ir_aud_pids *t, struct ir_str node, struct ir_str pid,
                     struct ir_str exe, struct ir_str command)
{
    char buf[KEY_MAX];
    struct ir_str key = make_key(node, pid, buf);
    if (key.p == NULL) return;
    exe = ir_str_head(exe, EXE_MAX);
    command = ir_str_head(command, COMMAND_MAX);
    const uint32_t hash = (uint32_t)ir_hash(key, 0);
    struct entry *e = find(t, key, hash, true);
    char *text = realloc(e->text, key.n + exe.n + command.n);
    if (text == NULL) return;
    memcpy(text, key.p, key.n);
    if (exe.n > 0) memcpy(text + key.n, exe.p, exe.n);
    if (command.n > 0) memcpy(text + key.n + exe.n, command.p, command.n);
    *e = (struct entry){++t->clock, (uint32_t)key.n, (uint32_t)exe.n, (uint32_t)command.n, hash,
                        text};
}

bool ir_aud_pids_get(struct ir_aud_pids *t, struct ir_str node, struct ir_str pid,
                     struct ir_str *ret_exe, struct ir_str *ret_command)
{
    char buf[KEY_MAX];
    struct ir_str key = make_key(node, pid, buf);
    struct entry *e = key.p ? find(t, key, (uint32_t)ir_hash(key, 0), false) : NULL;
    if (e == NULL) return false;
    e->used = ++t->clock;
    *ret_exe = ir_str_n(e->text + e->nkey, e->nexe);
    *ret_command = ir_str_n(e->text + e->nkey + e->nexe, e->ncommand);
    return true;
}
