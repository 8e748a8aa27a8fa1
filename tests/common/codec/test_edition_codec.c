/* That every field arrives is tested by the golden bytes too; here, what must be refused. */
#include "edition_message.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/codec/unpack.h"
#include "common/model/catalogue.h"
#include "tests/golden_bytes/same_panel.h"
#include "tests/support/cmocka.h"

static void an_edition_comes_back_as_it_went(void **state)
{
    struct fixture *fixture = *state;
    const struct kf_edition *edition = NULL;
    assert_int_equal(kf_edition_from_message(fixture->message, fixture->arena, &edition, NULL),
                     KF_OK);
    assert_same_edition(edition, fixture->panel->edition);
    assert_string_equal(edition->extends, "");
    assert_string_equal(edition->group.nb, "");
}

/* --- texts that must be there ---------------------------------------------------------------- */

static void names_that_are_keys_must_be_there(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Edition *message = fixture->message;
    Kf__V1__Sector *sector = message->sectors[0];
    const struct {
        char **name;
        const char *told;
    } cases[] = {
        {&message->id, "lacks its id"},
        {&sector->id, "sector \"\" lacks"},
        {&sector->indicators[0]->id, "lacks its id or variable"},
        {&sector->indicators[0]->numerator[1]->variable, "timer_per_elev has a sum"},
        {&sector->indicators[0]->denominator[0]->variable, "timer_per_elev has a sum"},
        {&sector->criteria[0]->id, "criterion"},
        {&sector->weighting->parts[3]->amount[1]->variable, "grunnskole has a sum"},
        {&sector->expenditure->gross[0]->variable, "grunnskole has a sum"},
        {&message->expenditure->minus[1]->variable, "prove-2010 has a sum"},
        {&message->expenditure->payroll_costs[0]->variable, "prove-2010 has a sum"},
        {&message->expenditure->wages[0]->variable, "prove-2010 has a sum"},
        {&message->deflators[1]->sectors[0]->sector, "deflator of 2010"},
        {&message->corrections[0]->id, "correction \"\""},
        {&message->corrections[0]->outcome, "correction \"skole\""},
        {&message->corrections[0]->regressors[1], "correction \"skole\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *before = *cases[i].name;
        *cases[i].name = kf_borrow("");
        assert_result(fixture, KF_ERR_DATA, cases[i].told);
        *cases[i].name = before;
    }
    assert_result(fixture, KF_OK, "");
}

static void references_must_lead_somewhere(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Sector *sector = fixture->message->sectors[0];
    const struct {
        char **name;
        const char *value;
        const char *told;
    } cases[] = {
        {&sector->indicators[1]->per_sector, "barnehage", "need-corrected population"},
        {&sector->indicators[1]->per_sector, "", "need-corrected population"},
        {&sector->indicators[0]->per_sector, "grunnskole", "need-corrected population"},
        {&sector->indicators[0]->correction, "barnehage", "correction that the edition lacks"},
        {&sector->weighting->parts[3]->item, "barnehage", "timer_per_elev does not stand once"},
        {&sector->weighting->parts[3]->item, "plasser", "timer_per_elev does not stand once"},
        {&fixture->message->weighting->parts[1]->item, "administrasjon",
         "grunnskole does not stand once"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *before = *cases[i].name;
        *cases[i].name = kf_borrow(cases[i].value);
        assert_result(fixture, KF_ERR_DATA, cases[i].told);
        *cases[i].name = before;
    }
    assert_result(fixture, KF_OK, "");
}

static void ids_stand_once_in_their_list(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Edition *message = fixture->message;
    Kf__V1__Sector *sector = message->sectors[0];
    char **ids[] = {&sector->indicators[1]->id, &sector->criteria[1]->id, &message->sectors[2]->id};
    const char *firsts[] = {sector->indicators[0]->id, sector->criteria[0]->id, sector->id};
    const char *told[] = {"two indicators", "two criteria", "two sectors"};
    for (size_t i = 0; i < 3; i++) {
        char *before = *ids[i];
        *ids[i] = kf_borrow(firsts[i]);
        assert_result(fixture, KF_ERR_DATA, told[i]);
        *ids[i] = before;
    }
    Kf__V1__Correction *twice[] = {message->corrections[0], message->corrections[0]};
    message->corrections = twice;
    message->n_corrections = 2;
    assert_result(fixture, KF_ERR_DATA, "two corrections");
}

static void a_digest_that_is_too_long_is_refused(void **state)
{
    struct fixture *fixture = *state;
    fixture->message->digest = kf_borrow("0123456789abcdef0123456789abcdef0");
    assert_result(fixture, KF_ERR_DATA, "digest");
}

/* --- numbers --------------------------------------------------------------------------------- */

static void a_scale_must_be_positive(void **state)
{
    struct fixture *fixture = *state;
    const double bad[] = {0, -1, NAN, INFINITY};
    for (size_t i = 0; i < 4; i++) {
        fixture->message->scale = bad[i];
        assert_result(fixture, KF_ERR_DATA, "scale");
    }
}

static void numbers_must_be_finite(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Edition *message = fixture->message;
    Kf__V1__Sector *sector = message->sectors[0];
    double *numbers[] = {
        &sector->weight,
        &sector->need_weight,
        &sector->indicators[0]->weight,
        &sector->indicators[0]->whole,
        &sector->indicators[0]->numerator[0]->factor,
        &sector->indicators[0]->denominator[0]->factor,
        &sector->criteria[0]->weight,
        &sector->weighting->parts[1]->share,
        &sector->weighting->parts[3]->amount[0]->factor,
        &sector->expenditure->gross[0]->factor,
        &message->spread,
        &message->change->no_change,
        &message->deflators[0]->wages_percent,
        &message->deflators[0]->prices_percent,
        &message->deflators[1]->sectors[0]->wages_percent,
    };
    const double bad[] = {NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        double before = *numbers[i];
        for (size_t b = 0; b < 3; b++) {
            *numbers[i] = bad[b];
            assert_result(fixture, KF_ERR_DATA, "");
        }
        *numbers[i] = before;
    }
    assert_result(fixture, KF_OK, "");
}

static void numbers_must_be_possible(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Edition *message = fixture->message;
    const struct {
        double *number;
        double value;
        const char *told;
    } cases[] = {
        {&message->sectors[0]->weight, -0.5, "finite weight"},
        {&message->sectors[0]->indicators[0]->weight, -0.5, "finite weight"},
        {&message->sectors[0]->indicators[1]->whole, 10, "complement"},
        {&message->spread, 0, "spread"},
        {&message->deflators[0]->wages_percent, -100, "deflator of 2009"},
        {&message->deflators[0]->prices_percent, -101, "deflator of 2009"},
        {&message->deflators[1]->sectors[0]->wages_percent, -100, "deflator of 2010"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double before = *cases[i].number;
        *cases[i].number = cases[i].value;
        assert_result(fixture, KF_ERR_DATA, cases[i].told);
        *cases[i].number = before;
    }
    message->normalization = KF__V1__NORMALIZATION__NORMALIZATION_MEAN; /* takes no spread */
    assert_result(fixture, KF_ERR_DATA, "spread");
}

static void deflators_ascend_within_the_years_of_editions(void **state)
{
    struct fixture *fixture = *state;
    const int32_t bad[] = {2010, 2011, KF_EDITION_YEAR_MIN - 1, INT32_MIN};
    for (size_t i = 0; i < 4; i++) {
        fixture->message->deflators[0]->year = bad[i];
        assert_result(fixture, KF_ERR_DATA, "deflator");
    }
    fixture->message->deflators[0]->year = 2009;
    fixture->message->deflators[1]->year = KF_EDITION_YEAR_MAX + 1;
    assert_result(fixture, KF_ERR_DATA, "deflator");
}

/* --- rules ----------------------------------------------------------------------------------- */

#define ASSERT_RULE(fixture, rule, last)                                                           \
    do {                                                                                           \
        int before = (int)(rule);                                                                  \
        memcpy(&(rule), &(int){0}, sizeof(int));                                                   \
        assert_result(fixture, KF_ERR_DATA, "");                                                   \
        memcpy(&(rule), &(int){(last) + 1}, sizeof(int));                                          \
        assert_result(fixture, KF_ERR_DATA, "");                                                   \
        memcpy(&(rule), &(int){-1}, sizeof(int));                                                  \
        assert_result(fixture, KF_ERR_DATA, "");                                                   \
        memcpy(&(rule), &before, sizeof(int));                                                     \
    } while (0)

static void unknown_rules_are_refused(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Edition *message = fixture->message;
    Kf__V1__Indicator *indicator = message->sectors[0]->indicators[1];
    Kf__V1__Weighting *weighting = message->sectors[0]->weighting;
    ASSERT_RULE(fixture, message->missing, KF_MISSING_LATEST);
    ASSERT_RULE(fixture, message->reference, KF_REFERENCE_COUNTRY);
    ASSERT_RULE(fixture, message->normalization, KF_NORMALIZE_STANDARDIZED);
    ASSERT_RULE(fixture, message->composition, KF_COMPOSE_PRODUCT);
    ASSERT_RULE(fixture, indicator->missing, KF_MISSING_LATEST);
    ASSERT_RULE(fixture, indicator->aspect, KF_ASPECT_QUALITY);
    ASSERT_RULE(fixture, indicator->per, KF_PER_TERMS);
    ASSERT_RULE(fixture, weighting->parts[1]->rule, KF_WEIGHT_RESOURCE);
    ASSERT_RULE(fixture, weighting->closure, KF_CLOSURE_REMAINDER);
    assert_result(fixture, KF_OK, "");
}

static void a_denominator_stands_where_it_divides(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Indicator *indicator = fixture->message->sectors[0]->indicators[0];
    indicator->n_denominator = 0;
    assert_result(fixture, KF_ERR_DATA, "denominator");
    indicator->n_denominator = 2;
    indicator->per = KF__V1__PER__PER_POPULATION;
    assert_result(fixture, KF_ERR_DATA, "denominator");
    indicator->per = KF__V1__PER__PER_TERMS;
    indicator->n_numerator = 0;
    assert_result(fixture, KF_ERR_DATA, "variable");
}

static void a_published_expenditure_excludes_accounts(void **state)
{
    struct fixture *fixture = *state;
    fixture->message->sectors[0]->expenditure->given = kf_borrow("utgift");
    assert_result(fixture, KF_ERR_DATA, "the expenditure of grunnskole is both");
}

/* --- counts ---------------------------------------------------------------------------------- */

/* Counts are seen before anything is read: the lists need not be that long. */
static void counts_beyond_the_limits_are_refused(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Edition *message = fixture->message;
    Kf__V1__Sector *sector = message->sectors[0];
    const struct {
        size_t *count;
        size_t maximum;
        const char *what;
    } cases[] = {
        {&message->n_sectors, KF_SECTORS_MAX, "sectors"},
        {&message->n_deflators, KF_DEFLATORS_MAX, "deflators"},
        {&message->n_corrections, KF_CORRECTIONS_MAX, "corrections"},
        {&message->deflators[1]->n_sectors, KF_SECTORS_MAX, "deflated sectors"},
        {&message->corrections[0]->n_regressors, KF_REGRESSORS_MAX, "regressors"},
        {&message->expenditure->n_gross, KF_TERMS_MAX, "terms"},
        {&message->expenditure->n_minus, KF_TERMS_MAX, "terms"},
        {&message->expenditure->n_payroll_costs, KF_TERMS_MAX, "terms"},
        {&message->expenditure->n_wages, KF_TERMS_MAX, "terms"},
        {&sector->n_indicators, KF_INDICATORS_MAX, "indicators"},
        {&sector->n_criteria, KF_CRITERIA_MAX, "criteria"},
        {&sector->indicators[0]->n_numerator, KF_TERMS_MAX, "terms"},
        {&sector->indicators[0]->n_denominator, KF_TERMS_MAX, "terms"},
        {&sector->weighting->n_parts, KF_WEIGHT_PARTS_MAX, "parts"},
        {&sector->weighting->parts[3]->n_amount, KF_TERMS_MAX, "terms"},
        {&sector->expenditure->n_gross, KF_TERMS_MAX, "terms"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t before = *cases[i].count;
        *cases[i].count = cases[i].maximum + 1;
        assert_result(fixture, KF_ERR_LIMIT, cases[i].what);
        *cases[i].count = before;
    }
    assert_result(fixture, KF_OK, "");
}

static void counts_at_the_limits_are_taken(void **state)
{
    struct fixture *fixture = *state;
    Kf__V1__Sector *sector = fixture->message->sectors[0];
    Kf__V1__Criterion criteria[KF_CRITERIA_MAX];
    Kf__V1__Criterion *list[KF_CRITERIA_MAX];
    Kf__V1__Term *terms[KF_TERMS_MAX];
    char ids[KF_CRITERIA_MAX][8];
    for (size_t i = 0; i < KF_CRITERIA_MAX; i++) {
        (void)snprintf(ids[i], sizeof ids[i], "c%zu", i);
        criteria[i] = *sector->criteria[0];
        criteria[i].id = ids[i];
        list[i] = &criteria[i];
    }
    for (size_t i = 0; i < KF_TERMS_MAX; i++) {
        terms[i] = sector->indicators[0]->numerator[0];
    }
    sector->criteria = list;
    sector->n_criteria = KF_CRITERIA_MAX;
    sector->indicators[0]->numerator = terms;
    sector->indicators[0]->n_numerator = KF_TERMS_MAX;
    assert_result(fixture, KF_OK, "");
}

static void parts_that_are_absent_are_empty(void **state)
{
    struct fixture *fixture = *state;
    struct kf_error err = {0};
    const struct kf_edition *edition = NULL;
    fixture->message->title = NULL;
    fixture->message->expenditure = NULL;
    fixture->message->change = NULL;
    fixture->message->weighting = NULL;
    fixture->message->sectors[0]->name = NULL;
    fixture->message->sectors[0]->weighting = NULL;
    fixture->message->sectors[1]->expenditure = NULL;
    assert_int_equal(kf_edition_from_message(fixture->message, fixture->arena, &edition, &err),
                     KF_OK);
    assert_string_equal(edition->title.nb, "");
    assert_string_equal(edition->expenditure.given, "");
    assert_int_equal(edition->expenditure.wages.count, 0);
    assert_int_equal(edition->expenditure.minus.count, 0);
    assert_string_equal(edition->change.production, "");
    assert_false(edition->change.computed);
    assert_string_equal(edition->sectors[0].name.en, "");
    assert_string_equal(edition->sectors[1].expenditure.given, "");
    assert_int_equal(edition->sectors[0].weighting.parts_len, 0);
    assert_int_equal(edition->sectors[0].weighting.closure, KF_CLOSURE_NONE);
    assert_int_equal(edition->weighting.closure, KF_CLOSURE_NONE);
}

/* What the reader makes of an edition is what the codec takes. */
static void every_edition_of_the_project_travels(void **state)
{
    (void)state;
    static struct kf_findings findings;
    struct kf_catalogue *catalogue = NULL;
    struct kf_error err = {.text = ""};
    kf_findings_init(&findings);
    assert_int_equal(kf_catalogue_read(KF_SOURCE_DIR "/editions", &catalogue, &findings, &err),
                     KF_OK);
    assert_true(catalogue->editions_len > 0);
    for (size_t i = 0; i < catalogue->editions_len; i++) {
        struct kf_arena *arena = kf_arena_new(8 * 1024 * 1024);
        struct kf_scratch scratch = {.arena = arena};
        const struct kf_edition *arrived = NULL;
        Kf__V1__Edition *message = kf_edition_to_message(catalogue->editions[i], &scratch);
        assert_non_null(message);
        if (kf_edition_from_message(message, arena, &arrived, &err) != KF_OK) {
            fail_msg("%s: %s", catalogue->editions[i]->id, err.text);
        }
        assert_same_edition(arrived, catalogue->editions[i]);
        kf_arena_destroy(&arena);
    }
    kf_catalogue_destroy(&catalogue);
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
        assert_int_equal(kf_scratch_result(&scratch, NULL), written ? KF_OK : KF_ERR_LIMIT);
        kf_arena_destroy(&arena);

        arena = kf_arena_new(bytes_max);
        const struct kf_edition *edition = NULL;
        enum kf_err code = kf_edition_from_message(fixture->message, arena, &edition, NULL);
        read = code == KF_OK;
        assert_true(read ? edition != NULL : code == KF_ERR_LIMIT && !edition);
        kf_arena_destroy(&arena);
        assert_true(bytes_max < 64 * 1024);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_edition_comes_back_as_it_went),
        TEST(names_that_are_keys_must_be_there),
        TEST(references_must_lead_somewhere),
        TEST(ids_stand_once_in_their_list),
        TEST(a_digest_that_is_too_long_is_refused),
        TEST(a_scale_must_be_positive),
        TEST(numbers_must_be_finite),
        TEST(numbers_must_be_possible),
        TEST(deflators_ascend_within_the_years_of_editions),
        TEST(unknown_rules_are_refused),
        TEST(a_denominator_stands_where_it_divides),
        TEST(a_published_expenditure_excludes_accounts),
        TEST(counts_beyond_the_limits_are_refused),
        TEST(counts_at_the_limits_are_taken),
        TEST(parts_that_are_absent_are_empty),
        cmocka_unit_test(every_edition_of_the_project_travels),
        TEST(every_failing_piece_of_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
