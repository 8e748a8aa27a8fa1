/* What the topics say about one edition and year: the newest release that is whole, and its rows.
 *
 * Pure: fed with keys and values as they are read, in proto3 JSON (proto/kf/v1/record.proto). First
 * the manifests, then the rows: only rows of the release that the newest committed manifest of this
 * edition and year names are kept, the newest of each key.
 */
#ifndef KF_TOOLS_PUBLISHED_H
#define KF_TOOLS_PUBLISHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/kafka/topic_reader.h"
#include "common/model/topic.h"

#define KF_PUBLISHED_ROWS_MAX 1000000

struct kf_published;

/* Nothing known yet. `edition` is copied. NULL when there is no memory. */
struct kf_published *kf_published_new(const char *edition, int year);
void kf_published_destroy(struct kf_published **self);

/* --- feeding --------------------------------------------------------------------------------- */

/* Takes a record of the release topic. KF_ERR_DATA when it is no manifest in JSON. */
enum kf_err kf_published_add_manifest(struct kf_published *self,
                                      const struct kf_topic_record *record, struct kf_error *err);

/* Takes a record of the topic of `topic`. One of another edition, year or release is passed over;
 * one without a value removes its key. KF_ERR_DATA when it is no row in JSON, KF_ERR_LIMIT. */
enum kf_err kf_published_add_row(struct kf_published *self, enum kf_topic topic,
                                 const struct kf_topic_record *record, struct kf_error *err);

/* --- the release ----------------------------------------------------------------------------- */

/* The release's id, or "" while there is none. */
const char *kf_published_release(const struct kf_published *self);

/* A text of the manifest: "vintage", "program", "previousRelease"; "" when absent. */
const char *kf_published_text(const struct kf_published *self, const char *name);

/* Topic number `i` of the manifest and its rows; false when there are no more. */
bool kf_published_topic(const struct kf_published *self, size_t i, const char **topic,
                        const char **rows);

/* How many records of the release stand on the topic of `topic`, of all its editions and years. */
uint64_t kf_published_found(const struct kf_published *self, enum kf_topic topic);

/* True when a newer release has published some of this release's editions and years, so that a
 * compacted topic may rightly hold fewer rows than the manifest says. */
bool kf_published_replaced(const struct kf_published *self);

/* --- the rows -------------------------------------------------------------------------------- */

struct kf_published_key {
    enum kf_topic topic;
    const char *municipality; /* "" for the group's rows */
    const char *sector;
    const char *indicator; /* "" for rows about a sector */
};

/* True when there is such a row. `status` gets what the row's flags say, as in common/model/cell.h;
 * its kind is that of the measures that are absent. */
bool kf_published_status(const struct kf_published *self, const struct kf_published_key *key,
                         uint8_t *status);

/* The value of a measure, named as in common/model/topic.h. False when row or measure is absent. */
bool kf_published_value(const struct kf_published *self, const struct kf_published_key *key,
                        const char *measure, double *value);

/* Codes of all municipalities that have a row, ascending. The list is the
 * caller's, to be freed with kf_free; the codes live as long as the rows. */
enum kf_err kf_published_municipalities(const struct kf_published *self, const char ***codes,
                                        size_t *count, struct kf_error *err);

/* How many rows are kept. */
size_t kf_published_rows(const struct kf_published *self);

#endif
