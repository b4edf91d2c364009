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

void ir_syslog_audit(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str body = ir_auditd_body(h->msg);
    if (body.p != NULL) ir_format_auditd.parse(h->parser, body, ev);
}
