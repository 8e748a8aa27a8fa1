#include "common/codec/edition_codec.h"

#include <math.h>
#include <string.h>

#include "common/codec/unpack.h"

#define MINUS_MAX 256 /* variables taken off the gross expenditure */

_Static_assert((int)KF_MISSING_MINIMUM == (int)KF__V1__MISSING_RULE__MISSING_RULE_MINIMUM, "");
_Static_assert((int)KF_PER_NONE == (int)KF__V1__PER__PER_NONE, "");
_Static_assert((int)KF_PER_POPULATION == (int)KF__V1__PER__PER_POPULATION, "");
_Static_assert((int)KF_PER_NEED_POPULATION == (int)KF__V1__PER__PER_NEED_POPULATION, "");
_Static_assert((int)KF_PER_VARIABLE == (int)KF__V1__PER__PER_VARIABLE, "");

/* --- to messages ----------------------------------------------------------------------------- */

static Kf__V1__Name *name_to_message(const struct kf_name *name, struct kf_scratch *scratch)
{
    Kf__V1__Name *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (message) {
        kf__v1__name__init(message);
        message->nb = kf_scratch_text(scratch, name->nb);
        message->en = kf_scratch_text(scratch, name->en);
    }
    return message;
}

static Kf__V1__Indicator *indicator_to_message(const struct kf_indicator *indicator,
                                               struct kf_scratch *scratch)
{
    Kf__V1__Indicator *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (!message) {
        return NULL;
    }
    kf__v1__indicator__init(message);
    message->id = kf_scratch_text(scratch, indicator->id);
    message->name = name_to_message(&indicator->name, scratch);
    message->weight = indicator->weight;
    message->variable = kf_scratch_text(scratch, indicator->variable);
    message->per = (Kf__V1__Per)indicator->per;
    message->per_variable = kf_scratch_text(scratch, indicator->per_variable);
    message->unit = kf_scratch_text(scratch, indicator->unit);
    return message;
}

static Kf__V1__Criterion *criterion_to_message(const struct kf_criterion *criterion,
                                               struct kf_scratch *scratch)
{
    Kf__V1__Criterion *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (!message) {
        return NULL;
    }
    kf__v1__criterion__init(message);
    message->id = kf_scratch_text(scratch, criterion->id);
    message->variable = kf_scratch_text(scratch, criterion->variable);
    message->weight = criterion->weight;
    message->cost_disadvantage = criterion->cost_disadvantage;
    return message;
}

static Kf__V1__Sector *sector_to_message(const struct kf_sector *sector, struct kf_scratch *scratch)
{
    Kf__V1__Sector *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (!message) {
        return NULL;
    }
    kf__v1__sector__init(message);
    message->id = kf_scratch_text(scratch, sector->id);
    message->name = name_to_message(&sector->name, scratch);
    message->weight = sector->weight;
    message->need_weight = sector->need_weight;
    message->indicators = kf_scratch_array(scratch, sector->indicators_len, sizeof(void *));
    message->n_indicators = message->indicators ? sector->indicators_len : 0;
    for (size_t i = 0; i < message->n_indicators; i++) {
        message->indicators[i] = indicator_to_message(&sector->indicators[i], scratch);
    }
    message->criteria = kf_scratch_array(scratch, sector->criteria_len, sizeof(void *));
    message->n_criteria = message->criteria ? sector->criteria_len : 0;
    for (size_t i = 0; i < message->n_criteria; i++) {
        message->criteria[i] = criterion_to_message(&sector->criteria[i], scratch);
    }
    return message;
}

static Kf__V1__Expenditure *expenditure_to_message(const struct kf_expenditure *expenditure,
                                                   struct kf_scratch *scratch)
{
    Kf__V1__Expenditure *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (!message) {
        return NULL;
    }
    kf__v1__expenditure__init(message);
    message->given = kf_scratch_text(scratch, expenditure->given);
    message->gross = kf_scratch_text(scratch, expenditure->gross);
    message->minus = kf_scratch_array(scratch, expenditure->minus_len, sizeof(char *));
    message->n_minus = message->minus ? expenditure->minus_len : 0;
    for (size_t i = 0; i < message->n_minus; i++) {
        message->minus[i] = kf_scratch_text(scratch, expenditure->minus[i]);
    }
    message->payroll_costs = kf_scratch_text(scratch, expenditure->payroll_costs);
    message->wages = kf_scratch_text(scratch, expenditure->wages);
    message->need_corrected = expenditure->need_corrected;
    return message;
}

static Kf__V1__Change *change_to_message(const struct kf_change *change, struct kf_scratch *scratch)
{
    Kf__V1__Change *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (message) {
        kf__v1__change__init(message);
        message->production = kf_scratch_text(scratch, change->production);
        message->expenditure = kf_scratch_text(scratch, change->expenditure);
        message->no_change = change->base;
    }
    return message;
}

Kf__V1__Edition *kf_edition_to_message(const struct kf_edition *edition, struct kf_scratch *scratch)
{
    Kf__V1__Edition *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (!message) {
        return NULL;
    }
    kf__v1__edition__init(message);
    message->id = kf_scratch_text(scratch, edition->id);
    message->title = name_to_message(&edition->title, scratch);
    message->source = kf_scratch_text(scratch, edition->source);
    message->scale = edition->scale;
    message->population = kf_scratch_text(scratch, edition->population);
    message->missing = (Kf__V1__MissingRule)edition->missing;
    message->sectors = kf_scratch_array(scratch, edition->sectors_len, sizeof(void *));
    message->n_sectors = message->sectors ? edition->sectors_len : 0;
    for (size_t i = 0; i < message->n_sectors; i++) {
        message->sectors[i] = sector_to_message(&edition->sectors[i], scratch);
    }
    message->expenditure = expenditure_to_message(&edition->expenditure, scratch);
    message->change = change_to_message(&edition->change, scratch);
    message->digest = kf_scratch_text(scratch, edition->digest);
    return scratch->failed ? NULL : message;
}

/* --- what a message must hold ---------------------------------------------------------------- */

static enum kf_err check_limit(size_t count, size_t maximum, const char *what, const char *where,
                               struct kf_error *err)
{
    if (count <= maximum) {
        return KF_OK;
    }
    return kf_error_set(err, KF_ERR_LIMIT, "%s holds %zu %s, at most %zu are allowed", where, count,
                        what, maximum);
}

static enum kf_err check_indicator(const Kf__V1__Indicator *indicator, const char *sector,
                                   struct kf_error *err)
{
    bool known = indicator->per >= KF__V1__PER__PER_NONE &&
                 indicator->per <= KF__V1__PER__PER_VARIABLE &&
                 (indicator->per != KF__V1__PER__PER_VARIABLE || indicator->per_variable[0]);
    if (!known || !indicator->id[0] || !indicator->variable[0] || !isfinite(indicator->weight)) {
        return kf_error_set(err, KF_ERR_DATA,
                            "indicator \"%s\" of sector \"%s\" lacks its id, variable, "
                            "denominator or a finite weight",
                            indicator->id, sector);
    }
    return KF_OK;
}

static enum kf_err check_criterion(const Kf__V1__Criterion *criterion, const char *sector,
                                   struct kf_error *err)
{
    if (!criterion->id[0] || !isfinite(criterion->weight)) {
        return kf_error_set(err, KF_ERR_DATA,
                            "criterion \"%s\" of sector \"%s\" lacks its id or a finite weight",
                            criterion->id, sector);
    }
    return KF_OK;
}

static enum kf_err check_sector(const Kf__V1__Sector *sector, struct kf_error *err)
{
    if (!sector->id[0] || !isfinite(sector->weight) || !isfinite(sector->need_weight)) {
        return kf_error_set(err, KF_ERR_DATA, "sector \"%s\" lacks its id or a finite weight",
                            sector->id);
    }
    enum kf_err code =
        check_limit(sector->n_indicators, KF_INDICATORS_MAX, "indicators", sector->id, err);
    if (!code) {
        code = check_limit(sector->n_criteria, KF_CRITERIA_MAX, "criteria", sector->id, err);
    }
    for (size_t i = 0; i < sector->n_indicators && !code; i++) {
        code = check_indicator(sector->indicators[i], sector->id, err);
    }
    for (size_t i = 0; i < sector->n_criteria && !code; i++) {
        code = check_criterion(sector->criteria[i], sector->id, err);
    }
    return code;
}

static enum kf_err check_head(const Kf__V1__Edition *edition, struct kf_error *err)
{
    if (!edition->id[0] || !edition->population[0]) {
        return kf_error_set(err, KF_ERR_DATA, "edition \"%s\" lacks its id or population",
                            edition->id);
    }
    if (!(edition->scale > 0) || !isfinite(edition->scale)) {
        return kf_error_set(err, KF_ERR_DATA, "edition %s has no positive scale", edition->id);
    }
    if (edition->missing != KF__V1__MISSING_RULE__MISSING_RULE_MINIMUM) {
        return kf_error_set(err, KF_ERR_DATA, "edition %s has the unknown missing rule %d",
                            edition->id, (int)edition->missing);
    }
    if (strlen(edition->digest) >= KF_EDITION_DIGEST_SIZE) {
        return kf_error_set(err, KF_ERR_DATA, "edition %s has a digest that is too long",
                            edition->id);
    }
    if (edition->change && !isfinite(edition->change->no_change)) {
        return kf_error_set(err, KF_ERR_DATA, "edition %s: base of change is not finite",
                            edition->id);
    }
    return KF_OK;
}

static enum kf_err check_edition(const Kf__V1__Edition *edition, struct kf_error *err)
{
    enum kf_err code = check_head(edition, err);
    if (!code) {
        code = check_limit(edition->n_sectors, KF_SECTORS_MAX, "sectors", edition->id, err);
    }
    if (!code && edition->expenditure) {
        code =
            check_limit(edition->expenditure->n_minus, MINUS_MAX, "deductions", edition->id, err);
    }
    for (size_t i = 0; i < edition->n_sectors && !code; i++) {
        code = check_sector(edition->sectors[i], err);
    }
    return code;
}

/* --- from messages --------------------------------------------------------------------------- */

static struct kf_name name_from_message(const Kf__V1__Name *message, struct kf_scratch *scratch)
{
    return (struct kf_name){
        .nb = kf_scratch_copy(scratch, message ? message->nb : ""),
        .en = kf_scratch_copy(scratch, message ? message->en : ""),
    };
}

static void indicators_from_message(const Kf__V1__Sector *message, struct kf_sector *sector,
                                    struct kf_scratch *scratch)
{
    sector->indicators =
        kf_scratch_array(scratch, message->n_indicators, sizeof *sector->indicators);
    sector->indicators_len = sector->indicators ? message->n_indicators : 0;
    for (size_t i = 0; i < sector->indicators_len; i++) {
        const Kf__V1__Indicator *from = message->indicators[i];
        sector->indicators[i] = (struct kf_indicator){
            .id = kf_scratch_copy(scratch, from->id),
            .name = name_from_message(from->name, scratch),
            .weight = from->weight,
            .variable = kf_scratch_copy(scratch, from->variable),
            .per = (enum kf_per)from->per,
            .per_variable = kf_scratch_copy(scratch, from->per_variable),
            .unit = kf_scratch_copy(scratch, from->unit),
        };
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
        };
    }
}

static void sectors_from_message(const Kf__V1__Edition *message, struct kf_edition *edition,
                                 struct kf_scratch *scratch)
{
    edition->sectors = kf_scratch_array(scratch, message->n_sectors, sizeof *edition->sectors);
    edition->sectors_len = edition->sectors ? message->n_sectors : 0;
    for (size_t i = 0; i < edition->sectors_len; i++) {
        const Kf__V1__Sector *from = message->sectors[i];
        struct kf_sector *sector = &edition->sectors[i];
        sector->id = kf_scratch_copy(scratch, from->id);
        sector->name = name_from_message(from->name, scratch);
        sector->weight = from->weight;
        sector->need_weight = from->need_weight;
        indicators_from_message(from, sector, scratch);
        criteria_from_message(from, sector, scratch);
    }
}

static void expenditure_from_message(const Kf__V1__Expenditure *message,
                                     struct kf_expenditure *expenditure, struct kf_scratch *scratch)
{
    Kf__V1__Expenditure none;
    kf__v1__expenditure__init(&none);
    const Kf__V1__Expenditure *from = message ? message : &none;
    expenditure->given = kf_scratch_copy(scratch, from->given);
    expenditure->gross = kf_scratch_copy(scratch, from->gross);
    expenditure->minus = kf_scratch_array(scratch, from->n_minus, sizeof *expenditure->minus);
    expenditure->minus_len = expenditure->minus ? from->n_minus : 0;
    for (size_t i = 0; i < expenditure->minus_len; i++) {
        expenditure->minus[i] = kf_scratch_copy(scratch, from->minus[i]);
    }
    expenditure->payroll_costs = kf_scratch_copy(scratch, from->payroll_costs);
    expenditure->wages = kf_scratch_copy(scratch, from->wages);
    expenditure->need_corrected = from->need_corrected != 0;
}

static void change_from_message(const Kf__V1__Change *message, struct kf_change *change,
                                struct kf_scratch *scratch)
{
    change->production = kf_scratch_copy(scratch, message ? message->production : "");
    change->expenditure = kf_scratch_copy(scratch, message ? message->expenditure : "");
    change->base = message ? message->no_change : 0;
}

static void fill(const Kf__V1__Edition *message, struct kf_edition *edition,
                 struct kf_scratch *scratch)
{
    edition->id = kf_scratch_copy(scratch, message->id);
    edition->title = name_from_message(message->title, scratch);
    edition->source = kf_scratch_copy(scratch, message->source);
    edition->scale = message->scale;
    edition->population = kf_scratch_copy(scratch, message->population);
    edition->missing = (enum kf_missing_rule)message->missing;
    sectors_from_message(message, edition, scratch);
    expenditure_from_message(message->expenditure, &edition->expenditure, scratch);
    change_from_message(message->change, &edition->change, scratch);
    kf_clean_copy(edition->digest, sizeof edition->digest, message->digest);
    edition->group = (struct kf_name){"", ""};
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
