#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/model/yaml.h"

/* What a test lays over each other. */
static struct {
    struct kf_yaml *base;
    struct kf_yaml *own;
    struct kf_yaml *merged;
} documents;

static struct kf_yaml *parse(const char *name, const char *text)
{
    struct kf_yaml *yaml = NULL;
    struct kf_error err;
    assert_int_equal(kf_yaml_parse(name, text, strlen(text), &yaml, fixture_findings(), &err),
                     KF_OK);
    return yaml;
}

static struct kf_yaml_node merge(const char *base, const char *own)
{
    struct kf_error err;
    documents.base = parse("base.yaml", base);
    documents.own = parse("own.yaml", own);
    assert_int_equal(
        kf_yaml_merge(documents.base, documents.own, &documents.merged, fixture_findings(), &err),
        KF_OK);
    return kf_yaml_root(documents.merged);
}

static int clear(void **state)
{
    (void)state;
    kf_yaml_destroy(&documents.merged);
    kf_yaml_destroy(&documents.own);
    kf_yaml_destroy(&documents.base);
    return 0;
}

static void print(struct kf_text *text, struct kf_yaml_node node)
{
    if (kf_yaml_scalar(node)) {
        kf_text_add(text, kf_yaml_scalar(node));
        return;
    }
    bool map = kf_yaml_is_map(node);
    kf_text_add(text, map ? "{" : "[");
    for (size_t i = 0; i < kf_yaml_count(node); i++) {
        kf_text_add(text, i > 0 ? ", " : "");
        if (map) {
            kf_text_add_format(text, "%s: ", kf_yaml_key(node, i));
        }
        print(text, map ? kf_yaml_value(node, i) : kf_yaml_item(node, i));
    }
    kf_text_add(text, map ? "}" : "]");
}

static void merges_to(const char *base, const char *own, const char *expected)
{
    struct kf_text text;
    kf_text_init(&text, 4096);
    print(&text, merge(base, own));
    assert_string_equal(text.bytes, expected);
    kf_text_clear(&text);
    (void)clear(NULL);
}

static void maps_merge_by_key_at_every_depth(void **state)
{
    (void)state;
    merges_to("{a: 1, b: {c: 2, d: 3}}", "{b: {d: 4, e: 5}, f: 6}",
              "{a: 1, b: {c: 2, d: 4, e: 5}, f: 6}");
    merges_to("{a: 1}", "{a: {b: 2}}", "{a: {b: 2}}");
    merges_to("{a: {b: 2}}", "{a: 1}", "{a: 1}");
    fixture_found(0);
}

static void lists_with_ids_merge_by_id_and_others_are_replaced(void **state)
{
    (void)state;
    merges_to("[{id: x, v: 1}, {id: y, v: 2}]", "[{id: z, v: 3}, {id: y, v: 4}]",
              "[{id: x, v: 1}, {id: y, v: 4}, {id: z, v: 3}]");
    merges_to("[{id: x, l: [{id: p, v: 1}, {id: q}]}]", "[{id: x, l: [{id: p, w: 2}]}]",
              "[{id: x, l: [{id: p, v: 1, w: 2}, {id: q}]}]");
    merges_to("[1, 2, 3]", "[4]", "[4]");
    merges_to("[{year: 1}, {year: 2}]", "[{year: 3}]", "[{year: 3}]");
    merges_to("[a, b]", "[{id: x}]", "[{id: x}]");
    merges_to("[{id: x}]", "[]", "[]");
    fixture_found(0);
}

static void items_and_keys_are_taken_away(void **state)
{
    (void)state;
    merges_to("[{id: x}, {id: y}]", "[{id: x, remove: true}]", "[{id: y}]");
    merges_to("{a: 1, b: 2, c: 3, d: 4}", "{a: null, b: ~, c: }", "{d: 4}");
    merges_to("{a: 1}", "{a: \"null\"}", "{a: null}"); /* a text in quotes */
    fixture_found(0);
}

static void taking_away_what_is_not_there_is_told(void **state)
{
    (void)state;
    (void)merge("{l: [{id: barnehage}], a: 1}", "l:\n  - {id: barnehag, remove: true}\nb: null\n");
    fixture_told("own.yaml:2: remove \"barnehag\"", "no such item", "did you mean barnehage?",
                 NULL);
    fixture_told("own.yaml:3: b", "nothing is inherited", "remove the line", NULL);
    fixture_found(2);
    (void)clear(NULL);
    (void)merge("[{id: x}, {id: y}]", "- {id: x, remove: yes}\n- {id: y, remove: true, v: 1}\n");
    fixture_told("own.yaml:1: remove \"yes\"", "only be true", NULL);
    fixture_told("own.yaml:2: remove", "no other keys", NULL);
    fixture_found(2);
}

static void every_node_keeps_its_place_and_its_distance(void **state)
{
    (void)state;
    struct kf_yaml_node root = merge("a: 1\nb:\n  c: 2\n", "\n\nb:\n  d: 3\n");
    struct kf_yaml_node a = kf_yaml_get(root, "a");
    assert_string_equal(kf_yaml_file(a), "base.yaml");
    assert_int_equal(kf_yaml_line(a), 1);
    assert_int_equal(kf_yaml_level(a), 1);
    struct kf_yaml_node b = kf_yaml_get(root, "b"); /* both have it: where the own one is */
    assert_string_equal(kf_yaml_file(b), "own.yaml");
    assert_int_equal(kf_yaml_line(b), 4);
    assert_int_equal(kf_yaml_level(b), 0);
    assert_string_equal(kf_yaml_file(kf_yaml_get(b, "c")), "base.yaml");
    assert_int_equal(kf_yaml_line(kf_yaml_get(b, "c")), 3);
    assert_string_equal(kf_yaml_file(kf_yaml_get(b, "d")), "own.yaml");
    struct kf_yaml *third = parse("third.yaml", "e: 4\n");
    struct kf_yaml *all = NULL;
    struct kf_error err;
    assert_int_equal(kf_yaml_merge(documents.merged, third, &all, fixture_findings(), &err), KF_OK);
    a = kf_yaml_get(kf_yaml_root(all), "a");
    assert_int_equal(kf_yaml_level(a), 2);
    assert_string_equal(kf_yaml_file(a), "base.yaml");
    assert_int_equal(kf_yaml_level(kf_yaml_get(kf_yaml_root(all), "e")), 0);
    kf_yaml_destroy(&all);
    kf_yaml_destroy(&third);
}

static void a_key_given_twice_is_still_told(void **state)
{
    (void)state;
    static const char *const keys[] = {"a", "b", NULL};
    kf_yaml_check_keys(merge("a: 1\nb: 2\n", "a: 3\na: 4\n"), keys, fixture_findings());
    fixture_told("own.yaml:2: a", "given twice", NULL);
    fixture_found(1);
    (void)clear(NULL);
    kf_yaml_check_keys(merge("a: 1\na: 2\n", "a: 3\n"), keys, fixture_findings());
    fixture_told("base.yaml:2: a", "given twice", NULL);
    fixture_found(1);
}

/* --- a property ------------------------------------------------------------------------------ */

#define KEYS 8

static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1103515245U + 12345U;
    return *seed >> 16;
}

/* A random subset of the keys, each with a digit, absent (−1) or taken away (−2). */
static void random_map(unsigned *seed, int values[KEYS])
{
    for (int k = 0; k < KEYS; k++) {
        unsigned roll = next_random(seed) % 4;
        values[k] = roll == 0 ? -1 : (int)(next_random(seed) % 10);
    }
}

static void write_map(const int values[KEYS], bool as_items, struct kf_text *text)
{
    kf_text_add(text, as_items ? "l:\n  - {id: z}\n" : "z: 0\n");
    for (int k = 0; k < KEYS; k++) {
        char c = (char)('a' + k);
        if (values[k] == -2) {
            kf_text_add_format(text, as_items ? "  - {id: %c, remove: true}\n" : "%c: null\n", c);
        } else if (values[k] >= 0) {
            kf_text_add_format(text, as_items ? "  - {id: %c, v: %d}\n" : "%c: %d\n", c, values[k]);
        }
    }
}

static int value_of(struct kf_yaml_node root, bool as_items, int k)
{
    char key[2] = {(char)('a' + k), '\0'};
    struct kf_yaml_node node = kf_yaml_get(root, key);
    struct kf_yaml_node list = kf_yaml_get(root, "l");
    for (size_t i = 0; as_items && i < kf_yaml_count(list); i++) {
        struct kf_yaml_node item = kf_yaml_item(list, i);
        if (strcmp(kf_yaml_scalar(kf_yaml_get(item, "id")), key) == 0) {
            node = kf_yaml_get(item, "v");
        }
    }
    return kf_yaml_exists(node) ? kf_yaml_scalar(node)[0] - '0' : -1;
}

/* Whatever two documents say, writing down how they differ and laying that over the first gives the
 * second, for keys and for items alike. */
static void what_differs_laid_over_the_base_gives_the_other(void **state)
{
    (void)state;
    unsigned seed = 20250423;
    for (int round = 0; round < 400; round++) {
        bool as_items = round % 2 == 1;
        int from[KEYS];
        int to[KEYS];
        int differs[KEYS];
        random_map(&seed, from);
        random_map(&seed, to);
        for (int k = 0; k < KEYS; k++) {
            differs[k] = from[k] == to[k] ? -1 : to[k] >= 0 ? to[k] : -2;
        }
        struct kf_text base;
        struct kf_text own;
        kf_text_init(&base, 4096);
        kf_text_init(&own, 4096);
        write_map(from, as_items, &base);
        write_map(differs, as_items, &own);
        struct kf_yaml_node root = merge(base.bytes, own.bytes);
        fixture_found(0);
        for (int k = 0; k < KEYS; k++) {
            assert_int_equal(value_of(root, as_items, k), to[k]);
        }
        (void)clear(NULL);
        kf_text_clear(&base);
        kf_text_clear(&own);
    }
}

static void every_failing_allocation_is_survived(void **state)
{
    (void)state;
    struct kf_error err;
    documents.base = parse("base.yaml", fixture_edition_yaml);
    documents.own = parse("own.yaml", "id: annen\nsectors:\n  - {id: kultur, weight: 0.3}\n");
    struct kf_findings *findings = fixture_findings();
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code == KF_ERR_MEMORY; n++) {
        assert_null(documents.merged);
        kf_memory_fail_after(n);
        code = kf_yaml_merge(documents.base, documents.own, &documents.merged, findings, &err);
        kf_memory_fail_after(-1);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 4);
}

#define cleared(test) cmocka_unit_test_teardown(test, clear)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cleared(maps_merge_by_key_at_every_depth),
        cleared(lists_with_ids_merge_by_id_and_others_are_replaced),
        cleared(items_and_keys_are_taken_away),
        cleared(taking_away_what_is_not_there_is_told),
        cleared(every_node_keeps_its_place_and_its_distance),
        cleared(a_key_given_twice_is_still_told),
        cleared(what_differs_laid_over_the_base_gives_the_other),
        cleared(every_failing_allocation_is_survived),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
