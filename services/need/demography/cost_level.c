#include "services/need/demography/cost_level.h"

#include "services/need/demography/demography_column.h"

#define KR_IN_A_MILLION 1e6

static void add_group(const struct kf_values *people, struct kf_wide rate, uint8_t status,
                      struct kf_values *level)
{
    for (size_t k = 0; k < level->members; k++) {
        kf_values_add(level, k, kf_wide_mul(people->values[k], rate),
                      kf_cell_join(people->status[k], status));
    }
}

static void add_service(const struct kf_values *service, struct kf_values *total)
{
    for (size_t k = 0; k < total->members; k++) {
        kf_values_add(total, k, service->values[k], service->status[k]);
    }
}

enum kf_err kf_cost_level(const struct kf_panel *panel, const struct kf_rates *rates,
                          const struct kf_age_people *people, struct kf_arena *arena,
                          struct kf_values **level, struct kf_error *err)
{
    const struct kf_demography *demography = &panel->edition->demography;
    size_t services = demography->sectors_len;
    size_t groups = demography->cost_groups_len;
    struct kf_values *made = kf_arena_calloc(arena, services + 1, sizeof *made);
    enum kf_err code = KF_ERR_MEMORY;
    if (!made) {
        return kf_error_set(err, code, "no memory for the cost of age groups");
    }
    code = kf_values_new(panel, arena, &made[services], err);
    for (size_t s = 0; code == KF_OK && s < services; s++) {
        code = kf_values_new(panel, arena, &made[s], err);
        for (size_t a = 0; code == KF_OK && a < groups; a++) {
            size_t at = s * groups + a;
            add_group(&people->cost_groups[a], rates->kr[at], rates->status[at], &made[s]);
        }
        if (code == KF_OK) {
            add_service(&made[s], &made[services]);
        }
    }
    *level = made;
    return code;
}

/* What one service costs more, on the grid; added to the total. */
static void subtract(const struct kf_values *from, const struct kf_values *to,
                     struct kf_values *difference, struct kf_values *total)
{
    for (size_t k = 0; k < difference->members; k++) {
        difference->values[k] = kf_wide_from(0);
        difference->status[k] = KF_CELL_VALUE;
        kf_values_add(difference, k, to->values[k], to->status[k]);
        kf_values_add(difference, k, (struct kf_wide){-from->values[k].high, -from->values[k].low},
                      from->status[k]);
        struct kf_wide kr = difference->values[k];
        double million = kf_demography_grid(kf_wide_div(kr, kf_wide_from(KR_IN_A_MILLION)));
        difference->values[k] = kf_wide_from(million);
        kf_values_add(total, k, difference->values[k], difference->status[k]);
    }
}

enum kf_err kf_cost_difference_append(struct kf_panel *panel, const struct kf_values *from,
                                      const struct kf_values *to, const char *measure,
                                      struct kf_arena *arena, struct kf_error *err)
{
    const struct kf_demography *demography = &panel->edition->demography;
    struct kf_values difference = {0};
    struct kf_values total = {0};
    enum kf_err code = kf_values_new(panel, arena, &difference, err);
    code = code == KF_OK ? kf_values_new(panel, arena, &total, err) : code;
    for (size_t s = 0; code == KF_OK && s < demography->sectors_len; s++) {
        subtract(&from[s], &to[s], &difference, &total);
        struct kf_demography_key key = {demography->sectors[s].id, "", measure};
        code = kf_demography_column(panel, &key, &difference, err);
    }
    struct kf_demography_key key = {KF_SECTOR_TOTAL, "", measure};
    return code == KF_OK ? kf_demography_column(panel, &key, &total, err) : code;
}
