/*
 * ir init: makes the workspace, and says who the organisation is, who answers and whom to call
 * (ISO/IEC 27002:2022, 5.24). Run again it changes what is said, and only that. On a terminal it
 * asks for what no option says.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "ask.h"
#include "base/fs.h"
#include "base/hours.h"
#include "base/intl.h"
#include "base/zone.h"
#include "case.h"
#include "case_criteria.h"
#include "casedb/query.h"
#include "casefiles.h"
#include "lang.h"
#include "people.h"
#include "workspace.h"

enum said { ORGANISATION, ZONE, LANGUAGE, HOURS, CRITERIA, SETTINGS };

struct init_options {
    struct case_options c;
    struct opt_list roles, deputies;
    const char *said[SETTINGS], *contacts;
    bool yes, no_desks;
};

#define AT(member) offsetof(struct init_options, member)
static const struct opt init_opts[] = {
    {"yes", 'y', OPT_FLAG, AT(yes), NULL, N_("ask nothing: defaults for what is not given"), NULL},
    {"organisation", 0, OPT_TEXT, AT(said[ORGANISATION]), "NAME", N_("the company's name"), NULL},
    {"zone", 0, OPT_TEXT, AT(said[ZONE]), "ZONE", N_("its time zone (default +09:00)"), NULL},
    {"language", 0, OPT_TEXT, AT(said[LANGUAGE]), "LANG",
     N_("of its reports: ja or en (default: as --lang says, else ja)"), NULL},
    {"hours", 0, OPT_TEXT, AT(said[HOURS]), "SPAN", N_("its working hours (default 09:00-18:00)"),
     NULL},
    {"criteria", 0, OPT_TEXT, AT(said[CRITERIA]), "TABLE",
     N_("the criteria table of its assessments (default tokyo-3)"), NULL},
    {"role", 'r', OPT_LIST, AT(roles), "ROLE=NAME",
     N_("who holds a role: chief, lead or first=NAME, or NAME,MEANS (repeatable)"), NULL},
    {"deputy", 'd', OPT_LIST, AT(deputies), "ROLE=NAME", N_("who stands in (repeatable)"), NULL},
    {"contacts", 0, OPT_TEXT, AT(contacts), "FILE", N_("take contacts from this CSV file"), NULL},
    {"no-desks", 0, OPT_FLAG, AT(no_desks), NULL,
     N_("do not add the public desks (PPC, police, IPA, JPCERT/CC) to the contacts"), NULL},
    {"actor", 'a', OPT_TEXT, AT(c.actor), "NAME",
     N_("who does this (default: the user who runs it)"), NULL},
    OPT_END,
};

static const struct {
    const char *name, *usual, *question;
} settings[SETTINGS] = {
    {"organisation", "", N_("Name of the company")},
    {"zone", WORKSPACE_ZONE, N_("Time zone")},
    {"language", "ja", N_("Language of reports (ja or en)")},
    {"hours", "09:00-18:00", N_("Working hours")},
    {"criteria", "tokyo-3", N_("Criteria table")},
};

static bool is_right(const struct cmd *cmd, unsigned i, const char *v)
{
    struct ir_hours h = ir_hours_usual();
    int32_t zone_s;
    if (v == NULL || (*v == '\0' && i != LANGUAGE && i != ZONE)) return true;
    if (i == ZONE && !ir_zone_from_text(ir_str_z(v), &zone_s)) {
        say(cmd, _("--zone: %s: write +09:00, UTC or JST"), v);
        return false;
    }
    if (i == LANGUAGE && strcmp(v, "ja") != 0 && strcmp(v, "en") != 0) {
        say(cmd, _("--language: %s: write ja or en"), v);
        return false;
    }
    if (i == HOURS && !ir_hours_add_span(&h, ir_str_z(v))) {
        say(cmd, _("--hours: %s: write 09:00-18:00"), v);
        return false;
    }
    return true;
}

/* A question with what holds without an answer. NULL: no terminal; "": as it is. To be freed. */
static char *ask(const char *question, const char *usual)
{
    struct ir_buf b = IR_BUF(4096);
    ir_buf_fmt(&b, *usual != '\0' ? "%s [%s]: " : "%s: ", question, usual);
    char *answer = b.p != NULL ? ask_line(b.p, false) : NULL;
    ir_buf_free(&b);
    return answer;
}

struct init {
    struct case_job j;
    const struct init_options *o;
    bool asks;
    char *answer[SETTINGS], *holder[3]; /* NULL or "": none */
};

static int64_t count(struct init *in, const char *sql, const char *arg)
{
    int64_t n = 0;
    ir_query_number(in->j.db, sql, ir_str_z(arg), &n, NULL);
    return n;
}

/* Of a table that is not there every assessment would fail, on the night it counts. */
static int check_table(struct init *in, const char *said)
{
    struct criteria c = {.n = 0};
    if (said == NULL || *said == '\0' || !casefiles_there(in->j.env, "criteria")) return IR_EXIT_OK;
    int status = criteria_load(&in->j, &c);
    if (status == IR_EXIT_OK && criteria_find(&in->j, &c, said, NULL) == NULL)
        status = IR_EXIT_USAGE;
    criteria_free(&c);
    return status;
}

/* Asked until it is right; NULL: nobody can be asked. */
static char *ask_setting(struct init *in, unsigned i, const char *usual)
{
    for (;;) {
        char *answer = ask(_(settings[i].question), usual);
        if (answer == NULL || *answer == '\0' ||
            (is_right(in->j.cmd, i, answer) &&
             (i != CRITERIA || check_table(in, answer) != IR_EXIT_USAGE)))
            return answer;
        free(answer);
    }
}

#define HOLDERS "SELECT count(*) FROM role WHERE role = ?1 AND ended_at IS NULL"

/* What holds without being said. Who makes the workspace in a language by --lang has reports in it,
 * too; later it is only the language of what is shown. */
static const char *usual(const struct init *in, unsigned i)
{
    return i == LANGUAGE && in->j.env->lang != NULL ? in->j.env->lang : settings[i].usual;
}

static void ask_all(struct init *in)
{
    char now[256];
    for (unsigned i = 0; in->asks && i < SETTINGS; i++) {
        if (in->o->said[i] != NULL) continue;
        ir_setting_get(in->j.db, settings[i].name, now, sizeof now, NULL);
        in->answer[i] = ask_setting(in, i, now[0] != '\0' ? now : usual(in, i));
        in->asks = in->answer[i] != NULL;
    }
    for (unsigned i = 0; in->asks && ir_role_needed(i) != NULL; i++) {
        static const char *const who[] = {
            N_("Who decides for the company (最高責任者), with telephone: NAME,MEANS"),
            N_("Who leads the response (対応責任者): NAME,MEANS"),
            N_("Who acts first (一次対応者): NAME,MEANS")};
        if (in->o->roles.n > 0 || count(in, HOLDERS, ir_role_needed(i)) > 0) continue;
        in->holder[i] = ask(_(who[i]), "");
        in->asks = in->holder[i] != NULL;
    }
}

static int put_settings(struct init *in)
{
    char now[256];
    for (unsigned i = 0; i < SETTINGS; i++) {
        const char *v = in->o->said[i];
        if (v == NULL && in->answer[i] != NULL && in->answer[i][0] != '\0') v = in->answer[i];
        if (v == NULL) {
            ir_setting_get(in->j.db, settings[i].name, now, sizeof now, NULL);
            v = now[0] == '\0' ? usual(in, i) : NULL;
        }
        if (v == NULL || (*v == '\0' && in->o->said[i] == NULL)) continue;
        if (ir_setting_set(in->j.db, settings[i].name, ir_str_z(v), &in->j.err) != IR_OK)
            return case_failed(&in->j);
    }
    in->j.zone_s = ir_setting_zone(in->j.db);
    return IR_EXIT_OK;
}

/* Nobody holds a role who was not named: who sets this up need not be who answers (5.24), and the
 * first case asks for a lead. */
static int put_roles(struct init *in)
{
    int status = IR_EXIT_OK;
    for (size_t i = 0; status == IR_EXIT_OK && i < in->o->roles.n; i++)
        status = people_role(&in->j, in->o->roles.v[i], false);
    for (size_t i = 0; status == IR_EXIT_OK && i < in->o->deputies.n; i++)
        status = people_role(&in->j, in->o->deputies.v[i], true);
    for (unsigned i = 0; status == IR_EXIT_OK && i < 3; i++) {
        struct ir_buf text = IR_BUF(8192);
        if (in->holder[i] == NULL || in->holder[i][0] == '\0') continue;
        ir_buf_fmt(&text, "%s=%s", ir_role_needed(i), in->holder[i]);
        status = people_role(&in->j, text.p != NULL ? text.p : "", false);
        ir_buf_free(&text);
    }
    return status;
}

static int put_contacts(struct init *in)
{
    char language[16];
    int status = IR_EXIT_OK;
    ir_setting_get(in->j.db, "language", language, sizeof language, NULL);
    if (in->o->contacts != NULL) status = people_import(&in->j, in->o->contacts);
    if (status != IR_EXIT_OK || in->o->no_desks) return status;
    if (!casefiles_there(in->j.env, "contacts")) { /* a program that was copied alone */
        casefiles_missing(in->j.cmd, in->j.env);
        say(in->j.cmd, "%s", _("the public desks are left out; run ir init again then"));
        return status;
    }
    return people_desks(&in->j, strcmp(language, "en") != 0);
}

static void tell(struct init *in, const char *home)
{
    struct ir_buf *out = &in->j.out.buf;
    char now[256];
    ir_buf_fmt(out, _("the workspace is %s\n"), home);
    ir_setting_get(in->j.db, "organisation", now, sizeof now, NULL);
    if (now[0] == '\0')
        ir_buf_str(out, ir_intl_str(N_("missing: the company's name: ir init --organisation "
                                       "NAME\n")));
    for (unsigned i = 0; ir_role_needed(i) != NULL; i++)
        if (count(in, HOLDERS " AND NOT deputy", ir_role_needed(i)) == 0)
            ir_buf_fmt(out, _("missing: who holds the role %s: ir case role set %s NAME\n"),
                       ir_role_needed(i), ir_role_needed(i));
    if (count(in, "SELECT count(*) FROM role WHERE deputy AND ended_at IS NULL", NULL) == 0)
        ir_buf_str(out, ir_intl_str(N_("missing: deputies: ir case role set lead NAME "
                                       "--deputy\n")));
    ir_buf_str(out, ir_intl_str(N_("next: ir case contact list shows whom to call; ir case event "
                                   "add takes the first report\n")));
}

static int init_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct init_options *o = options;
    struct init in = {.o = o, .asks = !o->yes};
    (void)operands;
    for (unsigned i = 0; i < SETTINGS; i++)
        if (!is_right(cmd, i, o->said[i])) return IR_EXIT_USAGE;
    const char *home = workspace_home(cmd, env);
    if (home == NULL) return IR_EXIT_USAGE;
    const int dir = ir_fs_make_dirs(home, 0700);
    if (dir < 0) {
        say(cmd, _("cannot make %s: %s"), home, ir_errno_local(-dir));
        return IR_EXIT_FAILED;
    }
    close(dir);
    int status = case_open(&in.j, cmd, &o->c, env, IR_CASEDB_MAKE);
    if (status == IR_EXIT_OK) ask_all(&in); /* before the transaction, which others wait for */
    if (status == IR_EXIT_OK) status = check_table(&in, o->said[CRITERIA]);
    if (status == IR_EXIT_OK) status = case_begin(&in.j);
    if (status == IR_EXIT_OK) status = put_settings(&in);
    if (status == IR_EXIT_OK) status = put_roles(&in);
    if (status == IR_EXIT_OK) status = put_contacts(&in);
    if (status == IR_EXIT_OK) tell(&in, home);
    for (unsigned i = 0; i < SETTINGS; i++)
        free(in.answer[i]);
    for (unsigned i = 0; i < 3; i++)
        free(in.holder[i]);
    return case_close(&in.j, status);
}

extern const struct cmd cmd_init;
const struct cmd cmd_init = {
    .name = "init",
    .operands = "",
    .brief = N_("Make the workspace for cases, evidence and reviews"),
    .opts = init_opts,
    .size = sizeof(struct init_options),
    .run = init_run,
};
