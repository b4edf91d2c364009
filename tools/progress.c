/*
 * The progress line: how far, where, how many hits. Overwrites itself; one write(2) each time, so
 * that it does not mix with messages.
 */
#include "progress.h"

#include <unistd.h>

#include "base/io.h"
#include "base/utf8.h"
#include "report/page.h"

#define LINE_MAX_BYTES 4096

void progress_show(void *user, const struct ir_progress *p)
{
    struct progress *own = user;
    struct ir_buf line = IR_BUF(LINE_MAX_BYTES);
    ir_buf_str(&line, IR_S("\r\033[K"));
    size_t start = line.n;
    if (p->bytes_total > 0) {
        double part = (double)p->bytes_done / (double)p->bytes_total;
        ir_buf_fmt(&line, "%3d%%  ", part < 1 ? (int)(part * 100) : 100);
    }
    ir_page_bytes(&line, p->bytes_done);
    ir_buf_fmt(&line, _("  input %1$zu of %2$zu  "), p->input, p->inputs);
    ir_page_plural(&line, p->hits, "%s hit", "%s hits");
    ir_buf_add(&line, "  ", 2);
    /* one column stays free, or some terminals begin a new line */
    size_t used = ir_columns(ir_str_skip(ir_buf_view(&line), start));
    if (p->path != NULL && own->columns > used + 10)
        ir_visible(&line, ir_str_z(p->path), own->columns - used - 2);
    ir_io_write_all(STDERR_FILENO, line.p, line.n);
    own->shown = true;
    ir_buf_free(&line);
}

void progress_erase(struct progress *p)
{
    if (p->shown) ir_io_write_all(STDERR_FILENO, "\r\033[K", 4);
    p->shown = false;
}
