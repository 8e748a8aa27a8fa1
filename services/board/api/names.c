#include "services/board/api/names.h"

#include <string.h>

/* A walk through an edition. */
struct walk {
    const struct kf_variables *variables;
    kf_names_visit *visit;
    void *context;
};

static void tell(const struct walk *self, const char *id, const struct kf_name *name)
{
    if (name->nb && name->nb[0]) {
        self->visit(self->context, id, name);
    }
}

static bool variable_name(const struct kf_variables *variables, const char *id,
                          struct kf_name *name)
{
    const struct kf_variable *variable =
        variables ? kf_variables_find(variables, id, strlen(id)) : NULL;
    if (!variable) {
        return false;
    }
    *name = (struct kf_name){.nb = variable->name_nb, .en = variable->name_en};
    return true;
}

/* What is called as the variable that it counts. */
static void tell_variable(const struct walk *self, const char *id, const char *variable)
{
    struct kf_name name;
    if (variable_name(self->variables, variable, &name) ||
        variable_name(self->variables, id, &name)) {
        tell(self, id, &name);
    }
}

static void walk_sector(const struct walk *self, const struct kf_sector *sector)
{
    tell(self, sector->id, &sector->name);
    for (size_t i = 0; i < sector->indicators_len; i++) {
        tell(self, sector->indicators[i].id, &sector->indicators[i].name);
    }
    for (size_t i = 0; i < sector->criteria_len; i++) {
        tell_variable(self, sector->criteria[i].id, sector->criteria[i].variable);
    }
    for (size_t i = 0; i < sector->resources.adjustments_len; i++) {
        tell(self, sector->resources.adjustments[i].id, &sector->resources.adjustments[i].name);
    }
}

static void walk_uses(const struct walk *self, const struct kf_use *uses, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        tell(self, uses[i].id, &uses[i].name);
    }
}

static void walk_ages(const struct walk *self, const struct kf_age_group *groups, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        tell(self, groups[i].id, &groups[i].name);
    }
}

static void walk_demography(const struct walk *self, const struct kf_demography *demography)
{
    walk_ages(self, demography->groups, demography->groups_len);
    walk_ages(self, demography->cost_groups, demography->cost_groups_len);
    for (size_t i = 0; i < demography->sectors_len; i++) {
        tell(self, demography->sectors[i].id, &demography->sectors[i].name);
    }
}

static void walk_unit_costs(const struct walk *self, const struct kf_unit_costs *costs)
{
    for (size_t i = 0; i < costs->services_len; i++) {
        tell(self, costs->services[i].id, &costs->services[i].name);
    }
    for (size_t i = 0; i < costs->groups_len; i++) {
        tell(self, costs->groups[i].id, &costs->groups[i].name);
    }
    for (size_t i = 0; i < costs->user_times_len; i++) {
        tell(self, costs->user_times[i].id, &costs->user_times[i].name);
    }
    for (size_t i = 0; i < costs->growths_len; i++) {
        tell(self, costs->growths[i].id, &costs->growths[i].name);
    }
}

static void walk_corrections(const struct walk *self, const struct kf_edition *edition)
{
    for (size_t i = 0; i < edition->corrections_len; i++) {
        const struct kf_correction *correction = &edition->corrections[i];
        for (size_t j = 0; j < correction->regressors_len; j++) {
            tell_variable(self, correction->regressors[j], correction->regressors[j]);
        }
    }
}

void kf_names_each(const struct kf_edition *edition, const struct kf_variables *variables,
                   kf_names_visit *visit, void *context)
{
    const struct walk walk = {.variables = variables, .visit = visit, .context = context};
    for (size_t i = 0; i < edition->sectors_len; i++) {
        walk_sector(&walk, &edition->sectors[i]);
    }
    walk_uses(&walk, edition->uses, edition->uses_len);
    walk_demography(&walk, &edition->demography);
    walk_unit_costs(&walk, &edition->unit_costs);
    walk_uses(&walk, edition->trial.grants, edition->trial.grants_len);
    walk_corrections(&walk, edition);
}

/* An id that is looked for, and what was found first. */
struct search {
    const char *id;
    struct kf_name name;
    bool found;
};

static void compare(void *context, const char *id, const struct kf_name *name)
{
    struct search *search = context;
    if (!search->found && strcmp(id, search->id) == 0) {
        search->name = *name;
        search->found = true;
    }
}

bool kf_names_find(const struct kf_edition *edition, const struct kf_variables *variables,
                   const char *id, struct kf_name *name)
{
    struct search search = {.id = id};
    if (edition) {
        kf_names_each(edition, variables, compare, &search);
    }
    if (!search.found) {
        return variable_name(variables, id, name);
    }
    *name = search.name;
    return true;
}
