/* The built page (services/board/page/dist), which the program carries in itself. */
#ifndef KF_BOARD_ASSETS_H
#define KF_BOARD_ASSETS_H

#include <stdbool.h>

#include "common/base/error.h"
#include "common/service/http_answer.h"

enum kf_asset { KF_ASSET_INDEX, KF_ASSET_SCRIPT, KF_ASSET_STYLE, KF_ASSET_ICON, KF_ASSETS };

struct kf_assets {
    struct kf_http_asset list[KF_ASSETS];
};

/* Tags and compresses them. KF_ERR_MEMORY. */
enum kf_err kf_assets_init(struct kf_assets *self, struct kf_error *err);
void kf_assets_clear(struct kf_assets *self);

/* The asset at `path`, or NULL: the page itself at /, /operations and /municipality/CODE, its parts
 * by their names. */
const struct kf_http_asset *kf_assets_find(const struct kf_assets *self, const char *path);

/* What the page may load: its own parts, and what it draws itself. */
extern const char kf_assets_policy[];

#endif
