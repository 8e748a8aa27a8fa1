#include "services/ingest/ssb/headers.h"

#include <curl/curl.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

#include "common/base/text.h"

#define VALUE_SIZE        256
#define NUMBER_MAX        1000000UL
#define WINDOW_DEFAULT_MS INT64_C(60000)

void kf_ssb_headers_init(struct kf_ssb_headers *self)
{
    *self = (struct kf_ssb_headers){.retry_after = -1};
}

/* --- numbers ---------------------------------------------------------------------------------- */

/* The digits at the start of `text`; false when there are none, or too many. */
static bool leading_number(const char *text, unsigned long *number)
{
    return kf_text_to_unsigned(text, strspn(text, "0123456789"), NUMBER_MAX, number);
}

static int64_t bounded_wait(int64_t wait_ms)
{
    int64_t positive = wait_ms > 0 ? wait_ms : 0;
    return positive < KF_SSB_WAIT_MAX_MS ? positive : KF_SSB_WAIT_MAX_MS;
}

/* --- one header each -------------------------------------------------------------------------- */

static void take_type(struct kf_ssb_headers *self, const char *value, int64_t wall_ms)
{
    (void)wall_ms;
    size_t length = strcspn(value, "; ");
    if (length < sizeof self->content_type) {
        memcpy(self->content_type, value, length);
        self->content_type[length] = '\0';
    }
}

static void take_etag(struct kf_ssb_headers *self, const char *value, int64_t wall_ms)
{
    (void)wall_ms;
    size_t length = strlen(value);
    if (length < sizeof self->etag) {
        memcpy(self->etag, value, length + 1);
    }
}

/* The stricter of what several headers say. */
static void set_limit(struct kf_ssb_headers *self, unsigned long limit, int64_t window_ms)
{
    bool stricter = self->limit == 0 || (double)limit / (double)window_ms <
                                            (double)self->limit / (double)self->window_ms;
    if (limit > 0 && stricter) {
        self->limit = (unsigned)limit;
        self->window_ms = window_ms;
    }
}

static void take_limit(struct kf_ssb_headers *self, const char *value, int64_t wall_ms)
{
    (void)wall_ms;
    unsigned long limit = 0;
    if (leading_number(value, &limit)) {
        set_limit(self, limit, self->limit > 0 ? self->window_ms : WINDOW_DEFAULT_MS);
    }
}

/* One policy, "40;w=60s". */
static void take_one_policy(struct kf_ssb_headers *self, const char *policy)
{
    unsigned long limit = 0;
    unsigned long seconds = 0;
    const char *window = strstr(policy, "w=");
    bool has_window = window && leading_number(window + strlen("w="), &seconds) && seconds > 0;
    if (leading_number(policy, &limit) && has_window) {
        set_limit(self, limit, bounded_wait((int64_t)seconds * 1000));
    }
}

/* The policy tells the window, so that it outranks a limit without one. */
static void take_policy(struct kf_ssb_headers *self, const char *value, int64_t wall_ms)
{
    (void)wall_ms;
    struct kf_ssb_headers told = {0};
    while (*value != '\0') {
        char one[VALUE_SIZE];
        size_t length = strcspn(value, ",");
        memcpy(one, value, length);
        one[length] = '\0';
        take_one_policy(&told, one);
        value += length;
        value += strspn(value, ", ");
    }
    if (told.limit > 0) {
        self->limit = told.limit;
        self->window_ms = told.window_ms;
    }
}

static void take_remaining(struct kf_ssb_headers *self, const char *value, int64_t wall_ms)
{
    (void)wall_ms;
    unsigned long remaining = 0;
    if (leading_number(value, &remaining)) {
        self->has_remaining = true;
        self->remaining = (unsigned)remaining;
    }
}

static void take_retry(struct kf_ssb_headers *self, const char *value, int64_t wall_ms)
{
    unsigned long seconds = 0;
    size_t digits = strspn(value, "0123456789");
    if (digits > 0 && value[digits] == '\0') {
        bool fits = kf_text_to_unsigned(value, digits, NUMBER_MAX, &seconds);
        self->retry_after = fits ? bounded_wait((int64_t)seconds * 1000) : KF_SSB_WAIT_MAX_MS;
        return;
    }
    time_t at = curl_getdate(value, NULL);
    if (at >= 0) {
        /* A year may have ten digits: bounded before it becomes milliseconds. */
        bool is_far = (int64_t)at - wall_ms / 1000 > KF_SSB_WAIT_MAX_MS / 1000;
        self->retry_after =
            is_far ? KF_SSB_WAIT_MAX_MS : bounded_wait((int64_t)at * 1000 - wall_ms);
    }
}

/* --- lines ------------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    void (*take)(struct kf_ssb_headers *self, const char *value, int64_t wall_ms);
} TAKERS[] = {
    {"content-type", take_type},
    {"etag", take_etag},
    {"x-ratelimit-limit", take_limit},
    {"x-ratelimit-policy", take_policy},
    {"x-ratelimit-remaining", take_remaining},
    {"retry-after", take_retry},
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The value of the line without spaces around; false when it is too long or not printable. */
static bool copy_value(const char *bytes, size_t length, char value[VALUE_SIZE])
{
    while (length > 0 && is_space(bytes[0])) {
        bytes++;
        length--;
    }
    while (length > 0 && is_space(bytes[length - 1])) {
        length--;
    }
    if (length >= VALUE_SIZE) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] < ' ' || bytes[i] > '~') {
            return false;
        }
    }
    memcpy(value, bytes, length);
    value[length] = '\0';
    return true;
}

void kf_ssb_headers_line(struct kf_ssb_headers *self, const char *line, size_t length,
                         int64_t wall_ms)
{
    char value[VALUE_SIZE];
    const char *colon = memchr(line, ':', length);
    if (length >= 5 && strncasecmp(line, "HTTP/", 5) == 0) {
        kf_ssb_headers_init(self);
        return;
    }
    if (!colon || !copy_value(colon + 1, length - (size_t)(colon + 1 - line), value)) {
        return;
    }
    for (size_t i = 0; i < sizeof TAKERS / sizeof TAKERS[0]; i++) {
        size_t name_length = strlen(TAKERS[i].name);
        if (name_length == (size_t)(colon - line) &&
            strncasecmp(line, TAKERS[i].name, name_length) == 0) {
            TAKERS[i].take(self, value, wall_ms);
        }
    }
}
