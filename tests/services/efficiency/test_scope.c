#include "tests/support/cmocka.h"

#include "services/efficiency/scope.h"
#include "tests/services/efficiency/given.h"

static const struct kf_scope whole = {.id = KF_SECTOR_TOTAL};
static const struct kf_scope with_administration = {.id = KF_SECTOR_TOTAL_WITH_ADMINISTRATION,
                                                    .administration = true};

static void scopes_are_the_sectors_and_one_whole_or_two(void **state)
{
    (void)state;
    struct kf_panel *panel = given_sectors();
    struct kf_scope scopes[KF_SCOPES_MAX];
    assert_int_equal(kf_scopes_of(panel->edition, scopes), 5);
    assert_string_equal(scopes[0].id, "skole");
    assert_string_equal(scopes[3].id, "total");
    assert_string_equal(scopes[4].id, "total_with_administration");
    assert_string_equal(kf_scope_production(&scopes[4]), "total");
    fixture_edition(panel)->sectors[2].administration = false;
    assert_int_equal(kf_scopes_of(panel->edition, scopes), 4);
    kf_panel_destroy(&panel);
}

static void the_whole_holds_what_produces_and_administration_where_it_is_asked_for(void **state)
{
    (void)state;
    struct kf_panel *panel = given_sectors();
    const struct kf_sector *list = panel->edition->sectors;
    assert_true(kf_scope_holds(&whole, &list[0]));
    assert_false(kf_scope_holds(&whole, &list[1]));
    assert_false(kf_scope_holds(&whole, &list[2]));
    assert_true(kf_scope_holds(&with_administration, &list[0]));
    assert_false(kf_scope_holds(&with_administration, &list[1]));
    assert_true(kf_scope_holds(&with_administration, &list[2]));
    kf_panel_destroy(&panel);
}

static void a_published_need_index_is_a_key(void **state)
{
    (void)state;
    struct kf_panel *panel = given_sectors();
    struct kf_edition *edition = fixture_edition(panel);
    struct kf_scope school = {.id = "skole", .sector = &edition->sectors[0]};
    assert_false(kf_scope_has_key(edition, &school));
    edition->sectors[0].published_need = "dki_skole";
    assert_true(kf_scope_has_key(edition, &school));
    for (size_t s = 0; s < edition->sectors_len; s++) {
        edition->sectors[s].need_weight = 0;
    }
    assert_false(kf_scope_has_key(edition, &whole));
    edition->published_need = "dki";
    assert_true(kf_scope_has_key(edition, &whole));
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scopes_are_the_sectors_and_one_whole_or_two),
        cmocka_unit_test(the_whole_holds_what_produces_and_administration_where_it_is_asked_for),
        cmocka_unit_test(a_published_need_index_is_a_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
