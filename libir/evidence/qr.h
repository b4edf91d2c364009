/*
 * A QR code (ISO/IEC 18004) of a short text, by libqrencode, for labels and receipts.
 */
#ifndef IR_EVIDENCE_QR_H
#define IR_EVIDENCE_QR_H

#include "base/buf.h"

/* An SVG element of `mm` millimetres; false: memory is out, or the text is too long. */
bool ir_qr_svg(struct ir_buf *out, const char *text, unsigned mm);
/* Two modules a character, by half blocks; dark on light. */
bool ir_qr_text(struct ir_buf *out, const char *text);

#endif
