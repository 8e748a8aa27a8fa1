/* Trees of weights that a stage could not walk are refused. */
#include <math.h>
#include <string.h>

#include "common/codec/unpack.h"
#include "common/codec/weighting_codec.h"
#include "tests/support/cmocka.h"

#define ROOM (KF_WEIGHT_PARTS_MAX + 1)

static Kf__V1__WeightPart parts[ROOM];
static Kf__V1__WeightPart *list[ROOM];
static Kf__V1__Term term;
static Kf__V1__Term *terms[] = {&term};
static Kf__V1__Weighting weighting;
static const char *const ids[] = {"a", "b", "c"};

static void add(int parent, Kf__V1__WeightRule rule, double share, const char *item)
{
    Kf__V1__WeightPart *part = &parts[weighting.n_parts];
    kf__v1__weight_part__init(part);
    part->parent = parent;
    part->rule = rule;
    part->share = share;
    part->item = kf_borrow(item);
    list[weighting.n_parts++] = part;
}

#define BUDGET KF__V1__WEIGHT_RULE__WEIGHT_RULE_BUDGET
#define EQUAL  KF__V1__WEIGHT_RULE__WEIGHT_RULE_EQUAL
#define MAIN   KF__V1__WEIGHT_RULE__WEIGHT_RULE_MAIN
#define ITEM   KF__V1__WEIGHT_RULE__WEIGHT_RULE_ITEM

/* a by the budget, b and c the same each. */
static int make_sound(void **state)
{
    (void)state;
    kf__v1__term__init(&term);
    term.variable = kf_borrow("f202");
    term.factor = 1;
    kf__v1__weighting__init(&weighting);
    weighting.closure = KF__V1__CLOSURE__CLOSURE_REMAINDER;
    weighting.decimals = 4;
    weighting.parts = list;
    add(-1, BUDGET, 0, "");
    add(0, ITEM, 0, "a");
    parts[1].amount = terms;
    parts[1].n_amount = 1;
    add(0, EQUAL, 0.25, "");
    add(2, ITEM, 0, "b");
    add(2, ITEM, 0, "c");
    return 0;
}

static void assert_told(enum kf_err expected, const char *text)
{
    struct kf_error err = {.text = ""};
    assert_int_equal(kf_weighting_check_message(&weighting, ids, 3, "skole", &err), expected);
    if (!strstr(err.text, text)) {
        fail_msg("\"%s\" does not hold \"%s\"", err.text, text);
    }
}

static void a_sound_tree_is_taken(void **state)
{
    (void)state;
    assert_told(KF_OK, "");
    assert_int_equal(kf_weighting_check_message(NULL, ids, 3, "skole", NULL), KF_OK);
}

static void a_part_stands_behind_its_parent(void **state)
{
    (void)state;
    const int32_t bad[] = {-1, 2, 3, 4, 1000, -2, INT32_MIN, INT32_MAX};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        parts[2].parent = bad[i];
        assert_told(KF_ERR_DATA, "part 2 of the weighting of skole does not stand behind");
    }
    parts[2].parent = 0;
    parts[0].parent = 0;
    assert_told(KF_ERR_DATA, "is the first and has a parent");
}

static void items_are_leaves_and_only_they(void **state)
{
    (void)state;
    parts[3].parent = 1;
    assert_told(KF_ERR_DATA, "part 3 of the weighting of skole stands under an item");
    parts[3].parent = 2;
    parts[2].item = kf_borrow("d");
    assert_told(KF_ERR_DATA, "neither an item nor split, or both");
    parts[2].item = kf_borrow("");
    parts[3].item = kf_borrow("");
    assert_told(KF_ERR_DATA, "neither an item nor split, or both");
    (void)make_sound(state);
    add(0, EQUAL, 0.5, "");
    assert_told(KF_ERR_DATA, "part 5 of the weighting of skole is split among nothing");
}

static void every_item_stands_exactly_once(void **state)
{
    (void)state;
    parts[3].item = kf_borrow("a");
    assert_told(KF_ERR_DATA, "a does not stand once");
    parts[3].item = kf_borrow("d");
    assert_told(KF_ERR_DATA, "b does not stand once");
    parts[3].item = kf_borrow("b");
    add(2, ITEM, 0, "d");
    assert_told(KF_ERR_DATA, "4 items for 3 weights");
}

static void a_part_is_weighed_by_its_share_its_amount_or_the_rule_above(void **state)
{
    (void)state;
    parts[2].share = 0;
    assert_told(KF_ERR_DATA, "part 2 of the weighting of skole has neither");
    parts[0].rule = MAIN; /* says 80 and 20 itself */
    assert_told(KF_OK, "");
    parts[0].rule = EQUAL;
    assert_told(KF_OK, "");
    parts[1].share = 0.5;
    assert_told(KF_ERR_DATA, "both a share and an amount");
    parts[1].share = -1;
    assert_told(KF_ERR_DATA, "has no share");
    parts[1].share = NAN;
    assert_told(KF_ERR_DATA, "has no share");
    (void)make_sound(state);
    term.factor = INFINITY;
    assert_told(KF_ERR_DATA, "f202");
}

static void closures_round_to_one_to_nine_decimals(void **state)
{
    (void)state;
    weighting.decimals = 0;
    assert_told(KF_ERR_DATA, "closure");
    weighting.decimals = 10;
    assert_told(KF_ERR_DATA, "closure");
    weighting.decimals = 9;
    assert_told(KF_OK, "");
    weighting.closure = KF__V1__CLOSURE__CLOSURE_NONE;
    assert_told(KF_ERR_DATA, "closure");
    weighting.decimals = 0;
    assert_told(KF_OK, "");
}

/* A chain of parts, each the only child of the one before. */
static void make_chain(size_t levels)
{
    weighting.n_parts = 0;
    add(-1, EQUAL, 0, "");
    for (size_t i = 1; i < levels; i++) {
        add((int)i - 1, EQUAL, 0, "");
    }
    for (size_t i = 0; i < 3; i++) {
        add((int)levels - 1, ITEM, 0, ids[i]);
    }
}

static void levels_and_parts_have_their_limits(void **state)
{
    (void)state;
    make_chain(KF_WEIGHT_LEVELS_MAX);
    assert_told(KF_OK, "");
    make_chain(KF_WEIGHT_LEVELS_MAX + 1);
    assert_told(KF_ERR_LIMIT, "levels");
    make_chain(KF_WEIGHT_PARTS_MAX - 3); /* counting levels must not wrap around */
    assert_told(KF_ERR_LIMIT, "levels");
    make_chain(KF_WEIGHT_PARTS_MAX - 2);
    assert_told(KF_ERR_LIMIT, "parts in a weighting");
}

#define TEST(name) cmocka_unit_test_setup(name, make_sound)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_sound_tree_is_taken),
        TEST(a_part_stands_behind_its_parent),
        TEST(items_are_leaves_and_only_they),
        TEST(every_item_stands_exactly_once),
        TEST(a_part_is_weighed_by_its_share_its_amount_or_the_rule_above),
        TEST(closures_round_to_one_to_nine_decimals),
        TEST(levels_and_parts_have_their_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
