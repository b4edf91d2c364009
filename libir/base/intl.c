/*
 * Texts in the reader's language. See intl.h; the reasons of the library are in intl_reason.c.
 */
#include "base/intl.h"

#include "base/catalogue.h"

/* Of the whole program, as its locale is; set before any thread begins. */
static struct ir_catalogue catalogue;

bool ir_intl_use(struct ir_str mo)
{
    const bool good = ir_catalogue_open(&catalogue, mo);
    if (!good) catalogue = (struct ir_catalogue){.n = 0};
    return good;
}

const char *ir_intl(const char *text)
{
    /* the catalogue has its header for an empty text */
    const char *found = *text != '\0' ? ir_catalogue_find(&catalogue, text) : NULL;
    return found != NULL ? found : text;
}

const char *ir_intl_plural(const char *one, const char *many, uint64_t n)
{
    const char *found = ir_catalogue_find(&catalogue, one);
    if (found != NULL) return found;
    return n == 1 ? one : many;
}

struct ir_str ir_intl_str(const char *text)
{
    return ir_str_z(ir_intl(text));
}

const char *ir_intl_lang(void)
{
    /* Translators: the code of your language, as in "ja" */
    return _("en");
}

bool ir_intl_is_ja(void)
{
    return strcmp(ir_intl_lang(), "ja") == 0;
}

/* The errors that reading and writing files brings: for the catalogue. */
static const char *const known[] = {
    N_("Permission denied"),
    N_("Operation not permitted"),
    N_("No such file or directory"),
    N_("Is a directory"),
    N_("Not a directory"),
    N_("File exists"),
    N_("Input/output error"),
    N_("No space left on device"),
    N_("Disk quota exceeded"),
    N_("File too large"),
    N_("Read-only file system"),
    N_("Too many open files"),
    N_("Too many open files in system"),
    N_("Too many levels of symbolic links"),
    N_("File name too long"),
    N_("Cannot allocate memory"),
    N_("Bad file descriptor"),
    N_("Invalid argument"),
    N_("Broken pipe"),
    N_("No such device or address"),
    N_("No such device"),
    N_("Stale file handle"),
    N_("Connection timed out"),
    N_("Resource temporarily unavailable"),
    N_("Device or resource busy"),
    N_("Inappropriate ioctl for device"),
    N_("Text file busy"),
    N_("Value too large for defined data type"),
};

const char *ir_errno_text(int errnum)
{
    const char *text = strerrordesc_np(errnum);
    return text != NULL ? text : known[6];
}

const char *ir_errno_local(int errnum)
{
    return ir_intl(ir_errno_text(errnum));
}
