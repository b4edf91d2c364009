/*
 * Lines of a list of any size in bounded memory (see listing.h).
 */
#include "evidence/listing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/intl.h"
#include "evidence/exhibit_int.h"

struct ir_listing {
    FILE *f;
    char *line;
    size_t cap;
    uint64_t at, number;
    char name[64];
};

int ir_listing_open(int bag_fd, const char *name, struct ir_listing **ret_l, struct ir_err *err)
{
    ir_err_at(err, name, -1, 0);
    int fd = openat(bag_fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    struct ir_listing *l = calloc(1, sizeof *l);
    FILE *f = fd >= 0 && l != NULL ? fdopen(fd, "r") : NULL;
    if (f == NULL) {
        int why = errno;
        if (fd >= 0) close(fd);
        free(l);
        return ir_fail(err, IR_FATAL, "cannot be opened: %-s", ir_errno_text(why));
    }
    l->f = f;
    snprintf(l->name, sizeof l->name, "%s", name);
    *ret_l = l;
    return IR_OK;
}

int ir_listing_next(struct ir_listing *l, struct ir_str *ret_line, struct ir_err *err)
{
    errno = 0;
    ssize_t n = getline(&l->line, &l->cap, l->f);
    ir_err_at(err, l->name, -1, (int64_t)++l->number);
    if (n < 0)
        return ferror(l->f) || errno == ENOMEM
                   ? ir_fail(err, IR_FATAL, "cannot be read: %-s", ir_errno_text(errno))
                   : IR_END;
    if ((size_t)n > IR_OBJECT_LINE_MAX) return ir_fail(err, IR_FATAL, "the line is too long");
    *ret_line = ir_str_n(l->line, (size_t)n);
    if (l->line[n - 1] != '\n') return ir_fail(err, IR_WARN, "the last line is not complete");
    ret_line->n--;
    l->at += (uint64_t)n;
    return IR_OK;
}

uint64_t ir_listing_at(const struct ir_listing *l)
{
    return l->at;
}

void ir_listing_close(struct ir_listing *l)
{
    if (l == NULL) return;
    fclose(l->f);
    free(l->line);
    free(l);
}
