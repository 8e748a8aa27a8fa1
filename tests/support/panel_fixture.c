#include "tests/support/panel_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM 512 /* sectors, indicators, criteria, columns of a fixture */

static void need(bool condition, const char *what)
{
    if (!condition) {
        (void)fprintf(stderr, "fixture: %s\n", what);
        abort();
    }
}

struct kf_edition *fixture_edition(struct kf_panel *panel)
{
    union {
        const struct kf_edition *fixed;
        struct kf_edition *open;
    } edition = {.fixed = panel->edition}; /* made below in the panel's own arena */
    return edition.open;
}

struct kf_panel *fixture_panel_new(double scale, size_t members)
{
    struct kf_panel *panel = kf_panel_new();
    need(panel != NULL, "no memory");
    struct kf_edition *edition = kf_arena_alloc(panel->arena, sizeof *edition);
    panel->members = kf_arena_calloc(panel->arena, members, sizeof *panel->members);
    panel->columns = kf_arena_calloc(panel->arena, ROOM, sizeof *panel->columns);
    need(edition && panel->members && panel->columns, "no memory");
    *edition = (struct kf_edition){
        .id = "fixture",
        .title = {"Prøve", "Fixture"},
        .source = "",
        .scale = scale,
        .population = "folkemengde",
        .missing = KF_MISSING_MINIMUM,
        .reference = KF_REFERENCE_GROUP,
        .normalization = KF_NORMALIZE_MEAN,
        .composition = KF_COMPOSE_SUM,
        .given_total = "",
        .weighting = {.closure = KF_CLOSURE_NONE},
        .expenditure = {.given = ""},
        .change = {.production = "", .expenditure = "", .base = 100},
        .digest = "00000000000000000000000000000000",
        .group = {"", ""},
        .extends = "",
    };
    edition->sectors = kf_arena_calloc(panel->arena, ROOM, sizeof *edition->sectors);
    need(edition->sectors != NULL, "no memory");
    panel->edition = edition;
    panel->year = 2010;
    panel->members_len = members;
    for (size_t k = 0; k < members; k++) {
        panel->members[k] = kf_arena_printf(panel->arena, "%04zu", k + 1);
    }
    return panel;
}

static struct kf_column *find_column(struct kf_panel *panel, const char *variable)
{
    for (size_t i = 0; i < panel->columns_len; i++) {
        if (strcmp(panel->columns[i].variable, variable) == 0) {
            return &panel->columns[i];
        }
    }
    return NULL;
}

void fixture_column(struct kf_panel *panel, const char *variable, const double *values)
{
    struct kf_column *column = find_column(panel, variable);
    if (!column) {
        need(panel->columns_len < ROOM, "too many columns");
        column = &panel->columns[panel->columns_len++];
        *column = (struct kf_column){
            .variable = kf_arena_strdup(panel->arena, variable),
            .values = kf_arena_calloc(panel->arena, panel->members_len, sizeof(double)),
            .status = kf_arena_calloc(panel->arena, panel->members_len, 1),
            .country_status = KF_CELL_MISSING,
        };
    }
    for (size_t k = 0; k < panel->members_len; k++) {
        bool missing = isnan(values[k]);
        column->values[k] = missing ? 0 : values[k];
        column->status[k] = missing ? KF_CELL_MISSING : KF_CELL_VALUE;
    }
}

void fixture_population(struct kf_panel *panel, const double *values)
{
    fixture_column(panel, panel->edition->population, values);
}

void fixture_country(struct kf_panel *panel, const char *variable, double value)
{
    struct kf_column *column = find_column(panel, variable);
    need(column != NULL, "no such column");
    column->country_value = value;
    column->country_status = KF_CELL_VALUE;
}

struct kf_terms fixture_term(struct kf_panel *panel, const char *variable, double factor)
{
    return fixture_plus(panel, (struct kf_terms){NULL, 0}, variable, factor);
}

struct kf_terms fixture_plus(struct kf_panel *panel, struct kf_terms terms, const char *variable,
                             double factor)
{
    struct kf_term *list = kf_arena_calloc(panel->arena, terms.count + 1, sizeof *list);
    need(list != NULL, "no memory");
    if (terms.count > 0) {
        memcpy(list, terms.list, terms.count * sizeof *list);
    }
    list[terms.count] =
        (struct kf_term){.variable = kf_arena_strdup(panel->arena, variable), .factor = factor};
    return (struct kf_terms){list, terms.count + 1};
}

struct kf_sector *fixture_sector(struct kf_panel *panel, const char *id, double weight)
{
    struct kf_edition *edition = fixture_edition(panel);
    need(edition->sectors_len < ROOM, "too many sectors");
    struct kf_sector *sector = &edition->sectors[edition->sectors_len++];
    *sector = (struct kf_sector){
        .id = kf_arena_strdup(panel->arena, id),
        .name = {"", ""},
        .weight = weight,
        .weighting = {.closure = KF_CLOSURE_NONE},
        .given = "",
        .expenditure = {.given = ""},
        .indicators = kf_arena_calloc(panel->arena, ROOM, sizeof *sector->indicators),
        .criteria = kf_arena_calloc(panel->arena, ROOM, sizeof *sector->criteria),
    };
    need(sector->indicators && sector->criteria, "no memory");
    return sector;
}

static struct kf_sector *find_sector(struct kf_panel *panel, const char *id)
{
    struct kf_edition *edition = fixture_edition(panel);
    for (size_t s = 0; s < edition->sectors_len; s++) {
        if (strcmp(edition->sectors[s].id, id) == 0) {
            return &edition->sectors[s];
        }
    }
    need(false, "no such sector");
    return NULL;
}

struct kf_indicator *fixture_indicator(struct kf_panel *panel, const char *sector, const char *id,
                                       double weight)
{
    struct kf_sector *in = find_sector(panel, sector);
    need(in->indicators_len < ROOM, "too many indicators");
    struct kf_indicator *indicator = &in->indicators[in->indicators_len++];
    *indicator = (struct kf_indicator){
        .id = kf_arena_strdup(panel->arena, id),
        .name = {"", ""},
        .weight = weight,
        .numerator = fixture_term(panel, id, 1),
        .per = KF_PER_NONE,
        .per_sector = "",
        .correction = "",
        .missing = fixture_edition(panel)->missing,
        .aspect = KF_ASPECT_QUANTITY,
        .unit = "count",
    };
    return indicator;
}

struct kf_criterion *fixture_criterion(struct kf_panel *panel, const char *sector, const char *id,
                                       double weight)
{
    struct kf_sector *in = find_sector(panel, sector);
    need(in->criteria_len < ROOM, "too many criteria");
    struct kf_criterion *criterion = &in->criteria[in->criteria_len++];
    *criterion = (struct kf_criterion){
        .id = kf_arena_strdup(panel->arena, id),
        .variable = kf_arena_strdup(panel->arena, id),
        .weight = weight,
    };
    return criterion;
}

/* An empty panel of another year, in the arena of `panel`. */
static struct kf_panel *other_year(struct kf_panel *panel, int year)
{
    struct kf_panel *other = kf_arena_calloc(panel->arena, 1, sizeof *other);
    need(other != NULL, "no memory");
    *other = (struct kf_panel){
        .arena = panel->arena,
        .edition = panel->edition,
        .year = year,
        .members = panel->members,
        .members_len = panel->members_len,
        .columns = kf_arena_calloc(panel->arena, ROOM, sizeof *other->columns),
    };
    need(other->columns != NULL, "no memory");
    return other;
}

struct kf_panel *fixture_previous(struct kf_panel *panel)
{
    panel->previous = other_year(panel, panel->year - 1);
    return panel->previous;
}

struct kf_panel *fixture_further(struct kf_panel *panel, int year)
{
    struct kf_panel **place = &panel->further;
    while (*place && (*place)->year < year) {
        place = &(*place)->further;
    }
    struct kf_panel *further = other_year(panel, year);
    further->further = *place;
    *place = further;
    return further;
}

static int by_variable(const void *a, const void *b)
{
    const struct kf_column *left = a;
    const struct kf_column *right = b;
    return strcmp(left->variable, right->variable);
}

static void sort_columns(struct kf_panel *panel)
{
    qsort(panel->columns, panel->columns_len, sizeof *panel->columns, by_variable);
}

void fixture_seal(struct kf_panel *panel)
{
    sort_columns(panel);
    if (panel->previous) {
        sort_columns(panel->previous);
    }
    for (struct kf_panel *year = panel->further; year; year = year->further) {
        sort_columns(year);
    }
    struct kf_error err = {0};
    if (kf_panel_check(panel, &err) != KF_OK) {
        (void)fprintf(stderr, "fixture: %s\n", err.text);
        abort();
    }
}

static const struct kf_result *find_result(const struct kf_panel *panel, enum kf_topic topic,
                                           const char *sector, const char *indicator,
                                           const char *measure)
{
    const struct kf_result *result = kf_panel_result(panel, topic, sector, indicator, measure);
    if (!result) {
        (void)fprintf(stderr, "fixture: no result %s/%s/%s\n", sector, indicator, measure);
        abort();
    }
    return result;
}

double fixture_value(const struct kf_panel *panel, enum kf_topic topic, const char *sector,
                     const char *indicator, const char *measure, size_t member)
{
    const struct kf_result *result = find_result(panel, topic, sector, indicator, measure);
    need(kf_cell_has_value(result->status[member]), "the cell has no value");
    return result->values[member];
}

uint8_t fixture_status(const struct kf_panel *panel, enum kf_topic topic, const char *sector,
                       const char *indicator, const char *measure, size_t member)
{
    return find_result(panel, topic, sector, indicator, measure)->status[member];
}

struct kf_findings *fixture_findings(void)
{
    static struct kf_findings findings;
    kf_findings_clear(&findings);
    return &findings;
}

/* SplitMix64 (Steele, Lea, Flood 2014). */
uint64_t fixture_random_next(struct fixture_random *self)
{
    uint64_t z = (self->state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

int64_t fixture_random_whole(struct fixture_random *self, int64_t low, int64_t high)
{
    return low + (int64_t)(fixture_random_next(self) % (uint64_t)(high - low + 1));
}
