#include "tools/kf/explain_graph.h"

#include <math.h>

#include "common/base/numbers.h"
#include "common/model/cell.h"
#include "services/normalize/scale.h"

static const char *const names[KF_EXPLAIN_OPERATIONS] = {
    [KF_EXPLAIN_CELL] = "cell",
    [KF_EXPLAIN_NUMBER] = "number",
    [KF_EXPLAIN_ESTIMATE] = "estimate",
    [KF_EXPLAIN_SAME] = "same",
    [KF_EXPLAIN_SUM] = "sum",
    [KF_EXPLAIN_MEAN] = "mean",
    [KF_EXPLAIN_PRODUCT] = "product",
    [KF_EXPLAIN_QUOTIENT] = "quotient",
    [KF_EXPLAIN_DIFFERENCE] = "difference",
    [KF_EXPLAIN_SCALED] = "scaled",
    [KF_EXPLAIN_STANDARDIZED] = "standardized",
    [KF_EXPLAIN_PERCENT_ABOVE] = "percent_above",
    [KF_EXPLAIN_MEAN_GROWTH] = "mean_growth",
    [KF_EXPLAIN_DIFFERENCE_QUOTIENT] = "difference_quotient",
    [KF_EXPLAIN_MINIMUM] = "minimum",
    [KF_EXPLAIN_MAXIMUM] = "maximum",
    [KF_EXPLAIN_MEDIAN] = "median",
    [KF_EXPLAIN_MEAN_ABSOLUTE] = "mean_absolute",
    [KF_EXPLAIN_SD_WEIGHTED] = "sd_weighted",
    [KF_EXPLAIN_SD_UNWEIGHTED] = "sd_unweighted",
    [KF_EXPLAIN_RANK] = "rank",
    [KF_EXPLAIN_ROUNDED] = "rounded",
    [KF_EXPLAIN_MEAN_DISTANCE] = "mean_distance",
    [KF_EXPLAIN_R_SQUARED] = "r_squared",
    [KF_EXPLAIN_CORRELATION] = "correlation",
    [KF_EXPLAIN_COUNT_ABOVE] = "count_above",
    [KF_EXPLAIN_SUM_ABOVE] = "sum_above",
    [KF_EXPLAIN_EXCESS] = "excess",
};

const char *kf_explain_operation_name(enum kf_explain_operation operation)
{
    return operation > 0 && operation < KF_EXPLAIN_OPERATIONS ? names[operation] : "";
}

bool kf_explain_is_leaf(const struct kf_explain_node *self)
{
    return self->rule && (self->rule->operation == KF_EXPLAIN_CELL ||
                          self->rule->operation == KF_EXPLAIN_NUMBER ||
                          self->rule->operation == KF_EXPLAIN_ESTIMATE);
}

static double part(const struct kf_explain_node *self, size_t i)
{
    return self->parts[i].node->value;
}

static double weight(const struct kf_explain_node *self, size_t i)
{
    return self->parts[i].weight ? self->parts[i].weight->value : 1;
}

static double sum(const struct kf_explain_node *self)
{
    struct kf_sum total = {0};
    for (size_t i = 0; i < self->parts_len; i++) {
        kf_sum_add(&total, weight(self, i) * part(self, i));
    }
    return kf_sum_value(&total);
}

static double weights(const struct kf_explain_node *self)
{
    struct kf_sum total = {0};
    for (size_t i = 0; i < self->parts_len; i++) {
        kf_sum_add(&total, weight(self, i));
    }
    return kf_sum_value(&total);
}

static double mean(const struct kf_explain_node *self)
{
    return sum(self) / weights(self);
}

static double product(const struct kf_explain_node *self)
{
    double result = 1;
    for (size_t i = 0; i < self->parts_len; i++) {
        result *= part(self, i);
    }
    return result;
}

static double difference(const struct kf_explain_node *self)
{
    struct kf_sum total = {0};
    for (size_t i = 0; i < self->parts_len; i++) {
        kf_sum_add(&total, (i ? -1 : 1) * weight(self, i) * part(self, i));
    }
    return kf_sum_value(&total);
}

/* Members that do not differ all get the scale. */
static double standardized(const struct kf_explain_node *self)
{
    if (!kf_indicator_varies(part(self, 4), fmax(fabs(part(self, 2)), fabs(part(self, 3))))) {
        return part(self, 0);
    }
    return part(self, 0) * (1 + part(self, 1) * (part(self, 2) - part(self, 3)) / part(self, 4));
}

static double percent_above(const struct kf_explain_node *self)
{
    return 100 * (part(self, 0) / part(self, 1) - 1);
}

static double mean_growth(const struct kf_explain_node *self)
{
    return 100 * (pow(part(self, 0) / part(self, 1), 1 / part(self, 2)) - 1);
}

static double difference_quotient(const struct kf_explain_node *self)
{
    return (part(self, 0) - part(self, 1)) / part(self, 2);
}

static double minimum(const struct kf_explain_node *self)
{
    double least = INFINITY;
    for (size_t i = 0; i < self->parts_len; i++) {
        least = fmin(least, part(self, i));
    }
    return least;
}

static double maximum(const struct kf_explain_node *self)
{
    double most = -INFINITY;
    for (size_t i = 0; i < self->parts_len; i++) {
        most = fmax(most, part(self, i));
    }
    return most;
}

/* How many parts are below and how many are at most `value`. */
static void place_of(const struct kf_explain_node *self, double value, size_t *below,
                     size_t *at_most)
{
    *below = 0;
    *at_most = 0;
    for (size_t i = 0; i < self->parts_len; i++) {
        *below += part(self, i) < value;
        *at_most += part(self, i) <= value;
    }
}

/* The part that stands at `rank` (from 0) when they ascend. */
static double ranked(const struct kf_explain_node *self, size_t rank)
{
    for (size_t i = 0; i < self->parts_len; i++) {
        size_t below = 0;
        size_t at_most = 0;
        place_of(self, part(self, i), &below, &at_most);
        if (below <= rank && rank < at_most) {
            return part(self, i);
        }
    }
    return NAN;
}

static double median(const struct kf_explain_node *self)
{
    size_t n = self->parts_len;
    return n % 2 ? ranked(self, n / 2) : (ranked(self, n / 2 - 1) + ranked(self, n / 2)) / 2;
}

static double mean_absolute(const struct kf_explain_node *self)
{
    struct kf_sum total = {0};
    for (size_t i = 0; i < self->parts_len; i++) {
        kf_sum_add(&total, fabs(part(self, i)));
    }
    return kf_sum_value(&total) / (double)self->parts_len;
}

/* Σ w (p − m)² / Σ w, in as many digits as the stages have: parts that are equal have none. */
static double variance(const struct kf_explain_node *self)
{
    struct kf_wide whole = kf_wide_from(0);
    struct kf_wide weighted = kf_wide_from(0);
    struct kf_wide squares = kf_wide_from(0);
    for (size_t i = 0; i < self->parts_len; i++) {
        struct kf_wide by = kf_wide_from(weight(self, i));
        whole = kf_wide_add(whole, by);
        weighted = kf_wide_add(weighted, kf_wide_mul(by, kf_wide_from(part(self, i))));
    }
    struct kf_wide centre = kf_wide_div(weighted, whole);
    for (size_t i = 0; i < self->parts_len; i++) {
        struct kf_wide distance = kf_wide_sub(kf_wide_from(part(self, i)), centre);
        struct kf_wide square = kf_wide_mul(distance, distance);
        squares = kf_wide_add(squares, kf_wide_mul(kf_wide_from(weight(self, i)), square));
    }
    return kf_wide_value(kf_wide_div(squares, whole));
}

static double sd_weighted(const struct kf_explain_node *self)
{
    double n = (double)self->parts_len;
    return n > 1 ? sqrt(n / (n - 1) * variance(self)) : 0;
}

static double sd_unweighted(const struct kf_explain_node *self)
{
    return sqrt(variance(self));
}

/* --- pairs ------------------------------------------------------------------------------------ */

/* Weighted sums over the pairs p, q. */
struct pairs {
    struct kf_wide weights;
    struct kf_wide absolute; /* |p − q| */
    struct kf_wide squared;  /* (p − q)² */
    struct kf_wide of_p;     /* (p − m)², m the mean of p */
    struct kf_wide of_q;
    struct kf_wide of_both; /* (p − m)(q − mean of q) */
};

static void add_to(struct kf_wide *sum, struct kf_wide by, struct kf_wide a, struct kf_wide b)
{
    *sum = kf_wide_add(*sum, kf_wide_mul(by, kf_wide_mul(a, b)));
}

/* Σ w x / Σ w of every second part from `first` on. */
static struct kf_wide mean_of(const struct kf_explain_node *self, size_t first)
{
    struct kf_wide weighted = kf_wide_from(0);
    struct kf_wide whole = kf_wide_from(0);
    for (size_t i = 0; i + 1 < self->parts_len; i += 2) {
        struct kf_wide by = kf_wide_from(weight(self, i));
        add_to(&weighted, by, kf_wide_from(part(self, i + first)), kf_wide_from(1));
        whole = kf_wide_add(whole, by);
    }
    return kf_wide_div(weighted, whole);
}

static struct pairs pairs_of(const struct kf_explain_node *self)
{
    struct pairs sums = {0};
    struct kf_wide p_mean = mean_of(self, 0);
    struct kf_wide q_mean = mean_of(self, 1);
    for (size_t i = 0; i + 1 < self->parts_len; i += 2) {
        struct kf_wide by = kf_wide_from(weight(self, i));
        struct kf_wide p = kf_wide_from(part(self, i));
        struct kf_wide q = kf_wide_from(part(self, i + 1));
        struct kf_wide apart = kf_wide_sub(p, q);
        struct kf_wide p_apart = kf_wide_sub(p, p_mean);
        struct kf_wide q_apart = kf_wide_sub(q, q_mean);
        sums.weights = kf_wide_add(sums.weights, by);
        add_to(&sums.absolute, by, apart, kf_wide_from(apart.high < 0 ? -1 : 1));
        add_to(&sums.squared, by, apart, apart);
        add_to(&sums.of_p, by, p_apart, p_apart);
        add_to(&sums.of_q, by, q_apart, q_apart);
        add_to(&sums.of_both, by, p_apart, q_apart);
    }
    return sums;
}

static double mean_distance(const struct kf_explain_node *self)
{
    struct pairs sums = pairs_of(self);
    return kf_wide_value(kf_wide_div(sums.absolute, sums.weights));
}

static double r_squared(const struct kf_explain_node *self)
{
    struct pairs sums = pairs_of(self);
    return 1 - kf_wide_value(kf_wide_div(sums.squared, sums.of_p));
}

static double correlation(const struct kf_explain_node *self)
{
    struct pairs sums = pairs_of(self);
    struct kf_wide spread = kf_wide_sqrt(kf_wide_mul(sums.of_p, sums.of_q));
    return kf_wide_value(kf_wide_div(sums.of_both, spread));
}

/* --- what each operation is ------------------------------------------------------------------- */

static double count_above(const struct kf_explain_node *self)
{
    size_t above = 0;
    for (size_t i = 1; i < self->parts_len; i++) {
        above += part(self, i) > part(self, 0);
    }
    return (double)above;
}

static double rank(const struct kf_explain_node *self)
{
    return count_above(self) + 1;
}

/* Σ p − less over those of p2, p3, … that are above p1. */
static double sum_of_those_above(const struct kf_explain_node *self, double less)
{
    struct kf_wide total = kf_wide_from(0);
    for (size_t i = 1; i < self->parts_len; i++) {
        if (part(self, i) > part(self, 0)) {
            total = kf_wide_add(total, kf_two_sum(part(self, i), -less));
        }
    }
    return kf_wide_value(total);
}

static double sum_above(const struct kf_explain_node *self)
{
    return sum_of_those_above(self, 0);
}

static double excess(const struct kf_explain_node *self)
{
    return sum_of_those_above(self, part(self, 0));
}

/* The value itself when it is a neighbour of p1 on the multiples of p2, else p1's nearest. */
static double rounded(const struct kf_explain_node *self)
{
    double step = part(self, 1);
    double nearest = round(self->value / step) * step;
    bool neighbour = fabs(nearest - part(self, 0)) < step * (1 + KF_EXPLAIN_TOLERANCE);
    return neighbour ? nearest : round(part(self, 0) / step) * step;
}

static double same(const struct kf_explain_node *self)
{
    return part(self, 0);
}

static double quotient(const struct kf_explain_node *self)
{
    return part(self, 0) / part(self, 1);
}

static double scaled(const struct kf_explain_node *self)
{
    return part(self, 0) * part(self, 1) / part(self, 2);
}

/* How each operation is carried out, and on how many parts at least. */
static const struct {
    double (*compute)(const struct kf_explain_node *self);
    size_t parts;
} operations[KF_EXPLAIN_OPERATIONS] = {
    [KF_EXPLAIN_SAME] = {same, 1},
    [KF_EXPLAIN_SUM] = {sum, 0},
    [KF_EXPLAIN_MEAN] = {mean, 1},
    [KF_EXPLAIN_PRODUCT] = {product, 1},
    [KF_EXPLAIN_QUOTIENT] = {quotient, 2},
    [KF_EXPLAIN_DIFFERENCE] = {difference, 1},
    [KF_EXPLAIN_SCALED] = {scaled, 3},
    [KF_EXPLAIN_STANDARDIZED] = {standardized, 5},
    [KF_EXPLAIN_PERCENT_ABOVE] = {percent_above, 2},
    [KF_EXPLAIN_MEAN_GROWTH] = {mean_growth, 3},
    [KF_EXPLAIN_DIFFERENCE_QUOTIENT] = {difference_quotient, 3},
    [KF_EXPLAIN_MINIMUM] = {minimum, 1},
    [KF_EXPLAIN_MAXIMUM] = {maximum, 1},
    [KF_EXPLAIN_MEDIAN] = {median, 1},
    [KF_EXPLAIN_MEAN_ABSOLUTE] = {mean_absolute, 1},
    [KF_EXPLAIN_SD_WEIGHTED] = {sd_weighted, 1},
    [KF_EXPLAIN_SD_UNWEIGHTED] = {sd_unweighted, 1},
    [KF_EXPLAIN_RANK] = {rank, 1},
    [KF_EXPLAIN_ROUNDED] = {rounded, 2},
    [KF_EXPLAIN_MEAN_DISTANCE] = {mean_distance, 2},
    [KF_EXPLAIN_R_SQUARED] = {r_squared, 2},
    [KF_EXPLAIN_CORRELATION] = {correlation, 2},
    [KF_EXPLAIN_COUNT_ABOVE] = {count_above, 1},
    [KF_EXPLAIN_SUM_ABOVE] = {sum_above, 1},
    [KF_EXPLAIN_EXCESS] = {excess, 1},
};

static bool has_values(const struct kf_explain_node *self)
{
    for (size_t i = 0; i < self->parts_len; i++) {
        const struct kf_explain_part *at = &self->parts[i];
        if (!kf_cell_has_value(at->node->status) ||
            (at->weight && !kf_cell_has_value(at->weight->status))) {
            return false;
        }
    }
    return true;
}

/* As the stage lays it down: on the grid, or with so many decimals. */
static double on_its_places(const struct kf_explain_node *self, double value)
{
    if (self->grid > 0) {
        return kf_grid(value, self->grid);
    }
    return self->decimals > 0 ? kf_wide_value(kf_wide_decimals(kf_wide_from(value), self->decimals))
                              : value;
}

bool kf_explain_evaluate(const struct kf_explain_node *self, double *value)
{
    if (!self->rule || !operations[self->rule->operation].compute ||
        self->parts_len < operations[self->rule->operation].parts || !has_values(self)) {
        return false;
    }
    double result = operations[self->rule->operation].compute(self);
    if (!isfinite(result)) {
        return false;
    }
    *value = on_its_places(self, result);
    return true;
}

double kf_explain_grid_step(double scale)
{
    double step = 1;
    while (kf_grid(step / 2, scale) == step / 2) {
        step /= 2;
    }
    return step;
}

/* The least size of what an operation is computed by way of; 0 for most. */
static double least_magnitude(const struct kf_explain_node *self)
{
    switch (self->rule->operation) {
    case KF_EXPLAIN_PERCENT_ABOVE:
    case KF_EXPLAIN_MEAN_GROWTH:
        return 100;
    case KF_EXPLAIN_R_SQUARED:
    case KF_EXPLAIN_CORRELATION:
        return 1;
    case KF_EXPLAIN_DIFFERENCE_QUOTIENT:
        return fmax(fabs(part(self, 0)), fabs(part(self, 1))) / fabs(part(self, 2));
    default:
        return 0;
    }
}

/* The size of the numbers that the value is made of: what its last digits are relative to. */
static double magnitude(const struct kf_explain_node *self)
{
    enum kf_explain_operation operation = self->rule->operation;
    double largest = fmax(fabs(self->value), least_magnitude(self));
    bool differs = operation == KF_EXPLAIN_SUM || operation == KF_EXPLAIN_DIFFERENCE ||
                   operation == KF_EXPLAIN_MEAN || operation == KF_EXPLAIN_SD_WEIGHTED ||
                   operation == KF_EXPLAIN_SD_UNWEIGHTED;
    for (size_t i = 0; differs && i < self->parts_len; i++) {
        largest = fmax(largest, fabs(weight(self, i) * part(self, i)));
    }
    if (operation == KF_EXPLAIN_MEAN_DISTANCE || operation == KF_EXPLAIN_EXCESS) {
        largest = fmax(largest, maximum(self));
    }
    if (operation == KF_EXPLAIN_STANDARDIZED && part(self, 4) > 0) { /* p3 and p4 nearly cancel */
        largest =
            fmax(largest, fabs(part(self, 0) * part(self, 1) * part(self, 3) / part(self, 4)));
    }
    if (self->decimals > 0) { /* a half may be rounded up here and down there */
        largest = fmax(largest, 2 * pow(10, -self->decimals) / KF_EXPLAIN_TOLERANCE);
    }
    return fmax(largest, self->grid);
}

bool kf_explain_agrees(const struct kf_explain_node *self)
{
    if (!self->expanded || kf_explain_is_leaf(self) || !kf_cell_has_value(self->status)) {
        return true;
    }
    double again = 0;
    return kf_explain_evaluate(self, &again) &&
           fabs(again - self->value) <= KF_EXPLAIN_TOLERANCE * magnitude(self);
}
