/* The summary of a manifest: what a publisher has to know about releases that are on the topics
 * already, as headers of the manifest's record.
 *
 *     kf-state            committed or rejected
 *     kf-rows             records on the topics of results
 *     kf-panels-rejected  panels that became dead letters
 *     kf-panels           what it published, e.g. "asss-2010/2009 asss-2010/2010"
 *     kf-keys             digests of the keys of each, see former.h
 *
 * Headers, because they read the same whether the manifest itself is JSON or protobuf, today or
 * after the encoding was changed, and without a JSON parser. Pure.
 */
#ifndef KF_PUBLISH_SUMMARY_H
#define KF_PUBLISH_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/codec/record.h"
#include "services/publish/assembly.h"

#define KF_HEADER_STATE           "kf-state"
#define KF_HEADER_ROWS            "kf-rows"
#define KF_HEADER_PANELS_REJECTED "kf-panels-rejected"
#define KF_HEADER_PANELS          "kf-panels"

struct kf_summary {
    enum kf_release_state state;
    uint64_t rows;
    uint32_t panels_rejected;
};

/* Reads one header into the summary; other names and values that make no sense leave it as it is.
 * Start from {KF_RELEASE_COMMITTED, 0, 0}: a manifest without headers still says that the release
 * is on the topics. */
void kf_summary_read(struct kf_summary *self, const char *name, const char *value, size_t length);

/* Which editions and years a release publishes, ascending. */
struct kf_panel_names {
    struct kf_text text; /* the names, each with a final NUL */
    const char **names;  /* [length], ascending, into the text */
    size_t length;
};

/* The panels of a release, without the rejected ones. KF_ERR_MEMORY. */
enum kf_err kf_panel_names_new(const struct kf_collected *release, struct kf_panel_names **names,
                               struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_panel_names_destroy(struct kf_panel_names **self);

/* Appends the names as the header's value. */
void kf_panel_names_print(const struct kf_panel_names *self, struct kf_text *text);

/* The place of the panel whose name has these `length` bytes; `self->length` when there is none. */
size_t kf_panel_names_find(const struct kf_panel_names *self, const char *name, size_t length);

/* True when one of the panels is named in the `length` bytes of a header's value. */
bool kf_panel_names_meet(const struct kf_panel_names *self, const char *value, size_t length);

#endif
