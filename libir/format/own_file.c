/*
 * What the formats of daemons' own files share: see own_file.h.
 */
#include "format/own_file.h"

#define BID_LINES 64

struct ir_own_share ir_own_share(struct ir_str head,
                                 bool (*accept)(struct ir_str rec, struct ir_clock *clock,
                                                struct ir_event *ev, struct ir_syslog *h),
                                 bool (*sure)(struct ir_str msg))
{
    struct ir_own_share n = {0};
    while (head.p != NULL && head.n > 0 && n.lines < BID_LINES) {
        struct ir_str line = ir_str_cut(&head, '\n');
        if (line.n > 0 && line.p[line.n - 1] == '\r') line.n--;
        if (line.n == 0) continue;
        struct ir_syslog h = {0};
        struct ir_clock clock = {0};
        struct ir_event scratch = {0};
        bool took = accept(line, &clock, &scratch, &h);
        if (head.p == NULL && !took && n.lines > 0) break; /* the peek may have cut it */
        n.lines++;
        n.good += took;
        n.sure += took && sure(h.msg);
    }
    return n;
}

void ir_own_fields(const struct ir_syslog *h, struct ir_event *ev, uint16_t service, bool computer)
{
    if (h->tag.n > 0 && h->tag_ours)
        ir_event_derive(ev, IR_F_PROCESS_NAME, h->tag);
    else if (h->tag.n > 0)
        ir_event_set(ev, IR_F_PROCESS_NAME, h->tag);
    if (h->pid.n > 0) ir_event_add(ev, IR_F_PROCESS_PID, IR_V_NUMBER, h->pid);
    ir_event_set(ev, IR_F_MESSAGE, h->msg);
    if (service != IR_LS_NONE) ir_event_source(ev, service);
    if (computer) ir_event_source(ev, IR_LS_LINUX);
}
