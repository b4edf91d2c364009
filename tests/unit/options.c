/*
 * Option tables: what parsing takes and refuses, and the texts made from a table.
 */
#include "report/finding.h"
#include "tap.h"
#include "tools/opt.h"

struct frob_options {
    bool fast, quiet;
    const char *name, *kind;
    struct opt_list dirs;
    uint64_t number;
    int64_t when;
    int level;
};

static const char *kinds(size_t i)
{
    static const char *const words[] = {"red", "blue", NULL};
    return words[i];
}

#define AT(member) offsetof(struct frob_options, member)
static const struct opt frob_opts[] = {
    {"fast", 'f', OPT_FLAG, AT(fast), NULL, "do not wait", NULL},
    {"quiet", 'q', OPT_FLAG, AT(quiet), NULL, "say less", NULL},
    {"name", 'n', OPT_TEXT, AT(name), "NAME", "a name", NULL},
    {"dir", 'd', OPT_LIST, AT(dirs), "DIR", "a directory (may be repeated)", NULL},
    {"number", 0, OPT_NUMBER, AT(number), "N", "a number", NULL},
    {"when", 0, OPT_TIME, AT(when), "TIME", "a time", NULL},
    {"level", 0, OPT_LEVEL, AT(level), "LEVEL", "a level", NULL},
    {"kind", 0, OPT_CHOICE, AT(kind), "KIND", "a kind", kinds},
    OPT_END,
};
static const struct cmd frob = {.name = "frob",
                                .operands = "PATH…",
                                .brief = "Frob what is named",
                                .opts = frob_opts,
                                .size = sizeof(struct frob_options),
                                .min_operands = 1,
                                .max_operands = 3};
static const struct env env = {.now = INT64_C(1000000000000), .zone_s = 9 * 3600};

struct parsed {
    int rc;
    struct frob_options o;
    struct opt_list operands;
    char problem[512];
};

/* The words of `line` are separated by '|', so that they can be empty. */
static struct parsed parse(const char *line)
{
    static char text[1024];
    char *argv[32] = {"frob"};
    int argc = 1;
    struct parsed p = {0};
    struct ir_buf problem = IR_BUF(512);
    snprintf(text, sizeof text, "%s", line);
    for (char *at = text; at != NULL && argc < 31;) {
        argv[argc++] = at;
        at = strchr(at, '|');
        if (at != NULL) *at++ = '\0';
    }
    p.rc = opt_parse(&frob, argc, argv, &env, &p.o, &p.operands, &problem);
    snprintf(p.problem, sizeof p.problem, "%s", problem.p ? problem.p : "");
    ir_buf_free(&problem);
    return p;
}

static void release(struct parsed *p)
{
    opt_free(&frob, &p->o, &p->operands);
}

static void taken(void)
{
    struct parsed p = parse("a|--fast|--name|x|b|-d|one|--dir=two|-dthree|--number=7|c");
    is_int(p.rc, OPT_RUN, "operands and options mixed");
    ok(p.o.fast && !p.o.quiet, "flag");
    is_str(ir_str_z(p.o.name), "x", "text");
    if (is_int((long long)p.o.dirs.n, 3, "list")) {
        is_str(ir_str_z(p.o.dirs.v[0]), "one", "-d one");
        is_str(ir_str_z(p.o.dirs.v[1]), "two", "--dir=two");
        is_str(ir_str_z(p.o.dirs.v[2]), "three", "-dthree");
        ok(p.o.dirs.v[3] == NULL, "a list ends with NULL");
    }
    is_int((long long)p.o.number, 7, "number");
    is_int((long long)p.operands.n, 3, "operands");
    release(&p);

    p = parse("-fq|-n|-|-|--|--fast|-x");
    is_int(p.rc, OPT_RUN, "letters together, lone dashes, --");
    ok(p.o.fast && p.o.quiet, "both letters");
    is_str(ir_str_z(p.o.name), "-", "a dash as value");
    is_int((long long)p.operands.n, 3, "after -- all are operands");
    release(&p);

    p = parse("a|--name=|--name=--fast=x|--level|HIGH|--kind=blue|--when|1970-01-01T09:00:01");
    is_int(p.rc, OPT_RUN, "odd values");
    is_str(ir_str_z(p.o.name), "--fast=x", "the last one counts, the first = cuts");
    is_int(p.o.level, IR_LEVEL_HIGH, "level");
    is_str(ir_str_z(p.o.kind), "blue", "choice");
    is_int(p.o.when, 1000000000, "a time without zone is local");
    release(&p);

    p = parse("--name|--fast|a");
    is_str(ir_str_z(p.o.name), "--fast", "a value may look like an option");
    ok(!p.o.fast, "… and is none");
    release(&p);
}

static void refused(void)
{
    static const struct {
        const char *line, *problem;
    } cases[] = {
        {"--fast", "PATH… is missing: see ir frob --help"},
        {"a|b|c|d", "too many arguments: d: see ir frob --help"},
        {"--fsat|a", "unknown option: --fsat: did you mean --fast?"},
        {"--nam=x|a", "unknown option: --nam=x: did you mean --name?"},
        {"--zzzzzzzz|a", "unknown option: --zzzzzzzz: see ir frob --help"},
        {"-fz|a", "unknown option: -fz: see ir frob --help"},
        {"--fast=1|a", "--fast: takes no value: leave out what follows it"},
        {"a|--name", "--name: NAME is missing: write --name NAME"},
        {"a|-n", "--name: NAME is missing: write --name NAME"},
        {"a|--number|x", "--number: x: not a number: use digits only, at most 1000000000"},
        {"a|--number=", "--number: : not a number: use digits only, at most 1000000000"},
        {"a|--number=-1", "--number: -1: not a number: use digits only, at most 1000000000"},
        {"a|--number=99999999999999999999999",
         "--number: 99999999999999999999999: not a number: use digits only, at most 1000000000"},
        {"a|--level=x",
         "--level: x: not a level: use informational, low, medium, high or critical"},
        {"a|--kind=green", "--kind: green: unknown: use one of red, blue"},
        {"a|--kind=re", "--kind: re: unknown: use one of red, blue"},
        {"a|--kind=\x1b[2J", "--kind: \\x1b[2J: unknown: use one of red, blue"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct parsed p = parse(cases[i].line);
        is_int(p.rc, OPT_BAD, "refused: case %zu", i);
        is_str(ir_str_z(p.problem), cases[i].problem, "says what to do: case %zu", i);
        release(&p);
    }
    struct parsed p = parse("--level|bad\x1b");
    ok(strchr(p.problem, '\x1b') == NULL, "no control character in a message");
    release(&p);
}

static void asked_for_help(void)
{
    static const char *const lines[] = {"--help", "-h", "a|b|c|d|--help", "-fh", "a|-h|--nonsense"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct parsed p = parse(lines[i]);
        is_int(p.rc, OPT_HELP, "help: %s", lines[i]);
        release(&p);
    }
    struct parsed p = parse("--|--help");
    is_int(p.rc, OPT_RUN, "--help behind -- is an operand");
    release(&p);
}

static void nearest(void)
{
    static const char *const words[] = {"scan", "parse", "formats"};
    ok(opt_nearest("scna", words, 3) == words[0], "two letters exchanged");
    ok(opt_nearest("prase", words, 3) == words[1], "nearest of several");
    ok(opt_nearest("form", words, 3) == words[2], "a beginning");
    ok(opt_nearest("xyz", words, 3) == NULL, "nothing near");
    ok(opt_nearest("", words, 3) == NULL, "nothing typed");
    char large[300];
    memset(large, 'a', sizeof large - 1);
    large[sizeof large - 1] = '\0';
    ok(opt_nearest(large, words, 3) == NULL, "far too long");
}

static void texts(void)
{
    struct ir_buf b = IR_BUF(1 << 16);
    opt_names(&b, &frob);
    ok(ir_str_starts(ir_buf_view(&b), IR_S("--fast\n--quiet\n--name NAME\n")), "names");
    ir_buf_clear(&b);
    opt_mdoc(&b, &frob);
    ok(ir_str_starts(ir_buf_view(&b), IR_S(".Op Fl f\n.Op Fl q\n.Op Fl n Ar name\n")), "mdoc");
    ir_buf_clear(&b);
    opt_help(&b, &frob);
    struct ir_str help = ir_buf_view(&b);
    ok(ir_str_starts(help, IR_S("Usage: ir frob [OPTION…] PATH…\n\nFrob what is named.\n")),
       "help");
    for (const struct opt *o = frob_opts; o->name != NULL; o++) {
        ok(ir_str_find(help, ir_str_z(o->name)) != IR_NPOS, "help names --%s", o->name);
        ok(ir_str_find(help, ir_str_z(o->help)) != IR_NPOS, "help explains --%s", o->name);
    }
    ok(ir_str_find(help, IR_S("(red, blue)")) != IR_NPOS, "help lists choices");
    while (help.p != NULL) {
        struct ir_str line = ir_str_cut(&help, '\n');
        if (line.n > 104) ok(false, "a line of help is too long: %.*s", IR_FMT(line));
    }
    ir_buf_free(&b);
}

int main(void)
{
    taken();
    refused();
    asked_for_help();
    nearest();
    texts();
    return done();
}
