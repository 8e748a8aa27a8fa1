#include "common/codec/trial_codec.h"

#include <stdbool.h>

#include "common/codec/terms_codec.h"
#include "common/codec/unpack.h"
#include "common/codec/use_codec.h"
#include "common/codec/year_figure_codec.h"
#include "common/model/users.h"
#include "common/model/yaml.h"

/* --- to a message ---------------------------------------------------------------------------- */

static Kf__V1__Users *users_to_message(const struct kf_users *users, struct kf_scratch *scratch)
{
    Kf__V1__Users *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (message) {
        kf__v1__users__init(message);
        message->cost_prefix = kf_scratch_text(scratch, users->cost_prefix);
        message->age_prefix = kf_scratch_text(scratch, users->age_prefix);
        message->count = (uint32_t)users->count;
    }
    return message;
}

static Kf__V1__ResourceIntensive *
intensive_to_message(const struct kf_resource_intensive *intensive, struct kf_scratch *scratch)
{
    if (intensive->thresholds.count == 0) {
        return NULL;
    }
    Kf__V1__ResourceIntensive *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (!message) {
        return NULL;
    }
    kf__v1__resource_intensive__init(message);
    kf_year_figures_to_message(&intensive->thresholds, &message->thresholds, &message->n_thresholds,
                               scratch);
    message->refund = intensive->refund;
    message->age_limit = intensive->age_limit;
    message->each = users_to_message(&intensive->each, scratch);
    kf_terms_to_message(&intensive->users, &message->users, &message->n_users, scratch);
    kf_terms_to_message(&intensive->net, &message->net, &message->n_net, scratch);
    message->base_year = intensive->base_year;
    kf_year_figures_to_message(&intensive->growth, &message->growth, &message->n_growth, scratch);
    kf_terms_to_message(&intensive->gain, &message->gain, &message->n_gain, scratch);
    return message;
}

static void refund_years_to_message(const struct kf_demography_gain *gain,
                                    Kf__V1__DemographyGain *message, struct kf_scratch *scratch)
{
    size_t count = 0;
    while (count < KF_REFUND_YEARS && gain->refund_years[count] != 0) {
        count++;
    }
    message->refund_years = kf_scratch_array(scratch, count, sizeof *message->refund_years);
    message->n_refund_years = message->refund_years ? count : 0;
    for (size_t i = 0; i < message->n_refund_years; i++) {
        message->refund_years[i] = gain->refund_years[i];
    }
}

static Kf__V1__DemographyGain *demography_to_message(const struct kf_demography_gain *gain,
                                                     struct kf_scratch *scratch)
{
    if (gain->compensated.count == 0) {
        return NULL;
    }
    Kf__V1__DemographyGain *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (!message) {
        return NULL;
    }
    kf__v1__demography_gain__init(message);
    kf_year_figures_to_message(&gain->compensated, &message->compensated, &message->n_compensated,
                               scratch);
    message->growth = kf_scratch_text(scratch, gain->growth);
    message->deduction_year = gain->deduction_year;
    refund_years_to_message(gain, message, scratch);
    kf_year_figures_to_message(&gain->prices, &message->prices, &message->n_prices, scratch);
    kf_year_figures_to_message(&gain->months, &message->months, &message->n_months, scratch);
    kf_terms_to_message(&gain->gain, &message->gain, &message->n_gain, scratch);
    return message;
}

Kf__V1__Trial *kf_trial_to_message(const struct kf_trial *trial, struct kf_scratch *scratch)
{
    Kf__V1__Trial *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (!message) {
        return NULL;
    }
    kf__v1__trial__init(message);
    kf_uses_to_message(trial->grants, trial->grants_len, &message->grants, &message->n_grants,
                       scratch);
    kf_terms_to_message(&trial->grant, &message->grant, &message->n_grant, scratch);
    kf_terms_to_message(&trial->deduction, &message->deduction, &message->n_deduction, scratch);
    message->resource_intensive = intensive_to_message(&trial->resource_intensive, scratch);
    message->demography = demography_to_message(&trial->demography, scratch);
    kf_terms_to_message(&trial->gain, &message->gain, &message->n_gain, scratch);
    bool empty = !scratch->failed && kf__v1__trial__get_packed_size(message) == 0;
    return scratch->failed || empty ? NULL : message;
}

/* --- what a message must hold ---------------------------------------------------------------- */

static enum kf_err check_grants(const Kf__V1__Trial *message, const char *edition,
                                struct kf_error *err)
{
    const char *ids[KF_GRANTS_MAX];
    size_t count = message->n_grants;
    enum kf_err code =
        kf_codec_check_count(count, KF_GRANTS_MAX, "parts of the grant", edition, err);
    for (size_t i = 0; i < count && !code; i++) {
        ids[i] = message->grants[i]->id;
        code = kf_use_check_message(message->grants[i], "part of the grant", edition, err);
    }
    return code ? code : kf_codec_check_ids(ids, count, "parts of the grant", edition, err);
}

/* Variables are made from the prefixes; one that is no id would give names no register can have. */
static enum kf_err check_each(const Kf__V1__Users *each, const char *edition, struct kf_error *err)
{
    if (!each) {
        return KF_OK;
    }
    bool any = each->count > 0 || each->age_prefix[0] || each->cost_prefix[0];
    bool sound = kf_yaml_is_id(each->cost_prefix) &&
                 (!each->age_prefix[0] || kf_yaml_is_id(each->age_prefix));
    if (any && !sound) {
        return kf_error_set(err, KF_ERR_DATA,
                            "edition %s: \"%s\" and \"%s\" are no beginnings of the variables of "
                            "users",
                            edition, each->cost_prefix, each->age_prefix);
    }
    return kf_codec_check_count(each->count, KF_USERS_MAX, "users", edition, err);
}

/* NULL, or what is wrong with what stands outside the lists. */
static const char *intensive_breach(const Kf__V1__ResourceIntensive *intensive)
{
    if (intensive->n_thresholds == 0) {
        return "have no threshold";
    }
    if (!(intensive->refund >= 0 && intensive->refund <= 1)) {
        return "have a refund that is no share";
    }
    if (intensive->age_limit < 0) {
        return "have an age limit below 0";
    }
    if ((intensive->n_users > 0) != (intensive->n_net > 0)) {
        return "are counted without their net cost, or cost something without being counted";
    }
    bool year = intensive->base_year == 0 || kf_codec_is_year(intensive->base_year);
    return year ? NULL : "are compared with something that is no year";
}

static enum kf_err check_intensive_sums(const Kf__V1__ResourceIntensive *intensive,
                                        const char *edition, struct kf_error *err)
{
    enum kf_err code = kf_terms_check_message(intensive->users, intensive->n_users, edition, err);
    if (!code) {
        code = kf_terms_check_message(intensive->net, intensive->n_net, edition, err);
    }
    return code ? code : kf_terms_check_message(intensive->gain, intensive->n_gain, edition, err);
}

static enum kf_err check_intensive(const Kf__V1__ResourceIntensive *intensive, const char *edition,
                                   struct kf_error *err)
{
    if (!intensive) {
        return KF_OK;
    }
    const char *breach = intensive_breach(intensive);
    if (breach) {
        return kf_error_set(err, KF_ERR_DATA, "edition %s: resource-intensive users %s", edition,
                            breach);
    }
    enum kf_err code = kf_year_figures_check_message(intensive->thresholds, intensive->n_thresholds,
                                                     KF_YEAR_RATE, "thresholds", edition, err);
    if (!code) {
        code = kf_year_figures_check_message(intensive->growth, intensive->n_growth, KF_YEAR_GROWTH,
                                             "growth of own share", edition, err);
    }
    if (!code) {
        code = check_each(intensive->each, edition, err);
    }
    return code ? code : check_intensive_sums(intensive, edition, err);
}

static bool are_years(const int32_t *years, size_t count)
{
    bool sound = true;
    for (size_t i = 0; i < count && sound; i++) {
        sound = kf_codec_is_year(years[i]);
    }
    return sound;
}

/* NULL, or what is wrong with what stands outside the lists. */
static const char *demography_breach(const Kf__V1__Trial *trial)
{
    const Kf__V1__DemographyGain *gain = trial->demography;
    if (gain->n_compensated == 0 || !gain->growth[0]) {
        return "lacks what is compensated, or the growth of need";
    }
    if (!kf_codec_is_year(gain->deduction_year)) {
        return "takes the deduction of something that is no year";
    }
    if (!are_years(gain->refund_years, gain->n_refund_years)) {
        return "takes the refund of something that is no year";
    }
    bool refunded = gain->n_refund_years == 0 || trial->resource_intensive;
    return refunded ? NULL : "takes a refund that the edition does not compute";
}

static enum kf_err check_demography_years(const Kf__V1__DemographyGain *gain, const char *edition,
                                          struct kf_error *err)
{
    enum kf_err code = kf_codec_check_count(gain->n_compensated, KF_COMPENSATED_MAX,
                                            "years of compensated growth", edition, err);
    if (!code) {
        code = kf_year_figures_check_message(gain->compensated, gain->n_compensated, KF_YEAR_GROWTH,
                                             "compensated growth", edition, err);
    }
    if (!code) {
        code = kf_year_figures_check_message(gain->prices, gain->n_prices, KF_YEAR_GROWTH,
                                             "prices of a trial", edition, err);
    }
    return code ? code
                : kf_year_figures_check_message(gain->months, gain->n_months, KF_YEAR_MONTHS,
                                                "months", edition, err);
}

static enum kf_err check_demography(const Kf__V1__Trial *trial, const char *edition,
                                    struct kf_error *err)
{
    const Kf__V1__DemographyGain *gain = trial->demography;
    if (!gain) {
        return KF_OK;
    }
    enum kf_err code = kf_codec_check_count(gain->n_refund_years, KF_REFUND_YEARS,
                                            "years of a refund", edition, err);
    const char *breach = code ? NULL : demography_breach(trial);
    if (breach) {
        code = kf_error_set(err, KF_ERR_DATA, "edition %s: the gain by demography %s", edition,
                            breach);
    }
    if (!code) {
        code = check_demography_years(gain, edition, err);
    }
    return code ? code : kf_terms_check_message(gain->gain, gain->n_gain, edition, err);
}

static enum kf_err check_sums(const Kf__V1__Trial *message, const char *edition,
                              struct kf_error *err)
{
    enum kf_err code = kf_terms_check_message(message->grant, message->n_grant, edition, err);
    if (!code) {
        code = kf_terms_check_message(message->deduction, message->n_deduction, edition, err);
    }
    return code ? code : kf_terms_check_message(message->gain, message->n_gain, edition, err);
}

enum kf_err kf_trial_check_message(const Kf__V1__Edition *edition, struct kf_error *err)
{
    const Kf__V1__Trial *message = edition->trial;
    if (!message) {
        return KF_OK;
    }
    enum kf_err code = check_grants(message, edition->id, err);
    if (!code) {
        code = check_sums(message, edition->id, err);
    }
    if (!code) {
        code = check_intensive(message->resource_intensive, edition->id, err);
    }
    return code ? code : check_demography(message, edition->id, err);
}

/* --- from a message -------------------------------------------------------------------------- */

static struct kf_users users_from_message(const Kf__V1__Users *message, struct kf_scratch *scratch)
{
    struct kf_users users = {
        .cost_prefix = kf_scratch_copy(scratch, message ? message->cost_prefix : ""),
        .age_prefix = kf_scratch_copy(scratch, message ? message->age_prefix : ""),
        .count = message ? message->count : 0,
    };
    if (scratch->failed || !kf_users_fill(&users, scratch->arena)) {
        scratch->failed = true;
        users.count = 0;
    }
    return users;
}

static struct kf_resource_intensive intensive_from_message(const Kf__V1__ResourceIntensive *message,
                                                           struct kf_scratch *scratch)
{
    struct kf_resource_intensive intensive = {.each = {.cost_prefix = "", .age_prefix = ""}};
    if (!message) {
        return intensive;
    }
    intensive.thresholds =
        kf_year_figures_from_message(message->thresholds, message->n_thresholds, scratch);
    intensive.refund = message->refund;
    intensive.age_limit = message->age_limit;
    intensive.each = users_from_message(message->each, scratch);
    intensive.users = kf_terms_from_message(message->users, message->n_users, scratch);
    intensive.net = kf_terms_from_message(message->net, message->n_net, scratch);
    intensive.base_year = message->base_year;
    intensive.growth = kf_year_figures_from_message(message->growth, message->n_growth, scratch);
    intensive.gain = kf_terms_from_message(message->gain, message->n_gain, scratch);
    return intensive;
}

static struct kf_demography_gain demography_from_message(const Kf__V1__DemographyGain *message,
                                                         struct kf_scratch *scratch)
{
    struct kf_demography_gain gain = {.growth = ""};
    if (!message) {
        return gain;
    }
    gain.compensated =
        kf_year_figures_from_message(message->compensated, message->n_compensated, scratch);
    gain.growth = kf_scratch_copy(scratch, message->growth);
    gain.deduction_year = message->deduction_year;
    for (size_t i = 0; i < KF_REFUND_YEARS && i < message->n_refund_years; i++) {
        gain.refund_years[i] = message->refund_years[i];
    }
    gain.prices = kf_year_figures_from_message(message->prices, message->n_prices, scratch);
    gain.months = kf_year_figures_from_message(message->months, message->n_months, scratch);
    gain.gain = kf_terms_from_message(message->gain, message->n_gain, scratch);
    return gain;
}

struct kf_trial kf_trial_from_message(const Kf__V1__Trial *message, struct kf_scratch *scratch)
{
    struct kf_trial trial = {.resource_intensive = intensive_from_message(NULL, scratch),
                             .demography = demography_from_message(NULL, scratch)};
    if (!message) {
        return trial;
    }
    trial.grants =
        kf_uses_from_message(message->grants, message->n_grants, &trial.grants_len, scratch);
    trial.grant = kf_terms_from_message(message->grant, message->n_grant, scratch);
    trial.deduction = kf_terms_from_message(message->deduction, message->n_deduction, scratch);
    trial.resource_intensive = intensive_from_message(message->resource_intensive, scratch);
    trial.demography = demography_from_message(message->demography, scratch);
    trial.gain = kf_terms_from_message(message->gain, message->n_gain, scratch);
    return trial;
}
