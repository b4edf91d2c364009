/*
 * The structured tables of loghub's Linux and OpenSSH samples: each line must give the host,
 * program, pid and content that the table says. The tables cut the line into columns by their own
 * rules; so this is a second opinion on the head of a line.
 */
#include "syslog_test.h"

/* The next CSV column, "" for a doubled quote; *p moves behind the comma. */
static void column(const char **p, char *buf, size_t cap)
{
    size_t n = 0;
    bool quoted = **p == '"';
    for (*p += quoted; **p != '\0'; (*p)++) {
        if (quoted && **p == '"') {
            if ((*p)[1] != '"') {
                (*p)++;
                break;
            }
            (*p)++;
        } else if (!quoted && **p == ',') {
            break;
        }
        if (n + 1 < cap) buf[n++] = **p;
    }
    buf[n] = '\0';
    if (**p == ',') (*p)++;
}

struct columns {
    unsigned host, program, pid, content; /* numbers of columns; 0: not there */
};

/* Says only what differs: 2000 lines are too many to list. */
static unsigned same(struct ir_str got, const char *want, const char *what, unsigned number)
{
    if (ir_str_eq(got, ir_str_z(want))) return 0;
    is_str(got, want, "%s of line %u", what, number);
    return 1;
}

static unsigned check(const struct lines *t, const struct columns *c, const char *csv,
                      unsigned number)
{
    char v[4096];
    unsigned wrong = 0;
    for (unsigned i = 0; *csv != '\0' && i <= c->content; i++) {
        column(&csv, v, sizeof v);
        if (i == c->host) wrong += same(field(t, IR_F_HOST_NAME), v, "host", number);
        if (i == c->program && c->program != 0)
            wrong += same(field(t, IR_F_PROCESS_NAME), v, "program", number);
        if (i == c->pid) wrong += same(field(t, IR_F_PROCESS_PID), v, "pid", number);
        if (i == c->content)
            wrong += same(ir_str_trim(field(t, IR_F_MESSAGE)), v, "content", number);
    }
    return wrong;
}

static void pair(const char *log, const char *csv, const struct columns *c)
{
    char path[1024], text[8192], row[8192];
    FILE *f = NULL, *g = NULL;
    struct lines t;
    if (ir_tap_shared(log, path, sizeof path)) f = fopen(path, "r");
    if (ir_tap_shared(csv, path, sizeof path)) g = fopen(path, "r");
    if (f == NULL || g == NULL) {
        skip("loghub's samples are not below IR_SHARED");
        if (f != NULL) fclose(f);
        if (g != NULL) fclose(g);
        return;
    }
    lines_open(&t, "syslog", INT64_C(1767225600));
    unsigned number = 0, wrong = 0, differ = 0;
    if (fgets(row, sizeof row, g) == NULL) row[0] = '\0';
    while (fgets(text, sizeof text, f) != NULL && fgets(row, sizeof row, g) != NULL) {
        text[strcspn(text, "\r\n")] = '\0';
        row[strcspn(row, "\r\n")] = '\0';
        line(&t, text);
        number++;
        wrong += t.took != ir_format_by_name(IR_S("syslog")) || !(t.ev->flags & IR_EV_TIME);
        differ += check(&t, c, row, number);
    }
    is_int(wrong, 0, "lines of %s that are no syslog with a time", log);
    is_int(differ, 0, "columns of %s that differ", log);
    is_int(number, 2000, "lines of %s", log);
    lines_close(&t);
    fclose(f);
    fclose(g);
}

int main(void)
{
    pair("data/loghub/Linux/Linux_2k.log", "data/loghub/Linux/Linux_2k.log_structured.csv",
         &(struct columns){.host = 4, .program = 5, .pid = 6, .content = 7});
    pair("data/loghub/OpenSSH/OpenSSH_2k.log", "data/loghub/OpenSSH/OpenSSH_2k.log_structured.csv",
         &(struct columns){.host = 4, .program = 0, .pid = 5, .content = 6});
    return done();
}
