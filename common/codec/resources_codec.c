#include "common/codec/resources_codec.h"

#include <string.h>

#include "common/codec/name_codec.h"
#include "common/codec/sector_codec.h"
#include "common/codec/terms_codec.h"
#include "common/codec/text_list.h"
#include "common/codec/unpack.h"
#include "common/model/municipality.h"

_Static_assert((int)KF_ADJUST_EXPENDITURE == (int)KF__V1__ADJUSTED__ADJUSTED_EXPENDITURE, "");
_Static_assert((int)KF_ADJUST_NEED == (int)KF__V1__ADJUSTED__ADJUSTED_NEED, "");

/* --- to a message ---------------------------------------------------------------------------- */

static Kf__V1__Adjustment *adjustment_to_message(const struct kf_adjustment *adjustment,
                                                 struct kf_scratch *scratch)
{
    Kf__V1__Adjustment *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (!message) {
        return NULL;
    }
    kf__v1__adjustment__init(message);
    message->id = kf_scratch_text(scratch, adjustment->id);
    message->name = kf_name_to_message(&adjustment->name, scratch);
    message->to = (Kf__V1__Adjusted)adjustment->to;
    kf_terms_to_message(&adjustment->amount, &message->amount, &message->n_amount, scratch);
    kf_terms_to_message(&adjustment->payroll_costs, &message->payroll_costs,
                        &message->n_payroll_costs, scratch);
    kf_terms_to_message(&adjustment->wages, &message->wages, &message->n_wages, scratch);
    kf_texts_to_message(adjustment->only, adjustment->only_len, &message->only, &message->n_only,
                        scratch);
    return message;
}

Kf__V1__Resources *kf_resources_to_message(const struct kf_resources *resources,
                                           struct kf_scratch *scratch)
{
    if (resources->net.count == 0) {
        return NULL;
    }
    Kf__V1__Resources *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (!message) {
        return NULL;
    }
    kf__v1__resources__init(message);
    kf_terms_to_message(&resources->net, &message->net, &message->n_net, scratch);
    message->outside = resources->outside;
    message->need_of = kf_scratch_text(scratch, resources->need_of);
    message->adjustments = kf_scratch_array(scratch, resources->adjustments_len, sizeof(void *));
    message->n_adjustments = message->adjustments ? resources->adjustments_len : 0;
    for (size_t i = 0; i < message->n_adjustments; i++) {
        message->adjustments[i] = adjustment_to_message(&resources->adjustments[i], scratch);
    }
    return message;
}

/* --- what a message must hold ---------------------------------------------------------------- */

/* Codes of municipalities, ascending. */
static bool are_codes(char *const *codes, size_t count)
{
    uint16_t number = 0;
    bool sound = true;
    for (size_t i = 0; i < count && sound; i++) {
        sound = kf_municipality_parse(codes[i], strlen(codes[i]), &number) &&
                (i == 0 || strcmp(codes[i - 1], codes[i]) < 0);
    }
    return sound;
}

/* NULL, or what is wrong with the adjustment. */
static const char *breach_of(const Kf__V1__Adjustment *message)
{
    bool by_wages = message->n_payroll_costs > 0 && message->n_wages > 0;
    bool half = (message->n_payroll_costs > 0) != (message->n_wages > 0);
    if (!message->id[0]) {
        return "lacks its id";
    }
    if (message->to < KF__V1__ADJUSTED__ADJUSTED_EXPENDITURE ||
        message->to > KF__V1__ADJUSTED__ADJUSTED_NEED) {
        return "changes something unknown";
    }
    if (half || by_wages == (message->n_amount > 0)) {
        return "takes either an amount, or payroll costs and wages";
    }
    return are_codes(message->only, message->n_only)
               ? NULL
               : "names municipalities by no codes, or out of order";
}

static enum kf_err check_adjustment(const Kf__V1__Adjustment *message, const char *where,
                                    struct kf_error *err)
{
    enum kf_err code = kf_codec_check_count(message->n_only, KF_ADJUSTED_MAX,
                                            "adjusted municipalities", message->id, err);
    const char *breach = code ? NULL : breach_of(message);
    if (breach) {
        code = kf_error_set(err, KF_ERR_DATA, "adjustment \"%s\" of %s %s", message->id, where,
                            breach);
    }
    if (!code) {
        code = kf_terms_check_message(message->amount, message->n_amount, message->id, err);
    }
    if (!code) {
        code = kf_terms_check_message(message->payroll_costs, message->n_payroll_costs, message->id,
                                      err);
    }
    return code ? code : kf_terms_check_message(message->wages, message->n_wages, message->id, err);
}

static enum kf_err check_adjustments(const Kf__V1__Resources *message, const char *where,
                                     struct kf_error *err)
{
    const char *ids[KF_ADJUSTMENTS_MAX];
    size_t count = message->n_adjustments;
    enum kf_err code = kf_codec_check_count(count, KF_ADJUSTMENTS_MAX, "adjustments", where, err);
    for (size_t i = 0; i < count && !code; i++) {
        ids[i] = message->adjustments[i]->id;
        code = check_adjustment(message->adjustments[i], where, err);
    }
    return code ? code : kf_codec_check_ids(ids, count, "adjustments", where, err);
}

enum kf_err kf_resources_check_message(const Kf__V1__Resources *message,
                                       const Kf__V1__Edition *edition, const char *where,
                                       struct kf_error *err)
{
    if (!message) {
        return KF_OK;
    }
    if (message->n_net == 0) {
        return kf_error_set(err, KF_ERR_DATA, "the resource use of %s has no net expenditure",
                            where);
    }
    if (message->need_of[0] && !kf_sector_is_known(edition, message->need_of)) {
        return kf_error_set(err, KF_ERR_DATA,
                            "the resource use of %s takes the need of \"%s\", no sector of the "
                            "edition",
                            where, message->need_of);
    }
    enum kf_err code = kf_terms_check_message(message->net, message->n_net, where, err);
    return code ? code : check_adjustments(message, where, err);
}

/* --- from a message -------------------------------------------------------------------------- */

static struct kf_adjustment adjustment_from_message(const Kf__V1__Adjustment *message,
                                                    struct kf_scratch *scratch)
{
    struct kf_adjustment adjustment = {
        .id = kf_scratch_copy(scratch, message->id),
        .name = kf_name_from_message(message->name, scratch),
        .to = (enum kf_adjusted)message->to,
        .amount = kf_terms_from_message(message->amount, message->n_amount, scratch),
        .payroll_costs =
            kf_terms_from_message(message->payroll_costs, message->n_payroll_costs, scratch),
        .wages = kf_terms_from_message(message->wages, message->n_wages, scratch),
    };
    adjustment.only =
        kf_texts_from_message(message->only, message->n_only, &adjustment.only_len, scratch);
    return adjustment;
}

struct kf_resources kf_resources_from_message(const Kf__V1__Resources *message,
                                              struct kf_scratch *scratch)
{
    if (!message) {
        return (struct kf_resources){.need_of = ""};
    }
    size_t count = message->n_adjustments;
    struct kf_resources resources = {
        .net = kf_terms_from_message(message->net, message->n_net, scratch),
        .outside = message->outside != 0,
        .need_of = kf_scratch_copy(scratch, message->need_of),
        .adjustments = kf_scratch_array(scratch, count, sizeof *resources.adjustments),
    };
    resources.adjustments_len = resources.adjustments ? count : 0;
    for (size_t i = 0; i < resources.adjustments_len; i++) {
        resources.adjustments[i] = adjustment_from_message(message->adjustments[i], scratch);
    }
    return resources;
}
