#include <errno.h>
#include <string.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "tests/support/cmocka.h"

static void setting_an_error_returns_its_code_and_fills_code_disposition_and_text(void **state)
{
    (void)state;
    struct kf_error err = {0};
    assert_int_equal(kf_error_set(&err, KF_ERR_DATA, "line %d: %s", 7, "ragged"), KF_ERR_DATA);
    assert_int_equal(err.code, KF_ERR_DATA);
    assert_int_equal(err.disposition, KF_REJECT);
    assert_string_equal(err.text, "line 7: ragged");
}

static void nobody_needs_to_listen_to_an_error(void **state)
{
    (void)state;
    assert_int_equal(kf_error_set(NULL, KF_ERR_IO, "%s", "gone"), KF_ERR_IO);
    assert_int_equal(kf_error_set_errno(NULL, KF_ERR_IO, ENOENT, "%s", "gone"), KF_ERR_IO);
}

static void every_code_has_its_usual_disposition(void **state)
{
    (void)state;
    assert_int_equal(kf_err_disposition(KF_ERR_DATA), KF_REJECT);
    assert_int_equal(kf_err_disposition(KF_ERR_LIMIT), KF_REJECT);
    assert_int_equal(kf_err_disposition(KF_ERR_IO), KF_RETRY);
    assert_int_equal(kf_err_disposition(KF_ERR_PEER), KF_RETRY);
    assert_int_equal(kf_err_disposition(KF_ERR_CONFIG), KF_FATAL);
    assert_int_equal(kf_err_disposition(KF_ERR_MEMORY), KF_FATAL);
    assert_int_equal(kf_err_disposition(KF_ERR_INTERNAL), KF_FATAL);
}

static void every_code_has_a_name_of_its_own_and_a_foreign_one_is_unknown(void **state)
{
    (void)state;
    for (int a = KF_OK; a <= KF_ERR_INTERNAL; a++) {
        assert_string_not_equal(kf_err_name((enum kf_err)a), "unknown");
        for (int b = KF_OK; b < a; b++) {
            assert_string_not_equal(kf_err_name((enum kf_err)a), kf_err_name((enum kf_err)b));
        }
    }
    assert_string_equal(kf_err_name((enum kf_err)(KF_ERR_INTERNAL + 1)), "unknown");
    assert_string_equal(kf_err_name((enum kf_err) - 1), "unknown");
}

static void the_reason_of_the_system_follows_a_colon(void **state)
{
    (void)state;
    struct kf_error err = {0};
    assert_int_equal(kf_error_set_errno(&err, KF_ERR_IO, ENOENT, "open %s", "a.csv"), KF_ERR_IO);
    assert_string_equal(err.text, "open a.csv: No such file or directory");
}

static void what_passes_is_no_fault_of_the_settings(void **state)
{
    (void)state;
    static const int passing[] = {ENOSPC, EIO, ENOMEM, EMFILE, ENFILE, EINTR, EAGAIN, EDQUOT};
    static const int lasting[] = {ENOENT, EACCES, ENOTDIR, EROFS, EADDRINUSE, ENAMETOOLONG};
    struct kf_error err = {0};
    for (size_t i = 0; i < sizeof passing / sizeof passing[0]; i++) {
        assert_int_equal(kf_error_set_errno(&err, KF_ERR_CONFIG, passing[i], "a"), KF_ERR_IO);
        assert_int_equal(err.code, KF_ERR_IO);
        assert_int_equal(err.disposition, KF_RETRY);
    }
    for (size_t i = 0; i < sizeof lasting / sizeof lasting[0]; i++) {
        assert_int_equal(kf_error_set_errno(&err, KF_ERR_CONFIG, lasting[i], "a"), KF_ERR_CONFIG);
        assert_int_equal(err.code, KF_ERR_CONFIG);
    }
}

static void an_error_may_quote_its_own_old_text(void **state)
{
    (void)state;
    struct kf_error err = {0};
    kf_error_set(&err, KF_ERR_DATA, "the weight is negative");
    kf_error_set(&err, KF_ERR_CONFIG, "asss.yaml: %s, twice: %s", err.text, err.text);
    assert_string_equal(err.text,
                        "asss.yaml: the weight is negative, twice: the weight is negative");
    kf_error_set_errno(&err, KF_ERR_IO, EACCES, "<%s>", err.text);
    assert_string_equal(err.text, "<asss.yaml: the weight is negative, twice: the weight is "
                                  "negative>: Permission denied");
}

static void what_it_quotes_moves_no_terminal(void **state)
{
    (void)state;
    struct kf_error err;
    (void)kf_error_set(&err, KF_ERR_DATA, "no map of table %s", "1\x1b[2J\xc2\x9bm\nok");
    assert_string_equal(err.text, "no map of table 1?[2J??m?ok");
    (void)kf_error_set_errno(&err, KF_ERR_IO, ENOENT, "%s", "a\tb");
    assert_non_null(strstr(err.text, "a?b: "));
}

static void a_long_text_is_cut_between_characters(void **state)
{
    (void)state;
    char path[2 * KF_ERROR_TEXT_MAX + 2];
    for (size_t shift = 0; shift < 2; shift++) {
        memset(path, 'x', shift);
        for (size_t i = shift; i + 1 < sizeof path - 1; i += 2) {
            memcpy(path + i, "ø", 2);
        }
        path[sizeof path - 2 + shift - 1] = '\0';
        struct kf_error err;
        memset(&err, 0x7f, sizeof err);
        kf_error_set(&err, KF_ERR_DATA, "%s", path);
        assert_in_range(strlen(err.text), KF_ERROR_TEXT_MAX - 2, KF_ERROR_TEXT_MAX - 1);
        assert_true(kf_text_is_utf8(err.text, strlen(err.text)));
        kf_error_set_errno(&err, KF_ERR_IO, ENOENT, "%s", path);
        assert_in_range(strlen(err.text), KF_ERROR_TEXT_MAX - 2, KF_ERROR_TEXT_MAX - 1);
        assert_true(kf_text_is_utf8(err.text, strlen(err.text)));
    }
}

static void of_several_faults_of_the_data_the_first_is_told(void **state)
{
    (void)state;
    struct kf_error err = {0};
    struct kf_error latest = {0};
    enum kf_err outcome = kf_error_join(KF_OK, KF_OK, &latest, &err);
    assert_int_equal(outcome, KF_OK);
    assert_string_equal(err.text, "");
    outcome = kf_error_join(outcome, kf_error_set(&latest, KF_ERR_DATA, "first"), &latest, &err);
    outcome = kf_error_join(outcome, KF_OK, &latest, &err);
    outcome = kf_error_join(outcome, kf_error_set(&latest, KF_ERR_DATA, "second"), &latest, &err);
    assert_int_equal(outcome, KF_ERR_DATA);
    assert_true(kf_err_goes_on(outcome));
    assert_string_equal(err.text, "first");
}

static void what_ends_the_work_is_told_before_faults_of_the_data(void **state)
{
    (void)state;
    struct kf_error err = {0};
    struct kf_error latest = {0};
    enum kf_err outcome =
        kf_error_join(KF_OK, kf_error_set(&latest, KF_ERR_DATA, "data"), &latest, &err);
    outcome = kf_error_join(outcome, kf_error_set(&latest, KF_ERR_MEMORY, "memory"), &latest, &err);
    assert_false(kf_err_goes_on(outcome));
    outcome = kf_error_join(outcome, kf_error_set(&latest, KF_ERR_LIMIT, "limit"), &latest, &err);
    assert_int_equal(outcome, KF_ERR_MEMORY);
    assert_int_equal(err.code, KF_ERR_MEMORY);
    assert_string_equal(err.text, "memory");
    assert_int_equal(kf_error_join(KF_OK, KF_ERR_DATA, &latest, NULL), KF_ERR_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(setting_an_error_returns_its_code_and_fills_code_disposition_and_text),
        cmocka_unit_test(nobody_needs_to_listen_to_an_error),
        cmocka_unit_test(every_code_has_its_usual_disposition),
        cmocka_unit_test(every_code_has_a_name_of_its_own_and_a_foreign_one_is_unknown),
        cmocka_unit_test(the_reason_of_the_system_follows_a_colon),
        cmocka_unit_test(what_passes_is_no_fault_of_the_settings),
        cmocka_unit_test(an_error_may_quote_its_own_old_text),
        cmocka_unit_test(what_it_quotes_moves_no_terminal),
        cmocka_unit_test(a_long_text_is_cut_between_characters),
        cmocka_unit_test(of_several_faults_of_the_data_the_first_is_told),
        cmocka_unit_test(what_ends_the_work_is_told_before_faults_of_the_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
