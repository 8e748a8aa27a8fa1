#include "services/efficiency/unit_cost/weighting.h"

#include <stdbool.h>

#include "services/efficiency/unit_cost/million.h"

/* What the services of a group are together. */
struct sums {
    struct kf_wide worth; /* ΣPq, kr */
    size_t delivered;
    bool unrated;  /* something is delivered that has no rate */
    uint8_t flags; /* of all quantities; incomplete when one is not known */
};

static bool is_delivered(const struct kf_delivered *self)
{
    return kf_cell_has_value(self->quantity.status) && self->quantity.value.high > 0;
}

static bool is_rated(const struct kf_delivered *self)
{
    return self->rate.high > 0;
}

static void add(const struct kf_delivered *item, struct sums *sums)
{
    uint8_t status = item->quantity.status;
    if (!kf_cell_has_value(status)) {
        bool known = (status & KF_CELL_KIND_MASK) == KF_CELL_NOT_APPLICABLE;
        sums->flags |= known ? KF_CELL_VALUE : KF_CELL_INCOMPLETE;
        return;
    }
    sums->flags |= status;
    if (is_delivered(item)) {
        sums->delivered++;
        sums->unrated = sums->unrated || !is_rated(item);
        sums->worth = kf_wide_add(sums->worth, kf_wide_mul(item->rate, item->quantity.value));
    }
}

static struct sums sum(const struct kf_delivered *list, size_t count)
{
    struct sums sums = {.worth = kf_wide_from(0)};
    for (size_t i = 0; i < count; i++) {
        add(&list[i], &sums);
    }
    return sums;
}

static struct kf_unit_cell without(uint8_t status)
{
    return (struct kf_unit_cell){kf_wide_from(0), status};
}

static struct kf_unit_cell unit_cost(struct kf_unit_cell net, const struct kf_delivered *item,
                                     const struct sums *sums)
{
    if (!kf_cell_has_value(item->quantity.status)) {
        return without(item->quantity.status);
    }
    if (!is_delivered(item) || (sums->delivered > 1 && sums->unrated)) {
        return without(KF_CELL_MISSING);
    }
    if (!kf_cell_has_value(net.status)) {
        return without(net.status);
    }
    struct kf_wide cost = sums->delivered == 1
                              ? kf_wide_div(net.value, item->quantity.value)
                              : kf_wide_div(kf_wide_mul(item->rate, net.value), sums->worth);
    return (struct kf_unit_cell){cost, net.status | sums->flags};
}

void kf_weigh(struct kf_unit_cell net, struct kf_delivered *list, size_t count)
{
    struct sums sums = sum(list, count);
    for (size_t i = 0; i < count; i++) {
        list[i].unit_cost = unit_cost(net, &list[i], &sums);
    }
}

struct kf_unit_cell kf_delivered_grant(const struct kf_delivered *self)
{
    if (!kf_cell_has_value(self->quantity.status)) {
        return without(self->quantity.status);
    }
    if (is_delivered(self) && !is_rated(self)) {
        return without(KF_CELL_MISSING);
    }
    struct kf_wide kr = kf_wide_mul(self->rate, self->quantity.value);
    return (struct kf_unit_cell){kf_million_from_kr(kr), self->quantity.status};
}

struct kf_unit_cell kf_delivered_grants(const struct kf_delivered *list, size_t count)
{
    struct sums sums = sum(list, count);
    struct kf_unit_cell whole = without(count > 0 ? list[0].quantity.status : KF_CELL_MISSING);
    if (sums.unrated) {
        return without(KF_CELL_MISSING);
    }
    for (size_t i = 0; i < count; i++) {
        struct kf_unit_cell grant = kf_delivered_grant(&list[i]);
        if (kf_cell_has_value(grant.status)) {
            whole.value = kf_wide_add(whole.value, grant.value);
            whole.status = sums.flags;
        }
    }
    return whole;
}
