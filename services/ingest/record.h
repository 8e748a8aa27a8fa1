/* Recording: a built release into the ledger, durable before this returns.
 *
 *     code = kf_release_build_new(&release_input, &build, findings, err);
 *     …
 *     code = kf_record(&options, &input, findings, &recorded, err);
 *
 * A release that the ledger has already is recognised by its id and not added again. Every panel
 * that is not what was published last is shown to the circuit breaker, beside the newest panel of
 * its edition and year, or, when the year is new, of the year before. The release is held when the
 * breaker trips, or when the caller says so; what tripped it is added to the findings.
 */
#ifndef KF_INGEST_RECORD_H
#define KF_INGEST_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/findings.h"
#include "services/ingest/breaker.h"
#include "services/ingest/ledger/ledger.h"
#include "services/ingest/release_build.h"

struct kf_record_options {
    struct kf_ledger *ledger;
    struct kf_breaker_limits breaker;
};

/* All borrowed for the call. */
struct kf_record_input {
    const struct kf_release_build *build;
    const char *name;      /* what the release was made from */
    const char *held;      /* why it is to be held whatever its figures are, or NULL */
    const char *announced; /* name under which it was announced in the ledger, or NULL */
};

struct kf_record_result {
    char release[KF_RELEASE_ID_SIZE];
    bool known;                  /* the ledger had it already: nothing was added */
    enum kf_ledger_state state;  /* of a known one; else complete or held */
    char reason[KF_REASON_SIZE]; /* why it is held, or was rejected; else "" */
};

/* Puts the release into the ledger unless it is there. A known one that was announced loses its
 * announcement. `result` is filled on success only; on failure nothing of the release is kept. */
enum kf_err kf_record(const struct kf_record_options *options, const struct kf_record_input *input,
                      struct kf_findings *findings, struct kf_record_result *result,
                      struct kf_error *err);

/* The two halves of kf_record, for whoever has something to prepare before the release is there:
 * the first only reads and says what would become of it, the second adds it just so. */
enum kf_err kf_record_judge(const struct kf_record_options *options,
                            const struct kf_record_input *input, struct kf_findings *findings,
                            struct kf_record_result *result, struct kf_error *err);
enum kf_err kf_record_add(const struct kf_record_options *options,
                          const struct kf_record_input *input,
                          const struct kf_record_result *judged, struct kf_error *err);

/* For kf_release_input.published: true when the newest release of the edition and year in the
 * ledger has just this content. `context` is a struct kf_record_standing; a ledger that cannot be
 * read leaves its code there, to be looked at after the build. */
struct kf_record_standing {
    struct kf_ledger *ledger;
    enum kf_err code;
    struct kf_error err;
};
bool kf_record_is_newest(void *context, const char *edition, int year, const char *digest,
                         char replaced[KF_RELEASE_ID_SIZE]);

#endif
