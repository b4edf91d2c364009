/*
 * Areas of an image and their statuses (see rescue.h), sorted, without gaps, and no two neighbours
 * of the same status.
 */
#include "evidence/rescue.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

bool ir_rescue_begin(struct ir_rescue *m, uint64_t size)
{
    *m = (struct ir_rescue){.size = size, .cap = 64};
    m->v = malloc(m->cap * sizeof *m->v);
    if (m->v == NULL) return false;
    if (size > 0) m->v[m->n++] = (struct ir_rescue_area){0, size, '?'};
    m->gap = m->n;
    return true;
}

void ir_rescue_free(struct ir_rescue *m)
{
    free(m->v);
    *m = (struct ir_rescue){0};
}

const struct ir_rescue_area *ir_rescue_at(const struct ir_rescue *m, size_t i)
{
    return &m->v[i < m->gap ? i : i + (m->cap - m->n)];
}

/* The area that holds pos, which is below the size. */
static size_t holding(const struct ir_rescue *m, uint64_t pos)
{
    size_t from = 0, to = m->n;
    while (to - from > 1) {
        size_t mid = from + (to - from) / 2;
        if (ir_rescue_at(m, mid)->pos <= pos)
            from = mid;
        else
            to = mid;
    }
    return from;
}

static uint64_t end_of(const struct ir_rescue_area *a)
{
    return a->pos + a->size;
}

/* The gap begins at area i. */
static void move_gap(struct ir_rescue *m, size_t i)
{
    const size_t free = m->cap - m->n;
    if (i < m->gap)
        memmove(m->v + i + free, m->v + i, (m->gap - i) * sizeof *m->v);
    else
        memmove(m->v + m->gap, m->v + m->gap + free, (i - m->gap) * sizeof *m->v);
    m->gap = i;
}

static bool room(struct ir_rescue *m, size_t more)
{
    if (m->n + more <= m->cap) return true;
    size_t cap = 2 * m->cap > IR_RESCUE_AREAS_MAX ? IR_RESCUE_AREAS_MAX : 2 * m->cap;
    if (cap < m->n + more) return false;
    move_gap(m, m->n); /* so that what is new is free as well */
    struct ir_rescue_area *v = realloc(m->v, cap * sizeof *v);
    if (v == NULL) return false;
    m->v = v;
    m->cap = cap;
    return true;
}

/* Adds an area behind those of v, joined with the last when they are alike. */
static size_t join(struct ir_rescue_area *v, size_t n, uint64_t pos, uint64_t end, char status)
{
    if (pos >= end) return n;
    if (n > 0 && v[n - 1].status == status) {
        v[n - 1].size += end - pos;
        return n;
    }
    v[n] = (struct ir_rescue_area){pos, end - pos, status};
    return n + 1;
}

static size_t join_area(struct ir_rescue_area *v, size_t n, const struct ir_rescue_area *a)
{
    return join(v, n, a->pos, end_of(a), a->status);
}

bool ir_rescue_mark(struct ir_rescue *m, uint64_t pos, uint64_t size, char status)
{
    struct ir_rescue_area now[5];
    if (pos >= m->size || size == 0) return true;
    uint64_t end = size > m->size - pos ? m->size : pos + size;
    size_t first = holding(m, pos), last = holding(m, end - 1), n = 0;
    const struct ir_rescue_area *a = ir_rescue_at(m, first), *b = ir_rescue_at(m, last);
    if (first > 0) n = join_area(now, n, ir_rescue_at(m, --first));
    n = join(now, n, a->pos, pos, a->status);
    n = join(now, n, pos, end, status);
    n = join(now, n, end, end_of(b), b->status);
    if (last + 1 < m->n) n = join_area(now, n, ir_rescue_at(m, ++last));
    size_t old = last - first + 1;
    if (n > old && !room(m, n - old)) return false;
    move_gap(m, first); /* the old ones stand behind it: they become part of it */
    m->n -= old;
    memcpy(m->v + first, now, n * sizeof *m->v);
    m->n += n;
    m->gap += n;
    return true;
}

void ir_rescue_cut(struct ir_rescue *m, uint64_t size)
{
    if (size >= m->size) return;
    move_gap(m, m->n);
    m->size = size;
    m->n = size > 0 ? holding(m, size - 1) + 1 : 0;
    m->gap = m->n;
    if (size > 0) m->v[m->n - 1].size = size - m->v[m->n - 1].pos;
}

bool ir_rescue_find(const struct ir_rescue *m, uint64_t from, char status,
                    struct ir_rescue_area *ret_area)
{
    if (from >= m->size) return false;
    for (size_t i = holding(m, from); i < m->n; i++) {
        const struct ir_rescue_area *a = ir_rescue_at(m, i);
        if (a->status != status) continue;
        uint64_t pos = a->pos > from ? a->pos : from;
        *ret_area = (struct ir_rescue_area){pos, end_of(a) - pos, status};
        return true;
    }
    return false;
}

bool ir_rescue_has(const struct ir_rescue *m, uint64_t pos, uint64_t size, const char *statuses)
{
    if (pos >= m->size) return false;
    for (size_t i = holding(m, pos); i < m->n; i++) {
        const struct ir_rescue_area *a = ir_rescue_at(m, i);
        if (a->pos > pos && a->pos - pos >= size) return false;
        if (strchr(statuses, a->status) != NULL) return true;
    }
    return false;
}

uint64_t ir_rescue_bytes(const struct ir_rescue *m, char status, uint64_t *ret_areas)
{
    uint64_t sum = 0;
    *ret_areas = 0;
    for (size_t i = 0; i < m->n; i++) {
        const struct ir_rescue_area *a = ir_rescue_at(m, i);
        if (a->status != status) continue;
        sum += a->size;
        ++*ret_areas;
    }
    return sum;
}

void ir_rescue_write(const struct ir_rescue *m, const char *head, uint64_t at, char status,
                     unsigned pass, struct ir_buf *out)
{
    ir_buf_str(out, ir_str_z(head));
    ir_buf_fmt(out,
               "# current_pos  current_status  current_pass\n0x%08" PRIX64 "     %c               "
               "%u\n#      pos        size  status\n",
               at, status, pass);
    for (size_t i = 0; i < m->n; i++) {
        const struct ir_rescue_area *a = ir_rescue_at(m, i);
        ir_buf_fmt(out, "0x%08" PRIX64 "  0x%08" PRIX64 "  %c\n", a->pos, a->size, a->status);
    }
}

/* Decimal, 0x hexadecimal or 0 octal, as strtoull of base 0 would. */
static bool number(struct ir_str s, uint64_t *ret_v)
{
    unsigned base = 10;
    uint64_t v = 0;
    if (s.n > 2 && s.p[0] == '0' && (s.p[1] | 0x20) == 'x')
        base = 16, s = ir_str_skip(s, 2);
    else if (s.n > 1 && s.p[0] == '0')
        base = 8, s = ir_str_skip(s, 1);
    for (size_t i = 0; i < s.n; i++) {
        int d = ir_hexval(s.p[i]);
        if (d < 0 || (unsigned)d >= base || __builtin_mul_overflow(v, base, &v) ||
            __builtin_add_overflow(v, (unsigned)d, &v))
            return false;
    }
    *ret_v = v;
    return s.n > 0;
}

/* The next word of blanks and tabs; empty: none. */
static struct ir_str word(struct ir_str *rest)
{
    while (rest->n > 0 && (rest->p[0] == ' ' || rest->p[0] == '\t'))
        *rest = ir_str_skip(*rest, 1);
    size_t n = 0;
    while (n < rest->n && rest->p[n] != ' ' && rest->p[n] != '\t')
        n++;
    struct ir_str w = ir_str_head(*rest, n);
    *rest = ir_str_skip(*rest, n);
    return w;
}

static const char *area_line(struct ir_rescue *m, struct ir_str line, uint64_t size)
{
    uint64_t pos, length, end = m->n > 0 ? end_of(&m->v[m->n - 1]) : 0;
    if (!number(word(&line), &pos) || !number(word(&line), &length))
        return "is no line of a map: two numbers and a status";
    struct ir_str status = word(&line);
    if (status.n != 1 || memchr("?*/-+", status.p[0], 5) == NULL || word(&line).n > 0)
        return "is no line of a map: the status is none of ? * / - +";
    if (pos != end || length == 0 || length > size - end)
        return "does not follow the area before it, or goes beyond the end";
    if (!room(m, 1)) return "has too many areas, or memory is out";
    m->gap = m->n = join(m->v, m->n, pos, pos + length, status.p[0]);
    return NULL;
}

int ir_rescue_parse(struct ir_str text, uint64_t size, struct ir_rescue *ret_m, struct ir_err *err)
{
    struct ir_rescue m;
    struct ir_str line;
    bool ended, current = false;
    const char *bad = ir_rescue_begin(&m, size) ? NULL : "memory is out";
    uint64_t at;
    m.n = m.gap = 0;
    for (int64_t n = 1; bad == NULL && ir_str_line(&text, &line, &ended); n++) {
        ir_err_at(err, NULL, -1, n);
        if (ir_str_trim(line).n == 0 || line.p[0] == '#') continue;
        if (current)
            bad = area_line(&m, line, size);
        else if (!number(word(&line), &at) || word(&line).n != 1)
            bad = "is no line of a map: where it works, and on what";
        current = true;
    }
    if (bad == NULL && (m.n > 0 ? end_of(&m.v[m.n - 1]) : 0) != size)
        bad = "ends before the size of the source";
    if (bad == NULL) {
        *ret_m = m;
        return IR_OK;
    }
    ir_rescue_free(&m);
    return ir_fail(err, IR_BAD, "%s", bad);
}
