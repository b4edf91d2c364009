/*
 * See interrupt.h. The sandbox lets a thread send itself a signal (abort needs it).
 */
#include "interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "base/intl.h"

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
#define SIGNALS (sizeof signals / sizeof *signals)

/* Not const: a handler is given nothing, and may not ask for a translation. */
static const char *text = "";
static size_t text_n;

/* Only what is safe in a signal handler. A line end first: a progress line may stand there. */
static void on_signal(int number)
{
    if (write(STDERR_FILENO, text, text_n) < 0) { /* nobody reads it */
    }
    raise(number); /* waits until the handler has returned, and is not caught again */
}

static void set(void (*from)(int), void (*to)(int), int flags)
{
    for (size_t i = 0; i < SIGNALS; i++) {
        struct sigaction old, new = {.sa_handler = to, .sa_flags = flags};
        if (sigaction(signals[i], NULL, &old) == 0 &&
            old.sa_handler == from) /* nohup ignores one */
            sigaction(signals[i], &new, NULL);
    }
}

void interrupt_begin(void)
{
    text = _("\nir: interrupted: nothing was reported\n");
    text_n = strlen(text);
    set(SIG_DFL, on_signal, (int)SA_RESETHAND);
}

void interrupt_end(void)
{
    set(on_signal, SIG_DFL, 0);
}
