/*
 * The list of inputs: arguments, globs, doubles, and the order of rotated sets. Directories are
 * walk.c's, names of rotated logs rotate.c's.
 */
#include "source/input.h"

#include "base/intl.h"
#include "source/list.h"
#include "source/rotate.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define TEXT_MAX ((size_t)1 << 30)

struct ir_inputs *ir_inputs_new(void)
{
    struct ir_inputs *in = calloc(1, sizeof *in);
    if (in != NULL) in->text = IR_ARENA(TEXT_MAX);
    return in;
}

void ir_inputs_free(struct ir_inputs *in)
{
    if (in == NULL) return;
    free(in->items);
    free(in->notes);
    ir_arena_free(&in->text);
    ir_map_free(&in->files);
    ir_map_free(&in->dirs);
    ir_blocks_close(in->stdin_blocks);
    ir_charset_free(in->charset);
    free(in);
}

/* Doubles the array when it is full. */
static bool room(struct ir_inputs *in, void **v, size_t n, size_t *cap, size_t size)
{
    if (n < *cap) return true;
    size_t want = *cap ? *cap * 2 : 64;
    void *p = realloc(*v, want * size);
    if (p == NULL) {
        in->out_of_memory = true;
        return false;
    }
    *v = p;
    *cap = want;
    return true;
}

static const char *keep(struct ir_inputs *in, const char *text)
{
    struct ir_str s = ir_arena_dup(&in->text, ir_str_z(text));
    if (s.p == NULL) in->out_of_memory = true;
    return s.p;
}

void ir_list_note(struct ir_inputs *in, const char *path, enum ir_note_kind kind,
                  const char *reason, ...)
{
    char text[512];
    va_list ap;
    if (in->nnotes > IR_INPUT_NOTES_MAX) {
        /* the last place stands for all that are left out, and must not hide an unreadable one */
        if (kind == IR_NOTE_UNREADABLE || kind == IR_NOTE_DAMAGED)
            in->notes[in->nnotes - 1].kind = kind;
        return;
    }
    va_start(ap, reason);
    vsnprintf(text, sizeof text, reason, ap);
    va_end(ap);
    if (in->nnotes == IR_INPUT_NOTES_MAX)
        snprintf(text, sizeof text, N_("and more that are not listed"));
    void *v = in->notes;
    if (!room(in, &v, in->nnotes, &in->notes_cap, sizeof *in->notes)) return;
    in->notes = v;
    const char *p = keep(in, path), *r = keep(in, text);
    if (p == NULL || r == NULL) return;
    in->notes[in->nnotes++] = (struct ir_input_note){p, r, kind};
}

const char *ir_list_type(mode_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFIFO: return N_("a FIFO");
    case S_IFSOCK: return N_("a socket");
    case S_IFBLK: return N_("a block device");
    case S_IFCHR: return N_("a character device");
    case S_IFDIR: return N_("a directory");
    default: return N_("not a regular file");
    }
}

static uint32_t *identity(struct ir_inputs *in, struct ir_map *map, const struct stat *st,
                          bool *ret_new)
{
    uint64_t id[2] = {(uint64_t)st->st_dev, (uint64_t)st->st_ino};
    uint32_t *v = ir_map_put(map, ir_str_n((const char *)id, sizeof id), ret_new);
    if (v == NULL) in->out_of_memory = true;
    return v;
}

bool ir_list_enter(struct ir_inputs *in, const struct stat *dir)
{
    bool is_new = false;
    return identity(in, &in->dirs, dir, &is_new) != NULL && is_new;
}

struct ir_inputs_item *ir_list_append(struct ir_inputs *in, const char *path)
{
    void *v = in->items;
    if (in->n >= IR_INPUT_COUNT_MAX) {
        if (!in->full)
            ir_list_note(in, path, IR_NOTE_UNREADABLE,
                         "more than %u files: this one and all behind it are not read",
                         IR_INPUT_COUNT_MAX);
        in->full = true;
        return NULL;
    }
    if (!room(in, &v, in->n, &in->cap, sizeof *in->items)) return NULL;
    in->items = v;
    const char *p = keep(in, path);
    if (p == NULL) return NULL;
    struct ir_inputs_item *it = &in->items[in->n];
    *it = (struct ir_inputs_item){.seq = (uint32_t)in->n};
    it->input = (struct ir_input){.path = p, .size = -1, .mtime = INT64_MIN, .spool_fd = -1};
    in->n++;
    return it;
}

bool ir_list_file(struct ir_inputs *in, const char *path, bool link, const struct stat *st,
                  const struct stat *dir)
{
    bool is_new = false;
    uint32_t *twin = identity(in, &in->files, st, &is_new);
    if (twin == NULL) return false;
    if (!is_new && (link || !in->items[*twin].link)) {
        ir_list_note(in, path, IR_NOTE_SKIPPED,
                     link ? N_("a symbolic link: the same file as %s") : N_("the same file as %s"),
                     in->items[*twin].input.path);
        return true;
    }
    struct ir_inputs_item *it = ir_list_append(in, path);
    if (it == NULL) return false;
    if (!is_new) {
        in->items[*twin].gone = true;
        ir_list_note(in, in->items[*twin].input.path, IR_NOTE_SKIPPED,
                     N_("a symbolic link: the same file as %s"), path);
    }
    *twin = it->seq;
    it->link = link;
    it->input.size = (int64_t)st->st_size;
    it->input.mtime = ir_input_time(st->st_mtim.tv_sec, st->st_mtim.tv_nsec);
    it->input.dev = (uint64_t)st->st_dev;
    it->input.ino = (uint64_t)st->st_ino;
    it->dir_dev = (uint64_t)dir->st_dev;
    it->dir_ino = (uint64_t)dir->st_ino;
    return true;
}

static void add_stdin(struct ir_inputs *in)
{
    struct stat st;
    if (in->has_stdin) {
        ir_list_note(in, "-", IR_NOTE_SKIPPED, "standard input was already named");
        return;
    }
    in->has_stdin = true;
    if (fstat(STDIN_FILENO, &st) < 0 || S_ISDIR(st.st_mode)) {
        ir_list_note(in, "-", IR_NOTE_UNREADABLE, "standard input is %-s",
                     errno == EBADF ? "closed" : "a directory");
        return;
    }
    struct ir_inputs_item *it = ir_list_append(in, "-");
    if (it == NULL) return;
    it->input.is_stdin = true;
    if (S_ISREG(st.st_mode)) it->input.size = (int64_t)st.st_size;
}

/* The directory in which path stands, as named. */
static void parent(const char *path, struct stat *ret_dir)
{
    const char *slash = strrchr(path, '/');
    char *dir =
        slash == NULL ? strdup(".") : strndup(path, slash == path ? 1 : (size_t)(slash - path));
    *ret_dir = (struct stat){0};
    if (dir != NULL) (void)!stat(dir, ret_dir);
    free(dir);
}

/* Something that exists. The user asked for it, so whatever cannot be read is unreadable. */
static void add_path(struct ir_inputs *in, const char *path, const struct stat *st)
{
    struct stat dir;
    if (S_ISDIR(st->st_mode)) {
        ir_walk(in, path);
    } else if (!S_ISREG(st->st_mode)) {
        ir_list_note(in, path, IR_NOTE_UNREADABLE,
                     S_ISFIFO(st->st_mode)
                         ? N_("%-s (to read from it, give it as standard input: -)")
                         : "%s",
                     ir_list_type(st->st_mode));
    } else if (faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) < 0) {
        ir_list_note(in, path, IR_NOTE_UNREADABLE, "%s",
                     errno == EACCES ? N_("permission denied") : ir_errno_text(errno));
    } else {
        struct stat self;
        parent(path, &dir);
        ir_list_file(in, path, lstat(path, &self) == 0 && S_ISLNK(self.st_mode), st, &dir);
    }
}

static int add_nothing(struct ir_inputs *in, const char *arg, const char *reason,
                       struct ir_err *err)
{
    ir_list_note(in, arg, IR_NOTE_UNREADABLE, "%s", reason);
    ir_err_at(err, arg, -1, 0);
    return ir_fail(err, IR_BAD, "%s", reason);
}

static const char *why_not(const char *path, int errnum)
{
    struct stat st;
    if (errnum == EACCES) return N_("permission denied");
    if (errnum == ELOOP) return "a loop of symbolic links";
    if (errnum != ENOENT) return ir_errno_text(errnum);
    return lstat(path, &st) == 0 ? "a dangling symbolic link" : N_("no such file or directory");
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int add_glob(struct ir_inputs *in, const char *arg, struct ir_err *err)
{
    glob_t g = {0};
    struct stat st;
    int rc = glob(arg, GLOB_NOSORT, NULL, &g); /* its own order depends on the locale */
    if (rc == GLOB_NOSPACE) in->out_of_memory = true;
    if (rc != 0) {
        globfree(&g);
        return add_nothing(in, arg, N_("no file fits this pattern"), err);
    }
    qsort(g.gl_pathv, g.gl_pathc, sizeof *g.gl_pathv, by_bytes);
    for (size_t i = 0; i < g.gl_pathc && !in->full; i++) {
        if (stat(g.gl_pathv[i], &st) == 0)
            add_path(in, g.gl_pathv[i], &st);
        else
            ir_list_note(in, g.gl_pathv[i], IR_NOTE_UNREADABLE, "%s",
                         why_not(g.gl_pathv[i], errno));
    }
    globfree(&g);
    return IR_OK;
}

int ir_inputs_add(struct ir_inputs *in, const char *arg, struct ir_err *err)
{
    struct stat st;
    if (strcmp(arg, "-") == 0) {
        add_stdin(in);
        return IR_OK;
    }
    if (stat(arg, &st) == 0) {
        add_path(in, arg, &st);
        return IR_OK;
    }
    int errnum = errno;
    bool pattern = strpbrk(arg, "*?[") != NULL && lstat(arg, &st) < 0;
    return pattern ? add_glob(in, arg, err) : add_nothing(in, arg, why_not(arg, errnum), err);
}

static struct ir_str base_name(const struct ir_inputs_item *it)
{
    const char *path = it->input.path, *slash = strrchr(path, '/');
    if (it->name_at > 0) return ir_str_z(path + it->name_at);
    return ir_str_z(slash ? slash + 1 : path);
}

static int by_place(const void *pa, const void *pb)
{
    const struct ir_inputs_item *a = pa, *b = pb;
    if (a->first != b->first) return a->first < b->first ? -1 : 1;
    struct ir_rotated x, y;
    ir_rotate_parse(base_name(a), &x);
    ir_rotate_parse(base_name(b), &y);
    if (x.kind != y.kind) return x.kind < y.kind ? -1 : 1;
    if (x.key != y.key) return x.key < y.key ? -1 : 1;
    if (x.extra != y.extra) return x.extra < y.extra ? -1 : 1;
    return a->seq < b->seq ? -1 : a->seq > b->seq;
}

/* The set of an item: directory (also inside an archive), stem, extension. Stdin is a set of its
 * own. */
static bool find_set(struct ir_inputs_item *it, struct ir_map *sets, struct ir_buf *key)
{
    struct ir_rotated r;
    bool is_new;
    ir_rotate_parse(base_name(it), &r);
    ir_buf_clear(key);
    ir_buf_add(key, &it->dir_dev, sizeof it->dir_dev);
    ir_buf_add(key, &it->dir_ino, sizeof it->dir_ino);
    ir_buf_add(key, it->input.path, it->name_at);
    ir_buf_chr(key, it->input.is_stdin ? '-' : ' ');
    ir_buf_str(key, r.stem);
    ir_buf_str(key, r.ext);
    uint32_t *first = key->full ? NULL : ir_map_put(sets, ir_buf_view(key), &is_new);
    if (first == NULL) return false;
    if (is_new) *first = it->seq;
    it->first = *first;
    return true;
}

static void drop_gone(struct ir_inputs *in)
{
    size_t n = 0;
    for (size_t i = 0; i < in->n; i++)
        if (!in->items[i].gone) in->items[n++] = in->items[i];
    in->n = n;
}

int ir_inputs_finish(struct ir_inputs *in)
{
    struct ir_map sets = {0};
    struct ir_buf key = IR_BUF(1 << 20);
    bool ok = !in->out_of_memory;
    drop_gone(in);
    for (size_t i = 0; ok && i < in->n; i++)
        ok = find_set(&in->items[i], &sets, &key);
    ir_map_free(&sets);
    ir_buf_free(&key);
    if (!ok) return IR_FATAL;
    if (in->n > 0) qsort(in->items, in->n, sizeof *in->items, by_place);
    uint32_t set = 0;
    for (size_t i = 0; i < in->n; i++) {
        if (i > 0 && in->items[i].first != in->items[i - 1].first) set++;
        in->items[i].input.set = set;
        in->items[i].input.charset = in->charset;
        in->items[i].input.encoding = in->encoding;
        in->items[i].input.set_last =
            i + 1 == in->n || in->items[i + 1].first != in->items[i].first;
    }
    return IR_OK;
}

void ir_inputs_filter(struct ir_inputs *in, bool (*wanted)(const void *user, const char *path),
                      const void *user)
{
    size_t n = 0;
    for (size_t i = 0; i < in->n; i++)
        if (wanted(user, in->items[i].input.path)) in->items[n++] = in->items[i];
    in->n = n;
}

int ir_inputs_convert(struct ir_inputs *in, enum ir_encoding e)
{
    if (in->charset == NULL) in->charset = ir_charset_new();
    in->encoding = e;
    if (in->charset == NULL) return IR_FATAL;
    return ir_charset_has(in->charset, e) ? IR_OK : IR_BAD;
}

void ir_inputs_set_spool(struct ir_inputs *in, int fd)
{
    for (size_t i = 0; i < in->n; i++)
        if (in->items[i].input.is_stdin) in->items[i].input.spool_fd = fd;
}

int ir_inputs_open(struct ir_inputs *in, size_t i, struct ir_blocks **ret_b, struct ir_err *err)
{
    const struct ir_input *input = &in->items[i].input;
    if (!input->is_stdin || in->stdin_blocks == NULL) return ir_blocks_open(input, ret_b, err);
    *ret_b = in->stdin_blocks;
    in->stdin_blocks = NULL;
    ir_blocks_recode(*ret_b, input);
    return IR_OK;
}

size_t ir_inputs_count(const struct ir_inputs *in)
{
    return in->n;
}

const struct ir_input *ir_inputs_get(const struct ir_inputs *in, size_t i)
{
    return i < in->n ? &in->items[i].input : NULL;
}

size_t ir_inputs_notes(const struct ir_inputs *in)
{
    return in->nnotes;
}

const struct ir_input_note *ir_inputs_note(const struct ir_inputs *in, size_t i)
{
    return i < in->nnotes ? &in->notes[i] : NULL;
}
