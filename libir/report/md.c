/*
 * Findings as Markdown for a ticket or a chat: the facts of the page, the worst rules first,
 * CommonMark with tables as GitHub, GitLab, Redmine and Backlog know them.
 *
 * What came from a log stands in code spans and fenced blocks only, whose fences are longer than
 * any run of backticks inside: no markup, link, mention or HTML of an attacker's comes to life
 * there. Titles and advice come from rules and are escaped.
 */
#include "report/md_out.h"
#include "report/page.h"
#include "report/shown.h"
#include "report/tell.h"

#define CONTEXT       3u
#define TEXT_MAX      ((size_t)1 << 22)
#define VALUE_MAX     400u
#define WHY_MAX       1000u
#define FULL_OF_RULE  5u  /* findings of one rule with their record */
#define FULL_MAX      60u /* and of the whole text: tickets have limits */
#define BRIEF_OF_RULE 20u /* further ones, a line each */
#define BRIEF_MAX     400u
#define ENTITIES_MAX  20u
#define INPUTS_MAX    50u
#define PROBLEMS_MAX  30u

struct md {
    struct ir_buf *out;
    const struct ir_write_options *opt;
    const struct ir_gather *g;
    const struct ir_document *d;
    struct ir_shown shown; /* records */
    uint32_t full, brief;
};

static void code_text(struct ir_buf *out, struct ir_str raw)
{
    ir_md_code(out, raw, VALUE_MAX, false);
}

static void word(struct md *m, const char *before, enum ir_word w, const char *after)
{
    ir_buf_str(m->out, ir_str_z(before));
    ir_buf_str(m->out, ir_str_z(ir_word(w)));
    ir_buf_str(m->out, ir_str_z(after));
}

static void level(struct md *m, enum ir_level l)
{
    ir_buf_str(m->out, ir_str_z(ir_word_level(l)));
}

static void when(struct md *m, bool known, int64_t ns)
{
    if (known)
        ir_word_time(m->out, ns, m->opt);
    else
        word(m, "", IR_W_NO_TIME, "");
}

static void number_word(struct md *m, enum ir_word w, uint64_t n)
{
    struct ir_buf arg = IR_BUF(64);
    ir_buf_fmt(&arg, "%llu", (unsigned long long)n);
    ir_word_fill(m->out, w, &arg, 1);
    ir_buf_free(&arg);
}

static void paragraph(struct md *m, const struct ir_teller *t, enum ir_word heading,
                      void (*tell)(struct ir_buf *out, const struct ir_teller *t))
{
    struct ir_buf text = IR_BUF(TEXT_MAX);
    tell(&text, t);
    if (text.n > 0) {
        word(m, "**", heading, "** — ");
        ir_buf_str(m->out, ir_buf_view(&text));
        ir_buf_str(m->out, IR_S("\n\n"));
    }
    ir_buf_free(&text);
}

static void how_bad(struct ir_buf *out, const struct ir_teller *t)
{
    if (t->g->worst != IR_LEVEL_MAX) ir_buf_fmt(out, "**%s** — ", ir_word_level(t->g->worst));
    ir_tell_how_bad(out, t);
}

static void summary(struct md *m)
{
    /* Titles within sentences are code as well: the sentences quote values and titles alike. */
    const struct ir_teller t = {m->g, m->opt, code_text};
    struct ir_buf arg[3] = {IR_BUF(256), IR_BUF(256), IR_BUF(256)};
    uint32_t rule[IR_TELL_STEPS];
    const char *at_once = ir_tell_at_once(&t);
    word(m, "# ", IR_W_TITLE, "\n\n");
    ir_word_time(&arg[0], m->opt->now, m->opt);
    ir_buf_str(&arg[1], ir_str_z(m->opt->version != NULL ? m->opt->version : "?"));
    ir_word_zone(&arg[2], m->opt);
    ir_word_fill(m->out, IR_W_MADE, arg, 3);
    word(m, "\n\n## ", IR_W_SUMMARY, "\n\n");
    paragraph(m, &t, IR_W_WHAT, ir_tell_what);
    paragraph(m, &t, IR_W_HOW_BAD, how_bad);
    paragraph(m, &t, IR_W_SINCE, ir_tell_since);
    paragraph(m, &t, IR_W_LACKING, ir_tell_lacking);
    size_t n = ir_tell_first(&t, rule);
    if (n > 0 || at_once != NULL) word(m, "**", IR_W_FIRST, "**\n\n");
    if (at_once != NULL) ir_buf_fmt(m->out, "1. %s\n", at_once);
    for (size_t i = 0; i < n; i++) {
        ir_buf_fmt(m->out, "%zu. ", i + (at_once != NULL ? 2 : 1));
        ir_md_line(m->out, m->g->rule[rule[i]].title);
        ir_buf_str(m->out, IR_S(" — "));
        ir_md_text(m->out, m->g->rule[rule[i]].next);
        ir_buf_chr(m->out, '\n');
    }
    if (n > 0 || at_once != NULL) ir_buf_chr(m->out, '\n');
    for (size_t i = 0; i < 3; i++)
        ir_buf_free(&arg[i]);
}

static void entities(struct md *m)
{
    static const enum ir_word columns[] = {IR_W_ENTITY,   IR_W_KIND,   IR_W_LEVEL,
                                           IR_W_FINDINGS, IR_W_EVENTS, IR_W_FIRST_SEEN,
                                           IR_W_LAST_SEEN};
    if (m->g->nentities == 0) return;
    word(m, "## ", IR_W_ENTITIES, "\n\n");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        word(m, i > 0 ? " | " : "| ", columns[i], "");
    ir_buf_str(m->out, IR_S(" |\n| --- | --- | --- | ---: | ---: | --- | --- |\n"));
    for (uint32_t i = 0; i < m->g->nentities && i < ENTITIES_MAX; i++) {
        const struct ir_gather_entity *e = &m->g->entity[m->g->by_weight[i]];
        ir_buf_str(m->out, IR_S("| "));
        ir_md_code(m->out, e->value, VALUE_MAX, true);
        ir_buf_str(m->out, IR_S(" | "));
        ir_md_text(m->out, ir_str_z(ir_word_field(e->name)));
        ir_buf_str(m->out, IR_S(" | "));
        level(m, e->level);
        ir_buf_fmt(m->out, " | %u | %llu | ", e->findings, (unsigned long long)e->count);
        when(m, e->has_time, e->from);
        ir_buf_str(m->out, IR_S(" | "));
        when(m, e->has_time, e->to);
        ir_buf_str(m->out, IR_S(" |\n"));
    }
    if (m->g->nentities > ENTITIES_MAX) {
        ir_buf_chr(m->out, '\n');
        number_word(m, IR_W_ENTITIES_LEFT, m->g->nentities - ENTITIES_MAX);
        ir_buf_chr(m->out, '\n');
    }
    ir_buf_chr(m->out, '\n');
}

static void who(struct md *m, const struct ir_finding *f)
{
    size_t at = 0, n = 0;
    for (const struct ir_entity *e; (e = ir_involved(f, &at)) != NULL;) {
        if (n++ > 0) word(m, "", IR_W_LIST_COMMA, "");
        ir_md_text(m->out, ir_str_z(ir_word_field(e->name)));
        ir_buf_chr(m->out, ' ');
        ir_md_code(m->out, e->value, VALUE_MAX, false);
    }
}

static void place(struct md *m, const struct ir_origin *o)
{
    ir_md_code(m->out, ir_str_z(o->path), 4096, false);
    ir_buf_chr(m->out, ' ');
    if (o->line > 0) {
        number_word(m, IR_W_LINE, o->line);
        word(m, "", IR_W_LIST_COMMA, "");
    }
    number_word(m, IR_W_OFFSET, o->offset);
    word(m, "", IR_W_LIST_COMMA, "");
    number_word(m, IR_W_LENGTH, o->length);
    if (o->sha256[0] != '\0')
        ir_buf_fmt(m->out, "%sSHA-256 `%s`", ir_word(IR_W_LIST_COMMA), o->sha256);
    if (o->exhibit == NULL) return;
    struct ir_buf arg[3] = {IR_BUF(4096), IR_BUF(65536), IR_BUF(256)};
    ir_md_code(&arg[0], ir_str_z(o->exhibit->item), VALUE_MAX, false);
    ir_md_code(&arg[1], o->exhibit->path, 4096, false);
    ir_md_code(&arg[2], ir_str_z(o->exhibit->sha256), VALUE_MAX, false);
    ir_buf_str(m->out, IR_S(". "));
    ir_word_fill(m->out, o->exhibit->verified ? IR_W_EXHIBIT : IR_W_EXHIBIT_BROKEN, arg, 3);
    for (size_t i = 0; i < 3; i++)
        ir_buf_free(&arg[i]);
}

/* What stands at another finding already is only named: see shown.h. */
static void record(struct md *m, uint32_t number, const struct ir_finding *f)
{
    if (f->norigins == 0) return;
    struct ir_origin o = f->origins[f->shown];
    struct ir_buf other = IR_BUF(64);
    uint32_t at = 0;
    const enum ir_shown_what seen = ir_shown_before(&m->shown, &o, number, &at);
    ir_buf_fmt(&other, "No. %u", at);
    if (seen == IR_SHOWN_AROUND) o.before = o.after = ir_str_n(NULL, 0);
    if (seen != IR_SHOWN_NEW) ir_buf_str(m->out, IR_S("- "));
    if (seen == IR_SHOWN_RECORD) ir_word_fill(m->out, IR_W_SAME_RECORD, &other, 1);
    if (seen == IR_SHOWN_AROUND) ir_word_fill(m->out, IR_W_SAME_LINES, &other, 1);
    if (seen != IR_SHOWN_NEW) ir_buf_chr(m->out, '\n');
    if (seen != IR_SHOWN_RECORD) ir_md_record(m->out, &o);
    ir_buf_free(&other);
}

static void full(struct md *m, uint32_t number, const struct ir_finding *f)
{
    ir_buf_fmt(m->out, "\n#### No. %u — ", number + 1);
    when(m, f->has_time, f->time);
    ir_buf_str(m->out, IR_S("\n\n"));
    size_t at = 0;
    if (ir_involved(f, &at) != NULL) {
        word(m, "- ", IR_W_INVOLVED, ": ");
        who(m, f);
        ir_buf_chr(m->out, '\n');
    }
    word(m, "- ", IR_W_SEEN, ": ");
    ir_word_count(m->out, IR_W_N_TIMES_1, IR_W_N_TIMES, f->count);
    if (f->has_time && f->last_seen / 1000000000 != f->first_seen / 1000000000) {
        word(m, "", IR_W_LIST_COMMA, "");
        when(m, true, f->first_seen);
        word(m, "", IR_W_SPAN, "");
        when(m, true, f->last_seen);
    }
    ir_buf_chr(m->out, '\n');
    if (f->why.n > 0) {
        word(m, "- ", IR_W_WHY, ": ");
        const size_t before = m->out->n;
        ir_tell_why(m->out, f->reasons, code_text);
        if (m->out->n == before) ir_md_code(m->out, f->why, WHY_MAX, false);
        ir_buf_chr(m->out, '\n');
    }
    if (f->norigins > 0) {
        word(m, "- ", IR_W_WHERE, ": ");
        place(m, &f->origins[f->shown]);
        ir_buf_chr(m->out, '\n');
    }
    ir_buf_fmt(m->out, "- %s: `%s`\n", ir_word(IR_W_ID), f->id);
    record(m, number + 1, f);
    m->full++;
}

static void brief(struct md *m, uint32_t number, const struct ir_finding *f)
{
    ir_buf_fmt(m->out, "- No. %u — ", number + 1);
    when(m, f->has_time, f->time);
    ir_buf_str(m->out, IR_S(" — "));
    who(m, f);
    if (f->norigins > 0) {
        ir_buf_chr(m->out, ' ');
        ir_md_code(m->out, ir_str_z(f->origins[f->shown].path), VALUE_MAX, false);
        if (f->origins[f->shown].line > 0)
            ir_buf_fmt(m->out, ":%llu", (unsigned long long)f->origins[f->shown].line);
    }
    ir_buf_chr(m->out, '\n');
    m->brief++;
}

static void tags(struct md *m, const struct ir_gather_rule *r)
{
    struct ir_buf text = IR_BUF(1 << 10);
    for (size_t i = 0; i < r->ntags; i++) {
        ir_buf_clear(&text);
        ir_buf_str(m->out, IR_S(" · "));
        if (ir_word_tag(&text, r->tags[i]))
            ir_md_text(m->out, ir_buf_view(&text));
        else
            ir_md_code(m->out, r->tags[i], 80, false);
    }
    ir_buf_free(&text);
}

static void rule(struct md *m, const struct ir_gather_rule *r)
{
    struct ir_finding f;
    uint32_t i = 0;
    ir_buf_str(m->out, IR_S("### "));
    level(m, r->level);
    ir_buf_str(m->out, IR_S(" — "));
    ir_md_text(m->out, r->title);
    ir_buf_str(m->out, IR_S("\n\n"));
    ir_word_count(m->out, IR_W_N_FINDINGS_1, IR_W_N_FINDINGS, r->n);
    tags(m, r);
    ir_buf_str(m->out, IR_S("\n"));
    if (r->about.n > 0) {
        word(m, "\n**", IR_W_ABOUT, "** — ");
        ir_md_text(m->out, r->about);
        ir_buf_chr(m->out, '\n');
    }
    if (r->next.n > 0) {
        word(m, "\n**", IR_W_NEXT, "** — ");
        ir_md_text(m->out, r->next);
        ir_buf_chr(m->out, '\n');
    }
    for (; i < r->n && i < FULL_OF_RULE && m->full < FULL_MAX; i++) {
        m->d->finding(m->d->user, m->g->order[r->first + i], &f);
        full(m, m->g->order[r->first + i], &f);
    }
    ir_buf_chr(m->out, '\n');
    for (uint32_t k = 0; i < r->n && k < BRIEF_OF_RULE && m->brief < BRIEF_MAX; k++, i++) {
        m->d->finding(m->d->user, m->g->order[r->first + i], &f);
        brief(m, m->g->order[r->first + i], &f);
    }
    if (i < r->n) number_word(m, IR_W_ENTITIES_LEFT, r->n - i);
    if (i > FULL_OF_RULE || i < r->n) ir_buf_str(m->out, IR_S("\n\n"));
}

static void coverage(struct md *m)
{
    const struct ir_summary *s = m->d->summary;
    const struct ir_teller t = {m->g, m->opt, code_text};
    struct ir_buf zone = IR_BUF(TEXT_MAX);
    word(m, "## ", IR_W_INPUTS, "\n\n");
    ir_tell_zone(&zone, &t);
    if (zone.n > 0) ir_buf_fmt(m->out, "%.*s\n\n", IR_FMT(ir_buf_view(&zone)));
    ir_buf_free(&zone);
    for (size_t i = 0; i < s->nrecords; i++) {
        ir_buf_str(m->out, IR_S("- "));
        ir_md_code(m->out, ir_str_z(s->records[i].name), 80, false);
        ir_buf_chr(m->out, ' ');
        ir_page_number(m->out, s->records[i].n);
        ir_buf_chr(m->out, '\n');
    }
    if (s->nrecords > 0) ir_buf_chr(m->out, '\n');
    for (size_t i = 0; i < m->d->ninputs && i < INPUTS_MAX; i++) {
        struct ir_input_report in;
        m->d->input(m->d->user, i, &in);
        ir_buf_str(m->out, IR_S("- "));
        ir_md_code(m->out, ir_str_z(in.path), 4096, false);
        ir_buf_str(m->out, IR_S(" ("));
        ir_md_text(m->out, ir_str_z(in.format != NULL ? in.format : "?"));
        ir_buf_str(m->out, IR_S("), "));
        ir_word_count(m->out, IR_W_N_RECORDS_1, IR_W_N_RECORDS, in.records + in.unrecognised);
        if (in.has_time) {
            word(m, "", IR_W_LIST_COMMA, "");
            when(m, true, in.first);
            word(m, "", IR_W_SPAN, "");
            when(m, true, in.last);
        }
        ir_buf_chr(m->out, '\n');
    }
    if (m->d->ninputs > INPUTS_MAX) {
        ir_buf_chr(m->out, '\n');
        number_word(m, IR_W_INPUTS_LEFT, m->d->ninputs - INPUTS_MAX);
        ir_buf_chr(m->out, '\n');
    }
    ir_buf_chr(m->out, '\n');
}

static void unread(struct md *m)
{
    const struct ir_summary *s = m->d->summary;
    word(m, "## ", IR_W_UNREAD, "\n\n");
    if (s->nproblems + s->nfailed == 0) word(m, "", IR_W_UNREAD_NONE, "\n");
    for (size_t i = 0; i < s->nproblems && i < PROBLEMS_MAX; i++) {
        ir_buf_str(m->out, IR_S("- "));
        ir_md_code(m->out, ir_str_z(s->problems[i].path), 4096, false);
        ir_buf_str(m->out, IR_S(": "));
        ir_md_text(m->out, ir_str_z(ir_local(s->problems[i].reason)));
        ir_buf_chr(m->out, '\n');
    }
    for (size_t i = 0; i < s->nfailed && i < PROBLEMS_MAX; i++) {
        ir_buf_str(m->out, IR_S("- "));
        ir_md_code(m->out, ir_str_z(s->failed[i].path), 4096, false);
        ir_buf_str(m->out, IR_S(": "));
        ir_md_text(m->out, ir_str_z(ir_local(s->failed[i].reason)));
        ir_buf_chr(m->out, '\n');
    }
}

static void document(struct ir_buf *out, const struct ir_document *d,
                     const struct ir_write_options *opt)
{
    struct ir_gather g;
    struct md m = {.out = out, .opt = opt, .g = &g, .d = d};
    if (!ir_gather_init(&g, d, true)) {
        out->full = true;
        ir_gather_free(&g);
        return;
    }
    summary(&m);
    entities(&m);
    word(&m, "## ", IR_W_FINDINGS, "\n\n");
    if (d->nfindings == 0) word(&m, "", IR_W_FINDINGS_NONE, "\n\n");
    for (uint32_t i = 0; i < g.nrules && d->drain(d->user); i++)
        rule(&m, &g.rule[g.rank[i]]);
    coverage(&m);
    unread(&m);
    d->drain(d->user);
    ir_gather_free(&g);
}

const struct ir_writer ir_writer_md = {
    .name = "md",
    .title = N_("Markdown for a ticket"),
    .document = document,
    .context = CONTEXT,
};
