#include "services/ingest/source/klass_check.h"

#include <string.h>

#define REGISTER   "municipalities.csv"
#define NOT_STATED "9999"

static bool has_code(const struct kf_klass_codes *codes, const char *code)
{
    for (size_t i = 0; i < codes->length; i++) {
        if (strcmp(codes->list[i].code, code) == 0) {
            return true;
        }
    }
    return false;
}

static void check_new(const struct kf_klass_codes *codes,
                      const struct kf_municipalities *municipalities, struct kf_findings *findings)
{
    for (size_t i = 0; i < codes->length; i++) {
        const struct kf_ssb_code *code = &codes->list[i];
        struct kf_place place = {.file = REGISTER, .municipality = code->code};
        if (strcmp(code->code, NOT_STATED) != 0 &&
            !kf_municipalities_find(municipalities, code->code, codes->year)) {
            kf_findings_add(
                findings, &place, "add it, and what it was before to municipality_changes.csv",
                "KLASS has %s in %d, and the register has not", code->name, codes->year);
        }
    }
}

static void check_gone(const struct kf_klass_codes *codes,
                       const struct kf_municipalities *municipalities, struct kf_findings *findings)
{
    size_t count = 0;
    const struct kf_municipality *all = kf_municipalities_all(municipalities, &count);
    for (size_t i = 0; i < count; i++) {
        struct kf_place place = {.file = REGISTER, .municipality = all[i].code};
        if (all[i].from_year <= codes->year && codes->year <= all[i].to_year &&
            !has_code(codes, all[i].code)) {
            kf_findings_add_once(findings, &place,
                                 "end it there, and say what became of it in "
                                 "municipality_changes.csv",
                                 "the register has %s in %d, and KLASS has not", all[i].name,
                                 codes->year);
        }
    }
}

enum kf_err kf_klass_check(const struct kf_klass_codes *codes,
                           const struct kf_municipalities *municipalities,
                           struct kf_findings *findings, struct kf_error *err)
{
    uint64_t before = kf_findings_count(findings);
    check_new(codes, municipalities, findings);
    check_gone(codes, municipalities, findings);
    return kf_findings_count(findings) == before
               ? KF_OK
               : kf_error_set(err, KF_ERR_DATA,
                              "the register of municipalities is not that of KLASS in %d",
                              codes->year);
}
