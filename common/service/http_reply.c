#include "common/service/http_reply.h"

#include "common/base/memory.h"
#include "common/service/gzip.h"

#define PACKED_FROM_BYTES 1024 /* shorter bodies fit into one packet anyhow */
#define POLICY            "default-src 'none'; frame-ancestors 'none'"

/* --- reading --------------------------------------------------------------------------------- */

struct reading {
    struct kf_http_request *request;
    bool whole;
};

static enum MHD_Result read_value(void *context, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
    (void)kind;
    struct reading *reading = context;
    reading->whole = kf_http_request_add(reading->request, name, value);
    return reading->whole ? MHD_YES : MHD_NO;
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
    const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
    return value ? value : "";
}

bool kf_http_reply_read(struct MHD_Connection *connection, const char *path,
                        struct kf_http_request *request)
{
    struct reading reading = {.request = request, .whole = true};
    request->path = path;
    request->known = header(connection, MHD_HTTP_HEADER_IF_NONE_MATCH);
    request->accepts = header(connection, MHD_HTTP_HEADER_ACCEPT_ENCODING);
    request->values_len = 0;
    request->bytes_len = 0;
    (void)MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, read_value, &reading);
    return reading.whole;
}

/* --- bodies ---------------------------------------------------------------------------------- */

/* A response that owns what the text held. */
static struct MHD_Response *hand_over(struct kf_text *text)
{
    if (text->length == 0) {
        return MHD_create_response_from_buffer(0, "", MHD_RESPMEM_PERSISTENT);
    }
    struct MHD_Response *response =
        MHD_create_response_from_buffer_with_free_callback(text->length, text->bytes, kf_free);
    if (response) {
        kf_text_init(text, text->size_max);
    }
    return response;
}

/* `*packed` says how it is sent. */
static struct MHD_Response *from_body(struct kf_text *body, bool *packed)
{
    struct kf_text smaller;
    kf_text_init(&smaller, body->length);
    *packed = *packed && body->length >= PACKED_FROM_BYTES &&
              kf_gzip(body->bytes, body->length, KF_GZIP_QUICK, &smaller, NULL) == KF_OK;
    struct MHD_Response *response = hand_over(*packed ? &smaller : body);
    kf_text_clear(&smaller);
    return response;
}

/* The library reads persistent bytes only, though it takes them as its own. */
static struct MHD_Response *from_asset(const struct kf_http_asset *asset, bool *packed)
{
    *packed = *packed && asset->packed.length > 0;
    const void *bytes = *packed ? asset->packed.bytes : asset->bytes;
    size_t length = *packed ? asset->packed.length : asset->length;
    return MHD_create_response_from_buffer(length, (void *)(uintptr_t)bytes,
                                           MHD_RESPMEM_PERSISTENT);
}

/* --- headers --------------------------------------------------------------------------------- */

static void add(struct MHD_Response *response, const char *name, const char *value)
{
    (void)MHD_add_response_header(response, name, value);
}

static void add_common(struct MHD_Response *response, const struct kf_http_answer *answer)
{
    const char *headers[][2] = {
        {"X-Content-Type-Options", "nosniff"},
        {"Content-Security-Policy", answer->policy ? answer->policy : POLICY},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {MHD_HTTP_HEADER_CONNECTION, "close"},
    };
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        add(response, headers[i][0], headers[i][1]);
    }
}

static void add_headers(struct MHD_Response *response, const struct kf_http_answer *answer,
                        bool packed)
{
    const char *tag = answer->asset ? answer->asset->tag : answer->tag;
    add_common(response, answer);
    add(response, MHD_HTTP_HEADER_CACHE_CONTROL, tag[0] ? "no-cache" : "no-store");
    if (tag[0]) {
        add(response, MHD_HTTP_HEADER_ETAG, tag);
        add(response, MHD_HTTP_HEADER_VARY, "Accept-Encoding");
    }
    if (answer->status != MHD_HTTP_NOT_MODIFIED) {
        add(response, MHD_HTTP_HEADER_CONTENT_TYPE,
            answer->asset ? answer->asset->type : answer->type);
    }
    if (packed) {
        add(response, MHD_HTTP_HEADER_CONTENT_ENCODING, "gzip");
    }
    if (answer->status == MHD_HTTP_METHOD_NOT_ALLOWED) {
        add(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    }
    if (answer->status == MHD_HTTP_SERVICE_UNAVAILABLE) {
        add(response, MHD_HTTP_HEADER_RETRY_AFTER, "5");
    }
}

/* --- sending --------------------------------------------------------------------------------- */

static struct MHD_Response *make_stream(struct MHD_Connection *connection,
                                        struct kf_http_answer *answer,
                                        struct kf_http_streams *streams)
{
    struct MHD_Response *response = kf_http_streams_open(streams, connection, &answer->body);
    if (response) {
        return response;
    }
    kf_http_answer_refuse(answer, MHD_HTTP_SERVICE_UNAVAILABLE,
                          "too many listen already; try again later");
    return hand_over(&answer->body);
}

static void settle(const struct kf_http_request *request, struct kf_http_answer *answer)
{
    if (answer->body.failed) {
        kf_http_answer_refuse(answer, MHD_HTTP_INTERNAL_SERVER_ERROR,
                              "the answer does not fit into memory");
    }
    bool whole = answer->asset && answer->status == MHD_HTTP_OK;
    if (whole && kf_http_request_knows(request, answer->asset->tag)) {
        answer->status = MHD_HTTP_NOT_MODIFIED;
    }
}

static struct MHD_Response *make(struct MHD_Connection *connection,
                                 const struct kf_http_request *request,
                                 struct kf_http_answer *answer, struct kf_http_streams *streams,
                                 bool *packed)
{
    *packed = kf_http_request_takes_gzip(request);
    bool unsent = request->head && answer->stream; /* the library would send an empty chunk */
    if (answer->status == MHD_HTTP_NOT_MODIFIED || unsent) {
        *packed = false;
        return MHD_create_response_from_buffer(0, "", MHD_RESPMEM_PERSISTENT);
    }
    if (answer->stream) {
        *packed = false;
        return make_stream(connection, answer, streams);
    }
    return answer->asset ? from_asset(answer->asset, packed) : from_body(&answer->body, packed);
}

enum MHD_Result kf_http_reply(struct MHD_Connection *connection,
                              const struct kf_http_request *request, struct kf_http_answer *answer,
                              struct kf_http_streams *streams)
{
    bool packed = false;
    settle(request, answer);
    struct MHD_Response *response = make(connection, request, answer, streams, &packed);
    if (!response) {
        return MHD_NO;
    }
    add_headers(response, answer, packed);
    enum MHD_Result result = MHD_queue_response(connection, answer->status, response);
    MHD_destroy_response(response);
    return result;
}
