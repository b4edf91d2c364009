/* Dissectors still to come: they add nothing yet. */
#include "format/syslog.h"

#define D(n) void n(const struct ir_syslog *h, struct ir_event *ev); void n(const struct ir_syslog *h, struct ir_event *ev){(void)h;(void)ev;}
D(ir_syslog_sudo) D(ir_syslog_su) D(ir_syslog_login) D(ir_syslog_logind) D(ir_syslog_cron) D(ir_syslog_account) D(ir_syslog_kernel) D(ir_syslog_vsftpd) D(ir_syslog_dropbear) D(ir_syslog_ftpd)
bool ir_syslog_pam(const struct ir_syslog *h, struct ir_event *ev){(void)h;(void)ev;return false;}
bool ir_syslog_is_firewall(struct ir_str m){(void)m;return false;}
