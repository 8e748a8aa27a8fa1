#include "common/service/http_answer.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "common/model/digest.h"
#include "common/service/gzip.h"

#define PLAIN        "text/plain; charset=utf-8"
#define OK           200
#define NOT_MODIFIED 304

static void write_tag(const void *bytes, size_t length, char tag[KF_HTTP_TAG_SIZE])
{
    char hex[KF_DIGEST_SIZE];
    kf_digest_of(bytes, length, hex);
    (void)snprintf(tag, KF_HTTP_TAG_SIZE, "W/\"%s\"", hex);
}

enum kf_err kf_http_asset_init(struct kf_http_asset *asset, const char *type, const void *bytes,
                               size_t length, struct kf_error *err)
{
    struct kf_http_asset made = {.type = type, .bytes = bytes, .length = length};
    kf_text_init(&made.packed, KF_HTTP_ASSET_BYTES_MAX);
    enum kf_err code = kf_gzip(bytes, length, KF_GZIP_BEST, &made.packed, err);
    if (code != KF_OK) {
        kf_text_clear(&made.packed);
        return code;
    }
    if (made.packed.length >= length) {
        kf_text_clear(&made.packed);
    }
    write_tag(bytes, length, made.tag);
    *asset = made;
    return KF_OK;
}

void kf_http_asset_clear(struct kf_http_asset *asset)
{
    kf_text_clear(&asset->packed);
}

void kf_http_answer_init(struct kf_http_answer *self)
{
    *self = (struct kf_http_answer){.status = OK, .type = PLAIN};
    kf_text_init(&self->body, KF_HTTP_BODY_BYTES_MAX);
}

void kf_http_answer_clear(struct kf_http_answer *self)
{
    kf_text_clear(&self->body);
}

bool kf_http_answer_is_known(struct kf_http_answer *self, const struct kf_http_request *request,
                             const char *text)
{
    write_tag(text, strlen(text), self->tag);
    if (!kf_http_request_knows(request, self->tag)) {
        return false;
    }
    self->status = NOT_MODIFIED;
    return true;
}

void kf_http_answer_refuse(struct kf_http_answer *self, unsigned status, const char *why)
{
    struct kf_text body = self->body;
    kf_text_reset(&body);
    kf_text_add(&body, why);
    kf_text_add_char(&body, '\n');
    *self = (struct kf_http_answer){.status = status, .type = PLAIN, .body = body};
}

void kf_http_event(struct kf_text *text, const char *event, const struct kf_text *data)
{
    assert(!memchr(data->bytes, '\n', data->length));
    kf_text_add(text, "event: ");
    kf_text_add(text, event);
    kf_text_add(text, "\ndata: ");
    kf_text_add_bytes(text, data->bytes, data->length);
    kf_text_add(text, "\n\n");
}
