#include "edition_fixture.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/model/edition_reader.h"

#define BARN  "id: barn, variable: barn"
#define WHOLE "\nexpenditure: {" /* from the line before */

/* A fault: the text is changed, and the finding must name the line of `at` and hold both parts. */
static const struct fault {
    const char *from;
    const char *to;
    const char *at;
    const char *part;
    const char *remedy;
} faults[] = {

    {"scale: 100", "sclae: 100", "sclae", "sclae", "did you mean scale?"},
    {"scale: 100", "sclae: 100", "id: liten", "scale", "is missing; add scale: 100"},
    {"scale: 100", "scale: hundred", "scale:", "\"hundred\"", "write 1 or 100"},
    {"scale: 100", "scale: 10", "scale:", "\"10\"", "1 or 100"},
    {"scale: 100", "scale: 100\nscale: 1", "scale: 1\n", "scale", "given twice"},
    {"id: liten", "id: Liten Utgave", "id:", "is not an identifier", "lower-case"},
    {"source: \"made up\"", "source: [a]", "source:", "source", "must be a text"},
    {"years: [2010, 2012]", "years: 2010", "years:", "years", "[2010]"},
    {"years: [2010, 2012]", "years: []", "years:", "years", "[2010]"},
    {"years: [2010, 2012]", "years: [2010, 20122]", "years:", "\"20122\"", "1972 to 2100"},
    {"years: [2010, 2012]", "years: [2010, 2010]", "years:", "given twice", "remove"},
    {"years: [2010, 2012]", "years: {from: 2012, to: 2010}", "years:", "later than", "swap"},
    {"years: [2010, 2012]\n", "", "id:", "years", "is missing"},
    {"structure: data-year", "structure: data_year", "structure:", "\"data_year\"", "data-year"},
    {"missing: minimum", "missing: minumum", "missing:", "\"minumum\"", "did you mean minimum?"},
    {"missing: minimum", "missing: mean", "missing:", "\"mean\"",
     "allowed are minimum, median, drop, latest"},
    {"missing: minimum\n", "", "id: liten", "missing: is missing",
     "add missing: minimum, median, drop or latest"},
    {"population: folkemengde\n", "", "id: liten", "population: is missing",
     "add population: folkemengde"},
    {"{given: utg}", "{given: [utg]}", "expenditure: {given: [utg]}", "given: must be",
     "e.g. given: folkemengde"},
    {"weight: 0.3\n", "weight: 0,3\n", "weight: 0,3", "\"0,3\"",
     "write a decimal point: weight: 0.3"},
    {"timer, weight: 0.25", "timer, weight: 0,25", "- {id: timer", "25: is not a key",
     "write a decimal point: weight: 0.25"},
    {"source: \"made up\"", "source: SØF: rapport", "source:", "is not YAML",
     "put a text with a colon in quotes"},
    {"{gross: bdu,", "{group: bdu,", WHOLE, "group: is not a key", "allowed are given, gross"},
    {"population: folkemengde", "population: folkemende", "population:", "\"folkemende\"",
     "did you mean folkemengde?"},
    {"\"0106\"", "\"106\"", "municipalities:", "\"106\"", "\"0106\""},
    {"\"0106\"", "Oslo", "municipalities:", "\"Oslo\"", "four digits"},
    {"\"0106\"", "0219", "municipalities:", "\"0219\"", "already"},
    {"[\"0301\", \"0106\", 0219]", "[\"0301\"]", "municipalities:", "list of 2 to", "a list"},
    {"[\"0301\", \"0106\", 0219]", "al", "municipalities:", "list of 2 to", "a list"},
    {"id: barnehage", "id: total", "id: total", "\"total\"", "choose another id"},
    {"id: kultur", "id: barnehage", "name: {nb: \"Kultur\"", "\"barnehage\"", "rename"},
    {"id: kultur", "id: total_with_administration", "id: total_with", "stands for the whole",
     "choose another id"},
    {"{id: dekning,", "{id: timer,", "{nb: \"Timer\"", "\"timer\"", "line 28 already"},
    {"{id: sone,", "{id: barn,", "{id: barn, variable: reise", "\"barn\"", "line 24 already"},
    {"weight: 0.3\n", "weight: -0.3\n", "weight: -0.3", "\"-0.3\"", "from 0 to 1"},
    {"weight: 0.3\n", "weight: 1.3\n", "weight: 1.3", "not between 0 and 1", "from 0 to 1"},
    {"weight: 0.3\n", "weight: \"0.3\"\n", "weight: \"0.3\"", "must be a number", "weight"},
    {"weight: 0.3\n", "weight: 0.27\n", "  - id: barnehage", "the sectors sum to 0.97",
     "0.03 below 1"},
    {"timer, weight: 0.25", "timer, weight: 0.2512", "- {id: timer",
     "indicators of barnehage sum to 1.0012", "0.0012 above 1"},
    {"barn, weight: 0.8}", "barn, weight: 0.7}", "{id: barn,",
     "criteria of barnehage sum to 0.9001", "0.0999 below 1"},
    {"      weight: 0.75\n", "      weight: 0.65\n", "  - id: barnehage",
     "sectors' needs sum to 0.9", "0.1 below 1"},
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
    {"variable: reise,", "variable: reise, basis: true,", "{id: sone", "does not go with variable",
     "not both"},
    {"variable: reise,", "variable: andel,", "{id: sone", "is a share", "number of persons"},
    {"barn, weight: 0.8}", "barn, weight: 0.8, cost_disadvantage: true}", "{id: barn,",
     "every criterion", "criterion of need"},
    {"cost_disadvantage: true}", "cost_disadvantage: yes}", "{id: sone", "\"yes\"",
     "true or false"},
    {BARN, BARN ", ages: 12-6", "{id: barn,", "ages \"12-6\": the first age is above the last",
     "lower age first"},
    {BARN, BARN ", ages: 106", "{id: barn,", "ages \"106\": are no ages from 0 to 105", "67+"},
    {BARN, BARN ", ages: 6-106", "{id: barn,", "\"6-106\"", "67+"},
    {BARN, BARN ", ages: a", "{id: barn,", "ages \"a\"", "6-12"},
    {BARN, BARN ", ages: 6–12", "{id: barn,", "\"6–12\": have a long dash", "6-12"},
    {BARN, BARN ", ages: 67+8", "{id: barn,", "\"67+8\"", "6-12"},
    {BARN, BARN ", ages: +", "{id: barn,", "\"+\"", "6-12"},
    {BARN, BARN ", ages: -5", "{id: barn,", "\"-5\"", "6-12"},
    {BARN, BARN ", ages: 6-", "{id: barn,", "\"6-\"", "6-12"},
    {BARN, BARN ", ages: [6, 12]", "{id: barn,", "ages: are no ages", "6-12"},
    {BARN, "id: barn, ages: 0-5, basis: true", "{id: barn,", "does not go with ages", "not both"},
    {BARN, BARN ", ages: 0-5, basis: true", "{id: barn,", "does not go with variable", "not both"},
    {"source: \"made up\"", "source: \"x\"\nneed: {year: nest}", "need:", "\"nest\"",
     "write same, next"},
    {"source: \"made up\"", "source: \"x\"\nneed: {year: 1900}", "need:", "1972 to 2100", "next"},
    {"source: \"made up\"", "source: \"x\"\nneed: {year: \"2026\"}", "need:", "\"2026\"", "quotes"},
    {"source: \"made up\"", "source: \"x\"\nneed: {criteria: age}", "need:", "\"age\"",
     "did you mean ages?"},
    {"source: \"made up\"", "source: \"x\"\nneed: {index: prd}", "need:", "\"prd\"",
     "did you mean prod?"},
    {"source: \"made up\"", "source: \"x\"\nneed: {index: barn}",
     "need:", "amount of persons, no index", "as a criterion"},
    {"source: \"made up\"", "source: \"x\"\nneed: {weight: 1}", "need:", "weight: is not a key",
     "year, criteria, index"},
    {"source: \"made up\"", "source: \"x\"\nneed: {criteria: ages}", "- {id: barn, variable: barn",
     "no criterion counts people by age", "write ages: 6-12"},
    {"      weight: 0.75\n", "      weight: 0.75\n      index: lonn\n", "index: lonn",
     "amount of 1000 kr, no index", "as a criterion"},
    {"need: {weight: 0.25, rescale: true, criteria: [{id: basis, variable: barn, weight: 0.2}]}",
     "need: {weight: 0.25}", "    need: {weight: 0.25}", "criteria: is missing", "add criteria"},
    {"{gross: bdu,", "{given: utg, gross: bdu,", WHOLE, "given index", "remove"},
    {"{gross: bdu, minus", "{minus", "expenditure: {minus", "gross", "is missing"},
    {"wages: lonn,", "", WHOLE, "wages", "is missing"},
    {"payroll_costs: pensjon, ", "", WHOLE, "payroll_costs", "is missing"},
    {"minus: [avskrivninger]", "minus: [pensjon, pensjon]", WHOLE, "twice", "remove"},
    {"minus: [avskrivninger]", "minus: [5x]", WHOLE, "not the name of a variable", "registered"},
    {"minus: [avskrivninger]", "minus: avskrivninger", WHOLE, "list of 1 to 128", "a list"},
    {"minus: [avskrivninger]", "minus: [timer]", WHOLE, "is in hours", "one unit"},
    {"minus: [avskrivninger]", "minus: [{country: lonn}]", WHOLE, "country", "allowed are"},
    {"gross: [bdu, pensjon]", "gross: [bdu, timer]", "gross: [bdu, timer]",
     "adds hours (timer) to 1000 kr", "a price by a factor"},
    {"gross: [bdu, pensjon]", "gross: {sum: []}", "gross: {sum", "list of 1 to 128", "a list"},
    {"{gross: [bdu, pensjon], minus", "{minus", "{minus: [{variable: lonn", "gross", "is missing"},
    {"need_corrected: true", "need_corrected: 1", "              need_corrected: 1", "\"1\"",
     "true or false"},
    {"need_corrected: false}", "need_corrected: true}", "                  need_corrected",
     "the sector has no cost key", "give the sector a need"},
    {"expenditure: utg, base: 100", "expenditure: utg, base: 50", "change:", "\"50\"", "1 or 100"},
    {"change: {production: prod, ", "change: {", "change:", "production", "is missing"},
    {"change: {production: prod, expenditure: utg, base: 100}", "change: compted",
     "change:", "\"compted\"", "write computed"},
    {"reference: country", "reference: contry", "reference:", "\"contry\"",
     "did you mean country?"},
    {"composition: product", "composition: produkt", "composition:", "\"produkt\"",
     "did you mean product?"},
    {"{standardized: 0.1}", "median", "normalization:", "\"median\"", "standardized: 0.1"},
    {"{standardized: 0.1}", "{standardized: 0}", "normalization:", "not above 0", "positive"},
    {"structure: data-year", "structure: tomorrow", "structure:", "today or a year", "today"},
    {"total: prod", "total: prd", "total:", "\"prd\"", "did you mean prod?"},
    {"[\"0301\", \"0106\", 0219]", "{kostra_groups: [\"1 3\"]}", "municipalities:", "\"1 3\"",
     "in quotes"},
    {"[\"0301\", \"0106\", 0219]", "{kostra_groups: [\"13\", 13]}", "municipalities:", "already",
     "remove"},
    {"[\"0301\", \"0106\", 0219]", "{kostra_group: [\"13\"]}", "municipalities:", "kostra_group",
     "did you mean kostra_groups?"},
    {"[\"0301\", \"0106\", 0219]", "[\"0301\", \"0106\"]\n  except: [\"0219\"]",
     "except:", "not with a list", "out of the list of municipalities"},
    {"[\"0301\", \"0106\", 0219]", "all\n  except: [219]", "except:", "except \"219\"", "\"0219\""},
    {"[\"0301\", \"0106\", 0219]", "all\n  except: all", "except:", "list of 1 to 1024", "a list"},
    {"administration: true", "administration: true\n    index: utg", "administration: true",
     "produces services", "take away"},
    {"administration: true", "weight: 0.1", "weight: 0.1\n    need", "produces nothing", "remove"},
    {"    index: utg\n", "    indicators: []\n", "indicators: []", "list of 1 to 256", "a list"},
    {"    index: utg\n", "    index: utg\n    weights: {rule: equal, parts: [a]}\n",
     "weights: {rule: equal", "no indicators among which", "remove"},
    {"    index: utg\n", "    index: utg\n    indicators: [{id: a}]\n", "indicators: [{id: a}]",
     "does not go with index", "index or indicators, and not both"},
    {"{id: nye, per:", "{id: nye, variable: barn, per:", "sum: [{variable: timer_smaa",
     "does not go with variable", "variable or sum, and not both"},
    {"variable: timer, per: population", "per: population", "{id: besok", "variable", "is missing"},
    {"timer, {country: timer,", "timer, timer, {country: timer,", "sum: [{variable: timer_smaa",
     "twice", "a factor"},
    {"[{variable: timer_smaa, factor: 1.6}, timer, {country", "[{country", "sum: [{country",
     "the same for all", "municipality's own"},
    {"factor: 1.6", "factor: 0", "factor: 0}, timer", "\"0\"", "write a factor"},
    {"factor: 1.6", "facotr: 1.6", "facotr", "facotr", "did you mean factor?"},
    {"{variable: timer_smaa, factor: 1.6}, timer,", "barn, timer,", "sum: [barn",
     "adds hours (timer) to persons", "one unit"},
    {"{variable: timer_smaa, factor: 1.6}, timer,",
     "{variable: andel, factor: 100}, prosent, {variable: prosent, factor: 0.01},",
     "sum: [{variable: andel", "is in the sum twice", "a factor"},
    {"{variable: timer_smaa, factor: 1.6}, timer,", "{variable: andel, factor: 100}, timer,",
     "sum: [{variable: andel", "adds hours (timer) to percent", "converts"},
    {"{variable: timer_smaa, factor: 1.6}, timer,", "{variable: timer_smaa, factor: 1.6}, barn,",
     "sum: [{variable: timer_smaa", "adds hours (timer_smaa) to persons", "but into money"},
    {"{variable: timer_smaa, factor: 1.6}, timer,",
     "{variable: timer_smaa, factor: 1.6}, {variable: barn, factor: 2},",
     "sum: [{variable: timer_smaa", "adds persons (barn) to hours", "but into money"},
    {"{variable: timer_smaa, factor: 1.6}, timer,", "{variable: bdu, factor: 0.5}, timer,",
     "sum: [{variable: bdu", "adds 1000 kr (bdu) to hours", "one unit"},
    {"{need_population: barnehage}", "{need_population: barnehag}", "{id: nye",
     "none of the sectors", "did you mean barnehage?"},
    {"{need_population: barnehage}", "{need_population: helse}", "{id: nye",
     "no need-corrected population", "write population"},
    {"variable: prosent, per: none", "variable: timer, per: none", "complement: true",
     "of which hours are a part", "share or a percentage"},
    {"correction: skole,", "correction: skol,", "correction: skol,", "none of the corrections",
     "did you mean skole?"},
    {"missing: latest", "missing: lates", "missing: lates", "\"lates\"", "did you mean latest?"},
    {"aspect: quality", "aspect: qality", "aspect: qality", "\"qality\"", "did you mean quality?"},
    {"variable: andel, per: none,", "variable: andel, per: none, aspect: quantit,", "{id: andel",
     "\"quantit\"", "did you mean quantity?"},
    {"criteria: [{id: basis, variable: barn, weight: 0.2}]",
     "criteria: [{id: basis, variable: barn, weight: 0}]", "need: {weight: 0.25", "sum to 0,",
     "give one of them a weight"},
    {"rescale: true", "rescale: ja", "rescale: ja", "\"ja\"", "true or false"},
    {"wages: 3.5", "wages: 350", "wages: 350", "from -50 to 100 percent", "in percent"},
    {"{year: 2010, wages: 4,", "{year: 2012, wages: 4,", "{year: 2012, wages: 4",
     "has a deflator already", "keep one"},
    {"{year: 2010, wages: 4, prices: -0.5}", "{year: 2010, wages: 4}", "{year: 2010", "prices",
     "is missing"},
    {"{id: barnehage, wages: 3.2}", "{id: barnhage, wages: 3.2}", "{id: barnhage",
     "none of the sectors", "did you mean barnehage?"},
    {"outcome: poeng", "outcome: andel", "outcome: andel", "cannot explain itself", "remove"},
    {"regressors: [andel, reise]", "regressors: [andel, andel]", "regressors:", "given twice",
     "remove"},
    {"regressors: [andel, reise]", "regressors: []", "regressors:", "list of 1 to 64", "a list"},
    {"- {id: skole, outcome", "- {id: total, outcome", "{id: total", "stands for the whole",
     "choose another id"},
    {"    administration: true\n    need: {", "    #", "id: administrasjon",
     "nothing that could be computed", "remove the sector"},
};

static void every_fault_is_told_with_line_key_and_remedy(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        const struct fault *fault = &faults[i];
        const char *text = fixture_replace(edition_fixture_yaml, fault->from, fault->to);
        char place[64];
        unsigned line = fixture_line(text, fault->at);
        /* Some faults are one line from where their words first stand. */
        line += strcmp(fault->at, "{nb: \"Timer\"") == 0 ? 1 : 0;
        line -= strcmp(fault->at, "name: {nb: \"Kultur\"") == 0 ? 1 : 0;
        line += strcmp(fault->at, WHOLE) == 0 ? 1 : 0;
        (void)snprintf(place, sizeof place, "liten.yaml:%u: ", line);
        struct kf_edition *edition = NULL;
        assert_int_equal(edition_fixture_read(text, &edition), KF_ERR_CONFIG);
        fixture_told(place, fault->part, fault->remedy, NULL);
        assert_null(edition);
    }
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
    assert_int_equal(edition_fixture_read(text, &edition), KF_ERR_CONFIG);
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

/* --- files that nobody would write -------------------------------------------------------------
 */

/* By itself, and as what another edition builds on. */
static void whatever_a_file_holds_it_is_read_or_every_fault_is_told(void **state)
{
    (void)state;
    unsigned sound = edition_fixture_disturb(edition_fixture_yaml,
                                             "extends: liten\nid: ny\nsectors: [{id: kultur}]\n");
    assert_true(sound > 10 && sound < 1000); /* both have been seen */
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

/* The broken editions that come with the project: line, and what is told there. */
static const struct {
    const char *file;
    const char *parts[3];
} broken[] = {
    {"bad_yaml", {"bad_yaml.yaml:", "is not YAML", "line 13"}},
    {"duplicate_indicator", {":22: ", "\"korr_oppholdstimer\"", "line 20"}},
    {"unknown_key", {":17: ", "wieght", "did you mean weight?"}},
    {"unknown_variable", {":20: ", "\"korr_oppholdstime\"", "did you mean korr_oppholdstimer?"}},
    {"weights_do_not_close", {":20: ", "barnehage sum to 0.97", "0.03 below 1"}},
    {"extends_unknown", {":3: extends", "\"bsae\"", "did you mean base?"}},
    {"extends_circle", {":3: extends", "in a circle", "extend nothing"}},
    {"extends_fault", {"/unknown_variable.yaml:20: ", "\"korr_oppholdstime\"", "register"}},
    {"removes_nothing", {":6: ", "\"barnehager\"", "did you mean barnehage?"}},
    {"nothing_inherited", {":5: expenditure", "nothing is inherited", "remove the line"}},
    {"unknown_rule", {":10: missing", "\"middle\"", "minimum, median, drop, latest"}},
    {"reserved_id", {":15: id", "stands for the whole", "another id"}},
    {"weights_and_weight", {":22: weight", "which derives it", "remove"}},
    {"weights_leave_out", {":25: weights", "no part names the indicator areal", "add a part"}},
    {"weights_mixed", {":28: amount", "cannot be compared", "all of them amounts"}},
    {"weights_unknown_item", {":28: ", "\"areall\"", "did you mean areal?"}},
    {"need_without_key", {":20: per", "no need-corrected population", "cost key"}},
    {"unknown_sector", {":20: ", "\"barnehager\"", "did you mean barnehage?"}},
    {"unknown_correction", {":21: correction", "\"skole\"", "under corrections"}},
    {"complement_of_persons", {":22: complement", "of which persons are a part", "share"}},
    {"units_differ", {":22: sum", "adds km (sone) to persons", "one unit"}},
    {"index_and_indicators", {":20: indicators", "does not go with index", "not both"}},
    {"product_without_quantity", {":21: aspect", "indicator of quantity", "composition: sum"}},
    {"change_without_deflators", {":25: change", "no deflator for 2010", "to deflators"}},
    {"administration_produces", {":24: administration", "produces services", "remove it"}},
    {"sector_without_purpose", {":24: ", "nothing that could be computed", "remove"}},
    {"outcome_as_regressor", {":25: regressors", "cannot explain itself", "remove"}},
    {"need_of_unknown", {"/need_of_unknown.yaml:7: ", "\"barnehager\"", "did you mean barnehage?"}},
    {"net_of_persons",
     {"/net_of_persons.yaml:8: ", "is in persons, not in money", "kr or 1000 kr"}},
    {"adjustment_of_nothing",
     {"/adjustment_of_nothing.yaml:10: ", "changes nothing", "payroll_costs: VARIABLE"}},
    {"adjustment_of_both",
     {"/adjustment_of_both.yaml:13: ", "does not go with amount", "not both"}},
    {"payroll_without_wages",
     {"/payroll_without_wages.yaml:10: ", "wages: is missing", "add wages"}},
    {"only_bad_code", {"/only_bad_code.yaml:10: ", "\"301\"", "\"0301\""}},
    {"reserved_use", {"/reserved_use.yaml:10: ", "part of disposable income", "another id"}},
    {"income_without_sectors",
     {"/income_without_sectors.yaml:6: ", "no sector says what it spends", "resources"}},
    {"ages_upside_down",
     {"/ages_upside_down.yaml:8: ", "first age is above the last", "lower age first"}},
    {"care_weights_of_zero",
     {"/care_weights_of_zero.yaml:8: ", "no group weighs anything", "above 0"}},
    {"projected_without_projection",
     {"/projected_without_projection.yaml:8: ", "has no projection", "add a projection"}},
    {"projection_of_nobody",
     {"/projection_of_nobody.yaml:10: ", "no group says who", "add projected"}},
    {"projection_of_no_year",
     {"/projection_of_no_year.yaml:12: ", "nothing is projected", "last observed year"}},
    {"cost_groups_overlap",
     {"/cost_groups_overlap.yaml:10: ", "counts alder_6, as 0-5 on line", "the same people"}},
    {"rates_of_unknown_group",
     {"/rates_of_unknown_group.yaml:12: ", "is none of the groups of costs",
      "did you mean \"0-5\"?"}},
    {"rates_negative", {"/rates_negative.yaml:12: ", "is not from 0 to 10000000 kr", "in kr"}},
    {"derived_of_unknown",
     {"/derived_of_unknown.yaml:14: ", "none of the sectors", "under sectors"}},
    {"derived_without_year", {"/derived_without_year.yaml:10: ", "year: is missing", "add year"}},
    {"derived_without_ages",
     {"/derived_without_ages.yaml:14: ", "without criteria of ages", "ages: 6-15"}},
    {"derived_without_expenditure",
     {"/derived_without_expenditure.yaml:14: ", "without net expenditure",
      "resources: {net: VARIABLE}"}},
    {"service_unknown", {"/service_unknown.yaml:13: ", "none of the services", "mean HTAMDK?"}},
    {"service_twice", {"/service_twice.yaml:14: ", "already, on line 13", "remove one"}},
    {"quantity_twice",
     {"/quantity_twice.yaml:18: ", "counts timer_hjemmesykepleie, which counts on line 13 of ",
      "a variable of its own"}},
    {"net_twice",
     {"/net_twice.yaml:16: ", "counts ndu_pleie_omsorg, which counts on line 11 of ",
      "share the figure out"}},
    {"quantity_of_days",
     {"/quantity_of_days.yaml:13: ", "is in days, not in hours", "figures in hours"}},
    {"service_in_kr", {"/service_in_kr.yaml:7: ", "no unit in which a service", "hours, days"}},
    {"rate_of_zero", {"/rate_of_zero.yaml:7: ", "no rate from 1", "leave the year out"}},
    {"rate_of_no_year", {"/rate_of_no_year.yaml:7: ", "210: is not a year", "write the year"}},
    {"rate_twice", {"/rate_twice.yaml:7: ", "2010: is given twice", "keep one"}},
    {"reserved_group", {"/reserved_group.yaml:9: ", "cannot be a cost group", "another id"}},
    {"group_without_grant", {"/group_without_grant.yaml:9: ", "be compared with", "add grant"}},
    {"share_without_whole", {"/share_without_whole.yaml:7: ", "of: is missing", "add of"}},
    {"approved_of_days",
     {"/approved_of_days.yaml:7: ", "is in days, not in hours", "figures in hours"}},
    {"growth_of_persons",
     {"/growth_of_persons.yaml:7: ", "is in persons, not in percent", "figures in percent"}},
    {"prices_without_year",
     {"/prices_without_year.yaml:8: ", "has nothing for 2010", "add the year"}},
    {"users_without_cost", {"/users_without_cost.yaml:7: ", "net: is missing", "add net"}},
    {"users_of_nobody", {"/users_of_nobody.yaml:9: ", "stands for kostnad_1", "kostnad_{}"}},
    {"own_share_with_gap",
     {"/own_share_with_gap.yaml:12: ", "has nothing for 2009", "add the year"}},
    {"deduction_of_nothing",
     {"/deduction_of_nothing.yaml:9: ", "does not say what is deducted", "deduction: VARIABLE"}},
    {"refund_without_users",
     {"/refund_without_users.yaml:11: ", "nothing of users", "add resource_intensive"}},
    {"base_without_prices",
     {"/base_without_prices.yaml:11: ", "has nothing for 2011", "add the year"}},
    {"thirteen_months",
     {"/thirteen_months.yaml:11: ", "no number of months from 1 to 12", "how many months"}},
    {"wrong_type", {":8: ", "scale", "\"hundred\""}},
    {"wrong_type", {":20: ", "weight", "\"four fifths\""}},
};

static void the_broken_editions_are_refused_where_they_are_broken(void **state)
{
    (void)state;
    struct kf_variables *real = real_variables();
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        char path[512];
        (void)snprintf(path, sizeof path, KF_SOURCE_DIR "/data/broken/editions/%s.yaml",
                       broken[i].file);
        struct kf_edition *edition = NULL;
        struct kf_error err;
        assert_int_equal(
            kf_edition_read(path, real, edition_fixture_arena, &edition, fixture_findings(), &err),
            KF_ERR_CONFIG);
        fixture_told(broken[i].parts[0], broken[i].parts[1], broken[i].parts[2], NULL);
    }
    kf_variables_destroy(&real);
}

#define with_arena(test)                                                                           \
    cmocka_unit_test_setup_teardown(test, edition_fixture_arena_open, edition_fixture_arena_close)

/* The whole is the sum of accounts that are divided by need, and says that it is not. */
static void the_whole_may_not_deny_what_its_sectors_do(void **state)
{
    (void)state;
    char text[16384];
    (void)snprintf(text, sizeof text, "%s",
                   fixture_replace(edition_fixture_yaml, "    expenditure: {given: utg}\n",
                                   "    expenditure: {gross: bdu, need_corrected: true}\n"));
    (void)snprintf(text, sizeof text, "%s",
                   fixture_replace(text,
                                   "{gross: bdu, minus: [avskrivninger], payroll_costs: pensjon, "
                                   "wages: lonn,\n",
                                   "{\n"));
    const char *wrong = fixture_replace(text, "              need_corrected: true}\n",
                                        "              need_corrected: false}\n");
    assert_non_null(strstr(wrong, "need_corrected: false}"));
    struct kf_edition *edition = NULL;
    assert_int_equal(edition_fixture_read(wrong, &edition), KF_ERR_CONFIG);
    fixture_told("need_corrected", "sum of the sectors' accounts", "write true", NULL);
}

/* Of thousands of faults a hundred are shown; to look through the register for the others, too,
 * took minutes. */
static void once_the_findings_are_full_nobody_looks_for_what_was_meant(void **state)
{
    (void)state;
    struct kf_findings *findings = fixture_findings();
    const struct kf_edition_reader reader = {.variables = edition_fixture_variables,
                                             .findings = findings};
    const struct kf_place place = {.file = "liten.yaml", .line = 1};
    for (int i = 0; i < KF_FINDINGS_MAX; i++) {
        assert_string_equal(kf_edition_suggest_variable(&reader, "folkemengd"), "folkemengde");
        kf_findings_add(findings, &place, "", "fault");
    }
    assert_null(kf_edition_suggest_variable(&reader, "folkemengd"));
    kf_findings_clear(findings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        with_arena(every_fault_is_told_with_line_key_and_remedy),
        with_arena(all_faults_of_a_file_come_at_once),
        with_arena(whatever_a_file_holds_it_is_read_or_every_fault_is_told),
        with_arena(the_broken_editions_are_refused_where_they_are_broken),
        with_arena(the_whole_may_not_deny_what_its_sectors_do),
        with_arena(once_the_findings_are_full_nobody_looks_for_what_was_meant),
    };
    return cmocka_run_group_tests(tests, edition_fixture_open, edition_fixture_close);
}
