#include "tools/kf/top_denied.h"

#include "tests/support/cmocka.h"

static void a_denial_is_told_until_there_was_none_for_a_while(void **state)
{
    (void)state;
    struct kf_top_denied denied = {{0}, 0};
    assert_string_equal(kf_top_denied_text(&denied, 0), "");
    kf_top_denied_note(&denied, "tcp://10.0.0.2:5701", "the key is another", 1000);
    assert_string_equal(kf_top_denied_text(&denied, 1000),
                        "tcp://10.0.0.2:5701: the key is another");
    kf_top_denied_note(&denied, "tcp://10.0.0.3:5701", "it closed", 3000);
    assert_string_equal(kf_top_denied_text(&denied, 2999 + KF_TOP_DENIED_MS),
                        "tcp://10.0.0.3:5701: it closed");
    assert_string_equal(kf_top_denied_text(&denied, 3000 + KF_TOP_DENIED_MS), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_denial_is_told_until_there_was_none_for_a_while),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
