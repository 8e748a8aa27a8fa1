/* Lines of accounts to observations of the variables that are sums of them.
 *
 * What a municipality that reported does not mention it did not spend: once it has a line of a
 * class in its own accounts (kasse) in a year, every variable of that class has a figure, 0 when no
 * line is for it. Without any such line the figures are missing: nothing is observed.
 *
 * Where the hierarchies of an earlier year are used the figure is flagged `inferred`.
 */
#ifndef KF_MODEL_ACCOUNT_LINE_H
#define KF_MODEL_ACCOUNT_LINE_H

#include "common/model/account.h"
#include "common/model/observation.h"

struct kf_account_line {
    double amount; /* 1000 kr; a canonical figure */
    uint32_t line;
    uint16_t municipality;
    uint16_t year;
    uint16_t function;
    uint16_t art;
    uint8_t class; /* enum kf_account_class */
    uint8_t scope; /* treasury or undertakings */
};

/* Sorts by year, municipality, class, scope, function, art; equal ones stay in the order of their
 * lines in the file. */
void kf_account_lines_sort(struct kf_account_line *lines, size_t count);

/* True when both are for the same cell of the accounts. */
bool kf_account_lines_equal(const struct kf_account_line *a, const struct kf_account_line *b);

/* Called with every observation: year, municipality, variable, value (in the variable's unit),
 * status and the first line that counts in it; where none does, one of the municipality's lines of
 * that year. Anything but KF_OK ends the summing. */
typedef enum kf_err kf_account_sink(void *context, const struct kf_observation *row,
                                    struct kf_error *err);

/* Who sums, and for whom. */
struct kf_account_summing {
    const struct kf_accounts *accounts;
    const struct kf_variables *variables;
    kf_account_sink *sink;
    void *context;
};

/* Sums the sorted lines into every variable of the register that has an account, in exact decimals.
 * A variable whose groups or concepts the year's hierarchies do not have is not observed. */
enum kf_err kf_account_lines_sum(const struct kf_account_summing *options,
                                 const struct kf_account_line *lines, size_t count,
                                 struct kf_error *err);

#endif
