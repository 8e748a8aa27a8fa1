#include "services/ingest/inbox/inbox.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/crash.h"
#include "common/base/folder.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "services/ingest/inbox/inbox_candidate.h"
#include "services/ingest/inbox/inbox_state.h"

#define WATCHED        (IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)
#define EVENT_BYTES    ((size_t)16 * 1024)
#define NUMBERS_MAX    10000
#define STEM_BYTES_MAX 200 /* of a name that gets something appended */
#define WRITING_FACTOR 10  /* a file that is still open for writing settles so much slower */
#define NOTICES_MAX    64  /* reads of events per call */
#define NAME_BYTES_MAX 320

/* --- opening ------------------------------------------------------------------------------- */

static enum kf_err copy_path(const char *from, char to[KF_DISK_PATH_MAX], struct kf_error *err)
{
    enum kf_err code = kf_disk_make_folder(from, err);
    if (code == KF_OK) {
        (void)snprintf(to, KF_DISK_PATH_MAX, "%s", from);
    }
    return code;
}

/* Renaming works inside one file system only, and the three must be different folders. */
static enum kf_err check_places(const struct kf_inbox *self, struct kf_error *err)
{
    const char *const paths[] = {self->inbox, self->done, self->rejected};
    struct stat about[3];
    for (size_t i = 0; i < 3; i++) {
        if (stat(paths[i], &about[i]) != 0) {
            return kf_error_set_errno(err, KF_ERR_CONFIG, errno, "%s: cannot be used", paths[i]);
        }
        if (access(paths[i], R_OK | W_OK | X_OK) != 0) {
            return kf_error_set_errno(err, KF_ERR_CONFIG, errno, "%s: cannot be used", paths[i]);
        }
        if (about[i].st_dev != about[0].st_dev) {
            return kf_error_set(err, KF_ERR_CONFIG,
                                "%s and %s are on different file systems: put them on one",
                                paths[0], paths[i]);
        }
        for (size_t j = 0; j < i; j++) {
            if (about[i].st_ino == about[j].st_ino) {
                return kf_error_set(err, KF_ERR_CONFIG, "%s and %s are one folder: use two",
                                    paths[j], paths[i]);
            }
        }
    }
    return KF_OK;
}

static void add_watch(struct kf_inbox *self)
{
    if (self->events >= 0 && self->watch < 0) {
        self->watch = inotify_add_watch(self->events, self->inbox, WATCHED);
    }
}

enum kf_err kf_inbox_open(const struct kf_inbox_options *options, struct kf_inbox **inbox,
                          struct kf_error *err)
{
    struct kf_inbox *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the inbox");
    }
    self->settle_ms = options->settle_ms;
    self->rescan_ms = options->rescan_ms;
    self->events = -1;
    self->watch = -1;
    self->dirty = true;
    enum kf_err code = copy_path(options->inbox, self->inbox, err);
    if (code == KF_OK) {
        code = copy_path(options->done, self->done, err);
    }
    if (code == KF_OK) {
        code = copy_path(options->rejected, self->rejected, err);
    }
    if (code == KF_OK) {
        code = check_places(self, err);
    }
    if (code != KF_OK) {
        kf_inbox_destroy(&self);
        return code;
    }
    self->events = inotify_init1(IN_NONBLOCK | IN_CLOEXEC); /* without it, looking again must do */
    add_watch(self);
    *inbox = self;
    return KF_OK;
}

void kf_inbox_destroy(struct kf_inbox **self)
{
    if (!self || !*self) {
        return;
    }
    for (size_t i = 0; i < (*self)->entries_len; i++) {
        kf_free((*self)->entries[i].name);
    }
    if ((*self)->events >= 0) {
        (void)close((*self)->events);
    }
    kf_free(*self);
    *self = NULL;
}

int kf_inbox_descriptor(const struct kf_inbox *self)
{
    return self->events;
}

/* --- entries ------------------------------------------------------------------------------- */

/* Where `name` is, or would be. */
static size_t position_of(const struct kf_inbox *self, const char *name, bool *found)
{
    size_t low = 0;
    size_t high = self->entries_len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(self->entries[middle].name, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *found = low < self->entries_len && strcmp(self->entries[low].name, name) == 0;
    return low;
}

static struct kf_inbox_entry *find_entry(struct kf_inbox *self, const char *name)
{
    bool found = false;
    size_t at = position_of(self, name, &found);
    return found ? &self->entries[at] : NULL;
}

static void remove_entry(struct kf_inbox *self, size_t at)
{
    kf_free(self->entries[at].name);
    self->entries_len--;
    memmove(&self->entries[at], &self->entries[at + 1],
            (self->entries_len - at) * sizeof self->entries[0]);
}

/* The entry `name`, made when it is new. NULL when the table is full of lower names or there is no
 * memory: a scan finds it when there is room again. */
static struct kf_inbox_entry *enter(struct kf_inbox *self, const char *name, int64_t now_ms)
{
    bool found = false;
    size_t at = position_of(self, name, &found);
    if (found) {
        return &self->entries[at];
    }
    if (self->entries_len == KF_INBOX_ENTRIES_MAX) {
        self->crowded = true;
        if (at == self->entries_len) {
            return NULL;
        }
        remove_entry(self, self->entries_len - 1);
    }
    char *copy = kf_strdup(name);
    if (!copy) {
        return NULL;
    }
    memmove(&self->entries[at + 1], &self->entries[at],
            (self->entries_len - at) * sizeof self->entries[0]);
    self->entries_len++;
    self->entries[at] = (struct kf_inbox_entry){.name = copy, .ready_ms = now_ms + self->settle_ms};
    return &self->entries[at];
}

static int64_t settle_ms(const struct kf_inbox *self, const struct kf_inbox_entry *entry)
{
    return entry->writing ? self->settle_ms * WRITING_FACTOR : self->settle_ms;
}

/* Looks at the entry on disk. A change starts its settling anew. False when it is gone. */
static bool look_at(struct kf_inbox *self, struct kf_inbox_entry *entry, int64_t now_ms)
{
    char path[KF_DISK_PATH_MAX];
    uint64_t signature = 0;
    if (kf_disk_join(self->inbox, entry->name, path, NULL) != KF_OK ||
        !kf_inbox_signature(path, &signature)) {
        return false;
    }
    if (signature != entry->signature) {
        entry->signature = signature;
        entry->ready_ms = now_ms + settle_ms(self, entry);
    }
    return true;
}

/* --- noticing ------------------------------------------------------------------------------ */

static void notice_name(struct kf_inbox *self, const struct inotify_event *event, int64_t now_ms)
{
    if (kf_inbox_name_is_passed_over(event->name)) {
        return;
    }
    struct kf_inbox_entry *entry = enter(self, event->name, now_ms);
    if (!entry) {
        return;
    }
    bool folder = (event->mask & IN_ISDIR) != 0;
    entry->writing = (event->mask & IN_CREATE) != 0 && !folder;
    if (look_at(self, entry, now_ms) && (event->mask & IN_MOVED_TO)) {
        entry->ready_ms = now_ms; /* renamed in: complete */
    } else if (event->mask & IN_CLOSE_WRITE) {
        entry->ready_ms = now_ms + self->settle_ms;
    }
}

static void forget_name(struct kf_inbox *self, const char *name)
{
    bool found = false;
    size_t at = position_of(self, name, &found);
    if (found) {
        remove_entry(self, at);
    }
}

/* An event that names what it is about is done with here: looking through the whole folder for each
 * would cost the square of the inputs that wait in it. */
static void notice_event(struct kf_inbox *self, const struct inotify_event *event, int64_t now_ms)
{
    if (event->mask & IN_IGNORED) {
        self->watch = -1; /* the folder itself went away */
    }
    if (event->len == 0) {
        self->dirty = true; /* of the folder itself, or events were lost */
    } else if (event->mask & (IN_MOVED_FROM | IN_DELETE)) {
        forget_name(self, event->name);
    } else {
        notice_name(self, event, now_ms);
    }
}

void kf_inbox_notice(struct kf_inbox *self, int64_t now_ms)
{
    _Alignas(struct inotify_event) char bytes[EVENT_BYTES];
    for (size_t reads = 0; self->events >= 0 && reads < NOTICES_MAX; reads++) {
        ssize_t got = read(self->events, bytes, sizeof bytes);
        if (got <= 0) {
            return;
        }
        for (size_t at = 0; at < (size_t)got;) {
            const struct inotify_event *event = (const void *)(bytes + at);
            notice_event(self, event, now_ms);
            at += sizeof *event + event->len;
        }
    }
}

/* --- scanning ------------------------------------------------------------------------------ */

static void scan_name(struct kf_inbox *self, const char *name, int64_t now_ms)
{
    if (kf_inbox_name_is_passed_over(name)) {
        return;
    }
    struct kf_inbox_entry *entry = enter(self, name, now_ms);
    if (entry) {
        entry->seen = look_at(self, entry, now_ms);
    }
}

static void forget_unseen(struct kf_inbox *self)
{
    size_t kept = 0;
    for (size_t i = 0; i < self->entries_len; i++) {
        if (self->entries[i].seen) {
            self->entries[kept++] = self->entries[i];
        } else {
            kf_free(self->entries[i].name);
        }
    }
    self->entries_len = kept;
}

/* True when names were left out and half of those that were not are done. */
static bool has_room_again(const struct kf_inbox *self)
{
    return self->crowded && self->entries_len <= KF_INBOX_ENTRIES_MAX / 2;
}

enum kf_err kf_inbox_scan(struct kf_inbox *self, int64_t now_ms, struct kf_error *err)
{
    if (!self->dirty && !has_room_again(self) && now_ms < self->next_scan_ms) {
        return KF_OK;
    }
    self->next_scan_ms = now_ms + self->rescan_ms;
    self->dirty = false;
    self->crowded = false;
    DIR *folder = opendir(self->inbox);
    if (!folder) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "%s: cannot be read", self->inbox);
    }
    add_watch(self);
    for (size_t i = 0; i < self->entries_len; i++) {
        self->entries[i].seen = false;
    }
    const struct dirent *item = NULL;
    while ((item = readdir(folder))) {
        scan_name(self, item->d_name, now_ms);
    }
    (void)closedir(folder);
    forget_unseen(self);
    return KF_OK;
}

int64_t kf_inbox_deadline_ms(const struct kf_inbox *self)
{
    int64_t deadline_ms = self->dirty || has_room_again(self) ? 0 : self->next_scan_ms;
    for (size_t i = 0; i < self->entries_len; i++) {
        if (self->entries[i].ready_ms < deadline_ms) {
            deadline_ms = self->entries[i].ready_ms;
        }
    }
    return deadline_ms;
}

/* --- candidates ---------------------------------------------------------------------------- */

enum kf_err kf_inbox_next(struct kf_inbox *self, int64_t now_ms,
                          struct kf_inbox_candidate **candidate, struct kf_error *err)
{
    for (size_t i = 0; i < self->entries_len;) {
        struct kf_inbox_entry *entry = &self->entries[i];
        if (entry->ready_ms > now_ms) {
            i++;
            continue;
        }
        if (!look_at(self, entry, now_ms)) {
            remove_entry(self, i);
            continue;
        }
        if (entry->ready_ms > now_ms) {
            i++;
            continue;
        }
        enum kf_err code = kf_inbox_describe(self->inbox, entry->name, candidate, err);
        if (code != KF_OK) {
            entry->ready_ms = now_ms + self->rescan_ms; /* the others go on meanwhile */
        }
        return code;
    }
    return KF_ERR_AGAIN;
}

bool kf_inbox_unchanged(const struct kf_inbox *self, const struct kf_inbox_candidate *candidate)
{
    char path[KF_DISK_PATH_MAX];
    uint64_t signature = 0;
    return kf_disk_join(self->inbox, candidate->entry, path, NULL) == KF_OK &&
           kf_inbox_signature(path, &signature) && signature == candidate->signature;
}

void kf_inbox_postpone(struct kf_inbox *self, const struct kf_inbox_candidate *candidate,
                       int64_t until_ms)
{
    struct kf_inbox_entry *entry = find_entry(self, candidate->entry);
    if (entry) {
        entry->ready_ms = until_ms;
    }
}

/* --- moving -------------------------------------------------------------------------------- */

/* NAME, NAME.2, …: the number before the .csv, and long names cut to have room for it. */
static void numbered(const char *name, unsigned number, char to[NAME_BYTES_MAX])
{
    size_t length = strlen(name);
    bool csv = length > 4 && name[length - 4] == '.';
    int stem = (int)(csv ? length - 4 : length);
    if (number < 2) {
        (void)snprintf(to, NAME_BYTES_MAX, "%s", name);
        return;
    }
    (void)snprintf(to, NAME_BYTES_MAX, "%.*s.%u%s", stem < STEM_BYTES_MAX ? stem : STEM_BYTES_MAX,
                   name, number, csv ? name + length - 4 : "");
}

/* A name that is free in `folder`. */
static enum kf_err free_name(const char *folder, const char *name, char chosen[NAME_BYTES_MAX],
                             struct kf_error *err)
{
    for (unsigned number = 1; number <= NUMBERS_MAX; number++) {
        char path[KF_DISK_PATH_MAX];
        struct stat about;
        numbered(name, number, chosen);
        enum kf_err code = kf_disk_join(folder, chosen, path, err);
        if (code != KF_OK) {
            return code;
        }
        if (lstat(path, &about) != 0 && errno == ENOENT) {
            return KF_OK;
        }
    }
    return kf_error_set(err, KF_ERR_IO, "%s: has %d inputs of one name: clear it", folder,
                        NUMBERS_MAX);
}

static enum kf_err write_report(const char *folder, const char *name, const char *report,
                                struct kf_error *err)
{
    char beside[NAME_BYTES_MAX];
    if (report[0] == '\0') {
        return KF_OK;
    }
    (void)snprintf(beside, sizeof beside, "%.*s.errors.txt", STEM_BYTES_MAX, name);
    return kf_disk_write_file(folder, beside, report, strlen(report), err);
}

/* True when what was moved is not the file that was read: somebody put another in its place in the
 * last moment. Folders are not asked: file systems differ in what moving does to them. */
static bool was_replaced(const char *to, const struct kf_inbox_candidate *candidate)
{
    struct stat about;
    uint64_t signature = 0;
    return lstat(to, &about) == 0 && S_ISREG(about.st_mode) && kf_inbox_signature(to, &signature) &&
           signature != candidate->signature;
}

/* Puts the newer file back, unless there is one that is newer still; it is not lost in any case. */
static void move_back(const char *to, const char *from)
{
    struct stat about;
    if (lstat(from, &about) != 0 && errno == ENOENT) {
        (void)rename(to, from);
    }
}

static enum kf_err rename_durably(struct kf_inbox *self, const struct kf_inbox_candidate *candidate,
                                  const char *folder, const char *to, struct kf_error *err)
{
    char from[KF_DISK_PATH_MAX];
    const char *entry = candidate->entry;
    enum kf_err code = kf_disk_join(self->inbox, entry, from, err);
    if (code != KF_OK) {
        return code;
    }
    if (rename(from, to) != 0) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "%s: cannot be moved to %s", from, to);
    }
    KF_CRASH_POINT("ingest.renamed");
    if (was_replaced(to, candidate)) {
        move_back(to, from);
        return kf_error_set(err, KF_ERR_AGAIN, "%s was replaced while it was moved",
                            candidate->name);
    }
    bool found = false;
    size_t at = position_of(self, entry, &found);
    if (found) {
        remove_entry(self, at);
    }
    /* The input is where it belongs. Should the folders not be durable yet and the power fail, it
     * is found in the inbox again and recognised by its content. */
    (void)kf_folder_sync(folder, NULL);
    (void)kf_folder_sync(self->inbox, NULL);
    return KF_OK;
}

enum kf_err kf_inbox_finish(struct kf_inbox *self, const struct kf_inbox_candidate *candidate,
                            bool rejected, const char *report, char moved[KF_DISK_PATH_MAX],
                            struct kf_error *err)
{
    const char *folder = rejected ? self->rejected : self->done;
    char name[NAME_BYTES_MAX];
    char to[KF_DISK_PATH_MAX];
    if (!kf_inbox_unchanged(self, candidate)) {
        return kf_error_set(err, KF_ERR_AGAIN, "%s was replaced after it was read",
                            candidate->name);
    }
    enum kf_err code = free_name(folder, candidate->entry, name, err);
    if (code == KF_OK) {
        code = kf_disk_join(folder, name, to, err);
    }
    if (code == KF_OK) {
        code = write_report(folder, name, report, err);
    }
    if (code == KF_OK) {
        KF_CRASH_POINT("ingest.reported");
        code = rename_durably(self, candidate, folder, to, err);
    }
    if (code == KF_OK) {
        memcpy(moved, to, sizeof to);
    }
    return code;
}
