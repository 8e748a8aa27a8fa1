/* A computing stage: takes a panel in, adds its results, hands it on. All that differs between the
 * four stages is the pure function; this is everything else.
 *
 * Back-pressure: a stage reads its input only while its output can take a panel, so that at most
 * one finished panel waits inside. A panel that cannot be computed becomes a rejection and walks on
 * in the panel's place. A frame that is not a panel is refused, counted and logged. A panel for
 * which there is no memory is dropped, counted and logged: ingest sends it again.
 */
#ifndef KF_SERVICE_STAGE_H
#define KF_SERVICE_STAGE_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/panel.h"

/* Adds results to the panel. KF_ERR_DATA or KF_ERR_LIMIT, with findings, rejects the panel; its
 * results may then be half-written and are not used. KF_ERR_MEMORY drops it, unless it is the panel
 * that is full; anything else ends the service. Pure: no I/O, no clock, no globals. */
typedef enum kf_err kf_stage_compute(struct kf_panel *panel, struct kf_findings *findings,
                                     struct kf_error *err);

struct kf_stage {
    const char *name;
    const char *purpose;
    const char *next; /* the service that the panels go to */
    kf_stage_compute *compute;
};

/* The computation with what every stage promises on top: nothing it adds, to the panel or to the
 * years before it, is infinite or no number; a panel for which that happens is rejected
 * (KF_ERR_DATA with findings, which are those of the newest such year). So is one that its results
 * do not fit into (KF_ERR_LIMIT, kf_panel_judge_failure). Pure. */
enum kf_err kf_stage_apply(const struct kf_stage *stage, struct kf_panel *panel,
                           struct kf_findings *findings, struct kf_error *err);

/* Runs the stage as a service; returns the exit code. Options: input, output, queue-max. */
int kf_stage_main(const struct kf_stage *stage, int argc, char **argv);

#endif
