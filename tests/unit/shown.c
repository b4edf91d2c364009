/*
 * What a document has shown already: the record again, a record among another's lines, and what
 * only looks like it.
 */
#include "report/shown.h"
#include "tap.h"

static struct ir_shown shown;

static void is_shown(const char *path, uint64_t offset, uint64_t line, uint32_t number,
                     enum ir_shown_what want, uint32_t want_at, const char *name)
{
    const struct ir_origin o = {.path = path,
                                .offset = offset,
                                .line = line,
                                .before = line > 2 ? IR_S("a\nb\n") : IR_S(""),
                                .after = IR_S("c\n")};
    uint32_t at = 0;
    is_int(ir_shown_before(&shown, &o, number, &at), want, "%s", name);
    is_int(at, want_at, "  and where");
}

int main(void)
{
    is_shown("/a", 100, 10, 1, IR_SHOWN_NEW, 0, "the first"); /* lines 8 to 11 */
    is_shown("/a", 100, 10, 2, IR_SHOWN_RECORD, 1, "the same record");
    is_shown("/b", 100, 10, 3, IR_SHOWN_NEW, 0, "the same place of another input");
    is_shown("/a", 80, 8, 4, IR_SHOWN_AROUND, 1, "the first line in view");
    is_shown("/a", 110, 11, 5, IR_SHOWN_AROUND, 1, "the last line in view");
    is_shown("/a", 120, 12, 6, IR_SHOWN_NEW, 0, "the line after it"); /* lines 10 to 13 */
    is_shown("/a", 110, 11, 7, IR_SHOWN_AROUND, 1, "in view twice: the first");
    is_shown("/a", 120, 12, 8, IR_SHOWN_RECORD, 6, "a record before its lines");
    is_shown("/a", 5, 0, 9, IR_SHOWN_NEW, 0, "a record without a line");
    is_shown("/a", 6, 0, 10, IR_SHOWN_NEW, 0, "and another");
    is_shown("/a", 0, 1, 11, IR_SHOWN_NEW, 0, "the first line of the input");
    for (uint64_t i = 1; i < 2 * IR_SHOWN_MAX; i++) {
        const struct ir_origin o = {.path = "/many", .offset = i * 1000, .line = i * 1000};
        uint32_t at;
        if (ir_shown_before(&shown, &o, (uint32_t)i, &at) != IR_SHOWN_NEW) ok(false, "one of many");
    }
    is_int(shown.n, IR_SHOWN_MAX, "what is kept has a limit");
    return done();
}
