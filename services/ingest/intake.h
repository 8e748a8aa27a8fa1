/* Intake: turns an input into a release in the ledger, durable before this returns.
 *
 * It does not know where the input came from: a watched folder, later Statistics Norway's API. Only
 * the failures of this machine (memory, disk, ledger) are errors here; an input that is wrong
 * becomes a release that says so.
 */
#ifndef KF_INGEST_INTAKE_H
#define KF_INGEST_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/model/catalogue.h"
#include "services/ingest/breaker.h"
#include "services/ingest/ledger/ledger.h"
#include "services/ingest/source/table_map.h"

struct kf_intake_file {
    const char *path;
    const char *name; /* shown in findings and kept as the source */
};

struct kf_intake_input {
    const char *name;
    const struct kf_intake_file *files; /* at most KF_SOURCES_MAX */
    size_t files_len;
    const char *vintage;
    const char *refusal; /* why the files are not even to be read, or NULL */
    const char *remedy;  /* beside refusal */

    /* Asked before the release is recorded: false when the files have changed since. May be NULL.
     */
    bool (*unchanged)(void *context);
    void *unchanged_context;
};

struct kf_intake_options {
    const struct kf_catalogue *catalogue;
    const struct kf_table_maps *maps; /* of tables in json-stat files; NULL: there are none */
    struct kf_ledger *ledger;
    size_t line_bytes_max;
    uint64_t file_bytes_max;
    size_t rows_max;
    struct kf_breaker_limits breaker;
};

struct kf_intake_result {
    char release[KF_RELEASE_ID_SIZE];
    bool known;                 /* the ledger had the release already: nothing was added */
    bool refused;               /* nothing of the input could become a panel */
    enum kf_ledger_state state; /* held: the report says why, and how to let it go */
    uint32_t panels;
    uint32_t panels_rejected;
    uint64_t rows;
    struct kf_text report; /* all findings, a line each; empty when there are none */
};

/* Frees the report. */
void kf_intake_result_clear(struct kf_intake_result *self);

/* Takes the input in. `result` is filled on success; clear it afterwards. KF_ERR_AGAIN when the
 * files changed meanwhile, nothing was recorded; KF_ERR_IO, KF_ERR_MEMORY: likewise, try again
 * later. */
enum kf_err kf_intake_take(const struct kf_intake_options *options,
                           const struct kf_intake_input *input, int64_t now_ms,
                           struct kf_intake_result *result, struct kf_error *err);

#endif
