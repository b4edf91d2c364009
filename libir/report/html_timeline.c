/*
 * The page's charts of findings and records over time, as inline SVG with a table of the same
 * numbers, and the course of events.
 *
 * Stamps are the log's author's to choose: one record of 1970 makes the whole period useless as a
 * chart, so a second one shows the time of the findings alone when that is much shorter.
 */
#include "base/time.h"
#include "report/html_out.h"
#include "report/page.h"

#define BARS        72u
#define WIDTH       1000.0
#define LEFT        8.0
#define TOP         16.0
#define UPPER       120.0 /* height of the findings' half, where there are any */
#define LOWER       50.0  /* and of the records' */
#define COURSE_MAX  200u
#define COURSE_OPEN 50u /* in sight; the others are folded */

struct chart {
    int64_t from, step; /* ns */
    size_t n;           /* bars that the period needs */
    uint64_t level[BARS][IR_LEVEL_MAX], sum[BARS], records[BARS];
    uint64_t most, most_records; /* in one bar */
    bool has_records;
    double upper; /* height of the findings' half */
};

static size_t bar_of(const struct chart *c, int64_t ns)
{
    if (ns < c->from) return BARS;
    uint64_t i = ((uint64_t)ns - (uint64_t)c->from) / (uint64_t)c->step;
    return i < BARS ? (size_t)i : BARS;
}

/* Where bar i begins; a chart of all times that there are would end behind the last of them. */
static int64_t start_of(const struct chart *c, size_t i)
{
    int64_t ns;
    if (__builtin_mul_overflow(c->step, (int64_t)i, &ns) ||
        __builtin_add_overflow(ns, c->from, &ns))
        return INT64_MAX;
    return ns;
}

/* Both ends included. Steps are whole minutes, so that bars begin where people expect it. */
static void chart_fill(struct chart *c, const struct ir_page *p, int64_t from, int64_t to)
{
    static const int64_t minutes[] = {1,  2,  3,  4,   5,   6,   8,   10,  12,  15,   20,   30,
                                      45, 60, 90, 120, 180, 240, 360, 480, 720, 1440, 2880, 10080};
    const uint64_t span = (uint64_t)to - (uint64_t)from;
    *c = (struct chart){.step = minutes[0] * 60 * IR_NS};
    for (size_t i = 1; span / (uint64_t)c->step >= BARS - 1; i++)
        c->step = i < sizeof minutes / sizeof *minutes ? minutes[i] * 60 * IR_NS : c->step * 2;
    const int64_t zone = p->opt->zone_s * IR_NS;
    int64_t rest = (from % c->step + zone % c->step) % c->step;
    if (rest < 0) rest += c->step;
    c->from = from >= INT64_MIN + rest ? from - rest : from;
    c->n = (size_t)(((uint64_t)to - (uint64_t)c->from) / (uint64_t)c->step) + 1;
    if (c->n > BARS) c->n = BARS;
    for (int l = 0; l < IR_LEVEL_MAX; l++)
        for (uint32_t i = 0; i < p->g->level[l].n; i++) {
            size_t at = bar_of(c, p->g->level[l].b[i].at);
            /* A bucket may begin just before the chart does. */
            if (at == BARS && p->g->level[l].b[i].at < c->from &&
                p->g->level[l].b[i].at > c->from - p->g->level[l].width)
                at = 0;
            if (at == BARS) continue;
            c->level[at][l] += p->g->level[l].b[i].n;
            c->sum[at] += p->g->level[l].b[i].n;
            if (c->sum[at] > c->most) c->most = c->sum[at];
        }
    c->upper = c->most > 0 ? UPPER : 0;
    /* Records are counted in buckets that may be wider than a bar: then they cannot be drawn. */
    c->has_records = p->d->times->n > 0 && p->d->times->width <= c->step;
    for (uint32_t i = 0; c->has_records && i < p->d->times->n; i++) {
        size_t at = bar_of(c, p->d->times->b[i].at);
        if (at == BARS) continue;
        c->records[at] += p->d->times->b[i].n;
        if (c->records[at] > c->most_records) c->most_records = c->records[at];
    }
}

static void fixed(struct ir_buf *out, const char *name, double v)
{
    int64_t tenths = (int64_t)(v * 10 + 0.5); /* printf's comma depends on the locale */
    ir_buf_fmt(out, " %s=%lld.%lld", name, (long long)(tenths / 10), (long long)(tenths % 10));
}

static void rect(struct ir_page *p, const char *class, double x, double y, double w, double h)
{
    ir_buf_fmt(p->out, "<rect class=%s", class);
    fixed(p->out, "x", x);
    fixed(p->out, "y", y);
    fixed(p->out, "width", w);
    fixed(p->out, "height", h);
    ir_h(p, " />");
}

static void bar_title(struct ir_page *p, const struct chart *c, size_t i)
{
    struct ir_buf arg[3] = {IR_BUF(64), IR_BUF(64), IR_BUF(4096)};
    ir_word_time(&arg[0], start_of(c, i), p->opt);
    ir_word_time(&arg[1], start_of(c, i + 1), p->opt);
    for (int l = IR_LEVEL_MAX - 1; l >= 0; l--) {
        if (c->level[i][l] == 0) continue;
        if (arg[2].n > 0) ir_buf_str(&arg[2], ir_str_z(ir_word(IR_W_LIST_COMMA)));
        ir_buf_fmt(&arg[2], "%s ", ir_word_level((enum ir_level)l));
        ir_page_number(&arg[2], c->level[i][l]);
    }
    if (arg[2].n > 0) ir_buf_str(&arg[2], ir_str_z(ir_word(IR_W_LIST_COMMA)));
    ir_word_count(&arg[2], IR_W_N_RECORDS_1, IR_W_N_RECORDS, c->records[i]);
    ir_h(p, "<title>");
    ir_word_fill(p->out, IR_W_CHART_BAR, arg, 3);
    ir_h(p, "</title>");
    for (size_t k = 0; k < 3; k++)
        ir_buf_free(&arg[k]);
}

static void bars(struct ir_page *p, const struct chart *c)
{
    const double step = (WIDTH - 2 * LEFT) / (double)c->n;
    const double wide = step > 40 ? 38 : step - 1.5;
    for (size_t i = 0; i < c->n; i++) {
        double x = LEFT + (double)i * step, y = TOP + c->upper;
        if (c->sum[i] + c->records[i] == 0) continue;
        ir_h(p, "<g>");
        bar_title(p, c, i);
        for (int l = IR_LEVEL_MAX - 1; l >= 0; l--) {
            if (c->level[i][l] == 0) continue;
            char class[8] = {'b', (char)('0' + l)};
            double h = c->upper * (double)c->level[i][l] / (double)c->most;
            if (h < 2) h = 2; /* one critical finding beside a thousand others must be seen */
            if (h > y - TOP) h = y - TOP;
            y -= h;
            rect(p, class, x, y, wide, h);
        }
        if (c->records[i] > 0) {
            double h = LOWER * (double)c->records[i] / (double)c->most_records;
            rect(p, "br", x, TOP + c->upper + 6, wide, h < 1 ? 1 : h);
        }
        ir_h(p, "</g>");
    }
}

static void label(struct ir_page *p, const char *anchor, double x, double y)
{
    ir_buf_fmt(p->out, "<text text-anchor=%s", anchor);
    fixed(p->out, "x", x);
    fixed(p->out, "y", y);
    ir_h(p, ">");
}

static void axis(struct ir_page *p, const struct chart *c)
{
    const double bottom = TOP + c->upper + 6 + (c->has_records ? LOWER : 0) + 16;
    rect(p, "ax", LEFT, TOP + c->upper + 1, WIDTH - 2 * LEFT, 1);
    if (c->most > 0) {
        label(p, "start", LEFT, 12);
        ir_h_word(p, IR_W_FINDINGS);
        ir_h(p, " 0–");
        ir_page_number(p->out, c->most);
        ir_h(p, "</text>");
    }
    if (c->has_records) {
        label(p, "end", WIDTH - LEFT, 12);
        ir_h_word(p, IR_W_RECORDS);
        ir_h(p, " 0–");
        ir_page_number(p->out, c->most_records);
        ir_h(p, "</text>");
    }
    static const char *const anchors[] = {"start", "middle", "end"};
    for (int i = 0; i < 3; i++) {
        if (i == 1 && c->n < 4) continue;
        label(p, anchors[i], LEFT + (WIDTH - 2 * LEFT) * i / 2, bottom);
        ir_word_time(p->out, start_of(c, c->n * (unsigned)i / 2), p->opt);
        ir_h(p, "</text>");
    }
}

/* Colours alone tell nothing to those who cannot tell them apart: the table has the words. */
static void legend(struct ir_page *p)
{
    for (int l = IR_LEVEL_MAX - 1; l >= 0; l--)
        if (p->d->summary->findings[l] > 0)
            ir_buf_fmt(p->out, " <span class=key><span class='l l%d'></span> %s</span>", l,
                       ir_word_level((enum ir_level)l));
}

static void svg(struct ir_page *p, const struct chart *c, enum ir_word caption, const char *id)
{
    const double height = TOP + c->upper + 6 + (c->has_records ? LOWER : 0) + 24;
    ir_h(p, "<figure><figcaption>");
    ir_h_word(p, caption);
    legend(p);
    ir_buf_fmt(p->out,
               "</figcaption><div class=wide tabindex=0><svg role=img aria-labelledby=%s "
               "viewBox='0 0 %d %d'><title id=%s>",
               id, (int)WIDTH, (int)height, id);
    ir_h_word(p, IR_W_CHART);
    ir_h(p, "</title>");
    bars(p, c);
    axis(p, c);
    ir_h(p, "</svg></div></figure>\n");
}

static void table(struct ir_page *p, const struct chart *c)
{
    ir_h_in(p, "<details class=ct><summary>", IR_W_CHART_TABLE,
            "</summary><div class=wide><table>");
    ir_h_in(p, "<thead><tr><th scope=col>", IR_W_FROM, "</th>");
    for (int l = IR_LEVEL_MAX - 1; l >= 0; l--)
        ir_buf_fmt(p->out, "<th scope=col class=r>%s</th>", ir_word_level((enum ir_level)l));
    ir_h_in(p, "<th scope=col class=r>", IR_W_RECORDS, "</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < BARS; i++) {
        if (c->sum[i] + c->records[i] == 0) continue;
        ir_h(p, "<tr><th scope=row>");
        ir_h_time(p, true, start_of(c, i));
        ir_h(p, "</th>");
        for (int l = IR_LEVEL_MAX; l >= 0; l--) { /* the last column: records */
            uint64_t n = l > 0 ? c->level[i][l - 1] : c->records[i];
            ir_h(p, "<td class=r>");
            if (l == 0 && !c->has_records)
                ir_h(p, "–");
            else
                ir_page_number(p->out, n);
            ir_h(p, "</td>");
        }
        ir_h(p, "</tr>\n");
    }
    ir_h(p, "</tbody></table></div></details>\n");
}

/* The time of the findings themselves, of all levels. */
static bool findings_span(const struct ir_gather *g, int64_t *ret_from, int64_t *ret_to)
{
    bool any = false;
    for (int l = 0; l < IR_LEVEL_MAX; l++) {
        const struct ir_hist *h = &g->level[l];
        if (h->n == 0) continue;
        int64_t to = h->b[h->n - 1].at;
        to = to < INT64_MAX - h->width ? to + h->width - 1 : INT64_MAX;
        if (!any || h->b[0].at < *ret_from) *ret_from = h->b[0].at;
        if (!any || to > *ret_to) *ret_to = to;
        any = true;
    }
    return any;
}

void ir_html_timeline(struct ir_page *p)
{
    const struct ir_summary *s = p->d->summary;
    int64_t from = 0, to = 0;
    struct chart c;
    bool found = findings_span(p->g, &from, &to), zoom = false;
    ir_h_section(p, "timeline", IR_W_TIMELINE);
    if (!found && !s->has_time) {
        ir_h_in(p, "<p>", IR_W_CHART_NOTHING, "</p>\n");
        ir_html_course(p);
        return;
    }
    if (s->has_time) {
        int64_t first = s->first, last = s->last;
        if (found && from < first) first = from;
        if (found && to > last) last = to;
        chart_fill(&c, p, first, last);
        svg(p, &c, IR_W_CHART_ALL, "c-all");
        zoom = found && ((uint64_t)to - (uint64_t)from) / (uint64_t)c.step < BARS / 3;
        if (!zoom) table(p, &c);
    }
    if (found && (zoom || !s->has_time)) {
        chart_fill(&c, p, from, to);
        svg(p, &c, IR_W_CHART_ZOOM, "c-zoom");
        table(p, &c);
    }
    ir_html_course(p);
}

/* The lowest level down to which the course can tell all findings; or the worst one, cut. */
static enum ir_level course_floor(const struct ir_summary *s, enum ir_level worst)
{
    uint64_t n = 0;
    int l = IR_LEVEL_MAX - 1;
    for (; l >= 0; l--) {
        n += s->findings[l];
        if (n > COURSE_MAX) break;
    }
    return l + 1 > (int)worst ? worst : (enum ir_level)(l + 1);
}

static void course_row(struct ir_page *p, size_t i, const struct ir_finding *f)
{
    ir_h(p, "<tr");
    ir_html_keys(p, f);
    ir_h(p, "><td>");
    ir_h_time(p, f->has_time, f->time);
    ir_h(p, "</td><td>");
    ir_h_level(p, f->level);
    ir_buf_fmt(p->out, "</td><td><a href=#f%zu>", i + 1);
    ir_h_cut(p->out, p->g->rule[p->g->of[i]].title, IR_H_VALUE_MAX);
    ir_h(p, "</a></td><td>");
    ir_html_who(p, f);
    ir_h(p, "</td><td class=r>");
    ir_page_number(p->out, f->count);
    ir_h(p, "</td></tr>\n");
}

static void course_note(struct ir_page *p, enum ir_level floor, uint64_t all)
{
    struct ir_buf arg[3] = {IR_BUF(64), IR_BUF(64), IR_BUF(64)};
    bool cut = all > COURSE_MAX;
    ir_page_number(&arg[cut ? 1 : 0], all);
    if (cut) ir_page_number(&arg[0], COURSE_MAX);
    ir_buf_str(&arg[cut ? 2 : 1], ir_str_z(ir_word_level(floor)));
    ir_h(p, "<p class=note>");
    ir_word_fill(p->out, cut ? IR_W_COURSE_FEW : IR_W_COURSE_CUT, arg, 3);
    ir_h(p, "</p>\n");
    for (size_t k = 0; k < 3; k++)
        ir_buf_free(&arg[k]);
}

static void course_head(struct ir_page *p)
{
    ir_h_in(p, "<div class=wide><table class=course><thead><tr><th scope=col>", IR_W_TIME, "</th>");
    ir_h_in(p, "<th scope=col>", IR_W_LEVEL, "</th>");
    ir_h_in(p, "<th scope=col>", IR_W_FINDINGS, "</th>");
    ir_h_in(p, "<th scope=col>", IR_W_INVOLVED, "</th>");
    ir_h_in(p, "<th scope=col class=r>", IR_W_EVENTS, "</th></tr></thead><tbody>\n");
}

void ir_html_course(struct ir_page *p)
{
    uint64_t all = 0, shown = 0;
    if (p->d->nfindings > 0) {
        enum ir_level floor = course_floor(p->d->summary, p->g->worst);
        for (int l = (int)floor; l < IR_LEVEL_MAX; l++)
            all += p->d->summary->findings[l];
        ir_h_in(p, "<h3>", IR_W_COURSE, "</h3>\n");
        if (all < p->d->nfindings) course_note(p, floor, all);
        course_head(p);
        for (size_t i = 0; i < p->d->nfindings && shown < COURSE_MAX && ir_h_drain(p); i++) {
            struct ir_finding f;
            if (p->g->rule[p->g->of[i]].level < floor) continue;
            if (shown++ == COURSE_OPEN) {
                ir_h(p, "</tbody></table></div>\n");
                ir_h_fold(p, IR_W_SHOW_MORE, (all < COURSE_MAX ? all : COURSE_MAX) - COURSE_OPEN);
                course_head(p);
            }
            p->d->finding(p->d->user, i, &f);
            course_row(p, i, &f);
        }
        ir_h(p, "</tbody></table></div>\n");
        if (shown > COURSE_OPEN) ir_h(p, "</details>\n");
    }
    ir_h(p, "</section>\n");
}
