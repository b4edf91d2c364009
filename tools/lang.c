/*
 * Choosing the language. gettext(3) takes it from the locale, but a locale of the reader's country
 * is often not installed, on servers above all. So the C library is given C.UTF-8, which is always
 * there, and LANGUAGE, which gettext heeds under every locale but plain C.
 */
#include "lang.h"

#include <libintl.h>
#include <locale.h>
#include <stdlib.h>

#include "base/intl.h"
#include "where.h"

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

void lang_set(const char *lang)
{
    struct ir_buf dir = IR_BUF(1 << 13);
    if (strcmp(lang, "en") == 0) {
        setlocale(LC_MESSAGES, "C");
    } else if (default_catalogues(&dir) && setlocale(LC_MESSAGES, "C.UTF-8") != NULL) {
        setenv("LANGUAGE", lang, 1);
        bindtextdomain(IR_INTL_DOMAIN, dir.p);
        bind_textdomain_codeset(IR_INTL_DOMAIN, "UTF-8");
        ir_intl_is_ja(); /* the first text reads the catalogue */
    }
    ir_buf_free(&dir);
}
