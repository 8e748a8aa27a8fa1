/* What institutions, time with users and growth beyond demography are made of (METHOD U5–U7, G8).
 */
#include <string.h>

#include "tools/kf/explain_amounts.h"

#define DAYS_OF_A_YEAR 365

static const struct kf_explain_rule places_rule = {
    "institution_places",
    KF_EXPLAIN_QUOTIENT,
    "U6",
    {"døgn ÷ dager i året", "days ÷ days of the year"}};
static const struct kf_explain_rule share_rule = {
    "institution_share",
    KF_EXPLAIN_QUOTIENT,
    "U5",
    {"utgifter til institusjon ÷ utgifter til pleie og omsorg",
     "expenditure on institutions ÷ expenditure on care"}};
static const struct kf_explain_rule time_rule = {
    "user_time",
    KF_EXPLAIN_QUOTIENT,
    "U7",
    {"vedtakstimer ÷ disponible timer", "approved hours ÷ available hours"}};
static const struct kf_explain_rule norm_rule = {
    "user_time_norm", KF_EXPLAIN_SAME, "U7", {"nasjonal norm", "national norm"}};
static const struct kf_explain_rule beyond_rule = {
    "beyond_norm",
    KF_EXPLAIN_SUM,
    "U7",
    {"100 × (andel − norm), prosentpoeng", "100 × (share − norm), percentage points"}};
static const struct kf_explain_rule gross_rule = {
    "gross_growth",
    KF_EXPLAIN_PERCENT_ABOVE,
    "G8",
    {"utgift i år mot fjorårets i årets priser, i prosent",
     "expenditure this year against last year's at prices of this year, in percent"}};
static const struct kf_explain_rule priced_rule = {
    "at_prices_of_the_year",
    KF_EXPLAIN_PRODUCT,
    "G8",
    {"utgift året før × prisveksten", "expenditure of the year before × growth of prices"}};
static const struct kf_explain_rule real_rule = {
    "real_growth",
    KF_EXPLAIN_DIFFERENCE,
    "G8",
    {"brutto vekst − demografisk vekst, prosentpoeng",
     "gross growth − demographic growth, percentage points"}};

/* --- institutions ----------------------------------------------------------------------------- */

static int days_of(int year)
{
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return DAYS_OF_A_YEAR + leap;
}

static struct kf_explain_node *figure_of(struct kf_explain_walk *walk,
                                         const struct kf_explain_key *key, const char *what,
                                         const struct kf_terms *terms)
{
    struct kf_explain_key sum = kf_explain_key_with(key, KF_TOPIC_NONE, what);
    return kf_explain_terms(walk, &sum, terms);
}

static void expand_places(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    const struct kf_institution *institution = &key->panel->edition->unit_costs.institution;
    node->rule = &places_rule;
    kf_explain_add(walk, node, "days",
                   figure_of(walk, key, "days_in_institutions", &institution->days));
    kf_explain_add(walk, node, "days of the year",
                   kf_explain_number(walk, "days of the year", "days", days_of(key->panel->year)));
}

static void expand_share(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    const struct kf_institution *institution = &key->panel->edition->unit_costs.institution;
    node->rule = &share_rule;
    kf_explain_add(
        walk, node, "institutions",
        kf_explain_kr(walk, key, "expenditure_on_institutions", &institution->expenditure));
    kf_explain_add(walk, node, "all care",
                   kf_explain_kr(walk, key, "expenditure_on_care", &institution->of));
}

/* --- time with users -------------------------------------------------------------------------- */

/* The kind of time that the key's indicator names, or NULL. */
static const struct kf_user_time *time_of(const struct kf_explain_key *key)
{
    const struct kf_unit_costs *costs = &key->panel->edition->unit_costs;
    for (size_t i = 0; i < costs->user_times_len; i++) {
        if (strcmp(costs->user_times[i].id, key->indicator) == 0) {
            return &costs->user_times[i];
        }
    }
    return NULL;
}

static void expand_time(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key)
{
    const struct kf_user_time *time = time_of(key);
    node->rule = &time_rule;
    if (time) {
        kf_explain_add(walk, node, "approved",
                       figure_of(walk, key, "approved_hours", &time->approved));
        kf_explain_add(walk, node, "available",
                       figure_of(walk, key, "available_hours", &time->available));
    }
}

static struct kf_explain_node *norm_of(struct kf_explain_walk *walk,
                                       const struct kf_explain_key *key)
{
    const struct kf_user_time *time = time_of(key);
    return time ? kf_explain_number(walk, "norm", "share", time->norm) : NULL;
}

static void expand_norm(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key)
{
    node->rule = &norm_rule;
    kf_explain_add(walk, node, "norm", norm_of(walk, key));
}

static void expand_beyond(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    node->rule = &beyond_rule;
    kf_explain_add_weighted(walk, node, "share", kf_explain_number(walk, "percent", "", 100),
                            kf_explain_unit_cost_of(walk, key, "user_time_share"));
    kf_explain_add_weighted(walk, node, "norm", kf_explain_number(walk, "taken off", "", -100),
                            norm_of(walk, key));
}

/* --- growth ----------------------------------------------------------------------------------- */

/* The growth that the key's indicator names, or NULL. */
static const struct kf_real_growth *growth_of(const struct kf_explain_key *key)
{
    const struct kf_unit_costs *costs = &key->panel->edition->unit_costs;
    for (size_t i = 0; i < costs->growths_len; i++) {
        if (strcmp(costs->growths[i].id, key->indicator) == 0) {
            return &costs->growths[i];
        }
    }
    return NULL;
}

/* What the year before spent, at the prices of the key's year: its member and indicator. */
static void expand_priced(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    const struct kf_unit_costs *costs = &key->panel->edition->unit_costs;
    int year = key->panel->year;
    struct kf_explain_key before = *key;
    before.panel = kf_explain_year(walk, year - 1);
    struct kf_explain_node *growth =
        kf_explain_growth(walk, "growth_of_prices", &costs->prices, year, year);
    if (before.panel && growth) {
        node->rule = &priced_rule;
        node->unit = "kr";
        kf_explain_add(
            walk, node, "the year before",
            kf_explain_kr(walk, &before, "expenditure_of_growth", &growth_of(key)->expenditure));
        kf_explain_add(walk, node, "growth of prices", growth);
    }
}

static void given_percent(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key, const char *variable)
{
    struct kf_term term = {.variable = variable, .factor = 1};
    const struct kf_terms terms = {&term, 1};
    kf_explain_as_given(walk, node, key, "growth_given", &terms);
}

static void expand_gross(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    const struct kf_real_growth *growth = growth_of(key);
    if (!growth) {
        return;
    }
    if (growth->expenditure.count == 0) {
        given_percent(walk, node, key, growth->gross);
        return;
    }
    struct kf_explain_key priced = kf_explain_key_with(key, KF_TOPIC_NONE, "expenditure_before");
    node->rule = &gross_rule;
    kf_explain_add(walk, node, "this year",
                   kf_explain_kr(walk, key, "expenditure_of_growth", &growth->expenditure));
    kf_explain_add(walk, node, "at prices of the year",
                   kf_explain_derived(walk, &priced, expand_priced));
}

static void expand_demographic(struct kf_explain_walk *walk, struct kf_explain_node *node,
                               const struct kf_explain_key *key)
{
    const struct kf_real_growth *growth = growth_of(key);
    if (growth) {
        given_percent(walk, node, key, growth->demographic);
    }
}

static void expand_real(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key)
{
    node->rule = &real_rule;
    kf_explain_add(walk, node, "gross growth",
                   kf_explain_unit_cost_of(walk, key, "gross_growth_percent"));
    kf_explain_add(walk, node, "demographic growth",
                   kf_explain_unit_cost_of(walk, key, "demographic_growth_percent"));
}

kf_explain_expand *kf_explain_institution(const struct kf_explain_key *key)
{
    static const struct kf_explain_place places[] = {
        {KF_SECTOR_INSTITUTION, false, "institution_places", expand_places},
        {KF_SECTOR_INSTITUTION, false, "institution_share", expand_share},
        {KF_SECTOR_USER_TIME, true, "user_time_share", expand_time},
        {KF_SECTOR_USER_TIME, true, "user_time_norm", expand_norm},
        {KF_SECTOR_USER_TIME, true, "user_time_beyond_norm_percent", expand_beyond},
        {KF_SECTOR_GROWTH, true, "gross_growth_percent", expand_gross},
        {KF_SECTOR_GROWTH, true, "demographic_growth_percent", expand_demographic},
        {KF_SECTOR_GROWTH, true, "real_growth_percent", expand_real},
    };
    return kf_explain_by_place(places, sizeof places / sizeof places[0], key);
}
