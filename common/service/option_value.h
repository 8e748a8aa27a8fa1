/* One value of one option: reading it from text, printing numbers with their units.
 * Internal to the settings. */
#ifndef KF_SERVICE_OPTION_VALUE_H
#define KF_SERVICE_OPTION_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/service/option.h"

#define KF_OPTION_FAULT_SIZE KF_ERROR_TEXT_MAX /* a fault may be what an error says */

struct kf_option_value {
    int64_t number;
    bool flag;
};

/* What is wrong with a value and what would be right. */
struct kf_option_fault {
    char problem[KF_OPTION_FAULT_SIZE];
    char remedy[KF_OPTION_FAULT_SIZE];
};

/* Reads `text` as a value of `option`. False fills `fault` and leaves `value` unchanged. */
bool kf_option_value_read(const struct kf_option *option, const char *text,
                          struct kf_option_value *value, struct kf_option_fault *fault);

/* Appends `number` in the largest unit of `type` that divides it: 5min, 64M, 8. */
void kf_option_number_print(enum kf_option_type type, int64_t number, struct kf_text *text);

/* True for types whose value is a number. */
bool kf_option_is_number(const struct kf_option *option);

/* True when the option's numbers have bounds. */
bool kf_option_is_bounded(const struct kf_option *option);

#endif
