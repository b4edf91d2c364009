/*
 * casedb/template: what is checked of a template before a report is made of it, and its words.
 */
#include "casedb/template.h"

#include "base/buf.h"

#include "tap.h"

static struct ir_err err;

static const char part[] = "id: part\nblocks:\n  - text: '{case.no}'\n";

/* A file beside a part: IR_OK or a class. */
static int check(const char *text)
{
    struct ir_templates *t = ir_templates_new();
    err = (struct ir_err){0};
    int rc = ir_templates_add(t, "part.yml", ir_str_z(part), &err);
    if (rc == IR_OK) rc = ir_templates_add(t, "mine.yml", ir_str_z(text), &err);
    if (rc == IR_OK) rc = ir_templates_finish(t, &err);
    ir_templates_free(t);
    return rc;
}

#define TOP "id: mine\ntitle: x\nblocks:\n"

static void test_good(void)
{
    static const char *const good[] = {
        TOP "  - heading: x\n    level: 3\n",
        TOP "  - text: {en: a, ja: b}\n    style: box\n",
        TOP "  - facts: [{fact: cause, en: a, ja: b, as: time}]\n    plain: yes\n",
        TOP "  - table: tasks\n    columns: [{en: a, value: '{no}'}]\n    empty: x\n    limit: 3\n "
            "   last: 2\n",
        TOP "  - list: roles\n    item: '{role|word}'\n",
        TOP "  - if: fact.cause\n    then: [{text: x}]\n    else: [{include: part}]\n",
        TOP "  - if: fact.first.secured\n    is: 'yes'\n    then: [{text: x}]\n",
        TOP "  - missing: x\n  - difference: mine\n    since: '{since|time}'\n    never: x\n",
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        is_int(check(good[i]), IR_OK, "%s", good[i] + sizeof TOP - 1);
}

static void test_bad(void)
{
    static const struct {
        const char *text;
        int64_t line;
    } bad[] = {
        {TOP "  - heading: x\n    lvel: 3\n", 5},
        {TOP "  - header: x\n", 4},
        {TOP "  - include: nowhere\n", 4},
        {TOP "  - include: mine\n", 4},
        {TOP "  - text: 'a {b'\n", 4},
        {TOP "  - text: '{}'\n", 4},
        {TOP "  - text: '{a|raw}'\n", 4},
        {TOP "  - text: {ja: b}\n", 4},
        {TOP "  - facts: [{fact: x}]\n", 4},
        {TOP "  - facts: []\n", 4},
        {TOP "  - table: tasks\n", 4},
        {TOP "  - list: tasks\n", 4},
        {TOP "  - if: x\n    then: text\n", 5},
        {TOP "  - just text\n", 4},
        {TOP "  - table: tasks\n    columns: [{en: a, value: '{no}'}]\n    lst: 3\n", 6},
        {"id: mine\ntitle: x\n", 1},
        {"title: x\nblocks: []\n", 1},
        {"id: mine\nblock: []\n", 2},
        {"- a list\n", 1},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        is_int(check(bad[i].text), IR_BAD, "refused: %s", bad[i].text);
        is_int(err.line, bad[i].line, "… with its line: %s", err.msg);
    }
    struct ir_buf deep = IR_BUF(1 << 16);
    ir_buf_str(&deep, IR_S("id: mine\ntitle: x\nblocks: "));
    for (int i = 0; i < 40; i++)
        ir_buf_str(&deep, IR_S("[{if: x, then: "));
    ir_buf_str(&deep, IR_S("[{text: x}]"));
    for (int i = 0; i < 40; i++)
        ir_buf_str(&deep, IR_S("}]"));
    is_int(check(deep.p), IR_BAD, "blocks too deep");
    ir_buf_free(&deep);
}

static void test_words(void)
{
    struct ir_str rest = IR_S("a{{b{name|time}c"), plain, name, filter;
    is_int(ir_words_next(&rest, &plain, &name, &filter, NULL), IR_OK, "a brace of the text");
    is_str(plain, "a{", "is one");
    is_int(ir_words_next(&rest, &plain, &name, &filter, NULL), IR_OK, "a value");
    is_str(plain, "b", "after plain text");
    is_str(name, "name", "has a name");
    is_str(filter, "time", "and a filter");
    is_int(ir_words_next(&rest, &plain, &name, &filter, NULL), IR_OK, "the end");
    ok(name.p == NULL && rest.p == NULL, "has none");
}

static void test_sets(void)
{
    struct ir_templates *t = ir_templates_new();
    ir_templates_add(t, "a", IR_S("id: a\ntitle: one\nblocks: [{text: '{fact.cause}'}]\n"), NULL);
    ir_templates_add(t, "w",
                     IR_S("id: words\nwords:\n  yes: {en: Yes, ja: はい}\n"
                          "  fact.scope: {en: Scope of all, ja: 範囲}\n"),
                     NULL);
    ir_templates_add(t, "f",
                     IR_S("id: f\nblocks:\n  - if: x\n    then: [{facts: [{fact: effect, en: "
                          "Effect, ja: 影響}, {fact: scope, en: Scope}]}]\n"),
                     NULL);
    is_int(ir_templates_finish(t, NULL), IR_OK, "a set");
    ok(ir_templates_ask(t, IR_S("cause")), "asks for a fact in its words");
    ok(!ir_templates_ask(t, IR_S("caus")), "and not for a part of its name");
    is_str(ir_template_word(t, IR_S("yes"), true), "はい", "a word in Japanese");
    ok(ir_template_word(t, IR_S("y\0s"), true).p == NULL, "none with a NUL");
    is_str(ir_template_fact_name(t, IR_S("scope"), false), "Scope of all", "a fact's own words");
    is_str(ir_template_fact_name(t, IR_S("effect"), true), "影響", "else those of who asks");
    is_str(ir_template_fact_name(t, IR_S("effec"), true), "effec", "else its name");
    const struct ir_template *m = ir_template_find(t, IR_S("a"));
    char before[65];
    snprintf(before, sizeof before, "%s", m != NULL ? m->sha256 : "");
    ir_templates_add(t, "b", IR_S("id: a\ntitle: two\nblocks: [{text: x}]\n"), NULL);
    is_int(ir_templates_finish(t, NULL), IR_OK, "a later one of the same id");
    m = ir_template_find(t, IR_S("a"));
    ok(m != NULL && ir_str_eq(ir_words(m->title, false), IR_S("two")), "replaces it");
    ok(m != NULL && strcmp(before, m->sha256) != 0, "and has another digest");
    ir_templates_free(t);
}

int main(void)
{
    test_good();
    test_bad();
    test_words();
    test_sets();
    return done();
}
