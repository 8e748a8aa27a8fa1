#include <string.h>

#include "common/base/memory.h"
#include "common/codec/rejection_codec.h"
#include "common/codec/unpack.h"
#include "tests/support/cmocka.h"

static int open_arena(void **state)
{
    *state = kf_arena_new(1024 * 1024);
    return *state ? 0 : -1;
}

static int close_arena(void **state)
{
    struct kf_arena *arena = *state;
    kf_arena_destroy(&arena);
    return 0;
}

static void more_findings_than_are_listed_are_refused(void **state)
{
    Kf__V1__Finding finding;
    kf__v1__finding__init(&finding);
    Kf__V1__Finding *list[KF_FINDINGS_MAX + 1];
    for (size_t i = 0; i <= KF_FINDINGS_MAX; i++) {
        list[i] = &finding;
    }
    Kf__V1__Rejection message;
    kf__v1__rejection__init(&message);
    struct kf_rejection *rejection = NULL;
    struct kf_error err = {0};
    message.findings = list;
    message.n_findings = KF_FINDINGS_MAX + 1;
    assert_int_equal(kf_rejection_from_message(&message, *state, &rejection, &err), KF_ERR_LIMIT);
    message.n_findings = KF_FINDINGS_MAX;
    assert_int_equal(kf_rejection_from_message(&message, *state, &rejection, &err), KF_OK);
    assert_int_equal(rejection->findings.length, KF_FINDINGS_MAX);
    kf_findings_clear(&rejection->findings);
}

static void cells_and_file_names_that_are_not_utf8_are_cleaned(void **state)
{
    struct kf_scratch scratch = {.arena = *state};
    struct kf_rejection rejection = {.stage = "ingest", .reason = "r\xff", .edition = ""};
    const struct kf_place place = {.file = "b\xe5t.csv", .line = 2, .cell = "\xe6"};
    kf_findings_init(&rejection.findings);
    kf_findings_add(&rejection.findings, &place, "save as UTF-8", "is not UTF-8");
    const Kf__V1__Rejection *message = kf_rejection_to_message(&rejection, &scratch);
    assert_string_equal(message->reason, "r?");
    assert_string_equal(message->findings[0]->file, "b?t.csv");
    assert_string_equal(message->findings[0]->cell, "?");
    kf_findings_clear(&rejection.findings);

    const struct kf_source source = {"b\xe5t.csv", "00", 1, NULL};
    Kf__V1__Source **sources = kf_sources_to_messages(&source, 1, &scratch);
    assert_string_equal(sources[0]->name, "b?t.csv");
    assert_string_equal(sources[0]->updated, "");
}

static void every_failing_allocation_is_told_and_leaks_nothing(void **state)
{
    (void)state;
    Kf__V1__Finding finding;
    kf__v1__finding__init(&finding);
    Kf__V1__Finding *list[] = {&finding, &finding};
    Kf__V1__Rejection message;
    kf__v1__rejection__init(&message);
    message.findings = list;
    message.n_findings = 2;
    message.findings_left_out = 9;
    for (int64_t n = 0;; n++) {
        struct kf_arena *arena = kf_arena_new(1024 * 1024);
        struct kf_rejection *rejection = NULL;
        struct kf_error err = {0};
        kf_memory_fail_after(n);
        enum kf_err code = kf_rejection_from_message(&message, arena, &rejection, &err);
        kf_memory_fail_after(-1);
        if (code == KF_OK) {
            assert_true(n > 2);
            assert_int_equal(rejection->findings.left_out, 9);
            kf_findings_clear(&rejection->findings);
            kf_arena_destroy(&arena);
            return;
        }
        assert_int_equal(code, KF_ERR_MEMORY);
        assert_null(rejection);
        kf_arena_destroy(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(more_findings_than_are_listed_are_refused, open_arena,
                                        close_arena),
        cmocka_unit_test_setup_teardown(cells_and_file_names_that_are_not_utf8_are_cleaned,
                                        open_arena, close_arena),
        cmocka_unit_test(every_failing_allocation_is_told_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
