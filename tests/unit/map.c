/*
 * base/map: many keys, hostile keys, order, and the hash.
 */
#include "base/map.h"

#include "tests/tap.h"

static struct ir_str key_of(uint32_t i, char *buf, size_t cap)
{
    int n = snprintf(buf, cap, "key-%u", i);
    return ir_str_n(buf, (size_t)n);
}

static void many(void)
{
    enum { N = 50000 };
    struct ir_map m = {0};
    char buf[32];
    int wrong = 0;
    is_int(ir_map_find(&m, IR_S("x")), UINT32_MAX, "an empty map has nothing");
    for (uint32_t i = 0; i < N; i++) {
        bool is_new = false;
        uint32_t *v = ir_map_put(&m, key_of(i, buf, sizeof buf), &is_new);
        if (v == NULL || *v != 0 || !is_new) {
            wrong++;
            continue;
        }
        *v = i + 1;
    }
    is_int(wrong, 0, "new keys are new and zero");
    is_int(m.n, N, "all are there");
    for (uint32_t i = 0; i < N; i++) {
        bool is_new = true;
        struct ir_str key = key_of(i, buf, sizeof buf);
        uint32_t *v = ir_map_put(&m, key, &is_new);
        if (v == NULL || *v != i + 1 || is_new) wrong++;
        if (ir_map_find(&m, key) != i) wrong++;
        if (!ir_str_eq(m.items[i].key, key) || m.items[i].key.p[key.n] != '\0') wrong++;
    }
    is_int(wrong, 0, "all are found, in order, with a NUL behind the copy");
    is_int(m.n, N, "looking adds nothing");
    is_int(ir_map_find(&m, IR_S("key-50000")), UINT32_MAX, "what was not put is not there");
    ir_map_free(&m);
    is_int(m.n, 0, "freed is empty");
    ok(ir_map_put(&m, IR_S("again"), NULL) != NULL, "and can be used again");
    ir_map_free(&m);
}

static void odd_keys(void)
{
    struct ir_map m = {0};
    static const struct ir_str keys[] = {
        {NULL, 0}, {"\0", 1}, {"\0\0", 2}, {"a", 1}, {"a\0", 2}, {"a\0b", 3}, {"\xff", 1}, {"A", 1},
    };
    uint32_t n = sizeof keys / sizeof keys[0];
    for (uint32_t i = 0; i < n; i++) {
        bool is_new = false;
        ok(ir_map_put(&m, keys[i], &is_new) != NULL && is_new, "odd key %u is its own", i);
    }
    for (uint32_t i = 0; i < n; i++)
        is_int(ir_map_find(&m, keys[i]), i, "and is found");
    is_int(ir_map_find(&m, IR_S("")), 0, "empty is empty");
    ir_map_free(&m);

    char shared[] = "changing";
    ir_map_put(&m, ir_str_z(shared), NULL);
    shared[0] = 'X';
    is_int(ir_map_find(&m, IR_S("changing")), 0, "keys are copied");
    ir_map_free(&m);
}

static void limited(void)
{
    struct ir_map m = {.keys = IR_ARENA(1024)};
    char big[2048];
    memset(big, 'k', sizeof big);
    ok(ir_map_put(&m, IR_S("small"), NULL) != NULL, "a small key fits");
    ok(ir_map_put(&m, ir_str_n(big, sizeof big), NULL) == NULL, "one beyond the arena does not");
    is_int(m.n, 1, "and leaves no trace");
    is_int(ir_map_find(&m, ir_str_n(big, sizeof big)), UINT32_MAX, "nor can it be found");
    is_int(ir_map_find(&m, IR_S("small")), 0, "the small one stays");
    ir_map_free(&m);
}

static void hash(void)
{
    char a[80], b[80];
    memset(a, 'x', sizeof a);
    memcpy(b, a, sizeof b);
    int same = 0, differs = 0;
    for (size_t n = 0; n <= sizeof a; n++) {
        if (ir_hash(ir_str_n(a, n), 1) != ir_hash(ir_str_n(b, n), 1)) differs++;
        if (ir_hash(ir_str_n(a, n), 1) == ir_hash(ir_str_n(a, n), 2)) same++;
        for (size_t bit = 0; bit < 8 * n; bit++) {
            b[bit / 8] = (char)(b[bit / 8] ^ (1 << bit % 8));
            if (ir_hash(ir_str_n(a, n), 1) == ir_hash(ir_str_n(b, n), 1)) same++;
            b[bit / 8] = a[bit / 8];
        }
        for (size_t k = 0; k < n; k++)
            if (ir_hash(ir_str_n(a, n), 1) == ir_hash(ir_str_n(a, k), 1)) same++;
    }
    memset(b, 0, sizeof b);
    for (size_t n = 0; n < sizeof b; n++)
        for (size_t k = 0; k < n; k++)
            if (ir_hash(ir_str_n(b, n), 1) == ir_hash(ir_str_n(b, k), 1)) same++;
    is_int(differs, 0, "equal bytes hash equally");
    is_int(same, 0, "every bit, the length and the seed count");
}

int main(void)
{
    many();
    odd_keys();
    limited();
    hash();
    return done();
}
