#include "common/codec/year_figure_codec.h"

#include <math.h>

#include "common/codec/unpack.h"

#define RATE_MAX   1e9
#define GROWTH_MAX 1000

#define YEARS_MAX (KF_EDITION_YEAR_MAX - KF_EDITION_YEAR_MIN + 1)

bool kf_codec_is_year(int year)
{
    return year >= KF_EDITION_YEAR_MIN && year <= KF_EDITION_YEAR_MAX;
}

bool kf_codec_is_growth(double percent)
{
    return isfinite(percent) && percent > -100;
}

void kf_year_figures_to_message(const struct kf_year_figures *figures, Kf__V1__YearFigure ***list,
                                size_t *count, struct kf_scratch *scratch)
{
    Kf__V1__YearFigure *messages = kf_scratch_array(scratch, figures->count, sizeof *messages);
    *list = kf_scratch_array(scratch, figures->count, sizeof(void *));
    *count = *list ? figures->count : 0;
    for (size_t i = 0; i < *count; i++) {
        kf__v1__year_figure__init(&messages[i]);
        messages[i].year = figures->list[i].year;
        messages[i].value = figures->list[i].value;
        (*list)[i] = &messages[i];
    }
}

static bool is_possible(double value, enum kf_year_figure_kind kind)
{
    switch (kind) {
    case KF_YEAR_RATE:
        return value > 0 && value <= RATE_MAX;
    case KF_YEAR_GROWTH:
        return kf_codec_is_growth(value) && value <= GROWTH_MAX;
    case KF_YEAR_MONTHS:
        return value >= 1 && value <= 12;
    }
    return false;
}

enum kf_err kf_year_figures_check_message(Kf__V1__YearFigure *const *list, size_t count,
                                          enum kf_year_figure_kind kind, const char *what,
                                          const char *where, struct kf_error *err)
{
    static const char *const bounds[] = {
        [KF_YEAR_RATE] = "a finite figure above 0 and at most 1e9",
        [KF_YEAR_GROWTH] = "a finite figure above -100 and at most 1000 percent",
        [KF_YEAR_MONTHS] = "a number of months from 1 to 12",
    };
    enum kf_err code = kf_codec_check_count(count, YEARS_MAX, what, where, err);
    for (size_t i = 0; i < count && !code; i++) {
        bool ascends = i == 0 || list[i - 1]->year < list[i]->year;
        if (!ascends || !kf_codec_is_year(list[i]->year) || !is_possible(list[i]->value, kind)) {
            code = kf_error_set(err, KF_ERR_DATA, "%s: %s of %d are out of their order or lack %s",
                                where, what, list[i]->year, bounds[kind]);
        }
    }
    return code;
}

struct kf_year_figures kf_year_figures_from_message(Kf__V1__YearFigure *const *list, size_t count,
                                                    struct kf_scratch *scratch)
{
    struct kf_year_figure *figures = kf_scratch_array(scratch, count, sizeof *figures);
    for (size_t i = 0; figures && i < count; i++) {
        figures[i] = (struct kf_year_figure){list[i]->year, list[i]->value};
    }
    return (struct kf_year_figures){figures, figures ? count : 0};
}
