/*
 * Apache's error log of loghub: level, text and time of each line are those of its structured CSV.
 * Skips without IR_SHARED.
 */
#include "samples.h"

/* The CSV's row "LineId,Time,Level,Content,…" of the event's line; the content may be quoted. */
static bool agrees(const struct lines *t, struct ir_str row)
{
    char text[32];
    struct ir_civil c;
    ir_str_cut(&row, ',');
    struct ir_str civil = ir_str_cut(&row, ','), level = ir_str_cut(&row, ',');
    struct ir_str message = field(t, IR_F_MESSAGE);
    bool quoted = row.n > 0 && row.p[0] == '"';
    struct ir_str content = ir_str_head(ir_str_skip(row, quoted), message.n);
    char after = row.n > content.n + quoted ? row.p[content.n + quoted] : 0;
    ir_time_to_civil(t->ev->time, 0, &c);
    snprintf(text, sizeof text, "%02d %02d:%02d:%02d %04d", c.day, c.hour, c.minute, c.second,
             c.year);
    return strcmp(t->took->name, "apache_error") == 0 &&
           ir_str_eq(level, field(t, IR_F_LOG_LEVEL)) && ir_str_eq(content, message) &&
           ir_str_ends(civil, ir_str_z(text)) &&
           ir_month_from_name(ir_str_skip(civil, 4)) == c.month &&
           after == (quoted ? '"' : ','); /* the content must end there as well */
}

int main(void)
{
    char csv[1024], log[1024];
    struct score score = {0};
    struct lines t;
    if (!ir_tap_shared("data/loghub/Apache/Apache_2k.log", log, sizeof log) ||
        !ir_tap_shared("data/loghub/Apache/Apache_2k.log_structured.csv", csv, sizeof csv)) {
        skip("loghub's Apache log is not below IR_SHARED");
        return done();
    }
    struct ir_str lines = sample_file(log), rows = sample_file(csv), l = lines, r = rows;
    lines_open(&t, "apache_error", 1795392000);
    ir_str_cut(&r, '\n');
    while (l.n > 0 && r.n > 0) {
        struct ir_str line = ir_str_cut(&l, '\n');
        sample_parse_as(&t, t.parser.fmt, line);
        bool good = agrees(&t, ir_str_cut(&r, '\n'));
        score_add(&score, good);
        if (!good) ir_tap_show("differs", line);
    }
    is_int(score.good, 2000, "lines of loghub's Apache log");
    lines_close(&t);
    free((char *)lines.p);
    free((char *)rows.p);
    return done();
}
