/*
 * What sftp-server says of files: the words of file servers, both names of a renaming; and names
 * that hold quotes and the words behind them.
 */
#include "syslog_test.h"

static struct lines t;

static void has(uint32_t id, const char *want)
{
    is_str(field(&t, id), want, "  field %u", id);
}

static void file(const char *msg, const char *action, const char *path, bool event)
{
    char want[64];
    snprintf(want, sizeof want, "-|-|-|%s", action);
    says(&t, "sftp-server[7]", msg, want);
    has(IR_F_FILE_PATH, path);
    is_int(has_source(&t, IR_LS_FILE_EVENT), event, "  changes of files");
}

static void test_files(void)
{
    file("open \"/srv/a b.txt\" flags WRITE,CREATE mode 0644", "file_open", "/srv/a b.txt", true);
    file("close \"/srv/a\" bytes read 0 written 30", "file_write", "/srv/a", true);
    file("close \"/srv/a\" bytes read 30 written 0", "file_read", "/srv/a", false);
    file("forced close \"/srv/a\" bytes read 1 written 10", "file_write", "/srv/a", true);
    file("close \"/srv/a\" bytes read 0 written 0", "-", NULL, false);
    file("remove name \"/srv/a\"", "file_delete", "/srv/a", false);
    file("mkdir name \"/srv/d\" mode 0777", "directory_create", "/srv/d", false);
    file("rmdir name \"/srv/d\"", "directory_delete", "/srv/d", false);
    file("set \"/srv/a\" mode 06755", "permission_change", "/srv/a", false);
    file("symlink old \"/etc\" new \"/srv/link\"", "file_create", "/srv/link", true);
    file("rename old \"/srv/a.txt\" new \"/srv/a.locked\"", "file_rename", "/srv/a.txt", true);
    has(IR_F_FILE_TARGET_PATH, "/srv/a.locked");
    has(IR_F_FILE_NEW_EXTENSION, "locked");
    ok(has_source(&t, IR_LS_FILE_RENAME), "  a renaming");
    file("sent status Permission denied", "sftp_status", NULL, false);
    has(IR_F_EVENT_REASON, "Permission denied");
    says(&t, "sshd[7]", "posix-rename old \"/a\" new \"/b\" [postauth]", "-|-|-|file_rename");
    has(IR_F_FILE_TARGET_PATH, "/b");
    says(&t, "internal-sftp[7]", "session opened for local user bob from [2001:db8::7]",
         "bob|2001:db8::7|-|sftp_session");
}

static void test_hostile(void)
{
    file("open \"/a\" flags READ mode 0666\" flags WRITE mode 0644", "file_open",
         "/a\" flags READ mode 0666", true);
    file("close \"/a\" bytes read 0 written 0\" bytes read 9 written 0", "file_read",
         "/a\" bytes read 0 written 0", false);
    file("rename old \"/a\" new \"/b\" new \"/c\"", "file_rename", NULL, true);
    has(IR_F_FILE_TARGET_PATH, NULL);
    file("remove name \"/a", "-", NULL, false);
    file("open \"", "-", NULL, false);
    says(&t, "sftp-server[7]", "session opened for local user a from [6.6.6.6] from [192.0.2.1]",
         "a from [6.6.6.6]|192.0.2.1|-|sftp_session");
    says(&t, "sftp-server[7]", "session opened for local user bob from [192.0.2.1",
         "-|-|-|sftp_session");
}

int main(void)
{
    lines_open(&t, "syslog", 1795392000);
    test_files();
    test_hostile();
    lines_close(&t);
    return done();
}
