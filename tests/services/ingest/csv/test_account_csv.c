/* Lines of accounts: summed by the hierarchies of the year, every fault told with its place. The
 * amounts expected are added up by hand from the lines.
 */
#include "observation_fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/model/cell.h"

#define HEADER "municipality,year,account,function,art,amount,scope\n"

/* What is observed of a municipality, which must be there. */
static const struct kf_observation *row_of(unsigned code, int year, const char *variable)
{
    size_t count = 0;
    const struct kf_variable *all = kf_variables_all(world.variables, &count);
    const struct kf_variable *found =
        kf_variables_find(world.variables, variable, strlen(variable));
    assert_non_null(found);
    const struct kf_observation *row =
        kf_observations_cell(world.table, year, (size_t)(found - all), code);
    if (!row) {
        fail_msg("no figure of %s for %04u in %d", variable, code, year);
    }
    return row;
}

static double figure(unsigned code, int year, const char *variable, uint8_t status)
{
    const struct kf_observation *row = row_of(code, year, variable);
    assert_int_equal(row->status, status);
    return row->value;
}

static void read_and_seal(const char *text)
{
    if (read_text(text) != KF_OK) {
        fail_msg("%s", world.report.bytes);
    }
    assert_int_equal(kf_observations_seal(world.table, &world.findings, &world.err), KF_OK);
}

/* --- sums ---------------------------------------------------------------------------------- */

static void net_gross_and_corrected_gross_are_what_the_hierarchy_makes_of_the_arts(void **state)
{
    (void)state;
    /* Kindergartens, own accounts: wages 1000, sick-pay refund −60, purchases from others 300, own
     * transfers 50, parents' fees 210, internal sale 20, depreciation 80 with its counter-entry. */
    read_and_seal(HEADER "0301,2015,D,201,10,1000,\n"
                         "0301,2015,D,201,710,60,\n"
                         "0301,2015,D,211,370,300,kasse\n"
                         "0301,2015,D,201,470,50,\n"
                         "0301,2015,D,201,600,210,\n"
                         "0301,2015,D,201,690,20,\n"
                         "0301,2015,D,221,590,80,\n"
                         "0301,2015,D,202,10,7,\n");
    /* gross: 1000 + 300 + 50 + 80 − 60 − 20 */
    assert_true(figure(301, 2015, "bdu_barnehage_konto", KF_CELL_VALUE) == 1350);
    /* corrected: without purchases and transfers, 1000 + 80 − 60 − 20 */
    assert_true(figure(301, 2015, "kbdu_barnehage_konto", KF_CELL_VALUE) == 1000);
    /* net: 1000 + 300 + 50 + 80 − 60 − 210 − 20 */
    assert_true(figure(301, 2015, "ndu_barnehage_konto", KF_CELL_VALUE) == 1140);
    assert_true(figure(301, 2015, "ndu_grunnskole_konto", KF_CELL_VALUE) == 7);
}

static void what_undertakings_sell_to_their_municipality_counts_once_in_gross(void **state)
{
    (void)state;
    /* The municipality buys care for 500 of its undertaking (art 380), which spends 480 on wages,
     * buys for 15 of the municipality (380) and enters the 500 as a sale (780). */
    read_and_seal(HEADER "0301,2015,D,254,380,500,\n"
                         "0301,2015,D,254,780,15,\n"
                         "0301,2015,D,254,10,480,saerbedrift\n"
                         "0301,2015,D,254,380,15,saerbedrift\n"
                         "0301,2015,D,254,780,500,saerbedrift\n");
    /* 500 + 480 + 15, less 15 and 500 of the undertaking's trade with its municipality */
    assert_true(figure(301, 2015, "bdu_pleie_omsorg_konto", KF_CELL_VALUE) == 480);
    /* net needs no netting: 500 − 15 + 480 + 15 − 500 */
    assert_true(figure(301, 2015, "ndu_pleie_omsorg_konto", KF_CELL_VALUE) == 480);
    assert_true(figure(301, 2015, "kbdu_pleie_omsorg_konto", KF_CELL_VALUE) == 480);
}

static void the_bundled_lines_of_oslo_schools_are_those_added_up_by_hand(void **state)
{
    (void)state;
    const char *path = KF_SOURCE_DIR "/data/accounts/accounts.csv";
    assert_int_equal(kf_observation_csv_read(path, &world.options, world.table, &world.source,
                                             &world.findings, &world.err),
                     KF_OK);
    assert_int_equal(kf_observations_seal(world.table, &world.findings, &world.err), KF_OK);
    /* own: 26289 + 1965465 + 602 + 318 + 2 purchases (380), 26126 + 236674 transfers (480) */
    assert_true(figure(301, 2015, "bdu_grunnskole_konto", KF_CELL_VALUE) == 2255476);
    /* and the undertakings' purchases of their municipality, 49550 + 1161 */
    assert_true(figure(301, 2015, "ndu_grunnskole_konto", KF_CELL_VALUE) == 2306187);
    assert_true(figure(301, 2015, "kbdu_grunnskole_konto", KF_CELL_VALUE) == 0);
}

static void decimals_are_added_exactly(void **state)
{
    (void)state;
    read_and_seal(HEADER "0301,2016,D,201,10,0.1,\n0301,2016,D,201,20,0.2,\n"
                         "0301,2016,D,201,30,1e9,\n0301,2016,D,201,40,-1e9,\n");
    assert_true(figure(301, 2016, "bdu_barnehage_konto", KF_CELL_VALUE) == 0.3);
}

static void amounts_that_cancel_leave_nothing(void **state)
{
    (void)state;
    read_and_seal(HEADER "0301,2016,D,201,10,0.1,\n0301,2016,D,201,20,0.2,\n"
                         "0301,2016,D,201,30,-0.3,\n");
    assert_true(figure(301, 2016, "bdu_barnehage_konto", KF_CELL_VALUE) == 0);
}

static void a_sum_stands_on_the_first_line_that_counts_in_it(void **state)
{
    (void)state;
    read_and_seal(HEADER "0301,2016,D,100,10,1,\n0301,2016,D,202,30,1,\n"
                         "0301,2016,D,202,10,1,\n");
    assert_int_equal(row_of(301, 2016, "ndu_grunnskole_konto")->line, 3);
    uint32_t line = row_of(301, 2016, "ndu_barnehage_konto")->line; /* no line is for it */
    assert_in_range(line, 2, 4);
}

static void
who_reported_and_has_no_line_spends_nothing_and_who_did_not_report_is_missing(void **state)
{
    (void)state;
    read_and_seal(HEADER "0301,2015,D,100,10,1,\n1103,2015,I,201,10,1,\n"
                         "0219,2015,D,201,10,1,saerbedrift\n");
    assert_true(figure(301, 2015, "ndu_barnehage_konto", KF_CELL_VALUE) == 0);
    size_t count = 0;
    const struct kf_observation *rows = kf_observations_rows(world.table, &count);
    assert_int_equal(count, 21); /* Oslo's; the others have no operating accounts of their own */
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(rows[i].municipality, 301);
    }
}

static void a_year_without_hierarchies_takes_the_nearest_earlier_and_is_flagged(void **state)
{
    (void)state;
    read_and_seal(HEADER "0301,2019,D,201,010,5,\n");
    assert_true(figure(301, 2019, "ndu_barnehage_konto", KF_CELL_INFERRED) == 5);
    forget();
    EXPECT_FAULT(HEADER "0301,2014,D,201,10,5,\n", "in.csv:2: 0301 year \"2014\"", "begin later");
}

static void the_scope_may_be_left_out_and_columns_turned(void **state)
{
    (void)state;
    read_and_seal("amount,art,function,account,year,municipality\n-5.5,10,201,D,2015,0301\n");
    assert_true(figure(301, 2015, "ndu_barnehage_konto", KF_CELL_VALUE) == -5.5);
}

/* --- faults -------------------------------------------------------------------------------- */

struct wrong_line {
    const char *line;
    const char *place;
    const char *told;
};

static void every_fault_of_a_line_is_told_with_its_cell(void **state)
{
    (void)state;
    static const struct wrong_line cases[] = {
        {"301,2015,D,201,10,5,", "in.csv:3: 301 \"301\"", "leading zeros"},
        {"0301,2015,B,201,10,5,", "in.csv:3: 0301 account \"B\"", "no class"},
        {"0301,2015,D,299,10,5,", "in.csv:3: 0301 function \"299\"", "functions.csv"},
        {"0301,2015,D,FGK8,10,5,", "in.csv:3: 0301 function \"FGK8\"", "is no function"},
        {"0301,2015,D,201,999,5,", "in.csv:3: 0301 art \"999\"", "arts.csv"},
        {"0301,2015,D,201,1000,5,", "in.csv:3: 0301 art \"1000\"", "is no art"},
        {"0301,2015,D,201,10,fem,", "in.csv:3: 0301 amount \"fem\"", "is no number"},
        {"0301,2015,D,201,10,,", "in.csv:3: 0301 amount", "is empty"},
        {"0301,2015,D,201,10,1e20,", "in.csv:3: 0301 amount \"1e20\"", "beyond"},
        {"0301,2015,D,201,10,5,konsern", "in.csv:3: 0301 scope \"konsern\"", "computed"},
        {"0301,2015,D,201,10,5,x", "in.csv:3: 0301 scope \"x\"", "no scope"},
        {"0301,2015,D,201,10,5", "in.csv:3: ", "the line has 6 fields, the header 7"},
        {"0301,2015,D,201,20,1,", "in.csv:3: 0301 \"1\"", "given on line 2 already"},
        {"0301,2015,D,201,30,1e12,", "in.csv:2: 0301", "not within the bounds"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[256];
        (void)snprintf(text, sizeof text, HEADER "0301,2015,D,201,20,1,\n%s\n", cases[i].line);
        assert_int_equal(read_text(text), KF_ERR_DATA);
        if (!strstr(world.report.bytes, cases[i].place) ||
            !strstr(world.report.bytes, cases[i].told)) {
            fail_msg("%s: %s", cases[i].line, world.report.bytes);
        }
        forget();
    }
}

static void headers_of_accounts_are_checked(void **state)
{
    (void)state;
    EXPECT_FAULT("municipality,year,account,function,art\n", "column amount is missing");
    forget();
    EXPECT_FAULT("municipality,year,account,function,art,amount,scop\n", "did you mean scope?");
    forget();
    world.options.accounts = NULL;
    EXPECT_FAULT(HEADER "0301,2015,D,201,20,1,\n", "need the hierarchies", "accounts/");
}

static void every_failing_allocation_of_accounts_is_an_error(void **state)
{
    (void)state;
    expect_failing_allocations(HEADER "0301,2015,D,201,20,1,\n0301,2015,D,201,20,2,\n", 5, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(net_gross_and_corrected_gross_are_what_the_hierarchy_makes_of_the_arts),
        TEST(what_undertakings_sell_to_their_municipality_counts_once_in_gross),
        TEST(the_bundled_lines_of_oslo_schools_are_those_added_up_by_hand),
        TEST(decimals_are_added_exactly),
        TEST(amounts_that_cancel_leave_nothing),
        TEST(a_sum_stands_on_the_first_line_that_counts_in_it),
        TEST(who_reported_and_has_no_line_spends_nothing_and_who_did_not_report_is_missing),
        TEST(a_year_without_hierarchies_takes_the_nearest_earlier_and_is_flagged),
        TEST(the_scope_may_be_left_out_and_columns_turned),
        TEST(every_fault_of_a_line_is_told_with_its_cell),
        TEST(headers_of_accounts_are_checked),
        TEST(every_failing_allocation_of_accounts_is_an_error),
    };
    return cmocka_run_group_tests(tests, open_registers, close_registers);
}
