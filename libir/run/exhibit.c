/*
 * Exhibits among the inputs. See exhibit.h. An exhibit is a directory with its list
 * meta/files.jsonl and its payload in data/; the seal is the digest of tagmanifest-sha256.txt,
 * which has the digest of the list, which has those of the files.
 *
 * Hostile: everything in it. Names are compared, never opened; what cannot be proved is said.
 */
#include "run/exhibit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/buf.h"
#include "base/digest.h"
#include "base/intl.h"
#include "base/json.h"
#include "base/map.h"
#include "evidence/files.h"
#include "evidence/listing.h"

#define TAGS_MAX  ((size_t)16 << 20)
#define PART      ((size_t)1 << 18)
#define PATH_ROOM 16384u

struct ir_exhibits {
    struct ir_map roots; /* directory → number + 1; 0: it is none */
    struct one {
        char *root;
        struct ir_exhibit_report report;
        char item[256], seal[65];
        struct ir_map wanted; /* stored name → input number */
        bool sealed;          /* the list is what the seal says */
    } * v;
    size_t n;
    char *cwd;
    struct ir_exhibit_place *place; /* [input] */
    size_t *same_as; /* [input]: the first of the same file, for members of archives */
    struct ir_arena text;
};

static bool is_exhibit(const char *dir)
{
    char path[PATH_ROOM];
    static const char *const must[] = {"meta/files.jsonl", "data"};
    for (size_t i = 0; i < sizeof must / sizeof *must; i++) {
        const int n = snprintf(path, sizeof path, "%s/%s", dir, must[i]);
        if (n < 0 || (size_t)n >= sizeof path || access(path, F_OK) != 0) return false;
    }
    return true;
}

static struct one *add_root(struct ir_exhibits *x, const char *dir)
{
    struct one *v = realloc(x->v, (x->n + 1) * sizeof *v);
    char *whole = realpath(dir, NULL);
    if (v != NULL) x->v = v;
    if (v == NULL || whole == NULL) {
        free(whole);
        return NULL;
    }
    struct one *o = &x->v[x->n++];
    const char *slash = strrchr(whole, '/');
    *o = (struct one){.root = strdup(dir)};
    snprintf(o->item, sizeof o->item, "%.255s", slash != NULL ? slash + 1 : whole);
    free(whole);
    return o->root != NULL ? o : NULL;
}

/* The exhibit that a path lies in: its number + 1, 0 for none; rest: the name below it. */
static size_t root_of(struct ir_exhibits *x, const char *path, char rest[PATH_ROOM])
{
    char dir[PATH_ROOM];
    const bool whole = path[0] == '/' || x->cwd == NULL; /* else it may begin within an exhibit */
    const int n = whole ? snprintf(dir, sizeof dir, "%s", path)
                        : snprintf(dir, sizeof dir, "%s/%s", x->cwd, path);
    if (n < 0 || (size_t)n >= sizeof dir) return 0;
    memcpy(rest, dir, (size_t)n + 1);
    for (char *slash = strrchr(dir, '/'); slash != NULL; slash = strrchr(dir, '/')) {
        bool fresh;
        *slash = '\0';
        uint32_t *at = ir_map_put(&x->roots, ir_str_z(dir), &fresh);
        if (at == NULL) return 0;
        if (fresh && is_exhibit(dir[0] != '\0' ? dir : "/") && add_root(x, dir) != NULL)
            *at = (uint32_t)x->n;
        if (*at == 0) continue;
        memmove(rest, rest + (slash - dir) + 1, (size_t)(n - (slash - dir)));
        return *at;
    }
    return 0;
}

static bool is_payload(const void *user, const char *path)
{
    struct ir_exhibits *const *x = user;
    char rest[PATH_ROOM];
    return root_of(*x, path, rest) == 0 || strncmp(rest, "data/", 5) == 0;
}

bool ir_exhibits_find(struct ir_scan *s)
{
    s->exhibits = calloc(1, sizeof *s->exhibits);
    if (s->exhibits == NULL) return false;
    s->exhibits->cwd = getcwd(NULL, 0);
    ir_inputs_filter(s->inputs, is_payload, &s->exhibits);
    return true;
}

void ir_exhibits_free(struct ir_scan *s)
{
    struct ir_exhibits *x = s->exhibits;
    if (x == NULL) return;
    for (size_t i = 0; i < x->n; i++) {
        ir_map_free(&x->v[i].wanted);
        free(x->v[i].root);
    }
    ir_map_free(&x->roots);
    ir_arena_free(&x->text);
    free(x->cwd);
    free(x->place);
    free(x->same_as);
    free(x->v);
    free(x);
    s->exhibits = NULL;
}

static bool digest_at(int dir, const char *name, char hex[IR_DIGEST_TEXT])
{
    struct ir_digest d;
    struct ir_digest_sum sum;
    char *part = malloc(PART);
    const int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    ssize_t n = -1;
    bool good = part != NULL && fd >= 0 && ir_digest_open(&d, IR_DIGEST_BIT(IR_SHA256));
    if (good) {
        ir_digest_begin(&d);
        while ((n = read(fd, part, PART)) > 0)
            ir_digest_add(&d, part, (size_t)n);
        good = ir_digest_end(&d, &sum) && n == 0;
        ir_digest_close(&d);
    }
    if (good) ir_digest_hex(&sum, IR_SHA256, hex);
    if (fd >= 0) close(fd);
    free(part);
    return good;
}

/* The list is what the tag manifest says; the seal is that manifest's digest. */
static bool check_list(struct one *o, int dir)
{
    struct ir_buf tags = IR_BUF(TAGS_MAX);
    char list[IR_DIGEST_TEXT], seal[IR_DIGEST_TEXT], want[128];
    bool good = ir_file_read(dir, "tagmanifest-sha256.txt", TAGS_MAX, &tags, NULL) == IR_OK &&
                digest_at(dir, "meta/files.jsonl", list) &&
                digest_at(dir, "tagmanifest-sha256.txt", seal);
    if (good) {
        const int n = snprintf(want, sizeof want, "%.64s  meta/files.jsonl\n", list);
        snprintf(o->seal, sizeof o->seal, "%.64s", seal);
        good = ir_str_find(ir_buf_view(&tags), ir_str_n(want, (size_t)n)) != IR_NPOS;
    }
    ir_buf_free(&tags);
    return good;
}

/* What the list says of the inputs that lie here. */
static bool read_list(struct ir_exhibits *x, struct one *o, int dir)
{
    struct ir_listing *l;
    struct ir_str line;
    char stored[PATH_ROOM], sha[80], *raw = malloc(PATH_ROOM);
    struct ir_buf bytes = IR_BUF(PATH_ROOM);
    bool good = raw != NULL && ir_listing_open(dir, "meta/files.jsonl", &l, NULL) == IR_OK;
    while (good && ir_listing_next(l, &line, NULL) == IR_OK) {
        if (!ir_json_member(line, "stored", stored, sizeof stored)) continue;
        const uint32_t at = ir_map_find(&o->wanted, ir_str_z(stored));
        if (at == UINT32_MAX || !ir_json_member(line, "sha256", sha, sizeof sha)) continue;
        struct ir_exhibit_place *p = &x->place[o->wanted.items[at].value];
        snprintf(p->sha256, sizeof p->sha256, "%.64s", sha);
        ir_buf_clear(&bytes);
        if (ir_json_member(line, "path_raw", raw, PATH_ROOM))
            ir_base64_decode(&bytes, ir_str_z(raw));
        else if (ir_json_member(line, "path", raw, PATH_ROOM))
            ir_buf_str(&bytes, ir_str_z(raw));
        p->path = ir_arena_dup(&x->text, ir_buf_view(&bytes));
    }
    if (good) ir_listing_close(l);
    ir_buf_free(&bytes);
    free(raw);
    return good;
}

static void complain(struct ir_scan *s, size_t input, const char *reason)
{
    struct ir_input_state *in = &s->input[input];
    if (in->reason == NULL) {
        in->reason = reason;
        in->first_damage = UINT64_MAX;
    }
    in->damaged++;
    s->damaged++;
}

/* A member of an archive is as good as its archive, which is digested once. */
static void check_files(struct ir_scan *s, struct ir_exhibits *x, struct one *o, int dir)
{
    for (uint32_t i = 0; i < o->wanted.n; i++) {
        const struct ir_map_item *it = &o->wanted.items[i];
        struct ir_exhibit_place *p = &x->place[it->value];
        char hex[IR_DIGEST_TEXT];
        o->report.files++;
        p->verified = o->sealed && p->sha256[0] != '\0' && digest_at(dir, it->key.p, hex) &&
                      strcmp(hex, p->sha256) == 0;
        o->report.verified += p->verified;
        if (p->verified) continue;
        complain(s, it->value,
                 !o->sealed ? N_("the exhibit is not sealed, or its list is not the one that was")
                 : p->sha256[0] == '\0' ? N_("it is not in the exhibit's list")
                                        : N_("it is not what was sealed: its digest is another"));
    }
}

/* The stored name of each input's file, without the members of archives. */
static bool gather(struct ir_scan *s, struct ir_exhibits *x)
{
    for (size_t i = 0; i < ir_inputs_count(s->inputs); i++) {
        const struct ir_input *in = ir_inputs_get(s->inputs, i);
        char rest[PATH_ROOM] = "";
        const size_t root = in->is_stdin ? 0 : root_of(x, in->path, rest);
        bool fresh;
        if (root == 0) continue;
        const char *bang = in->is_part ? strchr(rest, '!') : NULL;
        const struct ir_str name = ir_str_n(rest, bang ? (size_t)(bang - rest) : strlen(rest));
        uint32_t *first = ir_map_put(&x->v[root - 1].wanted, name, &fresh);
        if (first == NULL) return false;
        if (fresh) *first = (uint32_t)i;
        x->place[i].item = x->v[root - 1].item;
        x->same_as[i] = fresh ? i : *first;
    }
    return true;
}

bool ir_exhibits_check(struct ir_scan *s)
{
    struct ir_exhibits *x = s->exhibits;
    const size_t n = ir_inputs_count(s->inputs);
    if (x->n == 0) return true;
    x->place = calloc(n + 1, sizeof *x->place);
    x->same_as = calloc(n + 1, sizeof *x->same_as);
    if (x->place == NULL || x->same_as == NULL || !gather(s, x)) return false;
    for (size_t i = 0; i < x->n; i++) {
        struct one *o = &x->v[i];
        const int dir = open(o->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        o->sealed = dir >= 0 && check_list(o, dir);
        if (dir >= 0) read_list(x, o, dir);
        check_files(s, x, o, dir); /* what cannot be looked at is not proved, and that is said */
        if (dir >= 0) close(dir);
    }
    for (size_t i = 0; i < n; i++) {
        struct ir_exhibit_place *p = &x->place[i];
        if (p->item == NULL || x->same_as[i] == i) continue;
        const struct ir_exhibit_place *of = &x->place[x->same_as[i]];
        p->path = of->path;
        p->verified = of->verified;
        memcpy(p->sha256, of->sha256, sizeof p->sha256);
    }
    return true;
}

const struct ir_exhibit_place *ir_exhibits_place(const struct ir_scan *s, size_t input)
{
    const struct ir_exhibits *x = s->exhibits;
    return x != NULL && x->place != NULL && x->place[input].item != NULL ? &x->place[input] : NULL;
}

size_t ir_exhibits_report(const struct ir_scan *s, const struct ir_exhibit_report **ret_v)
{
    struct ir_exhibits *x = s->exhibits;
    if (x == NULL || x->n == 0) return 0;
    struct ir_exhibit_report *v = ir_arena_alloc(&x->text, x->n * sizeof *v);
    if (v == NULL) return 0;
    for (size_t i = 0; i < x->n; i++) {
        v[i] = x->v[i].report;
        v[i].item = x->v[i].item;
        v[i].seal = x->v[i].seal;
    }
    *ret_v = v;
    return x->n;
}
