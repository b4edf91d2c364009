/*
 * Asking on /dev/tty (see ask.h).
 */
#include "ask.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/io.h"

#define ANSWER_MAX 4096u

char *ask_line(const char *question, bool hidden)
{
    struct termios was, quiet;
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    char *answer = calloc(1, ANSWER_MAX);
    ssize_t n = -1;
    if (fd >= 0 && answer != NULL && tcgetattr(fd, &was) == 0) {
        quiet = was;
        if (hidden) quiet.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(fd, TCSAFLUSH, &quiet);
        ir_io_write_all(fd, question, strlen(question));
        n = ir_io_read(fd, answer, ANSWER_MAX - 1);
        tcsetattr(fd, TCSAFLUSH, &was);
        if (hidden) ir_io_write_all(fd, "\n", 1);
    }
    if (fd >= 0) close(fd);
    while (n > 0 && (answer[n - 1] == '\n' || answer[n - 1] == '\r'))
        n--;
    if (n < 0) {
        free(answer);
        return NULL;
    }
    answer[n] = '\0';
    return answer;
}
