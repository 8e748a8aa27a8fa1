#include "services/need/key/published_key.h"

/* The figures as they are, with `flags` on all that is there. */
static enum kf_err append(struct kf_panel *panel, const struct kf_result_key *key,
                          const struct kf_column *published, uint8_t flags, struct kf_error *err)
{
    struct kf_result *index = NULL;
    enum kf_err code = kf_panel_append(panel, key, &index, err);
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        index->status[k] = published->status[k];
        if (kf_cell_has_value(published->status[k])) {
            index->status[k] |= flags;
            index->values[k] = published->values[k];
        }
    }
    return code;
}

enum kf_err kf_published_key_stand_in(struct kf_panel *panel, const char *sector,
                                      const struct kf_column *published, struct kf_error *err)
{
    const struct kf_result_key key = {
        .topic = KF_TOPIC_NEED, .sector = sector, .indicator = "", .measure = "need_index"};
    return append(panel, &key, published, KF_CELL_PUBLISHED, err);
}

enum kf_err kf_published_key_beside(struct kf_panel *panel, const char *sector,
                                    const struct kf_column *published, struct kf_error *err)
{
    const struct kf_result_key key = {.topic = KF_TOPIC_NEED,
                                      .sector = sector,
                                      .indicator = "",
                                      .measure = "published_need_index"};
    return append(panel, &key, published, 0, err);
}
