/*
 * A document of made-up findings, written by a writer, and what its markup may hold: for the tests
 * of documents.
 */
#ifndef IR_TESTS_DOCUMENT_MADE_H
#define IR_TESTS_DOCUMENT_MADE_H

#include <ctype.h>

#include "finding_sample.h"
#include "report/writer.h"
#include "tap.h"
#include "tools/lang.h"

static const struct ir_write_options options = {.zone_s = 9 * 3600, .now = T0, .version = "1.2.3"};

struct made { /* n findings, each like `like` but for its time, id and, when asked for, its address
               */
    struct ir_finding like;
    size_t n;
    bool many_entities;
    char text[64];
    struct ir_input_report input;
    size_t drains;
};

static inline void get_finding(void *user, size_t i, struct ir_finding *ret_f)
{
    struct made *m = user;
    *ret_f = m->like;
    ret_f->time += (int64_t)i * 1000000000;
    if (m->many_entities) {
        int n = snprintf(m->text, sizeof m->text, "2001:db8::%zx", i);
        ret_f->entity[0].value = ir_str_n(m->text, (size_t)n);
    }
}

static inline void get_input(void *user, size_t i, struct ir_input_report *ret_in)
{
    (void)i;
    *ret_in = ((struct made *)user)->input;
}

static inline bool drain(void *user)
{
    ((struct made *)user)->drains++;
    return true;
}

static inline struct made sample(void)
{
    static const struct ir_str tags[] = {
        {"attack.t1110.003", 16}, {"attack.credential-access", 24}, {"attack.t1110.003", 16}};
    static struct ir_origin origins[3];
    origins[0] = origin_sample();
    origins[0].offset = 1230;
    origins[0].length = 35;
    origins[0].before = IR_S("line two\nline three\n");
    origins[0].after = IR_S("line five\n");
    origins[1] = origins[2] = origins[0];
    origins[1].offset = 2000;
    origins[1].line = 9;
    struct made m = {.n = 1,
                     .input = {.path = "/var/log/auth.log",
                               .format = "syslog",
                               .bytes = 5000,
                               .records = 12,
                               .has_time = true,
                               .first = T0,
                               .last = T0 + 1},
                     .like = finding_sample()};
    m.like.tags = tags;
    m.like.ntags = 3;
    m.like.origins = origins;
    m.like.norigins = 3;
    return m;
}

static inline struct ir_summary summary_of(const struct made *m)
{
    static const struct ir_count records[] = {{"syslog", 12}};
    struct ir_summary s = {.inputs = 1,
                           .bytes = 5000,
                           .records = records,
                           .nrecords = 1,
                           .rules_loaded = 100,
                           .rules_no_log_source = 60,
                           .has_time = true,
                           .first = T0 - INT64_C(3600000000000),
                           .last = T0 + INT64_C(3600000000000),
                           .elapsed_s = 0.4,
                           .sandbox = "seccomp,landlock"};
    s.findings[m->like.level] = m->n;
    return s;
}

static inline struct ir_str write_with(struct ir_buf *b, const char *writer, struct made *m,
                                       const struct ir_summary *s, const char *lang)
{
    struct ir_hist times = {0};
    for (size_t i = 0; i < 100; i++)
        ir_hist_add(&times, T0 + (int64_t)i * 1000000000, 1);
    const struct ir_document d = {.user = m,
                                  .nfindings = m->n,
                                  .ninputs = 1,
                                  .finding = get_finding,
                                  .input = get_input,
                                  .summary = s,
                                  .times = &times,
                                  .drain = drain};
    ir_buf_clear(b);
    lang_set(lang);
    ir_writer_by_name(ir_str_z(writer))->document(b, &d, &options);
    ir_hist_free(&times);
    return ir_buf_view(b);
}

static inline struct ir_str write_made(struct ir_buf *b, const char *writer, struct made *m,
                                       const char *lang)
{
    struct ir_summary s = summary_of(m);
    return write_with(b, writer, m, &s, lang);
}

static inline bool lacks(struct ir_str text, const char *part)
{
    return ir_str_find(text, ir_str_z(part)) == IR_NPOS;
}

static inline size_t times_in(struct ir_str text, const char *part)
{
    size_t n = 0;
    for (size_t at; (at = ir_str_find(text, ir_str_z(part))) != IR_NPOS; n++)
        text = ir_str_skip(text, at + 1);
    return n;
}

/* Elements that the page may have; everything else came from a log. */
static inline bool known_element(struct ir_str name)
{
    static const char *const names[] = {
        "!DOCTYPE", "html",    "head",    "meta",    "title",      "style",  "body",   "a",
        "header",   "h1",      "h2",      "h3",      "h4",         "p",      "nav",    "ul",
        "ol",       "li",      "main",    "section", "div",        "span",   "b",      "i",
        "bdi",      "br",      "time",    "figure",  "figcaption", "svg",    "g",      "rect",
        "text",     "details", "summary", "table",   "thead",      "tbody",  "tr",     "th",
        "td",       "dl",      "dt",      "dd",      "code",       "pre",    "mark",   "article",
        "fieldset", "legend",  "label",   "input",   "select",     "option", "button", "output",
        "script"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (ir_str_eq(name, ir_str_z(names[i]))) return true;
    ir_tap_show("element", name);
    return false;
}

/* Every '<' outside of the style and the script begins an element of ours, or ends one. */
static inline bool only_our_markup(struct ir_str page)
{
    size_t scripts = times_in(page, "<script"), styles = times_in(page, "<style");
    if (scripts != 1 || styles != 1) return false;
    while (page.n > 0) {
        size_t at = ir_str_chr(page, '<');
        if (at == IR_NPOS) return true;
        page = ir_str_skip(page, at + 1);
        bool ends = page.n > 0 && page.p[0] == '/';
        if (ends) page = ir_str_skip(page, 1);
        size_t n = 0;
        while (n < page.n && (isalnum((unsigned char)page.p[n]) || page.p[n] == '!'))
            n++;
        struct ir_str name = ir_str_head(page, n);
        if (!known_element(name)) return false;
        size_t end = ir_str_eq(name, IR_S("script"))  ? ir_str_find(page, IR_S("</script>"))
                     : ir_str_eq(name, IR_S("style")) ? ir_str_find(page, IR_S("</style>"))
                                                      : 0;
        if (!ends && end != IR_NPOS) page = ir_str_skip(page, end);
    }
    return true;
}

#endif
