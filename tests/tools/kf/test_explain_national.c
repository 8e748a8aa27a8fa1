/* Explanations of the bundled editions of need, resource use, demography and unit costs: every
 * published number of a few municipalities, and every number of the group, is what its parts make.
 */
#include <string.h>

#include "common/model/cell.h"
#include "tests/support/cmocka.h"
#include "tools/kf/explain.h"
#include "tools/kf/figures.h"

#define FILES_MAX   4
#define MEMBERS_MAX 4
#define DATA        KF_SOURCE_DIR "/data/"

/* One edition and year with its figures, and of whom numbers are explained. */
struct subject {
    const char *edition;
    int year;
    const char *files[FILES_MAX];
    const char *members[MEMBERS_MAX];
    size_t numbers; /* at least so many are explained */
};

static struct kf_figures open_figures(const struct subject *subject)
{
    struct kf_figures figures = {.catalogue = NULL};
    struct kf_error err = {0};
    size_t count = 0;
    while (count < FILES_MAX && subject->files[count]) {
        count++;
    }
    enum kf_err code = kf_figures_open(KF_SOURCE_DIR "/editions", &figures, &err);
    if (code == KF_OK) {
        code = kf_figures_read(&figures, subject->files, count, &err);
    }
    if (code != KF_OK) {
        fail_msg("%s: %s", subject->edition, err.text);
    }
    return figures;
}

static struct kf_panel *open_panel(const struct kf_figures *figures, const struct subject *subject)
{
    const struct kf_edition *edition = NULL;
    struct kf_panel *panel = NULL;
    struct kf_error err = {0};
    enum kf_err code = kf_figures_edition(figures, subject->edition, &edition, &err);
    if (code == KF_OK) {
        code = kf_figures_panel(figures, edition, subject->year, &panel, &err);
    }
    if (code != KF_OK) {
        fail_msg("%s: %s", subject->edition, err.text);
    }
    return panel;
}

/* A number that has a value has a rule, what it is made of makes it, and cells know their lines. */
static void assert_told(const struct subject *subject, const struct kf_explain_node *node)
{
    bool has_value = kf_cell_has_value(node->status);
    bool cell = has_value && node->rule && node->rule->operation == KF_EXPLAIN_CELL;
    if ((has_value && !node->expanded) || !kf_explain_agrees(node) || (cell && node->line < 2)) {
        fail_msg("%s %d: %s %s %s %s, %d, %s: %.17g, from its parts %.17g, line %d",
                 subject->edition, subject->year, node->municipality, node->sector, node->indicator,
                 node->measure, node->panel->year, node->variable, node->value, node->recomputed,
                 (int)node->line);
    }
}

/* Explains one number all the way; false when there is none. */
static bool explain(const struct subject *subject, const struct kf_explain_options *options)
{
    struct kf_explanation *explanation = NULL;
    struct kf_error err = {0};
    if (kf_explain_new(options, &explanation, &err) != KF_OK) {
        fail_msg("%s: %s", subject->edition, err.text);
    }
    bool told = kf_cell_has_value(explanation->root->status);
    assert_int_equal(explanation->cut, 0);
    for (size_t i = 0; i < explanation->nodes_len; i++) {
        assert_told(subject, explanation->nodes[i]);
    }
    kf_explain_destroy(&explanation);
    return told;
}

static void explain_all(const struct subject *subject)
{
    struct kf_figures figures = open_figures(subject);
    struct kf_panel *panel = open_panel(&figures, subject);
    size_t told = 0;
    for (size_t r = 0; r < panel->results_len; r++) {
        const struct kf_result *result = &panel->results[r];
        struct kf_explain_options options = {
            .panel = panel,
            .observations = figures.observations,
            .catalogue = figures.catalogue,
            .question = {.measure = result->measure,
                         .sector = result->sector,
                         .indicator = result->indicator,
                         .topic = kf_topic_name(result->topic)},
        };
        for (size_t m = 0; m < (result->group ? 1 : MEMBERS_MAX) && subject->members[m]; m++) {
            options.question.municipality = result->group ? NULL : subject->members[m];
            told += explain(subject, &options);
        }
    }
    kf_panel_destroy(&panel);
    kf_figures_close(&figures);
    if (told < subject->numbers) {
        fail_msg("%s %d: %zu numbers only", subject->edition, subject->year, told);
    }
}

/* --- the editions ----------------------------------------------------------------------------- */

#define PEOPLE  DATA "population/population.csv"
#define INDICES DATA "need/need-indices.csv"
#define COUNTRY DATA "resource-use/country-2024.csv"
#define TRIAL   DATA "sio-2017/sio-2017.csv"
#define GAINS   DATA "sio-2017/published-gains.csv"
#define SPENT   DATA "resource-use/net-expenditure.csv"

static void explain_each(const struct subject *subjects, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        explain_all(&subjects[i]);
    }
}

/* Oslo, Lørenskog, and Kristiansand, which is put together of three in 2005. Of 2005 there are no
 * rows for the country: it is the members together, each with its people by age. */
static void need_is_what_its_parts_make(void **state)
{
    (void)state;
    static const struct subject subjects[] = {
        {"need-2026", 2026, {INDICES, PEOPLE}, {"0301", "3222"}, 30},
        {"need-2025", 2025, {INDICES, PEOPLE}, {"0301", "3222"}, 30},
        {"need-2026-ages", 2026, {INDICES, PEOPLE}, {"0301"}, 60},
        {"need-2026-ages", 2005, {PEOPLE}, {"4204"}, 50},
    };
    explain_each(subjects, sizeof subjects / sizeof subjects[0]);
}

/* Need of 2024 rests on indices of 2026; 2025 is compared with 2024. */
static void resource_use_is_what_its_parts_make(void **state)
{
    (void)state;
    static const struct subject subjects[] = {
        {"resource-use-lorenskog", 2024, {INDICES, SPENT, COUNTRY}, {"3222", "0301"}, 90},
        {"resource-use-neighbours", 2025, {INDICES, SPENT, COUNTRY}, {"3222", "0301"}, 70},
        {"resource-use-2015", 2015, {DATA "resource-use/totals-2015.csv"}, {"0301"}, 20},
    };
    explain_each(subjects, sizeof subjects / sizeof subjects[0]);
}

/* 2026 of the projection of 2018: projected and observed; 2050: projected alone. */
static void demography_is_what_its_parts_make(void **state)
{
    (void)state;
    static const struct subject subjects[] = {
        {"demography-national", 2016, {PEOPLE, COUNTRY}, {"0301"}, 150},
        {"demography-2018-mmmm",
         2026,
         {PEOPLE, COUNTRY, DATA "demography/projection-2018-mmmm.csv"},
         {"4001"},
         150},
        {"demography-2026-mmmm",
         2050,
         {PEOPLE, COUNTRY, DATA "demography/projection-2026-mmmm.csv"},
         {"4003"},
         120},
    };
    explain_each(subjects, sizeof subjects / sizeof subjects[0]);
}

/* The four municipalities of the trial; in 2018 Stjørdal has another code. */
static void unit_costs_are_what_their_parts_make(void **state)
{
    (void)state;
    static const struct subject subjects[] = {
        {"sio-2017", 2015, {TRIAL}, {"0138", "0926", "1243", "1714"}, 16},
        {"sio-2017", 2016, {TRIAL, GAINS}, {"0138", "0926", "1243", "1714"}, 80},
        {"sio-2017", 2017, {TRIAL, GAINS}, {"0138", "0926", "1243", "1714"}, 220},
        {"sio-2017", 2017, {TRIAL}, {"0138", "0926", "1243", "1714"}, 195},
        {"sio-2017", 2018, {TRIAL, GAINS}, {"0138", "0926", "1243", "5035"}, 20},
    };
    explain_each(subjects, sizeof subjects / sizeof subjects[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(need_is_what_its_parts_make),
        cmocka_unit_test(resource_use_is_what_its_parts_make),
        cmocka_unit_test(demography_is_what_its_parts_make),
        cmocka_unit_test(unit_costs_are_what_their_parts_make),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
