/*
 * The language of everything that is written for people. See base/intl.h for the texts.
 */
#ifndef IR_TOOLS_LANG_H
#define IR_TOOLS_LANG_H

#include <stdbool.h>

/* "ja" or "en": what --lang says anywhere among the arguments, else what the environment says. Also
 * for messages about arguments that turn out to be wrong. */
const char *lang_wanted(int argc, char **argv);
/* The same without the environment: NULL when no --lang says it. */
const char *lang_said(int argc, char **argv);
/* From here on texts are in this language; false: in English, as there is no catalogue of it that
 * can be used. Reads the catalogue, so it comes before a sandbox. Also for tests, which may change
 * the language again; nothing else may run meanwhile. */
bool lang_set(const char *lang);

#endif
