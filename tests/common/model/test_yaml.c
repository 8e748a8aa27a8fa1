#include "fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/model/digest.h"
#include "common/model/yaml.h"

static struct kf_yaml *parse(const char *text)
{
    struct kf_yaml *yaml = NULL;
    struct kf_error err;
    assert_int_equal(kf_yaml_parse("t.yaml", text, strlen(text), &yaml, fixture_findings(), &err),
                     KF_OK);
    return yaml;
}

static void refuse_bytes(const char *bytes, size_t length)
{
    struct kf_yaml *yaml = NULL;
    struct kf_error err;
    assert_int_equal(kf_yaml_parse("t.yaml", bytes, length, &yaml, fixture_findings(), &err),
                     KF_ERR_CONFIG);
    assert_null(yaml);
    assert_int_equal(err.code, KF_ERR_CONFIG);
}

static void refuse(const char *text)
{
    refuse_bytes(text, strlen(text));
}

static void a_document_is_walked_by_key_and_by_position(void **state)
{
    (void)state;
    struct kf_yaml *yaml = parse("a: 1\nlist:\n  - x\n  - {k: v}\nb: \"0301\"\n");
    struct kf_yaml_node root = kf_yaml_root(yaml);
    assert_true(kf_yaml_is_map(root));
    assert_int_equal(kf_yaml_count(root), 3);
    assert_string_equal(kf_yaml_key(root, 2), "b");
    assert_string_equal(kf_yaml_scalar(kf_yaml_value(root, 0)), "1");
    struct kf_yaml_node list = kf_yaml_get(root, "list");
    assert_true(kf_yaml_is_list(list));
    assert_int_equal(kf_yaml_count(list), 2);
    assert_string_equal(kf_yaml_scalar(kf_yaml_item(list, 0)), "x");
    assert_string_equal(kf_yaml_scalar(kf_yaml_get(kf_yaml_item(list, 1), "k")), "v");
    assert_true(kf_yaml_is_quoted(kf_yaml_get(root, "b")));
    assert_false(kf_yaml_is_quoted(kf_yaml_get(root, "a")));
    assert_int_equal(kf_yaml_line(kf_yaml_item(list, 1)), 4);
    assert_string_equal(kf_yaml_file(list), "t.yaml");
    kf_yaml_destroy(&yaml);
    assert_null(yaml);
}

static void what_is_not_there_is_a_node_that_does_not_exist(void **state)
{
    (void)state;
    struct kf_yaml *yaml = parse("a: 1\n");
    struct kf_yaml_node root = kf_yaml_root(yaml);
    struct kf_yaml_node scalar = kf_yaml_get(root, "a");
    const struct kf_yaml_node absent[] = {
        kf_yaml_get(root, "b"),
        kf_yaml_item(root, 0),
        kf_yaml_value(root, 1),
        kf_yaml_get(scalar, "a"),
        kf_yaml_value(scalar, 0),
        kf_yaml_item(scalar, 0),
        {NULL, 0},
    };
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++) {
        assert_false(kf_yaml_exists(absent[i]));
        assert_null(kf_yaml_scalar(absent[i]));
        assert_int_equal(kf_yaml_count(absent[i]), 0);
        assert_int_equal(kf_yaml_line(absent[i]), 0);
    }
    assert_null(kf_yaml_key(root, 1));
    kf_yaml_destroy(&yaml);
}

static void syntax_faults_are_told_with_line_and_cause(void **state)
{
    (void)state;
    refuse("a: 1\nb: [1, 2\nc: 3\n");
    fixture_told("t.yaml:", "is not YAML", "line 2", NULL);
    refuse("a: 1\n\tb: 2\n");
    fixture_told("t.yaml:2: ", "is not YAML", "indent with spaces", NULL);
    refuse("a: 1\nb: \xe6\n");
    fixture_told("t.yaml:2: ", "is not YAML", "UTF-8", NULL);
    refuse("a: 1\n\nb: \x01\n");
    fixture_told("t.yaml:3: ", "control characters", NULL);
    refuse_bytes("a: 1\0b", 6);
    fixture_told("t.yaml:1: ", "control characters", NULL);
}

static void nothing_and_more_than_one_document_are_refused(void **state)
{
    (void)state;
    refuse("");
    fixture_told("t.yaml:1: ", "empty", NULL);
    refuse("# only a comment\n");
    fixture_told("empty", NULL);
    refuse("a: 1\n---\nb: 2\n");
    fixture_told("t.yaml:2: ", "more than one document", NULL);
}

static void anchors_aliases_and_tags_are_refused_all_at_once(void **state)
{
    (void)state;
    refuse("a: &x [1, 2]\nb: *x\nc: !!str 5\nd: {<<: *x}\n");
    fixture_told("t.yaml:1: ", "anchors", NULL);
    fixture_told("t.yaml:2: ", "aliases", "\"x\"", NULL);
    fixture_told("t.yaml:3: ", "tags", NULL);
    fixture_told("t.yaml:4: ", "aliases", NULL);
    fixture_found(4);
}

static void a_bomb_of_aliases_costs_nothing(void **state)
{
    (void)state;
    struct kf_text text;
    kf_text_init(&text, 1 << 16);
    kf_text_add(&text, "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for (int i = 1; i < 10; i++) {
        kf_text_add_format(&text, "a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d]\n", i, i, i - 1, i - 1,
                           i - 1, i - 1, i - 1);
    }
    refuse(text.bytes);
    kf_text_clear(&text);
}

static void depth_nodes_and_length_are_limited(void **state)
{
    (void)state;
    static char text[1 << 20];
    memset(text, '[', 5000);
    text[5000] = '\0';
    refuse(text);
    fixture_told("nested too deeply", NULL);
    size_t length = 0;
    text[length++] = '[';
    while (length + 3 < sizeof text) {
        text[length++] = 'a';
        text[length++] = ',';
    }
    text[length++] = ']';
    refuse_bytes(text, length);
    fixture_told("too many entries", NULL);
    memset(text, 'x', 5000);
    text[5000] = '\0';
    refuse(text);
    fixture_told("too long", NULL);
    refuse("a: \"x\\0y\"\n");
    fixture_told("t.yaml:1: ", "NUL", NULL);
}

static void a_key_is_a_single_word(void **state)
{
    (void)state;
    refuse("a: 1\n? [x, y]\n: 2\n");
    fixture_told("t.yaml:2: ", "key must be a single word", NULL);
}

static void unknown_and_repeated_keys_are_told(void **state)
{
    (void)state;
    static const char *const allowed[] = {"weight", "source", NULL};
    struct kf_yaml *yaml = parse("weight: 1\nwieght: 2\nanything: 3\nweight:\n  4\n");
    struct kf_findings *findings = fixture_findings();
    kf_yaml_check_keys(kf_yaml_root(yaml), allowed, findings);
    fixture_told("t.yaml:2: wieght", "did you mean weight?", NULL);
    fixture_told("t.yaml:3: anything", "allowed are weight, source", NULL);
    fixture_told("t.yaml:4: weight", "given twice", NULL);
    fixture_found(3);
    findings = fixture_findings();
    kf_yaml_check_keys(kf_yaml_get(kf_yaml_root(yaml), "weight"), allowed, findings);
    fixture_told("t.yaml:1: \"1\"", "must be a map", NULL);
    kf_yaml_destroy(&yaml);
}

static const char typed[] = "text: Bærum\n"
                            "code: 0301\n"
                            "number: -1.5e2\n"
                            "quoted: \"5\"\n"
                            "whole: -7\n"
                            "flag: true\n"
                            "nothing:\n"
                            "null: ~\n"
                            "list: [1]\n"
                            "name: {nb: Skole, en: School}\n"
                            "half: {nb: Skole}\n";

static void typed_values_are_read(void **state)
{
    (void)state;
    struct kf_yaml *yaml = parse(typed);
    struct kf_yaml_node root = kf_yaml_root(yaml);
    struct kf_findings *findings = fixture_findings();
    const char *text = NULL;
    const char *other = NULL;
    double number = 0;
    long whole = 0;
    bool flag = false;
    assert_true(kf_yaml_get_text(root, "text", true, &text, findings));
    assert_string_equal(text, "Bærum");
    assert_true(kf_yaml_get_text(root, "code", true, &text, findings));
    assert_string_equal(text, "0301");
    assert_true(kf_yaml_get_number(root, "number", true, &number, findings));
    assert_true(number == -150);
    assert_true(
        kf_yaml_get_whole(root, "whole", true, (struct kf_yaml_range){-7, 7}, &whole, findings));
    assert_int_equal(whole, -7);
    assert_true(kf_yaml_get_flag(root, "flag", true, &flag, findings));
    assert_true(flag);
    assert_true(kf_yaml_get_name(root, "name", &text, &other, findings));
    assert_string_equal(text, "Skole");
    assert_string_equal(other, "School");
    fixture_found(0);
    kf_yaml_destroy(&yaml);
}

static void a_wrong_type_is_a_finding_and_changes_nothing(void **state)
{
    (void)state;
    struct kf_yaml *yaml = parse(typed);
    struct kf_yaml_node root = kf_yaml_root(yaml);
    struct kf_findings *findings = fixture_findings();
    const char *text = "kept";
    const char *other = "kept";
    double number = 42;
    static const struct kf_yaml_range digits = {0, 9};
    long whole = 42;
    bool flag = true;
    assert_false(kf_yaml_get_number(root, "text", true, &number, findings));
    fixture_told("t.yaml:1: text \"Bærum\"", "must be a number", "text: 0.25", NULL);
    assert_false(kf_yaml_get_number(root, "quoted", true, &number, findings));
    assert_false(kf_yaml_get_whole(root, "quoted", true, digits, &whole, findings));
    assert_false(kf_yaml_get_whole(root, "whole", true, digits, &whole, findings));
    fixture_told("t.yaml:5: whole \"-7\"", "from 0 to 9", NULL);
    assert_false(kf_yaml_get_whole(root, "number", true, (struct kf_yaml_range){-999, 999}, &whole,
                                   findings));
    assert_false(kf_yaml_get_flag(root, "code", true, &flag, findings));
    fixture_told("t.yaml:2: code", "true or false", NULL);
    assert_false(kf_yaml_get_text(root, "nothing", true, &text, findings));
    assert_false(kf_yaml_get_text(root, "null", false, &text, findings));
    assert_false(kf_yaml_get_text(root, "list", true, &text, findings));
    fixture_told("t.yaml:9: list", "must be a text", NULL);
    assert_false(kf_yaml_get_id(root, "text", true, &text, findings));
    assert_false(kf_yaml_get_name(root, "half", &text, &other, findings));
    fixture_told("t.yaml:11: en", "is missing", NULL);
    assert_false(kf_yaml_get_name(root, "list", &text, &other, findings));
    fixture_found(12);
    assert_string_equal(text, "kept");
    assert_string_equal(other, "kept");
    assert_true(number == 42 && whole == 42 && flag);
    kf_yaml_destroy(&yaml);
}

static void absence_is_a_finding_only_when_required(void **state)
{
    (void)state;
    struct kf_yaml *yaml = parse("\n\na: 1\n");
    struct kf_yaml_node root = kf_yaml_root(yaml);
    struct kf_findings *findings = fixture_findings();
    const char *text = NULL;
    double number = 0;
    assert_false(kf_yaml_get_text(root, "b", false, &text, findings));
    assert_false(kf_yaml_get_number(root, "b", false, &number, findings));
    fixture_found(0);
    assert_false(kf_yaml_get_number(root, "b", true, &number, findings));
    fixture_told("t.yaml:3: b", "is missing", "add b: 0.25", NULL);
    kf_yaml_destroy(&yaml);
}

static void a_file_is_read_with_its_digest_and_within_its_limit(void **state)
{
    (void)state;
    static const char text[] = "a: 1\n";
    const char *path = fixture_write("t.yaml", text);
    char digest[KF_DIGEST_SIZE] = "";
    char expected[KF_DIGEST_SIZE];
    kf_digest_of(text, strlen(text), expected);
    struct kf_yaml *yaml = NULL;
    struct kf_error err;
    struct kf_findings *findings = fixture_findings();
    assert_int_equal(kf_yaml_read(path, strlen(text), &yaml, digest, findings, &err), KF_OK);
    assert_string_equal(digest, expected);
    kf_yaml_destroy(&yaml);
    assert_int_equal(kf_yaml_read(path, strlen(text) - 1, &yaml, NULL, findings, &err),
                     KF_ERR_CONFIG);
    fixture_told("t.yaml: ", "limit of 4 bytes", NULL);
    assert_int_equal(kf_yaml_read(fixture_path("none"), 9, &yaml, NULL, findings, &err), KF_ERR_IO);
    assert_int_equal(kf_yaml_read(fixture_path(""), 9, &yaml, NULL, findings, &err), KF_ERR_IO);
    assert_null(yaml);
}

static void every_failing_allocation_is_survived(void **state)
{
    (void)state;
    const char *path = fixture_write("t.yaml", fixture_edition_yaml);
    struct kf_findings *findings = fixture_findings();
    struct kf_yaml *yaml = NULL;
    struct kf_error err;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code == KF_ERR_MEMORY; n++) {
        assert_null(yaml);
        kf_memory_fail_after(n);
        code = kf_yaml_read(path, 1 << 16, &yaml, NULL, findings, &err);
        kf_memory_fail_after(-1);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 5);
    kf_yaml_destroy(&yaml);
    kf_yaml_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_is_walked_by_key_and_by_position),
        cmocka_unit_test(what_is_not_there_is_a_node_that_does_not_exist),
        cmocka_unit_test(syntax_faults_are_told_with_line_and_cause),
        cmocka_unit_test(nothing_and_more_than_one_document_are_refused),
        cmocka_unit_test(anchors_aliases_and_tags_are_refused_all_at_once),
        cmocka_unit_test(a_bomb_of_aliases_costs_nothing),
        cmocka_unit_test(depth_nodes_and_length_are_limited),
        cmocka_unit_test(a_key_is_a_single_word),
        cmocka_unit_test(unknown_and_repeated_keys_are_told),
        cmocka_unit_test(typed_values_are_read),
        cmocka_unit_test(a_wrong_type_is_a_finding_and_changes_nothing),
        cmocka_unit_test(absence_is_a_finding_only_when_required),
        cmocka_unit_test(a_file_is_read_with_its_digest_and_within_its_limit),
        cmocka_unit_test(every_failing_allocation_is_survived),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
