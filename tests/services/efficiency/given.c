#include "tests/services/efficiency/given.h"

#include <stdlib.h>

static void need(bool condition)
{
    if (!condition) {
        abort();
    }
}

static struct kf_result *append(struct kf_panel *panel, const struct kf_result_key *key)
{
    struct kf_result *result = NULL;
    need(kf_panel_append(panel, key, &result, NULL) == KF_OK);
    return result;
}

struct kf_panel *given_sectors(void)
{
    struct kf_panel *panel = fixture_panel_new(1, 2);
    static const char *const ids[] = {"skole", "jordbruk", "administrasjon"};
    for (size_t s = 0; s < 3; s++) {
        struct kf_sector *sector = fixture_sector(panel, ids[s], s == 0);
        sector->need_weight = s == 0 ? 0.6 : 0.2;
        sector->administration = s == 2;
    }
    fixture_indicator(panel, "skole", "laerere", 1);
    fixture_population(panel, (double[]){10, 30});
    return panel;
}

void given_result(struct kf_panel *panel, enum kf_topic topic, const char *sector,
                  const char *indicator, const char *measure, const double *values)
{
    struct kf_result_key key = {
        .topic = topic, .sector = sector, .indicator = indicator, .measure = measure};
    struct kf_result *result = append(panel, &key);
    for (size_t k = 0; k < panel->members_len; k++) {
        bool missing = isnan(values[k]);
        result->values[k] = missing ? 0 : values[k];
        result->status[k] = missing ? KF_CELL_MISSING : KF_CELL_VALUE;
    }
}

void given_need(struct kf_panel *panel, const char *sector, const double *values)
{
    given_result(panel, KF_TOPIC_NEED, sector, "", "need_index", values);
}

void given_raw(struct kf_panel *panel, const char *sector, const char *indicator, const double *now,
               const double *before)
{
    given_result(panel, KF_TOPIC_INDICATOR, sector, indicator, "raw", now);
    given_result(panel->previous, KF_TOPIC_INDICATOR, sector, indicator, "raw", before);
}

void given_weight(struct kf_panel *panel, const char *sector, const char *indicator, double weight)
{
    struct kf_result_key key = {.topic = KF_TOPIC_STATISTICS,
                                .sector = sector,
                                .indicator = indicator,
                                .measure = "weight",
                                .group = true};
    append(panel, &key)->values[0] = weight;
}

static struct kf_terms term(struct kf_panel *panel, const char *id, const char *account)
{
    const char *variable = kf_arena_printf(panel->arena, "%s_%s", id, account);
    need(variable != NULL);
    return fixture_term(panel, variable, 1);
}

void given_rules(struct kf_panel *panel, struct kf_expenditure *rules, const char *id, bool payroll)
{
    rules->gross = term(panel, id, "bdu");
    if (payroll) {
        rules->payroll_costs = term(panel, id, "pensjon");
        rules->wages = term(panel, id, "lonn");
    }
}

void given_growth(struct kf_panel *panel, double wages, double prices)
{
    struct kf_edition *edition = fixture_edition(panel);
    struct kf_deflator *growth = kf_arena_calloc(panel->arena, 1, sizeof *growth);
    need(growth != NULL);
    *growth =
        (struct kf_deflator){.year = panel->year, .wages_percent = wages, .prices_percent = prices};
    edition->deflators = growth;
    edition->deflators_len = 1;
}

double efficiency_value(const struct kf_panel *panel, const char *sector, const char *measure,
                        size_t member)
{
    return fixture_value(panel, KF_TOPIC_EFFICIENCY, sector, "", measure, member);
}

uint8_t efficiency_status(const struct kf_panel *panel, const char *sector, const char *measure,
                          size_t member)
{
    return fixture_status(panel, KF_TOPIC_EFFICIENCY, sector, "", measure, member);
}

bool efficiency_has(const struct kf_panel *panel, const char *sector, const char *measure)
{
    return kf_panel_result(panel, KF_TOPIC_EFFICIENCY, sector, "", measure) != NULL;
}
