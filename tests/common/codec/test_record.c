#include <math.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/codec/record.h"
#include "tests/golden_bytes/golden_unit_costs.h"
#include "tests/support/cmocka.h"

#define HEAD "{\"release\":\"" GOLDEN_RELEASE "\",\"edition\":\"prove-2010\",\"year\":2010,"

struct fixture {
    struct kf_panel *panel;
    struct kf_text text;
    struct kf_error err;
};

static int open_fixture(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.panel = golden_panel()};
    kf_text_init(&fixture.text, 64 * 1024);
    *state = &fixture;
    return 0;
}

static int close_fixture(void **state)
{
    struct fixture *fixture = *state;
    kf_text_clear(&fixture->text);
    kf_panel_destroy(&fixture->panel);
    return 0;
}

static enum kf_err print_row(struct fixture *fixture, const struct kf_row *row)
{
    return kf_record_row(GOLDEN_RELEASE, fixture->panel, row, KF_ENCODING_JSON, &fixture->text,
                         &fixture->err);
}

static void rows_are_json_with_a_field_for_each_measure(void **state)
{
    struct fixture *fixture = *state;
    static const char *const expected[GOLDEN_ROWS] = {
        HEAD "\"municipality\":\"0301\",\"sector\":\"grunnskole\",\"needIndex\":1.0625,"
             "\"needPopulation\":636682.5}",
        HEAD "\"municipality\":\"0301\",\"sector\":\"grunnskole\",\"indicator\":\"plasser\","
             "\"flags\":[\"missing\",\"imputed\",\"incomplete\"],\"normalized\":98.5,"
             "\"contribution\":36.9375}",
        HEAD "\"municipality\":\"0301\",\"sector\":\"grunnskole\",\"index\":100.25,"
             "\"indexWithoutImputed\":99.75,\"rank\":1,\"contribution\":0}",
        HEAD "\"municipality\":\"0301\",\"sector\":\"grunnskole\",\"flags\":[\"inferred\"],"
             "\"expenditureIndex\":1e-07,\"efficiency\":1e+21,\"efficiencyPercent\":-0.5,"
             "\"productionChangePercent\":0.3333333333333333,"
             "\"expenditureChangePercent\":2.5,\"efficiencyChangePercent\":-100}",
        HEAD "\"sector\":\"grunnskole\",\"indicator\":\"plasser\",\"minimum\":90,"
             "\"maximum\":110,\"meanWeighted\":100,\"sdWeighted\":4.5,\"sdUnweighted\":4.25}",
        HEAD "\"municipality\":\"0301\",\"sector\":\"grunnskole\",\"indicator\":\"timer_per_elev\","
             "\"raw\":41.5,\"corrected\":40.25}",
        HEAD "\"municipality\":\"0301\",\"sector\":\"grunnskole\",\"needChangePercent\":0.75,"
             "\"productionPerCapitaChangePercent\":1.5,\"productionBeyondNeedPercent\":0.625}",
        HEAD "\"sector\":\"grunnskole\",\"deflatorPercent\":3.25,"
             "\"productionChangeMeanAbsolute\":1.25,\"expenditureChangeMeanAbsolute\":0,"
             "\"efficiencyChangeMeanAbsolute\":2.5}",
        HEAD "\"sector\":\"grunnskole\",\"indicator\":\"plasser\",\"weight\":0.2647}",
        HEAD "\"sector\":\"grunnskole\",\"indicator\":\"utdanning\",\"coefficient\":-0.125,"
             "\"standardError\":0.0625,\"tValue\":-2,\"pValue\":0.046,\"stars\":2}",
        HEAD "\"sector\":\"grunnskole\",\"observations\":428,\"rSquared\":0.166,"
             "\"conditionNumber\":1024.5}",
        HEAD "\"municipality\":\"0301\",\"sector\":\"grunnskole\",\"flags\":[\"published\"],"
             "\"needIndex\":1.125,\"publishedNeedIndex\":1.125,\"needKrPerCapita\":14250.5}",
        HEAD "\"municipality\":\"0301\",\"sector\":\"grunnskole\",\"flags\":[\"inferred\"],"
             "\"netExpenditureKrPerCapita\":15000,\"adjustedExpenditureKrPerCapita\":14900.5,"
             "\"needAdjustedExpenditureKrPerCapita\":13244.75,\"deviationKrPerCapita\":-650.25,"
             "\"deviationPercent\":-8.4,\"deviationMillionKr\":183.5,"
             "\"deviationChangeKrPerCapita\":12.5,\"incomeAdjustedKrPerCapita\":-0.125}",
        HEAD "\"municipality\":\"0301\",\"sector\":\"grunnskole\",\"indicator\":\"pensjon\","
             "\"adjustmentKrPerCapita\":-99.5}",
        HEAD "\"sector\":\"grunnskole\",\"flags\":[\"inferred\"],\"incomeShare\":0.9375}",
        HEAD "\"municipality\":\"0301\",\"sector\":\"grunnskole\",\"flags\":[\"projected\"],"
             "\"population\":636682.5,\"populationIndex\":1.0625,"
             "\"populationIndexOthers\":1.03125,\"populationGrowthPercent\":3.3,"
             "\"populationGrowthPersons\":-40,\"costMillionKr\":12.5,\"costKrPerCapita\":19.5,"
             "\"costSinceBaseMillionKr\":100,\"needIndex\":1.015625,\"careNeedIndex\":104.25,"
             "\"projectionErrorPercent\":-0.75,\"costErrorMillionKr\":0}",
        HEAD "\"sector\":\"grunnskole\",\"indicator\":\"90+\",\"rateKr\":402700}",
        HEAD "\"sector\":\"grunnskole\",\"rSquared\":0.875,\"correlation\":0.96875,"
             "\"meanAbsoluteDifference\":0.0078125}",
    };
    for (size_t i = 0; i < GOLDEN_ROWS; i++) {
        kf_text_reset(&fixture->text);
        assert_int_equal(print_row(fixture, &golden_rows[i].row), KF_OK);
        assert_string_equal(fixture->text.bytes, expected[i]);
    }
}

static void rows_of_unit_costs_are_json_with_a_field_for_each_measure(void **state)
{
    struct fixture *fixture = *state;
    static const char *const expected[GOLDEN_UNIT_COST_ROWS] = {
        HEAD "\"municipality\":\"0301\",\"sector\":\"hjemmetjenester\",\"indicator\":\"HTAMDK\","
             "\"flags\":[\"preliminary\"],\"quantity\":36500.5,\"unitCostKr\":812.5,"
             "\"unitCostOthersKr\":640.25,\"deviationKr\":-153.5,"
             "\"calculatedGrantMillionKr\":24.0625}",
        HEAD "\"municipality\":\"0301\",\"sector\":\"services\",\"flags\":[\"incomplete\"],"
             "\"netExpenditureMillionKr\":131.5,\"grantMillionKr\":130.25,"
             "\"calculatedGrantMillionKr\":129.75,\"gainMillionKr\":-1.25,"
             "\"gainWithoutPreliminaryMillionKr\":0.5,\"publishedGainMillionKr\":-1.3,"
             "\"gainPercent\":-0.9596928982725528,\"ratio\":1.0095969289827256}",
        HEAD "\"sector\":\"services\",\"indicator\":\"HTAMDK\",\"rateKr\":659,"
             "\"unitCostKr\":701.125}",
        HEAD "\"municipality\":\"0301\",\"sector\":\"grants\",\"grantMillionKr\":152.5,"
             "\"publishedGrantMillionKr\":153,\"deductionMillionKr\":150.25,"
             "\"gainMillionKr\":2.25}",
        HEAD "\"municipality\":\"0301\",\"sector\":\"resource_intensive\",\"flags\":[\"inferred\"],"
             "\"netExpenditureMillionKr\":31.125,\"gainMillionKr\":-1.125,"
             "\"publishedGainMillionKr\":-1.2,\"users\":12,\"netAboveThresholdMillionKr\":16.305,"
             "\"ownShareThresholdMillionKr\":14.82,\"ownShareAboveMillionKr\":3.261,"
             "\"ownShareMillionKr\":18.081,\"refundMillionKr\":13.044}",
        HEAD "\"municipality\":\"0301\",\"sector\":\"institution\",\"institutionShare\":0.4375,"
             "\"institutionPlaces\":62.5}",
        HEAD "\"municipality\":\"0301\",\"sector\":\"user_time\",\"indicator\":\"ambulerende\","
             "\"userTimeShare\":0.5625,\"userTimeBeyondNormPercent\":-6.25}",
        HEAD "\"sector\":\"user_time\",\"indicator\":\"ambulerende\",\"userTimeNorm\":0.625}",
        HEAD "\"municipality\":\"0301\",\"sector\":\"growth\",\"indicator\":\"arlig\","
             "\"grossGrowthPercent\":4.25,\"demographicGrowthPercent\":1.75,"
             "\"realGrowthPercent\":2.5}",
    };
    for (size_t i = 0; i < GOLDEN_UNIT_COST_ROWS; i++) {
        kf_text_reset(&fixture->text);
        assert_int_equal(print_row(fixture, &golden_unit_cost_rows[i].row), KF_OK);
        assert_string_equal(fixture->text.bytes, expected[i]);
    }
}

static bool is_in_a_golden_row(const char *measure)
{
    for (size_t i = 0; i < GOLDEN_UNIT_COST_ROWS; i++) {
        const struct kf_row *row = &golden_unit_cost_rows[i].row;
        for (size_t c = 0; c < row->cells_len; c++) {
            if (strcmp(row->cells[c].measure, measure) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* So JSON above and the golden bytes cover the topic; a new measure must be added to them. */
static void every_measure_of_unit_costs_is_among_the_rows(void **state)
{
    (void)state;
    size_t count = 0;
    size_t ours = 0;
    const struct kf_measure *measures = kf_measures(&count);
    for (size_t i = 0; i < count; i++) {
        if (measures[i].topic == KF_TOPIC_UNIT_COST) {
            ours++;
            if (!is_in_a_golden_row(measures[i].name)) {
                fail_msg("no golden row holds %s", measures[i].name);
            }
        }
    }
    assert_int_equal(ours, 29);
}

static void a_unit_cost_that_is_missing_leaves_its_flag_and_no_value(void **state)
{
    struct fixture *fixture = *state;
    const struct kf_row row = {
        .topic = KF_TOPIC_UNIT_COST,
        .municipality = "0301",
        .sector = "hjemmetjenester",
        .indicator = "HTAMDK",
        .cells = {{"quantity", "hours", 0, 0},
                  {"unit_cost_kr", "kr/hours", 0, KF_CELL_MISSING},
                  {"deviation_kr", "kr/hours", 0, KF_CELL_MISSING | KF_CELL_PRELIMINARY},
                  {"calculated_grant_million_kr", "million kr", 0, 0}},
        .cells_len = 4,
    };
    assert_int_equal(print_row(fixture, &row), KF_OK);
    assert_string_equal(fixture->text.bytes,
                        HEAD "\"municipality\":\"0301\",\"sector\":\"hjemmetjenester\","
                             "\"indicator\":\"HTAMDK\",\"flags\":[\"missing\",\"preliminary\"],"
                             "\"quantity\":0,\"calculatedGrantMillionKr\":0}");
}

static void flags_are_the_union_of_the_cells_in_one_order(void **state)
{
    struct fixture *fixture = *state;
    const struct kf_row row = {
        .topic = KF_TOPIC_INDEX,
        .municipality = "0301",
        .sector = "total",
        .indicator = "",
        .cells = {{"contribution", "", 1, KF_CELL_INCOMPLETE | KF_CELL_PRELIMINARY},
                  {"rank", "", 0, KF_CELL_CONFIDENTIAL},
                  {"index", "", 0, KF_CELL_MISSING | KF_CELL_INFERRED},
                  {"index_without_imputed", "", 0, KF_CELL_NOT_APPLICABLE | KF_CELL_IMPUTED}},
        .cells_len = 4,
    };
    assert_int_equal(print_row(fixture, &row), KF_OK);
    assert_string_equal(fixture->text.bytes,
                        HEAD "\"municipality\":\"0301\",\"sector\":\"total\",\"flags\":["
                             "\"missing\",\"not_applicable\",\"suppressed\",\"imputed\","
                             "\"preliminary\",\"inferred\",\"incomplete\"],\"contribution\":1}");
}

static void every_flag_a_cell_can_have_is_told(void **state)
{
    struct fixture *fixture = *state;
    const struct kf_row row = {
        .topic = KF_TOPIC_DEMOGRAPHY,
        .municipality = "0301",
        .sector = "total",
        .indicator = "",
        .cells = {{"population", "", 1, 0xfc},
                  {"cost_million_kr", "", 0, KF_CELL_MISSING},
                  {"need_index", "", 0, KF_CELL_CONFIDENTIAL | KF_CELL_PUBLISHED},
                  {"care_need_index", "", 0, KF_CELL_NOT_APPLICABLE}},
        .cells_len = 4,
    };
    assert_int_equal(print_row(fixture, &row), KF_OK);
    assert_string_equal(fixture->text.bytes,
                        HEAD "\"municipality\":\"0301\",\"sector\":\"total\",\"flags\":["
                             "\"missing\",\"not_applicable\",\"suppressed\",\"projected\","
                             "\"published\",\"imputed\",\"preliminary\",\"inferred\","
                             "\"incomplete\"],\"population\":1}");
}

static void a_measure_that_the_record_lacks_is_our_mistake(void **state)
{
    struct fixture *fixture = *state;
    struct kf_row row = {.topic = KF_TOPIC_NEED,
                         .municipality = "0301",
                         .sector = "total",
                         .indicator = "",
                         .cells = {{"rank", "rank", 1, 0}},
                         .cells_len = 1};
    assert_int_equal(print_row(fixture, &row), KF_ERR_INTERNAL);
    assert_non_null(strstr(fixture->err.text, "rank"));
    row.cells[0].measure = "sector"; /* a field, but no measure */
    assert_int_equal(print_row(fixture, &row), KF_ERR_INTERNAL);
    row.topic = KF_TOPIC_UNIT_COST;
    row.cells[0].measure = "indicator";
    assert_int_equal(print_row(fixture, &row), KF_ERR_INTERNAL);
    row.topic = KF_TOPIC_NONE;
    assert_int_equal(print_row(fixture, &row), KF_ERR_INTERNAL);
    row.topic = KF_TOPICS;
    assert_int_equal(print_row(fixture, &row), KF_ERR_INTERNAL);
    row.topic = KF_TOPIC_NEED;
    row.cells_len = KF_ROW_MEASURES_MAX + 1;
    assert_int_equal(print_row(fixture, &row), KF_ERR_INTERNAL);
    assert_int_equal(fixture->text.length, 0);
}

static void values_that_are_not_finite_or_given_twice_are_refused(void **state)
{
    struct fixture *fixture = *state;
    struct kf_row row = {.topic = KF_TOPIC_INDEX,
                         .municipality = "0301",
                         .sector = "total",
                         .indicator = "",
                         .cells = {{"index", "", NAN, 0}, {"index", "", 1, 0}},
                         .cells_len = 1};
    assert_int_equal(print_row(fixture, &row), KF_ERR_DATA);
    assert_int_equal(kf_record_row("r", fixture->panel, &row, KF_ENCODING_PROTOBUF, &fixture->text,
                                   &fixture->err),
                     KF_ERR_DATA);
    row.cells[0].value = 1;
    row.cells_len = 2;
    assert_int_equal(print_row(fixture, &row), KF_ERR_DATA);
    row.cells_len = 1;
    assert_int_equal(print_row(fixture, &row), KF_OK);
}

static void a_missing_value_is_absent_whatever_stands_in_its_place(void **state)
{
    struct fixture *fixture = *state;
    const struct kf_row row = {.topic = KF_TOPIC_INDEX,
                               .municipality = "0301",
                               .sector = "total",
                               .indicator = "",
                               .cells = {{"index", "", NAN, KF_CELL_MISSING}},
                               .cells_len = 1};
    assert_int_equal(print_row(fixture, &row), KF_OK);
    assert_string_equal(fixture->text.bytes, HEAD "\"municipality\":\"0301\",\"sector\":\"total\","
                                                  "\"flags\":[\"missing\"]}");
}

static void keys_leave_out_what_is_empty(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *municipality;
        const char *indicator;
        const char *key;
    } cases[] = {
        {"0301", "plasser", "prove-2010/2010/0301/skole/plasser"},
        {"0301", "", "prove-2010/2010/0301/skole"},
        {"", "plasser", "prove-2010/2010/skole/plasser"},
        {"", "", "prove-2010/2010/skole"},
        {"0301", "HTAMDK", "prove-2010/2010/0301/skole/HTAMDK"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct kf_row row = {.municipality = cases[i].municipality,
                                   .sector = "skole",
                                   .indicator = cases[i].indicator};
        kf_text_reset(&fixture->text);
        kf_record_row_key(fixture->panel, &row, &fixture->text);
        assert_string_equal(fixture->text.bytes, cases[i].key);
    }
}

static void every_measure_has_a_field(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(kf_record_check_measures(&fixture->err), KF_OK);
}

#define SOURCES                                                                                    \
    "\"sources\":[{\"name\":\"barn.csv\",\"digest\":\"0123456789abcdef0123456789abcdef\","         \
    "\"bytes\":\"20480\",\"updated\":\"2026-03-15T07:00:00Z\"},{\"name\":\"skole.csv\","           \
    "\"digest\":\"fedcba9876543210fedcba9876543210\",\"bytes\":\"5000000000\"}]"

static void a_manifest_is_json(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(
        kf_record_manifest(&golden_manifest, KF_ENCODING_JSON, &fixture->text, &fixture->err),
        KF_OK);
    assert_string_equal(
        fixture->text.bytes,
        "{\"release\":\"" GOLDEN_RELEASE "\",\"state\":\"RELEASE_STATE_COMMITTED\","
        "\"vintage\":\"revised\",\"program\":\"kostraflow 0.1.0\",\"panels\":["
        "{\"edition\":\"prove-2010\",\"editionDigest\":\"ffeeddccbbaa99887766554433221100\","
        "\"year\":2010,\"municipalities\":3},"
        "{\"edition\":\"prove-2010\",\"editionDigest\":\"ffeeddccbbaa99887766554433221100\","
        "\"year\":2011,\"municipalities\":3,\"rejected\":true}],"
        "\"topics\":[{\"topic\":\"kostra.index.v1\",\"rows\":\"42\","
        "\"digest\":\"0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f\"}]," SOURCES
        ",\"previousRelease\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}");
}

static void a_dead_letter_is_json(void **state)
{
    struct fixture *fixture = *state;
    struct kf_envelope *envelope = golden_envelope_rejection();
    assert_int_equal(kf_record_rejected(&envelope->release, 2, envelope->rejection,
                                        KF_ENCODING_JSON, &fixture->text, &fixture->err),
                     KF_OK);
    assert_string_equal(
        fixture->text.bytes,
        "{\"release\":\"" GOLDEN_RELEASE "\",\"panel\":2,\"rejection\":{\"stage\":\"normalize\","
        "\"reason\":\"2 cells cannot be computed\",\"edition\":\"prove-2010\",\"year\":2010,"
        "\"findings\":[{\"file\":\"barn.csv\",\"line\":\"17\",\"municipality\":\"0301\","
        "\"variable\":\"plasser\",\"cell\":\"-5\",\"problem\":\"is below 0\","
        "\"remedy\":\"correct the figure\"},{\"problem\":\"the mean is 0\","
        "\"remedy\":\"leave the indicator out\"}],\"findingsLeftOut\":\"3\"}," SOURCES "}");
    kf_envelope_destroy(&envelope);
}

static void a_dead_letter_can_tell_of_a_file_that_is_not_utf8(void **state)
{
    struct fixture *fixture = *state;
    struct kf_envelope *envelope = golden_envelope_panel();
    assert_int_equal(kf_envelope_reject(envelope, "ingest", "b\xe5t.csv is Latin-1", NULL, NULL),
                     KF_OK);
    assert_int_equal(kf_record_rejected(&envelope->release, 0, envelope->rejection,
                                        KF_ENCODING_JSON, &fixture->text, &fixture->err),
                     KF_OK);
    assert_non_null(strstr(fixture->text.bytes, "\"reason\":\"b?t.csv is Latin-1\""));
    kf_envelope_destroy(&envelope);
}

static void encodings_have_content_types(void **state)
{
    (void)state;
    assert_string_equal(kf_encoding_content_type(KF_ENCODING_JSON), "application/json");
    assert_string_equal(kf_encoding_content_type(KF_ENCODING_PROTOBUF), "application/protobuf");
}

static enum kf_err everything(const struct fixture *fixture, const struct kf_envelope *envelope,
                              enum kf_encoding encoding)
{
    struct kf_text text;
    kf_text_init(&text, 64 * 1024);
    enum kf_err code =
        kf_record_row(GOLDEN_RELEASE, fixture->panel, &golden_rows[1].row, encoding, &text, NULL);
    if (!code) {
        code = kf_record_manifest(&golden_manifest, encoding, &text, NULL);
    }
    if (!code) {
        code =
            kf_record_rejected(&envelope->release, 0, envelope->rejection, encoding, &text, NULL);
    }
    kf_text_clear(&text);
    return code;
}

static void every_failing_allocation_is_told_and_leaks_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct kf_envelope *envelope = golden_envelope_rejection();
    const enum kf_encoding encodings[] = {KF_ENCODING_JSON, KF_ENCODING_PROTOBUF};
    for (size_t i = 0; i < 2; i++) {
        enum kf_err code = KF_ERR_MEMORY;
        for (int64_t n = 0; code != KF_OK; n++) {
            kf_memory_fail_after(n);
            code = everything(fixture, envelope, encodings[i]);
            kf_memory_fail_after(-1);
            assert_true(code == KF_OK ? n > 4 : code == KF_ERR_MEMORY);
        }
    }
    kf_envelope_destroy(&envelope);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(rows_are_json_with_a_field_for_each_measure),
        TEST(rows_of_unit_costs_are_json_with_a_field_for_each_measure),
        TEST(every_measure_of_unit_costs_is_among_the_rows),
        TEST(a_unit_cost_that_is_missing_leaves_its_flag_and_no_value),
        TEST(flags_are_the_union_of_the_cells_in_one_order),
        TEST(every_flag_a_cell_can_have_is_told),
        TEST(a_measure_that_the_record_lacks_is_our_mistake),
        TEST(values_that_are_not_finite_or_given_twice_are_refused),
        TEST(a_missing_value_is_absent_whatever_stands_in_its_place),
        TEST(keys_leave_out_what_is_empty),
        TEST(every_measure_has_a_field),
        TEST(a_manifest_is_json),
        TEST(a_dead_letter_is_json),
        TEST(a_dead_letter_can_tell_of_a_file_that_is_not_utf8),
        TEST(encodings_have_content_types),
        TEST(every_failing_allocation_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
