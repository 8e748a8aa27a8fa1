#include "services/ingest/watch/half.h"

#include "common/model/cell.h"

/* What a year has. */
struct tally {
    size_t figures;
    size_t zeros;
};

static void count_row(struct tally *self, const struct kf_observation *row)
{
    if (kf_cell_has_value(row->status)) {
        self->figures++;
        self->zeros += row->value == 0;
    }
}

bool kf_half_is(const struct kf_observations *figures, struct kf_half *half)
{
    uint16_t newest[KF_VARIABLES_MAX] = {0};
    struct tally now = {0};
    struct tally before = {0};
    size_t count = 0;
    const struct kf_observation *rows = kf_observations_rows(figures, &count);
    *half = (struct kf_half){0};
    bool any = false;
    for (size_t i = 0; i < count; i++) { /* ascending by year */
        any = any || kf_cell_has_value(rows[i].status);
        newest[rows[i].variable] = rows[i].year;
        half->year = rows[i].year;
    }
    for (size_t i = 0; i < count; i++) {
        if (rows[i].year == newest[rows[i].variable]) {
            count_row(&now, &rows[i]);
        } else if (rows[i].year + 1 == newest[rows[i].variable]) {
            count_row(&before, &rows[i]);
        }
    }
    bool was_zero = before.zeros == before.figures;
    half->now = now.figures;
    half->before = before.figures;
    half->zeros = was_zero ? 0 : now.zeros;
    bool empty = count > 0 && !any;
    bool fewer = now.figures * 3 < before.figures * 2;
    bool zeroed = !was_zero && now.zeros == now.figures;
    return empty || (before.figures > 0 && (fewer || zeroed));
}
