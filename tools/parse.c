/*
 * ir parse: every record of the inputs as one JSON object a line. For other programs, and to see
 * what the rules see.
 */
#include "event/extra.h"
#include "events.h"
#include "geoip.h"
#include "report/writer.h"
#include "run/scan.h"
#include "sink.h"
#include "where.h"
#include "zone.h"

struct parse_options {
    struct opt_list geoip, format_files;
    const char *format, *out, *password_file, *encoding, *zone;
    bool ask_password;
    int64_t reference_time;
};

#define AT(member) offsetof(struct parse_options, member)
static const struct opt parse_opts[] = {
    {"format", 'f', OPT_NAME, AT(format), "FORMAT",
     N_("read every input as this format instead of recognising it"), choice_format},
    {"format-files", 0, OPT_LIST, AT(format_files), "PATH",
     N_("also know the log formats that this file or directory describes (may be repeated)"), NULL},
    {"encoding", 0, OPT_CHOICE, AT(encoding), "ENCODING",
     N_("read every input as this encoding instead of recognising it"), choice_encoding},
    {"geoip", 0, OPT_LIST, AT(geoip), "FILE",
     N_("tell countries by this GeoIP file (.mmdb; may be repeated)"), NULL},
    {"out", 'O', OPT_TEXT, AT(out), "FILE", N_("write to this file instead of stdout"), NULL},
    {"password-file", 0, OPT_TEXT, AT(password_file), "FILE",
     N_("passwords to try on encrypted archives, one a line"), NULL},
    {"ask-password", 0, OPT_FLAG, AT(ask_password), NULL,
     N_("ask on the terminal for a password to try on encrypted archives"), NULL},
    ZONE_OPT(AT(zone)),
    {"reference-time", 0, OPT_TIME, AT(reference_time), "TIME",
     N_("stands for now where a stamp has no year"), NULL},
    OPT_END,
};

static void parse_defaults(void *options, const struct env *env)
{
    (void)env;
    ((struct parse_options *)options)->reference_time = INT64_MIN;
}

static int on_event(void *user, const struct ir_event *ev, const char *path, const char *format)
{
    struct sink *out = user;
    ir_write_event(&out->buf, ev, path, format);
    return sink_drain(out) ? 0 : 1;
}

static int parse_run(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                     const struct env *env)
{
    const struct parse_options *o = options;
    struct ir_err err = {0};
    struct ir_parse_result r = {0};
    struct sink out;
    struct passwords passwords;
    struct ir_extras extras = {0};
    struct formats formats = {NULL, NULL};
    struct zone zone = {.changes = NULL};
    const struct ir_format *format = NULL;
    int status = passwords_get(&passwords, cmd, o->password_file, o->ask_password);
    if (status != IR_EXIT_OK) return status;
    status = geoip_open(cmd, &o->geoip, &extras.geo);
    if (status == IR_EXIT_OK) status = formats_open(&formats, cmd, env, &o->format_files, NULL);
    if (status == IR_EXIT_OK) status = formats_named(&formats, cmd, o->format, &format);
    if (status == IR_EXIT_OK) status = zone_open(&zone, cmd, o->zone, env);
    if (status == IR_EXIT_OK) status = sink_open(&out, cmd, o->out, operands);
    if (status != IR_EXIT_OK) {
        zone_close(&zone);
        formats_close(&formats);
        passwords_free(&passwords);
        ir_geo_free(extras.geo);
        return status;
    }
    struct ir_parse_options po = {
        .formats = formats.list,
        .format = format,
        .encoding = o->encoding ? ir_encoding_by_name(ir_str_z(o->encoding)) : IR_ENC_AUTO,
        .reference_time = o->reference_time,
        .now = env->now,
        .zone = &zone.zone,
        .output_fd = out.fd,
        .passwords = passwords.keys,
        .extras = &extras,
        .asks = extras.geo != NULL ? IR_X_GEO : 0,
        .no_sandbox = env->no_sandbox,
        .event = on_event,
        .user = &out,
    };
    int rc = ir_parse_run(operands->v, operands->n, &po, &r, &err);
    sink_flush(&out);
    say_problems(cmd, &r);
    if (rc >= 0 && r.records == 0 && r.nproblems == 0) say(cmd, _("no record was read"));
    if (rc < 0 && rc != IR_WARN && !out.gone && !out.failed) {
        say(cmd, _("cannot go on: %s: %s"), err.input,
            ir_local(err.msg[0] ? err.msg : N_("unknown reason")));
        status = IR_EXIT_FAILED;
    } else if (r.damaged > 0 || r.unreadable > 0) {
        status = IR_EXIT_DAMAGED;
    }
    geoip_tell(cmd, extras.geo);
    ir_parse_free(&r);
    ir_geo_free(extras.geo);
    zone_close(&zone);
    formats_close(&formats);
    passwords_free(&passwords);
    return sink_close(&out, status);
}

const struct cmd cmd_parse = {
    .name = "parse",
    .operands = "FILE…",
    .brief = N_("Print the records of logs as JSON lines"),
    .about = N_(
        "FILE is a file, a directory with everything below it, a quoted glob, or - for stdin;\n"
        "gz, xz, zst and bz2 are unpacked, and the members of archives (tar, zip, 7z, cpio, rar,\n"
        "iso, …) are read like files.\n\n"
        "What is skipped, damaged or unreadable is said on stderr.\n\n"
        "Exit status: 0, or 3 when some input was unreadable or damaged."),
    .opts = parse_opts,
    .size = sizeof(struct parse_options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .defaults = parse_defaults,
    .run = parse_run,
};
