/*
 * Changes of files as file servers tell them (Samba, Synology, QNAP): one vocabulary, so that one
 * rule serves for all. Not for reading the lines: see syslog_samba.c and syslog_nas.c.
 *
 *     event.action           file_rename, file_delete, file_create …
 *     file.path              the file; of a renaming the old name
 *     file.target_path       the new name
 *     ir.file.new_extension  the ending that a renaming gave it, when the file had another before
 *
 * Hostile: the names. The new one's ending is what stands behind its last dot, whoever wrote it.
 */
#include "format/file_share.h"

#include "format/syslog.h"

#define EXTENSION_MAX 24u

enum kind { NONE, EVENT, RENAME };

static const struct word {
    struct ir_str word; /* small letters; the first may be a capital */
    const char *action;
    enum kind kind;
} words[] = {
    {IR_S("rename"), "file_rename", RENAME},
    {IR_S("renamed"), "file_rename", RENAME},
    {IR_S("renameat"), "file_rename", RENAME},
    {IR_S("move"), "file_rename", RENAME},
    {IR_S("moved"), "file_rename", RENAME},
    {IR_S("create"), "file_create", EVENT},
    {IR_S("created"), "file_create", EVENT},
    {IR_S("upload"), "file_create", EVENT},
    {IR_S("copy"), "file_copy", EVENT},
    {IR_S("write"), "file_write", EVENT},
    {IR_S("modified"), "file_write", EVENT},
    {IR_S("pwrite"), "file_write", EVENT},
    {IR_S("pwrite_recv"), "file_write", EVENT},
    {IR_S("open"), "file_open", EVENT},
    {IR_S("openat"), "file_open", EVENT},
    {IR_S("create_file"), "file_open", EVENT},
    {IR_S("delete"), "file_delete", NONE},
    {IR_S("deleted"), "file_delete", NONE},
    {IR_S("unlink"), "file_delete", NONE},
    {IR_S("unlinkat"), "file_delete", NONE},
    {IR_S("read"), "file_read", NONE},
    {IR_S("pread"), "file_read", NONE},
    {IR_S("pread_recv"), "file_read", NONE},
    {IR_S("download"), "file_read", NONE},
    {IR_S("mkdir"), "directory_create", NONE},
    {IR_S("mkdirat"), "directory_create", NONE},
    {IR_S("make dir"), "directory_create", NONE},
    {IR_S("create folder"), "directory_create", NONE},
    {IR_S("rmdir"), "directory_delete", NONE},
    {IR_S("connect"), "share_connect", NONE},
    {IR_S("disconnect"), "share_disconnect", NONE},
    {IR_S("permission change"), "permission_change", NONE},
};

static const struct word *find(struct ir_str s)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (s.n == words[i].word.n && ir_lower(s.p[0]) == words[i].word.p[0] &&
            ir_str_ends(s, ir_str_skip(words[i].word, 1)))
            return &words[i];
    return NULL;
}

/* Behind the last dot of the last part, without blanks: "a v1.2 final" has none. */
static struct ir_str extension(struct ir_str path)
{
    const struct ir_str none = ir_str_n(NULL, 0);
    size_t slash = ir_str_rchr(path, '/');
    if (slash == IR_NPOS) slash = ir_str_rchr(path, '\\');
    if (slash != IR_NPOS) path = ir_str_skip(path, slash + 1);
    size_t dot = ir_str_rchr(path, '.');
    if (dot == IR_NPOS || dot == 0 || path.n - dot - 1 > EXTENSION_MAX) return none;
    path = ir_str_skip(path, dot + 1);
    for (size_t i = 0; i < path.n; i++)
        if ((unsigned char)path.p[i] <= ' ') return none;
    return path;
}

static void new_extension(struct ir_event *ev, struct ir_str from, struct ir_str to)
{
    struct ir_str old = extension(from), new = extension(to);
    if (new.n > 0 && !ir_str_ieq(old, new)) ir_event_set(ev, IR_F_FILE_NEW_EXTENSION, new);
}

void ir_file_renamed(struct ir_event *ev, struct ir_str from, struct ir_str to)
{
    if (from.n > 0) ir_event_set(ev, IR_F_FILE_PATH, from);
    if (to.n > 0) ir_event_set(ev, IR_F_FILE_TARGET_PATH, to);
    new_extension(ev, from, to);
}

/* The two names of "OLD -> NEW"; with two arrows one is part of a name, and nothing is taken. */
static bool names(struct ir_str path, struct ir_str *ret_from, struct ir_str *ret_to)
{
    size_t arrow = ir_str_find(path, IR_S(" -> "));
    if (arrow == IR_NPOS || arrow != ir_str_rfind(path, IR_S(" -> "))) return false;
    *ret_from = ir_str_head(path, arrow);
    *ret_to = ir_str_skip(path, arrow + 4);
    return true;
}

void ir_file_new_name(struct ir_event *ev, struct ir_str path)
{
    struct ir_str from, to;
    if (!names(path, &from, &to)) return;
    ir_event_set(ev, IR_F_FILE_TARGET_PATH, to);
    new_extension(ev, from, to);
}

bool ir_file_word(struct ir_event *ev, struct ir_str word)
{
    const struct word *w = word.n > 0 ? find(word) : NULL;
    if (w == NULL) {
        if (word.n > 0) ir_event_set(ev, IR_F_EVENT_ACTION, word);
        return false;
    }
    ir_syslog_action(ev, w->action);
    if (w->kind != NONE) ir_event_source(ev, IR_LS_FILE_EVENT);
    if (w->kind == RENAME) ir_event_source(ev, IR_LS_FILE_RENAME);
    return w->kind == RENAME;
}

void ir_file_event(struct ir_event *ev, struct ir_str word, struct ir_str path)
{
    struct ir_str from = path, to;
    if (!ir_file_word(ev, word)) {
        if (path.n > 0) ir_event_set(ev, IR_F_FILE_PATH, path);
    } else if (names(path, &from, &to)) {
        ir_file_renamed(ev, from, to);
    } else {
        ir_file_renamed(ev, path, ir_str_n(NULL, 0));
    }
}
