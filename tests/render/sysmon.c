/*
 * Rules for process creation, created files and connections as events of Sysmon for Linux: its XML
 * in a syslog line. Every field of a rule has a place in it, under the rule's own name.
 */
#include "audit.h"

static void escape(struct ir_str s, struct ir_buf *out)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '<' || c == '>' || c == '&' || c == '"')
            ir_buf_str(out, c == '<'   ? IR_S("&lt;")
                            : c == '>' ? IR_S("&gt;")
                            : c == '&' ? IR_S("&amp;")
                                       : IR_S("&quot;"));
        else
            ir_buf_chr(out, c);
    }
}

static void data(struct wish *w, const char *name, const char *others, struct ir_buf *out)
{
    struct ir_buf text = IR_BUF(RENDER_MAX);
    if (others[0] == '/')
        audit_path_text(w, name, others, &text);
    else
        wish_text_or(w, name, " ", others, &text);
    ir_buf_fmt(out, "<Data Name=\"%s\">", name);
    escape(ir_buf_view(&text), out);
    ir_buf_str(out, IR_S("</Data>"));
    ir_buf_free(&text);
}

/* The fields of the rule that the event does not have anyway. */
static void others(struct wish *w, struct ir_str usual, struct ir_buf *out)
{
    char name[64];
    for (size_t i = 0; i < w->n; i++) {
        struct ir_str field = w->v[i].item->field;
        if (w->v[i].item->fields == NULL || w->v[i].used || ir_str_find(usual, field) != IR_NPOS)
            continue;
        snprintf(name, sizeof name, "%.*s", IR_FMT(field));
        data(w, name, "-", out);
    }
}

bool render_sysmon(struct wish *w, unsigned number, struct ir_buf *out)
{
    static const struct {
        const char *category, *id;
        struct ir_str usual;
    } kinds[] = {
        {"process_creation", "1", IR_S("Image CommandLine User")},
        {"network_connection", "3", IR_S("Image User Initiated DestinationIp DestinationPort")},
        {"file_event", "11", IR_S("Image User TargetFilename")}};
    struct ir_logsource ls = w->rule->info.logsource;
    size_t k = 0;
    if (!ir_str_ieq(ls.product, IR_S("linux"))) return false;
    while (k < 3 && !ir_str_ieq(ls.category, ir_str_z(kinds[k].category)))
        k++;
    if (k == 3) return false;
    ir_buf_fmt(
        out,
        "Nov 23 01:%02u:%02u web01 sysmon[812]: <Event><System><Provider Name=\"Linux-Sysmon\" "
        "Guid=\"{ff032593-a8d3-4f13-b0d6-01fc615a0f97}\"/><EventID>%s</EventID>",
        number / 60 % 60, number % 60, kinds[k].id);
    ir_buf_fmt(
        out,
        "<TimeCreated SystemTime=\"2026-11-23T01:%02u:%02u.5Z\"/><EventRecordID>%u</EventRecordID>"
        "<Channel>Linux-Sysmon/Operational</Channel><Computer>web01</Computer></System><EventData>",
        number / 60 % 60, number % 60, number);
    data(w, "Image", "/usr/bin/tool|/usr/local/bin/tool", out);
    data(w, "User", "hana|root", out);
    if (k == 0) data(w, "CommandLine", "tool -x", out);
    if (k == 1) data(w, "Initiated", "true", out);
    if (k == 1) data(w, "DestinationIp", "203.0.113.9|198.51.100.7", out);
    if (k == 1) data(w, "DestinationPort", "443", out);
    if (k == 2) data(w, "TargetFilename", "/srv/x", out);
    others(w, kinds[k].usual, out);
    ir_buf_str(out, IR_S("</EventData></Event>\n"));
    return true;
}
