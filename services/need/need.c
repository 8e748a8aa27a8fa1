#include "services/need/need.h"

#include "services/need/country.h"
#include "services/need/demography/demography.h"
#include "services/need/key/cost_key.h"
#include "services/need/key/key_fit.h"
#include "services/need/key/published_key.h"
#include "services/need/key/total_key.h"
#include "services/need/use/resource_use.h"

const struct kf_stage kf_need_stage = {
    .name = "need",
    .purpose = "Computes expenditure need and need-corrected population from the criteria of the "
               "edition's cost keys, and hands each panel on to normalize.",
    .next = "normalize",
    .compute = kf_need_compute,
};

/* --- one year --------------------------------------------------------------------------------- */

/* The year with the panel whose figures count for it. None without inhabitants. */
static struct kf_need_year year_of(struct kf_panel *root, struct kf_panel *panel)
{
    const struct kf_edition *edition = root->edition;
    const struct kf_panel *source =
        kf_panel_of_year(root, kf_edition_need_year(edition, panel->year));
    bool peopled = source && kf_panel_column(source, edition->population);
    return (struct kf_need_year){
        .panel = panel, .source = peopled ? source : NULL, .earlier = panel != root};
}

/* True when the edition is about need and what rests on it, and nothing else. */
static bool is_about_need(const struct kf_edition *edition)
{
    bool others = edition->demography.base_year > 0;
    for (size_t s = 0; s < edition->sectors_len; s++) {
        if (edition->sectors[s].resources.net.count > 0) {
            return true;
        }
        others = others || kf_sector_produces(&edition->sectors[s]);
    }
    return !others;
}

/* True when a key that cannot be computed is a fault. Ages alone are no sign that somebody began to
 * give figures for it: they come with any population. They are one when there is nothing else to
 * tell of the year. */
static bool is_faulty(const struct kf_need_year *year, enum kf_coverage coverage)
{
    return coverage == KF_COVERAGE_PART ||
           (coverage == KF_COVERAGE_AGES && !year->earlier && is_about_need(year->panel->edition));
}

/* The published index beside the computed one. */
static enum kf_err append_published(const struct kf_need_year *year, const char *sector,
                                    const struct kf_column *published, bool computed,
                                    struct kf_error *err)
{
    if (!published || year->earlier) {
        return KF_OK;
    }
    enum kf_err code = kf_published_key_beside(year->panel, sector, published, err);
    return code == KF_OK && computed ? kf_key_fit_append(year->panel, sector, err) : code;
}

/* From criteria where all have figures, else as published. */
static enum kf_err compute_sector(const struct kf_need_year *year, const struct kf_sector *sector,
                                  struct kf_findings *findings, struct kf_error *err)
{
    enum kf_coverage coverage = kf_key_coverage(year->source, sector);
    const struct kf_column *published = kf_figures_of(year->source, sector->published_need);
    bool computed = coverage == KF_COVERAGE_ALL || (!published && is_faulty(year, coverage));
    enum kf_err code = KF_OK;
    if (computed) {
        code = kf_cost_key_append(year, sector, findings, err);
    } else if (published) {
        code = kf_published_key_stand_in(year->panel, sector->id, published, err);
    }
    return code == KF_OK ? append_published(year, sector->id, published, computed, err) : code;
}

/* Of the sectors where all have an index, else as published. */
static enum kf_err compute_total(const struct kf_need_year *year, struct kf_error *err)
{
    struct kf_panel *panel = year->panel;
    enum kf_err code = kf_total_key_append(panel, err);
    const struct kf_column *published = kf_figures_of(year->source, panel->edition->published_need);
    if (code != KF_OK || !published) {
        return code;
    }
    bool computed = kf_panel_result(panel, KF_TOPIC_NEED, KF_SECTOR_TOTAL, "", "need_index");
    if (!computed) {
        code = kf_published_key_stand_in(panel, KF_SECTOR_TOTAL, published, err);
    }
    return code == KF_OK ? append_published(year, KF_SECTOR_TOTAL, published, computed, err) : code;
}

/* A faulty sector does not hide the next. */
static enum kf_err compute_year(const struct kf_need_year *year, struct kf_findings *findings,
                                struct kf_error *err)
{
    const struct kf_edition *edition = year->panel->edition;
    enum kf_err outcome = KF_OK;
    for (size_t s = 0; kf_err_goes_on(outcome) && s < edition->sectors_len; s++) {
        struct kf_error latest = {0};
        enum kf_err code = compute_sector(year, &edition->sectors[s], findings, &latest);
        outcome = kf_error_join(outcome, code, &latest, err);
    }
    return outcome == KF_OK ? compute_total(year, err) : outcome;
}

/* --- the years before ------------------------------------------------------------------------- */

static bool rests_on_criteria(const struct kf_panel *source)
{
    for (size_t s = 0; s < source->edition->sectors_len; s++) {
        if (kf_key_coverage(source, &source->edition->sectors[s]) == KF_COVERAGE_ALL) {
            return true;
        }
    }
    return false;
}

/* Need of two years is compared: the country must be the same kind of figure in both. */
static enum kf_err check_country(const struct kf_need_year *now, const struct kf_need_year *then,
                                 struct kf_findings *findings, struct kf_error *err)
{
    bool given = now->source && kf_country_is_given(now->source);
    if (!now->source || given == kf_country_is_given(then->source) ||
        !rests_on_criteria(now->source) || !rests_on_criteria(then->source)) {
        return KF_OK;
    }
    struct kf_place place = {.municipality = KF_MUNICIPALITY_COUNTRY,
                             .variable = now->panel->edition->population};
    int with = given ? now->source->year : then->source->year;
    int without = given ? then->source->year : now->source->year;
    kf_findings_add(findings, &place,
                    "give the country's figures for both years, or for none: need would rest on "
                    "the country in one year and on the members in the other",
                    "is given for %d and not for %d", with, without);
    return kf_error_set(err, KF_ERR_DATA, "need of %d and %d cannot be compared", then->panel->year,
                        now->panel->year);
}

static enum kf_err compute_earlier(const struct kf_need_year *now, const struct kf_need_year *then,
                                   struct kf_findings *findings, struct kf_error *err)
{
    enum kf_err code = check_country(now, then, findings, err);
    return code == KF_OK ? compute_year(then, findings, err) : code;
}

/* A year whose need year has no figures has no need either: what follows finds none. */
enum kf_err kf_need_compute(struct kf_panel *panel, struct kf_findings *findings,
                            struct kf_error *err)
{
    struct kf_need_year now = year_of(panel, panel);
    enum kf_err outcome = now.source ? compute_year(&now, findings, err) : KF_OK;
    struct kf_panel *earlier = panel->previous;
    for (; kf_err_goes_on(outcome) && earlier; earlier = earlier->previous) {
        struct kf_need_year then = year_of(panel, earlier);
        if (then.source) {
            struct kf_error latest = {0};
            enum kf_err code = compute_earlier(&now, &then, findings, &latest);
            outcome = kf_error_join(outcome, code, &latest, err);
        }
    }
    if (outcome == KF_OK) {
        outcome = kf_resource_use_append(panel, findings, err);
    }
    return outcome == KF_OK ? kf_demography_append(panel, findings, err) : outcome;
}
