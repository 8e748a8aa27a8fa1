#include "services/efficiency/growth_chain.h"

static bool chain(const struct kf_year_figures *growth, int from, int to, struct kf_wide *factor)
{
    struct kf_wide all = kf_wide_from(1);
    for (int year = from; year < to; year++) {
        const struct kf_year_figure *found = kf_year_figure_of(growth, year + 1);
        if (!found) {
            return false;
        }
        struct kf_wide percent = kf_wide_from_figure(found->value);
        struct kf_wide share = kf_wide_div(percent, kf_wide_from(100));
        all = kf_wide_mul(all, kf_wide_add(kf_wide_from(1), share));
    }
    *factor = all;
    return true;
}

bool kf_growth_chain(const struct kf_year_figures *growth, int from, int to, struct kf_wide *factor)
{
    if (from <= to) {
        return chain(growth, from, to, factor);
    }
    struct kf_wide back = kf_wide_from(1);
    if (!chain(growth, to, from, &back) || !(back.high > 0)) {
        return false;
    }
    *factor = kf_wide_div(kf_wide_from(1), back);
    return true;
}
