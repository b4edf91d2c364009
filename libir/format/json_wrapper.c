/*
 * Wrappers around lists of audit records: CloudTrail's files and lookups, Event Hub captures of
 * Azure, Microsoft Graph, Google's Reports API, Kubernetes' EventList, Okta and others. The records
 * are cut out of the list, so that each is an event of its own.
 *
 *     {"Records":[{…},{…}]}      {"@odata.context":"…","value":[{…}],"@odata.nextLink":"…"}
 *
 * A wrapper has only scalars beside its list, and the record that begins the list must look like
 * one of the service: other programs have lists under these names, too. Looking for either end
 * costs a bounded number of bytes, whatever stands there.
 */
#include "base/json.h"
#include "format/json_walk.h"

#define HEAD_MAX IR_JSON_WRAPPER_MAX
#define SHOW_MAX 2048u /* bytes of the first record in which its service shows */

static const struct wrapper {
    struct ir_str list;   /* the key of the list */
    const char *shows[4]; /* one of them stands in the first record or before the list */
} wrappers[] = {
    {IR_S("Records"), {"\"eventVersion\"", "\"eventSource\"", NULL}},
    {IR_S("records"), {"\"operationName\"", "\"category\"", "\"eventVersion\"", NULL}},
    {IR_S("value"), {"\"@odata.", "\"operationName\"", NULL}},
    {IR_S("items"), {"\"admin#reports#", "\"EventList\"", "\"audit.k8s.io", NULL}},
    {IR_S("Events"), {"\"CloudTrailEvent\"", NULL}},
    {IR_S("events"), {"\"eventVersion\"", "\"CloudTrailEvent\"", NULL}},
    {IR_S("entries"), {"\"protoPayload\"", NULL}},
};

static bool shows(const struct wrapper *w, struct ir_str s)
{
    for (size_t i = 0; w->shows[i] != NULL; i++)
        if (ir_str_find(s, ir_str_z(w->shows[i])) != IR_NPOS) return true;
    return false;
}

/* The list's key was read, *j stands before its value. */
static size_t list_at(const struct ir_json *j, struct ir_str key, struct ir_str s)
{
    const char *p = j->p;
    while (p < j->end && memchr(" \t\r\n:", *p, 5) != NULL)
        p++;
    if (p >= j->end || *p != '[') return 0;
    size_t at = (size_t)(p - s.p) + 1;
    struct ir_str rest = ir_str_skip(s, at);
    while (rest.n > 0 && memchr(" \t\r\n", rest.p[0], 4) != NULL)
        rest = ir_str_skip(rest, 1);
    if (rest.n == 0 || rest.p[0] != '{') return 0;
    for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++)
        if (ir_str_eq(wrappers[i].list, key) && shows(&wrappers[i], ir_str_head(s, at + SHOW_MAX)))
            return at;
    return 0;
}

/* What a wrapper can begin with; a look at the first key spares every other record the rest. */
static bool begins_wrapper(struct ir_str key)
{
    static const struct ir_str keys[] = {IR_S("kind"), IR_S("apiVersion"),    IR_S("metadata"),
                                         IR_S("etag"), IR_S("nextPageToken"), IR_S("NextToken")};
    if (key.n > 0 && key.p[0] == '@') return ir_str_starts(key, IR_S("@odata."));
    for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++)
        if (ir_str_eq(wrappers[i].list, key)) return true;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (ir_str_eq(keys[i], key)) return true;
    return false;
}

size_t ir_json_wrapper_open(struct ir_str s)
{
    bool first = true;
    struct ir_json j;
    struct ir_json_tok t;
    if (s.n < 12 || s.p[0] != '{') return 0;
    ir_json_begin(&j, ir_str_head(s, HEAD_MAX + SHOW_MAX));
    if (ir_json_next(&j, &t) != IR_OK) return 0;
    while (ir_json_next(&j, &t) == IR_OK) {
        if (t.type != IR_JSON_KEY || (size_t)(j.p - s.p) > HEAD_MAX) return 0;
        if (first && !begins_wrapper(t.text)) return 0;
        first = false;
        size_t at = list_at(&j, t.text, s);
        if (at > 0) return at;
        if (ir_json_next(&j, &t) != IR_OK) return 0;
        /* Kubernetes has "metadata":{} beside the list */
        if (t.type == IR_JSON_OBJECT &&
            (ir_json_next(&j, &t) != IR_OK || t.type != IR_JSON_OBJECT_END))
            return 0;
        if (t.type == IR_JSON_ARRAY) return 0;
    }
    return 0;
}

/* "]}", or "]" and more members "," … "}". Members are read by giving the reader a '{' of our own
 * in place of the comma. */
size_t ir_json_wrapper_close(struct ir_str s)
{
    char text[HEAD_MAX];
    struct ir_json j;
    struct ir_json_tok t;
    size_t at = 1;
    if (s.n < 2 || s.p[0] != ']') return 0;
    while (at < s.n && memchr(" \t\r\n", s.p[at], 4) != NULL && at < HEAD_MAX)
        at++;
    if (at < s.n && s.p[at] == '}') return at + 1;
    if (at >= s.n || s.p[at] != ',') return 0;
    struct ir_str rest = ir_str_head(ir_str_skip(s, at), HEAD_MAX);
    memcpy(text, rest.p, rest.n);
    text[0] = '{';
    ir_json_begin(&j, ir_str_n(text, rest.n));
    for (unsigned tokens = 0; ir_json_next(&j, &t) == IR_OK; tokens++) {
        if (t.type == IR_JSON_OBJECT_END) return tokens > 1 ? at + (size_t)(j.p - text) : 0;
        if (tokens > 0 && (t.type == IR_JSON_OBJECT || t.type == IR_JSON_ARRAY)) return 0;
    }
    return 0;
}
