/* The largest panel that the country makes: every municipality, every year of age, five years, all
 * results. It fits through everything between the services, with room to spare. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/codec/envelope.h"
#include "common/model/row.h"
#include "tests/golden_bytes/golden_model.h"
#include "tests/support/cmocka.h"
#include "tests/support/panel_fixture.h"

#define MEMBERS  357
#define COLUMNS  260
#define SERVICES 7
#define RESULTS  300

static void fill_year(struct kf_panel *panel, struct fixture_random *random)
{
    double values[MEMBERS];
    char name[32];
    for (int c = 0; c < COLUMNS - 1; c++) {
        (void)snprintf(name, sizeof name, c <= KF_AGE_MAX ? KF_AGE_VARIABLE "%d" : "netto_%d", c);
        for (size_t k = 0; k < MEMBERS; k++) {
            values[k] = (double)fixture_random_whole(random, 1, 1000000) / 8;
        }
        fixture_column(panel, name, values);
        fixture_country(panel, name, 5594340);
    }
    fixture_population(panel, values);
}

/* Each service's key and each group counts all ages. */
static struct kf_terms all_ages(struct kf_panel *panel)
{
    struct kf_terms ages = {NULL, 0};
    char name[32];
    for (int age = 0; age <= KF_AGE_MAX; age++) {
        (void)snprintf(name, sizeof name, KF_AGE_VARIABLE "%d", age);
        ages = fixture_plus(panel, ages, kf_arena_strdup(panel->arena, name), 1);
    }
    return ages;
}

static struct kf_age_group *age_groups(struct kf_panel *panel)
{
    struct kf_age_group *groups = kf_arena_calloc(panel->arena, KF_AGE_MAX + 1, sizeof *groups);
    for (size_t i = 0; i <= KF_AGE_MAX; i++) {
        groups[i] = (struct kf_age_group){.id = kf_arena_printf(panel->arena, "%zu", i),
                                          .name = {"", ""},
                                          .people = all_ages(panel)};
    }
    return groups;
}

static void fill_edition(struct kf_panel *panel)
{
    struct kf_edition *edition = fixture_edition(panel);
    edition->demography = (struct kf_demography){.base_year = 2026,
                                                 .groups = age_groups(panel),
                                                 .groups_len = KF_AGE_MAX + 1,
                                                 .cost_groups = age_groups(panel),
                                                 .cost_groups_len = KF_AGE_MAX + 1,
                                                 .projection = {"", ""},
                                                 .projected_population = ""};
    for (int s = 0; s < SERVICES; s++) {
        const char *id = kf_arena_printf(panel->arena, "tjeneste_%d", s);
        (void)fixture_sector(panel, id, 0);
        fixture_criterion(panel, id, "folkemengde", 1)->ages = all_ages(panel);
    }
}

static void fill_results(struct kf_panel *panel, struct fixture_random *random)
{
    for (size_t i = 0; i < RESULTS; i++) {
        struct kf_result *result = NULL;
        const struct kf_result_key key = {
            KF_TOPIC_DEMOGRAPHY,
            kf_arena_printf(panel->arena, "tjeneste_%zu", i % SERVICES),
            kf_arena_printf(panel->arena, "%zu", i / SERVICES),
            "cost_million_kr",
            NULL,
            false};
        assert_int_equal(kf_panel_append(panel, &key, &result, NULL), KF_OK);
        for (size_t k = 0; k < MEMBERS; k++) {
            result->values[k] = (double)fixture_random_whole(random, -1000000, 1000000) / 3;
            result->status[k] = KF_CELL_PROJECTED;
        }
    }
}

/* The year, the one before it, and three that it rests on. */
static struct kf_panel *national_panel(void)
{
    static const int further[] = {2005, 2024, 2026};
    struct fixture_random random = {1};
    struct kf_panel *panel = fixture_panel_new(1, MEMBERS);
    fill_edition(panel);
    fill_year(panel, &random);
    fill_year(fixture_previous(panel), &random);
    for (size_t i = 0; i < sizeof further / sizeof further[0]; i++) {
        fill_year(fixture_further(panel, further[i]), &random);
    }
    fixture_seal(panel);
    fill_results(panel, &random);
    return panel;
}

static void the_whole_country_fits_through_every_limit_and_arrives_unchanged(void **state)
{
    (void)state;
    struct kf_text bytes;
    struct kf_envelope *arrived = NULL;
    struct kf_error err = {.text = ""};
    struct kf_envelope *envelope = kf_envelope_new();
    assert_int_equal(kf_envelope_set_release(envelope, &golden_release, &err), KF_OK);
    envelope->panel = national_panel();
    kf_text_init(&bytes, KF_ENVELOPE_BYTES_MAX);
    assert_int_equal(kf_envelope_pack(envelope, &bytes, &err), KF_OK);
    assert_true(bytes.length > (size_t)5 * COLUMNS * MEMBERS * KF_PANEL_CELL_BYTES);
    assert_true(bytes.length <
                KF_ENVELOPE_BYTES_MAX / 4); /* and so for KF_MEETING_PANEL_BYTES_MAX */
    if (kf_envelope_unpack(bytes.bytes, bytes.length, &arrived, &err) != KF_OK) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(arrived->panel->further->further->further->year, 2026);
    assert_int_equal(arrived->panel->results_len, RESULTS);
    for (size_t i = 0; i < RESULTS; i += 97) {
        assert_memory_equal(arrived->panel->results[i].values, envelope->panel->results[i].values,
                            MEMBERS * sizeof(double));
    }
    kf_text_clear(&bytes);
    kf_envelope_destroy(&arrived);
    kf_envelope_destroy(&envelope);
}

static enum kf_err count_row(void *context, const struct kf_panel *panel, const struct kf_row *row,
                             struct kf_error *err)
{
    (void)panel;
    (void)err;
    size_t *rows = context;
    assert_int_equal(row->cells_len, 1);
    (*rows)++;
    return KF_OK;
}

static void every_result_of_the_country_has_its_row(void **state)
{
    (void)state;
    size_t rows = 0;
    struct kf_panel *panel = national_panel();
    assert_int_equal(kf_panel_walk(panel, count_row, &rows, NULL), KF_OK);
    assert_int_equal(rows, (size_t)RESULTS * MEMBERS);
    kf_panel_destroy(&panel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_country_fits_through_every_limit_and_arrives_unchanged),
        cmocka_unit_test(every_result_of_the_country_has_its_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
