/* METHOD R11 and R12: the uses' shares of the country's disposable income, and what is left of
 * deviations when income differs as much. */
#include <math.h>

#include "services/need/use/income.h"

/* σ_u of the parts on the grid, in their order. */
struct shares {
    double list[KF_SECTORS_MAX + KF_USES_MAX];
    size_t largest; /* whose share is furthest from zero; the first of equal ones */
    bool known;
};

static void find_shares(const struct kf_income *income, struct shares *shares)
{
    struct kf_wide whole = kf_wide_from(0);
    for (size_t i = 0; i < income->parts_len; i++) {
        whole = kf_wide_add(whole, income->parts[i].level);
    }
    *shares = (struct shares){.known = whole.high > 0};
    double left = 1;
    for (size_t i = 0; shares->known && i < income->parts_len; i++) {
        shares->list[i] = kf_grid(kf_wide_value(kf_wide_div(income->parts[i].level, whole)), 1);
        left -= shares->list[i];
        if (fabs(shares->list[i]) > fabs(shares->list[shares->largest])) {
            shares->largest = i;
        }
    }
    if (shares->known) {
        shares->list[shares->largest] += left;
    }
}

static bool is_incomplete(const struct kf_income *income)
{
    bool incomplete = false;
    for (size_t i = 0; i < KF_INCOME_SIDES; i++) {
        incomplete = incomplete || income->sides[i].incomplete;
    }
    return incomplete;
}

static enum kf_err append_share(struct kf_panel *panel, const char *sector, double share,
                                uint8_t status, struct kf_error *err)
{
    struct kf_result_key key = {.topic = KF_TOPIC_RESOURCE_USE,
                                .sector = sector,
                                .indicator = "",
                                .measure = "income_share",
                                .group = true};
    struct kf_result *cell = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &cell, err);
    if (code == KF_OK) {
        cell->values[0] = kf_cell_has_value(status) ? share : 0;
        cell->status[0] = status;
    }
    return code;
}

static enum kf_err append_shares(struct kf_panel *panel, const struct kf_income *income,
                                 const struct shares *shares, struct kf_error *err)
{
    double sums[KF_INCOME_SIDES] = {0};
    uint8_t flags = is_incomplete(income) ? KF_CELL_INCOMPLETE : KF_CELL_VALUE;
    uint8_t status = shares->known ? flags : KF_CELL_MISSING;
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < income->parts_len; i++) {
        sums[income->parts[i].side] += shares->list[i];
        code = append_share(panel, income->parts[i].id, shares->list[i], status, err);
    }
    if (code == KF_OK && income->sides[KF_INCOME_INSIDE].deviation.values) {
        code = append_share(panel, KF_SECTOR_INSIDE, sums[KF_INCOME_INSIDE], status, err);
    }
    if (code == KF_OK && income->sides[KF_INCOME_OUTSIDE].deviation.values) {
        code = append_share(panel, KF_SECTOR_OUTSIDE, sums[KF_INCOME_OUTSIDE], status, err);
    }
    return code;
}

/* e_ku of one part. */
static void adjust(const struct kf_income *income, const struct shares *shares, size_t part,
                   struct kf_per_capita *adjusted)
{
    const struct kf_per_capita *whole = &income->explained;
    const struct kf_per_capita *own = &income->parts[part].deviation;
    for (size_t k = 0; k < adjusted->members; k++) {
        uint8_t status = whole->status[k];
        if (!shares->known || !kf_cell_has_value(status)) {
            kf_per_capita_set(adjusted, k, kf_wide_from(0),
                              shares->known ? status : KF_CELL_MISSING);
            continue;
        }
        struct kf_wide expected =
            kf_wide_mul(kf_wide_from(shares->list[part]), kf_wide_from(whole->values[k]));
        kf_per_capita_set(adjusted, k, kf_wide_sub(kf_wide_from(own->values[k]), expected),
                          status | KF_CELL_INFERRED);
    }
}

/* What rounding leaves goes to the part with the largest share. */
static void balance(const struct kf_income *income, const struct shares *shares,
                    struct kf_per_capita *adjusted)
{
    for (size_t k = 0; k < income->explained.members; k++) {
        double left = 0;
        for (size_t i = 0; i < income->parts_len; i++) {
            left -= adjusted[i].values[k];
        }
        adjusted[shares->largest].values[k] += left;
    }
}

static enum kf_err append_cells(struct kf_panel *panel, const char *sector,
                                const struct kf_per_capita *cells, struct kf_error *err)
{
    struct kf_result_key key = {.topic = KF_TOPIC_RESOURCE_USE,
                                .sector = sector,
                                .indicator = "",
                                .measure = "income_adjusted_kr_per_capita"};
    return kf_per_capita_append(panel, &key, cells, err);
}

/* The parts of one side together. */
static enum kf_err append_side(struct kf_panel *panel, const struct kf_income *income,
                               enum kf_income_side side, const struct kf_per_capita *adjusted,
                               struct kf_error *err)
{
    struct kf_per_capita sum = {0};
    enum kf_err code = kf_per_capita_new(panel, panel->arena, &sum, err);
    for (size_t i = 0; code == KF_OK && i < income->parts_len; i++) {
        if (income->parts[i].side == side) {
            kf_per_capita_add(&sum, &adjusted[i], 1);
        }
    }
    const char *sector = side == KF_INCOME_INSIDE ? KF_SECTOR_INSIDE : KF_SECTOR_OUTSIDE;
    return code == KF_OK ? append_cells(panel, sector, &sum, err) : code;
}

static enum kf_err append_adjusted(struct kf_panel *panel, const struct kf_income *income,
                                   const struct shares *shares, struct kf_error *err)
{
    struct kf_per_capita *adjusted =
        kf_arena_calloc(panel->arena, income->parts_len, sizeof *adjusted);
    if (!adjusted) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for deviations adjusted for income");
    }
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < income->parts_len; i++) {
        code = kf_per_capita_new(panel, panel->arena, &adjusted[i], err);
        if (code == KF_OK) {
            adjust(income, shares, i, &adjusted[i]);
        }
    }
    if (code == KF_OK) {
        balance(income, shares, adjusted);
    }
    for (size_t i = 0; code == KF_OK && i < income->parts_len; i++) {
        code = append_cells(panel, income->parts[i].id, &adjusted[i], err);
    }
    for (size_t side = 0; code == KF_OK && side < KF_INCOME_OTHER; side++) {
        if (income->sides[side].deviation.values) {
            code = append_side(panel, income, (enum kf_income_side)side, adjusted, err);
        }
    }
    return code;
}

enum kf_err kf_income_append(struct kf_panel *panel, const struct kf_income *income,
                             struct kf_error *err)
{
    if (!income->disposable.values) {
        return KF_OK;
    }
    struct shares shares;
    find_shares(income, &shares);
    enum kf_err code = append_shares(panel, income, &shares, err);
    return code == KF_OK ? append_adjusted(panel, income, &shares, err) : code;
}
