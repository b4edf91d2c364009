/*
 * ir evidence keys: the Ed25519 keys of those who sign, in keys/ of the workspace.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "ask.h"
#include "base/intl.h"
#include "evidence.h"
#include "evidence/files.h"
#include "passwords.h"
#include "workspace.h"

struct keys_options {
    const char *passphrase_file;
    bool open;
};

static const struct opt keys_opts[] = {
    {"passphrase-file", 0, OPT_TEXT, offsetof(struct keys_options, passphrase_file), "FILE",
     N_("its first line is the passphrase (else it is asked for)"), NULL},
    {"no-passphrase", 0, OPT_FLAG, offsetof(struct keys_options, open), NULL,
     N_("store the private key unencrypted"), NULL},
    OPT_END,
};

/* Twice, because a typing error would lock the key for ever. */
static char *new_phrase(const struct cmd *cmd)
{
    char *first = ask_line(_("New passphrase: "), true);
    if (first == NULL) {
        say(cmd, _("no passphrase: use --passphrase-file, or --no-passphrase"));
        return NULL;
    }
    char *again = ask_line(_("Once more: "), true);
    bool same = again != NULL && strcmp(first, again) == 0 && *first != '\0';
    if (!same) say(cmd, _("the two are not the same, or empty"));
    if (again != NULL) explicit_bzero(again, strlen(again));
    free(again);
    if (same) return first;
    explicit_bzero(first, strlen(first));
    free(first);
    return NULL;
}

static int fingerprint(struct sink *out, int fd, const char *name)
{
    char path[IR_KEY_NAME + 16], hex[IR_HASH_TEXT];
    struct ir_buf pem = IR_BUF(1 << 16);
    struct ir_key *key = NULL;
    struct ir_err err = {0};
    snprintf(path, sizeof path, "%s.pub.pem", name);
    int rc = ir_file_read(fd, path, 1 << 15, &pem, &err);
    if (rc == IR_OK) rc = ir_key_public(ir_buf_view(&pem), &key, &err);
    if (rc == IR_OK && ir_key_fingerprint(key, hex))
        ir_buf_fmt(&out->buf, "%s  %s\n", hex, name);
    else
        say(out->cmd, "%s: %s", path, ir_local(err.msg));
    ir_key_free(key);
    ir_buf_free(&pem);
    return rc == IR_OK ? IR_EXIT_OK : IR_EXIT_FAILED;
}

static int create(const struct cmd *cmd, const struct keys_options *o, const char *name,
                  const struct env *env)
{
    struct passwords file = {0};
    struct ir_err err = {0};
    char *typed = NULL;
    if (workspace_home(cmd, env) == NULL) return IR_EXIT_USAGE;
    int fd = evidence_keys(env, true), status = IR_EXIT_OK;
    if (fd < 0) {
        say(cmd, _("%s/keys cannot be made"), env->home);
        return IR_EXIT_FAILED;
    }
    if (o->passphrase_file != NULL)
        status = passwords_get(&file, cmd, "passphrase-file", o->passphrase_file, false);
    else if (!o->open && (typed = new_phrase(cmd)) == NULL)
        status = IR_EXIT_USAGE;
    const char *phrase = typed != NULL                               ? typed
                         : file.keys != NULL && file.keys[0] != NULL ? file.keys[0]
                                                                     : "";
    if (status == IR_EXIT_OK && *phrase == '\0' && !o->open) {
        say(cmd, _("the passphrase is empty: say --no-passphrase when that is meant"));
        status = IR_EXIT_USAGE;
    }
    if (status == IR_EXIT_OK && ir_key_make(fd, name, ir_str_z(phrase), &err) != IR_OK) {
        say(cmd, "%s: %s", err.input[0] ? err.input : name, ir_local(err.msg));
        status = IR_EXIT_FAILED;
    }
    if (status == IR_EXIT_OK) {
        struct sink out;
        sink_open(&out, cmd, NULL, NULL);
        status = sink_close(&out, fingerprint(&out, fd, name));
    }
    if (typed != NULL) explicit_bzero(typed, strlen(typed));
    free(typed);
    passwords_free(&file);
    close(fd);
    return status;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int list(const struct cmd *cmd, const struct env *env)
{
    struct sink out;
    char *names[1000];
    size_t n = 0;
    int fd = evidence_keys(env, false), status = IR_EXIT_OK;
    int again = fd >= 0 ? openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    DIR *d = again >= 0 ? fdopendir(again) : NULL;
    for (struct dirent *entry; d != NULL && n < 1000 && (entry = readdir(d)) != NULL;) {
        size_t len = strlen(entry->d_name);
        if (len > 8 && strcmp(entry->d_name + len - 8, ".pub.pem") == 0 &&
            (names[n] = strndup(entry->d_name, len - 8)) != NULL)
            n++;
    }
    if (d != NULL) closedir(d);
    if (n > 0) qsort(names, n, sizeof *names, by_name);
    sink_open(&out, cmd, NULL, NULL);
    for (size_t i = 0; i < n; i++) {
        int one = fingerprint(&out, fd, names[i]);
        if (one != IR_EXIT_OK) status = one;
        free(names[i]);
    }
    if (fd >= 0) close(fd);
    return sink_close(&out, status);
}

static int run_keys(const struct cmd *cmd, const void *options, const struct opt_list *operands,
                    const struct env *env)
{
    const char *verb = operands->n > 0 ? operands->v[0] : "list";
    if (strcmp(verb, "list") == 0 && operands->n < 2) return list(cmd, env);
    if (strcmp(verb, "create") == 0 && operands->n == 2)
        return create(cmd, options, operands->v[1], env);
    say(cmd, _("list, or create NAME"));
    return IR_EXIT_USAGE;
}

const struct cmd cmd_evidence_keys = {
    .name = "evidence keys",
    .operands = "[list | create NAME]",
    .brief = N_("Make and list the keys that sign"),
    .opts = keys_opts,
    .size = sizeof(struct keys_options),
    .max_operands = 2,
    .run = run_keys,
};
