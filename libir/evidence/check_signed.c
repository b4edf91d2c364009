/*
 * The keys of a case, and the signatures that its log demands. A line names the keys of who acted
 * and of the witness; a signature by any other key, however good, is none.
 */
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "evidence/check_int.h"
#include "evidence/files.h"

#define ENDING ".pub.pem"

static bool is_named(const struct ir_custody *c, const char *id)
{
    char text[IR_HASH_TEXT + 1];
    for (uint64_t i = 0; i < ir_custody_count(c); i++) {
        struct ir_str line = ir_custody_line(c, i);
        if ((ir_custody_text(line, "actor.key_id", text, sizeof text) && strcmp(text, id) == 0) ||
            (ir_custody_text(line, "witness.key_id", text, sizeof text) && strcmp(text, id) == 0))
            return true;
    }
    return false;
}

/* role: the file's name without its ending. A key that no line names stays a file of which nothing
 * tells. */
static void add_key(struct ir_check *k, const char *role)
{
    char file[160], place[180];
    struct ir_check_key *more = realloc(k->keys, (k->nkeys + 1) * sizeof *more), *key;
    struct ir_buf pem = IR_BUF(IR_CHECK_CONTROL_MAX), right = IR_BUF(IR_CHECK_CONTROL_MAX);
    struct ir_err err = {0};
    snprintf(file, sizeof file, "keys/%s" ENDING, role);
    snprintf(place, sizeof place, "custody/%s", file);
    if (more == NULL) {
        ir_check_problem(k, place, "out of memory");
        return;
    }
    k->keys = more;
    key = &more[k->nkeys];
    *key = (struct ir_check_key){0};
    snprintf(key->role, sizeof key->role, "%s", role);
    int rc = ir_file_read(ir_custody_fd(k->c), file, IR_CHECK_CONTROL_MAX - 1, &pem, &err);
    if (rc == IR_OK) rc = ir_key_public(ir_buf_view(&pem), &key->key, &err);
    if (rc != IR_OK) {
        ir_check_problem(k, place, "%s", err.msg);
    } else if (!ir_key_fingerprint(key->key, key->id) || !ir_key_pem(key->key, &right)) {
        ir_check_problem(k, place, "out of memory");
    } else {
        if (!ir_str_eq(ir_buf_view(&pem), ir_buf_view(&right)))
            ir_check_problem(k, place, "is not written as keys are: it was changed");
        key->named = is_named(k->c, key->id);
        if (key->named) ir_check_must(k, "%s", place);
        k->nkeys++;
        key = NULL;
    }
    if (key != NULL) ir_key_free(key->key);
    ir_buf_free(&pem);
    ir_buf_free(&right);
}

static int by_role(const void *a, const void *b)
{
    return strcmp(((const struct ir_check_key *)a)->role, ((const struct ir_check_key *)b)->role);
}

void ir_check_keys(struct ir_check *k)
{
    int fd = openat(ir_custody_fd(k->c), "keys", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;) {
        char role[sizeof k->keys->role];
        struct ir_str name = ir_str_z(e->d_name);
        if (!ir_str_ends(name, IR_S(ENDING)) || name.n - strlen(ENDING) >= sizeof role) continue;
        snprintf(role, sizeof role, "%.*s", (int)(name.n - strlen(ENDING)), name.p);
        add_key(k, role);
    }
    if (d != NULL)
        closedir(d);
    else if (fd >= 0)
        close(fd);
    if (k->nkeys > 0) qsort(k->keys, k->nkeys, sizeof *k->keys, by_role);
}

void ir_check_keys_free(struct ir_check *k)
{
    for (size_t i = 0; i < k->nkeys; i++)
        ir_key_free(k->keys[i].key);
    free(k->keys);
}

/* The signature with this key that lies there: its name into file. */
static const struct ir_check_key *find_signature(const struct ir_check *k, const char *id,
                                                 bool witness, const char *name, char file[320])
{
    const struct ir_check_key *found = NULL;
    char path[320];
    for (size_t i = 0; i < k->nkeys; i++) {
        const struct ir_check_key *key = &k->keys[i];
        if (strcmp(key->id, id) != 0 || (strncmp(key->role, "witness", 7) == 0) != witness)
            continue;
        if (strcmp(key->role, "examiner") == 0)
            snprintf(path, sizeof path, "%s.sig", name);
        else
            snprintf(path, sizeof path, "%s.%s.sig", name, key->role);
        if (faccessat(ir_custody_fd(k->c), path, F_OK, AT_SYMLINK_NOFOLLOW) != 0) continue;
        found = key;
        snprintf(file, 320, "%s", path);
    }
    return found;
}

static void check_one(struct ir_check *k, const struct ir_check_key *key, const char *file,
                      struct ir_str text, struct ir_buf *list)
{
    char place[400], hex[IR_HASH_TEXT];
    struct ir_buf sig = IR_BUF(IR_CHECK_CONTROL_MAX);
    snprintf(place, sizeof place, "custody/%s", file);
    if (ir_check_read(k, file, IR_CHECK_CONTROL_MAX - 1, &sig) == IR_OK) {
        ir_check_sha256(ir_buf_view(&sig), hex);
        if (list != NULL) ir_buf_fmt(list, "%s  %s\n", hex, file);
        if (sig.n != IR_SIG_BYTES || !ir_key_verify(key->key, text, (const unsigned char *)sig.p))
            ir_check_problem(k, place, "the signature does not belong to this file and this key");
        else
            k->t->signatures++;
    }
    ir_buf_free(&sig);
}

unsigned ir_check_signatures(struct ir_check *k, uint64_t seq, const char *name, struct ir_str text,
                             struct ir_buf *list)
{
    static const char *const people[] = {"actor.key_id", "witness.key_id"};
    const struct ir_str line = ir_custody_line(k->c, seq - 1);
    char id[IR_HASH_TEXT + 1], file[320], place[320];
    unsigned n = 0;
    snprintf(place, sizeof place, "custody/%s", name);
    for (unsigned i = 0; i < 2; i++) {
        if (!ir_custody_text(line, people[i], id, sizeof id)) continue;
        n++;
        const struct ir_check_key *key = find_signature(k, id, i == 1, name, file);
        if (key != NULL)
            check_one(k, key, file, text, list);
        else
            ir_check_problem(
                k, place, "is not signed with the key %s, which line %" PRIu64 " of the log names",
                id, seq);
    }
    return n;
}
