/*
 * How a described format writes its times: a name (iso8601, syslog, clf, slash, asctime, epoch,
 * epoch_ms, epoch_us) or a layout in the words of strptime(3), compiled once.
 *
 *     %Y %y %m %d %e %b %B %H %k %I %M %S %p %f %j %z %Z %s %a %A %F %T %R %%
 *
 * %f is a fraction of a second of any length; a blank fits one or more blanks; %p knows AM, PM,
 * 午前 and 午後; %a and %Z skip a word (of zones only JST, UTC, GMT and Z are believed). All else
 * stands for itself, so %Y年%m月%d日 works. Without %Y and %y the year is inferred.
 */
#ifndef IR_FORMAT_LAYOUT_H
#define IR_FORMAT_LAYOUT_H

#include "base/err.h"
#include "base/zone.h"
#include "format/format.h"

#define IR_LAYOUT_MAX 96u

enum ir_layout_kind {
    IR_LAYOUT_OWN,
    IR_LAYOUT_ISO,
    IR_LAYOUT_SYSLOG,
    IR_LAYOUT_CLF,
    IR_LAYOUT_SLASH,
    IR_LAYOUT_ASCTIME,
    IR_LAYOUT_EPOCH,
    IR_LAYOUT_EPOCH_MS,
    IR_LAYOUT_EPOCH_US,
};

struct ir_layout {
    enum ir_layout_kind kind;
    char text[IR_LAYOUT_MAX]; /* of an own one, with %F, %T and %R written out */
    size_t n;
    bool has_year;
    bool has_zone; /* told by the file: of stamps that name none */
    struct ir_zone zone;
};

/* zone may be empty; "+09:00", "UTC", "JST". */
int ir_layout_compile(struct ir_str text, struct ir_str zone, struct ir_layout *ret_l,
                      struct ir_err *err);
/* The whole text is a time of this layout: sets ev's. */
bool ir_layout_read(const struct ir_layout *l, struct ir_str text, struct ir_clock *clock,
                    struct ir_event *ev);

#endif
