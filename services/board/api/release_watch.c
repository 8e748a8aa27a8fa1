#include "services/board/api/release_watch.h"

#include <string.h>

/* A look at the newest releases. */
struct look {
    const struct kf_release_watch *before;
    struct kf_release_watch now;
    struct kf_text json;
    kf_release_watch_tell *tell;
    void *context;
};

/* The digest that was told of the release, or NULL. */
static const char *told_of(const struct kf_release_watch *self, const char *id)
{
    for (size_t i = 0; i < self->told_len; i++) {
        if (strcmp(self->told[i].id, id) == 0) {
            return self->told[i].digest;
        }
    }
    return NULL;
}

static enum kf_err visit(void *context, const struct kf_board_release *release,
                         struct kf_error *err)
{
    struct look *look = context;
    size_t at = look->now.told_len++;
    char *digest = look->now.told[at].digest;
    kf_text_reset(&look->json);
    kf_release_json(release, &look->json);
    if (look->json.failed) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to tell of release %s", release->id);
    }
    memcpy(look->now.told[at].id, release->id, sizeof release->id);
    kf_digest_of(look->json.bytes, look->json.length, digest);
    const char *before = told_of(look->before, release->id);
    if (look->before->looked && (!before || strcmp(before, digest) != 0)) {
        look->tell(look->context, release, before == NULL, &look->json);
    }
    return KF_OK;
}

enum kf_err kf_release_watch_look(struct kf_release_watch *self, struct kf_board_store *store,
                                  kf_release_watch_tell *tell, void *context, struct kf_error *err)
{
    struct kf_board_totals totals;
    enum kf_err code = kf_board_store_totals(store, &totals, err);
    if (code != KF_OK || (self->looked && totals.changes == self->changes)) {
        return code;
    }
    struct look look = {.before = self, .tell = tell, .context = context};
    kf_text_init(&look.json, (size_t)1024 * 1024);
    code = kf_board_store_releases(store, KF_RELEASE_WATCH_MAX, visit, &look, err);
    kf_text_clear(&look.json);
    if (code == KF_OK) {
        *self = look.now;
        self->changes = totals.changes;
        self->looked = true;
    }
    return code;
}
