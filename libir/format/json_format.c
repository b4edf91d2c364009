/*
 * JSON lines: one object a line, from any program, and Windows events in the wrappings of
 * evtx_dump, winlogbeat, nxlog, Splunk, Velociraptor and Elasticsearch exports. Objects over
 * several lines: see json_docs.c. Documents: RFC 8259, https://jsonlines.org.
 */
#include "base/json.h"
#include "format/json_walk.h"

/* Files that were once an array keep its comma at the line end. */
static struct ir_str trim(struct ir_str rec)
{
    if (ir_str_starts(rec, IR_S("\xef\xbb\xbf"))) rec = ir_str_skip(rec, 3);
    while (rec.n > 0 && memchr(" \t\r,[", rec.p[0], 5))
        rec = ir_str_skip(rec, 1);
    while (rec.n > 0 && memchr(" \t\r,", rec.p[rec.n - 1], 4))
        rec.n--;
    return rec;
}

/* A line that is one whole object. */
static bool is_object(struct ir_str line)
{
    struct ir_json j;
    struct ir_json_tok t;
    if (line.n < 2 || line.p[0] != '{') return false;
    ir_json_begin(&j, line);
    int rc = IR_OK;
    while (rc == IR_OK)
        rc = ir_json_next(&j, &t);
    return rc == IR_END;
}

static int bid(struct ir_str head)
{
    struct ir_str rest = head;
    bool first = true;
    for (int looked = 0; rest.p != NULL && looked < 8;) {
        struct ir_str line = ir_str_trim(ir_str_cut(&rest, '\n'));
        if (first && ir_str_starts(line, IR_S("\xef\xbb\xbf"))) line = ir_str_skip(line, 3);
        while (line.n > 0 && line.p[line.n - 1] == '\r')
            line.n--;
        if (line.n == 0) continue;
        looked++;
        bool whole = rest.p != NULL || ir_str_ends(head, IR_S("}"));
        if (is_object(line)) return first ? 95 : 60;
        /* one line longer than the head: take it for an object when it begins like one */
        if (first && !whole && ir_str_starts(line, IR_S("{\""))) return 55;
        first = false;
    }
    return 0;
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    rec = trim(rec);
    return rec.n == 0 || rec.p[0] != '{' ? IR_BAD : ir_json_event(p, rec, ev);
}

const struct ir_format ir_format_json = {
    .name = "json",
    .title = N_("JSON, one object a line"),
    .flags = IR_FMT_STRAYS,
    .bid = bid,
    .parse = parse,
};
