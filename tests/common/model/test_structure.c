#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/base/numbers.h"
#include "common/model/structure.h"

/* The real registers: what is said here about municipalities is Norwegian history. */
static struct kf_municipalities *municipalities;
static struct kf_structure *structure;

static int open_all(void **state)
{
    struct kf_error err;
    const char *folder = KF_SOURCE_DIR "/editions";
    char path[512];
    (void)snprintf(path, sizeof path, "%s/municipalities.csv", folder);
    if (fixture_open(state) != 0 ||
        kf_municipalities_read(path, &municipalities, fixture_findings(), &err) != KF_OK) {
        return -1;
    }
    (void)snprintf(path, sizeof path, "%s/municipality_changes.csv", folder);
    return kf_structure_read(path, municipalities, &structure, fixture_findings(), &err) == KF_OK
               ? 0
               : -1;
}

static int close_all(void **state)
{
    kf_structure_destroy(&structure);
    kf_municipalities_destroy(&municipalities);
    return fixture_close(state);
}

/* --- mapping --------------------------------------------------------------------------------- */

static struct kf_parts map(unsigned code, int from_year, int to_year)
{
    struct kf_parts parts = {.count = 0};
    struct kf_error err = {0};
    enum kf_err result = kf_structure_map(structure, code, from_year, to_year, &parts, &err);
    if (result != KF_OK) {
        print_error("%s\n", err.text);
    }
    assert_int_equal(result, KF_OK);
    return parts;
}

/* Fails unless the code maps to one other with all its weight. */
static void expect_one(unsigned code, int from_year, int to_year, unsigned to)
{
    struct kf_parts parts = map(code, from_year, to_year);
    assert_int_equal(parts.count, 1);
    assert_int_equal(parts.list[0].code, to);
    assert_true(parts.list[0].weight == 1);
}

static void expect_refused(unsigned code, int from_year, int to_year, const char *reason)
{
    struct kf_parts parts;
    struct kf_error err = {0};
    assert_int_equal(kf_structure_map(structure, code, from_year, to_year, &parts, &err),
                     KF_ERR_DATA);
    if (!strstr(err.text, reason)) {
        print_error("\"%s\" is not in: %s\n", reason, err.text);
    }
    assert_non_null(strstr(err.text, reason));
}

static void a_code_is_followed_through_every_renaming_and_merger(void **state)
{
    (void)state;
    expect_one(219, 2010, 2019, 219);   /* nothing happened to Bærum */
    expect_one(219, 2010, 2020, 3024);  /* Viken */
    expect_one(219, 2010, 2024, 3201);  /* and Akershus again */
    expect_one(1601, 2005, 2026, 5001); /* Trondheim */
    expect_one(1141, 2019, 2020, 1103); /* Finnøy into Stavanger, whose code lives on */
    expect_one(1103, 2005, 2026, 1103);
    expect_one(716, 2005, 2024, 3905);  /* Re: 0716, Tønsberg 3803, 3905 */
    expect_one(718, 2001, 2024, 3905);  /* Ramnes: Re, Tønsberg */
    expect_one(1214, 2001, 2020, 1160); /* Ølen went to Rogaland, then into Vindafjord */
    expect_one(1503, 2007, 2008, 1505);
}

static void a_code_ends_with_the_year_before_its_change(void **state)
{
    (void)state;
    expect_one(706, 2016, 2016, 706);
    expect_one(706, 2016, 2017, 710);
    expect_one(710, 2017, 2019, 710);
}

static void a_code_that_was_only_renamed_is_mapped_backward(void **state)
{
    (void)state;
    expect_one(3024, 2020, 2010, 219);
    expect_one(3201, 2024, 2010, 219);
    expect_one(3201, 2024, 2021, 3024);
    expect_one(5035, 2019, 2017, 1714); /* Stjørdal */
    expect_one(301, 2024, 1972, 301);
    expect_one(1580, 2024, 2019, 1534); /* Haram came back as it was */
}

static void what_was_put_together_or_split_off_is_not_mapped_backward(void **state)
{
    (void)state;
    expect_refused(1103, 2020, 2019, "put together or split off in 2020");
    expect_refused(4204, 2020, 2019, "4204 of 2020");
    expect_refused(1580, 2024, 2023, "in 2024");
    expect_refused(1875, 2020, 2019, "in 2020"); /* Hamarøy got a part of Tysfjord */
}

static void a_split_has_weights_that_sum_to_one(void **state)
{
    (void)state;
    /* 58 509 and 9 357 inhabitants on 1 January 2024 (Statistics Norway, table 07459). */
    struct kf_parts parts = map(1507, 2023, 2024);
    assert_int_equal(parts.count, 2);
    assert_int_equal(parts.list[0].code, 1508);
    assert_int_equal(parts.list[1].code, 1580);
    assert_true(parts.list[0].weight == 0.862125); /* 58509 / 67866 = .86212536… */
    assert_true(parts.list[1].weight == 0.137875);
    /* Snillfjord became 5012 in 2018 and was split in 2020. */
    parts = map(1613, 2017, 2024);
    assert_int_equal(parts.count, 3);
    double sum = 0;
    for (size_t i = 0; i < parts.count; i++) {
        sum += parts.list[i].weight;
    }
    assert_true(kf_figure_canonical(sum) == 1);
}

static void what_came_out_of_a_merger_as_it_was_needs_no_weights(void **state)
{
    (void)state;
    expect_one(1534, 2019, 2024, 1580); /* Haram */
    expect_one(1546, 2005, 2026, 1508); /* Sandøy stayed in Ålesund */
    expect_one(1534, 2019, 2023, 1507); /* in between it was a part of Ålesund */
}

static void a_split_without_known_weights_is_refused_with_the_reason(void **state)
{
    (void)state;
    expect_refused(601, 1976, 1977, "nobody knows how much of it went to 0605"); /* Ringerike */
    expect_refused(114, 1991, 2024, "0114 of 1991 was split before 2024");       /* Varteig */
    /* It can be followed all the same. */
    struct kf_parts parts;
    assert_true(kf_structure_follow(structure, 601, 1976, 1977, &parts));
    assert_int_equal(parts.count, 2);
    assert_true(parts.list[0].weight == 0 && parts.list[1].weight == 0);
}

static void every_municipality_of_every_year_since_1992_has_a_place_in_2024(void **state)
{
    (void)state;
    size_t count = 0;
    const struct kf_municipality *all = kf_municipalities_all(municipalities, &count);
    for (int year = 1992; year <= 2024; year++) {
        double inhabitants = 0; /* as if there were one in each municipality */
        size_t valid = 0;
        for (size_t i = 0; i < count; i++) {
            if (kf_municipalities_find(municipalities, all[i].code, year) != &all[i]) {
                continue;
            }
            unsigned code = (unsigned)strtoul(all[i].code, NULL, 10);
            struct kf_parts parts = map(code, year, 2024);
            valid++;
            for (size_t p = 0; p < parts.count; p++) {
                char text[16];
                (void)snprintf(text, sizeof text, "%04u", (unsigned)parts.list[p].code);
                assert_non_null(kf_municipalities_find(municipalities, text, 2024));
                inhabitants += parts.list[p].weight;
            }
        }
        assert_true(kf_figure_canonical(inhabitants) == (double)valid);
    }
}

/* Adds what `parts` of `middle` become by `to_year`, each times its weight. */
static double weight_by_way_of(const struct kf_parts *parts, int middle, int to_year, unsigned to)
{
    double weight = 0;
    for (size_t i = 0; i < parts->count; i++) {
        struct kf_parts ends = map(parts->list[i].code, middle, to_year);
        for (size_t e = 0; e < ends.count; e++) {
            weight += ends.list[e].code == to ? parts->list[i].weight * ends.list[e].weight : 0;
        }
    }
    return weight;
}

static void two_steps_lead_where_one_does(void **state)
{
    (void)state;
    static const int middles[] = {2006, 2013, 2018, 2020};
    size_t count = 0;
    const struct kf_municipality *all = kf_municipalities_all(municipalities, &count);
    for (size_t i = 0; i < count; i++) {
        if (kf_municipalities_find(municipalities, all[i].code, 2005) != &all[i]) {
            continue;
        }
        /* By way of 2020 the ways round are lost: see what_came_out_of_a_merger_as_it_was. */
        size_t steps = strncmp(all[i].code, "15", 2) == 0 ? 3 : 4;
        struct kf_parts direct = map((unsigned)strtoul(all[i].code, NULL, 10), 2005, 2024);
        for (size_t m = 0; m < steps; m++) {
            struct kf_parts halfway =
                map((unsigned)strtoul(all[i].code, NULL, 10), 2005, middles[m]);
            for (size_t p = 0; p < direct.count; p++) {
                double weight = weight_by_way_of(&halfway, middles[m], 2024, direct.list[p].code);
                assert_true(kf_figure_canonical(weight) == direct.list[p].weight);
            }
        }
    }
}

static void years_differ_when_any_code_changed_between_them(void **state)
{
    (void)state;
    assert_true(kf_structure_differs(structure, 2019, 2020));
    assert_true(kf_structure_differs(structure, 2020, 2019));
    assert_false(kf_structure_differs(structure, 2020, 2023));
    assert_false(kf_structure_differs(structure, 2014, 2016));
    assert_false(kf_structure_differs(structure, 2024, 2026));
    assert_false(kf_structure_differs(NULL, 1972, 2026));
}

/* --- words ----------------------------------------------------------------------------------- */

static void expect_words(const char *code, int year, const char *words)
{
    struct kf_text text;
    kf_text_init(&text, 1024);
    kf_structure_explain(structure, municipalities, code, year, &text);
    assert_string_equal(text.bytes, words);
    kf_text_clear(&text);
}

static void an_outdated_code_is_explained_with_its_successors(void **state)
{
    (void)state;
    expect_words("0219", 2020,
                 "0219 Bærum was a municipality until 2019, not in 2020; since then 3024 Bærum");
    expect_words("0219", 2025,
                 "0219 Bærum was a municipality until 2019, not in 2025; since then 3201 Bærum");
    expect_words("1507", 2024,
                 "1507 Ålesund was a municipality until 2023, not in 2024; since then 1508 "
                 "Ålesund, 1580 Haram");
    expect_words("3024", 2010,
                 "3024 Bærum is a municipality since 2020, not in 2010; before that 0219 Bærum");
    expect_words("4204", 2019,
                 "4204 Kristiansand is a municipality since 2020, not in 2019; before that 1001 "
                 "Kristiansand, 1017 Songdalen, 1018 Søgne");
    expect_words("0199", 2020, "0199 was never a municipality code");
}

/* --- reading --------------------------------------------------------------------------------- */

#define HEADER "year,from,to,weight,through\n"

static enum kf_err read_text(const char *text)
{
    struct kf_structure *read = NULL;
    struct kf_error err;
    enum kf_err code = kf_structure_read(fixture_write("changes.csv", text), municipalities, &read,
                                         fixture_findings(), &err);
    kf_structure_destroy(&read);
    return code;
}

static void every_fault_of_the_file_is_told_with_its_line(void **state)
{
    (void)state;
    assert_int_equal(read_text(HEADER "20,0219,3024,1,\n"
                                      "2020,219,3024,1,\n"
                                      "2020,0219,3024,1.5,\n"
                                      "2020,0219,3024,0,\n"
                                      "2020,0219,3024,1\n"
                                      "2020,0301,3024,1,\n"
                                      "2020,0105,3201,1,\n"
                                      "2020,0134,3004,1,\n"
                                      "2024,1507,1508,0.8,\n"
                                      "2024,1507,1580,0.1,\n"),
                     KF_ERR_CONFIG);
    fixture_told("changes.csv:2: ", "\"20\"", "is not a year", NULL);
    fixture_told("changes.csv:3: ", "\"219\"", "four digits", NULL);
    fixture_told("changes.csv:4: ", "\"1.5\"", "share above 0", NULL);
    fixture_told("changes.csv:5: ", "\"0\"", "share above 0", NULL);
    fixture_told("changes.csv:6: ", "five fields", NULL);
    fixture_told("changes.csv:7: ", "\"0301\"", "still a municipality", NULL);
    fixture_told("changes.csv:8: ", "\"3201\"", "no municipality in the year of the change", NULL);
    fixture_told("changes.csv:9: ", "\"0134\"", "no municipality in the year before", NULL);
    fixture_told("changes.csv:10: ", "\"1507\"", "do not sum to 1", NULL);
    fixture_found(9);
}

static void parts_that_contradict_each_other_are_told(void **state)
{
    (void)state;
    assert_int_equal(read_text(HEADER "2024,1507,1508,,\n2024,1507,1580,0.5,\n"), KF_ERR_CONFIG);
    fixture_told("changes.csv:2: ", "all parts, or of none", NULL);
    fixture_found(1);
    assert_int_equal(read_text(HEADER "2020,0219,3024,,\n"), KF_ERR_CONFIG);
    fixture_told("changes.csv:2: ", "its weight is 1", NULL);
    fixture_found(1);
    assert_int_equal(read_text(HEADER "2024,1507,1508,0.5,\n2024,1507,1508,0.5,\n"), KF_ERR_CONFIG);
    fixture_told("changes.csv:3: ", "given twice", NULL);
    assert_int_equal(read_text(HEADER "2020,1534,1507,1,\n2024,1534,1580,1,0301\n"), KF_OK);
    assert_int_equal(read_text(HEADER "2020,1534,1507,1,\n2024,1534,1580,1,1534\n"), KF_ERR_CONFIG);
    fixture_told("changes.csv:3: ", "\"1534\"", "year before", NULL);
    assert_int_equal(read_text(""), KF_ERR_CONFIG);
    fixture_told("the register is empty", NULL);
}

static void every_failing_allocation_is_survived(void **state)
{
    (void)state;
    const char *path = fixture_write("changes.csv", HEADER "2020,0219,3024,1,\n");
    struct kf_findings *findings = fixture_findings();
    struct kf_structure *read = NULL;
    struct kf_error err;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code == KF_ERR_MEMORY; n++) {
        assert_null(read);
        kf_memory_fail_after(n);
        code = kf_structure_read(path, municipalities, &read, findings, &err);
        kf_memory_fail_after(-1);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 2);
    kf_structure_destroy(&read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_is_followed_through_every_renaming_and_merger),
        cmocka_unit_test(a_code_ends_with_the_year_before_its_change),
        cmocka_unit_test(a_code_that_was_only_renamed_is_mapped_backward),
        cmocka_unit_test(what_was_put_together_or_split_off_is_not_mapped_backward),
        cmocka_unit_test(a_split_has_weights_that_sum_to_one),
        cmocka_unit_test(what_came_out_of_a_merger_as_it_was_needs_no_weights),
        cmocka_unit_test(a_split_without_known_weights_is_refused_with_the_reason),
        cmocka_unit_test(every_municipality_of_every_year_since_1992_has_a_place_in_2024),
        cmocka_unit_test(two_steps_lead_where_one_does),
        cmocka_unit_test(years_differ_when_any_code_changed_between_them),
        cmocka_unit_test(an_outdated_code_is_explained_with_its_successors),
        cmocka_unit_test(every_fault_of_the_file_is_told_with_its_line),
        cmocka_unit_test(parts_that_contradict_each_other_are_told),
        cmocka_unit_test(every_failing_allocation_is_survived),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
