#include "common/model/cost_variable.h"

struct walk {
    kf_cost_variable_seen *seen;
    void *context;
};

static void see(const struct walk *self, const char *name, bool country, bool leads)
{
    if (name && name[0]) {
        struct kf_cost_variable variable = {.name = name, .country = country, .leads = leads};
        self->seen(self->context, &variable);
    }
}

static void see_terms(const struct walk *self, const struct kf_terms *terms)
{
    for (size_t t = 0; t < terms->count; t++) {
        see(self, terms->list[t].variable, terms->list[t].country, t == 0);
    }
}

/* --- unit costs ------------------------------------------------------------------------------- */

static void see_groups(const struct walk *self, const struct kf_unit_costs *costs)
{
    for (size_t i = 0; i < costs->groups_len; i++) {
        const struct kf_cost_group *group = &costs->groups[i];
        see_terms(self, &group->net);
        see_terms(self, &group->grant);
        for (size_t d = 0; d < group->deliveries_len; d++) {
            see_terms(self, &group->deliveries[d].quantity);
        }
    }
    see_terms(self, &costs->gain);
}

static void see_unit_costs(const struct walk *self, const struct kf_unit_costs *costs)
{
    see_groups(self, costs);
    see_terms(self, &costs->institution.days);
    see_terms(self, &costs->institution.expenditure);
    see_terms(self, &costs->institution.of);
    for (size_t i = 0; i < costs->user_times_len; i++) {
        see_terms(self, &costs->user_times[i].approved);
        see_terms(self, &costs->user_times[i].available);
    }
    for (size_t i = 0; i < costs->growths_len; i++) {
        see(self, costs->growths[i].gross, false, true);
        see_terms(self, &costs->growths[i].expenditure);
        see(self, costs->growths[i].demographic, false, true);
    }
}

/* --- the trial -------------------------------------------------------------------------------- */

static void see_users(const struct walk *self, const struct kf_users *users)
{
    for (size_t i = 0; i < users->count; i++) {
        see(self, users->costs[i], false, i == 0);
        see(self, users->ages ? users->ages[i] : "", false, i == 0);
    }
}

static void see_trial(const struct walk *self, const struct kf_trial *trial)
{
    for (size_t i = 0; i < trial->grants_len; i++) {
        see_terms(self, &trial->grants[i].amount);
    }
    see_terms(self, &trial->grant);
    see_terms(self, &trial->deduction);
    see_users(self, &trial->resource_intensive.each);
    see_terms(self, &trial->resource_intensive.users);
    see_terms(self, &trial->resource_intensive.net);
    see_terms(self, &trial->resource_intensive.gain);
    see(self, trial->demography.growth, false, true);
    see_terms(self, &trial->demography.gain);
    see_terms(self, &trial->gain);
}

void kf_cost_variables_each(const struct kf_edition *edition, kf_cost_variable_seen *seen,
                            void *context)
{
    struct walk walk = {.seen = seen, .context = context};
    see_unit_costs(&walk, &edition->unit_costs);
    see_trial(&walk, &edition->trial);
}
