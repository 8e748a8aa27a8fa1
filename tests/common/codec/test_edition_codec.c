/* That every field arrives is tested by the golden bytes; here, what must be refused. */
#include <math.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/codec/edition_codec.h"
#include "common/codec/unpack.h"
#include "tests/golden_bytes/golden_model.h"
#include "tests/support/cmocka.h"

struct fixture {
    struct kf_panel *panel;
    struct kf_arena *arena;
    Kf__V1__Edition *message;
};

static int open_fixture(void **state)
{
    static struct fixture fixture;
    fixture.panel = golden_panel();
    fixture.arena = kf_arena_new(1024 * 1024);
    struct kf_scratch scratch = {.arena = fixture.arena};
    fixture.message = kf_edition_to_message(fixture.panel->edition, &scratch);
    *state = &fixture;
    return fixture.message ? 0 : -1;
}

static int close_fixture(void **state)
{
    struct fixture *fixture = *state;
    kf_panel_destroy(&fixture->panel);
    kf_arena_destroy(&fixture->arena);
    return 0;
}

static void assert_result(struct fixture *fixture, enum kf_err expected)
{
    const struct kf_edition *edition = NULL;
    struct kf_error err = {0};
    assert_int_equal(kf_edition_from_message(fixture->message, fixture->arena, &edition, &err),
                     expected);
    assert_int_equal(edition != NULL, expected == KF_OK);
}

static void the_message_is_whole(void **state)
{
    assert_result(*state, KF_OK);
}

static void an_edition_without_an_id_or_population_is_refused(void **state)
{
    struct fixture *fixture = *state;
    fixture->message->id = kf_borrow("");
    assert_result(fixture, KF_ERR_DATA);
    fixture->message->id = kf_borrow("prove");
    fixture->message->population = kf_borrow("");
    assert_result(fixture, KF_ERR_DATA);
}

static void a_scale_must_be_positive(void **state)
{
    struct fixture *fixture = *state;
    const double bad[] = {0, -1, NAN, INFINITY};
    for (size_t i = 0; i < 4; i++) {
        fixture->message->scale = bad[i];
        assert_result(fixture, KF_ERR_DATA);
    }
}

static void unknown_rules_are_refused(void **state)
{
    struct fixture *fixture = *state;
    fixture->message->missing = (Kf__V1__MissingRule)2;
    assert_result(fixture, KF_ERR_DATA);
    fixture->message->missing = KF__V1__MISSING_RULE__MISSING_RULE_MINIMUM;
    Kf__V1__Indicator *indicator = fixture->message->sectors[0]->indicators[1];
    indicator->per = (Kf__V1__Per)5;
    assert_result(fixture, KF_ERR_DATA);
    indicator->per = KF__V1__PER__PER_UNSPECIFIED;
    assert_result(fixture, KF_ERR_DATA);
    indicator->per = KF__V1__PER__PER_VARIABLE; /* which needs a variable */
    assert_result(fixture, KF_ERR_DATA);
}

static void weights_must_be_finite(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Sector *sector = fixture->message->sectors[0];
    double *weights[] = {&sector->weight, &sector->need_weight, &sector->indicators[0]->weight,
                         &sector->criteria[0]->weight, &fixture->message->change->no_change};
    for (size_t i = 0; i < sizeof weights / sizeof weights[0]; i++) {
        double before = *weights[i];
        *weights[i] = NAN;
        assert_result(fixture, KF_ERR_DATA);
        *weights[i] = before;
    }
    assert_result(fixture, KF_OK);
}

static void names_that_are_keys_must_be_there(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Sector *sector = fixture->message->sectors[0];
    char **names[] = {&sector->id, &sector->indicators[0]->id, &sector->indicators[0]->variable,
                      &sector->criteria[0]->id};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *before = *names[i];
        *names[i] = kf_borrow("");
        assert_result(fixture, KF_ERR_DATA);
        *names[i] = before;
    }
    assert_result(fixture, KF_OK);
}

static void a_digest_that_is_too_long_is_refused(void **state)
{
    struct fixture *fixture = *state;
    fixture->message->digest = kf_borrow("0123456789abcdef0123456789abcdef0");
    assert_result(fixture, KF_ERR_DATA);
}

static void counts_beyond_the_limits_are_refused(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Sector *many[KF_SECTORS_MAX + 1];
    for (size_t i = 0; i <= KF_SECTORS_MAX; i++) {
        many[i] = fixture->message->sectors[0];
    }
    fixture->message->sectors = many;
    fixture->message->n_sectors = KF_SECTORS_MAX;
    assert_result(fixture, KF_OK);
    fixture->message->n_sectors = KF_SECTORS_MAX + 1;
    assert_result(fixture, KF_ERR_LIMIT);
    fixture->message->n_sectors = 1;

    Kf__V1__Sector *sector = many[0];
    Kf__V1__Indicator *indicators[KF_INDICATORS_MAX + 1];
    for (size_t i = 0; i <= KF_INDICATORS_MAX; i++) {
        indicators[i] = sector->indicators[0];
    }
    sector->indicators = indicators;
    sector->n_indicators = KF_INDICATORS_MAX + 1;
    assert_result(fixture, KF_ERR_LIMIT);
    sector->n_indicators = 1;

    Kf__V1__Criterion *criteria[KF_CRITERIA_MAX + 1];
    for (size_t i = 0; i <= KF_CRITERIA_MAX; i++) {
        criteria[i] = sector->criteria[0];
    }
    sector->criteria = criteria;
    sector->n_criteria = KF_CRITERIA_MAX + 1;
    assert_result(fixture, KF_ERR_LIMIT);
}

static void parts_that_are_absent_are_empty(void **state)
{
    struct fixture *fixture = *state;
    struct kf_error err = {0};
    const struct kf_edition *edition = NULL;
    fixture->message->title = NULL;
    fixture->message->expenditure = NULL;
    fixture->message->change = NULL;
    assert_int_equal(kf_edition_from_message(fixture->message, fixture->arena, &edition, &err),
                     KF_OK);
    assert_string_equal(edition->title.nb, "");
    assert_string_equal(edition->expenditure.given, "");
    assert_string_equal(edition->expenditure.wages, "");
    assert_int_equal(edition->expenditure.minus_len, 0);
    assert_string_equal(edition->change.production, "");
}

static void every_failing_piece_of_memory_is_told(void **state)
{
    struct fixture *fixture = *state;
    bool written = false;
    bool read = false;
    for (size_t bytes_max = 0; !written || !read; bytes_max += 16) {
        struct kf_arena *arena = kf_arena_new(bytes_max);
        struct kf_scratch scratch = {.arena = arena};
        written = kf_edition_to_message(fixture->panel->edition, &scratch) != NULL;
        assert_int_equal(kf_scratch_result(&scratch, NULL), written ? KF_OK : KF_ERR_MEMORY);
        kf_arena_destroy(&arena);

        arena = kf_arena_new(bytes_max);
        const struct kf_edition *edition = NULL;
        enum kf_err code = kf_edition_from_message(fixture->message, arena, &edition, NULL);
        read = code == KF_OK;
        assert_true(read ? edition != NULL : code == KF_ERR_MEMORY && !edition);
        kf_arena_destroy(&arena);
        assert_true(bytes_max < 64 * 1024);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_message_is_whole),
        TEST(an_edition_without_an_id_or_population_is_refused),
        TEST(a_scale_must_be_positive),
        TEST(unknown_rules_are_refused),
        TEST(weights_must_be_finite),
        TEST(names_that_are_keys_must_be_there),
        TEST(a_digest_that_is_too_long_is_refused),
        TEST(counts_beyond_the_limits_are_refused),
        TEST(parts_that_are_absent_are_empty),
        TEST(every_failing_piece_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
