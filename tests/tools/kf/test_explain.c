#include <math.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/model/cell.h"
#include "tests/support/cmocka.h"
#include "tests/support/panel_fixture.h"
#include "tools/kf/command.h"
#include "tools/kf/explain.h"
#include "tools/kf/explain_build.h"
#include "tools/kf/figures.h"
#include "tools/kf/pipeline.h"

#define BAERUM       "0219"
#define RESULTS_SEEN 100

/* --- the real figures ------------------------------------------------------------------------- */

static struct kf_figures figures;
static struct kf_panel *asss;

static int set_up(void **state)
{
    (void)state;
    static const char *const files[] = {KF_SOURCE_DIR "/data/asss-2010/asss-2010.csv"};
    const struct kf_edition *edition = NULL;
    struct kf_error err = {0};
    enum kf_err code = kf_figures_open(KF_SOURCE_DIR "/editions", &figures, &err);
    if (code == KF_OK) {
        code = kf_figures_read(&figures, files, 1, &err);
    }
    if (code == KF_OK) {
        code = kf_figures_edition(&figures, "asss-2010", &edition, &err);
    }
    if (code == KF_OK) {
        code = kf_figures_panel(&figures, edition, 2010, &asss, &err);
    }
    return code == KF_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    kf_panel_destroy(&asss);
    kf_figures_close(&figures);
    return 0;
}

static struct kf_explanation *explained(const struct kf_panel *panel,
                                        const struct kf_explain_question *question)
{
    struct kf_explain_options options = {
        .panel = panel, .observations = figures.observations, .question = *question};
    struct kf_explanation *explanation = NULL;
    struct kf_error err = {0};
    if (kf_explain_new(&options, &explanation, &err) != KF_OK) {
        fail_msg("%s", err.text);
    }
    return explanation;
}

static void assert_all_agree(const struct kf_explanation *explanation)
{
    for (size_t i = 0; i < explanation->nodes_len; i++) {
        const struct kf_explain_node *node = explanation->nodes[i];
        if (!node->expanded || !kf_explain_agrees(node)) {
            fail_msg("%s %s %s %s: %.17g, from its parts %.17g", node->municipality, node->sector,
                     node->indicator, node->measure, node->value, node->recomputed);
        }
    }
}

/* True when the number lies on the grid, so that what it is made of gives it to the last bit. */
static bool is_exact(const struct kf_explain_node *node)
{
    return strcmp(node->measure, "contribution") == 0 ||
           strcmp(node->measure, "contribution_to_total") == 0 ||
           (node->topic == KF_TOPIC_INDEX && strcmp(node->measure, "index") == 0);
}

static void every_number_of_the_real_index_is_what_its_parts_make(void **state)
{
    (void)state;
    size_t seen = 0;
    for (size_t r = 0; r < asss->results_len; r++) {
        const struct kf_result *result = &asss->results[r];
        struct kf_explain_question question = {.municipality = BAERUM,
                                               .measure = result->measure,
                                               .sector = result->sector,
                                               .indicator = result->indicator};
        struct kf_explanation *explanation = explained(asss, &question);
        assert_all_agree(explanation);
        assert_int_equal(explanation->cut, 0);
        kf_explain_destroy(&explanation);
        seen++;
    }
    assert_true(seen > RESULTS_SEEN);
}

static void contributions_are_exact_and_leaves_are_cells_with_a_line(void **state)
{
    (void)state;
    struct kf_explain_question question = {.municipality = "0301", .measure = "index"};
    struct kf_explanation *explanation = explained(asss, &question);
    size_t exact = 0;
    size_t cells = 0;
    for (size_t i = 0; i < explanation->nodes_len; i++) {
        const struct kf_explain_node *node = explanation->nodes[i];
        if (is_exact(node)) {
            assert_true(node->recomputed == node->value);
            exact++;
        }
        if (strcmp(node->measure, "cell") == 0 && kf_cell_has_value(node->status)) {
            assert_true(node->line > 1);
            cells++;
        }
    }
    assert_int_equal(exact, 1 + 7 + 44);
    assert_int_equal(cells, 44 * 10 - 3 + 10); /* three are missing; 10 populations */
    kf_explain_destroy(&explanation);
}

static void a_changed_number_does_not_agree(void **state)
{
    (void)state;
    const struct kf_result *found =
        kf_panel_result(asss, KF_TOPIC_INDICATOR, "barnehage", "areal", "normalized");
    double *value = &found->values[0];
    double kept = *value;
    struct kf_explain_question question = {.municipality = asss->members[0],
                                           .measure = "normalized",
                                           .sector = "barnehage",
                                           .indicator = "areal"};
    *value = kept * (1 + 1e-8);
    struct kf_explanation *explanation = explained(asss, &question);
    assert_false(kf_explain_agrees(explanation->root));
    assert_true(explanation->root->disagrees);
    assert_int_equal(explanation->disagreeing, 1);
    *value = kept;
    kf_explain_destroy(&explanation);
}

static void assert_says(const struct kf_explanation *explanation, const char *tree,
                        const char *json)
{
    struct kf_explain_style style = {.depth = 0};
    struct kf_error err = {0};
    struct kf_text text;
    kf_text_init(&text, (size_t)1024 * 1024);
    assert_int_equal(kf_explain_print_tree(explanation, &style, &text, &err), KF_OK);
    assert_non_null(strstr(text.bytes, tree));
    kf_text_reset(&text);
    assert_int_equal(kf_explain_print_json(explanation, &style, &text, &err), KF_OK);
    assert_non_null(strstr(text.bytes, json));
    kf_text_clear(&text);
}

/* --- by hand ---------------------------------------------------------------------------------- */

/* Three members with 100, 200 and 300 inhabitants and 1, no and 3 hours. The lowest of the others
 * is 1, the mean (100·1 + 200·1 + 300·3)/600 = 2, the normalised values 50, 50 and 150. */
static struct kf_panel *three_members(void)
{
    struct kf_panel *panel = fixture_panel_new(100, 3);
    struct kf_error err = {0};
    fixture_population(panel, (double[]){100, 200, 300});
    fixture_sector(panel, "skole", 1);
    fixture_indicator(panel, "skole", "timer", 1);
    fixture_column(panel, "timer", (double[]){1, FIXTURE_MISSING, 3});
    fixture_seal(panel);
    assert_int_equal(kf_pipeline_compute(panel, fixture_findings(), &err), KF_OK);
    return panel;
}

static void an_imputed_value_leads_to_the_lowest_of_the_others(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members();
    struct kf_explain_question question = {
        .municipality = "0002", .measure = "normalized", .sector = "skole", .indicator = "timer"};
    struct kf_explain_options options = {.panel = panel, .question = question};
    struct kf_explain_style style = {.depth = 2};
    struct kf_explanation *explanation = NULL;
    struct kf_error err = {0};
    struct kf_text text;
    kf_text_init(&text, 65536);
    assert_int_equal(kf_explain_new(&options, &explanation, &err), KF_OK);
    assert_true(explanation->root->value == 50);
    assert_true(explanation->root->recomputed == 50);
    const struct kf_explain_node *filled = explanation->root->parts[1].node;
    assert_string_equal(filled->rule->id, "minimum_of_others");
    assert_int_equal(filled->parts_len, 2);
    assert_string_equal(filled->parts[0].role, "the lowest");
    assert_true(explanation->root->parts[2].node->value == 2);
    assert_int_equal(kf_explain_print_tree(explanation, &style, &text, &err), KF_OK);
    assert_non_null(strstr(text.bytes, "normalized timer in skole, 0002"));
    assert_non_null(strstr(text.bytes, "scale × value ÷ mean (A1) [imputed]"));
    assert_non_null(strstr(text.bytes, "missing: the lowest value of the others (A2)"));
    kf_text_clear(&text);
    kf_explain_destroy(&explanation);
    kf_panel_destroy(&panel);
}

/* The normalised value of the first member is 100·1/2 = 50; a stage that said 51 is found out. */
static void a_number_that_its_parts_do_not_make_is_told_to_everybody(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members();
    struct kf_explain_question question = {
        .municipality = "0001", .measure = "normalized", .sector = "skole", .indicator = "timer"};
    struct kf_error err = {0};
    struct kf_explanation *explanation = explained(panel, &question);
    assert_int_equal(kf_explain_verdict(explanation, &err), KF_OK);
    assert_says(explanation, "scale × value ÷ mean (A1)", "\"disagreeing\":0");
    kf_explain_destroy(&explanation);
    kf_panel_result(panel, KF_TOPIC_INDICATOR, "skole", "timer", "normalized")->values[0] = 51;
    explanation = explained(panel, &question);
    assert_true(explanation->root->recomputed == 50);
    assert_int_equal(kf_explain_verdict(explanation, &err), KF_ERR_INTERNAL);
    assert_non_null(strstr(err.text, "not every number follows from its parts: 1 of "));
    assert_non_null(strstr(err.text, "normalized skole timer 0001 2010"));
    assert_non_null(strstr(err.text, "report it"));
    assert_int_equal(kf_figures_tell(&(struct kf_figures){0}, "explain", &err), KF_EXIT_FAILED);
    assert_says(explanation, "!! does not follow from its parts: they give 50",
                "\"disagrees\":{\"text\":\"does not follow from its parts\",\"recomputed\":50}");
    kf_explain_destroy(&explanation);
    kf_panel_destroy(&panel);
}

/* Equal to `tolerance`. */
static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance)) {
        fail_msg("%.17g, not %.17g", value, expected);
    }
}

/* --- need where the country is the members ---------------------------------------------------- */

/* Three members with 100, 200 and 300 inhabitants, criteria barn (.75) and basis (.25), and no row
 * for the country. In 2010 the second has no barn, in 2009 no inhabitants: both years, barn counts
 * the other two, 400 inhabitants; the basis counts three in 2010 (3/600), two in 2009 (2/400).
 *
 *     2010, 0001: (10/100)/(30/400) = 4/3 and (1/100)/(3/600) = 2: K = 1 + .75/3 + .25 = 1.5
 *     2009, 0001: (12/100)/(32/400) = 3/2 and (1/100)/(2/400) = 2: K = 1 + .75/2 + .25 = 1.625 */
static struct kf_panel *members_only(void)
{
    struct kf_panel *panel = fixture_panel_new(100, 3);
    struct kf_panel *previous = fixture_previous(panel);
    struct kf_error err = {0};
    struct kf_sector *sector = fixture_sector(panel, "skole", 1);
    sector->need_weight = 1;
    fixture_edition(panel)->change.computed = true;
    fixture_indicator(panel, "skole", "timer", 1);
    fixture_criterion(panel, "skole", "barn", 0.75);
    fixture_criterion(panel, "skole", "basis", 0.25)->variable = "";
    fixture_population(panel, (double[]){100, 200, 300});
    fixture_population(previous, (double[]){100, FIXTURE_MISSING, 300});
    fixture_column(panel, "barn", (double[]){10, FIXTURE_MISSING, 20});
    fixture_column(previous, "barn", (double[]){12, 8, 20});
    fixture_column(panel, "timer", (double[]){1, 2, 3});
    fixture_column(previous, "timer", (double[]){1, 2, 3});
    fixture_seal(panel);
    assert_int_equal(kf_pipeline_compute(panel, fixture_findings(), &err), KF_OK);
    return panel;
}

static struct kf_explanation *explained_need(const struct kf_panel *panel, const char *municipality,
                                             const char *measure, const char *criterion)
{
    struct kf_explain_question question = {.municipality = municipality,
                                           .measure = measure,
                                           .sector = "skole",
                                           .indicator = criterion};
    struct kf_explanation *explanation = explained(panel, &question);
    assert_all_agree(explanation);
    return explanation;
}

/* The node of a measure about a criterion's variable. */
static const struct kf_explain_node *find_node(const struct kf_explanation *explanation,
                                               const char *measure, const char *variable)
{
    for (size_t i = 0; i < explanation->nodes_len; i++) {
        const struct kf_explain_node *node = explanation->nodes[i];
        if (strcmp(node->measure, measure) == 0 && strcmp(node->variable, variable) == 0) {
            return node;
        }
    }
    fail_msg("there is no %s %s", measure, variable);
    return NULL;
}

static void assert_sums(const struct kf_explanation *explanation, const char *variable,
                        double figure, double inhabitants)
{
    assert_near(find_node(explanation, "figure_of_the_members", variable)->value, figure, 0);
    assert_near(find_node(explanation, "inhabitants_of_the_members", variable)->value, inhabitants,
                0);
}

static void a_member_without_the_figure_is_in_neither_sum_of_the_country(void **state)
{
    (void)state;
    struct kf_panel *panel = members_only();
    struct kf_explanation *explanation = explained_need(panel, "0001", "need_index", NULL);
    assert_near(explanation->root->value, 1.5, 1e-12);
    assert_sums(explanation, "barn", 30, 400);
    assert_sums(explanation, "", 3, 600);
    kf_explain_destroy(&explanation);
    explanation = explained_need(panel, "0002", "driver", "basis"); /* (1/200)/(3/600) = 1 */
    assert_near(explanation->root->value, 0, 1e-12);
    kf_explain_destroy(&explanation);
    kf_panel_destroy(&panel);
}

static void a_member_that_is_new_this_year_is_in_neither_sum_of_the_year_before(void **state)
{
    (void)state;
    struct kf_panel *panel = members_only();
    struct kf_explanation *explanation = explained_need(panel, "0001", "need_change_percent", NULL);
    assert_near(explanation->root->value, 100 * (1.5 / 1.625 - 1), 1e-9);
    const struct kf_explain_node *before = explanation->root->parts[1].node;
    assert_int_equal(before->panel->year, 2009);
    assert_near(before->value, 1.625, 1e-12);
    size_t sums = 0;
    for (size_t i = 0; i < explanation->nodes_len; i++) {
        const struct kf_explain_node *node = explanation->nodes[i];
        bool people = strcmp(node->measure, "inhabitants_of_the_members") == 0;
        if (people && node->panel->year == 2009) {
            assert_near(node->value, 400, 0);
            assert_int_equal(node->parts_len, 2);
            sums++;
        }
    }
    assert_int_equal(sums, 2);
    kf_explain_destroy(&explanation);
    kf_panel_destroy(&panel);
}

/* --- members that hardly differ --------------------------------------------------------------- */

/* The normalised value of the first of three members, standardized with 0.1. */
static double standardized(const double *above, const double *below)
{
    struct kf_panel *panel = fixture_panel_new(100, 3);
    struct kf_error err = {0};
    fixture_edition(panel)->normalization = KF_NORMALIZE_STANDARDIZED;
    fixture_edition(panel)->spread = 0.1;
    fixture_population(panel, (double[]){100, 200, 300});
    fixture_sector(panel, "skole", 1);
    struct kf_indicator *indicator = fixture_indicator(panel, "skole", "timer", 1);
    indicator->per = KF_PER_TERMS;
    indicator->denominator = fixture_term(panel, "barn", 1);
    fixture_column(panel, "timer", above);
    fixture_column(panel, "barn", below);
    fixture_seal(panel);
    assert_int_equal(kf_pipeline_compute(panel, fixture_findings(), &err), KF_OK);
    struct kf_explain_question question = {
        .municipality = "0001", .measure = "normalized", .sector = "skole", .indicator = "timer"};
    struct kf_explanation *explanation = explained(panel, &question);
    double value = explanation->root->value;
    assert_int_equal(explanation->disagreeing, 0);
    kf_explain_destroy(&explanation);
    kf_panel_destroy(&panel);
    return value;
}

/* By populations 100, 200, 300 the values a, a, a + d have mean a + d/2 and variance 3/2·d²/4, so
 * the first is 100·(1 − .1·(d/2)/(d·sqrt(3/8))), whatever d. */
static void members_that_hardly_differ_raise_no_false_alarm(void **state)
{
    (void)state;
    double first = 100 * (1 - 0.1 * 0.5 / sqrt(0.375));
    const double ones[] = {1, 1, 1};
    assert_near(standardized((double[]){1, 2, 0.1}, (double[]){3, 6, 0.3}), 100, 0);
    assert_near(standardized((double[]){10, 10, 20}, ones), first, 1e-12);
    assert_near(standardized((double[]){10, 10, 10.0000001}, ones), first, 1e-12);
    assert_near(standardized((double[]){10, 10, 10.0000000000001}, ones), first, 1e-12);
}

/* --- each operation, by hand ------------------------------------------------------------------ */

static double computed(enum kf_explain_operation operation, const double *values,
                       const double *weights, size_t count)
{
    static struct kf_explain_node nodes[8];
    static struct kf_explain_node weighing[8];
    static struct kf_explain_part parts[8];
    const struct kf_explain_rule rule = {"r", operation, "", {"", ""}};
    for (size_t i = 0; i < count; i++) {
        nodes[i].value = values[i];
        weighing[i].value = weights ? weights[i] : 1;
        parts[i] = (struct kf_explain_part){"", weights ? &weighing[i] : NULL, &nodes[i]};
    }
    struct kf_explain_node node = {.rule = &rule, .parts = parts, .parts_len = count};
    double value = NAN;
    assert_true(kf_explain_evaluate(&node, &value));
    return value;
}

static void operations_are_what_they_are_called(void **state)
{
    (void)state;
    const double four[] = {4, 1, 3, 2};
    const double weights[] = {1, 2, 3, 4};
    assert_near(computed(KF_EXPLAIN_SAME, four, NULL, 1), 4, 0);
    assert_near(computed(KF_EXPLAIN_SUM, four, weights, 4), 4 + 2 + 9 + 8, 0);
    assert_near(computed(KF_EXPLAIN_MEAN, four, weights, 4), 2.3, 1e-15);
    assert_near(computed(KF_EXPLAIN_PRODUCT, four, NULL, 4), 24, 0);
    assert_near(computed(KF_EXPLAIN_QUOTIENT, four, NULL, 2), 4, 0);
    assert_near(computed(KF_EXPLAIN_DIFFERENCE, four, NULL, 4), -2, 0);
    assert_near(computed(KF_EXPLAIN_SCALED, four, NULL, 3), 4.0 / 3, 1e-15);
    assert_near(computed(KF_EXPLAIN_PERCENT_ABOVE, four, NULL, 2), 300, 0);
    assert_near(computed(KF_EXPLAIN_MINIMUM, four, NULL, 4), 1, 0);
    assert_near(computed(KF_EXPLAIN_MAXIMUM, four, NULL, 4), 4, 0);
    assert_near(computed(KF_EXPLAIN_MEDIAN, four, NULL, 4), 2.5, 0);
    assert_near(computed(KF_EXPLAIN_MEDIAN, four, NULL, 3), 3, 0);
    assert_near(computed(KF_EXPLAIN_RANK, four + 1, NULL, 3), 3, 0);
    const double above[] = {2, 1, 2, 5, 4}; /* above 2: 5 and 4 */
    assert_near(computed(KF_EXPLAIN_COUNT_ABOVE, above, NULL, 5), 2, 0);
    assert_near(computed(KF_EXPLAIN_SUM_ABOVE, above, NULL, 5), 9, 0);
    assert_near(computed(KF_EXPLAIN_EXCESS, above, NULL, 5), 5, 0);
    assert_near(computed(KF_EXPLAIN_EXCESS, above, NULL, 1), 0, 0);
    const double changes[] = {-3, 1, 2};
    assert_near(computed(KF_EXPLAIN_MEAN_ABSOLUTE, changes, NULL, 3), 2, 0);
    const double two[] = {1, 5}; /* by 3 and 1: mean 2, variance (3·1 + 1·9)/4 = 3, ·2/1 = 6 */
    assert_near(computed(KF_EXPLAIN_SD_WEIGHTED, two, (double[]){3, 1}, 2), sqrt(6), 1e-15);
    assert_near(computed(KF_EXPLAIN_SD_UNWEIGHTED, two, NULL, 2), 2, 1e-15);
    const double growth[] = {121, 100, 2, 10}; /* 10 percent a year; (121 − 100)/2 */
    assert_near(computed(KF_EXPLAIN_MEAN_GROWTH, growth, NULL, 3), 10, 1e-12);
    assert_near(computed(KF_EXPLAIN_DIFFERENCE_QUOTIENT, growth, NULL, 3), 10.5, 0);
    /* Pairs (1, 2), (3, 3) by 3 and 1: Σw|p − q| = 3, Σw(p − q)² = 3; the means are 1.5 and 2.25,
     * Σw(p − 1.5)² = 3, Σw(q − 2.25)² = .75, Σw(p − 1.5)(q − 2.25) = 1.5 = sqrt(3·.75). */
    const double pairs[] = {1, 2, 3, 3};
    const double by[] = {3, 0, 1, 0};
    assert_near(computed(KF_EXPLAIN_MEAN_DISTANCE, pairs, by, 4), 0.75, 1e-15);
    assert_near(computed(KF_EXPLAIN_R_SQUARED, pairs, by, 4), 0, 1e-15);
    assert_near(computed(KF_EXPLAIN_CORRELATION, pairs, by, 4), 1, 1e-15);
    const double standard[] = {100, 0.1, 7, 5, 4}; /* 100·(1 + .1·2/4) */
    assert_near(computed(KF_EXPLAIN_STANDARDIZED, standard, NULL, 5), 105, 1e-12);
}

/* --- questions -------------------------------------------------------------------------------- */

static enum kf_err ask(const struct kf_explain_question *question, struct kf_text *choice,
                       struct kf_error *err)
{
    struct kf_explain_options options = {.panel = asss,
                                         .catalogue = figures.catalogue,
                                         .question = *question,
                                         .depth = 1,
                                         .choice = choice};
    struct kf_explanation *explanation = NULL;
    enum kf_err code = kf_explain_new(&options, &explanation, err);
    kf_explain_destroy(&explanation);
    return code;
}

static void a_wrong_question_names_the_nearest_and_lists_all(void **state)
{
    (void)state;
    static const struct {
        struct kf_explain_question question;
        const char *error;
        const char *choice;
    } cases[] = {
        {{"0302", "index", NULL, NULL, NULL}, "did you mean 0301?", "0301 Oslo"},
        {{"0301", "indx", NULL, NULL, NULL}, "did you mean index?", "efficiency_percent"},
        {{"0301", "index", "skole", NULL, NULL}, "no index of skole", "grunnskole"},
        {{"0301", "raw", NULL, NULL, NULL}, "no raw of total", "barnevern"},
        {{"0301", "raw", "kultur", "biblotek_besok", NULL}, "bibliotek_besok?", "kulturskole"},
        {{NULL, "rank", NULL, NULL, NULL}, "whose rank", "1902"},
        {{"0301", "index", NULL, NULL, "indeks"}, "did you mean index?", "efficiency"},
        {{"0301", "index", NULL, NULL, "efficiency"}, "no measure index", "efficiency_percent"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct kf_error err = {0};
        struct kf_text choice;
        kf_text_init(&choice, 65536);
        assert_int_equal(ask(&cases[i].question, &choice, &err), KF_ERR_CONFIG);
        assert_non_null(strstr(err.text, cases[i].error));
        assert_non_null(strstr(choice.bytes, cases[i].choice));
        kf_text_clear(&choice);
    }
}

/* --- memory ----------------------------------------------------------------------------------- */

static enum kf_err explain_and_print(const struct kf_panel *panel, struct kf_error *err)
{
    struct kf_explain_options options = {.panel = panel,
                                         .question = {.municipality = "0001", .measure = "index"}};
    struct kf_explain_style style = {.depth = 0};
    struct kf_explanation *explanation = NULL;
    struct kf_text text;
    kf_text_init(&text, (size_t)1024 * 1024);
    enum kf_err code = kf_explain_new(&options, &explanation, err);
    if (code == KF_OK) {
        code = kf_explain_print_tree(explanation, &style, &text, err);
    }
    if (code == KF_OK) {
        code = kf_explain_print_json(explanation, &style, &text, err);
    }
    kf_explain_destroy(&explanation);
    kf_text_clear(&text);
    return code;
}

static void it_explains_or_says_that_memory_is_short_whichever_allocation_fails(void **state)
{
    (void)state;
    struct kf_panel *panel = three_members();
    enum kf_err code = KF_ERR_MEMORY;
    for (int64_t n = 0; code != KF_OK; n++) {
        struct kf_error err = {0};
        assert_true(n < 1000);
        kf_memory_fail_after(n);
        code = explain_and_print(panel, &err);
        kf_memory_fail_after(-1);
        assert_true(code == KF_OK || code == KF_ERR_MEMORY || code == KF_ERR_LIMIT);
        assert_null(strstr(err.text, "--depth")); /* it is not the size of the explanation */
    }
    kf_panel_destroy(&panel);
}

static void a_walk_tells_the_first_thing_that_went_wrong(void **state)
{
    (void)state;
    struct kf_arena *arena = kf_arena_new(KF_EXPLAIN_BYTES_MAX);
    struct kf_explain_walk walk = {.arena = arena};
    const struct kf_error later = {.code = KF_ERR_DATA, .text = "later"};
    assert_null(kf_explain_room(&walk, KF_EXPLAIN_BYTES_MAX, 2));
    kf_explain_fail(&walk, &later);
    assert_int_equal(walk.error.code, KF_ERR_LIMIT);
    assert_string_equal(walk.error.text, "the explanation is too large; give --depth");
    kf_arena_destroy(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_of_the_real_index_is_what_its_parts_make),
        cmocka_unit_test(contributions_are_exact_and_leaves_are_cells_with_a_line),
        cmocka_unit_test(a_changed_number_does_not_agree),
        cmocka_unit_test(an_imputed_value_leads_to_the_lowest_of_the_others),
        cmocka_unit_test(a_member_without_the_figure_is_in_neither_sum_of_the_country),
        cmocka_unit_test(a_member_that_is_new_this_year_is_in_neither_sum_of_the_year_before),
        cmocka_unit_test(a_number_that_its_parts_do_not_make_is_told_to_everybody),
        cmocka_unit_test(members_that_hardly_differ_raise_no_false_alarm),
        cmocka_unit_test(operations_are_what_they_are_called),
        cmocka_unit_test(a_wrong_question_names_the_nearest_and_lists_all),
        cmocka_unit_test(a_walk_tells_the_first_thing_that_went_wrong),
        cmocka_unit_test(it_explains_or_says_that_memory_is_short_whichever_allocation_fails),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
