#include "common/service/option_value.h"

#include <stdio.h>
#include <string.h>

#include "common/bus/endpoint_path.h"
#include "common/service/http_address.h"

struct unit {
    enum kf_option_type type;
    const char *suffix;
    int64_t factor;
};

/* Of each type the largest first, for printing. */
static const struct unit units[] = {
    {KF_OPTION_WHOLE, "", 1},
    {KF_OPTION_BYTES, "G", (int64_t)1 << 30},
    {KF_OPTION_BYTES, "M", (int64_t)1 << 20},
    {KF_OPTION_BYTES, "K", (int64_t)1 << 10},
    {KF_OPTION_BYTES, "", 1},
    {KF_OPTION_DURATION_MS, "h", 3600000},
    {KF_OPTION_DURATION_MS, "min", 60000},
    {KF_OPTION_DURATION_MS, "s", 1000},
    {KF_OPTION_DURATION_MS, "ms", 1},
};
#define UNITS (sizeof units / sizeof units[0])

static const char *const forms[] = {
    [KF_OPTION_TEXT] = "a text",
    [KF_OPTION_WHOLE] = "a whole number such as 8",
    [KF_OPTION_BYTES] = "a whole number, with K, M or G behind it if need be, such as 64M",
    [KF_OPTION_DURATION_MS] = "a whole number and ms, s, min or h, such as 500ms or 2s",
    [KF_OPTION_FLAG] = "true or false",
    [KF_OPTION_CHOICE] = "one of the words",
    [KF_OPTION_ENDPOINT] = "ipc://PATH or tcp://HOST:PORT",
    [KF_OPTION_ENDPOINTS] = "ipc://PATH or tcp://HOST:PORT, several joined by commas",
    [KF_OPTION_ADDRESS] = "a numeric address such as 127.0.0.1",
};

bool kf_option_is_number(const struct kf_option *option)
{
    return option->type == KF_OPTION_WHOLE || option->type == KF_OPTION_BYTES ||
           option->type == KF_OPTION_DURATION_MS;
}

bool kf_option_is_bounded(const struct kf_option *option)
{
    return kf_option_is_number(option) && (option->minimum != 0 || option->maximum != 0);
}

void kf_option_number_print(enum kf_option_type type, int64_t number, struct kf_text *text)
{
    const struct unit *best = NULL;
    for (size_t i = 0; i < UNITS && !best; i++) {
        if (units[i].type == type && number % units[i].factor == 0 &&
            (number != 0 || units[i].factor == 1)) {
            best = &units[i];
        }
    }
    kf_text_add_format(text, "%lld%s", (long long)(best ? number / best->factor : number),
                       best ? best->suffix : "");
}

static bool fail(struct kf_option_fault *fault, const char *problem, const char *remedy)
{
    (void)snprintf(fault->problem, sizeof fault->problem, "%s", problem);
    (void)snprintf(fault->remedy, sizeof fault->remedy, "%s", remedy);
    return false;
}

static bool fail_as(const struct kf_option *option, const char *problem,
                    struct kf_option_fault *fault)
{
    char remedy[KF_OPTION_FAULT_SIZE];
    const char *form = forms[option->type];
    if (option->choices) {
        (void)snprintf(remedy, sizeof remedy, "give %s, or the word %s", form, option->choices);
    } else {
        (void)snprintf(remedy, sizeof remedy, "give %s", form);
    }
    return fail(fault, problem, remedy);
}

static bool fail_form(const struct kf_option *option, struct kf_option_fault *fault)
{
    char problem[KF_OPTION_FAULT_SIZE];
    (void)snprintf(problem, sizeof problem, "is not %s", forms[option->type]);
    return fail_as(option, problem, fault);
}

static bool fail_bounds(const struct kf_option *option, bool below, struct kf_option_fault *fault)
{
    struct kf_text bounds;
    kf_text_init(&bounds, KF_OPTION_FAULT_SIZE);
    kf_option_number_print(option->type, option->minimum, &bounds);
    kf_text_add(&bounds, " to ");
    kf_option_number_print(option->type, option->maximum, &bounds);
    (void)snprintf(fault->problem, sizeof fault->problem, "is too %s", below ? "small" : "large");
    (void)snprintf(fault->remedy, sizeof fault->remedy, "give %s", bounds.bytes);
    kf_text_clear(&bounds);
    return false;
}

static const struct unit *find_unit(enum kf_option_type type, const char *suffix)
{
    for (size_t i = 0; i < UNITS; i++) {
        if (units[i].type == type && strcmp(units[i].suffix, suffix) == 0) {
            return &units[i];
        }
    }
    return NULL;
}

static bool parse_number(enum kf_option_type type, const char *text, int64_t *number)
{
    bool negative = type == KF_OPTION_WHOLE && text[0] == '-';
    const char *digits = text + negative;
    size_t length = strspn(digits, "0123456789");
    const struct unit *unit = find_unit(type, digits + length);
    unsigned long whole = 0;
    if (!unit ||
        !kf_text_to_unsigned(digits, length, (unsigned long)(INT64_MAX / unit->factor), &whole)) {
        return false;
    }
    int64_t value = (int64_t)whole * unit->factor;
    *number = negative ? -value : value;
    return true;
}

static bool read_number(const struct kf_option *option, const char *text,
                        struct kf_option_value *value, struct kf_option_fault *fault)
{
    int64_t number = 0;
    if (option->choices && strcmp(text, option->choices) == 0) {
        value->number = option->minimum;
        return true;
    }
    if (!parse_number(option->type, text, &number)) {
        return fail_form(option, fault);
    }
    if (kf_option_is_bounded(option) && (number < option->minimum || number > option->maximum)) {
        return fail_bounds(option, number < option->minimum, fault);
    }
    value->number = number;
    return true;
}

static bool read_flag(const struct kf_option *option, const char *text,
                      struct kf_option_value *value, struct kf_option_fault *fault)
{
    bool yes = strcmp(text, "true") == 0;
    if (!yes && strcmp(text, "false") != 0) {
        return fail_form(option, fault);
    }
    value->flag = yes;
    value->number = yes;
    return true;
}

/* The word's place in "a|b|c", from 0; -1 when it is none of them. */
static int64_t find_choice(const char *choices, const char *word)
{
    size_t length = strlen(word);
    int64_t index = 0;
    for (const char *c = choices; length > 0; c++, index++) {
        size_t here = strcspn(c, "|");
        if (here == length && memcmp(c, word, length) == 0) {
            return index;
        }
        c += here;
        if (!*c) {
            break;
        }
    }
    return -1;
}

static bool read_choice(const struct kf_option *option, const char *text,
                        struct kf_option_value *value, struct kf_option_fault *fault)
{
    int64_t index = find_choice(option->choices, text);
    if (index < 0) {
        (void)snprintf(fault->problem, sizeof fault->problem, "is none of the words it may be");
        (void)snprintf(fault->remedy, sizeof fault->remedy, "give one of %s", option->choices);
        return false;
    }
    value->number = index;
    return true;
}

/* Empty stands for the default, which the settings know when the run directory is known. */
static bool read_endpoint(const struct kf_option *option, const char *text,
                          struct kf_option_fault *fault)
{
    struct kf_error err;
    if (text[0] == '\0' || (option->choices && strcmp(text, option->choices) == 0)) {
        return true;
    }
    enum kf_err code = option->type == KF_OPTION_ENDPOINT ? kf_endpoint_check(text, &err)
                                                          : kf_endpoints_check(text, &err);
    return code == KF_OK || fail_as(option, err.text, fault);
}

bool kf_option_value_read(const struct kf_option *option, const char *text,
                          struct kf_option_value *value, struct kf_option_fault *fault)
{
    size_t length = strlen(text);
    if (length > KF_OPTION_BYTES_MAX) {
        return fail(fault, "is too long", "give at most 4096 bytes");
    }
    if (!kf_text_is_utf8(text, length)) {
        return fail(fault, "is not UTF-8", "write it in UTF-8");
    }
    switch (option->type) {
    case KF_OPTION_FLAG:
        return read_flag(option, text, value, fault);
    case KF_OPTION_CHOICE:
        return read_choice(option, text, value, fault);
    case KF_OPTION_ENDPOINT:
    case KF_OPTION_ENDPOINTS:
        return read_endpoint(option, text, fault);
    case KF_OPTION_ADDRESS:
        return kf_http_is_address(text) || fail_form(option, fault);
    case KF_OPTION_TEXT:
        return true;
    default:
        return read_number(option, text, value, fault);
    }
}
