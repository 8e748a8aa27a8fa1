#include "services/ingest/ssb/pace.h"

#include <stddef.h>

#define MINUTE_MS INT64_C(60000)

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

void kf_ssb_pace_init(struct kf_ssb_pace *self, unsigned calls_max)
{
    unsigned bounded = calls_max < KF_SSB_PACE_CALLS_MAX ? calls_max : KF_SSB_PACE_CALLS_MAX;
    *self = (struct kf_ssb_pace){.calls_max = bounded > 0 ? bounded : 1};
    self->closed_until_ms = INT64_MIN;
}

/* When a window of that length has room for one more call. */
static int64_t room_at(const struct kf_ssb_pace *self, unsigned maximum, int64_t window_ms)
{
    if (maximum == 0 || self->calls < maximum) {
        return INT64_MIN;
    }
    return self->ended_ms[(self->calls - maximum) % KF_SSB_PACE_CALLS_MAX] + window_ms;
}

int64_t kf_ssb_pace_next(const struct kf_ssb_pace *self, int64_t now_ms)
{
    int64_t next_ms = later(now_ms, self->closed_until_ms);
    next_ms = later(next_ms, room_at(self, self->calls_max, MINUTE_MS));
    next_ms = later(next_ms, room_at(self, self->server_max, self->server_window_ms));
    bool used_up = self->has_remaining && self->remaining == 0;
    return used_up ? later(next_ms, self->remaining_until_ms) : next_ms;
}

void kf_ssb_pace_begin(struct kf_ssb_pace *self, int64_t now_ms)
{
    if (self->has_remaining && now_ms >= self->remaining_until_ms) {
        self->has_remaining = false;
    }
    if (self->has_remaining && self->remaining > 0) {
        self->remaining--;
    }
    self->ended_ms[self->calls++ % KF_SSB_PACE_CALLS_MAX] = now_ms;
}

static void take_limit(struct kf_ssb_pace *self, const struct kf_ssb_headers *headers)
{
    unsigned limit = headers->limit;
    self->server_max = limit < KF_SSB_PACE_CALLS_MAX ? limit : KF_SSB_PACE_CALLS_MAX;
    self->server_window_ms = headers->window_ms;
}

static void take_remaining(struct kf_ssb_pace *self, int64_t now_ms, unsigned remaining)
{
    int64_t window_ms = self->server_max > 0 ? self->server_window_ms : MINUTE_MS;
    self->has_remaining = true;
    self->remaining = remaining;
    self->remaining_until_ms = now_ms + window_ms;
}

void kf_ssb_pace_end(struct kf_ssb_pace *self, int64_t now_ms, const struct kf_ssb_headers *headers)
{
    if (self->calls > 0) {
        self->ended_ms[(self->calls - 1) % KF_SSB_PACE_CALLS_MAX] = now_ms;
    }
    if (!headers) {
        return;
    }
    if (headers->limit > 0) {
        take_limit(self, headers);
    }
    if (headers->has_remaining) {
        take_remaining(self, now_ms, headers->remaining);
    }
    if (headers->retry_after >= 0) {
        self->closed_until_ms = later(self->closed_until_ms, now_ms + headers->retry_after);
    }
}
