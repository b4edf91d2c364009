/*
 * What DSM's Log Center says in Japanese about log-ins and accounts. Versions word it differently
 * (ログイン and サインイン, ユーザー before or behind the address), but values stand in brackets
 * and the words around them tell what happened: so the shape is read, not the sentence. Document:
 * Synology Knowledge Center, "Log Center".
 *
 *     [192.0.2.7] からのユーザー [bob] は認証に失敗したため、[DSM] へのサインインに失敗しました。
 *     ユーザー [bob] は [192.0.2.7] から [DSM] にサインインしました。
 *
 * Hostile: a user's name may hold brackets and words. Only words outside brackets count; a failure
 * stays one whatever else stands there; with two addresses or two users nothing is taken of either.
 */
#include "base/ip.h"
#include "format/phrase.h"
#include "format/syslog.h"

#define BRACKETS_MAX 12u

struct reading {
    struct ir_str ip, user;
    unsigned ips, users;
    bool failed, login, logout, blocked, created, deleted;
};

static bool has(struct ir_str s, const char *word)
{
    return ir_str_find(s, ir_str_z(word)) != IR_NPOS;
}

static void words(struct reading *r, struct ir_str s)
{
    r->failed = r->failed || has(s, "失敗") || has(s, "できませんでした");
    r->login = r->login || has(s, "ログイン") || has(s, "サインイン");
    r->logout = r->logout || has(s, "ログアウト") || has(s, "サインアウト");
    r->blocked = r->blocked || has(s, "ブロックされました") || has(s, "ブロックしました");
    r->created = r->created || has(s, "作成されました") || has(s, "作成しました");
    r->deleted = r->deleted || has(s, "削除されました") || has(s, "削除しました");
}

static void value(struct reading *r, struct ir_str before, struct ir_str v)
{
    struct ir_ip ip;
    before = ir_str_trim(before);
    if (ir_ip_parse(v, &ip)) {
        r->ip = v;
        r->ips++;
    } else if (ir_str_ends(before, IR_S("ユーザー")) || ir_str_ends(before, IR_S("ユーザ"))) {
        r->user = v;
        r->users++;
    }
}

static bool read_all(struct reading *r, struct ir_str s)
{
    for (unsigned n = 0; n <= BRACKETS_MAX; n++) {
        size_t open = ir_str_chr(s, '[');
        struct ir_str before = ir_str_head(s, open);
        words(r, before);
        if (open == IR_NPOS) return true;
        s = ir_str_skip(s, open + 1);
        size_t close = ir_str_chr(s, ']');
        if (close == IR_NPOS) return false;
        value(r, before, ir_str_head(s, close));
        s = ir_str_skip(s, close + 1);
    }
    return false;
}

static void says(struct ir_event *ev, const struct reading *r)
{
    if (r->login)
        ir_phrase_says(ev, "user_login", r->failed ? IR_SAYS_LOGIN_FAILED : IR_SAYS_LOGIN);
    else if (r->logout)
        ir_phrase_says(ev, "user_logout", IR_SAYS_NOTHING);
    else if (r->blocked)
        ir_phrase_says(ev, "address_blocked", IR_SAYS_NOTHING);
    else if (r->users > 0 && (r->created || r->deleted))
        ir_phrase_says(ev, r->created ? "user_added" : "user_deleted", IR_SAYS_ACCOUNT);
}

bool ir_synology_japanese(struct ir_str s, struct ir_event *ev)
{
    struct reading r = {0};
    const struct ir_str none = ir_str_n(NULL, 0);
    if (!has(s, "ました") && !has(s, "ません")) return false;
    if (!read_all(&r, s)) return true;
    says(ev, &r);
    if (r.ips == 1) ir_phrase_end(ev, false, r.ip, none);
    if (r.users != 1 || r.user.n == 0) return true;
    ir_event_set(ev, !r.login && (r.created || r.deleted) ? IR_F_USER_TARGET_NAME : IR_F_USER_NAME,
                 r.user);
    return true;
}
