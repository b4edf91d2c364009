/*
 * A scan that is ended from outside (Ctrl-C, a service manager, a closed terminal) has reported
 * nothing: that is said, so that an empty output does not pass for a clean log. Then the signal
 * does what it always does.
 */
#ifndef IR_TOOLS_INTERRUPT_H
#define IR_TOOLS_INTERRUPT_H

/* From here to interrupt_end, which comes before the first byte of a report. */
void interrupt_begin(void);
void interrupt_end(void);

#endif
