#include "services/efficiency/computed_change.h"

#include "services/efficiency/change.h"
#include "services/efficiency/column.h"
#include "services/efficiency/deflator.h"
#include "services/efficiency/expenditure_change.h"
#include "services/efficiency/mean_change.h"
#include "services/efficiency/need_change.h"
#include "services/efficiency/production_change.h"
#include "services/efficiency/scope.h"

/* Ratios to the year before; no cells where a measure does not apply to the scope. */
struct changes {
    struct kf_values production;
    struct kf_values per_capita;
    struct kf_values expenditure;
    struct kf_values need;
};

/* All scopes of a panel; the first are the sectors, in the edition's order. */
struct all_changes {
    struct kf_scope scopes[KF_SCOPES_MAX];
    struct changes list[KF_SCOPES_MAX];
    size_t count;
};

struct kf_wide kf_beyond_need_points(struct kf_wide production, struct kf_wide need)
{
    struct kf_wide beyond = kf_wide_sub(production, need);
    return kf_wide_mul(beyond, kf_wide_from(100));
}

/* --- ratios ---------------------------------------------------------------------------------- */

static enum kf_err total_production(const struct kf_panel *panel, const struct all_changes *all,
                                    enum kf_production_form form, struct kf_values *total,
                                    struct kf_error *err)
{
    struct kf_values sectors[KF_SECTORS_MAX] = {0};
    for (size_t s = 0; s < panel->edition->sectors_len; s++) {
        sectors[s] =
            form == KF_PRODUCTION_FOR_NEED ? all->list[s].production : all->list[s].per_capita;
    }
    return kf_production_change_total(panel, sectors, total, err);
}

static enum kf_err production_of(const struct kf_panel *panel, const struct all_changes *all,
                                 const struct kf_scope *scope, enum kf_production_form form,
                                 struct kf_values *ratios, struct kf_error *err)
{
    return scope->sector ? kf_production_change(panel, scope->sector, form, ratios, err)
                         : total_production(panel, all, form, ratios, err);
}

static enum kf_err compute_scope(const struct kf_panel *panel, struct all_changes *all, size_t i,
                                 struct kf_findings *findings, struct kf_error *err)
{
    const struct kf_scope *scope = &all->scopes[i];
    struct changes *made = &all->list[i];
    enum kf_err code =
        production_of(panel, all, scope, KF_PRODUCTION_FOR_NEED, &made->production, err);
    if (code == KF_OK) {
        code = production_of(panel, all, scope, KF_PRODUCTION_PER_CAPITA, &made->per_capita, err);
    }
    if (code == KF_OK) {
        code = kf_expenditure_change(panel, scope, &made->expenditure, findings, err);
    }
    return code == KF_OK ? kf_need_change(panel, scope, &made->need, err) : code;
}

/* --- columns --------------------------------------------------------------------------------- */

/* (a/b − 1)·100; the ratio itself when there is no `whole`. */
static enum kf_err append_percent(struct kf_panel *panel, const char *sector, const char *measure,
                                  const struct kf_values *part, const struct kf_values *whole,
                                  struct kf_error *err)
{
    struct kf_result column = {0};
    if (!part->values || (whole && !whole->values)) {
        return KF_OK;
    }
    enum kf_err code = kf_efficiency_column(panel, sector, measure, &column, err);
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        struct kf_wide base = whole ? whole->values[k] : kf_wide_from(1);
        uint8_t status = part->status[k] | (whole ? whole->status[k] : KF_CELL_VALUE);
        bool present = kf_cell_has_value(status) && base.high > 0;
        column.status[k] = present ? status : KF_CELL_MISSING;
        if (present) {
            column.values[k] = kf_percent_above(part->values[k], base);
        }
    }
    return code;
}

static enum kf_err append_beyond_need(struct kf_panel *panel, const char *sector,
                                      const struct changes *made, struct kf_error *err)
{
    struct kf_result column = {0};
    if (!made->per_capita.values || !made->need.values) {
        return KF_OK;
    }
    enum kf_err code =
        kf_efficiency_column(panel, sector, "production_beyond_need_percent", &column, err);
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        uint8_t status = made->per_capita.status[k] | made->need.status[k];
        column.status[k] = kf_cell_has_value(status) ? status : KF_CELL_MISSING;
        if (kf_cell_has_value(status)) {
            column.values[k] = kf_wide_value(
                kf_beyond_need_points(made->per_capita.values[k], made->need.values[k]));
        }
    }
    return code;
}

static enum kf_err append_changes(struct kf_panel *panel, const char *sector,
                                  const struct changes *made, struct kf_error *err)
{
    const struct {
        const char *measure;
        const struct kf_values *part;
        const struct kf_values *whole;
    } columns[] = {
        {"production_change_percent", &made->production, NULL},
        {"expenditure_change_percent", &made->expenditure, NULL},
        {"efficiency_change_percent", &made->production, &made->expenditure},
        {"need_change_percent", &made->need, NULL},
        {"production_per_capita_change_percent", &made->per_capita, NULL},
    };
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < sizeof columns / sizeof columns[0]; i++) {
        code = append_percent(panel, sector, columns[i].measure, columns[i].part, columns[i].whole,
                              err);
    }
    return code == KF_OK ? append_beyond_need(panel, sector, made, err) : code;
}

static enum kf_err append_scope(struct kf_panel *panel, struct all_changes *all, size_t i,
                                struct kf_findings *findings, struct kf_error *err)
{
    enum kf_err code = compute_scope(panel, all, i, findings, err);
    if (code == KF_OK) {
        code = append_changes(panel, all->scopes[i].id, &all->list[i], err);
    }
    return code == KF_OK ? kf_mean_changes_append(panel, all->scopes[i].id, err) : code;
}

/* A faulty scope does not hide the next; the wholes leave out sectors without a ratio. */
static enum kf_err append_all(struct kf_panel *panel, struct all_changes *all,
                              struct kf_findings *findings, struct kf_error *err)
{
    enum kf_err outcome = kf_deflator_append(panel, findings, err);
    all->count = kf_scopes_of(panel->edition, all->scopes);
    for (size_t i = 0; kf_err_goes_on(outcome) && i < all->count; i++) {
        struct kf_error latest = {0};
        enum kf_err code = append_scope(panel, all, i, findings, &latest);
        outcome = kf_error_join(outcome, code, &latest, err);
    }
    return outcome;
}

enum kf_err kf_computed_change_append(struct kf_panel *panel, struct kf_findings *findings,
                                      struct kf_error *err)
{
    if (!panel->previous) {
        return KF_OK;
    }
    if (panel->previous->members_len != panel->members_len) {
        return kf_error_set(err, KF_ERR_DATA, "the year before %d has %zu members, not %zu",
                            panel->year, panel->previous->members_len, panel->members_len);
    }
    struct all_changes *all = kf_arena_calloc(panel->arena, 1, sizeof *all);
    return all ? append_all(panel, all, findings, err)
               : kf_error_set(err, KF_ERR_MEMORY, "no memory for the changes of a panel");
}
