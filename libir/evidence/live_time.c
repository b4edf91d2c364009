/*
 * Clocks, uptime and identity of the host: what all other times of the collection are measured by.
 * The clock is compared, never set.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <time.h>

#include "base/time.h"
#include "evidence/custody.h"
#include "evidence/live_int.h"

static int64_t clock_ns(clockid_t id)
{
    struct timespec t;
    return clock_gettime(id, &t) == 0 ? t.tv_sec * IR_NS + t.tv_nsec : 0;
}

/* A number in a file of /sys or /proc. */
static bool number_of(struct ir_live *l, const char *path, uint64_t *ret_v)
{
    if (ir_live_read(AT_FDCWD, path, &l->text) != 0) return false;
    struct ir_str s = ir_buf_view(&l->text), line;
    bool ended;
    return ir_str_line(&s, &line, &ended) && ir_str_u64(ir_str_trim(line), ret_v);
}

static void text_of(struct ir_live *l, struct ir_jline *j, const char *name, const char *path)
{
    bool ended;
    struct ir_str line, all;
    if (ir_live_read(AT_FDCWD, path, &l->text) != 0) return;
    all = ir_buf_view(&l->text);
    if (ir_str_line(&all, &line, &ended)) ir_jline_bytes(j, name, line);
}

/* The battery clock has whole seconds, so the difference is known to one second. */
static void battery_clock(struct ir_live *l, struct ir_jline *j)
{
    uint64_t rtc;
    if (!number_of(l, "/sys/class/rtc/rtc0/since_epoch", &rtc)) return;
    int64_t system = clock_ns(CLOCK_REALTIME);
    ir_jline_number(j, "rtc_seconds", rtc);
    ir_jline_signed(j, "system_minus_rtc_s", system / IR_NS - (int64_t)rtc);
}

static void kernel_clock(struct ir_jline *j)
{
    struct timex t = {0};
    struct ir_custody_clock c;
    int state = adjtimex(&t);
    ir_custody_clock_now(&c);
    ir_jline_text(j, "clock_source", ir_str_z(c.source));
    ir_jline_text(j, "clock_method", ir_str_z(c.method));
    if (state < 0) return;
    ir_jline_flag(j, "synchronised", state != TIME_ERROR && !(t.status & STA_UNSYNC));
    ir_jline_number(j, "adjtimex_status", (uint64_t)t.status);
    ir_jline_signed(j, "adjtimex_offset", t.offset);
    ir_jline_signed(j, "adjtimex_frequency", t.freq);
    ir_jline_signed(j, "max_error_us", t.maxerror);
    ir_jline_signed(j, "estimated_error_us", t.esterror);
    ir_jline_signed(j, "tai_offset_s", t.tai);
}

static void clocks(struct ir_live *l)
{
    struct ir_live_out out;
    ir_live_out_open(l, &out, "time.jsonl", "clock_gettime, adjtimex, /proc and /sys");
    struct ir_jline *j = ir_live_line(&out);
    int64_t boot = clock_ns(CLOCK_BOOTTIME), real = clock_ns(CLOCK_REALTIME);
    ir_jline_time(j, "time_utc", real);
    ir_jline_signed(j, "realtime_ns", real);
    ir_jline_signed(j, "monotonic_ns", clock_ns(CLOCK_MONOTONIC));
    ir_jline_signed(j, "boottime_ns", boot);
    ir_jline_time(j, "booted_utc", real - boot);
    ir_jline_signed(j, "uptime_s", boot / IR_NS);
    kernel_clock(j);
    battery_clock(l, j);
    text_of(l, j, "timezone", "/etc/timezone");
    if (ir_live_link(AT_FDCWD, "/etc/localtime", &l->link) == 0)
        ir_jline_bytes(j, "localtime", ir_buf_view(&l->link));
    ir_live_line_end(&out);
    ir_live_out_close(&out);
}

static void host(struct ir_live *l)
{
    struct ir_live_out out;
    struct utsname u;
    ir_live_out_open(l, &out, "host.jsonl", "uname, /proc and /sys");
    struct ir_jline *j = ir_live_line(&out);
    if (uname(&u) == 0) {
        ir_jline_bytes(j, "hostname", ir_str_z(u.nodename));
        ir_jline_bytes(j, "kernel", ir_str_z(u.release));
        ir_jline_bytes(j, "kernel_version", ir_str_z(u.version));
        ir_jline_bytes(j, "machine", ir_str_z(u.machine));
        ir_jline_bytes(j, "domain", ir_str_z(u.domainname));
    }
    text_of(l, j, "machine_id", "/etc/machine-id");
    text_of(l, j, "boot_id", "/proc/sys/kernel/random/boot_id");
    text_of(l, j, "kernel_command_line", "/proc/cmdline");
    text_of(l, j, "load", "/proc/loadavg");
    text_of(l, j, "vendor", "/sys/class/dmi/id/sys_vendor");
    text_of(l, j, "product", "/sys/class/dmi/id/product_name");
    text_of(l, j, "serial", "/sys/class/dmi/id/product_serial");
    ir_live_line_end(&out);
    ir_live_out_close(&out);
}

void ir_live_time(struct ir_live *l)
{
    static const char *const raw[] = {"/proc/uptime",  "/proc/stat",       "/proc/version",
                                      "/proc/meminfo", "/proc/interrupts", "/proc/vmstat"};
    clocks(l);
    host(l);
    for (size_t i = 0; i < sizeof raw / sizeof *raw; i++)
        ir_live_raw(l, raw[i]);
}
