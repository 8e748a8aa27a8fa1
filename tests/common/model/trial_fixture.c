#include "trial_fixture.h"

#include <string.h>

#include "common/base/text.h"

static const char register_yaml[] =
    "variables:\n"
    "  - {id: folkemengde, unit: persons, minimum: 0, name: {nb: v, en: v}}\n"
    "  - {id: ndu_hjemme, unit: 1000 kr, minimum: -1e9, name: {nb: v, en: v}}\n"
    "  - {id: ndu_institusjon, unit: kr, minimum: -1e9, name: {nb: v, en: v}}\n"
    "  - {id: tilskudd, unit: 1000 kr, minimum: -1e9, name: {nb: v, en: v}}\n"
    "  - {id: rundsum, unit: kr, minimum: -1e9, name: {nb: v, en: v}}\n"
    "  - {id: trekk, unit: 1000 kr, minimum: -1e9, name: {nb: v, en: v}}\n"
    "  - {id: gevinst, unit: 1000 kr, minimum: -1e9, name: {nb: v, en: v}}\n"
    "  - {id: snitt, unit: kr/hours, minimum: 0, name: {nb: v, en: v}}\n"
    "  - {id: timer, unit: hours, minimum: 0, name: {nb: v, en: v}}\n"
    "  - {id: natt, unit: hours, minimum: 0, name: {nb: v, en: v}}\n"
    "  - {id: arbeidstid, unit: hours, minimum: 0, name: {nb: v, en: v}}\n"
    "  - {id: dogn, unit: days, minimum: 0, name: {nb: v, en: v}}\n"
    "  - {id: brukere, unit: count, minimum: 0, name: {nb: v, en: v}}\n"
    "  - {id: vekst, unit: percent, minimum: -100, name: {nb: v, en: v}}\n"
    "  - {id: behov, unit: percent, minimum: -100, name: {nb: v, en: v}}\n"
    "  - {id: \"kostnad_{}\", each: 1-12, unit: kr, minimum: 0, name: {nb: v, en: v}}\n"
    "  - {id: \"brukeralder_{}\", each: 1-12, unit: count, minimum: 0, name: {nb: v, en: v}}\n"
    "  - {id: kostnad_i_alt, unit: kr, minimum: 0, name: {nb: v, en: v}}\n"
    "  - {id: \"faa_{}\", each: 1-3, unit: count, minimum: 0, name: {nb: v, en: v}}\n"
    "  - {id: \"tusen_{}\", each: 1-12, unit: 1000 kr, minimum: 0, name: {nb: v, en: v}}\n"
    "  - {id: \"hull_{}\", each: [\"1\", \"2\", \"4\"], unit: kr, minimum: 0, name: {nb: v, en: "
    "v}}\n"
    "  - {id: \"mange_{}\", each: 1-999, unit: kr, minimum: 0, name: {nb: v, en: v}}\n"
    "  - {id: \"mange_{}\", each: 1000-1001, unit: kr, minimum: 0, name: {nb: v, en: v}}\n";

const char trial_fixture_yaml[] =
    "id: liten\n"
    "title: {nb: \"Liten\", en: \"Small\"}\n"
    "source: \"made up\"\n"
    "years: [2016, 2017]\n"
    "structure: data-year\n"
    "scale: 100\n"
    "missing: drop\n"
    "group: {name: {nb: \"Alle\", en: \"All\"}, municipalities: all}\n"
    "unit_costs:\n"
    "  rate_growth: {2018: 2.8}\n"
    "  services:\n"
    "    - id: HTAMDK\n"
    "      name: {nb: \"Hjelp\", en: \"Help\"}\n"
    "      unit: hours\n"
    "      rates: {2017: 724, 2014: 659, 2016: 706}\n"
    "    - id: HT_natt-2\n"
    "      name: {nb: \"Natt\", en: \"Night\"}\n"
    "      unit: hours\n"
    "      rates: {2016: 995.5}\n"
    "    - id: ILOPP\n"
    "      name: {nb: \"Opphold\", en: \"Stay\"}\n"
    "      unit: days\n"
    "      rates: {2017: 2645}\n"
    "  groups:\n"
    "    - id: hjemmetjenester\n"
    "      name: {nb: \"Hjemme\", en: \"Home\"}\n"
    "      net: ndu_hjemme\n"
    "      grant: [tilskudd]\n"
    "      services:\n"
    "        - id: HTAMDK\n"
    "          quantity: timer\n"
    "        - id: HT_natt-2\n"
    "          quantity: {sum: [{variable: natt, factor: 0.5}]}\n"
    "    - id: institusjon\n"
    "      name: {nb: \"Institusjon\", en: \"Institution\"}\n"
    "      net: ndu_institusjon\n"
    "      services:\n"
    "        - {id: ILOPP, quantity: dogn}\n"
    "  gain: gevinst\n"
    "  institution:\n"
    "    days: [dogn]\n"
    "    expenditure: ndu_institusjon\n"
    "    of: [ndu_institusjon, {variable: ndu_hjemme, factor: 1000}]\n"
    "  user_time:\n"
    "    - id: ambulerende\n"
    "      name: {nb: \"Ute\", en: \"Out\"}\n"
    "      approved: timer\n"
    "      available: arbeidstid\n"
    "      norm: 0.6\n"
    "    - {id: bolig, name: {nb: B, en: B}, approved: natt, available: arbeidstid}\n"
    "  growth:\n"
    "    - id: arlig\n"
    "      name: {nb: \"Årlig\", en: \"Yearly\"}\n"
    "      gross: vekst\n"
    "      demographic: behov\n"
    "    - id: beregnet\n"
    "      name: {nb: \"Beregnet\", en: \"Computed\"}\n"
    "      expenditure: ndu_hjemme\n"
    "      demographic: behov\n"
    "  prices: {2016: 2.5, 2017: -0.5}\n"
    "trial:\n"
    "  grants:\n"
    "    - id: vedtak\n"
    "      name: {nb: \"Vedtak\", en: \"Decisions\"}\n"
    "      amount: tilskudd\n"
    "    - id: rundsum\n"
    "      name: {nb: \"Rundsum\", en: \"Lump sum\"}\n"
    "      amount: rundsum\n"
    "  grant: tilskudd\n"
    "  deduction: trekk\n"
    "  resource_intensive:\n"
    "    thresholds: {2016: 1157000, 2017: 1235000}\n"
    "    refund: 0.8\n"
    "    age_limit: 67\n"
    "    each: {costs: kostnad_, ages: brukeralder_}\n"
    "    users: brukere\n"
    "    net: ndu_hjemme\n"
    "    base: 2015\n"
    "    growth: {2016: 1.6, 2017: 0.695}\n"
    "    gain: gevinst\n"
    "  demography:\n"
    "    compensated: {2016: 1.6, 2017: 0.695, 2018: 0.7}\n"
    "    growth: behov\n"
    "    deduction: 2017\n"
    "    refund: [2015, 2016]\n"
    "    prices: {2016: 2.5, 2017: 2.25}\n"
    "    months: {2016: 8}\n"
    "    gain: gevinst\n"
    "  gain: gevinst\n";

int trial_fixture_open(void **state)
{
    struct kf_error err;
    if (fixture_open(state) != 0) {
        return -1;
    }
    const char *path = fixture_write("variables.yaml", register_yaml);
    return kf_variables_read(path, &edition_fixture_variables, fixture_findings(), &err) == KF_OK
               ? 0
               : -1;
}

int trial_fixture_close(void **state)
{
    return edition_fixture_close(state);
}

void trial_fixture_faults(const struct edition_fault *faults, size_t count)
{
    edition_fixture_faults(trial_fixture_yaml, faults, count);
}

struct kf_edition *trial_fixture_extend(const char *text)
{
    return edition_fixture_extend(trial_fixture_yaml, text);
}

void trial_fixture_years(const struct kf_year_figures *figures, const char *text)
{
    struct kf_text list;
    kf_text_init(&list, 1024);
    for (size_t i = 0; i < figures->count; i++) {
        kf_text_add_format(&list, "%s%d %g", i > 0 ? ", " : "", figures->list[i].year,
                           figures->list[i].value);
    }
    assert_string_equal(list.bytes, text);
    kf_text_clear(&list);
}
