/* What a client asks of a service's own pages. Plain data, so that what answers can be tried
 * without a server.
 */
#ifndef KF_SERVICE_HTTP_REQUEST_H
#define KF_SERVICE_HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#define KF_HTTP_VALUES_MAX      40
#define KF_HTTP_QUERY_BYTES_MAX 4096 /* names and values, decoded */

/* `name=value` of the query, decoded: UTF-8 without control characters. */
struct kf_http_value {
    const char *name;
    const char *value; /* "" without `=` */
};

struct kf_http_request {
    bool head;           /* HEAD: the body is not sent */
    const char *path;    /* as it came, nothing decoded, without the query */
    const char *known;   /* If-None-Match, or "" */
    const char *accepts; /* Accept-Encoding, or "" */
    struct kf_http_value values[KF_HTTP_VALUES_MAX]; /* in the order in which they came */
    size_t values_len;
    char bytes[KF_HTTP_QUERY_BYTES_MAX]; /* what the values point into, when they came by HTTP */
    size_t bytes_len;
};

/* Decodes the query's next `name` and `value` (NULL: none; percent signs as in a URL) behind those
 * that are there. False, and nothing is added, for more than there is room for, a broken escape, or
 * what is no text. */
bool kf_http_request_add(struct kf_http_request *self, const char *name, const char *value);

/* The first value of that name, or NULL. */
const char *kf_http_request_value(const struct kf_http_request *self, const char *name);

/* True when the client has the answer with this tag, e.g. W/"1f": it need not be sent again. Tags
 * are compared weakly. */
bool kf_http_request_knows(const struct kf_http_request *self, const char *tag);

/* True when the client takes gzip. */
bool kf_http_request_takes_gzip(const struct kf_http_request *self);

#endif
