/*
 * A rule set's manifest.json: one flat object, its keys in one table for writing and reading. It
 * lies in the user's own workspace, but is read as strictly as if it did not: what is not as we
 * write it makes the set one with a problem.
 */
#include <openssl/evp.h>

#include "base/json.h"
#include "run/ruleset_int.h"

#define AT(member) offsetof(struct ir_ruleset, member)
#define TEXT(member)                                                                               \
    {                                                                                              \
#member, AT(member), sizeof((struct ir_ruleset *)0)->member                                \
    }
#define NUMBER(member)                                                                             \
    {                                                                                              \
#member, AT(member), 0                                                                     \
    }

static const struct key {
    const char *name;
    size_t at, room; /* room 0: a number */
} keys[] = {
    TEXT(name),       TEXT(version),  TEXT(source),     TEXT(archive_sha256), TEXT(tree_sha256),
    TEXT(imported),   TEXT(by),       TEXT(program),    NUMBER(files),        NUMBER(rules),
    NUMBER(filters),  NUMBER(failed), NUMBER(warnings), NUMBER(waiting),      NUMBER(passed_over),
    NUMBER(left_out),
};
#define KEYS (sizeof keys / sizeof *keys)

void ir_ruleset_manifest(const struct ir_ruleset *set, struct ir_buf *out)
{
    bool first = true;
    ir_buf_chr(out, '{');
    for (size_t i = 0; i < KEYS; i++) {
        const char *at = (const char *)set + keys[i].at;
        ir_json_write_key(out, &first, ir_str_z(keys[i].name));
        if (keys[i].room > 0)
            ir_json_write_str(out, ir_str_z(at));
        else
            ir_json_write_u64(out, *(const uint64_t *)(const void *)at);
    }
    ir_buf_add(out, "}\n", 2);
}

static bool take_value(struct ir_ruleset *set, const struct key *k, const struct ir_json_tok *t)
{
    char *at = (char *)set + k->at;
    if (k->room == 0)
        return t->type == IR_JSON_NUMBER && ir_str_u64(t->text, (uint64_t *)(void *)at);
    if (t->type != IR_JSON_STRING || t->text.n >= k->room) return false;
    at[ir_json_unescape(t->text, at)] = '\0';
    return true;
}

static const struct key *key_named(struct ir_str name)
{
    for (size_t i = 0; i < KEYS; i++)
        if (ir_str_eq(name, ir_str_z(keys[i].name))) return &keys[i];
    return NULL;
}

bool ir_ruleset_parse(struct ir_str text, struct ir_ruleset *ret_set)
{
    struct ir_json j;
    struct ir_json_tok t;
    const struct key *k = NULL;
    int rc;
    *ret_set = (struct ir_ruleset){0};
    ir_json_begin(&j, text);
    while ((rc = ir_json_next(&j, &t)) == IR_OK) {
        if (t.depth == 0) {
            if (t.type != IR_JSON_OBJECT && t.type != IR_JSON_OBJECT_END) return false;
        } else if (t.type == IR_JSON_KEY) {
            k = key_named(t.text);
        } else if (t.type == IR_JSON_OBJECT || t.type == IR_JSON_ARRAY) {
            if (k != NULL || ir_json_skip(&j) != IR_OK) return false;
        } else if (k != NULL && !take_value(ret_set, k, &t)) {
            return false;
        }
    }
    return rc == IR_END && ir_ruleset_name_ok(ir_str_z(ret_set->name)) &&
           strlen(ret_set->tree_sha256) == 64;
}

bool ir_ruleset_digest(struct ir_str bytes, char ret_hex[65])
{
    unsigned char md[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    if (EVP_Digest(bytes.p, bytes.n, md, &n, EVP_sha256(), NULL) != 1 || n != 32) return false;
    for (unsigned i = 0; i < n; i++) {
        ret_hex[2 * i] = "0123456789abcdef"[md[i] >> 4];
        ret_hex[2 * i + 1] = "0123456789abcdef"[md[i] & 15];
    }
    ret_hex[64] = '\0';
    return true;
}

static bool is_digest(struct ir_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (ir_hexval(s.p[i]) < 0) return false;
    return s.n == 64;
}

int ir_ruleset_each(struct ir_str sums,
                    int (*file)(void *user, struct ir_str path, struct ir_str digest), void *user)
{
    int rc = IR_OK;
    while (sums.n > 0 && rc == IR_OK) {
        const struct ir_str line = ir_str_cut(&sums, '\n');
        const struct ir_str digest = ir_str_head(line, 64), path = ir_str_skip(line, 66);
        if (line.n < 67 || !is_digest(digest) || memcmp(line.p + 64, "  ", 2) != 0 ||
            !ir_str_starts(path, IR_S("rules/")) || ir_str_find(path, IR_S("/../")) != IR_NPOS)
            return IR_BAD;
        rc = file(user, path, digest);
    }
    return rc;
}
