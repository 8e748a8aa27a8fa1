#include "services/publish/publication.h"

#include <stdio.h>
#include <string.h>

#include "tests/services/publish/release_fixture.h"
#include "tests/support/cmocka.h"

/* A Kafka that does as it is told and remembers what was asked of it. */
struct fake {
    bool refuse_open;
    bool refuse_look;
    bool refuse_begin;
    uint64_t refuse_produce_at; /* 0: never; n: the n-th record */
    bool refuse_commit;
    uint32_t refuse_panel; /* plus 1: records of this panel are refused for good; 0: none */
    size_t refuse_topic;   /* on this topic; 0: on any */
    bool refuse_manifest;
    bool refused;
    bool commit_anyway; /* the release is there although the commit failed */
    struct kf_kafka_found found;
    const char *former_panels; /* that an earlier release published, or NULL */
    bool refuse_read;
    char steps[256];
    uint64_t produced;  /* in the open transaction */
    uint64_t committed; /* records that readers see */
    unsigned sessions;
};

static struct fake fake;
static struct kf_topic_set topics;
static struct kf_error err;
static struct kf_publication_result result;

static void note(const char *step)
{
    size_t length = strlen(fake.steps);
    int added = snprintf(fake.steps + length, sizeof fake.steps - length, "%s ", step);

    assert_true(added > 0 && (size_t)added < sizeof fake.steps - length);
}

static enum kf_err answer(bool refuse, const char *step, struct kf_error *error)
{
    note(step);
    return refuse ? kf_error_set(error, KF_ERR_PEER, "no %s", step) : KF_OK;
}

static enum kf_err fake_open(void *context, struct kf_error *error)
{
    (void)context;
    enum kf_err opened = answer(fake.refuse_open, "open", error);
    fake.sessions += opened == KF_OK;
    return opened;
}

static enum kf_err fake_look(void *context, const char *release, struct kf_former *former,
                             struct kf_kafka_found *found, struct kf_error *error)
{
    const struct kf_header_value none = {NULL, 0};

    (void)context;
    assert_string_equal(release, RELEASE_A);
    assert_non_null(former);
    if (fake.former_panels != NULL) {
        kf_former_take(former, 0,
                       (struct kf_header_value){fake.former_panels, strlen(fake.former_panels)},
                       none);
    }
    *found = fake.found;
    return answer(fake.refuse_look, "look", error);
}

/* An earlier release had one more municipality on the index. */
static enum kf_err fake_read_keys(void *context, size_t topic, const struct kf_key_visitor *visitor,
                                  struct kf_error *error)
{
    static const char gone[] = "fixture/2000/0003/barnehage";

    (void)context;
    if (fake.refuse_read) {
        return answer(true, "read", error);
    }
    return topic == KF_TOPIC_INDEX
               ? visitor->visit(visitor->context, gone, strlen(gone), true, error)
               : KF_OK;
}

static enum kf_err fake_begin(void *context, struct kf_error *error)
{
    (void)context;
    fake.produced = 0;
    fake.refused = false;
    return answer(fake.refuse_begin, "begin", error);
}

static enum kf_err fake_produce(void *context, const struct kf_record *record,
                                struct kf_error *error)
{
    (void)context;
    if (++fake.produced == fake.refuse_produce_at) {
        return kf_error_set(error, KF_ERR_PEER, "no produce");
    }
    bool manifest = record->topic == KF_TOPIC_RELEASE;
    bool any = fake.refuse_topic == 0 || record->topic == fake.refuse_topic;
    if (manifest ? fake.refuse_manifest : any && record->panel + 1 == fake.refuse_panel) {
        fake.refused = true;
        return kf_error_set(error, KF_ERR_PEER, "too large");
    }
    if (record->value == NULL) {
        note(record->key);
    } else if (record->topic == KF_TOPIC_RELEASE) {
        note("manifest");
        if (fake.found.previous_release[0] != '\0') {
            assert_non_null(strstr(record->value, fake.found.previous_release));
        }
    } else if (record->topic == KF_TOPIC_REJECTED) {
        note("letter");
    }
    return KF_OK;
}

static enum kf_err fake_commit(void *context, struct kf_error *error)
{
    (void)context;
    if (!fake.refuse_commit || fake.commit_anyway) {
        fake.committed += fake.produced;
        fake.found.known = true;
        fake.found.summary.rows = fake.produced - 1;
    }
    return answer(fake.refuse_commit, "commit", error);
}

static bool fake_refused(void *context, uint32_t *panel)
{
    (void)context;
    *panel = fake.refuse_panel - 1;
    return fake.refused;
}

static void fake_abort(void *context)
{
    (void)context;
    note("abort");
}

static void fake_close(void *context)
{
    (void)context;
    note("close");
    fake.sessions--;
}

static const struct kf_publication_calls calls = {
    .open = fake_open,
    .look = fake_look,
    .read_keys = fake_read_keys,
    .begin = fake_begin,
    .produce = fake_produce,
    .commit = fake_commit,
    .refused = fake_refused,
    .abort = fake_abort,
    .close = fake_close,
};

static int setup(void **state)
{
    (void)state;
    memset(&fake, 0, sizeof fake);
    memset(&result, 0, sizeof result);
    fake.found.summary.state = KF_RELEASE_COMMITTED;
    return kf_topic_set_init(&topics, "t", &err) == KF_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    return fake.sessions == 0 ? 0 : -1;
}

static enum kf_err publish(struct kf_collected *release)
{
    const struct kf_publication_options options = {&topics, KF_ENCODING_JSON};

    fake.steps[0] = '\0';
    return kf_publication_run(&calls, NULL, release, &options, &result, &err);
}

static void a_new_release_is_written_and_committed_once(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 2);

    (void)state;
    memcpy(fake.found.previous_release, RELEASE_B, sizeof fake.found.previous_release);
    assert_int_equal(publish(release), KF_OK);
    assert_string_equal(fake.steps, "open look begin manifest commit close ");
    assert_false(result.known_before);
    assert_int_equal(result.summary.state, KF_RELEASE_COMMITTED);
    assert_int_equal(result.summary.rows, 6);
    assert_int_equal(result.rows_by_topic[KF_TOPIC_INDEX], 4);
    assert_int_equal(fake.committed, 7);
    kf_collected_destroy(&release);
}

static void a_release_that_is_on_the_topics_is_not_written_again(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 2);

    (void)state;
    fake.found.known = true;
    fake.found.summary = (struct kf_summary){KF_RELEASE_REJECTED, 0, 2};
    assert_int_equal(publish(release), KF_OK);
    assert_string_equal(fake.steps, "open look close ");
    assert_true(result.known_before);
    assert_int_equal(result.summary.state, KF_RELEASE_REJECTED);
    assert_int_equal(result.summary.panels_rejected, 2);
    kf_collected_destroy(&release);
}

static void nothing_is_written_before_the_manifests_were_read(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 1);

    (void)state;
    fake.refuse_look = true;
    assert_int_equal(publish(release), KF_ERR_PEER);
    assert_string_equal(fake.steps, "open look close ");
    fake.refuse_open = true;
    assert_int_equal(publish(release), KF_ERR_PEER);
    assert_string_equal(fake.steps, "open ");
    kf_collected_destroy(&release);
}

static void what_fails_is_aborted_and_the_session_ends(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 1);

    (void)state;
    for (fake.refuse_produce_at = 1; fake.refuse_produce_at <= 4; fake.refuse_produce_at++) {
        assert_int_equal(publish(release), KF_ERR_PEER);
        assert_non_null(strstr(fake.steps, "abort close "));
        assert_null(strstr(fake.steps, "commit"));
        assert_string_equal(err.text, "no produce");
    }
    fake.refuse_produce_at = 0;
    fake.refuse_begin = true;
    assert_int_equal(publish(release), KF_ERR_PEER);
    assert_string_equal(fake.steps, "open look begin close ");
    assert_int_equal(fake.committed, 0);
    kf_collected_destroy(&release);
}

static void after_a_commit_that_failed_but_took_place_the_next_attempt_writes_nothing(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 1);

    (void)state;
    fake.refuse_commit = true;
    fake.commit_anyway = true;
    assert_int_equal(publish(release), KF_ERR_PEER);
    fake.refuse_commit = false;
    assert_int_equal(publish(release), KF_OK);
    assert_string_equal(fake.steps, "open look close ");
    assert_true(result.known_before);
    assert_int_equal(result.summary.rows, 3);
    assert_int_equal(fake.committed, 4);
    kf_collected_destroy(&release);
}

static void after_a_commit_that_failed_and_did_not_take_place_the_next_attempt_writes(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 1);

    (void)state;
    fake.refuse_commit = true;
    assert_int_equal(publish(release), KF_ERR_PEER);
    fake.refuse_commit = false;
    assert_int_equal(publish(release), KF_OK);
    assert_false(result.known_before);
    assert_int_equal(fake.committed, 4);
    kf_collected_destroy(&release);
}

static void a_panel_without_valid_records_becomes_a_dead_letter_of_its_release(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 3);

    (void)state;
    release->panels[1]->panel->results[0].measure = "beauty";
    assert_int_equal(publish(release), KF_OK);
    assert_string_equal(fake.steps, "open look begin abort begin letter manifest commit close ");
    assert_int_equal(result.panels_spoilt, 1);
    assert_int_equal(result.summary.panels_rejected, 1);
    assert_int_equal(result.summary.rows, 6);
    assert_string_equal(release->panels[1]->rejection->stage, "publish");
    assert_non_null(strstr(release->panels[1]->rejection->reason, "beauty"));
    assert_string_equal(release->panels[1]->rejection->edition, "fixture");
    kf_collected_destroy(&release);
}

static void a_key_that_an_earlier_release_had_is_withdrawn_in_the_same_transaction(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 1);

    (void)state;
    fake.former_panels = "fixture/2000";
    assert_int_equal(publish(release), KF_OK);
    assert_string_equal(fake.steps,
                        "open look begin fixture/2000/0003/barnehage manifest commit close ");
    assert_int_equal(result.withdrawn, 1);
    assert_int_equal(result.summary.rows, 3);
    kf_collected_destroy(&release);
}

static void a_panel_that_is_spoilt_on_the_way_withdraws_nothing(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 2);

    (void)state;
    fake.former_panels = "fixture/2000";
    release->panels[0]->panel->results[0].measure = "beauty";
    assert_int_equal(publish(release), KF_OK);
    assert_string_equal(fake.steps, "open look begin abort begin letter manifest commit close ");
    assert_int_equal(result.withdrawn, 0);
    kf_collected_destroy(&release);
}

static void when_the_keys_cannot_be_read_nothing_is_committed(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 1);

    (void)state;
    fake.former_panels = "fixture/2000";
    fake.refuse_read = true;
    assert_int_equal(publish(release), KF_ERR_PEER);
    assert_string_equal(fake.steps, "open look begin read abort close ");
    assert_int_equal(fake.committed, 0);
    kf_collected_destroy(&release);
}

static void when_every_panel_is_spoilt_the_release_is_rejected(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 2);

    (void)state;
    release->panels[0]->panel->results[0].measure = "beauty";
    release->panels[1]->panel->results[0].measure = "beauty";
    assert_int_equal(publish(release), KF_OK);
    assert_int_equal(result.panels_spoilt, 2);
    assert_int_equal(result.summary.state, KF_RELEASE_REJECTED);
    kf_collected_destroy(&release);
}

static void a_panel_whose_record_is_refused_for_good_becomes_a_dead_letter(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 3);

    (void)state;
    fake.refuse_panel = 1 + 1;
    fake.refuse_topic = KF_TOPIC_INDEX;
    assert_int_equal(publish(release), KF_OK);
    assert_string_equal(fake.steps, "open look begin abort close "
                                    "open look begin letter manifest commit close ");
    assert_int_equal(result.panels_spoilt, 1);
    assert_int_equal(result.summary.panels_rejected, 1);
    assert_string_equal(release->panels[1]->rejection->stage, "publish");
    assert_string_equal(release->panels[1]->rejection->reason, "too large");
    kf_collected_destroy(&release);
}

static void
a_dead_letter_that_is_refused_for_good_is_written_smaller_and_then_tried_again(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 2);

    (void)state;
    fixture_replace(release, 1, fixture_rejected(RELEASE_A, 1, 2));
    fake.refuse_panel = 1 + 1;
    assert_int_equal(publish(release), KF_ERR_PEER);
    assert_string_equal(fake.steps, "open look begin abort close open look begin abort close ");
    assert_string_equal(err.text, "too large");
    assert_string_equal(release->panels[1]->rejection->stage, "publish");
    assert_string_equal(release->panels[1]->rejection->edition, "fixture");
    assert_int_equal(release->panels[1]->rejection->year, 2001);
    fake.refuse_panel = 0;
    assert_int_equal(publish(release), KF_OK);
    kf_collected_destroy(&release);
}

static void a_manifest_that_is_refused_is_tried_again_later(void **state)
{
    struct kf_collected *release = fixture_release(RELEASE_A, 1);

    (void)state;
    fake.refuse_manifest = true;
    assert_int_equal(publish(release), KF_ERR_PEER);
    assert_null(release->panels[0]->rejection);
    kf_collected_destroy(&release);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_new_release_is_written_and_committed_once),
        TEST(a_release_that_is_on_the_topics_is_not_written_again),
        TEST(nothing_is_written_before_the_manifests_were_read),
        TEST(what_fails_is_aborted_and_the_session_ends),
        TEST(after_a_commit_that_failed_but_took_place_the_next_attempt_writes_nothing),
        TEST(after_a_commit_that_failed_and_did_not_take_place_the_next_attempt_writes),
        TEST(a_panel_without_valid_records_becomes_a_dead_letter_of_its_release),
        TEST(a_key_that_an_earlier_release_had_is_withdrawn_in_the_same_transaction),
        TEST(a_panel_that_is_spoilt_on_the_way_withdraws_nothing),
        TEST(when_the_keys_cannot_be_read_nothing_is_committed),
        TEST(when_every_panel_is_spoilt_the_release_is_rejected),
        TEST(a_panel_whose_record_is_refused_for_good_becomes_a_dead_letter),
        TEST(a_dead_letter_that_is_refused_for_good_is_written_smaller_and_then_tried_again),
        TEST(a_manifest_that_is_refused_is_tried_again_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
