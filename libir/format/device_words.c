/*
 * What the names of a product's records say of log-ins, accounts and settings. Not for sentences:
 * a name is a few words ("User Login Failed", "adminAuthFail", "LOGON_DENIED", "ログイン失敗"), and
 * only what such words always mean is believed. No document defines them; each vendor has its own.
 *
 * Hostile: nothing here comes from an outsider, but a product may put his words into a title. The
 * worst they do is to make one log-in more or less: addresses and users are read elsewhere.
 */
#include "format/device_words.h"

#define WORD_MAX  20u
#define NAMES_MAX 256u /* of one name; what is longer is a sentence */

enum {
    LOGIN = 1,
    LOGOUT = 2,
    VPN = 4,
    ADMIN = 8,
    BAD = 16,
    GOOD = 32,
    USER = 64,
    GROUP = 128,
    MEMBER = 256,
    PASSWORD = 512,
    MADE = 1024,
    GONE = 2048,
    CHANGED = 4096,
    LOCKED = 8192,
    UNLOCKED = 16384,
    RULE = 32768,
    THING = 65536,
    ATTACK = 131072,
    NEWLY = 262144, /* made, unless it is the log-in that is new */
};

static const struct word {
    struct ir_str text;
    uint32_t about;
} words[] = {
#define WORD(word, about) {IR_S(word), about},
#include "format/device_words.def"
#undef WORD
};
#define NWORDS (sizeof words / sizeof *words)
static const uint8_t signs[] = {
#define WORD(word, about) IR_DEVICE_SIGN_OF(word),
#include "format/device_words.def"
#undef WORD
};

/* Japanese has no blanks between words. */
static const struct word japanese[] = {
    {IR_S("ログイン"), LOGIN},      {IR_S("ログオン"), LOGIN},    {IR_S("サインイン"), LOGIN},
    {IR_S("認証"), LOGIN},          {IR_S("ログアウト"), LOGOUT}, {IR_S("ログオフ"), LOGOUT},
    {IR_S("サインアウト"), LOGOUT}, {IR_S("失敗"), BAD},          {IR_S("拒否"), BAD},
    {IR_S("エラー"), BAD},          {IR_S("成功"), GOOD},         {IR_S("許可"), GOOD},
    {IR_S("管理"), ADMIN},          {IR_S("ユーザ"), USER},       {IR_S("アカウント"), USER},
    {IR_S("グループ"), GROUP},      {IR_S("メンバー"), MEMBER},   {IR_S("パスワード"), PASSWORD},
    {IR_S("追加"), MADE},           {IR_S("作成"), MADE},         {IR_S("登録"), MADE},
    {IR_S("削除"), GONE},           {IR_S("変更"), CHANGED},      {IR_S("更新"), CHANGED},
    {IR_S("ルール"), RULE},         {IR_S("ポリシー"), RULE},     {IR_S("設定"), RULE},
    {IR_S("ファイル"), THING},      {IR_S("フォルダ"), THING},    {IR_S("攻撃"), ATTACK},
    {IR_S("ウイルス"), ATTACK},
};

static uint32_t about_word(struct ir_str w)
{
    const uint8_t sign = IR_DEVICE_SIGN(w.p[0], w.p[w.n - 1], w.n), *at = signs;
    for (; (at = memchr(at, sign, (size_t)(signs + NWORDS - at))) != NULL; at++)
        if (ir_str_eq(words[at - signs].text, w)) return words[at - signs].about;
    return 0;
}

static bool is_small(char c)
{
    return c >= 'a' && c <= 'z';
}

/* Takes the next word off *rest, small, into buf. "VPNLoginFailed" is three words. False: none. */
static bool next_word(struct ir_str *rest, char *buf, struct ir_str *ret_word)
{
    if (rest->n == 0) return false;
    const char *p = rest->p, *end = p + rest->n, *word;
    while (p < end && !ir_isalpha(*p))
        p++;
    for (word = p; p < end && ir_isalpha(*p); p++) {
        if (is_small(*p) || p == word) continue;
        if (is_small(p[-1]) || (p + 1 < end && is_small(p[1]))) break;
    }
    *rest = ir_str_n(p, (size_t)(end - p));
    const size_t n = (size_t)(p - word) < WORD_MAX ? (size_t)(p - word) : WORD_MAX;
    for (size_t i = 0; i < n; i++)
        buf[i] = ir_lower(word[i]);
    *ret_word = ir_str_n(buf, n);
    return n > 0;
}

/* "log in", "logged off", "signed out", "signs in": by the word before. */
static uint32_t about_pair(struct ir_str before, struct ir_str w)
{
    bool log = ir_str_eq(before, IR_S("log")) || ir_str_eq(before, IR_S("sign"));
    bool done = ir_str_eq(before, IR_S("logged")) || ir_str_eq(before, IR_S("signed"));
    if (!log && !done) return 0;
    if (ir_str_eq(w, IR_S("in")) || ir_str_eq(w, IR_S("on"))) return done ? LOGIN | GOOD : LOGIN;
    if (ir_str_eq(w, IR_S("out")) || ir_str_eq(w, IR_S("off"))) return LOGOUT;
    return 0;
}

static uint32_t about(struct ir_str name)
{
    char buf[2][WORD_MAX];
    struct ir_str w, before = {NULL, 0}, rest = ir_str_head(name, NAMES_MAX);
    uint32_t all = 0;
    for (unsigned i = 0; next_word(&rest, buf[i % 2], &w); i++) {
        all |= about_word(w) | about_pair(before, w);
        before = w;
    }
    name = ir_str_head(name, NAMES_MAX);
    unsigned bits = 0;
    for (size_t i = 0; i < name.n; i++)
        bits |= (unsigned char)name.p[i];
    for (size_t i = 0; bits >= 0x80 && i < sizeof japanese / sizeof *japanese; i++)
        if (ir_str_find(name, japanese[i].text) != IR_NPOS) all |= japanese[i].about;
    return all;
}

static void say(struct ir_event *ev, struct ir_str category, const char *action)
{
    ir_event_derive(ev, IR_F_EVENT_CATEGORY, category);
    ir_device_action(ev, action);
}

/* What went how: "Logon/Logoff" is a category of both; the first name that tells them apart
 * decides.
 */
static uint32_t about_all(const struct ir_device_words *w)
{
    uint32_t all = 0, which = 0;
    for (unsigned i = 0; i < w->nnames; i++) {
        const uint32_t a = about(w->name[i]), one = a & (LOGIN | LOGOUT);
        if (which == 0 && one != (LOGIN | LOGOUT)) which = one;
        all |= a;
    }
    if (which != 0) all = (all & ~(uint32_t)(LOGIN | LOGOUT)) | which;
    if ((all & NEWLY) && !(all & LOGIN)) all |= MADE;
    return all;
}

static bool logged_in(struct ir_event *ev, const struct ir_device_words *w, uint32_t a)
{
    const bool vpn = ((a | about(w->vendor) | about(w->product)) & VPN) != 0,
               admin = (a & ADMIN) != 0;
    if (a & LOGOUT) {
        say(ev, IR_S("authentication"),
            vpn     ? "vpn_logout"
            : admin ? "admin_logout"
                    : "user_logout");
        return true;
    }
    if (!ir_device_result(ev, w->outcome)) {
        if (!(a & (BAD | GOOD))) return false;
        ir_device_outcome(ev, !(a & BAD));
    }
    say(ev, IR_S("authentication"), vpn ? "vpn_login" : admin ? "admin_login" : "user_login");
    return true;
}

/* What was done to an account or a group; NULL: nothing that we have a word for. */
static const char *account_action(uint32_t a)
{
    if ((a & PASSWORD) && (a & CHANGED)) return "password_changed";
    if (a & GROUP) {
        if ((a & MADE) && (a & (MEMBER | USER))) return "group_member_added";
        if ((a & GONE) && (a & (MEMBER | USER))) return "group_member_removed";
        if (a & MADE) return "group_added";
        if (a & GONE) return "group_deleted";
        return a & CHANGED ? "group_changed" : NULL;
    }
    if (!(a & USER)) return NULL;
    if (a & MADE) return "user_added";
    if (a & GONE) return "user_deleted";
    if (a & LOCKED) return "user_locked";
    if (a & UNLOCKED) return "user_unlocked";
    return a & CHANGED ? "user_changed" : NULL;
}

bool ir_device_words_other(struct ir_str name)
{
    return (about(name) & ATTACK) != 0;
}

bool ir_device_words(struct ir_event *ev, const struct ir_device_words *w)
{
    const uint32_t a = about_all(w);
    const bool changes = (a & (MADE | GONE | CHANGED)) != 0;
    if (a & ATTACK) return false;
    if ((a & (LOGIN | LOGOUT)) && !changes) return logged_in(ev, w, a);
    /* what failed changed nothing; an administrator who changes a rule is not changed himself */
    if (a & BAD) return false;
    if ((a & RULE) && changes) {
        say(ev, IR_S("configuration"), "config_change");
        return true;
    }
    const char *action = a & (THING | RULE) ? NULL : account_action(a);
    if (action == NULL) return false;
    say(ev, IR_S("iam"), action);
    ir_device_outcome(ev, true);
    ir_event_source(ev, IR_LS_ACCOUNT_CHANGE);
    if (w->account.n > 0) ir_event_set(ev, IR_F_USER_TARGET_NAME, w->account);
    return true;
}
