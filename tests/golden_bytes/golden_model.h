/* The messages of make.py once more, in C and by hand: what the golden bytes must decode to. */
#ifndef KF_TESTS_GOLDEN_MODEL_H
#define KF_TESTS_GOLDEN_MODEL_H

#include "common/codec/envelope.h"
#include "common/codec/receipt.h"
#include "common/codec/record.h"
#include "common/codec/status.h"

#define GOLDEN_RELEASE "00112233445566778899aabbccddeeff"

/* New envelopes, the caller destroys them; running out of memory ends the program. */
struct kf_envelope *golden_envelope_panel(void);
struct kf_envelope *golden_envelope_rejection(void);

/* A new panel as in golden_envelope_panel, with everything that a panel can hold; its edition and
 * cells outlive it. */
struct kf_panel *golden_panel(void);

/* The same as programs sent it that knew neither unit costs nor the trial … */
struct kf_panel *golden_panel_third_version(void);

/* … and neither resource use nor demography nor further years. */
struct kf_panel *golden_panel_second_version(void);

extern const struct kf_release golden_release;
extern const struct kf_receipt golden_receipt_started;
extern const struct kf_receipt golden_receipt_held;
extern const struct kf_receipt golden_receipt_committed;
extern const struct kf_receipt golden_receipt_rejected;
extern const struct kf_status golden_status;
extern const struct kf_manifest golden_manifest;

/* The topics of a manifest that withdraws keys; otherwise it is the same. */
enum { GOLDEN_WITHDRAWN = 2 };
extern const struct kf_topic_content golden_withdrawn[GOLDEN_WITHDRAWN];

/* What of them is the first panel's. */
extern const struct kf_topic_content golden_withdrawn_of_panel[GOLDEN_WITHDRAWN];

/* Rows of every record type; those of version 2 hold the measures that came later. */
struct golden_row {
    const char *name; /* of its file, without the end */
    struct kf_row row;
};

#define GOLDEN_ROWS 18
extern const struct golden_row golden_rows[GOLDEN_ROWS];

#endif
