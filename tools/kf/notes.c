#include "tools/kf/notes.h"

#include <string.h>

#include "services/need/country.h"
#include "services/need/key/criterion.h"
#include "services/need/use/adjustment.h"
#include "tools/kf/notes_look.h"
#include "tools/kf/notes_trial.h"
#include "tools/kf/notes_unit_cost.h"

static bool is_set(const char *text)
{
    return text && text[0];
}

static const struct kf_result *find(const struct kf_look *look, enum kf_topic topic,
                                    const char *sector, const char *measure)
{
    return kf_panel_result(look->panel, topic, sector, "", measure);
}

/* --- the country ------------------------------------------------------------------------------ */

/* Adds the variables of the sum that the country has figures of. */
static void add_country(const struct kf_panel *panel, const struct kf_terms *terms,
                        struct kf_names *names)
{
    for (size_t t = 0; t < terms->count; t++) {
        const struct kf_column *column = kf_panel_column(panel, terms->list[t].variable);
        if (column && kf_cell_has_value(column->country_status)) {
            kf_names_add(names, terms->list[t].variable);
        }
    }
}

static void add_criteria(const struct kf_panel *panel, const struct kf_sector *sector,
                         struct kf_names *names)
{
    for (size_t j = 0; j < sector->criteria_len; j++) {
        struct kf_term term = {0};
        struct kf_terms terms = kf_criterion_terms(panel, &sector->criteria[j], &term);
        add_country(panel, &terms, names);
    }
}

static void add_resources(const struct kf_panel *panel, const struct kf_resources *resources,
                          struct kf_names *names)
{
    add_country(panel, &resources->net, names);
    for (size_t i = 0; i < resources->adjustments_len; i++) {
        add_country(panel, &resources->adjustments[i].amount, names);
        add_country(panel, &resources->adjustments[i].payroll_costs, names);
        add_country(panel, &resources->adjustments[i].wages, names);
    }
}

static void add_compared(const struct kf_look *look, struct kf_names *names, int *year)
{
    const struct kf_edition *edition = look->edition;
    *year = look->need_year;
    for (size_t s = 0; look->need && s < edition->sectors_len; s++) {
        if (!kf_country_is_given(look->need)) {
            add_criteria(look->need, &edition->sectors[s], names);
        }
    }
    if (names->count > 0 || kf_country_is_given(look->panel)) {
        return;
    }
    *year = look->panel->year;
    for (size_t s = 0; s < edition->sectors_len; s++) {
        add_resources(look->panel, &edition->sectors[s].resources, names);
    }
    for (size_t i = 0; i < edition->uses_len; i++) {
        add_country(look->panel, &edition->uses[i].amount, names);
    }
    add_country(look->panel, &edition->income, names);
}

static bool tell_country(const struct kf_look *look)
{
    struct kf_names names = {.count = 0};
    int year = 0;
    add_compared(look, &names, &year);
    if (names.count == 0) {
        return false;
    }
    kf_text_add_format(look->text, "kf %s: the input has no row %s of %s in %d: rows %s of ",
                       look->command, KF_MUNICIPALITY_COUNTRY, look->edition->population, year,
                       KF_MUNICIPALITY_COUNTRY);
    kf_names_print(&names, look->text);
    kf_text_add(look->text, " are not used, the members together are the country; give it with "
                            "another --input\n");
    return true;
}

/* --- need ------------------------------------------------------------------------------------- */

static const struct kf_sector *find_sector(const struct kf_edition *edition, const char *id)
{
    for (size_t s = 0; s < edition->sectors_len; s++) {
        if (strcmp(edition->sectors[s].id, id) == 0) {
            return &edition->sectors[s];
        }
    }
    return NULL;
}

/* What a need index of the sector would be computed from: the published one, else criteria. */
static void add_key(const struct kf_sector *sector, struct kf_names *names)
{
    if (is_set(sector->published_need)) {
        kf_names_add(names, sector->published_need);
        return;
    }
    for (size_t j = 0; j < sector->criteria_len; j++) {
        const struct kf_criterion *criterion = &sector->criteria[j];
        if (is_set(criterion->variable)) {
            kf_names_add(names, criterion->variable);
        } else {
            kf_names_add_variables(names, &criterion->ages);
        }
    }
}

static bool tell_no_need(const struct kf_look *look)
{
    const struct kf_edition *edition = look->edition;
    struct kf_names names = {.count = 0};
    size_t sectors = 0;
    for (size_t s = 0; s < edition->sectors_len; s++) {
        const struct kf_sector *sector = &edition->sectors[s];
        const char *other = sector->resources.need_of;
        const struct kf_sector *source = is_set(other) ? find_sector(edition, other) : sector;
        bool spends =
            find(look, KF_TOPIC_RESOURCE_USE, sector->id, "net_expenditure_kr_per_capita");
        bool keyed = source && (source->criteria_len > 0 || is_set(source->published_need));
        if (spends && keyed && !find(look, KF_TOPIC_NEED, source->id, "need_index")) {
            add_key(source, &names);
            sectors++;
        }
    }
    if (sectors == 0) {
        return false;
    }
    kf_text_add_format(look->text,
                       "kf %s: the input holds no need index of %zu sector%s in %d: no deviations "
                       "of theirs; give ",
                       look->command, sectors, kf_plural(sectors), look->need_year);
    kf_names_print(&names, look->text);
    kf_text_add(look->text, " with another --input\n");
    return true;
}

static bool is_published(const struct kf_look *look, const struct kf_sector *sector)
{
    const struct kf_result *index = find(look, KF_TOPIC_NEED, sector->id, "need_index");
    for (size_t k = 0; index && k < look->panel->members_len; k++) {
        if (index->status[k] & KF_CELL_PUBLISHED) {
            return true;
        }
    }
    return false;
}

static bool tell_no_criteria(const struct kf_look *look)
{
    size_t sectors = 0;
    for (size_t s = 0; s < look->edition->sectors_len; s++) {
        const struct kf_sector *sector = &look->edition->sectors[s];
        sectors += sector->criteria_len > 0 && is_published(look, sector);
    }
    if (sectors > 0) {
        kf_text_add_format(look->text,
                           "kf %s: the input holds no figures of the criteria of %zu sector%s in "
                           "%d: need is the published index, with no drivers and no "
                           "need-corrected population\n",
                           look->command, sectors, kf_plural(sectors), look->need_year);
    }
    return sectors > 0;
}

/* --- demography ------------------------------------------------------------------------------- */

/* Net expenditure and people by age that the rates of the services need and nobody gave. */
static void add_rates(const struct kf_look *look, const struct kf_cost_sector *service,
                      struct kf_names *names)
{
    const struct kf_panel *year =
        kf_panel_of_year(look->panel, look->edition->demography.rate_year);
    for (size_t i = 0; i < service->of_len; i++) {
        const struct kf_sector *sector = find_sector(look->edition, service->of[i]);
        if (sector) {
            kf_names_add_lacking(names, year, &sector->resources.net);
        }
    }
    for (size_t i = 0; i < service->of_len; i++) {
        const struct kf_sector *sector = find_sector(look->edition, service->of[i]);
        for (size_t j = 0; sector && j < sector->criteria_len; j++) {
            kf_names_add_lacking(names, year, &sector->criteria[j].ages);
        }
    }
}

static bool has_costs(const struct kf_look *look, const char *service)
{
    const struct kf_result *cost = find(look, KF_TOPIC_DEMOGRAPHY, service, "cost_million_kr");
    for (size_t k = 0; cost && k < look->panel->members_len; k++) {
        if (kf_cell_has_value(cost->status[k])) {
            return true;
        }
    }
    return false;
}

static bool tell_no_rates(const struct kf_look *look)
{
    const struct kf_demography *demography = &look->edition->demography;
    struct kf_names names = {.count = 0};
    size_t services = 0;
    for (size_t i = 0; demography->rate_year > 0 && i < demography->sectors_len; i++) {
        const struct kf_cost_sector *service = &demography->sectors[i];
        if (service->of_len > 0 && !has_costs(look, service->id)) {
            size_t before = names.count;
            add_rates(look, service, &names);
            services += names.count > before;
        }
    }
    if (services == 0) {
        return false;
    }
    kf_text_add_format(look->text, "kf %s: the input holds no ", look->command);
    kf_names_print(&names, look->text);
    kf_text_add_format(look->text,
                       " of %d, neither of %s nor of members: no rates, and no demography costs; "
                       "give them with another --input\n",
                       demography->rate_year, KF_MUNICIPALITY_COUNTRY);
    return true;
}

/* --- adjustments ------------------------------------------------------------------------------ */

static bool tell_adjustments(const struct kf_look *look)
{
    struct kf_names left_out = {.count = 0};
    struct kf_names variables = {.count = 0};
    for (size_t s = 0; s < look->edition->sectors_len; s++) {
        const struct kf_sector *sector = &look->edition->sectors[s];
        bool spends =
            find(look, KF_TOPIC_RESOURCE_USE, sector->id, "net_expenditure_kr_per_capita");
        for (size_t i = 0; spends && i < sector->resources.adjustments_len; i++) {
            const struct kf_adjustment *adjustment = &sector->resources.adjustments[i];
            if (!kf_adjustment_has_figures(look->panel, adjustment)) {
                kf_names_add(&left_out, adjustment->id);
                kf_names_add_variables(&variables, &adjustment->amount);
                kf_names_add_variables(&variables, &adjustment->payroll_costs);
                kf_names_add_variables(&variables, &adjustment->wages);
            }
        }
    }
    if (left_out.count == 0) {
        return false;
    }
    kf_text_add_format(look->text, "kf %s: the input holds no figures of %d for adjustment%s ",
                       look->command, look->panel->year, kf_plural(left_out.count));
    kf_names_print(&left_out, look->text);
    kf_text_add(look->text, ": left out, what rests on them is flagged incomplete; give ");
    kf_names_print(&variables, look->text);
    kf_text_add(look->text, " with another --input, or switch them off with --without\n");
    return true;
}

/* --- all of it -------------------------------------------------------------------------------- */

static const struct {
    enum kf_note note;
    bool (*tell)(const struct kf_look *look);
    bool always; /* of every panel */
} notes[] = {
    {KF_NOTE_COUNTRY, tell_country, false},
    {KF_NOTE_NO_NEED, tell_no_need, false},
    {KF_NOTE_NO_RATES, tell_no_rates, false},
    {KF_NOTE_NO_CRITERIA, tell_no_criteria, false},
    {KF_NOTE_ADJUSTMENT, tell_adjustments, false},
    {KF_NOTE_ACCOUNTS, kf_note_no_accounts, false},
    {KF_NOTE_QUANTITIES, kf_note_no_quantities, false},
    {KF_NOTE_BASE, kf_note_no_base, false},
    {KF_NOTE_DEDUCTION, kf_note_no_deduction, false},
    {KF_NOTE_RATE, kf_note_no_rate, true},
    {KF_NOTE_HALF, kf_note_half, true},
    {KF_NOTE_RATIO, kf_note_odd_ratio, true},
    {KF_NOTE_HOURS, kf_note_long_hours, true},
    {KF_NOTE_PART, kf_note_no_part, true},
    {KF_NOTE_CONTRADICTION, kf_note_contradiction, true},
    {KF_NOTE_CHEAP, kf_note_cheap_users, true},
    {KF_NOTE_BELOW, kf_note_below_threshold, true},
    {KF_NOTE_LOST_USERS, kf_note_lost_users, true},
};

void kf_notes_add(struct kf_notes *self, const struct kf_panel *panel, const char *command,
                  struct kf_text *text)
{
    int need_year = kf_edition_need_year(panel->edition, panel->year);
    struct kf_look look = {.panel = panel,
                           .edition = panel->edition,
                           .need = kf_panel_of_year(panel, need_year),
                           .need_year = need_year,
                           .command = command,
                           .text = text};
    for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++) {
        if (!(self->told & notes[i].note) && notes[i].tell(&look) && !notes[i].always) {
            self->told |= notes[i].note;
        }
    }
}
