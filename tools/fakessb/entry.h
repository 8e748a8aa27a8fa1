/* Tables as the list of tables tells them. Pure. */
#ifndef KF_FAKESSB_ENTRY_H
#define KF_FAKESSB_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/text.h"
#include "tools/fakessb/table.h"
#include "tools/fakessb/writer.h"

/* What the list and a single entry are written with. */
struct kf_fake_entry_options {
    const char *base; /* URL of the API */
    const char *language;
    int64_t updated_ago;
};

/* Appends a table's entry, as in the list; alone it has a `language`. */
void kf_fake_write_entry(const struct kf_fake_table *table,
                         const struct kf_fake_entry_options *options, bool alone,
                         struct kf_text *json);

#endif
