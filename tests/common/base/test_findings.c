#include <stdbool.h>
#include <string.h>

#include "common/base/findings.h"
#include "common/base/memory.h"
#include "tests/support/cmocka.h"

static struct kf_findings findings; /* large: not on the stack */
static struct kf_text printed;

static int begin(void **state)
{
    (void)state;
    kf_findings_init(&findings);
    kf_text_init(&printed, 1024 * 1024);
    return 0;
}

static int end(void **state)
{
    (void)state;
    kf_memory_fail_after(-1);
    kf_findings_clear(&findings);
    kf_text_clear(&printed);
    return 0;
}

static void an_empty_list_prints_nothing(void **state)
{
    (void)state;
    kf_findings_print(&findings, &printed);
    assert_string_equal(printed.bytes, "");
    assert_int_equal(kf_findings_count(&findings), 0);
}

static void a_finding_prints_its_place_its_problem_and_its_remedy(void **state)
{
    (void)state;
    const struct kf_place whole = {"a.csv", 12, "0301", "folkemengde", "-5"};
    kf_findings_add(&findings, &whole, "give a count", "population is %s", "negative");
    const struct kf_place file_only = {.file = "b.yaml"};
    kf_findings_add(&findings, &file_only, NULL, "cannot be read");
    const struct kf_place line_without_file = {.line = 3, .variable = "vekt"};
    kf_findings_add(&findings, &line_without_file, "", "is 100 %% off");
    kf_findings_add(&findings, &(struct kf_place){0}, "look", "something");
    kf_findings_print(&findings, &printed);
    assert_string_equal(printed.bytes,
                        "a.csv:12: 0301 folkemengde \"-5\": population is negative; give a count\n"
                        "b.yaml: cannot be read\n"
                        "vekt: is 100 % off\n"
                        "something; look\n");
}

static void what_it_quotes_moves_no_terminal(void **state)
{
    (void)state;
    const struct kf_place place = {"a\n.csv", 1, "03\x1b", "barn\t", "\xc2\x9bK"};
    kf_findings_add(&findings, &place, "mend it", "is called %s", "\x1b]0;x\x07");
    kf_findings_print(&findings, &printed);
    assert_string_equal(printed.bytes, "a?.csv:1: 03? barn? \"??K\": is called ?]0;x?; mend it\n");
}

static void the_same_finding_may_be_listed_once(void **state)
{
    (void)state;
    const struct kf_place place = {.variable = "barn"};
    for (int i = 0; i < 3; i++) {
        kf_findings_add_once(&findings, &place, "give it", "is missing in %d", 2009 + i % 2);
    }
    assert_int_equal(kf_findings_count(&findings), 2);
    kf_findings_add(&findings, &place, "give it", "is missing in 2009");
    assert_int_equal(kf_findings_count(&findings), 3);
}

static void a_list_is_bounded_and_counts_what_it_leaves_out(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < KF_FINDINGS_MAX + 7; i++) {
        kf_findings_add(&findings, &(struct kf_place){.line = i + 1, .file = "f"}, "r", "p");
    }
    assert_int_equal(findings.length, KF_FINDINGS_MAX);
    assert_int_equal(findings.left_out, 7);
    assert_int_equal(kf_findings_count(&findings), KF_FINDINGS_MAX + 7);
    kf_findings_print(&findings, &printed);
    assert_non_null(strstr(printed.bytes, "f:100: p; r\nand 7 more\n"));
    kf_findings_clear(&findings);
    assert_int_equal(kf_findings_count(&findings), 0);
}

static void long_cells_and_problems_are_cut_between_characters(void **state)
{
    (void)state;
    char cell[302];
    for (size_t shift = 0; shift < 3; shift++) {
        memset(cell, 'x', sizeof cell);
        for (size_t i = shift; i + 3 < sizeof cell; i += 3) {
            memcpy(cell + i, "€", 3);
        }
        cell[sizeof cell - 1] = '\0';
        const struct kf_place place = {.cell = cell, .municipality = cell, .variable = cell};
        kf_findings_add(&findings, &place, "r", "%s%s", cell, cell);
        const struct kf_finding *last = &findings.list[findings.length - 1];
        const char *texts[] = {last->cell, last->municipality, last->variable, last->problem};
        for (size_t i = 0; i < 4; i++) {
            assert_true(kf_text_is_utf8(texts[i], strlen(texts[i])));
        }
        assert_in_range(strlen(last->cell), 80, 80 + strlen("…"));
        assert_in_range(strlen(last->problem), 397, 399);
    }
}

static void a_cell_at_the_limit_is_kept_whole(void **state)
{
    (void)state;
    char cell[82];
    memset(cell, 'x', sizeof cell);
    cell[80] = '\0';
    kf_findings_add(&findings, &(struct kf_place){.cell = cell}, "r", "p");
    assert_string_equal(findings.list[0].cell, cell);
    cell[80] = 'x';
    cell[81] = '\0';
    kf_findings_add(&findings, &(struct kf_place){.cell = cell}, "r", "p");
    assert_int_equal(strlen(findings.list[1].cell), 80 + strlen("…"));
}

static void texts_are_copied_not_borrowed(void **state)
{
    (void)state;
    char name[] = "a.csv";
    char remedy[] = "mend";
    kf_findings_add(&findings, &(struct kf_place){.file = name}, remedy, "%s", name);
    name[0] = remedy[0] = 'X';
    kf_findings_print(&findings, &printed);
    assert_string_equal(printed.bytes, "a.csv: a.csv; mend\n");
}

static void a_finding_without_memory_is_counted_not_lost(void **state)
{
    (void)state;
    const struct kf_place place = {"a.csv", 1, "0301", "v", "c"};
    int64_t n = 0;
    while (findings.length == 0) {
        kf_memory_fail_after(n++);
        kf_findings_add(&findings, &place, "r", "p");
        assert_int_equal(kf_findings_count(&findings), n);
        assert_true(n < 50);
    }
    assert_int_equal(n, 7); /* six texts, each failed once */
    assert_int_equal(findings.left_out, 6);
}

static void the_name_that_was_probably_meant_is_suggested(void **state)
{
    (void)state;
    static const char *const names[] = {"barnehage", "grunnskole", "pleie_omsorg", "kommunehelse"};
    assert_string_equal(kf_findings_suggest("barnehagen", names, 4), "barnehage");
    assert_string_equal(kf_findings_suggest("grunskole", names, 4), "grunnskole");
    assert_string_equal(kf_findings_suggest("pleie-omsorg", names, 4), "pleie_omsorg");
    assert_string_equal(kf_findings_suggest("barnehage", names, 4), "barnehage");
    assert_string_equal(kf_findings_suggest("BARNEHAGE", names, 4), "barnehage");
    assert_null(kf_findings_suggest("kultur", names, 4));
    assert_null(kf_findings_suggest("", names, 4));
    assert_null(kf_findings_suggest("barnehage", names, 0));
}

static void the_nearest_name_wins_and_the_first_of_equals(void **state)
{
    (void)state;
    static const char *const names[] = {"helse1", "helse2", "helsen", "helse"};
    assert_string_equal(kf_findings_suggest("helse", names, 4), "helse");
    assert_string_equal(kf_findings_suggest("helse3", names, 3), "helse1");
}

/* Names of six letters at most, of three letters of the alphabet: near each other, and often as
 * near as another. */
static void fill_names(char names[][8], size_t count, uint32_t *state)
{
    for (size_t i = 0; i < count; i++) {
        *state = *state * 1664525U + 1013904223U;
        size_t length = 1 + (*state >> 16) % 6;
        for (size_t c = 0; c < length; c++) {
            *state = *state * 1664525U + 1013904223U;
            names[i][c] = (char)('a' + (*state >> 16) % 3);
        }
        names[i][length] = '\0';
    }
}

static void no_name_passed_over_by_its_length_was_nearer(void **state)
{
    (void)state;
    uint32_t seed = 1;
    size_t found = 0;
    for (int round = 0; round < 500; round++) {
        char texts[13][8];
        const char *names[12];
        fill_names(texts, 13, &seed);
        const char *nearest = NULL;
        size_t least = strlen(texts[12]) / 3 + 1;
        for (size_t i = 12; i-- > 0;) { /* the first of equals is met last */
            names[i] = texts[i];
            size_t distance = kf_text_distance(texts[12], texts[i]);
            nearest = distance <= least ? texts[i] : nearest;
            least = distance <= least ? distance : least;
        }
        found += nearest != NULL;
        const char *suggested = kf_findings_suggest(texts[12], names, 12);
        assert_true((suggested == NULL) == (nearest == NULL));
        assert_true(!nearest || strcmp(suggested, nearest) == 0);
    }
    assert_in_range(found, 100, 499);
}

static void a_list_is_full_when_it_takes_no_more(void **state)
{
    (void)state;
    const struct kf_place place = {"a.csv", 1, "0301", "v", "c"};
    for (int i = 0; i < KF_FINDINGS_MAX; i++) {
        assert_false(kf_findings_is_full(&findings));
        kf_findings_add(&findings, &place, "r", "p");
    }
    assert_true(kf_findings_is_full(&findings));
    kf_findings_add(&findings, &place, "r", "p");
    assert_true(kf_findings_is_full(&findings));
    assert_int_equal(findings.left_out, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_empty_list_prints_nothing, begin, end),
        cmocka_unit_test_setup_teardown(a_finding_prints_its_place_its_problem_and_its_remedy,
                                        begin, end),
        cmocka_unit_test_setup_teardown(a_list_is_bounded_and_counts_what_it_leaves_out, begin,
                                        end),
        cmocka_unit_test_setup_teardown(long_cells_and_problems_are_cut_between_characters, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_cell_at_the_limit_is_kept_whole, begin, end),
        cmocka_unit_test_setup_teardown(texts_are_copied_not_borrowed, begin, end),
        cmocka_unit_test_setup_teardown(a_finding_without_memory_is_counted_not_lost, begin, end),
        cmocka_unit_test(the_name_that_was_probably_meant_is_suggested),
        cmocka_unit_test(the_nearest_name_wins_and_the_first_of_equals),
        cmocka_unit_test(no_name_passed_over_by_its_length_was_nearer),
        cmocka_unit_test_setup_teardown(a_list_is_full_when_it_takes_no_more, begin, end),
        cmocka_unit_test_setup_teardown(what_it_quotes_moves_no_terminal, begin, end),
        cmocka_unit_test_setup_teardown(the_same_finding_may_be_listed_once, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
