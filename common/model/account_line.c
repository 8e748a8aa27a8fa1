#include "common/model/account_line.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/base/numbers.h"
#include "common/model/cell.h"

/* A variable with an account, by the hierarchies of one year. */
struct sum {
    const struct kf_account *account;
    struct kf_account_weights weights;
    double factor; /* from 1000 kr to the variable's unit */
    uint16_t variable;
    bool sound; /* the year has what the account names */
};

struct summing {
    const struct kf_account_summing *options;
    struct sum *sums;
    size_t sums_len;
    int year; /* whose hierarchies `sums` go by; 0 at first */
};

/* --- order ----------------------------------------------------------------------------------- */

/* Years first: the hierarchies of a year are expanded once. */
static uint64_t rank(const struct kf_account_line *line)
{
    uint64_t whose = (uint64_t)line->year << 16 | line->municipality;
    uint64_t what = (uint64_t)(line->class == KF_ACCOUNT_INVESTMENT) << 25 |
                    (uint64_t)(line->scope & 1U) << 24 | (uint64_t)line->function << 12 | line->art;
    return whose << 26 | what;
}

static int compare(const void *left, const void *right)
{
    const struct kf_account_line *a = left;
    const struct kf_account_line *b = right;
    uint64_t first = rank(a);
    uint64_t second = rank(b);
    return first != second ? (first > second) - (first < second)
                           : (a->line > b->line) - (a->line < b->line);
}

void kf_account_lines_sort(struct kf_account_line *lines, size_t count)
{
    if (count > 0) {
        qsort(lines, count, sizeof *lines, compare);
    }
}

bool kf_account_lines_equal(const struct kf_account_line *a, const struct kf_account_line *b)
{
    return rank(a) == rank(b);
}

/* --- sums ------------------------------------------------------------------------------------ */

static enum kf_err list_sums(struct summing *self, struct kf_error *err)
{
    size_t count = 0;
    const struct kf_variable *all = kf_variables_all(self->options->variables, &count);
    size_t room = 0;
    for (size_t i = 0; i < count; i++) {
        room += all[i].account != NULL;
    }
    self->sums = kf_calloc(room + 1, sizeof *self->sums);
    if (!self->sums) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for %zu sums of accounts", room);
    }
    for (size_t i = 0; i < count; i++) {
        if (all[i].account) {
            self->sums[self->sums_len++] = (struct sum){
                .account = all[i].account,
                .variable = (uint16_t)i,
                .factor = strcmp(all[i].unit, "kr") == 0 ? 1000 : 1,
            };
        }
    }
    return KF_OK;
}

static void use_year(struct summing *self, int year)
{
    if (self->year == year) {
        return;
    }
    for (size_t i = 0; i < self->sums_len; i++) {
        struct sum *sum = &self->sums[i];
        sum->sound = kf_accounts_expand(self->options->accounts, year, sum->account, &sum->weights);
    }
    self->year = year;
}

/* How often the line counts in the sum. */
static int weight_of(const struct sum *sum, const struct kf_account_line *line)
{
    return sum->weights.functions[line->function] * sum->weights.arts[line->scope & 1U][line->art];
}

/* 0.1 + 0.2 − 0.3 leaves a digit of the wide numbers, far below any figure. */
static double figure_of(struct kf_wide total, double factor)
{
    double value = kf_wide_value(kf_wide_mul(total, kf_wide_from(factor)));
    return fabs(value) < KF_FIGURE_MIN ? 0 : kf_figure_canonical(value);
}

/* Fills the value and, when a line counts, the first of those that do. */
static void sum_lines(const struct sum *sum, const struct kf_account_line *lines, size_t count,
                      struct kf_observation *row)
{
    struct kf_wide total = kf_wide_from(0);
    uint32_t first = UINT32_MAX;
    for (size_t i = 0; i < count; i++) {
        int weight = lines[i].class == sum->account->class ? weight_of(sum, &lines[i]) : 0;
        if (weight != 0) {
            struct kf_wide amount = kf_wide_from_figure(lines[i].amount);
            total = kf_wide_add(total, kf_wide_mul(amount, kf_wide_from(weight)));
            first = lines[i].line < first ? lines[i].line : first;
        }
    }
    row->value = figure_of(total, sum->factor);
    row->line = first < UINT32_MAX ? first : row->line;
}

/* True when the municipality reported own accounts of the class. */
static bool is_reported(const struct kf_account_line *lines, size_t count, uint8_t class)
{
    for (size_t i = 0; i < count; i++) {
        if (lines[i].class == class && lines[i].scope == KF_ACCOUNT_TREASURY) {
            return true;
        }
    }
    return false;
}

/* The lines of one municipality and year. */
static enum kf_err sum_group(struct summing *self, const struct kf_account_line *lines,
                             size_t count, struct kf_error *err)
{
    int year = kf_accounts_year(self->options->accounts, lines->year);
    const bool reported[] = {is_reported(lines, count, KF_ACCOUNT_OPERATING),
                             is_reported(lines, count, KF_ACCOUNT_INVESTMENT)};
    enum kf_err code = KF_OK;
    use_year(self, year);
    for (size_t i = 0; code == KF_OK && i < self->sums_len; i++) {
        const struct sum *sum = &self->sums[i];
        if (!sum->sound || !reported[sum->account->class == KF_ACCOUNT_INVESTMENT]) {
            continue;
        }
        struct kf_observation row = {.line = lines->line,
                                     .year = lines->year,
                                     .variable = sum->variable,
                                     .municipality = lines->municipality,
                                     .status =
                                         year == lines->year ? KF_CELL_VALUE : KF_CELL_INFERRED};
        sum_lines(sum, lines, count, &row);
        code = self->options->sink(self->options->context, &row, err);
    }
    return code;
}

enum kf_err kf_account_lines_sum(const struct kf_account_summing *options,
                                 const struct kf_account_line *lines, size_t count,
                                 struct kf_error *err)
{
    struct summing self = {.options = options};
    enum kf_err code = list_sums(&self, err);
    size_t first = 0;
    while (code == KF_OK && first < count) {
        size_t end = first;
        while (end < count && lines[end].municipality == lines[first].municipality &&
               lines[end].year == lines[first].year) {
            end++;
        }
        code = sum_group(&self, &lines[first], end - first, err);
        first = end;
    }
    kf_free(self.sums);
    return code;
}
