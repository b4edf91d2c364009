/*
 * What file servers tell of files, whoever logs it: one word for a renaming, both names, and the
 * ending that is new; that names which look like the rest of a line move nothing; and that a scan
 * finds each record.
 */
#include "syslog_test.h"

#define AT "Nov 22 01:02:03 gw "

static struct lines t;

static void is_or_none(uint32_t id, const char *want)
{
    struct ir_str v = field(&t, id);
    if (want == NULL)
        ok(v.p == NULL, "  no field %u", id);
    else
        is_str(v, want, "  field %u", id);
}

static void renamed(const char *text, const char *from, const char *to, const char *ending)
{
    static char copy[1024];
    snprintf(copy, sizeof copy, "%s", text);
    line(&t, copy);
    is_str(field(&t, IR_F_EVENT_ACTION), "file_rename", "%s", text);
    is_str(field(&t, IR_F_USER_NAME), "bob", "  who");
    is_or_none(IR_F_FILE_PATH, from);
    is_or_none(IR_F_FILE_TARGET_PATH, to);
    is_or_none(IR_F_FILE_NEW_EXTENSION, ending);
    ok(has_source(&t, IR_LS_FILE_RENAME) && has_source(&t, IR_LS_FILE_EVENT), "  log sources");
    for (size_t len = 0; len < strlen(copy); len++) {
        struct ir_str rec = ir_str_n(copy, len);
        ir_arena_reset(&t.arena);
        ir_event_begin(t.ev, rec, 0, 1);
        ir_parser_record(&t.parser, rec, t.ev, &t.took);
        if (!is_searchable(&t)) ok(false, "  a prefix of %zu bytes could be missed", len);
    }
}

static void does(const char *text, const char *action)
{
    static char copy[1024];
    snprintf(copy, sizeof copy, "%s", text);
    line(&t, copy);
    is_str(field(&t, IR_F_EVENT_ACTION), action, "%s", text);
    ok(is_searchable(&t), "  a scan cannot miss it");
}

#define DSM  AT "WinFileService Event: "
#define TAIL ", File/Folder: File, Size: 1 KB, User: bob, IP: 192.0.2.1"
#define QNAP                                                                                       \
    AT "qulogd[7]: conn log: Users: bob, Source IP: 192.0.2.1, Computer name: pc, "                \
       "Connection type: SAMBA, Accessed resources: "
#define SMB AT "smbd_audit[7]: EX\\bob|192.0.2.1|pc|share|"

int main(void)
{
    lines_open(&t, "syslog", INT64_C(1795392000));
    renamed(DSM "rename, Path: /a/x.docx -> /a/x.docx.Qz3k" TAIL, "/a/x.docx", "/a/x.docx.Qz3k",
            "Qz3k");
    renamed(DSM "rename, Path: /a/x -> y.docx -> /a/z.pdf" TAIL, "/a/x -> y.docx -> /a/z.pdf", NULL,
            NULL); /* which arrow is the NAS's? */
    renamed(DSM "rename, Path: /a/A.JPG -> /b/c.jpg" TAIL, "/a/A.JPG", "/b/c.jpg", NULL);
    renamed(DSM "move, Path: /a/x.txt -> /a/x.txt.[id-7].[a@b.example]" TAIL, "/a/x.txt",
            "/a/x.txt.[id-7].[a@b.example]", "example]");
    renamed(DSM "rename, Path: /a, User: eve, IP: 203.0.113.6 -> /b.x" TAIL,
            "/a, User: eve, IP: 203.0.113.6", "/b.x", "x");
    renamed(QNAP "P/a.txt -> P/a.txt.abcdq, Action: Rename", "P/a.txt", "P/a.txt.abcdq", "abcdq");
    renamed(SMB "renameat|ok|a.txt|b.tar.lockbit", "a.txt", "b.tar.lockbit", "lockbit");
    renamed(SMB "renameat|ok|a.txt|v1.2 final", "a.txt", "v1.2 final", NULL);
    does(DSM "delete, Path: /a/x.docx" TAIL, "file_delete");
    does(DSM "create, Path: /a/x.docx" TAIL, "file_create");
    does(QNAP "P/a.txt, Action: Write", "file_write");
    does(QNAP "P/a.txt, Action: Frobnicate", "Frobnicate");
    does(SMB "unlinkat|ok|a.txt", "file_delete");
    does(SMB "mkdirat|ok|a", "directory_create");
    does(AT "System admin: User [support] was created.", "user_added");
    ok(has_source(&t, IR_LS_SYNOLOGY_DSM) && has_source(&t, IR_LS_ACCOUNT_CHANGE), "log sources");
    lines_close(&t);
    return done();
}
