/*
 * NAS of Synology (DSM, Log Center's BSD form) and QNAP (QuLog Center, connection and event log).
 *
 *     Connection: User [bob] from [192.0.2.1] failed to log in via [DSM] due to authorization
 * failure. WinFileService Event: delete, Path: /share/a.txt, File/Folder: File, Size: 1 KB, User:
 * bob, IP: 192.0.2.1 qulogd[77]: conn log: Users: bob, Source IP: 192.0.2.1, Computer name: ---,
 * Connection type: SAMBA, Accessed resources: Public/a.txt, Action: Delete
 *
 * Hostile: names of users and files between the NAS's own words; those are read to the last place
 * where the rest still fits.
 */
#include "format/file_share.h"
#include "format/phrase.h"
#include "format/syslog.h"

#define MESSAGE_MAX 4096u

/* Each group's words stand in all of its sentences: most groups are ruled out by a search. */
static const struct group {
    struct ir_str words;
    struct ir_phrase row[3];
} synology[] = {
    {IR_S("] signed in to ["),
     {{"User [%u] from [%a] signed in to [%s] successfully via [%s].", "user_login", IR_SAYS_LOGIN},
      {"User [%u] from [%a] signed in to [%s] successfully%z", "user_login", IR_SAYS_LOGIN}}},
    {IR_S("] logged in "),
     {{"User [%u] from [%a] logged in successfully via [%s].", "user_login", IR_SAYS_LOGIN}}},
    {IR_S("] failed to log in "),
     {{"User [%u] from [%a] failed to log in via [%s] due to %x.", "user_login",
       IR_SAYS_LOGIN_FAILED}}},
    {IR_S("] failed to sign in "),
     {{"User [%u] from [%a] failed to sign in to [%s] via [%s] due to %x.", "user_login",
       IR_SAYS_LOGIN_FAILED},
      {"User [%u] from [%a] failed to sign in to [%s] due to %x.", "user_login",
       IR_SAYS_LOGIN_FAILED}}},
    {IR_S("] logged out "),
     {{"User [%u] from [%a] logged out the server via [%s]%z", "user_logout", IR_SAYS_NOTHING}}},
    {IR_S(" shared folder ["),
     {{"User [%u] from [%a] via [%s] accessed shared folder [%f].", "share_opened",
       IR_SAYS_NOTHING},
      {"User [%u] from [%a] via [%s] disconnected from shared folder [%f].", "share_closed",
       IR_SAYS_NOTHING}}},
    {IR_S("Host ["),
     {{"Host [%a] was blocked via [%s].", "address_blocked", IR_SAYS_NOTHING},
      {"Host [%a] has been blocked%z", "address_blocked", IR_SAYS_NOTHING}}},
    {IR_S("] was "),
     {{"User [%U] was created.", "user_added", IR_SAYS_ACCOUNT},
      {"User [%U] was deleted.", "user_deleted", IR_SAYS_ACCOUNT}}},
};

static const struct ir_phrase qnap_rows[] = {
    {"conn log: Users: %u, Source IP: %a, Computer name: %s, Connection type: %w, Accessed "
     "resources: %f, Action: Login OK",
     "user_login", IR_SAYS_LOGIN},
    {"conn log: Users: %u, Source IP: %a, Computer name: %s, Connection type: %w, Accessed "
     "resources: %f, Action: Login Fail",
     "user_login", IR_SAYS_LOGIN_FAILED},
    {"conn log: Users: %u, Source IP: %a, Computer name: %s, Connection type: %w, Accessed "
     "resources: %f, Action: Logout",
     "user_logout", IR_SAYS_NOTHING},
    {"event log: Users: %u, Source IP: %a, Computer name: %s, Content: [Users] Created user "
     "\"%U\"%z",
     "user_added", IR_SAYS_ACCOUNT},
    {"event log: Users: %u, Source IP: %a, Computer name: %s, Content: [Users] Deleted user "
     "\"%U\"%z",
     "user_deleted", IR_SAYS_ACCOUNT},
    {"event log: Users: %u, Source IP: %a, Computer name: %s, Content: %x", "event",
     IR_SAYS_NOTHING},
};

static const char *const file_rows[] = {
    "%w Event: %k, Path: %f, File/Folder: %w, Size: %s, User: %u, IP: %a",
    "%w Event: %k, Path: %f, File/Folder: %w, User: %u, IP: %a",
    ("conn log: Users: %u, Source IP: %a, Computer name: %s, Connection type: %w, Accessed "
     "resources: %f, Action: %k"),
};

static bool file_message(struct ir_str s, struct ir_event *ev)
{
    struct ir_parts parts;
    struct ir_str word = {NULL, 0}, path = {NULL, 0};
    size_t row = 0, n = sizeof file_rows / sizeof *file_rows;
    while (row < n && !ir_phrase_fits(s, file_rows[row], &parts))
        row++;
    if (row == n) return false;
    for (unsigned i = 0; i < parts.n; i++) {
        if (parts.part[i].what == 'k') word = parts.part[i].v;
        if (parts.part[i].what != 'f') continue;
        path = parts.part[i].v;
        parts.part[i].what = 'k'; /* "OLD -> NEW" perhaps: no field as it is */
    }
    ir_phrase_fields(ev, &parts);
    ir_file_event(ev, word, path);
    return true;
}

/* "System admin: User [bob] was created.": behind the name of who did it. */
static size_t system_log(struct ir_str s)
{
    static const struct ir_str begins[] = {IR_S("User ["), IR_S("ユーザー ["), IR_S("ユーザ [")};
    size_t colon = ir_str_chr(ir_str_head(s, 96), ':');
    if (!ir_str_starts(s, IR_S("System ")) || colon == IR_NPOS || colon + 2 >= s.n) return IR_NPOS;
    struct ir_str text = ir_str_skip(s, colon + 2); /* a blank or a tab */
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (ir_str_starts(text, begins[i])) return colon + 2;
    return IR_NPOS;
}

/* "WinFileService Event: …" has no colon behind its name. */
size_t ir_syslog_synology_at(struct ir_str s)
{
    if (s.p[0] == 'S') return system_log(s);
    if (s.p[0] != 'W' && s.p[0] != 'F') return IR_NPOS;
    return ir_str_starts(s, IR_S("WinFileService Event: ")) ||
                   ir_str_starts(s, IR_S("FileStation Event: "))
               ? 0
               : IR_NPOS;
}

void ir_synology_message(struct ir_str s, struct ir_event *ev)
{
    if (s.n > MESSAGE_MAX || ir_synology_japanese(s, ev)) return;
    if (ir_str_find(ir_str_head(s, 64), IR_S(" Event: ")) != IR_NPOS && file_message(s, ev)) return;
    for (size_t i = 0; i < sizeof synology / sizeof *synology; i++) {
        size_t rows = 0;
        if (ir_str_find(s, synology[i].words) == IR_NPOS) continue;
        while (rows < 3 && synology[i].row[rows].text != NULL)
            rows++;
        if (ir_phrase_any(ev, s, synology[i].row, rows) != NULL) return;
    }
}

void ir_syslog_synology(const struct ir_syslog *h, struct ir_event *ev)
{
    ir_event_source(ev, IR_LS_SYNOLOGY_DSM);
    ir_synology_message(ir_str_trim(h->msg), ev);
}

void ir_syslog_qnap(const struct ir_syslog *h, struct ir_event *ev)
{
    struct ir_str s = ir_str_trim(h->msg);
    if (s.n > MESSAGE_MAX) return;
    if (ir_phrase_any(ev, s, qnap_rows, sizeof qnap_rows / sizeof *qnap_rows) == NULL)
        file_message(s, ev);
}
