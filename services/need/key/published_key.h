/* Published need indices: beside the computed ones, and in their place where criteria have no
 * figures. Pure. */
#ifndef KF_NEED_KEY_PUBLISHED_KEY_H
#define KF_NEED_KEY_PUBLISHED_KEY_H

#include "common/base/error.h"
#include "common/model/panel.h"

/* Both append the figures of `published`, a column of the need year, as they are. A member without
 * a figure has none here either. KF_ERR_MEMORY, KF_ERR_LIMIT. */

/* As the need_index of `sector`, flagged KF_CELL_PUBLISHED: it stands where a computed one would.
 */
enum kf_err kf_published_key_stand_in(struct kf_panel *panel, const char *sector,
                                      const struct kf_column *published, struct kf_error *err);

/* As its published_need_index. The name says what it is and there is no flag: rows carry the flags
 * of all their measures, and would say of a computed need_index that it was published. */
enum kf_err kf_published_key_beside(struct kf_panel *panel, const char *sector,
                                    const struct kf_column *published, struct kf_error *err);

#endif
