#include "tools/kf/editions_show.h"

#include <stdio.h>
#include <string.h>

#include "common/model/municipality.h"
#include "tools/kf/editions_cost.h"
#include "tools/kf/editions_text.h"
#include "tools/kf/editions_use.h"
#include "tools/kf/table.h"
#include "tools/kf/words.h"

#define VALUE_BYTES_MAX ((size_t)64 * 1024)
#define LINES_BYTES_MAX ((size_t)4 * 1024 * 1024)
#define LABEL_WIDTH     15
#define COST_WIDTH      32 /* of labels of unit costs and the trial */

/* What is shown, and a place for the next value. */
struct show {
    const struct kf_edition *edition;
    const struct kf_catalogue *catalogue; /* may be NULL */
    bool norwegian;
    bool first;   /* of a list of municipalities */
    size_t width; /* of labels */
    struct kf_text *text;
    struct kf_text value;
    struct kf_error *err;
};

static const char *in_language(const struct show *self, const struct kf_name *name)
{
    const char *text = self->norwegian ? name->nb : name->en;
    return text ? text : "";
}

static const char *word(const struct show *self, const char *english)
{
    return kf_word(english, self->norwegian);
}

/* How many columns a text takes: its characters, not its bytes. */
static size_t width_of(const char *text)
{
    size_t width = 0;
    for (const char *c = text; *c; c++) {
        width += ((unsigned char)*c & 0xc0) != 0x80;
    }
    return width;
}

/* "missing rule     minimum": what was collected, when there is something. The name may begin with
 * two spaces. */
static void add_line(struct show *self, const char *what)
{
    size_t indent = strspn(what, " ");
    const char *name = word(self, what + indent);
    size_t width = indent + width_of(name);
    int padding = width < self->width ? (int)(self->width - width) : 0;
    if (self->value.length > 0) {
        kf_text_add_format(self->text, "%*s%s%*s %s\n", (int)indent, "", name, padding, "",
                           self->value.bytes);
    }
    kf_text_reset(&self->value);
}

/* The same in several lines where one would be too long. */
static void add_wrapped_line(struct show *self, const char *what)
{
    struct kf_text whole = self->value;
    kf_text_init(&self->value, VALUE_BYTES_MAX);
    kf_editions_wrap(whole.length > 0 ? whole.bytes : "", self->width + 1, &self->value);
    self->text->failed = self->text->failed || whole.failed || self->value.failed;
    kf_text_clear(&whole);
    add_line(self, what);
}

/* What differs from the need of most editions. */
static void add_need(struct show *self)
{
    const struct kf_edition *edition = self->edition;
    if (edition->need_year != KF_NEED_YEAR_SAME) {
        kf_editions_need_year(edition, &self->value);
    }
    add_line(self, "year of need");
    kf_text_add(&self->value, edition->criteria == KF_CRITERIA_AGES
                                  ? word(self, "only those that count people by age")
                                  : "");
    add_line(self, "criteria");
    kf_text_add(&self->value, edition->published_need ? edition->published_need : "");
    add_line(self, "published need");
}

/* An edition that counts nobody has no indices. */
static void add_scale(struct show *self)
{
    const struct kf_edition *edition = self->edition;
    bool country = edition->reference == KF_REFERENCE_COUNTRY;
    if (!edition->population[0]) {
        return;
    }
    kf_editions_number(edition->scale, &self->value);
    kf_text_add_format(&self->value, ", %s %s %s",
                       word(self, country ? "the country" : "the mean of the group"),
                       word(self, "is the scale, by"), edition->population);
    add_line(self, "scale");
}

static void add_rules(struct show *self)
{
    const struct kf_edition *edition = self->edition;
    kf_text_add_format(self->text, "%s: %s\n%s\n\n", edition->id,
                       in_language(self, &edition->title), edition->source);
    kf_text_add(&self->value, edition->extends ? edition->extends : "");
    add_line(self, "extends");
    kf_edition_print_years(edition, &self->value);
    add_line(self, "years");
    kf_editions_structure(edition, &self->value);
    add_line(self, "structure");
    add_scale(self);
    kf_text_add(&self->value, kf_editions_missing(edition->missing));
    add_line(self, "missing");
    kf_editions_normalization(edition, &self->value);
    add_line(self, "normalization");
    kf_text_add(&self->value, kf_editions_composition(edition->composition));
    add_line(self, "composition");
    kf_text_add(&self->value, edition->given_total ? edition->given_total : "");
    add_line(self, "given total");
    kf_editions_expenditure(&edition->expenditure, self->norwegian, &self->value);
    add_line(self, "expenditure");
    kf_editions_change(&edition->change, self->norwegian, &self->value);
    add_line(self, "change");
    add_need(self);
    kf_text_add(&self->value, edition->publish ? "" : word(self, "no: kept off the topics"));
    add_line(self, "publish");
    kf_editions_sources(edition, &self->value);
    add_wrapped_line(self, "fed from");
}

/* "0301 Oslo", behind a comma unless it is the first. */
static void add_municipality(struct show *self, const char *code)
{
    const struct kf_municipalities *known =
        self->catalogue ? self->catalogue->municipalities : NULL;
    const struct kf_municipality *found = known ? kf_municipalities_ever(known, code) : NULL;
    kf_text_add_format(&self->value, "%s%s%s%s", self->first ? "" : ", ", code, found ? " " : "",
                       found ? found->name : "");
    self->first = false;
}

/* "members 2017    1103 Stavanger, 1201 Bergen": of a year of the register. */
static void add_grouped(struct show *self, int year)
{
    size_t count = 0;
    char label[32];
    const struct kf_kostra_member *list =
        kf_kostra_groups_of(self->catalogue->kostra_groups, year, &count);
    self->first = true;
    for (size_t i = 0; i < count; i++) {
        char code[KF_MUNICIPALITY_SIZE];
        kf_municipality_print(list[i].code, code);
        if (kf_edition_takes_kostra_group(self->edition, list[i].group) &&
            !kf_edition_excludes(self->edition, code)) {
            add_municipality(self, code);
        }
    }
    (void)snprintf(label, sizeof label, "members %d", year);
    add_line(self, label);
}

/* Of every year of the register that counts for one of the edition's. */
static void add_all_grouped(struct show *self)
{
    const struct kf_edition *edition = self->edition;
    const struct kf_kostra_groups *groups = self->catalogue ? self->catalogue->kostra_groups : NULL;
    int last = 0;
    for (int year = edition->year_from; groups && year <= edition->year_to; year++) {
        int registered = kf_kostra_groups_year(groups, year);
        if (kf_edition_has_year(edition, year) && registered != last) {
            add_grouped(self, registered);
            last = registered;
        }
    }
    if (last == 0) {
        kf_text_add(&self->value, "not known: the register of KOSTRA groups has none of the years");
        add_line(self, "members");
    }
}

/* True when the name of the group says which KOSTRA groups it is. */
static bool names_groups(const struct kf_edition *edition, const char *name)
{
    bool all = strstr(name, "KOSTRA") != NULL;
    for (size_t i = 0; i < edition->kostra_groups_len; i++) {
        all = all && strstr(name, edition->kostra_groups[i]) != NULL;
    }
    return all;
}

static void add_kostra_groups(struct show *self)
{
    const struct kf_edition *edition = self->edition;
    const char *name = in_language(self, &edition->group);
    kf_text_add(&self->value, name);
    if (!names_groups(edition, name)) {
        kf_text_add_format(&self->value, "%s%s", name[0] ? ": " : "", word(self, "KOSTRA group "));
        for (size_t i = 0; i < edition->kostra_groups_len; i++) {
            kf_text_add_format(&self->value, "%s%s", i ? ", " : "", edition->kostra_groups[i]);
        }
    }
    add_line(self, "group");
    add_all_grouped(self);
}

static void add_listed(struct show *self)
{
    const struct kf_edition *edition = self->edition;
    const char *name = in_language(self, &edition->group);
    kf_text_add_format(&self->value, "%s%s", name, name[0] ? ": " : "");
    self->first = true;
    for (size_t i = 0; i < edition->members_len; i++) {
        add_municipality(self, edition->members[i]);
    }
    if (edition->members_len == 0) {
        kf_text_add(&self->value, word(self, "every municipality with a population"));
    }
    add_line(self, "group");
}

static void add_group(struct show *self)
{
    if (self->edition->kostra_groups_len > 0) {
        add_kostra_groups(self);
    } else {
        add_listed(self);
    }
    self->first = true;
    for (size_t i = 0; i < self->edition->excluded_len; i++) {
        add_municipality(self, self->edition->excluded[i]);
    }
    add_line(self, "left out");
}

/* --- sectors ---------------------------------------------------------------------------------- */

/* The weight in percent, or nothing when figures derive it; and how. */
static void add_weight(struct show *self, struct kf_table *table, double weight,
                       const struct kf_weighting *weighting, const char *item)
{
    if (weighting->parts_len > 0) {
        kf_table_add_cell(table, word(self, "by rule"), "");
        kf_editions_derivation(weighting, item, self->norwegian, &self->value);
    } else if (weight > 0) {
        kf_table_add_number(table, 100 * weight, 2, "");
    } else {
        kf_table_add_cell(table, "", "");
    }
}

/* What an indicator says besides its formula. */
static void add_notes(struct show *self, const struct kf_indicator *indicator)
{
    if (indicator->missing != self->edition->missing) {
        kf_text_add_format(&self->value, "%s%s: %s", self->value.length ? "; " : "",
                           word(self, "missing"), kf_editions_missing(indicator->missing));
    }
    if (indicator->correction && indicator->correction[0]) {
        kf_text_add_format(&self->value, "%s%s %s", self->value.length ? "; " : "",
                           word(self, "corrected by"), indicator->correction);
    }
    if (self->edition->composition == KF_COMPOSE_PRODUCT) {
        kf_text_add_format(
            &self->value, "%s%s", self->value.length ? "; " : "",
            word(self, indicator->aspect == KF_ASPECT_QUALITY ? "quality" : "quantity"));
    }
}

static void add_value(struct show *self, struct kf_table *table)
{
    kf_table_add_cell(table, self->value.bytes, "");
    kf_text_reset(&self->value);
}

static void add_indicator(struct show *self, struct kf_table *table, const struct kf_sector *sector,
                          const struct kf_indicator *indicator)
{
    struct kf_text formula;
    kf_text_init(&formula, VALUE_BYTES_MAX);
    kf_editions_formula(indicator, self->norwegian, &formula);
    add_weight(self, table, indicator->weight, &sector->weighting, indicator->id);
    add_notes(self, indicator);
    kf_table_add_cell(table, indicator->id, "");
    kf_table_add_cell(table, formula.bytes, "");
    add_value(self, table);
    kf_table_add_cell(table, in_language(self, &indicator->name), "");
    kf_text_clear(&formula);
}

static enum kf_err print_table(struct show *self, struct kf_table **table)
{
    enum kf_err code = kf_table_print(*table, "", "", self->text, self->err);
    kf_table_destroy(table);
    return code;
}

static enum kf_err no_memory(struct show *self)
{
    return kf_error_set(self->err, KF_ERR_MEMORY, "no memory for a table");
}

static enum kf_err add_indicators(struct show *self, const struct kf_sector *sector)
{
    if (sector->indicators_len == 0) {
        return KF_OK;
    }
    struct kf_table *table = kf_table_new();
    if (!table) {
        return no_memory(self);
    }
    kf_table_add_column(table, word(self, "Percent"), KF_TABLE_RIGHT);
    kf_table_add_column(table, word(self, "Indicator"), KF_TABLE_LEFT);
    kf_table_add_column(table, word(self, "Formula"), KF_TABLE_LEFT);
    kf_table_add_column(table, word(self, "Rules"), KF_TABLE_LEFT);
    kf_table_add_column(table, word(self, "Name"), KF_TABLE_LEFT);
    for (size_t i = 0; i < sector->indicators_len; i++) {
        add_indicator(self, table, sector, &sector->indicators[i]);
    }
    return print_table(self, &table);
}

static enum kf_err add_criteria(struct show *self, const struct kf_sector *sector)
{
    if (sector->criteria_len == 0) {
        return KF_OK;
    }
    struct kf_table *table = kf_table_new();
    if (!table) {
        return no_memory(self);
    }
    kf_table_add_column(table, word(self, "Percent"), KF_TABLE_RIGHT);
    kf_table_add_column(table, word(self, "Criterion"), KF_TABLE_LEFT);
    kf_table_add_column(table, word(self, "Variable"), KF_TABLE_LEFT);
    kf_table_add_column(table, word(self, "Kind"), KF_TABLE_LEFT);
    for (size_t j = 0; j < sector->criteria_len; j++) {
        const struct kf_criterion *criterion = &sector->criteria[j];
        kf_table_add_number(table, 100 * criterion->weight, 2, "");
        kf_table_add_cell(table, criterion->id, "");
        kf_editions_criterion(criterion, self->norwegian, &self->value);
        add_value(self, table);
        kf_table_add_cell(
            table, word(self, criterion->cost_disadvantage ? "cost disadvantage" : "need"), "");
    }
    return print_table(self, &table);
}

/* What a weight is for when the total is given. */
static const char *unused(const struct kf_edition *edition)
{
    if (!edition->given_total || !edition->given_total[0]) {
        return "";
    }
    return edition->change.computed ? " (of change only: the total is given)"
                                    : " (not used: the total is given)";
}

static void add_resources(struct show *self, const struct kf_resources *resources)
{
    if (resources->net.count == 0) {
        return;
    }
    kf_editions_money(&resources->net, self->norwegian, &self->value);
    kf_text_add(&self->value, resources->outside ? word(self, ", outside the income system") : "");
    add_line(self, "  net");
    kf_text_add(&self->value, resources->need_of ? resources->need_of : "");
    add_line(self, "  need of");
    for (size_t i = 0; i < resources->adjustments_len; i++) {
        const struct kf_adjustment *adjustment = &resources->adjustments[i];
        kf_text_add_format(&self->value, "%s, ", adjustment->id);
        kf_editions_adjustment(adjustment, self->norwegian, &self->value);
        add_line(self, "  adjustment");
    }
}

/* "18.28 %  barnehage — Kindergarten", then what there is. */
static void add_heading(struct show *self, const struct kf_sector *sector)
{
    const struct kf_weighting *weighting = &self->edition->weighting;
    kf_text_add_char(self->text, '\n');
    if (weighting->parts_len == 0 && sector->weight > 0) {
        kf_text_add_format(self->text, "%.2f %%%s  ", 100 * sector->weight, unused(self->edition));
    }
    kf_text_add_format(self->text, "%s — %s%s\n", sector->id, in_language(self, &sector->name),
                       sector->administration ? word(self, " (administration)") : "");
    kf_editions_derivation(weighting, sector->id, self->norwegian, &self->value);
    add_line(self, "  weight");
    kf_text_add(&self->value, sector->given ? sector->given : "");
    add_line(self, "  given index");
    kf_editions_expenditure(&sector->expenditure, self->norwegian, &self->value);
    add_line(self, "  expenditure");
    if (sector->weighting.decimals > 0) {
        kf_editions_closure(&sector->weighting, self->norwegian, &self->value);
        add_line(self, "  closure");
    }
    if (sector->need_weight > 0) {
        kf_text_add_format(&self->value, "%.2f %% %s", 100 * sector->need_weight,
                           word(self, "of the total key"));
        add_line(self, "  need");
    }
    kf_text_add(&self->value, sector->published_need ? sector->published_need : "");
    add_line(self, "  published need");
    add_resources(self, &sector->resources);
}

static enum kf_err add_sector(struct show *self, const struct kf_sector *sector)
{
    add_heading(self, sector);
    enum kf_err code = add_indicators(self, sector);
    return code == KF_OK ? add_criteria(self, sector) : code;
}

/* --- income and demography -------------------------------------------------------------------- */

static void add_income(struct show *self)
{
    const struct kf_edition *edition = self->edition;
    if (edition->uses_len == 0) {
        return;
    }
    kf_text_add_format(self->text, "\n%s\n", word(self, "disposable income"));
    if (edition->income.count > 0) {
        kf_editions_money(&edition->income, self->norwegian, &self->value);
    }
    add_line(self, "  given");
    for (size_t i = 0; i < edition->uses_len; i++) {
        const struct kf_use *use = &edition->uses[i];
        kf_text_add_format(&self->value, "%s (%s): ", use->id, in_language(self, &use->name));
        kf_editions_money(&use->amount, self->norwegian, &self->value);
        add_line(self, "  use");
    }
}

static void add_group_row(struct show *self, struct kf_table *table,
                          const struct kf_age_group *group)
{
    kf_table_add_cell(table, group->id, "");
    kf_editions_people(&group->people, self->norwegian, &self->value);
    add_value(self, table);
    kf_editions_projected(&self->edition->demography, group, &self->value);
    add_value(self, table);
    if (group->care_weight > 0) {
        kf_editions_number(group->care_weight, &self->value);
    }
    add_value(self, table);
    kf_table_add_cell(table, in_language(self, &group->name), "");
}

static enum kf_err add_age_groups(struct show *self, const struct kf_age_group *groups,
                                  size_t count, const char *heading)
{
    struct kf_table *table = count > 0 ? kf_table_new() : NULL;
    if (count == 0) {
        return KF_OK;
    }
    if (!table) {
        return no_memory(self);
    }
    kf_table_add_column(table, word(self, heading), KF_TABLE_LEFT);
    kf_table_add_column(table, word(self, "People"), KF_TABLE_LEFT);
    kf_table_add_column(table, word(self, "Projected"), KF_TABLE_LEFT);
    kf_table_add_column(table, word(self, "Care weight"), KF_TABLE_RIGHT);
    kf_table_add_column(table, word(self, "Name"), KF_TABLE_LEFT);
    for (size_t i = 0; i < count; i++) {
        add_group_row(self, table, &groups[i]);
    }
    return print_table(self, &table);
}

static void add_services(struct show *self, const struct kf_demography *demography)
{
    for (size_t i = 0; i < demography->sectors_len; i++) {
        const struct kf_cost_sector *sector = &demography->sectors[i];
        kf_text_add_format(&self->value, "%s (%s): ", sector->id, in_language(self, &sector->name));
        kf_editions_rates(demography, sector, self->norwegian, &self->value);
        add_line(self, "  cost by age");
    }
}

static enum kf_err add_demography(struct show *self)
{
    const struct kf_demography *demography = &self->edition->demography;
    if (demography->base_year == 0) {
        return KF_OK;
    }
    kf_text_add_format(self->text, "\n%s\n", word(self, "demography"));
    kf_text_add_format(&self->value, "%d", demography->base_year);
    add_line(self, "  base year");
    if (demography->observed_through > 0) {
        kf_text_add_format(&self->value, "%s: ", in_language(self, &demography->projection));
        kf_editions_projection(demography, self->norwegian, &self->value);
    }
    add_line(self, "  projection");
    add_services(self, demography);
    enum kf_err code = add_age_groups(self, demography->groups, demography->groups_len, "Group");
    return code == KF_OK ? add_age_groups(self, demography->cost_groups,
                                          demography->cost_groups_len, "Group of costs")
                         : code;
}

/* --- unit costs and a trial ------------------------------------------------------------------- */

/* The rules of unit costs, or of the trial. */
static void add_cost_rules(struct show *self, bool trial)
{
    for (size_t i = 0; i < kf_editions_cost_rules(); i++) {
        if (kf_editions_cost_rule_is_of_trial(i) == trial) {
            char label[64];
            const char *name =
                kf_editions_cost_rule(self->edition, i, self->norwegian, &self->value);
            (void)snprintf(label, sizeof label, "  %s", name);
            add_line(self, label);
        }
    }
}

/* "HTAMDK (Help by day): ", to which the rest is added. */
static void begin_item(struct show *self, const char *id, const struct kf_name *name)
{
    kf_text_add_format(&self->value, "%s (%s): ", id, in_language(self, name));
}

static void add_rated_services(struct show *self, const struct kf_unit_costs *costs)
{
    for (size_t i = 0; i < costs->services_len; i++) {
        begin_item(self, costs->services[i].id, &costs->services[i].name);
        kf_editions_service(&costs->services[i], &self->value);
        add_wrapped_line(self, "  service");
    }
    for (size_t i = 0; i < costs->groups_len; i++) {
        begin_item(self, costs->groups[i].id, &costs->groups[i].name);
        kf_editions_cost_group(&costs->groups[i], self->norwegian, &self->value);
        add_wrapped_line(self, "  cost group");
    }
}

static void add_unit_costs(struct show *self)
{
    const struct kf_unit_costs *costs = &self->edition->unit_costs;
    add_rated_services(self, costs);
    for (size_t i = 0; i < costs->user_times_len; i++) {
        begin_item(self, costs->user_times[i].id, &costs->user_times[i].name);
        kf_editions_user_time(&costs->user_times[i], self->norwegian, &self->value);
        add_line(self, "  time with users");
    }
    for (size_t i = 0; i < costs->growths_len; i++) {
        begin_item(self, costs->growths[i].id, &costs->growths[i].name);
        kf_editions_growth(&costs->growths[i], self->norwegian, &self->value);
        add_line(self, "  real growth");
    }
    add_cost_rules(self, false);
}

static void add_trial(struct show *self)
{
    const struct kf_trial *trial = &self->edition->trial;
    for (size_t i = 0; i < trial->grants_len; i++) {
        begin_item(self, trial->grants[i].id, &trial->grants[i].name);
        kf_editions_money(&trial->grants[i].amount, self->norwegian, &self->value);
        add_line(self, "  part of the grant");
    }
    add_cost_rules(self, true);
}

/* A part under its heading, when there is anything below it. */
static void add_costs(struct show *self, const char *heading, void (*part)(struct show *self))
{
    struct kf_text *whole = self->text;
    struct kf_text lines;
    kf_text_init(&lines, LINES_BYTES_MAX);
    self->text = &lines;
    self->width = COST_WIDTH;
    part(self);
    self->width = LABEL_WIDTH;
    self->text = whole;
    if (lines.length > 0) {
        kf_text_add_format(whole, "\n%s\n", word(self, heading));
        kf_text_add(whole, lines.bytes);
    }
    whole->failed = whole->failed || lines.failed;
    kf_text_clear(&lines);
}

/* --- what is behind --------------------------------------------------------------------------- */

static void add_end(struct show *self)
{
    const struct kf_edition *edition = self->edition;
    for (size_t i = 0; i < edition->deflators_len; i++) {
        const struct kf_deflator *deflator = &edition->deflators[i];
        kf_text_add_format(self->text, "\ndeflator %d: %s %.6g %%, %s %.6g %%", deflator->year,
                           word(self, "wages"), deflator->wages_percent, word(self, "prices"),
                           deflator->prices_percent);
        for (size_t s = 0; s < deflator->sectors_len; s++) {
            kf_text_add_format(self->text, ", %s %s %.6g %%", word(self, "wages in"),
                               deflator->sectors[s].sector, deflator->sectors[s].wages_percent);
        }
    }
    for (size_t i = 0; i < edition->corrections_len; i++) {
        const struct kf_correction *correction = &edition->corrections[i];
        kf_text_add_format(self->text, "\n%s %s: %s %s", word(self, "correction"), correction->id,
                           correction->outcome, word(self, "on"));
        for (size_t r = 0; r < correction->regressors_len; r++) {
            kf_text_add_format(self->text, "%s %s", r ? "," : "", correction->regressors[r]);
        }
    }
    kf_text_add(self->text, edition->deflators_len + edition->corrections_len ? "\n" : "");
}

enum kf_err kf_editions_show(const struct kf_edition *edition, const struct kf_catalogue *catalogue,
                             bool norwegian, struct kf_text *text, struct kf_error *err)
{
    struct show self = {.edition = edition,
                        .catalogue = catalogue,
                        .norwegian = norwegian,
                        .width = LABEL_WIDTH,
                        .text = text,
                        .err = err};
    kf_text_init(&self.value, VALUE_BYTES_MAX);
    add_rules(&self);
    add_group(&self);
    enum kf_err code = KF_OK;
    for (size_t s = 0; code == KF_OK && s < edition->sectors_len; s++) {
        code = add_sector(&self, &edition->sectors[s]);
    }
    add_income(&self);
    code = code == KF_OK ? add_demography(&self) : code;
    add_costs(&self, "unit costs", add_unit_costs);
    add_costs(&self, "trial", add_trial);
    add_end(&self);
    bool failed = self.value.failed || text->failed;
    kf_text_clear(&self.value);
    return code == KF_OK && failed
               ? kf_error_set(err, KF_ERR_LIMIT, "edition %s says too much to be shown",
                              edition->id)
               : code;
}
