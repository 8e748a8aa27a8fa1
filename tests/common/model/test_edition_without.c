#include "tests/support/cmocka.h"

#include <string.h>

#include "common/model/edition.h"

/* Pensions are adjusted in both sectors, county tasks in the second. */
static struct kf_adjustment school[] = {{.id = "pensjon"}, {.id = "private"}};
static struct kf_adjustment care[] = {{.id = "fylke"}, {.id = "pensjon"}};
static struct kf_sector sectors[] = {
    {.id = "skole", .resources = {.adjustments = school, .adjustments_len = 2}},
    {.id = "omsorg", .resources = {.adjustments = care, .adjustments_len = 2}},
    {.id = "kirke"},
};
static const struct kf_edition edition = {.id = "bruk", .sectors = sectors, .sectors_len = 3};
static const struct kf_edition plain = {.id = "enkel", .sectors = &sectors[2], .sectors_len = 1};

static enum kf_err without(const struct kf_edition *from, const char *id, struct kf_arena *arena,
                           const struct kf_edition **made, struct kf_error *err)
{
    return kf_edition_without(from, &id, 1, arena, made, err);
}

static void an_adjustment_is_taken_out_of_every_sector(void **state)
{
    (void)state;
    struct kf_arena *arena = kf_arena_new(1024 * 1024);
    const struct kf_edition *made = NULL;
    struct kf_error err = {0};
    assert_int_equal(without(&edition, "pensjon", arena, &made, &err), KF_OK);
    assert_string_equal(made->id, "bruk");
    assert_int_equal(made->sectors[0].resources.adjustments_len, 1);
    assert_string_equal(made->sectors[0].resources.adjustments[0].id, "private");
    assert_int_equal(made->sectors[1].resources.adjustments_len, 1);
    assert_string_equal(made->sectors[1].resources.adjustments[0].id, "fylke");
    assert_int_equal(made->sectors[2].resources.adjustments_len, 0);
    kf_arena_destroy(&arena);
}

static void the_edition_itself_stays_as_it_was(void **state)
{
    (void)state;
    struct kf_arena *arena = kf_arena_new(1024 * 1024);
    const struct kf_edition *made = NULL;
    struct kf_error err = {0};
    assert_int_equal(without(&edition, "fylke", arena, &made, &err), KF_OK);
    assert_int_equal(edition.sectors[1].resources.adjustments_len, 2);
    assert_string_equal(edition.sectors[1].resources.adjustments[0].id, "fylke");
    kf_arena_destroy(&arena);
}

static void an_unknown_name_is_told_with_those_there_are(void **state)
{
    (void)state;
    struct kf_arena *arena = kf_arena_new(1024 * 1024);
    const struct kf_edition *made = NULL;
    struct kf_error err = {0};
    assert_int_equal(without(&edition, "pensjo", arena, &made, &err), KF_ERR_CONFIG);
    assert_null(made);
    assert_string_equal(
        err.text, "pensjo is no adjustment of edition bruk, which has: pensjon, private, fylke");
    err = (struct kf_error){0};
    assert_int_equal(without(&plain, "pensjon", arena, &made, &err), KF_ERR_CONFIG);
    assert_string_equal(err.text, "pensjon: edition enkel has no adjustments");
    kf_arena_destroy(&arena);
}

static void a_full_arena_is_told(void **state)
{
    (void)state;
    struct kf_arena *arena = kf_arena_new(64);
    const struct kf_edition *made = NULL;
    struct kf_error err = {0};
    assert_int_equal(without(&edition, "pensjon", arena, &made, &err), KF_ERR_MEMORY);
    assert_null(made);
    kf_arena_destroy(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_adjustment_is_taken_out_of_every_sector),
        cmocka_unit_test(the_edition_itself_stays_as_it_was),
        cmocka_unit_test(an_unknown_name_is_told_with_those_there_are),
        cmocka_unit_test(a_full_arena_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
