/*
 * Setting up who answers and whom to call. See people.h.
 */
#include "people.h"

#include <stdio.h>

#include "base/intl.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "casedb/contact_csv.h"
#include "casedb/query.h"
#include "casefiles.h"

#define FILE_BYTES  ((size_t)64 << 20)
#define ARENA_BYTES ((size_t)16 << 20)

static void civil(const struct case_job *j, struct ir_civil *c)
{
    ir_time_to_civil(j->env->now, j->zone_s, c);
}

int64_t people_today(const struct case_job *j)
{
    struct ir_civil c;
    civil(j, &c);
    return ir_days_from_civil(c.year, c.month, c.day);
}

void people_date(const struct case_job *j, char out[16])
{
    struct ir_civil c;
    civil(j, &c);
    snprintf(out, 16, "%04u-%02u-%02u", (unsigned)c.year % 10000, (unsigned)c.month % 100,
             (unsigned)c.day % 100);
}

int people_role(struct case_job *j, const char *text, bool deputy)
{
    struct ir_str rest = ir_str_z(text);
    const struct ir_str role = ir_str_cut(&rest, '=');
    if (rest.p == NULL) {
        say(j->cmd, _("%s: write ROLE=NAME or ROLE=NAME,MEANS"), text);
        return IR_EXIT_USAGE;
    }
    const struct ir_str person = ir_str_cut(&rest, ',');
    const struct ir_holder h = {
        .role = role, .person = person, .means = ir_utf8_trim(rest), .deputy = deputy};
    return ir_role_set(j->db, &h, &j->err) == IR_OK ? IR_EXIT_OK : case_failed(j);
}

static const char *role_words(const char *role)
{
    if (strcmp(role, "chief") == 0) return _("chief (最高責任者)");
    return strcmp(role, "lead") == 0 ? _("lead (対応責任者)") : _("first (一次対応者)");
}

int people_missing(struct case_job *j)
{
    int missing = 0;
    for (size_t i = 0; ir_role_needed(i) != NULL; i++) {
        int64_t n = 0;
        if (ir_query_number(j->db,
                            "SELECT count(*) FROM role WHERE role = ?1 AND NOT deputy AND ended_at "
                            "IS NULL",
                            ir_str_z(ir_role_needed(i)), &n, &j->err) != IR_OK) {
            case_failed(j);
            return -1;
        }
        if (n > 0) continue;
        say(j->cmd, _("nobody holds the role %s: ir case role set %s NAME"),
            role_words(ir_role_needed(i)), ir_role_needed(i));
        missing++;
    }
    return missing;
}

/* Each is compared with all others. */
#define CONTACTS_MAX 5000

struct import {
    struct case_job *j;
    struct ir_buf taken; /* a byte for each number, 1: a row of this file is it */
    int64_t added, changed;
};

static int take_contact(void *user, const struct ir_contact *c, struct ir_err *err)
{
    struct import *im = user;
    int64_t no = 0;
    if (im->added + im->changed == CONTACTS_MAX)
        return ir_fail(err, IR_BAD,
                       "more than 5000 contacts: whom to call in an incident is a "
                       "shorter list");
    int rc = ir_contact_known(im->j->db, c, &no, err);
    if (rc != IR_OK) return rc;
    /* Two rows of one file are two contacts, however alike. */
    const bool known = no > 0 && ((size_t)no >= im->taken.n || im->taken.p[no] == 0);
    if (known)
        im->changed++;
    else
        im->added++;
    rc = known ? ir_contact_change(im->j->db, no, c, err) : ir_contact_add(im->j->db, c, &no, err);
    while (rc == IR_OK && im->taken.n <= (size_t)no && !im->taken.full)
        ir_buf_chr(&im->taken, 0);
    if (rc == IR_OK && !im->taken.full) im->taken.p[no] = 1;
    return rc;
}

static void tell_import(struct import *im, const struct ir_contact_csv_result *r)
{
    const struct case_cell row[] = {
        {"added", N_("added"), 8, {NULL, 0}, im->added, true, false},
        {"known", N_("known already"), 0, {NULL, 0}, im->changed, true, false},
    };
    case_row(im->j, row, 2);
    im->j->rows = 0; /* what follows is another table */
    if (r->lost) case_tell_loss(im->j);
    if (r->unknown > 0)
        say(im->j->cmd, _("%llu columns were left out, the first is '%s'"),
            (unsigned long long)r->unknown, r->first_unknown);
}

int people_import(struct case_job *j, const char *path)
{
    struct ir_buf text = IR_BUF(FILE_BYTES);
    struct import im = {.j = j, .taken = IR_BUF(FILE_BYTES)};
    struct ir_contact_csv_result r;
    struct ir_err err = {.offset = -1};
    struct ir_charset *cs = ir_charset_new();
    int status = cs != NULL ? case_read(j, path, &text) : IR_EXIT_FAILED;
    if (status == IR_EXIT_OK && !ir_casedb_changing(j->db)) status = case_begin(j);
    if (status == IR_EXIT_OK) {
        const int rc = ir_contact_csv(cs, ir_buf_view(&text), take_contact, &im, &r, &err);
        if (rc == IR_OK) {
            tell_import(&im, &r);
        } else {
            say(j->cmd, "%s:%lld: %s", path, (long long)err.line, ir_local(err.msg));
            status = rc == IR_BAD ? IR_EXIT_USAGE : IR_EXIT_FAILED;
        }
    }
    ir_charset_free(cs);
    ir_buf_free(&im.taken);
    ir_buf_free(&text);
    return status;
}

struct desks {
    struct import im;
    bool japanese;
};

static struct ir_str in_language(const struct desks *d, const struct ir_yaml *n, const char *key)
{
    char ja[64];
    snprintf(ja, sizeof ja, "%s_ja", key);
    const struct ir_str s = d->japanese ? ir_yaml_text(n, ja) : ir_str_n(NULL, 0);
    return s.n > 0 ? s : ir_yaml_text(n, key);
}

static int take_desk(struct desks *d, const struct ir_yaml *n, struct ir_err *err)
{
    struct ir_contact c;
    char note[128];
    int64_t no = 0;
    for (enum ir_contact_field f = 0; f < IR_CONTACT_FIELDS; f++)
        c.v[f] =
            f == IR_CONTACT_VERIFIED ? ir_str_n(NULL, 0) : in_language(d, n, ir_contact_field(f));
    snprintf(note, sizeof note, d->japanese ? "%.*s 時点の公開情報" : "as published on %.*s",
             IR_FMT(ir_str_head(ir_yaml_text(n, "checked_on"), 40)));
    c.v[IR_CONTACT_NOTE] = ir_str_z(note);
    const int rc = ir_contact_known(d->im.j->db, &c, &no, err);
    return rc == IR_OK && no > 0 ? IR_OK : rc == IR_OK ? take_contact(&d->im, &c, err) : rc;
}

static int take_file(void *user, const char *path, struct ir_str text, struct ir_err *err)
{
    struct ir_arena arena = IR_ARENA(ARENA_BYTES);
    struct ir_yaml *root = NULL;
    (void)path;
    int rc = ir_yaml_first(&arena, text, &root, err);
    const struct ir_yaml *list = rc == IR_OK && root != NULL && root->kind == IR_YAML_MAP
                                     ? ir_yaml_get(root, "contacts")
                                     : NULL;
    if (rc == IR_OK && list == NULL) rc = ir_fail(err, IR_BAD, "no list of contacts");
    for (const struct ir_yaml *n = list != NULL ? list->kids : NULL; rc == IR_OK && n != NULL;
         n = n->next)
        rc = n->kind == IR_YAML_MAP ? take_desk(user, n, err)
                                    : ir_fail(err, IR_BAD, "a contact is no map");
    ir_arena_free(&arena);
    return rc;
}

int people_desks(struct case_job *j, bool japanese)
{
    struct desks d = {{.j = j, .taken = IR_BUF(FILE_BYTES)}, japanese};
    const int status = casefiles_each(j->cmd, j->env, "contacts", ".yml", take_file, &d);
    if (status == IR_EXIT_OK && d.im.added > 0 && !j->json)
        ir_buf_fmt(&j->out.buf,
                   _("%lld public desks were added, none is verified: ir case contact list\n"),
                   (long long)d.im.added);
    ir_buf_free(&d.im.taken);
    return status;
}
