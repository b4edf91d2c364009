/*
 * ir evidence hash: digests of files and trees, as sha256sum, hashdeep or in JSON lines.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/utf8.h"
#include "evidence.h"
#include "evidence/sums.h"
#include "meter.h"

struct hash_options {
    struct opt_list algorithms;
    const char *output;
    uint64_t threads;
    bool one_filesystem, networks;
};

static const char *choice_output(size_t i)
{
    static const char *const words[] = {
        [IR_SUMS_SUM] = "sum", [IR_SUMS_HASHDEEP] = "hashdeep", [IR_SUMS_JSONL] = "jsonl", NULL};
    return words[i];
}

#define AT(member) offsetof(struct hash_options, member)
static const struct opt hash_opts[] = {
    {"algorithms", 0, OPT_LIST, AT(algorithms), "LIST",
     N_("md5, sha1, sha256, sha512, with commas between (default: sha256); may be repeated"), NULL},
    {"output", 'o', OPT_CHOICE, AT(output), "FORMAT", N_("how the digests are written"),
     choice_output},
    {"threads", 'j', OPT_NUMBER, AT(threads), "N", N_("worker threads (default: one a processor)"),
     NULL},
    {"one-file-system", 'x', OPT_FLAG, AT(one_filesystem), NULL,
     N_("stay on the file system of the first directory"), NULL},
    {"networks", 0, OPT_FLAG, AT(networks), NULL, N_("into network file systems as well"), NULL},
    OPT_END,
};

static void defaults(void *options, const struct env *env)
{
    (void)env;
    ((struct hash_options *)options)->output = choice_output(IR_SUMS_SUM);
}

struct hashing {
    const struct cmd *cmd;
    struct sink out;
    struct meter meter;
    enum ir_sums form;
    unsigned set;
    bool tty;
    uint64_t problems, left, changed;
};

static void told(struct hashing *g, struct ir_str path, const char *why)
{
    struct ir_buf b = IR_BUF(1 << 16);
    ir_visible(&b, path, 0);
    meter_end(&g->meter);
    say(g->cmd, "%s: %s", b.p != NULL ? b.p : "", ir_local(why));
    ir_buf_free(&b);
}

static bool on_object(void *user, const struct ir_hashed *h)
{
    struct hashing *g = user;
    size_t from = g->out.buf.n;
    ir_sums_line(g->form, g->set, h, &g->out.buf);
    if (g->tty) { /* line by line, so that no name commands the terminal */
        struct ir_buf seen = IR_BUF(1 << 20);
        struct ir_str rest = ir_str_skip(ir_buf_view(&g->out.buf), from);
        while (rest.n > 0) {
            ir_visible(&seen, ir_str_cut(&rest, '\n'), 0);
            ir_buf_chr(&seen, '\n');
        }
        g->out.buf.n = from;
        ir_buf_str(&g->out.buf, ir_buf_view(&seen));
        ir_buf_free(&seen);
    }
    g->left += h->left != NULL;
    if (h->problem != NULL) {
        g->problems++;
        told(g, h->path, h->problem);
    } else if (h->changed != NULL) {
        g->changed++;
        told(g, h->path, h->changed);
    }
    if (!g->tty) return sink_drain(&g->out);
    if (g->out.buf.n > 0) meter_end(&g->meter);
    return sink_flush(&g->out);
}

static void on_progress(void *user, uint64_t files, uint64_t bytes, uint64_t of)
{
    struct hashing *g = user;
    meter_show(&g->meter, files, bytes, of);
}

/* The words of --algorithms as a set. */
static int algorithms(const struct cmd *cmd, const struct opt_list *words, unsigned *ret_set)
{
    *ret_set = 0;
    for (size_t i = 0; i < words->n; i++) {
        struct ir_str rest = ir_str_z(words->v[i]);
        while (rest.p != NULL) {
            enum ir_digest_alg a = ir_digest_by_name(ir_str_cut(&rest, ','));
            if (a == IR_DIGEST_ALG_MAX) {
                say(cmd, _("--algorithms: %s: md5, sha1, sha256 and sha512 are known"),
                    words->v[i]);
                return IR_EXIT_USAGE;
            }
            *ret_set |= IR_DIGEST_BIT(a);
        }
    }
    if (*ret_set == 0) *ret_set = IR_DIGEST_BIT(IR_SHA256);
    return IR_EXIT_OK;
}

static int run_hash(const struct cmd *cmd, const void *options, const struct opt_list *paths,
                    const struct env *env)
{
    const struct hash_options *o = options;
    struct hashing g = {.cmd = cmd, .tty = env->out_tty};
    struct ir_err err = {0};
    int status = algorithms(cmd, &o->algorithms, &g.set);
    if (status != IR_EXIT_OK) return status;
    while (strcmp(choice_output(g.form), o->output) != 0)
        g.form++;
    if ((g.set & ~ir_sums_known(g.form)) != 0) {
        say(cmd, _("hashdeep knows no sha512: leave it out, or take another --output"));
        return IR_EXIT_USAGE;
    }
    sink_open(&g.out, cmd, NULL, NULL);
    char *here = realpath(".", NULL);
    ir_sums_head(g.form, g.set, ir_str_z(here), &g.out.buf);
    free(here);
    meter_begin(&g.meter, env);
    const struct ir_hashing_options ho = {.set = g.set,
                                          .threads = (unsigned)o->threads,
                                          .one_filesystem = o->one_filesystem,
                                          .networks = o->networks,
                                          .object = on_object,
                                          .progress = g.meter.on ? on_progress : NULL,
                                          .user = &g};
    int rc = ir_hashing(paths->v, paths->n, &ho, &err);
    meter_end(&g.meter);
    if (rc == IR_FATAL) {
        say(cmd, "%s", ir_local(err.msg));
        return sink_close(&g.out, IR_EXIT_FAILED);
    }
    status = sink_close(&g.out, g.problems + g.changed > 0 ? IR_EXIT_DAMAGED : IR_EXIT_OK);
    if (g.left > 0)
        say(cmd, _("left alone: %s"),
            EVIDENCE_COUNT(g.left, "%s link, pipe, device or the like",
                           "%s links, pipes, devices and the like"));
    return status;
}

const struct cmd cmd_evidence_hash = {
    .name = "evidence hash",
    .operands = "PATH…",
    .brief = N_("Digests of files and trees, for sha256sum and hashdeep"),
    .about = N_("No link is followed, nothing that could block is opened, a file with several "
                "names is read once. Exit status 3: something could not be read, or changed "
                "meanwhile."),
    .opts = hash_opts,
    .size = sizeof(struct hash_options),
    .min_operands = 1,
    .max_operands = SIZE_MAX,
    .defaults = defaults,
    .run = run_hash,
};
