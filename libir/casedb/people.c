/*
 * Roles and contacts. See people.h. What is checked of an address is its shape alone: whether
 * somebody answers there, only a call tells, and that is what last_verified is for.
 */
#include "casedb/people.h"

#include <stdio.h>

#include "base/time.h"
#include "base/utf8.h"
#include "base/written.h"
#include "casedb/calendar.h"
#include "casedb/query.h"
#include "casedb/setting.h"

static const struct {
    const char *id, *ja;
} roles[] = {{"chief", "最高責任者"}, {"lead", "対応責任者"}, {"first", "一次対応者"}};
#define NROLES (sizeof roles / sizeof *roles)

const char *ir_role_needed(size_t i)
{
    return i < NROLES ? roles[i].id : NULL;
}

struct ir_str ir_role_name(struct ir_str said)
{
    for (size_t i = 0; i < NROLES; i++)
        if (ir_str_ieq(said, ir_str_z(roles[i].id)) || ir_str_eq(said, ir_str_z(roles[i].ja)))
            return ir_str_z(roles[i].id);
    return said;
}

static int end_row(struct ir_casedb *db, const char *table, const char *id, struct ir_err *err)
{
    char now[IR_CASEDB_TIME];
    ir_casedb_time(ir_casedb_now(db), now);
    const struct ir_value v = IR_V_Z("ended_at", now);
    return ir_record_update(db, table, id, &v, 1, err);
}

/* The row of who holds the role; person empty: whoever does, and is no deputy. IR_END: nobody. */
static int find_holder(struct ir_casedb *db, struct ir_str role, struct ir_str person, int deputy,
                       char id[IR_ID_TEXT], struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(&q, db,
                           "SELECT id FROM role WHERE role = ?1 AND ended_at IS NULL AND "
                           "(?2 IS NULL OR person = ?2) AND (?3 < 0 OR deputy = ?3) LIMIT 1",
                           err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, role);
    ir_query_text_arg(&q, 2, person.n > 0 ? person : ir_str_n(NULL, 0));
    ir_query_int_arg(&q, 3, deputy);
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) snprintf(id, IR_ID_TEXT, "%.*s", IR_FMT(ir_query_text(&q, 0)));
    ir_query_close(&q);
    return rc;
}

int ir_role_set(struct ir_casedb *db, const struct ir_holder *h, struct ir_err *err)
{
    const struct ir_str role = ir_role_name(ir_utf8_trim(h->role)),
                        person = ir_utf8_trim(h->person);
    char id[IR_ID_TEXT];
    ir_err_at(err, "", -1, 0);
    if (role.n == 0 || person.n == 0)
        return ir_fail(err, IR_BAD, "a role needs its name and that of a person");
    const struct ir_value v[] = {IR_V("role", role),      IR_V_INT("deputy", h->deputy),
                                 IR_V("person", person),  IR_V("title", h->title),
                                 IR_V("means", h->means), IR_V("hours", h->hours)};
    size_t n = 3; /* what is not said of the same person stays */
    struct ir_value said[6] = {v[0], v[1], v[2]};
    for (size_t i = 3; i < 6; i++)
        if (v[i].text.p != NULL) said[n++] = v[i];
    int rc = find_holder(db, role, person, h->deputy, id, err);
    if (rc == IR_OK) return ir_record_update(db, "role", id, said, n, err);
    if (rc == IR_END && !h->deputy) {
        rc = find_holder(db, role, ir_str_n(NULL, 0), 0, id, err);
        if (rc == IR_OK) rc = end_row(db, "role", id, err);
    }
    return rc < 0 ? rc : ir_record_insert(db, "role", NULL, v, 6, NULL, err);
}

int ir_role_end(struct ir_casedb *db, struct ir_str role, struct ir_str person, struct ir_err *err)
{
    char id[IR_ID_TEXT];
    const int rc = find_holder(db, ir_role_name(role), person, -1, id, err);
    ir_err_at(err, "", -1, 0);
    if (rc == IR_END) return ir_fail(err, IR_BAD, "nobody of that name holds this role");
    return rc == IR_OK ? end_row(db, "role", id, err) : rc;
}

int ir_role_person(struct ir_casedb *db, struct ir_str role, bool deputies, struct ir_buf *name,
                   struct ir_err *err)
{
    struct ir_query q;
    int rc = ir_query_open(&q, db,
                           "SELECT person FROM role WHERE role = ?1 AND deputy <= ?2 AND ended_at "
                           "IS NULL ORDER BY deputy, rowid LIMIT 1",
                           err);
    if (rc != IR_OK) return rc;
    ir_query_text_arg(&q, 1, role);
    ir_query_int_arg(&q, 2, deputies);
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) ir_buf_str(name, ir_query_text(&q, 0));
    ir_query_close(&q);
    return rc;
}

const char *ir_contact_field(enum ir_contact_field f)
{
    static const char *const names[] = {"kind",  "organisation", "person",        "means", "url",
                                        "hours", "purpose",      "last_verified", "note"};
    return names[f];
}

static int64_t today_of(struct ir_casedb *db)
{
    struct ir_civil c;
    ir_time_to_civil(ir_casedb_now(db), ir_setting_zone(db), &c);
    return ir_days_from_civil(c.year, c.month, c.day);
}

/* What was said, with the day in `iso`. */
static int check_verified(struct ir_casedb *db, struct ir_contact *c, char iso[IR_TIME_TEXT],
                          struct ir_err *err)
{
    const struct ir_str said = ir_utf8_trim(c->v[IR_CONTACT_VERIFIED]);
    struct ir_err why = {0};
    int64_t day;
    if (said.n == 0) return IR_OK;
    if (ir_written_time(said, iso, &why) != IR_OK)
        return ir_fail(err, IR_BAD, "last_verified: %.*s: %-s", IR_FMT(ir_str_head(said, 40)),
                       why.msg);
    if (!ir_date_parse(ir_str_z(iso), &day))
        return ir_fail(err, IR_BAD, "last_verified: %.*s: a day, without a time",
                       IR_FMT(ir_str_head(said, 40)));
    if (day > today_of(db))
        return ir_fail(err, IR_BAD, "last_verified: %.*s lies ahead", IR_FMT(said));
    c->v[IR_CONTACT_VERIFIED] = ir_str_z(iso);
    return IR_OK;
}

int ir_contact_add(struct ir_casedb *db, const struct ir_contact *said, int64_t *ret_no,
                   struct ir_err *err)
{
    struct ir_contact checked = *said, *const c = &checked;
    char day[IR_TIME_TEXT];
    struct ir_value v[IR_CONTACT_FIELDS + 1];
    int64_t no = 0;
    if (ir_utf8_trim(c->v[IR_CONTACT_ORGANISATION]).n == 0)
        return ir_fail(err, IR_BAD, "a contact needs an organisation");
    int rc = check_verified(db, c, day, err);
    if (rc == IR_OK)
        rc = ir_query_number(db, "SELECT coalesce(max(no), 0) + 1 FROM contact", ir_str_n(NULL, 0),
                             &no, err);
    if (rc != IR_OK) return rc;
    for (enum ir_contact_field f = 0; f < IR_CONTACT_FIELDS; f++)
        v[f] = IR_V(ir_contact_field(f), ir_utf8_trim(c->v[f]));
    if (v[IR_CONTACT_KIND].text.n == 0) v[IR_CONTACT_KIND].text = IR_S("other");
    v[IR_CONTACT_FIELDS] = IR_V_INT("no", no);
    rc = ir_record_insert(db, "contact", NULL, v, IR_CONTACT_FIELDS + 1, NULL, err);
    if (rc == IR_OK && ret_no != NULL) *ret_no = no;
    return rc;
}

static int find_contact(struct ir_casedb *db, int64_t no, char id[IR_ID_TEXT], struct ir_err *err)
{
    struct ir_query q;
    int rc =
        ir_query_open(&q, db, "SELECT id FROM contact WHERE no = ?1 AND ended_at IS NULL", err);
    if (rc != IR_OK) return rc;
    ir_query_int_arg(&q, 1, no);
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) snprintf(id, IR_ID_TEXT, "%.*s", IR_FMT(ir_query_text(&q, 0)));
    ir_query_close(&q);
    ir_err_at(err, "", -1, 0);
    return rc == IR_END ? ir_fail(err, IR_BAD, "there is no contact %lld", (long long)no) : rc;
}

int ir_contact_change(struct ir_casedb *db, int64_t no, const struct ir_contact *said,
                      struct ir_err *err)
{
    struct ir_contact checked = *said, *const c = &checked;
    char day[IR_TIME_TEXT];
    struct ir_value v[IR_CONTACT_FIELDS];
    char id[IR_ID_TEXT];
    size_t n = 0;
    int rc = check_verified(db, c, day, err);
    if (rc == IR_OK) rc = find_contact(db, no, id, err);
    for (enum ir_contact_field f = 0; f < IR_CONTACT_FIELDS; f++)
        if (c->v[f].p != NULL) v[n++] = IR_V(ir_contact_field(f), ir_utf8_trim(c->v[f]));
    if (rc == IR_OK && n == 0) return ir_fail(err, IR_BAD, "nothing is said that should change");
    return rc == IR_OK ? ir_record_update(db, "contact", id, v, n, err) : rc;
}

int ir_contact_end(struct ir_casedb *db, int64_t no, struct ir_err *err)
{
    char id[IR_ID_TEXT];
    const int rc = find_contact(db, no, id, err);
    return rc == IR_OK ? end_row(db, "contact", id, err) : rc;
}

int ir_contact_known(struct ir_casedb *db, const struct ir_contact *c, int64_t *ret_no,
                     struct ir_err *err)
{
    static const enum ir_contact_field by[] = {IR_CONTACT_ORGANISATION, IR_CONTACT_KIND,
                                               IR_CONTACT_PERSON, IR_CONTACT_MEANS};
    struct ir_query q;
    *ret_no = 0;
    int rc = ir_query_open(
        &q, db,
        "SELECT no FROM contact WHERE ended_at IS NULL AND organisation = ?1 "
        "AND kind = coalesce(?2, 'other') AND person IS ?3 ORDER BY means IS ?4 DESC, no "
        "LIMIT 1",
        err);
    if (rc != IR_OK) return rc;
    for (int i = 0; i < 4; i++) {
        const struct ir_str s = ir_utf8_trim(c->v[by[i]]);
        ir_query_text_arg(&q, i + 1, s.n > 0 ? s : ir_str_n(NULL, 0));
    }
    rc = ir_query_next(&q, err);
    if (rc == IR_OK) *ret_no = ir_query_int(&q, 0);
    ir_query_close(&q);
    return rc == IR_END ? IR_OK : rc;
}

/* Letters, digits, hyphens in at least two parts, the last of letters: a name of the DNS, or one
 * written in another script. */
static bool is_domain(struct ir_str s)
{
    unsigned parts = 0;
    struct ir_str part = {NULL, 0};
    if (s.n == 0 || s.n > 253) return false;
    while (s.p != NULL) {
        part = ir_str_cut(&s, '.');
        if (part.n == 0 || part.n > 63 || part.p[0] == '-' || part.p[part.n - 1] == '-')
            return false;
        for (size_t i = 0; i < part.n; i++)
            if (!ir_isalnum(part.p[i]) && part.p[i] != '-' && (unsigned char)part.p[i] < 0x80)
                return false;
        parts++;
    }
    return parts >= 2 && part.n >= 2 && !ir_isdigit(part.p[0]);
}

/* Below co.jp, go.jp and the like a name has three characters or more: pa.go.jp is ipa.go.jp
 * mistyped. */
static bool short_for_jp(struct ir_str s)
{
    static const char *const kinds[] = {".ac.jp", ".ad.jp", ".co.jp", ".ed.jp", ".go.jp",
                                        ".gr.jp", ".lg.jp", ".ne.jp", ".or.jp"};
    if (s.n < 6 || s.n > 253) return false;
    const struct ir_str end = ir_str_skip(s, s.n - 6);
    bool below = false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        below = below || ir_str_ieq(end, ir_str_z(kinds[i]));
    s.n -= 6;
    const size_t dot = ir_str_rchr(s, '.');
    return below && s.n - (dot == IR_NPOS ? 0 : dot + 1) < 3;
}

static bool is_mail(struct ir_str s)
{
    const size_t at = ir_str_rchr(s, '@');
    if (at == IR_NPOS || at == 0 || at > 64) return false;
    for (size_t i = 0; i < at; i++)
        if ((unsigned char)s.p[i] <= ' ' || strchr("@,;:\"()<>[]\\", s.p[i]) != NULL) return false;
    const struct ir_str domain = ir_str_skip(s, at + 1);
    return s.p[0] != '.' && s.p[at - 1] != '.' && is_domain(domain) && !short_for_jp(domain);
}

/* Each word of the text that has an @ is meant as an address. */
static bool has_bad_mail(struct ir_str s)
{
    while (s.n > 0) {
        size_t n = 0;
        while (n < s.n && strchr(" ,;/\t\n<>()", s.p[n]) == NULL)
            n++;
        struct ir_str word = ir_str_head(s, n);
        if (ir_str_istarts(word, IR_S("mailto:"))) word = ir_str_skip(word, 7);
        if (ir_str_chr(word, '@') != IR_NPOS && !is_mail(word)) return true;
        s = ir_str_skip(s, n + 1);
    }
    return false;
}

static bool is_url(struct ir_str s)
{
    const size_t scheme = ir_str_istarts(s, IR_S("https://"))  ? 8
                          : ir_str_istarts(s, IR_S("http://")) ? 7
                                                               : 0;
    if (scheme == 0) return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f) return false;
    s = ir_str_skip(s, scheme);
    size_t n = 0;
    while (n < s.n && strchr("/?#:", s.p[n]) == NULL)
        n++;
    return is_domain(ir_str_head(s, n)) && !short_for_jp(ir_str_head(s, n));
}

enum ir_contact_fault ir_contact_check(const struct ir_contact *c, int64_t today, unsigned max_days)
{
    int64_t day;
    if (c->v[IR_CONTACT_MEANS].n + c->v[IR_CONTACT_URL].n == 0) return IR_CONTACT_NO_MEANS;
    if (has_bad_mail(c->v[IR_CONTACT_MEANS])) return IR_CONTACT_BAD_MAIL;
    if (c->v[IR_CONTACT_URL].n > 0 && !is_url(c->v[IR_CONTACT_URL])) return IR_CONTACT_BAD_URL;
    if (!ir_date_parse(c->v[IR_CONTACT_VERIFIED], &day)) return IR_CONTACT_NEVER_VERIFIED;
    return today - day > (int64_t)max_days ? IR_CONTACT_OLD : IR_CONTACT_GOOD;
}
