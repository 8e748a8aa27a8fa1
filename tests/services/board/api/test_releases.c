#include "tests/support/cmocka.h"

#include <string.h>

#include "fake_store.h"
#include "services/board/api/releases.h"

static struct kf_board_store store;
static struct kf_text text;

static int begin(void **state)
{
    (void)state;
    memset(&store, 0, sizeof store);
    kf_text_init(&text, 10000);
    return 0;
}

static int end(void **state)
{
    (void)state;
    kf_text_clear(&text);
    return 0;
}

static void everything_that_is_known_is_told(void **state)
{
    (void)state;
    static const struct kf_board_source sources[] = {{"12134", "2026-03-16T07:00:00Z"},
                                                     {"a.csv", ""}};
    static struct kf_board_release_panel panels[] = {
        {.edition = "need-2026",
         .year = 2026,
         .municipalities = 357,
         .state = KF_BOARD_SHOWN,
         .has_moved = true,
         .moved = {.before = "r0",
                   .figures = 10,
                   .changed = 2,
                   .added = 1,
                   .largest = {{.topic = KF_TOPIC_NEED,
                                .municipality = "0301",
                                .sector = "total",
                                .measure = "need_index",
                                .before = 1,
                                .after = 1.5}},
                   .largest_len = 1}},
        {.edition = "x", .year = 2020, .state = KF_BOARD_REJECTED, .reason = "no figures"},
        {.edition = "y", .year = 2020, .state = KF_BOARD_ARRIVING, .reason = "3 rows lack"},
    };
    struct kf_board_release *release = &store.releases[0];
    *release =
        (struct kf_board_release){.id = "r1",
                                  .vintage = "revised",
                                  .program = "0.1.0",
                                  .previous = "r0",
                                  .published_ms = 1700000000000,
                                  .rows = 12,
                                  .withdrawn = 1,
                                  .sources = sources,
                                  .sources_len = 2,
                                  .panels = panels,
                                  .panels_len = 3,
                                  .has_phases = true,
                                  .phases = {.discovered_ms = 5, .held_ms = 9, .attempts = 2}};
    store.releases_len = 1;
    assert_int_equal(kf_releases_json(&store, 10, &text, NULL), KF_OK);
    assert_string_equal(
        text.bytes,
        "[{\"id\":\"r1\",\"state\":\"committed\",\"vintage\":\"revised\",\"program\":\"0.1.0\","
        "\"publishedMs\":1700000000000,\"previous\":\"r0\",\"sources\":[{\"name\":\"12134\","
        "\"updated\":\"2026-03-16T07:00:00Z\"},{\"name\":\"a.csv\"}],\"rows\":12,\"withdrawn\":1,"
        "\"panels\":[{\"edition\":\"need-2026\",\"year\":2026,\"municipalities\":357,\"state\":"
        "\"shown\",\"moved\":{\"before\":\"r0\",\"figures\":10,\"changed\":2,\"added\":1,"
        "\"removed\":0,\"largest\":[{\"topic\":\"need\",\"municipality\":\"0301\",\"sector\":"
        "\"total\",\"measure\":\"need_index\",\"before\":1,\"after\":1.5}]}},{\"edition\":\"x\","
        "\"year\":2020,\"municipalities\":0,\"state\":\"rejected\",\"reason\":\"no figures\"},"
        "{\"edition\":\"y\",\"year\":2020,\"municipalities\":0,\"state\":\"arriving\"}],"
        "\"phases\":{\"discoveredMs\":5,\"heldMs\":9,\"attempts\":2}}]");
}

static void what_is_not_known_is_left_out(void **state)
{
    (void)state;
    store.releases[0] = (struct kf_board_release){.id = "r1", .rejected = true, .vintage = "?"};
    store.releases_len = 1;
    assert_int_equal(kf_releases_json(&store, 10, &text, NULL), KF_OK);
    assert_string_equal(text.bytes,
                        "[{\"id\":\"r1\",\"state\":\"rejected\",\"vintage\":\"unspecified\","
                        "\"program\":\"\",\"publishedMs\":0,\"sources\":[],\"rows\":0,"
                        "\"withdrawn\":0,\"panels\":[]}]");
}

static void no_more_than_asked_for_are_told(void **state)
{
    (void)state;
    struct kf_error err;
    store.releases_len = 3;
    assert_int_equal(kf_releases_json(&store, 0, &text, &err), KF_OK);
    assert_string_equal(text.bytes, "[]");
    store.fails = KF_ERR_IO;
    assert_int_equal(kf_releases_json(&store, 1, &text, &err), KF_ERR_IO);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(everything_that_is_known_is_told),
        CASE(what_is_not_known_is_left_out),
        CASE(no_more_than_asked_for_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
