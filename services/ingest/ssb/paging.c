#include "services/ingest/ssb/paging.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/memory.h"
#include "common/base/text.h"

#define TIME_DIMENSION "Tid"
#define NONE           SIZE_MAX

/* --- what may be asked ------------------------------------------------------------------------ */

static int compare_codes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static enum kf_err check_codes(const struct kf_ssb_selection *selection, struct kf_error *err)
{
    size_t count = selection->codes_len;
    enum kf_err code = KF_OK;
    if (count == 0) {
        return kf_error_set(err, KF_ERR_CONFIG, "no codes of %.100s are asked for",
                            selection->dimension);
    }
    const char **sorted = kf_calloc(count, sizeof *sorted);
    if (!sorted) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for %zu codes", count);
    }
    memcpy(sorted, selection->codes, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_codes);
    for (size_t i = 1; i < count && !code; i++) {
        if (strcmp(sorted[i - 1], sorted[i]) == 0) {
            code = kf_error_set(err, KF_ERR_CONFIG, "%.60s of %.100s is asked for twice", sorted[i],
                                selection->dimension);
        }
    }
    kf_free(sorted);
    return code;
}

static bool is_given_before(const struct kf_ssb_question *question, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (kf_text_equal(question->selections[i].dimension,
                          question->selections[index].dimension)) {
            return true;
        }
    }
    return false;
}

static enum kf_err check(const struct kf_ssb_question *question, struct kf_error *err)
{
    size_t count = question->selections_len;
    enum kf_err code = KF_OK;
    if (count == 0 || count > KF_JSONSTAT_DIMENSIONS_MAX) {
        return kf_error_set(err, KF_ERR_CONFIG, "a question has 1 to %d selections, this one %zu",
                            KF_JSONSTAT_DIMENSIONS_MAX, count);
    }
    for (size_t i = 0; i < count && !code; i++) {
        code = is_given_before(question, i)
                   ? kf_error_set(err, KF_ERR_CONFIG, "%.100s is selected twice",
                                  question->selections[i].dimension)
                   : check_codes(&question->selections[i], err);
    }
    return code;
}

/* --- where to cut ----------------------------------------------------------------------------- */

/* KOKkommuneregion0000, Region. */
static bool is_region(const char *dimension)
{
    for (const char *at = dimension; *at != '\0'; at++) {
        if (strncasecmp(at, "region", strlen("region")) == 0) {
            return true;
        }
    }
    return false;
}

static size_t find_region(const struct kf_ssb_question *question)
{
    for (size_t i = 0; i < question->selections_len; i++) {
        if (is_region(question->selections[i].dimension)) {
            return i;
        }
    }
    return NONE;
}

static size_t find_time(const struct kf_ssb_question *question)
{
    for (size_t i = 0; i < question->selections_len; i++) {
        if (kf_text_equal(question->selections[i].dimension, TIME_DIMENSION)) {
            return i;
        }
    }
    return NONE;
}

static size_t parts(size_t size, size_t step)
{
    return (size + step - 1) / step;
}

/* The product of all steps but those of two dimensions; SIZE_MAX when it is larger than that. */
static size_t cells_beside(const struct kf_ssb_paging *self, size_t a, size_t b)
{
    size_t cells = 1;
    for (size_t i = 0; i < self->selections_len; i++) {
        if (i != a && i != b && __builtin_mul_overflow(cells, self->step[i], &cells)) {
            return SIZE_MAX;
        }
    }
    return cells;
}

/* The longest of the steps beside regions and time. */
static size_t longest_other(const struct kf_ssb_paging *self, size_t region, size_t time)
{
    size_t longest = NONE;
    for (size_t i = 0; i < self->selections_len; i++) {
        bool is_longer = longest == NONE || self->step[i] > self->step[longest];
        if (i != region && i != time && is_longer) {
            longest = i;
        }
    }
    return longest;
}

/* Cuts other dimensions until one region at one time fits. */
static void cut_others(struct kf_ssb_paging *self, size_t region, size_t time, size_t cells_max)
{
    while (cells_beside(self, region, time) > cells_max) {
        size_t longest = longest_other(self, region, time);
        size_t beside = cells_beside(self, region, time);
        size_t without = beside == SIZE_MAX ? SIZE_MAX : beside / self->step[longest];
        self->step[longest] = without < cells_max ? cells_max / without : 1;
    }
}

/* The steps of regions and time with the fewest pages; `room` is how many pairs of the two fit. */
static void cut_pair(size_t regions, size_t times, size_t room, size_t *region_step,
                     size_t *time_step)
{
    size_t fewest = SIZE_MAX;
    for (size_t step = times < room ? times : room; step >= 1; step--) {
        size_t beside = room / step < regions ? room / step : regions;
        size_t pages = parts(times, step) * parts(regions, beside);
        if (pages < fewest) {
            fewest = pages;
            *time_step = step;
            *region_step = beside;
        }
    }
}

static void cut(struct kf_ssb_paging *self, size_t region, size_t time, size_t cells_max)
{
    size_t region_step = 1;
    size_t time_step = 1;
    cut_others(self, region, time, cells_max);
    size_t room = cells_max / cells_beside(self, region, time);
    cut_pair(region == NONE ? 1 : self->size[region], time == NONE ? 1 : self->size[time], room,
             &region_step, &time_step);
    if (region != NONE) {
        self->step[region] = region_step;
    }
    if (time != NONE) {
        self->step[time] = time_step;
    }
}

static size_t count_pages(const struct kf_ssb_paging *self)
{
    size_t pages = 1;
    for (size_t i = 0; i < self->selections_len; i++) {
        if (__builtin_mul_overflow(pages, parts(self->size[i], self->step[i]), &pages)) {
            return SIZE_MAX;
        }
    }
    return pages;
}

enum kf_err kf_ssb_paging_plan(const struct kf_ssb_question *question, size_t cells_max,
                               struct kf_ssb_paging *paging, struct kf_error *err)
{
    struct kf_ssb_paging plan = {.selections_len = question->selections_len};
    enum kf_err code = check(question, err);
    if (code) {
        return code;
    }
    for (size_t i = 0; i < plan.selections_len; i++) {
        plan.size[i] = question->selections[i].codes_len;
        plan.step[i] = plan.size[i];
    }
    cut(&plan, find_region(question), find_time(question), cells_max);
    plan.pages = count_pages(&plan);
    if (plan.pages > KF_SSB_PAGES_MAX) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "the question for table %.40s would take more than %d pages: ask for "
                            "fewer codes",
                            question->table ? question->table : "", KF_SSB_PAGES_MAX);
    }
    *paging = plan;
    return KF_OK;
}

void kf_ssb_paging_cut(const struct kf_ssb_paging *self, size_t page, struct kf_ssb_page_cut *cut)
{
    cut->cells = 1;
    for (size_t i = self->selections_len; i-- > 0;) {
        size_t count = parts(self->size[i], self->step[i]);
        size_t first = page % count * self->step[i];
        size_t left = self->size[i] - first;
        page /= count;
        cut->first[i] = first;
        cut->count[i] = left < self->step[i] ? left : self->step[i];
        cut->cells *= cut->count[i];
    }
}

/* --- what came -------------------------------------------------------------------------------- */

static enum kf_err check_dimension(const struct kf_ssb_selection *selection, size_t first,
                                   size_t count, const struct kf_jsonstat *page,
                                   struct kf_error *err)
{
    const struct kf_jsonstat_dimension *dimension =
        kf_jsonstat_dimension(page, selection->dimension, NULL);
    if (!dimension) {
        return kf_error_set(err, KF_ERR_DATA, "the answer has no dimension %.100s",
                            selection->dimension);
    }
    for (size_t i = 0; i < count; i++) {
        if (kf_jsonstat_category(dimension, selection->codes[first + i]) == SIZE_MAX) {
            return kf_error_set(err, KF_ERR_DATA, "the answer lacks %.60s of %.100s",
                                selection->codes[first + i], selection->dimension);
        }
    }
    if (dimension->categories_len != count) {
        return kf_error_set(err, KF_ERR_DATA,
                            "the answer has %zu codes of %.100s, %zu were asked for",
                            dimension->categories_len, selection->dimension, count);
    }
    return KF_OK;
}

enum kf_err kf_ssb_paging_check(const struct kf_ssb_question *question,
                                const struct kf_ssb_page_cut *cut, const struct kf_jsonstat *page,
                                struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (size_t i = 0; i < question->selections_len && !code; i++) {
        code = check_dimension(&question->selections[i], cut->first[i], cut->count[i], page, err);
    }
    if (!code && page->dimensions_len != question->selections_len) {
        code = kf_error_set(err, KF_ERR_DATA, "the answer has %zu dimensions, %zu were asked for",
                            page->dimensions_len, question->selections_len);
    }
    return code;
}
