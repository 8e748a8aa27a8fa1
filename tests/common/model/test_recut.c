/* Real inhabitants on the codes of each year, re-cut to the municipalities of 2024, against
 * Statistics Norway's own re-cutting as others have packed it (data/structure). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/numbers.h"
#include "common/model/recut.h"
#include "structure_fixture.h"

#define CODES      10000
#define YEAR_FIRST 2005
#define YEAR_LAST  2021
#define YEARS      (YEAR_LAST - YEAR_FIRST + 1)

/* Inhabitants by code and year; −1 where the source has none. */
static int original[CODES][YEARS];
static int recut[CODES][YEARS];

static void read_table(const char *path, int table[CODES][YEARS])
{
    char line[512];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    memset(table, 0xff, sizeof(int) * CODES * YEARS);
    assert_non_null(fgets(line, sizeof line, file));
    assert_int_equal(strncmp(line, "municipality,2005,2006,", 23), 0);
    while (fgets(line, sizeof line, file)) {
        char *cell = line;
        size_t code = strtoul(cell, &cell, 10);
        assert_true(code < CODES);
        for (size_t year = 0; year < YEARS; year++) {
            assert_int_equal(*cell++, ',');
            if (*cell != ',' && *cell != '\n') {
                table[code][year] = (int)strtol(cell, &cell, 10);
            }
        }
    }
    (void)fclose(file);
}

static int open_all(void **state)
{
    if (structure_open(state) != 0) {
        return -1;
    }
    read_table(KF_SOURCE_DIR "/data/structure/population_by_year.csv", original);
    read_table(KF_SOURCE_DIR "/data/structure/population_2024.csv", recut);
    return 0;
}

/* Every inhabitant of `year`, as everybody on the municipalities of 2024. */
static struct kf_panel *build_year(int year)
{
    (void)structure_reset(NULL);
    structure_edition()->structure_year = 2024;
    for (unsigned code = 0; code < CODES; code++) {
        if (original[code][year - YEAR_FIRST] >= 0) {
            structure_row(code, year, "folkemengde", original[code][year - YEAR_FIRST]);
            structure_row(code, year, "timer", original[code][year - YEAR_FIRST] * 0.1);
        }
    }
    return structure_build(year, KF_OK);
}

/* The source divides these by other weights, or halves them. */
static bool is_of_a_split(const char *code)
{
    static const char *const split[] = {"1508", "1580", "1806", "1875", "5055", "5056", "5059"};
    for (size_t i = 0; i < sizeof split / sizeof split[0]; i++) {
        if (strcmp(split[i], code) == 0) {
            return true;
        }
    }
    return false;
}

static void recut_inhabitants_are_those_that_statistics_norway_has(void **state)
{
    (void)state;
    size_t compared = 0;
    for (int year = YEAR_FIRST; year <= YEAR_LAST; year++) {
        struct kf_panel *panel = build_year(year);
        for (size_t i = 0; i < panel->members_len; i++) {
            unsigned long code = strtoul(panel->members[i], NULL, 10);
            if (!is_of_a_split(panel->members[i])) {
                assert_true(kf_panel_population(panel)[i] == recut[code][year - YEAR_FIRST]);
                assert_int_equal(structure_status(panel, panel->members[i], "folkemengde"),
                                 KF_CELL_VALUE);
                compared++;
            }
        }
        kf_panel_destroy(&panel);
    }
    /* 350 municipalities of 2024 are untouched by a split. Both files lack Vindafjord and Aure in
     * 2005; the extract lacks the parts of Sandefjord until 2016, of Inderøy until 2011, of Harstad
     * until 2012 and of Kristiansund until 2007. */
    assert_int_equal(compared, 350 * YEARS - 2 - 12 - 7 - 8 - 3);
}

static void nobody_is_lost_or_counted_twice(void **state)
{
    (void)state;
    for (int year = YEAR_FIRST; year <= YEAR_LAST; year++) {
        struct kf_panel *panel = build_year(year);
        long long country = 0;
        for (size_t code = 0; code < CODES; code++) {
            int inhabitants = original[code][year - YEAR_FIRST];
            country += inhabitants > 0 ? inhabitants : 0;
        }
        struct kf_wide sum = {0, 0};
        for (size_t i = 0; i < panel->members_len; i++) {
            sum = kf_wide_add(sum, kf_wide_from_figure(kf_panel_population(panel)[i]));
        }
        assert_true(kf_wide_value(sum) == (double)country);
        kf_panel_destroy(&panel);
    }
}

static void what_a_split_gives_is_inferred_and_near_what_is_known(void **state)
{
    (void)state;
    struct kf_panel *panel = build_year(2021);
    assert_int_equal(structure_status(panel, "1580", "folkemengde"), KF_CELL_INFERRED);
    /* .137875 of the 66 670 inhabitants of Ålesund 2021; Haram had 9 383 in 2019 and 9 357 in 2024.
     */
    assert_true(structure_value(panel, "1580", "folkemengde") == 9192.12625);
    kf_panel_destroy(&panel);
    panel = build_year(2019);
    assert_int_equal(structure_status(panel, "1580", "folkemengde"), KF_CELL_VALUE);
    assert_true(structure_value(panel, "1580", "folkemengde") == 9383);
    /* Ålesund, Ørskog, Skodje and Sandøy. */
    assert_true(structure_value(panel, "1508", "folkemengde") == 47998 + 2250 + 4764 + 1238);
    assert_int_equal(structure_status(panel, "1875", "folkemengde"), KF_CELL_INFERRED);
    kf_panel_destroy(&panel);
}

/* The same pseudo-random figures on every machine: 0 to 99 999 with up to two decimals. */
static double next_figure(uint64_t *random)
{
    *random = *random * 6364136223846793005U + 1442695040888963407U;
    return (double)(*random >> 33U) / 100.0 - (double)((*random >> 33U) / 10000000U) * 100000.0;
}

static struct kf_wide sum_of(const double *values, size_t count)
{
    struct kf_wide sum = {0, 0};
    for (size_t i = 0; i < count; i++) {
        sum = kf_wide_add(sum, kf_wide_from_figure(values[i]));
    }
    return sum;
}

/* Figures for every municipality of `year`; returns their sum. */
static double make_figures(int year, uint64_t *random)
{
    size_t count = 0;
    struct kf_wide sum = {0, 0};
    const struct kf_municipality *all = kf_municipalities_all(structure_municipalities(), &count);
    for (size_t i = 0; i < count; i++) {
        if (kf_municipalities_find(structure_municipalities(), all[i].code, year) == &all[i]) {
            unsigned code = (unsigned)strtoul(all[i].code, NULL, 10);
            double figure = kf_figure_canonical(next_figure(random));
            structure_row(code, year, "folkemengde", 100);
            structure_row(code, year, "timer", figure);
            sum = kf_wide_add(sum, kf_wide_from_figure(figure));
        }
    }
    return kf_wide_value(sum);
}

static void amounts_sum_to_the_same_in_every_structure(void **state)
{
    (void)state;
    static const int structures[] = {1992, 1994, 2002, 2006, 2013, 2017, 2018, 2019, 2020, 2024};
    uint64_t random = 1;
    for (size_t from = 0; from < 10; from++) {
        for (size_t to = from; to < 10; to++) {
            (void)structure_reset(NULL);
            structure_edition()->structure_year = structures[to];
            double expected = make_figures(structures[from], &random);
            struct kf_panel *panel = structure_build(structures[from], KF_OK);
            double got =
                kf_wide_value(sum_of(kf_panel_column(panel, "timer")->values, panel->members_len));
            assert_true(kf_figure_canonical(got) == kf_figure_canonical(expected));
            for (size_t i = 0; i < panel->members_len; i++) {
                assert_non_null(kf_municipalities_find(structure_municipalities(),
                                                       panel->members[i], structures[to]));
            }
            kf_panel_destroy(&panel);
        }
    }
}

static void only_what_changed_has_shares(void **state)
{
    (void)state;
    struct kf_arena *arena = kf_arena_new((size_t)1 << 20);
    struct kf_error err;
    struct kf_recut of = {.data_year = 2016, .structure_year = 2017};
    assert_int_equal(
        kf_recut_make(&of, structure_register(), structure_municipalities(), arena, &err), KF_OK);
    /* In 2017 Sandefjord became 0710, from 0706, 0719 and 0720. */
    assert_int_equal(of.count, 3);
    size_t count = 0;
    const struct kf_share *shares = kf_recut_of(&of, 710, &count);
    assert_int_equal(count, 3);
    assert_true(shares[0].from == 706 && shares[1].from == 719 && shares[2].from == 720);
    assert_null(kf_recut_of(&of, 704, &count)); /* Tønsberg got a border strip of Stokke */
    uint16_t targets[KF_PARTS_MAX];
    assert_int_equal(kf_recut_targets(&of, 720, targets), 1);
    assert_int_equal(targets[0], 710);
    assert_int_equal(kf_recut_targets(&of, 301, targets), 1);
    assert_int_equal(targets[0], 301);
    of = (struct kf_recut){.data_year = 2024, .structure_year = 2026};
    assert_int_equal(
        kf_recut_make(&of, structure_register(), structure_municipalities(), arena, &err), KF_OK);
    assert_int_equal(of.count, 0);
    kf_arena_destroy(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recut_inhabitants_are_those_that_statistics_norway_has),
        cmocka_unit_test(nobody_is_lost_or_counted_twice),
        cmocka_unit_test(what_a_split_gives_is_inferred_and_near_what_is_known),
        cmocka_unit_test(amounts_sum_to_the_same_in_every_structure),
        cmocka_unit_test(only_what_changed_has_shares),
    };
    return cmocka_run_group_tests(tests, open_all, structure_close);
}
