/*
 * Who is logged in: the session records that are kept while the host runs (utmp(5), and logind's
 * files), and the accounts as the files have them, not as a name service tells. Records of utmp are
 * written by programs that can be fooled: the texts in them are any bytes.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <utmp.h>

#include "base/intl.h"
#include "base/ip.h"
#include "base/time.h"
#include "evidence/live_int.h"
#include "evidence/live_user.h"

#define FIELD(f) ir_str_n((f), strnlen((f), sizeof(f)))

bool ir_live_utmp(struct ir_str record, struct ir_jline *j)
{
    static const char *const types[] = {"empty",         "run_level",    "boot",
                                        "new_time",      "old_time",     "init_process",
                                        "login_process", "user_process", "dead_process"};
    struct utmp u;
    char text[64];
    struct ir_ip ip = {0};
    static const int32_t none[4] = {0};
    if (record.n < sizeof u) return false;
    memcpy(&u, record.p, sizeof u);
    if (u.ut_type >= 0 && (size_t)u.ut_type < sizeof types / sizeof *types)
        ir_jline_text(j, "type", ir_str_z(types[u.ut_type]));
    ir_jline_signed(j, "pid", u.ut_pid);
    ir_jline_bytes(j, "user", FIELD(u.ut_user));
    ir_jline_bytes(j, "line", FIELD(u.ut_line));
    ir_jline_bytes(j, "host", FIELD(u.ut_host));
    ir_jline_time(j, "time_utc",
                  (int64_t)(uint32_t)u.ut_tv.tv_sec * IR_NS +
                      (int64_t)u.ut_tv.tv_usec % 1000000 * 1000);
    if (memcmp(u.ut_addr_v6, none, sizeof none) == 0) return true;
    ip.v4 = memcmp(u.ut_addr_v6 + 1, none, 12) == 0;
    if (ip.v4) memset(ip.b + 10, 0xff, 2);
    memcpy(ip.b + (ip.v4 ? 12 : 0), u.ut_addr_v6, ip.v4 ? 4 : 16);
    ir_jline_text(j, "address", ir_str_n(text, ir_ip_text(&ip, text)));
    return true;
}

static void sessions(struct ir_live *l)
{
    struct ir_live_out out;
    struct ir_str rest;
    ir_live_raw(l, "/run/utmp");
    if (ir_live_read(AT_FDCWD, "/run/utmp", &l->text) != 0) return;
    ir_live_out_open(l, &out, "sessions.jsonl", "/run/utmp");
    for (rest = ir_buf_view(&l->text); rest.n >= sizeof(struct utmp);
         rest = ir_str_skip(rest, sizeof(struct utmp))) {
        ir_live_utmp(rest, ir_live_line(&out));
        ir_live_line_end(&out);
    }
    ir_live_out_close(&out);
}

/* logind keeps a file of NAME=value lines for each session and user. */
static void logind(struct ir_live *l, const char *dir)
{
    char path[300];
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    if (d == NULL) {
        ir_live_miss_errno(l, ir_str_z(dir), errno, false);
        if (fd >= 0) close(fd);
        return;
    }
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        if (e->d_type != DT_REG || strlen(e->d_name) > 64) continue;
        snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
        ir_live_raw(l, path);
    }
    closedir(d);
}

/* Accounts that can do everything, by whatever name. */
static void superuser(struct ir_live *l, struct ir_str name)
{
    if (ir_str_eq(name, IR_S("root"))) return;
    struct ir_jline j = ir_live_finding(l, IR_LIVE_NOTICE, "account-uid-0",
                                        N_("an account besides root has the number 0"));
    ir_jline_bytes(&j, "user", name);
    ir_jline_close(&j);
}

bool ir_live_passwd(struct ir_str line, struct ir_jline *j, struct ir_str *ret_name,
                    uint64_t *ret_uid)
{
    struct ir_str rest = line, v[7];
    uint64_t gid;
    for (unsigned i = 0; i < 7; i++)
        v[i] = ir_str_cut(&rest, i < 6 ? ':' : '\n');
    *ret_name = v[0];
    if (v[0].n == 0 || v[6].p == NULL || !ir_str_u64(v[2], ret_uid) || !ir_str_u64(v[3], &gid))
        return false;
    ir_jline_bytes(j, "user", v[0]);
    ir_jline_number(j, "uid", *ret_uid);
    ir_jline_number(j, "gid", gid);
    ir_jline_flag(j, "password_in_passwd", v[1].n > 1); /* a hash here: its text is a secret */
    ir_jline_flag(j, "no_password", v[1].n == 0);
    ir_jline_bytes(j, "comment", v[4]);
    ir_jline_bytes(j, "home", v[5]);
    ir_jline_bytes(j, "shell", v[6]);
    return true;
}

static void accounts(struct ir_live *l)
{
    struct ir_live_out out;
    struct ir_str rest, line, name;
    uint64_t uid;
    bool ended;
    int rc = ir_live_read(AT_FDCWD, "/etc/passwd", &l->text);
    if (rc != 0) {
        ir_live_miss_errno(l, IR_S("/etc/passwd"), -rc, false);
        return;
    }
    ir_live_out_open(l, &out, "accounts.jsonl", "/etc/passwd");
    rest = ir_buf_view(&l->text);
    while (ir_str_line(&rest, &line, &ended)) {
        struct ir_jline *j = ir_live_line(&out);
        if (!ir_live_passwd(line, j, &name, &uid))
            ir_jline_bytes(j, "unusual_line", line);
        else if (uid == 0)
            superuser(l, name);
        ir_live_line_end(&out);
    }
    ir_live_out_close(&out);
}

void ir_live_user(struct ir_live *l)
{
    sessions(l);
    logind(l, "/run/systemd/sessions");
    logind(l, "/run/systemd/users");
    accounts(l);
}
