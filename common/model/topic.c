#include "common/model/topic.h"

#include <string.h>

static const char *const topic_names[KF_TOPICS] = {
    [KF_TOPIC_NONE] = "",
    [KF_TOPIC_NEED] = "need",
    [KF_TOPIC_RESOURCE_USE] = "resource-use",
    [KF_TOPIC_DEMOGRAPHY] = "demography",
    [KF_TOPIC_INDICATOR] = "indicator",
    [KF_TOPIC_INDEX] = "index",
    [KF_TOPIC_EFFICIENCY] = "efficiency",
    [KF_TOPIC_UNIT_COST] = "unit-cost",
    [KF_TOPIC_STATISTICS] = "statistics",
};

static const struct kf_measure measures[] = {
    {KF_TOPIC_NEED, "need_index", "ratio"},
    {KF_TOPIC_NEED, "published_need_index", "ratio"},
    {KF_TOPIC_NEED, "need_population", "persons"},
    {KF_TOPIC_NEED, "need_kr_per_capita", "kr/persons"},
    {KF_TOPIC_NEED, "driver", "ratio"},
    {KF_TOPIC_RESOURCE_USE, "net_expenditure_kr_per_capita", "kr/persons"},
    {KF_TOPIC_RESOURCE_USE, "adjustment_kr_per_capita", "kr/persons"},
    {KF_TOPIC_RESOURCE_USE, "adjusted_expenditure_kr_per_capita", "kr/persons"},
    {KF_TOPIC_RESOURCE_USE, "need_adjusted_expenditure_kr_per_capita", "kr/persons"},
    {KF_TOPIC_RESOURCE_USE, "deviation_kr_per_capita", "kr/persons"},
    {KF_TOPIC_RESOURCE_USE, "deviation_percent", "percent"},
    {KF_TOPIC_RESOURCE_USE, "deviation_million_kr", "million kr"},
    {KF_TOPIC_RESOURCE_USE, "deviation_change_kr_per_capita", "kr/persons"},
    {KF_TOPIC_RESOURCE_USE, "income_adjusted_kr_per_capita", "kr/persons"},
    {KF_TOPIC_RESOURCE_USE, "income_share", "share"},
    {KF_TOPIC_DEMOGRAPHY, "population", "persons"},
    {KF_TOPIC_DEMOGRAPHY, "population_index", "ratio"},
    {KF_TOPIC_DEMOGRAPHY, "population_index_others", "ratio"},
    {KF_TOPIC_DEMOGRAPHY, "population_growth_percent", "percent"},
    {KF_TOPIC_DEMOGRAPHY, "population_growth_persons", "persons"},
    {KF_TOPIC_DEMOGRAPHY, "cost_million_kr", "million kr"},
    {KF_TOPIC_DEMOGRAPHY, "cost_kr_per_capita", "kr/persons"},
    {KF_TOPIC_DEMOGRAPHY, "cost_since_base_million_kr", "million kr"},
    {KF_TOPIC_DEMOGRAPHY, "need_index", "ratio"},
    {KF_TOPIC_DEMOGRAPHY, "care_need_index", "index"},
    {KF_TOPIC_DEMOGRAPHY, "rate_kr", "kr/persons"},
    {KF_TOPIC_DEMOGRAPHY, "projection_error_percent", "percent"},
    {KF_TOPIC_DEMOGRAPHY, "cost_error_million_kr", "million kr"},
    {KF_TOPIC_INDICATOR, "raw", ""},
    {KF_TOPIC_INDICATOR, "corrected", ""},
    {KF_TOPIC_INDICATOR, "normalized", ""},
    {KF_TOPIC_INDICATOR, "contribution", ""},
    {KF_TOPIC_INDICATOR, "contribution_to_total", ""},
    {KF_TOPIC_INDEX, "index", ""},
    {KF_TOPIC_INDEX, "index_without_imputed", ""},
    {KF_TOPIC_INDEX, "rank", "rank"},
    {KF_TOPIC_INDEX, "contribution", ""},
    {KF_TOPIC_EFFICIENCY, "expenditure_index", ""},
    {KF_TOPIC_EFFICIENCY, "efficiency", ""},
    {KF_TOPIC_EFFICIENCY, "efficiency_percent", "percent"},
    {KF_TOPIC_EFFICIENCY, "production_change_percent", "percent"},
    {KF_TOPIC_EFFICIENCY, "expenditure_change_percent", "percent"},
    {KF_TOPIC_EFFICIENCY, "efficiency_change_percent", "percent"},
    {KF_TOPIC_EFFICIENCY, "need_change_percent", "percent"},
    {KF_TOPIC_EFFICIENCY, "production_per_capita_change_percent", "percent"},
    {KF_TOPIC_EFFICIENCY, "production_beyond_need_percent", "percent"},
    {KF_TOPIC_EFFICIENCY, "deflator_percent", "percent"},
    {KF_TOPIC_EFFICIENCY, "production_change_mean_absolute", "percent"},
    {KF_TOPIC_EFFICIENCY, "expenditure_change_mean_absolute", "percent"},
    {KF_TOPIC_EFFICIENCY, "efficiency_change_mean_absolute", "percent"},
    {KF_TOPIC_UNIT_COST, "quantity", ""},
    {KF_TOPIC_UNIT_COST, "rate_kr", ""},
    {KF_TOPIC_UNIT_COST, "unit_cost_kr", ""},
    {KF_TOPIC_UNIT_COST, "unit_cost_others_kr", ""},
    {KF_TOPIC_UNIT_COST, "deviation_kr", ""},
    {KF_TOPIC_UNIT_COST, "net_expenditure_million_kr", "million kr"},
    {KF_TOPIC_UNIT_COST, "grant_million_kr", "million kr"},
    {KF_TOPIC_UNIT_COST, "calculated_grant_million_kr", "million kr"},
    {KF_TOPIC_UNIT_COST, "published_grant_million_kr", "million kr"},
    {KF_TOPIC_UNIT_COST, "deduction_million_kr", "million kr"},
    {KF_TOPIC_UNIT_COST, "gain_million_kr", "million kr"},
    {KF_TOPIC_UNIT_COST, "gain_without_preliminary_million_kr", "million kr"},
    {KF_TOPIC_UNIT_COST, "published_gain_million_kr", "million kr"},
    {KF_TOPIC_UNIT_COST, "gain_percent", "percent"},
    {KF_TOPIC_UNIT_COST, "ratio", "ratio"},
    {KF_TOPIC_UNIT_COST, "users", "count"},
    {KF_TOPIC_UNIT_COST, "net_above_threshold_million_kr", "million kr"},
    {KF_TOPIC_UNIT_COST, "own_share_threshold_million_kr", "million kr"},
    {KF_TOPIC_UNIT_COST, "own_share_above_million_kr", "million kr"},
    {KF_TOPIC_UNIT_COST, "own_share_million_kr", "million kr"},
    {KF_TOPIC_UNIT_COST, "refund_million_kr", "million kr"},
    {KF_TOPIC_UNIT_COST, "institution_share", "share"},
    {KF_TOPIC_UNIT_COST, "institution_places", "count"},
    {KF_TOPIC_UNIT_COST, "user_time_share", "share"},
    {KF_TOPIC_UNIT_COST, "user_time_norm", "share"},
    {KF_TOPIC_UNIT_COST, "user_time_beyond_norm_percent", "percentage points"},
    {KF_TOPIC_UNIT_COST, "gross_growth_percent", "percent"},
    {KF_TOPIC_UNIT_COST, "demographic_growth_percent", "percent"},
    {KF_TOPIC_UNIT_COST, "real_growth_percent", "percentage points"},
    {KF_TOPIC_STATISTICS, "minimum", ""},
    {KF_TOPIC_STATISTICS, "maximum", ""},
    {KF_TOPIC_STATISTICS, "mean_weighted", ""},
    {KF_TOPIC_STATISTICS, "sd_weighted", ""},
    {KF_TOPIC_STATISTICS, "sd_unweighted", ""},
    {KF_TOPIC_STATISTICS, "weight", "share"},
    {KF_TOPIC_STATISTICS, "correlation", "ratio"},
    {KF_TOPIC_STATISTICS, "mean_absolute_difference", "ratio"},
    {KF_TOPIC_STATISTICS, "coefficient", ""},
    {KF_TOPIC_STATISTICS, "standard_error", ""},
    {KF_TOPIC_STATISTICS, "t_value", "ratio"},
    {KF_TOPIC_STATISTICS, "p_value", "share"},
    {KF_TOPIC_STATISTICS, "stars", "count"},
    {KF_TOPIC_STATISTICS, "observations", "count"},
    {KF_TOPIC_STATISTICS, "r_squared", "share"},
    {KF_TOPIC_STATISTICS, "condition_number", "ratio"},
};

const char *const kf_cost_parts[KF_COST_PARTS] = {
    [KF_COST_PART_SERVICES] = KF_SECTOR_SERVICES,
    [KF_COST_PART_INSTITUTION] = KF_SECTOR_INSTITUTION,
    [KF_COST_PART_USER_TIME] = KF_SECTOR_USER_TIME,
    [KF_COST_PART_GROWTH] = KF_SECTOR_GROWTH,
    [KF_COST_PART_GRANTS] = KF_SECTOR_GRANTS,
    [KF_COST_PART_RESOURCE_INTENSIVE] = KF_SECTOR_RESOURCE_INTENSIVE,
    [KF_COST_PART_DEMOGRAPHY] = KF_SECTOR_DEMOGRAPHY,
};

const char *const kf_reserved_sectors[KF_RESERVED_SECTORS] = {
    KF_SECTOR_TOTAL,  KF_SECTOR_TOTAL_WITH_ADMINISTRATION,
    KF_SECTOR_INSIDE, KF_SECTOR_OUTSIDE,
    KF_SECTOR_INCOME, KF_SECTOR_RESIDUAL,
};

bool kf_sector_is_cost_part(const char *sector)
{
    bool found = false;
    for (size_t i = 0; i < KF_COST_PARTS && !found; i++) {
        found = strcmp(kf_cost_parts[i], sector) == 0;
    }
    return found;
}

const char *kf_topic_name(enum kf_topic topic)
{
    size_t index = (size_t)topic;
    return index < KF_TOPICS ? topic_names[index] : "";
}

const struct kf_measure *kf_measures(size_t *count)
{
    *count = sizeof measures / sizeof measures[0];
    return measures;
}

const struct kf_measure *kf_measure_find(enum kf_topic topic, const char *name)
{
    for (size_t i = 0; i < sizeof measures / sizeof measures[0]; i++) {
        if (measures[i].topic == topic && strcmp(measures[i].name, name) == 0) {
            return &measures[i];
        }
    }
    return NULL;
}
