#include "fixture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/model/account.h"
#include "common/model/variable.h"

static void a_variable_is_found_by_its_bytes_without_a_nul(void **state)
{
    (void)state;
    struct kf_variables *variables = fixture_variables();
    const struct kf_variable *found = kf_variables_find(variables, "timer,12.5", 5);
    assert_string_equal(found->id, "timer");
    assert_string_equal(found->unit, "hours");
    assert_string_equal(found->name_nb, "Timer");
    assert_string_equal(found->name_en, "Hours");
    assert_null(kf_variables_find(variables, "timer", 4));
    assert_null(kf_variables_find(variables, "timer\0x", 7));
    assert_null(kf_variables_find(variables, "", 0));
    kf_variables_destroy(&variables);
    assert_null(variables);
}

static void bounds_are_read_and_open_ends_lie_far_out(void **state)
{
    (void)state;
    struct kf_variables *variables = fixture_variables();
    const struct kf_variable *share = kf_variables_find(variables, "andel", 5);
    assert_true(share->minimum == 0 && share->maximum == 1);
    const struct kf_variable *gross = kf_variables_find(variables, "bdu", 3);
    assert_true(gross->minimum == -1e9 && gross->maximum == KF_FIGURE_MAX);
    kf_variables_destroy(&variables);
}

static void numbers_follow_the_alphabet_not_the_file(void **state)
{
    (void)state;
    struct kf_variables *variables = fixture_variables();
    size_t count = 0;
    const struct kf_variable *all = kf_variables_all(variables, &count);
    assert_true(count > 10);
    assert_string_equal(all[0].id, "andel");
    for (size_t i = 0; i < count; i++) {
        assert_true(i == 0 || strcmp(all[i - 1].id, all[i].id) < 0);
        assert_ptr_equal(kf_variables_find(variables, all[i].id, strlen(all[i].id)), &all[i]);
    }
    kf_variables_destroy(&variables);
}

static void the_nearest_id_is_suggested(void **state)
{
    (void)state;
    struct kf_variables *variables = fixture_variables();
    assert_string_equal(kf_variables_suggest(variables, "folkemende"), "folkemengde");
    assert_null(kf_variables_suggest(variables, "sykehjemsplasser"));
    kf_variables_destroy(&variables);
}

static enum kf_err read_text(const char *text)
{
    struct kf_variables *variables = NULL;
    struct kf_error err;
    enum kf_err code =
        kf_variables_read(fixture_write("v.yaml", text), &variables, fixture_findings(), &err);
    kf_variables_destroy(&variables);
    return code;
}

static void every_fault_of_the_file_is_told_with_its_line(void **state)
{
    (void)state;
    assert_int_equal(
        read_text("variables:\n"
                  "  - {id: timer, unit: hours, minimum: 0, name: {nb: T, en: H}}\n"
                  "  - {id: Barn, unit: persons, minimum: 0, name: {nb: B, en: C}}\n"
                  "  - {id: a, unit: persons, name: {nb: B}}\n"
                  "  - {id: b, unti: persons, minimum: low, name: {nb: B, en: C}}\n"
                  "  - {id: timer, unit: hours, minimum: 5, maximum: 4, name: {nb: T, en: H}}\n"
                  "  - loose\n"
                  "  - {id: c, unit: 'kr, 1000', minimum: 0, name: {nb: C, en: C}}\n"),
        KF_ERR_CONFIG);
    fixture_told("v.yaml:3: ", "id \"Barn\"", "lower-case", NULL);
    fixture_told("v.yaml:4: ", "minimum", "is missing", NULL);
    fixture_told("v.yaml:4: ", ": en", "is missing", NULL);
    fixture_told("v.yaml:5: ", "unti", "did you mean unit?", NULL);
    fixture_told("v.yaml:5: ", ": unit", "is missing", NULL);
    fixture_told("v.yaml:5: ", "minimum \"low\"", "must be a number", NULL);
    fixture_told("v.yaml:6: ", "\"timer\"", "line 2 already", NULL);
    fixture_told("v.yaml:6: ", "not above the minimum", NULL);
    fixture_told("v.yaml:7: ", "must be a map", NULL);
    fixture_told("v.yaml:8: ", "unit \"kr, 1000\"", "is no unit", NULL);
    fixture_found(10);
}

static void units_say_whether_figures_may_be_added(void **state)
{
    (void)state;
    static const char *const ratios[] = {"share", "percent", "index", "points", "kr/persons"};
    static const char *const amounts[] = {"persons", "count", "hours", "days",   "person_years",
                                          "m2",      "km",    "kr",    "1000 kr"};
    for (size_t i = 0; i < sizeof ratios / sizeof ratios[0]; i++) {
        assert_int_equal(kf_unit_kind(ratios[i]), KF_VARIABLE_RATIO);
    }
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
        assert_int_equal(kf_unit_kind(amounts[i]), KF_VARIABLE_AMOUNT);
    }
    assert_true(kf_unit_is_money("kr") && kf_unit_is_money("1000 kr"));
    assert_false(kf_unit_is_money("persons") || kf_unit_is_money("kr/persons"));
}

static void a_unit_that_nobody_knows_is_refused_with_the_one_that_was_meant(void **state)
{
    (void)state;
    assert_int_equal(
        read_text("variables:\n"
                  "  - {id: a, unit: huors, minimum: 0, name: {nb: A, en: A}}\n"
                  "  - {id: b, unit: 1000 NOK, minimum: 0, name: {nb: B, en: B}}\n"
                  "  - {id: c, unit: 1000 kr/persons, minimum: 0, name: {nb: C, en: C}}\n"
                  "  - {id: d, unit: kr/, minimum: 0, name: {nb: D, en: D}}\n"
                  "  - {id: e, unit: kr/persons/days, minimum: 0, name: {nb: E, en: E}}\n"
                  "  - {id: f, unit: bushels, minimum: 0, name: {nb: F, en: F}}\n"),
        KF_ERR_CONFIG);
    fixture_told("v.yaml:2: ", "unit \"huors\": is no unit", "did you mean hours?", NULL);
    fixture_told("v.yaml:3: ", "\"1000 NOK\"", "is no unit", NULL);
    fixture_told("v.yaml:5: ", "\"kr/\"", "is no unit", NULL);
    fixture_told("v.yaml:6: ", "\"kr/persons/days\"", "is no unit", NULL);
    fixture_told("v.yaml:7: ", "\"bushels\"", "allowed are persons, count,", "points", NULL);
    fixture_found(5);
}

/* The text of a file of the project; the caller clears it. */
static void read_file(const char *path, struct kf_text *text)
{
    kf_text_init(text, (size_t)1 << 20);
    FILE *file = fopen(path, "rbe");
    assert_non_null(file);
    for (int c = fgetc(file); c != EOF; c = fgetc(file)) {
        kf_text_add_char(text, (char)c);
    }
    (void)fclose(file);
}

static void the_schema_and_the_head_of_the_register_list_the_same_units(void **state)
{
    (void)state;
    size_t count = 0;
    const struct kf_unit *units = kf_units(&count);
    struct kf_text schema;
    struct kf_text head;
    struct kf_text listed;
    read_file(KF_SOURCE_DIR "/editions/schema/variables.schema.json", &schema);
    read_file(KF_SOURCE_DIR "/editions/variables.yaml", &head);
    kf_text_init(&listed, 4096);
    for (size_t i = 0; i < count; i++) {
        kf_text_add_format(&listed, "%s\"%s\"", i ? ", " : "{\"enum\": [", units[i].name);
        const char *end = strstr(head.bytes, "\nvariables:");
        const char *at = strstr(head.bytes, units[i].name);
        assert_true(at && at < end);
    }
    kf_text_add(&listed, "]}");
    assert_non_null(strstr(schema.bytes, listed.bytes));
    kf_text_reset(&listed);
    for (size_t i = 0; i < count; i++) {
        kf_text_add_format(&listed, "%s%s", i ? "|" : "(", units[i].name);
    }
    kf_text_add(&listed, ")");
    const char *above = strstr(schema.bytes, listed.bytes); /* of the pattern unit/unit */
    assert_non_null(above);
    assert_non_null(strstr(above + 1, listed.bytes));
    kf_text_clear(&listed);
    kf_text_clear(&head);
    kf_text_clear(&schema);
}

static void a_kind_in_the_register_overrules_the_unit(void **state)
{
    (void)state;
    struct kf_variables *variables = NULL;
    struct kf_error err;
    const char *path = fixture_write(
        "v.yaml", "variables:\n"
                  "  - {id: a, unit: share, kind: amount, minimum: 0, name: {nb: A, en: A}}\n"
                  "  - {id: b, unit: count, kind: ratio, minimum: 0, name: {nb: B, en: B}}\n"
                  "  - {id: c, unit: share, minimum: 0, name: {nb: C, en: C}}\n");
    assert_int_equal(kf_variables_read(path, &variables, fixture_findings(), &err), KF_OK);
    assert_int_equal(kf_variables_find(variables, "a", 1)->kind, KF_VARIABLE_AMOUNT);
    assert_int_equal(kf_variables_find(variables, "b", 1)->kind, KF_VARIABLE_RATIO);
    assert_int_equal(kf_variables_find(variables, "c", 1)->kind, KF_VARIABLE_RATIO);
    kf_variables_destroy(&variables);
    assert_int_equal(read_text("variables:\n  - {id: a, unit: share, kind: sum, minimum: 0,"
                               " name: {nb: A, en: A}}\n"),
                     KF_ERR_CONFIG);
    fixture_told("v.yaml:2: ", "\"sum\"", "amount or ratio", NULL);
    fixture_found(1);
}

static void a_register_must_hold_a_list(void **state)
{
    (void)state;
    static const char *const wrong[] = {"variables: []\n", "variables: none\n", "variable: []\n",
                                        "- a\n", "{}\n"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(read_text(wrong[i]), KF_ERR_CONFIG);
        fixture_told("v.yaml:1: ", "variables", "must be a list", NULL);
    }
}

#define SINGLES 8384 /* and 8 families of 1000 */

static void find_all(const struct kf_variables *variables, const char *format, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        char id[16];
        int length = snprintf(id, sizeof id, "%s%u", format, i);
        assert_string_equal(kf_variables_find(variables, id, (size_t)length)->id, id);
    }
}

static void a_full_register_still_finds_every_id(void **state)
{
    (void)state;
    struct kf_text text;
    kf_text_init(&text, (size_t)1 << 22);
    kf_text_add(&text, "variables:\n"
                       "  - {id: \"f{}\", each: 0-999, unit: hours, minimum: 0, "
                       "name: {nb: a, en: b}}\n");
    for (unsigned i = 1; i < 8; i++) {
        kf_text_add_format(&text,
                           "  - {id: \"f%u-{}\", each: 0-999, unit: hours, minimum: 0, "
                           "name: {nb: a, en: b}}\n",
                           i);
    }
    for (unsigned i = 0; i < SINGLES; i++) {
        kf_text_add_format(&text, "  - {id: v%u, unit: hours, minimum: 0, name: {nb: a, en: b}}\n",
                           i);
    }
    struct kf_variables *variables = NULL;
    struct kf_error err;
    size_t count = 0;
    const char *path = fixture_write("v.yaml", text.bytes);
    assert_int_equal(kf_variables_read(path, &variables, fixture_findings(), &err), KF_OK);
    (void)kf_variables_all(variables, &count);
    assert_int_equal(count, KF_VARIABLES_MAX);
    find_all(variables, "v", SINGLES);
    find_all(variables, "f", 1000);
    find_all(variables, "f7-", 1000);
    kf_variables_destroy(&variables);
    kf_text_add(&text, "  - {id: more, unit: hours, minimum: 0, name: {nb: a, en: b}}\n");
    assert_int_equal(read_text(text.bytes), KF_ERR_CONFIG);
    fixture_told("are 16385", "more than the 16384", NULL);
    fixture_found(1);
    kf_text_clear(&text);
}

static void more_entries_than_variables_are_refused_unread(void **state)
{
    (void)state;
    struct kf_text text;
    kf_text_init(&text, (size_t)1 << 20);
    kf_text_add(&text, "variables:\n");
    for (unsigned i = 0; i <= KF_VARIABLES_MAX; i++) {
        kf_text_add(&text, "  - a\n");
    }
    assert_int_equal(read_text(text.bytes), KF_ERR_CONFIG);
    fixture_told("v.yaml:2: ", "list of 1 to 16384", NULL);
    fixture_found(1);
    kf_text_clear(&text);
}

static void a_full_register_may_be_families(void **state)
{
    (void)state;
    struct kf_text full;
    kf_text_init(&full, 4096);
    kf_text_add(&full, "variables:\n");
    for (char c = 'a'; c < 'a' + 16; c++) { /* 16,000 */
        kf_text_add_format(&full,
                           "  - {id: \"%c{}\", each: 0-999, unit: hours, minimum: 0, "
                           "name: {nb: a, en: b}}\n",
                           c);
    }
    kf_text_add(&full, "  - {id: \"z{}\", each: 0-383, unit: hours, minimum: 0, "
                       "name: {nb: a, en: b}}\n");
    assert_int_equal(read_text(full.bytes), KF_OK);
    assert_int_equal(read_text(fixture_replace(full.bytes, "0-383", "0-384")), KF_ERR_CONFIG);
    fixture_told("v.yaml:2: ", "are 16385", "more than the 16384", NULL);
    fixture_found(1);
    kf_text_clear(&full);
}

static const char families[] =
    "variables:\n"
    "  - {id: folkemengde, unit: persons, minimum: 0, name: {nb: F, en: I}}\n"
    "  - {id: \"alder_{}\", each: 0-105, unit: persons, minimum: 0, maximum: 90000,\n"
    "     name: {nb: \"Innbyggere {} år\", en: \"Inhabitants aged {}, {} of 105\"}}\n"
    "  - {id: \"mmmm_innb_{}\", each: [\"0\", \"1_5\", \"90_pluss\"], unit: share, minimum: 0,\n"
    "     name: {nb: \"{} år\", en: \"Everybody\"}}\n";

static const struct kf_variable *found(const struct kf_variables *variables, const char *id)
{
    const struct kf_variable *variable = kf_variables_find(variables, id, strlen(id));
    assert_non_null(variable);
    assert_string_equal(variable->id, id);
    return variable;
}

static void a_family_is_one_variable_for_each_that_is_listed(void **state)
{
    (void)state;
    struct kf_variables *variables = NULL;
    struct kf_error err;
    const char *path = fixture_write("v.yaml", families);
    assert_int_equal(kf_variables_read(path, &variables, fixture_findings(), &err), KF_OK);
    size_t count = 0;
    const struct kf_variable *all = kf_variables_all(variables, &count);
    assert_int_equal(count, 1 + 106 + 3);
    for (size_t i = 1; i < count; i++) {
        assert_true(strcmp(all[i - 1].id, all[i].id) < 0);
    }
    const struct kf_variable *seven = found(variables, "alder_7");
    assert_string_equal(seven->name_nb, "Innbyggere 7 år");
    assert_string_equal(seven->name_en, "Inhabitants aged 7, 7 of 105");
    assert_string_equal(seven->unit, "persons");
    assert_true(seven->maximum == 90000 && seven->kind == KF_VARIABLE_AMOUNT);
    assert_string_equal(found(variables, "alder_105")->name_nb, "Innbyggere 105 år");
    assert_null(kf_variables_find(variables, "alder_106", 9));
    assert_null(kf_variables_find(variables, "alder_{}", 8));
    /* An underscore between digits is a dash in a name, another one a space. */
    assert_string_equal(found(variables, "mmmm_innb_1_5")->name_nb, "1–5 år");
    assert_string_equal(found(variables, "mmmm_innb_90_pluss")->name_nb, "90 pluss år");
    assert_string_equal(found(variables, "mmmm_innb_0")->name_en, "Everybody");
    assert_int_equal(found(variables, "mmmm_innb_0")->kind, KF_VARIABLE_RATIO);
    assert_string_equal(kf_variables_suggest(variables, "aldr_42"), "alder_42");
    kf_variables_destroy(&variables);
}

static void every_fault_of_a_family_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        const char *to;
        const char *line;
        const char *problem;
        const char *remedy;
    } cases[] = {
        {"each: 0-105", "each: 0-", ":3: each \"0-\"", "no range of whole numbers", "0-105"},
        {"each: 0-105", "each: 105", ":3: each \"105\"", "no range", "0-105"},
        {"each: 0-105", "each: 0-99999", ":3: ", "no range", "0-105"},
        {"each: 0-105", "each: 105-0", ":3: ", "1 to 1000 numbers, ascending", "lower"},
        {"each: 0-105", "each: 0-1000", ":3: ", "1 to 1000 numbers", "lower"},
        {"each: 0-105", "each: {from: 0}", ":3: ", "neither a range nor a list", "0-105"},
        {"each: 0-105, ", "", ":3: each", "is missing", "add each: 0-105"},
        {"alder_{}\", each", "alder_\", each", ":3: id \"alder_\"", "has no {}", "write {}"},
        {"id: folkemengde", "id: \"folk{}\"", ":2: ", "each: is missing", "each: 0-105"},
        {"alder_{}", "Alder_{}", ":3: id \"Alder_{}\"", "makes Alder_0", "lower-case"},
        {"alder_{}", "{}", ":3: ", "makes 0, which is not an identifier", "a letter first"},
        {"[\"0\", \"1_5\"", "[\"0\", \"0\"", ":5: each \"0\"", "in the list twice", "remove"},
        {"\"1_5\"", "\"1 5\"", ":5: each \"1 5\"", "nothing that can stand in an id", "digits"},
        {"\"1_5\"", "\"\"", ":5: ", "nothing that can stand", "digits"},
        {"\"1_5\"", "[a]", ":5: ", "nothing that can stand", "digits"},
        {"[\"0\", \"1_5\", \"90_pluss\"]", "[]", ":5: ", "list of 1 to 1000", "0-105"},
        {"id: folkemengde", "id: alder_3", ":3: ", "alder_3 is registered on line 2", "keep one"},
        {"mmmm_innb_{}\", each: [\"0\"", "alder_{}\", each: [\"7\"",
         ":5: ", "alder_7 is registered on line 3", "keep one"},
        {"{} år\", en: \"Every", "{}{}{}{}{} år\", en: \"Every", ":6: nb", "too long", "shorten"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(read_text(fixture_replace(families, cases[i].from, cases[i].to)),
                         KF_ERR_CONFIG);
        fixture_told(cases[i].line, cases[i].problem, cases[i].remedy, NULL);
        fixture_found(1);
    }
}

static void every_failing_allocation_is_survived(void **state)
{
    (void)state;
    const char *path = fixture_write("v.yaml", families);
    struct kf_findings *findings = fixture_findings();
    struct kf_variables *variables = NULL;
    struct kf_error err;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code == KF_ERR_MEMORY; n++) {
        assert_null(variables);
        kf_memory_fail_after(n);
        code = kf_variables_read(path, &variables, findings, &err);
        kf_memory_fail_after(-1);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 5);
    kf_variables_destroy(&variables);
}

/* --- variables of editions -------------------------------------------------------------------- */

static const char own_of_first[] =
    "id: forste\n"
    "sectors: [whatever it is]\n"
    "variables:\n"
    "  - {id: nord_netto, unit: kr, minimum: 0, name: {nb: N, en: N}}\n"
    "  - {id: \"nord_timer_{}\", each: [a, b], unit: hours, minimum: 0, name: {nb: \"T {}\", en: "
    "T}}\n";
static const char own_of_second[] =
    "id: andre\n"
    "variables:\n"
    "  - {id: sor_netto, unit: 1000 kr, minimum: 0, name: {nb: S, en: S},\n"
    "     account: {class: D, functions: [FGK8], arts: [AGD2]}}\n";

/* The register of families with the editions; `code` is what is expected. */
static struct kf_variables *join(const char *const *editions, size_t count, enum kf_err expected)
{
    struct kf_variables *variables = NULL;
    struct kf_error err = {.text = ""};
    struct kf_variable_files files = {
        .path = fixture_write("v.yaml", families), .editions = editions, .editions_len = count};
    enum kf_err code = kf_variables_read_with(&files, &variables, fixture_findings(), &err);
    if (expected == KF_OK) {
        fixture_found(0);
    }
    assert_int_equal(code, expected);
    return variables;
}

static void variables_of_editions_join_the_register(void **state)
{
    (void)state;
    const char *editions[] = {fixture_write("forste.yaml", own_of_first),
                              fixture_write("uten.yaml", "id: uten\nvariables:\n"),
                              fixture_write("ingen.yaml", "id: ingen\n"),
                              fixture_write("andre.yaml", own_of_second)};
    struct kf_variables *variables = join(editions, 4, KF_OK);
    size_t count = 0;
    const struct kf_variable *all = kf_variables_all(variables, &count);
    assert_int_equal(count, 1 + 106 + 3 + 3 + 1);
    for (size_t i = 1; i < count; i++) {
        assert_true(strcmp(all[i - 1].id, all[i].id) < 0);
    }
    assert_string_equal(found(variables, "nord_netto")->unit, "kr");
    assert_string_equal(found(variables, "nord_timer_b")->name_nb, "T b");
    assert_string_equal(found(variables, "alder_7")->name_nb, "Innbyggere 7 år");
    const struct kf_account *account = found(variables, "sor_netto")->account;
    assert_string_equal(account->functions[0], "FGK8");
    assert_string_equal(account->file, editions[3]);
    assert_int_equal(account->line, 4);
    kf_variables_destroy(&variables);
}

static void an_id_in_two_files_names_both(void **state)
{
    (void)state;
    const char *editions[] = {
        fixture_write("forste.yaml", own_of_first),
        fixture_write("andre.yaml", fixture_replace(own_of_second, "sor_netto", "nord_netto")),
        fixture_write("tredje.yaml",
                      "variables:\n"
                      "  - {id: \"alder_{}\", each: 105-106, unit: persons, minimum: 0,\n"
                      "     name: {nb: \"A {}\", en: A}}\n")};
    assert_null(join(editions, 3, KF_ERR_CONFIG));
    fixture_told("andre.yaml:3: ", "nord_netto", "is registered in ",
                 "forste.yaml on line 4 already", NULL);
    fixture_told("tredje.yaml:2: ", "alder_105 is registered in ", "v.yaml on line 3 already",
                 NULL);
    fixture_found(2);
}

static void faults_of_an_editions_variables_are_told_in_its_file(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        const char *to;
        const char *line;
        const char *part;
    } cases[] = {
        {"unit: kr", "unit: kroner", "forste.yaml:4: ", "is no unit"},
        {"each: [a, b]", "each: [a, a]", "forste.yaml:5: ", "twice"},
        {"minimum: 0, name: {nb: N, en: N}", "remove: true, minimum: 0, name: {nb: N, en: N}",
         "forste.yaml:4: ", "is not a key that belongs here"},
        {"nord_timer_{}", "Nord_{}", "forste.yaml:5: ", "which is not an identifier"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *path =
            fixture_write("forste.yaml", fixture_replace(own_of_first, cases[i].from, cases[i].to));
        assert_null(join(&path, 1, KF_ERR_CONFIG));
        fixture_told(cases[i].line, cases[i].part, NULL);
    }
    static const char *const wrong[] = {"variables: 5\n", "variables: {a: b}\n", "variables: []\n"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const char *path = fixture_write("forste.yaml", wrong[i]);
        assert_null(join(&path, 1, KF_ERR_CONFIG));
        fixture_told("forste.yaml:1: ", "variables", "must be a list", NULL);
        fixture_found(1);
    }
}

static void an_edition_that_cannot_be_read_is_left_to_its_reader(void **state)
{
    (void)state;
    const char *editions[] = {fixture_write("skjev.yaml", "id: [\n"), "/nonexistent/edition.yaml",
                              fixture_path(""), fixture_write("liste.yaml", "- 1\n"),
                              fixture_write("forste.yaml", own_of_first)};
    struct kf_variables *variables = join(editions, 5, KF_OK);
    (void)found(variables, "nord_netto");
    kf_variables_destroy(&variables);
}

static void the_variables_of_all_files_have_one_limit(void **state)
{
    (void)state;
    struct kf_text text;
    kf_text_init(&text, 4096);
    kf_text_add(&text, "variables:\n");
    for (char c = 'a'; c < 'a' + 16; c++) {
        kf_text_add_format(&text,
                           "  - {id: \"%cx{}\", each: 0-999, unit: hours, minimum: 0, "
                           "name: {nb: a, en: b}}\n",
                           c);
    }
    const char *editions[] = {
        fixture_write("full.yaml", text.bytes), /* with the register 16,110 */
        fixture_write("rest.yaml", "variables:\n"
                                   "  - {id: \"zx{}\", each: 1-274, unit: hours, minimum: 0, "
                                   "name: {nb: a, en: b}}\n")};
    struct kf_variables *variables = join(editions, 2, KF_OK);
    kf_variables_destroy(&variables);
    editions[1] = fixture_write("rest.yaml", "variables:\n"
                                             "  - {id: \"zx{}\", each: 1-275, unit: hours, "
                                             "minimum: 0, name: {nb: a, en: b}}\n");
    assert_null(join(editions, 2, KF_ERR_CONFIG));
    fixture_told("rest.yaml:2: ", "are 16385", "those of the files before", NULL);
    fixture_found(1);
    kf_text_clear(&text);
}

static void joining_survives_every_failing_allocation(void **state)
{
    (void)state;
    const char *editions[] = {fixture_write("forste.yaml", own_of_first),
                              fixture_write("andre.yaml", own_of_second)};
    struct kf_variable_files files = {
        .path = fixture_write("v.yaml", families), .editions = editions, .editions_len = 2};
    struct kf_findings *findings = fixture_findings();
    struct kf_variables *variables = NULL;
    struct kf_error err;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code == KF_ERR_MEMORY; n++) {
        assert_null(variables);
        kf_memory_fail_after(n);
        code = kf_variables_read_with(&files, &variables, findings, &err);
        kf_memory_fail_after(-1);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 10);
    (void)found(variables, "sor_netto");
    (void)found(variables, "nord_timer_a");
    kf_variables_destroy(&variables);
}

static void the_real_register_holds_the_population(void **state)
{
    (void)state;
    struct kf_variables *variables = NULL;
    struct kf_error err;
    enum kf_err code = kf_variables_read(KF_SOURCE_DIR "/editions/variables.yaml", &variables,
                                         fixture_findings(), &err);
    if (code == KF_ERR_IO) {
        skip();
    }
    fixture_found(0);
    assert_int_equal(code, KF_OK);
    assert_string_equal(kf_variables_find(variables, "folkemengde", 11)->unit, "persons");
    kf_variables_destroy(&variables);
}

static void ages_are_read_from_their_variables(void **state)
{
    (void)state;
    assert_int_equal(kf_variable_age("alder_0"), 0);
    assert_int_equal(kf_variable_age("alder_105"), 105);
    assert_int_equal(kf_variable_age("alder_106"), -1);
    assert_int_equal(kf_variable_age("alder_"), -1);
    assert_int_equal(kf_variable_age("alder_1_5"), -1);
    assert_int_equal(kf_variable_age("innb_6"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_variable_is_found_by_its_bytes_without_a_nul),
        cmocka_unit_test(bounds_are_read_and_open_ends_lie_far_out),
        cmocka_unit_test(numbers_follow_the_alphabet_not_the_file),
        cmocka_unit_test(the_nearest_id_is_suggested),
        cmocka_unit_test(every_fault_of_the_file_is_told_with_its_line),
        cmocka_unit_test(units_say_whether_figures_may_be_added),
        cmocka_unit_test(a_unit_that_nobody_knows_is_refused_with_the_one_that_was_meant),
        cmocka_unit_test(the_schema_and_the_head_of_the_register_list_the_same_units),
        cmocka_unit_test(a_kind_in_the_register_overrules_the_unit),
        cmocka_unit_test(a_register_must_hold_a_list),
        cmocka_unit_test(a_full_register_still_finds_every_id),
        cmocka_unit_test(more_entries_than_variables_are_refused_unread),
        cmocka_unit_test(variables_of_editions_join_the_register),
        cmocka_unit_test(an_id_in_two_files_names_both),
        cmocka_unit_test(faults_of_an_editions_variables_are_told_in_its_file),
        cmocka_unit_test(an_edition_that_cannot_be_read_is_left_to_its_reader),
        cmocka_unit_test(the_variables_of_all_files_have_one_limit),
        cmocka_unit_test(joining_survives_every_failing_allocation),
        cmocka_unit_test(a_full_register_may_be_families),
        cmocka_unit_test(a_family_is_one_variable_for_each_that_is_listed),
        cmocka_unit_test(every_fault_of_a_family_is_told),
        cmocka_unit_test(ages_are_read_from_their_variables),
        cmocka_unit_test(every_failing_allocation_is_survived),
        cmocka_unit_test(the_real_register_holds_the_population),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
