#include "edition_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "common/model/digest.h"

static int open_base(void **state)
{
    int code = edition_fixture_arena_open(state);
    (void)fixture_write("liten.yaml", edition_fixture_yaml);
    return code;
}

static enum kf_err read_own(const char *text, struct kf_edition **edition)
{
    struct kf_error err;
    return kf_edition_read(fixture_write("ny.yaml", text), edition_fixture_variables,
                           edition_fixture_arena, edition, fixture_findings(), &err);
}

static struct kf_edition *read_good(const char *text)
{
    struct kf_edition *edition = NULL;
    enum kf_err code = read_own(text, &edition);
    fixture_found(0);
    assert_int_equal(code, KF_OK);
    return edition;
}

static void an_edition_says_only_what_differs(void **state)
{
    (void)state;
    struct kf_edition *edition = read_good("extends: liten\n"
                                           "id: ny\n"
                                           "title: {en: New}\n"
                                           "scale: 1\n"
                                           "total: null\n"
                                           "sectors:\n"
                                           "  - {id: barnehage, weight: 0.6}\n"
                                           "  - {id: helse, weight: 0.1}\n"
                                           "  - id: administrasjon\n"
                                           "    need: {rescale: null, criteria: [{id: basis, "
                                           "weight: 1}]}\n");
    assert_string_equal(edition->id, "ny");
    assert_string_equal(edition->extends, "liten");
    assert_string_equal(edition->title.nb, "Liten");
    assert_string_equal(edition->title.en, "New");
    assert_true(edition->scale == 1);
    assert_string_equal(edition->given_total, "");
    assert_int_equal(edition->sectors_len, 4);
    assert_true(edition->sectors[0].weight == 0.6 && edition->sectors[1].weight == 0.3 &&
                edition->sectors[2].weight == 0.1);
    assert_int_equal(edition->sectors[0].indicators_len, 3);
    assert_int_equal(edition->members_len, 3);
}

static void own_weights_replace_inherited_ones_in_both_directions(void **state)
{
    (void)state;
    struct kf_edition *edition =
        read_good("extends: liten\nid: ny\n"
                  "sectors:\n"
                  "  - id: barnehage\n"
                  "    weights: {rule: equal, parts: [timer, dekning, andel]}\n"
                  "  - id: kultur\n"
                  "    indicators:\n"
                  "      - {id: besok, weight: 0.4}\n"
                  "      - {id: nye, weight: 0.3}\n"
                  "      - {id: rest, weight: 0.2}\n"
                  "      - {id: egne, weight: 0.1}\n");
    assert_int_equal(edition->sectors[0].weighting.parts_len, 4);
    assert_true(edition->sectors[0].indicators[0].weight == 0);
    assert_int_equal(edition->sectors[1].weighting.parts_len, 0);
    assert_true(edition->sectors[1].indicators[0].weight == 0.4);
    edition = read_good("extends: liten\nid: ny\n"
                        "weights: {rule: equal, parts: [barnehage, kultur, helse]}\n");
    assert_int_equal(edition->weighting.parts_len, 4);
    assert_true(edition->sectors[0].weight == 0);
}

static void a_weight_beside_inherited_weights_is_the_only_fault(void **state)
{
    (void)state;
    struct kf_edition *edition = NULL;
    char place[64];
    (void)fixture_write("midt.yaml", "extends: liten\nid: midt\n"
                                     "weights: {rule: equal, parts: [barnehage, kultur, helse]}\n");
    assert_int_equal(read_own("extends: midt\nid: ny\n"
                              "sectors:\n"
                              "  - {id: kultur, weight: 0.5}\n",
                              &edition),
                     KF_ERR_CONFIG);
    fixture_told("ny.yaml:4: weight \"0.5\"", "weights, which derives it", "midt.yaml:3)",
                 "weights: null", NULL);
    fixture_found(1);
    /* Of indicators the same. */
    (void)snprintf(place, sizeof place, "liten.yaml:%u)",
                   fixture_line(edition_fixture_yaml, "    weights:\n") + 1);
    assert_int_equal(read_own("extends: liten\nid: ny\n"
                              "sectors:\n"
                              "  - {id: kultur, indicators: [{id: nye, weight: 0.5}]}\n",
                              &edition),
                     KF_ERR_CONFIG);
    fixture_told("ny.yaml:4: weight \"0.5\"", "weights, which derives it", place, NULL);
    fixture_found(1);
    /* All of them are weights of its own; taken away, the weights of the base are back. */
    edition = read_good("extends: midt\nid: ny\n"
                        "sectors:\n"
                        "  - {id: barnehage, weight: 0.2}\n"
                        "  - {id: kultur, weight: 0.5}\n"
                        "  - {id: helse, weight: 0.3}\n");
    assert_true(edition->sectors[1].weight == 0.5 && edition->weighting.parts_len == 0);
    fixture_remove("midt.yaml");
}

static void replaced_weights_do_not_come_back_with_a_third_edition(void **state)
{
    (void)state;
    (void)fixture_write("midt.yaml",
                        "extends: liten\nid: midt\n"
                        "sectors:\n"
                        "  - id: barnehage\n"
                        "    weights: {rule: equal, parts: [timer, dekning, andel]}\n");
    struct kf_edition *edition = NULL;
    assert_int_equal(read_own("extends: midt\nid: ny\n"
                              "sectors:\n"
                              "  - id: barnehage\n"
                              "    indicators:\n"
                              "      - {id: timer, weight: 0.25}\n"
                              "      - {id: dekning, weight: 0.5}\n",
                              &edition),
                     KF_ERR_CONFIG);
    fixture_told("weight", "is missing", NULL);
    fixture_found(1);
    fixture_remove("midt.yaml");
}

static void of_keys_that_exclude_each_other_the_nearest_counts(void **state)
{
    (void)state;
    struct kf_edition *edition =
        read_good("extends: liten\nid: ny\n"
                  "total: null\n"
                  "expenditure: {given: utg}\n"
                  "sectors:\n"
                  "  - id: barnehage\n"
                  "    need: {criteria: [{id: sone, basis: true}]}\n"
                  "    expenditure: {gross: bdu, need_corrected: true}\n"
                  "    indicators:\n"
                  "      - {id: timer, sum: [timer, timer_smaa]}\n"
                  "      - {id: dekning, per: {sum: [barn, folkemengde]}}\n"
                  "      - {id: andel, per: population}\n"
                  "  - {id: kultur, index: prod}\n"
                  "  - id: helse\n"
                  "    indicators: [{id: en, name: {nb: E, en: O}, weight: 1, variable: timer,\n"
                  "                  per: {need_population: barnehage}}]\n");
    assert_string_equal(edition->expenditure.given, "utg");
    assert_int_equal(edition->expenditure.gross.count, 0);
    const struct kf_sector *barnehage = &edition->sectors[0];
    assert_string_equal(barnehage->criteria[1].variable, "");
    assert_string_equal(barnehage->expenditure.given, "");
    assert_int_equal(barnehage->expenditure.gross.count, 1);
    assert_int_equal(barnehage->indicators[0].numerator.count, 2);
    assert_int_equal(barnehage->indicators[1].denominator.count, 2);
    assert_int_equal(barnehage->indicators[2].per, KF_PER_POPULATION);
    assert_string_equal(edition->sectors[1].given, "prod");
    assert_int_equal(edition->sectors[1].indicators_len, 0);
    assert_string_equal(edition->sectors[2].given, "");
    assert_int_equal(edition->sectors[2].indicators_len, 1);
}

static void a_rule_replaces_inherited_parts_of_the_other_kind(void **state)
{
    (void)state;
    struct kf_edition *edition =
        read_good("extends: liten\nid: ny\n"
                  "sectors:\n"
                  "  - id: kultur\n"
                  "    weights: {rule: equal, parts: [besok, nye, rest, egne], closure: null}\n");
    assert_int_equal(edition->sectors[1].weighting.parts_len, 5);
    assert_int_equal(edition->sectors[1].weighting.closure, KF_CLOSURE_NONE);
}

static void inherited_faults_are_told_where_they_stand(void **state)
{
    (void)state;
    const char *base = fixture_replace(edition_fixture_yaml, "variable: reise", "variable: riese");
    char place[64];
    (void)snprintf(place, sizeof place, "/liten.yaml:%u: ", fixture_line(base, "riese"));
    (void)fixture_write("liten.yaml", base);
    struct kf_edition *edition = NULL;
    assert_int_equal(read_own("extends: liten\nid: ny\n\nscale: 7\n", &edition), KF_ERR_CONFIG);
    fixture_told(place, "\"riese\"", "did you mean reise?", NULL);
    fixture_told("/ny.yaml:4: scale", "1 or 100", NULL);
    fixture_found(2);
    /* What a removed item leaves behind is told where that stands. */
    (void)fixture_write("liten.yaml", edition_fixture_yaml);
    assert_int_equal(read_own("extends: liten\nid: ny\nsectors:\n  - id: kultur\n    indicators:\n"
                              "      - {id: nye, remove: true}\n",
                              &edition),
                     KF_ERR_CONFIG);
    (void)snprintf(place, sizeof place,
                   "/liten.yaml:%u: ", fixture_line(edition_fixture_yaml, "supplementary:"));
    fixture_told(place, "\"nye\"", "is no indicator", NULL);
    fixture_found(1);
}

static void a_base_that_cannot_be_had_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *parts[3];
    } cases[] = {
        {"id: ny\nextends: litten\n", {"ny.yaml:2: extends", "\"litten\"", "did you mean liten?"}},
        {"id: ny\nextends: helt-annet\n", {"ny.yaml:2: extends", "no such edition", "same folder"}},
        {"id: ny\nextends: ../liten\n", {"ny.yaml:2: extends", "not an identifier", "lower-case"}},
        {"id: ny\nextends: [liten]\n", {"ny.yaml:2: extends", "must be an identifier", "write"}},
        {"id: ny\nextends: ny\n", {"ny.yaml:2: extends", "in a circle", "extend nothing"}},
        {"extends: liten\n", {"ny.yaml:1: id", "is missing", "name of the file"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct kf_edition *edition = NULL;
        assert_int_equal(read_own(cases[i].text, &edition), KF_ERR_CONFIG);
        fixture_told(cases[i].parts[0], cases[i].parts[1], cases[i].parts[2], NULL);
        fixture_found(1);
    }
}

static void a_file_of_another_place_finds_its_base_in_the_folder(void **state)
{
    (void)state;
    char other[] = "/tmp/kf-extends-XXXXXX";
    char folder[512];
    char path[64];
    assert_non_null(mkdtemp(other));
    (void)snprintf(path, sizeof path, "%s/ny.yaml", other);
    (void)snprintf(folder, sizeof folder, "%s", fixture_path(""));
    static const char *const bases[] = {"liten", "litten"};
    for (size_t i = 0; i < 2; i++) {
        FILE *file = fopen(path, "wbe");
        assert_non_null(file);
        (void)fprintf(file, "id: ny\nextends: %s\n", bases[i]);
        (void)fclose(file);
        struct kf_edition_source source = {path, folder, edition_fixture_variables};
        struct kf_edition *edition = NULL;
        struct kf_error err;
        enum kf_err code = kf_edition_read_from(&source, edition_fixture_arena, &edition,
                                                fixture_findings(), &err);
        assert_int_equal(code, i == 0 ? KF_OK : KF_ERR_CONFIG);
        fixture_found(i);
    }
    fixture_told("ny.yaml:2: extends \"litten\"", other, folder, "did you mean liten?", NULL);
    (void)unlink(path);
    (void)rmdir(other);
}

static void a_circle_of_several_is_told_where_it_closes(void **state)
{
    (void)state;
    (void)fixture_write("b.yaml", "id: b\nextends: c\n");
    (void)fixture_write("c.yaml", "id: c\n\nextends: ny\n");
    struct kf_edition *edition = NULL;
    assert_int_equal(read_own("id: ny\nextends: b\n", &edition), KF_ERR_CONFIG);
    fixture_told("/c.yaml:3: extends \"ny\"", "in a circle", NULL);
    fixture_found(1);
    fixture_remove("b.yaml");
    fixture_remove("c.yaml");
}

static void a_chain_has_a_limit(void **state)
{
    (void)state;
    char name[32];
    char text[128];
    for (int i = 1; i <= KF_EXTENDS_LEVELS_MAX; i++) {
        (void)snprintf(name, sizeof name, "k%d.yaml", i);
        if (i < KF_EXTENDS_LEVELS_MAX) {
            (void)snprintf(text, sizeof text, "id: k%d\nextends: k%d\n", i, i + 1);
        } else {
            (void)snprintf(text, sizeof text, "id: k%d\nextends: liten\n", i);
        }
        (void)fixture_write(name, text);
    }
    struct kf_edition *edition = read_good("id: ny\nextends: k2\n"); /* 8 bases */
    assert_string_equal(edition->source, "made up");
    edition = NULL;
    assert_int_equal(read_own("id: ny\nextends: k1\n", &edition), KF_ERR_CONFIG);
    fixture_told("/k8.yaml:2: extends \"liten\"", "more than 8 editions", NULL);
    fixture_found(1);
    for (int i = 1; i <= KF_EXTENDS_LEVELS_MAX; i++) {
        (void)snprintf(name, sizeof name, "k%d.yaml", i);
        fixture_remove(name);
    }
}

static void the_digest_is_of_the_whole_chain(void **state)
{
    (void)state;
    static const char own[] = "extends: liten\nid: ny\n";
    struct kf_edition *edition = read_good(own);
    /* The digest of both files' digests, the own one first. */
    char both[2 * KF_DIGEST_SIZE];
    char expected[KF_DIGEST_SIZE];
    kf_digest_of(own, strlen(own), both);
    kf_digest_of(edition_fixture_yaml, strlen(edition_fixture_yaml), both + KF_DIGEST_SIZE - 1);
    kf_digest_of(both, strlen(both), expected);
    assert_string_equal(edition->digest, expected);
    (void)fixture_write("liten.yaml",
                        fixture_replace(edition_fixture_yaml, "made up", "made over"));
    assert_string_not_equal(read_good(own)->digest, expected);
}

static void a_folder_reads_editions_that_extend_others_in_any_order(void **state)
{
    (void)state;
    (void)fixture_write("municipalities.csv", fixture_municipalities_csv);
    (void)fixture_write("ny.yaml", "extends: a\nid: ny\n"); /* a, liten, ny */
    (void)fixture_write("a.yaml", "extends: liten\nid: a\n");
    struct kf_catalogue *catalogue = NULL;
    struct kf_error err;
    enum kf_err code = kf_catalogue_read(fixture_path(""), &catalogue, fixture_findings(), &err);
    fixture_found(0);
    assert_int_equal(code, KF_OK);
    assert_int_equal(catalogue->editions_len, 3);
    assert_string_equal(catalogue->editions[2]->extends, "a");
    kf_catalogue_destroy(&catalogue);
    /* One fault in the base is told once, though three editions have it. */
    (void)fixture_write(
        "liten.yaml", fixture_replace(edition_fixture_yaml, "variable: reise", "variable: riese"));
    assert_int_equal(kf_catalogue_read(fixture_path(""), &catalogue, fixture_findings(), &err),
                     KF_ERR_CONFIG);
    fixture_told("/liten.yaml:", "\"riese\"", NULL);
    fixture_found(1);
    fixture_remove("a.yaml");
    fixture_remove("municipalities.csv");
}

static void every_failing_allocation_is_survived(void **state)
{
    (void)state;
    const char *path = fixture_write("ny.yaml", "extends: liten\nid: ny\nscale: 1\n");
    struct kf_findings *findings = fixture_findings();
    struct kf_edition *edition = NULL;
    struct kf_error err;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code == KF_ERR_MEMORY; n++) {
        assert_null(edition);
        struct kf_arena *scratch = kf_arena_new((size_t)1 << 20);
        kf_memory_fail_after(n);
        code = kf_edition_read(path, edition_fixture_variables, scratch, &edition, findings, &err);
        kf_memory_fail_after(-1);
        kf_arena_destroy(&scratch);
    }
    fixture_found(0);
    assert_int_equal(code, KF_OK);
    assert_true(n > 12);
}

#define with_arena(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, open_base, edition_fixture_arena_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_arena(an_edition_says_only_what_differs),
        with_arena(own_weights_replace_inherited_ones_in_both_directions),
        with_arena(a_weight_beside_inherited_weights_is_the_only_fault),
        with_arena(replaced_weights_do_not_come_back_with_a_third_edition),
        with_arena(of_keys_that_exclude_each_other_the_nearest_counts),
        with_arena(a_rule_replaces_inherited_parts_of_the_other_kind),
        with_arena(inherited_faults_are_told_where_they_stand),
        with_arena(a_base_that_cannot_be_had_is_told),
        with_arena(a_file_of_another_place_finds_its_base_in_the_folder),
        with_arena(a_circle_of_several_is_told_where_it_closes),
        with_arena(a_chain_has_a_limit),
        with_arena(the_digest_is_of_the_whole_chain),
        with_arena(a_folder_reads_editions_that_extend_others_in_any_order),
        with_arena(every_failing_allocation_is_survived),
    };
    return cmocka_run_group_tests(tests, edition_fixture_open, edition_fixture_close);
}
