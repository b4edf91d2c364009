/*
 * What is opened before logs are read. See reading.h.
 */
#include "reading.h"

void reading_defaults(struct reading_options *o)
{
    o->reference_time = INT64_MIN;
}

int reading_open(struct reading *r, const struct cmd *cmd, const struct reading_options *o,
                 const struct opt_list *rules, const struct env *env)
{
    *r = (struct reading){.encoding = o->encoding ? ir_encoding_by_name(ir_str_z(o->encoding))
                                                  : IR_ENC_AUTO};
    int status =
        passwords_get(&r->passwords, cmd, "password-file", o->password_file, o->ask_password);
    if (status == IR_EXIT_OK) status = geoip_open(cmd, &o->geoip, &r->geo);
    if (status == IR_EXIT_OK) status = formats_open(&r->formats, cmd, env, &o->format_files, rules);
    if (status == IR_EXIT_OK) status = formats_named(&r->formats, cmd, o->format, &r->format);
    if (status == IR_EXIT_OK) status = zone_open(&r->zone, cmd, o->zone, env);
    return status;
}

void reading_close(struct reading *r)
{
    ir_geo_free(r->geo);
    formats_close(&r->formats);
    passwords_free(&r->passwords);
    zone_close(&r->zone);
}

void reading_to_scan(const struct reading *r, const struct reading_options *o,
                     const struct env *env, struct ir_scan_options *so)
{
    so->now = env->now;
    so->zone_s = env->zone_s;
    so->zone = &r->zone.zone;
    so->zone_name = r->zone.name;
    so->reference_time = o->reference_time;
    so->formats = r->formats.list;
    so->format = r->format;
    so->encoding = r->encoding;
    so->passwords = r->passwords.keys;
    so->geo = r->geo;
}
