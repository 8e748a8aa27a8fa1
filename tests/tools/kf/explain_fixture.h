/* Explaining numbers of small panels: every one of them, and single ones. */
#ifndef KF_TESTS_EXPLAIN_FIXTURE_H
#define KF_TESTS_EXPLAIN_FIXTURE_H

#include <string.h>

#include "common/model/cell.h"
#include "tests/support/cmocka.h"
#include "tests/support/panel_fixture.h"
#include "tools/kf/explain.h"
#include "tools/kf/pipeline.h"

/* Explains a number all the way; every number on the way has a rule and is what its parts make. */
static inline struct kf_explanation *explained(const struct kf_panel *panel,
                                               const struct kf_explain_question *question)
{
    struct kf_explain_options options = {.panel = panel, .question = *question};
    struct kf_explanation *explanation = NULL;
    struct kf_error err = {0};
    if (kf_explain_new(&options, &explanation, &err) != KF_OK) {
        fail_msg("%s %s %s: %s", question->sector, question->indicator, question->measure,
                 err.text);
    }
    assert_int_equal(explanation->cut, 0);
    for (size_t i = 0; i < explanation->nodes_len; i++) {
        const struct kf_explain_node *node = explanation->nodes[i];
        if ((kf_cell_has_value(node->status) && !node->expanded) || node->disagrees) {
            fail_msg("%s %s %s %s %d: %.17g, from its parts %.17g", node->municipality,
                     node->sector, node->indicator, node->measure, node->panel->year, node->value,
                     node->recomputed);
        }
    }
    return explanation;
}

/* Explains every number of topic unit-cost; returns how many have a value. */
static inline size_t explain_every_row(const struct kf_panel *panel)
{
    size_t told = 0;
    for (size_t r = 0; r < panel->results_len; r++) {
        const struct kf_result *result = &panel->results[r];
        struct kf_explain_question question = {.measure = result->measure,
                                               .sector = result->sector,
                                               .indicator = result->indicator,
                                               .topic = kf_topic_name(result->topic)};
        for (size_t k = 0; k < (result->group ? 1 : panel->members_len); k++) {
            question.municipality = result->group ? NULL : panel->members[k];
            struct kf_explanation *explanation = explained(panel, &question);
            assert_true(explanation->root->status == result->status[k]);
            assert_true(explanation->root->value == result->values[k]);
            told += kf_cell_has_value(explanation->root->status);
            kf_explain_destroy(&explanation);
        }
    }
    return told;
}

/* What amounts in million kr, and what is made of them, may differ by: they are rounded. */
#define ROUNDED 1e-8

/* The number of topic unit-cost that is about that. */
#define ABOUT(whose, of, part, what)                                                               \
    (&(struct kf_explain_question){.municipality = (whose),                                        \
                                   .measure = (what),                                              \
                                   .sector = (of),                                                 \
                                   .indicator = (part),                                            \
                                   .topic = "unit-cost"})

/* The value of one number, and the rule that it is told by. */
static inline void assert_told(const struct kf_panel *panel,
                               const struct kf_explain_question *question, const char *rule,
                               double value)
{
    struct kf_explanation *explanation = explained(panel, question);
    assert_string_equal(explanation->root->rule->id, rule);
    assert_close(explanation->root->value, value, ROUNDED);
    assert_close(explanation->root->recomputed, value, ROUNDED);
    kf_explain_destroy(&explanation);
}

/* The first node of that measure and year in the explanation. */
static inline const struct kf_explain_node *node_of(const struct kf_explanation *explanation,
                                                    const char *measure, int year)
{
    for (size_t i = 0; i < explanation->nodes_len; i++) {
        const struct kf_explain_node *node = explanation->nodes[i];
        if (strcmp(node->measure, measure) == 0 && node->panel->year == year) {
            return node;
        }
    }
    fail_msg("there is no %s of %d", measure, year);
    return NULL;
}

/* Computes all stages of a sealed panel. */
static inline void compute(struct kf_panel *panel)
{
    struct kf_error err = {0};
    fixture_seal(panel);
    if (kf_pipeline_compute(panel, fixture_findings(), &err) != KF_OK) {
        fail_msg("%s", err.text);
    }
}

#endif
