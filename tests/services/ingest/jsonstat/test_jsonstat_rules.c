/* What may stand where. */
#include "tests/support/cmocka.h"

#include "services/ingest/jsonstat/jsonstat_rules.h"

static void every_place_has_a_rule_for_what_it_does_not_know(void **state)
{
    (void)state;
    for (int place = KF_JSONSTAT_SKIPPED; place <= KF_JSONSTAT_DIMENSION_EXTENSION; place++) {
        const struct kf_jsonstat_rule *rule =
            kf_jsonstat_rule_of((enum kf_jsonstat_place)place, "?", KF_JSON_OBJECT);
        assert_int_equal(rule->in, place);
        assert_null(rule->member);
        assert_true(kf_jsonstat_expected(rule)[0] != '\0');
    }
}

static void members_are_known_in_their_place_only(void **state)
{
    (void)state;
    assert_int_equal(kf_jsonstat_rule_of(KF_JSONSTAT_DOCUMENT, "value", KF_JSON_ARRAY)->place,
                     KF_JSONSTAT_VALUES);
    assert_int_equal(kf_jsonstat_rule_of(KF_JSONSTAT_CATEGORIES, "value", KF_JSON_ARRAY)->place,
                     KF_JSONSTAT_SKIPPED);
}

static void id_in_dimension_is_a_list_or_a_dimension(void **state)
{
    (void)state;
    assert_int_equal(kf_jsonstat_rule_of(KF_JSONSTAT_DIMENSIONS, "id", KF_JSON_ARRAY)->place,
                     KF_JSONSTAT_IDS);
    assert_int_equal(kf_jsonstat_rule_of(KF_JSONSTAT_DIMENSIONS, "id", KF_JSON_OBJECT)->place,
                     KF_JSONSTAT_ONE_DIMENSION);
    assert_int_equal(kf_jsonstat_rule_of(KF_JSONSTAT_DIMENSIONS, "role", KF_JSON_OBJECT)->place,
                     KF_JSONSTAT_ROLES);
}

static void rules_take_their_kinds_only(void **state)
{
    (void)state;
    const struct kf_jsonstat_rule *value =
        kf_jsonstat_rule_of(KF_JSONSTAT_VALUES, NULL, KF_JSON_NUMBER);
    assert_true(kf_jsonstat_takes(value, KF_JSON_NUMBER));
    assert_true(kf_jsonstat_takes(value, KF_JSON_NULL));
    assert_false(kf_jsonstat_takes(value, KF_JSON_TEXT));
    assert_false(kf_jsonstat_takes(value, KF_JSON_TRUE));
    assert_string_equal(kf_jsonstat_expected(value), "a number");
    const struct kf_jsonstat_rule *sizes =
        kf_jsonstat_rule_of(KF_JSONSTAT_DOCUMENT, "size", KF_JSON_NULL);
    assert_false(kf_jsonstat_takes(sizes, KF_JSON_NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_place_has_a_rule_for_what_it_does_not_know),
        cmocka_unit_test(members_are_known_in_their_place_only),
        cmocka_unit_test(id_in_dimension_is_a_list_or_a_dimension),
        cmocka_unit_test(rules_take_their_kinds_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
