#include "services/aggregate/composition.h"

#include "common/base/numbers.h"
#include "common/model/mean.h"
#include "common/model/weight.h"

enum { QUANTITY, QUALITY };

size_t kf_composition_kind(const struct kf_sector_composition *self, size_t i)
{
    bool quality = self->sector->indicators[i].aspect == KF_ASPECT_QUALITY;
    return self->product && quality ? QUALITY : QUANTITY;
}

bool kf_composition_is_product(const struct kf_edition *edition, const struct kf_sector *sector)
{
    size_t qualities = 0;
    for (size_t i = 0; i < sector->indicators_len; i++) {
        qualities += sector->indicators[i].aspect == KF_ASPECT_QUALITY;
    }
    return edition->composition == KF_COMPOSE_PRODUCT && qualities > 0 &&
           qualities < sector->indicators_len;
}

/* --- weights and presence -------------------------------------------------------------------- */

static enum kf_err look_up(const struct kf_panel *panel, struct kf_sector_composition *self,
                           struct kf_error *err)
{
    const struct kf_sector *sector = self->sector;
    for (size_t i = 0; i < sector->indicators_len; i++) {
        const char *id = sector->indicators[i].id;
        const struct kf_result *normalized =
            kf_panel_result(panel, KF_TOPIC_INDICATOR, sector->id, id, "normalized");
        if (!normalized || normalized->group) {
            return kf_error_set(err, KF_ERR_DATA, "indicator %s has not been normalised", id);
        }
        self->normalized[i] = *normalized; /* appending may move the results, not their cells */
        enum kf_err code = kf_panel_weight(panel, sector->id, id, &self->weights[i], err);
        if (code != KF_OK) {
            return code;
        }
    }
    return KF_OK;
}

/* The weights of a product are rescaled to 1 within quantity and within quality. */
static void rescale_within_kinds(struct kf_sector_composition *self)
{
    struct kf_sum sums[KF_COMPOSITION_KINDS] = {{0}};
    for (size_t i = 0; i < self->sector->indicators_len; i++) {
        kf_sum_add(&sums[kf_composition_kind(self, i)], self->weights[i]);
    }
    for (size_t i = 0; i < self->sector->indicators_len; i++) {
        double whole = kf_sum_value(&sums[kf_composition_kind(self, i)]);
        self->weights[i] = whole > 0 ? self->weights[i] / whole : 0;
    }
}

static void count_presence(const struct kf_panel *panel, struct kf_sector_composition *self)
{
    for (size_t i = 0; i < self->sector->indicators_len; i++) {
        struct kf_presence *presence = &self->of[kf_composition_kind(self, i)];
        for (size_t k = 0; k < panel->members_len; k++) {
            kf_presence_add(presence, k, self->weights[i], self->normalized[i].status[k]);
        }
    }
}

static enum kf_err composition_new(const struct kf_panel *panel, const struct kf_sector *sector,
                                   struct kf_sector_composition *self, struct kf_error *err)
{
    size_t n = panel->members_len;
    size_t count = sector->indicators_len;
    *self = (struct kf_sector_composition){
        .sector = sector,
        .scale = panel->edition->scale,
        .product = kf_composition_is_product(panel->edition, sector),
        .norm = 1,
        .normalized = kf_arena_calloc(panel->arena, count, sizeof *self->normalized),
        .weights = kf_arena_calloc(panel->arena, count, sizeof *self->weights),
        .quantity = kf_arena_calloc(panel->arena, n, sizeof *self->quantity),
    };
    if (!self->normalized || !self->weights || !self->quantity) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for sector %s", sector->id);
    }
    enum kf_err code = kf_presence_new(panel->arena, n, &self->of[QUANTITY], err);
    return code == KF_OK ? kf_presence_new(panel->arena, n, &self->of[QUALITY], err) : code;
}

/* --- one member ------------------------------------------------------------------------------ */

static bool has_both(const struct kf_sector_composition *self, size_t k)
{
    return kf_presence_any(&self->of[QUANTITY], k) && kf_presence_any(&self->of[QUALITY], k);
}

static bool has_any(const struct kf_sector_composition *self, size_t k)
{
    return kf_presence_any(&self->of[QUANTITY], k) || kf_presence_any(&self->of[QUALITY], k);
}

double kf_composition_weight(const struct kf_sector_composition *self, size_t i, size_t k)
{
    return kf_presence_weight(&self->of[kf_composition_kind(self, i)], k, self->weights[i]);
}

double kf_composition_value(const struct kf_sector_composition *self, size_t i, size_t k)
{
    double value = self->normalized[i].values[k];
    if (!self->product) {
        return value;
    }
    if (has_both(self, k) && kf_composition_kind(self, i) == QUALITY) {
        return self->norm * self->quantity[k] * (value - self->scale) / self->scale;
    }
    return self->norm * value;
}

bool kf_composition_imputed(const struct kf_sector_composition *self, size_t k)
{
    return self->of[QUANTITY].imputed[k] || self->of[QUALITY].imputed[k];
}

uint8_t kf_composition_status(const struct kf_sector_composition *self, size_t i, size_t k)
{
    uint8_t status = self->normalized[i].status[k];
    if (!kf_cell_has_value(status)) {
        return status & KF_CELL_KIND_MASK;
    }
    uint8_t flags = status & (KF_CELL_PRELIMINARY | KF_CELL_INFERRED);
    bool incomplete = status & (KF_CELL_IMPUTED | KF_CELL_INCOMPLETE);
    if (self->product) {
        const struct kf_presence *quantity = &self->of[QUANTITY]; /* Q is in what quality adds */
        bool on_quantity = kf_composition_kind(self, i) == QUALITY;
        incomplete = incomplete || (on_quantity && (quantity->imputed[k] || quantity->lacks[k]));
        flags |= KF_CELL_INFERRED;
    }
    return incomplete ? flags | KF_CELL_INCOMPLETE : flags;
}

uint8_t kf_composition_index_status(const struct kf_sector_composition *self, size_t k)
{
    if (!has_any(self, k)) {
        return KF_CELL_MISSING;
    }
    uint8_t flags = self->of[QUANTITY].lacks[k] || self->of[QUALITY].lacks[k] ? KF_CELL_INCOMPLETE
                                                                              : KF_CELL_VALUE;
    for (size_t i = 0; i < self->sector->indicators_len; i++) {
        uint8_t status = kf_composition_status(self, i, k);
        flags |= kf_cell_has_value(status) ? status : KF_CELL_VALUE;
    }
    return flags;
}

/* --- the product ----------------------------------------------------------------------------- */

double kf_composition_index(const struct kf_sector_composition *self, const double *means,
                            const bool *present)
{
    if (present[QUANTITY] && present[QUALITY]) {
        return self->norm * means[QUANTITY] * means[QUALITY] / self->scale;
    }
    return self->norm * (present[QUANTITY] ? means[QUANTITY] : means[QUALITY]);
}

/* Q_k or K_k over what the member has. */
static double mean_of_kind(const struct kf_sector_composition *self, size_t kind, size_t k)
{
    struct kf_sum sum = {0};
    for (size_t i = 0; i < self->sector->indicators_len; i++) {
        const struct kf_result *normalized = &self->normalized[i];
        if (kf_composition_kind(self, i) == kind && kf_cell_has_value(normalized->status[k])) {
            kf_sum_add(&sum, kf_composition_weight(self, i, k) * normalized->values[k]);
        }
    }
    return kf_sum_value(&sum);
}

/* Q·K/scale of the member, before it is brought to scale. */
static double product_of(struct kf_sector_composition *self, size_t k)
{
    const double means[] = {mean_of_kind(self, QUANTITY, k), mean_of_kind(self, QUALITY, k)};
    const bool present[] = {kf_presence_any(&self->of[QUANTITY], k),
                            kf_presence_any(&self->of[QUALITY], k)};
    self->quantity[k] = means[QUANTITY];
    return kf_composition_index(self, means, present);
}

/* The norm of a product: scale over the group's mean of Q·K/scale. */
static enum kf_err bring_to_scale(const struct kf_panel *panel, struct kf_sector_composition *self,
                                  struct kf_findings *findings, struct kf_error *err)
{
    struct kf_values products = {0};
    enum kf_err code = kf_values_new_missing(panel, panel->arena, &products, err);
    if (code != KF_OK) {
        return code;
    }
    for (size_t k = 0; k < panel->members_len; k++) {
        if (has_any(self, k)) {
            products.values[k] = kf_wide_from(product_of(self, k));
            products.status[k] = KF_CELL_VALUE;
        }
    }
    if (panel->edition->reference == KF_REFERENCE_COUNTRY) {
        return KF_OK;
    }
    struct kf_mean members = kf_values_mean(panel, &products);
    double mean = members.count > 0 ? kf_wide_value(kf_mean_value(&members)) : 0;
    if (!(mean > 0)) {
        kf_findings_add(findings, &(struct kf_place){0},
                        "check the figures of the sector, or compose its index as a sum",
                        "sector %s: the group's mean of quantity times quality is %g in %d",
                        self->sector->id, mean, panel->year);
        return kf_error_set(err, KF_ERR_DATA, "sector %s cannot be brought to scale",
                            self->sector->id);
    }
    self->norm = self->scale / mean;
    return KF_OK;
}

static bool anybody(const struct kf_panel *panel, const struct kf_sector_composition *self)
{
    for (size_t k = 0; k < panel->members_len; k++) {
        if (has_any(self, k)) {
            return true;
        }
    }
    return false;
}

enum kf_err kf_composition_make(const struct kf_panel *panel, const struct kf_sector *sector,
                                struct kf_sector_composition *self, struct kf_findings *findings,
                                struct kf_error *err)
{
    enum kf_err code = composition_new(panel, sector, self, err);
    if (code == KF_OK) {
        code = look_up(panel, self, err);
    }
    if (code != KF_OK) {
        return code;
    }
    if (self->product) {
        rescale_within_kinds(self);
    }
    count_presence(panel, self);
    if (!anybody(panel, self)) {
        kf_findings_add(findings, &(struct kf_place){0},
                        "give at least one municipality's figures, or leave the sector out of the "
                        "edition",
                        "sector %s: no member of the group has a value of any indicator in %d",
                        sector->id, panel->year);
        return kf_error_set(err, KF_ERR_DATA, "sector %s has no value at all", sector->id);
    }
    return self->product ? bring_to_scale(panel, self, findings, err) : KF_OK;
}
