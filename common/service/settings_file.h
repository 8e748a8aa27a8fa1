/* The settings file: a YAML map from option names to values. Internal to the settings. */
#ifndef KF_SERVICE_SETTINGS_FILE_H
#define KF_SERVICE_SETTINGS_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/service/option.h"

/* Called for each option that the file gives: its place in the table, the text, the line. */
typedef void kf_settings_file_give(void *context, size_t option, const char *text, uint64_t line);

/* What to read, and for whom. */
struct kf_settings_file {
    const char *path;
    const struct kf_option *options;
    size_t options_len;
    kf_settings_file_give *give;
    void *context;
};

/* Reads the file. Faults of the file and keys that are no options land in `findings`; `config` is
 * none: one file does not name another. The result is KF_OK whatever was found, KF_ERR_MEMORY when
 * there is no memory. */
enum kf_err kf_settings_file_read(const struct kf_settings_file *self, struct kf_findings *findings,
                                  struct kf_error *err);

#endif
