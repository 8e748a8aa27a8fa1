#include "common/codec/letter.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/codec/receipt.h"
#include "tests/support/cmocka.h"

#define CELLS 20

static struct kf_rejection rejections[3];
static struct kf_error err;

static int set_up(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        rejections[i] = (struct kf_rejection){
            .stage = "normalize", .reason = "cells", .edition = "demo", .year = 2020 + i};
        kf_findings_init(&rejections[i].findings);
        for (int j = 0; j < CELLS; j++) {
            char cell[16];
            (void)snprintf(cell, sizeof cell, "%d", j);
            const struct kf_place place = {.file = "a.csv", .line = 7, .cell = cell};
            kf_findings_add(&rejections[i].findings, &place, "correct it", "is below 0");
        }
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        kf_findings_clear(&rejections[i].findings);
    }
    return 0;
}

static void pack(size_t count, size_t bytes_max, struct kf_text *bytes)
{
    const struct kf_letter letters[] = {
        {1, &rejections[0]}, {4, &rejections[1]}, {5, &rejections[2]}};
    kf_text_init(bytes, KF_LETTERS_BYTES_MAX);
    assert_int_equal(kf_letters_pack(letters, count, bytes_max, bytes, &err), KF_OK);
    assert_true(bytes->length <= bytes_max);
}

static struct kf_letters *unpack(const struct kf_text *bytes)
{
    struct kf_letters *letters = NULL;
    assert_int_equal(kf_letters_unpack(bytes->bytes, bytes->length, &letters, &err), KF_OK);
    return letters;
}

static void letters_come_back_with_every_cell(void **state)
{
    (void)state;
    struct kf_text bytes;
    pack(3, KF_LETTERS_BYTES_MAX, &bytes);
    struct kf_letters *letters = unpack(&bytes);
    assert_int_equal(letters->length, 3);
    assert_int_equal(letters->left_out, 0);
    assert_int_equal(letters->list[1].panel, 4);
    const struct kf_rejection *rejection = letters->list[1].rejection;
    assert_string_equal(rejection->stage, "normalize");
    assert_int_equal(rejection->year, 2021);
    assert_int_equal(rejection->findings.length, CELLS);
    assert_string_equal(rejection->findings.list[13].cell, "13");
    assert_int_equal(rejection->findings.list[13].line, 7);
    kf_letters_destroy(&letters);
    kf_text_clear(&bytes);
}

static void behind_a_receipt_they_are_one_message_with_it(void **state)
{
    (void)state;
    struct kf_text bytes;
    struct kf_receipt back;
    const struct kf_receipt receipt = {
        .state = KF_RECEIPT_REJECTED, .panels_rejected = 1, .reason = "why"};
    const struct kf_letter letter = {0, &rejections[0]};
    kf_text_init(&bytes, KF_LETTERS_BYTES_MAX);
    assert_int_equal(kf_receipt_pack(&receipt, &bytes, &err), KF_OK);
    assert_int_equal(kf_letters_pack(&letter, 1, KF_LETTERS_BYTES_MAX, &bytes, &err), KF_OK);
    assert_int_equal(kf_receipt_unpack(bytes.bytes, bytes.length, &back, &err), KF_OK);
    assert_string_equal(back.reason, "why");
    struct kf_letters *letters = unpack(&bytes);
    assert_int_equal(letters->length, 1);
    kf_letters_destroy(&letters);
    kf_text_clear(&bytes);
}

/* Of each letter what is told and what is counted is all there was; and nothing is told in part. */
static void what_does_not_fit_is_counted(void **state)
{
    (void)state;
    struct kf_text bytes;
    size_t shortened = 0;
    size_t without = 0;
    pack(3, KF_LETTERS_BYTES_MAX, &bytes);
    size_t whole = bytes.length;
    kf_text_clear(&bytes);
    for (size_t room = 0; room <= whole + 64; room += 29) {
        pack(3, room, &bytes);
        struct kf_letters *letters = unpack(&bytes);
        assert_int_equal(letters->length + letters->left_out, bytes.length > 0 ? 3 : 0);
        for (size_t i = 0; i < letters->length; i++) {
            const struct kf_findings *findings = &letters->list[i].rejection->findings;
            assert_int_equal(kf_findings_count(findings), CELLS);
            shortened += findings->left_out > 0;
        }
        without += letters->left_out > 0;
        kf_letters_destroy(&letters);
        kf_text_clear(&bytes);
    }
    assert_true(shortened > 10);
    assert_true(without > 10);
    pack(3, whole + 64, &bytes);
    assert_int_equal(bytes.length, whole);
    kf_text_clear(&bytes);
}

static void refuse(const struct kf_letter *list, size_t count)
{
    struct kf_text bytes;
    struct kf_letters *letters = NULL;
    kf_text_init(&bytes, KF_LETTERS_BYTES_MAX);
    assert_int_equal(kf_letters_pack(list, count, KF_LETTERS_BYTES_MAX, &bytes, &err), KF_OK);
    assert_int_equal(kf_letters_unpack(bytes.bytes, bytes.length, &letters, &err), KF_ERR_DATA);
    assert_null(letters);
    kf_text_clear(&bytes);
}

static void letters_that_cannot_be_are_refused(void **state)
{
    (void)state;
    struct kf_letters *letters = NULL;
    refuse((struct kf_letter[]){{1, &rejections[0]}, {1, &rejections[1]}}, 2);
    refuse((struct kf_letter[]){{2, &rejections[0]}, {1, &rejections[1]}}, 2);
    refuse((struct kf_letter[]){{KF_RELEASE_PANELS_MAX, &rejections[0]}}, 1);
    /* a letter of panel 1 that says nothing */
    assert_int_equal(kf_letters_unpack("\x42\x02\x08\x01", 4, &letters, &err), KF_ERR_DATA);
    assert_int_equal(kf_letters_unpack("GET / HTTP/1.1", 14, &letters, &err), KF_ERR_DATA);
    assert_null(letters);
    assert_int_equal(kf_letters_unpack("", 0, &letters, &err), KF_OK);
    assert_int_equal(letters->length, 0);
    kf_letters_destroy(&letters);
}

static void a_letter_is_printed_as_the_topic_has_it(void **state)
{
    (void)state;
    struct kf_text json;
    const struct kf_letter letter = {1, &rejections[0]};
    kf_findings_clear(&rejections[0].findings);
    kf_findings_add(&rejections[0].findings, &(struct kf_place){.cell = "-5"}, "mend",
                    "is \"bad\"");
    kf_text_init(&json, 1000);
    assert_int_equal(kf_letter_print(&letter, &json, &err), KF_OK);
    assert_string_equal(
        json.bytes, "{\"stage\":\"normalize\",\"reason\":\"cells\",\"edition\":\"demo\","
                    "\"year\":2020,\"findings\":[{\"cell\":\"-5\",\"problem\":\"is \\\"bad\\\"\","
                    "\"remedy\":\"mend\"}]}");
    kf_text_clear(&json);
}

static void every_failing_allocation_is_an_error_and_leaves_nothing(void **state)
{
    (void)state;
    struct kf_text bytes;
    struct kf_letters *letters = NULL;
    const struct kf_letter letter = {1, &rejections[0]};
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    kf_text_init(&bytes, KF_LETTERS_BYTES_MAX);
    for (; code != KF_OK; n++) {
        kf_text_clear(&bytes);
        kf_memory_fail_after(n);
        code = kf_letters_pack(&letter, 1, KF_LETTERS_BYTES_MAX, &bytes, &err);
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || (code == KF_ERR_MEMORY && bytes.length == 0));
    }
    assert_true(n > 2);
    code = KF_ERR_MEMORY;
    for (n = 0; code != KF_OK; n++) {
        kf_memory_fail_after(n);
        code = kf_letters_unpack(bytes.bytes, bytes.length, &letters, &err);
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || (code == KF_ERR_MEMORY && !letters));
    }
    assert_true(n > 10);
    kf_letters_destroy(&letters);
    kf_text_clear(&bytes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(letters_come_back_with_every_cell),
        TEST(behind_a_receipt_they_are_one_message_with_it),
        TEST(what_does_not_fit_is_counted),
        TEST(letters_that_cannot_be_are_refused),
        TEST(a_letter_is_printed_as_the_topic_has_it),
        TEST(every_failing_allocation_is_an_error_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
