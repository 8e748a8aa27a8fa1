#include "tests/fuzz/support/promise.h"

#include <string.h>

#include "tests/fuzz/fuzz.h"

#define FINDINGS_BYTES_MAX ((size_t)1 << 20)

static void promise_showable(const char *text)
{
    size_t length = strlen(text);
    must(length > 0 && kf_text_is_utf8(text, length));
    for (size_t i = 0; i < length; i++) {
        must((unsigned char)text[i] >= ' ' && text[i] != 127);
    }
}

void promise_findings(const struct kf_findings *findings)
{
    struct kf_text text;
    kf_text_init(&text, FINDINGS_BYTES_MAX);
    kf_findings_print(findings, &text);
    must(!text.failed && text.length > 0 && kf_text_is_utf8(text.bytes, text.length));
    kf_text_clear(&text);
    for (size_t i = 0; i < findings->length; i++) {
        promise_showable(findings->list[i].problem);
        promise_showable(findings->list[i].remedy);
    }
}

void promise_outcome(enum kf_err code, enum kf_err refused, const struct kf_findings *findings,
                     const struct kf_error *err)
{
    if (code == KF_OK) {
        must(kf_findings_count(findings) == 0);
    } else if (code == refused && kf_findings_count(findings) > 0) {
        promise_findings(findings);
    } else {
        must(code == KF_ERR_LIMIT || code == KF_ERR_CONFIG || code == KF_ERR_DATA);
        promise_reason(err);
    }
}

void promise_reason(const struct kf_error *err)
{
    promise_showable(err->text);
}

void promise_same(const struct kf_text *once, const struct kf_text *twice)
{
    must(!once->failed && !twice->failed && once->length == twice->length);
    must(memcmp(once->bytes, twice->bytes, once->length) == 0);
}
