/*
 * xferlog: one line for each file that an FTP server moved; wu-ftpd's form, which vsftpd, ProFTPD
 * and Pure-FTPd write too. Document: xferlog(5).
 *
 *     Sun Nov 22 01:02:03 2026 SECONDS HOST BYTES FILE TYPE ACTION DIRECTION ACCESS USER SERVICE
 *         AUTH-METHOD AUTH-ID STATUS
 *
 * Hostile: the file's name. Servers write blanks in it as '_', but not all do, so the parts behind
 * the name are read from the right end; then each has one letter or word, and a name that looks
 * like them stays a name. A user's name with a blank makes the line unreadable, and it is refused.
 */
#include "format/line_bid.h"
#include "format/stamp.h"
#include "format/web_url.h"

enum { TYPE, FLAGS, DIRECTION, ACCESS, USER, SERVICE, METHOD, ID, STATUS, TAIL };

struct head {
    struct ir_str seconds, host, bytes, file, tail[TAIL];
};

static struct ir_str take_word(struct ir_str *s)
{
    while (s->n > 0 && s->p[0] == ' ')
        *s = ir_str_skip(*s, 1);
    size_t n = ir_str_chr(*s, ' ');
    struct ir_str word = n == IR_NPOS ? *s : ir_str_head(*s, n);
    *s = ir_str_skip(*s, word.n + 1);
    return word;
}

static bool is_number(struct ir_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!ir_isdigit(s.p[i])) return false;
    return s.n > 0;
}

static bool is_letter(struct ir_str s, const char *letters)
{
    return s.n == 1 && strchr(letters, s.p[0]) != NULL && s.p[0] != '\0';
}

/* The last nine words, from the right. */
static bool take_tail(struct ir_str *s, struct head *h)
{
    *s = ir_str_trim(*s);
    for (int i = TAIL - 1; i >= 0; i--) {
        size_t blank = ir_str_rchr(*s, ' ');
        if (blank == IR_NPOS) return false;
        h->tail[i] = ir_str_skip(*s, blank + 1);
        *s = ir_str_head(*s, blank);
    }
    h->file = *s;
    return h->file.n > 0 && is_letter(h->tail[TYPE], "ab") && is_letter(h->tail[FLAGS], "_CUT") &&
           is_letter(h->tail[DIRECTION], "iod") && is_letter(h->tail[ACCESS], "agr") &&
           is_letter(h->tail[METHOD], "01") && is_letter(h->tail[STATUS], "ci");
}

static bool accept(struct ir_str rec, const struct ir_clock *clock, struct ir_event *ev,
                   struct head *h)
{
    if (rec.n < 50 || !ir_isalpha(rec.p[0])) return false;
    size_t n = ir_stamp_asctime(rec, clock, ev);
    if (n == 0 || n >= rec.n || rec.p[n] != ' ') return false;
    struct ir_str s = ir_str_skip(rec, n + 1);
    h->seconds = take_word(&s);
    h->host = take_word(&s);
    h->bytes = take_word(&s);
    return is_number(h->seconds) && is_number(h->bytes) && h->host.n > 0 && take_tail(&s, h);
}

static int stamp(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct head h;
    return accept(rec, &p->clock, ev, &h) ? IR_OK : IR_BAD;
}

static int parse(struct ir_parser *p, struct ir_str rec, struct ir_event *ev)
{
    struct head h;
    if (!accept(rec, &p->clock, ev, &h)) return IR_BAD;
    char direction = h.tail[DIRECTION].p[0];
    bool whole = h.tail[STATUS].p[0] == 'c';
    ir_event_source(ev, IR_LS_LINUX_VSFTPD);
    ir_event_source(ev, IR_LS_LINUX);
    ir_web_word(ev, IR_F_EVENT_ACTION,
                direction == 'i'   ? IR_S("ftp_upload")
                : direction == 'o' ? IR_S("ftp_download")
                                   : IR_S("ftp_delete"));
    ir_web_word(ev, IR_F_EVENT_OUTCOME, whole ? IR_S("success") : IR_S("failure"));
    ir_web_client(ev, h.host);
    ir_event_set(ev, IR_F_FILE_PATH, h.file);
    ir_event_set(ev, IR_F_USER_NAME, h.tail[USER]);
    ir_web_number(ev, IR_F_NETWORK_BYTES, h.bytes);
    ir_event_set(ev, IR_F_SERVICE_NAME, h.tail[SERVICE]);
    ir_event_set(ev, IR_F_MESSAGE, rec);
    return IR_OK;
}

static int bid(struct ir_str head)
{
    return ir_stamp_bid(head, stamp, 95);
}

static const uint16_t sources[] = {IR_LS_LINUX, IR_LS_LINUX_VSFTPD, 0};

const struct ir_format ir_format_xferlog = {
    .name = "xferlog",
    .title = N_("File transfers of FTP servers (xferlog)"),
    .flags = IR_FMT_VERBATIM | IR_FMT_STAMP_FIRST | IR_FMT_STRAYS,
    .sources = sources,
    .bid = bid,
    .parse = parse,
    .stamp = stamp,
};
