#include "common/codec/sector_codec.h"

#include <math.h>
#include <string.h>

#include "common/codec/expenditure_codec.h"
#include "common/codec/indicator_codec.h"
#include "common/codec/name_codec.h"
#include "common/codec/resources_codec.h"
#include "common/codec/terms_codec.h"
#include "common/codec/unpack.h"
#include "common/codec/weighting_codec.h"

/* --- to a message ---------------------------------------------------------------------------- */

static void criteria_to_message(const struct kf_sector *sector, Kf__V1__Sector *message,
                                struct kf_scratch *scratch)
{
    size_t count = sector->criteria_len;
    Kf__V1__Criterion *criteria = kf_scratch_array(scratch, count, sizeof *criteria);
    message->criteria = kf_scratch_array(scratch, count, sizeof(void *));
    message->n_criteria = message->criteria ? count : 0;
    for (size_t i = 0; i < message->n_criteria; i++) {
        const struct kf_criterion *from = &sector->criteria[i];
        kf__v1__criterion__init(&criteria[i]);
        criteria[i].id = kf_scratch_text(scratch, from->id);
        criteria[i].variable = kf_scratch_text(scratch, from->variable);
        criteria[i].weight = from->weight;
        criteria[i].cost_disadvantage = from->cost_disadvantage;
        kf_terms_to_message(&from->ages, &criteria[i].ages, &criteria[i].n_ages, scratch);
        message->criteria[i] = &criteria[i];
    }
}

static void indicators_to_message(const struct kf_sector *sector, Kf__V1__Sector *message,
                                  struct kf_scratch *scratch)
{
    message->indicators = kf_scratch_array(scratch, sector->indicators_len, sizeof(void *));
    message->n_indicators = message->indicators ? sector->indicators_len : 0;
    for (size_t i = 0; i < message->n_indicators; i++) {
        message->indicators[i] = kf_indicator_to_message(&sector->indicators[i], scratch);
    }
}

Kf__V1__Sector *kf_sector_to_message(const struct kf_sector *sector, struct kf_scratch *scratch)
{
    Kf__V1__Sector *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (!message) {
        return NULL;
    }
    kf__v1__sector__init(message);
    message->id = kf_scratch_text(scratch, sector->id);
    message->name = kf_name_to_message(&sector->name, scratch);
    message->weight = sector->weight;
    indicators_to_message(sector, message, scratch);
    message->weighting = kf_weighting_to_message(&sector->weighting, scratch);
    message->given = kf_scratch_text(scratch, sector->given);
    message->administration = sector->administration;
    criteria_to_message(sector, message, scratch);
    message->need_weight = sector->need_weight;
    message->published_need = kf_scratch_text(scratch, sector->published_need);
    message->resources = kf_resources_to_message(&sector->resources, scratch);
    message->expenditure = kf_expenditure_to_message(&sector->expenditure, scratch);
    return message;
}

/* --- what a message must hold ---------------------------------------------------------------- */

static enum kf_err check_head(const Kf__V1__Sector *message, struct kf_error *err)
{
    if (!message->id[0] || !isfinite(message->weight) || message->weight < 0 ||
        !isfinite(message->need_weight)) {
        return kf_error_set(err, KF_ERR_DATA, "sector \"%s\" lacks its id or a finite weight",
                            message->id);
    }
    enum kf_err code = kf_codec_check_count(message->n_indicators, KF_INDICATORS_MAX, "indicators",
                                            message->id, err);
    return code ? code
                : kf_codec_check_count(message->n_criteria, KF_CRITERIA_MAX, "criteria",
                                       message->id, err);
}

static enum kf_err check_criterion(const Kf__V1__Criterion *criterion, const char *sector,
                                   struct kf_error *err)
{
    if (!criterion->id[0] || !isfinite(criterion->weight)) {
        return kf_error_set(err, KF_ERR_DATA,
                            "criterion \"%s\" of sector \"%s\" lacks its id or a finite weight",
                            criterion->id, sector);
    }
    return kf_terms_check_message(criterion->ages, criterion->n_ages, criterion->id, err);
}

static enum kf_err check_criteria(const Kf__V1__Sector *message, struct kf_error *err)
{
    const char *ids[KF_CRITERIA_MAX];
    enum kf_err code = KF_OK;
    for (size_t i = 0; i < message->n_criteria && !code; i++) {
        ids[i] = message->criteria[i]->id;
        code = check_criterion(message->criteria[i], message->id, err);
    }
    return code ? code : kf_codec_check_ids(ids, message->n_criteria, "criteria", message->id, err);
}

static enum kf_err check_indicators(const Kf__V1__Sector *message, const Kf__V1__Edition *edition,
                                    struct kf_error *err)
{
    const char *ids[KF_INDICATORS_MAX];
    size_t count = message->n_indicators;
    enum kf_err code = KF_OK;
    for (size_t i = 0; i < count && !code; i++) {
        ids[i] = message->indicators[i]->id;
        code = kf_indicator_check_message(message->indicators[i], edition, message->id, err);
    }
    if (!code) {
        code = kf_codec_check_ids(ids, count, "indicators", message->id, err);
    }
    return code ? code
                : kf_weighting_check_message(message->weighting, ids, count, message->id, err);
}

bool kf_sector_is_known(const Kf__V1__Edition *edition, const char *id)
{
    for (size_t i = 0; i < edition->n_sectors; i++) {
        if (strcmp(edition->sectors[i]->id, id) == 0) {
            return true;
        }
    }
    return false;
}

enum kf_err kf_sector_check_message(const Kf__V1__Sector *message, const Kf__V1__Edition *edition,
                                    struct kf_error *err)
{
    enum kf_err code = check_head(message, err);
    if (!code) {
        code = check_criteria(message, err);
    }
    if (!code) {
        code = check_indicators(message, edition, err);
    }
    if (!code) {
        code = kf_resources_check_message(message->resources, edition, message->id, err);
    }
    return code ? code : kf_expenditure_check_message(message->expenditure, message->id, err);
}

/* --- from a message -------------------------------------------------------------------------- */

static void indicators_from_message(const Kf__V1__Sector *message, struct kf_sector *sector,
                                    struct kf_scratch *scratch)
{
    sector->indicators =
        kf_scratch_array(scratch, message->n_indicators, sizeof *sector->indicators);
    sector->indicators_len = sector->indicators ? message->n_indicators : 0;
    for (size_t i = 0; i < sector->indicators_len; i++) {
        sector->indicators[i] = kf_indicator_from_message(message->indicators[i], scratch);
    }
}

static void criteria_from_message(const Kf__V1__Sector *message, struct kf_sector *sector,
                                  struct kf_scratch *scratch)
{
    sector->criteria = kf_scratch_array(scratch, message->n_criteria, sizeof *sector->criteria);
    sector->criteria_len = sector->criteria ? message->n_criteria : 0;
    for (size_t i = 0; i < sector->criteria_len; i++) {
        const Kf__V1__Criterion *from = message->criteria[i];
        sector->criteria[i] = (struct kf_criterion){
            .id = kf_scratch_copy(scratch, from->id),
            .variable = kf_scratch_copy(scratch, from->variable),
            .weight = from->weight,
            .cost_disadvantage = from->cost_disadvantage != 0,
            .ages = kf_terms_from_message(from->ages, from->n_ages, scratch),
        };
    }
}

struct kf_sector kf_sector_from_message(const Kf__V1__Sector *message, struct kf_scratch *scratch)
{
    struct kf_sector sector = {
        .id = kf_scratch_copy(scratch, message->id),
        .name = kf_name_from_message(message->name, scratch),
        .weight = message->weight,
        .weighting = kf_weighting_from_message(message->weighting, scratch),
        .given = kf_scratch_copy(scratch, message->given),
        .administration = message->administration != 0,
        .need_weight = message->need_weight,
        .published_need = kf_scratch_copy(scratch, message->published_need),
        .resources = kf_resources_from_message(message->resources, scratch),
        .expenditure = kf_expenditure_from_message(message->expenditure, scratch),
    };
    indicators_from_message(message, &sector, scratch);
    criteria_from_message(message, &sector, scratch);
    return sector;
}
