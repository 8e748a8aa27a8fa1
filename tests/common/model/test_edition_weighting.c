#include "edition_fixture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define BEFORE                                                                                     \
    "id: liten\ntitle: {nb: L, en: L}\nsource: x\nyears: [2010]\nstructure: data-year\n"           \
    "scale: 1\npopulation: folkemengde\nmissing: drop\n"                                           \
    "group: {name: {nb: A, en: A}, municipalities: all}\n"                                         \
    "sectors:\n"                                                                                   \
    "  - id: skole\n"                                                                              \
    "    name: {nb: S, en: S}\n"                                                                   \
    "    weight: 1\n"                                                                              \
    "    indicators:\n"                                                                            \
    "      - {id: a, variable: timer, per: none, name: {nb: a, en: a}}\n"                          \
    "      - {id: b, variable: timer, per: none, name: {nb: b, en: b}}\n"                          \
    "      - {id: c, variable: timer, per: none, name: {nb: c, en: c}}\n"                          \
    "    weights: "
#define WEIGHTS_LINE 18

static enum kf_err read_weights(const char *weights, struct kf_edition **edition)
{
    struct kf_error err;
    struct kf_text text;
    kf_text_init(&text, (size_t)1 << 20);
    kf_text_add_format(&text, "%s%s\n", BEFORE, weights);
    enum kf_err code =
        kf_edition_read(fixture_write("liten.yaml", text.bytes), edition_fixture_variables,
                        edition_fixture_arena, edition, fixture_findings(), &err);
    kf_text_clear(&text);
    return code;
}

static const struct kf_weighting *good(const char *weights)
{
    struct kf_edition *edition = NULL;
    enum kf_err code = read_weights(weights, &edition);
    fixture_found(0);
    assert_int_equal(code, KF_OK);
    return &edition->sectors[0].weighting;
}

static void is_part(const struct kf_weighting *weighting, size_t number, int parent,
                    enum kf_weight_rule rule, double share, const char *item)
{
    assert_true(number < weighting->parts_len);
    const struct kf_weight_part *part = &weighting->parts[number];
    assert_int_equal(part->parent, parent);
    assert_int_equal(part->rule, rule);
    assert_true(part->share == share);
    assert_string_equal(part->item, item);
}

/* METHOD W2: .8 and .2; several supplementary indicators share the .2 equally. */
static void main_and_supplementary_take_eighty_and_twenty(void **state)
{
    (void)state;
    const struct kf_weighting *weighting = good("{rule: main, main: [a], supplementary: [b, c]}");
    assert_int_equal(weighting->parts_len, 5);
    is_part(weighting, 0, -1, KF_WEIGHT_MAIN, 0, "");
    is_part(weighting, 1, 0, KF_WEIGHT_ITEM, 0.8, "a");
    is_part(weighting, 2, 0, KF_WEIGHT_EQUAL, 0.2, "");
    is_part(weighting, 3, 2, KF_WEIGHT_ITEM, 0, "b");
    is_part(weighting, 4, 2, KF_WEIGHT_ITEM, 0, "c");
    assert_int_equal(weighting->closure, KF_CLOSURE_NONE);
    assert_int_equal(weighting->decimals, 0);
}

static void a_split_stands_wherever_an_item_may(void **state)
{
    (void)state;
    const struct kf_weighting *weighting =
        good("\n      rule: budget\n"
             "      closure: {decimals: 4, absorbs: last}\n"
             "      parts:\n"
             "        - {indicator: c, amount: bdu}\n"
             "        - rule: main\n"
             "          amount: {sum: [lonn, {variable: pensjon, factor: 2}]}\n"
             "          main: a\n"
             "          supplementary: {rule: chosen, parts: [{indicator: b, share: 10}]}\n");
    assert_int_equal(weighting->parts_len, 6);
    is_part(weighting, 0, -1, KF_WEIGHT_BUDGET, 0, "");
    is_part(weighting, 1, 0, KF_WEIGHT_ITEM, 0, "c");
    is_part(weighting, 2, 0, KF_WEIGHT_MAIN, 0, "");
    is_part(weighting, 3, 2, KF_WEIGHT_ITEM, 0.8, "a");
    is_part(weighting, 4, 2, KF_WEIGHT_CHOSEN, 0.2, "");
    is_part(weighting, 5, 4, KF_WEIGHT_ITEM, 10, "b");
    assert_int_equal(weighting->parts[1].amount.count, 1);
    assert_int_equal(weighting->parts[2].amount.count, 2);
    assert_true(weighting->parts[2].amount.list[1].factor == 2);
    assert_int_equal(weighting->closure, KF_CLOSURE_LAST);
    assert_int_equal(weighting->decimals, 4);
}

static void every_rule_has_its_word(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        enum kf_weight_rule rule;
    } rules[] = {{"budget", KF_WEIGHT_BUDGET},
                 {"quantity", KF_WEIGHT_QUANTITY},
                 {"chosen", KF_WEIGHT_CHOSEN},
                 {"resource", KF_WEIGHT_RESOURCE}};
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        char weights[256];
        (void)snprintf(weights, sizeof weights,
                       "{rule: %s, parts: [{indicator: a, share: 0.2}, {indicator: b, share: 7}, "
                       "{indicator: c, share: 100}]}",
                       rules[i].word);
        const struct kf_weighting *weighting = good(weights);
        is_part(weighting, 0, -1, rules[i].rule, 0, "");
        is_part(weighting, 2, 0, KF_WEIGHT_ITEM, 7, "b");
    }
    is_part(good("{rule: equal, parts: [a, b, c]}"), 0, -1, KF_WEIGHT_EQUAL, 0, "");
    assert_int_equal(good("{rule: equal, parts: [a, b, c], closure: {decimals: 9, absorbs: "
                          "remainder}}")
                         ->closure,
                     KF_CLOSURE_REMAINDER);
}

static const struct {
    const char *weights;
    const char *problem;
    const char *remedy;
} faults[] = {
    {"[a, b, c]", "must be a map", "key: value"},
    {"{parts: [a, b, c]}", "rule", "is missing"},
    {"{rule: equl, parts: [a, b, c]}", "\"equl\"", "did you mean equal?"},
    {"{rule: equal}", "parts", "is missing"},
    {"{rule: equal, parts: []}", "list of 1 to 512", "write a list"},
    {"{rule: equal, parts: [a, b]}", "no part names the indicator c", "add a part"},
    {"{rule: equal, parts: [a, b, c, a]}", "named on line 18 already", "keep one"},
    {"{rule: equal, parts: [a, b, zebra]}", "\"zebra\": is no indicator",
     "name one that has a weight"},
    {"{rule: equal, parts: [a, b, {indicator: c, share: 1}]}", "the rule equal says the shares",
     "remove it"},
    {"{rule: equal, parts: [a, b, {indicator: c, shrae: 1}]}", "shrae: is not a key",
     "did you mean share?"},
    {"{rule: equal, parts: [a, b, {}]}", "indicator", "is missing"},
    {"{rule: budget, parts: [a, {indicator: b, share: 1}, {indicator: c, share: 1}]}",
     "the rule budget does not say it", "{indicator: a, share: NUMBER}"},
    {"{rule: budget, parts: [{rule: equal, parts: [a]}, {indicator: b, share: 1}, {indicator: c, "
     "share: 1}]}",
     "share", "is missing"},
    {"{rule: budget, parts: [{indicator: a, amount: bdu}, {indicator: b, share: 1}, {indicator: c, "
     "amount: bdu}]}",
     "cannot be compared", "all of them amounts"},
    {"{rule: quantity, parts: [{indicator: a, amount: timer}, {indicator: b, amount: barn}, "
     "{indicator: c, amount: timer}]}",
     "an amount in persons stands beside one in hours", "one unit"},
    {"{rule: budget, parts: [{indicator: a, amount: bd}, {indicator: b, amount: bdu}, {indicator: "
     "c, amount: bdu}]}",
     "\"bd\"", "did you mean bdu?"},
    {"{rule: chosen, parts: [{indicator: a, amount: bdu}, {indicator: b, share: 1}, {indicator: c, "
     "share: 1}]}",
     "share", "is missing"},
    {"{rule: chosen, parts: [{indicator: a, share: 0}, {indicator: b, share: 1}, {indicator: c, "
     "share: 1}]}",
     "not above 0", "positive number"},
    {"{rule: budget, parts: [{indicator: a, share: 1, amount: bdu}, {indicator: b, share: 1}, "
     "{indicator: c, share: 1}]}",
     "does not go with share", "not both"},
    {"{rule: main, main: [a, b, c]}", "supplementary", "is missing"},
    {"{rule: main, main: [a], supplementary: [b, c], parts: [a]}", "not go with the rule main",
     "supplementary: […] instead"},
    {"{rule: equal, parts: [a, b, c], main: [a]}", "not go with the rule equal",
     "write parts: […] instead"},
    {"{rule: main, main: [{indicator: a, share: 2}], supplementary: [b, c]}",
     "the rule main says the shares", "remove it"},
    {"{rule: equal, parts: [a, b, c], closure: {decimals: 10, absorbs: last}}",
     "whole number from 1 to 9", "decimals: 1"},
    {"{rule: equal, parts: [a, b, c], closure: {decimals: 4, absorbs: first}}", "\"first\"",
     "allowed are last, remainder"},
    {"{rule: equal, parts: [a, b, c], closure: {decimals: 4}}", "absorbs", "is missing"},
    {"{rule: equal, parts: [a, b, c], share: 1}", "share: is not a key", "allowed are"},
};

static void every_fault_of_a_weighting_is_told_with_its_line(void **state)
{
    (void)state;
    char place[32];
    (void)snprintf(place, sizeof place, "liten.yaml:%d: ", WEIGHTS_LINE);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        struct kf_edition *edition = NULL;
        assert_int_equal(read_weights(faults[i].weights, &edition), KF_ERR_CONFIG);
        fixture_told(place, faults[i].problem, faults[i].remedy, NULL);
        fixture_found(1);
    }
}

static void a_weight_beside_weights_is_refused(void **state)
{
    (void)state;
    char text[2048];
    (void)snprintf(text, sizeof text, "%s{rule: equal, parts: [a, b, c]}\n", BEFORE);
    struct kf_edition *edition = NULL;
    struct kf_error err;
    const char *path = fixture_write(
        "liten.yaml", fixture_replace(text, "{id: b, variable", "{id: b, weight: 1, variable"));
    assert_int_equal(kf_edition_read(path, edition_fixture_variables, edition_fixture_arena,
                                     &edition, fixture_findings(), &err),
                     KF_ERR_CONFIG);
    fixture_told("liten.yaml:16: weight \"1\"", "which derives it", "remove weights", NULL);
    fixture_found(1);
}

static void levels_and_parts_are_limited(void **state)
{
    (void)state;
    struct kf_text text;
    kf_text_init(&text, (size_t)1 << 20);
    for (int deep = KF_WEIGHT_LEVELS_MAX; deep <= KF_WEIGHT_LEVELS_MAX + 1; deep++) {
        kf_text_reset(&text);
        for (int level = 1; level < deep; level++) { /* each split is a level, the items the last */
            kf_text_add(&text, "{rule: equal, parts: [");
        }
        kf_text_add(&text, "a, b, c");
        for (int level = 1; level < deep; level++) {
            kf_text_add(&text, "]}");
        }
        struct kf_edition *edition = NULL;
        bool allowed = deep == KF_WEIGHT_LEVELS_MAX;
        assert_int_equal(read_weights(text.bytes, &edition), allowed ? KF_OK : KF_ERR_CONFIG);
        fixture_found(allowed ? 0 : 1);
    }
    fixture_told("512 parts on 8 levels", NULL);
    kf_text_reset(&text);
    kf_text_add(&text, "{rule: equal, parts: [a, b, c");
    for (int i = 0; i < KF_WEIGHT_PARTS_MAX; i++) {
        kf_text_add(&text, ", {rule: equal, parts: [a]}");
    }
    kf_text_add(&text, "]}");
    struct kf_edition *edition = NULL;
    assert_int_equal(read_weights(text.bytes, &edition), KF_ERR_CONFIG);
    kf_text_clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(main_and_supplementary_take_eighty_and_twenty,
                                        edition_fixture_arena_open, edition_fixture_arena_close),
        cmocka_unit_test_setup_teardown(a_split_stands_wherever_an_item_may,
                                        edition_fixture_arena_open, edition_fixture_arena_close),
        cmocka_unit_test_setup_teardown(every_rule_has_its_word, edition_fixture_arena_open,
                                        edition_fixture_arena_close),
        cmocka_unit_test_setup_teardown(every_fault_of_a_weighting_is_told_with_its_line,
                                        edition_fixture_arena_open, edition_fixture_arena_close),
        cmocka_unit_test_setup_teardown(a_weight_beside_weights_is_refused,
                                        edition_fixture_arena_open, edition_fixture_arena_close),
        cmocka_unit_test_setup_teardown(levels_and_parts_are_limited, edition_fixture_arena_open,
                                        edition_fixture_arena_close),
    };
    return cmocka_run_group_tests(tests, edition_fixture_open, edition_fixture_close);
}
