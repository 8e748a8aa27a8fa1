/* F28 (merged and split municipalities, symbols), F23 (poison): which rows a table's cells are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/model/cell.h"
#include "source_fixture.h"

/* A cube of people: what stands in a cell is told by region, age and year. */
struct cube {
    const char *const *regions;
    const char *const *years;
    const char *order[4]; /* of the dimensions */
    const char *(*cell)(const char *region, const char *age, const char *year);
};

static const char *const ages[] = {"000", "001", "002+", NULL};
static const char *const contents[] = {"Personer1", NULL};

static const char *const *codes_of(const struct cube *cube, const char *dimension)
{
    return strcmp(dimension, "Region") == 0  ? cube->regions
           : strcmp(dimension, "Tid") == 0   ? cube->years
           : strcmp(dimension, "Alder") == 0 ? ages
                                             : contents;
}

static void add_dimension(struct kf_text *text, const char *id, const char *const *codes)
{
    kf_text_add_format(text, "\"%s\":{\"label\":\"%s\",\"category\":{\"index\":[", id, id);
    for (size_t i = 0; codes[i]; i++) {
        kf_text_add_format(text, "%s\"%s\"", i == 0 ? "" : ",", codes[i]);
    }
    kf_text_add(text, "]}}");
}

/* Adds every cell below the dimension number `depth`, whose earlier codes are in `picked`. */
static void add_cells(struct kf_text *values, struct kf_text *status, const struct cube *cube,
                      size_t depth, const char *picked[4])
{
    if (depth < 4) {
        const char *const *codes = codes_of(cube, cube->order[depth]);
        for (size_t i = 0; codes[i]; i++) {
            picked[depth] = codes[i];
            add_cells(values, status, cube, depth + 1, picked);
        }
        return;
    }
    const char *cell[3] = {"", "", ""};
    for (size_t i = 0; i < 4; i++) {
        const char *id = cube->order[i];
        cell[strcmp(id, "Region") == 0  ? 0
             : strcmp(id, "Alder") == 0 ? 1
                                        : 2] =
            strcmp(id, "ContentsCode") == 0 ? cell[2] : picked[i];
    }
    const char *text = cube->cell(cell[0], cell[1], cell[2]);
    bool number = text[0] >= '0' && text[0] <= '9';
    bool first = values->length == 0;
    kf_text_add_format(values, "%s%s", first ? "" : ",", number ? text : "null");
    kf_text_add_format(status, "%s\"%s\"", first ? "" : ",", number ? "" : text);
}

static const struct kf_jsonstat *table_of(const struct cube *cube)
{
    struct kf_text text;
    struct kf_text values;
    struct kf_text status;
    const char *picked[4];
    kf_text_init(&text, 1 << 20);
    kf_text_init(&values, 1 << 20);
    kf_text_init(&status, 1 << 20);
    kf_text_add(&text, "{\"version\":\"2.0\",\"class\":\"dataset\",\"label\":\"99999: Folk\","
                       "\"dimension\":{");
    for (size_t i = 0; i < 4; i++) {
        kf_text_add(&text, i == 0 ? "" : ",");
        add_dimension(&text, cube->order[i], codes_of(cube, cube->order[i]));
    }
    kf_text_add(&text, "},\"role\":{\"time\":[\"Tid\"]},\"id\":[");
    for (size_t i = 0; i < 4; i++) {
        kf_text_add_format(&text, "%s\"%s\"", i == 0 ? "" : ",", cube->order[i]);
    }
    kf_text_add(&text, "],\"size\":[");
    for (size_t i = 0; i < 4; i++) {
        size_t count = 0;
        while (codes_of(cube, cube->order[i])[count]) {
            count++;
        }
        kf_text_add_format(&text, "%s%zu", i == 0 ? "" : ",", count);
    }
    add_cells(&values, &status, cube, 0, picked);
    kf_text_add_format(&text, "],\"value\":[%s],\"status\":[%s]}", values.bytes, status.bytes);
    const struct kf_jsonstat *table = source_fixture_table(text.bytes);
    kf_text_clear(&text);
    kf_text_clear(&values);
    kf_text_clear(&status);
    return table;
}

static struct kf_observations *new_figures(void)
{
    struct kf_error err;
    struct kf_observations *figures =
        kf_observations_new(source_fixture_catalogue->variables, 100000);
    assert_non_null(figures);
    assert_int_equal(kf_observations_begin_file(figures, "ssb-99999", &err), KF_OK);
    return figures;
}

static enum kf_err take(const struct kf_table_map *map, const struct kf_jsonstat *table,
                        struct kf_observations *figures, struct kf_estimates *estimates)
{
    struct kf_error err = {0};
    const struct kf_table_take to = {.catalogue = source_fixture_catalogue,
                                     .figures = figures,
                                     .estimates = estimates,
                                     .findings = source_fixture_findings};
    return kf_table_map_take(map, table, &to, &err);
}

/* Fails unless the table's rows are `expected`. */
static void takes(const struct cube *cube, const char *expected)
{
    struct kf_estimates estimates = {.length_max = 100};
    struct kf_observations *figures = new_figures();
    const struct kf_table_map *map = source_fixture_map(source_fixture_yaml);
    assert_int_equal(take(map, table_of(cube), figures, &estimates), KF_OK);
    char *rows = source_fixture_rows(figures);
    assert_string_equal(rows, expected);
    free(rows);
    kf_estimates_clear(&estimates);
    kf_observations_destroy(&figures);
}

#define USUAL                                                                                      \
    {                                                                                              \
        "Region", "Alder", "ContentsCode", "Tid"                                                   \
    }

/* --- symbols and sums ------------------------------------------------------------------------ */

static const char *symbols(const char *region, const char *age, const char *year)
{
    (void)region;
    (void)year;
    return strcmp(age, "000") == 0 ? ":" : strcmp(age, "001") == 0 ? "7" : ".";
}

static void a_sum_with_a_cell_that_is_kept_secret_is_secret(void **state)
{
    (void)state;
    static const char *const regions[] = {"0301", NULL};
    static const char *const years[] = {"2024", NULL};
    struct cube cube = {regions, years, USUAL, symbols};
    takes(&cube, "0301 2023 folkemengde_31_12 suppressed; 0301 2024 alder_0 suppressed; "
                 "0301 2024 alder_1 7; 0301 2024 folkemengde suppressed");
}

static const char *not_applicable(const char *region, const char *age, const char *year)
{
    (void)region;
    (void)year;
    return strcmp(age, "001") == 0 ? "7" : strcmp(age, "000") == 0 ? "2" : ".";
}

static void what_is_not_applicable_counts_nothing_in_a_sum(void **state)
{
    (void)state;
    static const char *const regions[] = {"0301", NULL};
    static const char *const years[] = {"2024", NULL};
    struct cube cube = {regions, years, USUAL, not_applicable};
    takes(&cube, "0301 2023 folkemengde_31_12 9; 0301 2024 alder_0 2; 0301 2024 alder_1 7; "
                 "0301 2024 folkemengde 9");
}

/* --- old and new codes ----------------------------------------------------------------------- */

/* Halden was 0101, 3001 from 2020, 3101 from 2024: zeros where nobody had the code. */
static const char *halden(const char *region, const char *age, const char *year)
{
    int number = atoi(year);
    const char *code = number < 2020 ? "0101" : number < 2024 ? "3001" : "3101";
    bool own = strcmp(region, code) == 0;
    return own ? (strcmp(age, "000") == 0 ? "1" : strcmp(age, "001") == 0 ? "2" : "30") : "0";
}

static void a_dead_code_leaves_no_row_and_a_new_one_none_before_it(void **state)
{
    (void)state;
    static const char *const regions[] = {"0101", "3001", "3101", NULL};
    static const char *const years[] = {"2019", "2020", "2023", "2024", NULL};
    struct cube cube = {regions, years, USUAL, halden};
    takes(&cube, "0101 2018 folkemengde_31_12 33; 0101 2019 alder_0 1; 0101 2019 alder_1 2; "
                 "0101 2019 folkemengde 33; "
                 "3001 2019 folkemengde_31_12 33; "
                 "3001 2020 alder_0 1; 3001 2020 alder_1 2; 3001 2020 folkemengde 33; "
                 "3001 2022 folkemengde_31_12 33; "
                 "3001 2023 alder_0 1; 3001 2023 alder_1 2; 3001 2023 folkemengde 33; "
                 "3101 2023 folkemengde_31_12 33; "
                 "3101 2024 alder_0 1; 3101 2024 alder_1 2; 3101 2024 folkemengde 33");
}

/* Dots: Ålesund (1507) was divided into Ålesund (1508) and Haram (1580) in 2024. */
static const char *haram(const char *region, const char *age, const char *year)
{
    (void)age;
    bool old = strcmp(region, "1507") == 0;
    return old == (atoi(year) < 2024) ? "5" : ".";
}

static void a_divided_municipality_and_its_parts_stand_each_in_their_years(void **state)
{
    (void)state;
    static const char *const regions[] = {"1507", "1508", "1580", NULL};
    static const char *const years[] = {"2023", "2024", NULL};
    struct cube cube = {regions, years, USUAL, haram};
    struct kf_observations *figures = new_figures();
    const struct kf_table_map *map = source_fixture_map(source_fixture_yaml);
    assert_int_equal(take(map, table_of(&cube), figures, NULL), KF_OK);
    char *rows = source_fixture_rows(figures);
    assert_non_null(strstr(rows, "1507 2023 folkemengde 15"));
    assert_non_null(strstr(rows, "1508 2024 folkemengde 15"));
    assert_non_null(strstr(rows, "1580 2024 folkemengde 15"));
    assert_null(strstr(rows, "1507 2024"));
    assert_null(strstr(rows, "1580 2023 folkemengde 1"));
    free(rows);
    kf_observations_destroy(&figures);
}

/* --- country, estimates, others -------------------------------------------------------------- */

static const char *by_region(const char *region, const char *age, const char *year)
{
    (void)age;
    (void)year;
    return strcmp(region, "0") == 0       ? "100"
           : strcmp(region, "EAKUO") == 0 ? "90"
           : strcmp(region, "EKG01") == 0 ? ".."
                                          : "5";
}

static void estimates_are_kept_apart_and_parts_of_the_country_passed_over(void **state)
{
    (void)state;
    static const char *const regions[] = {"0",     "03",   "0301",   "EAKUO",
                                          "EKG01", "9999", "030101", NULL};
    static const char *const years[] = {"2024", NULL};
    struct cube cube = {regions, years, USUAL, by_region};
    struct kf_estimates estimates = {.length_max = 100};
    struct kf_observations *figures = new_figures();
    const struct kf_table_map *map = source_fixture_map(source_fixture_yaml);
    assert_int_equal(take(map, table_of(&cube), figures, &estimates), KF_OK);
    char *rows = source_fixture_rows(figures);
    assert_string_equal(rows,
                        "0301 2023 folkemengde_31_12 15; EAK 2023 folkemengde_31_12 300; "
                        "0301 2024 alder_0 5; EAK 2024 alder_0 100; 0301 2024 alder_1 5; "
                        "EAK 2024 alder_1 100; 0301 2024 folkemengde 15; EAK 2024 folkemengde 300");
    assert_int_equal(estimates.length, 4);
    assert_string_equal(estimates.list[0].region, "EAKUO");
    assert_true(estimates.list[2].value == 270);
    free(rows);
    kf_estimates_clear(&estimates);
    kf_observations_destroy(&figures);
}

static void more_estimates_than_there_is_room_for_are_refused(void **state)
{
    (void)state;
    static const char *const regions[] = {"EAKUO", NULL};
    static const char *const years[] = {"2024", NULL};
    struct cube cube = {regions, years, USUAL, by_region};
    struct kf_estimates estimates = {.length_max = 2};
    struct kf_observations *figures = new_figures();
    const struct kf_table_map *map = source_fixture_map(source_fixture_yaml);
    assert_int_equal(take(map, table_of(&cube), figures, &estimates), KF_ERR_LIMIT);
    kf_estimates_clear(&estimates);
    kf_observations_destroy(&figures);
}

/* --- faults ---------------------------------------------------------------------------------- */

static const char *absurd(const char *region, const char *age, const char *year)
{
    (void)region;
    (void)age;
    (void)year;
    return "20000000";
}

static void an_absurd_figure_and_an_unknown_municipality_are_told(void **state)
{
    (void)state;
    static const char *const regions[] = {"0301", "7777", NULL};
    static const char *const years[] = {"2024", NULL};
    struct cube cube = {regions, years, USUAL, absurd};
    struct kf_observations *figures = new_figures();
    const struct kf_table_map *map = source_fixture_map(source_fixture_yaml);
    assert_int_equal(take(map, table_of(&cube), figures, NULL), KF_ERR_DATA);
    source_fixture_told("99999.yaml:13: 0301 alder_0 \"20000000\"", "outside the bounds", NULL);
    source_fixture_told("7777", "never existed", "municipalities.csv", NULL);
    kf_observations_destroy(&figures);
}

static void a_table_that_lacks_something_or_has_too_much_is_refused(void **state)
{
    (void)state;
    static const char *const regions[] = {"0301", NULL};
    static const char *const years[] = {"2024", NULL};
    static const char *const quarters[] = {"2024K1", NULL};
    static const char *const changes[][2] = {
        {"codes: [\"000..001\"]", "codes: [\"000\", \"009\"]"}, /* no such code */
        {"select: {ContentsCode: Personer1}", "select: {Innhold: Personer1}"},
        {"region: Region", "region: Kommune"},
        {"time: Tid", "time: Aar"},
        {"eliminated: [Kjonn]", "eliminated: [Innvandring]"},
    };
    struct cube cube = {regions, years, USUAL, by_region};
    struct kf_observations *figures = new_figures();
    for (size_t i = 0; i + 1 < sizeof changes / sizeof changes[0]; i++) {
        const char *text =
            source_fixture_replace(source_fixture_yaml, changes[i][0], changes[i][1]);
        assert_int_equal(take(source_fixture_map(text), table_of(&cube), figures, NULL),
                         KF_ERR_DATA);
    }
    cube.years = quarters;
    const struct kf_table_map *map = source_fixture_map(source_fixture_yaml);
    assert_int_equal(take(map, table_of(&cube), figures, NULL), KF_ERR_DATA);
    const struct kf_jsonstat *other = source_fixture_file("ssb_v2_12134_data_3kommuner_2024.json");
    assert_int_equal(take(map, other, figures, NULL), KF_ERR_DATA);
    kf_observations_destroy(&figures);
}

/* --- no traces ------------------------------------------------------------------------------- */

static const char *varied(const char *region, const char *age, const char *year)
{
    static char text[32];
    unsigned seed = (unsigned)atoi(region) * 31U + (unsigned)atoi(age) * 7U + (unsigned)atoi(year);
    static const char *const odd[] = {".", "..", ":", "0"};
    (void)snprintf(text, sizeof text, "%u", seed % 1000U);
    return seed % 11U < 4 ? odd[seed % 11U] : text;
}

static const char *const many[] = {"0", "0101", "0301", "1507", "1508", "3001", "3101", NULL};
static const char *const long_time[] = {"2018", "2019", "2020", "2023", "2024", NULL};

/* The rows of all pages that the cube is cut into, `at_once` regions a page. */
static char *rows_of_pages(struct cube cube, size_t at_once)
{
    struct kf_observations *figures = new_figures();
    const struct kf_table_map *map = source_fixture_map(source_fixture_yaml);
    for (size_t i = 0; many[i];) {
        const char *page[8] = {NULL};
        for (size_t j = 0; j < at_once && many[i]; j++) {
            page[j] = many[i++];
        }
        cube.regions = page;
        assert_int_equal(take(map, table_of(&cube), figures, NULL), KF_OK);
    }
    char *rows = source_fixture_rows(figures);
    kf_observations_destroy(&figures);
    return rows;
}

static void pages_and_the_order_of_dimensions_leave_no_trace(void **state)
{
    (void)state;
    static const char *const ids[] = USUAL;
    struct cube cube = {many, long_time, USUAL, varied};
    char *expected = rows_of_pages(cube, 7);
    assert_true(strlen(expected) > 1000);
    unsigned orders = 0;
    for (unsigned p = 0; p < 256; p++) {
        unsigned at[4] = {p & 3U, p >> 2U & 3U, p >> 4U & 3U, p >> 6U & 3U};
        if ((1U << at[0] | 1U << at[1] | 1U << at[2] | 1U << at[3]) != 15U) {
            continue;
        }
        for (size_t i = 0; i < 4; i++) {
            cube.order[i] = ids[at[i]];
        }
        char *rows = rows_of_pages(cube, 1 + orders % 7);
        assert_string_equal(rows, expected);
        free(rows);
        orders++;
    }
    assert_int_equal(orders, 24);
    free(expected);
}

/* --- a recorded answer ----------------------------------------------------------------------- */

static void the_recorded_answer_of_12134_is_three_figures(void **state)
{
    (void)state;
    struct kf_error err;
    struct kf_table_maps *maps = NULL;
    assert_int_equal(kf_table_maps_read(KF_SOURCE_DIR "/editions", source_fixture_catalogue, &maps,
                                        source_fixture_findings, &err),
                     KF_OK);
    const struct kf_table_map *map = kf_table_maps_find(maps, "12134");
    struct kf_observations *figures = new_figures();
    const struct kf_jsonstat *table = source_fixture_file("ssb_v2_12134_data_3kommuner_2024.json");
    assert_int_equal(take(map, table, figures, NULL), KF_OK);
    char *rows = source_fixture_rows(figures);
    assert_string_equal(rows, "0301 2024 frie_inntekter_per_innbygger 81240; "
                              "4601 2024 frie_inntekter_per_innbygger 66605; "
                              "5001 2024 frie_inntekter_per_innbygger 62853");
    free(rows);
    kf_observations_destroy(&figures);
    kf_table_maps_destroy(&maps);
}

static void without_memory_that_is_told(void **state)
{
    (void)state;
    static const char *const regions[] = {"0301", "EAKUO", NULL};
    static const char *const years[] = {"2024", NULL};
    struct cube cube = {regions, years, USUAL, by_region};
    const struct kf_table_map *map = source_fixture_map(source_fixture_yaml);
    const struct kf_jsonstat *table = table_of(&cube);
    enum kf_err code = KF_ERR_MEMORY;
    unsigned failures = 0;
    for (int64_t n = 0; code != KF_OK; n++) {
        struct kf_estimates estimates = {.length_max = 100};
        struct kf_observations *figures = new_figures();
        kf_memory_fail_after(n);
        code = take(map, table, figures, &estimates);
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || code == KF_ERR_MEMORY || code == KF_ERR_LIMIT);
        failures += code != KF_OK;
        kf_estimates_clear(&estimates);
        kf_observations_destroy(&figures);
        assert_true(n < 1000);
    }
    assert_true(failures >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(a_sum_with_a_cell_that_is_kept_secret_is_secret),
        WITH_FOLDER(what_is_not_applicable_counts_nothing_in_a_sum),
        WITH_FOLDER(a_dead_code_leaves_no_row_and_a_new_one_none_before_it),
        WITH_FOLDER(a_divided_municipality_and_its_parts_stand_each_in_their_years),
        WITH_FOLDER(estimates_are_kept_apart_and_parts_of_the_country_passed_over),
        WITH_FOLDER(more_estimates_than_there_is_room_for_are_refused),
        WITH_FOLDER(an_absurd_figure_and_an_unknown_municipality_are_told),
        WITH_FOLDER(a_table_that_lacks_something_or_has_too_much_is_refused),
        WITH_FOLDER(pages_and_the_order_of_dimensions_leave_no_trace),
        WITH_FOLDER(the_recorded_answer_of_12134_is_three_figures),
        WITH_FOLDER(without_memory_that_is_told),
    };
    return cmocka_run_group_tests(tests, source_fixture_open, source_fixture_close);
}
