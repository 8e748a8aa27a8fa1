/* Records from the Kafka topics, back from proto3 JSON or packed protobuf: the other side of
 * record.h.
 *
 * Whatever comes in is untrusted: sizes, counts and numbers are checked. Fields that this program
 * does not know are passed over: a newer publisher may have more measures.
 */
#ifndef KF_CODEC_RECORD_READ_H
#define KF_CODEC_RECORD_READ_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/codec/record.h"
#include "common/model/topic.h"

#define KF_RECORD_MEASURES_MAX   32
#define KF_RECORD_READ_BYTES_MAX ((size_t)8 * 1024 * 1024)

/* Flags as a set; kf_record_flag names them. */
enum {
    KF_FLAG_MISSING = 1U << 0,
    KF_FLAG_NOT_APPLICABLE = 1U << 1,
    KF_FLAG_SUPPRESSED = 1U << 2,
    KF_FLAG_PROJECTED = 1U << 3,
    KF_FLAG_PUBLISHED = 1U << 4,
    KF_FLAG_IMPUTED = 1U << 5,
    KF_FLAG_PRELIMINARY = 1U << 6,
    KF_FLAG_INFERRED = 1U << 7,
    KF_FLAG_INCOMPLETE = 1U << 8,
};
#define KF_FLAGS 9

/* The name of flag `index`, 0 to KF_FLAGS − 1, in the order of the documents. */
const char *kf_record_flag(size_t index);

struct kf_record_measure {
    uint32_t number;  /* the field's in the message of its topic: the same in every version */
    const char *name; /* as in common/model/topic.h; lives for ever */
    double value;
};

/* A row of a topic of results. */
struct kf_record_row {
    enum kf_topic topic;
    const char *release; /* "" where it does not matter */
    const char *edition;
    int year;
    const char *municipality; /* "": the group's */
    const char *sector;
    const char *indicator; /* "" for rows about a sector */
    unsigned flags;
    struct kf_record_measure measures[KF_RECORD_MEASURES_MAX]; /* by number, those with a value */
    size_t measures_len;
};

/* The name of the measure that is field `number` of the topic's message, or NULL. */
const char *kf_record_measure_name(enum kf_topic topic, uint32_t number);

/* Which encoding the bytes have: JSON begins with a brace, a packed record never. */
enum kf_encoding kf_record_encoding(const void *bytes, size_t length);

typedef enum kf_err kf_record_row_visit(void *context, const struct kf_record_row *row,
                                        struct kf_error *err);

/* Reads a row and hands it over; its texts live for the visit. KF_ERR_DATA, KF_ERR_LIMIT when the
 * bytes are no row of that topic; KF_ERR_MEMORY; or what the visitor returns. */
enum kf_err kf_record_row_read(enum kf_topic topic, const void *bytes, size_t length,
                               kf_record_row_visit *visit, void *context, struct kf_error *err);

typedef enum kf_err kf_record_manifest_visit(void *context, const struct kf_manifest *manifest,
                                             struct kf_error *err);

/* The same with a manifest. */
enum kf_err kf_record_manifest_read(const void *bytes, size_t length,
                                    kf_record_manifest_visit *visit, void *context,
                                    struct kf_error *err);

/* A dead letter, as far as it says whose and why. */
struct kf_record_letter {
    char release[KF_RELEASE_ID_SIZE];
    uint32_t panel;
    const char *stage;
    const char *reason;
    const char *edition; /* "" when the input never became a panel */
    int year;            /* 0 likewise */
};

typedef enum kf_err kf_record_letter_visit(void *context, const struct kf_record_letter *letter,
                                           struct kf_error *err);

/* The same with a dead letter. */
enum kf_err kf_record_letter_read(const void *bytes, size_t length, kf_record_letter_visit *visit,
                                  void *context, struct kf_error *err);

#endif
