#include "tests/property/country.h"

#include "tests/support/cmocka.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "tools/kf/pipeline.h"

#define MISSING_PERCENT 4

const struct writing country_plainly = {1, 1, 0};

uint64_t country_seed(void)
{
    const char *given = getenv("KF_SEED");
    unsigned long number = 0;
    bool read = given && kf_text_to_unsigned(given, strlen(given), 0xffffffffu, &number);
    return read ? number : 20260315;
}

/* --- names ----------------------------------------------------------------------------------- */

static char *next_text(void)
{
    static char texts[8][32];
    static size_t next;
    next = (next + 1) % 8;
    return texts[next];
}

const char *country_sector(size_t s)
{
    char *text = next_text();
    (void)snprintf(text, 32, "s%zu", s);
    return text;
}

const char *country_indicator(size_t s, size_t i)
{
    char *text = next_text();
    (void)snprintf(text, 32, "s%zui%zu", s, i);
    return text;
}

static const char *amount_of(size_t s, size_t i)
{
    char *text = next_text();
    (void)snprintf(text, 32, "b%zui%zu", s, i);
    return text;
}

/* --- a random country ------------------------------------------------------------------------ */

static void random_weights(struct fixture_random *random, double *weights, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        weights[i] = (double)fixture_random_whole(random, 1, 1000);
        sum += weights[i];
    }
    for (size_t i = 0; i < count; i++) {
        weights[i] /= sum;
    }
}

static void random_figures(struct fixture_random *random, int64_t *tenths, size_t members)
{
    for (size_t k = 0; k < members; k++) {
        bool missing = k > 0 && fixture_random_whole(random, 1, 100) <= MISSING_PERCENT;
        tenths[k] = missing ? ABSENT : fixture_random_whole(random, 0, 3000);
    }
    tenths[0] += 1;
}

static bool toss(struct fixture_random *random, bool plain)
{
    return fixture_random_whole(random, 0, 2) == 0 && !plain;
}

static void random_edition(struct fixture_random *random, bool plain, struct country *country)
{
    static const enum kf_missing_rule rules[] = {KF_MISSING_MINIMUM, KF_MISSING_MEDIAN,
                                                 KF_MISSING_DROP};
    country->scale = fixture_random_whole(random, 0, 1) ? 100 : 1;
    country->missing = rules[plain ? 0 : fixture_random_whole(random, 0, 2)];
    country->normalization = toss(random, plain) ? KF_NORMALIZE_STANDARDIZED : KF_NORMALIZE_MEAN;
    country->composition = toss(random, plain) ? KF_COMPOSE_PRODUCT : KF_COMPOSE_SUM;
    country->sectors_derived = toss(random, plain);
}

static void random_sector(struct fixture_random *random, bool plain, size_t s,
                          struct country *country)
{
    country->indicators[s] = (size_t)fixture_random_whole(random, 1, INDICATORS_MAX);
    country->given[s] = toss(random, plain);
    country->derived[s] = toss(random, plain);
    random_weights(random, country->weights[s], country->indicators[s]);
    random_figures(random, country->published[s], country->members);
    random_figures(random, country->sector_amounts[s], country->members);
    for (size_t i = 0; i < country->indicators[s]; i++) {
        country->per_inhabitant[s][i] = toss(random, plain);
        country->quality[s][i] = toss(random, plain);
        random_figures(random, country->tenths[s][i], country->members);
        random_figures(random, country->amounts[s][i], country->members);
    }
}

void country_random(struct fixture_random *random, bool plain, struct country *country)
{
    memset(country, 0, sizeof *country);
    country->members = (size_t)fixture_random_whole(random, 1, MEMBERS_MAX);
    country->sectors = (size_t)fixture_random_whole(random, 1, SECTORS_MAX);
    random_edition(random, plain, country);
    for (size_t k = 0; k < country->members; k++) {
        country->population[k] = fixture_random_whole(random, 200, 700000);
    }
    random_weights(random, country->sector_weights, country->sectors);
    for (size_t s = 0; s < country->sectors; s++) {
        random_sector(random, plain, s, country);
    }
}

/* --- written down ---------------------------------------------------------------------------- */

/* tenths/10 × multiply/divide as the decimal that a source in another unit would print. */
static void write_column(const struct country *country, const struct writing *writing,
                         const int64_t *tenths, const char *variable, struct kf_panel *panel)
{
    double values[MEMBERS_MAX];
    for (size_t k = 0; k < country->members; k++) {
        int64_t from = tenths[(k + writing->rotate) % country->members];
        values[k] = from == ABSENT
                        ? FIXTURE_MISSING
                        : (double)(from * writing->multiply) / (double)(10 * writing->divide);
    }
    fixture_column(panel, variable, values);
}

static void add_part(struct kf_weighting *weighting, int parent, enum kf_weight_rule rule,
                     struct kf_terms amount, const char *item)
{
    weighting->parts[weighting->parts_len++] =
        (struct kf_weight_part){.parent = parent, .rule = rule, .amount = amount, .item = item};
}

/* Half of the indicators share the first one's amount equally, the others have their own. */
static void write_weighting(const struct country *country, size_t s, struct kf_panel *panel,
                            struct kf_sector *sector)
{
    struct kf_weighting *weighting = &sector->weighting;
    struct kf_terms none = {NULL, 0};
    weighting->parts =
        kf_arena_calloc(panel->arena, country->indicators[s] + 2, sizeof *weighting->parts);
    assert_non_null(weighting->parts);
    add_part(weighting, -1, KF_WEIGHT_BUDGET, none, "");
    size_t half = country->indicators[s] / 2;
    if (half > 0) {
        add_part(weighting, 0, KF_WEIGHT_EQUAL, fixture_term(panel, amount_of(s, 0), 1), "");
    }
    for (size_t i = 0; i < country->indicators[s]; i++) {
        const char *id = sector->indicators[i].id;
        if (i < half) {
            add_part(weighting, 1, KF_WEIGHT_ITEM, none, id);
        } else {
            add_part(weighting, 0, KF_WEIGHT_ITEM, fixture_term(panel, amount_of(s, i), 1), id);
        }
    }
}

static void write_indicator(const struct country *country, const struct writing *writing, size_t s,
                            size_t i, struct kf_panel *panel)
{
    const char *id = country_indicator(s, i);
    double weight = country->derived[s] ? 0 : country->weights[s][i];
    struct kf_indicator *indicator = fixture_indicator(panel, country_sector(s), id, weight);
    indicator->per = country->per_inhabitant[s][i] ? KF_PER_POPULATION : KF_PER_NONE;
    indicator->aspect = country->quality[s][i] ? KF_ASPECT_QUALITY : KF_ASPECT_QUANTITY;
    write_column(country, writing, country->tenths[s][i], id, panel);
    write_column(country, writing, country->amounts[s][i], amount_of(s, i), panel);
}

static void write_sector(const struct country *country, const struct writing *writing, size_t s,
                         struct kf_panel *panel)
{
    double weight = country->sectors_derived ? 0 : country->sector_weights[s];
    struct kf_sector *sector = fixture_sector(panel, country_sector(s), weight);
    if (country->given[s]) {
        char *variable = kf_arena_printf(panel->arena, "p%zu", s);
        sector->given = variable;
        write_column(country, writing, country->published[s], variable, panel);
        return;
    }
    for (size_t i = 0; i < country->indicators[s]; i++) {
        write_indicator(country, writing, s, i, panel);
    }
    if (country->derived[s]) {
        write_weighting(country, s, panel, sector);
    }
}

static void write_sector_weighting(const struct country *country, const struct writing *writing,
                                   struct kf_panel *panel)
{
    struct kf_edition *edition = fixture_edition(panel);
    struct kf_weighting *weighting = &edition->weighting;
    weighting->parts =
        kf_arena_calloc(panel->arena, country->sectors + 1, sizeof *weighting->parts);
    assert_non_null(weighting->parts);
    add_part(weighting, -1, KF_WEIGHT_BUDGET, (struct kf_terms){NULL, 0}, "");
    for (size_t s = 0; s < country->sectors; s++) {
        const char *variable = kf_arena_printf(panel->arena, "b%zu", s);
        write_column(country, writing, country->sector_amounts[s], variable, panel);
        add_part(weighting, 0, KF_WEIGHT_ITEM, fixture_term(panel, variable, 1),
                 edition->sectors[s].id);
    }
}

struct kf_panel *country_panel(const struct country *country, const struct writing *writing)
{
    struct kf_panel *panel = fixture_panel_new(country->scale, country->members);
    struct kf_edition *edition = fixture_edition(panel);
    edition->missing = country->missing;
    edition->normalization = country->normalization;
    edition->spread = country->normalization == KF_NORMALIZE_STANDARDIZED ? SPREAD : 0;
    edition->composition = country->composition;
    double population[MEMBERS_MAX];
    for (size_t k = 0; k < country->members; k++) {
        population[k] = (double)country->population[(k + writing->rotate) % country->members];
    }
    fixture_population(panel, population);
    for (size_t s = 0; s < country->sectors; s++) {
        write_sector(country, writing, s, panel);
    }
    if (country->sectors_derived) {
        write_sector_weighting(country, writing, panel);
    }
    fixture_seal(panel);
    return panel;
}

struct kf_panel *country_computed(const struct country *country, const struct writing *writing)
{
    struct kf_panel *panel = country_panel(country, writing);
    struct kf_error err = {0};
    if (kf_pipeline_compute(panel, fixture_findings(), &err) != KF_OK) {
        fail_msg("seed %" PRIu64 ": %s", country_seed(), err.text);
    }
    return panel;
}

size_t country_refused(const struct country *country)
{
    struct kf_panel *panel = country_panel(country, &country_plainly);
    struct kf_findings *findings = fixture_findings();
    struct kf_error err = {0};
    assert_int_equal(kf_pipeline_compute(panel, findings, &err), KF_ERR_DATA);
    kf_panel_destroy(&panel);
    return (size_t)kf_findings_count(findings);
}
