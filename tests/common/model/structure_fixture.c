#include "structure_fixture.h"

#include <stdio.h>
#include <string.h>

#define EDITIONS KF_SOURCE_DIR "/editions/"
#define ROWS_MAX 20000

static struct kf_variables *variables;
static struct kf_municipalities *municipalities;
static struct kf_structure *structure;
static struct kf_kostra_groups *groups;
static struct kf_edition edition;
static struct kf_sector sector;
static struct kf_indicator indicators[2];
static struct kf_term terms[3];
static struct kf_observations *observations;
static uint32_t rows;

int structure_open(void **state)
{
    struct kf_error err;
    struct kf_findings *findings = fixture_findings();
    if (fixture_open(state) != 0) {
        return -1;
    }
    variables = fixture_variables();
    bool read = kf_municipalities_read(EDITIONS "municipalities.csv", &municipalities, findings,
                                       &err) == KF_OK &&
                kf_structure_read(EDITIONS "municipality_changes.csv", municipalities, &structure,
                                  findings, &err) == KF_OK &&
                kf_kostra_groups_read(EDITIONS "kostra_groups.csv", municipalities, &groups,
                                      findings, &err) == KF_OK;
    return read ? 0 : -1;
}

int structure_close(void **state)
{
    kf_observations_destroy(&observations);
    kf_kostra_groups_destroy(&groups);
    kf_structure_destroy(&structure);
    kf_municipalities_destroy(&municipalities);
    kf_variables_destroy(&variables);
    return fixture_close(state);
}

static struct kf_indicator indicator_of(const char *id, struct kf_term *term)
{
    *term = (struct kf_term){.variable = id, .factor = 1};
    return (struct kf_indicator){.id = id,
                                 .weight = 0.5,
                                 .numerator = {term, 1},
                                 .per = KF_PER_TERMS,
                                 .per_sector = "",
                                 .denominator = {&terms[2], 1},
                                 .correction = "",
                                 .missing = KF_MISSING_MINIMUM,
                                 .unit = ""};
}

int structure_reset(void **state)
{
    (void)state;
    struct kf_error err;
    (void)fixture_findings();
    kf_observations_destroy(&observations);
    observations = kf_observations_new(variables, ROWS_MAX);
    rows = 0;
    terms[2] = (struct kf_term){.variable = "barn", .factor = 1};
    indicators[0] = indicator_of("timer", &terms[0]);
    indicators[1] = indicator_of("andel", &terms[1]);
    sector = (struct kf_sector){.id = "barnehage",
                                .weight = 1,
                                .indicators = indicators,
                                .indicators_len = 2,
                                .given = "",
                                .expenditure = {.given = ""}};
    edition = (struct kf_edition){.id = "proeve",
                                  .source = "",
                                  .scale = 100,
                                  .population = "folkemengde",
                                  .missing = KF_MISSING_MINIMUM,
                                  .given_total = "",
                                  .sectors = &sector,
                                  .sectors_len = 1,
                                  .expenditure = {.given = ""},
                                  .change = {.production = "", .expenditure = ""},
                                  .year_from = KF_EDITION_YEAR_MIN,
                                  .year_to = KF_EDITION_YEAR_MAX,
                                  .extends = ""};
    return observations ? (int)kf_observations_begin_file(observations, "figures.csv", &err) : -1;
}

struct kf_edition *structure_edition(void)
{
    return &edition;
}

void structure_row_status(unsigned municipality, int year, const char *variable, double value,
                          uint8_t status)
{
    struct kf_error err;
    struct kf_observation row = {.municipality = (uint16_t)municipality,
                                 .year = (uint16_t)year,
                                 .variable = fixture_variable(variables, variable),
                                 .value = value,
                                 .status = status,
                                 .line = ++rows};
    assert_int_equal(kf_observations_add(observations, &row, &err), KF_OK);
}

void structure_row(unsigned municipality, int year, const char *variable, double value)
{
    structure_row_status(municipality, year, variable, value, KF_CELL_VALUE);
}

enum kf_err structure_try(int year, struct kf_panel **panel, struct kf_error *err)
{
    struct kf_panel_input input = {.edition = &edition,
                                   .year = year,
                                   .observations = observations,
                                   .municipalities = municipalities,
                                   .structure = structure,
                                   .kostra_groups = groups};
    enum kf_err code = kf_observations_seal(observations, fixture_findings(), err);
    return code == KF_OK ? kf_panel_build(&input, panel, fixture_findings(), err) : code;
}

struct kf_panel *structure_build(int year, enum kf_err expected)
{
    struct kf_panel *panel = NULL;
    struct kf_error err = {0};
    enum kf_err code = structure_try(year, &panel, &err);
    if (expected == KF_OK) {
        fixture_found(0);
    }
    assert_int_equal(code, expected);
    if (code == KF_OK) {
        assert_int_equal(kf_panel_check(panel, &err), KF_OK);
    }
    return panel;
}

static size_t place_of(const struct kf_panel *panel, const char *member)
{
    for (size_t i = 0; i < panel->members_len; i++) {
        if (strcmp(panel->members[i], member) == 0) {
            return i;
        }
    }
    print_error("%s is no member\n", member);
    fail();
    return 0;
}

double structure_value(const struct kf_panel *panel, const char *member, const char *variable)
{
    const struct kf_column *column = kf_panel_column(panel, variable);
    assert_non_null(column);
    return column->values[place_of(panel, member)];
}

uint8_t structure_status(const struct kf_panel *panel, const char *member, const char *variable)
{
    const struct kf_column *column = kf_panel_column(panel, variable);
    assert_non_null(column);
    return column->status[place_of(panel, member)];
}

const struct kf_municipalities *structure_municipalities(void)
{
    return municipalities;
}

const struct kf_structure *structure_register(void)
{
    return structure;
}
