#include "services/need/key/key_fit.h"

#include "common/base/numbers.h"
#include "common/model/mean.h"

/* Both indices of the members, and how much each member counts. */
struct pairs {
    const struct kf_result *computed;
    const struct kf_result *published;
    const struct kf_column *people;
    size_t members;
};

static bool counts(const struct pairs *self, size_t k)
{
    return kf_cell_has_value(self->computed->status[k]) &&
           kf_cell_has_value(self->published->status[k]) &&
           kf_cell_has_value(self->people->status[k]) && self->people->values[k] > 0;
}

static struct kf_wide weight_of(const struct pairs *self, size_t k)
{
    return kf_wide_from_figure(self->people->values[k]);
}

/* Weighted means. */
struct moments {
    struct kf_mean published;
    struct kf_mean computed;
    struct kf_mean absolute;     /* |p − c| */
    struct kf_mean squared;      /* (p − c)² */
    struct kf_mean of_published; /* (p − p̄)² */
    struct kf_mean of_computed;  /* (c − c̄)² */
    struct kf_mean of_both;      /* (p − p̄)(c − c̄) */
};

static void take_first(const struct pairs *pairs, struct moments *moments)
{
    for (size_t k = 0; k < pairs->members; k++) {
        if (!counts(pairs, k)) {
            continue;
        }
        struct kf_wide weight = weight_of(pairs, k);
        struct kf_wide published = kf_wide_from_figure(pairs->published->values[k]);
        struct kf_wide computed = kf_wide_from(pairs->computed->values[k]);
        struct kf_wide apart = kf_wide_sub(published, computed);
        bool below = kf_wide_less(apart, kf_wide_from(0));
        kf_mean_add(&moments->published, weight, published);
        kf_mean_add(&moments->computed, weight, computed);
        kf_mean_add(&moments->squared, weight, kf_wide_mul(apart, apart));
        kf_mean_add(&moments->absolute, weight,
                    below ? kf_wide_sub(kf_wide_from(0), apart) : apart);
    }
}

static void take_second(const struct pairs *pairs, struct moments *moments)
{
    for (size_t k = 0; moments->published.count > 0 && k < pairs->members; k++) {
        if (!counts(pairs, k)) {
            continue;
        }
        struct kf_wide weight = weight_of(pairs, k);
        struct kf_wide published = kf_wide_sub(kf_wide_from_figure(pairs->published->values[k]),
                                               kf_mean_value(&moments->published));
        struct kf_wide computed = kf_wide_sub(kf_wide_from(pairs->computed->values[k]),
                                              kf_mean_value(&moments->computed));
        kf_mean_add(&moments->of_published, weight, kf_wide_mul(published, published));
        kf_mean_add(&moments->of_computed, weight, kf_wide_mul(computed, computed));
        kf_mean_add(&moments->of_both, weight, kf_wide_mul(published, computed));
    }
}

/* One statistic; missing unless `known`. */
struct statistic {
    const char *measure;
    bool known;
    struct kf_wide value;
};

static struct statistic r_squared(const struct moments *moments)
{
    struct statistic made = {.measure = "r_squared"};
    made.known = moments->of_published.weighted.high > 0;
    if (made.known) {
        struct kf_wide left =
            kf_wide_div(moments->squared.weighted, moments->of_published.weighted);
        made.value = kf_wide_sub(kf_wide_from(1), left);
    }
    return made;
}

static struct statistic correlation(const struct moments *moments)
{
    struct statistic made = {.measure = "correlation"};
    struct kf_wide product =
        kf_wide_mul(moments->of_published.weighted, moments->of_computed.weighted);
    made.known = product.high > 0;
    if (made.known) {
        made.value = kf_wide_div(moments->of_both.weighted, kf_wide_sqrt(product));
    }
    return made;
}

static struct statistic mean_absolute_difference(const struct moments *moments)
{
    struct statistic made = {.measure = "mean_absolute_difference"};
    made.known = moments->absolute.count > 0;
    if (made.known) {
        made.value = kf_mean_value(&moments->absolute);
    }
    return made;
}

static enum kf_err append(struct kf_panel *panel, const char *sector,
                          const struct statistic *statistic, struct kf_error *err)
{
    struct kf_result_key key = {.topic = KF_TOPIC_STATISTICS,
                                .sector = sector,
                                .indicator = "",
                                .measure = statistic->measure,
                                .group = true};
    struct kf_result *cell = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &cell, err);
    if (code == KF_OK) {
        cell->status[0] = statistic->known ? KF_CELL_VALUE : KF_CELL_MISSING;
        cell->values[0] = statistic->known ? kf_wide_value(statistic->value) : 0;
    }
    return code;
}

static const struct kf_result *need_of(const struct kf_panel *panel, const char *sector,
                                       const char *measure)
{
    return kf_panel_result(panel, KF_TOPIC_NEED, sector, "", measure);
}

enum kf_err kf_key_fit_append(struct kf_panel *panel, const char *sector, struct kf_error *err)
{
    struct pairs pairs = {.computed = need_of(panel, sector, "need_index"),
                          .published = need_of(panel, sector, "published_need_index"),
                          .people = kf_panel_column(panel, panel->edition->population),
                          .members = panel->members_len};
    if (!pairs.computed || !pairs.published || !pairs.people) {
        return KF_OK;
    }
    struct moments moments = {0};
    take_first(&pairs, &moments);
    take_second(&pairs, &moments);
    const struct statistic statistics[] = {r_squared(&moments), correlation(&moments),
                                           mean_absolute_difference(&moments)};
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < sizeof statistics / sizeof statistics[0]; i++) {
        code = append(panel, sector, &statistics[i], err);
    }
    return code;
}
