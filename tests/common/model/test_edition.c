#include "edition_fixture.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/base/numbers.h"
#include "common/model/digest.h"

static void an_edition_is_read_with_all_it_says(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(edition_fixture_yaml);
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
    kf_digest_of(edition_fixture_yaml, strlen(edition_fixture_yaml), digest);
    assert_string_equal(edition->digest, digest);
    assert_string_equal(edition->expenditure.given, "");
    edition_fixture_sums(&edition->expenditure.gross, "bdu");
    edition_fixture_sums(&edition->expenditure.minus, "avskrivninger");
    edition_fixture_sums(&edition->expenditure.payroll_costs, "pensjon");
    edition_fixture_sums(&edition->expenditure.wages, "lonn");
    assert_true(edition->expenditure.need_corrected);
    assert_string_equal(edition->change.production, "prod");
    assert_string_equal(edition->change.expenditure, "utg");
    assert_true(edition->change.base == 100);
    assert_false(edition->change.computed);
    assert_string_equal(edition->extends, "");
}

static void the_rules_of_an_edition_are_read(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(edition_fixture_yaml);
    assert_int_equal(edition->reference, KF_REFERENCE_COUNTRY);
    assert_int_equal(edition->normalization, KF_NORMALIZE_STANDARDIZED);
    assert_true(edition->spread == 0.1);
    assert_int_equal(edition->composition, KF_COMPOSE_PRODUCT);
    assert_string_equal(edition->given_total, "prod");
    assert_int_equal(edition->deflators_len, 2);
    assert_int_equal(edition->deflators[0].year, 2010); /* ascending */
    assert_true(edition->deflators[0].prices_percent == -0.5);
    assert_true(edition->deflators[1].wages_percent == 3.5);
    assert_int_equal(edition->deflators[1].sectors_len, 1);
    assert_string_equal(edition->deflators[1].sectors[0].sector, "barnehage");
    assert_true(edition->deflators[1].sectors[0].wages_percent == 3.2);
    assert_int_equal(edition->corrections_len, 1);
    assert_string_equal(edition->corrections[0].id, "skole");
    assert_string_equal(edition->corrections[0].outcome, "poeng");
    assert_int_equal(edition->corrections[0].regressors_len, 2);
    assert_string_equal(edition->corrections[0].regressors[1], "reise");
    assert_true(kf_edition_corrects(edition, "poeng"));
    assert_true(kf_edition_corrects(edition, "reise"));
    assert_false(kf_edition_corrects(edition, "timer"));
    assert_int_equal(kf_edition_earlier_years(edition), KF_LATEST_YEARS_MAX);
}

static void rules_that_are_not_written_are_the_reports(void **state)
{
    (void)state;
    char text[8192];
    (void)snprintf(text, sizeof text, "%s",
                   fixture_replace(edition_fixture_yaml, "reference: country\n", ""));
    (void)snprintf(text, sizeof text, "%s",
                   fixture_replace(text, "normalization: {standardized: 0.1}\n", ""));
    struct kf_edition *edition =
        edition_fixture_good(fixture_replace(text, "composition: product\n", ""));
    assert_int_equal(edition->reference, KF_REFERENCE_GROUP);
    assert_int_equal(edition->normalization, KF_NORMALIZE_MEAN);
    assert_true(edition->spread == 0);
    assert_int_equal(edition->composition, KF_COMPOSE_SUM);
}

static void a_sector_may_have_a_given_index_accounts_or_administer(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(edition_fixture_yaml);
    const struct kf_sector *helse = &edition->sectors[2];
    assert_string_equal(helse->given, "utg");
    assert_int_equal(helse->indicators_len, 0);
    assert_true(kf_sector_produces(helse) && helse->weight == 0.2);
    edition_fixture_sums(&helse->expenditure.gross, "bdu + pensjon");
    edition_fixture_sums(&helse->expenditure.minus, "0.5 lonn");
    assert_false(helse->expenditure.need_corrected);
    assert_string_equal(edition->sectors[0].expenditure.given, "utg");
    const struct kf_sector *administration = &edition->sectors[3];
    assert_true(administration->administration && !kf_sector_produces(administration));
    assert_true(administration->weight == 0 && administration->need_weight == 0.25);
    assert_true(administration->criteria[0].weight == 1); /* rescaled from .2 */
}

static void a_given_total_takes_no_weights_of_the_sectors(void **state)
{
    (void)state;
    char text[8192];
    (void)snprintf(text, sizeof text, "%s",
                   fixture_replace(edition_fixture_yaml, "    weight: 0.5\n", ""));
    (void)snprintf(text, sizeof text, "%s", fixture_replace(text, "    weight: 0.3\n", ""));
    (void)snprintf(text, sizeof text, "%s", fixture_replace(text, "    weight: 0.2\n", ""));
    struct kf_edition *edition = edition_fixture_good(text);
    assert_true(edition->sectors[0].weight == 0 && edition->sectors[2].weight == 0);
    assert_int_equal(edition_fixture_read(fixture_replace(text, "total: prod\n", ""), &edition),
                     KF_ERR_CONFIG);
    fixture_told("weight", "is missing", NULL);
    fixture_found(3);
}

static void the_weights_of_the_sectors_may_be_a_tree(void **state)
{
    (void)state;
    char text[8192];
    (void)snprintf(text, sizeof text, "%s",
                   fixture_replace(edition_fixture_yaml, "    weight: 0.5\n", ""));
    (void)snprintf(text, sizeof text, "%s", fixture_replace(text, "    weight: 0.3\n", ""));
    (void)snprintf(text, sizeof text, "%s", fixture_replace(text, "    weight: 0.2\n", ""));
    struct kf_edition *edition =
        edition_fixture_good(fixture_replace(text, "total: prod\n",
                                             "weights: {rule: equal, parts: [helse, kultur, "
                                             "barnehage]}\n"));
    assert_int_equal(edition->weighting.parts_len, 4);
    assert_string_equal(edition->weighting.parts[1].item, "helse");
    assert_int_equal(edition->weighting.parts[0].rule, KF_WEIGHT_EQUAL);
    assert_int_equal(edition->weighting.closure, KF_CLOSURE_NONE);
    static const char *const wrong[] = {"[helse, kultur]",
                                        "[helse, kultur, barnehage, administrasjon]",
                                        "[helse, kultur, barnehage, helse]"};
    static const char *const told[] = {"no part names the sector barnehage", "\"administrasjon\"",
                                       "is named on line 12 already"};
    for (size_t i = 0; i < 3; i++) {
        char weights[128];
        (void)snprintf(weights, sizeof weights, "weights: {rule: equal, parts: %s}\n", wrong[i]);
        assert_int_equal(
            edition_fixture_read(fixture_replace(text, "total: prod\n", weights), &edition),
            KF_ERR_CONFIG);
        fixture_told("liten.yaml:12: ", told[i], NULL);
        fixture_found(1);
    }
}

/* The edition with computed change and wages in each account. */
static void computed(char *text, size_t size)
{
    char wages[8192];
    (void)snprintf(wages, sizeof wages, "%s",
                   fixture_replace(edition_fixture_yaml, "minus: [{variable: lonn, factor: 0.5}],",
                                   "wages: lonn,"));
    (void)snprintf(text, size, "%s",
                   fixture_replace(wages, "change: {production: prod, expenditure: utg, base: 100}",
                                   "change: computed"));
}

/* METHOD T5: without them no account has a wage share, and no growth of prices. */
static void a_computed_change_takes_wages_in_every_account(void **state)
{
    (void)state;
    static const char *const without[][2] = {
        {"wages: lonn,\n                  need", "need"}, /* of a sector */
        {"payroll_costs: pensjon, wages: lonn,", ""},     /* of the whole */
    };
    char text[8192];
    computed(text, sizeof text);
    for (size_t i = 0; i < sizeof without / sizeof without[0]; i++) {
        const char *absent = fixture_replace(text, without[i][0], without[i][1]);
        char place[64];
        unsigned line = fixture_line(absent, i == 0 ? "expenditure: {gross: [bdu, pensjon]"
                                                    : "expenditure: {gross: bdu, minus");
        struct kf_edition *edition = NULL;
        (void)snprintf(place, sizeof place, "liten.yaml:%u: wages", line);
        assert_int_equal(edition_fixture_read(absent, &edition), KF_ERR_CONFIG);
        fixture_told(place, "is missing", "share of gross", "add wages: VARIABLE", NULL);
        fixture_found(1);
    }
}

static void change_may_be_computed_when_prices_are_known(void **state)
{
    (void)state;
    char text[8192];
    computed(text, sizeof text);
    struct kf_edition *edition = edition_fixture_good(text);
    assert_true(edition->change.computed);
    assert_string_equal(edition->change.production, "");
    const char *absent = fixture_replace(text, "  - {year: 2010, wages: 4, prices: -0.5}\n", "");
    unsigned line = fixture_line(absent, "change: computed");
    char place[64];
    (void)snprintf(place, sizeof place, "liten.yaml:%u: change", line);
    assert_int_equal(edition_fixture_read(absent, &edition), KF_ERR_CONFIG);
    fixture_told(place, "no deflator for 2010;", "deflators", NULL);
    fixture_found(1);
}

static void the_group_may_be_kostra_groups_and_the_structure_todays(void **state)
{
    (void)state;
    char text[8192];
    (void)snprintf(text, sizeof text, "%s",
                   fixture_replace(edition_fixture_yaml, "[\"0301\", \"0106\", 0219]",
                                   "{kostra_groups: [\"13\", EKG02]}"));
    struct kf_edition *edition =
        edition_fixture_good(fixture_replace(text, "structure: data-year", "structure: today"));
    assert_int_equal(edition->members_len, 0);
    assert_int_equal(edition->kostra_groups_len, 2);
    assert_string_equal(edition->kostra_groups[0], "13");
    assert_string_equal(edition->kostra_groups[1], "EKG02");
    assert_int_equal(edition->structure_year, KF_STRUCTURE_TODAY);
}

static void a_group_that_is_no_list_may_leave_municipalities_out(void **state)
{
    (void)state;
    static const char *const groups[] = {"all\n  except: [\"1108\", 1103]",
                                         "{kostra_groups: [\"13\"]}\n  except: [1108, 1103]"};
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        struct kf_edition *edition = edition_fixture_good(
            fixture_replace(edition_fixture_yaml, "[\"0301\", \"0106\", 0219]", groups[i]));
        assert_int_equal(edition->members_len, 0);
        assert_int_equal(edition->excluded_len, 2);
        assert_string_equal(edition->excluded[0], "1103");
        assert_string_equal(edition->excluded[1], "1108");
    }
}

static void names_and_texts_have_a_length(void **state)
{
    (void)state;
    char name[700] = "";
    for (int i = 0; i < 300; i++) {
        memcpy(name + 2 * i, "\xc3\xa6", 3); /* 300 characters æ, 600 bytes */
    }
    struct kf_edition *edition =
        edition_fixture_good(fixture_replace(edition_fixture_yaml, "Liten", name));
    assert_int_equal(strlen(edition->title.nb), 600);
    memcpy(name + 600, "x", 2);
    assert_int_equal(
        edition_fixture_read(fixture_replace(edition_fixture_yaml, "Liten", name), &edition),
        KF_ERR_CONFIG);
    fixture_told("liten.yaml:2: nb", "has 301 characters, at most 300", "shorten", NULL);
    fixture_found(1);
}

static void an_edition_of_need_alone_takes_no_weights(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(
        "id: liten\ntitle: {nb: N, en: N}\nsource: x\nyears: [2010]\nstructure: today\n"
        "scale: 1\npopulation: folkemengde\nmissing: drop\n"
        "group: {name: {nb: A, en: A}, municipalities: all}\n"
        "sectors:\n"
        "  - {id: skole, name: {nb: S, en: S},\n"
        "     need: {weight: 1, criteria: [{id: barn, variable: barn, weight: 1}]}}\n");
    assert_true(edition->sectors[0].weight == 0 && edition->sectors[0].need_weight == 1);
    assert_int_equal(edition->missing, KF_MISSING_DROP);
}

static void weights_within_the_tolerance_are_rescaled_to_close(void **state)
{
    (void)state;
    /* The fixture's criteria sum to .8 + .1501 + .05 = 1.0001; .8 / 1.0001 = 8000/10001. */
    struct kf_edition *edition = edition_fixture_good(edition_fixture_yaml);
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
        const char *weight; /* beside .3 and .2 */
        bool allowed;
    } cases[] = {{"0.5005", true},   {"0.4995", true}, {"0.50051", false},
                 {"0.49949", false}, {"0.47", false},  {"0.5", true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char line[64];
        (void)snprintf(line, sizeof line, "    weight: %s\n", cases[i].weight);
        struct kf_edition *edition = NULL;
        enum kf_err code = edition_fixture_read(
            fixture_replace(edition_fixture_yaml, "    weight: 0.5\n", line), &edition);
        fixture_found(cases[i].allowed ? 0 : 1);
        assert_int_equal(code, cases[i].allowed ? KF_OK : KF_ERR_CONFIG);
    }
    fixture_found(0);
}

static void years_are_a_list_or_a_range(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(edition_fixture_yaml);
    assert_true(kf_edition_has_year(edition, 2010) && kf_edition_has_year(edition, 2012));
    assert_false(kf_edition_has_year(edition, 2011)); /* a gap in the list */
    assert_false(kf_edition_has_year(edition, 2013));
    assert_int_equal(edition->year_from, 2010);
    assert_int_equal(edition->year_to, 2012);
    edition = edition_fixture_good(fixture_replace(edition_fixture_yaml, "years: [2010, 2012]",
                                                   "years: {from: 2009, to: 2011}"));
    assert_true(kf_edition_has_year(edition, 2009) && kf_edition_has_year(edition, 2010) &&
                kf_edition_has_year(edition, 2011));
    assert_false(kf_edition_has_year(edition, 2008) || kf_edition_has_year(edition, 2012));
}

static void assert_years(const char *years, const char *expected)
{
    struct kf_text text;
    char line[64];
    (void)snprintf(line, sizeof line, "years: %s", years);
    kf_text_init(&text, sizeof line);
    kf_edition_print_years(
        edition_fixture_good(fixture_replace(edition_fixture_yaml, "years: [2010, 2012]", line)),
        &text);
    assert_string_equal(text.bytes, expected);
    kf_text_clear(&text);
}

static void years_without_a_last_one_go_on(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(
        fixture_replace(edition_fixture_yaml, "years: [2010, 2012]", "years: {from: 2009}"));
    assert_false(kf_edition_has_year(edition, 2008));
    assert_true(kf_edition_has_year(edition, 2009) && kf_edition_has_year(edition, 2060));
    assert_years("{from: 2009}", "2009–");
    assert_years("{from: 2009, to: 2011}", "2009–2011");
    assert_years("{from: 2010, to: 2010}", "2010");
    assert_years("[2012, 2010]", "2010, 2012");
}

static void the_group_may_be_all_and_the_structure_a_year(void **state)
{
    (void)state;
    const char *text = fixture_replace(
        edition_fixture_yaml, "municipalities: [\"0301\", \"0106\", 0219]", "municipalities: all");
    char copy[8192];
    (void)snprintf(copy, sizeof copy, "%s", text);
    struct kf_edition *edition =
        edition_fixture_good(fixture_replace(copy, "structure: data-year", "structure: 2020"));
    assert_int_equal(edition->members_len, 0);
    assert_int_equal(edition->structure_year, 2020);
}

static void expenditure_and_change_may_be_absent(void **state)
{
    (void)state;
    char text[8192];
    (void)snprintf(text, sizeof text, "%s", edition_fixture_yaml);
    *strstr(text, "\nexpenditure:") = '\0';
    *strstr(text, "correction: skole,") = '#';
    struct kf_edition *edition = edition_fixture_good(text);
    assert_string_equal(edition->expenditure.given, "");
    assert_int_equal(edition->expenditure.gross.count, 0);
    assert_int_equal(edition->expenditure.wages.count, 0);
    assert_int_equal(edition->expenditure.minus.count, 0);
    assert_string_equal(edition->change.production, "");
    assert_string_equal(edition->change.expenditure, "");
}

static void a_correction_for_need_takes_a_cost_key(void **state)
{
    (void)state;
    char text[8192];
    (void)snprintf(text, sizeof text, "%s", edition_fixture_yaml);
    char *need = strstr(text, "    need:\n");
    char *behind = strstr(text, "    indicators:\n");
    memmove(need, behind, strlen(behind) + 1);
    (void)snprintf(text, sizeof text, "%s",
                   fixture_replace(text, "    need: {", "    index: utg #"));
    (void)snprintf(text, sizeof text, "%s",
                   fixture_replace(text, "    administration: true\n", "    weight: 0\n"));
    (void)snprintf(text, sizeof text, "%s",
                   fixture_replace(text, "per: need_population", "per: none"));
    struct kf_edition *edition = NULL;
    assert_int_equal(
        edition_fixture_read(fixture_replace(text, "{need_population: barnehage}", "population"),
                             &edition),
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
        fixture_replace(edition_fixture_yaml, "      weight: 0.75\n", "      weight: 0.4\n"));
    /* The same ids in two sectors are two things: ids are unique within their list. */
    static const char second[] = "    weight: 0.3\n"
                                 "    need: {weight: 0.35, criteria: [{id: barn, variable: barn, "
                                 "weight: 1}]}\n";
    struct kf_edition *edition =
        edition_fixture_good(fixture_replace(text, "    weight: 0.3\n", second));
    assert_true(edition->sectors[0].need_weight == 0.4);
    assert_true(edition->sectors[1].need_weight == 0.35);
    assert_true(edition->sectors[3].need_weight == 0.25);
    assert_string_equal(edition->sectors[1].criteria[0].id, "barn");
}

static void administration_alone_is_no_total_key(void **state)
{
    (void)state;
    char text[8192];
    (void)snprintf(
        text, sizeof text, "%s",
        fixture_replace(edition_fixture_yaml, "      weight: 0.75\n", "      weight: 0\n"));
    struct kf_edition *edition = NULL;
    assert_int_equal(
        edition_fixture_read(fixture_replace(text, "need: {weight: 0.25", "need: {weight: 1"),
                             &edition),
        KF_ERR_CONFIG);
    fixture_told("need", "no sector but administration", NULL);
    fixture_found(1);
}

static void without_a_register_variables_are_not_checked(void **state)
{
    (void)state;
    struct kf_error err;
    struct kf_edition *edition = NULL;
    const char *path = fixture_write(
        "liten.yaml", fixture_replace(edition_fixture_yaml, "folkemengde", "hva_som_helst"));
    assert_int_equal(
        kf_edition_read(path, NULL, edition_fixture_arena, &edition, fixture_findings(), &err),
        KF_OK);
    assert_string_equal(edition->population, "hva_som_helst");
    assert_string_equal(edition->sectors[0].indicators[0].unit, "");
}

static void the_variables_are_each_once_in_the_alphabets_order(void **state)
{
    (void)state;
    struct kf_edition *edition = edition_fixture_good(edition_fixture_yaml);
    /* Needed: what indicators count and divide by, the published indices (prod and utg), the
     * population, the correction (poeng, andel, reise). The rest is accounts. */
    static const struct kf_edition_variable expected[] = {
        {"andel", true},       {"avskrivninger", false},
        {"barn", true},        {"bdu", false},
        {"folkemengde", true}, {"lonn", false},
        {"pensjon", false},    {"poeng", true},
        {"prod", true},        {"prosent", true},
        {"reise", true},       {"timer", true},
        {"timer_smaa", true},  {"utg", true},
    };
    const struct kf_edition_variable *list = NULL;
    size_t count = 0;
    struct kf_error err;
    assert_int_equal(kf_edition_variables(edition, edition_fixture_arena, &list, &count, &err),
                     KF_OK);
    assert_int_equal(count, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(list[i].name, expected[i].name);
        assert_int_equal(list[i].needed, expected[i].needed);
    }
}

static void every_failing_allocation_is_survived(void **state)
{
    (void)state;
    const char *path = fixture_write("liten.yaml", edition_fixture_yaml);
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
    assert_int_equal(code, KF_OK);
    assert_true(n > 6);
}

static void an_arena_that_is_too_small_is_a_lack_of_memory_not_a_fault(void **state)
{
    (void)state;
    const char *path = fixture_write("liten.yaml", edition_fixture_yaml);
    struct kf_findings *findings = fixture_findings();
    enum kf_err code = KF_ERR_MEMORY;
    size_t room = 0;
    for (; code == KF_ERR_MEMORY; room += 64) {
        struct kf_arena *scratch = kf_arena_new(room);
        struct kf_edition *edition = NULL;
        struct kf_error err;
        code = kf_edition_read(path, edition_fixture_variables, scratch, &edition, findings, &err);
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
    enum kf_err code = kf_edition_read(KF_SOURCE_DIR "/editions/asss-2010.yaml", real,
                                       edition_fixture_arena, &edition, fixture_findings(), &err);
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

#define with_arena(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, edition_fixture_arena_open, edition_fixture_arena_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_arena(an_edition_is_read_with_all_it_says),
        with_arena(the_rules_of_an_edition_are_read),
        with_arena(rules_that_are_not_written_are_the_reports),
        with_arena(a_sector_may_have_a_given_index_accounts_or_administer),
        with_arena(a_given_total_takes_no_weights_of_the_sectors),
        with_arena(the_weights_of_the_sectors_may_be_a_tree),
        with_arena(a_computed_change_takes_wages_in_every_account),
        with_arena(change_may_be_computed_when_prices_are_known),
        with_arena(the_group_may_be_kostra_groups_and_the_structure_todays),
        with_arena(a_group_that_is_no_list_may_leave_municipalities_out),
        with_arena(names_and_texts_have_a_length),
        with_arena(an_edition_of_need_alone_takes_no_weights),
        with_arena(administration_alone_is_no_total_key),
        with_arena(weights_within_the_tolerance_are_rescaled_to_close),
        with_arena(the_tolerance_itself_is_allowed_and_more_is_not),
        with_arena(years_are_a_list_or_a_range),
        with_arena(years_without_a_last_one_go_on),
        with_arena(the_group_may_be_all_and_the_structure_a_year),
        with_arena(expenditure_and_change_may_be_absent),
        with_arena(a_correction_for_need_takes_a_cost_key),
        with_arena(the_needs_of_several_sectors_make_one_total_key),
        with_arena(without_a_register_variables_are_not_checked),
        with_arena(the_variables_are_each_once_in_the_alphabets_order),
        with_arena(every_failing_allocation_is_survived),
        with_arena(an_arena_that_is_too_small_is_a_lack_of_memory_not_a_fault),
        with_arena(the_asss_edition_has_the_weights_of_the_report),
    };
    return cmocka_run_group_tests(tests, edition_fixture_open, edition_fixture_close);
}
