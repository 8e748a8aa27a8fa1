#include "common/codec/indicator_codec.h"

#include <math.h>
#include <string.h>

#include "common/codec/name_codec.h"
#include "common/codec/sector_codec.h"
#include "common/codec/terms_codec.h"

_Static_assert((int)KF_MISSING_MINIMUM == (int)KF__V1__MISSING_RULE__MISSING_RULE_MINIMUM, "");
_Static_assert((int)KF_MISSING_MEDIAN == (int)KF__V1__MISSING_RULE__MISSING_RULE_MEDIAN, "");
_Static_assert((int)KF_MISSING_DROP == (int)KF__V1__MISSING_RULE__MISSING_RULE_DROP, "");
_Static_assert((int)KF_MISSING_LATEST == (int)KF__V1__MISSING_RULE__MISSING_RULE_LATEST, "");
_Static_assert((int)KF_PER_NONE == (int)KF__V1__PER__PER_NONE, "");
_Static_assert((int)KF_PER_POPULATION == (int)KF__V1__PER__PER_POPULATION, "");
_Static_assert((int)KF_PER_NEED_POPULATION == (int)KF__V1__PER__PER_NEED_POPULATION, "");
_Static_assert((int)KF_PER_TERMS == (int)KF__V1__PER__PER_TERMS, "");
_Static_assert((int)KF_ASPECT_QUANTITY == (int)KF__V1__ASPECT__ASPECT_QUANTITY, "");
_Static_assert((int)KF_ASPECT_QUALITY == (int)KF__V1__ASPECT__ASPECT_QUALITY, "");

Kf__V1__Indicator *kf_indicator_to_message(const struct kf_indicator *indicator,
                                           struct kf_scratch *scratch)
{
    Kf__V1__Indicator *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (!message) {
        return NULL;
    }
    kf__v1__indicator__init(message);
    message->id = kf_scratch_text(scratch, indicator->id);
    message->name = kf_name_to_message(&indicator->name, scratch);
    message->weight = indicator->weight;
    kf_terms_to_message(&indicator->numerator, &message->numerator, &message->n_numerator, scratch);
    message->per = (Kf__V1__Per)indicator->per;
    message->per_sector = kf_scratch_text(scratch, indicator->per_sector);
    kf_terms_to_message(&indicator->denominator, &message->denominator, &message->n_denominator,
                        scratch);
    message->whole = indicator->whole;
    message->correction = kf_scratch_text(scratch, indicator->correction);
    message->missing = (Kf__V1__MissingRule)indicator->missing;
    message->aspect = (Kf__V1__Aspect)indicator->aspect;
    message->unit = kf_scratch_text(scratch, indicator->unit);
    return message;
}

bool kf_missing_rule_is_known(Kf__V1__MissingRule rule)
{
    return rule >= KF__V1__MISSING_RULE__MISSING_RULE_MINIMUM &&
           rule <= KF__V1__MISSING_RULE__MISSING_RULE_LATEST;
}

static bool has_correction(const Kf__V1__Edition *edition, const char *id)
{
    for (size_t i = 0; i < edition->n_corrections; i++) {
        if (strcmp(edition->corrections[i]->id, id) == 0) {
            return true;
        }
    }
    return false;
}

/* NULL, or what is wrong with what the numerator is divided by. */
static const char *per_breach(const Kf__V1__Indicator *message, const Kf__V1__Edition *edition)
{
    if (message->per < KF__V1__PER__PER_NONE || message->per > KF__V1__PER__PER_TERMS) {
        return "is divided by something unknown";
    }
    if ((message->per == KF__V1__PER__PER_TERMS) != (message->n_denominator > 0)) {
        return "lacks its denominator, or has one too many";
    }
    bool by_need = message->per == KF__V1__PER__PER_NEED_POPULATION;
    bool sound =
        by_need ? kf_sector_is_known(edition, message->per_sector) : !message->per_sector[0];
    return sound ? NULL : "names the need-corrected population of no sector of the edition";
}

/* NULL, or what is wrong with the indicator besides. */
static const char *breach_of(const Kf__V1__Indicator *message, const Kf__V1__Edition *edition)
{
    if (!message->id[0] || message->n_numerator == 0) {
        return "lacks its id or variable";
    }
    if (!isfinite(message->weight) || message->weight < 0) {
        return "lacks a finite weight from 0 on";
    }
    if (message->whole != 0 && message->whole != 1 && message->whole != 100) {
        return "is a complement to neither 1 nor 100";
    }
    if (!kf_missing_rule_is_known(message->missing)) {
        return "has an unknown missing rule";
    }
    if (message->aspect < KF__V1__ASPECT__ASPECT_QUANTITY ||
        message->aspect > KF__V1__ASPECT__ASPECT_QUALITY) {
        return "has an unknown aspect";
    }
    if (message->correction[0] && !has_correction(edition, message->correction)) {
        return "names a correction that the edition lacks";
    }
    return per_breach(message, edition);
}

enum kf_err kf_indicator_check_message(const Kf__V1__Indicator *message,
                                       const Kf__V1__Edition *edition, const char *sector,
                                       struct kf_error *err)
{
    const char *breach = breach_of(message, edition);
    if (breach) {
        return kf_error_set(err, KF_ERR_DATA, "indicator \"%s\" of sector \"%s\" %s", message->id,
                            sector, breach);
    }
    enum kf_err code =
        kf_terms_check_message(message->numerator, message->n_numerator, message->id, err);
    return code ? code
                : kf_terms_check_message(message->denominator, message->n_denominator, message->id,
                                         err);
}

struct kf_indicator kf_indicator_from_message(const Kf__V1__Indicator *message,
                                              struct kf_scratch *scratch)
{
    return (struct kf_indicator){
        .id = kf_scratch_copy(scratch, message->id),
        .name = kf_name_from_message(message->name, scratch),
        .weight = message->weight,
        .numerator = kf_terms_from_message(message->numerator, message->n_numerator, scratch),
        .per = (enum kf_per)message->per,
        .per_sector = kf_scratch_copy(scratch, message->per_sector),
        .denominator = kf_terms_from_message(message->denominator, message->n_denominator, scratch),
        .whole = message->whole,
        .correction = kf_scratch_copy(scratch, message->correction),
        .missing = (enum kf_missing_rule)message->missing,
        .aspect = (enum kf_aspect)message->aspect,
        .unit = kf_scratch_copy(scratch, message->unit),
    };
}
