/*
 * Templates of reports: any bytes as a file beside a part and words, checked; of what passed, all
 * words are walked. A user may have taken his from anywhere.
 */
#include "casedb/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char part[] = "id: part\nblocks:\n  - text: '{case.no}'\n";
static const char words[] = "id: words\nwords:\n  one: {en: x, ja: y}\n";

static void walk(const struct ir_yaml *n)
{
    struct ir_str plain, name, filter, rest = ir_words(n, true);
    while (rest.p != NULL && ir_words_next(&rest, &plain, &name, &filter, NULL) == IR_OK)
        if (filter.p != NULL) ir_filter_known(filter);
    for (const struct ir_yaml *k = n->kids; k != NULL; k = k->next)
        walk(k);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ir_err err = {0};
    struct ir_templates *t = ir_templates_new();
    if (t == NULL) return 0;
    ir_templates_add(t, "part.yml", ir_str_z(part), &err);
    ir_templates_add(t, "words.yml", ir_str_z(words), &err);
    if (ir_templates_add(t, "any.yml", ir_str_n((const char *)data, size), &err) == IR_OK &&
        ir_templates_finish(t, &err) == IR_OK) {
        const struct ir_template *m;
        for (size_t i = 0; (m = ir_template_at(t, i)) != NULL; i++)
            if (m->blocks != NULL) walk(m->blocks);
        ir_templates_ask(t, IR_S("cause"));
    }
    ir_templates_free(t);
    return 0;
}
