#include "services/publish/contents.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>

#include "common/base/memory.h"

static enum kf_err no_memory(struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_MEMORY, "no memory for what a release contains");
}

enum kf_err kf_contents_init(struct kf_contents *self, uint32_t panels_len, struct kf_error *err)
{
    struct kf_panel_sums *panels = kf_calloc(panels_len, sizeof *panels);

    if (panels == NULL) {
        return no_memory(err);
    }
    *self = (struct kf_contents){.panels = panels, .panels_len = panels_len};
    return KF_OK;
}

void kf_contents_clear(struct kf_contents *self)
{
    kf_free(self->panels);
    kf_free(self->list);
    *self = (struct kf_contents){0};
}

void kf_contents_add(struct kf_contents *self, uint32_t panel, size_t topic,
                     const struct kf_digest_sum *row)
{
    assert(panel < self->panels_len && topic < KF_TOPICS);
    self->panels[panel].rows[topic]++;
    kf_digest_sum_join(&self->panels[panel].digests[topic], row);
}

void kf_contents_withdraw(struct kf_contents *self, uint32_t panel, size_t topic)
{
    assert(panel < self->panels_len && topic < KF_TOPICS);
    self->panels[panel].withdrawn[topic]++;
}

static bool holds(const struct kf_panel_sums *panel, size_t topic)
{
    return panel->rows[topic] > 0 || panel->withdrawn[topic] > 0;
}

static size_t count(const struct kf_contents *self)
{
    size_t length = 0;

    for (uint32_t i = 0; i < self->panels_len; i++) {
        for (size_t topic = 0; topic < KF_TOPICS; topic++) {
            length += holds(&self->panels[i], topic);
        }
    }
    return length;
}

/* Writes a panel's contents at `list`; returns how many. */
static size_t describe(const struct kf_panel_sums *panel, const struct kf_topic_set *topics,
                       struct kf_topic_content *list)
{
    size_t length = 0;

    for (size_t topic = 0; topic < KF_TOPICS; topic++) {
        if (holds(panel, topic)) {
            struct kf_topic_content *content = &list[length++];
            (void)snprintf(content->topic, sizeof content->topic, "%s", topics->names[topic]);
            content->rows = panel->rows[topic];
            content->withdrawn = panel->withdrawn[topic];
            kf_digest_sum_print(&panel->digests[topic], content->digest);
        }
    }
    return length;
}

enum kf_err kf_contents_describe(struct kf_contents *self, const struct kf_topic_set *topics,
                                 struct kf_panel_content *panels, struct kf_error *err)
{
    size_t length = count(self);

    if (length == 0 || length > KF_CONTENTS_MAX) {
        return KF_OK;
    }
    kf_free(self->list);
    self->list = kf_calloc(length, sizeof *self->list);
    if (self->list == NULL) {
        return no_memory(err);
    }
    size_t used = 0;
    for (uint32_t i = 0; i < self->panels_len; i++) {
        panels[i].topics = self->list + used;
        panels[i].topics_len = describe(&self->panels[i], topics, self->list + used);
        used += panels[i].topics_len;
    }
    return KF_OK;
}
