/*
 * Why a finding stands, in sentences: each verb and each kind of count, straight and negated, holds
 * all of its facts. How they come out of rules and records is tests/golden/why_sentences.
 */
#include "report/finding.h"
#include "tap.h"

static void shout(struct ir_buf *out, struct ir_str raw)
{
    ir_buf_fmt(out, "<%.*s>", IR_FMT(raw));
}

static struct ir_str tell(struct ir_buf *b, const struct ir_reasons *r)
{
    ir_buf_clear(b);
    ir_tell_why(b, r, shout);
    return ir_buf_view(b);
}

static bool has(struct ir_str s, const char *part)
{
    return ir_str_find(s, ir_str_z(part)) != IR_NPOS;
}

static void verbs(struct ir_buf *b)
{
    char before[256] = "";
    for (int i = 0; i < 2 * IR_REASON_MAX; i++) {
        const enum ir_reason_op op = (enum ir_reason_op)(i / 2);
        const struct ir_reasons r = {.nitems = 1,
                                     .item = {{.op = op,
                                               .negated = i % 2 != 0,
                                               .field = IR_S("own"),
                                               .value = {IR_S("v1"), IR_S("v2")},
                                               .nvalues = 2,
                                               .held = IR_S("held")}}};
        const struct ir_str t = tell(b, &r);
        const bool bare = op == IR_REASON_REGEX || op == IR_REASON_GIVEN || op == IR_REASON_EMPTY;
        ok(has(t, "<own>") && has(t, "<held>") && !has(t, "{"), "verb %d: field and value", i);
        ok(bare || (has(t, "<v1>") && has(t, "<v2>")), "  and what the rule has");
        ok(!ir_str_eq(t, ir_str_z(before)), "  and says another thing than its opposite");
        snprintf(before, sizeof before, "%.*s", IR_FMT(t));
    }
}

static void counts(struct ir_buf *b)
{
    for (int i = 0; i < IR_COUNT_MAX; i++) {
        const struct ir_reason_corr c = {.what = (enum ir_reason_count)i,
                                         .title = {IR_S("one"), IR_S("two")},
                                         .ntitles = 6,
                                         .span = INT64_C(90000000000),
                                         .field = IR_S("user.name"),
                                         .by = {IR_S("source.ip")},
                                         .nby = 1,
                                         .count = 4242,
                                         .measure = 4242,
                                         .percent = 95,
                                         .later = 3};
        const struct ir_str t = tell(b, &(struct ir_reasons){.corr = &c});
        const bool bare = i == IR_COUNT_TOGETHER || i == IR_COUNT_ORDERED;
        ok(has(t, "<one>") && has(t, "<two>") && has(t, "2 more"), "count %d: of what", i);
        ok(has(t, "90 seconds") && has(t, "source IP address"), "  within what, counted by what");
        ok(bare || has(t, "4,242"), "  how many");
        ok(bare || i == IR_COUNT_EVENTS || has(t, "user"), "  of which field");
        ok(has(t, "3 times") && !has(t, "{"), "  and afterwards");
    }
}

static void said_once(struct ir_buf *b)
{
    struct ir_reasons r = {
        .nitems = 2,
        .item = {{.op = IR_REASON_CONTAINS, .nvalues = 1, .value = {IR_S("a")}},
                 {.op = IR_REASON_CONTAINS, .nvalues = 1, .value = {IR_S("b")}}}};
    for (unsigned i = 0; i < 2; i++) {
        r.item[i].field = IR_S("process.command_line");
        r.item[i].held = IR_S("ab");
    }
    is_str(tell(b, &r), "The command line contains “<a>”: “<ab>”. The command line contains “<b>”.",
           "a value is shown once");
    r.item[1].value[0] = IR_S("Ab");
    is_str(tell(b, &r), "The command line contains “<a>”: “<ab>”.", "a larger part is no news");
    r.item[1].negated = true;
    ok(has(tell(b, &r), "does not contain “<Ab>”"), "but what it does not hold is");
    r.item[1].negated = false;
    r.item[1].op = IR_REASON_IS;
    r.item[0] = r.item[1];
    r.nitems = 1;
    r.item[0].value[0] = IR_S("AB");
    is_str(tell(b, &r), "The command line is “<ab>”.", "as the record has it");
    is_str(tell(b, NULL), "", "no reasons, no sentence");
}

int main(void)
{
    struct ir_buf b = IR_BUF(1 << 16);
    verbs(&b);
    counts(&b);
    said_once(&b);
    ir_buf_free(&b);
    return done();
}
