/* Records: the values on the Kafka topics, typed messages of proto/kf/v1/record.proto, as proto3
 * JSON or packed protobuf.
 *
 * A record is a row of the wide table; its measures become fields of the same name. The mapping is
 * by name through the message descriptors, so a new measure needs a field in the .proto and nothing
 * here.
 */
#ifndef KF_CODEC_RECORD_H
#define KF_CODEC_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/codec/envelope.h"
#include "common/model/row.h"

enum kf_encoding { KF_ENCODING_JSON = 1, KF_ENCODING_PROTOBUF };

/* "application/json" or "application/protobuf". */
const char *kf_encoding_content_type(enum kf_encoding encoding);

/* Appends the value of a row. Missing measures are absent; flags are the union of the cells' flags
 * in the order of kf_cell_print, each once. KF_ERR_INTERNAL when the topic's message lacks a
 * measure. */
enum kf_err kf_record_row(const char *release, const struct kf_panel *panel,
                          const struct kf_row *row, enum kf_encoding encoding,
                          struct kf_text *value, struct kf_error *err);

/* Appends the key: edition/year[/municipality]/sector[/indicator]. */
void kf_record_row_key(const struct kf_panel *panel, const struct kf_row *row, struct kf_text *key);

enum kf_release_state { KF_RELEASE_COMMITTED = 1, KF_RELEASE_REJECTED };

struct kf_topic_content {
    char topic[128];
    uint64_t rows;
    char digest[KF_DIGEST_SIZE];
    uint64_t withdrawn;
};

struct kf_panel_content {
    char edition[65];
    char edition_digest[KF_DIGEST_SIZE];
    int year;
    uint32_t municipalities;
    bool rejected;
    const struct kf_topic_content *topics; /* of this panel alone; none: not told */
    size_t topics_len;
};

/* The manifest of a release, as plain data. */
struct kf_manifest {
    char release[KF_RELEASE_ID_SIZE];
    enum kf_release_state state;
    const char *vintage;
    const char *program;
    const struct kf_panel_content *panels;
    size_t panels_len;
    const struct kf_topic_content *topics;
    size_t topics_len;
    const struct kf_source *sources;
    size_t sources_len;
    char previous_release[KF_RELEASE_ID_SIZE];
};

/* Appends the value of the manifest record. Texts that are not UTF-8 are cleaned. */
enum kf_err kf_record_manifest(const struct kf_manifest *manifest, enum kf_encoding encoding,
                               struct kf_text *value, struct kf_error *err);

/* Appends the value of the dead letter of panel `index`. Texts that are not UTF-8 are cleaned. */
enum kf_err kf_record_rejected(const struct kf_release *release, uint32_t index,
                               const struct kf_rejection *rejection, enum kf_encoding encoding,
                               struct kf_text *value, struct kf_error *err);

/* True when every measure of every published topic has a field; the first that lacks one is told.
 */
enum kf_err kf_record_check_measures(struct kf_error *err);

#endif
