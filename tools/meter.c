/*
 * The line of meter.h; one write(2) each time, so that it does not mix with messages.
 */
#include "meter.h"

#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/time.h"
#include "report/page.h"

#define EACH (IR_NS / 5)

static int64_t ticks(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * IR_NS + t.tv_nsec;
}

void meter_begin(struct meter *m, const struct env *env)
{
    *m = (struct meter){.on = env->progress};
}

/* Hours, minutes and seconds that are left at the rate so far. */
static void remaining(struct ir_buf *line, double seconds)
{
    uint64_t s = seconds < 1e7 ? (uint64_t)(seconds + 0.5) : 9999999;
    ir_buf_fmt(line, _("  %1$u:%2$02u:%3$02u left"), (unsigned)(s / 3600), (unsigned)(s / 60 % 60),
               (unsigned)(s % 60));
}

void meter_show(struct meter *m, uint64_t files, uint64_t bytes, uint64_t of)
{
    if (!m->on) return;
    int64_t now = ticks();
    if (m->next == 0) {
        m->first = bytes;
        m->start = now;
        m->next = now + EACH;
    }
    if (now < m->next) return;
    if (of == 0) of = m->of;
    m->next = now + EACH;
    double rate = (double)(bytes - m->first) / ((double)(now - m->start) / (double)IR_NS);
    struct ir_buf line = IR_BUF(1024);
    ir_buf_str(&line, IR_S("\r\033[K"));
    if (of > 0 && bytes <= of)
        ir_buf_fmt(&line, "%3d%%  ", (int)((double)bytes / (double)of * 100));
    ir_page_bytes(&line, bytes);
    ir_buf_str(&line, IR_S("  "));
    if (files > 0) {
        ir_page_plural(&line, files, "%s file", "%s files");
        ir_buf_str(&line, IR_S("  "));
    }
    ir_page_bytes(&line, (uint64_t)rate);
    ir_buf_str(&line, IR_S("/s"));
    if (of > bytes && rate > 0) remaining(&line, (double)(of - bytes) / rate);
    ir_io_write_all(STDERR_FILENO, line.p, line.n);
    m->shown = true;
    ir_buf_free(&line);
}

void meter_on(void *user, uint64_t files, uint64_t bytes, uint64_t of)
{
    meter_show(user, files, bytes, of);
}

void meter_end(struct meter *m)
{
    if (m->shown) ir_io_write_all(STDERR_FILENO, "\r\033[K", 4);
    m->shown = false;
}
