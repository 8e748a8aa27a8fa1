/* Command lines of kf: options with one or several values, and plain words.
 *
 *     kf compute --edition asss-2010 --year 2010 --input a.csv b.csv --format json
 *
 * An option that may be given several values takes all words up to the next option. `--name=value`
 * works too; `--` ends the options. Faults name the option and the remedy.
 */
#ifndef KF_TOOLS_ARGUMENTS_H
#define KF_TOOLS_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/error.h"

#define KF_ARGUMENT_VALUES_MAX 1024

enum kf_argument_kind {
    KF_ARGUMENT_FLAG,
    KF_ARGUMENT_ONE,  /* exactly one value */
    KF_ARGUMENT_MANY, /* one value or more, and may be repeated */
};

struct kf_argument {
    const char *name; /* without the dashes */
    enum kf_argument_kind kind;
    const char *value;   /* what stands for the value in the help, e.g. FILE */
    const char *initial; /* default, or NULL */
    bool required;
    const char *help;
};

struct kf_arguments;

/* Reads `words`. KF_ERR_CONFIG with every fault, one a line, in `err`. */
enum kf_err kf_arguments_read(const struct kf_argument *table, size_t table_len, int words_len,
                              char *const *words, struct kf_arguments **arguments,
                              struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_arguments_destroy(struct kf_arguments **self);

/* True when the flag is given. */
bool kf_arguments_flag(const struct kf_arguments *self, const char *name);

/* The value, the default, or NULL. */
const char *kf_arguments_one(const struct kf_arguments *self, const char *name);

/* The values of an option that may have many; the plain words for name "". */
size_t kf_arguments_many(const struct kf_arguments *self, const char *name,
                         const char *const **values);

#endif
