/*
 * Names and versions of public rule sets, out of the names that people and programs give to
 * archives: sigma_all_rules.zip, sigma-r2026-01-01.tar.gz, SigmaHQ-sigma-0a1b2c3/.
 */
#include "base/utf8.h"
#include "run/import_int.h"

#define PART_MAX  255u /* bytes of a name */
#define PATH_MOST 512u
#define DEEPEST   24u

static bool is_version_char(char c)
{
    return ir_isalnum(c) || c == '.' || c == '_' || c == '-' || c == '+';
}

/* "r2026-01-01", "v1.2", "2026.1", or the digits of a commit. */
static bool looks_like_version(struct ir_str s)
{
    size_t hex = 0;
    if (s.n == 0 || s.n > 64) return false;
    for (size_t i = 0; i < s.n; i++) {
        if (!is_version_char(s.p[i])) return false;
        hex += ir_hexval(s.p[i]) >= 0;
    }
    if (hex == s.n && s.n >= 7 && s.n <= 40) return true;
    const size_t at = ir_lower(s.p[0]) == 'r' || ir_lower(s.p[0]) == 'v';
    return at < s.n && ir_isdigit(s.p[at]);
}

static struct ir_str without_extension(struct ir_str s)
{
    static const char *const ends[] = {".zip", ".tar", ".tgz", ".gz",  ".xz", ".zst",
                                       ".bz2", ".7z",  ".txz", ".tbz", NULL};
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; ends[i] != NULL; i++) {
            const struct ir_str e = ir_str_z(ends[i]);
            if (s.n <= e.n || !ir_str_ieq(ir_str_skip(s, s.n - e.n), e)) continue;
            s.n -= e.n;
            more = true;
        }
    }
    return s;
}

void ir_import_names(struct ir_str file, char ret_name[IR_RULESET_NAME_MAX + 1],
                     char ret_version[65])
{
    const size_t slash = ir_str_rchr(file, '/');
    struct ir_str s = without_extension(slash == IR_NPOS ? file : ir_str_skip(file, slash + 1));
    struct ir_str name = s;
    size_t n = 0;
    ret_version[0] = '\0';
    for (size_t i = 1; i + 1 < s.n; i++) {
        const struct ir_str rest = ir_str_skip(s, i + 1);
        if ((s.p[i] != '-' && s.p[i] != '_') || !looks_like_version(rest)) continue;
        memcpy(ret_version, rest.p, rest.n);
        ret_version[rest.n] = '\0';
        name = ir_str_head(s, i);
        break;
    }
    for (size_t i = 0; i < name.n && n < IR_RULESET_NAME_MAX; i++) {
        const char c = ir_lower(name.p[i]);
        if (n == 0 && !ir_isalnum(c)) continue;
        ret_name[n++] = is_version_char(c) ? c : '-';
    }
    ret_name[n] = '\0';
}

void ir_import_version_file(struct ir_str text, char ret_version[65])
{
    struct ir_str rest = text, line = ir_str_trim(ir_str_cut(&rest, '\n'));
    const size_t colon = ir_str_rchr(line, ':');
    if (line.n > 0 && line.p[line.n - 1] == '\r') line = ir_str_trim(ir_str_head(line, line.n - 1));
    if (colon != IR_NPOS) line = ir_str_trim(ir_str_skip(line, colon + 1));
    for (size_t i = 0; i < line.n; i++)
        if (!is_version_char(line.p[i])) return;
    if (line.n == 0 || line.n > 64) return;
    memcpy(ret_version, line.p, line.n);
    ret_version[line.n] = '\0';
}

static bool hidden_character(struct ir_str s)
{
    for (int32_t cp; s.n > 0;) {
        const size_t n = ir_utf8_decode(s, &cp);
        if (cp < 0 || cp == '\\' || ir_cp_hidden((uint32_t)cp)) return true;
        s = ir_str_skip(s, n);
    }
    return false;
}

bool ir_import_path_ok(struct ir_str path)
{
    unsigned depth = 0;
    if (path.n == 0 || path.n > PATH_MOST || hidden_character(path)) return false;
    for (struct ir_str rest = path; rest.p != NULL; depth++) {
        const struct ir_str part = ir_str_cut(&rest, '/');
        if (part.n == 0 || part.n > PART_MAX || ir_str_eq(part, IR_S(".")) ||
            ir_str_eq(part, IR_S("..")))
            return false;
    }
    return depth <= DEEPEST;
}
