/*
 * Messages of devices and services that belong to log sources besides the format's own: the texts
 * that stand in each of them (syslog_hints.def), and these sources. For the format `syslog` and for
 * files of the devices themselves.
 */
#include "format/syslog.h"

const struct ir_hint ir_syslog_hints[] = {
#define HINT(text, source) {text, IR_LS_##source},
#include "format/syslog_hints.def"
#undef HINT
    {NULL, IR_LS_NONE}};

const uint16_t ir_syslog_more[] = {IR_LS_FIREWALL,       IR_LS_AUTHENTICATION,
                                   IR_LS_ACCOUNT_CHANGE, IR_LS_FILE_EVENT,
                                   IR_LS_FILE_RENAME,    IR_LS_ANTIVIRUS,
                                   IR_LS_CISCO_AAA,      IR_LS_CISCO_LDP,
                                   IR_LS_CISCO_BGP,      0};
