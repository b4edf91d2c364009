/*
 * Files of casefiles/ that a user may have taken from anywhere: any bytes as points of control, as
 * a playbook and as a criteria table; of what passed, all texts are read in both languages.
 * Duties and templates have targets of their own.
 */
#include "casedb/control.h"
#include "casedb/criteria.h"
#include "casedb/playbook.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t sum(struct ir_str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += (unsigned char)s.p[i];
    return n;
}

static size_t texts(const struct ir_yaml *n)
{
    size_t all = sum(ir_words(n, true)) + sum(ir_scale_text(n, "title", true)) +
                 sum(ir_scale_text(n, "text", false));
    for (const struct ir_yaml *k = n->kids; k != NULL; k = k->next)
        all += texts(k);
    return all;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct ir_str text = ir_str_n((const char *)data, size);
    struct ir_arena arena = IR_ARENA((size_t)64 << 20);
    struct ir_controls *c = ir_controls_new();
    struct ir_playbook p;
    struct ir_scale s;
    struct ir_err err = {0};
    volatile size_t all = 0;
    if (c != NULL && ir_controls_add(c, text, &err) == IR_OK) {
        ir_controls_add(c, text, &err); /* it replaces itself */
        all += texts(ir_control_at(c, 0));
    }
    if (ir_playbook_read(&arena, text, &p, &err) == IR_OK) {
        ir_playbook_fits(&p, p.kind, IR_S("major"));
        all += texts(p.root);
    }
    if (ir_scale_read(&arena, text, &s, &err) == IR_OK) all += texts(s.root);
    ir_controls_free(c);
    ir_arena_free(&arena);
    (void)all;
    return 0;
}
