/*
 * Choosing the language: as gettext(3) does, but whether or not a locale of the reader's country is
 * installed, which it often is not, on servers above all.
 */
#include "lang.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/io.h"
#include "where.h"

#define CATALOGUE_MAX (16 << 20)

/* As POSIX finds it: the first of these that is set and not empty. */
static const char *of_environment(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *v = getenv(names[i]);
        if (v == NULL || *v == '\0') continue;
        bool ja = strncmp(v, "ja", 2) == 0 && strchr("_.@", v[2]) != NULL; /* its end as well */
        return ja ? "ja" : "en";
    }
    return "en";
}

const char *lang_said(int argc, char **argv)
{
    const char *lang = NULL;
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        const char *v = NULL;
        if (strncmp(argv[i], "--lang=", 7) == 0)
            v = argv[i] + 7;
        else if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
            v = argv[i + 1];
        for (size_t k = 0; v != NULL && choice_lang(k) != NULL; k++)
            if (strcmp(choice_lang(k), v) == 0) lang = choice_lang(k);
    }
    return lang;
}

const char *lang_wanted(int argc, char **argv)
{
    const char *lang = lang_said(argc, argv);
    return lang != NULL ? lang : of_environment();
}

/* The whole file; it stays, as the texts point into it. */
static struct ir_str read_catalogue(const char *path)
{
    struct stat st;
    struct ir_str mo = {NULL, 0};
    const int fd = ir_io_open(AT_FDCWD, path, O_RDONLY);
    if (fd < 0) return mo;
    const size_t n = fstat(fd, &st) == 0 && st.st_size < CATALOGUE_MAX ? (size_t)st.st_size : 0;
    char *bytes = malloc(n + 1);
    if (bytes != NULL && ir_io_read_full(fd, bytes, n) == (ssize_t)n) mo = ir_str_n(bytes, n);
    if (mo.p == NULL) free(bytes);
    close(fd);
    return mo;
}

bool lang_set(const char *lang)
{
    static struct ir_str japanese;
    struct ir_buf path = IR_BUF(1 << 13);
    const bool ja = strcmp(lang, "ja") == 0;
    if (ja && japanese.p == NULL && default_catalogues(&path)) {
        ir_buf_str(&path, IR_S("/ja/LC_MESSAGES/ir.mo"));
        if (!path.full) japanese = read_catalogue(path.p);
    }
    ir_buf_free(&path);
    return ir_intl_use(ja ? japanese : ir_str_n(NULL, 0)) || !ja;
}
