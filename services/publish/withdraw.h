/* Withdraws what is no more: every key that the topics hold, with a value, for an edition and year
 * of the release, and that the release has not. So a municipality that left the group, or an
 * indicator that an edition dropped, does not stay behind with figures of another day.
 *
 * Only topics are read on which keys differ from those of the last release of a panel (former.h);
 * with an unusual revision that is once, with the usual none. Rejected panels withdraw nothing.
 * What holds keys is bounded (withdrawal.h); what does not fit is done in several readings. Pure
 * but for the calls that are given.
 */
#ifndef KF_PUBLISH_WITHDRAW_H
#define KF_PUBLISH_WITHDRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "services/publish/assembly.h"
#include "services/publish/former.h"

/* A longer key is none of ours. */
#define KF_KEY_BYTES_MAX 512

/* Takes a key of a topic; `live`: its record has a value. */
struct kf_key_visitor {
    enum kf_err (*visit)(void *context, const char *key, size_t length, bool live,
                         struct kf_error *err);
    void *context;
};

/* Reads the committed records of a topic, within a partition in the order written. What the visitor
 * returns ends it and is returned. */
typedef enum kf_err kf_withdraw_read(void *context, size_t topic,
                                     const struct kf_key_visitor *visitor, struct kf_error *err);

struct kf_withdraw_options {
    const struct kf_collected *release;
    const struct kf_former *former;
    const struct kf_key_digests *now; /* [release->panels_len] */
    kf_withdraw_read *read;
    void *read_context;
    /* Takes a key that is withdrawn: by topic, within a topic ascending. (Ascending within each of
     * the readings, when there have to be several.) */
    enum kf_err (*take)(void *context, size_t topic, uint32_t panel, const char *key,
                        struct kf_error *err);
    void *take_context;
    size_t keys_max; /* held at a time; 0: KF_WITHDRAWAL_KEYS_MAX */
};

/* KF_ERR_MEMORY, KF_ERR_LIMIT when it cannot be done in any number of readings, or what `read` or
 * `take` returned. */
enum kf_err kf_withdraw(const struct kf_withdraw_options *options, struct kf_error *err);

/* The name of a panel, edition/year, in the form that keys begin with. */
#define KF_PANEL_NAME_SIZE 96
void kf_withdraw_name(const struct kf_panel *panel, char name[KF_PANEL_NAME_SIZE]);

#endif
