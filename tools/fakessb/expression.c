#include "tools/fakessb/expression.h"

#include <stdint.h>
#include <string.h>

#include "common/base/text.h"

#define ARGUMENT_SIZE 128

struct marking {
    const struct kf_fake_dimension *dimension;
    bool all;
    bool *flags;
    char first[ARGUMENT_SIZE]; /* arguments of the function */
    char second[ARGUMENT_SIZE];
};

static bool may_be(const struct marking *self, size_t code)
{
    return self->all || kf_fake_dimension_shows(self->dimension, code);
}

static size_t mark(struct marking *self, size_t from, size_t to)
{
    size_t marked = 0;
    for (size_t i = from; i < to; i++) {
        if (may_be(self, i)) {
            self->flags[i] = true;
            marked++;
        }
    }
    return marked;
}

/* * any characters, ? one; bounded: goes back to the last star only. */
static bool matches(const char *text, const char *pattern)
{
    const char *star = NULL;
    const char *retry = text;
    while (*text != '\0') {
        if (*pattern == '*') {
            star = pattern++;
            retry = text;
        } else if (*pattern == '?' || *pattern == *text) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star + 1;
            text = ++retry;
        } else {
            return false;
        }
    }
    return pattern[strspn(pattern, "*")] == '\0';
}

static size_t mark_pattern(struct marking *self, const char *pattern)
{
    size_t marked = 0;
    for (size_t i = 0; i < self->dimension->codes_len; i++) {
        if (matches(self->dimension->codes[i].code, pattern)) {
            marked += mark(self, i, i + 1);
        }
    }
    return marked;
}

/* --- functions ------------------------------------------------------------------------------- */

/* The number of codes, at least 1; 0 for anything else. */
static size_t whole(const char *text)
{
    unsigned long number = 0;
    bool sound = kf_text_to_unsigned(text, strlen(text), KF_FAKE_CODES_MAX, &number);
    return sound ? number : 0;
}

static size_t mark_bottom(struct marking *self)
{
    size_t wanted = whole(self->first);
    size_t marked = 0;
    for (size_t i = 0; i < self->dimension->codes_len && marked < wanted; i++) {
        marked += mark(self, i, i + 1);
    }
    return wanted == 0 ? KF_FAKE_EXPRESSION_ILLEGAL : marked;
}

static size_t mark_top(struct marking *self)
{
    size_t wanted = whole(self->first);
    size_t marked = 0;
    for (size_t i = self->dimension->codes_len; i-- > 0 && marked < wanted;) {
        marked += mark(self, i, i + 1);
    }
    return wanted == 0 ? KF_FAKE_EXPRESSION_ILLEGAL : marked;
}

static size_t mark_from(struct marking *self)
{
    size_t from = kf_fake_dimension_code(self->dimension, self->first);
    return from == SIZE_MAX ? 0 : mark(self, from, self->dimension->codes_len);
}

static size_t mark_to(struct marking *self)
{
    size_t to = kf_fake_dimension_code(self->dimension, self->first);
    return to == SIZE_MAX ? 0 : mark(self, 0, to + 1);
}

static size_t mark_range(struct marking *self)
{
    size_t from = kf_fake_dimension_code(self->dimension, self->first);
    size_t to = kf_fake_dimension_code(self->dimension, self->second);
    return from == SIZE_MAX || to == SIZE_MAX ? 0 : mark(self, from, to + 1);
}

static const struct function {
    const char *name;
    size_t arguments;
    size_t (*mark)(struct marking *self);
} functions[] = {
    {"top", 1, mark_top}, {"bottom", 1, mark_bottom}, {"from", 1, mark_from},
    {"to", 1, mark_to},   {"range", 2, mark_range},
};

static const struct function *find_function(const char *text)
{
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        size_t length = strlen(functions[i].name);
        if (strncmp(text, functions[i].name, length) == 0 && text[length] == '(') {
            return &functions[i];
        }
    }
    return NULL;
}

static bool copy(const char *text, size_t length, char argument[ARGUMENT_SIZE])
{
    if (length == 0 || length >= ARGUMENT_SIZE) {
        return false;
    }
    memcpy(argument, text, length);
    argument[length] = '\0';
    return true;
}

/* NAME(first[,second]) */
static bool read_arguments(struct marking *self, const struct function *function, const char *text)
{
    const char *inside = text + strlen(function->name) + 1;
    size_t length = strcspn(inside, ")");
    if (strcmp(inside + length, ")") != 0) {
        return false;
    }
    size_t first = strcspn(inside, ",)");
    bool two = first < length;
    if (two != (function->arguments == 2) || !copy(inside, first, self->first)) {
        return false;
    }
    return !two || (!memchr(inside + first + 1, ',', length - first - 1) &&
                    copy(inside + first + 1, length - first - 1, self->second));
}

bool kf_fake_expression_is_code(const char *text)
{
    return !find_function(text) && !strpbrk(text, "*?");
}

size_t kf_fake_expression_mark(const struct kf_fake_dimension *dimension, const char *text,
                               bool all, bool *flags)
{
    struct marking self = {.dimension = dimension, .all = all, .flags = flags};
    const struct function *function = find_function(text);
    if (function) {
        return read_arguments(&self, function, text) ? function->mark(&self)
                                                     : KF_FAKE_EXPRESSION_ILLEGAL;
    }
    return mark_pattern(&self, text);
}
