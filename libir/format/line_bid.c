/*
 * How much of an input's first lines a format of lines takes. Not for formats that bid on a header
 * or on documents of several lines.
 */
#include "format/line_bid.h"

#define LINES_MAX 30

/* The next line worth a look off *head; false: there is none. The last one may have been cut by the
 * peek, and counts only when it is the first. */
static bool next_line(struct ir_str *head, int lines, struct ir_str *ret_line)
{
    while (head->p != NULL && lines < LINES_MAX) {
        bool whole = ir_str_chr(*head, '\n') != IR_NPOS;
        struct ir_str line = ir_str_cut(head, '\n');
        if (line.n > 0 && line.p[line.n - 1] == '\r') line.n--;
        if (line.n == 0 || (!whole && lines > 0)) continue;
        *ret_line = line;
        return true;
    }
    return false;
}

int ir_line_bid(struct ir_str head, bool (*mine)(struct ir_str line), int best)
{
    struct ir_str line;
    int lines = 0, good = 0;
    for (; next_line(&head, lines, &line); lines++)
        good += mine(line);
    return lines == 0 ? 0 : best * good / lines;
}

int ir_stamp_bid(struct ir_str head,
                 int (*stamp)(struct ir_parser *p, struct ir_str rec, struct ir_event *ev),
                 int best)
{
    struct ir_str line;
    int lines = 0, good = 0;
    for (; next_line(&head, lines, &line); lines++) {
        struct ir_parser p = {0};
        struct ir_event scratch = {0};
        good += stamp(&p, line, &scratch) == IR_OK;
    }
    return lines == 0 ? 0 : best * good / lines;
}
