#include "services/publish/former.h"

#include <string.h>

#include "common/base/memory.h"

#define DIGITS (KF_DIGEST_SIZE - 1)

enum kf_err kf_former_new(const struct kf_collected *release, struct kf_former **former,
                          struct kf_error *err)
{
    struct kf_former *self = kf_calloc(1, sizeof *self);

    if (self == NULL) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for what earlier releases published");
    }
    enum kf_err result = kf_panel_names_new(release, &self->names, err);
    if (result == KF_OK) {
        self->panels = kf_calloc(self->names->length + 1, sizeof *self->panels);
        if (self->panels == NULL) {
            result = kf_error_set(err, KF_ERR_MEMORY, "no memory for the panels' keys");
        }
    }
    if (result != KF_OK) {
        kf_former_destroy(&self);
        return result;
    }
    *former = self;
    return KF_OK;
}

void kf_former_destroy(struct kf_former **self)
{
    if (*self == NULL) {
        return;
    }
    kf_panel_names_destroy(&(*self)->names);
    kf_free((*self)->panels);
    kf_free(*self);
    *self = NULL;
}

/* --- the header ------------------------------------------------------------------------------ */

/* The next word of a value; its length is 0 when none is left. */
static struct kf_header_value next_word(struct kf_header_value *left)
{
    struct kf_header_value word = *left;

    word.length = 0;
    while (word.length < left->length && left->value[word.length] != ' ') {
        word.length++;
    }
    size_t used = word.length + (word.length < left->length);
    left->length -= used;
    left->value = left->length > 0 ? left->value + used : left->value;
    return word;
}

/* KIND=DIGEST. */
static bool read_digest(struct kf_header_value word, struct kf_key_digests *keys)
{
    for (size_t topic = 1; topic < KF_TOPICS; topic++) {
        const char *kind = kf_topic_name((enum kf_topic)topic);
        size_t length = strlen(kind);
        if (word.length == length + 1 + DIGITS && memcmp(word.value, kind, length) == 0 &&
            word.value[length] == '=') {
            return kf_digest_sum_read(&keys->topics[topic], word.value + length + 1, DIGITS);
        }
    }
    return false;
}

static bool is_name(struct kf_header_value word)
{
    return memchr(word.value, '=', word.length) == NULL;
}

static bool same_text(struct kf_header_value a, struct kf_header_value b)
{
    return a.length == b.length && memcmp(a.value, b.value, a.length) == 0;
}

/* What the header says of the panel; false when it does not, or makes no sense. */
static bool read_keys(struct kf_header_value header, struct kf_header_value name,
                      struct kf_key_digests *keys)
{
    bool found = false;

    memset(keys, 0, sizeof *keys);
    while (header.value != NULL && header.length > 0) {
        struct kf_header_value word = next_word(&header);
        if (is_name(word)) {
            if (found) {
                return true;
            }
            found = same_text(word, name);
        } else if (found && !read_digest(word, keys)) {
            return false;
        }
    }
    return found;
}

/* A panel without keys is named all the same: a manifest that says nothing of it is another one. */
void kf_key_digests_print(const struct kf_key_digests *self, const char *name, struct kf_text *text)
{
    const struct kf_digest_sum none = {0};
    char hex[KF_DIGEST_SIZE];

    kf_text_add(text, text->length > 0 ? " " : "");
    kf_text_add(text, name);
    for (size_t topic = 1; topic < KF_TOPICS; topic++) {
        const struct kf_digest_sum *sum = &self->topics[topic];
        if (!kf_digest_sum_equals(sum, &none)) {
            kf_digest_sum_print(sum, hex);
            kf_text_add_char(text, ' ');
            kf_text_add(text, kf_topic_name((enum kf_topic)topic));
            kf_text_add_char(text, '=');
            kf_text_add(text, hex);
        }
    }
}

/* --- manifests ------------------------------------------------------------------------------- */

static bool same_keys(const struct kf_key_digests *a, const struct kf_key_digests *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static void take(struct kf_former_panel *panel, int32_t partition, enum kf_former_state state,
                 const struct kf_key_digests *keys)
{
    bool first = panel->state == KF_FORMER_NONE;
    bool same = !first && state == panel->state && same_keys(&panel->keys, keys);

    panel->mixed = panel->mixed || (!first && partition != panel->partition);
    panel->unsure = panel->unsure || (panel->mixed && !same);
    panel->partition = partition;
    panel->keys = *keys;
    panel->state = panel->unsure ? KF_FORMER_UNKNOWN : state;
}

void kf_former_take(struct kf_former *self, int32_t partition, struct kf_header_value panels,
                    struct kf_header_value keys)
{
    struct kf_key_digests said;

    while (panels.value != NULL && panels.length > 0) {
        struct kf_header_value name = next_word(&panels);
        size_t index = kf_panel_names_find(self->names, name.value, name.length);
        if (index < self->names->length) {
            bool known = read_keys(keys, name, &said);
            take(&self->panels[index], partition, known ? KF_FORMER_KNOWN : KF_FORMER_UNKNOWN,
                 &said);
        }
    }
}

bool kf_former_differs(const struct kf_former *self, const char *name, size_t topic,
                       const struct kf_key_digests *now)
{
    size_t index = kf_panel_names_find(self->names, name, strlen(name));

    if (index >= self->names->length || self->panels[index].state == KF_FORMER_NONE) {
        return false;
    }
    const struct kf_former_panel *panel = &self->panels[index];
    return panel->state == KF_FORMER_UNKNOWN ||
           memcmp(&panel->keys.topics[topic], &now->topics[topic], sizeof now->topics[topic]) != 0;
}
