/*
 * Compiling and running, and the trial of an expression. See regex.h.
 *
 * The trial: for each place that repeats, a line is made that reaches it, fills it with what it
 * takes (each byte that the expression tells apart, then the repeated text itself, then the text
 * that should follow) and fails at the end. An expression that is linear takes some hundreds of
 * steps for these 256 bytes; two parts that can share out the same text take ten thousands.
 */
#include "format/regex.h"

#include "format/regex_tree.h"

#define TRIAL_LENGTH 256u
#define TRIAL_STEPS  10000u
#define PUMPS_MAX    48u
#define REPEATED_MIN 16u /* what repeats less often cannot hurt */

#define STEPS_BASE 10000u
#define STEPS_BYTE 256u /* about 0.3 us a byte at worst */
#define STEPS_MAX  50000000u
#define DEPTH_MAX  5000u
#define HEAP_MAX   20000u /* KiB */

struct trial {
    const struct ir_regex *re;
    const struct ir_rx *root;
    struct ir_regex_room room;
    unsigned char pump[PUMPS_MAX]; /* one byte of each kind that the expression tells apart */
    unsigned npumps;
    struct ir_buf line, rest;
    bool explodes;
};

bool ir_regex_room_open(struct ir_regex_room *room, uint32_t groups)
{
    room->data = pcre2_match_data_create(groups + 1, NULL);
    room->context = pcre2_match_context_create(NULL);
    if (room->data == NULL || room->context == NULL) return false;
    pcre2_set_depth_limit(room->context, DEPTH_MAX);
    pcre2_set_heap_limit(room->context, HEAP_MAX);
    return true;
}

void ir_regex_room_close(struct ir_regex_room *room)
{
    pcre2_match_data_free(room->data);
    pcre2_match_context_free(room->context);
    *room = (struct ir_regex_room){NULL, NULL};
}

static enum ir_regex_answer run(const struct ir_regex *re, struct ir_regex_room *room,
                                struct ir_str text, uint32_t steps)
{
    PCRE2_SPTR p = (PCRE2_SPTR)(text.p != NULL ? text.p : "");
    pcre2_set_match_limit(room->context, steps);
    int rc = pcre2_match(re->code, p, text.n, 0, 0, room->data, room->context);
    if (rc == PCRE2_ERROR_JIT_STACKLIMIT)
        rc = pcre2_match(re->code, p, text.n, 0, PCRE2_NO_JIT, room->data, room->context);
    if (rc > 0) return IR_REGEX_FITS;
    return rc == PCRE2_ERROR_NOMATCH ? IR_REGEX_NOT : IR_REGEX_GAVE_UP;
}

enum ir_regex_answer ir_regex_match(const struct ir_regex *re, struct ir_regex_room *room,
                                    struct ir_str text)
{
    const uint64_t steps = STEPS_BASE + (uint64_t)text.n * STEPS_BYTE;
    if (re->literal.n > 0 && ir_str_find(text, re->literal) == IR_NPOS) return IR_REGEX_NOT;
    return run(re, room, text, steps < STEPS_MAX ? (uint32_t)steps : STEPS_MAX);
}

struct ir_str ir_regex_group(const struct ir_regex_room *room, struct ir_str text, uint32_t n)
{
    const size_t *at = pcre2_get_ovector_pointer(room->data);
    if (n >= pcre2_get_ovector_count(room->data) || at[2 * n] == PCRE2_UNSET)
        return ir_str_n(NULL, 0);
    return ir_str_n(text.p + at[2 * n], at[2 * n + 1] - at[2 * n]);
}

/* ---- the trial */

static bool contains(const struct ir_rx *n, const struct ir_rx *target)
{
    if (n == target) return true;
    for (const struct ir_rx *k = n->kids; k != NULL; k = k->next)
        if (contains(k, target)) return true;
    return false;
}

/* Text that leads to the target (before), or that should follow it. */
static void around(const struct ir_rx *n, const struct ir_rx *target, bool before,
                   struct ir_buf *out)
{
    bool seen = false;
    if (n == target) return;
    for (const struct ir_rx *k = n->kids; k != NULL; k = k->next) {
        if (contains(k, target)) {
            around(k, target, before, out);
            seen = true;
        } else if (n->kind == IR_RX_CAT && seen != before) {
            ir_rx_example(k, out);
        }
    }
}

/* Bytes that no set of the tree tells apart need one try only. */
static void split(const struct ir_rx *n, uint32_t *class_of, uint32_t *next)
{
    if (n->kind == IR_RX_SET) {
        uint32_t moved[256] = {0}; /* old class → new class of the bytes inside the set */
        for (unsigned c = 0; c < 256; c++) {
            if (!ir_rx_has(n, (unsigned char)c) || class_of[c] >= 256) continue;
            uint32_t *to = &moved[class_of[c]];
            if (*to == 0) *to = *next < 255 ? ++*next : *next;
            class_of[c] = *to;
        }
    }
    for (const struct ir_rx *k = n->kids; k != NULL; k = k->next)
        split(k, class_of, next);
}

static void choose_pumps(struct trial *t)
{
    uint32_t class_of[256] = {0}, next = 0;
    bool taken[256] = {false};
    split(t->root, class_of, &next);
    for (unsigned i = 0; i < 256 && t->npumps < PUMPS_MAX; i++) {
        const unsigned c = (i + ' ') % 256; /* what people write first */
        if (taken[class_of[c]]) continue;
        taken[class_of[c]] = true;
        t->pump[t->npumps++] = (unsigned char)c;
    }
}

static void try_line(struct trial *t, const struct ir_rx *target, struct ir_str pump,
                     struct ir_str tail)
{
    if (pump.n == 0 || t->explodes) return;
    ir_buf_clear(&t->line);
    around(t->root, target, true, &t->line);
    for (size_t n = 0; n < TRIAL_LENGTH; n += pump.n)
        ir_buf_str(&t->line, pump);
    ir_buf_str(&t->line, tail);
    ir_buf_chr(&t->line, '\x01');
    t->explodes = run(t->re, &t->room, ir_buf_view(&t->line), TRIAL_STEPS) == IR_REGEX_GAVE_UP;
}

static bool takes(const struct ir_rx *n, unsigned char c)
{
    if (n->kind == IR_RX_SET) return ir_rx_has(n, c);
    for (const struct ir_rx *k = n->kids; k != NULL; k = k->next)
        if (takes(k, c)) return true;
    return false;
}

static void try_repeat(struct trial *t, const struct ir_rx *target)
{
    struct ir_buf unit = IR_BUF(TRIAL_LENGTH);
    ir_buf_clear(&t->rest);
    around(t->root, target, false, &t->rest);
    const struct ir_str rest = ir_buf_view(&t->rest), none = {"", 0};
    for (unsigned i = 0; i < t->npumps && !t->explodes; i++) {
        const char byte = (char)t->pump[i];
        if (!takes(target->kids, t->pump[i])) continue;
        try_line(t, target, ir_str_n(&byte, 1), rest);
        try_line(t, target, ir_str_n(&byte, 1), none);
    }
    ir_rx_example(target->kids, &unit);
    try_line(t, target, ir_buf_view(&unit), rest);
    try_line(t, target, ir_str_head(rest, TRIAL_LENGTH / 8), rest);
    ir_buf_free(&unit);
}

static void try_repeats(struct trial *t, const struct ir_rx *n)
{
    if (n->kind == IR_RX_REPEAT && n->max >= REPEATED_MIN) try_repeat(t, n);
    for (const struct ir_rx *k = n->kids; k != NULL && !t->explodes; k = k->next)
        try_repeats(t, k);
}

static int try_out(const struct ir_regex *re, const struct ir_rx *root, struct ir_err *err)
{
    struct trial t = {.re = re, .root = root, .line = IR_BUF(1 << 16), .rest = IR_BUF(1 << 14)};
    int rc = IR_OK;
    if (ir_regex_room_open(&t.room, re->groups)) {
        choose_pumps(&t);
        try_repeats(&t, root);
    } else {
        rc = ir_fail(err, IR_FATAL, "out of memory");
    }
    if (t.explodes) {
        struct ir_str line = ir_str_head(ir_buf_view(&t.line), 40);
        rc = ir_fail(err, IR_BAD,
                     "the pattern explodes: it takes more than %u steps for a line of %zu bytes "
                     "that begins with '%.*s': let parts that follow each other not take the same "
                     "text ([^ ]+ instead of .*), and repeat no group that repeats inside",
                     TRIAL_STEPS, t.line.n, IR_FMT(line));
    }
    ir_regex_room_close(&t.room);
    ir_buf_free(&t.line);
    ir_buf_free(&t.rest);
    return rc;
}

/* ---- compiling */

/* Without start-up optimisations: the literal is our own, and the trial must see all steps. */
static int compile(struct ir_str text, bool whole, struct ir_regex *re, struct ir_err *err)
{
    const uint32_t flags = PCRE2_ANCHORED | (whole ? PCRE2_ENDANCHORED : 0) | PCRE2_DOTALL |
                           PCRE2_NO_AUTO_CAPTURE | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP |
                           PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_START_OPTIMIZE;
    int code;
    size_t at;
    re->code = pcre2_compile((PCRE2_SPTR)text.p, text.n, flags, &code, &at, NULL);
    if (re->code == NULL) {
        char msg[256];
        pcre2_get_error_message(code, (PCRE2_UCHAR *)msg, sizeof msg);
        return ir_fail(err, IR_BAD, "at byte %zu of the pattern: %-s", at + 1, msg);
    }
    pcre2_jit_compile(re->code, PCRE2_JIT_COMPLETE); /* without JIT it runs interpreted */
    pcre2_pattern_info(re->code, PCRE2_INFO_CAPTURECOUNT, &re->groups);
    return IR_OK;
}

int ir_regex_compile(struct ir_arena *a, struct ir_str text, bool whole, struct ir_regex *ret_re,
                     struct ir_err *err)
{
    struct ir_rx_tree tree;
    struct ir_regex re = {.code = NULL};
    int rc = ir_rx_parse(a, text, &tree, err);
    if (rc == IR_OK) rc = compile(text, whole, &re, err);
    if (rc == IR_OK) rc = try_out(&re, tree.root, err);
    if (rc != IR_OK) {
        ir_regex_free(&re);
        return rc;
    }
    re.literal = ir_rx_literal(a, tree.root);
    re.nameless = tree.nameless;
    *ret_re = re;
    return IR_OK;
}

void ir_regex_free(struct ir_regex *re)
{
    pcre2_code_free(re->code);
    re->code = NULL;
}
