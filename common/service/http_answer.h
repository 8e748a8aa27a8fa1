/* What a service's own pages answer. Plain data, filled in by the service, sent by the server:
 *
 *     static bool site(void *context, const struct kf_http_request *request,
 *                      struct kf_http_answer *answer)
 *     {
 *         if (strcmp(request->path, "/api/list") != 0) return false;
 *         answer->type = "application/json";
 *         if (!kf_http_answer_is_known(answer, request, tag)) kf_text_add(&answer->body, …);
 *         return true;
 *     }
 *
 * The server adds what every answer has: no sniffing, no framing, no referrer, nothing for other
 * sites; compression where the client takes it; `no-store`, or with a tag `no-cache`, so that a
 * browser keeps the answer and asks whether it still holds.
 */
#ifndef KF_SERVICE_HTTP_ANSWER_H
#define KF_SERVICE_HTTP_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/service/http_request.h"

#define KF_HTTP_TAG_SIZE        48
#define KF_HTTP_BODY_BYTES_MAX  ((size_t)32 * 1024 * 1024)
#define KF_HTTP_ASSET_BYTES_MAX ((size_t)8 * 1024 * 1024)

/* A file that never changes, held in memory for the program's life. */
struct kf_http_asset {
    const char *type;
    const void *bytes; /* borrowed */
    size_t length;
    struct kf_text packed; /* gzip of it; empty when that is not smaller */
    char tag[KF_HTTP_TAG_SIZE];
};

/* Fills in `asset`: tag and compressed form of the bytes, which are borrowed as the type is.
 * KF_ERR_MEMORY, KF_ERR_LIMIT. */
enum kf_err kf_http_asset_init(struct kf_http_asset *asset, const char *type, const void *bytes,
                               size_t length, struct kf_error *err);
void kf_http_asset_clear(struct kf_http_asset *asset);

struct kf_http_answer {
    unsigned status;            /* 200 to begin with */
    const char *type;           /* borrowed until the answer is sent; plain text to begin with */
    const char *policy;         /* Content-Security-Policy, borrowed; NULL: nothing may be
                                   loaded */
    char tag[KF_HTTP_TAG_SIZE]; /* "": the answer is not kept */
    struct kf_text body;        /* empty to begin with */
    const struct kf_http_asset *asset; /* instead of body, type and tag; borrowed for good */
    bool stream; /* the body begins a stream of server-sent events, see kf_http_tell */
};

/* An answer in the caller's storage. */
void kf_http_answer_init(struct kf_http_answer *self);
void kf_http_answer_clear(struct kf_http_answer *self);

/* Gives the answer its tag, made of `text`: whatever the answer depends on, the program's version
 * included. True when the client has that answer: the status is 304, and no body is needed. */
bool kf_http_answer_is_known(struct kf_http_answer *self, const struct kf_http_request *request,
                             const char *text);

/* Instead of what was there: plain text, not kept, with a line feed added. */
void kf_http_answer_refuse(struct kf_http_answer *self, unsigned status, const char *why);

/* Appends a server-sent event: `data` is one line. */
void kf_http_event(struct kf_text *text, const char *event, const struct kf_text *data);

/* Answers a path of the service's own and returns true; false, with the answer as it was, when the
 * path is none. Called on the HTTP thread, one request after the other. A body that failed, for
 * want of memory or room, becomes 500. */
typedef bool kf_http_site(void *context, const struct kf_http_request *request,
                          struct kf_http_answer *answer);

#endif
