#include "fixture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "common/base/numbers.h"
#include "common/model/digest.h"

static struct kf_variables *variables;
static struct kf_arena *arena;

static int open_register(void **state)
{
    if (fixture_open(state) != 0) {
        return -1;
    }
    variables = fixture_variables();
    return 0;
}

static int close_register(void **state)
{
    kf_variables_destroy(&variables);
    return fixture_close(state);
}

static int open_arena(void **state)
{
    (void)state;
    arena = kf_arena_new((size_t)16 << 20);
    return arena ? 0 : -1;
}

static int close_arena(void **state)
{
    (void)state;
    kf_arena_destroy(&arena);
    return 0;
}

static enum kf_err read_text(const char *text, struct kf_edition **edition)
{
    struct kf_error err;
    return kf_edition_read(fixture_write("liten.yaml", text), variables, arena, edition,
                           fixture_findings(), &err);
}

static struct kf_edition *read_good(const char *text)
{
    struct kf_edition *edition = NULL;
    enum kf_err code = read_text(text, &edition);
    fixture_found(0);
    assert_int_equal(code, KF_OK);
    return edition;
}

static void an_edition_is_read_with_all_it_says(void **state)
{
    (void)state;
    struct kf_edition *edition = read_good(fixture_edition_yaml);
    assert_string_equal(edition->id, "liten");
    assert_string_equal(edition->title.nb, "Liten");
    assert_string_equal(edition->title.en, "Small");
    assert_string_equal(edition->source, "made up");
    assert_true(edition->scale == 100);
    assert_string_equal(edition->population, "folkemengde");
    assert_int_equal(edition->missing, KF_MISSING_MINIMUM);
    assert_int_equal(edition->structure_year, 0);
    assert_string_equal(edition->group.en, "Three");
    assert_int_equal(edition->members_len, 3);
    assert_string_equal(edition->members[0], "0106"); /* ascending */
    assert_string_equal(edition->members[1], "0219"); /* written without quotes */
    assert_string_equal(edition->members[2], "0301");
    char digest[KF_DIGEST_SIZE];
    kf_digest_of(fixture_edition_yaml, strlen(fixture_edition_yaml), digest);
    assert_string_equal(edition->digest, digest);
    assert_string_equal(edition->expenditure.given, "");
    assert_string_equal(edition->expenditure.gross, "bdu");
    assert_int_equal(edition->expenditure.minus_len, 1);
    assert_string_equal(edition->expenditure.minus[0], "avskrivninger");
    assert_string_equal(edition->expenditure.payroll_costs, "pensjon");
    assert_string_equal(edition->expenditure.wages, "lonn");
    assert_true(edition->expenditure.need_corrected);
    assert_string_equal(edition->change.production, "prod");
    assert_string_equal(edition->change.expenditure, "utg");
    assert_true(edition->change.base == 100);
}

static void sectors_indicators_and_criteria_keep_the_files_order(void **state)
{
    (void)state;
    struct kf_edition *edition = read_good(fixture_edition_yaml);
    assert_int_equal(edition->sectors_len, 2);
    const struct kf_sector *sector = &edition->sectors[0];
    assert_string_equal(sector->id, "barnehage");
    assert_string_equal(sector->name.en, "Kindergarten");
    assert_true(sector->weight == 0.7 && edition->sectors[1].weight == 0.3);
    assert_true(sector->need_weight == 1 && edition->sectors[1].need_weight == 0);
    assert_int_equal(edition->sectors[1].criteria_len, 0);
    assert_int_equal(sector->indicators_len, 3);
    static const struct {
        const char *id;
        enum kf_per per;
        const char *per_variable;
        const char *unit;
    } expected[] = {
        {"timer", KF_PER_NEED_POPULATION, "", "hours/persons"},
        {"dekning", KF_PER_VARIABLE, "barn", "hours/persons"},
        {"andel", KF_PER_NONE, "", "share"},
    };
    for (size_t i = 0; i < 3; i++) {
        const struct kf_indicator *indicator = &sector->indicators[i];
        assert_string_equal(indicator->id, expected[i].id);
        assert_int_equal(indicator->per, expected[i].per);
        assert_string_equal(indicator->per_variable, expected[i].per_variable);
        assert_string_equal(indicator->unit, expected[i].unit);
    }
    assert_int_equal(edition->sectors[1].indicators[0].per, KF_PER_POPULATION);
    assert_string_equal(edition->sectors[1].indicators[0].unit, "hours/persons");
    assert_int_equal(sector->criteria_len, 3);
    assert_string_equal(sector->criteria[1].variable, "reise");
    assert_true(sector->criteria[1].cost_disadvantage && !sector->criteria[0].cost_disadvantage);
    assert_string_equal(sector->criteria[2].variable, ""); /* basis */
}

static void weights_within_the_tolerance_are_rescaled_to_close(void **state)
{
    (void)state;
    /* The fixture's criteria sum to .8 + .1501 + .05 = 1.0001; .8 / 1.0001 = 8000/10001. */
    struct kf_edition *edition = read_good(fixture_edition_yaml);
    const struct kf_criterion *criteria = edition->sectors[0].criteria;
    assert_true(criteria[0].weight == 0.79992000799920008);
    double weights[] = {criteria[0].weight, criteria[1].weight, criteria[2].weight};
    assert_true(fabs(kf_sum_of(weights, 3) - 1) < 3e-16);
    /* Those that sum to 1 as decimals stay as they are printed. */
    assert_true(edition->sectors[0].indicators[1].weight == 0.5);
}

static void the_tolerance_itself_is_allowed_and_more_is_not(void **state)
{
    (void)state;
    static const struct {
        const char *weight; /* beside .3 */
        bool allowed;
    } cases[] = {{"0.7005", true},   {"0.6995", true}, {"0.70051", false},
                 {"0.69949", false}, {"0.67", false},  {"0.7", true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char line[64];
        (void)snprintf(line, sizeof line, "    weight: %s\n", cases[i].weight);
        struct kf_edition *edition = NULL;
        enum kf_err code =
            read_text(fixture_replace(fixture_edition_yaml, "    weight: 0.7\n", line), &edition);
        fixture_found(cases[i].allowed ? 0 : 1);
        assert_int_equal(code, cases[i].allowed ? KF_OK : KF_ERR_CONFIG);
    }
    fixture_found(0);
}

static void years_are_a_list_or_a_range(void **state)
{
    (void)state;
    struct kf_edition *edition = read_good(fixture_edition_yaml);
    assert_true(kf_edition_has_year(edition, 2010) && kf_edition_has_year(edition, 2012));
    assert_false(kf_edition_has_year(edition, 2011)); /* a gap in the list */
    assert_false(kf_edition_has_year(edition, 2013));
    assert_int_equal(edition->year_from, 2010);
    assert_int_equal(edition->year_to, 2012);
    edition = read_good(fixture_replace(fixture_edition_yaml, "years: [2010, 2012]",
                                        "years: {from: 2009, to: 2011}"));
    assert_true(kf_edition_has_year(edition, 2009) && kf_edition_has_year(edition, 2010) &&
                kf_edition_has_year(edition, 2011));
    assert_false(kf_edition_has_year(edition, 2008) || kf_edition_has_year(edition, 2012));
}

static void the_group_may_be_all_and_the_structure_a_year(void **state)
{
    (void)state;
    const char *text = fixture_replace(
        fixture_edition_yaml, "municipalities: [\"0301\", \"0106\", 0219]", "municipalities: all");
    char copy[8192];
    (void)snprintf(copy, sizeof copy, "%s", text);
    struct kf_edition *edition =
        read_good(fixture_replace(copy, "structure: data-year", "structure: 2020"));
    assert_int_equal(edition->members_len, 0);
    assert_int_equal(edition->structure_year, 2020);
}

static void expenditure_and_change_may_be_absent(void **state)
{
    (void)state;
    char text[8192];
    (void)snprintf(text, sizeof text, "%s", fixture_edition_yaml);
    *strstr(text, "expenditure:") = '\0';
    struct kf_edition *edition = read_good(text);
    assert_string_equal(edition->expenditure.given, "");
    assert_string_equal(edition->expenditure.gross, "");
    assert_string_equal(edition->expenditure.wages, "");
    assert_int_equal(edition->expenditure.minus_len, 0);
    assert_string_equal(edition->change.production, "");
    assert_string_equal(edition->change.expenditure, "");
}

/* A fault: the text is changed, and the finding must name the line of `at` and hold both parts. */
static const struct fault {
    const char *from;
    const char *to;
    const char *at;
    const char *part;
    const char *remedy;
} faults[] = {
    {"scale: 100", "sclae: 100", "sclae", "sclae", "did you mean scale?"},
    {"scale: 100", "sclae: 100", "id: liten", "scale", "add scale:"},
    {"scale: 100", "scale: hundred", "scale:", "\"hundred\"", "must be a number"},
    {"scale: 100", "scale: 10", "scale:", "\"10\"", "1 or 100"},
    {"scale: 100", "scale: 100\nscale: 1", "scale: 1\n", "scale", "given twice"},
    {"id: liten", "id: Liten Utgave", "id:", "is not an identifier", "lower-case"},
    {"source: \"made up\"", "source: [a]", "source:", "source", "must be a text"},
    {"years: [2010, 2012]", "years: 2010", "years:", "years", "[2010]"},
    {"years: [2010, 2012]", "years: []", "years:", "years", "[2010]"},
    {"years: [2010, 2012]", "years: [2010, 20122]", "years:", "\"20122\"", "1972 to 2100"},
    {"years: [2010, 2012]", "years: [2010, 2010]", "years:", "given twice", "remove"},
    {"years: [2010, 2012]", "years: {from: 2012, to: 2010}", "years:", "later than", "swap"},
    {"years: [2010, 2012]", "years: {from: 2012}", "years:", "to", "is missing"},
    {"years: [2010, 2012]\n", "", "id:", "years", "is missing"},
    {"structure: data-year", "structure: data_year", "structure:", "\"data_year\"", "data-year"},
    {"missing: minimum", "missing: minumum", "missing:", "\"minumum\"", "did you mean minimum?"},
    {"population: folkemengde", "population: folkemende", "population:", "\"folkemende\"",
     "did you mean folkemengde?"},
    {"\"0106\"", "\"106\"", "municipalities:", "\"106\"", "\"0106\""},
    {"\"0106\"", "Oslo", "municipalities:", "\"Oslo\"", "four digits"},
    {"\"0106\"", "0219", "municipalities:", "\"0219\"", "already"},
    {"[\"0301\", \"0106\", 0219]", "[\"0301\"]", "municipalities:", "list of 2 to", "a list"},
    {"[\"0301\", \"0106\", 0219]", "al", "municipalities:", "list of 2 to", "a list"},
    {"id: barnehage", "id: total", "id: total", "\"total\"", "choose another id"},
    {"id: kultur", "id: barnehage", "name: {nb: \"Kultur\"", "\"barnehage\"", "rename"},
    {"{id: dekning,", "{id: timer,", "{nb: \"Timer\"", "\"timer\"", "line 24 already"},
    {"{id: sone,", "{id: barn,", "{id: barn, variable: reise", "\"barn\"", "line 20 already"},
    {"weight: 0.3\n", "weight: -0.3\n", "weight: -0.3", "\"-0.3\"", "from 0 to 1"},
    {"weight: 0.3\n", "weight: 1.3\n", "weight: 1.3", "not between 0 and 1", "from 0 to 1"},
    {"weight: 0.3\n", "weight: \"0.3\"\n", "weight: \"0.3\"", "must be a number", "weight"},
    {"weight: 0.3\n", "weight: 0.27\n", "  - id: barnehage", "the sectors sum to 0.97",
     "0.03 below 1"},
    {"timer, weight: 0.25", "timer, weight: 0.2512", "- {id: timer",
     "indicators of barnehage sum to 1.0012", "0.0012 above 1"},
    {"barn, weight: 0.8}", "barn, weight: 0.7}", "{id: barn,",
     "criteria of barnehage sum to 0.9001", "0.0999 below 1"},
    {"      weight: 1\n", "      weight: 0.9\n", "  - id: barnehage", "sectors' needs sum to 0.9",
     "0.1 below 1"},
    {"variable: timer, per: need", "variable: timre, per: need", "variable: timre", "\"timre\"",
     "did you mean timer?"},
    {"per: population", "per: need_population", "{id: besok", "no need-corrected population",
     "write population"},
    {"per: population", "per: populasjon", "{id: besok", "\"populasjon\"",
     "did you mean population"},
    {"per: population", "per: [timer]", "{id: besok", "nothing to divide by", "{variable: NAME}"},
    {"per: {variable: barn}", "per: {varable: barn}", "{id: dekning", "varable",
     "did you mean variable?"},
    {"per: population", "prr: population", "{id: besok", "per", "is missing"},
    {"{id: basis, basis: true,", "{id: basis, basis: false,", "{id: basis", "can only be true",
     "name a variable"},
    {"{id: basis, basis: true,", "{id: basis,", "{id: basis", "counts nothing", "basis: true"},
    {"variable: reise,", "variable: reise, basis: true,", "{id: sone", "both", "not both"},
    {"barn, weight: 0.8}", "barn, weight: 0.8, cost_disadvantage: true}", "{id: barn,",
     "every criterion", "criterion of need"},
    {"cost_disadvantage: true}", "cost_disadvantage: yes}", "{id: sone", "\"yes\"",
     "true or false"},
    {"{gross: bdu,", "{given: utg, gross: bdu,", "expenditure: {", "given index", "remove"},
    {"wages: lonn,", "", "expenditure: {", "wages", "is missing"},
    {"minus: [avskrivninger]", "minus: [pensjon, pensjon]", "expenditure: {", "twice", "remove"},
    {"minus: [avskrivninger]", "minus: [5x]", "expenditure: {", "not the name of a variable",
     "registered"},
    {"minus: [avskrivninger]", "minus: avskrivninger", "expenditure: {", "list of 1 to 16",
     "a list"},
    {"need_corrected: true", "need_corrected: 1", "need_corrected", "\"1\"", "true or false"},
    {"expenditure: utg, base: 100", "expenditure: utg, base: 50", "change:", "\"50\"", "1 or 100"},
    {"change: {production: prod, ", "change: {", "change:", "production", "is missing"},
};

static void every_fault_is_told_with_line_key_and_remedy(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        const struct fault *fault = &faults[i];
        const char *text = fixture_replace(fixture_edition_yaml, fault->from, fault->to);
        char place[64];
        unsigned line = fixture_line(text, fault->at);
        /* Some faults are one line from where their words first stand. */
        line += strcmp(fault->at, "{nb: \"Timer\"") == 0 ? 1 : 0;
        line -= strcmp(fault->at, "name: {nb: \"Kultur\"") == 0 ? 1 : 0;
        (void)snprintf(place, sizeof place, "liten.yaml:%u: ", line);
        struct kf_edition *edition = NULL;
        assert_int_equal(read_text(text, &edition), KF_ERR_CONFIG);
        fixture_told(place, fault->part, fault->remedy, NULL);
        assert_null(edition);
    }
}

static void a_correction_for_need_takes_a_cost_key(void **state)
{
    (void)state;
    char text[8192];
    (void)snprintf(text, sizeof text, "%s", fixture_edition_yaml);
    char *need = strstr(text, "    need:\n");
    char *behind = strstr(text, "    indicators:\n");
    memmove(need, behind, strlen(behind) + 1);
    struct kf_edition *edition = NULL;
    assert_int_equal(
        read_text(fixture_replace(text, "per: need_population", "per: none"), &edition),
        KF_ERR_CONFIG);
    fixture_told("need_corrected", "no sector has a cost key", NULL);
    fixture_found(1);
}

static void the_needs_of_several_sectors_make_one_total_key(void **state)
{
    (void)state;
    char text[8192];
    (void)snprintf(
        text, sizeof text, "%s",
        fixture_replace(fixture_edition_yaml, "      weight: 1\n", "      weight: 0.4\n"));
    /* The same ids in two sectors are two things: ids are unique within their list. */
    static const char second[] = "    weight: 0.3\n"
                                 "    need: {weight: 0.6, criteria: [{id: barn, variable: barn, "
                                 "weight: 1}]}\n";
    struct kf_edition *edition = read_good(fixture_replace(text, "    weight: 0.3\n", second));
    assert_true(edition->sectors[0].need_weight == 0.4);
    assert_true(edition->sectors[1].need_weight == 0.6);
    assert_string_equal(edition->sectors[1].criteria[0].id, "barn");
}

static void all_faults_of_a_file_come_at_once(void **state)
{
    (void)state;
    struct kf_edition *edition = NULL;
    static const char text[] = "id: liten\n"
                               "titel: x\n"
                               "scale: no\n"
                               "missing: mean\n"
                               "group: all\n"
                               "sectors: [7, {id: a}]\n"
                               "expenditure: none\n"
                               "change: []\n";
    assert_int_equal(read_text(text, &edition), KF_ERR_CONFIG);
    static const char *const told[] = {
        "liten.yaml:2: titel", "title",          "source",         "years",
        "structure",           "liten.yaml:3: ", "population",     "liten.yaml:4: ",
        "liten.yaml:5: ",      "liten.yaml:6: ", "liten.yaml:7: ", "liten.yaml:8: ",
    };
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        fixture_told(told[i], NULL);
    }
    assert_null(edition);
}

static void without_a_register_variables_are_not_checked(void **state)
{
    (void)state;
    struct kf_error err;
    struct kf_edition *edition = NULL;
    const char *path = fixture_write(
        "liten.yaml", fixture_replace(fixture_edition_yaml, "folkemengde", "hva_som_helst"));
    assert_int_equal(kf_edition_read(path, NULL, arena, &edition, fixture_findings(), &err), KF_OK);
    assert_string_equal(edition->population, "hva_som_helst");
    assert_string_equal(edition->sectors[0].indicators[0].unit, "");
}

static void the_variables_are_each_once_in_the_alphabets_order(void **state)
{
    (void)state;
    struct kf_edition *edition = read_good(fixture_edition_yaml);
    static const char *const expected[] = {"andel",       "avskrivninger", "barn",    "bdu",
                                           "folkemengde", "lonn",          "pensjon", "prod",
                                           "reise",       "timer",         "utg"};
    const char **names = NULL;
    size_t count = 0;
    struct kf_error err;
    assert_int_equal(kf_edition_variables(edition, arena, &names, &count, &err), KF_OK);
    assert_int_equal(count, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(names[i], expected[i]);
    }
}

static void every_failing_allocation_is_survived(void **state)
{
    (void)state;
    const char *path = fixture_write("liten.yaml", fixture_edition_yaml);
    struct kf_findings *findings = fixture_findings();
    struct kf_edition *edition = NULL;
    struct kf_error err;
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    for (; code == KF_ERR_MEMORY; n++) {
        assert_null(edition);
        struct kf_arena *scratch = kf_arena_new((size_t)1 << 20);
        kf_memory_fail_after(n);
        code = kf_edition_read(path, variables, scratch, &edition, findings, &err);
        kf_memory_fail_after(-1);
        kf_arena_destroy(&scratch);
    }
    assert_int_equal(code, KF_OK);
    assert_true(n > 6);
}

static void an_arena_that_is_too_small_is_a_lack_of_memory_not_a_fault(void **state)
{
    (void)state;
    const char *path = fixture_write("liten.yaml", fixture_edition_yaml);
    struct kf_findings *findings = fixture_findings();
    enum kf_err code = KF_ERR_MEMORY;
    size_t room = 0;
    for (; code == KF_ERR_MEMORY; room += 64) {
        struct kf_arena *scratch = kf_arena_new(room);
        struct kf_edition *edition = NULL;
        struct kf_error err;
        code = kf_edition_read(path, variables, scratch, &edition, findings, &err);
        fixture_found(0);
        kf_arena_destroy(&scratch);
    }
    assert_int_equal(code, KF_OK);
    assert_true(room > 1024);
}

/* --- the files that come with the project ---------------------------------------------------- */

static struct kf_variables *real_variables(void)
{
    struct kf_variables *real = NULL;
    struct kf_error err;
    if (kf_variables_read(KF_SOURCE_DIR "/editions/variables.yaml", &real, fixture_findings(),
                          &err) == KF_ERR_IO) {
        skip();
    }
    assert_non_null(real);
    return real;
}

static void the_asss_edition_has_the_weights_of_the_report(void **state)
{
    (void)state;
    struct kf_variables *real = real_variables();
    struct kf_edition *edition = NULL;
    struct kf_error err;
    enum kf_err code = kf_edition_read(KF_SOURCE_DIR "/editions/asss-2010.yaml", real, arena,
                                       &edition, fixture_findings(), &err);
    fixture_found(0);
    assert_int_equal(code, KF_OK);
    assert_int_equal(edition->sectors_len, 7);
    assert_int_equal(edition->members_len, 10);
    size_t indicators = 0;
    double sector_weights[7];
    for (size_t s = 0; s < 7; s++) {
        const struct kf_sector *sector = &edition->sectors[s];
        indicators += sector->indicators_len;
        sector_weights[s] = sector->weight;
        double weights[KF_INDICATORS_MAX];
        for (size_t i = 0; i < sector->indicators_len; i++) {
            weights[i] = sector->indicators[i].weight;
        }
        assert_true(fabs(kf_sum_of(weights, sector->indicators_len) - 1) < 1e-15);
    }
    assert_true(fabs(kf_sum_of(sector_weights, 7) - 1) < 1e-15);
    assert_int_equal(indicators, 44);
    /* Table 2.13 prints .1828 for kindergartens, table 2.2 .0660 for their area. */
    assert_true(fabs(edition->sectors[0].weight - 0.1828) < 1e-4);
    assert_true(fabs(edition->sectors[0].indicators[3].weight - 0.0660) < 1e-4);
    kf_variables_destroy(&real);
}

static void the_broken_editions_are_refused_where_they_are_broken(void **state)
{
    (void)state;
    struct kf_variables *real = real_variables();
    static const struct {
        const char *file;
        const char *parts[3];
    } cases[] = {
        {"bad_yaml", {"bad_yaml.yaml:", "is not YAML", "line 13"}},
        {"duplicate_indicator", {":22: ", "\"korr_oppholdstimer\"", "line 20"}},
        {"unknown_key", {":17: ", "wieght", "did you mean weight?"}},
        {"unknown_variable",
         {":20: ", "\"korr_oppholdstime\"", "did you mean korr_oppholdstimer?"}},
        {"weights_do_not_close", {":20: ", "barnehage sum to 0.97", "0.03 below 1"}},
        {"wrong_type", {":8: ", "scale", "\"hundred\""}},
        {"wrong_type", {":20: ", "weight", "\"four fifths\""}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char path[512];
        (void)snprintf(path, sizeof path, KF_SOURCE_DIR "/data/broken/editions/%s.yaml",
                       cases[i].file);
        if (access(path, R_OK) != 0) {
            continue;
        }
        struct kf_edition *edition = NULL;
        struct kf_error err;
        assert_int_equal(kf_edition_read(path, real, arena, &edition, fixture_findings(), &err),
                         KF_ERR_CONFIG);
        fixture_told(cases[i].parts[0], cases[i].parts[1], cases[i].parts[2], NULL);
    }
    kf_variables_destroy(&real);
}

#define with_arena(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_arena(an_edition_is_read_with_all_it_says),
        with_arena(sectors_indicators_and_criteria_keep_the_files_order),
        with_arena(weights_within_the_tolerance_are_rescaled_to_close),
        with_arena(the_tolerance_itself_is_allowed_and_more_is_not),
        with_arena(years_are_a_list_or_a_range),
        with_arena(the_group_may_be_all_and_the_structure_a_year),
        with_arena(expenditure_and_change_may_be_absent),
        with_arena(every_fault_is_told_with_line_key_and_remedy),
        with_arena(a_correction_for_need_takes_a_cost_key),
        with_arena(the_needs_of_several_sectors_make_one_total_key),
        with_arena(all_faults_of_a_file_come_at_once),
        with_arena(without_a_register_variables_are_not_checked),
        with_arena(the_variables_are_each_once_in_the_alphabets_order),
        with_arena(every_failing_allocation_is_survived),
        with_arena(an_arena_that_is_too_small_is_a_lack_of_memory_not_a_fault),
        with_arena(the_asss_edition_has_the_weights_of_the_report),
        with_arena(the_broken_editions_are_refused_where_they_are_broken),
    };
    return cmocka_run_group_tests(tests, open_register, close_register);
}
