/* Back into the inbox: the way of an input that is to be taken in anew. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/crash.h"
#include "common/base/folder.h"
#include "services/ingest/inbox/inbox_state.h"

static bool is_there(const char *path)
{
    struct stat about;
    return lstat(path, &about) == 0;
}

/* A name of one entry of a folder, which cannot lead elsewhere. */
static bool is_entry(const char *name)
{
    return name[0] && name[0] != '.' && !strchr(name, '/');
}

/* The folder and name that `place` says. */
static const char *folder_of(const struct kf_inbox *self, const char *place, const char **name)
{
    static const char done[] = KF_INBOX_DONE;
    static const char rejected[] = KF_INBOX_REJECTED;
    if (strncmp(place, done, sizeof done - 1) == 0) {
        *name = place + sizeof done - 1;
        return self->done;
    }
    if (strncmp(place, rejected, sizeof rejected - 1) == 0) {
        *name = place + sizeof rejected - 1;
        return self->rejected;
    }
    return NULL;
}

static enum kf_err not_found(const struct kf_inbox *self, const char *name, struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_CONFIG,
                        "%.80s lies neither in %s nor in %s: put it into the inbox", name,
                        self->rejected, self->done);
}

/* An input of which nobody noted where it lies: under its own name, in one of the two folders. */
static enum kf_err search(const struct kf_inbox *self, const char *name,
                          char from[KF_DISK_PATH_MAX], const char **folder, struct kf_error *err)
{
    char other[KF_DISK_PATH_MAX];
    enum kf_err code = kf_disk_join(self->rejected, name, from, err);
    if (code == KF_OK) {
        code = kf_disk_join(self->done, name, other, err);
    }
    if (code != KF_OK) {
        return code;
    }
    bool rejected = is_there(from);
    bool done = is_there(other);
    if (rejected && done) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "%.80s lies in %s and in %s: put the one that is meant into the inbox",
                            name, self->rejected, self->done);
    }
    *folder = rejected ? self->rejected : self->done;
    if (done) {
        memcpy(from, other, sizeof other);
    }
    return KF_OK;
}

static enum kf_err find(const struct kf_inbox *self, const char *place, const char *name,
                        char from[KF_DISK_PATH_MAX], const char **folder, struct kf_error *err)
{
    const char *entry = NULL;
    *folder = folder_of(self, place, &entry);
    if (*folder && is_entry(entry)) {
        return kf_disk_join(*folder, entry, from, err);
    }
    return search(self, name, from, folder, err);
}

/* What was wrong when it was taken in last is not what will be said of it. */
static void remove_report(const char *from)
{
    char report[KF_DISK_PATH_MAX + sizeof ".errors.txt"];
    (void)snprintf(report, sizeof report, "%s.errors.txt", from);
    (void)unlink(report);
}

enum kf_err kf_inbox_take_back(struct kf_inbox *self, const char *place, const char *name,
                               struct kf_error *err)
{
    char from[KF_DISK_PATH_MAX];
    char to[KF_DISK_PATH_MAX];
    const char *folder = NULL;
    if (!is_entry(name)) {
        return not_found(self, name, err);
    }
    enum kf_err code = kf_disk_join(self->inbox, name, to, err);
    if (code == KF_OK) {
        code = find(self, place, name, from, &folder, err);
    }
    if (code != KF_OK) {
        return code;
    }
    if (is_there(to)) {
        return is_there(from)
                   ? kf_error_set(err, KF_ERR_CONFIG,
                                  "another %.80s waits in the inbox: ask again when it is "
                                  "taken",
                                  name)
                   : kf_error_set(err, KF_ERR_AGAIN, "%s is there already", to);
    }
    if (!is_there(from)) {
        return not_found(self, name, err);
    }
    if (rename(from, to) != 0) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "%s: cannot be moved to %s", from, to);
    }
    KF_CRASH_POINT("ingest.taken-back");
    remove_report(from);
    self->dirty = true;
    (void)kf_folder_sync(self->inbox, NULL);
    (void)kf_folder_sync(folder, NULL);
    return KF_OK;
}
