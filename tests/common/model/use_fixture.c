#include "use_fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/base/text.h"

const char use_fixture_yaml[] =
    "id: liten\n"
    "title: {nb: \"Liten\", en: \"Small\"}\n"
    "source: \"made up\"\n"
    "years: {from: 2010, to: 2014}\n"
    "structure: data-year\n"
    "scale: 1\n"
    "population: folkemengde\n"
    "missing: minimum\n"
    "group: {name: {nb: \"Alle\", en: \"All\"}, municipalities: all}\n"
    "sectors:\n"
    "  - id: barnehage\n"
    "    name: {nb: \"Barnehage\", en: \"Kindergarten\"}\n"
    "    need: {weight: 0.4, criteria: [{id: smaa, ages: 1-5, weight: 1}]}\n"
    "    resources:\n"
    "      net: ndu_barnehage\n"
    "      adjustments:\n"
    "        - id: pensjon\n"
    "          name: {nb: \"Pensjon\", en: \"Pension\"}\n"
    "          payroll_costs: pensjon\n"
    "          wages: lonn\n"
    "        - id: private\n"
    "          name: {nb: \"Private\", en: \"Private\"}\n"
    "          to: need\n"
    "          amount: [tilskudd]\n"
    "  - id: skole\n"
    "    name: {nb: \"Skole\", en: \"School\"}\n"
    "    need: {weight: 0.6, criteria: [{id: elever, ages: 6-15, weight: 1}]}\n"
    "    resources:\n"
    "      net: [ndu_skole, {variable: ndu_sfo, factor: 0.001}]\n"
    "      adjustments:\n"
    "        - id: fylke\n"
    "          name: {nb: \"Fylke\", en: \"County\"}\n"
    "          amount: {sum: [{variable: fylke, factor: -1}]}\n"
    "          only: [\"0301\", 0106]\n"
    "  - id: kulturskole\n"
    "    name: {nb: \"Kulturskole\", en: \"Music school\"}\n"
    "    resources:\n"
    "      net: ndu_kultur\n"
    "      outside: true\n"
    "      need_of: skole\n"
    "disposable_income:\n"
    "  given: inntekt\n"
    "  uses:\n"
    "    - id: renter\n"
    "      name: {nb: \"Renter\", en: \"Interest\"}\n"
    "      amount: {sum: [renter, avdrag]}\n"
    "    - id: resultat\n"
    "      name: {nb: \"Resultat\", en: \"Result\"}\n"
    "      amount: resultat\n"
    "demography:\n"
    "  base: 2010\n"
    "  groups:\n"
    "    - id: \"0-5\"\n"
    "      name: {nb: \"Små\", en: \"Small\"}\n"
    "      ages: 0-5\n"
    "      projected: [innb_0, innb_1_5]\n"
    "    - id: \"67+\"\n"
    "      name: {nb: \"Eldre\", en: \"Old\"}\n"
    "      ages: 67+\n"
    "      care_weight: 0.25\n"
    "    - id: unge\n"
    "      name: {nb: \"Unge\", en: \"Young\"}\n"
    "      sum: [elever, barn]\n"
    "  costs:\n"
    "    groups:\n"
    "      - id: \"0\"\n"
    "        name: {nb: \"0\", en: \"0\"}\n"
    "        ages: 0\n"
    "        projected: [innb_0]\n"
    "      - id: 1-5\n"
    "        name: {nb: \"1–5\", en: \"1–5\"}\n"
    "        ages: 1-5\n"
    "        projected: [innb_1_5]\n"
    "      - id: 6+\n"
    "        name: {nb: \"6+\", en: \"6+\"}\n"
    "        ages: 6+\n"
    "        projected: [innb_6_pluss]\n"
    "    sectors:\n"
    "      - id: barnehage\n"
    "        name: {nb: \"Barnehage\", en: \"Kindergarten\"}\n"
    "        rates:\n"
    "          1-5: 210000.5\n"
    "          \"0\": 0\n"
    "      - id: skole\n"
    "        name: {nb: \"Skole\", en: \"School\"}\n"
    "        of: [skole]\n"
    "    year: 2012\n"
    "  projection:\n"
    "    name: {nb: \"Middels\", en: \"Medium\"}\n"
    "    prefix: fram_\n"
    "    population: folkemengde\n"
    "    through: 2011\n"
    "    rebase: true\n";

static const struct {
    const char *id;
    const char *unit;
} variables[] = {
    {"folkemengde", "persons"}, {"barn", "persons"},          {"elever", "persons"},
    {"timer", "hours"},         {"ndu_barnehage", "kr"},      {"ndu_skole", "1000 kr"},
    {"ndu_sfo", "kr"},          {"ndu_kultur", "1000 kr"},    {"pensjon", "1000 kr"},
    {"lonn", "1000 kr"},        {"tilskudd", "kr"},           {"fylke", "1000 kr"},
    {"inntekt", "1000 kr"},     {"renter", "1000 kr"},        {"avdrag", "1000 kr"},
    {"resultat", "kr"},         {"snitt", "kr/persons"},      {"fram_folkemengde", "persons"},
    {"fram_innb_0", "persons"}, {"fram_innb_1_5", "persons"}, {"fram_innb_6_pluss", "persons"},
    {"fram_timer", "hours"},
};

static void add_variable(struct kf_text *text, const char *id, const char *unit)
{
    kf_text_add_format(text, "  - {id: %s, unit: %s, minimum: -1e12, name: {nb: v, en: v}}\n", id,
                       unit);
}

int use_fixture_open(void **state)
{
    struct kf_text text;
    struct kf_error err;
    if (fixture_open(state) != 0) {
        return -1;
    }
    kf_text_init(&text, (size_t)1 << 20);
    kf_text_add(&text, "variables:\n");
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        add_variable(&text, variables[i].id, variables[i].unit);
    }
    for (int age = 0; age <= KF_AGE_MAX; age++) {
        char id[32];
        (void)snprintf(id, sizeof id, "%s%d", KF_AGE_VARIABLE, age);
        add_variable(&text, id, "persons");
    }
    const char *path = fixture_write("variables.yaml", text.bytes);
    kf_text_clear(&text);
    return kf_variables_read(path, &edition_fixture_variables, fixture_findings(), &err) == KF_OK
               ? 0
               : -1;
}

int use_fixture_close(void **state)
{
    return edition_fixture_close(state);
}

void use_fixture_faults(const struct edition_fault *faults, size_t count)
{
    edition_fixture_faults(use_fixture_yaml, faults, count);
}

struct kf_edition *use_fixture_extend(const char *text)
{
    return edition_fixture_extend(use_fixture_yaml, text);
}
