#include "tools/kf/notes_trial.h"

#include <math.h>
#include <stdio.h>

#include "common/base/numbers.h"
#include "common/model/cell.h"
#include "common/model/values.h"
#include "services/efficiency/unit_cost/million.h"

#define CHEAP        10  /* costs below the threshold divided by this are taken for another unit */
#define FULL         .99 /* of users times threshold: what rounding leaves of it */
#define SAME_MILLION .05 /* the source prints tenths of a million kr */
#define ARENA_BYTES  ((size_t)4 * 1024 * 1024)
#define DETAIL_SIZE  160

/* --- a gain that lacks something ---------------------------------------------------------------
 */

/* Member `k` gave figures of each user, or of all together. */
static bool has_users_of(const struct kf_panel *panel,
                         const struct kf_resource_intensive *intensive, size_t k)
{
    for (size_t i = 0; panel && i < intensive->each.count; i++) {
        const struct kf_column *column = kf_panel_column(panel, intensive->each.costs[i]);
        if (column && (column->status[k] & KF_CELL_KIND_MASK) != KF_CELL_MISSING) {
            return true;
        }
    }
    return panel && kf_look_gives(panel, &intensive->users, k) &&
           kf_look_gives(panel, &intensive->net, k);
}

static bool has_users(const struct kf_panel *panel, const struct kf_resource_intensive *intensive)
{
    for (size_t k = 0; panel && k < panel->members_len; k++) {
        if (has_users_of(panel, intensive, k)) {
            return true;
        }
    }
    return false;
}

static void tell_no_users(const struct kf_look *look, int year)
{
    kf_text_add_format(look->text,
                       "kf %s: the input holds no users of resource-intensive services of %d: ",
                       look->command, year);
}

/* The ways to give users: "a users file of 2015, or brukere, netto". */
static void print_remedy(const struct kf_look *look, int year)
{
    const struct kf_resource_intensive *intensive = &look->edition->trial.resource_intensive;
    struct kf_names names = {.count = 0};
    kf_names_add_variables(&names, &intensive->users);
    kf_names_add_variables(&names, &intensive->net);
    kf_text_add(look->text, "; give ");
    if (intensive->each.count > 0) {
        kf_text_add_format(look->text, "a users file of %d%s", year, names.count ? ", or " : "");
    }
    kf_names_print(&names, look->text);
    kf_text_add_format(look->text, "%s with another --input\n",
                       intensive->each.count == 0 && names.count > 0 ? " of that year," : "");
}

bool kf_note_no_base(const struct kf_look *look)
{
    const struct kf_resource_intensive *intensive = &look->edition->trial.resource_intensive;
    const struct kf_panel *base = kf_panel_of_year(look->panel, intensive->base_year);
    const struct kf_result *own =
        kf_look_unit_cost(look, KF_SECTOR_RESOURCE_INTENSIVE, "", "own_share_million_kr");
    const struct kf_result *gain =
        kf_look_unit_cost(look, KF_SECTOR_RESOURCE_INTENSIVE, "", "gain_million_kr");
    bool compared = intensive->base_year > 0 && look->panel->year > intensive->base_year;
    struct kf_tally found;
    kf_tally_init(&found);
    for (size_t k = 0; compared && k < look->panel->members_len; k++) {
        if (kf_look_has_value(own, k) && !kf_look_has_value(gain, k) &&
            !has_users_of(base, intensive, k)) {
            kf_tally_add(&found, look->panel->members[k], NULL);
        }
    }
    bool any = found.count > 0;
    if (any) {
        tell_no_users(look, intensive->base_year);
        kf_text_add_format(look->text, "no gain of theirs in %d of ", look->panel->year);
    }
    kf_tally_finish(&found, look->text);
    if (any) {
        print_remedy(look, intensive->base_year);
    }
    return any;
}

static bool has_refund(const struct kf_look *look)
{
    const struct kf_trial *trial = &look->edition->trial;
    const int *years = trial->demography.refund_years;
    for (size_t i = 0; i < KF_REFUND_YEARS && years[i]; i++) {
        if (has_users(kf_panel_of_year(look->panel, years[i]), &trial->resource_intensive)) {
            return true;
        }
    }
    return years[0] == 0;
}

/* Somebody's need has grown, and nothing says what that gains. */
static bool lacks_gain(const struct kf_look *look)
{
    const struct kf_column *growth =
        kf_panel_column(look->panel, look->edition->trial.demography.growth);
    const struct kf_result *gain =
        kf_look_unit_cost(look, KF_SECTOR_DEMOGRAPHY, "", "gain_million_kr");
    for (size_t k = 0; growth && k < look->panel->members_len; k++) {
        if (kf_cell_has_value(growth->status[k]) && !kf_look_has_value(gain, k)) {
            return true;
        }
    }
    return false;
}

bool kf_note_no_deduction(const struct kf_look *look)
{
    const struct kf_trial *trial = &look->edition->trial;
    const struct kf_demography_gain *gain = &trial->demography;
    struct kf_names names = {.count = 0};
    if (gain->compensated.count == 0 || look->panel->year < gain->compensated.list[0].year ||
        !lacks_gain(look)) {
        return false;
    }
    kf_names_add_lacking(&names, kf_panel_of_year(look->panel, gain->deduction_year),
                         &trial->deduction);
    if (names.count > 0) {
        kf_text_add_format(look->text, "kf %s: the input holds no figures of %d of ", look->command,
                           gain->deduction_year);
        kf_names_print(&names, look->text);
        kf_text_add_format(look->text,
                           ": no gain by demography in %d; give them with another --input\n",
                           look->panel->year);
        return true;
    }
    if (has_refund(look)) {
        return false;
    }
    tell_no_users(look, gain->refund_years[0]);
    kf_text_add_format(look->text, "no gain by demography in %d", look->panel->year);
    print_remedy(look, gain->refund_years[0]);
    return true;
}

/* --- grants ----------------------------------------------------------------------------------- */

/* Parts that nobody gave of member `k`, when it gave others. */
static void add_parts(const struct kf_look *look, size_t k, struct kf_names *parts)
{
    const struct kf_trial *trial = &look->edition->trial;
    bool gives = false;
    for (size_t i = 0; i < trial->grants_len; i++) {
        const struct kf_result *part =
            kf_look_unit_cost(look, KF_SECTOR_GRANTS, trial->grants[i].id, "grant_million_kr");
        gives = gives || kf_look_has_value(part, k);
        if (kf_look_is_missing(part, k)) {
            kf_names_add(parts, trial->grants[i].id);
        }
    }
    parts->count = gives ? parts->count : 0;
}

bool kf_note_no_part(const struct kf_look *look)
{
    const struct kf_result *sum = kf_look_unit_cost(look, KF_SECTOR_GRANTS, "", "grant_million_kr");
    struct kf_tally found;
    kf_tally_init(&found);
    for (size_t k = 0; k < look->panel->members_len; k++) {
        struct kf_names parts = {.count = 0};
        if (!kf_look_has_value(sum, k)) {
            add_parts(look, k, &parts);
        }
        if (parts.count > 0) {
            kf_tally_add(&found, look->panel->members[k], &parts);
        }
    }
    bool any = found.count > 0;
    if (any) {
        kf_text_add_format(look->text,
                           "kf %s: in %d parts of the grant are not given: ", look->command,
                           look->panel->year);
    }
    kf_tally_finish(&found, look->text);
    kf_text_add(look->text, any ? ": no sum of grants and no gain; give them, 0 where there are "
                                  "none\n"
                                : "");
    return any;
}

/* --- users ------------------------------------------------------------------------------------ */

/* The dearest user of member `k`, kr; below 0 when there are no figures of any. */
static double dearest(const struct kf_look *look, size_t k)
{
    const struct kf_users *each = &look->edition->trial.resource_intensive.each;
    double most = -1;
    for (size_t i = 0; i < each->count; i++) {
        const struct kf_column *column = kf_panel_column(look->panel, each->costs[i]);
        if (column && kf_cell_has_value(column->status[k])) {
            most = fmax(most, column->values[k]);
        }
    }
    return most;
}

bool kf_note_cheap_users(const struct kf_look *look)
{
    const struct kf_year_figure *threshold =
        kf_year_figure_of(&look->edition->trial.resource_intensive.thresholds, look->panel->year);
    struct kf_tally found;
    kf_tally_init(&found);
    for (size_t k = 0; threshold && k < look->panel->members_len; k++) {
        double most = dearest(look, k);
        if (most > 0 && most < threshold->value / CHEAP) {
            kf_tally_add(&found, look->panel->members[k], NULL);
        }
    }
    bool any = found.count > 0;
    if (any) {
        kf_text_add_format(
            look->text,
            "kf %s: in %d no user costs as much as a tenth of the threshold of %.15g "
            "kr: ",
            look->command, look->panel->year, threshold->value);
    }
    kf_tally_finish(&found, look->text);
    kf_text_add(look->text, any ? "; are the costs in 1000 kr? They are to be in kr\n" : "");
    return any;
}

/* What users one by one come to, and what the member gave of all together. */
struct compared {
    const struct kf_result *users;
    const struct kf_result *net; /* million kr */
    struct kf_values given_users;
    struct kf_values given_net; /* kr */
};

/* Writes what differs; false when nothing does. */
static bool describe(const struct compared *self, size_t k, char detail[DETAIL_SIZE])
{
    double users = self->users->values[k];
    double net = self->net->values[k];
    bool counted = kf_cell_has_value(self->given_users.status[k]);
    bool paid = kf_cell_has_value(self->given_net.status[k]);
    double all_users = kf_wide_value(self->given_users.values[k]);
    double all_net = kf_wide_value(self->given_net.values[k]) / 1e6;
    bool other_net = paid && fabs(all_net - net) > SAME_MILLION;
    bool other_users = counted && all_users != users;
    if (other_users) {
        (void)snprintf(detail, DETAIL_SIZE, "%g users, not %g", users, all_users);
    } else if (other_net) {
        (void)snprintf(detail, DETAIL_SIZE, "%.10g million kr, not %.10g", net, all_net);
    }
    return other_users || other_net;
}

static void compare(const struct kf_look *look, const struct compared *compared,
                    struct kf_tally *found)
{
    for (size_t k = 0; k < look->panel->members_len; k++) {
        char detail[DETAIL_SIZE];
        if (dearest(look, k) >= 0 && kf_look_has_value(compared->users, k) &&
            kf_look_has_value(compared->net, k) && describe(compared, k, detail)) {
            struct kf_names about = {.list = {detail}, .count = 1};
            kf_tally_add(found, look->panel->members[k], &about);
        }
    }
}

/* A sum of nothing is no figure. Without memory nothing is told. */
static bool sum(const struct kf_look *look, const struct kf_terms *terms, struct kf_arena *arena,
                struct kf_values *values)
{
    struct kf_error err = {0};
    return (terms->count > 0 ? kf_terms_sum(look->panel, terms, arena, values, &err)
                             : kf_values_new_missing(look->panel, arena, values, &err)) == KF_OK;
}

bool kf_note_contradiction(const struct kf_look *look)
{
    const struct kf_resource_intensive *intensive = &look->edition->trial.resource_intensive;
    struct compared compared = {
        .users = kf_look_unit_cost(look, KF_SECTOR_RESOURCE_INTENSIVE, "", "users"),
        .net =
            kf_look_unit_cost(look, KF_SECTOR_RESOURCE_INTENSIVE, "", "net_expenditure_million_kr"),
    };
    bool both = intensive->each.count > 0 && compared.users && compared.net;
    struct kf_arena *arena = both ? kf_arena_new(ARENA_BYTES) : NULL;
    struct kf_tally found;
    kf_tally_init(&found);
    if (arena && sum(look, &intensive->users, arena, &compared.given_users) &&
        sum(look, &intensive->net, arena, &compared.given_net)) {
        compare(look, &compared, &found);
    }
    kf_arena_destroy(&arena);
    bool any = found.count > 0;
    if (any) {
        kf_text_add_format(look->text,
                           "kf %s: in %d users given one by one are not those given all together: ",
                           look->command, look->panel->year);
    }
    kf_tally_finish(&found, look->text);
    kf_text_add(look->text, any ? "; those given one by one count\n" : "");
    return any;
}

bool kf_note_below_threshold(const struct kf_look *look)
{
    const struct kf_year_figure *threshold =
        kf_year_figure_of(&look->edition->trial.resource_intensive.thresholds, look->panel->year);
    const struct kf_result *users =
        kf_look_unit_cost(look, KF_SECTOR_RESOURCE_INTENSIVE, "", "users");
    const struct kf_result *net =
        kf_look_unit_cost(look, KF_SECTOR_RESOURCE_INTENSIVE, "", "net_expenditure_million_kr");
    struct kf_tally found;
    kf_tally_init(&found);
    for (size_t k = 0; threshold && k < look->panel->members_len; k++) {
        bool known = kf_look_has_value(users, k) && kf_look_has_value(net, k);
        if (known && net->values[k] * KF_MILLION_KR < FULL * users->values[k] * threshold->value) {
            kf_tally_add(&found, look->panel->members[k], NULL);
        }
    }
    bool any = found.count > 0;
    if (any) {
        kf_text_add_format(look->text,
                           "kf %s: in %d the users above the threshold of %.15g kr cost less than "
                           "that each: ",
                           look->command, look->panel->year, threshold->value);
    }
    kf_tally_finish(&found, look->text);
    kf_text_add(look->text, any ? "; count those above it alone, with their net wage cost\n" : "");
    return any;
}

bool kf_note_lost_users(const struct kf_look *look)
{
    const struct kf_users *each = &look->edition->trial.resource_intensive.each;
    const struct kf_column *first =
        each->count > 0 ? kf_panel_column(look->panel, each->costs[0]) : NULL;
    for (size_t k = 0; first && k < look->panel->members_len; k++) {
        if ((first->status[k] & KF_CELL_KIND_MASK) != KF_CELL_MISSING) {
            return false;
        }
    }
    if (first) {
        kf_text_add_format(look->text,
                           "kf %s: users one by one of %d belong to no municipality of the panel: "
                           "those of municipalities that were put together since are left out; "
                           "give them under the new code, or their number and net wage cost\n",
                           look->command, look->panel->year);
    }
    return first;
}
