/*
 * ir case contact: whom to call (連絡先一覧表, 5.5 and 5.6), and whether the number still holds.
 */
#include "base/intl.h"
#include "base/time.h"
#include "case.h"
#include "casedb/contact_csv.h"
#include "casedb/query.h"
#include "people.h"
#include "report/cell.h"

#define FILE_BYTES ((size_t)64 << 20)

struct contact_options {
    struct case_options c;
    const char *v[IR_CONTACT_FIELDS];
    const char *on;
    uint64_t max_age;
    bool bom;
};

#define AT(member) offsetof(struct contact_options, member)
/* clang-format off */
#define FIELD_OPTS                                                                                 \
    {"kind", 'k', OPT_TEXT, AT(v[IR_CONTACT_KIND]), "KIND",                                        \
     N_("ppc, police, ipa, jpcert, customer, vendor, forensics, lawyer, insurer, bank, telecom …"), \
     NULL},                                                                                        \
    {"person", 0, OPT_TEXT, AT(v[IR_CONTACT_PERSON]), "NAME", N_("whom to ask for"), NULL},        \
    {"means", 0, OPT_TEXT, AT(v[IR_CONTACT_MEANS]), "TEXT", N_("telephone, mail address"), NULL},  \
    {"url", 0, OPT_TEXT, AT(v[IR_CONTACT_URL]), "URL", N_("its page or form"), NULL},              \
    {"hours", 0, OPT_TEXT, AT(v[IR_CONTACT_HOURS]), "TEXT", N_("when it answers"), NULL},          \
    {"purpose", 0, OPT_TEXT, AT(v[IR_CONTACT_PURPOSE]), "TEXT", N_("what it is for"), NULL},       \
    {"last-verified", 0, OPT_TEXT, AT(v[IR_CONTACT_VERIFIED]), "DATE",                             \
     N_("the day on which somebody saw that it holds"), NULL},                                     \
    {"note", 0, OPT_TEXT, AT(v[IR_CONTACT_NOTE]), "TEXT", N_("anything else"), NULL}
static const struct opt add_opts[] = {CASE_WRITE_OPTS(struct contact_options), FIELD_OPTS, OPT_END};
static const struct opt change_opts[] = {
    CASE_WRITE_OPTS(struct contact_options),
    {"organisation", 0, OPT_TEXT, AT(v[IR_CONTACT_ORGANISATION]), "NAME", N_("its name"), NULL},
    FIELD_OPTS, OPT_END};
/* clang-format on */
static const struct opt list_opts[] = {
    CASE_READ_OPTS(struct contact_options),
    {"max-age", 0, OPT_NUMBER, AT(max_age), "DAYS",
     N_("warn of what was verified longer ago (default 365)"), NULL},
    OPT_END,
};
static const struct opt verified_opts[] = {
    CASE_WRITE_OPTS(struct contact_options),
    {"on", 0, OPT_TEXT, AT(on), "DATE", N_("the day (default: today)"), NULL},
    OPT_END,
};
static const struct opt write_opts[] = {CASE_WRITE_OPTS(struct contact_options), OPT_END};
static const struct opt export_opts[] = {
    {"bom", 0, OPT_FLAG, AT(bom), NULL, N_("with a byte order mark, for Excel"), NULL},
    OPT_END,
};

static void list_defaults(void *options, const struct env *env)
{
    (void)env;
    ((struct contact_options *)options)->max_age = 365;
}

static struct ir_contact said(const struct contact_options *o)
{
    struct ir_contact c;
    for (unsigned f = 0; f < IR_CONTACT_FIELDS; f++)
        c.v[f] = ir_str_z(o->v[f]);
    return c;
}

static bool number_of(struct case_job *j, const char *text, int64_t *ret_no)
{
    *ret_no = case_number_said(text);
    if (*ret_no == 0)
        say(j->cmd, _("%s: not the number of a contact; ir case contact list shows them"), text);
    return *ret_no != 0;
}

static const char *fault_text(enum ir_contact_fault f)
{
    static const char *const texts[] = {N_("ok"),
                                        N_("no telephone, mail or URL"),
                                        N_("a mail address is malformed"),
                                        N_("the URL is malformed"),
                                        N_("never verified"),
                                        N_("verified too long ago")};
    return texts[f];
}

static void print_contact(struct case_job *j, int64_t no, const struct ir_contact *c,
                          enum ir_contact_fault fault)
{
    const struct case_cell row[] = {
        {"no", N_("number"), 6, {NULL, 0}, no, true, false},
        {"kind", N_("kind"), 9, c->v[IR_CONTACT_KIND], 0, false, false},
        {"organisation", N_("organisation"), 28, c->v[IR_CONTACT_ORGANISATION], 0, false, false},
        {"person", N_("person"), 10, c->v[IR_CONTACT_PERSON], 0, false, false},
        {"means", N_("means"), 22, c->v[IR_CONTACT_MEANS], 0, false, false},
        {"url", N_("URL"), 30, c->v[IR_CONTACT_URL], 0, false, false},
        {"hours", N_("hours"), 14, c->v[IR_CONTACT_HOURS], 0, false, false},
        {"last_verified", N_("verified"), 10, c->v[IR_CONTACT_VERIFIED], 0, false, false},
        {"check", N_("check"), 22, ir_str_z(j->json ? fault_text(fault) : _(fault_text(fault))), 0,
         false, false},
        {"purpose", N_("purpose"), 0, c->v[IR_CONTACT_PURPOSE], 0, false, false},
        {"note", "", 0, c->v[IR_CONTACT_NOTE], 0, false, true},
    };
    case_row(j, row, sizeof row / sizeof *row);
}

#define COLUMNS                                                                                    \
    "SELECT no, kind, organisation, person, means, url, hours, purpose, last_verified, note "      \
    "FROM contact WHERE ended_at IS NULL ORDER BY no"

static void read_contact(const struct ir_query *q, struct ir_contact *c)
{
    for (int f = 0; f < IR_CONTACT_FIELDS; f++)
        c->v[f] = ir_query_text(q, f + 1);
}

static int list_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const struct contact_options *o = options;
    unsigned faults = 0;
    struct case_job j;
    struct ir_query q;
    (void)operands;
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_READ);
    if (status != IR_EXIT_OK) return case_close(&j, status);
    int rc = ir_query_open(&q, j.db, COLUMNS, &j.err);
    while (rc == IR_OK && (rc = ir_query_next(&q, &j.err)) == IR_OK) {
        struct ir_contact c;
        read_contact(&q, &c);
        const enum ir_contact_fault fault =
            ir_contact_check(&c, people_today(&j), (unsigned)o->max_age);
        faults += fault != IR_CONTACT_GOOD;
        print_contact(&j, ir_query_int(&q, 0), &c, fault);
    }
    ir_query_close(&q);
    if (rc < 0) status = case_failed(&j);
    if (faults > 0) say(cmd, _("%u contacts need a look: see the column of the check"), faults);
    status = case_close(&j, status);
    return status == IR_EXIT_OK && faults > 0 ? IR_EXIT_FINDINGS : status;
}

static int tell(struct case_job *j, int64_t no, int rc)
{
    const struct case_cell row[] = {{"no", N_("number"), 0, {NULL, 0}, no, true, false}};
    if (rc != IR_OK) return case_failed(j);
    case_row(j, row, 1);
    return IR_EXIT_OK;
}

static int add_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                   const struct env *env)
{
    const struct contact_options *o = options;
    struct ir_buf name = IR_BUF(IR_CASE_TEXT_MAX);
    struct ir_contact c = said(o);
    int64_t no = 0;
    struct case_job j;
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_WRITE);
    if (status == IR_EXIT_OK) status = case_begin(&j);
    case_words(operands, 0, &name);
    c.v[IR_CONTACT_ORGANISATION] = ir_buf_view(&name);
    if (status == IR_EXIT_OK) {
        const int rc = ir_contact_add(j.db, &c, &no, &j.err);
        status = tell(&j, no, rc);
    }
    ir_buf_free(&name);
    return case_close(&j, status);
}

enum deed { CHANGE, VERIFIED, END };

static int with_number(const struct cmd *cmd, const struct contact_options *o,
                       const struct opt_list *operands, const struct env *env, enum deed deed)
{
    struct ir_contact c = said(o);
    char today[16];
    int64_t no = 0;
    struct case_job j;
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_WRITE);
    if (status == IR_EXIT_OK && !number_of(&j, operands->v[0], &no)) status = IR_EXIT_USAGE;
    if (status == IR_EXIT_OK) status = case_begin(&j);
    if (deed == VERIFIED) {
        people_date(&j, today);
        c.v[IR_CONTACT_VERIFIED] = ir_str_z(o->on != NULL ? o->on : today);
    }
    if (status == IR_EXIT_OK) {
        const int rc = deed == END ? ir_contact_end(j.db, no, &j.err)
                                   : ir_contact_change(j.db, no, &c, &j.err);
        status = tell(&j, no, rc);
    }
    return case_close(&j, status);
}

static int change_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                      const struct env *env)
{
    return with_number(cmd, options, operands, env, CHANGE);
}

static int verified_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                        const struct env *env)
{
    return with_number(cmd, options, operands, env, VERIFIED);
}

static int end_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                   const struct env *env)
{
    return with_number(cmd, options, operands, env, END);
}

static int import_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                      const struct env *env)
{
    const struct contact_options *o = options;
    struct case_job j;
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_WRITE);
    if (status == IR_EXIT_OK) status = people_import(&j, operands->v[0]);
    return case_close(&j, status);
}

static int export_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                      const struct env *env)
{
    const struct contact_options *o = options;
    struct case_job j;
    struct ir_query q;
    bool first = true;
    (void)operands;
    int status = case_open(&j, cmd, &o->c, env, IR_CASEDB_READ);
    if (status != IR_EXIT_OK) return case_close(&j, status);
    struct ir_buf *out = &j.out.buf;
    if (o->bom) ir_buf_str(out, IR_S("\xef\xbb\xbf"));
    for (enum ir_contact_field f = 0; f < IR_CONTACT_FIELDS; f++)
        ir_cell_text(out, &first, ir_str_z(ir_contact_field(f)));
    ir_cell_end(out);
    int rc = ir_query_open(&q, j.db, COLUMNS, &j.err);
    while (rc == IR_OK && (rc = ir_query_next(&q, &j.err)) == IR_OK) {
        struct ir_contact c;
        read_contact(&q, &c);
        first = true;
        for (unsigned f = 0; f < IR_CONTACT_FIELDS; f++)
            ir_cell_lines(out, &first, c.v[f]);
        ir_cell_end(out);
        sink_drain(&j.out);
    }
    ir_query_close(&q);
    if (rc < 0) status = case_failed(&j);
    return case_close(&j, status);
}

#define COMMAND(symbol, word, what, text, options_, least, most)                                   \
    static const struct cmd cmd_##symbol = {                                                       \
        .name = "case contact " word,                                                              \
        .operands = what,                                                                          \
        .brief = text,                                                                             \
        .opts = options_,                                                                          \
        .size = sizeof(struct contact_options),                                                    \
        .min_operands = least,                                                                     \
        .max_operands = most,                                                                      \
        .defaults = list_defaults,                                                                 \
        .run = symbol##_run,                                                                       \
    }

COMMAND(list, "list", "", N_("List whom to call, and which entries need a look"), list_opts, 0, 0);
COMMAND(add, "add", "ORGANISATION…", N_("Add a contact"), add_opts, 1, SIZE_MAX);
COMMAND(change, "change", "NUMBER", N_("Change what is said of a contact"), change_opts, 1, 1);
COMMAND(verified, "verified", "NUMBER", N_("Record that somebody saw that it holds"), verified_opts,
        1, 1);
COMMAND(end, "end", "NUMBER", N_("A contact is no longer in use"), write_opts, 1, 1);
COMMAND(import, "import", "FILE", N_("Take contacts from a CSV file; - reads stdin"), write_opts, 1,
        1);
COMMAND(export, "export", "", N_("Write the contacts as CSV"), export_opts, 0, 0);

static const struct opt no_opts[] = {OPT_END};
static const struct cmd *const subs[] = {&cmd_list, &cmd_add,    &cmd_change, &cmd_verified,
                                         &cmd_end,  &cmd_import, &cmd_export, NULL};

extern const struct cmd cmd_case_contact;
const struct cmd cmd_case_contact = {
    .name = "case contact",
    .operands = "COMMAND",
    .brief = N_("Whom to call: authorities, vendors, customers, advisers"),
    .opts = no_opts,
    .subs = subs,
};
