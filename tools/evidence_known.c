/*
 * What the case database of the workspace knows of a case whose evidence is asked for: its whole
 * number, and of its custody log what `ir case evidence` wrote down, for each exhibit: the line of
 * the log that told of it last. So who cuts off the end of the log would have to change the
 * database as well, which has an audit trail of its own.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/intl.h"
#include "casedb/query.h"
#include "evidence.h"

/* Whether the exhibit at this path lies in the case, by whatever name the case was reached. */
static bool lies_in(struct ir_str path, const struct stat *of)
{
    char dir[4600];
    struct stat st;
    if (path.n == 0 || path.n >= sizeof dir || memchr(path.p, '\0', path.n) != NULL) return false;
    memcpy(dir, path.p, path.n);
    dir[path.n] = '\0';
    char *slash = strrchr(dir, '/');
    if (slash == NULL || slash == dir) return false;
    *slash = '\0';
    return stat(dir, &st) == 0 && st.st_dev == of->st_dev && st.st_ino == of->st_ino;
}

/* NULL: there is none, or none that can be read. */
static struct ir_casedb *open_db(const char *home)
{
    char path[4096];
    struct ir_casedb *db;
    if (home == NULL || (size_t)snprintf(path, sizeof path, "%s/ir.db", home) >= sizeof path ||
        ir_casedb_open(path, IR_CASEDB_READ, &db, NULL) != IR_OK)
        return NULL;
    return db;
}

void evidence_case_no(const char *home, const char *said, char ret_no[IR_NO_TEXT])
{
    struct ir_casedb *db = open_db(home);
    char id[IR_ID_TEXT];
    if (db == NULL || ir_number_find(db, "incident", said, id, ret_no, NULL) != IR_OK)
        ret_no[0] = '\0';
    if (db != NULL) ir_casedb_close(db);
}

void evidence_known(const struct env *env, int case_fd, struct ir_check_known *known)
{
    struct ir_query q;
    struct stat st;
    struct ir_casedb *db = fstat(case_fd, &st) == 0 ? open_db(env->home) : NULL;
    if (db == NULL) return;
    if (ir_query_open(&q, db, "SELECT path, custody_seq FROM exhibit WHERE custody_seq > 0",
                      NULL) == IR_OK) {
        while (ir_query_next(&q, NULL) == IR_OK) {
            const uint64_t line = (uint64_t)ir_query_int(&q, 1);
            if (line <= known->lines || !lies_in(ir_query_text(&q, 0), &st)) continue;
            known->lines = line;
            known->lines_by = N_("the case database (ir case evidence)");
        }
        ir_query_close(&q);
    }
    ir_casedb_close(db);
}
