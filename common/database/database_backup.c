/* The copy that is made before a database is brought up to date. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "common/base/crash.h"
#include "common/base/folder.h"
#include "common/database/database.h"

#define BACKUP_PATH_MAX (KF_DATABASE_PATH_MAX + 32)
#define SLACK_BYTES     (1 << 20)
#define MEGABYTE        1000000

void kf_database_backup_path(const struct kf_database *self, int version, char *path, size_t size)
{
    (void)snprintf(path, size, "%s.v%d.bak", self->path, version);
}

static enum kf_err read_bytes(struct kf_database *self, uint64_t *bytes, struct kf_error *err)
{
    int64_t pages = 0;
    int64_t page = 0;
    enum kf_err code = kf_database_number(self, "PRAGMA page_count", &pages, err);
    if (code == KF_OK) {
        code = kf_database_number(self, "PRAGMA page_size", &page, err);
    }
    if (code == KF_OK) {
        *bytes = (uint64_t)pages * (uint64_t)page;
    }
    return code;
}

/* For the copy, and as much again for the log of the transaction that brings it up to date. */
static enum kf_err check_room(struct kf_database *self, const char *backup, struct kf_error *err)
{
    struct statvfs disk;
    uint64_t bytes = 0;
    enum kf_err code = read_bytes(self, &bytes, err);
    if (code != KF_OK || statvfs(self->path, &disk) != 0) {
        return code; /* a file system that does not say so tells when it is full */
    }
    uint64_t wanted = 2 * bytes + SLACK_BYTES;
    uint64_t room = (uint64_t)disk.f_bavail * disk.f_frsize;
    if (room >= wanted) {
        return KF_OK;
    }
    return kf_error_set(
        err, KF_ERR_IO,
        "%s: bringing the %s up to date takes %" PRIu64 " MB for a copy (%s) and the "
        "change, there are %" PRIu64 " MB: make room and start again; nothing was "
        "changed",
        self->path, self->class->noun, (wanted + MEGABYTE - 1) / MEGABYTE, backup, room / MEGABYTE);
}

static enum kf_err copy(struct kf_database *self, const char *to, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    int answer = sqlite3_prepare_v2(self->base, "VACUUM INTO ?1", -1, &statement, NULL);
    enum kf_err code = KF_OK;
    if (answer != SQLITE_OK) {
        return kf_database_refuse(self, answer, "copying", err);
    }
    kf_database_bind_text(statement, 1, to);
    answer = sqlite3_step(statement);
    if (answer != SQLITE_DONE) {
        code = kf_database_refuse(self, answer, "copying", err);
    }
    (void)sqlite3_finalize(statement);
    return code;
}

/* Durable, and nobody's but whose the database is. */
static enum kf_err settle(const struct kf_database *self, const char *path, struct kf_error *err)
{
    struct stat about;
    int file = open(path, O_RDWR | O_CLOEXEC);
    bool done = file >= 0 && stat(self->path, &about) == 0 &&
                fchmod(file, about.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO)) == 0 &&
                fsync(file) == 0;
    enum kf_err code =
        done ? KF_OK : kf_error_set_errno(err, KF_ERR_IO, errno, "%s: cannot be written", path);
    if (file >= 0) {
        (void)close(file);
    }
    return code;
}

static enum kf_err put_in_place(const char *from, const char *to, struct kf_error *err)
{
    char folder[BACKUP_PATH_MAX];
    (void)snprintf(folder, sizeof folder, "%s", to);
    char *slash = strrchr(folder, '/');
    if (slash) {
        slash[slash == folder] = '\0';
    }
    if (rename(from, to) != 0) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "%s: cannot be renamed to %s", from, to);
    }
    return kf_folder_sync(slash ? folder : ".", err);
}

enum kf_err kf_database_backup(struct kf_database *self, int version, struct kf_error *err)
{
    char backup[BACKUP_PATH_MAX];
    char unfinished[BACKUP_PATH_MAX + sizeof ".tmp"];
    kf_database_backup_path(self, version, backup, sizeof backup);
    (void)snprintf(unfinished, sizeof unfinished, "%s.tmp", backup);
    enum kf_err code = check_room(self, backup, err);
    (void)unlink(unfinished); /* of one who was killed */
    if (code == KF_OK) {
        KF_CRASH_POINT("ingest.copying");
        code = copy(self, unfinished, err);
    }
    if (code == KF_OK) {
        KF_CRASH_POINT("ingest.copied");
        code = settle(self, unfinished, err);
    }
    if (code == KF_OK) {
        code = put_in_place(unfinished, backup, err);
    }
    if (code == KF_OK) {
        KF_CRASH_POINT("ingest.kept");
    } else {
        (void)unlink(unfinished);
    }
    return code;
}
