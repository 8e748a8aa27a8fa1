/* Columns as bytes: worked out by hand, and nothing else is taken for one. */
#include <string.h>

#include "common/base/memory.h"
#include "common/model/cell.h"
#include "services/ingest/store/store_column.h"
#include "tests/support/cmocka.h"

static const struct kf_observation rows[] = {
    {.municipality = 301, .value = 1, .status = KF_CELL_VALUE},
    {.municipality = 10000, .value = 5, .status = KF_CELL_CONFIDENTIAL},
};

/* 301 is 0x012d, 10000 is 0x2710; 1.0 is 0x3ff0000000000000. */
static const unsigned char packed[] = {'K',  'F',  'C', '1', 2,    0,    0,    0,    0x2d, 0x01,
                                       0x10, 0x27, 0,   3,   0x00, 0x00, 0x00, 0x00, 0,    0,
                                       0xf0, 0x3f, 0,   0,   0,    0,    0,    0,    0,    0};

static void the_bytes_are_those_of_the_layout(void **state)
{
    (void)state;
    struct kf_text bytes;
    kf_text_init(&bytes, 1000);
    kf_store_column_pack(rows, 2, &bytes);
    assert_int_equal(bytes.length, sizeof packed);
    assert_memory_equal(bytes.bytes, packed, sizeof packed);
    kf_text_clear(&bytes);
}

static void a_column_is_opened_as_it_was_packed(void **state)
{
    (void)state;
    struct kf_store_column column;
    assert_true(kf_store_column_open(packed, sizeof packed, &column));
    assert_int_equal(column.length, 2);
    assert_int_equal(kf_store_column_row(&column, 0).municipality, 301);
    assert_true(kf_store_column_row(&column, 0).value == 1);
    assert_int_equal(kf_store_column_row(&column, 1).municipality, KF_OBSERVATION_COUNTRY);
    assert_int_equal(kf_store_column_row(&column, 1).status, KF_CELL_CONFIDENTIAL);
}

static void minus_zero_is_zero(void **state)
{
    (void)state;
    struct kf_text one;
    struct kf_text other;
    kf_text_init(&one, 1000);
    kf_text_init(&other, 1000);
    kf_store_column_pack(&(struct kf_observation){.municipality = 301, .value = 0.0}, 1, &one);
    kf_store_column_pack(&(struct kf_observation){.municipality = 301, .value = -0.0}, 1, &other);
    assert_int_equal(one.length, other.length);
    assert_memory_equal(one.bytes, other.bytes, one.length);
    kf_text_clear(&one);
    kf_text_clear(&other);
}

static bool opens_with(size_t at, unsigned char byte)
{
    unsigned char copy[sizeof packed];
    struct kf_store_column column;
    memcpy(copy, packed, sizeof packed);
    copy[at] = byte;
    return kf_store_column_open(copy, sizeof copy, &column);
}

static void what_is_no_column_is_not_opened(void **state)
{
    (void)state;
    struct kf_store_column column;
    for (size_t length = 0; length < sizeof packed; length++) {
        assert_false(kf_store_column_open(packed, length, &column));
    }
    assert_true(opens_with(0, 'K'));
    assert_false(opens_with(0, 'k'));                           /* another kind */
    assert_false(opens_with(3, '2'));                           /* another layout */
    assert_false(opens_with(4, 1));                             /* rows that are not counted */
    assert_false(opens_with(7, 0xff));                          /* more rows than could be */
    assert_false(opens_with(9, 0x28));                          /* 10285: no code */
    assert_false(opens_with(11, 0x01));                         /* 272 after 301 */
    assert_false(opens_with(10, 0x2d) && opens_with(11, 0x01)); /* 301 twice */
    assert_false(opens_with(20, 0xf0) && opens_with(21, 0x7f)); /* infinite */
    assert_false(kf_store_column_open_estimates(packed, sizeof packed, &column));
}

static void estimates_keep_their_regions(void **state)
{
    (void)state;
    const struct kf_estimate one = {.region = "EAKUO", .value = 2};
    const struct kf_estimate other = {.region = "EKG01234567890A", .status = KF_CELL_MISSING};
    const struct kf_estimate *const list[] = {&one, &other};
    const struct kf_estimate *const turned[] = {&other, &one};
    struct kf_store_column column;
    struct kf_text bytes;
    kf_text_init(&bytes, 1000);
    kf_store_column_pack_estimates(list, 2, &bytes);
    assert_int_equal(bytes.length, 8 + 2 * (16 + 1 + 8));
    assert_true(kf_store_column_open_estimates(bytes.bytes, bytes.length, &column));
    assert_string_equal(kf_store_column_estimate(&column, 0).region, "EAKUO");
    assert_string_equal(kf_store_column_estimate(&column, 1).region, "EKG01234567890A");
    assert_true(kf_store_column_estimate(&column, 0).value == 2);
    assert_int_equal(kf_store_column_estimate(&column, 1).status, KF_CELL_MISSING);
    kf_text_reset(&bytes);
    kf_store_column_pack_estimates(turned, 2, &bytes);
    assert_false(kf_store_column_open_estimates(bytes.bytes, bytes.length, &column));
    kf_text_clear(&bytes);
}

static void without_memory_the_text_says_so(void **state)
{
    (void)state;
    struct kf_text bytes;
    kf_text_init(&bytes, 1000);
    kf_memory_fail_after(0);
    kf_store_column_pack(rows, 2, &bytes);
    kf_memory_fail_after(-1);
    assert_true(bytes.failed);
    kf_text_clear(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_are_those_of_the_layout),
        cmocka_unit_test(a_column_is_opened_as_it_was_packed),
        cmocka_unit_test(minus_zero_is_zero),
        cmocka_unit_test(what_is_no_column_is_not_opened),
        cmocka_unit_test(estimates_keep_their_regions),
        cmocka_unit_test(without_memory_the_text_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
