/*
 * Who acts, where, why, and with which keys: from options, and from the terminal where there is
 * one.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ask.h"
#include "base/intl.h"
#include "base/time.h"
#include "evidence.h"
#include "passwords.h"
#include "workspace.h"

static bool given(const char *s)
{
    return s != NULL && *s != '\0';
}

/* The option, or the answer to the question; NULL after having said what is missing. */
static const char *need(struct evidence *e, const char *value, const char *option,
                        const char *question)
{
    if (given(value)) return value;
    char *answer = e->env->err_tty ? ask_line(question, false) : NULL;
    if (given(answer)) return e->answers[e->nanswers++] = answer;
    free(answer);
    say(e->cmd, _("--%s is needed: the record must tell it"), option);
    return NULL;
}

static int people(struct evidence *e)
{
    const struct evidence_options *o = e->o;
    struct ir_custody_who *w = &e->who;
    /* All that is missing is told at once. */
    const char *actor = need(e, o->actor, "actor", _("Who does this (name)? "));
    const char *place = need(e, o->place, "place", _("Where? "));
    const char *reason = need(e, o->reason, "reason", _("Why? "));
    if (actor == NULL || place == NULL || reason == NULL) return IR_EXIT_USAGE;
    w->actor = (struct ir_person){
        .name = actor, .title = o->title, .organisation = o->organisation, .contact = o->contact};
    /* Who signs is in the record, by the key's name when there is no other. */
    w->witness.name = given(o->witness) ? o->witness : o->witness_key;
    w->witness_absent = given(o->witness_absent) ? o->witness_absent : "not stated";
    w->place = place;
    w->reason = reason;
    w->authority = o->authority;
    w->note = o->note;
    return IR_EXIT_OK;
}

static int clock_of(struct evidence *e)
{
    ir_custody_clock_now(&e->clock);
    if (!given(e->o->clock_offset)) return IR_EXIT_OK;
    char *end;
    errno = 0;
    double v = strtod(e->o->clock_offset, &end);
    if (errno != 0 || *end != '\0' || !(v > -1e10 && v < 1e10)) {
        say(e->cmd, _("--clock-offset: %s: not a number of seconds"), e->o->clock_offset);
        return IR_EXIT_USAGE;
    }
    e->clock.known = true;
    e->clock.method = "compared by hand";
    e->clock.offset_s = v;
    e->clock.uncertainty_s = 1;
    e->clock.checked_at = e->env->now;
    return IR_EXIT_OK;
}

int evidence_keys(const struct env *env, bool make)
{
    struct ir_buf path = IR_BUF(1 << 16);
    int fd = -1;
    if (env->home != NULL) {
        ir_buf_fmt(&path, "%s/keys", env->home);
        if (make && mkdir(env->home, 0700) != 0 && errno != EEXIST) errno = 0;
        if (make && mkdir(path.p, 0700) != 0 && errno != EEXIST) errno = 0;
        fd = open(path.p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    ir_buf_free(&path);
    return fd;
}

/* The name of the only private key; NULL: none. *ret_many: there are several. */
static char *only_key(int keys_fd, bool *ret_many)
{
    char *name = NULL;
    int fd = keys_fd >= 0 ? openat(keys_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    *ret_many = false;
    for (struct dirent *entry; d != NULL && (entry = readdir(d)) != NULL;) {
        size_t n = strlen(entry->d_name);
        if (n < 5 || strcmp(entry->d_name + n - 4, ".key") != 0) continue;
        if (name != NULL) *ret_many = true;
        free(name);
        name = strndup(entry->d_name, n - 4);
    }
    if (d != NULL) closedir(d);
    return name;
}

/* With the passphrase of the file, or of the terminal when the key asks for one. */
static int unlock(struct evidence *e, const char *name, const struct passwords *phrases,
                  struct ir_key **ret_key)
{
    struct ir_err err = {0};
    const char *phrase = "";
    char *typed = NULL;
    if (ir_key_is_locked(e->keys_fd, name)) {
        char question[256];
        snprintf(question, sizeof question, _("Passphrase of the key %s: "), name);
        if (phrases->keys != NULL && phrases->keys[0] != NULL)
            phrase = phrases->keys[e->nsigners > 0 && phrases->keys[1] != NULL ? 1 : 0];
        else if (e->env->err_tty)
            phrase = typed = ask_line(question, true);
    }
    int rc = ir_key_load(e->keys_fd, name, ir_str_z(phrase), ret_key, &err);
    if (typed != NULL) explicit_bzero(typed, strlen(typed));
    free(typed);
    if (rc == IR_OK) return IR_EXIT_OK;
    if (rc == IR_END)
        say(e->cmd, _("the key %s: there is none: `ir evidence keys create %s` makes one"), name,
            name);
    else
        say(e->cmd, _("the key %s: %s"), name, ir_local(err.msg));
    return IR_EXIT_FAILED;
}

static int add_signer(struct evidence *e, const char *name, enum ir_signer_role role,
                      struct ir_person *person, const struct passwords *phrases)
{
    struct ir_key *key;
    int status = unlock(e, name, phrases, &key);
    if (status != IR_EXIT_OK) return status;
    e->signers[e->nsigners] = (struct ir_signer){role, key};
    if (ir_key_fingerprint(key, e->fingerprint[e->nsigners]))
        person->key = e->fingerprint[e->nsigners];
    e->nsigners++;
    return IR_EXIT_OK;
}

static int signers(struct evidence *e)
{
    struct passwords phrases = {0};
    bool many = false;
    char *own = NULL;
    const char *name = e->o->key;
    e->keys_fd = evidence_keys(e->env, false);
    if (e->o->unsigned_) return IR_EXIT_OK;
    if (!given(name)) name = own = only_key(e->keys_fd, &many);
    if (many) {
        say(e->cmd, _("there are several keys in the workspace: say --key NAME"));
        free(own);
        return IR_EXIT_USAGE;
    }
    int status = IR_EXIT_OK;
    if (given(e->o->passphrase_file))
        status = passwords_get(&phrases, e->cmd, "passphrase-file", e->o->passphrase_file, false);
    if (status == IR_EXIT_OK && given(name))
        status = add_signer(e, name, e->role, &e->who.actor, &phrases);
    else if (status == IR_EXIT_OK)
        say(e->cmd, _("nobody signs: there is no key (ir evidence keys create NAME makes one)"));
    if (status == IR_EXIT_OK && given(e->o->witness_key))
        status = add_signer(e, e->o->witness_key, IR_SIGN_WITNESS, &e->who.witness, &phrases);
    passwords_free(&phrases);
    free(own);
    return status;
}

int evidence_ask(struct evidence *e)
{
    int status = people(e);
    if (status == IR_EXIT_OK) status = clock_of(e);
    return status == IR_EXIT_OK ? signers(e) : status;
}

void evidence_forget(struct evidence *e)
{
    for (unsigned i = 0; i < e->nsigners; i++)
        ir_key_free((struct ir_key *)(uintptr_t)e->signers[i].key);
    for (unsigned i = 0; i < e->nanswers; i++)
        free(e->answers[i]);
    if (e->keys_fd >= 0) close(e->keys_fd);
    e->nsigners = e->nanswers = 0;
    e->keys_fd = -1;
}
