#include "services/ingest/wanted.h"

#include "common/base/text.h"
#include "common/model/cost_variable.h"

#define NAMES_SHOWN      5
#define WANTED_BYTES_MAX 400

struct wanted {
    struct kf_text names;
    size_t count;
};

/* Nothing for a variable that is not there. */
static void add(struct wanted *self, const char *variable)
{
    if (!variable || !variable[0]) {
        return;
    }
    if (self->count < NAMES_SHOWN) {
        kf_text_add_format(&self->names, "%s%s", self->count ? ", " : "", variable);
    }
    self->count++;
}

/* The first variable of a sum stands for it. */
static void add_terms(struct wanted *self, const struct kf_terms *terms)
{
    add(self, terms->count > 0 ? terms->list[0].variable : "");
}

static void add_production(struct wanted *self, const struct kf_edition *edition)
{
    add(self, edition->given_total);
    for (size_t s = 0; s < edition->sectors_len; s++) {
        const struct kf_sector *sector = &edition->sectors[s];
        add(self, sector->given);
        for (size_t i = 0; i < sector->indicators_len; i++) {
            add_terms(self, &sector->indicators[i].numerator);
        }
    }
}

static void add_criterion(struct wanted *self, const struct kf_criterion *criterion)
{
    if (criterion->variable && criterion->variable[0]) {
        add(self, criterion->variable);
    } else {
        add_terms(self, &criterion->ages);
    }
}

static void add_need(struct wanted *self, const struct kf_edition *edition)
{
    add(self, edition->published_need);
    for (size_t s = 0; s < edition->sectors_len; s++) {
        const struct kf_sector *sector = &edition->sectors[s];
        add(self, sector->published_need);
        for (size_t i = 0; i < sector->criteria_len; i++) {
            add_criterion(self, &sector->criteria[i]);
        }
    }
}

static void add_resources(struct wanted *self, const struct kf_edition *edition)
{
    for (size_t s = 0; s < edition->sectors_len; s++) {
        add_terms(self, &edition->sectors[s].resources.net);
    }
    for (size_t i = 0; i < edition->uses_len; i++) {
        add_terms(self, &edition->uses[i].amount);
    }
}

static void add_demography(struct wanted *self, const struct kf_demography *demography)
{
    for (size_t i = 0; i < demography->groups_len; i++) {
        add_terms(self, &demography->groups[i].people);
    }
    for (size_t i = 0; i < demography->cost_groups_len; i++) {
        add_terms(self, &demography->cost_groups[i].people);
    }
}

static void add_cost(void *wanted, const struct kf_cost_variable *variable)
{
    if (variable->leads) {
        add(wanted, variable->name);
    }
}

/* What the figures are of, in an edition that produces nothing. */
static const char *kinds_of(const struct kf_edition *edition)
{
    bool any = kf_edition_has_unit_costs(edition) || kf_edition_has_trial(edition);
    return !any ? "figures of need, resource use or demography"
           : kf_edition_needs_population(edition)
               ? "figures of need, resource use, demography or unit costs"
               : "figures of unit costs";
}

void kf_wanted_add(const struct kf_edition *edition, struct kf_text *text)
{
    struct wanted wanted = {.count = 0};
    kf_text_init(&wanted.names, WANTED_BYTES_MAX);
    add_production(&wanted, edition);
    bool produces = wanted.count > 0;
    if (!produces) {
        add_need(&wanted, edition);
        add_resources(&wanted, edition);
        add_demography(&wanted, &edition->demography);
        kf_cost_variables_each(edition, add_cost, &wanted);
    }
    kf_text_add_format(text, "%zu %s: %s%s", wanted.count,
                       produces ? "indicators" : kinds_of(edition), wanted.names.bytes,
                       wanted.count > NAMES_SHOWN ? ", …" : "");
    kf_text_clear(&wanted.names);
}

void kf_wanted_tell(const struct kf_edition *edition, struct kf_findings *findings)
{
    struct kf_text years;
    struct kf_text any;
    kf_text_init(&years, WANTED_BYTES_MAX);
    kf_text_init(&any, 2 * WANTED_BYTES_MAX);
    kf_edition_print_years(edition, &years);
    kf_wanted_add(edition, &any);
    kf_findings_add(findings, &(struct kf_place){.file = edition->id},
                    "give figures that an edition uses, or add an edition that uses these",
                    "the edition wants years %s and any of %s", years.bytes, any.bytes);
    kf_text_clear(&any);
    kf_text_clear(&years);
}
