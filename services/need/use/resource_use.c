#include "services/need/use/resource_use.h"

#include "services/need/country.h"
#include "services/need/use/deviation.h"
#include "services/need/use/income.h"
#include "services/need/use/sector_use.h"

/* What is computed of one panel. */
struct resource_use {
    struct kf_sector_use sectors[KF_SECTORS_MAX];
    size_t sectors_len;
    struct kf_income income;
    struct kf_deviations deviations;
};

static enum kf_err add_sector(const struct kf_use_place *place, const struct kf_sector *sector,
                              struct resource_use *self, struct kf_error *err)
{
    struct kf_sector_use *use = &self->sectors[self->sectors_len];
    bool reported = false;
    enum kf_err code = kf_sector_use_compute(place, sector, use, &reported, err);
    if (code != KF_OK) {
        return code;
    }
    if (!reported) {
        kf_income_lacks_sector(sector, &self->income);
        return KF_OK;
    }
    self->sectors_len++;
    kf_deviations_add(&self->deviations, sector->id, &use->deviation, &use->need);
    return kf_income_add_sector(place, use, &self->income, err);
}

/* A faulty sector does not hide the next. */
static enum kf_err compute(const struct kf_use_place *place, struct resource_use *self,
                           struct kf_error *err)
{
    const struct kf_edition *edition = place->panel->edition;
    enum kf_err outcome = KF_OK;
    for (size_t s = 0; kf_err_goes_on(outcome) && s < edition->sectors_len; s++) {
        struct kf_error latest = {0};
        enum kf_err code = add_sector(place, &edition->sectors[s], self, &latest);
        outcome = kf_error_join(outcome, code, &latest, err);
    }
    if (outcome == KF_OK) {
        outcome = kf_income_close(place, &self->income, err);
        kf_income_deviations(&self->income, &self->deviations);
    }
    return outcome;
}

static enum kf_err compute_panel(const struct kf_panel *panel, struct kf_arena *arena,
                                 struct kf_findings *findings, struct resource_use **made,
                                 struct kf_error *err)
{
    struct kf_use_place place = {.panel = panel, .arena = arena, .findings = findings};
    struct resource_use *self = kf_arena_calloc(arena, 1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for resource use");
    }
    enum kf_err code = compute(&place, self, err);
    if (code == KF_OK) {
        *made = self;
    }
    return code;
}

/* Deviations from two kinds of country cannot be compared. */
static enum kf_err check_country(const struct kf_panel *panel, struct kf_findings *findings,
                                 struct kf_error *err)
{
    bool given = kf_country_is_given(panel);
    if (given == kf_country_is_given(panel->previous)) {
        return KF_OK;
    }
    int with = given ? panel->year : panel->previous->year;
    int without = given ? panel->previous->year : panel->year;
    struct kf_place place = {.municipality = KF_MUNICIPALITY_COUNTRY,
                             .variable = panel->edition->population};
    kf_findings_add(findings, &place,
                    "give the country's figures for both years, or for none: deviations would be "
                    "from the country in one year and from the members in the other",
                    "is given for %d and not for %d", with, without);
    return kf_error_set(err, KF_ERR_DATA, "resource use of %d and %d cannot be compared",
                        panel->previous->year, panel->year);
}

/* Nothing of a year before without population, or when there is none. */
static enum kf_err compute_before(const struct kf_panel *panel, struct kf_arena *arena,
                                  struct kf_findings *findings, struct resource_use **before,
                                  struct kf_error *err)
{
    const struct kf_panel *previous = panel->previous;
    if (!previous || !kf_panel_column(previous, panel->edition->population)) {
        return KF_OK;
    }
    enum kf_err code = compute_panel(previous, arena, findings, before, err);
    bool compared = code == KF_OK && (*before)->deviations.count > 0;
    return compared ? check_country(panel, findings, err) : code;
}

/* Need over the sectors inside the income system (METHOD N10). */
static enum kf_err append_total_need(struct kf_panel *panel, const struct resource_use *self,
                                     struct kf_error *err)
{
    const struct kf_per_capita *need = &self->income.sides[KF_INCOME_INSIDE].need;
    struct kf_result_key key = {.topic = KF_TOPIC_NEED,
                                .sector = KF_SECTOR_TOTAL,
                                .indicator = "",
                                .measure = "need_kr_per_capita"};
    return need->values ? kf_per_capita_append(panel, &key, need, err) : KF_OK;
}

static enum kf_err append(struct kf_panel *panel, const struct resource_use *now,
                          const struct resource_use *before, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < now->sectors_len; i++) {
        code = kf_sector_use_append(panel, &now->sectors[i], err);
    }
    if (code == KF_OK) {
        code = append_total_need(panel, now, err);
    }
    if (code == KF_OK) {
        code =
            kf_deviations_append(panel, &now->deviations, before ? &before->deviations : NULL, err);
    }
    return code == KF_OK ? kf_income_append(panel, &now->income, err) : code;
}

static enum kf_err compute_both(struct kf_panel *panel, struct kf_arena *arena,
                                struct kf_findings *findings, struct kf_error *err)
{
    struct resource_use *now = NULL;
    struct resource_use *before = NULL;
    enum kf_err code = compute_panel(panel, arena, findings, &now, err);
    if (code != KF_OK || now->deviations.count == 0) {
        return code;
    }
    code = compute_before(panel, arena, findings, &before, err);
    return code == KF_OK ? append(panel, now, before, err) : code;
}

enum kf_err kf_resource_use_append(struct kf_panel *panel, struct kf_findings *findings,
                                   struct kf_error *err)
{
    struct kf_arena *arena = kf_arena_new(KF_PANEL_BYTES_MAX);
    if (!arena) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for resource use");
    }
    enum kf_err code = compute_both(panel, arena, findings, err);
    kf_arena_destroy(&arena);
    return code;
}
