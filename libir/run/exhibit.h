/*
 * Inputs that lie in a sealed exhibit (evidence/exhibit.h): where the file was when it was
 * collected, and whether it still is what was sealed. The lists of an exhibit are no logs, so of an
 * exhibit only data/ is read.
 */
#ifndef IR_RUN_EXHIBIT_H
#define IR_RUN_EXHIBIT_H

#include "run/scan_int.h"

/* After the list of inputs is complete: drops the lists. False: memory. */
bool ir_exhibits_find(struct ir_scan *s);
/* After s->input is there, before anything is read: digests each file and holds it against the
 * list, and the list against the seal. What differs counts as damaged. */
bool ir_exhibits_check(struct ir_scan *s);
void ir_exhibits_free(struct ir_scan *s);
/* NULL: the input lies in no exhibit. */
const struct ir_exhibit_place *ir_exhibits_place(const struct ir_scan *s, size_t input);
size_t ir_exhibits_report(const struct ir_scan *s, const struct ir_exhibit_report **ret_v);

#endif
