#include "services/need/use/sector_use.h"

#include "services/need/country.h"
#include "services/need/use/adjustment.h"
#include "services/need/use/need_amount.h"

/* A sector while its adjustments are gone through. */
struct work {
    const struct kf_use_place *place;
    struct kf_sector_use *use;
    struct kf_values spent;    /* NDU*, kr */
    struct kf_per_capita need; /* Σ adjustments of need */
    bool incomplete;
};

/* Adds one adjustment of expenditure, in kr and per inhabitant. */
static enum kf_err add_expenditure(struct work *work, size_t number, const struct kf_values *amount,
                                   struct kf_error *err)
{
    struct kf_per_capita *column = &work->use->adjustments[number];
    enum kf_err code =
        kf_per_capita_of(work->place->panel, amount, work->place->arena, column, err);
    if (code == KF_OK) {
        kf_per_capita_add(&work->use->adjusted, column, 1);
    }
    for (size_t k = 0; code == KF_OK && k <= amount->members; k++) {
        kf_values_add(&work->spent, k, amount->values[k], amount->status[k]);
    }
    return code;
}

static enum kf_err add_need(struct work *work, size_t number, const struct kf_values *amount,
                            struct kf_error *err)
{
    const struct kf_use_place *place = work->place;
    const struct kf_adjustment *adjustment = &work->use->sector->resources.adjustments[number];
    struct kf_per_capita *column = &work->use->adjustments[number];
    struct kf_country country;
    enum kf_err code =
        kf_country_of(place->panel, &adjustment->amount, amount, place->findings, &country, err);
    if (code == KF_OK) {
        code = kf_need_amount_centred(place->panel, &country, amount, place->arena, column, err);
    }
    if (code == KF_OK) {
        kf_per_capita_add(&work->need, column, 1);
    }
    return code;
}

static enum kf_err add_adjustment(struct work *work, size_t number, struct kf_error *err)
{
    const struct kf_use_place *place = work->place;
    const struct kf_adjustment *adjustment = &work->use->sector->resources.adjustments[number];
    struct kf_values amount = {0};
    if (!kf_adjustment_has_figures(place->panel, adjustment)) {
        work->incomplete = true;
        return KF_OK;
    }
    enum kf_err code =
        kf_adjustment_amount(place->panel, adjustment, place->arena, &amount, place->findings, err);
    if (code != KF_OK) {
        return code;
    }
    return adjustment->to == KF_ADJUST_NEED ? add_need(work, number, &amount, err)
                                            : add_expenditure(work, number, &amount, err);
}

/* A faulty adjustment does not hide the next. */
static enum kf_err add_adjustments(struct work *work, struct kf_error *err)
{
    enum kf_err outcome = KF_OK;
    size_t count = work->use->sector->resources.adjustments_len;
    for (size_t i = 0; kf_err_goes_on(outcome) && i < count; i++) {
        struct kf_error latest = {0};
        enum kf_err code = add_adjustment(work, i, &latest);
        outcome = kf_error_join(outcome, code, &latest, err);
    }
    return outcome;
}

/* A member with expenditure and without need has no deviation. */
static enum kf_err compare(struct work *work, struct kf_error *err)
{
    const struct kf_use_place *place = work->place;
    struct kf_sector_use *use = work->use;
    const struct kf_terms *net = &use->sector->resources.net;
    struct kf_country country;
    enum kf_err code =
        kf_country_of(place->panel, net, &work->spent, place->findings, &country, err);
    if (code == KF_OK) {
        use->level = kf_country_rate(&country);
        code = kf_need_amount_index(place->panel, use->sector, place->arena, &use->index, err);
    }
    if (code == KF_OK) {
        code = kf_need_amount_standard(place->panel, &country, &use->index, place->arena,
                                       &use->need, err);
    }
    if (code == KF_OK) {
        code = kf_per_capita_new(place->panel, place->arena, &use->deviation, err);
    }
    if (code != KF_OK) {
        return code;
    }
    uint8_t flags = work->incomplete ? KF_CELL_INCOMPLETE : KF_CELL_VALUE;
    kf_per_capita_add(&use->need, &work->need, 1);
    kf_per_capita_flag(&use->need, flags);
    kf_per_capita_flag(&use->adjusted, flags);
    kf_per_capita_add(&use->deviation, &use->adjusted, 1);
    kf_per_capita_add(&use->deviation, &use->need, -1);
    return KF_OK;
}

static enum kf_err prepare(struct work *work, struct kf_error *err)
{
    const struct kf_use_place *place = work->place;
    struct kf_sector_use *use = work->use;
    size_t count = use->sector->resources.adjustments_len;
    use->adjustments = kf_arena_calloc(place->arena, count + 1, sizeof *use->adjustments);
    if (!use->adjustments) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for adjustments");
    }
    enum kf_err code = kf_per_capita_of(place->panel, &work->spent, place->arena, &use->net, err);
    if (code == KF_OK) {
        code = kf_per_capita_new(place->panel, place->arena, &use->adjusted, err);
    }
    if (code == KF_OK) {
        kf_per_capita_add(&use->adjusted, &use->net, 1);
        code = kf_per_capita_new(place->panel, place->arena, &work->need, err);
    }
    return code;
}

enum kf_err kf_sector_use_compute(const struct kf_use_place *place, const struct kf_sector *sector,
                                  struct kf_sector_use *use, bool *reported, struct kf_error *err)
{
    const struct kf_terms *net = &sector->resources.net;
    *use = (struct kf_sector_use){.sector = sector};
    struct work work = {.place = place, .use = use};
    *reported = false;
    enum kf_err code = kf_terms_sum(place->panel, net, place->arena, &work.spent, err);
    if (code != KF_OK || net->count == 0 || !kf_values_any(&work.spent)) {
        return code;
    }
    code = prepare(&work, err);
    if (code == KF_OK) {
        code = add_adjustments(&work, err);
    }
    if (code == KF_OK) {
        code = compare(&work, err);
    }
    *reported = code == KF_OK;
    return code;
}

/* NDU/(N·K) from the cells on the grid: no sum is taken of it. */
static enum kf_err append_need_adjusted(struct kf_panel *panel, const struct kf_sector_use *use,
                                        struct kf_error *err)
{
    struct kf_result_key key = {.topic = KF_TOPIC_RESOURCE_USE,
                                .sector = use->sector->id,
                                .indicator = "",
                                .measure = "need_adjusted_expenditure_kr_per_capita"};
    struct kf_result *result = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &result, err);
    for (size_t k = 0; code == KF_OK && k < use->net.members; k++) {
        uint8_t net = use->net.status[k];
        uint8_t index = use->index.status[k];
        result->status[k] = kf_cell_has_value(net) ? index : net;
        if (!kf_cell_has_value(result->status[k])) {
            continue;
        }
        if (!(use->index.values[k].high > 0)) {
            result->status[k] = KF_CELL_NOT_APPLICABLE;
            continue;
        }
        result->status[k] = net | index;
        result->values[k] =
            kf_wide_value(kf_wide_div(kf_wide_from(use->net.values[k]), use->index.values[k]));
    }
    return code;
}

static enum kf_err append_adjustments(struct kf_panel *panel, const struct kf_sector_use *use,
                                      struct kf_error *err)
{
    const struct kf_resources *resources = &use->sector->resources;
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < resources->adjustments_len; i++) {
        if (use->adjustments[i].values) {
            struct kf_result_key key = {.topic = KF_TOPIC_RESOURCE_USE,
                                        .sector = use->sector->id,
                                        .indicator = resources->adjustments[i].id,
                                        .measure = "adjustment_kr_per_capita"};
            code = kf_per_capita_append(panel, &key, &use->adjustments[i], err);
        }
    }
    return code;
}

enum kf_err kf_sector_use_append(struct kf_panel *panel, const struct kf_sector_use *use,
                                 struct kf_error *err)
{
    const struct {
        enum kf_topic topic;
        const char *measure;
        const struct kf_per_capita *cells;
    } columns[] = {
        {KF_TOPIC_NEED, "need_kr_per_capita", &use->need},
        {KF_TOPIC_RESOURCE_USE, "net_expenditure_kr_per_capita", &use->net},
        {KF_TOPIC_RESOURCE_USE, "adjusted_expenditure_kr_per_capita", &use->adjusted},
    };
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < sizeof columns / sizeof columns[0]; i++) {
        struct kf_result_key key = {.topic = columns[i].topic,
                                    .sector = use->sector->id,
                                    .indicator = "",
                                    .measure = columns[i].measure};
        code = kf_per_capita_append(panel, &key, columns[i].cells, err);
    }
    if (code == KF_OK) {
        code = append_adjustments(panel, use, err);
    }
    return code == KF_OK ? append_need_adjusted(panel, use, err) : code;
}
