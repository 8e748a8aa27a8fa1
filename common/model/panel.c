#include "common/model/panel.h"

#include <math.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/base/text.h"

#define RESULTS_ROOM_FIRST 64

struct kf_panel *kf_panel_new(void)
{
    struct kf_panel *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return NULL;
    }
    self->arena = kf_arena_new(KF_PANEL_BYTES_MAX);
    if (!self->arena) {
        kf_panel_destroy(&self);
    }
    return self;
}

void kf_panel_destroy(struct kf_panel **self)
{
    if (self && *self) {
        kf_arena_destroy(&(*self)->arena);
        kf_free(*self);
        *self = NULL;
    }
}

const struct kf_column *kf_panel_column(const struct kf_panel *self, const char *variable)
{
    size_t low = 0;
    size_t high = self->columns_len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(variable, self->columns[middle].variable);
        if (order == 0) {
            return &self->columns[middle];
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return NULL;
}

const struct kf_panel *kf_panel_of_year(const struct kf_panel *self, int year)
{
    for (const struct kf_panel *panel = self; panel; panel = panel->previous) {
        if (panel->year == year) {
            return panel;
        }
    }
    for (const struct kf_panel *panel = self->further; panel; panel = panel->further) {
        if (panel->year == year) {
            return panel;
        }
    }
    return NULL;
}

const double *kf_panel_population(const struct kf_panel *self)
{
    const struct kf_column *column = kf_panel_column(self, self->edition->population);
    if (!column) {
        return NULL;
    }
    for (size_t i = 0; i < self->members_len; i++) {
        if (!kf_cell_has_value(column->status[i]) || !(column->values[i] > 0)) {
            return NULL;
        }
    }
    return column->values;
}

/* Room for one more result; the old array stays in the arena until the panel goes. */
static enum kf_err make_room(struct kf_panel *self, struct kf_error *err)
{
    if (self->results_len < self->results_room) {
        return KF_OK;
    }
    if (self->results_len >= KF_PANEL_RESULTS_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT, "a panel holds at most %d results",
                            KF_PANEL_RESULTS_MAX);
    }
    size_t room = self->results_room ? self->results_room * 2 : RESULTS_ROOM_FIRST;
    room = room < KF_PANEL_RESULTS_MAX ? room : KF_PANEL_RESULTS_MAX;
    struct kf_result *grown = kf_arena_calloc(self->arena, room, sizeof *grown);
    if (!grown) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for %zu results of a panel", room);
    }
    if (self->results_len > 0) {
        memcpy(grown, self->results, self->results_len * sizeof *grown);
    }
    self->results = grown;
    self->results_room = room;
    return KF_OK;
}

static const char *unit_of(const struct kf_result_key *key)
{
    if (key->unit) {
        return key->unit;
    }
    const struct kf_measure *measure = kf_measure_find(key->topic, key->measure);
    return measure && measure->unit[0] ? measure->unit : "index";
}

enum kf_err kf_panel_append(struct kf_panel *self, const struct kf_result_key *key,
                            struct kf_result **result, struct kf_error *err)
{
    enum kf_err code = make_room(self, err);
    if (code != KF_OK) {
        return code;
    }
    size_t cells = key->group ? 1 : self->members_len;
    double *values = kf_arena_calloc(self->arena, cells, sizeof *values);
    uint8_t *status = kf_arena_calloc(self->arena, cells, sizeof *status);
    if (!values || !status) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the result %s %s %s", key->sector,
                            key->indicator, key->measure);
    }
    struct kf_result *added = &self->results[self->results_len++];
    *added = (struct kf_result){.topic = key->topic,
                                .sector = key->sector,
                                .indicator = key->indicator,
                                .measure = key->measure,
                                .unit = unit_of(key),
                                .group = key->group,
                                .values = values,
                                .status = status};
    *result = added;
    return KF_OK;
}

enum kf_err kf_panel_judge_failure(const struct kf_panel *self, enum kf_err code,
                                   struct kf_error *err)
{
    if (code != KF_ERR_MEMORY || !kf_arena_is_full(self->arena)) {
        return code;
    }
    return kf_error_set(err, KF_ERR_LIMIT,
                        "the panel %s/%d does not fit into %zu MB, the limit of a panel: spread "
                        "its municipalities or indicators over several editions",
                        self->edition->id, self->year, KF_PANEL_BYTES_MAX / 1024 / 1024);
}

const struct kf_result *kf_panel_result(const struct kf_panel *self, enum kf_topic topic,
                                        const char *sector, const char *indicator,
                                        const char *measure)
{
    for (size_t i = 0; i < self->results_len; i++) {
        const struct kf_result *result = &self->results[i];
        if (result->topic == topic && strcmp(result->indicator, indicator) == 0 &&
            strcmp(result->measure, measure) == 0 && strcmp(result->sector, sector) == 0) {
            return result;
        }
    }
    return NULL;
}

/* --- the panel's promises -------------------------------------------------------------------- */

/* NULL, or what is wrong with a cell. Every status means something. */
static const char *cell_breach(double value)
{
    return isfinite(value) ? NULL : "is not a finite number";
}

static enum kf_err check_frame(const struct kf_panel *self, struct kf_error *err)
{
    if (!self->edition || !self->edition->population) {
        return kf_error_set(err, KF_ERR_DATA, "the panel has no edition");
    }
    if (self->year < KF_YEAR_MIN || self->year > KF_YEAR_MAX) {
        return kf_error_set(err, KF_ERR_DATA, "the panel's year %d is not between %d and %d",
                            self->year, KF_YEAR_MIN, KF_YEAR_MAX);
    }
    if (self->members_len == 0 || self->members_len > KF_PANEL_MEMBERS_MAX ||
        self->columns_len > KF_PANEL_COLUMNS_MAX || self->results_len > KF_PANEL_RESULTS_MAX) {
        return kf_error_set(err, KF_ERR_DATA,
                            "the panel has %zu members, %zu columns, %zu results; allowed are 1 "
                            "to %d, at most %d, at most %d",
                            self->members_len, self->columns_len, self->results_len,
                            KF_PANEL_MEMBERS_MAX, KF_PANEL_COLUMNS_MAX, KF_PANEL_RESULTS_MAX);
    }
    if (self->country_municipalities > KF_CODES) {
        return kf_error_set(err, KF_ERR_DATA,
                            "the country has %zu municipalities; there are %d codes",
                            self->country_municipalities, KF_CODES);
    }
    if (self->others_len > KF_PANEL_MEMBERS_MAX) {
        return kf_error_set(err, KF_ERR_DATA, "the panel has %zu others; allowed are at most %d",
                            self->others_len, KF_PANEL_MEMBERS_MAX);
    }
    return KF_OK;
}

/* Municipality codes that ascend; `who` is what one of them is called. */
static enum kf_err check_codes(const char *const *codes, size_t count, const char *who,
                               struct kf_error *err)
{
    for (size_t i = 0; i < count; i++) {
        uint16_t number = 0;
        if (!codes[i] || !kf_municipality_parse(codes[i], strlen(codes[i]), &number)) {
            return kf_error_set(err, KF_ERR_DATA, "%s %zu is no municipality code", who, i);
        }
        if (i > 0 && strcmp(codes[i - 1], codes[i]) >= 0) {
            return kf_error_set(err, KF_ERR_DATA, "%s %s does not come after %s", who, codes[i],
                                codes[i - 1]);
        }
    }
    return KF_OK;
}

/* Others are no members: both lists ascend, one walk through both. */
static enum kf_err check_apart(const struct kf_panel *self, struct kf_error *err)
{
    size_t member = 0;
    for (size_t i = 0; i < self->others_len; i++) {
        int order = -1;
        while (member < self->members_len &&
               (order = strcmp(self->members[member], self->others[i])) < 0) {
            member++;
        }
        if (member < self->members_len && order == 0) {
            return kf_error_set(err, KF_ERR_DATA, "%s is both a member and one of the others",
                                self->others[i]);
        }
    }
    return KF_OK;
}

static enum kf_err check_municipalities(const struct kf_panel *self, struct kf_error *err)
{
    enum kf_err code = check_codes(self->members, self->members_len, "member", err);
    if (code == KF_OK) {
        code = check_codes(self->others, self->others_len, "other", err);
    }
    return code == KF_OK ? check_apart(self, err) : code;
}

/* The cells of a column that belong to the others. */
static enum kf_err check_others(const struct kf_panel *self, const struct kf_column *column,
                                struct kf_error *err)
{
    bool given = column->other_values && column->other_status;
    bool half = !given && (column->other_values || column->other_status);
    if (half || (!given && kf_edition_corrects(self->edition, column->variable))) {
        return kf_error_set(err, KF_ERR_DATA, "column %s lacks the cells of the others",
                            column->variable);
    }
    for (size_t i = 0; given && i < self->others_len; i++) {
        const char *breach = cell_breach(column->other_values[i]);
        if (breach) {
            return kf_error_set(err, KF_ERR_DATA, "%s of %s %s", column->variable, self->others[i],
                                breach);
        }
    }
    return KF_OK;
}

static enum kf_err check_column(const struct kf_panel *self, size_t index, struct kf_error *err)
{
    const struct kf_column *column = &self->columns[index];
    if (!column->variable || !column->values || !column->status) {
        return kf_error_set(err, KF_ERR_DATA, "column %zu lacks its name or its cells", index);
    }
    if (index > 0 && strcmp(self->columns[index - 1].variable, column->variable) >= 0) {
        return kf_error_set(err, KF_ERR_DATA, "column %s does not come after %s", column->variable,
                            self->columns[index - 1].variable);
    }
    for (size_t i = 0; i < self->members_len; i++) {
        const char *breach = cell_breach(column->values[i]);
        if (breach) {
            return kf_error_set(err, KF_ERR_DATA, "%s of %s %s", column->variable, self->members[i],
                                breach);
        }
    }
    const char *breach = cell_breach(column->country_value);
    if (breach) {
        return kf_error_set(err, KF_ERR_DATA, "%s of the country %s", column->variable, breach);
    }
    return self->others_len > 0 ? check_others(self, column, err) : KF_OK;
}

static enum kf_err check_result(const struct kf_panel *self, size_t index, struct kf_error *err)
{
    const struct kf_result *result = &self->results[index];
    if (result->topic <= KF_TOPIC_NONE || result->topic >= KF_TOPICS || !result->sector ||
        !result->indicator || !result->measure || !result->unit || !result->values ||
        !result->status) {
        return kf_error_set(err, KF_ERR_DATA, "result %zu lacks its topic, a name or its cells",
                            index);
    }
    size_t cells = result->group ? 1 : self->members_len;
    for (size_t i = 0; i < cells; i++) {
        const char *breach = cell_breach(result->values[i]);
        if (breach) {
            return kf_error_set(err, KF_ERR_DATA, "result %s %s %s of %s %s", result->sector,
                                result->indicator, result->measure,
                                result->group ? "the group" : self->members[i], breach);
        }
    }
    return KF_OK;
}

/* The promises that each year keeps for itself. */
static enum kf_err check_year(const struct kf_panel *self, struct kf_error *err)
{
    enum kf_err code = check_frame(self, err);
    if (code == KF_OK) {
        code = check_municipalities(self, err);
    }
    for (size_t i = 0; code == KF_OK && i < self->columns_len; i++) {
        code = check_column(self, i, err);
    }
    for (size_t i = 0; code == KF_OK && i < self->results_len; i++) {
        code = check_result(self, i, err);
    }
    return code;
}

/* True when both are about the same municipalities. */
static bool have_same_members(const struct kf_panel *a, const struct kf_panel *b)
{
    bool same = a->members_len == b->members_len;
    for (size_t i = 0; same && i < a->members_len; i++) {
        same = strcmp(a->members[i], b->members[i]) == 0;
    }
    return same;
}

/* What another year must have in common with the panel; both are sound by themselves. */
static enum kf_err check_belonging(const struct kf_panel *other, const struct kf_panel *panel,
                                   struct kf_error *err)
{
    if (other->edition != panel->edition || other->arena != panel->arena) {
        return kf_error_set(err, KF_ERR_DATA, "the year %d has an edition or memory of its own",
                            other->year);
    }
    if (!have_same_members(other, panel)) {
        return kf_error_set(err, KF_ERR_DATA, "the years %d and %d have different members",
                            other->year, panel->year);
    }
    return KF_OK;
}

/* An earlier year and the one after it. */
static enum kf_err check_succession(const struct kf_panel *earlier, const struct kf_panel *later,
                                    struct kf_error *err)
{
    if (earlier->year != later->year - 1) {
        return kf_error_set(err, KF_ERR_DATA, "the year %d is not the one before %d", earlier->year,
                            later->year);
    }
    if (earlier->further) {
        return kf_error_set(err, KF_ERR_DATA, "the year %d before the panel has further years",
                            earlier->year);
    }
    return check_belonging(earlier, later, err);
}

static enum kf_err check_previous(const struct kf_panel *self, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    int earlier = 0;
    for (const struct kf_panel *year = self; code == KF_OK && year->previous;
         year = year->previous) {
        if (++earlier > KF_LATEST_YEARS_MAX) {
            return kf_error_set(err, KF_ERR_DATA, "the panel has more than %d years before it",
                                KF_LATEST_YEARS_MAX);
        }
        code = check_year(year->previous, err);
        if (code == KF_OK) {
            code = check_succession(year->previous, year, err);
        }
    }
    return code;
}

static bool is_own_year(const struct kf_panel *self, int year)
{
    bool own = false;
    for (const struct kf_panel *panel = self; panel && !own; panel = panel->previous) {
        own = panel->year == year;
    }
    return own;
}

/* `before` is the further year in front of it, or NULL. */
static enum kf_err check_further_year(const struct kf_panel *self, const struct kf_panel *before,
                                      const struct kf_panel *further, struct kf_error *err)
{
    if (before && further->year <= before->year) {
        return kf_error_set(err, KF_ERR_DATA, "the further year %d does not come after %d",
                            further->year, before->year);
    }
    if (is_own_year(self, further->year)) {
        return kf_error_set(err, KF_ERR_DATA, "the further year %d is one of the panel's own",
                            further->year);
    }
    if (further->previous) {
        return kf_error_set(err, KF_ERR_DATA, "the further year %d has a year before it",
                            further->year);
    }
    enum kf_err code = check_year(further, err);
    return code == KF_OK ? check_belonging(further, self, err) : code;
}

static enum kf_err check_further(const struct kf_panel *self, struct kf_error *err)
{
    const struct kf_panel *before = NULL;
    enum kf_err code = KF_OK;
    int count = 0;
    for (const struct kf_panel *year = self->further; code == KF_OK && year; year = year->further) {
        if (++count > KF_FURTHER_YEARS_MAX) {
            return kf_error_set(err, KF_ERR_DATA, "the panel has more than %d further years",
                                KF_FURTHER_YEARS_MAX);
        }
        code = check_further_year(self, before, year, err);
        before = year;
    }
    return code;
}

/* Only an edition of unit costs alone goes without. */
static enum kf_err check_population(const struct kf_panel *self, struct kf_error *err)
{
    const struct kf_edition *edition = self->edition;
    if (edition->population[0] && !kf_panel_population(self)) {
        return kf_error_set(err, KF_ERR_DATA, "%s is absent or not positive for every member",
                            edition->population);
    }
    return edition->population[0] || !kf_edition_needs_population(edition)
               ? KF_OK
               : kf_error_set(err, KF_ERR_DATA, "the edition %s names no population",
                              edition->id ? edition->id : "");
}

enum kf_err kf_panel_check(const struct kf_panel *self, struct kf_error *err)
{
    enum kf_err code = check_year(self, err);
    if (code == KF_OK) {
        code = check_population(self, err);
    }
    if (code == KF_OK) {
        code = check_previous(self, err);
    }
    return code == KF_OK ? check_further(self, err) : code;
}

static bool check_cells_finite(const struct kf_panel *self, const struct kf_result *result,
                               struct kf_findings *findings)
{
    size_t cells = result->group ? 1 : self->members_len;
    bool finite = true;
    for (size_t k = 0; k < cells; k++) {
        if (!isfinite(result->values[k])) {
            struct kf_place place = {.municipality = result->group ? "" : self->members[k],
                                     .variable = result->measure};
            kf_findings_add(findings, &place,
                            "look for figures beyond all measure among those it is computed from",
                            "of %s%s%s is not a finite number", result->sector,
                            result->indicator[0] ? "/" : "", result->indicator);
            finite = false;
        }
    }
    return finite;
}

enum kf_err kf_panel_check_finite(const struct kf_panel *self, size_t first,
                                  struct kf_findings *findings, struct kf_error *err)
{
    bool finite = true;
    for (size_t i = first; i < self->results_len; i++) {
        finite = check_cells_finite(self, &self->results[i], findings) && finite;
    }
    return finite ? KF_OK
                  : kf_error_set(err, KF_ERR_DATA, "the figures of %s for %d give no finite result",
                                 self->edition->id, self->year);
}
