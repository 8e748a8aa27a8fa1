#include "edition_fixture.h"

#include <stdio.h>
#include <string.h>

const char edition_fixture_variables_yaml[] =
    "variables:\n"
    "  - {id: folkemengde, unit: persons, minimum: 0, maximum: 10000000,\n"
    "     name: {nb: \"Folkemengde\", en: \"Inhabitants\"}}\n"
    "  - {id: timer, unit: hours, minimum: 0, name: {nb: \"Timer\", en: \"Hours\"}}\n"
    "  - {id: timer_smaa, unit: hours, minimum: 0, name: {nb: \"S\", en: \"Y\"}}\n"
    "  - {id: prosent, unit: percent, minimum: 0, name: {nb: \"P\", en: \"P\"}}\n"
    "  - {id: poeng, unit: points, minimum: 0, name: {nb: \"P\", en: \"P\"}}\n"
    "  - {id: barn, unit: persons, minimum: 0, name: {nb: \"Barn\", en: \"Children\"}}\n"
    "  - {id: andel, unit: share, minimum: 0, maximum: 1, name: {nb: \"Andel\", en: \"Share\"}}\n"
    "  - {id: reise, unit: km, minimum: 0, name: {nb: \"Reise\", en: \"Travel\"}}\n"
    "  - {id: bdu, unit: 1000 kr, minimum: -1e9, name: {nb: \"BDU\", en: \"Gross\"}}\n"
    "  - {id: avskrivninger, unit: 1000 kr, minimum: -1e9, name: {nb: \"A\", en: \"D\"}}\n"
    "  - {id: pensjon, unit: 1000 kr, minimum: -1e9, name: {nb: \"P\", en: \"P\"}}\n"
    "  - {id: lonn, unit: 1000 kr, minimum: -1e9, name: {nb: \"L\", en: \"W\"}}\n"
    "  - {id: prod, unit: index, minimum: 0, name: {nb: \"P\", en: \"P\"}}\n"
    "  - {id: utg, unit: index, minimum: 0, name: {nb: \"U\", en: \"E\"}}\n"
    "  - {id: \"alder_{}\", each: 0-105, unit: persons, minimum: 0, name: {nb: A, en: A}}\n";

const char edition_fixture_yaml[] =
    "id: liten\n"
    "title: {nb: \"Liten\", en: \"Small\"}\n"
    "source: \"made up\"\n"
    "years: [2010, 2012]\n"
    "structure: data-year\n"
    "scale: 100\n"
    "population: folkemengde\n"
    "missing: minimum\n"
    "reference: country\n"
    "normalization: {standardized: 0.1}\n"
    "composition: product\n"
    "total: prod\n"
    "group:\n"
    "  name: {nb: \"Tre\", en: \"Three\"}\n"
    "  municipalities: [\"0301\", \"0106\", 0219]\n"
    "sectors:\n"
    "  - id: barnehage\n"
    "    name: {nb: \"Barnehage\", en: \"Kindergarten\"}\n"
    "    weight: 0.5\n"
    "    source: \"table 1\"\n"
    "    need:\n"
    "      weight: 0.75\n"
    "      criteria:\n"
    "        - {id: barn, variable: barn, weight: 0.8}\n"
    "        - {id: sone, variable: reise, weight: 0.1501, cost_disadvantage: true}\n"
    "        - {id: basis, basis: true, weight: 0.05, cost_disadvantage: true}\n"
    "    indicators:\n"
    "      - {id: timer, weight: 0.25, variable: timer, per: need_population,\n"
    "         name: {nb: \"Timer\", en: \"Hours\"}}\n"
    "      - {id: dekning, weight: 0.5, variable: timer, per: {variable: barn},\n"
    "         name: {nb: \"Dekning\", en: \"Coverage\"}}\n"
    "      - {id: andel, weight: 0.25, variable: andel, per: none,\n"
    "         name: {nb: \"Andel\", en: \"Share\"}}\n"
    "    expenditure: {given: utg}\n"
    "  - id: kultur\n"
    "    name: {nb: \"Kultur\", en: \"Culture\"}\n"
    "    weight: 0.3\n"
    "    indicators:\n"
    "      - {id: besok, variable: timer, per: population,\n"
    "         name: {nb: \"Besøk\", en: \"Visits\"}}\n"
    "      - {id: nye, per: {need_population: barnehage},\n"
    "         sum: [{variable: timer_smaa, factor: 1.6}, timer, {country: timer, factor: -0.5}],\n"
    "         name: {nb: \"Nye\", en: \"New\"}}\n"
    "      - {id: rest, variable: prosent, per: none, complement: true,\n"
    "         correction: skole, missing: latest, aspect: quality,\n"
    "         name: {nb: \"Rest\", en: \"Rest\"}}\n"
    "      - {id: egne, variable: barn, missing: drop,\n"
    "         per: {sum: [barn, {variable: folkemengde, factor: 0.5}]},\n"
    "         name: {nb: \"Egne\", en: \"Own\"}}\n"
    "    weights:\n"
    "      rule: main\n"
    "      closure: {decimals: 4, absorbs: remainder}\n"
    "      main:\n"
    "        - rule: budget\n"
    "          parts:\n"
    "            - {indicator: besok, amount: bdu}\n"
    "            - {indicator: egne, amount: {sum: [lonn, {variable: pensjon, factor: 2}]}}\n"
    "      supplementary: [nye, rest]\n"
    "  - id: helse\n"
    "    name: {nb: \"Helse\", en: \"Health\"}\n"
    "    weight: 0.2\n"
    "    index: utg\n"
    "    expenditure: {gross: [bdu, pensjon], minus: [{variable: lonn, factor: 0.5}],\n"
    "                  need_corrected: false}\n"
    "  - id: administrasjon\n"
    "    name: {nb: \"Administrasjon\", en: \"Administration\"}\n"
    "    administration: true\n"
    "    need: {weight: 0.25, rescale: true, criteria: [{id: basis, variable: barn, weight: "
    "0.2}]}\n"
    "expenditure: {gross: bdu, minus: [avskrivninger], payroll_costs: pensjon, wages: lonn,\n"
    "              need_corrected: true}\n"
    "change: {production: prod, expenditure: utg, base: 100}\n"
    "deflators:\n"
    "  - {year: 2012, wages: 3.5, prices: 2.4, sectors: [{id: barnehage, wages: 3.2}]}\n"
    "  - {year: 2010, wages: 4, prices: -0.5}\n"
    "corrections:\n"
    "  - {id: skole, outcome: poeng, regressors: [andel, reise]}\n";

struct kf_variables *edition_fixture_variables;
struct kf_arena *edition_fixture_arena;

int edition_fixture_open(void **state)
{
    if (fixture_open(state) != 0) {
        return -1;
    }
    struct kf_error err;
    const char *path = fixture_write("variables.yaml", edition_fixture_variables_yaml);
    return kf_variables_read(path, &edition_fixture_variables, fixture_findings(), &err) == KF_OK
               ? 0
               : -1;
}

int edition_fixture_close(void **state)
{
    kf_variables_destroy(&edition_fixture_variables);
    return fixture_close(state);
}

int edition_fixture_arena_open(void **state)
{
    (void)state;
    edition_fixture_arena = kf_arena_new((size_t)16 << 20);
    return edition_fixture_arena ? 0 : -1;
}

int edition_fixture_arena_close(void **state)
{
    (void)state;
    kf_arena_destroy(&edition_fixture_arena);
    return 0;
}

enum kf_err edition_fixture_read(const char *text, struct kf_edition **edition)
{
    struct kf_error err;
    return kf_edition_read(fixture_write("liten.yaml", text), edition_fixture_variables,
                           edition_fixture_arena, edition, fixture_findings(), &err);
}

struct kf_edition *edition_fixture_good(const char *text)
{
    struct kf_edition *edition = NULL;
    enum kf_err code = edition_fixture_read(text, &edition);
    fixture_found(0);
    assert_int_equal(code, KF_OK);
    return edition;
}

void edition_fixture_faults(const char *yaml, const struct edition_fault *faults, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *text = fixture_replace(yaml, faults[i].from, faults[i].to);
        struct kf_edition *edition = NULL;
        char place[64];
        (void)snprintf(place, sizeof place, "liten.yaml:%u: ", fixture_line(text, faults[i].at));
        assert_int_equal(edition_fixture_read(text, &edition), KF_ERR_CONFIG);
        fixture_told(place, faults[i].part, faults[i].remedy, NULL);
        assert_null(edition);
    }
}

struct kf_edition *edition_fixture_extend(const char *yaml, const char *text)
{
    struct kf_edition *edition = NULL;
    struct kf_error err;
    (void)fixture_write("liten.yaml", yaml);
    enum kf_err code = kf_edition_read(fixture_write("ny.yaml", text), edition_fixture_variables,
                                       edition_fixture_arena, &edition, fixture_findings(), &err);
    fixture_found(0);
    assert_int_equal(code, KF_OK);
    return edition;
}

unsigned edition_fixture_starve(const char *yaml)
{
    const char *path = fixture_write("liten.yaml", yaml);
    enum kf_err code = KF_ERR_MEMORY;
    unsigned failed = 0;
    for (size_t bytes = 0; code == KF_ERR_MEMORY; bytes += 64) {
        struct kf_edition *edition = NULL;
        struct kf_error err;
        struct kf_arena *small = kf_arena_new(bytes);
        code = kf_edition_read(path, edition_fixture_variables, small, &edition, fixture_findings(),
                               &err);
        assert_true((code == KF_OK) == (edition != NULL));
        failed += code != KF_OK;
        kf_arena_destroy(&small);
    }
    assert_int_equal(code, KF_OK);
    return failed;
}

void edition_fixture_sums(const struct kf_terms *terms, const char *text)
{
    struct kf_text sum;
    kf_text_init(&sum, 1024);
    for (size_t i = 0; i < terms->count; i++) {
        const struct kf_term *term = &terms->list[i];
        kf_text_add(&sum, i > 0 ? " + " : "");
        if (term->factor != 1) {
            kf_text_add_format(&sum, "%g ", term->factor);
        }
        kf_text_add_format(&sum, "%s%s", term->variable, term->country ? " of the country" : "");
    }
    assert_string_equal(sum.bytes, text);
    kf_text_clear(&sum);
}

/* --- files that nobody would write -------------------------------------------------------------
 */

static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1103515245U + 12345U;
    return *seed >> 16;
}

/* One to four lines of `lines` left out, doubled, or put in place of another. */
static void disturb(char lines[][128], size_t count, unsigned *seed, struct kf_text *text)
{
    size_t cuts[4];
    unsigned how[4];
    size_t changes = 1 + next_random(seed) % 4;
    for (size_t c = 0; c < changes; c++) {
        cuts[c] = next_random(seed) % count;
        how[c] = next_random(seed) % 3;
    }
    kf_text_reset(text);
    for (size_t i = 0; i < count; i++) {
        const char *line = lines[i];
        unsigned times = 1;
        for (size_t c = 0; c < changes; c++) {
            if (cuts[c] == i) {
                times = how[c] == 0 ? 0 : how[c] == 1 ? 2 : 1;
                line = how[c] == 2 ? lines[next_random(seed) % count] : line;
            }
        }
        for (unsigned t = 0; t < times; t++) {
            kf_text_add(text, line);
        }
    }
}

static size_t split_lines(const char *text, char lines[][128], size_t room)
{
    size_t count = 0;
    while (*text && count < room) {
        size_t length = strcspn(text, "\n") + 1;
        assert_true(length < 128);
        (void)snprintf(lines[count++], 128, "%.*s", (int)length, text);
        text += length;
    }
    return count;
}

unsigned edition_fixture_disturb(const char *file, const char *extension)
{
    static char lines[256][128];
    size_t count = split_lines(file, lines, 256);
    assert_true(count > 70);
    unsigned seed = 2011;
    unsigned sound = 0;
    struct kf_text text;
    kf_text_init(&text, (size_t)1 << 16);
    for (int round = 0; round < 1500; round++) {
        disturb(lines, count, &seed, &text);
        struct kf_edition *edition = NULL;
        struct kf_arena *scratch = kf_arena_new((size_t)4 << 20);
        struct kf_error err;
        const char *own = fixture_write("ny.yaml", round % 2 ? text.bytes : extension);
        (void)fixture_write("liten.yaml", text.bytes);
        enum kf_err code = kf_edition_read(own, edition_fixture_variables, scratch, &edition,
                                           fixture_findings(), &err);
        assert_true(code == KF_OK || code == KF_ERR_CONFIG);
        fixture_told_anything(code != KF_OK);
        assert_true((code == KF_OK) == (edition != NULL));
        sound += code == KF_OK;
        kf_arena_destroy(&scratch);
    }
    kf_text_clear(&text);
    return sound;
}
