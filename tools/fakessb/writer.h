/* Tables as the API tells them: json-stat2. Pure. */
#ifndef KF_FAKESSB_WRITER_H
#define KF_FAKESSB_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/text.h"
#include "tools/fakessb/selection.h"
#include "tools/fakessb/table.h"

#define KF_FAKE_TIME_SIZE 32

/* How an answer is twisted; all zero: not. */
struct kf_fake_twist {
    bool no_values;      /* "value": [] */
    bool null_values;    /* every value null */
    int64_t updated_ago; /* `updated` is that many milliseconds older */
    size_t huge_bytes;   /* of white space that comes on top */
};

/* Writes a time as the API does: 2026-03-16T07:00:00Z. */
void kf_fake_time_print(int64_t wall_ms, char text[KF_FAKE_TIME_SIZE]);

/* Appends "name":"value", quoted. */
void kf_fake_member(const char *name, const char *value, struct kf_text *json);

/* Appends a comma where one is needed. */
void kf_fake_comma(bool needed, struct kf_text *json);

/* Appends the figures chosen. */
void kf_fake_write_data(const struct kf_fake_table *table,
                        const struct kf_fake_selection *selection,
                        const struct kf_fake_twist *twist, struct kf_text *json);

/* Appends the table's description: the same without figures, with all codes. */
void kf_fake_write_metadata(const struct kf_fake_table *table, const struct kf_fake_twist *twist,
                            struct kf_text *json);

#endif
