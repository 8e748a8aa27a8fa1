/* Municipality codes that KLASS has against those of the register. */
#ifndef KF_INGEST_KLASS_CHECK_H
#define KF_INGEST_KLASS_CHECK_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/municipality.h"
#include "services/ingest/ssb/ssb.h"

/* What KLASS says about a day. */
struct kf_klass_codes {
    const struct kf_ssb_code *list;
    size_t length;
    int year;
};

/* A finding for each code that is valid in KLASS and not in the register's year, and the other way
 * round; "9999", not stated, is no municipality. KF_ERR_DATA when there is any. */
enum kf_err kf_klass_check(const struct kf_klass_codes *codes,
                           const struct kf_municipalities *municipalities,
                           struct kf_findings *findings, struct kf_error *err);

#endif
