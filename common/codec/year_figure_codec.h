/* Figures by year between the model and the generated messages. Internal to the codec. */
#ifndef KF_CODEC_YEAR_FIGURE_CODEC_H
#define KF_CODEC_YEAR_FIGURE_CODEC_H

#include <stdbool.h>

#include "common/base/error.h"
#include "common/codec/scratch.h"
#include "common/model/edition.h"
#include "kf/v1/edition.pb-c.h"

/* What figures are, and so what they may be. */
enum kf_year_figure_kind {
    KF_YEAR_RATE,   /* kr: above 0, at most 1e9 */
    KF_YEAR_GROWTH, /* percent: above −100, which would leave nothing, at most 1000 */
    KF_YEAR_MONTHS, /* 1 to 12 */
};

/* True for a year that an edition may name. */
bool kf_codec_is_year(int year);

/* True for growth in percent that leaves something: prices fall by less than all. */
bool kf_codec_is_growth(double percent);

/* Sets a repeated field to the figures, in `scratch`. */
void kf_year_figures_to_message(const struct kf_year_figures *figures, Kf__V1__YearFigure ***list,
                                size_t *count, struct kf_scratch *scratch);

/* Years ascend and are years; every figure is finite and what its kind may be. KF_ERR_DATA,
 * KF_ERR_LIMIT for more figures than there are years. `what` and `where` say which and whose. */
enum kf_err kf_year_figures_check_message(Kf__V1__YearFigure *const *list, size_t count,
                                          enum kf_year_figure_kind kind, const char *what,
                                          const char *where, struct kf_error *err);

/* The figures of a repeated field. */
struct kf_year_figures kf_year_figures_from_message(Kf__V1__YearFigure *const *list, size_t count,
                                                    struct kf_scratch *scratch);

#endif
