/*
 * What every command that reads logs is told about them, and what it opens for that before the
 * sandbox.
 *
 *     struct frob_options { struct reading_options in; … };
 *     static const struct opt frob_opts[] = {
 *     #define IN(member) offsetof(struct frob_options, in.member)
 *     #include "reading.def"
 *         OPT_END };
 *     status = reading_open(&r, cmd, &o->in, NULL, env);
 *     reading_close(&r);                                 // also when reading_open failed
 */
#ifndef IR_TOOLS_READING_H
#define IR_TOOLS_READING_H

#include "base/charset.h"
#include "formats_load.h"
#include "geoip.h"
#include "passwords.h"
#include "run/scan.h"
#include "where.h"
#include "zone.h"

struct reading_options {
    struct opt_list format_files, geoip;
    const char *format, *encoding, *password_file, *zone;
    bool ask_password;
    int64_t reference_time;
};

struct reading {
    struct passwords passwords;
    struct ir_geo *geo; /* NULL: none */
    struct formats formats;
    const struct ir_format *format; /* that --format names; NULL: recognise it */
    enum ir_encoding encoding;
    struct zone zone;
};

void reading_defaults(struct reading_options *o);
/* rules: --rules, whose directories may describe formats; NULL: none. IR_EXIT_OK, or a status after
 * having said why. */
int reading_open(struct reading *r, const struct cmd *cmd, const struct reading_options *o,
                 const struct opt_list *rules, const struct env *env);
void reading_close(struct reading *r);
/* How a scan reads: what was told and opened, with the time and the zone of the machine. */
void reading_to_scan(const struct reading *r, const struct reading_options *o,
                     const struct env *env, struct ir_scan_options *so);

#endif
