#include "services/need/use/income.h"

#include "services/need/country.h"

/* Adds `cells` to a sum, which is made with its first part. */
static enum kf_err add_to(const struct kf_use_place *place, const struct kf_per_capita *cells,
                          struct kf_per_capita *sum, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    if (!sum->values) {
        code = kf_per_capita_new(place->panel, place->arena, sum, err);
    }
    if (code == KF_OK) {
        kf_per_capita_add(sum, cells, 1);
    }
    return code;
}

static enum kf_income_side side_of(const struct kf_sector *sector)
{
    return sector->resources.outside ? KF_INCOME_OUTSIDE : KF_INCOME_INSIDE;
}

static enum kf_err add_part(const struct kf_use_place *place, const struct kf_income_part *part,
                            struct kf_income *income, struct kf_error *err)
{
    income->parts[income->parts_len++] = *part;
    return add_to(place, &part->deviation, &income->sides[part->side].deviation, err);
}

enum kf_err kf_income_add_sector(const struct kf_use_place *place, const struct kf_sector_use *use,
                                 struct kf_income *income, struct kf_error *err)
{
    struct kf_income_part part = {.id = use->sector->id,
                                  .side = side_of(use->sector),
                                  .deviation = use->deviation,
                                  .level = use->level};
    enum kf_err code = add_part(place, &part, income, err);
    return code == KF_OK ? add_to(place, &use->need, &income->sides[part.side].need, err) : code;
}

void kf_income_lacks_sector(const struct kf_sector *sector, struct kf_income *income)
{
    if (sector->resources.net.count > 0) {
        income->sides[side_of(sector)].incomplete = true;
    }
}

/* Kr per inhabitant less the country's, and the country's. `*reported` is false when no member has
 * any. */
static enum kf_err compare(const struct kf_use_place *place, const struct kf_terms *terms,
                           struct kf_income_part *part, bool *reported, struct kf_error *err)
{
    const struct kf_column *people =
        kf_panel_column(place->panel, place->panel->edition->population);
    struct kf_values amount = {0};
    struct kf_country country;
    enum kf_err code = kf_terms_sum(place->panel, terms, place->arena, &amount, err);
    *reported = code == KF_OK && terms->count > 0 && kf_values_any(&amount);
    if (!*reported) {
        return code;
    }
    code = kf_country_of(place->panel, terms, &amount, place->findings, &country, err);
    if (code == KF_OK) {
        part->level = kf_country_rate(&country);
        code = kf_per_capita_of(place->panel, &amount, place->arena, &part->deviation, err);
    }
    for (size_t k = 0; code == KF_OK && k < amount.members; k++) {
        if (kf_country_counts(people, amount.status, k)) {
            struct kf_wide own =
                kf_wide_div(amount.values[k], kf_wide_from_figure(people->values[k]));
            kf_per_capita_set(&part->deviation, k, kf_wide_sub(own, part->level),
                              part->deviation.status[k] | country.status);
        }
    }
    return code;
}

/* A faulty use does not hide the next. */
static enum kf_err add_uses(const struct kf_use_place *place, struct kf_income *income,
                            struct kf_error *err)
{
    const struct kf_edition *edition = place->panel->edition;
    enum kf_err outcome = KF_OK;
    for (size_t i = 0; kf_err_goes_on(outcome) && i < edition->uses_len; i++) {
        struct kf_income_part part = {.id = edition->uses[i].id, .side = KF_INCOME_OTHER};
        struct kf_error latest = {0};
        bool reported = false;
        enum kf_err code = compare(place, &edition->uses[i].amount, &part, &reported, &latest);
        if (code == KF_OK && reported) {
            code = add_part(place, &part, income, &latest);
        } else if (code == KF_OK) {
            income->sides[KF_INCOME_OTHER].incomplete = true;
        }
        outcome = kf_error_join(outcome, code, &latest, err);
    }
    return outcome;
}

static enum kf_err sum_sides(const struct kf_use_place *place, struct kf_income *income,
                             struct kf_error *err)
{
    enum kf_err code = kf_per_capita_new(place->panel, place->arena, &income->explained, err);
    bool incomplete = false;
    for (size_t i = 0; code == KF_OK && i < KF_INCOME_SIDES; i++) {
        struct kf_income_sum *side = &income->sides[i];
        incomplete = incomplete || side->incomplete;
        if (!side->deviation.values) {
            continue;
        }
        if (side->incomplete) {
            kf_per_capita_flag(&side->deviation, KF_CELL_INCOMPLETE);
        }
        if (side->incomplete && side->need.values) {
            kf_per_capita_flag(&side->need, KF_CELL_INCOMPLETE);
        }
        kf_per_capita_add(&income->explained, &side->deviation, 1);
    }
    if (code == KF_OK && incomplete) {
        kf_per_capita_flag(&income->explained, KF_CELL_INCOMPLETE);
    }
    return code;
}

/* Income as given and what its uses do not explain of it; or else what they explain. */
static enum kf_err find_income(const struct kf_use_place *place, struct kf_income *income,
                               struct kf_error *err)
{
    struct kf_income_part given = {.id = KF_SECTOR_INCOME};
    bool reported = false;
    enum kf_err code = compare(place, &place->panel->edition->income, &given, &reported, err);
    if (code != KF_OK || income->parts_len == 0) {
        return code;
    }
    if (!reported) {
        bool named = income->sides[KF_INCOME_OTHER].deviation.values;
        return named ? add_to(place, &income->explained, &income->disposable, err) : KF_OK;
    }
    code = add_to(place, &given.deviation, &income->disposable, err);
    if (code == KF_OK) {
        code = add_to(place, &given.deviation, &income->residual, err);
    }
    if (code == KF_OK) {
        kf_per_capita_add(&income->residual, &income->explained, -1);
    }
    return code;
}

enum kf_err kf_income_close(const struct kf_use_place *place, struct kf_income *income,
                            struct kf_error *err)
{
    enum kf_err code = add_uses(place, income, err);
    if (code == KF_OK) {
        code = sum_sides(place, income, err);
    }
    return code == KF_OK ? find_income(place, income, err) : code;
}

static void add_deviation(struct kf_deviations *deviations, const char *sector,
                          const struct kf_per_capita *cells, const struct kf_per_capita *need)
{
    if (cells->values) {
        kf_deviations_add(deviations, sector, cells, need);
    }
}

void kf_income_deviations(const struct kf_income *income, struct kf_deviations *deviations)
{
    const struct kf_income_sum *inside = &income->sides[KF_INCOME_INSIDE];
    const struct kf_income_sum *outside = &income->sides[KF_INCOME_OUTSIDE];
    add_deviation(deviations, KF_SECTOR_INSIDE, &inside->deviation, &inside->need);
    add_deviation(deviations, KF_SECTOR_OUTSIDE, &outside->deviation, &outside->need);
    for (size_t i = 0; i < income->parts_len; i++) {
        if (income->parts[i].side == KF_INCOME_OTHER) {
            add_deviation(deviations, income->parts[i].id, &income->parts[i].deviation, NULL);
        }
    }
    add_deviation(deviations, KF_SECTOR_INCOME, &income->disposable, NULL);
    add_deviation(deviations, KF_SECTOR_RESIDUAL, &income->residual, NULL);
}
