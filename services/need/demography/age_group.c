#include "services/need/demography/age_group.h"

#include <string.h>

/* Every source of: the year, the one before, the base year, the last observed one. */
#define ENTRIES_MAX 16

/* One year as one source tells it: the groups, the cost groups, everybody. */
struct entry {
    int year;
    enum kf_age_source source;
    struct kf_values *values;
};

struct kf_age_years {
    struct kf_panel *panel;
    struct kf_arena *arena;
    size_t groups;            /* how many come first */
    size_t cost_groups;       /* how many come then */
    bool covered;             /* the cost groups hold every age */
    struct kf_values *ratios; /* P_T/P̂_T of every group, every cost group and everybody, in their
                                 order; NULL until a year is rebased */
    struct entry entries[ENTRIES_MAX];
    size_t entries_len;
};

bool kf_age_groups_cover(const struct kf_demography *demography)
{
    bool seen[KF_AGE_MAX + 1] = {false};
    size_t count = 0;
    for (size_t g = 0; g < demography->cost_groups_len; g++) {
        const struct kf_terms *people = &demography->cost_groups[g].people;
        for (size_t t = 0; t < people->count; t++) {
            int age = kf_variable_age(people->list[t].variable);
            if (age < 0 || seen[age] || people->list[t].factor != 1) {
                return false;
            }
            seen[age] = true;
            count++;
        }
    }
    return count == KF_AGE_MAX + 1;
}

struct kf_age_years *kf_age_years_new(struct kf_panel *panel, struct kf_arena *arena)
{
    const struct kf_demography *demography = &panel->edition->demography;
    struct kf_age_years *self = kf_arena_alloc(arena, sizeof *self);
    if (self) {
        *self = (struct kf_age_years){
            .panel = panel,
            .arena = arena,
            .groups = demography->groups_len,
            .cost_groups = demography->cost_groups_len,
            .covered = kf_age_groups_cover(demography),
        };
    }
    return self;
}

static size_t count_values(const struct kf_age_years *self)
{
    return self->groups + self->cost_groups + 1;
}

static const struct kf_age_group *group_at(const struct kf_age_years *self, size_t i)
{
    const struct kf_demography *demography = &self->panel->edition->demography;
    return i < self->groups ? &demography->groups[i] : &demography->cost_groups[i - self->groups];
}

/* --- sums ------------------------------------------------------------------------------------ */

/* Σ of the terms in the panel of that year, with `flags` on all that is there. */
static enum kf_err sum_terms(struct kf_age_years *self, const struct kf_panel *year,
                             const struct kf_terms *terms, uint8_t flags, struct kf_values *sum)
{
    if (!year || terms->count == 0) {
        return kf_values_new_missing(self->panel, self->arena, sum, NULL);
    }
    enum kf_err code = kf_terms_sum(year, terms, self->arena, sum, NULL);
    for (size_t k = 0; code == KF_OK && k <= sum->members; k++) {
        sum->status[k] |= kf_cell_has_value(sum->status[k]) ? flags : 0;
    }
    return code;
}

/* The population column of a projected year is the projection's; of a year before it there is the
 * variable of the projection. */
static const char *population_variable(const struct kf_edition *edition, int year,
                                       enum kf_age_source source)
{
    bool projected_column = kf_edition_projects(edition, year);
    if (source == KF_AGE_OBSERVED) {
        return projected_column ? NULL : edition->population;
    }
    return projected_column ? edition->population : edition->demography.projected_population;
}

static enum kf_err sum_population(struct kf_age_years *self, const struct entry *entry,
                                  const struct kf_panel *year, uint8_t flags, struct kf_values *sum)
{
    const char *variable = population_variable(self->panel->edition, entry->year, entry->source);
    struct kf_term term = {.variable = variable, .factor = 1};
    struct kf_terms terms = {&term, variable && variable[0] ? 1 : 0};
    return sum_terms(self, year, &terms, flags, sum);
}

static enum kf_err sum_cost_groups(struct kf_age_years *self, const struct kf_values *cost_groups,
                                   struct kf_values *sum)
{
    enum kf_err code = kf_values_new(self->panel, self->arena, sum, NULL);
    for (size_t g = 0; code == KF_OK && g < self->cost_groups; g++) {
        for (size_t k = 0; k <= sum->members; k++) {
            kf_values_add(sum, k, cost_groups[g].values[k], cost_groups[g].status[k]);
        }
    }
    return code;
}

static enum kf_err sum_entry(struct kf_age_years *self, struct entry *entry)
{
    const struct kf_panel *year = kf_panel_of_year(self->panel, entry->year);
    bool projected = entry->source == KF_AGE_PROJECTED;
    uint8_t flags = projected ? KF_CELL_PROJECTED : 0;
    size_t all = count_values(self);
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i + 1 < all; i++) {
        const struct kf_age_group *group = group_at(self, i);
        const struct kf_terms *terms = projected ? &group->projected : &group->people;
        code = sum_terms(self, year, terms, flags, &entry->values[i]);
    }
    if (code == KF_OK) {
        struct kf_values *whole = &entry->values[all - 1];
        code = self->covered ? sum_cost_groups(self, &entry->values[self->groups], whole)
                             : sum_population(self, entry, year, flags, whole);
    }
    return code;
}

/* --- D7 -------------------------------------------------------------------------------------- */

size_t kf_age_cost_group_of(const struct kf_demography *demography, const char *variable)
{
    size_t g = 0;
    for (; g < demography->cost_groups_len; g++) {
        const struct kf_terms *projected = &demography->cost_groups[g].projected;
        for (size_t t = 0; t < projected->count; t++) {
            if (strcmp(projected->list[t].variable, variable) == 0) {
                return g;
            }
        }
    }
    return g;
}

/* Observed ÷ projected; 1, flagged `inferred`, where nobody was projected. */
static void ratio_cell(const struct kf_values *observed, const struct kf_values *projected,
                       size_t k, struct kf_values *ratio)
{
    kf_values_add(ratio, k, observed->values[k], observed->status[k]);
    kf_values_add(ratio, k, kf_wide_from(0), projected->status[k]);
    if (!kf_cell_has_value(ratio->status[k])) {
        return;
    }
    if (projected->values[k].high > 0) {
        ratio->values[k] = kf_wide_div(ratio->values[k], projected->values[k]);
    } else {
        ratio->values[k] = kf_wide_from(1);
        ratio->status[k] |= KF_CELL_INFERRED;
    }
}

static enum kf_err find(struct kf_age_years *self, int year, enum kf_age_source source,
                        struct entry **entry);

/* Makes the ratios unless they are there: they are the same for every year. */
static enum kf_err make_ratios(struct kf_age_years *self)
{
    if (self->ratios) {
        return KF_OK;
    }
    int through = self->panel->edition->demography.observed_through;
    struct entry *observed = NULL;
    struct entry *projected = NULL;
    struct kf_values *made = kf_arena_calloc(self->arena, count_values(self), sizeof *made);
    enum kf_err code = made ? find(self, through, KF_AGE_OBSERVED, &observed) : KF_ERR_MEMORY;
    code = code == KF_OK ? find(self, through, KF_AGE_PROJECTED, &projected) : code;
    for (size_t i = 0; code == KF_OK && i < count_values(self); i++) {
        code = kf_values_new(self->panel, self->arena, &made[i], NULL);
        for (size_t k = 0; code == KF_OK && k <= made[i].members; k++) {
            ratio_cell(&observed->values[i], &projected->values[i], k, &made[i]);
        }
    }
    self->ratios = code == KF_OK ? made : NULL;
    return code;
}

/* Adds one projected variable, times `ratio`. */
static enum kf_err add_rebased(struct kf_age_years *self, const struct kf_panel *year,
                               struct kf_term *term, const struct kf_values *ratio,
                               struct kf_values *rebased)
{
    struct kf_values part = {0};
    const struct kf_terms terms = {term, 1};
    enum kf_err code = sum_terms(self, year, &terms, KF_CELL_PROJECTED, &part);
    for (size_t k = 0; code == KF_OK && k <= rebased->members; k++) {
        struct kf_wide scaled = kf_wide_mul(part.values[k], ratio->values[k]);
        kf_values_add(rebased, k, scaled, part.status[k]);
        kf_values_add(rebased, k, kf_wide_from(0), ratio->status[k]);
    }
    return code;
}

/* Number `i` rebased: each variable is scaled as its cost group is, one that is in none as number
 * `i` itself. */
static enum kf_err sum_rebased(struct kf_age_years *self, const struct kf_panel *year,
                               const struct kf_terms *terms, size_t i, struct kf_values *rebased)
{
    const struct kf_demography *demography = &self->panel->edition->demography;
    enum kf_err code = terms->count > 0
                           ? kf_values_new(self->panel, self->arena, rebased, NULL)
                           : kf_values_new_missing(self->panel, self->arena, rebased, NULL);
    for (size_t t = 0; code == KF_OK && t < terms->count; t++) {
        size_t group = kf_age_cost_group_of(demography, terms->list[t].variable);
        size_t scale = group < self->cost_groups ? self->groups + group : i;
        code = add_rebased(self, year, &terms->list[t], &self->ratios[scale], rebased);
    }
    return code;
}

static enum kf_err rebase_entry(struct kf_age_years *self, struct entry *entry)
{
    const struct kf_panel *year = kf_panel_of_year(self->panel, entry->year);
    enum kf_err code = make_ratios(self);
    size_t last = count_values(self) - 1;
    for (size_t i = 0; code == KF_OK && i < last; i++) {
        const struct kf_terms *terms = &group_at(self, i)->projected;
        code = sum_rebased(self, year, terms, i, &entry->values[i]);
    }
    if (code == KF_OK && self->covered) {
        return sum_cost_groups(self, &entry->values[self->groups], &entry->values[last]);
    }
    const char *variable = population_variable(self->panel->edition, entry->year, KF_AGE_PROJECTED);
    struct kf_term term = {.variable = variable, .factor = 1};
    const struct kf_terms terms = {&term, variable && variable[0] ? 1 : 0};
    return code == KF_OK ? sum_rebased(self, year, &terms, last, &entry->values[last]) : code;
}

/* --- years ----------------------------------------------------------------------------------- */

static enum kf_err add_entry(struct kf_age_years *self, int year, enum kf_age_source source,
                             struct entry **entry)
{
    struct kf_values *values = kf_arena_calloc(self->arena, count_values(self), sizeof *values);
    if (!values) {
        return KF_ERR_MEMORY;
    }
    if (self->entries_len == ENTRIES_MAX) {
        return KF_ERR_LIMIT;
    }
    struct entry *added = &self->entries[self->entries_len++];
    *added = (struct entry){.year = year, .source = source, .values = values};
    *entry = added;
    return source == KF_AGE_COUNTED ? rebase_entry(self, added) : sum_entry(self, added);
}

/* What is counted is one of the other two, unless the projection is rebased. */
static enum kf_age_source source_of(const struct kf_edition *edition, int year,
                                    enum kf_age_source source)
{
    if (source != KF_AGE_COUNTED) {
        return source;
    }
    if (!kf_edition_projects(edition, year)) {
        return KF_AGE_OBSERVED;
    }
    return edition->demography.rebased ? KF_AGE_COUNTED : KF_AGE_PROJECTED;
}

static enum kf_err find(struct kf_age_years *self, int year, enum kf_age_source source,
                        struct entry **entry)
{
    source = source_of(self->panel->edition, year, source);
    for (size_t i = 0; i < self->entries_len; i++) {
        if (self->entries[i].year == year && self->entries[i].source == source) {
            *entry = &self->entries[i];
            return KF_OK;
        }
    }
    return add_entry(self, year, source, entry);
}

enum kf_err kf_age_years_people(struct kf_age_years *self, int year, enum kf_age_source source,
                                struct kf_age_people *people, struct kf_error *err)
{
    struct entry *entry = NULL;
    enum kf_err code = find(self, year, source, &entry);
    if (code != KF_OK) {
        return kf_error_set(err, code, "the people of %d cannot be counted: %s", year,
                            code == KF_ERR_LIMIT ? "too many years" : "no memory");
    }
    *people = (struct kf_age_people){
        .groups = entry->values,
        .cost_groups = entry->values + self->groups,
        .whole = entry->values + self->groups + self->cost_groups,
    };
    return KF_OK;
}
