/*
 * Database files as a whole. See dbfile.h.
 *
 * A copy by SQLite's backup API (https://www.sqlite.org/backup.html) goes page by page, 4 KiB each,
 * which a kernel takes five times as long for as for the same bytes in large pieces. Where all of
 * the state that is copied lies in the file, it is read from there, under SQLite's own lock.
 */
#include "casedb/dbfile.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/intl.h"
#include "base/io.h"

#define WAIT_MS 30000
#define PIECE   65536 /* bytes; a multiple of every page size */

int ir_dbfile_beside(char out[IR_DBFILE_PATH], const char *path, const char *end,
                     struct ir_err *err)
{
    const int n = snprintf(out, IR_DBFILE_PATH, "%s%s", path, end);
    if (n > 0 && (size_t)n < IR_DBFILE_PATH) return IR_OK;
    return ir_fail(err, IR_BAD, "the path is too long");
}

bool ir_dbfile_is_damage(int code)
{
    switch (code) {
    case SQLITE_IOERR_LOCK:
    case SQLITE_IOERR_RDLOCK:
    case SQLITE_IOERR_NOMEM: return false; /* the machine's, not the file's */
    default: break;
    }
    code &= 0xff;
    return code == SQLITE_NOTADB || code == SQLITE_CORRUPT || code == SQLITE_IOERR;
}

int ir_dbfile_fail(int code, const char *path, struct ir_err *err)
{
    ir_err_at(err, path, -1, 0);
    switch (code & 0xff) {
    case SQLITE_FULL: return ir_fail(err, IR_FATAL, "the disk is full: nothing was changed");
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT: return ir_fail(err, IR_BAD, "damaged, or no database");
    default: return ir_fail(err, IR_FATAL, "%s", sqlite3_errstr(code));
    }
}

/* SQLite's name for the file, with a NUL: what it takes a path for depends on how it was built. */
static bool uri_of(struct ir_buf *b, const char *path, bool immutable)
{
    /* Two slashes at the begin of a path would be followed by the name of a host. */
    ir_buf_str(b, *path == '/' ? IR_S("file://") : IR_S("file:"));
    for (const char *p = path; *p != '\0'; p++)
        if (strchr("%?#", *p) != NULL)
            ir_buf_fmt(b, "%%%02x", (unsigned char)*p);
        else
            ir_buf_chr(b, *p);
    if (immutable) ir_buf_str(b, IR_S("?immutable=1"));
    ir_buf_chr(b, '\0');
    return !b->full;
}

/* SQLite counts what it has from malloc, under a lock that all threads share: a fifth of the time
 * of what reads much, for a number that nobody asks for. */
static void configure(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

int ir_dbfile_connect(const char *path, int flags, bool immutable, sqlite3 **ret)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct ir_buf uri = IR_BUF(4 * IR_DBFILE_PATH);
    *ret = NULL;
    pthread_once(&once, configure);
    const int code = uri_of(&uri, path, immutable)
                         ? sqlite3_open_v2(uri.p, ret, flags | SQLITE_OPEN_URI, NULL)
                         : SQLITE_NOMEM;
    ir_buf_free(&uri);
    return code;
}

int ir_dbfile_open(const char *path, int flags, sqlite3 **ret, struct ir_err *err)
{
    const int code = ir_dbfile_connect(path, flags, false, ret);
    if (code != SQLITE_OK) { /* there may be a handle all the same */
        sqlite3_close(*ret);
        *ret = NULL;
        return ir_dbfile_fail(code, path, err);
    }
    sqlite3_busy_timeout(*ret, WAIT_MS);
    return IR_OK;
}

static const char *const journals[] = {"-wal", "-shm", "-journal"};
#define JOURNALS (sizeof journals / sizeof *journals)

bool ir_dbfile_is_empty(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0;
}

bool ir_dbfile_is_alone(const char *path)
{
    char wal[IR_DBFILE_PATH];
    struct stat st;
    return ir_dbfile_beside(wal, path, "-wal", NULL) == IR_OK &&
           (stat(wal, &st) != 0 || st.st_size == 0);
}

void ir_dbfile_remove(const char *path)
{
    char beside[IR_DBFILE_PATH];
    unlink(path);
    for (size_t i = 0; i < JOURNALS; i++)
        if (ir_dbfile_beside(beside, path, journals[i], NULL) == IR_OK) unlink(beside);
}

int ir_dbfile_move_journals(const char *path, const char *to, struct ir_err *err)
{
    char a[IR_DBFILE_PATH], b[IR_DBFILE_PATH];
    for (size_t i = 0; i < JOURNALS; i++) {
        int rc = ir_dbfile_beside(a, path, journals[i], err);
        if (rc == IR_OK) rc = ir_dbfile_beside(b, to, journals[i], err);
        if (rc != IR_OK) return rc;
        if (rename(a, b) != 0 && errno != ENOENT)
            return ir_fail(err, IR_FATAL, "%s", ir_errno_text(errno));
    }
    return IR_OK;
}

static int directory_of(char out[IR_DBFILE_PATH], const char *path, struct ir_err *err)
{
    const char *slash = strrchr(path, '/');
    const size_t n = slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
    if (n >= IR_DBFILE_PATH) return ir_fail(err, IR_BAD, "the path is too long");
    snprintf(out, IR_DBFILE_PATH, "%.*s", n > 0 ? (int)n : 1, n > 0 ? path : ".");
    return IR_OK;
}

/* The directory, as a file of its own would have to be removed by whom it may serve. */
int ir_dbfile_claim(const char *path, int *ret_fd, struct ir_err *err)
{
    static const struct timespec pause = {0, 20 * 1000 * 1000};
    char directory[IR_DBFILE_PATH];
    *ret_fd = -1;
    ir_err_at(err, path, -1, 0);
    const int rc = directory_of(directory, path, err);
    if (rc != IR_OK) return rc;
    const int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return IR_OK; /* what is made there tells why */
    int locked = -1;
    for (int ms = 0; ms < WAIT_MS && (locked = flock(fd, LOCK_EX | LOCK_NB)) != 0; ms += 20) {
        if (errno != EWOULDBLOCK && errno != EINTR) break;
        nanosleep(&pause, NULL);
    }
    if (locked == 0) {
        *ret_fd = fd;
        return IR_OK;
    }
    const int why = errno;
    close(fd);
    return why == EWOULDBLOCK ? ir_fail(err, IR_FATAL, "another program is at it; again") : IR_OK;
}

/* The bytes of the state that the transaction of `sql` sees. SQLite's result. */
static int measure(sqlite3 *sql, int64_t *ret_bytes)
{
    static const char *const pragma[] = {"PRAGMA page_count", "PRAGMA page_size"};
    int code = SQLITE_OK;
    *ret_bytes = 1;
    for (size_t i = 0; code == SQLITE_OK && i < sizeof pragma / sizeof *pragma; i++) {
        sqlite3_stmt *s = NULL;
        code = sqlite3_prepare_v2(sql, pragma[i], -1, &s, NULL);
        if (code == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
            *ret_bytes *= sqlite3_column_int64(s, 0);
        const int end = sqlite3_finalize(s);
        if (code == SQLITE_OK) code = end;
    }
    return code;
}

/* Nothing that the transaction sees is in the journal. A journal that is empty now was so when the
 * transaction began: it is not cut while somebody reads from it; and what comes into it stays there
 * as long as somebody reads the file (https://www.sqlite.org/walformat.html, WAL_READ_LOCK). */
static bool is_all_in_file(sqlite3 *sql, sqlite3_file **ret_file)
{
    const char *name = sqlite3_db_filename(sql, "main");
    struct stat st;
    if (name == NULL || *name == '\0') return false;
    const char *wal = sqlite3_filename_wal(name);
    if (wal == NULL || (stat(wal, &st) == 0 ? st.st_size > 0 : errno != ENOENT)) return false;
    *ret_file = NULL;
    return sqlite3_file_control(sql, "main", SQLITE_FCNTL_FILE_POINTER, ret_file) == SQLITE_OK &&
           *ret_file != NULL && (*ret_file)->pMethods != NULL;
}

/* Through SQLite's descriptor: to close another one of the same file would drop its locks. */
static int pour(sqlite3_file *file, int64_t bytes, const char *source, int fd, struct ir_err *err)
{
    char *piece = malloc(PIECE);
    int rc = piece != NULL ? IR_OK : ir_fail(err, IR_FATAL, "out of memory");
    for (int64_t at = 0; rc == IR_OK && at < bytes; at += PIECE) {
        const int n = bytes - at < PIECE ? (int)(bytes - at) : PIECE;
        const int code = file->pMethods->xRead(file, piece, n, at);
        if (code != SQLITE_OK) {
            rc = ir_dbfile_fail(code == SQLITE_IOERR_SHORT_READ ? SQLITE_CORRUPT : code, source,
                                err);
            break;
        }
        const int why = ir_io_write_all(fd, piece, (size_t)n);
        if (why < 0) rc = ir_fail(err, IR_FATAL, "cannot be written: %-s", ir_errno_text(-why));
    }
    free(piece);
    return rc;
}

/* IR_END: it cannot be done this way. */
static int copy_bytes(sqlite3 *from, const char *source, int fd, struct ir_err *err)
{
    sqlite3_file *file;
    int64_t bytes;
    const bool inside = !sqlite3_get_autocommit(from);
    if (!inside && sqlite3_exec(from, "BEGIN", NULL, NULL, NULL) != SQLITE_OK) return IR_END;
    const int code = measure(from, &bytes);
    int rc = code == SQLITE_OK ? IR_OK : ir_dbfile_fail(code, source, err);
    if (rc == IR_OK) rc = is_all_in_file(from, &file) ? pour(file, bytes, source, fd, err) : IR_END;
    if (!inside) sqlite3_exec(from, "ROLLBACK", NULL, NULL, NULL);
    return rc;
}

/* All pages in one step: one state of the source, and writers go on meanwhile. */
static int copy_pages(sqlite3 *from, const char *source, sqlite3 *to, struct ir_err *err)
{
    sqlite3_exec(to, "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF", NULL, NULL, NULL);
    sqlite3_backup *b = sqlite3_backup_init(to, "main", from, "main");
    const int step = b != NULL ? sqlite3_backup_step(b, -1) : sqlite3_errcode(to);
    const int end = b != NULL ? sqlite3_backup_finish(b) : SQLITE_ERROR;
    if (step == SQLITE_DONE && end == SQLITE_OK) return IR_OK;
    return ir_dbfile_fail(step != SQLITE_DONE ? step : end, source, err);
}

int ir_dbfile_copy(sqlite3 *from, const char *source, const char *to, struct ir_err *err)
{
    sqlite3 *sql = NULL;
    const int fd = open(to, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    ir_err_at(err, to, -1, 0);
    if (fd < 0)
        return ir_fail(err, errno == EEXIST ? IR_BAD : IR_FATAL, "%s", ir_errno_text(errno));
    int rc = copy_bytes(from, source, fd, err);
    const bool by_pages = rc == IR_END;
    sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE); /* the disk begins while it is checked */
    if (close(fd) != 0 && rc == IR_OK) rc = ir_fail(err, IR_FATAL, "%s", ir_errno_text(errno));
    if (rc == IR_OK || by_pages) rc = ir_dbfile_open(to, SQLITE_OPEN_READWRITE, &sql, err);
    if (rc == IR_OK && by_pages) rc = copy_pages(from, source, sql, err);
    /* One file without a journal beside it. */
    int code = SQLITE_OK;
    if (rc == IR_OK) code = sqlite3_exec(sql, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
    if (code != SQLITE_OK) rc = ir_dbfile_fail(code, source, err);
    sqlite3_close(sql);
    if (rc != IR_OK) ir_dbfile_remove(to);
    return rc;
}

/* Some file systems cannot rename and refuse at once. */
static int rename_new(const char *made, const char *path)
{
    struct stat st;
    if (renameat2(AT_FDCWD, made, AT_FDCWD, path, RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS) return -errno;
    if (lstat(path, &st) == 0) return -EEXIST;
    return rename(made, path) == 0 ? 0 : -errno;
}

int ir_dbfile_name(const char *made, const char *path, bool over, struct ir_err *err)
{
    char directory[IR_DBFILE_PATH];
    ir_err_at(err, path, -1, 0);
    const int rc = directory_of(directory, path, err);
    if (rc != IR_OK) return rc;
    int why = ir_fs_sync(AT_FDCWD, made);
    if (why == 0 && !over) why = rename_new(made, path);
    if (why == 0 && over && rename(made, path) != 0) why = -errno;
    if (why == -EEXIST) return ir_fail(err, IR_BAD, "is there already");
    if (why == 0) why = ir_fs_sync(AT_FDCWD, directory);
    if (why == -EINVAL) why = 0; /* a file system that cannot bring directories to disk */
    return why == 0 ? IR_OK : ir_fail(err, IR_FATAL, "%s", ir_errno_text(-why));
}
