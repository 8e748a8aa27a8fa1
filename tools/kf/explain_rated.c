#include "tools/kf/explain_rated.h"

#include <string.h>

#include "tools/kf/explain_amounts.h"

static const struct kf_explain_rule given_rule = {
    "national_rate", KF_EXPLAIN_SAME, "U2", {"årets nasjonale sats", "national rate of the year"}};
static const struct kf_explain_rule indexed_rule = {
    "indexed_rate",
    KF_EXPLAIN_PRODUCT,
    "U2",
    {"siste sats før året × veksten siden", "newest rate before the year × growth since"}};

static const struct kf_rated_service *service_of(const struct kf_edition *edition, const char *id)
{
    const struct kf_unit_costs *costs = &edition->unit_costs;
    for (size_t i = 0; i < costs->services_len; i++) {
        if (strcmp(costs->services[i].id, id) == 0) {
            return &costs->services[i];
        }
    }
    return NULL;
}

/* The newest rate of the year or before it, or NULL. */
static const struct kf_year_figure *newest(const struct kf_year_figures *rates, int year)
{
    const struct kf_year_figure *found = NULL;
    for (size_t i = 0; i < rates->count && rates->list[i].year <= year; i++) {
        found = &rates->list[i];
    }
    return found;
}

void kf_explain_expand_national_rate(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                     const struct kf_explain_key *key)
{
    const struct kf_edition *edition = key->panel->edition;
    const struct kf_rated_service *service = service_of(edition, key->indicator);
    int year = key->panel->year;
    const struct kf_year_figure *rate = service ? newest(&service->rates, year) : NULL;
    if (!rate) {
        return;
    }
    struct kf_explain_node *growth =
        rate->year < year
            ? kf_explain_growth(walk, "growth_of_rates", &edition->unit_costs.rate_growth,
                                rate->year + 1, year)
            : NULL;
    if (rate->year == year || growth) {
        node->rule = growth ? &indexed_rule : &given_rule;
        node->unit = kf_explain_text(walk, "kr/%s", service->unit);
        kf_explain_add(walk, node, "rate", kf_explain_number_of(walk, "rate", node->unit, rate));
        kf_explain_add(walk, node, "growth", growth);
    }
}

struct kf_explain_node *kf_explain_national_rate(struct kf_explain_walk *walk,
                                                 const struct kf_explain_key *key)
{
    struct kf_explain_key rate = kf_explain_key_with(key, KF_TOPIC_NONE, "national_rate");
    rate.sector = NULL;
    rate.member = KF_EXPLAIN_GROUP;
    struct kf_explain_node *node = kf_explain_derived(walk, &rate, kf_explain_expand_national_rate);
    return kf_explain_has_value(node) ? node : NULL;
}
