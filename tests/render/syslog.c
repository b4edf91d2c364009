/*
 * Rules for syslog as its lines: the program that the service stands for, and keywords in its
 * message. A rule for "linux" alone is tried on a shell that logs its commands.
 */
#include "render.h"

static const struct program {
    const char *service, *tag, *before, *after;
} programs[] = {
    {"sshd", "sshd", "", " [preauth]"},
    {"auth", "pkexec", "hana: ", ""},
    {"cron", "crontab", "(hana) ", " (hana)"},
    {"clamav", "clamd", "/srv/files/invoice.doc: ", ""},
    {"guacamole", "guacd", "Connection \"$a\" ", ""},
    {"vsftpd", "vsftpd", "[hana] FTP response: Client \"203.0.113.9\", \"500 ", "\""},
    {"syslog", "systemd", "", ""},
    {"", "bash", "HISTORY: PID=4711 UID=1000 ", ""},
};

static void keywords(struct wish *w, const struct program *p, struct ir_buf *out)
{
    ir_buf_str(out, ir_str_z(p->before));
    wish_text_or(w, "", " ", "nothing of note", out);
    ir_buf_str(out, ir_str_z(p->after));
}

static void sudo(struct wish *w, struct ir_buf *out)
{
    ir_buf_str(out, IR_S("    hana : TTY="));
    wish_text_or(w, "TTY", "", "pts/0", out);
    ir_buf_str(out, IR_S(" ; PWD="));
    wish_text_or(w, "PWD", "", "/home/hana", out);
    ir_buf_str(out, IR_S(" ; USER="));
    wish_text_or(w, "USER", "", "root", out);
    ir_buf_str(out, IR_S(" ; COMMAND="));
    struct ir_buf command = IR_BUF(RENDER_MAX);
    if (!wish_text(w, "COMMAND", "", " ", &command))
        wish_text_or(w, "", " ", "/usr/bin/id", &command);
    ir_buf_str(out, ir_buf_view(&command));
    ir_buf_free(&command);
}

bool render_syslog(struct wish *w, unsigned number, struct ir_buf *out)
{
    struct ir_logsource ls = w->rule->info.logsource;
    const struct program *p = NULL;
    bool is_sudo = ir_str_ieq(ls.service, IR_S("sudo"));
    if (!ir_str_ieq(ls.product, IR_S("linux")) || ls.category.n > 0) return false;
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        if (ir_str_ieq(ls.service, ir_str_z(programs[i].service))) p = &programs[i];
    if (p == NULL && !is_sudo) return false;
    ir_buf_fmt(out, "Nov 23 01:%02u:%02u web01 %s[%u]: ", number / 60 % 60, number % 60,
               is_sudo ? "sudo" : p->tag, 1000 + number % 30000);
    if (is_sudo)
        sudo(w, out);
    else
        keywords(w, p, out);
    ir_buf_chr(out, '\n');
    return true;
}
