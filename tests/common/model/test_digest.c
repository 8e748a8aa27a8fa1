#include "fixture.h"

#include <string.h>

#include "common/base/memory.h"
#include "common/model/digest.h"

/* Published test vector of XXH3-128 for no bytes with seed 0. */
#define DIGEST_OF_NOTHING "99aa06d3014798d86001c324468d497f"
/* Published value of XXH3-64 for no bytes with seed 0. */
#define CHECKSUM_OF_NOTHING 0x2d06800538d394c2ULL

static void the_digest_of_nothing_is_the_published_one(void **state)
{
    (void)state;
    char hex[KF_DIGEST_SIZE];
    kf_digest_of("", 0, hex);
    assert_string_equal(hex, DIGEST_OF_NOTHING);
    assert_true(kf_checksum("", 0) == CHECKSUM_OF_NOTHING);
    struct kf_digest *digest = kf_digest_new();
    kf_digest_add(digest, NULL, 0);
    kf_digest_print(digest, hex);
    assert_string_equal(hex, DIGEST_OF_NOTHING);
    kf_digest_destroy(&digest);
    assert_null(digest);
}

static void pieces_give_the_digest_of_the_whole(void **state)
{
    (void)state;
    char text[3000];
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (char)('a' + i * 7 % 26);
    }
    char whole[KF_DIGEST_SIZE];
    kf_digest_of(text, sizeof text, whole);
    for (size_t step = 1; step < sizeof text; step = step * 3 + 1) {
        struct kf_digest *digest = kf_digest_new();
        for (size_t at = 0; at < sizeof text; at += step) {
            size_t left = sizeof text - at;
            kf_digest_add(digest, text + at, left < step ? left : step);
        }
        char pieces[KF_DIGEST_SIZE];
        kf_digest_print(digest, pieces);
        assert_string_equal(pieces, whole);
        kf_digest_destroy(&digest);
    }
}

static void sized_pieces_keep_their_borders(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {{"ab", "c"}, {"a", "bc"}, {"abc", ""}};
    char hex[3][KF_DIGEST_SIZE];
    for (size_t i = 0; i < 3; i++) {
        struct kf_digest *digest = kf_digest_new();
        kf_digest_add_sized(digest, pairs[i][0], strlen(pairs[i][0]));
        kf_digest_add_sized(digest, pairs[i][1], strlen(pairs[i][1]));
        kf_digest_print(digest, hex[i]);
        kf_digest_destroy(&digest);
    }
    assert_string_not_equal(hex[0], hex[1]);
    assert_string_not_equal(hex[0], hex[2]);
    assert_string_not_equal(hex[1], hex[2]);
}

static void a_sized_piece_is_eight_bytes_lowest_first_and_the_bytes(void **state)
{
    (void)state;
    char expected[KF_DIGEST_SIZE];
    char hex[KF_DIGEST_SIZE];
    kf_digest_of("\x03\0\0\0\0\0\0\0abc", 11, expected);
    struct kf_digest *digest = kf_digest_new();
    kf_digest_add_sized(digest, "abc", 3);
    kf_digest_print(digest, hex);
    kf_digest_destroy(&digest);
    assert_string_equal(hex, expected);
}

static void printing_does_not_end_a_digest(void **state)
{
    (void)state;
    char first[KF_DIGEST_SIZE];
    char second[KF_DIGEST_SIZE];
    char whole[KF_DIGEST_SIZE];
    struct kf_digest *digest = kf_digest_new();
    kf_digest_add(digest, "kost", 4);
    kf_digest_print(digest, first);
    kf_digest_add(digest, "ra", 2);
    kf_digest_print(digest, second);
    kf_digest_destroy(&digest);
    kf_digest_of("kostra", 6, whole);
    assert_string_equal(second, whole);
    assert_string_not_equal(first, second);
}

static void the_sum_of_one_row_is_its_digest_and_of_none_is_0(void **state)
{
    (void)state;
    struct kf_digest_sum sum = {0};
    char hex[KF_DIGEST_SIZE];
    kf_digest_sum_print(&sum, hex);
    assert_string_equal(hex, "00000000000000000000000000000000");
    kf_digest_sum_add(&sum, "", 0);
    kf_digest_sum_print(&sum, hex);
    assert_string_equal(hex, DIGEST_OF_NOTHING);
}

/* Five times the published digest: low 5 x 6001c324468d497f = 1 e008cfb560c26f7b, high
 * 5 x 99aa06d3014798d8 + 1 = 3 0052221f0665fc39. */
static void the_sum_carries_from_low_to_high_and_drops_what_goes_beyond(void **state)
{
    (void)state;
    struct kf_digest_sum sum = {0};
    char hex[KF_DIGEST_SIZE];
    kf_digest_sum_add(&sum, "", 0);
    kf_digest_sum_add(&sum, "", 0);
    kf_digest_sum_print(&sum, hex);
    assert_string_equal(hex, "33540da6028f31b0c00386488d1a92fe");
    for (int i = 0; i < 3; i++) {
        kf_digest_sum_add(&sum, "", 0);
    }
    kf_digest_sum_print(&sum, hex);
    assert_string_equal(hex, "0052221f0665fc39e008cfb560c26f7b");
}

static void the_sum_is_the_same_in_any_order_and_counts_what_comes_twice(void **state)
{
    (void)state;
    struct kf_digest_sum forth = {0};
    struct kf_digest_sum back = {0};
    kf_digest_sum_add(&forth, "ab", 2);
    kf_digest_sum_add(&forth, "c", 1);
    kf_digest_sum_add(&back, "c", 1);
    kf_digest_sum_add(&back, "ab", 2);
    assert_memory_equal(&forth, &back, sizeof forth);
    kf_digest_sum_add(&back, "c", 1);
    assert_memory_not_equal(&forth, &back, sizeof forth);
}

static void a_records_sum_is_the_digest_of_key_and_value_behind_their_lengths(void **state)
{
    (void)state;
    static const char row[] = "\2\0\0\0\0\0\0\0ab\3\1\0\0\0\0\0\0";
    char bytes[sizeof row - 1 + 259];
    char value[259];
    memset(value, 'v', sizeof value);
    memcpy(bytes, row, sizeof row - 1);
    memcpy(bytes + sizeof row - 1, value, sizeof value);
    struct kf_digest_sum expected = {0};
    kf_digest_sum_add(&expected, bytes, sizeof bytes);
    struct kf_digest_sum sum = kf_digest_sum_of_record("ab", 2, value, sizeof value);
    assert_true(kf_digest_sum_equals(&sum, &expected));
    sum = kf_digest_sum_of_record("abv", 3, value, sizeof value - 1);
    assert_false(kf_digest_sum_equals(&sum, &expected));
}

static void what_was_joined_can_be_parted(void **state)
{
    (void)state;
    const struct kf_digest_sum none = {0};
    struct kf_digest_sum sum = {0};
    struct kf_digest_sum rows = {.high = 3, .low = UINT64_MAX};
    struct kf_digest_sum more = {.high = UINT64_MAX, .low = 2};
    kf_digest_sum_join(&sum, &rows);
    kf_digest_sum_join(&sum, &more);
    assert_true(sum.high == 3 && sum.low == 1); /* a carry, and what goes beyond is dropped */
    kf_digest_sum_part(&sum, &rows);
    assert_true(kf_digest_sum_equals(&sum, &more));
    kf_digest_sum_part(&sum, &more);
    assert_true(kf_digest_sum_equals(&sum, &none));
}

static void a_sum_is_read_as_it_was_printed_and_nothing_else_is(void **state)
{
    (void)state;
    const struct kf_digest_sum sum = {.high = 0x99aa06d3014798d8, .low = 0x0001c324468d497f};
    struct kf_digest_sum read = {0};
    char hex[KF_DIGEST_SIZE];
    kf_digest_sum_print(&sum, hex);
    assert_true(kf_digest_sum_read(&read, hex, sizeof hex - 1));
    assert_true(kf_digest_sum_equals(&read, &sum));
    assert_false(kf_digest_sum_read(&read, hex, sizeof hex - 2));
    assert_false(kf_digest_sum_read(&read, "", 0));
    hex[31] = 'g';
    assert_false(kf_digest_sum_read(&read, hex, sizeof hex - 1));
    hex[31] = '\0';
    assert_false(kf_digest_sum_read(&read, hex, sizeof hex - 1));
    assert_true(kf_digest_sum_equals(&read, &sum));
}

static void without_memory_there_is_no_digest(void **state)
{
    (void)state;
    kf_memory_fail_after(0);
    assert_null(kf_digest_new());
    kf_memory_fail_after(-1);
    kf_digest_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_digest_of_nothing_is_the_published_one),
        cmocka_unit_test(pieces_give_the_digest_of_the_whole),
        cmocka_unit_test(sized_pieces_keep_their_borders),
        cmocka_unit_test(a_sized_piece_is_eight_bytes_lowest_first_and_the_bytes),
        cmocka_unit_test(printing_does_not_end_a_digest),
        cmocka_unit_test(the_sum_of_one_row_is_its_digest_and_of_none_is_0),
        cmocka_unit_test(the_sum_carries_from_low_to_high_and_drops_what_goes_beyond),
        cmocka_unit_test(the_sum_is_the_same_in_any_order_and_counts_what_comes_twice),
        cmocka_unit_test(a_records_sum_is_the_digest_of_key_and_value_behind_their_lengths),
        cmocka_unit_test(what_was_joined_can_be_parted),
        cmocka_unit_test(a_sum_is_read_as_it_was_printed_and_nothing_else_is),
        cmocka_unit_test(without_memory_there_is_no_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
