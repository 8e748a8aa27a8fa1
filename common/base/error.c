#include "common/base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/base/text.h"

enum kf_disposition kf_err_disposition(enum kf_err code)
{
    switch (code) {
    case KF_ERR_DATA:
    case KF_ERR_LIMIT:
        return KF_REJECT;
    case KF_ERR_IO:
    case KF_ERR_PEER:
    case KF_ERR_AGAIN:
        return KF_RETRY;
    default:
        return KF_FATAL;
    }
}

static void store(struct kf_error *err, const char *text)
{
    size_t length = kf_text_whole(text, strlen(text));
    memcpy(err->text, text, length);
    err->text[length] = '\0';
    kf_text_defuse(err->text); /* it may quote what a file or a server says */
}

static enum kf_err fill(struct kf_error *err, enum kf_err code, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

static enum kf_err fill(struct kf_error *err, enum kf_err code, const char *format, va_list args)
{
    if (err) {
        char text[KF_ERROR_TEXT_MAX] = ""; /* of its own: the arguments may quote err's old text */
        (void)vsnprintf(text, sizeof text, format, args);
        err->code = code;
        err->disposition = kf_err_disposition(code);
        store(err, text);
    }
    return code;
}

enum kf_err kf_error_set(struct kf_error *err, enum kf_err code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fill(err, code, format, args);
    va_end(args);
    return code;
}

/* What passes without anybody's changing a setting. */
static bool is_passing(int errnum)
{
    static const int passing[] = {ENOSPC, EDQUOT, EIO,   ENOMEM, ENFILE,   EMFILE,
                                  EINTR,  EAGAIN, EBUSY, ESTALE, ETIMEDOUT};
    for (size_t i = 0; i < sizeof passing / sizeof passing[0]; i++) {
        if (errnum == passing[i]) {
            return true;
        }
    }
    return false;
}

enum kf_err kf_error_set_errno(struct kf_error *err, enum kf_err code, int errnum,
                               const char *format, ...)
{
    code = code == KF_ERR_CONFIG && is_passing(errnum) ? KF_ERR_IO : code;
    va_list args;
    va_start(args, format);
    fill(err, code, format, args);
    va_end(args);
    if (err) {
        char reason[128] = "";
        (void)strerror_r(errnum, reason, sizeof reason);
        char text[KF_ERROR_TEXT_MAX + sizeof reason + 2];
        (void)snprintf(text, sizeof text, "%s: %s", err->text, reason);
        text[KF_ERROR_TEXT_MAX - 1] = '\0';
        store(err, text);
    }
    return code;
}

const char *kf_err_name(enum kf_err code)
{
    static const char *const names[] = {
        [KF_OK] = "ok",           [KF_ERR_DATA] = "data",     [KF_ERR_CONFIG] = "config",
        [KF_ERR_LIMIT] = "limit", [KF_ERR_MEMORY] = "memory", [KF_ERR_IO] = "io",
        [KF_ERR_PEER] = "peer",   [KF_ERR_AGAIN] = "again",   [KF_ERR_INTERNAL] = "internal",
    };
    size_t index = (size_t)code;
    return index < sizeof names / sizeof names[0] ? names[index] : "unknown";
}

bool kf_err_goes_on(enum kf_err outcome)
{
    return outcome == KF_OK || outcome == KF_ERR_DATA;
}

enum kf_err kf_error_join(enum kf_err outcome, enum kf_err code, const struct kf_error *latest,
                          struct kf_error *err)
{
    bool first = outcome == KF_OK && code != KF_OK;
    bool worse = kf_err_goes_on(outcome) && !kf_err_goes_on(code);
    if (!first && !worse) {
        return outcome;
    }
    if (err) {
        *err = *latest;
    }
    return code;
}
