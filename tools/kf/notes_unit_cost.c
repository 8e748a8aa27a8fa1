#include "tools/kf/notes_unit_cost.h"

#include <string.h>

#include "common/base/memory.h"
#include "common/model/cell.h"
#include "services/efficiency/unit_cost/rate.h"

#define RATIO_ODD                                                                                  \
    5.0 /* and its inverse: beyond them a unit is wrong rather than a service dear                 \
         */

/* --- things that nobody gave ------------------------------------------------------------------ */

static bool any_quantity(const struct kf_panel *panel, const struct kf_cost_group *group)
{
    for (size_t d = 0; d < group->deliveries_len; d++) {
        if (kf_look_all_have_figures(panel, &group->deliveries[d].quantity)) {
            return true;
        }
    }
    return false;
}

/* Tells of the groups that lack one of the two things a unit cost is made of. */
static bool tell_half(const struct kf_look *look, const struct kf_names *names, size_t groups,
                      const char *lacking)
{
    if (groups == 0) {
        return false;
    }
    kf_text_add_format(look->text,
                       "kf %s: the input holds no %s of %zu cost group%s in %d: no unit costs and "
                       "no gain of theirs; give ",
                       look->command, lacking, groups, kf_plural(groups), look->panel->year);
    kf_names_print(names, look->text);
    kf_text_add(look->text, " with another --input\n");
    return true;
}

bool kf_note_no_accounts(const struct kf_look *look)
{
    const struct kf_unit_costs *costs = &look->edition->unit_costs;
    struct kf_names names = {.count = 0};
    size_t groups = 0;
    for (size_t g = 0; g < costs->groups_len; g++) {
        const struct kf_cost_group *group = &costs->groups[g];
        bool delivers = any_quantity(look->panel, group) ||
                        kf_look_all_have_figures(look->panel, &group->grant);
        if (delivers && !kf_look_all_have_figures(look->panel, &group->net)) {
            kf_names_add_lacking(&names, look->panel, &group->net);
            groups++;
        }
    }
    return tell_half(look, &names, groups, "net expenditure");
}

bool kf_note_no_quantities(const struct kf_look *look)
{
    const struct kf_unit_costs *costs = &look->edition->unit_costs;
    struct kf_names names = {.count = 0};
    size_t groups = 0;
    for (size_t g = 0; g < costs->groups_len; g++) {
        const struct kf_cost_group *group = &costs->groups[g];
        bool delivers = any_quantity(look->panel, group) ||
                        kf_look_all_have_figures(look->panel, &group->grant);
        bool could = group->deliveries_len > 0 || group->grant.count > 0;
        if (could && !delivers && kf_look_all_have_figures(look->panel, &group->net)) {
            for (size_t d = 0; d < group->deliveries_len; d++) {
                kf_names_add_lacking(&names, look->panel, &group->deliveries[d].quantity);
            }
            kf_names_add_lacking(&names, look->panel, &group->grant);
            groups++;
        }
    }
    return tell_half(look, &names, groups, "quantities");
}

/* --- cost groups ------------------------------------------------------------------------------ */

/* The results of one cost group; NULL where there is none. */
struct group_view {
    const struct kf_cost_group *group;
    const struct kf_result *quantities[KF_SERVICES_MAX]; /* of its deliveries */
    const struct kf_result *net;
    const struct kf_result *grant; /* given or calculated */
    const struct kf_result *ratio;
};

static void open_view(const struct kf_look *look, const struct kf_cost_group *group,
                      struct group_view *view)
{
    *view = (struct group_view){
        .group = group,
        .net = kf_look_unit_cost(look, group->id, "", "net_expenditure_million_kr"),
        .grant = kf_look_unit_cost(look, group->id, "", "grant_million_kr"),
        .ratio = kf_look_unit_cost(look, group->id, "", "ratio"),
    };
    for (size_t d = 0; d < group->deliveries_len && d < KF_SERVICES_MAX; d++) {
        view->quantities[d] =
            kf_look_unit_cost(look, group->id, group->deliveries[d].service, "quantity");
    }
}

static bool delivers(const struct group_view *view, size_t d, size_t k)
{
    return kf_look_has_value(view->quantities[d], k) && view->quantities[d]->values[k] > 0;
}

/* --- rates ------------------------------------------------------------------------------------ */

/* What lacks because services have no rate in the year. */
struct unrated {
    struct kf_names services;
    struct kf_names costs;  /* groups whose cost cannot be divided */
    struct kf_names grants; /* groups whose grant cannot be calculated */
    int since;              /* the first of their newest rates before; 0: none has any */
};

static const struct kf_rated_service *find_unrated(const struct kf_look *look, const char *id)
{
    const struct kf_unit_costs *costs = &look->edition->unit_costs;
    for (size_t i = 0; i < costs->services_len; i++) {
        const struct kf_rated_service *service = &costs->services[i];
        if (strcmp(service->id, id) == 0) {
            bool rated = kf_rate_of(costs, service, look->panel->year).high > 0;
            return rated ? NULL : service;
        }
    }
    return NULL;
}

static void add_unrated(const struct kf_look *look, const struct kf_rated_service *service,
                        struct unrated *unrated)
{
    const struct kf_year_figures *rates = &service->rates;
    int newest = 0;
    kf_names_add(&unrated->services, service->id);
    for (size_t i = 0; i < rates->count && rates->list[i].year < look->panel->year; i++) {
        newest = rates->list[i].year;
    }
    if (newest > 0 && (unrated->since == 0 || newest < unrated->since)) {
        unrated->since = newest;
    }
}

/* What member `k` goes without: true when that is anything. */
static bool judge_member(const struct group_view *view, const bool *unrated, size_t k,
                         struct unrated *sum)
{
    size_t delivered = 0;
    size_t without = 0;
    for (size_t d = 0; d < view->group->deliveries_len; d++) {
        delivered += delivers(view, d, k);
        without += delivers(view, d, k) && unrated[d];
    }
    bool divided = without > 0 && delivered > 1;
    bool ungranted = without > 0 && !kf_look_has_value(view->grant, k);
    if (divided) {
        kf_names_add(&sum->costs, view->group->id);
    }
    if (ungranted) {
        kf_names_add(&sum->grants, view->group->id);
    }
    return divided || ungranted;
}

static void judge_group(const struct kf_look *look, const struct group_view *view,
                        struct unrated *sum)
{
    const struct kf_rated_service *services[KF_SERVICES_MAX] = {NULL};
    bool unrated[KF_SERVICES_MAX] = {false};
    for (size_t d = 0; d < view->group->deliveries_len; d++) {
        services[d] = find_unrated(look, view->group->deliveries[d].service);
        unrated[d] = services[d] != NULL;
    }
    for (size_t k = 0; k < look->panel->members_len; k++) {
        bool lacks = judge_member(view, unrated, k, sum);
        for (size_t d = 0; lacks && d < view->group->deliveries_len; d++) {
            if (unrated[d] && delivers(view, d, k)) {
                add_unrated(look, services[d], sum);
            }
        }
    }
}

static void print_lost(const struct kf_look *look, const struct unrated *sum)
{
    if (sum->costs.count > 0) {
        kf_text_add(look->text, "no unit costs of ");
        kf_names_print(&sum->costs, look->text);
    }
    if (sum->grants.count > 0) {
        kf_text_add_format(look->text, "%sno grants and gains of ", sum->costs.count ? ", " : "");
        kf_names_print(&sum->grants, look->text);
    }
}

/* Growth helps where there is an earlier rate to grow: of all years since that have none. */
static void print_growth(const struct kf_look *look, int since)
{
    bool any = false;
    for (int year = since + 1; since > 0 && year <= look->panel->year; year++) {
        if (!kf_year_figure_of(&look->edition->unit_costs.rate_growth, year)) {
            kf_text_add_format(look->text, "%s%d: …", any ? ", " : " or rate_growth: {", year);
            any = true;
        }
    }
    kf_text_add(look->text, any ? "} to the edition\n" : " to the edition\n");
}

bool kf_note_no_rate(const struct kf_look *look)
{
    const struct kf_unit_costs *costs = &look->edition->unit_costs;
    struct unrated sum = {.since = 0};
    for (size_t g = 0; g < costs->groups_len; g++) {
        struct group_view view;
        open_view(look, &costs->groups[g], &view);
        judge_group(look, &view, &sum);
    }
    if (sum.services.count == 0) {
        return false;
    }
    kf_text_add_format(look->text, "kf %s: edition %s has no rate of %d for ", look->command,
                       look->edition->id, look->panel->year);
    kf_names_print(&sum.services, look->text);
    kf_text_add(look->text,
                sum.services.count > 1 ? ", which are delivered: " : ", which is delivered: ");
    print_lost(look, &sum);
    kf_text_add_format(look->text, "; add rates: {%d: …}", look->panel->year);
    print_growth(look, sum.since);
    return true;
}

/* --- one municipality against the others ------------------------------------------------------ */

/* Views of all cost groups; NULL without memory, and then nothing is told. */
static struct group_view *open_views(const struct kf_look *look)
{
    const struct kf_unit_costs *costs = &look->edition->unit_costs;
    struct group_view *views = kf_calloc(costs->groups_len + 1, sizeof *views);
    for (size_t g = 0; views && g < costs->groups_len; g++) {
        open_view(look, &costs->groups[g], &views[g]);
    }
    return views;
}

/* True when what a note asks of the group holds of member `k`. */
typedef bool (*group_test)(const struct kf_look *look, const struct group_view *view, size_t k);

/* Lists the members of which it holds, each with its groups. */
static void find_members(const struct kf_look *look, group_test test, struct kf_tally *found)
{
    struct group_view *views = open_views(look);
    kf_tally_init(found);
    for (size_t k = 0; views && k < look->panel->members_len; k++) {
        struct kf_names groups = {.count = 0};
        for (size_t g = 0; g < look->edition->unit_costs.groups_len; g++) {
            if (test(look, &views[g], k)) {
                kf_names_add(&groups, views[g].group->id);
            }
        }
        if (groups.count > 0) {
            kf_tally_add(found, look->panel->members[k], &groups);
        }
    }
    kf_free(views);
}

/* "kf compute: in 2017 WHAT: 0926 (bpa)REMEDY". Nothing of nobody. */
static bool tell_members(const struct kf_look *look, group_test test, const char *what,
                         const char *remedy)
{
    struct kf_tally found;
    find_members(look, test, &found);
    bool any = found.count > 0;
    if (any) {
        kf_text_add_format(look->text, "kf %s: in %d %s: ", look->command, look->panel->year, what);
    }
    kf_tally_finish(&found, look->text);
    if (any) {
        kf_text_add(look->text, remedy);
    }
    return any;
}

/* Nobody gave how much is delivered of any service of the group; nobody holds it back either. */
static bool has_no_volume(const struct group_view *view, size_t k)
{
    for (size_t d = 0; d < view->group->deliveries_len; d++) {
        if (!kf_look_is_missing(view->quantities[d], k)) {
            return false;
        }
    }
    return view->group->deliveries_len > 0;
}

static bool has_volume(const struct group_view *view, size_t k)
{
    for (size_t d = 0; d < view->group->deliveries_len; d++) {
        if (delivers(view, d, k)) {
            return true;
        }
    }
    return false;
}

static bool lacks_volume(const struct kf_look *look, const struct group_view *view, size_t k)
{
    bool spends = kf_look_has_value(view->net, k) && view->net->values[k] != 0;
    bool told = !any_quantity(look->panel, view->group) &&
                !kf_look_all_have_figures(look->panel, &view->group->grant);
    return spends && !told && has_no_volume(view, k) &&
           !kf_look_gives(look->panel, &view->group->grant, k);
}

static bool lacks_accounts(const struct kf_look *look, const struct group_view *view, size_t k)
{
    bool told = !kf_look_all_have_figures(look->panel, &view->group->net);
    return has_volume(view, k) && !told && kf_look_is_missing(view->net, k) &&
           !kf_look_gives(look->panel, &view->group->grant, k);
}

bool kf_note_half(const struct kf_look *look)
{
    bool spends = tell_members(look, lacks_volume, "net expenditure without volumes",
                               ": no unit costs and no gain of these cost groups; give both, with "
                               "the same municipality's code\n");
    bool delivering = tell_members(look, lacks_accounts, "volumes without net expenditure",
                                   ": no unit costs and no gain of these cost groups; give both, "
                                   "with the same municipality's code\n");
    return spends || delivering;
}

/* --- odd sizes -------------------------------------------------------------------------------- */

static bool is_odd(const struct kf_look *look, const struct group_view *view, size_t k)
{
    (void)look;
    double ratio = kf_look_has_value(view->ratio, k) ? view->ratio->values[k] : 1;
    bool spends = kf_look_has_value(view->net, k) && view->net->values[k] != 0;
    return spends && (ratio < 1 / RATIO_ODD || ratio > RATIO_ODD);
}

bool kf_note_odd_ratio(const struct kf_look *look)
{
    return tell_members(look, is_odd,
                        "net expenditure is below a fifth of the grant, or more than five times it",
                        "; are amounts in kr where the register has 1000 kr, or volumes in "
                        "another unit?\n");
}

bool kf_note_long_hours(const struct kf_look *look)
{
    const struct kf_unit_costs *costs = &look->edition->unit_costs;
    struct kf_tally found;
    kf_tally_init(&found);
    for (size_t k = 0; k < look->panel->members_len; k++) {
        struct kf_names times = {.count = 0};
        for (size_t i = 0; i < costs->user_times_len; i++) {
            const struct kf_result *share = kf_look_unit_cost(
                look, KF_SECTOR_USER_TIME, costs->user_times[i].id, "user_time_share");
            if (kf_look_has_value(share, k) && share->values[k] > 1) {
                kf_names_add(&times, costs->user_times[i].id);
            }
        }
        if (times.count > 0) {
            kf_tally_add(&found, look->panel->members[k], &times);
        }
    }
    bool any = found.count > 0;
    if (any) {
        kf_text_add_format(look->text,
                           "kf %s: in %d more hours are approved than there are: ", look->command,
                           look->panel->year);
    }
    kf_tally_finish(&found, look->text);
    kf_text_add(look->text,
                any ? "; are the two the wrong way round, or of different periods?\n" : "");
    return any;
}
