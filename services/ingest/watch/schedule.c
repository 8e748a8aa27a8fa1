#include "services/ingest/watch/schedule.h"

#define AWAITED_FOR_MS 3600000
#define PAUSE_MIN_MS   1000
#define DOUBLINGS_MAX  10

static int64_t lower(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t higher(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* When all goes well and nothing is near. */
static int64_t usual_ms(const struct kf_schedule *self)
{
    if (self->awaited && self->since_event_ms >= 0) {
        return self->since_event_ms < AWAITED_FOR_MS ? KF_SCHEDULE_AWAITED_MS : KF_SCHEDULE_LATE_MS;
    }
    return self->on_day ? KF_SCHEDULE_DAY_MS : KF_SCHEDULE_ORDINARY_MS;
}

static int64_t after_failures_ms(unsigned failures)
{
    unsigned doublings = failures - 1 < DOUBLINGS_MAX ? failures - 1 : DOUBLINGS_MAX;
    return lower((int64_t)KF_SCHEDULE_FAILED_MS << doublings, KF_SCHEDULE_FAILED_MAX);
}

int64_t kf_schedule_pause_ms(const struct kf_schedule *self)
{
    int64_t pause_ms = usual_ms(self);
    if (self->changed) {
        pause_ms = lower(pause_ms, self->quiet_ms);
    }
    if (self->failures > 0) {
        pause_ms = after_failures_ms(self->failures);
    }
    if (self->to_event_ms >= 0) {
        pause_ms = lower(pause_ms, self->to_event_ms);
    }
    return higher(pause_ms, PAUSE_MIN_MS);
}
