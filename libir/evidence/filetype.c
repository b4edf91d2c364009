/*
 * What a file looks like (see filetype.h). libmagic is asked with limits, since the bytes are the
 * attacker's: no look into compressed files, and no more than the first 4 KiB, whose rules for
 * texts cost most.
 */
#include "evidence/filetype.h"

#include <magic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"
#include "base/utf8.h"

#define HEAD ((size_t)4 << 10)
#define FLAGS                                                                                      \
    (MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_CDF)

struct ir_filetype {
    magic_t m;
    char head[HEAD], magic[512], type[256];
};

struct ir_filetype *ir_filetype_new(void)
{
    struct ir_filetype *t = calloc(1, sizeof *t);
    if (t == NULL) return NULL;
    t->m = magic_open(FLAGS);
    if (t->m != NULL && magic_load(t->m, NULL) == 0) return t;
    ir_filetype_free(t);
    return NULL;
}

void ir_filetype_free(struct ir_filetype *t)
{
    if (t == NULL) return;
    if (t->m != NULL) magic_close(t->m);
    free(t);
}

/* One question; the text in out, empty when there is no answer. */
static struct ir_str ask(struct ir_filetype *t, int flags, size_t n, char *out, size_t size)
{
    out[0] = '\0';
    if (magic_setflags(t->m, FLAGS | flags) != 0) return ir_str_n(out, 0);
    const char *answer = magic_buffer(t->m, t->head, n);
    if (answer != NULL) snprintf(out, size, "%s", answer);
    struct ir_str s = ir_str_z(out);
    return ir_utf8_valid(s) ? s : ir_str_n(out, 0);
}

void ir_filetype_of(struct ir_filetype *t, int fd, struct ir_filetype_result *ret_ft)
{
    static const struct ir_str charset = IR_S("; charset=");
    *ret_ft = (struct ir_filetype_result){0};
    ssize_t n = ir_io_pread_full(fd, t->head, HEAD, 0);
    if (n <= 0) return;
    struct ir_str type = ask(t, MAGIC_MIME, (size_t)n, t->type, sizeof t->type);
    size_t at = ir_str_find(type, charset);
    ret_ft->mime = ir_str_head(type, at < type.n ? at : type.n);
    if (at < type.n) ret_ft->encoding = ir_str_skip(type, at + charset.n);
    /* of a text the type says which; asking all rules again would take as long as the first time */
    bool plain = ir_str_starts(ret_ft->mime, IR_S("text/"));
    ret_ft->magic = ask(t, plain ? MAGIC_NO_CHECK_SOFT : 0, (size_t)n, t->magic, sizeof t->magic);
}
