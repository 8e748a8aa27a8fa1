/* Assembling: the newest vintages and the standing files become a release in the ledger, durable
 * before this returns, unless it would say nothing new. */
#ifndef KF_INGEST_ASSEMBLE_H
#define KF_INGEST_ASSEMBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/catalogue.h"
#include "services/ingest/record.h"
#include "services/ingest/store/store.h"
#include "services/ingest/watch/live.h"

/* All borrowed for the call. */
struct kf_assemble_options {
    const struct kf_catalogue *catalogue;
    const struct kf_live *live;
    struct kf_store *store;
    struct kf_record_options record;
    size_t rows_max;
    size_t line_bytes_max;
    uint64_t file_bytes_max;
};

struct kf_assemble_input {
    const char *name; /* what the release is made from, as the ledger says it */
    const char *vintage;
    const char *held;      /* why it is to be held whatever its figures are, or NULL */
    const char *announced; /* name under which it was announced, or NULL */
    int64_t discovered_ms;
};

struct kf_assemble_result {
    struct kf_record_result recorded;
    uint32_t panels;
    uint32_t panels_rejected;
    size_t rows;
    size_t sources;
    int64_t read_ms;   /* real time: vintages and files to observations, */
    int64_t build_ms;  /* observations to panels, */
    int64_t record_ms; /* panels to the ledger */
};

/* Every live edition has its own sources: its tables and its files. KF_OK: the release is in the
 * ledger (or was: recorded.known). KF_ERR_AGAIN: nothing differs from what was published last.
 * KF_ERR_DATA: a standing file is wrong, or two sources of an edition give one cell: `findings` say
 * which. KF_ERR_IO,
 * KF_ERR_MEMORY: try again later. */
enum kf_err kf_assemble(const struct kf_assemble_options *options,
                        const struct kf_assemble_input *input, struct kf_findings *findings,
                        struct kf_assemble_result *result, struct kf_error *err);

#endif
