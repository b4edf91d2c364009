/*
 * Words of documents. See words.h and words.def.
 */
#include "report/words.h"

#include "base/time.h"
#include "report/page.h"

static const char *const words[IR_W_MAX] = {
#define WORD(name, text) text,
#include "report/words.def"
};

static const char *const levels[IR_LEVEL_MAX] = {
#define LEVEL(name, text) [IR_LEVEL_##name] = text,
#include "report/words.def"
};

static const struct field {
    struct ir_str name;
    enum ir_role role;
    const char *word;
} fields[] = {
#define FIELD(name, role, text) {IR_S(name), IR_ROLE_##role, text},
#include "report/words.def"
};

static const struct value {
    struct ir_str field, value;
    const char *word;
} values[] = {
#define VALUE(field, value, text) {IR_S(field), IR_S(value), text},
#include "report/words.def"
};

static const struct {
    struct ir_str number;
    const char *name;
} techniques[] = {
#define TECHNIQUE(number, text) {IR_S(number), text},
#include "report/techniques.def"
};

const struct ir_tactic ir_tactics[] = {
#define TACTIC(tag, text) {tag, text},
#include "report/words.def"
    {NULL, NULL},
};

const char *ir_word(enum ir_word w)
{
    return _(words[w]);
}

const char *ir_word_level(enum ir_level level)
{
    return (unsigned)level < IR_LEVEL_MAX ? _(levels[level]) : "?";
}

/* Asked several times a finding; names are of different lengths. */
static const struct field *find_field(const char *name)
{
    const struct ir_str want = ir_str_z(name);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (ir_str_eq(fields[i].name, want)) return &fields[i];
    return NULL;
}

const char *ir_word_field(const char *name)
{
    const struct field *f = find_field(name);
    return f != NULL ? _(f->word) : name;
}

enum ir_role ir_field_role(const char *name)
{
    const struct field *f = find_field(name);
    if (f != NULL) return f->role;
    if (strncmp(name, "user.", 5) == 0) return IR_ROLE_WHO;
    return strncmp(name, "source.", 7) == 0 ? IR_ROLE_FROM : IR_ROLE_ON;
}

struct ir_str ir_word_value(struct ir_str field, struct ir_str value)
{
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (ir_str_eq(values[i].field, field) && ir_str_ieq(values[i].value, value))
            return ir_intl_str(values[i].word);
    return IR_S("");
}

const struct ir_entity *ir_involved(const struct ir_finding *f, size_t *at)
{
    while (*at < f->nentity) {
        const struct ir_entity *e = &f->entity[(*at)++];
        if (ir_field_role(e->name) != IR_ROLE_WHAT) return e;
    }
    return NULL;
}

const struct ir_tactic *ir_tactic(struct ir_str tag)
{
    if (!ir_str_istarts(tag, IR_S("attack."))) return NULL;
    tag = ir_str_skip(tag, 7);
    for (const struct ir_tactic *t = ir_tactics; t->tag != NULL; t++) {
        struct ir_str want = ir_str_z(t->tag);
        bool same =
            want.n == tag.n; /* Sigma 1 wrote blanks and hyphens where 2 writes underscores */
        for (size_t i = 0; same && i < tag.n; i++) {
            char c = ir_lower(tag.p[i]);
            same = want.p[i] == (c == '-' || c == ' ' ? '_' : c);
        }
        if (same) return t;
    }
    return NULL;
}

struct ir_str ir_technique(struct ir_str tag, char buf[16])
{
    if (!ir_str_istarts(tag, IR_S("attack.t"))) return IR_S("");
    tag = ir_str_skip(tag, 8);
    if (tag.n != 4 && tag.n != 8) return IR_S("");
    for (size_t i = 0; i < tag.n; i++)
        if (i == 4 ? tag.p[i] != '.' : !ir_isdigit(tag.p[i])) return IR_S("");
    buf[0] = 'T';
    memcpy(buf + 1, tag.p, tag.n);
    return ir_str_n(buf, tag.n + 1);
}

struct ir_str ir_technique_name(struct ir_str technique)
{
    const size_t n = sizeof techniques / sizeof *techniques;
    for (; technique.n > 0; technique.n = technique.n > 5 ? 5 : 0) /* "T1110.003", then "T1110" */
        for (size_t i = 0; i < n; i++)
            if (ir_str_eq(techniques[i].number, technique)) return ir_intl_str(techniques[i].name);
    return technique;
}

bool ir_word_tag(struct ir_buf *out, struct ir_str tag)
{
    const struct ir_tactic *tactic = ir_tactic(tag);
    char buf[16];
    const struct ir_str technique = ir_technique(tag, buf);
    if (tactic != NULL) {
        ir_buf_str(out, ir_intl_str(tactic->name));
        return true;
    }
    if (technique.n > 0) {
        const struct ir_str name = ir_technique_name(technique);
        ir_buf_str(out, technique);
        if (name.n > 0) ir_buf_chr(out, ' ');
        ir_buf_str(out, name);
        return true;
    }
    if (!ir_str_istarts(tag, IR_S("iso27002.")) || tag.n > 16) return false;
    tag = ir_str_skip(tag, 9);
    for (size_t i = 0; i < tag.n; i++)
        if (!ir_isdigit(tag.p[i]) && tag.p[i] != '.') return false;
    ir_buf_str(out, IR_S("ISO/IEC 27002 "));
    ir_buf_str(out, tag);
    return true;
}

void ir_word_gap(struct ir_buf *out)
{
    struct ir_str text = ir_str_z(ir_word(IR_W_SENTENCE_GAP));
    ir_buf_str(out, ir_str_cut(&text, '|'));
}

void ir_word_fill(struct ir_buf *out, enum ir_word w, const struct ir_buf *arg, size_t n)
{
    struct ir_str rest = ir_str_z(ir_word(w));
    for (size_t at; (at = ir_str_chr(rest, '{')) != IR_NPOS && at + 2 < rest.n;) {
        size_t i = (size_t)(rest.p[at + 1] - '0');
        ir_buf_add(out, rest.p, at);
        if (i < n) ir_buf_str(out, ir_buf_view(&arg[i]));
        rest = ir_str_skip(rest, at + 3);
    }
    ir_buf_str(out, rest);
}

void ir_word_count(struct ir_buf *out, enum ir_word one, enum ir_word many, uint64_t n)
{
    struct ir_buf number = IR_BUF(64);
    ir_page_number(&number, n);
    ir_word_fill(out, n == 1 ? one : many, &number, 1);
    ir_buf_free(&number);
}

void ir_word_bytes(struct ir_buf *out, uint64_t n)
{
    if (n < 1000)
        ir_word_count(out, IR_W_N_BYTES_1, IR_W_N_BYTES, n);
    else
        ir_page_bytes(out, n);
}

void ir_word_time(struct ir_buf *out, int64_t ns, const struct ir_write_options *opt)
{
    struct ir_civil c;
    ir_time_to_civil(ns, opt->zone_s, &c);
    ir_buf_fmt(out, _("%04d-%02d-%02d %02d:%02d:%02d"), c.year, c.month, c.day, c.hour, c.minute,
               c.second);
}

void ir_word_zone(struct ir_buf *out, const struct ir_write_options *opt)
{
    int32_t z = opt->zone_s;
    if (z == 9 * 3600) {
        ir_buf_str(out, ir_str_z(ir_word(IR_W_ZONE_JST)));
        return;
    }
    ir_buf_str(out, IR_S("UTC"));
    if (z == 0) return;
    ir_buf_chr(out, z < 0 ? '-' : '+');
    if (z < 0) z = -z;
    ir_buf_fmt(out, "%02d:%02d", (int)(z / 3600), (int)(z / 60 % 60));
}
