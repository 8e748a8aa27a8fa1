#include "services/publish/summary.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"

#define NAME_SIZE 96 /* edition, slash, year */

static bool is(const char *text, const char *value, size_t length)
{
    return strlen(text) == length && memcmp(text, value, length) == 0;
}

void kf_summary_read(struct kf_summary *self, const char *name, const char *value, size_t length)
{
    unsigned long number;

    if (kf_text_equal(name, KF_HEADER_STATE)) {
        self->state = is("rejected", value, length) ? KF_RELEASE_REJECTED : KF_RELEASE_COMMITTED;
    } else if (kf_text_equal(name, KF_HEADER_ROWS)) {
        if (kf_text_to_unsigned(value, length, ULONG_MAX, &number)) {
            self->rows = number;
        }
    } else if (kf_text_equal(name, KF_HEADER_PANELS_REJECTED)) {
        if (kf_text_to_unsigned(value, length, KF_RELEASE_PANELS_MAX, &number)) {
            self->panels_rejected = (uint32_t)number;
        }
    }
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_names(struct kf_panel_names *self, const struct kf_collected *release)
{
    for (uint32_t i = 0; i < release->panels_len; i++) {
        const struct kf_panel *panel = release->panels[i]->panel;
        if (panel != NULL) {
            kf_text_add_format(&self->text, "%s/%d", panel->edition->id, panel->year);
            kf_text_add_char(&self->text, '\0');
            self->length++;
        }
    }
}

/* Once the text is complete, because it moves while it grows. */
static void point_to_names(struct kf_panel_names *self)
{
    const char *name = self->text.bytes;

    for (size_t i = 0; i < self->length; i++) {
        self->names[i] = name;
        name += strlen(name) + 1;
    }
    qsort(self->names, self->length, sizeof self->names[0], compare_names);
}

enum kf_err kf_panel_names_new(const struct kf_collected *release, struct kf_panel_names **names,
                               struct kf_error *err)
{
    struct kf_panel_names *self = kf_calloc(1, sizeof *self);

    if (self == NULL) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the names of panels");
    }
    kf_text_init(&self->text, (size_t)release->panels_len * NAME_SIZE);
    self->names = kf_calloc(release->panels_len, sizeof self->names[0]);
    add_names(self, release);
    if (self->names == NULL || self->text.failed) {
        kf_panel_names_destroy(&self);
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the names of panels");
    }
    point_to_names(self);
    *names = self;
    return KF_OK;
}

void kf_panel_names_destroy(struct kf_panel_names **self)
{
    if (*self == NULL) {
        return;
    }
    kf_text_clear(&(*self)->text);
    kf_free((*self)->names);
    kf_free(*self);
    *self = NULL;
}

void kf_panel_names_print(const struct kf_panel_names *self, struct kf_text *text)
{
    for (size_t i = 0; i < self->length; i++) {
        kf_text_add(text, i == 0 ? "" : " ");
        kf_text_add(text, self->names[i]);
    }
}

size_t kf_panel_names_find(const struct kf_panel_names *self, const char *name, size_t length)
{
    char copy[NAME_SIZE];
    const char *key = copy;

    if (length == 0 || length >= sizeof copy || self->length == 0) {
        return self->length;
    }
    memcpy(copy, name, length);
    copy[length] = '\0';
    const char **found =
        bsearch(&key, self->names, self->length, sizeof self->names[0], compare_names);
    return found == NULL ? self->length : (size_t)(found - self->names);
}

bool kf_panel_names_meet(const struct kf_panel_names *self, const char *value, size_t length)
{
    size_t start = 0;

    for (size_t i = 0; i <= length; i++) {
        if (i == length || value[i] == ' ') {
            if (kf_panel_names_find(self, value + start, i - start) < self->length) {
                return true;
            }
            start = i + 1;
        }
    }
    return false;
}
