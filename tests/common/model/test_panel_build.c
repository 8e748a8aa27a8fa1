#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/model/panel.h"

static struct kf_variables *variables;
static struct kf_municipalities *municipalities;
static struct kf_arena *arena;
static struct kf_edition *edition;

static int open_all(void **state)
{
    if (fixture_open(state) != 0) {
        return -1;
    }
    variables = fixture_variables();
    municipalities = fixture_municipalities();
    arena = kf_arena_new((size_t)1 << 20);
    struct kf_error err;
    const char *path = fixture_write("liten.yaml", fixture_edition_yaml);
    return kf_edition_read(path, variables, arena, &edition, fixture_findings(), &err) == KF_OK
               ? 0
               : -1;
}

static int close_all(void **state)
{
    kf_arena_destroy(&arena);
    kf_municipalities_destroy(&municipalities);
    kf_variables_destroy(&variables);
    return fixture_close(state);
}

/* A row of an input file, as short as can be. */
struct line {
    uint16_t municipality;
    uint16_t year;
    const char *variable;
    double value;
    uint8_t status;
};

#define COUNTRY KF_OBSERVATION_COUNTRY

/* Three members, a stranger (4204), the country, another year. */
static const struct line lines[] = {
    {106, 2010, "folkemengde", 73638, 0},
    {219, 2010, "folkemengde", 111213, 0},
    {301, 2010, "folkemengde", 586860, 0},
    {COUNTRY, 2010, "folkemengde", 4858199, 0},
    {106, 2010, "timer", 12.5, 0},
    {219, 2010, "timer", 0, KF_CELL_CONFIDENTIAL},
    {301, 2010, "timer", 0, 0},
    {4204, 2010, "timer", 99, 0},
    {COUNTRY, 2010, "timer", 0, KF_CELL_NOT_APPLICABLE},
    {301, 2010, "barn", 40000, KF_CELL_PRELIMINARY},
    {301, 2012, "andel", 0.5, 0},
    {301, 2010, "lonn", -5, 0},
};
#define LINES (sizeof lines / sizeof lines[0])

/* `turn` shuffles the rows and spreads them over files. */
static struct kf_observations *table_of(const struct line *list, size_t count, size_t turn)
{
    struct kf_observations *table = kf_observations_new(variables, 100);
    struct kf_error err;
    for (size_t i = 0; i < count; i++) {
        const struct line *line = &list[(i * (2 * turn + 1) + turn) % count];
        if (i % (turn + 1) == 0) {
            char name[32];
            (void)snprintf(name, sizeof name, "f%zu.csv", i / (turn + 1));
            assert_int_equal(kf_observations_begin_file(table, name, &err), KF_OK);
        }
        struct kf_observation row = {.municipality = line->municipality,
                                     .year = line->year,
                                     .variable = fixture_variable(variables, line->variable),
                                     .value = line->value,
                                     .status = line->status,
                                     .line = (uint32_t)(line - list) + 2};
        assert_int_equal(kf_observations_add(table, &row, &err), KF_OK);
    }
    assert_int_equal(kf_observations_seal(table, fixture_findings(), &err), KF_OK);
    return table;
}

static struct kf_panel_input input_of(const struct kf_edition *of, int year,
                                      const struct kf_observations *table)
{
    return (struct kf_panel_input){
        .edition = of, .year = year, .observations = table, .municipalities = municipalities};
}

static enum kf_err build(const struct kf_edition *of, int year, const struct line *list,
                         size_t count, struct kf_panel **panel)
{
    struct kf_observations *table = table_of(list, count, 0);
    struct kf_panel_input input = input_of(of, year, table);
    struct kf_error err;
    enum kf_err code = kf_panel_build(&input, panel, fixture_findings(), &err);
    kf_observations_destroy(&table);
    return code;
}

static struct kf_panel *build_good(const struct kf_edition *of, const struct line *list,
                                   size_t count)
{
    struct kf_panel *panel = NULL;
    enum kf_err code = build(of, 2010, list, count, &panel);
    fixture_found(0);
    assert_int_equal(code, KF_OK);
    struct kf_error err;
    assert_int_equal(kf_panel_check(panel, &err), KF_OK);
    return panel;
}

static void members_and_columns_ascend_and_cells_are_where_they_belong(void **state)
{
    (void)state;
    struct kf_panel *panel = build_good(edition, lines, LINES);
    assert_int_equal(panel->year, 2010);
    assert_ptr_equal(panel->edition, edition);
    assert_int_equal(panel->members_len, 3);
    assert_string_equal(panel->members[0], "0106");
    assert_string_equal(panel->members[1], "0219");
    assert_string_equal(panel->members[2], "0301");
    const double *population = kf_panel_population(panel);
    assert_true(population[0] == 73638 && population[1] == 111213 && population[2] == 586860);
    const struct kf_column *hours = kf_panel_column(panel, "timer");
    assert_true(hours->values[0] == 12.5 && hours->status[0] == KF_CELL_VALUE);
    assert_int_equal(hours->status[1], KF_CELL_CONFIDENTIAL);
    assert_true(hours->values[2] == 0 && hours->status[2] == KF_CELL_VALUE); /* METHOD A3 */
    assert_int_equal(hours->country_status, KF_CELL_NOT_APPLICABLE);
    /* 0106, 0219, 0301 and 0716 were municipalities in 2010, and no other of the register. */
    assert_int_equal(panel->country_municipalities, 4);
    kf_panel_destroy(&panel);
}

static void a_row_that_is_not_there_is_a_missing_cell(void **state)
{
    (void)state;
    struct kf_panel *panel = build_good(edition, lines, LINES);
    const struct kf_column *children = kf_panel_column(panel, "barn");
    assert_int_equal(children->status[0], KF_CELL_MISSING);
    assert_int_equal(children->status[1], KF_CELL_MISSING);
    assert_int_equal(children->status[2], KF_CELL_PRELIMINARY);
    assert_true(children->values[0] == 0 && children->values[2] == 40000);
    assert_int_equal(children->country_status, KF_CELL_MISSING);
    assert_true(kf_panel_column(panel, "folkemengde")->country_value == 4858199);
    kf_panel_destroy(&panel);
}

static void indicators_have_columns_even_without_rows_and_options_have_not(void **state)
{
    (void)state;
    struct kf_panel *panel = build_good(edition, lines, LINES);
    const struct kf_column *share = kf_panel_column(panel, "andel"); /* an indicator's */
    assert_non_null(share);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(share->status[i], KF_CELL_MISSING);
    }
    assert_null(kf_panel_column(panel, "bdu")); /* expenditure's, no row */
    assert_null(kf_panel_column(panel, "avskrivninger"));
    assert_non_null(kf_panel_column(panel, "lonn"));
    kf_panel_destroy(&panel);
}

static void row_and_file_order_leave_no_trace(void **state)
{
    (void)state;
    struct kf_panel *expected = build_good(edition, lines, LINES);
    for (size_t turn = 1; turn < 40; turn++) {
        if ((2 * turn + 1) % 3 == 0) {
            continue; /* the step must be prime to the 12 rows */
        }
        struct kf_observations *table = table_of(lines, LINES, turn);
        struct kf_panel_input input = input_of(edition, 2010, table);
        struct kf_panel *panel = NULL;
        struct kf_error err;
        assert_int_equal(kf_panel_build(&input, &panel, fixture_findings(), &err), KF_OK);
        assert_int_equal(panel->columns_len, expected->columns_len);
        for (size_t c = 0; c < panel->columns_len; c++) {
            const struct kf_column *a = &panel->columns[c];
            const struct kf_column *b = &expected->columns[c];
            assert_string_equal(a->variable, b->variable);
            assert_memory_equal(a->values, b->values, 3 * sizeof *a->values);
            assert_memory_equal(a->status, b->status, 3);
            assert_true(a->country_value == b->country_value);
            assert_int_equal(a->country_status, b->country_status);
        }
        kf_panel_destroy(&panel);
        kf_observations_destroy(&table);
    }
    kf_panel_destroy(&expected);
}

static void all_means_every_municipality_with_a_population(void **state)
{
    (void)state;
    struct kf_edition all = *edition;
    all.members_len = 0;
    static const struct line national[] = {
        {301, 2010, "folkemengde", 586860, 0},
        {106, 2010, "folkemengde", 73638, 0},
        {219, 2010, "folkemengde", 0, KF_CELL_MISSING},
        {COUNTRY, 2010, "folkemengde", 4858199, 0},
        {301, 2010, "timer", 5, 0},
        {219, 2010, "timer", 5, 0},
    };
    struct kf_panel *panel = build_good(&all, national, 6);
    assert_int_equal(panel->members_len, 2);
    assert_string_equal(panel->members[0], "0106");
    assert_string_equal(panel->members[1], "0301");
    kf_panel_destroy(&panel);
}

static void a_year_without_indicators_is_nothing_to_do(void **state)
{
    (void)state;
    struct kf_panel *panel = NULL;
    assert_int_equal(build(edition, 2010, lines, 4, &panel), KF_ERR_AGAIN); /* population only */
    fixture_found(0);
    assert_int_equal(build(edition, 2011, lines, LINES, &panel), KF_ERR_AGAIN); /* not its year */
    fixture_found(0);
    /* 2012 has one indicator figure, and nobody's population: that is a fault. */
    assert_int_equal(build(edition, 2012, lines, LINES, &panel), KF_ERR_DATA);
    fixture_told("0106", "folkemengde", "no population", NULL);
    fixture_found(3);
    assert_null(panel);
}

static void a_member_without_a_positive_population_is_told(void **state)
{
    (void)state;
    static const struct line faulty[] = {
        {106, 2010, "timer", 12.5, 0},
        {106, 2010, "folkemengde", 0, 0},
        {219, 2010, "folkemengde", 0, KF_CELL_MISSING},
        {4204, 2010, "folkemengde", 0, 0}, /* not a member */
    };
    struct kf_panel *panel = NULL;
    assert_int_equal(build(edition, 2010, faulty, 4, &panel), KF_ERR_DATA);
    fixture_told("f1.csv:3: ", "0106", "folkemengde", "\"0\"", "must be positive", NULL);
    fixture_told("f2.csv:4: ", "0219", "no population", "1 January 2010", NULL);
    fixture_told("0301", "folkemengde", "no population", NULL);
    fixture_found(3);
    assert_null(panel);
}

static void a_figure_outside_its_bounds_is_told_with_its_place(void **state)
{
    (void)state;
    static const struct line faulty[] = {
        {106, 2010, "folkemengde", 73638, 0},
        {219, 2010, "folkemengde", -111213, 0},
        {301, 2010, "folkemengde", 58686000, 0},
        {106, 2010, "andel", 1.25, 0},
        {219, 2010, "andel", 1, 0},
        {301, 2010, "andel", 0, 0},
        {716, 2010, "timer", -7, 0}, /* not a member */
    };
    struct kf_panel *panel = NULL;
    assert_int_equal(build(edition, 2010, faulty, 7, &panel), KF_ERR_DATA);
    fixture_told("f1.csv:3: ", "0219", "folkemengde", "\"-111213\"", "below 0", NULL);
    fixture_told("f2.csv:4: ", "0301", "folkemengde", "\"58686000\"", "above 10000000", NULL);
    fixture_told("f3.csv:5: ", "0106", "andel", "\"1.25\"", "above 1", NULL);
    fixture_found(3);
}

static void a_code_must_be_valid_in_the_years_structure(void **state)
{
    (void)state;
    static const char *members[] = {"0134", "0199", "4204"};
    struct kf_edition odd = *edition;
    odd.members = members;
    odd.members_len = 3;
    static const struct line rows[] = {
        {134, 2010, "folkemengde", 13000, 0},
        {199, 2010, "folkemengde", 13000, 0},
        {4204, 2010, "folkemengde", 81295, 0},
        {4204, 2010, "timer", 1, 0},
    };
    struct kf_panel *panel = NULL;
    assert_int_equal(build(&odd, 2010, rows, 4, &panel), KF_ERR_DATA);
    fixture_told("0134", "Onsøy was a municipality until 1993", "codes of 2010", NULL);
    fixture_told("0199", "was never a municipality code", NULL);
    fixture_told("4204", "Kristiansand is a municipality since 2020", NULL);
    fixture_found(3);
    /* With `all` the row is known that brought the municipality in. */
    odd.members_len = 0;
    assert_int_equal(build(&odd, 2010, rows, 4, &panel), KF_ERR_DATA);
    fixture_told("f0.csv:2: ", "0134", "\"13000\"", NULL);
    /* Data of 2010 on the codes of 2020. */
    static const char *new_members[] = {"0301", "4204"};
    static const struct line recut[] = {
        {301, 2010, "folkemengde", 586860, 0},
        {4204, 2010, "folkemengde", 81295, 0},
        {4204, 2010, "timer", 1, 0},
    };
    odd.members = new_members;
    odd.members_len = 2;
    odd.structure_year = 2020;
    panel = build_good(&odd, recut, 3);
    assert_string_equal(panel->members[1], "4204");
    kf_panel_destroy(&panel);
}

static void nobody_with_a_population_is_one_fault(void **state)
{
    (void)state;
    struct kf_edition all = *edition;
    all.members_len = 0;
    static const struct line rows[] = {{301, 2010, "timer", 1, 0}};
    struct kf_panel *panel = NULL;
    assert_int_equal(build(&all, 2010, rows, 1, &panel), KF_ERR_DATA);
    fixture_told("folkemengde", "no municipality has a population", NULL);
    fixture_found(1);
}

/* --- the limit in cells ---------------------------------------------------------------------- */

#define MANY_MEMBERS   2000
#define MANY_VARIABLES 1400

static struct {
    struct kf_variables *variables;
    struct kf_municipalities *municipalities;
    struct kf_term terms[MANY_VARIABLES];
    struct kf_indicator indicators[MANY_VARIABLES];
    struct kf_sector sector;
    struct kf_edition edition;
} many;

/* Municipalities 0001–2000 and the variables folkemengde, v0, v1, … */
static void many_registers(void)
{
    struct kf_text text;
    struct kf_error err;
    kf_text_init(&text, 1 << 20);
    kf_text_add_format(&text, "variables:\n  - {id: folkemengde, unit: persons, minimum: 0,"
                              " name: {nb: F, en: I}}\n");
    for (int v = 0; v < MANY_VARIABLES; v++) {
        kf_text_add_format(&text, "  - {id: v%d, unit: hours, minimum: 0, name: {nb: V, en: V}}\n",
                           v);
    }
    const char *path = fixture_write("many.yaml", text.bytes);
    assert_int_equal(kf_variables_read(path, &many.variables, fixture_findings(), &err), KF_OK);
    kf_text_reset(&text);
    kf_text_add_format(&text, "municipality,name,valid_from,valid_to\n");
    for (int m = 1; m <= MANY_MEMBERS; m++) {
        kf_text_add_format(&text, "%04d,M,1990-01-01,\n", m);
    }
    path = fixture_write("many.csv", text.bytes);
    assert_int_equal(kf_municipalities_read(path, &many.municipalities, fixture_findings(), &err),
                     KF_OK);
    kf_text_clear(&text);
}

/* As many columns, the population among them. */
static void many_edition(size_t columns)
{
    size_t count = 0;
    const struct kf_variable *all = kf_variables_all(many.variables, &count);
    assert_true(columns <= count);
    for (size_t i = 0; i + 1 < columns; i++) {
        many.terms[i] = (struct kf_term){.variable = all[i + 1].id, .factor = 1};
        many.indicators[i] = (struct kf_indicator){.id = all[i + 1].id,
                                                   .numerator = {&many.terms[i], 1},
                                                   .missing = KF_MISSING_LATEST,
                                                   .correction = ""};
    }
    many.sector = (struct kf_sector){.id = "s",
                                     .given = "",
                                     .indicators = many.indicators,
                                     .indicators_len = columns - 1,
                                     .expenditure = {.given = ""}};
    many.edition = (struct kf_edition){.id = "mange",
                                       .population = "folkemengde",
                                       .sectors = &many.sector,
                                       .sectors_len = 1,
                                       .given_total = "",
                                       .expenditure = {.given = ""},
                                       .change = {.production = "", .expenditure = ""},
                                       .year_from = KF_EDITION_YEAR_MIN,
                                       .year_to = KF_EDITION_YEAR_MAX};
}

/* Members 0001, 0002, … with a population; one figure in each of the years up to 2010. */
static enum kf_err many_build(size_t columns, size_t members, int years, struct kf_error *err)
{
    struct kf_observations *table = kf_observations_new(many.variables, MANY_MEMBERS + 10);
    struct kf_observation row = {.year = 2010, .value = 1};
    struct kf_panel *panel = NULL;
    many_edition(columns);
    assert_int_equal(kf_observations_begin_file(table, "many.csv", err), KF_OK);
    row.variable = fixture_variable(many.variables, "folkemengde");
    for (size_t m = 1; m <= members; m++) {
        row.municipality = (uint16_t)m;
        assert_int_equal(kf_observations_add(table, &row, err), KF_OK);
    }
    row.variable = fixture_variable(many.variables, "v0");
    for (int y = 0; y < years; y++) {
        row.year = (uint16_t)(2010 - y);
        assert_int_equal(kf_observations_add(table, &row, err), KF_OK);
    }
    assert_int_equal(kf_observations_seal(table, fixture_findings(), err), KF_OK);
    struct kf_panel_input input = {.edition = &many.edition,
                                   .year = 2010,
                                   .observations = table,
                                   .municipalities = many.municipalities};
    enum kf_err code = kf_panel_build(&input, &panel, fixture_findings(), err);
    assert_true(!panel || kf_arena_used(panel->arena) < KF_PANEL_BYTES_MAX * 6 / 10);
    kf_panel_destroy(&panel);
    kf_observations_destroy(&table);
    return code;
}

/* 24 MB of nine bytes each are 2,796,202 cells: 2000 × 1398 = 2,796,000 are within, 2000 × 1399 =
 * 2,798,000 are not; nor are two years with 1000 members. */
static void the_cells_of_all_years_together_have_one_limit(void **state)
{
    (void)state;
    struct kf_error err = {.text = ""};
    many_registers();
    assert_int_equal(many_build(1398, 2000, 1, &err), KF_OK);
    assert_int_equal(many_build(1399, 2000, 1, &err), KF_ERR_LIMIT);
    assert_non_null(strstr(err.text, "the panel mange/2010 would have more than 2796202 cells"));
    assert_int_equal(many_build(1399, 1000, 1, &err), KF_OK);
    assert_int_equal(many_build(1398, 1000, 2, &err), KF_OK);
    assert_int_equal(many_build(1399, 1000, 2, &err), KF_ERR_LIMIT);
    assert_non_null(strstr(err.text, "mange/2009"));
    kf_municipalities_destroy(&many.municipalities);
    kf_variables_destroy(&many.variables);
}

static void every_failing_allocation_is_survived(void **state)
{
    (void)state;
    struct kf_observations *table = table_of(lines, LINES, 0);
    struct kf_findings *findings = fixture_findings();
    struct kf_panel_input input = input_of(edition, 2010, table);
    struct kf_panel *panel = NULL;
    struct kf_error err;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code == KF_ERR_MEMORY; n++) {
        assert_null(panel);
        kf_memory_fail_after(n);
        code = kf_panel_build(&input, &panel, findings, &err);
        kf_memory_fail_after(-1);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 2);
    fixture_found(0);
    kf_panel_destroy(&panel);
    kf_observations_destroy(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_and_columns_ascend_and_cells_are_where_they_belong),
        cmocka_unit_test(a_row_that_is_not_there_is_a_missing_cell),
        cmocka_unit_test(indicators_have_columns_even_without_rows_and_options_have_not),
        cmocka_unit_test(row_and_file_order_leave_no_trace),
        cmocka_unit_test(all_means_every_municipality_with_a_population),
        cmocka_unit_test(a_year_without_indicators_is_nothing_to_do),
        cmocka_unit_test(a_member_without_a_positive_population_is_told),
        cmocka_unit_test(a_figure_outside_its_bounds_is_told_with_its_place),
        cmocka_unit_test(a_code_must_be_valid_in_the_years_structure),
        cmocka_unit_test(nobody_with_a_population_is_one_fault),
        cmocka_unit_test(the_cells_of_all_years_together_have_one_limit),
        cmocka_unit_test(every_failing_allocation_is_survived),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
