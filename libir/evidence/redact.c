/*
 * What is cut from command lines before they are recorded (see redact.h). Rather too much than too
 * little: what is cut can be told in a note, what was signed can never be taken back.
 */
#include "evidence/redact.h"

#define CUT IR_S("***")

/* Up to any of `stops`. */
static struct ir_str before(struct ir_str s, const char *stops)
{
    size_t n = 0;
    while (n < s.n && strchr(stops, s.p[n]) == NULL)
        n++;
    return ir_str_head(s, n);
}

void ir_redact_url(struct ir_str url, struct ir_buf *out)
{
    size_t scheme = ir_str_find(url, IR_S("://"));
    if (scheme != IR_NPOS) {
        ir_buf_str(out, ir_str_head(url, scheme + 3));
        url = ir_str_skip(url, scheme + 3);
    }
    struct ir_str host = before(url, "/?#");
    size_t at = ir_str_rchr(host, '@');
    if (at != IR_NPOS) ir_buf_str(out, CUT);
    struct ir_str shown = ir_str_skip(before(url, "?#"), at != IR_NPOS ? at : 0);
    ir_buf_str(out, shown);
    url = ir_str_skip(url, before(url, "?#").n);
    if (url.n > 0) {
        ir_buf_chr(out, url.p[0]);
        ir_buf_str(out, CUT);
    }
}

/* Of an argument: whether its value, or the argument behind it, is a secret or a URL. */
enum meaning { PLAIN, SECRET, URL };

static enum meaning meaning_of(struct ir_str option)
{
    static const char *const secrets[] = {"pass", "secret", "token", "credential"};
    if (!ir_str_starts(option, IR_S("--"))) return PLAIN;
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        if (ir_str_find(option, ir_str_z(secrets[i])) != IR_NPOS) return SECRET;
    return ir_str_eq(option, IR_S("--tsa")) ? URL : PLAIN;
}

/* user:password@host without a scheme; an address of mail has no colon. */
static bool has_user(struct ir_str word)
{
    struct ir_str user = before(word, "/@");
    return user.n < word.n && word.p[user.n] == '@' && ir_str_chr(user, ':') != IR_NPOS;
}

/* Word by word: a URL may stand in the middle of a text. */
static void text(struct ir_str arg, struct ir_buf *out)
{
    while (arg.n > 0) {
        struct ir_str word = before(arg, " \t\r\n\"'<>()");
        if (ir_str_find(word, IR_S("://")) != IR_NPOS || has_user(word))
            ir_redact_url(word, out);
        else
            ir_buf_str(out, word);
        arg = ir_str_skip(arg, word.n);
        if (arg.n > 0) ir_buf_chr(out, arg.p[0]);
        arg = ir_str_skip(arg, 1);
    }
}

static void value(enum meaning m, struct ir_str arg, struct ir_buf *out)
{
    if (m == SECRET)
        ir_buf_str(out, CUT);
    else if (m == URL)
        ir_redact_url(arg, out);
    else
        text(arg, out);
}

void ir_redact_command(struct ir_str argv, struct ir_buf *out)
{
    enum meaning next = PLAIN;
    for (bool first = true; argv.n > 0; first = false) {
        struct ir_str arg = ir_str_cut(&argv, '\0'), name = before(arg, "=");
        enum meaning m = meaning_of(name);
        if (!first) ir_buf_chr(out, ' ');
        if (next == PLAIN && name.n < arg.n && arg.p[0] == '-') {
            ir_buf_str(out, ir_str_head(arg, name.n + 1));
            value(m, ir_str_skip(arg, name.n + 1), out);
            continue;
        }
        value(next, arg, out);
        /* --include-secrets and --no-passphrase take no value */
        bool flag = ir_str_starts(arg, IR_S("--no-")) || ir_str_starts(arg, IR_S("--include-"));
        next = next == PLAIN && !flag ? m : PLAIN;
    }
}
