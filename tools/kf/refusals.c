#include "tools/kf/refusals.h"

#include <stdalign.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/lines.h"
#include "common/base/memory.h"

#define PATH_BYTES_MAX  4096
#define LINE_BYTES_MAX  4096
#define FILE_BYTES_MAX  ((uint64_t)16 * 1024 * 1024)
#define EVENT_BYTES_MAX 8192
#define SHOWN_BYTES_MAX 200

static const char ending[] = ".errors.txt";
static const char *const names[] = {"rejected", "done"};
#define FOLDERS (sizeof names / sizeof names[0])

struct kf_refusals {
    int events;
    int watches[FOLDERS];
    char paths[FOLDERS][PATH_BYTES_MAX];
};

static bool watch(struct kf_refusals *self, const char *state_dir, size_t folder)
{
    int length = snprintf(self->paths[folder], PATH_BYTES_MAX, "%s/%s", state_dir, names[folder]);
    if (length <= 0 || length >= PATH_BYTES_MAX) {
        return false;
    }
    (void)mkdir(self->paths[folder], 0777);
    self->watches[folder] =
        inotify_add_watch(self->events, self->paths[folder], IN_CLOSE_WRITE | IN_MOVED_TO);
    return self->watches[folder] >= 0;
}

struct kf_refusals *kf_refusals_open(const char *state_dir)
{
    struct kf_refusals *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return NULL;
    }
    self->events = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    bool watched = self->events >= 0;
    for (size_t i = 0; watched && i < FOLDERS; i++) {
        watched = watch(self, state_dir, i);
    }
    if (!watched) {
        kf_refusals_close(&self);
    }
    return self;
}

void kf_refusals_close(struct kf_refusals **self)
{
    if (!self || !*self) {
        return;
    }
    if ((*self)->events >= 0) {
        (void)close((*self)->events);
    }
    kf_free(*self);
    *self = NULL;
}

int kf_refusals_descriptor(const struct kf_refusals *self)
{
    return self ? self->events : -1;
}

/* The first line of the report, shortened; "" when it cannot be read. */
static void first_line(const char *path, char shown[SHOWN_BYTES_MAX + 1])
{
    struct kf_lines_options options = {.line_bytes_max = LINE_BYTES_MAX,
                                       .file_bytes_max = FILE_BYTES_MAX};
    struct kf_lines *lines = NULL;
    struct kf_error ignored;
    const char *line = "";
    size_t length = 0;
    shown[0] = '\0';
    if (kf_lines_open(path, &options, &lines, &ignored) == KF_OK &&
        kf_lines_next(lines, &line, &length, &ignored) == KF_OK) {
        size_t kept = length < SHOWN_BYTES_MAX ? length : SHOWN_BYTES_MAX;
        memcpy(shown, line, kept);
        shown[kf_text_whole(shown, kept)] = '\0';
    }
    kf_lines_destroy(&lines);
}

static void tell_file(const struct kf_refusals *self, const struct inotify_event *event,
                      struct kf_progress *progress)
{
    size_t length = event->len > 0 ? strlen(event->name) : 0;
    size_t end = sizeof ending - 1;
    if (length <= end || strcmp(event->name + length - end, ending) != 0) {
        return;
    }
    size_t folder = event->wd == self->watches[0] ? 0 : 1;
    struct kf_text path;
    char shown[SHOWN_BYTES_MAX + 1];
    kf_text_init(&path, 2 * PATH_BYTES_MAX);
    kf_text_add_format(&path, "%s/%s", self->paths[folder], event->name);
    first_line(path.bytes, shown);
    kf_progress_note(progress, "%.*s: %s\n  all faults: %s", (int)(length - end), event->name,
                     shown, path.bytes);
    kf_text_clear(&path);
}

void kf_refusals_tell(struct kf_refusals *self, struct kf_progress *progress)
{
    alignas(struct inotify_event) char bytes[EVENT_BYTES_MAX];
    ssize_t got = self ? read(self->events, bytes, sizeof bytes) : 0;
    while (got > 0) {
        for (size_t at = 0; at < (size_t)got;) {
            struct inotify_event event;
            memcpy(&event, bytes + at, sizeof event);
            tell_file(self, (const struct inotify_event *)(const void *)(bytes + at), progress);
            at += sizeof event + event.len;
        }
        got = read(self->events, bytes, sizeof bytes);
    }
}
