#include "common/codec/edition_codec.h"

#include <math.h>
#include <string.h>

#include "common/codec/demography_codec.h"
#include "common/codec/expenditure_codec.h"
#include "common/codec/income_codec.h"
#include "common/codec/indicator_codec.h"
#include "common/codec/name_codec.h"
#include "common/codec/sector_codec.h"
#include "common/codec/text_list.h"
#include "common/codec/trial_codec.h"
#include "common/codec/unit_cost_codec.h"
#include "common/codec/unpack.h"
#include "common/codec/weighting_codec.h"
#include "common/codec/year_figure_codec.h"

_Static_assert((int)KF_REFERENCE_GROUP == (int)KF__V1__REFERENCE__REFERENCE_GROUP, "");
_Static_assert((int)KF_REFERENCE_COUNTRY == (int)KF__V1__REFERENCE__REFERENCE_COUNTRY, "");
_Static_assert((int)KF_NORMALIZE_MEAN == (int)KF__V1__NORMALIZATION__NORMALIZATION_MEAN, "");
_Static_assert((int)KF_NORMALIZE_STANDARDIZED ==
                   (int)KF__V1__NORMALIZATION__NORMALIZATION_STANDARDIZED,
               "");
_Static_assert((int)KF_COMPOSE_SUM == (int)KF__V1__COMPOSITION__COMPOSITION_SUM, "");
_Static_assert((int)KF_COMPOSE_PRODUCT == (int)KF__V1__COMPOSITION__COMPOSITION_PRODUCT, "");
_Static_assert((int)KF_CRITERIA_ALL == (int)KF__V1__CRITERIA_RULE__CRITERIA_RULE_ALL, "");
_Static_assert((int)KF_CRITERIA_AGES == (int)KF__V1__CRITERIA_RULE__CRITERIA_RULE_AGES, "");

/* --- to messages ----------------------------------------------------------------------------- */

static void sectors_to_message(const struct kf_edition *edition, Kf__V1__Edition *message,
                               struct kf_scratch *scratch)
{
    message->sectors = kf_scratch_array(scratch, edition->sectors_len, sizeof(void *));
    message->n_sectors = message->sectors ? edition->sectors_len : 0;
    for (size_t i = 0; i < message->n_sectors; i++) {
        message->sectors[i] = kf_sector_to_message(&edition->sectors[i], scratch);
    }
}

static Kf__V1__Change *change_to_message(const struct kf_change *change, struct kf_scratch *scratch)
{
    Kf__V1__Change *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (message) {
        kf__v1__change__init(message);
        message->production = kf_scratch_text(scratch, change->production);
        message->expenditure = kf_scratch_text(scratch, change->expenditure);
        message->no_change = change->base;
        message->computed = change->computed;
    }
    return message;
}

static Kf__V1__Deflator *deflator_to_message(const struct kf_deflator *deflator,
                                             struct kf_scratch *scratch)
{
    size_t count = deflator->sectors_len;
    Kf__V1__Deflator *message = kf_scratch_array(scratch, 1, sizeof *message);
    Kf__V1__SectorGrowth *sectors = kf_scratch_array(scratch, count, sizeof *sectors);
    if (!message) {
        return NULL;
    }
    kf__v1__deflator__init(message);
    message->year = deflator->year;
    message->wages_percent = deflator->wages_percent;
    message->prices_percent = deflator->prices_percent;
    message->sectors = kf_scratch_array(scratch, count, sizeof(void *));
    message->n_sectors = message->sectors ? count : 0;
    for (size_t i = 0; i < message->n_sectors; i++) {
        kf__v1__sector_growth__init(&sectors[i]);
        sectors[i].sector = kf_scratch_text(scratch, deflator->sectors[i].sector);
        sectors[i].wages_percent = deflator->sectors[i].wages_percent;
        message->sectors[i] = &sectors[i];
    }
    return message;
}

static void deflators_to_message(const struct kf_edition *edition, Kf__V1__Edition *message,
                                 struct kf_scratch *scratch)
{
    message->deflators = kf_scratch_array(scratch, edition->deflators_len, sizeof(void *));
    message->n_deflators = message->deflators ? edition->deflators_len : 0;
    for (size_t i = 0; i < message->n_deflators; i++) {
        message->deflators[i] = deflator_to_message(&edition->deflators[i], scratch);
    }
}

static Kf__V1__Correction *correction_to_message(const struct kf_correction *correction,
                                                 struct kf_scratch *scratch)
{
    Kf__V1__Correction *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (!message) {
        return NULL;
    }
    kf__v1__correction__init(message);
    message->id = kf_scratch_text(scratch, correction->id);
    message->outcome = kf_scratch_text(scratch, correction->outcome);
    kf_texts_to_message(correction->regressors, correction->regressors_len, &message->regressors,
                        &message->n_regressors, scratch);
    return message;
}

static void corrections_to_message(const struct kf_edition *edition, Kf__V1__Edition *message,
                                   struct kf_scratch *scratch)
{
    message->corrections = kf_scratch_array(scratch, edition->corrections_len, sizeof(void *));
    message->n_corrections = message->corrections ? edition->corrections_len : 0;
    for (size_t i = 0; i < message->n_corrections; i++) {
        message->corrections[i] = correction_to_message(&edition->corrections[i], scratch);
    }
}

Kf__V1__Edition *kf_edition_to_message(const struct kf_edition *edition, struct kf_scratch *scratch)
{
    Kf__V1__Edition *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (!message) {
        return NULL;
    }
    kf__v1__edition__init(message);
    message->id = kf_scratch_text(scratch, edition->id);
    message->title = kf_name_to_message(&edition->title, scratch);
    message->source = kf_scratch_text(scratch, edition->source);
    message->scale = edition->scale;
    message->population = kf_scratch_text(scratch, edition->population);
    message->missing = (Kf__V1__MissingRule)edition->missing;
    message->reference = (Kf__V1__Reference)edition->reference;
    message->normalization = (Kf__V1__Normalization)edition->normalization;
    message->spread = edition->spread;
    message->composition = (Kf__V1__Composition)edition->composition;
    message->given_total = kf_scratch_text(scratch, edition->given_total);
    sectors_to_message(edition, message, scratch);
    message->weighting = kf_weighting_to_message(&edition->weighting, scratch);
    message->expenditure = kf_expenditure_to_message(&edition->expenditure, scratch);
    message->change = change_to_message(&edition->change, scratch);
    deflators_to_message(edition, message, scratch);
    corrections_to_message(edition, message, scratch);
    message->need_year = edition->need_year;
    message->criteria = (Kf__V1__CriteriaRule)edition->criteria;
    message->published_need = kf_scratch_text(scratch, edition->published_need);
    kf_income_to_message(edition, message, scratch);
    message->demography = kf_demography_to_message(&edition->demography, scratch);
    message->unit_costs = kf_unit_costs_to_message(&edition->unit_costs, scratch);
    message->trial = kf_trial_to_message(&edition->trial, scratch);
    message->digest = kf_scratch_text(scratch, edition->digest);
    return scratch->failed ? NULL : message;
}

/* --- what a message must hold ---------------------------------------------------------------- */

/* NULL, or which rule of the edition is unknown. */
static const char *unknown_rule(const Kf__V1__Edition *edition)
{
    if (!kf_missing_rule_is_known(edition->missing)) {
        return "missing rule";
    }
    if (edition->reference < KF__V1__REFERENCE__REFERENCE_GROUP ||
        edition->reference > KF__V1__REFERENCE__REFERENCE_COUNTRY) {
        return "reference";
    }
    if (edition->normalization < KF__V1__NORMALIZATION__NORMALIZATION_MEAN ||
        edition->normalization > KF__V1__NORMALIZATION__NORMALIZATION_STANDARDIZED) {
        return "normalization";
    }
    if (edition->criteria < KF__V1__CRITERIA_RULE__CRITERIA_RULE_UNSPECIFIED ||
        edition->criteria > KF__V1__CRITERIA_RULE__CRITERIA_RULE_AGES) {
        return "criteria rule";
    }
    bool known = edition->composition >= KF__V1__COMPOSITION__COMPOSITION_SUM &&
                 edition->composition <= KF__V1__COMPOSITION__COMPOSITION_PRODUCT;
    return known ? NULL : "composition";
}

/* NULL, or what else is wrong with what stands outside the lists. */
static const char *head_breach(const Kf__V1__Edition *edition)
{
    bool standardized = edition->normalization == KF__V1__NORMALIZATION__NORMALIZATION_STANDARDIZED;
    if (!edition->id[0]) { /* a population is asked for by kf_panel_check */
        return "lacks its id";
    }
    if (!(edition->scale > 0) || !isfinite(edition->scale)) {
        return "has no positive scale";
    }
    if (!isfinite(edition->spread) ||
        (standardized ? edition->spread <= 0 : edition->spread != 0)) {
        return "has a spread that its normalization does not take";
    }
    if (strlen(edition->digest) >= KF_EDITION_DIGEST_SIZE) {
        return "has a digest that is too long";
    }
    if (edition->need_year != KF_NEED_YEAR_SAME && edition->need_year != KF_NEED_YEAR_NEXT &&
        !kf_codec_is_year(edition->need_year)) {
        return "takes need of something that is no year";
    }
    bool finite = !edition->change || isfinite(edition->change->no_change);
    return finite ? NULL : "has a base of change that is not finite";
}

static enum kf_err check_head(const Kf__V1__Edition *edition, struct kf_error *err)
{
    const char *breach = head_breach(edition);
    if (breach) {
        return kf_error_set(err, KF_ERR_DATA, "edition \"%s\" %s", edition->id, breach);
    }
    const char *rule = unknown_rule(edition);
    return rule ? kf_error_set(err, KF_ERR_DATA, "edition %s has an unknown %s", edition->id, rule)
                : KF_OK;
}

static enum kf_err check_counts(const Kf__V1__Edition *edition, struct kf_error *err)
{
    const struct {
        size_t count;
        size_t maximum;
        const char *what;
    } lists[] = {
        {edition->n_sectors, KF_SECTORS_MAX, "sectors"},
        {edition->n_deflators, KF_DEFLATORS_MAX, "deflators"},
        {edition->n_corrections, KF_CORRECTIONS_MAX, "corrections"},
    };
    enum kf_err code = KF_OK;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0] && !code; i++) {
        code =
            kf_codec_check_count(lists[i].count, lists[i].maximum, lists[i].what, edition->id, err);
    }
    return code;
}

static enum kf_err check_deflator(const Kf__V1__Edition *edition, size_t index,
                                  struct kf_error *err)
{
    const Kf__V1__Deflator *deflator = edition->deflators[index];
    bool ascends = index == 0 || edition->deflators[index - 1]->year < deflator->year;
    bool sound = ascends && kf_codec_is_year(deflator->year) &&
                 kf_codec_is_growth(deflator->wages_percent) &&
                 kf_codec_is_growth(deflator->prices_percent);
    enum kf_err code = kf_codec_check_count(deflator->n_sectors, KF_SECTORS_MAX, "deflated sectors",
                                            edition->id, err);
    for (size_t i = 0; i < deflator->n_sectors && sound && !code; i++) {
        sound = deflator->sectors[i]->sector[0] &&
                kf_codec_is_growth(deflator->sectors[i]->wages_percent);
    }
    if (code) {
        return code;
    }
    return sound ? KF_OK
                 : kf_error_set(err, KF_ERR_DATA,
                                "edition %s: the deflator of %d is out of its order or lacks a "
                                "sector or a growth",
                                edition->id, deflator->year);
}

static enum kf_err check_correction(const Kf__V1__Correction *correction, const char *edition,
                                    struct kf_error *err)
{
    bool sound = correction->id[0] && correction->outcome[0] && correction->n_regressors > 0;
    enum kf_err code = kf_codec_check_count(correction->n_regressors, KF_REGRESSORS_MAX,
                                            "regressors in a correction", edition, err);
    for (size_t i = 0; i < correction->n_regressors && sound && !code; i++) {
        sound = correction->regressors[i][0] != '\0';
    }
    if (code) {
        return code;
    }
    return sound ? KF_OK
                 : kf_error_set(err, KF_ERR_DATA,
                                "edition %s: correction \"%s\" lacks its id, outcome or a "
                                "regressor",
                                edition, correction->id);
}

static enum kf_err check_corrections(const Kf__V1__Edition *edition, struct kf_error *err)
{
    const char *ids[KF_CORRECTIONS_MAX];
    enum kf_err code = KF_OK;
    for (size_t i = 0; i < edition->n_corrections && !code; i++) {
        ids[i] = edition->corrections[i]->id;
        code = check_correction(edition->corrections[i], edition->id, err);
    }
    return code ? code
                : kf_codec_check_ids(ids, edition->n_corrections, "corrections", edition->id, err);
}

static enum kf_err check_sectors(const Kf__V1__Edition *edition, struct kf_error *err)
{
    const char *ids[KF_SECTORS_MAX];
    const char *producing[KF_SECTORS_MAX];
    size_t producing_len = 0;
    for (size_t i = 0; i < edition->n_sectors; i++) {
        const Kf__V1__Sector *sector = edition->sectors[i];
        ids[i] = sector->id;
        if (sector->n_indicators > 0 || sector->given[0]) {
            producing[producing_len++] = sector->id;
        }
    }
    enum kf_err code = kf_codec_check_ids(ids, edition->n_sectors, "sectors", edition->id, err);
    for (size_t i = 0; i < edition->n_sectors && !code; i++) {
        code = kf_sector_check_message(edition->sectors[i], edition, err);
    }
    return code ? code
                : kf_weighting_check_message(edition->weighting, producing, producing_len,
                                             edition->id, err);
}

static enum kf_err check_edition(const Kf__V1__Edition *edition, struct kf_error *err)
{
    enum kf_err code = check_head(edition, err);
    if (!code) {
        code = check_counts(edition, err);
    }
    for (size_t i = 0; i < edition->n_deflators && !code; i++) {
        code = check_deflator(edition, i, err);
    }
    if (!code) {
        code = check_corrections(edition, err);
    }
    if (!code) {
        code = check_sectors(edition, err);
    }
    if (!code) {
        code = kf_income_check_message(edition, err);
    }
    if (!code) {
        code = kf_demography_check_message(edition, err);
    }
    if (!code) {
        code = kf_unit_costs_check_message(edition, err);
    }
    if (!code) {
        code = kf_trial_check_message(edition, err);
    }
    return code ? code : kf_expenditure_check_message(edition->expenditure, edition->id, err);
}

/* --- from messages --------------------------------------------------------------------------- */

static void sectors_from_message(const Kf__V1__Edition *message, struct kf_edition *edition,
                                 struct kf_scratch *scratch)
{
    edition->sectors = kf_scratch_array(scratch, message->n_sectors, sizeof *edition->sectors);
    edition->sectors_len = edition->sectors ? message->n_sectors : 0;
    for (size_t i = 0; i < edition->sectors_len; i++) {
        edition->sectors[i] = kf_sector_from_message(message->sectors[i], scratch);
    }
}

static struct kf_change change_from_message(const Kf__V1__Change *message,
                                            struct kf_scratch *scratch)
{
    return (struct kf_change){
        .production = kf_scratch_copy(scratch, message ? message->production : ""),
        .expenditure = kf_scratch_copy(scratch, message ? message->expenditure : ""),
        .base = message ? message->no_change : 0,
        .computed = message && message->computed,
    };
}

static struct kf_deflator deflator_from_message(const Kf__V1__Deflator *message,
                                                struct kf_scratch *scratch)
{
    size_t count = message->n_sectors;
    struct kf_sector_growth *sectors = kf_scratch_array(scratch, count, sizeof *sectors);
    for (size_t i = 0; sectors && i < count; i++) {
        sectors[i].sector = kf_scratch_copy(scratch, message->sectors[i]->sector);
        sectors[i].wages_percent = message->sectors[i]->wages_percent;
    }
    return (struct kf_deflator){
        .year = message->year,
        .wages_percent = message->wages_percent,
        .prices_percent = message->prices_percent,
        .sectors = sectors,
        .sectors_len = sectors ? count : 0,
    };
}

static void deflators_from_message(const Kf__V1__Edition *message, struct kf_edition *edition,
                                   struct kf_scratch *scratch)
{
    edition->deflators =
        kf_scratch_array(scratch, message->n_deflators, sizeof *edition->deflators);
    edition->deflators_len = edition->deflators ? message->n_deflators : 0;
    for (size_t i = 0; i < edition->deflators_len; i++) {
        edition->deflators[i] = deflator_from_message(message->deflators[i], scratch);
    }
}

static struct kf_correction correction_from_message(const Kf__V1__Correction *message,
                                                    struct kf_scratch *scratch)
{
    struct kf_correction correction = {
        .id = kf_scratch_copy(scratch, message->id),
        .outcome = kf_scratch_copy(scratch, message->outcome),
    };
    correction.regressors = kf_texts_from_message(message->regressors, message->n_regressors,
                                                  &correction.regressors_len, scratch);
    return correction;
}

static void corrections_from_message(const Kf__V1__Edition *message, struct kf_edition *edition,
                                     struct kf_scratch *scratch)
{
    edition->corrections =
        kf_scratch_array(scratch, message->n_corrections, sizeof *edition->corrections);
    edition->corrections_len = edition->corrections ? message->n_corrections : 0;
    for (size_t i = 0; i < edition->corrections_len; i++) {
        edition->corrections[i] = correction_from_message(message->corrections[i], scratch);
    }
}

/* Programs that knew no rule counted all criteria. */
static enum kf_criteria_rule criteria_from_message(Kf__V1__CriteriaRule rule)
{
    return rule == KF__V1__CRITERIA_RULE__CRITERIA_RULE_UNSPECIFIED ? KF_CRITERIA_ALL
                                                                    : (enum kf_criteria_rule)rule;
}

static void fill(const Kf__V1__Edition *message, struct kf_edition *edition,
                 struct kf_scratch *scratch)
{
    *edition = (struct kf_edition){
        .id = kf_scratch_copy(scratch, message->id),
        .title = kf_name_from_message(message->title, scratch),
        .source = kf_scratch_copy(scratch, message->source),
        .scale = message->scale,
        .population = kf_scratch_copy(scratch, message->population),
        .missing = (enum kf_missing_rule)message->missing,
        .reference = (enum kf_reference)message->reference,
        .normalization = (enum kf_normalization)message->normalization,
        .spread = message->spread,
        .composition = (enum kf_composition)message->composition,
        .given_total = kf_scratch_copy(scratch, message->given_total),
        .weighting = kf_weighting_from_message(message->weighting, scratch),
        .expenditure = kf_expenditure_from_message(message->expenditure, scratch),
        .change = change_from_message(message->change, scratch),
        .need_year = message->need_year,
        .criteria = criteria_from_message(message->criteria),
        .published_need = kf_scratch_copy(scratch, message->published_need),
        .demography = kf_demography_from_message(message->demography, scratch),
        .unit_costs = kf_unit_costs_from_message(message->unit_costs, scratch),
        .trial = kf_trial_from_message(message->trial, scratch),
        .group = {"", ""},
        .extends = "",
    };
    sectors_from_message(message, edition, scratch);
    kf_income_from_message(message, edition, scratch);
    deflators_from_message(message, edition, scratch);
    corrections_from_message(message, edition, scratch);
    kf_clean_copy(edition->digest, sizeof edition->digest, message->digest);
}

enum kf_err kf_edition_from_message(const Kf__V1__Edition *message, struct kf_arena *arena,
                                    const struct kf_edition **edition, struct kf_error *err)
{
    enum kf_err code = check_edition(message, err);
    if (code) {
        return code;
    }
    struct kf_scratch scratch = {.arena = arena};
    struct kf_edition *built = kf_scratch_array(&scratch, 1, sizeof *built);
    if (built) {
        fill(message, built, &scratch);
    }
    code = kf_scratch_result(&scratch, err);
    if (!code) {
        *edition = built;
    }
    return code;
}
