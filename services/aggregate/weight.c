#include "services/aggregate/weight.h"

#include <stdint.h>
#include <string.h>

#include "common/base/numbers.h"
#include "services/aggregate/closure.h"
#include "services/aggregate/given.h"

/* What is worked with while one weighting is resolved; arrays are [parts_len], in `arena`. */
struct resolution {
    const struct kf_panel *panel;
    const struct kf_weighting *weighting;
    const char *sector; /* whose weighting it is; KF_SECTOR_TOTAL for the sectors' own */
    struct kf_findings *findings;
    struct kf_arena *arena;
    struct kf_values *amounts;  /* of the parts that are weighed by an amount */
    struct kf_values *together; /* under a part: a value for whoever has all amounts */
    struct kf_wide *counts;     /* what a part counts for among its siblings */
    struct kf_wide *sums;       /* what the parts under a part count for together */
    struct kf_wide *shares;     /* of the whole; then of the items alone, one after the other */
    double *closed;             /* of the items alone */
};

/* What became of a weighting: [parts_len], in the panel's arena. */
struct derived {
    double *weights;  /* of the items; 0 for a part that is split */
    bool *incomplete; /* a member is left out of an amount that it rests on */
};

static bool has_item(const struct kf_weight_part *part)
{
    return part->item && part->item[0];
}

/* --- findings -------------------------------------------------------------------------------- */

/* A part is spoken of by its item, or by the first item below it. */
static const char *first_item(const struct kf_weighting *weighting, size_t number)
{
    for (size_t p = number; p < weighting->parts_len; p++) {
        if (p > number && weighting->parts[p].parent == (int)number) {
            number = p;
        }
        if (p == number && has_item(&weighting->parts[p])) {
            return weighting->parts[p].item;
        }
    }
    return "?";
}

static const char *which(const struct kf_weighting *weighting, size_t number)
{
    return has_item(&weighting->parts[number]) ? "part" : "the part that begins with";
}

/* True when some member has a figure of the variable; for a country's term, when the country has.
 */
static bool is_there(const struct kf_panel *panel, const struct kf_term *term)
{
    const struct kf_column *column = kf_panel_column(panel, term->variable);
    if (!column || term->country) {
        return column && kf_cell_has_value(column->country_status);
    }
    for (size_t k = 0; k < panel->members_len; k++) {
        if (kf_cell_has_value(column->status[k])) {
            return true;
        }
    }
    return false;
}

/* The variable that a finding about an amount names: one that nobody has, else the first. */
static const char *variable_at_fault(const struct kf_panel *panel, const struct kf_terms *amount)
{
    for (size_t i = 0; i < amount->count; i++) {
        if (!is_there(panel, &amount->list[i])) {
            return amount->list[i].variable;
        }
    }
    return amount->list[0].variable;
}

static void find_no_figure(const struct resolution *self, size_t number)
{
    const struct kf_weight_part *part = &self->weighting->parts[number];
    struct kf_place place = {.variable = variable_at_fault(self->panel, &part->amount)};
    kf_findings_add(self->findings, &place,
                    "give the figure for at least one member, or write a share into the edition",
                    "sector %s, %s %s: the weight cannot be derived, no member of the group has "
                    "the amount in %d",
                    self->sector, which(self->weighting, number),
                    first_item(self->weighting, number), self->panel->year);
}

static void find_not_above_zero(const struct resolution *self, size_t number, double sum)
{
    const struct kf_weight_part *part = &self->weighting->parts[number];
    struct kf_place place = {.variable = variable_at_fault(self->panel, &part->amount)};
    kf_findings_add(self->findings, &place,
                    "check the figures: what weighs is above zero; or take the part out of the "
                    "edition",
                    "sector %s, %s %s: the weight cannot be derived, the group's sum is %g in %d",
                    self->sector, which(self->weighting, number),
                    first_item(self->weighting, number), sum, self->panel->year);
}

/* Every amount has somebody, but nobody has all: only together they can be compared. */
static void find_nobody_has_all(const struct resolution *self, size_t number)
{
    const struct kf_weight_part *part = &self->weighting->parts[number];
    struct kf_place place = {.variable = part->amount.list[0].variable};
    kf_findings_add(self->findings, &place,
                    "give all amounts that stand side by side for at least one member, or write "
                    "shares into the edition",
                    "sector %s, %s %s: the weight cannot be derived, no member of the group has "
                    "this amount and those of the parts beside it in %d",
                    self->sector, which(self->weighting, number),
                    first_item(self->weighting, number), self->panel->year);
}

/* --- amounts --------------------------------------------------------------------------------- */

static bool is_by_amount(const struct kf_weighting *weighting, size_t number)
{
    const struct kf_weight_part *part = &weighting->parts[number];
    return part->parent >= 0 && weighting->parts[part->parent].rule != KF_WEIGHT_EQUAL &&
           !(part->share > 0) && part->amount.count > 0;
}

static bool is_below(const struct kf_weighting *weighting, size_t number, size_t parent)
{
    return number > parent && weighting->parts[number].parent == (int)parent;
}

enum kf_err kf_weight_members(const struct kf_panel *panel, const struct kf_weighting *weighting,
                              size_t parent, struct kf_arena *arena, struct kf_values *together,
                              struct kf_error *err)
{
    struct kf_values all = {0};
    enum kf_err code = kf_values_new(panel, arena, &all, err);
    for (size_t p = parent + 1; code == KF_OK && p < weighting->parts_len; p++) {
        if (!is_below(weighting, p, parent) || !is_by_amount(weighting, p)) {
            continue;
        }
        struct kf_values amount = {0};
        code = kf_terms_sum(panel, &weighting->parts[p].amount, arena, &amount, err);
        for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
            kf_values_add(&all, k, kf_wide_from(0), amount.status[k]);
        }
    }
    if (code == KF_OK) {
        *together = all;
    }
    return code;
}

static enum kf_err sum_amounts(struct resolution *self, struct kf_error *err)
{
    const struct kf_weighting *weighting = self->weighting;
    enum kf_err code = KF_OK;
    for (size_t p = 0; code == KF_OK && p < weighting->parts_len; p++) {
        if (is_by_amount(weighting, p)) {
            code = kf_terms_sum(self->panel, &weighting->parts[p].amount, self->arena,
                                &self->amounts[p], err);
        }
        if (code == KF_OK && !has_item(&weighting->parts[p])) {
            code =
                kf_weight_members(self->panel, weighting, p, self->arena, &self->together[p], err);
        }
    }
    return code;
}

/* The group's sum of an amount (W1, W4, W6, W7). Where nobody has all amounts each is judged by
 * itself: the weighting is refused anyway, and what else is wrong with it is told at once. */
static bool count_amount(const struct resolution *self, size_t number, struct kf_wide *count)
{
    const struct kf_values *amount = &self->amounts[number];
    const struct kf_values *together = &self->together[self->weighting->parts[number].parent];
    const struct kf_values *counted = kf_values_any(together) ? together : amount;
    struct kf_wide sum = kf_wide_from(0);
    for (size_t k = 0; k < amount->members; k++) {
        if (kf_cell_has_value(counted->status[k])) {
            sum = kf_wide_add(sum, amount->values[k]);
        }
    }
    if (!kf_values_any(amount)) {
        find_no_figure(self, number);
    } else if (!(sum.high > 0)) {
        find_not_above_zero(self, number, sum.high);
    }
    *count = sum;
    return sum.high > 0;
}

/* A finding for the first part of a level whose amounts somebody has each, but nobody all. */
static bool check_together(const struct resolution *self, size_t parent)
{
    size_t first = 0;
    for (size_t p = parent + 1; p < self->weighting->parts_len; p++) {
        if (is_below(self->weighting, p, parent) && is_by_amount(self->weighting, p)) {
            if (!kf_values_any(&self->amounts[p])) {
                return true; /* which has been told */
            }
            first = first > 0 ? first : p;
        }
    }
    if (first > 0 && !kf_values_any(&self->together[parent])) {
        find_nobody_has_all(self, first);
        return false;
    }
    return true;
}

/* --- one level ------------------------------------------------------------------------------- */

/* What a part counts for among its siblings. */
static enum kf_err count_part(const struct resolution *self, size_t number, struct kf_wide *count,
                              struct kf_error *err)
{
    const struct kf_weight_part *part = &self->weighting->parts[number];
    bool alike =
        part->parent < 0 || self->weighting->parts[part->parent].rule == KF_WEIGHT_EQUAL; /* W3 */
    if (alike) {
        *count = kf_wide_from(1);
        return KF_OK;
    }
    if (part->share > 0) { /* W2, W5, or a share that a source has printed */
        *count = kf_wide_from_figure(part->share);
        return KF_OK;
    }
    if (part->amount.count == 0) {
        return kf_error_set(err, KF_ERR_DATA, "sector %s: part %s has neither share nor amount",
                            self->sector, first_item(self->weighting, number));
    }
    return count_amount(self, number, count)
               ? KF_OK
               : kf_error_set(err, KF_ERR_DATA, "the weights of sector %s cannot be derived",
                              self->sector);
}

static bool has_children(const struct kf_weighting *weighting, size_t number)
{
    for (size_t p = number + 1; p < weighting->parts_len; p++) {
        if (weighting->parts[p].parent == (int)number) {
            return true;
        }
    }
    return false;
}

/* A part stands behind the one above it, so that all can be worked through from front to back; only
 * the first has none above; what is split has something below, items have not. */
static bool is_tree(const struct kf_weighting *weighting)
{
    for (size_t p = 0; p < weighting->parts_len; p++) {
        int parent = weighting->parts[p].parent;
        bool first = p == 0 && parent == -1;
        bool below = p > 0 && parent >= 0 && (size_t)parent < p;
        bool leaf = has_item(&weighting->parts[p]);
        if ((!first && !below) || leaf == has_children(weighting, p)) {
            return false;
        }
    }
    return weighting->parts_len > 0 && weighting->parts_len <= KF_WEIGHT_PARTS_MAX;
}

static enum kf_err count_all(struct resolution *self, struct kf_error *err)
{
    enum kf_err outcome = KF_OK;
    for (size_t p = 0; p < self->weighting->parts_len; p++) {
        struct kf_error latest = {0};
        enum kf_err code = count_part(self, p, &self->counts[p], &latest);
        outcome = kf_error_join(outcome, code, &latest, err);
        int parent = self->weighting->parts[p].parent;
        if (parent >= 0) {
            self->sums[parent] = kf_wide_add(self->sums[parent], self->counts[p]);
        }
    }
    for (size_t p = 0; p < self->weighting->parts_len; p++) {
        if (!check_together(self, p) && outcome == KF_OK) {
            outcome = kf_error_set(err, KF_ERR_DATA, "the weights of sector %s cannot be derived",
                                   self->sector);
        }
    }
    return outcome;
}

/* --- the whole tree -------------------------------------------------------------------------- */

/* The product down the tree. */
static void multiply_down(struct resolution *self)
{
    self->shares[0] = kf_wide_from(1);
    for (size_t p = 1; p < self->weighting->parts_len; p++) {
        int parent = self->weighting->parts[p].parent;
        struct kf_wide part = kf_wide_mul(self->shares[parent], self->counts[p]);
        self->shares[p] = kf_wide_div(part, self->sums[parent]);
    }
}

/* Leaves the shares of the items alone, in their order; returns how many. */
static size_t gather_items(struct resolution *self)
{
    size_t items = 0;
    for (size_t p = 0; p < self->weighting->parts_len; p++) {
        if (has_item(&self->weighting->parts[p])) {
            self->shares[items++] = self->shares[p];
        }
    }
    return items;
}

static void close_items(const struct resolution *self, size_t items)
{
    double *closed = self->closed;
    const struct kf_weighting *weighting = self->weighting;
    if (weighting->closure == KF_CLOSURE_LAST) {
        kf_close_last(self->shares, items, weighting->decimals, closed);
    } else if (weighting->closure == KF_CLOSURE_REMAINDER) {
        kf_close_remainder(self->shares, items, weighting->decimals, closed);
    } else {
        for (size_t i = 0; i < items; i++) {
            closed[i] = kf_wide_value(self->shares[i]);
        }
    }
}

/* False, with a finding, when rounding leaves nothing of an item. */
static bool check_weight(const struct resolution *self, size_t number, double weight)
{
    if (weight > 0) {
        return true;
    }
    kf_findings_add(self->findings, &(struct kf_place){0},
                    "give the closure more decimals, or let the remainders absorb it",
                    "sector %s: the weight of %s is %g when the weights are rounded to %d "
                    "decimals",
                    self->sector, self->weighting->parts[number].item, weight,
                    self->weighting->decimals);
    return false;
}

/* The closed weights, one after the other, to where the items stand. */
static bool spread_items(const struct resolution *self, double *weights)
{
    bool above_zero = true;
    size_t item = 0;
    for (size_t p = 0; p < self->weighting->parts_len; p++) {
        weights[p] = 0;
        if (has_item(&self->weighting->parts[p])) {
            weights[p] = self->closed[item++];
            above_zero = check_weight(self, p, weights[p]) && above_zero;
        }
    }
    return above_zero;
}

/* A member that is left out of the amounts of a level is so for everything below it. */
static void flag_incomplete(const struct resolution *self, bool *incomplete)
{
    for (size_t p = 1; p < self->weighting->parts_len; p++) {
        size_t parent = (size_t)self->weighting->parts[p].parent;
        const struct kf_values *together = &self->together[parent];
        incomplete[p] = incomplete[parent];
        for (size_t k = 0; k < together->members; k++) {
            incomplete[p] = incomplete[p] || !kf_cell_has_value(together->status[k]);
        }
    }
}

static bool has_decimals(const struct kf_weighting *weighting)
{
    bool rounded =
        weighting->closure == KF_CLOSURE_LAST || weighting->closure == KF_CLOSURE_REMAINDER;
    return !rounded || (weighting->decimals >= 1 && weighting->decimals <= 9);
}

static enum kf_err resolution_new(struct resolution *self, struct kf_error *err)
{
    size_t parts = self->weighting->parts_len;
    self->amounts = kf_arena_calloc(self->arena, parts, sizeof *self->amounts);
    self->together = kf_arena_calloc(self->arena, parts, sizeof *self->together);
    self->counts = kf_arena_calloc(self->arena, parts, sizeof *self->counts);
    self->sums = kf_arena_calloc(self->arena, parts, sizeof *self->sums);
    self->shares = kf_arena_calloc(self->arena, parts, sizeof *self->shares);
    self->closed = kf_arena_calloc(self->arena, parts, sizeof *self->closed);
    return self->amounts && self->together && self->counts && self->sums && self->shares &&
                   self->closed
               ? KF_OK
               : kf_error_set(err, KF_ERR_MEMORY, "no memory for the weights of %s", self->sector);
}

static enum kf_err resolve_with(struct resolution *self, struct derived *derived,
                                struct kf_error *err)
{
    enum kf_err code = resolution_new(self, err);
    if (code == KF_OK) {
        code = sum_amounts(self, err);
    }
    if (code == KF_OK) {
        code = count_all(self, err);
    }
    if (code != KF_OK) {
        return code;
    }
    multiply_down(self);
    size_t items = gather_items(self); /* a tree ends in items, or is no tree */
    close_items(self, items);
    flag_incomplete(self, derived->incomplete);
    return spread_items(self, derived->weights)
               ? KF_OK
               : kf_error_set(err, KF_ERR_DATA, "the weights of sector %s cannot be rounded",
                              self->sector);
}

/* Findings name sector, part, variable and remedy, all at once. */
static enum kf_err resolve(const struct kf_panel *panel, const struct kf_weighting *weighting,
                           const char *sector, struct derived *derived,
                           struct kf_findings *findings, struct kf_error *err)
{
    if (!is_tree(weighting)) {
        return kf_error_set(err, KF_ERR_DATA, "the weighting of sector %s is no tree", sector);
    }
    if (!has_decimals(weighting)) {
        return kf_error_set(err, KF_ERR_DATA, "the weights of sector %s cannot have %d decimals",
                            sector, weighting->decimals);
    }
    struct resolution self = {.panel = panel,
                              .weighting = weighting,
                              .sector = sector,
                              .findings = findings,
                              .arena = kf_arena_new(KF_PANEL_BYTES_MAX)};
    enum kf_err code =
        self.arena ? resolve_with(&self, derived, err)
                   : kf_error_set(err, KF_ERR_MEMORY, "no memory for the weights of %s", sector);
    kf_arena_destroy(&self.arena);
    return code;
}

/* --- rows ------------------------------------------------------------------------------------ */

/* Where the weights of some items come from: resolved parts, or what the edition gives. */
struct source {
    const char *sector;
    const struct kf_weighting *weighting;
    struct derived derived; /* no arrays when the weights are given */
};

/* One row. */
struct weight {
    double value;
    uint8_t status;
};

static size_t items_of(const struct kf_weighting *weighting)
{
    size_t items = 0;
    for (size_t p = 0; p < weighting->parts_len; p++) {
        items += has_item(&weighting->parts[p]);
    }
    return items;
}

static size_t producing_sectors(const struct kf_edition *edition)
{
    size_t producing = 0;
    for (size_t s = 0; s < edition->sectors_len; s++) {
        producing += kf_sector_produces(&edition->sectors[s]);
    }
    return producing;
}

/* `weighting` must weigh `wanted` items. */
static enum kf_err source_make(struct kf_panel *panel, const struct kf_weighting *weighting,
                               size_t wanted, struct source *source, struct kf_findings *findings,
                               struct kf_error *err)
{
    const char *sector = source->sector;
    source->weighting = weighting;
    if (weighting->parts_len == 0) {
        return KF_OK;
    }
    size_t items = items_of(weighting);
    if (items != wanted) {
        return kf_error_set(err, KF_ERR_DATA, "the weighting of sector %s weighs %zu, not %zu",
                            sector, items, wanted);
    }
    struct derived *derived = &source->derived;
    size_t parts = weighting->parts_len;
    derived->weights = kf_arena_calloc(panel->arena, parts, sizeof *derived->weights);
    derived->incomplete = kf_arena_calloc(panel->arena, parts, sizeof *derived->incomplete);
    if (!derived->weights || !derived->incomplete) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the weights of %s", sector);
    }
    return resolve(panel, weighting, sector, derived, findings, err);
}

static enum kf_err weight_from(const struct source *source, const char *item, double given,
                               struct weight *weight, struct kf_error *err)
{
    if (!source->derived.weights) {
        *weight = (struct weight){given, KF_CELL_VALUE};
        return KF_OK;
    }
    for (size_t p = 0; p < source->weighting->parts_len; p++) {
        const struct kf_weight_part *part = &source->weighting->parts[p];
        if (has_item(part) && strcmp(part->item, item) == 0) {
            bool incomplete = source->derived.incomplete[p];
            *weight = (struct weight){source->derived.weights[p],
                                      incomplete ? KF_CELL_INCOMPLETE : KF_CELL_VALUE};
            return KF_OK;
        }
    }
    return kf_error_set(err, KF_ERR_DATA, "%s stands in no part of its weighting", item);
}

static enum kf_err append_weight(struct kf_panel *panel, const char *sector, const char *indicator,
                                 struct weight weight, struct kf_error *err)
{
    struct kf_result_key key = {.topic = KF_TOPIC_STATISTICS,
                                .sector = sector,
                                .indicator = indicator,
                                .measure = "weight",
                                .group = true};
    struct kf_result *result = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &result, err);
    if (code == KF_OK) {
        result->values[0] = weight.value;
        result->status[0] = weight.status;
    }
    return code;
}

static enum kf_err append_indicators(struct kf_panel *panel, const struct kf_sector *sector,
                                     struct kf_findings *findings, struct kf_error *err)
{
    struct source source = {.sector = sector->id};
    enum kf_err code =
        source_make(panel, &sector->weighting, sector->indicators_len, &source, findings, err);
    for (size_t i = 0; code == KF_OK && i < sector->indicators_len; i++) {
        const struct kf_indicator *indicator = &sector->indicators[i];
        struct weight weight = {0};
        code = weight_from(&source, indicator->id, indicator->weight, &weight, err);
        if (code == KF_OK) {
            code = append_weight(panel, sector->id, indicator->id, weight, err);
        }
    }
    return code;
}

static enum kf_err append_sectors(struct kf_panel *panel, struct kf_findings *findings,
                                  struct kf_error *err)
{
    const struct kf_edition *edition = panel->edition;
    struct source source = {.sector = KF_SECTOR_TOTAL};
    enum kf_err code =
        source_make(panel, &edition->weighting, producing_sectors(edition), &source, findings, err);
    for (size_t s = 0; code == KF_OK && s < edition->sectors_len; s++) {
        const struct kf_sector *sector = &edition->sectors[s];
        bool unweighted =
            kf_total_is_given(edition) && !source.derived.weights && sector->weight == 0;
        if (!kf_sector_produces(sector) || unweighted) {
            continue;
        }
        struct weight weight = {0};
        code = weight_from(&source, sector->id, sector->weight, &weight, err);
        if (code == KF_OK) {
            code = append_weight(panel, sector->id, "", weight, err);
        }
    }
    return code;
}

/* A faulty sector does not hide the next. */
enum kf_err kf_weights_append(struct kf_panel *panel, struct kf_findings *findings,
                              struct kf_error *err)
{
    enum kf_err outcome = KF_OK;
    for (size_t s = 0; kf_err_goes_on(outcome) && s <= panel->edition->sectors_len; s++) {
        struct kf_error latest = {0};
        enum kf_err code =
            s < panel->edition->sectors_len
                ? append_indicators(panel, &panel->edition->sectors[s], findings, &latest)
                : append_sectors(panel, findings, &latest);
        outcome = kf_error_join(outcome, code, &latest, err);
    }
    return outcome;
}
