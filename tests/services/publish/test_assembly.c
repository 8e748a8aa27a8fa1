#include "services/publish/assembly.h"

#include <string.h>

#include "common/base/memory.h"
#include "tests/services/publish/release_fixture.h"
#include "tests/support/cmocka.h"

#define PLENTY ((size_t)64 * 1024 * 1024)

static struct kf_assembly_drops drops;
static struct kf_error err;

static enum kf_assembly_verdict give(struct kf_assembly *assembly, struct kf_envelope *envelope)
{
    enum kf_assembly_verdict verdict = kf_assembly_accept(assembly, &envelope, &drops, &err);

    assert_null(envelope);
    return verdict;
}

static enum kf_assembly_verdict give_panel(struct kf_assembly *assembly, const char *release,
                                           uint32_t index, uint32_t panels)
{
    return give(assembly, fixture_envelope(release, index, panels));
}

/* Bytes of one panel of the fixture, as the assembly counts them. */
static size_t panel_bytes(void)
{
    struct kf_assembly *assembly = kf_assembly_new(PLENTY);

    give_panel(assembly, RELEASE_A, 0, 9);
    size_t bytes = kf_assembly_bytes(assembly);
    kf_assembly_destroy(&assembly);
    assert_true(bytes > 1000);
    return bytes;
}

static void a_release_is_whole_when_its_last_panel_comes_in_whatever_order(void **state)
{
    struct kf_assembly *assembly = kf_assembly_new(PLENTY);

    (void)state;
    assert_int_equal(give_panel(assembly, RELEASE_A, 2, 3), KF_ASSEMBLY_ACCEPTED);
    assert_int_equal(give_panel(assembly, RELEASE_A, 0, 3), KF_ASSEMBLY_ACCEPTED);
    assert_false(kf_assembly_complete(assembly));
    assert_null(kf_assembly_take(assembly));
    assert_int_equal(give_panel(assembly, RELEASE_A, 1, 3), KF_ASSEMBLY_COMPLETED);
    assert_true(kf_assembly_complete(assembly));
    struct kf_collected *release = kf_assembly_take(assembly);
    assert_non_null(release);
    assert_int_equal(release->panels_len, 3);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(release->panels[i]->index, i);
    }
    assert_string_equal(kf_collected_release(release)->id, RELEASE_A);
    kf_collected_destroy(&release);
    assert_null(release);
    kf_assembly_destroy(&assembly);
}

static void a_rejection_counts_as_the_panel_in_whose_place_it_walks(void **state)
{
    struct kf_assembly *assembly = kf_assembly_new(PLENTY);

    (void)state;
    give_panel(assembly, RELEASE_A, 0, 2);
    assert_int_equal(give(assembly, fixture_rejected(RELEASE_A, 1, 2)), KF_ASSEMBLY_COMPLETED);
    kf_assembly_destroy(&assembly);
}

static void a_panel_that_is_held_already_is_a_duplicate(void **state)
{
    struct kf_assembly *assembly = kf_assembly_new(PLENTY);

    (void)state;
    give_panel(assembly, RELEASE_A, 0, 2);
    size_t bytes = kf_assembly_bytes(assembly);
    assert_int_equal(give_panel(assembly, RELEASE_A, 0, 2), KF_ASSEMBLY_DUPLICATE);
    assert_int_equal(kf_assembly_bytes(assembly), bytes);
    assert_int_equal(kf_assembly_panels(assembly), 1);
    kf_assembly_destroy(&assembly);
}

static void what_comes_for_a_release_being_published_is_a_duplicate_until_it_is_done(void **state)
{
    struct kf_assembly *assembly = kf_assembly_new(PLENTY);

    (void)state;
    give_panel(assembly, RELEASE_A, 0, 1);
    struct kf_collected *release = kf_assembly_take(assembly);
    assert_int_equal(give_panel(assembly, RELEASE_A, 0, 1), KF_ASSEMBLY_DUPLICATE);
    assert_int_equal(kf_assembly_panels(assembly), 1);
    assert_int_equal(kf_assembly_bytes(assembly), release->bytes);
    kf_collected_destroy(&release);
    kf_assembly_finish(assembly);
    assert_int_equal(kf_assembly_bytes(assembly), 0);
    assert_int_equal(give_panel(assembly, RELEASE_A, 0, 1), KF_ASSEMBLY_COMPLETED);
    kf_assembly_destroy(&assembly);
}

static void one_release_is_published_at_a_time_and_the_oldest_first(void **state)
{
    struct kf_assembly *assembly = kf_assembly_new(PLENTY);

    (void)state;
    give_panel(assembly, RELEASE_A, 0, 1);
    give_panel(assembly, RELEASE_B, 0, 1);
    struct kf_collected *first = kf_assembly_take(assembly);
    assert_string_equal(kf_collected_release(first)->id, RELEASE_A);
    assert_false(kf_assembly_complete(assembly));
    assert_null(kf_assembly_take(assembly));
    kf_collected_destroy(&first);
    kf_assembly_finish(assembly);
    struct kf_collected *second = kf_assembly_take(assembly);
    assert_string_equal(kf_collected_release(second)->id, RELEASE_B);
    kf_collected_destroy(&second);
    kf_assembly_destroy(&assembly);
}

static void another_number_of_panels_under_the_same_id_is_refused(void **state)
{
    struct kf_assembly *assembly = kf_assembly_new(PLENTY);

    (void)state;
    give_panel(assembly, RELEASE_A, 0, 2);
    assert_int_equal(give_panel(assembly, RELEASE_A, 1, 3), KF_ASSEMBLY_REFUSED);
    assert_int_equal(err.code, KF_ERR_DATA);
    assert_non_null(strstr(err.text, "2 panels"));
    assert_int_equal(give_panel(assembly, RELEASE_A, 1, 2), KF_ASSEMBLY_COMPLETED);
    kf_assembly_destroy(&assembly);
}

static void envelopes_that_make_no_sense_are_refused(void **state)
{
    struct kf_assembly *assembly = kf_assembly_new(PLENTY);
    struct kf_envelope *no_id = fixture_envelope(RELEASE_A, 0, 1);
    struct kf_envelope *long_id = fixture_envelope(RELEASE_A, 0, 1);
    struct kf_envelope *no_panel = fixture_envelope(RELEASE_A, 0, 1);
    struct kf_envelope *no_panels = fixture_envelope(RELEASE_A, 0, 1);
    struct kf_envelope *many_panels = fixture_envelope(RELEASE_A, 0, 1);

    (void)state;
    no_id->release.id[3] = 'G';
    memset(long_id->release.id, 'a', sizeof long_id->release.id);
    kf_panel_destroy(&no_panel->panel);
    no_panels->release.panels = 0;
    many_panels->release.panels = KF_RELEASE_PANELS_MAX + 1;
    assert_int_equal(give(assembly, no_id), KF_ASSEMBLY_REFUSED);
    assert_int_equal(give(assembly, long_id), KF_ASSEMBLY_REFUSED);
    assert_int_equal(give(assembly, no_panel), KF_ASSEMBLY_REFUSED);
    assert_int_equal(give(assembly, no_panels), KF_ASSEMBLY_REFUSED);
    assert_int_equal(give_panel(assembly, RELEASE_A, 2, 2), KF_ASSEMBLY_REFUSED);
    assert_int_equal(give(assembly, many_panels), KF_ASSEMBLY_REFUSED);
    assert_int_equal(err.code, KF_ERR_DATA);
    assert_int_equal(kf_assembly_panels(assembly), 0);
    kf_assembly_destroy(&assembly);
}

static void a_third_release_makes_the_oldest_incomplete_one_go(void **state)
{
    struct kf_assembly *assembly = kf_assembly_new(PLENTY);

    (void)state;
    give_panel(assembly, RELEASE_A, 0, 3);
    give_panel(assembly, RELEASE_A, 1, 3);
    give_panel(assembly, RELEASE_B, 0, 2);
    assert_int_equal(drops.length, 0);
    assert_int_equal(give_panel(assembly, RELEASE_C, 0, 2), KF_ASSEMBLY_ACCEPTED);
    assert_int_equal(drops.length, 1);
    assert_string_equal(drops.list[0].release, RELEASE_A);
    assert_int_equal(drops.list[0].held, 2);
    assert_int_equal(drops.list[0].panels, 3);
    assert_int_equal(give_panel(assembly, RELEASE_B, 1, 2), KF_ASSEMBLY_COMPLETED);
    kf_assembly_destroy(&assembly);
}

static void a_whole_release_is_never_dropped_for_another(void **state)
{
    struct kf_assembly *assembly = kf_assembly_new(PLENTY);

    (void)state;
    give_panel(assembly, RELEASE_A, 0, 1);
    give_panel(assembly, RELEASE_B, 0, 1);
    assert_int_equal(give_panel(assembly, RELEASE_C, 0, 1), KF_ASSEMBLY_REFUSED);
    assert_int_equal(err.code, KF_ERR_AGAIN);
    assert_int_equal(drops.length, 0);
    assert_int_equal(kf_assembly_panels(assembly), 2);
    kf_assembly_destroy(&assembly);
}

static void bytes_beyond_the_ceiling_make_the_oldest_incomplete_release_go(void **state)
{
    size_t one = panel_bytes();
    struct kf_assembly *assembly = kf_assembly_new(3 * one + one / 2);

    (void)state;
    give_panel(assembly, RELEASE_A, 0, 9);
    give_panel(assembly, RELEASE_A, 1, 9);
    give_panel(assembly, RELEASE_B, 0, 3);
    assert_int_equal(give_panel(assembly, RELEASE_B, 1, 3), KF_ASSEMBLY_ACCEPTED);
    assert_int_equal(drops.length, 1);
    assert_string_equal(drops.list[0].release, RELEASE_A);
    assert_true(kf_assembly_bytes(assembly) <= 3 * one + one / 2);
    kf_assembly_destroy(&assembly);
}

static void assert_stub(const struct kf_envelope *panel, uint32_t index)
{
    assert_null(panel->panel);
    assert_int_equal(panel->index, index);
    assert_string_equal(panel->rejection->stage, "publish");
    assert_non_null(strstr(panel->rejection->reason, "hold-bytes-max"));
    assert_non_null(strstr(panel->rejection->reason, "kf up --hold-bytes-max"));
    assert_non_null(strstr(panel->rejection->reason, "smaller inputs"));
    assert_string_equal(panel->rejection->edition, "fixture");
    assert_int_equal(panel->rejection->year, 2000 + (int)index);
    assert_string_equal(panel->release.id, RELEASE_A);
    assert_int_equal(panel->release.sources_len, 1);
    assert_string_equal(panel->release.sources[0].name, "tall.csv");
    assert_string_equal(panel->release.program, "0.1.0");
}

static void
a_release_that_does_not_fit_even_alone_gets_whole_with_rejections_that_say_why(void **state)
{
    size_t one = panel_bytes();
    struct kf_assembly *assembly = kf_assembly_new(2 * one + one / 2);

    (void)state;
    give_panel(assembly, RELEASE_A, 0, 4);
    give_panel(assembly, RELEASE_A, 1, 4);
    assert_false(drops.given_up);
    assert_int_equal(give_panel(assembly, RELEASE_A, 2, 4), KF_ASSEMBLY_ACCEPTED);
    assert_true(drops.given_up);
    assert_int_equal(drops.rejected, 3);
    assert_int_equal(drops.length, 0);
    assert_int_equal(give_panel(assembly, RELEASE_A, 1, 4), KF_ASSEMBLY_DUPLICATE);
    assert_int_equal(give_panel(assembly, RELEASE_A, 3, 4), KF_ASSEMBLY_COMPLETED);
    assert_false(drops.given_up);
    assert_int_equal(drops.rejected, 1);
    struct kf_collected *release = kf_assembly_take(assembly);
    for (uint32_t i = 0; i < 4; i++) {
        assert_stub(release->panels[i], i);
    }
    assert_string_equal(release->panels[0]->rejection->reason,
                        release->panels[3]->rejection->reason);
    kf_collected_destroy(&release);
    kf_assembly_finish(assembly);
    assert_int_equal(kf_assembly_bytes(assembly), 0);
    assert_int_equal(give_panel(assembly, RELEASE_B, 0, 1), KF_ASSEMBLY_COMPLETED);
    kf_assembly_destroy(&assembly);
}

static void a_single_panel_larger_than_the_ceiling_is_a_rejected_release(void **state)
{
    struct kf_assembly *assembly = kf_assembly_new(1);

    (void)state;
    assert_int_equal(give_panel(assembly, RELEASE_A, 0, 1), KF_ASSEMBLY_COMPLETED);
    struct kf_collected *release = kf_assembly_take(assembly);
    assert_stub(release->panels[0], 0);
    kf_collected_destroy(&release);
    kf_assembly_destroy(&assembly);
}

static void a_rejection_in_a_release_that_is_too_large_keeps_its_own_reason(void **state)
{
    struct kf_assembly *assembly = kf_assembly_new(1);

    (void)state;
    give_panel(assembly, RELEASE_A, 0, 2);
    assert_int_equal(give(assembly, fixture_rejected(RELEASE_A, 1, 2)), KF_ASSEMBLY_COMPLETED);
    assert_int_equal(drops.rejected, 0);
    struct kf_collected *release = kf_assembly_take(assembly);
    const struct kf_rejection *rejection = release->panels[1]->rejection;
    assert_string_equal(rejection->stage, "need");
    assert_non_null(strstr(rejection->reason, "weights do not close"));
    assert_string_equal(rejection->edition, "fixture");
    assert_int_equal(rejection->year, 2001);
    kf_collected_destroy(&release);
    kf_assembly_destroy(&assembly);
}

static void without_memory_to_give_a_release_up_it_goes_and_comes_again(void **state)
{
    size_t one = panel_bytes();
    enum kf_assembly_verdict verdict = KF_ASSEMBLY_REFUSED;
    int64_t failures = 0;

    (void)state;
    for (; verdict == KF_ASSEMBLY_REFUSED; failures++) {
        struct kf_assembly *assembly = kf_assembly_new(2 * one + one / 2);
        give_panel(assembly, RELEASE_A, 0, 3);
        give_panel(assembly, RELEASE_A, 1, 3);
        struct kf_envelope *last = fixture_envelope(RELEASE_A, 2, 3);
        kf_memory_fail_after(failures);
        verdict = give(assembly, last);
        kf_memory_fail_after(-1);
        if (verdict == KF_ASSEMBLY_REFUSED) {
            assert_int_equal(err.code, KF_ERR_MEMORY);
            assert_int_equal(drops.length, 1);
            assert_int_equal(kf_assembly_bytes(assembly), 0);
        }
        kf_assembly_destroy(&assembly);
    }
    assert_int_equal(verdict, KF_ASSEMBLY_COMPLETED);
    assert_true(failures > 6);
}

static void a_release_waits_while_the_one_being_published_takes_its_room(void **state)
{
    size_t one = panel_bytes();
    struct kf_assembly *assembly = kf_assembly_new(2 * one + one / 2);

    (void)state;
    give_panel(assembly, RELEASE_A, 0, 1);
    struct kf_collected *release = kf_assembly_take(assembly);
    assert_int_equal(give_panel(assembly, RELEASE_B, 0, 2), KF_ASSEMBLY_ACCEPTED);
    assert_int_equal(give_panel(assembly, RELEASE_B, 1, 2), KF_ASSEMBLY_REFUSED);
    assert_int_equal(err.code, KF_ERR_AGAIN);
    assert_int_equal(kf_assembly_panels(assembly), 2);
    kf_collected_destroy(&release);
    kf_assembly_finish(assembly);
    assert_int_equal(give_panel(assembly, RELEASE_B, 1, 2), KF_ASSEMBLY_COMPLETED);
    kf_assembly_destroy(&assembly);
}

static void remember(void *context, const struct kf_progress *release)
{
    struct kf_assembly_drops *seen = context;

    seen->list[seen->length++] = *release;
}

static void what_is_held_can_be_told(void **state)
{
    struct kf_assembly *assembly = kf_assembly_new(PLENTY);
    struct kf_assembly_drops seen = {.length = 0};

    (void)state;
    give_panel(assembly, RELEASE_A, 0, 1);
    give_panel(assembly, RELEASE_B, 1, 4);
    kf_assembly_each(assembly, remember, &seen);
    assert_int_equal(seen.length, 2);
    assert_string_equal(seen.list[0].release, RELEASE_A);
    assert_string_equal(seen.list[1].release, RELEASE_B);
    assert_int_equal(seen.list[1].held, 1);
    assert_int_equal(seen.list[1].panels, 4);
    kf_assembly_destroy(&assembly);
}

static void without_memory_a_panel_is_refused_and_nothing_is_lost_of_the_rest(void **state)
{
    struct kf_assembly *assembly = kf_assembly_new(PLENTY);
    struct kf_envelope *envelope = fixture_envelope(RELEASE_A, 0, 2);

    (void)state;
    kf_memory_fail_after(0);
    assert_int_equal(give(assembly, envelope), KF_ASSEMBLY_REFUSED);
    kf_memory_fail_after(-1);
    assert_int_equal(err.code, KF_ERR_MEMORY);
    assert_int_equal(give_panel(assembly, RELEASE_A, 0, 1), KF_ASSEMBLY_COMPLETED);
    kf_memory_fail_after(0);
    assert_null(kf_assembly_take(assembly));
    kf_memory_fail_after(-1);
    assert_true(kf_assembly_complete(assembly));
    struct kf_collected *release = kf_assembly_take(assembly);
    assert_non_null(release);
    kf_collected_destroy(&release);
    kf_assembly_destroy(&assembly);
    kf_memory_fail_after(0);
    assert_null(kf_assembly_new(PLENTY));
    kf_memory_fail_after(-1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_release_is_whole_when_its_last_panel_comes_in_whatever_order),
        cmocka_unit_test(a_rejection_counts_as_the_panel_in_whose_place_it_walks),
        cmocka_unit_test(a_panel_that_is_held_already_is_a_duplicate),
        cmocka_unit_test(what_comes_for_a_release_being_published_is_a_duplicate_until_it_is_done),
        cmocka_unit_test(one_release_is_published_at_a_time_and_the_oldest_first),
        cmocka_unit_test(another_number_of_panels_under_the_same_id_is_refused),
        cmocka_unit_test(envelopes_that_make_no_sense_are_refused),
        cmocka_unit_test(a_third_release_makes_the_oldest_incomplete_one_go),
        cmocka_unit_test(a_whole_release_is_never_dropped_for_another),
        cmocka_unit_test(bytes_beyond_the_ceiling_make_the_oldest_incomplete_release_go),
        cmocka_unit_test(
            a_release_that_does_not_fit_even_alone_gets_whole_with_rejections_that_say_why),
        cmocka_unit_test(a_single_panel_larger_than_the_ceiling_is_a_rejected_release),
        cmocka_unit_test(a_rejection_in_a_release_that_is_too_large_keeps_its_own_reason),
        cmocka_unit_test(without_memory_to_give_a_release_up_it_goes_and_comes_again),
        cmocka_unit_test(a_release_waits_while_the_one_being_published_takes_its_room),
        cmocka_unit_test(what_is_held_can_be_told),
        cmocka_unit_test(without_memory_a_panel_is_refused_and_nothing_is_lost_of_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
