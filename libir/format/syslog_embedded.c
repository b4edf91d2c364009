/*
 * Records of other formats inside syslog messages: web servers that log to syslog, and audit
 * records. They keep their own log sources, so rules for web or audit logs fire on them too.
 */
#include "format/auditd.h"
#include "format/syslog.h"
#include "format/web_url.h"

void ir_syslog_web(const struct ir_syslog *h, struct ir_event *ev)
{
    if (ir_access_body(h->parser, h->msg, ev) != IR_OK) ir_nginx_error_body(h->parser, h->msg, ev);
}

/* journald's "audit[12]: EXECVE …" has no stamp, and the word is in the tag only. What the trigger
 * "audit" of the format does not find may be skipped unparsed, so it is no record at all. */
static bool audit_record(const struct ir_syslog *h, struct ir_event *ev)
{
    if (ir_str_find(h->tag, IR_S("audit")) == IR_NPOS &&
        ir_str_find(ir_str_head(h->msg, 400), IR_S("audit(")) == IR_NPOS)
        return false;
    struct ir_str body = ir_auditd_body(h->msg);
    return body.p != NULL && ir_format_auditd.parse(h->parser, body, ev) == IR_OK;
}

void ir_syslog_audit(const struct ir_syslog *h, struct ir_event *ev)
{
    audit_record(h, ev);
}

/* Without auditd, and when it is not up yet, the kernel prints records itself. */
void ir_syslog_ring(const struct ir_syslog *h, struct ir_event *ev)
{
    if (!audit_record(h, ev)) ir_syslog_kernel(h, ev);
}
