/* Explanations of random editions: whatever the rules, every number is what its parts make. The
 * random country gets cost keys and a year before, and no rows of its own: criteria and inhabitants
 * of the year before are missing here and there. */
#include "common/model/cell.h"
#include "tests/property/country.h"
#include "tests/support/cmocka.h"
#include "tools/kf/explain.h"
#include "tools/kf/pipeline.h"

#define ROUNDS          40
#define CRITERIA_MAX    3
#define MISSING_PERCENT 15

/* --- cost keys -------------------------------------------------------------------------------- */

/* The first member has every figure. */
static void random_column(struct fixture_random *random, struct kf_panel *panel,
                          const char *variable, bool gaps)
{
    double values[MEMBERS_MAX];
    for (size_t k = 0; k < panel->members_len; k++) {
        bool missing = gaps && k > 0 && fixture_random_whole(random, 1, 100) <= MISSING_PERCENT;
        values[k] = missing ? FIXTURE_MISSING : (double)fixture_random_whole(random, 1, 90000) / 10;
    }
    fixture_column(panel, variable, values);
}

/* A key of equal weights; its last criterion is the basis. */
static void random_key(struct fixture_random *random, struct kf_panel *panel,
                       struct kf_sector *sector)
{
    size_t count = (size_t)fixture_random_whole(random, 2, CRITERIA_MAX);
    for (size_t j = 0; j < count; j++) {
        bool basis = j + 1 == count;
        const char *id = kf_arena_printf(panel->arena, "%sc%zu", sector->id, j);
        struct kf_criterion *criterion =
            fixture_criterion(panel, sector->id, id, 1.0 / (double)count);
        criterion->cost_disadvantage = basis;
        criterion->variable = basis ? "" : criterion->variable;
        if (!basis) {
            random_column(random, panel, id, true);
            random_column(random, panel->previous, id, true);
        }
    }
}

/* Every sector has a key, and as much of the total key as any other. */
static void random_need(struct fixture_random *random, struct kf_panel *panel)
{
    struct kf_edition *edition = fixture_edition(panel);
    edition->change.computed = true;
    random_column(random, fixture_previous(panel), edition->population, true);
    for (size_t s = 0; s < edition->sectors_len; s++) {
        edition->sectors[s].need_weight = 1.0 / (double)edition->sectors_len;
        random_key(random, panel, &edition->sectors[s]);
    }
    fixture_seal(panel);
}

static struct kf_panel *computed(struct fixture_random *random, const struct country *country)
{
    struct kf_panel *panel = country_panel(country, &country_plainly);
    struct kf_error err = {0};
    random_need(random, panel);
    if (kf_pipeline_compute(panel, fixture_findings(), &err) != KF_OK) {
        fail_msg("%s", err.text);
    }
    return panel;
}

/* --- explanations ----------------------------------------------------------------------------- */

static void assert_explained(const struct kf_explanation *explanation)
{
    for (size_t i = 0; i < explanation->nodes_len; i++) {
        const struct kf_explain_node *node = explanation->nodes[i];
        bool open =
            node->topic != KF_TOPIC_NONE && kf_cell_has_value(node->status) && !node->expanded;
        if (open || !kf_explain_agrees(node)) {
            fail_msg("%s %s %s %s: %.17g, from its parts %.17g", node->municipality, node->sector,
                     node->indicator, node->measure, node->value, node->recomputed);
        }
    }
}

/* Explains result number `r` of member `k`, all the way. */
static void explain(const struct kf_panel *panel, const struct kf_result *result, size_t k)
{
    struct kf_explain_options options = {
        .panel = panel,
        .question = {.municipality = panel->members[k],
                     .measure = result->measure,
                     .sector = result->sector,
                     .indicator = result->indicator},
    };
    struct kf_explanation *explanation = NULL;
    struct kf_error err = {0};
    if (kf_explain_new(&options, &explanation, &err) != KF_OK) {
        fail_msg("%s", err.text);
    }
    assert_true(explanation->root->value == result->values[result->group ? 0 : k]);
    assert_int_equal(explanation->cut, 0);
    assert_int_equal(explanation->disagreeing, 0);
    assert_explained(explanation);
    kf_explain_destroy(&explanation);
}

static void every_number_of_a_random_edition_is_what_its_parts_make(void **state)
{
    (void)state;
    struct fixture_random random = {country_seed()};
    static struct country country;
    for (int round = 0; round < ROUNDS; round++) {
        country_random(&random, false, &country);
        struct kf_panel *panel = computed(&random, &country);
        size_t k = (size_t)fixture_random_whole(&random, 0, (int64_t)panel->members_len - 1);
        for (size_t tries = 0; tries < 12; tries++) {
            int64_t last = (int64_t)panel->results_len - 1;
            explain(panel, &panel->results[fixture_random_whole(&random, 0, last)], k);
        }
        explain(panel, kf_panel_result(panel, KF_TOPIC_NEED, KF_SECTOR_TOTAL, "", "need_index"), k);
        explain(panel, kf_panel_result(panel, KF_TOPIC_INDEX, KF_SECTOR_TOTAL, "", "rank"), k);
        explain(
            panel,
            kf_panel_result(panel, KF_TOPIC_INDEX, KF_SECTOR_TOTAL, "", "index_without_imputed"),
            k);
        kf_panel_destroy(&panel);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_of_a_random_edition_is_what_its_parts_make),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
