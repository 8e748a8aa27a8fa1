#include "tests/support/cmocka.h"

#include <string.h>

#include "services/ingest/ssb/address.h"

static const struct kf_ssb_place PLACE = {
    .url = "https://data.example/v2", .klass_url = "https://data.example/klass", .language = "no"};

static void assert_address(const struct kf_ssb_question *question, size_t page,
                           const char *expected)
{
    struct kf_text address;
    kf_text_init(&address, 4096);
    kf_ssb_address(&PLACE, question, page, &address);
    assert_false(address.failed);
    assert_string_equal(address.bytes, expected);
    kf_text_clear(&address);
}

static void each_question_has_its_address(void **state)
{
    (void)state;
    struct kf_ssb_question question = {.kind = KF_SSB_TABLE, .table = "07459"};
    assert_address(&question, 0, "https://data.example/v2/tables/07459?lang=no");
    question.kind = KF_SSB_METADATA;
    assert_address(&question, 0, "https://data.example/v2/tables/07459/metadata?lang=no");
    question.kind = KF_SSB_DATA;
    assert_address(&question, 3,
                   "https://data.example/v2/tables/07459/data?outputFormat=json-stat2&lang=no");
    question = (struct kf_ssb_question){.kind = KF_SSB_CODES, .from = "2026-01-01"};
    assert_address(&question, 0,
                   "https://data.example/klass/classifications/131/codesAt.json?date=2026-01-01");
    question =
        (struct kf_ssb_question){.kind = KF_SSB_CHANGES, .from = "2019-01-01", .to = "2020-01-02"};
    assert_address(&question, 0,
                   "https://data.example/klass/classifications/131/"
                   "changes.json?from=2019-01-01&to=2020-01-02");
}

static void the_search_is_encoded_and_goes_to_the_end_of_the_last_day(void **state)
{
    (void)state;
    struct kf_ssb_question question = {
        .kind = KF_SSB_TABLES, .from = "2026-02-27", .to = "2026-02-28"};
    assert_address(&question, 1,
                   "https://data.example/v2/tables?query=updated%3A%5B20260227%20TO%2020260301%5D"
                   "&pageNumber=2&pageSize=500&lang=no");
}

static void the_body_names_every_code_of_the_page(void **state)
{
    (void)state;
    const char *const regions[] = {"0301", "4601", "a\"b", "5001"};
    const char *const years[] = {"2024"};
    struct kf_ssb_selection selections[] = {{"KOKkommuneregion0000", regions, 4},
                                            {"Tid", years, 1}};
    struct kf_ssb_question question = {
        .kind = KF_SSB_DATA, .selections = selections, .selections_len = 2};
    struct kf_ssb_page_cut cut = {.first = {1, 0}, .count = {2, 1}};
    struct kf_text body;
    kf_text_init(&body, 4096);
    kf_text_add(&body, "what was before");
    kf_ssb_body(&question, &cut, &body);
    assert_string_equal(body.bytes, "{\"selection\":[{\"variableCode\":\"KOKkommuneregion0000\","
                                    "\"valueCodes\":[\"4601\",\"a\\\"b\"]},"
                                    "{\"variableCode\":\"Tid\",\"valueCodes\":[\"2024\"]}]}");
    kf_text_clear(&body);
}

static void assert_refused(struct kf_ssb_question question)
{
    struct kf_error err;
    assert_int_equal(kf_ssb_address_check(&question, &err), KF_ERR_CONFIG);
}

static void what_is_no_table_and_no_day_is_refused(void **state)
{
    (void)state;
    static const char *const TABLES[] = {NULL,     "",          "07459/../config",
                                         "07 459", "07459?x=1", "0745974597459745974597459"};
    static const char *const DAYS[] = {
        NULL, "", "20260101", "2026-02-30", "2026-01-01T00:00:00Z", "2026-01-0a"};
    for (size_t i = 0; i < sizeof TABLES / sizeof TABLES[0]; i++) {
        assert_refused((struct kf_ssb_question){.kind = KF_SSB_DATA, .table = TABLES[i]});
    }
    for (size_t i = 0; i < sizeof DAYS / sizeof DAYS[0]; i++) {
        assert_refused((struct kf_ssb_question){.kind = KF_SSB_CODES, .from = DAYS[i]});
        assert_refused(
            (struct kf_ssb_question){.kind = KF_SSB_TABLES, .from = "2026-01-01", .to = DAYS[i]});
    }
    assert_refused((struct kf_ssb_question){.table = "07459"});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_question_has_its_address),
        cmocka_unit_test(the_search_is_encoded_and_goes_to_the_end_of_the_last_day),
        cmocka_unit_test(the_body_names_every_code_of_the_page),
        cmocka_unit_test(what_is_no_table_and_no_day_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
