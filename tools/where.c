/*
 * Places and words that several commands share. See where.h.
 */
#include "where.h"

#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/charset.h"
#include "format/format.h"
#include "report/writer.h"

#define LEVELS_UP 4 /* build/san-address,undefined/test/ir lies three below the tree's top */

static bool is_directory(const struct ir_buf *path)
{
    struct stat st;
    return !path->full && path->p != NULL && stat(path->p, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool try_path(struct ir_buf *path, struct ir_str dir, const char *below)
{
    ir_buf_clear(path);
    ir_buf_str(path, dir);
    ir_buf_str(path, ir_str_z(below));
    return is_directory(path);
}

/* The directory this program lies in, with links resolved; empty when nobody can tell. */
static struct ir_str own_directory(char self[PATH_MAX])
{
    ssize_t n = readlink("/proc/self/exe", self, PATH_MAX);
    struct ir_str dir = ir_str_n(self, n > 0 && n < PATH_MAX ? (size_t)n : 0);
    size_t slash = ir_str_rchr(dir, '/');
    return ir_str_head(dir, slash == IR_NPOS ? 0 : slash);
}

/* share/ir/NAME or, in the source tree, NAME. */
static bool find_data(struct ir_buf *ret_path, const char *name)
{
    char self[PATH_MAX], shared[64], own[64];
    struct ir_str dir = own_directory(self);
    snprintf(shared, sizeof shared, "/../share/ir/%s", name);
    snprintf(own, sizeof own, "/%s", name);
    if (dir.n > 0 && try_path(ret_path, dir, shared)) return true;
    for (int i = 0; i <= LEVELS_UP && dir.n > 0; i++) {
        /* Both, so that a directory that happens to be called rules is not taken. */
        if (try_path(ret_path, dir, "/libir") && try_path(ret_path, dir, own)) return true;
        size_t slash = ir_str_rchr(dir, '/');
        dir = ir_str_head(dir, slash == IR_NPOS ? 0 : slash);
    }
#ifdef IR_DATADIR
    if (try_path(ret_path, IR_S(IR_DATADIR), own)) return true;
#endif
    return false;
}

void beside_program(struct ir_buf *ret_path, const char *name)
{
    char self[PATH_MAX];
    ir_buf_clear(ret_path);
    ir_buf_str(ret_path, own_directory(self));
    ir_buf_fmt(ret_path, "/../share/ir/%s", name);
}

bool default_rules(struct ir_buf *ret_path)
{
    return find_data(ret_path, "rules");
}

bool default_casefiles(struct ir_buf *ret_path)
{
    return find_data(ret_path, "casefiles");
}

bool default_catalogues(struct ir_buf *ret_path)
{
    char self[PATH_MAX];
    const struct ir_str dir = own_directory(self);
    if (dir.n == 0) return false;
    return try_path(ret_path, dir, "/../share/locale") || try_path(ret_path, dir, "/locale") ||
           try_path(ret_path, dir, "/../locale");
}

const char *choice_output(size_t i)
{
    return ir_writers[i] != NULL ? ir_writers[i]->name : NULL;
}

const char *choice_format(size_t i)
{
    return ir_formats_builtin.list[i] != NULL ? ir_formats_builtin.list[i]->name : NULL;
}

const char *choice_encoding(size_t i)
{
    return ir_encoding_name((enum ir_encoding)i);
}

const char *choice_colour(size_t i)
{
    static const char *const words[] = {"auto", "always", "never", NULL};
    return words[i];
}

const char *choice_lang(size_t i)
{
    static const char *const words[] = {"en", "ja", NULL};
    return words[i];
}
