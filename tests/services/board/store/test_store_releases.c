/* What the store reads of a release, and what it leaves. */
#include "services/board/store/store.h"

#include <string.h>

#include "tests/services/board/store/stream.h"
#include "tests/services/ingest/scratch.h"
#include "tests/services/publish/release_fixture.h"
#include "tests/support/cmocka.h"

static struct scratch scratch;
static struct kf_board_store *store;
static struct stream stream;
static struct kf_error err;

static int set_up(void **state)
{
    (void)state;
    scratch_make(&scratch);
    if (kf_board_store_open(scratch_path(&scratch, "board.db"), &store, &err) != KF_OK) {
        return -1;
    }
    stream_publish(&stream, stream_release(RELEASE_A, 1, 100), KF_ENCODING_JSON, false);
    stream_publish(&stream, stream_release(RELEASE_B, 1, 110), KF_ENCODING_JSON, false);
    stream_feed(&stream, store, 0, stream.length, 1);
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

static enum kf_err note_manifest(void *context, const struct kf_board_release *release,
                                 struct kf_error *error)
{
    bool *found = context;
    (void)error;
    *found = true;
    assert_string_equal(release->id, RELEASE_A);
    assert_int_equal(release->sources_len, 1);
    assert_string_equal(release->sources[0].name, "tall.csv");
    assert_int_equal(release->panels_len, 0);
    return KF_OK;
}

static void a_manifest_tells_its_sources_and_not_its_panels(void **state)
{
    (void)state;
    bool found = false;
    assert_int_equal(kf_board_store_manifest(store, RELEASE_A, note_manifest, &found, &err), KF_OK);
    assert_true(found);
}

static void of_a_manifest_that_is_not_here_nothing_is_told(void **state)
{
    (void)state;
    bool found = false;
    assert_int_equal(kf_board_store_manifest(store, "none", note_manifest, &found, &err),
                     KF_ERR_AGAIN);
    assert_int_equal(kf_board_store_manifest(store, "", note_manifest, &found, &err), KF_ERR_AGAIN);
    assert_false(found);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_manifest_tells_its_sources_and_not_its_panels),
        CASE(of_a_manifest_that_is_not_here_nothing_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
