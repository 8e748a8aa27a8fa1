/* The request line's path and parameters, taken apart. Pure.
 *
 * Percent signs are undone, + is a space. What does not fit is a fault: a URL is short.
 */
#ifndef KF_FAKESSB_QUERY_H
#define KF_FAKESSB_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#define KF_FAKE_URL_MAX        2100 /* beyond, Statistics Norway answers with a page of HTML */
#define KF_FAKE_PARAMETERS_MAX 64

struct kf_fake_parameter {
    const char *name;
    const char *value;
};

struct kf_fake_query {
    char bytes[KF_FAKE_URL_MAX + 2]; /* what the texts below point into */
    const char *path;
    struct kf_fake_parameter parameters[KF_FAKE_PARAMETERS_MAX];
    size_t parameters_len;
};

/* Takes `url` apart. False, with `query` unspecified, when it is longer than KF_FAKE_URL_MAX, has
 * too many parameters, a wrong percent sign or a NUL in it. */
bool kf_fake_query_parse(const char *url, struct kf_fake_query *query);

/* The first value of that name, in any case of its letters, or `otherwise`. */
const char *kf_fake_query_get(const struct kf_fake_query *self, const char *name,
                              const char *otherwise);

/* The text between the brackets of NAME[text] when the parameter is one of that name; else NULL.
 * Its length lands in `length`. */
const char *kf_fake_parameter_key(const struct kf_fake_parameter *self, const char *name,
                                  size_t *length);

#endif
