/*
 * PostgreSQL's words in the languages of lc_messages: severities, and the messages about logins.
 * Documents: PostgreSQL src/backend/utils/error/elog.c, libpq/auth.c, tcop/postgres.c, and their
 * translations (src/backend/po); versions word them differently, so what matters is the shape.
 *
 * Hostile: the names of users and databases, as in English (db_messages.c): they are read to the
 * last place where the server's own words follow. A statement that looks like such a message stands
 * behind the server's word for it, and none of these begins so.
 */
#include "format/db.h"
#include "format/phrase.h"
#include "format/web_url.h"

static const struct {
    struct ir_str word, english; /* english empty: it is that already */
} levels[] = {
#define SAME(word)          {IR_S(word), {NULL, 0}},
#define WORD(word, english) {IR_S(word), IR_S(english)},
#include "format/postgres_levels.def"
#undef SAME
#undef WORD
};

/* French puts a blank (mostly one that does not break) before a colon and inside its quotes. */
static struct ir_str without_blanks(struct ir_str s)
{
    static const struct ir_str blanks[] = {IR_S(" "), IR_S("\xc2\xa0"), IR_S("\xe2\x80\xaf")};
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
        if (ir_str_starts(s, blanks[i])) s = ir_str_skip(s, blanks[i].n);
        if (ir_str_ends(s, blanks[i])) s.n -= blanks[i].n;
    }
    return s;
}

static bool in_name(char c)
{
    return ir_isalnum(c) || (unsigned char)c >= 0x80;
}

bool ir_postgres_level(struct ir_str s, struct ir_str *ret_word, struct ir_str *ret_english)
{
    s = without_blanks(s);
    for (size_t i = 0; s.n > 0 && i < sizeof levels / sizeof *levels; i++) {
        const struct ir_str w = levels[i].word;
        if (w.n > s.n || w.p[w.n - 1] != s.p[s.n - 1] || !ir_str_ends(s, w)) continue;
        if (s.n > w.n && in_name(s.p[s.n - w.n - 1])) continue;
        *ret_word = ir_str_skip(s, s.n - w.n);
        *ret_english = levels[i].english;
        return true;
    }
    return false;
}

/* %u the user, %f the database, %a the host; other letters are passed over. */
static const char *const refused[] = {
    /* ja */
    "ユーザー\"%u\"の%s認証に失敗しました%z",
    "ユーザー \"%u\" の%s認証に失敗しました%z",
    "ユーザ\"%u\"の%s認証に失敗しました%z",
    "ユーザ \"%u\" の%s認証に失敗しました%z",
    "ロール\"%u\"は存在しません",
    "ロール \"%u\" は存在しません",
    "ホスト\"%a\"、ユーザー\"%u\"、データベース\"%f\"%z",
    "ホスト\"%a\"、ユーザ\"%u\"、データベース\"%f\"%z",
    "ホスト \"%a\"、ユーザー \"%u\"、データベース \"%f\"%z",
    "pg_hba.conf にホスト\"%a\"、ユーザー\"%u\"、データベース\"%f\"%z",
    "pg_hba.conf にホスト\"%a\"、ユーザー\"%u\"、データベース\"%f, %z", /* 15: no end quote */
    /* de */
    "Passwort-Authentifizierung für Benutzer »%u« fehlgeschlagen",
    "%w-Authentifizierung für Benutzer »%u« fehlgeschlagen",
    "Rolle »%u« existiert nicht",
    "kein pg_hba.conf-Eintrag für Host »%a«, Benutzer »%u«, Datenbank »%f«%z",
    /* fr */
    "authentification %s échouée pour l%sutilisateur «%u»",
    "échec de l%sauthentification %s pour l%sutilisateur «%u»",
    "le rôle «%u» n%sexiste pas",
    "aucune entrée dans pg_hba.conf pour l%shôte «\u00a0%a\u00a0», utilisateur «%u», base de "
    "données "
    "«%f»%z",
    "aucune entrée dans pg_hba.conf pour l%shôte « %a », utilisateur «%u», base de données «%f»%z",
    /* es */
    "la autentificación %s falló para el usuario «%u»",
    "falló la autentificación %s para el usuario «%u»",
    "la autenticación %s falló para el usuario «%u»",
    "no existe el rol «%u»",
    "no hay una línea en pg_hba.conf para «%a», usuario «%u», base de datos «%f»%z",
    "no hay una línea en pg_hba.conf para el host «%a», usuario «%u», base de datos «%f»%z",
    /* zh */
    "用户 \"%u\"%s认证失败%z",
    "用户\"%u\"%s认证失败%z",
    "角色 \"%u\" 不存在",
    "没有用于主机 \"%a\", 用户 \"%u\", 数据库 \"%f\"%z",
    /* ko */
    "사용자 \"%u\"의 %s인증을 실패%z",
    "\"%u\" 롤(role) 없음",
    "호스트 \"%a\", 사용자 \"%u\", 데이터베이스 \"%f\"%z",
    /* pt, ru */
    "autenticação %s falhou para usuário \"%u\"",
    "пользователь \"%u\" не прошёл проверку подлинности%z",
    "роль \"%u\" не существует",
    "в pg_hba.conf нет записи для компьютера \"%a\", пользователя \"%u\", базы \"%f\"%z",
};

static void parts(struct ir_event *ev, const struct ir_parts *p)
{
    const struct ir_str none = ir_str_n(NULL, 0);
    for (unsigned i = 0; i < p->n; i++) {
        const struct ir_str v = without_blanks(p->part[i].v);
        if (p->part[i].what == 'u') ir_db_user(ev, v, none);
        if (p->part[i].what == 'f') ir_db_user(ev, none, v);
        if (p->part[i].what == 'a') ir_db_client(ev, v);
    }
}

/* How the messages about a connection begin, before "KEY=VALUE KEY=VALUE …". */
static const struct {
    struct ir_str begin;
    bool authorized;
} connections[] = {
    {IR_S("接続を受け付けました"), false},
    {IR_S("接続の受け付け"), false},
    {IR_S("接続を認可しました"), true},
    {IR_S("接続が認可されました"), true},
    {IR_S("接続が認証されました"), true},
    {IR_S("接続の認証完了"), true},
    {IR_S("接続の承認"), true},
    {IR_S("接続は承認されました"), true},
    {IR_S("接続が承認されました"), true},
    {IR_S("Verbindung empfangen"), false},
    {IR_S("Verbindung autorisiert"), true},
    {IR_S("connexion reçue"), false},
    {IR_S("connexion autorisée"), true},
    {IR_S("conexión recibida"), false},
    {IR_S("conexión autorizada"), true},
    {IR_S("接收到连接"), false},
    {IR_S("已接收到连接"), false},
    {IR_S("连接已授权"), true},
    {IR_S("连接授权"), true},
    {IR_S("접속 수락"), false},
    {IR_S("접속 승인"), true},
    {IR_S("연결 수락"), false},
    {IR_S("연결 승인"), true},
    {IR_S("연결 인증"), true},
    {IR_S("принято подключение"), false},
    {IR_S("подключение авторизовано"), true},
    {IR_S("conexão recebida"), false},
    {IR_S("conexão autorizada"), true},
};

/* The value of the next "KEY=VALUE"; blanks and commas end it. */
static struct ir_str next_value(struct ir_str *rest)
{
    size_t eq = ir_str_chr(*rest, '='), end = 0;
    if (eq == IR_NPOS) return ir_str_n(NULL, 0);
    *rest = ir_str_skip(*rest, eq + 1);
    while (end < rest->n && rest->p[end] != ' ' && rest->p[end] != ',')
        end++;
    struct ir_str v = ir_str_head(*rest, end);
    *rest = ir_str_skip(*rest, end);
    return v;
}

static bool connection(struct ir_str s, struct ir_event *ev)
{
    for (size_t i = 0; i < sizeof connections / sizeof *connections; i++) {
        if (!ir_str_starts(s, connections[i].begin)) continue;
        struct ir_str rest = ir_str_skip(s, connections[i].begin.n);
        struct ir_str first = next_value(&rest), second = next_value(&rest);
        if (connections[i].authorized)
            ir_postgres_authorized(ev, first, second);
        else
            ir_postgres_received(ev, first, second);
        return true;
    }
    return false;
}

static bool may_be(struct ir_str s)
{
    if (ir_str_starts(s, IR_S("Verbindung "))) return true;
    for (size_t i = 0; i < s.n && i < 96; i++)
        if ((unsigned char)s.p[i] >= 0x80) return true;
    return false;
}

void ir_postgres_translated(struct ir_str msg, struct ir_event *ev)
{
    struct ir_parts p;
    if (!may_be(msg) || connection(msg, ev)) return;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        if (!ir_phrase_fits(msg, refused[i], &p)) continue;
        ir_postgres_refused(ev);
        parts(ev, &p);
        return;
    }
}
