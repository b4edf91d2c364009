/*
 * To whom the checks of evidence tell what they find. The texts are English; ir_local makes them
 * the reader's.
 */
#ifndef IR_EVIDENCE_REPORT_H
#define IR_EVIDENCE_REPORT_H

#include <stdbool.h>
#include <stdint.h>

/* An exhibit of a case, as the custody log has it. */
struct ir_check_exhibit {
    const char *item;
    const char *seal;   /* 64 hex digits; "": the log tells of none */
    const char *sealed; /* when, RFC 3339; "" */
    const char *proved; /* when the log last tells that all of it was read and is good; "" */
    uint64_t line;      /* of the log, with the seal; 0 */
    bool whole;         /* tagmanifest-sha256.txt is there */
};

struct ir_check_report {
    /* place: a file of the case, "custody/log.jsonl:7", "EV-1/data/fs/etc/passwd". */
    void (*problem)(void *user, const char *place, const char *text);
    void (*note)(void *user, const char *place, const char *text);
    /* Each exhibit of a case, after its seal was compared. May be NULL. */
    void (*exhibit)(void *user, const struct ir_check_exhibit *x);
    void *user;
    /* What can only be compared with paper: "seal EV-1", "lines", "last line", "root", "key
     * examiner"; without a log that can be used only the seals. May be NULL. */
    void (*compare)(void *user, const char *what, const char *value);
    /* What can be a fault or none, and nothing there decides it. NULL: told as a problem. */
    void (*unclear)(void *user, const char *place, const char *text);
};

#endif
