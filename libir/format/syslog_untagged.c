/*
 * Messages that begin with no program's tag: which device wrote them is told by their first words
 * (syslog_untagged.def). Not for messages behind a tag, which are their program's, unless a
 * device's row says so.
 */
#include "format/syslog.h"

static const struct ir_syslog_untagged writers[] = {
#define UNTAGGED(name, tagged) {ir_syslog_##name##_at, ir_syslog_##name, tagged},
#include "format/syslog_untagged.def"
#undef UNTAGGED
};

const struct ir_syslog_untagged *ir_syslog_untagged(struct ir_str s, bool tagged, size_t *ret_at)
{
    for (size_t i = 0; s.n > 4 && i < sizeof writers / sizeof *writers; i++) {
        if (tagged && !writers[i].tagged) continue;
        size_t at = writers[i].at(s);
        if (at == IR_NPOS) continue;
        *ret_at = at;
        return &writers[i];
    }
    return NULL;
}
