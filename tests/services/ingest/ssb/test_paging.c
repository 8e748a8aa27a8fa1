#include "tests/support/cmocka.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "services/ingest/ssb/paging.h"

#define CODES_MAX 2000

static char code_texts[CODES_MAX][8];
static const char *codes[CODES_MAX];

static int set_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < CODES_MAX; i++) {
        (void)snprintf(code_texts[i], sizeof code_texts[i], "%04zu", i);
        codes[i] = code_texts[i];
    }
    return 0;
}

static struct kf_ssb_selection select_codes(const char *dimension, size_t count)
{
    return (struct kf_ssb_selection){dimension, codes, count};
}

static struct kf_ssb_question ask(const struct kf_ssb_selection *selections, size_t count)
{
    return (struct kf_ssb_question){
        .kind = KF_SSB_DATA, .table = "12362", .selections = selections, .selections_len = count};
}

static struct kf_ssb_paging plan(const struct kf_ssb_question *question, size_t cells_max)
{
    struct kf_ssb_paging paging;
    struct kf_error err;
    assert_int_equal(kf_ssb_paging_plan(question, cells_max, &paging, &err), KF_OK);
    return paging;
}

/* --- plans ------------------------------------------------------------------------------------ */

static void what_fits_is_one_page(void **state)
{
    (void)state;
    struct kf_ssb_selection selections[] = {select_codes("KOKkommuneregion0000", 800),
                                            select_codes("ContentsCode", 10),
                                            select_codes("Tid", 100)};
    struct kf_ssb_question question = ask(selections, 3);
    struct kf_ssb_paging paging = plan(&question, KF_SSB_CELLS_MAX);
    assert_int_equal(paging.pages, 1);
    struct kf_ssb_page_cut cut;
    kf_ssb_paging_cut(&paging, 0, &cut);
    assert_int_equal(cut.cells, KF_SSB_CELLS_MAX);
}

static void regions_are_cut_first(void **state)
{
    (void)state;
    struct kf_ssb_selection selections[] = {select_codes("ContentsCode", 10),
                                            select_codes("KOKkommuneregion0000", 801),
                                            select_codes("Tid", 100)};
    struct kf_ssb_question question = ask(selections, 3);
    struct kf_ssb_paging paging = plan(&question, KF_SSB_CELLS_MAX);
    assert_int_equal(paging.pages, 2);
    assert_int_equal(paging.step[0], 10);
    assert_int_equal(paging.step[1], 800);
    assert_int_equal(paging.step[2], 100);
}

static void then_time_and_then_whatever_is_longest(void **state)
{
    (void)state;
    struct kf_ssb_selection selections[] = {select_codes("Region", 2), select_codes("Tid", 3),
                                            select_codes("Alder", 500), select_codes("Kjonn", 4)};
    struct kf_ssb_question question = ask(selections, 4);
    struct kf_ssb_paging time_cut = plan(&question, 4000);
    assert_int_equal(time_cut.pages, 3);
    assert_int_equal(time_cut.step[0], 2);
    assert_int_equal(time_cut.step[1], 1);
    struct kf_ssb_paging age_cut = plan(&question, 1000);
    assert_int_equal(age_cut.step[2], 250);
    assert_int_equal(age_cut.step[3], 4);
    assert_int_equal(age_cut.pages, 2 * 3 * 2);
}

static void a_selection_without_regions_is_cut_by_time(void **state)
{
    (void)state;
    struct kf_ssb_selection selections[] = {select_codes("Tid", 30), select_codes("Alder", 100)};
    struct kf_ssb_question question = ask(selections, 2);
    struct kf_ssb_paging paging = plan(&question, 1000);
    assert_int_equal(paging.pages, 3);
    assert_int_equal(paging.step[0], 10);
}

/* The fewest pages that any two steps give. */
static size_t fewest_pages(size_t regions, size_t times, size_t inner, size_t cells_max)
{
    size_t fewest = SIZE_MAX;
    for (size_t a = 1; a <= regions; a++) {
        for (size_t b = 1; b <= times; b++) {
            size_t pages = (regions + a - 1) / a * ((times + b - 1) / b);
            fewest = a * b * inner <= cells_max && pages < fewest ? pages : fewest;
        }
    }
    return fewest;
}

static void no_other_cut_of_regions_and_time_has_fewer_pages(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3000; i++) {
        size_t regions = i * 7 % 23 + 1;
        size_t times = i * 13 % 11 + 1;
        size_t inner = i * 5 % 17 + 1;
        size_t cells_max = inner + i * 31 % 150;
        struct kf_ssb_selection selections[] = {select_codes("Tid", times),
                                                select_codes("Region", regions),
                                                select_codes("Alder", inner)};
        struct kf_ssb_question question = ask(selections, 3);
        if (fewest_pages(regions, times, inner, cells_max) <= KF_SSB_PAGES_MAX) {
            struct kf_ssb_paging paging = plan(&question, cells_max);
            assert_int_equal(paging.pages, fewest_pages(regions, times, inner, cells_max));
        }
    }
}

static void mark_cells(const struct kf_ssb_page_cut *cut, const size_t *size, unsigned char *seen)
{
    for (size_t a = cut->first[0]; a < cut->first[0] + cut->count[0]; a++) {
        for (size_t b = cut->first[1]; b < cut->first[1] + cut->count[1]; b++) {
            for (size_t c = cut->first[2]; c < cut->first[2] + cut->count[2]; c++) {
                seen[(a * size[1] + b) * size[2] + c]++;
            }
        }
    }
}

static void the_pages_are_the_selection_each_cell_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < 500; i++) {
        size_t size[] = {i * 7 % 13 + 1, i * 11 % 7 + 1, i * 5 % 9 + 1};
        size_t cells_max = i * 3 % 40 + 7;
        unsigned char seen[13 * 7 * 9] = {0};
        struct kf_ssb_selection selections[] = {select_codes("Region", size[0]),
                                                select_codes("Tid", size[1]),
                                                select_codes("Alder", size[2])};
        struct kf_ssb_question question = ask(selections, 3);
        struct kf_ssb_paging paging = plan(&question, cells_max);
        for (size_t page = 0; page < paging.pages; page++) {
            struct kf_ssb_page_cut cut;
            kf_ssb_paging_cut(&paging, page, &cut);
            assert_true(cut.cells <= cells_max);
            assert_int_equal(cut.cells, cut.count[0] * cut.count[1] * cut.count[2]);
            mark_cells(&cut, size, seen);
        }
        for (size_t cell = 0; cell < size[0] * size[1] * size[2]; cell++) {
            assert_int_equal(seen[cell], 1);
        }
    }
}

/* --- what cannot be asked --------------------------------------------------------------------- */

static void assert_refused(const struct kf_ssb_selection *selections, size_t count,
                           const char *told)
{
    struct kf_ssb_question question = ask(selections, count);
    struct kf_ssb_paging paging = {.pages = 77};
    struct kf_error err;
    assert_int_equal(kf_ssb_paging_plan(&question, 100, &paging, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, told));
    assert_int_equal(paging.pages, 77);
}

static void what_the_api_would_answer_with_an_error_is_not_asked(void **state)
{
    (void)state;
    const char *const twice[] = {"0301", "4601", "0301"};
    struct kf_ssb_selection selections[KF_JSONSTAT_DIMENSIONS_MAX + 1];
    for (size_t i = 0; i <= KF_JSONSTAT_DIMENSIONS_MAX; i++) {
        selections[i] = select_codes(codes[i], 1);
    }
    assert_refused(NULL, 0, "selections");
    assert_refused(selections, KF_JSONSTAT_DIMENSIONS_MAX + 1, "selections");
    selections[0] = select_codes("Region", 0);
    assert_refused(selections, 1, "no codes of Region");
    selections[0] = (struct kf_ssb_selection){"Region", twice, 3};
    assert_refused(selections, 1, "0301 of Region is asked for twice");
    selections[0] = select_codes("Region", 2);
    selections[1] = select_codes("Region", 2);
    assert_refused(selections, 2, "Region is selected twice");
}

static void too_many_pages_are_refused(void **state)
{
    (void)state;
    struct kf_ssb_selection selections[] = {select_codes("Region", 2000),
                                            select_codes("Alder", 100)};
    assert_refused(selections, 2, "pages");
}

static void endless_products_are_refused_not_overflowed(void **state)
{
    (void)state;
    struct kf_ssb_selection selections[KF_JSONSTAT_DIMENSIONS_MAX];
    for (size_t i = 0; i < KF_JSONSTAT_DIMENSIONS_MAX; i++) {
        selections[i] = select_codes(codes[i], 2000);
    }
    assert_refused(selections, KF_JSONSTAT_DIMENSIONS_MAX, "pages");
}

static void a_failing_allocation_is_an_error(void **state)
{
    (void)state;
    struct kf_ssb_selection selections[] = {select_codes("Region", 20)};
    struct kf_ssb_question question = ask(selections, 1);
    struct kf_ssb_paging paging;
    struct kf_error err;
    kf_memory_fail_after(0);
    assert_int_equal(kf_ssb_paging_plan(&question, 100, &paging, &err), KF_ERR_MEMORY);
    kf_memory_fail_after(-1);
}

/* --- what came -------------------------------------------------------------------------------- */

static void categories_of(struct kf_jsonstat_category *categories, const char *const *texts,
                          size_t count)
{
    for (size_t i = 0; i < count; i++) {
        categories[i] = (struct kf_jsonstat_category){.code = texts[i], .label = "", .unit = ""};
    }
}

static enum kf_err check(const char *const *came, size_t count, struct kf_error *err)
{
    struct kf_ssb_selection selections[] = {select_codes("Region", 5)};
    struct kf_ssb_question question = ask(selections, 1);
    struct kf_ssb_page_cut cut = {.first = {1}, .count = {3}, .cells = 3};
    struct kf_jsonstat_category categories[8];
    categories_of(categories, came, count);
    struct kf_jsonstat_dimension dimension = {
        .id = "Region", .label = "", .categories = categories, .categories_len = count};
    struct kf_jsonstat page = {.dimensions = &dimension, .dimensions_len = 1, .cells = count};
    return kf_ssb_paging_check(&question, &cut, &page, err);
}

static void a_page_may_have_its_codes_in_any_order(void **state)
{
    (void)state;
    const char *const came[] = {"0003", "0001", "0002"};
    struct kf_error err;
    assert_int_equal(check(came, 3, &err), KF_OK);
}

static void a_page_that_lacks_codes_or_has_others_is_refused(void **state)
{
    (void)state;
    const char *const fewer[] = {"0003", "0001"};
    const char *const other[] = {"0003", "0001", "0004"};
    const char *const more[] = {"0003", "0001", "0002", "0004"};
    struct kf_error err;
    assert_int_equal(check(fewer, 2, &err), KF_ERR_DATA);
    assert_string_equal(err.text, "the answer lacks 0002 of Region");
    assert_int_equal(check(other, 3, &err), KF_ERR_DATA);
    assert_int_equal(check(more, 4, &err), KF_ERR_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fits_is_one_page),
        cmocka_unit_test(regions_are_cut_first),
        cmocka_unit_test(then_time_and_then_whatever_is_longest),
        cmocka_unit_test(a_selection_without_regions_is_cut_by_time),
        cmocka_unit_test(no_other_cut_of_regions_and_time_has_fewer_pages),
        cmocka_unit_test(the_pages_are_the_selection_each_cell_once),
        cmocka_unit_test(what_the_api_would_answer_with_an_error_is_not_asked),
        cmocka_unit_test(too_many_pages_are_refused),
        cmocka_unit_test(endless_products_are_refused_not_overflowed),
        cmocka_unit_test(a_failing_allocation_is_an_error),
        cmocka_unit_test(a_page_may_have_its_codes_in_any_order),
        cmocka_unit_test(a_page_that_lacks_codes_or_has_others_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
