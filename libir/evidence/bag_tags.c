/*
 * The tag files of a bag that have a meaning: bagit.txt (RFC 8493 section 2.1.1), bag-info.txt
 * (2.2.2; package-info.txt until 0.95), of which only Payload-Oxum is used, and fetch.txt (2.2.3).
 * The drafts before 1.0 let blanks stand where the RFC does not. Hostile in them: sizes that are no
 * numbers, paths that lead out. Nothing is ever fetched.
 */
#include <inttypes.h>

#include "base/intl.h"
#include "evidence/bag_int.h"

#define PATH_BYTES ((size_t)4 << 20)

static void complain(struct ir_bag *b, enum ir_bag_grade grade, const char *file, uint64_t line,
                     const char *why)
{
    char place[64];
    snprintf(place, sizeof place, "%s:%" PRIu64, file, line);
    ir_bag_tell(b, grade, place, why);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void take_version(struct ir_bag *b, struct ir_str value, uint64_t line)
{
    static const struct {
        const char *text;
        unsigned version;
    } known[] = {{"0.93", 93}, {"0.94", 94}, {"0.95", 95},
                 {"0.96", 96}, {"0.97", 97}, {"1.0", IR_BAG_V1}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (ir_str_eq(value, ir_str_z(known[i].text))) b->version = known[i].version;
    if (b->version == 0)
        complain(b, IR_BAG_PROBLEM, "bagit.txt", line,
                 N_("the version is none of 0.93 to 0.97 and 1.0"));
    else
        snprintf(b->t->version, sizeof b->t->version, "%.*s", IR_FMT(value));
}

static void take_encoding(struct ir_bag *b, struct ir_str value, uint64_t line)
{
    if (!ir_bag_encoding_known(value))
        complain(b, IR_BAG_PROBLEM, "bagit.txt", line, N_("the encoding is not known"));
    else
        snprintf(b->encoding, sizeof b->encoding, "%.*s", IR_FMT(value));
}

struct declared {
    unsigned lines;
    bool version, encoding, loose;
};

static void declare(struct ir_bag *b, const struct ir_bag_line *line, struct declared *d)
{
    struct ir_str value = line->text, label = ir_str_cut(&value, ':');
    struct ir_str name = ir_str_trim(label), text = ir_str_trim(value);
    bool first = ir_str_eq(name, IR_S("BagIt-Version"));
    d->lines++;
    if (value.p == NULL || (!first && !ir_str_eq(name, IR_S("Tag-File-Character-Encoding")))) {
        complain(b, IR_BAG_PROBLEM, "bagit.txt", line->number,
                 N_("the line is none of the two that belong here"));
        return;
    }
    if (label.n > 0 && is_blank(label.p[0]))
        complain(b, IR_BAG_PROBLEM, "bagit.txt", line->number, N_("the line begins with blanks"));
    if (name.n != label.n || text.n + 1 != value.n || !is_blank(value.p[0])) d->loose = true;
    if (first ? d->version : d->encoding)
        complain(b, IR_BAG_PROBLEM, "bagit.txt", line->number, N_("the line stands there twice"));
    else if (first)
        take_version(b, text, line->number);
    else
        take_encoding(b, text, line->number);
    if (first && d->encoding)
        complain(b, ir_bag_since(b, IR_BAG_V1), "bagit.txt", line->number,
                 N_("the version does not stand in the first line"));
    d->version = d->version || first;
    d->encoding = d->encoding || !first;
}

void ir_bag_declaration(struct ir_bag *b)
{
    struct ir_bag_lines *l = NULL;
    struct ir_bag_line line;
    struct declared d = {0};
    snprintf(b->encoding, sizeof b->encoding, "UTF-8");
    int rc = ir_bag_lines_open(b, "bagit.txt", NULL, &l);
    if (rc == IR_END) ir_bag_say(b, IR_BAG_PROBLEM, "bagit.txt", "is missing: this is no bag");
    if (rc != IR_OK) return;
    while (d.lines < 16 && ir_bag_lines_next(l, &line) == IR_OK)
        if (ir_str_trim(line.text).n > 0)
            declare(b, &line, &d);
        else
            d.loose = true;
    if (ir_bag_lines_bom(l))
        ir_bag_say(b, IR_BAG_PROBLEM, "bagit.txt", "begins with a byte order mark");
    ir_bag_lines_close(l, false);
    if (!d.version) ir_bag_say(b, IR_BAG_PROBLEM, "bagit.txt", "does not tell the version");
    if (!d.encoding)
        ir_bag_say(b, IR_BAG_PROBLEM, "bagit.txt", "does not tell the encoding of tag files");
    if (d.loose)
        ir_bag_say(b, ir_bag_since(b, IR_BAG_V1), "bagit.txt",
                   "has blanks or empty lines where none belong");
}

/* "bytes.files" */
static void take_oxum(struct ir_bag *b, const char *file, uint64_t line, struct ir_str value)
{
    struct ir_str files = ir_str_trim(value), bytes = ir_str_cut(&files, '.');
    uint64_t nbytes, nfiles;
    if (files.p == NULL || !ir_str_u64(bytes, &nbytes) || !ir_str_u64(files, &nfiles)) {
        complain(b, IR_BAG_PROBLEM, file, line,
                 N_("Payload-Oxum is not a number of bytes, a dot and a number of files"));
        return;
    }
    if (b->has_oxum)
        complain(b, ir_bag_since(b, IR_BAG_V1), file, line, N_("Payload-Oxum stands there twice"));
    b->has_oxum = true;
    b->oxum_bytes = nbytes;
    b->oxum_files = nfiles;
}

void ir_bag_info(struct ir_bag *b)
{
    const char *file = b->version != 0 && b->version <= 95 ? "package-info.txt" : "bag-info.txt";
    struct ir_bag_lines *l = NULL;
    struct ir_bag_line line;
    bool begun = false, loose = false;
    if (ir_bag_lines_open(b, file, b->encoding, &l) != IR_OK) return;
    while (ir_bag_lines_next(l, &line) == IR_OK) {
        struct ir_str value = line.text, label = ir_str_cut(&value, ':');
        if (line.text.n > 0 && is_blank(line.text.p[0]) && begun) continue; /* goes on */
        if (ir_str_trim(line.text).n == 0) {
            loose = true;
            continue;
        }
        begun = true;
        if (value.p == NULL || ir_str_trim(label).n == 0) {
            complain(b, IR_BAG_PROBLEM, file, line.number, N_("the line has no label"));
            continue;
        }
        loose = loose || ir_str_trim(label).n != label.n;
        if (ir_str_ieq(ir_str_trim(label), IR_S("Payload-Oxum")))
            take_oxum(b, file, line.number, value);
    }
    if (loose) ir_bag_say(b, IR_BAG_WARN, file, "has blanks before a colon, or empty lines");
    ir_bag_lines_close(l, true);
}

static struct ir_str word(struct ir_str *rest)
{
    size_t n = 0;
    while (n < rest->n && !is_blank(rest->p[n]))
        n++;
    struct ir_str w = ir_str_head(*rest, n);
    while (n < rest->n && is_blank(rest->p[n]))
        n++;
    *rest = ir_str_skip(*rest, n);
    return w;
}

void ir_bag_fetch(struct ir_bag *b, struct ir_bag_table *t, bool first)
{
    struct ir_bag_lines *l = NULL;
    struct ir_bag_line line;
    struct ir_buf room = IR_BUF(PATH_BYTES);
    if (ir_bag_lines_open(b, "fetch.txt", b->encoding, &l) != IR_OK) return;
    while (ir_bag_lines_next(l, &line) == IR_OK) {
        struct ir_str path = line.text, url = word(&path), size = word(&path);
        uint64_t bytes;
        if (ir_str_trim(line.text).n == 0) continue;
        bool sized = ir_str_u64(size, &bytes) || ir_str_eq(size, IR_S("-"));
        const char *why = url.n == 0 || !sized || path.n == 0
                              ? N_("a line is not an address, a size or -, and a name")
                              : ir_bag_path(b, &path, &room, NULL);
        if (why == NULL && !ir_str_starts(path, IR_S("data/")))
            why = N_("fetch.txt lists a file outside data/");
        if (why != NULL) {
            if (first) complain(b, IR_BAG_PROBLEM, "fetch.txt", line.number, why);
            continue;
        }
        if (!ir_bag_picked(b, t, ir_bag_key(path), path)) continue;
        uint32_t i = ir_map_find(&t->names, path);
        if (i != UINT32_MAX)
            t->v[i].fetch = true;
        else
            complain(b, IR_BAG_PROBLEM, "fetch.txt", line.number,
                     N_("fetch.txt lists a file that is in no manifest"));
    }
    ir_buf_free(&room);
    ir_bag_lines_close(l, first);
}
