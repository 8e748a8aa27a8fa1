#include "common/model/edition.h"

#include <stdlib.h>
#include <string.h>

#include "common/model/cost_variable.h"

#define SERVICE_BYTES_MAX 64

/* --- the variables of an edition ------------------------------------------------------------- */

/* What has been mentioned; counts only while there is no list. */
struct mentions {
    struct kf_edition_variable *list;
    size_t count;
};

static void mention(struct mentions *self, const char *name, bool needed)
{
    if (name && name[0]) {
        if (self->list) {
            self->list[self->count] = (struct kf_edition_variable){name, needed};
        }
        self->count++;
    }
}

static void mention_terms(struct mentions *self, const struct kf_terms *terms, bool needed)
{
    for (size_t i = 0; i < terms->count; i++) {
        mention(self, terms->list[i].variable, needed);
    }
}

static void mention_weighting(struct mentions *self, const struct kf_weighting *weighting)
{
    for (size_t i = 0; i < weighting->parts_len; i++) {
        mention_terms(self, &weighting->parts[i].amount, false);
    }
}

static void mention_expenditure(struct mentions *self, const struct kf_expenditure *expenditure)
{
    mention(self, expenditure->given, false);
    mention_terms(self, &expenditure->gross, false);
    mention_terms(self, &expenditure->minus, false);
    mention_terms(self, &expenditure->payroll_costs, false);
    mention_terms(self, &expenditure->wages, false);
}

static void mention_criteria(struct mentions *self, const struct kf_sector *sector)
{
    mention(self, sector->published_need, false);
    for (size_t i = 0; i < sector->criteria_len; i++) {
        mention(self, sector->criteria[i].variable, false);
        mention_terms(self, &sector->criteria[i].ages, false);
    }
}

static void mention_resources(struct mentions *self, const struct kf_resources *resources)
{
    mention_terms(self, &resources->net, false);
    for (size_t i = 0; i < resources->adjustments_len; i++) {
        mention_terms(self, &resources->adjustments[i].amount, false);
        mention_terms(self, &resources->adjustments[i].payroll_costs, false);
        mention_terms(self, &resources->adjustments[i].wages, false);
    }
}

static void mention_sector(struct mentions *self, const struct kf_sector *sector)
{
    mention(self, sector->given, true);
    for (size_t i = 0; i < sector->indicators_len; i++) {
        mention_terms(self, &sector->indicators[i].numerator, true);
        mention_terms(self, &sector->indicators[i].denominator, true);
    }
    mention_criteria(self, sector);
    mention_weighting(self, &sector->weighting);
    mention_expenditure(self, &sector->expenditure);
    mention_resources(self, &sector->resources);
}

static void mention_income(struct mentions *self, const struct kf_edition *edition)
{
    for (size_t i = 0; i < edition->uses_len; i++) {
        mention_terms(self, &edition->uses[i].amount, false);
    }
    mention_terms(self, &edition->income, false);
}

static void mention_groups(struct mentions *self, const struct kf_age_group *groups, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        mention_terms(self, &groups[i].people, false);
        mention_terms(self, &groups[i].projected, false);
    }
}

static void mention_demography(struct mentions *self, const struct kf_demography *demography)
{
    mention_groups(self, demography->groups, demography->groups_len);
    mention_groups(self, demography->cost_groups, demography->cost_groups_len);
    mention(self, demography->projected_population, false);
}

static void mention_cost(void *mentions, const struct kf_cost_variable *variable)
{
    mention(mentions, variable->name, false);
}

static void mention_corrections(struct mentions *self, const struct kf_edition *edition)
{
    for (size_t i = 0; i < edition->corrections_len; i++) {
        const struct kf_correction *correction = &edition->corrections[i];
        mention(self, correction->outcome, true);
        for (size_t j = 0; j < correction->regressors_len; j++) {
            mention(self, correction->regressors[j], true);
        }
    }
}

static void mention_all(struct mentions *self, const struct kf_edition *edition)
{
    mention(self, edition->population, true);
    mention(self, edition->given_total, true);
    for (size_t s = 0; s < edition->sectors_len; s++) {
        mention_sector(self, &edition->sectors[s]);
    }
    mention_weighting(self, &edition->weighting);
    mention_expenditure(self, &edition->expenditure);
    mention(self, edition->published_need, false);
    mention_income(self, edition);
    mention_demography(self, &edition->demography);
    kf_cost_variables_each(edition, mention_cost, self);
    mention(self, edition->change.production, false);
    mention(self, edition->change.expenditure, false);
    mention_corrections(self, edition);
}

static int compare_names(const void *left, const void *right)
{
    const struct kf_edition_variable *a = left;
    const struct kf_edition_variable *b = right;
    return strcmp(a->name, b->name);
}

/* Keeps each once, needed when any mention is. */
static size_t unite(struct kf_edition_variable *list, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && strcmp(list[kept - 1].name, list[i].name) == 0) {
            list[kept - 1].needed = list[kept - 1].needed || list[i].needed;
        } else {
            list[kept++] = list[i];
        }
    }
    return kept;
}

enum kf_err kf_edition_variables(const struct kf_edition *self, struct kf_arena *arena,
                                 const struct kf_edition_variable **list, size_t *count,
                                 struct kf_error *err)
{
    struct mentions mentions = {0};
    mention_all(&mentions, self);
    mentions.list = kf_arena_calloc(arena, mentions.count, sizeof *mentions.list);
    if (!mentions.list) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the variables of %s", self->id);
    }
    mentions.count = 0;
    mention_all(&mentions, self);
    if (mentions.count > 0) {
        qsort(mentions.list, mentions.count, sizeof *mentions.list, compare_names);
    }
    *list = mentions.list;
    *count = unite(mentions.list, mentions.count);
    return KF_OK;
}

/* --- questions ------------------------------------------------------------------------------- */

bool kf_edition_has_year(const struct kf_edition *self, int year)
{
    for (size_t i = 0; i < self->years_len; i++) {
        if (self->years[i] == year) {
            return true;
        }
    }
    return self->years_len == 0 && self->year_from <= year && year <= self->year_to;
}

void kf_edition_print_years(const struct kf_edition *self, struct kf_text *text)
{
    for (size_t i = 0; i < self->years_len; i++) {
        kf_text_add_format(text, "%s%d", i ? ", " : "", self->years[i]);
    }
    if (self->years_len > 0) {
        return;
    }
    kf_text_add_format(text, "%d", self->year_from);
    if (self->year_to == KF_EDITION_YEAR_MAX) {
        kf_text_add(text, "–");
    } else if (self->year_to != self->year_from) {
        kf_text_add_format(text, "–%d", self->year_to);
    }
}

int kf_edition_structure_year(const struct kf_edition *self,
                              const struct kf_municipalities *municipalities, int year)
{
    if (self->structure_year == KF_STRUCTURE_TODAY) {
        int newest = kf_municipalities_newest(municipalities);
        return year > newest ? year : newest;
    }
    return self->structure_year == KF_STRUCTURE_DATA_YEAR ? year : self->structure_year;
}

static bool correction_names(const struct kf_correction *correction, const char *variable)
{
    bool named = strcmp(correction->outcome, variable) == 0;
    for (size_t r = 0; !named && r < correction->regressors_len; r++) {
        named = strcmp(correction->regressors[r], variable) == 0;
    }
    return named;
}

bool kf_edition_corrects(const struct kf_edition *self, const char *variable)
{
    for (size_t i = 0; i < self->corrections_len; i++) {
        if (correction_names(&self->corrections[i], variable)) {
            return true;
        }
    }
    return false;
}

bool kf_edition_excludes(const struct kf_edition *self, const char *code)
{
    for (size_t i = 0; i < self->excluded_len; i++) {
        if (strcmp(self->excluded[i], code) == 0) {
            return true;
        }
    }
    return false;
}

bool kf_edition_takes_kostra_group(const struct kf_edition *self, const char *group)
{
    for (size_t i = 0; i < self->kostra_groups_len; i++) {
        if (strcmp(self->kostra_groups[i], group) == 0) {
            return true;
        }
    }
    return false;
}

const struct kf_sector *kf_edition_sector(const struct kf_edition *self, const char *id)
{
    for (size_t s = 0; s < self->sectors_len; s++) {
        if (strcmp(self->sectors[s].id, id) == 0) {
            return &self->sectors[s];
        }
    }
    return NULL;
}

bool kf_edition_has_key(const struct kf_edition *self)
{
    for (size_t s = 0; s < self->sectors_len; s++) {
        if (kf_sector_has_key(&self->sectors[s])) {
            return true;
        }
    }
    return false;
}

bool kf_sector_has_key(const struct kf_sector *self)
{
    return self->criteria_len > 0 || (self->published_need && self->published_need[0]);
}

bool kf_sector_produces(const struct kf_sector *self)
{
    return self->indicators_len > 0 || (self->given && self->given[0]);
}

/* True when a change since the year before is among the results. */
static bool looks_back(const struct kf_edition *self)
{
    for (size_t s = 0; s < self->sectors_len; s++) {
        if (self->sectors[s].resources.net.count > 0) {
            return true;
        }
    }
    for (size_t i = 0; i < self->unit_costs.growths_len; i++) {
        if (self->unit_costs.growths[i].expenditure.count > 0) {
            return true;
        }
    }
    return self->change.computed || self->demography.base_year > 0;
}

int kf_edition_earlier_years(const struct kf_edition *self)
{
    for (size_t s = 0; s < self->sectors_len; s++) {
        for (size_t i = 0; i < self->sectors[s].indicators_len; i++) {
            if (self->sectors[s].indicators[i].missing == KF_MISSING_LATEST) {
                return KF_LATEST_YEARS_MAX;
            }
        }
    }
    return looks_back(self) ? 1 : 0;
}

int kf_edition_need_year(const struct kf_edition *self, int year)
{
    if (self->need_year == KF_NEED_YEAR_NEXT) {
        return year + 1;
    }
    return self->need_year == KF_NEED_YEAR_SAME ? year : self->need_year;
}

bool kf_service_is_id(const char *id)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t length = strlen(id);
    return length > 0 && length <= SERVICE_BYTES_MAX && strspn(id, allowed) == length;
}

bool kf_edition_has_unit_costs(const struct kf_edition *self)
{
    const struct kf_unit_costs *costs = &self->unit_costs;
    return costs->groups_len > 0 || costs->gain.count > 0 || costs->institution.days.count > 0 ||
           costs->institution.of.count > 0 || costs->user_times_len > 0 || costs->growths_len > 0;
}

bool kf_edition_has_trial(const struct kf_edition *self)
{
    const struct kf_trial *trial = &self->trial;
    return trial->grants_len > 0 || trial->grant.count > 0 || trial->deduction.count > 0 ||
           trial->resource_intensive.thresholds.count > 0 ||
           trial->demography.compensated.count > 0 || trial->resource_intensive.gain.count > 0 ||
           trial->demography.gain.count > 0 || trial->gain.count > 0;
}

static bool is_set(const char *text)
{
    return text && text[0];
}

bool kf_edition_needs_population(const struct kf_edition *self)
{
    return self->sectors_len > 0 || self->uses_len > 0 || self->income.count > 0 ||
           self->demography.base_year > 0 || self->corrections_len > 0 || self->change.computed ||
           self->expenditure.gross.count > 0 || is_set(self->expenditure.given) ||
           is_set(self->given_total) || is_set(self->published_need) ||
           is_set(self->change.production) || is_set(self->change.expenditure) ||
           !(kf_edition_has_unit_costs(self) || kf_edition_has_trial(self));
}

bool kf_edition_projects(const struct kf_edition *self, int year)
{
    int through = self->demography.observed_through;
    return through > 0 && year > through;
}

/* Adds a year outside the panel's own, in its place, once. */
static size_t add_further(int wanted, int year, int earlier, int *years, size_t count)
{
    bool own = wanted <= year && wanted >= year - earlier;
    size_t place = 0;
    while (place < count && years[place] < wanted) {
        place++;
    }
    if (wanted <= 0 || own || (place < count && years[place] == wanted) ||
        count == KF_FURTHER_YEARS_MAX) {
        return count;
    }
    memmove(&years[place + 1], &years[place], (count - place) * sizeof *years);
    years[place] = wanted;
    return count + 1;
}

/* A key's year and the next, three of demography, and what a trial adds. */
_Static_assert(2 + 3 + 2 + KF_REFUND_YEARS + KF_COMPENSATED_MAX <= KF_FURTHER_YEARS_MAX,
               "there is room for all further years");

/* Of a trial. A base year that is yet to come is no base; before the first year that counts nothing
 * does; deduction and refund may be of later years. */
static size_t add_trial(const struct kf_trial *trial, int year, int earlier, int *years,
                        size_t count)
{
    const struct kf_demography_gain *gain = &trial->demography;
    int base = trial->resource_intensive.base_year;
    count = add_further(base < year ? base : 0, year, earlier, years, count);
    if (gain->compensated.count == 0 || gain->compensated.list[0].year > year) {
        return count;
    }
    count = add_further(gain->deduction_year, year, earlier, years, count);
    for (size_t i = 0; i < KF_REFUND_YEARS; i++) {
        count = add_further(gain->refund_years[i], year, earlier, years, count);
    }
    for (size_t i = 0; i < gain->compensated.count && gain->compensated.list[i].year < year; i++) {
        count = add_further(gain->compensated.list[i].year, year, earlier, years, count);
    }
    return count;
}

size_t kf_edition_further_years(const struct kf_edition *self, int year, int earlier,
                                int years[KF_FURTHER_YEARS_MAX])
{
    const struct kf_demography *demography = &self->demography;
    size_t count = 0;
    for (int back = 0; back <= earlier && kf_edition_has_key(self); back++) {
        count = add_further(kf_edition_need_year(self, year - back), year, earlier, years, count);
    }
    if (demography->base_year > 0) {
        count = add_further(demography->base_year, year, earlier, years, count);
        count = add_further(demography->rate_year, year, earlier, years, count);
        count = add_further(demography->observed_through, year, earlier, years, count);
    }
    return add_trial(&self->trial, year, earlier, years, count);
}
