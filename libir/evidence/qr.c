/*
 * QR codes as SVG and as text (see qr.h). Error correction Q: a quarter of a label may be dirty.
 */
#include "evidence/qr.h"

#include <qrencode.h>

#define QUIET 4 /* modules of margin that the standard asks for */

static QRcode *encode(const char *text)
{
    return QRcode_encodeString8bit(text, 0, QR_ECLEVEL_Q);
}

static bool dark(const QRcode *q, int x, int y)
{
    return x >= 0 && y >= 0 && x < q->width && y < q->width && (q->data[y * q->width + x] & 1) != 0;
}

bool ir_qr_svg(struct ir_buf *out, const char *text, unsigned mm)
{
    QRcode *q = encode(text);
    if (q == NULL) return false;
    int side = q->width + 2 * QUIET;
    ir_buf_fmt(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%umm\" height=\"%umm\" "
               "viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" "
               "d=\"M0 0h%dv%dH0z\"/><path fill=\"#000\" d=\"",
               mm, mm, side, side, side, side);
    for (int y = 0; y < q->width; y++)
        for (int x = 0; x < q->width; x++)
            if (dark(q, x, y)) ir_buf_fmt(out, "M%d %dh1v1h-1z", x + QUIET, y + QUIET);
    ir_buf_str(out, IR_S("\"/></svg>\n"));
    QRcode_free(q);
    return !out->full;
}

bool ir_qr_text(struct ir_buf *out, const char *text)
{
    static const char *const blocks[] = {" ", "▀", "▄", "█"};
    QRcode *q = encode(text);
    if (q == NULL) return false;
    for (int y = -QUIET; y < q->width + QUIET; y += 2) {
        for (int x = -QUIET; x < q->width + QUIET; x++)
            ir_buf_str(out, ir_str_z(blocks[dark(q, x, y) + 2 * dark(q, x, y + 1)]));
        ir_buf_chr(out, '\n');
    }
    QRcode_free(q);
    return !out->full;
}
