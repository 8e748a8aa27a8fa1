/* Against the editions that come along. */
#include "tests/support/cmocka.h"

#include <string.h>

#include "services/board/api/names.h"
#include "tests/support/catalogue_fixture.h"

static const char *english(const char *edition, const char *id)
{
    struct kf_name name;
    const struct kf_edition *found = edition ? kf_catalogue_find(fixture_catalogue, edition) : NULL;
    assert_true(!edition || found);
    return kf_names_find(found, fixture_catalogue->variables, id, &name) ? name.en : NULL;
}

static void what_an_edition_names_is_found(void **state)
{
    (void)state;
    assert_non_null(english("need-2026", "barnehage"));
    assert_non_null(english("resource-use-lorenskog", "barnehage"));
    assert_null(english("need-2026", "no_such_thing"));
}

static void a_variable_is_called_as_in_the_register(void **state)
{
    (void)state;
    const struct kf_variable *variable =
        kf_variables_find(fixture_catalogue->variables, "innb_0", 6);
    assert_non_null(variable);
    assert_string_equal(english(NULL, "innb_0"), variable->name_en);
}

static void count_without_name(void *context, const char *id, const struct kf_name *name)
{
    size_t *counts = context;
    counts[0]++;
    counts[1] += id[0] == '\0' || name->nb[0] == '\0' || name->en[0] == '\0' ? 1 : 0;
}

static void every_name_of_every_edition_is_there_in_both_languages(void **state)
{
    (void)state;
    size_t counts[2] = {0};
    for (size_t i = 0; i < fixture_catalogue->editions_len; i++) {
        kf_names_each(fixture_catalogue->editions[i], fixture_catalogue->variables,
                      count_without_name, counts);
    }
    assert_true(counts[0] > 500);
    assert_int_equal(counts[1], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_an_edition_names_is_found),
        cmocka_unit_test(a_variable_is_called_as_in_the_register),
        cmocka_unit_test(every_name_of_every_edition_is_there_in_both_languages),
    };
    return cmocka_run_group_tests(tests, fixture_catalogue_open, fixture_catalogue_close);
}
