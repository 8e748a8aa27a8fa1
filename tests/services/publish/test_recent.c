#include "services/publish/recent.h"

#include <stdio.h>

#include "tests/support/cmocka.h"

static struct kf_receipt closing(unsigned number)
{
    struct kf_receipt receipt = {.state = KF_RECEIPT_COMMITTED, .rows = number};

    (void)snprintf(receipt.release, sizeof receipt.release, "%032x", number);
    return receipt;
}

static void nothing_is_remembered_at_first(void **state)
{
    const struct kf_recent recent = {0};

    (void)state;
    assert_null(kf_recent_find(&recent, "00000000000000000000000000000001"));
    assert_null(kf_recent_find(&recent, ""));
}

static void the_last_eight_releases_are_remembered_and_older_ones_forgotten(void **state)
{
    struct kf_recent recent = {0};

    (void)state;
    for (unsigned number = 1; number <= KF_RECENT_MAX + 1; number++) {
        const struct kf_receipt receipt = closing(number);
        kf_recent_add(&recent, &receipt, NULL);
    }
    assert_null(kf_recent_find(&recent, "00000000000000000000000000000001"));
    const struct kf_receipt *second = kf_recent_find(&recent, "00000000000000000000000000000002");
    assert_non_null(second);
    assert_int_equal(second->rows, 2);
    assert_non_null(kf_recent_find(&recent, "00000000000000000000000000000009"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_remembered_at_first),
        cmocka_unit_test(the_last_eight_releases_are_remembered_and_older_ones_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
