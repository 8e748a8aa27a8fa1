#include "fixture.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "common/model/account.h"

#define HEADER "year,to,from,sign\n"

/* Schools are 202 and 222; all is schools and 100. Gross is 10 and 380 less 710; the whole takes
 * what undertakings buy (380) out of gross again. */
static const char functions[] = HEADER "2015,FGK8,202,+\n2015,FGK8,222,+\n"
                                       "2015,ALL,FGK8,+\n2015,ALL,100,+\n"
                                       "2017,FGK8,202,+\n";
static const char arts[] = HEADER "2015,WAGES,10,+\n2015,WAGES,710,-\n2015,BUY,380,+\n"
                                  "2015,GROSS,WAGES,+\n2015,GROSS,BUY,+\n"
                                  "2015,NET,GROSS,+\n2015,NET,700,-\n2015,NET,710,+\n"
                                  "2017,GROSS,10,+\n";
static const char undertakings[] = HEADER "2015,GROSS,BUY,-\n2015,NET,COPY,+\n";
static const char treasury[] = HEADER "2015,OTHER,380,-\n";

static enum kf_err read_registers(const char *of_functions, const char *of_arts,
                                  struct kf_accounts **accounts)
{
    struct kf_error err;
    (void)mkdir(fixture_path("accounts"), 0700);
    (void)fixture_write("accounts/functions.csv", of_functions);
    (void)fixture_write("accounts/arts.csv", of_arts);
    (void)fixture_write("accounts/netting_undertakings.csv", undertakings);
    (void)fixture_write("accounts/netting_treasury.csv", treasury);
    return kf_accounts_read(fixture_path("accounts"), accounts, fixture_findings(), &err);
}

static struct kf_accounts *sound(void)
{
    struct kf_accounts *accounts = NULL;
    assert_int_equal(read_registers(functions, arts, &accounts), KF_OK);
    return accounts;
}

static bool expand(const char *function, const char *art, enum kf_account_scope scope,
                   struct kf_account_weights *weights)
{
    struct kf_accounts *accounts = sound();
    struct kf_account account = {.class = KF_ACCOUNT_OPERATING,
                                 .scope = scope,
                                 .functions = &function,
                                 .functions_len = 1,
                                 .arts = &art,
                                 .arts_len = 1};
    bool expanded = kf_accounts_expand(accounts, 2015, &account, weights);
    kf_accounts_destroy(&accounts);
    return expanded;
}

static int total(const int8_t weights[KF_ACCOUNT_CODES])
{
    int sum = 0;
    for (size_t i = 0; i < KF_ACCOUNT_CODES; i++) {
        sum += weights[i] * weights[i];
    }
    return sum;
}

static void concepts_expand_to_their_codes_with_sign(void **state)
{
    (void)state;
    struct kf_account_weights weights;
    assert_true(expand("ALL", "NET", KF_ACCOUNT_TREASURY, &weights));
    assert_int_equal(weights.functions[202], 1);
    assert_int_equal(weights.functions[222], 1);
    assert_int_equal(weights.functions[100], 1);
    assert_int_equal(total(weights.functions), 3);
    const int8_t *own = weights.arts[KF_ACCOUNT_TREASURY];
    assert_int_equal(own[10], 1);
    assert_int_equal(own[380], 1);
    assert_int_equal(own[700], -1);
    assert_int_equal(own[710], 0); /* -1 by wages, +1 again by net */
    assert_int_equal(total(own), 3);
    assert_int_equal(total(weights.arts[KF_ACCOUNT_UNDERTAKINGS]), 0);
}

static void a_code_stands_for_itself(void **state)
{
    (void)state;
    struct kf_account_weights weights;
    assert_true(expand("222", "710", KF_ACCOUNT_TREASURY, &weights));
    assert_int_equal(weights.functions[222], 1);
    assert_int_equal(total(weights.functions), 1);
    assert_int_equal(weights.arts[KF_ACCOUNT_TREASURY][710], 1);
}

static void the_whole_group_takes_internal_trade_out_and_copies_nettings_of_parts(void **state)
{
    (void)state;
    struct kf_account_weights weights;
    assert_true(expand("FGK8", "GROSS", KF_ACCOUNT_GROUP, &weights));
    assert_int_equal(weights.arts[KF_ACCOUNT_TREASURY][380], 1);
    assert_int_equal(weights.arts[KF_ACCOUNT_UNDERTAKINGS][380], 0); /* +1 −1 */
    assert_int_equal(weights.arts[KF_ACCOUNT_UNDERTAKINGS][10], 1);
    assert_true(expand("FGK8", "NET", KF_ACCOUNT_GROUP, &weights)); /* the netting of gross */
    assert_int_equal(weights.arts[KF_ACCOUNT_UNDERTAKINGS][380], 0);
    assert_int_equal(weights.arts[KF_ACCOUNT_UNDERTAKINGS][700], -1);
    assert_true(expand("FGK8", "WAGES", KF_ACCOUNT_GROUP, &weights)); /* no netting */
    assert_int_equal(weights.arts[KF_ACCOUNT_UNDERTAKINGS][710], -1);
}

static void what_a_year_does_not_have_does_not_expand(void **state)
{
    (void)state;
    struct kf_account_weights weights;
    assert_false(expand("FGK9", "NET", KF_ACCOUNT_TREASURY, &weights));
    assert_false(expand("203", "NET", KF_ACCOUNT_TREASURY, &weights));
    assert_false(expand("FGK8", "BRUTTO", KF_ACCOUNT_TREASURY, &weights));
    assert_false(expand("FGK8", "11", KF_ACCOUNT_TREASURY, &weights));
}

#define NAME_OF_63 "K23456789012345678901234567890123456789012345678901234567890123"

static void a_name_that_begins_like_the_longest_is_another(void **state)
{
    (void)state;
    struct kf_accounts *accounts = NULL;
    assert_int_equal(read_registers(HEADER "2015," NAME_OF_63 ",202,+\n", arts, &accounts), KF_OK);
    const char *const names[] = {NAME_OF_63, NAME_OF_63 "4"};
    const char *art = "10";
    for (size_t i = 0; i < 2; i++) {
        struct kf_account account = {.scope = KF_ACCOUNT_TREASURY,
                                     .functions = &names[i],
                                     .functions_len = 1,
                                     .arts = &art,
                                     .arts_len = 1};
        struct kf_account_weights weights;
        assert_int_equal(kf_accounts_expand(accounts, 2015, &account, &weights), i == 0);
    }
    kf_accounts_destroy(&accounts);
}

/* X is what its parts net, Y and Z, and these are what it nets, over and over. */
static void nettings_without_end_do_not_expand(void **state)
{
    (void)state;
    static const char in_a_circle[] = HEADER "2015,X,COPY,+\n2015,Y,X,+\n2015,Z,X,+\n";
    struct kf_accounts *accounts = sound();
    kf_accounts_destroy(&accounts);
    (void)fixture_write("accounts/arts.csv", HEADER "2015,X,Y,+\n2015,X,Z,+\n2015,Y,10,+\n"
                                                    "2015,Z,20,+\n");
    (void)fixture_write("accounts/netting_undertakings.csv", in_a_circle);
    struct kf_error err;
    assert_int_equal(
        kf_accounts_read(fixture_path("accounts"), &accounts, fixture_findings(), &err), KF_OK);
    const char *function = "202";
    const char *art = "X";
    struct kf_account account = {.scope = KF_ACCOUNT_GROUP,
                                 .functions = &function,
                                 .functions_len = 1,
                                 .arts = &art,
                                 .arts_len = 1};
    struct kf_account_weights weights;
    assert_false(kf_accounts_expand(accounts, 2015, &account, &weights));
    kf_accounts_destroy(&accounts);
}

static void hierarchies_hold_until_there_are_newer_ones(void **state)
{
    (void)state;
    struct kf_accounts *accounts = sound();
    assert_int_equal(kf_accounts_year(accounts, 2014), 0);
    assert_int_equal(kf_accounts_year(accounts, 2015), 2015);
    assert_int_equal(kf_accounts_year(accounts, 2016), 2015);
    assert_int_equal(kf_accounts_year(accounts, 2030), 2017);
    assert_true(kf_accounts_have_function(accounts, 2015, 222));
    assert_false(kf_accounts_have_function(accounts, 2017, 222));
    assert_true(kf_accounts_have_art(accounts, 2017, 10));
    assert_false(kf_accounts_have_art(accounts, 2017, 380));
    assert_false(kf_accounts_have_art(accounts, 2016, 10)); /* no year of its own */
    kf_accounts_destroy(&accounts);
}

static void circles_and_concepts_too_deep_are_told(void **state)
{
    (void)state;
    struct kf_accounts *accounts = NULL;
    assert_int_equal(read_registers(HEADER "2015,A,B,+\n2015,B,C,-\n2015,C,A,+\n2015,D,100,+\n",
                                    arts, &accounts),
                     KF_ERR_CONFIG);
    fixture_told("functions.csv:2: ", "A", "part of itself", NULL);
    fixture_told("functions.csv:4: ", "C", "part of itself", NULL);
    assert_null(accounts);
    fixture_found(3);
}

static void faults_of_the_registers_are_told_with_their_line(void **state)
{
    (void)state;
    struct kf_accounts *accounts = NULL;
    assert_int_equal(
        read_registers(HEADER "2015,A,100,*\n2015,A B,100,+\n15,A,100,+\n", arts, &accounts),
        KF_ERR_CONFIG);
    fixture_told("functions.csv:2: ", "sign", "\"*\"", NULL);
    fixture_told("functions.csv:3: ", "to", "\"A B\"", NULL);
    fixture_told("functions.csv:4: ", "year", NULL);
    assert_int_equal(
        read_registers(functions, HEADER "2015,A,10,+\n2015,A,10,-\n2015,20,10,+\n", &accounts),
        KF_ERR_CONFIG);
    fixture_told("arts.csv:", "another row", NULL);
    fixture_told("arts.csv:4: ", "20", "is a code", NULL);
    fixture_remove("accounts/arts.csv");
    struct kf_error err;
    assert_int_equal(
        kf_accounts_read(fixture_path("accounts"), &accounts, fixture_findings(), &err),
        KF_ERR_CONFIG);
    fixture_told("arts.csv", "cannot be read", NULL);
}

static void every_failing_allocation_is_told_as_such(void **state)
{
    (void)state;
    struct kf_accounts *accounts = sound();
    kf_accounts_destroy(&accounts);
    struct kf_error err;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    struct kf_findings *findings = fixture_findings();
    for (; code == KF_ERR_MEMORY && n < 1000; n++) {
        kf_memory_fail_after(n);
        code = kf_accounts_read(fixture_path("accounts"), &accounts, findings, &err);
        kf_memory_fail_after(-1);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 8);
    kf_accounts_destroy(&accounts);
    kf_accounts_destroy(&accounts);
}

static int close_folder(void **state)
{
    static const char *const files[] = {"functions", "arts", "netting_undertakings",
                                        "netting_treasury"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char name[64];
        (void)snprintf(name, sizeof name, "accounts/%s.csv", files[i]);
        (void)unlink(fixture_path(name));
    }
    (void)rmdir(fixture_path("accounts"));
    return fixture_close(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(concepts_expand_to_their_codes_with_sign),
        cmocka_unit_test(a_code_stands_for_itself),
        cmocka_unit_test(the_whole_group_takes_internal_trade_out_and_copies_nettings_of_parts),
        cmocka_unit_test(what_a_year_does_not_have_does_not_expand),
        cmocka_unit_test(a_name_that_begins_like_the_longest_is_another),
        cmocka_unit_test(nettings_without_end_do_not_expand),
        cmocka_unit_test(hierarchies_hold_until_there_are_newer_ones),
        cmocka_unit_test(circles_and_concepts_too_deep_are_told),
        cmocka_unit_test(faults_of_the_registers_are_told_with_their_line),
        cmocka_unit_test(every_failing_allocation_is_told_as_such),
    };
    return cmocka_run_group_tests(tests, fixture_open, close_folder);
}
