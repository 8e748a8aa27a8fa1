#include "tools/kf/side_by_side.h"

#include <math.h>
#include <string.h>

#include "common/base/numbers.h"
#include "common/model/cell.h"
#include "common/model/statistics.h"
#include "services/aggregate/rank.h"

/* A column on its own, for arithmetic over all pairs. */
struct columns {
    double *a;
    double *b;
    double *ranks_a;
    double *ranks_b;
    double *people;
};

void kf_mean_ranks(const double *values, double *ranks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t above = 0;
        size_t equal = 0;
        for (size_t j = 0; j < count; j++) {
            above += values[j] > values[i];
            equal += values[j] == values[i];
        }
        ranks[i] = (double)above + ((double)equal + 1) / 2;
    }
}

/* Σ (a − ā)(b − b̄). */
static double moment(const double *a, const double *b, size_t count)
{
    double mean_a = kf_sum_of(a, count) / (double)count;
    double mean_b = kf_sum_of(b, count) / (double)count;
    struct kf_sum sum = {0};
    for (size_t i = 0; i < count; i++) {
        kf_sum_add(&sum, (a[i] - mean_a) * (b[i] - mean_b));
    }
    return kf_sum_value(&sum);
}

bool kf_correlation(const double *a, const double *b, size_t count, double *correlation)
{
    if (count < 2) {
        return false;
    }
    double spread = sqrt(moment(a, a, count)) * sqrt(moment(b, b, count));
    if (!(spread > 0)) {
        return false;
    }
    *correlation = fmax(-1, fmin(1, moment(a, b, count) / spread));
    return true;
}

/* --- pairs ------------------------------------------------------------------------------------ */

static enum kf_err find_index(const struct kf_panel *panel, const char *sector,
                              const struct kf_result **index, struct kf_error *err)
{
    *index = kf_panel_result(panel, KF_TOPIC_INDEX, sector, "", "index");
    return *index ? KF_OK
                  : kf_error_set(err, KF_ERR_CONFIG,
                                 "%s %d has no index of %s; `kf editions show "
                                 "%s` lists its sectors",
                                 panel->edition->id, panel->year, sector, panel->edition->id);
}

/* Members ascend in both. */
static void pair_up(const struct kf_panel *a, const struct kf_panel *b,
                    const struct kf_result *index_a, const struct kf_result *index_b,
                    struct kf_side_by_side *self)
{
    const double *population_a = kf_panel_population(a);
    const double *population_b = kf_panel_population(b);
    size_t i = 0;
    size_t j = 0;
    while (i < a->members_len || j < b->members_len) {
        int order = i == a->members_len   ? 1
                    : j == b->members_len ? -1
                                          : strcmp(a->members[i], b->members[j]);
        bool has_a = order <= 0 && kf_cell_has_value(index_a->status[i]);
        bool has_b = order >= 0 && kf_cell_has_value(index_b->status[j]);
        if (has_a && has_b) {
            self->pairs[self->count++] = (struct kf_pair){
                .municipality = a->members[i],
                .a = index_a->values[i],
                .b = index_b->values[j],
                .population_a = population_a[i],
                .population_b = population_b[j],
            };
        } else if (has_a) {
            self->only_a[self->only_a_len++] = a->members[i];
        } else if (has_b) {
            self->only_b[self->only_b_len++] = b->members[j];
        }
        i += order <= 0;
        j += order >= 0;
    }
}

static enum kf_err columns_new(struct kf_arena *arena, size_t count, struct columns *columns,
                               struct kf_error *err)
{
    *columns = (struct columns){
        .a = kf_arena_calloc(arena, count, sizeof(double)),
        .b = kf_arena_calloc(arena, count, sizeof(double)),
        .ranks_a = kf_arena_calloc(arena, count, sizeof(double)),
        .ranks_b = kf_arena_calloc(arena, count, sizeof(double)),
        .people = kf_arena_calloc(arena, count, sizeof(double)),
    };
    bool complete =
        columns->a && columns->b && columns->ranks_a && columns->ranks_b && columns->people;
    return complete ? KF_OK : kf_error_set(err, KF_ERR_MEMORY, "no memory to compare indices");
}

/* scale · x / mean (METHOD A6). */
static enum kf_err renormalize(double *values, const double *people, size_t count, double scale,
                               struct kf_error *err)
{
    double mean = kf_mean_weighted(values, people, count);
    if (!(mean > 0)) {
        return kf_error_set(err, KF_ERR_DATA, "the mean of the common group is %g, not above 0",
                            mean);
    }
    for (size_t i = 0; i < count; i++) {
        values[i] = scale * values[i] / mean;
    }
    return KF_OK;
}

static enum kf_err renormalize_both(const struct kf_side_by_side *self,
                                    const struct columns *columns, double scale,
                                    struct kf_error *err)
{
    for (size_t i = 0; i < self->count; i++) {
        columns->people[i] = self->pairs[i].population_a;
    }
    enum kf_err code = renormalize(columns->a, columns->people, self->count, scale, err);
    for (size_t i = 0; i < self->count; i++) {
        columns->people[i] = self->pairs[i].population_b;
    }
    return code == KF_OK ? renormalize(columns->b, columns->people, self->count, scale, err) : code;
}

/* --- what is told ----------------------------------------------------------------------------- */

static void describe(struct kf_side_by_side *self, const struct columns *columns)
{
    size_t count = self->count;
    double spearman = 0;
    struct kf_sum distance = {0};
    kf_mean_ranks(columns->a, columns->ranks_a, count);
    kf_mean_ranks(columns->b, columns->ranks_b, count);
    self->correlated = kf_correlation(columns->a, columns->b, count, &self->pearson) &&
                       kf_correlation(columns->ranks_a, columns->ranks_b, count, &spearman);
    self->spearman = spearman;
    kf_rank(columns->a, columns->ranks_a, count);
    kf_rank(columns->b, columns->ranks_b, count);
    for (size_t i = 0; i < count; i++) {
        self->pairs[i].a = columns->a[i];
        self->pairs[i].b = columns->b[i];
        self->pairs[i].rank_a = columns->ranks_a[i];
        self->pairs[i].rank_b = columns->ranks_b[i];
        kf_sum_add(&distance, fabs(columns->b[i] - columns->a[i]));
    }
    self->mean_absolute_difference = count > 0 ? kf_sum_value(&distance) / (double)count : 0;
}

static enum kf_err fill(struct kf_side_by_side *self, double scale, bool normalize,
                        struct kf_arena *arena, struct kf_error *err)
{
    struct columns columns = {0};
    enum kf_err code = columns_new(arena, self->count + 1, &columns, err);
    for (size_t i = 0; code == KF_OK && i < self->count; i++) {
        columns.a[i] = self->pairs[i].a;
        columns.b[i] = self->pairs[i].b;
    }
    if (code == KF_OK && normalize && self->count > 0) {
        code = renormalize_both(self, &columns, scale, err);
    }
    if (code == KF_OK) {
        describe(self, &columns);
    }
    return code;
}

enum kf_err kf_side_by_side_make(const struct kf_side_by_side_input *input, struct kf_arena *arena,
                                 struct kf_side_by_side *result, struct kf_error *err)
{
    const struct kf_panel *a = input->a;
    const struct kf_panel *b = input->b;
    const struct kf_result *index_a = NULL;
    const struct kf_result *index_b = NULL;
    enum kf_err code = find_index(a, input->sector, &index_a, err);
    if (code == KF_OK) {
        code = find_index(b, input->sector, &index_b, err);
    }
    if (code != KF_OK) {
        return code;
    }
    struct kf_side_by_side self = {
        .pairs = kf_arena_calloc(arena, a->members_len + 1, sizeof *self.pairs),
        .only_a = kf_arena_calloc(arena, a->members_len + 1, sizeof *self.only_a),
        .only_b = kf_arena_calloc(arena, b->members_len + 1, sizeof *self.only_b),
    };
    if (!self.pairs || !self.only_a || !self.only_b) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to compare indices");
    }
    pair_up(a, b, index_a, index_b, &self);
    code = fill(&self, a->edition->scale, input->renormalize, arena, err);
    if (code == KF_OK) {
        *result = self;
    }
    return code;
}
