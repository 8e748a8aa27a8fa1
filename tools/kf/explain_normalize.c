/* What indicators are made of: raw, corrected and normalised values (METHOD A1–A3, A8, I1–I8). */
#include <stdio.h>
#include <string.h>

#include "common/model/cell.h"
#include "tools/kf/explain_walk.h"

static const struct kf_explain_rule figure_rule = {
    "figure", KF_EXPLAIN_SAME, "", {"tallet som det er", "the figure as it is"}};
static const struct kf_explain_rule ratio_rule = {
    "ratio", KF_EXPLAIN_QUOTIENT, "I1", {"teller delt på nevner", "numerator ÷ denominator"}};
static const struct kf_explain_rule complement_rule = {
    "complement", KF_EXPLAIN_DIFFERENCE, "I8", {"det hele minus andelen", "the whole − the share"}};
static const struct kf_explain_rule minimum_rule = {
    "minimum_of_others",
    KF_EXPLAIN_MINIMUM,
    "A2",
    {"mangler: laveste verdi blant de andre", "missing: the lowest value of the others"}};
static const struct kf_explain_rule median_rule = {
    "median_of_others",
    KF_EXPLAIN_MEDIAN,
    "A2",
    {"mangler: medianen av de andre", "missing: the median of the others"}};
static const struct kf_explain_rule latest_rule = {
    "latest",
    KF_EXPLAIN_SAME,
    "A2",
    {"mangler: siste tidligere verdi", "missing: its own newest earlier value"}};
static const struct kf_explain_rule normalized_rule = {
    "normalized",
    KF_EXPLAIN_SCALED,
    "A1",
    {"skala × verdi ÷ gjennomsnitt", "scale × value ÷ mean"}};
static const struct kf_explain_rule standardized_rule = {
    "standardized",
    KF_EXPLAIN_STANDARDIZED,
    "A8",
    {"skala × (1 + spredning × (verdi − gjennomsnitt) ÷ standardavvik)",
     "scale × (1 + spread × (value − mean) ÷ standard deviation)"}};
static const struct kf_explain_rule sd_rule = {
    "standard_deviation",
    KF_EXPLAIN_SD_WEIGHTED,
    "S1",
    {"medlemmenes standardavvik, veid med folketall",
     "standard deviation of the members, weighted by inhabitants"}};
static const struct kf_explain_rule corrected_rule = {
    "corrected",
    KF_EXPLAIN_SCALED,
    "I4",
    {"verdi × korrigert resultat ÷ resultat", "value × corrected result ÷ result"}};
static const struct kf_explain_rule earlier_rule = {
    "corrected_earlier",
    KF_EXPLAIN_ESTIMATE,
    "I4",
    {"korrigert med sitt eget års regresjon, som ikke publiseres",
     "corrected by the regression of its own year, which is not published"}};
static const struct kf_explain_rule outcome_rule = {
    "corrected_outcome",
    KF_EXPLAIN_DIFFERENCE,
    "I4",
    {"resultat − det elevgrunnlaget tilsier", "result − what pupils bring along"}};
static const struct kf_explain_rule background_rule = {
    "background",
    KF_EXPLAIN_SUM,
    "I4",
    {"koeffisient × avvik fra landets gjennomsnitt",
     "coefficient × deviation from the mean of the municipalities"}};
static const struct kf_explain_rule regressor_rule = {
    "regressor_deviation", KF_EXPLAIN_DIFFERENCE, "I4", {"verdi − gjennomsnitt", "value − mean"}};
static const struct kf_explain_rule regressor_mean_rule = {
    "regressor_mean",
    KF_EXPLAIN_MEAN,
    "I4",
    {"uveid gjennomsnitt av kommunene i regresjonen",
     "unweighted mean of the municipalities of the regression"}};

/* --- raw -------------------------------------------------------------------------------------- */

static struct kf_explain_node *denominator_of(struct kf_explain_walk *walk,
                                              const struct kf_explain_key *key,
                                              const struct kf_indicator *indicator)
{
    bool country = key->member == KF_EXPLAIN_COUNTRY;
    const char *population = key->panel->edition->population;
    struct kf_explain_key need = kf_explain_key_with(key, KF_TOPIC_NEED, "need_population");
    struct kf_explain_key below = kf_explain_key_with(key, KF_TOPIC_NONE, "denominator");
    need.sector = indicator->per_sector;
    need.indicator = NULL;
    if (indicator->per == KF_PER_TERMS) {
        return kf_explain_terms(walk, &below, &indicator->denominator);
    }
    if (country) { /* the country's need is 1: its need-corrected population is its population */
        return kf_explain_cell(walk, key->panel, population, KF_EXPLAIN_COUNTRY);
    }
    return indicator->per == KF_PER_POPULATION ? kf_explain_population(walk, key)
                                               : kf_explain_result(walk, &need);
}

/* numerator ÷ denominator under `node`. */
static void add_ratio(struct kf_explain_walk *walk, struct kf_explain_node *node,
                      const struct kf_explain_key *key, const struct kf_indicator *indicator)
{
    struct kf_explain_key above = kf_explain_key_with(key, KF_TOPIC_NONE, "numerator");
    bool divides = indicator->per != KF_PER_NONE;
    node->rule = divides ? &ratio_rule : &figure_rule;
    node->unit = indicator->unit ? indicator->unit : "";
    kf_explain_add(walk, node, divides ? "numerator" : "",
                   kf_explain_terms(walk, &above, &indicator->numerator));
    if (divides) {
        kf_explain_add(walk, node, "denominator", denominator_of(walk, key, indicator));
    }
}

static void expand_share(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    add_ratio(walk, node, key, kf_explain_indicator(key));
}

static void expand_raw(struct kf_explain_walk *walk, struct kf_explain_node *node,
                       const struct kf_explain_key *key)
{
    const struct kf_indicator *indicator = kf_explain_indicator(key);
    if (!indicator || indicator->whole == 0) {
        if (indicator) {
            add_ratio(walk, node, key, indicator);
        }
        return;
    }
    struct kf_explain_key share = kf_explain_key_with(key, KF_TOPIC_NONE, "share");
    node->rule = &complement_rule;
    node->unit = indicator->unit ? indicator->unit : "";
    kf_explain_add(walk, node, "whole",
                   kf_explain_number(walk, "whole", node->unit, indicator->whole));
    kf_explain_add(walk, node, "share", kf_explain_derived(walk, &share, expand_share));
}

/* --- corrected (METHOD I4) -------------------------------------------------------------------- */

static const struct kf_correction *find_correction(const struct kf_explain_key *key)
{
    const struct kf_indicator *indicator = kf_explain_indicator(key);
    const struct kf_edition *edition = key->panel->edition;
    for (size_t i = 0; indicator && i < edition->corrections_len; i++) {
        if (strcmp(edition->corrections[i].id, indicator->correction) == 0) {
            return &edition->corrections[i];
        }
    }
    return NULL;
}

/* The correction whose id stands as the sector of a derived key. */
static const struct kf_correction *correction_of(const struct kf_explain_key *key)
{
    const struct kf_edition *edition = key->panel->edition;
    for (size_t i = 0; i < edition->corrections_len; i++) {
        if (strcmp(edition->corrections[i].id, key->sector) == 0) {
            return &edition->corrections[i];
        }
    }
    return NULL;
}

/* A municipality is in the regression when it has the outcome and every regressor. */
static bool in_regression(struct kf_explain_walk *walk, const struct kf_explain_key *key,
                          const struct kf_correction *correction, size_t member)
{
    bool complete =
        kf_cell_has_value(kf_explain_cell(walk, key->panel, correction->outcome, member)->status);
    for (size_t r = 0; complete && r < correction->regressors_len; r++) {
        complete = kf_cell_has_value(
            kf_explain_cell(walk, key->panel, correction->regressors[r], member)->status);
    }
    return complete;
}

static void expand_regressor_mean(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                  const struct kf_explain_key *key)
{
    const struct kf_correction *correction = correction_of(key);
    size_t count = key->panel->members_len + key->panel->others_len;
    node->rule = &regressor_mean_rule;
    for (size_t k = 0; correction && k < count; k++) {
        if (in_regression(walk, key, correction, k)) {
            kf_explain_add(walk, node, "municipality",
                           kf_explain_cell(walk, key->panel, key->indicator, k));
        }
    }
}

static void expand_regressor(struct kf_explain_walk *walk, struct kf_explain_node *node,
                             const struct kf_explain_key *key)
{
    struct kf_explain_key mean = kf_explain_key_with(key, KF_TOPIC_NONE, "regressor_mean");
    mean.member = KF_EXPLAIN_GROUP;
    node->rule = &regressor_rule;
    kf_explain_add(walk, node, "value",
                   kf_explain_cell(walk, key->panel, key->indicator, key->member));
    kf_explain_add(walk, node, "mean", kf_explain_derived(walk, &mean, expand_regressor_mean));
}

static void expand_background(struct kf_explain_walk *walk, struct kf_explain_node *node,
                              const struct kf_explain_key *key)
{
    const struct kf_correction *correction = correction_of(key);
    node->rule = &background_rule;
    for (size_t r = 0; correction && r < correction->regressors_len; r++) {
        struct kf_explain_key regressor = *key;
        regressor.indicator = correction->regressors[r];
        struct kf_explain_key coefficient =
            kf_explain_key_with(&regressor, KF_TOPIC_STATISTICS, "coefficient");
        struct kf_explain_key deviation =
            kf_explain_key_with(&regressor, KF_TOPIC_NONE, "regressor_deviation");
        struct kf_explain_node *beta = kf_explain_result(walk, &coefficient);
        kf_explain_add_weighted(walk, node, correction->regressors[r], beta,
                                kf_explain_derived(walk, &deviation, expand_regressor));
    }
}

static void expand_outcome(struct kf_explain_walk *walk, struct kf_explain_node *node,
                           const struct kf_explain_key *key)
{
    const struct kf_correction *correction = correction_of(key);
    struct kf_explain_key background = kf_explain_key_with(key, KF_TOPIC_NONE, "background");
    node->rule = &outcome_rule;
    if (correction) {
        kf_explain_add(walk, node, "result",
                       kf_explain_cell(walk, key->panel, correction->outcome, key->member));
        kf_explain_add(walk, node, "background",
                       kf_explain_derived(walk, &background, expand_background));
    }
}

/* The raw value of a member, or of the country. */
static struct kf_explain_node *raw_of(struct kf_explain_walk *walk,
                                      const struct kf_explain_key *key)
{
    struct kf_explain_key raw = kf_explain_key_with(key, KF_TOPIC_INDICATOR, "raw");
    struct kf_explain_key country = kf_explain_key_with(key, KF_TOPIC_NONE, "country_value");
    return key->member == KF_EXPLAIN_COUNTRY ? kf_explain_derived(walk, &country, expand_raw)
                                             : kf_explain_result(walk, &raw);
}

static void expand_corrected(struct kf_explain_walk *walk, struct kf_explain_node *node,
                             const struct kf_explain_key *key)
{
    const struct kf_correction *correction = find_correction(key);
    struct kf_explain_key outcome = kf_explain_key_with(key, KF_TOPIC_NONE, "corrected_outcome");
    node->rule =
        correction && key->panel == kf_explain_panel(walk) ? &corrected_rule : &earlier_rule;
    if (node->rule == &earlier_rule) {
        return;
    }
    outcome.sector = correction->id;
    outcome.indicator = NULL;
    struct kf_explain_node *value = raw_of(walk, key);
    node->unit = value ? value->unit : "";
    kf_explain_add(walk, node, "value", value);
    kf_explain_add(walk, node, "corrected result",
                   kf_explain_derived(walk, &outcome, expand_outcome));
    kf_explain_add(walk, node, "result",
                   kf_explain_cell(walk, key->panel, correction->outcome, key->member));
}

/* --- filled: what is normalised --------------------------------------------------------------- */

/* The value that a member reported: corrected where the edition corrects. */
static struct kf_explain_node *reported(struct kf_explain_walk *walk,
                                        const struct kf_explain_key *key)
{
    struct kf_explain_key corrected = kf_explain_key_with(key, KF_TOPIC_INDICATOR, "corrected");
    struct kf_explain_key raw = kf_explain_key_with(key, KF_TOPIC_INDICATOR, "raw");
    struct kf_explain_node *node = kf_explain_result(walk, &corrected);
    return node ? node : kf_explain_result(walk, &raw);
}

static void add_others(struct kf_explain_walk *walk, struct kf_explain_node *node,
                       const struct kf_explain_key *key)
{
    for (size_t k = 0; k < key->panel->members_len; k++) {
        struct kf_explain_key other = *key;
        other.member = k;
        struct kf_explain_node *value = reported(walk, &other);
        if (k != key->member && value && kf_cell_has_value(value->status)) {
            kf_explain_add(walk, node, "other member", value);
            node->unit = value->unit;
        }
    }
}

/* The newest earlier value of the member itself, or NULL. */
static struct kf_explain_node *latest(struct kf_explain_walk *walk,
                                      const struct kf_explain_key *key)
{
    int first = key->panel->year - KF_LATEST_YEARS_MAX;
    for (const struct kf_panel *at = key->panel->previous; at && at->year >= first;
         at = at->previous) {
        struct kf_explain_key earlier = *key;
        earlier.panel = at;
        struct kf_explain_node *value = reported(walk, &earlier);
        if (value && kf_cell_has_value(value->status)) {
            return value;
        }
    }
    return NULL;
}

static void expand_imputed(struct kf_explain_walk *walk, struct kf_explain_node *node,
                           const struct kf_explain_key *key)
{
    const struct kf_indicator *indicator = kf_explain_indicator(key);
    enum kf_missing_rule rule = indicator->missing;
    struct kf_explain_node *earlier = rule == KF_MISSING_LATEST ? latest(walk, key) : NULL;
    node->rule = rule == KF_MISSING_MEDIAN ? &median_rule : &minimum_rule;
    if (earlier) {
        node->rule = &latest_rule;
        node->unit = earlier->unit;
        kf_explain_add(walk, node, "earlier value", earlier);
        kf_explain_note(walk, node, "verdi for %d", "value of %d", earlier->panel->year);
        return;
    }
    add_others(walk, node, key);
}

/* Whose value was taken, when it is one member's. */
static void tell_whose(struct kf_explain_walk *walk, struct kf_explain_node *node)
{
    for (size_t i = 0; i < node->parts_len && node->rule == &minimum_rule; i++) {
        if (node->parts[i].node->value == node->value) {
            node->parts[i].role = "the lowest";
            kf_explain_note(walk, node, "verdi for %s", "value of %s",
                            node->parts[i].node->municipality);
            return;
        }
    }
}

/* What is normalised for a member: its own value, or the filled one; NULL when it was dropped. */
static struct kf_explain_node *filled(struct kf_explain_walk *walk,
                                      const struct kf_explain_key *key)
{
    struct kf_explain_node *own = reported(walk, key);
    struct kf_explain_key normalized = kf_explain_key_with(key, KF_TOPIC_INDICATOR, "normalized");
    bool dropped = kf_explain_presence(&normalized) == KF_EXPLAIN_MISSING;
    if ((own && kf_cell_has_value(own->status)) || dropped) {
        return own;
    }
    struct kf_explain_key imputed = kf_explain_key_with(key, KF_TOPIC_NONE, "imputed");
    struct kf_explain_node *node = kf_explain_derived(walk, &imputed, expand_imputed);
    node->status |= kf_cell_has_value(node->status) ? KF_CELL_IMPUTED : 0;
    if (!node->note.en[0]) {
        tell_whose(walk, node);
    }
    return node;
}

/* --- normalised ------------------------------------------------------------------------------- */

static void expand_sd(struct kf_explain_walk *walk, struct kf_explain_node *node,
                      const struct kf_explain_key *key)
{
    node->rule = &sd_rule;
    for (size_t k = 0; k < key->panel->members_len; k++) {
        struct kf_explain_key member = *key;
        member.member = k;
        struct kf_explain_node *value = filled(walk, &member);
        if (value && kf_cell_has_value(value->status)) {
            kf_explain_add_weighted(walk, node, "member", kf_explain_population(walk, &member),
                                    value);
            node->unit = value->unit;
        }
    }
}

/* The mean that is brought to the scale: of the group, or the figure for the country. */
static struct kf_explain_node *reference_of(struct kf_explain_walk *walk,
                                            const struct kf_explain_key *key)
{
    if (key->panel->edition->reference == KF_REFERENCE_COUNTRY) {
        struct kf_explain_key country =
            kf_explain_key_with(key, KF_TOPIC_NONE, "corrected_country_value");
        country.member = KF_EXPLAIN_COUNTRY;
        return find_correction(key) ? kf_explain_derived(walk, &country, expand_corrected)
                                    : raw_of(walk, &country);
    }
    return kf_explain_group_mean(walk, key, "group_mean", filled);
}

static void expand_normalized(struct kf_explain_walk *walk, struct kf_explain_node *node,
                              const struct kf_explain_key *key)
{
    const struct kf_edition *edition = key->panel->edition;
    bool standardized = edition->normalization == KF_NORMALIZE_STANDARDIZED;
    struct kf_explain_node *value = filled(walk, key);
    struct kf_explain_node *mean = reference_of(walk, key);
    node->rule = standardized ? &standardized_rule : &normalized_rule;
    kf_explain_add(walk, node, "scale", kf_explain_number(walk, "scale", "", edition->scale));
    if (!standardized) {
        kf_explain_add(walk, node, "value", value);
        kf_explain_add(walk, node, "mean", mean);
        return;
    }
    struct kf_explain_key sd = kf_explain_key_with(key, KF_TOPIC_NONE, "standard_deviation");
    sd.member = KF_EXPLAIN_GROUP;
    kf_explain_add(walk, node, "spread", kf_explain_number(walk, "spread", "", edition->spread));
    kf_explain_add(walk, node, "value", value);
    kf_explain_add(walk, node, "mean", mean);
    kf_explain_add(walk, node, "standard deviation", kf_explain_derived(walk, &sd, expand_sd));
}

kf_explain_expand *kf_explain_normalize(const struct kf_explain_key *key)
{
    static const struct kf_explain_measure measures[] = {
        {KF_TOPIC_INDICATOR, "raw", expand_raw},
        {KF_TOPIC_INDICATOR, "corrected", expand_corrected},
        {KF_TOPIC_INDICATOR, "normalized", expand_normalized},
    };
    return kf_explain_by_table(measures, sizeof measures / sizeof measures[0], key);
}
