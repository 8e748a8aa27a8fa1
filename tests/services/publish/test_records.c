#include "services/publish/records.h"

#include <stdio.h>
#include <string.h>
#include <xxhash.h>

#include "common/base/memory.h"
#include "tests/services/publish/release_fixture.h"
#include "tests/support/cmocka.h"
#include "tests/support/panel_fixture.h"

#define KEPT_MAX 32

__extension__ typedef unsigned __int128 uint128;

/* What was emitted, copied. */
struct kept {
    size_t topic;
    uint32_t panel;
    char key[256];
    char value[4096];
    size_t value_length;
    struct {
        char name[64];
        char value[256];
    } headers[KF_EVENT_HEADERS_MAX];
    size_t headers_len;
};

static struct kept kept[KEPT_MAX];
static size_t kept_len;
static size_t refuse_at; /* the emit with this number fails */
static struct kf_topic_set topics;
static struct kf_error err;

static enum kf_err keep(void *context, const struct kf_record *record, struct kf_error *error)
{
    (void)context;
    if (kept_len == refuse_at) {
        return kf_error_set(error, KF_ERR_PEER, "enough");
    }
    assert_true(kept_len < KEPT_MAX);
    struct kept *to = &kept[kept_len++];
    to->topic = record->topic;
    to->panel = record->panel;
    (void)snprintf(to->key, sizeof to->key, "%.*s", (int)record->key_length, record->key);
    assert_true(record->value_length < sizeof to->value);
    memcpy(to->value, record->value, record->value_length);
    to->value[record->value_length] = '\0';
    to->value_length = record->value_length;
    to->headers_len = record->headers_len;
    for (size_t i = 0; i < record->headers_len; i++) {
        (void)snprintf(to->headers[i].name, sizeof to->headers[i].name, "%s",
                       record->headers[i].name);
        (void)snprintf(to->headers[i].value, sizeof to->headers[i].value, "%.*s",
                       (int)record->headers[i].length, record->headers[i].value);
    }
    return KF_OK;
}

static int setup(void **state)
{
    (void)state;
    kept_len = 0;
    refuse_at = SIZE_MAX;
    return kf_topic_set_init(&topics, "t", &err) == KF_OK ? 0 : -1;
}

static enum kf_err walk_as(const struct kf_collected *release, enum kf_encoding encoding,
                           struct kf_records_totals *totals, struct kf_records_fault *fault)
{
    const struct kf_records_options options = {
        .topics = &topics, .encoding = encoding, .previous_release = RELEASE_B, .emit = keep};

    return kf_records_walk(release, &options, totals, fault, &err);
}

static enum kf_err walk(const struct kf_collected *release, struct kf_records_totals *totals,
                        struct kf_records_fault *fault)
{
    return walk_as(release, KF_ENCODING_JSON, totals, fault);
}

static void assert_record(size_t index, size_t topic, const char *key, const char *value)
{
    assert_int_equal(kept[index].topic, topic);
    assert_string_equal(kept[index].key, key);
    assert_string_equal(kept[index].value, value);
}

static const char *header(size_t index, const char *name)
{
    for (size_t i = 0; i < kept[index].headers_len; i++) {
        if (strcmp(kept[index].headers[i].name, name) == 0) {
            return kept[index].headers[i].value;
        }
    }
    return NULL;
}

static void rows_come_first_and_the_manifest_last(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 1);
    struct kf_records_totals totals;
    struct kf_records_fault fault;

    (void)state;
    assert_int_equal(walk(release, &totals, &fault), KF_OK);
    assert_false(fault.found);
    assert_int_equal(kept_len, 4);
    assert_record(0, KF_TOPIC_INDEX, "fixture/2000/0001/barnehage",
                  "{\"release\":\"" RELEASE_A "\",\"edition\":\"fixture\",\"year\":2000,"
                  "\"municipality\":\"0001\",\"sector\":\"barnehage\",\"index\":100.5}");
    assert_record(1, KF_TOPIC_INDEX, "fixture/2000/0002/barnehage",
                  "{\"release\":\"" RELEASE_A "\",\"edition\":\"fixture\",\"year\":2000,"
                  "\"municipality\":\"0002\",\"sector\":\"barnehage\","
                  "\"flags\":[\"incomplete\"],\"index\":99.5}");
    assert_record(2, KF_TOPIC_STATISTICS, "fixture/2000/barnehage",
                  "{\"release\":\"" RELEASE_A "\",\"edition\":\"fixture\",\"year\":2000,"
                  "\"sector\":\"barnehage\",\"minimum\":99.5,\"maximum\":100.5}");
    assert_int_equal(kept[3].topic, KF_TOPIC_RELEASE);
    assert_string_equal(kept[3].key, RELEASE_A);
    assert_int_equal(totals.state, KF_RELEASE_COMMITTED);
    assert_int_equal(totals.rows, 3);
    assert_int_equal(totals.rows_by_topic[KF_TOPIC_INDEX], 2);
    assert_int_equal(totals.rows_by_topic[KF_TOPIC_STATISTICS], 1);
    assert_int_equal(totals.rows_by_topic[KF_TOPIC_RELEASE], 1);
    assert_int_equal(totals.panels_rejected, 0);
    kf_collected_destroy(&release);
}

static void every_record_says_whose_it_is_in_its_headers(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 1);
    struct kf_records_totals totals;
    struct kf_records_fault fault;

    (void)state;
    walk(release, &totals, &fault);
    assert_int_equal(kept[0].headers_len, 8);
    assert_string_equal(header(0, "ce_type"), "no.kostraflow.index.v1");
    assert_string_equal(header(0, "ce_source"), "/kostraflow/fixture");
    assert_string_equal(header(0, "ce_id"), RELEASE_A "/index/fixture/2000/0001/barnehage");
    assert_string_equal(header(2, "ce_type"), "no.kostraflow.statistics.v1");
    assert_string_equal(header(3, "ce_source"), "/kostraflow");
    assert_string_equal(header(3, "kf-state"), "committed");
    assert_string_equal(header(3, "kf-rows"), "3");
    assert_string_equal(header(3, "kf-panels-rejected"), "0");
    assert_string_equal(header(3, "kf-panels"), "fixture/2000");
    kf_collected_destroy(&release);
}

/* The digest as the contract states it, by the library itself. */
static void add_sized(XXH3_state_t *digest, const void *bytes, size_t length)
{
    unsigned char size[8];

    for (unsigned i = 0; i < sizeof size; i++) {
        size[i] = (unsigned char)(((uint64_t)length >> (8 * i)) & 0xff);
    }
    XXH3_128bits_update(digest, size, sizeof size);
    XXH3_128bits_update(digest, bytes, length);
}

/* The sum of the rows' digests, last row first: the order is nothing to it. */
static void digest_of_topic(size_t topic, char hex[33])
{
    XXH3_state_t *digest = XXH3_createState();
    uint128 sum = 0;

    for (size_t i = kept_len; i-- > 0;) {
        if (kept[i].topic == topic) {
            XXH3_128bits_reset(digest);
            add_sized(digest, kept[i].key, strlen(kept[i].key));
            add_sized(digest, kept[i].value, kept[i].value_length);
            XXH128_hash_t hash = XXH3_128bits_digest(digest);
            sum += (uint128)hash.high64 << 64 | hash.low64;
        }
    }
    (void)snprintf(hex, 33, "%016llx%016llx", (unsigned long long)(sum >> 64),
                   (unsigned long long)sum);
    XXH3_freeState(digest);
}

static void the_manifest_counts_and_digests_what_was_written(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 2);
    struct kf_records_totals totals;
    struct kf_records_fault fault;
    char index[33];
    char statistics[33];
    char rejected[33];
    char expected[4096];

    (void)state;
    fixture_replace(release, 1, fixture_rejected(RELEASE_A, 1, 2));
    assert_int_equal(walk(release, &totals, &fault), KF_OK);
    digest_of_topic(KF_TOPIC_INDEX, index);
    digest_of_topic(KF_TOPIC_STATISTICS, statistics);
    digest_of_topic(KF_TOPIC_REJECTED, rejected);
    (void)snprintf(
        expected, sizeof expected,
        "{\"release\":\"" RELEASE_A "\",\"state\":\"RELEASE_STATE_COMMITTED\","
        "\"vintage\":\"revised\",\"program\":\"0.1.0\",\"panels\":["
        "{\"edition\":\"fixture\",\"editionDigest\":\"00000000000000000000000000000000\","
        "\"year\":2000,\"municipalities\":2,\"topics\":["
        "{\"topic\":\"t.index.v1\",\"rows\":\"2\",\"digest\":\"%s\"},"
        "{\"topic\":\"t.statistics.v1\",\"rows\":\"1\",\"digest\":\"%s\"}]},"
        "{\"edition\":\"fixture\",\"year\":2001,\"rejected\":true}],\"topics\":["
        "{\"topic\":\"t.index.v1\",\"rows\":\"2\",\"digest\":\"%s\"},"
        "{\"topic\":\"t.statistics.v1\",\"rows\":\"1\",\"digest\":\"%s\"},"
        "{\"topic\":\"t.rejected.v1\",\"rows\":\"1\",\"digest\":\"%s\"}],"
        "\"sources\":[{\"name\":\"tall.csv\",\"digest\":\"" RELEASE_C "\",\"bytes\":\"42\"}],"
        "\"previousRelease\":\"" RELEASE_B "\"}",
        index, statistics, index, statistics, rejected);
    assert_record(kept_len - 1, KF_TOPIC_RELEASE, RELEASE_A, expected);
    kf_collected_destroy(&release);
}

static void a_rejected_panel_becomes_a_dead_letter_before_the_manifest(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 2);
    struct kf_records_totals totals;
    struct kf_records_fault fault;

    (void)state;
    fixture_replace(release, 0, fixture_rejected(RELEASE_A, 0, 2));
    assert_int_equal(walk(release, &totals, &fault), KF_OK);
    assert_int_equal(kept_len, 5);
    assert_string_equal(kept[0].key, "fixture/2001/0001/barnehage");
    assert_int_equal(kept[0].panel, 1);
    assert_int_equal(kept[3].panel, 0);
    assert_int_equal(kept[4].panel, KF_RECORD_NO_PANEL);
    assert_record(3, KF_TOPIC_REJECTED, RELEASE_A "/0",
                  "{\"release\":\"" RELEASE_A "\",\"rejection\":{\"stage\":\"need\","
                  "\"reason\":\"weights do not close\",\"edition\":\"fixture\",\"year\":2000},"
                  "\"sources\":[{\"name\":\"tall.csv\",\"digest\":\"" RELEASE_C
                  "\",\"bytes\":\"42\"}]}");
    assert_int_equal(totals.state, KF_RELEASE_COMMITTED);
    assert_int_equal(totals.panels_rejected, 1);
    assert_int_equal(totals.rows, 3);
    assert_string_equal(header(4, "kf-panels"), "fixture/2001");
    assert_string_equal(header(4, "kf-panels-rejected"), "1");
    kf_collected_destroy(&release);
}

static void a_release_of_nothing_but_rejections_says_so_and_carries_no_rows(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 1);
    struct kf_records_totals totals;
    struct kf_records_fault fault;

    (void)state;
    fixture_replace(release, 0, fixture_rejected(RELEASE_A, 0, 1));
    assert_int_equal(walk(release, &totals, &fault), KF_OK);
    assert_int_equal(kept_len, 2);
    assert_int_equal(totals.state, KF_RELEASE_REJECTED);
    assert_int_equal(totals.rows, 0);
    assert_non_null(strstr(kept[1].value, "\"state\":\"RELEASE_STATE_REJECTED\""));
    assert_string_equal(header(1, "kf-state"), "rejected");
    assert_string_equal(header(1, "kf-panels"), "");
    kf_collected_destroy(&release);
}

static void add_group_result(struct kf_panel *panel, enum kf_topic topic, const char *sector,
                             const char *indicator, const char *measure)
{
    const struct kf_result_key key = {topic, sector, indicator, measure, NULL, true};
    struct kf_result *result = NULL;

    assert_int_equal(kf_panel_append(panel, &key, &result, &err), KF_OK);
    result->values[0] = 2.5;
}

static void the_groups_rows_are_keyed_without_a_municipality_on_every_topic(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 1);
    struct kf_panel *panel = release->panels[0]->panel;
    struct kf_records_totals totals;
    struct kf_records_fault fault;

    (void)state;
    add_group_result(panel, KF_TOPIC_EFFICIENCY, "total", "", "efficiency_change_mean_absolute");
    add_group_result(panel, KF_TOPIC_EFFICIENCY, "barnehage", "", "deflator_percent");
    add_group_result(panel, KF_TOPIC_STATISTICS, "skole", "constant", "coefficient");
    add_group_result(panel, KF_TOPIC_STATISTICS, "skole", "", "observations");
    assert_int_equal(walk(release, &totals, &fault), KF_OK);
    assert_int_equal(kept_len, 8);
    assert_record(2, KF_TOPIC_EFFICIENCY, "fixture/2000/barnehage",
                  "{\"release\":\"" RELEASE_A "\",\"edition\":\"fixture\",\"year\":2000,"
                  "\"sector\":\"barnehage\",\"deflatorPercent\":2.5}");
    assert_record(3, KF_TOPIC_EFFICIENCY, "fixture/2000/total",
                  "{\"release\":\"" RELEASE_A "\",\"edition\":\"fixture\",\"year\":2000,"
                  "\"sector\":\"total\",\"efficiencyChangeMeanAbsolute\":2.5}");
    assert_string_equal(kept[5].key, "fixture/2000/skole");
    assert_record(6, KF_TOPIC_STATISTICS, "fixture/2000/skole/constant",
                  "{\"release\":\"" RELEASE_A "\",\"edition\":\"fixture\",\"year\":2000,"
                  "\"sector\":\"skole\",\"indicator\":\"constant\",\"coefficient\":2.5}");
    assert_string_equal(header(2, "ce_id"), RELEASE_A "/efficiency/fixture/2000/barnehage");
    assert_int_equal(totals.rows_by_topic[KF_TOPIC_EFFICIENCY], 2);
    kf_collected_destroy(&release);
}

static void resource_use_and_demography_have_topics_of_their_own(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 1);
    struct kf_panel *panel = release->panels[0]->panel;
    struct kf_records_totals totals;
    struct kf_records_fault fault;

    (void)state;
    add_group_result(panel, KF_TOPIC_DEMOGRAPHY, "total", "90+", "rate_kr");
    add_group_result(panel, KF_TOPIC_RESOURCE_USE, "disposable_income", "", "income_share");
    add_group_result(panel, KF_TOPIC_RESOURCE_USE, "inside", "", "income_share");
    assert_int_equal(walk(release, &totals, &fault), KF_OK);
    assert_int_equal(kept_len, 7);
    assert_record(0, KF_TOPIC_RESOURCE_USE, "fixture/2000/inside",
                  "{\"release\":\"" RELEASE_A "\",\"edition\":\"fixture\",\"year\":2000,"
                  "\"sector\":\"inside\",\"incomeShare\":2.5}");
    assert_string_equal(kept[1].key, "fixture/2000/disposable_income");
    assert_record(2, KF_TOPIC_DEMOGRAPHY, "fixture/2000/total/90+",
                  "{\"release\":\"" RELEASE_A "\",\"edition\":\"fixture\",\"year\":2000,"
                  "\"sector\":\"total\",\"indicator\":\"90+\",\"rateKr\":2.5}");
    assert_string_equal(header(0, "ce_id"), RELEASE_A "/resource-use/fixture/2000/inside");
    assert_string_equal(header(2, "ce_id"), RELEASE_A "/demography/fixture/2000/total/90+");
    assert_int_equal(totals.rows_by_topic[KF_TOPIC_RESOURCE_USE], 2);
    assert_int_equal(totals.rows_by_topic[KF_TOPIC_DEMOGRAPHY], 1);
    assert_int_equal(totals.rows, 6);
    kf_collected_destroy(&release);
}

static void add_results(struct kf_panel *panel, const struct kf_result_key *key, double first,
                        double second, uint8_t status)
{
    struct kf_result *result = NULL;

    assert_int_equal(kf_panel_append(panel, key, &result, &err), KF_OK);
    result->values[0] = first;
    result->values[1] = second;
    result->status[1] = status;
}

static void unit_costs_have_a_topic_of_their_own_with_rows_of_the_group(void **state)
{
    static const struct kf_result_key cost = {KF_TOPIC_UNIT_COST, "hjemmetjenester", "HTAMDK",
                                              "unit_cost_kr",     "kr/hours",        false};
    static const struct kf_result_key gain = {KF_TOPIC_UNIT_COST, "services", "",
                                              "gain_million_kr",  NULL,       false};
    struct kf_collected *release = fixture_release(RELEASE_A, 1);
    struct kf_panel *panel = release->panels[0]->panel;
    struct kf_records_totals totals;
    struct kf_records_fault fault;

    (void)state;
    add_results(panel, &cost, 812.5, 0, KF_CELL_MISSING);
    add_results(panel, &gain, -1.25, 0.5, KF_CELL_PRELIMINARY);
    add_group_result(panel, KF_TOPIC_UNIT_COST, "user_time", "bolig", "user_time_norm");
    add_group_result(panel, KF_TOPIC_UNIT_COST, "services", "HTAMDK", "rate_kr");
    assert_int_equal(walk(release, &totals, &fault), KF_OK);
    assert_int_equal(kept_len, 10);
    assert_record(2, KF_TOPIC_UNIT_COST, "fixture/2000/services/HTAMDK",
                  "{\"release\":\"" RELEASE_A "\",\"edition\":\"fixture\",\"year\":2000,"
                  "\"sector\":\"services\",\"indicator\":\"HTAMDK\",\"rateKr\":2.5}");
    assert_string_equal(kept[3].key, "fixture/2000/user_time/bolig");
    assert_string_equal(kept[4].key, "fixture/2000/0001/services");
    assert_string_equal(kept[5].key, "fixture/2000/0001/hjemmetjenester/HTAMDK");
    assert_record(6, KF_TOPIC_UNIT_COST, "fixture/2000/0002/services",
                  "{\"release\":\"" RELEASE_A "\",\"edition\":\"fixture\",\"year\":2000,"
                  "\"municipality\":\"0002\",\"sector\":\"services\","
                  "\"flags\":[\"preliminary\"],\"gainMillionKr\":0.5}");
    assert_record(7, KF_TOPIC_UNIT_COST, "fixture/2000/0002/hjemmetjenester/HTAMDK",
                  "{\"release\":\"" RELEASE_A "\",\"edition\":\"fixture\",\"year\":2000,"
                  "\"municipality\":\"0002\",\"sector\":\"hjemmetjenester\","
                  "\"indicator\":\"HTAMDK\",\"flags\":[\"missing\"]}");
    assert_string_equal(header(7, "ce_type"), "no.kostraflow.unit-cost.v1");
    assert_string_equal(header(7, "ce_id"),
                        RELEASE_A "/unit-cost/fixture/2000/0002/hjemmetjenester/HTAMDK");
    assert_non_null(strstr(kept[9].value, "{\"topic\":\"t.unit-cost.v1\",\"rows\":\"6\","));
    assert_int_equal(totals.rows_by_topic[KF_TOPIC_UNIT_COST], 6);
    assert_int_equal(totals.rows, 9);
    kf_collected_destroy(&release);
}

static void other_years_of_a_panel_are_not_published(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 1);
    struct kf_panel *panel = release->panels[0]->panel;
    struct kf_records_totals totals;
    struct kf_records_fault fault;

    (void)state;
    add_group_result(fixture_previous(panel), KF_TOPIC_EFFICIENCY, "barnehage", "",
                     "deflator_percent");
    add_group_result(fixture_further(panel, 2005), KF_TOPIC_DEMOGRAPHY, "total", "90+", "rate_kr");
    assert_int_equal(walk(release, &totals, &fault), KF_OK);
    assert_int_equal(kept_len, 4);
    assert_string_equal(header(3, "kf-panels"), "fixture/2000");
    kf_collected_destroy(&release);
}

static void the_same_release_gives_the_same_bytes(void **state)
{
    static struct kept first[KEPT_MAX];
    struct kf_collected *release = fixture_release(RELEASE_A, 3);
    struct kf_collected *again = fixture_release(RELEASE_A, 3);
    struct kf_records_totals totals;
    struct kf_records_fault fault;

    (void)state;
    memset(kept, 0, sizeof kept);
    assert_int_equal(walk(release, &totals, &fault), KF_OK);
    memcpy(first, kept, sizeof first);
    memset(kept, 0, sizeof kept);
    kept_len = 0;
    assert_int_equal(walk(again, &totals, &fault), KF_OK);
    assert_int_equal(kept_len, 10);
    assert_memory_equal(first, kept, sizeof first);
    kf_collected_destroy(&release);
    kf_collected_destroy(&again);
}

static void the_other_encoding_is_shorter_and_says_what_it_is(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 1);
    struct kf_records_totals totals;
    struct kf_records_fault fault;

    (void)state;
    assert_int_equal(walk_as(release, KF_ENCODING_PROTOBUF, &totals, &fault), KF_OK);
    assert_int_equal(kept_len, 4);
    assert_string_equal(header(0, "content-type"), "application/protobuf");
    /* Field 1, a text of 32 bytes: the release. */
    assert_int_equal(kept[0].value[0], 0x0a);
    assert_int_equal(kept[0].value[1], 32);
    assert_memory_equal(kept[0].value + 2, RELEASE_A, 32);
    assert_string_equal(header(3, "kf-state"), "committed");
    kf_collected_destroy(&release);
}

static void a_panel_with_a_measure_outside_the_contract_is_told_as_the_fault(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 3);
    struct kf_records_totals totals;
    struct kf_records_fault fault;

    (void)state;
    release->panels[1]->panel->results[0].measure = "beauty";
    assert_int_equal(walk(release, &totals, &fault), KF_ERR_DATA);
    assert_true(fault.found);
    assert_int_equal(fault.index, 1);
    assert_non_null(strstr(err.text, "beauty"));
    kf_collected_destroy(&release);
}

static void a_kind_of_result_without_a_topic_is_told_as_the_fault(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 1);
    struct kf_records_totals totals;
    struct kf_records_fault fault;

    (void)state;
    topics.names[KF_TOPIC_INDEX][0] = '\0';
    assert_int_equal(walk(release, &totals, &fault), KF_ERR_DATA);
    assert_true(fault.found);
    assert_int_equal(fault.index, 0);
    kf_collected_destroy(&release);
}

static void an_edition_and_year_that_come_twice_are_told_as_the_fault(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 2);
    struct kf_records_totals totals;
    struct kf_records_fault fault;

    (void)state;
    release->panels[1]->panel->year = 2000;
    assert_int_equal(walk(release, &totals, &fault), KF_ERR_DATA);
    assert_true(fault.found);
    assert_int_equal(fault.index, 1);
    assert_non_null(strstr(err.text, "2000"));
    kf_collected_destroy(&release);
}

static void a_failure_of_whoever_takes_the_records_is_passed_on_and_is_no_fault(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 1);
    struct kf_records_totals totals;
    struct kf_records_fault fault;

    (void)state;
    for (refuse_at = 0; refuse_at < 4; refuse_at++) {
        kept_len = 0;
        assert_int_equal(walk(release, &totals, &fault), KF_ERR_PEER);
        assert_false(fault.found);
        assert_string_equal(err.text, "enough");
    }
    kf_collected_destroy(&release);
}

/* How many allocations a walk takes when none fails. */
static uint64_t count_allocations(const struct kf_collected *release)
{
    struct kf_records_totals totals;
    struct kf_records_fault fault;
    uint64_t before = kf_memory_count();

    assert_int_equal(walk(release, &totals, &fault), KF_OK);
    return kf_memory_count() - before;
}

static void running_out_of_memory_at_any_point_is_told_and_is_no_fault(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 2);
    struct kf_records_totals totals;
    struct kf_records_fault fault;
    uint64_t told = 0;

    (void)state;
    fixture_replace(release, 1, fixture_rejected(RELEASE_A, 1, 2));
    uint64_t allocations = count_allocations(release);
    for (uint64_t n = 0; n < allocations; n++) {
        kept_len = 0;
        kf_memory_fail_after((int64_t)n);
        enum kf_err result = walk(release, &totals, &fault);
        kf_memory_fail_after(-1);
        assert_false(fault.found);
        assert_true(result == KF_OK ? kept_len == 5 : result == KF_ERR_MEMORY);
        told += result == KF_ERR_MEMORY;
    }
    /* A text that could not grow may find memory the next time it is used. */
    assert_true(told > 15 && told + 2 >= allocations);
    kf_collected_destroy(&release);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
    const struct CMUnitTest tests[] = {
        TEST(rows_come_first_and_the_manifest_last),
        TEST(every_record_says_whose_it_is_in_its_headers),
        TEST(the_manifest_counts_and_digests_what_was_written),
        TEST(a_rejected_panel_becomes_a_dead_letter_before_the_manifest),
        TEST(a_release_of_nothing_but_rejections_says_so_and_carries_no_rows),
        TEST(the_groups_rows_are_keyed_without_a_municipality_on_every_topic),
        TEST(resource_use_and_demography_have_topics_of_their_own),
        TEST(unit_costs_have_a_topic_of_their_own_with_rows_of_the_group),
        TEST(other_years_of_a_panel_are_not_published),
        TEST(the_same_release_gives_the_same_bytes),
        TEST(the_other_encoding_is_shorter_and_says_what_it_is),
        TEST(a_panel_with_a_measure_outside_the_contract_is_told_as_the_fault),
        TEST(a_kind_of_result_without_a_topic_is_told_as_the_fault),
        TEST(an_edition_and_year_that_come_twice_are_told_as_the_fault),
        TEST(a_failure_of_whoever_takes_the_records_is_passed_on_and_is_no_fault),
        TEST(running_out_of_memory_at_any_point_is_told_and_is_no_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
