/*
 * Reading lists of known files in bounded memory (see known.h): which kind a list is, its lines,
 * and what stands between them. Hostile: endless lines, a pipe where a list should be.
 */
#include "evidence/known.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "evidence/known_int.h"
#include "evidence/sums.h"

#define ROOM (2 * IR_KNOWN_LINE_MAX)

struct ir_known {
    char *path, *room, *text; /* room: what was read; text: for a name out of JSON */
    int fd;
    size_t at, n; /* of the room: what is not given out yet */
    uint64_t line;
    bool end, crlf, begun;
    enum ir_known_form form;
    struct ir_known_columns columns;
};

int ir_known_open(const char *path, struct ir_known **ret_k, struct ir_err *err)
{
    struct stat st;
    ir_err_at(err, path, -1, 0);
    int fd = ir_io_open(AT_FDCWD, path, 0);
    if (fd < 0) return ir_fail(err, IR_FATAL, "cannot be opened: %-s", ir_errno_text(-fd));
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return ir_fail(err, IR_FATAL, "is not a file, and a list is read more than once");
    }
    struct ir_known *k = calloc(1, sizeof *k);
    if (k != NULL) {
        *k = (struct ir_known){.fd = fd, .path = strdup(path)};
        k->room = malloc(ROOM);
        k->text = malloc(IR_KNOWN_LINE_MAX + 1);
        if (k->path != NULL && k->room != NULL && k->text != NULL) {
            *ret_k = k;
            return IR_OK;
        }
        ir_known_close(k);
    } else {
        close(fd);
    }
    return ir_fail(err, IR_FATAL, "out of memory");
}

void ir_known_close(struct ir_known *k)
{
    if (k == NULL) return;
    close(k->fd);
    free(k->path);
    free(k->room);
    free(k->text);
    free(k);
}

uint64_t ir_known_line(const struct ir_known *k)
{
    return k->line;
}

static int fill(struct ir_known *k, struct ir_err *err)
{
    memmove(k->room, k->room + k->at, k->n - k->at);
    k->n -= k->at;
    k->at = 0;
    ssize_t got = ir_io_read_full(k->fd, k->room + k->n, ROOM - k->n);
    if (got < 0) {
        ir_err_at(err, k->path, -1, (int64_t)k->line);
        return ir_fail(err, IR_FATAL, "cannot be read: %-s", ir_errno_text((int)-got));
    }
    k->end = (size_t)got < ROOM - k->n;
    k->n += (size_t)got;
    return IR_OK;
}

/* The next line without its end. IR_BAD: it is too long, and passed over. */
static int next_line(struct ir_known *k, char **ret_line, size_t *ret_n, struct ir_err *err)
{
    bool long_line = false;
    for (;;) {
        char *from = k->room + k->at;
        char *lf = k->n > k->at ? memchr(from, '\n', k->n - k->at) : NULL;
        size_t n = lf != NULL ? (size_t)(lf - from) : k->n - k->at;
        if (lf == NULL && !k->end) {
            if (n > IR_KNOWN_LINE_MAX) { /* what was read of it goes */
                long_line = true;
                k->at = k->n;
            }
            if (fill(k, err) != IR_OK) return IR_FATAL;
            continue;
        }
        if (lf == NULL && n == 0 && !long_line) return IR_END;
        k->at += n + (lf != NULL);
        k->line++;
        if (long_line || n > IR_KNOWN_LINE_MAX) return IR_BAD;
        *ret_line = from;
        *ret_n = n;
        return IR_OK;
    }
}

/* The first line with something in it tells what the list is. */
static void begin(struct ir_known *k, char *line, size_t n)
{
    struct ir_str s = ir_str_n(line, n);
    k->begun = true;
    k->crlf = n > 0 && line[n - 1] == '\r';
    if (ir_str_starts(s, IR_S("%%%% HASHDEEP"))) {
        k->form = IR_KNOWN_HASHDEEP;
    } else if (ir_str_starts(s, IR_S("{"))) {
        k->form = IR_KNOWN_JSONL;
    } else {
        char *copy = k->text; /* quotes are undone in place */
        memcpy(copy, line, n);
        if (ir_known_csv_head(copy, n - k->crlf, &k->columns)) k->form = IR_KNOWN_CSV;
    }
}

/* Headings and remarks of the list; true: it is one of them. */
static bool is_remark(struct ir_known *k, struct ir_str s, bool first)
{
    if (s.n == 0) return true;
    switch (k->form) {
    case IR_KNOWN_HASHDEEP:
        if (ir_str_starts(s, IR_S("%%%% "))) {
            if (!ir_str_starts(s, IR_S("%%%% HASHDEEP")))
                ir_known_hashdeep_head(ir_str_skip(s, 5), &k->columns);
            return true;
        }
        if (ir_str_eq(s, IR_S(IR_SUMS_ESCAPED))) k->columns.escaped = true;
        return s.p[0] == '#';
    case IR_KNOWN_CSV: return first;
    default: return s.p[0] == '#';
    }
}

/* IR_END: a line of JSON about a directory, a link and the like. */
static int parse(struct ir_known *k, char *line, size_t n, struct ir_known_entry *e)
{
    bool good = false;
    switch (k->form) {
    case IR_KNOWN_JSONL: return ir_known_json(ir_str_n(line, n), k->text, e);
    case IR_KNOWN_HASHDEEP: good = ir_known_hashdeep(&k->columns, line, n, e); break;
    case IR_KNOWN_CSV: good = ir_known_csv(&k->columns, line, n, e); break;
    case IR_KNOWN_SUMS: good = ir_known_sum(line, n, e); break;
    }
    return good ? IR_OK : IR_BAD;
}

int ir_known_next(struct ir_known *k, struct ir_known_entry *ret_e, struct ir_err *err)
{
    for (;;) {
        char *line;
        size_t n;
        int rc = next_line(k, &line, &n, err);
        if (rc != IR_OK) return rc;
        if (k->line == 1 && n >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0) {
            line += 3; /* a byte order mark */
            n -= 3;
        }
        if (k->line == 1 && n >= 2 && memcmp(line, "\xff\xfe", 2) == 0) {
            ir_err_at(err, k->path, -1, 1);
            return ir_fail(err, IR_FATAL, "is UTF-16: convert it to UTF-8 by iconv");
        }
        bool first = !k->begun && n > 0;
        if (first) begin(k, line, n);
        if ((k->crlf || k->form == IR_KNOWN_CSV) && n > 0 && line[n - 1] == '\r') n--;
        if (is_remark(k, ir_str_n(line, n), first)) continue;
        *ret_e = (struct ir_known_entry){.line = k->line, .name = IR_S("")};
        rc = parse(k, line, n, ret_e);
        if (rc != IR_END) return rc;
    }
}

enum ir_digest_alg ir_known_strongest(unsigned set)
{
    unsigned a = IR_DIGEST_ALG_MAX;
    while (a > 0 && !(set & IR_DIGEST_BIT(a - 1)))
        a--;
    return a > 0 ? (enum ir_digest_alg)(a - 1) : IR_DIGEST_ALG_MAX;
}
