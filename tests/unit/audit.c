/*
 * evidence/audit.h: with so little memory that each comparison takes many parts the verdicts are
 * those of one part, for files and entries that meet in every way.
 */
#include "evidence/audit.h"
#include "tests/unit/bag_test.h"

#define FILES 400

static char told[2][FILES * 64];

static bool on_item(void *user, const struct ir_audit_item *i)
{
    char *out = user;
    size_t n = strlen(out);
    snprintf(out + n, sizeof told[0] - n, "%d %.*s %.*s\n", i->verdict, IR_FMT(i->path),
             IR_FMT(i->moved));
    return true;
}

static void on_line(void *user, const char *list, uint64_t line, const char *text)
{
    (void)user;
    ok(false, "%s:%d: %s", list, (int)line, text);
}

static struct ir_audit_totals compare(uint64_t memory, char *out)
{
    char list[512], set[512], tree[512];
    const char *lists[] = {list, set}, *paths[] = {tree};
    struct ir_audit_totals t;
    struct ir_err err = {0};
    snprintf(list, sizeof list, "%s/list-sha256.txt", root);
    snprintf(set, sizeof set, "%s/set-sha256.txt", root);
    snprintf(tree, sizeof tree, "%s/tree", root);
    const struct ir_audit_options o = {.lists = lists,
                                       .nlists = 2,
                                       .base = root,
                                       .memory = memory,
                                       .item = on_item,
                                       .note = on_line,
                                       .user = out};
    is_int(ir_audit(paths, 1, &o, &t, &err), IR_OK, "audit with %d bytes: %s", (int)memory,
           err.msg);
    return t;
}

/* By i modulo 8: as it was, changed, moved, new, missing, in a set, listed twice, swapped. */
static void fill(void)
{
    char path[64], content[64], text[64], rest[80];
    clear();
    put("list-sha256.txt", "# known\n");
    put("set-sha256.txt", "# known\n");
    for (int i = 0; i < FILES; i++) {
        int kind = i % 8;
        snprintf(path, sizeof path, "tree/%d/%d", i % 7, i);
        snprintf(content, sizeof content, "%d", i);
        snprintf(rest, sizeof rest, "  %s%s", i % 3 == 0 ? "./" : "", path);
        if (kind != 3 && kind != 5) line("list-sha256.txt", kind == 1 ? "other" : content, rest);
        if (kind == 6) line("list-sha256.txt", "other", rest);
        if (kind == 5) line("set-sha256.txt", content, "");
        snprintf(text, sizeof text, "tree/elsewhere/%d", i);
        if (kind != 4) put(kind == 2 ? text : path, content);
    }
}

int main(void)
{
    snprintf(root, sizeof root, "/tmp/ir-audit.%ld", (long)getpid());
    fill();
    struct ir_audit_totals a = compare(0, told[0]);
    is_int((long long)a.verdict[IR_AUDIT_MATCHED], 3 * FILES / 8, "matched");
    is_int((long long)a.verdict[IR_AUDIT_CHANGED], FILES / 8, "changed");
    is_int((long long)a.verdict[IR_AUDIT_MOVED], FILES / 8, "moved");
    is_int((long long)a.verdict[IR_AUDIT_NEW], FILES / 8, "new");
    is_int((long long)a.verdict[IR_AUDIT_MISSING], FILES / 8, "missing");
    is_int((long long)a.verdict[IR_AUDIT_KNOWN], FILES / 8, "known by a set");
    is_int((long long)a.verdict[IR_AUDIT_UNREADABLE], 0, "all were read");
    is_int((long long)a.entries, FILES, "entries");
    for (uint64_t memory = 3000; memory < 200000; memory *= 5) {
        told[1][0] = '\0';
        struct ir_audit_totals b = compare(memory, told[1]);
        ok(memcmp(&a, &b, sizeof a) == 0, "the same numbers with %d bytes", (int)memory);
    }
    clear();
    rmdir(root);
    return done();
}
