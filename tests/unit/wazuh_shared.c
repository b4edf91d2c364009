/*
 * Wazuh's sample lines: the log source of each must be that of its decoder (wazuh_decoders.def).
 * Prints the share by decoder and over all; lines of products that we have no format for are
 * counted and named. Skips without IR_SHARED.
 */
#include "samples.h"

static const struct {
    const char *name, *text, *format;
    enum ir_logsource_id source;
} decoders[] = {
#define DECODER(name, text, format, source) {name, text, format, IR_LS_##source},
#include "wazuh_decoders.def"
#undef DECODER
};

static const struct {
    const char *name, *why;
} others[] = {
#define OTHER(name, why) {name, why},
#include "wazuh_decoders.def"
#undef OTHER
};

#define DECODERS (sizeof decoders / sizeof *decoders)
#define OTHERS   (sizeof others / sizeof *others)
static struct score score[DECODERS];
static unsigned other[OTHERS];

static bool is_right(const struct lines *t, size_t i)
{
    if (!has_source(t, decoders[i].source)) return false;
    /* a syslog daemon may have written its stamp before any of them */
    return strcmp(t->took->name, decoders[i].format) == 0 || strcmp(t->took->name, "syslog") == 0 ||
           strcmp(t->took->name, "cef") == 0;
}

/* Programs that are taken apart: their lines say what happened, but for one without a client and
 * one that the sample itself cut. */
static bool tells_nothing(const struct lines *t, struct ir_str decoder, struct ir_str text)
{
    static const char *const programs[] = {"named", "postfix-reject", "proftpd", "vsftpd"};
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        if (ir_str_eq(decoder, ir_str_z(programs[i])))
            return field(t, IR_F_EVENT_ACTION).n == 0 &&
                   ir_str_find(text, IR_S("Fatal: ")) == IR_NPOS &&
                   !ir_str_ends(text, IR_S("query (cache)")) &&
                   ir_str_find(text, IR_S(" name[")) == IR_NPOS;
    return false;
}

static void check(struct lines *t, struct ir_str decoder, struct ir_str text)
{
    for (size_t i = 0; i < DECODERS; i++) {
        if (!ir_str_eq(decoder, ir_str_z(decoders[i].name))) continue;
        if (ir_str_find(text, ir_str_z(decoders[i].text)) == IR_NPOS) continue;
        sample_parse(t, text);
        bool right = is_right(t, i) && !tells_nothing(t, decoder, text);
        score_add(&score[i], right);
        if (!right) ir_tap_show(decoders[i].name, text);
        return;
    }
    for (size_t i = 0; i < OTHERS; i++) {
        if (!ir_str_eq(decoder, ir_str_z(others[i].name))) continue;
        other[i]++;
        return;
    }
    ok(false, "decoder %.*s stands in the table", IR_FMT(decoder));
}

/* A section's lines come before the decoder that is theirs: "log 1 pass = …", "decoder = sshd". */
static void read_file(struct lines *t, const char *path)
{
    struct ir_str lines[SECTION_MAX], bytes = sample_file(path), rest = bytes;
    size_t n = 0;
    while (rest.n > 0) {
        struct ir_str row = ir_str_cut(&rest, '\n'), key;
        if (row.n > 0 && row.p[row.n - 1] == '\r') row.n--;
        if (row.n > 0 && row.p[0] == ';') continue;
        size_t eq = ir_str_chr(row, '=');
        if (eq == IR_NPOS) continue;
        key = ir_str_trim(ir_str_head(row, eq));
        row = ir_str_trim(ir_str_skip(row, eq + 1));
        if (ir_str_starts(key, IR_S("log ")) && n < SECTION_MAX) lines[n++] = row;
        if (!ir_str_eq(key, IR_S("decoder"))) continue;
        for (size_t i = 0; i < n; i++)
            check(t, row, lines[i]);
        n = 0;
    }
    free((char *)bytes.p);
}

int main(void)
{
    struct score all = {0};
    unsigned outside = 0;
    struct lines t;
    glob_t g;
    if (!sample_files("data/wazuh", "*.ini", &g)) {
        skip("Wazuh's samples are not below IR_SHARED");
        return done();
    }
    lines_open(&t, "text", 1795392000);
    for (size_t i = 0; i < g.gl_pathc; i++)
        read_file(&t, g.gl_pathv[i]);
    for (size_t i = 0; i < DECODERS; i++) {
        if (score[i].all == 0) continue;
        printf("# %s %s: %u of %u lines\n", decoders[i].name, decoders[i].text, score[i].good,
               score[i].all);
        all.good += score[i].good;
        all.all += score[i].all;
    }
    for (size_t i = 0; i < OTHERS; i++) {
        outside += other[i];
        if (other[i] > 0)
            printf("# no format: %s, %s: %u lines\n", others[i].name, others[i].why, other[i]);
    }
    score_ok(&all, "Wazuh: log source of the decoder");
    ok(outside * 20 <= all.all, "%u lines are of products without a format", outside);
    lines_close(&t);
    globfree(&g);
    return done();
}
