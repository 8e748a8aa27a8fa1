/* What the store shows of recorded streams, in whatever order and however often it was killed. */
#include "services/board/store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "services/board/store/settle.h"
#include "services/board/store/store_tables.h"
#include "tests/services/board/store/stream.h"
#include "tests/services/ingest/failing_disk.h"
#include "tests/services/ingest/scratch.h"
#include "tests/services/publish/release_fixture.h"
#include "tests/support/cmocka.h"

static struct scratch scratch;
static struct kf_board_store *store;
static struct stream stream;
static struct kf_error err;

static void open_store(const char *name)
{
    kf_board_store_destroy(&store);
    if (kf_board_store_open(scratch_path(&scratch, name), &store, &err) != KF_OK) {
        fail_msg("%s", err.text);
    }
}

static int set_up(void **state)
{
    (void)state;
    scratch_make(&scratch);
    open_store("board.db");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    kf_board_store_destroy(&store);
    stream_clear(&stream);
    scratch_remove(&scratch);
    return 0;
}

static void publish(const char *id, uint32_t panels, double first)
{
    stream_publish(&stream, stream_release(id, panels, first), KF_ENCODING_JSON, false);
}

static void feed_all(size_t batch)
{
    stream_feed(&stream, store, 0, stream.length, batch);
}

/* --- what is shown --------------------------------------------------------------------------- */

/* The release that is shown, or "". */
static const char *shown(int year)
{
    static struct kf_board_panel panel;
    enum kf_err code = kf_board_store_panel(store, "fixture", year, &panel, &err);
    assert_true(code == KF_OK || code == KF_ERR_AGAIN);
    return code == KF_OK ? panel.release : "";
}

struct cell {
    const char *measure;
    double value;
    unsigned flags;
    size_t rows;
};

static enum kf_err find_cell(void *context, const struct kf_record_row *row, struct kf_error *error)
{
    struct cell *cell = context;
    (void)error;
    cell->rows++;
    for (size_t i = 0; i < row->measures_len; i++) {
        if (strcmp(row->measures[i].name, cell->measure) == 0) {
            cell->value = row->measures[i].value;
            cell->flags = row->flags;
        }
    }
    return KF_OK;
}

static struct cell cell_of(int year, const char *municipality, const char *measure)
{
    struct cell cell = {.measure = measure, .value = -1};
    struct kf_board_panel panel;
    assert_int_equal(kf_board_store_panel(store, "fixture", year, &panel, &err), KF_OK);
    assert_int_equal(kf_board_store_rows(store, &panel, municipality, find_cell, &cell, &err),
                     KF_OK);
    return cell;
}

static const char *digest(void)
{
    static char digests[4][KF_DIGEST_SIZE];
    static size_t next;
    char *made = digests[next++ % 4];
    assert_int_equal(kf_board_store_digest(store, made, &err), KF_OK);
    return made;
}

static void a_whole_release_is_shown_with_its_figures_and_flags(void **state)
{
    (void)state;
    publish(RELEASE_A, 2, 101.25);
    feed_all(1000);
    assert_string_equal(shown(2000), RELEASE_A);
    assert_string_equal(shown(2001), RELEASE_A);
    assert_string_equal(shown(2002), "");
    assert_true(cell_of(2000, "0001", "index").value == 101.25);
    assert_int_equal(cell_of(2000, "0001", "index").flags, 0);
    assert_true(cell_of(2001, "0002", "index").value == 99.5);
    assert_int_equal(cell_of(2001, "0002", "index").flags, KF_FLAG_INCOMPLETE);
    assert_true(cell_of(2001, "", "maximum").value == 100.5);
    assert_int_equal(cell_of(2001, "", "maximum").rows, 1);
}

static void nothing_is_shown_before_the_manifest(void **state)
{
    (void)state;
    publish(RELEASE_A, 2, 101);
    stream_feed(&stream, store, 0, stream.length - 1, 1);
    assert_string_equal(shown(2000), "");
    stream_feed(&stream, store, stream.length - 1, stream.length, 1);
    assert_string_equal(shown(2000), RELEASE_A);
    assert_string_equal(shown(2001), RELEASE_A);
}

static void a_panel_is_shown_when_its_last_row_is_there(void **state)
{
    (void)state;
    publish(RELEASE_A, 2, 101);
    size_t last = stream.length - 1;
    stream_feed(&stream, store, last, last + 1, 1); /* the manifest */
    stream_feed(&stream, store, 0, 2, 1);
    assert_string_equal(shown(2000), "");
    stream_feed(&stream, store, 2, 3, 1);
    assert_string_equal(shown(2000), RELEASE_A);
    assert_string_equal(shown(2001), "");
    stream_feed(&stream, store, 3, last, 1);
    assert_string_equal(shown(2001), RELEASE_A);
}

struct lack {
    char reason[KF_BOARD_REASON_SIZE];
    int year;
    size_t count;
};

static enum kf_err note_lack(void *context, const struct kf_board_incomplete *incomplete,
                             struct kf_error *error)
{
    struct lack *lack = context;
    (void)error;
    (void)snprintf(lack->reason, sizeof lack->reason, "%s", incomplete->reason);
    lack->year = incomplete->year;
    lack->count++;
    return KF_OK;
}

static void a_release_that_lacks_a_row_is_never_shown_and_the_one_before_stays(void **state)
{
    (void)state;
    struct lack lack = {.count = 0};
    publish(RELEASE_A, 2, 101);
    size_t first = stream.length;
    publish(RELEASE_B, 2, 102);
    stream_feed(&stream, store, 0, first, 1000);
    stream_feed(&stream, store, first + 1, stream.length, 1000);
    assert_string_equal(shown(2000), RELEASE_A);
    assert_string_equal(shown(2001), RELEASE_B);
    assert_true(cell_of(2000, "0001", "index").value == 101);
    assert_int_equal(kf_board_store_incomplete(store, note_lack, &lack, &err), KF_OK);
    assert_int_equal(lack.count, 1);
    assert_int_equal(lack.year, 2000);
    assert_string_equal(lack.reason, "index: 1 rows of 2 are here");
}

static void a_row_with_other_bytes_than_the_manifest_tells_is_not_believed(void **state)
{
    (void)state;
    struct lack lack = {.count = 0};
    publish(RELEASE_A, 1, 101);
    char *digit = strstr(stream.list[0].value, "101");
    assert_non_null(digit);
    digit[2] = '2';
    feed_all(1000);
    assert_string_equal(shown(2000), "");
    assert_int_equal(kf_board_store_incomplete(store, note_lack, &lack, &err), KF_OK);
    assert_string_equal(lack.reason,
                        "index: the 2 rows here are not those that the manifest tells of");
}

/* Six hundred newer releases that lack their rows stand before it. */
static void a_release_is_shown_however_many_before_it_are_not_whole(void **state)
{
    (void)state;
    static const char sql[] =
        "CREATE TEMP TABLE n AS WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c"
        " WHERE i < 600) SELECT i FROM c;"
        "INSERT INTO manifests SELECT 1000 + i, 'r' || i, 9000000000000 + i, 1, i, 0, 0, '', '',"
        " '', 1, 0 FROM n;"
        "INSERT INTO arrivals SELECT 1000 + i, 'r' || i, 'other', 2000, 0, 0, 1000 + i, 1 FROM n;"
        "INSERT INTO wanted SELECT 'r' || i, 'other', 2000, 1, 1, 0, 0 FROM n;";
    if (kf_database_run(&store->base, sql, "testing", &err) != KF_OK) {
        fail_msg("%s", err.text);
    }
    publish(RELEASE_A, 1, 101);
    feed_all(1000);
    assert_string_equal(shown(2000), RELEASE_A);
}

/* --- newer and older ------------------------------------------------------------------------- */

static void the_newer_takes_the_place_of_the_older_and_nothing_of_it_is_left(void **state)
{
    (void)state;
    struct kf_board_totals totals;
    int64_t rows = 0;
    publish(RELEASE_A, 2, 101);
    publish(RELEASE_B, 1, 102);
    feed_all(1000);
    assert_string_equal(shown(2000), RELEASE_B);
    assert_string_equal(shown(2001), RELEASE_A);
    assert_true(cell_of(2000, "0001", "index").value == 102);
    assert_int_equal(kf_board_store_totals(store, &totals, &err), KF_OK);
    assert_int_equal(totals.rows, 6);
    assert_int_equal(totals.staged, 0);
    assert_int_equal(kf_database_number(&store->base, "SELECT count(*) FROM rows", &rows, &err),
                     KF_OK);
    assert_int_equal(rows, 6);
    assert_string_equal(totals.release, RELEASE_B);
}

/* The order is that of the topic: a clock that goes back makes nothing older. */
static void a_manifest_that_stands_later_is_newer_whatever_the_clock_said(void **state)
{
    (void)state;
    publish(RELEASE_A, 1, 101);
    publish(RELEASE_B, 1, 102);
    stream.list[stream.length - 1].time_ms -= 3600000;
    feed_all(1000);
    assert_string_equal(shown(2000), RELEASE_B);
    open_store("one-by-one.db");
    feed_all(1);
    assert_string_equal(shown(2000), RELEASE_B);
}

static void an_older_release_whose_rows_come_late_changes_nothing(void **state)
{
    (void)state;
    publish(RELEASE_A, 1, 101);
    size_t first = stream.length;
    publish(RELEASE_B, 1, 102);
    stream_feed(&stream, store, first - 1, stream.length, 1000); /* A's manifest, all of B */
    stream_feed(&stream, store, 0, first - 1, 1);
    assert_string_equal(shown(2000), RELEASE_B);
    assert_true(cell_of(2000, "0001", "index").value == 102);
}

struct panels {
    const char *release; /* of which */
    struct kf_board_release_panel list[8];
    size_t length;
    bool rejected;
    bool has_phases;
    struct kf_board_phases phases;
    bool found;
};

static enum kf_err note_panels(void *context, const struct kf_board_release *release,
                               struct kf_error *error)
{
    struct panels *panels = context;
    (void)error;
    if (strcmp(release->id, panels->release) != 0) {
        return KF_OK;
    }
    panels->found = true;
    assert_true(release->panels_len <= 8);
    memcpy(panels->list, release->panels, release->panels_len * sizeof panels->list[0]);
    panels->length = release->panels_len;
    panels->rejected = release->rejected;
    panels->has_phases = release->has_phases;
    panels->phases = release->phases;
    assert_int_equal(release->sources_len, 1);
    assert_string_equal(release->sources[0].name, "tall.csv");
    assert_string_equal(release->vintage, "revised");
    assert_string_equal(release->program, "0.1.0");
    return KF_OK;
}

static struct panels panels_of(const char *release)
{
    struct panels panels = {.release = release};
    assert_int_equal(kf_board_store_releases(store, 100, note_panels, &panels, &err), KF_OK);
    assert_true(panels.found);
    return panels;
}

static void a_rejected_panel_leaves_what_was_shown_and_says_why(void **state)
{
    (void)state;
    publish(RELEASE_A, 2, 101);
    struct kf_collected *second = stream_release(RELEASE_B, 2, 102);
    fixture_replace(second, 1, fixture_rejected(RELEASE_B, 1, 2));
    stream_publish(&stream, second, KF_ENCODING_JSON, false);
    feed_all(1000);
    assert_string_equal(shown(2000), RELEASE_B);
    assert_string_equal(shown(2001), RELEASE_A);
    struct panels panels = panels_of(RELEASE_B);
    assert_int_equal(panels.length, 2);
    assert_false(panels.rejected);
    assert_int_equal(panels.list[0].state, KF_BOARD_SHOWN);
    assert_int_equal(panels.list[1].state, KF_BOARD_REJECTED);
    assert_string_equal(panels.list[1].reason, "weights do not close");
    assert_int_equal(panels_of(RELEASE_A).list[0].state, KF_BOARD_SUPERSEDED);
    assert_int_equal(panels_of(RELEASE_A).list[1].state, KF_BOARD_SHOWN);
}

static void what_a_revision_moved_is_told(void **state)
{
    (void)state;
    publish(RELEASE_A, 1, 100);
    publish(RELEASE_B, 1, 110);
    feed_all(1);
    struct panels panels = panels_of(RELEASE_B);
    assert_true(panels.list[0].has_moved);
    const struct kf_board_moved *moved = &panels.list[0].moved;
    assert_string_equal(moved->before, RELEASE_A);
    assert_int_equal(moved->figures, 4);
    assert_int_equal(moved->changed, 1);
    assert_int_equal(moved->added, 0);
    assert_int_equal(moved->removed, 0);
    assert_int_equal(moved->largest_len, 1);
    assert_string_equal(moved->largest[0].municipality, "0001");
    assert_string_equal(moved->largest[0].sector, "barnehage");
    assert_string_equal(moved->largest[0].measure, "index");
    assert_true(moved->largest[0].before == 100 && moved->largest[0].after == 110);
    assert_false(panels_of(RELEASE_A).list[0].has_moved);
}

/* --- who reads anew -------------------------------------------------------------------------- */

static void publish_history(enum kf_encoding encoding)
{
    stream_publish(&stream, stream_release(RELEASE_A, 3, 101), encoding, false);
    struct kf_collected *second = stream_release(RELEASE_B, 3, 102);
    fixture_replace(second, 1, fixture_rejected(RELEASE_B, 1, 3));
    stream_publish(&stream, second, encoding, false);
    stream_publish(&stream, stream_release(RELEASE_C, 1, 103), encoding, false);
}

static void check_rebuilt(enum kf_encoding encoding)
{
    publish_history(encoding);
    feed_all(1);
    const char *along = digest();
    assert_string_equal(shown(2000), RELEASE_C);
    assert_string_equal(shown(2001), RELEASE_A);
    assert_string_equal(shown(2002), RELEASE_B);
    open_store("at-once.db");
    feed_all(1000);
    assert_string_equal(digest(), along);
    open_store("manifests-first.db");
    stream_feed_manifests_first(&stream, store);
    assert_string_equal(digest(), along);
    stream_compact(&stream);
    open_store("compacted.db");
    feed_all(7);
    assert_string_equal(digest(), along);
    open_store("compacted-manifests-first.db");
    stream_feed_manifests_first(&stream, store);
    assert_string_equal(digest(), along);
}

static void one_that_is_read_anew_equals_one_that_ran_along(void **state)
{
    (void)state;
    check_rebuilt(KF_ENCODING_JSON);
}

static void so_it_does_with_packed_records(void **state)
{
    (void)state;
    check_rebuilt(KF_ENCODING_PROTOBUF);
}

static void the_digest_tells_a_figure_a_release_and_a_rejection_apart(void **state)
{
    (void)state;
    char first[KF_DIGEST_SIZE];
    publish(RELEASE_A, 1, 101);
    feed_all(100);
    memcpy(first, digest(), sizeof first);
    stream_clear(&stream);
    open_store("other-figure.db");
    publish(RELEASE_A, 1, 102);
    feed_all(100);
    assert_string_not_equal(digest(), first);
    stream_clear(&stream);
    open_store("more.db");
    publish(RELEASE_B, 1, 101);
    publish(RELEASE_A, 1, 101);
    feed_all(100);
    assert_string_not_equal(digest(), first);
}

/* A release that its manifest does not tell of panel by panel. */
static void an_old_manifest_is_verified_as_one(void **state)
{
    (void)state;
    stream_publish(&stream, stream_release(RELEASE_A, 2, 101), KF_ENCODING_JSON, true);
    size_t last = stream.length - 1;
    stream_feed(&stream, store, last, last + 1, 1);
    stream_feed(&stream, store, 0, last - 1, 1);
    assert_string_equal(shown(2000), ""); /* whole by itself, which nobody says */
    stream_feed(&stream, store, last - 1, last, 1);
    assert_string_equal(shown(2000), RELEASE_A);
    assert_string_equal(shown(2001), RELEASE_A);
}

static void an_old_manifest_is_verified_though_a_newer_release_has_a_panel_of_it(void **state)
{
    (void)state;
    stream_publish(&stream, stream_release(RELEASE_A, 2, 101), KF_ENCODING_JSON, true);
    size_t first = stream.length;
    publish(RELEASE_B, 1, 102);
    stream_feed(&stream, store, first - 1, stream.length, 1000);
    assert_string_equal(shown(2000), RELEASE_B);
    stream_feed(&stream, store, 0, first - 1, 1);
    assert_string_equal(shown(2000), RELEASE_B);
    assert_string_equal(shown(2001), RELEASE_A);
}

/* --- odd records ----------------------------------------------------------------------------- */

static void the_newest_record_of_a_key_counts_and_a_manifest_once(void **state)
{
    (void)state;
    publish(RELEASE_A, 1, 101);
    size_t last = stream.length - 1;
    stream_feed(&stream, store, 0, last, 1000);
    stream_feed(&stream, store, 0, last, 1000);
    stream_feed(&stream, store, last, last + 1, 1);
    assert_string_equal(shown(2000), RELEASE_A);
    const char *once = digest();
    stream_feed(&stream, store, 0, last + 1, 1000);
    assert_string_equal(digest(), once);
}

static void a_manifest_whose_rows_were_dropped_asks_for_all_anew(void **state)
{
    (void)state;
    publish(RELEASE_A, 1, 101);
    size_t last = stream.length - 1;
    struct stream manifest = {.list = {stream.list[last]}, .length = 1};
    stream_feed(&stream, store, 0, last, 1000);
    assert_int_equal(kf_board_drop_orphans(store, INT64_MAX, &err), KF_OK);
    assert_int_equal(stream_try(&manifest, store), KF_ERR_AGAIN);
    stream_feed(&stream, store, 0, last, 1000); /* rows are counted and not kept */
    assert_int_equal(stream_try(&manifest, store), KF_ERR_AGAIN);
    open_store("anew.db");
    feed_all(1000);
    assert_string_equal(shown(2000), RELEASE_A);
}

static void what_is_none_of_ours_is_passed_over(void **state)
{
    (void)state;
    static char nonsense[] = "{\"release\":12}";
    publish(RELEASE_A, 1, 101);
    struct stream_record *record = &stream.list[stream.length];
    *record = stream.list[0];
    record->key = strdup("nonsense");
    record->value = strdup(nonsense);
    record->length = strlen(nonsense);
    stream.length++;
    feed_all(1);
    assert_string_equal(shown(2000), RELEASE_A);
}

/* Whichever write the disk refuses: what was shown stays, and the same records once more give what
 * they give on a sound one. */
static void a_disk_that_is_full_for_a_while_costs_nothing(void **state)
{
    (void)state;
    enum kf_err code = KF_ERR_IO;
    int64_t writes = 0;
    publish(RELEASE_A, 2, 101);
    feed_all(1000);
    publish(RELEASE_B, 2, 102);
    while (code != KF_OK) {
        failing_disk_fail_after(writes++);
        code = stream_try(&stream, store);
        failing_disk_fail_after(-1);
        assert_string_equal(shown(2000), code == KF_OK ? RELEASE_B : RELEASE_A);
    }
    assert_true(writes > 1);
    assert_string_equal(shown(2001), RELEASE_B);
    const char *after = digest();
    open_store("sound.db");
    feed_all(1000);
    assert_string_equal(digest(), after);
}

/* --- readers --------------------------------------------------------------------------------- */

static enum kf_err join_code(void *context, const char *code, struct kf_error *error)
{
    (void)error;
    kf_text_add_format(context, " %s", code);
    return KF_OK;
}

static enum kf_err add_coverage(void *context, const struct kf_board_coverage *coverage,
                                struct kf_error *error)
{
    size_t *figures = context;
    (void)error;
    assert_string_equal(coverage->edition, "fixture");
    *figures += coverage->figures[KF_TOPIC_INDEX];
    return KF_OK;
}

static void readers_beside_see_municipalities_and_what_there_is_about_them(void **state)
{
    (void)state;
    struct kf_text codes;
    size_t figures = 0;
    struct kf_board_store *reader = NULL;
    kf_text_init(&codes, 64);
    publish(RELEASE_A, 2, 101);
    feed_all(1000);
    assert_int_equal(kf_board_store_open_reader(scratch_path(&scratch, "board.db"), &reader, &err),
                     KF_OK);
    assert_int_equal(kf_board_store_municipalities(reader, "", 0, join_code, &codes, &err), KF_OK);
    assert_string_equal(codes.bytes, " 0001 0002");
    assert_int_equal(kf_board_store_coverage(reader, "0002", add_coverage, &figures, &err), KF_OK);
    assert_int_equal(figures, 2);
    kf_text_clear(&codes);
    kf_board_store_destroy(&reader);
}

static void a_reader_keeps_its_state_while_another_is_shown(void **state)
{
    (void)state;
    struct kf_board_store *reader = NULL;
    struct kf_board_panel panel;
    publish(RELEASE_A, 1, 101);
    size_t first = stream.length;
    publish(RELEASE_B, 1, 102);
    stream_feed(&stream, store, 0, first, 1000);
    assert_int_equal(kf_board_store_open_reader(scratch_path(&scratch, "board.db"), &reader, &err),
                     KF_OK);
    assert_int_equal(kf_board_store_begin(reader, &err), KF_OK);
    assert_int_equal(kf_board_store_panel(reader, "fixture", 2000, &panel, &err), KF_OK);
    stream_feed(&stream, store, first, stream.length, 1000);
    struct cell cell = {.measure = "index"};
    assert_int_equal(kf_board_store_rows(reader, &panel, "0001", find_cell, &cell, &err), KF_OK);
    assert_true(cell.value == 101);
    kf_board_store_end(reader);
    assert_int_equal(kf_board_store_panel(reader, "fixture", 2000, &panel, &err), KF_OK);
    assert_string_equal(panel.release, RELEASE_B);
    kf_board_store_destroy(&reader);
}

static void phases_are_kept_and_only_added_to(void **state)
{
    (void)state;
    struct kf_board_totals before;
    struct kf_board_totals after;
    const struct kf_board_phases first = {.discovered_ms = 10, .sent_ms = 20, .attempts = 2};
    const struct kf_board_phases second = {.committed_ms = 40, .attempts = 1};
    publish(RELEASE_A, 1, 101);
    feed_all(1000);
    const char *without = digest();
    assert_false(panels_of(RELEASE_A).has_phases);
    assert_int_equal(kf_board_store_totals(store, &before, &err), KF_OK);
    assert_int_equal(kf_board_store_note_phases(store, RELEASE_A, &first, &err), KF_OK);
    assert_int_equal(kf_board_store_note_phases(store, RELEASE_A, &second, &err), KF_OK);
    struct panels panels = panels_of(RELEASE_A);
    assert_true(panels.has_phases);
    assert_int_equal(panels.phases.discovered_ms, 10);
    assert_int_equal(panels.phases.sent_ms, 20);
    assert_int_equal(panels.phases.committed_ms, 40);
    assert_int_equal(panels.phases.attempts, 2);
    assert_int_equal(kf_board_store_totals(store, &after, &err), KF_OK);
    assert_int_equal(after.changes, before.changes + 2);
    assert_int_equal(kf_board_store_note_phases(store, RELEASE_A, &second, &err), KF_OK);
    assert_int_equal(kf_board_store_totals(store, &before, &err), KF_OK);
    assert_int_equal(after.changes, before.changes); /* nothing new */
    assert_string_equal(digest(), without);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_whole_release_is_shown_with_its_figures_and_flags),
        TEST(nothing_is_shown_before_the_manifest),
        TEST(a_panel_is_shown_when_its_last_row_is_there),
        TEST(a_release_that_lacks_a_row_is_never_shown_and_the_one_before_stays),
        TEST(a_row_with_other_bytes_than_the_manifest_tells_is_not_believed),
        TEST(a_release_is_shown_however_many_before_it_are_not_whole),
        TEST(the_newer_takes_the_place_of_the_older_and_nothing_of_it_is_left),
        TEST(a_manifest_that_stands_later_is_newer_whatever_the_clock_said),
        TEST(an_older_release_whose_rows_come_late_changes_nothing),
        TEST(a_rejected_panel_leaves_what_was_shown_and_says_why),
        TEST(what_a_revision_moved_is_told),
        TEST(one_that_is_read_anew_equals_one_that_ran_along),
        TEST(so_it_does_with_packed_records),
        TEST(the_digest_tells_a_figure_a_release_and_a_rejection_apart),
        TEST(an_old_manifest_is_verified_as_one),
        TEST(an_old_manifest_is_verified_though_a_newer_release_has_a_panel_of_it),
        TEST(the_newest_record_of_a_key_counts_and_a_manifest_once),
        TEST(a_manifest_whose_rows_were_dropped_asks_for_all_anew),
        TEST(what_is_none_of_ours_is_passed_over),
        TEST(a_disk_that_is_full_for_a_while_costs_nothing),
        TEST(readers_beside_see_municipalities_and_what_there_is_about_them),
        TEST(a_reader_keeps_its_state_while_another_is_shown),
        TEST(phases_are_kept_and_only_added_to),
    };
    failing_disk_insert();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
