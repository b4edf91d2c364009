/*
 * The `ir` program: finds the command, learns about its surroundings once, parses options by the
 * command's table and runs it. The commands stand in commands.def.
 */
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/intl.h"
#include "base/time.h"
#include "base/utf8.h"
#include "lang.h"
#include "opt.h"
#include "sink.h"
#include "workspace.h"

#define COMMAND(symbol) extern const struct cmd cmd_##symbol;
#include "commands.def"
#undef COMMAND

const struct cmd *const ir_commands[] = {
#define COMMAND(symbol) &cmd_##symbol,
#include "commands.def"
#undef COMMAND
    NULL,
};

static unsigned terminal_columns(int fd)
{
    struct winsize w;
    return ioctl(fd, TIOCGWINSZ, &w) == 0 && w.ws_col >= 20 ? w.ws_col : 80;
}

/* IR_HOME, or where the system's rules or the desktop's say that data belongs. */
static const char *workspace(struct ir_buf *b)
{
    const char *home = getenv("IR_HOME"), *xdg = getenv("XDG_DATA_HOME"), *own = getenv("HOME");
    if (home != NULL && *home != '\0') return home;
    if (geteuid() == 0) return "/var/lib/ir";
    if (xdg != NULL && *xdg == '/')
        ir_buf_fmt(b, "%s/ir", xdg);
    else if (own != NULL && *own == '/')
        ir_buf_fmt(b, "%s/.local/share/ir", own);
    return b->full ? NULL : b->p;
}

static const char *user_name(struct ir_buf *b)
{
    const struct passwd *pw = getpwuid(getuid());
    if (pw != NULL)
        ir_buf_fmt(b, "%s", pw->pw_name);
    else
        ir_buf_fmt(b, "uid %ld", (long)getuid());
    return b->p != NULL ? b->p : "";
}

static struct env look_around(void)
{
    struct env env = {.out_tty = isatty(STDOUT_FILENO) == 1, .err_tty = isatty(STDERR_FILENO) == 1};
    struct timespec ts;
    struct tm tm;
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    if (clock_gettime(CLOCK_REALTIME, &ts) == 0) {
        env.now = ts.tv_sec * IR_NS + ts.tv_nsec;
        tzset();
        if (localtime_r(&ts.tv_sec, &tm) != NULL) env.zone_s = (int32_t)tm.tm_gmtoff;
    }
    bool dumb = term != NULL && strcmp(term, "dumb") == 0;
    env.no_color = (no_color && *no_color) || dumb;
    env.progress = env.err_tty && !dumb; /* the line erases itself by an escape sequence */
#ifdef IR_TESTING
    env.no_sandbox = getenv("IR_TEST_NO_SANDBOX") != NULL;
#endif
    if (env.out_tty)
        env.columns = terminal_columns(STDOUT_FILENO);
    else if (env.err_tty)
        env.columns = terminal_columns(STDERR_FILENO);
    return env;
}

static const struct cmd *find(const struct cmd *const *cmds, const char *name)
{
    for (; *cmds != NULL; cmds++) {
        const char *blank = strrchr((*cmds)->name, ' ');
        if (strcmp(blank ? blank + 1 : (*cmds)->name, name) == 0) return *cmds;
    }
    return NULL;
}

static int print(const struct cmd *cmd, struct ir_buf *text)
{
    struct sink out;
    sink_open(&out, cmd, NULL, NULL);
    ir_buf_str(&out.buf, ir_buf_view(text));
    ir_buf_free(text);
    return sink_close(&out, IR_EXIT_OK);
}

static int top_help(void)
{
    struct ir_buf text = IR_BUF(1 << 20);
    ir_buf_str(&text,
               ir_intl_str(N_("Usage: ir [--lang LANG] COMMAND [OPTION…] [ARGUMENT…]\n\n"
                              "Log forensics and incident response on the command line.\n\n")));
    ir_buf_fmt(&text, "%s\n", _("Commands:"));
    opt_commands(&text, ir_commands);
    ir_buf_fmt(&text, "\n%s\n", _("Options:"));
    opt_common(&text);
    ir_buf_fmt(&text, "  -V, --version             %s\n", _("print the version"));
    ir_buf_str(&text,
               ir_intl_str(N_(
                   "\nExit status: 0 done, nothing at or above the alert level; 1 findings at or\n"
                   "above it; 2 wrong usage; 3 some input unreadable or damaged; 4 failed.\n"
                   "\nBegin with:  ir scan /var/log\n")));
    return print(NULL, &text);
}

static int unknown_command(const struct cmd *parent, const struct cmd *const *cmds,
                           const char *name)
{
    const char *words[64];
    size_t n = 0;
    for (; *cmds != NULL && n < 64; cmds++) {
        const char *blank = strrchr((*cmds)->name, ' ');
        if (!(*cmds)->hidden) words[n++] = blank ? blank + 1 : (*cmds)->name;
    }
    const char *prefix = parent ? parent->name : "";
    const char *near = opt_nearest(name, words, n);
    if (near != NULL)
        say(parent, _("unknown command: %s: did you mean ir %s%s%s?"), name, prefix,
            parent ? " " : "", near);
    else
        say(parent, _("unknown command: %s: see ir %s%s--help"), name, prefix, parent ? " " : "");
    return IR_EXIT_USAGE;
}

static int run(const struct cmd *cmd, int argc, char **argv, const struct env *env)
{
    struct opt_list operands = {NULL, 0};
    struct ir_buf text = IR_BUF(1 << 20);
    void *options = calloc(1, cmd->size ? cmd->size : 1);
    int status = IR_EXIT_FAILED;
    if (options == NULL) {
        say(cmd, "%s", _("out of memory"));
        return status;
    }
    if (cmd->defaults != NULL) cmd->defaults(options, env);
    switch (opt_parse(cmd, argc, argv, env, options, &operands, &text)) {
    case OPT_RUN:
        if (text.n > 0) say(cmd, "%s", text.p);
        status = cmd->run(cmd, options, &operands, env);
        break;
    case OPT_HELP:
        ir_buf_clear(&text);
        opt_help(&text, cmd);
        status = print(cmd, &text);
        break;
    default:
        say(cmd, "%s", text.p ? text.p : _("out of memory"));
        status = IR_EXIT_USAGE;
        break;
    }
    opt_free(cmd, options, &operands);
    ir_buf_free(&text);
    free(options);
    return status;
}

static bool is_any(const char *word, const char *a, const char *b)
{
    return strcmp(word, a) == 0 || strcmp(word, b) == 0;
}

static int help_for(const struct cmd *parent)
{
    if (parent == NULL) return top_help();
    struct ir_buf text = IR_BUF(1 << 20);
    opt_help(&text, parent);
    return print(parent, &text);
}

static int dispatch(const struct cmd *parent, const struct cmd *const *cmds, int argc, char **argv,
                    const struct env *env)
{
    const char *name = argc > 1 ? argv[1] : NULL;
    if (name == NULL) {
        const char *prefix = parent ? parent->name : "";
        say(parent, _("no command: see ir %s%s--help"), prefix, parent ? " " : "");
        return IR_EXIT_USAGE;
    }
    if (strcmp(name, "help") == 0 && argc > 2) {
        if (find(cmds, argv[2]) == NULL) return unknown_command(parent, cmds, argv[2]);
        char *ask[] = {argv[0], argv[2], "--help", NULL}; /* ir help scan = ir scan --help */
        return dispatch(parent, cmds, 3, ask, env);
    }
    if (is_any(name, "--help", "-h") || strcmp(name, "help") == 0) return help_for(parent);
    if (parent == NULL && is_any(name, "--version", "-V")) name = "version";
    const struct cmd *cmd = find(cmds, name);
    if (cmd == NULL) return unknown_command(parent, cmds, name);
    struct env here = *env;
    if (cmd->home_zone) here.zone_s = workspace_zone(env);
    const char *second = argc > 2 ? argv[2] : NULL;
    if (cmd->subs != NULL && (cmd->run == NULL || (second != NULL && find(cmd->subs, second))))
        return dispatch(cmd, cmd->subs, argc - 1, argv + 1, &here);
    return run(cmd, argc - 1, argv + 1, &here);
}

/* --lang may stand before the command; its value was heeded at start. Returns the arguments that it
 * takes, -1 after a message. */
static int global_options(int argc, char **argv)
{
    struct ir_buf problem = IR_BUF(1 << 12);
    int at = 1, rc = OPT_RUN;
    while (rc == OPT_RUN && at < argc) {
        int n = opt_lang(argc - at, argv + at, &problem);
        if (n == 0) break;
        rc = n < 0 ? OPT_BAD : OPT_RUN;
        at += n;
    }
    if (rc != OPT_RUN) say(NULL, "%s", problem.p ? problem.p : _("out of memory"));
    ir_buf_free(&problem);
    return rc == OPT_RUN ? at - 1 : -1;
}

/* A closed 0, 1 or 2 would be given to the first file we open, and messages would land in evidence.
 * What stands in for it cannot be used: reading or writing says that it was closed. */
static void hold_standard_fds(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
            _exit(IR_EXIT_FAILED);
}

int main(int argc, char **argv)
{
    hold_standard_fds();
    signal(SIGPIPE, SIG_IGN); /* write(2) says EPIPE, and that is a quiet end */
    signal(SIGXFSZ, SIG_IGN); /* a limit on file sizes: write(2) says EFBIG */
    if (!lang_set(lang_wanted(argc, argv)))
        fputs("ir: share/locale/ja/LC_MESSAGES/ir.mo is missing or damaged; texts are in English\n",
              stderr);
    struct env env = look_around();
    struct ir_buf home = IR_BUF(1 << 16), user = IR_BUF(1 << 12);
    int skip = global_options(argc, argv);
    if (skip < 0) return IR_EXIT_USAGE;
    env.lang = lang_said(argc, argv);
    env.home = workspace(&home);
    env.user = user_name(&user);
    int status = dispatch(NULL, ir_commands, argc - skip, argv + skip, &env);
    ir_buf_free(&home);
    ir_buf_free(&user);
    return status;
}
