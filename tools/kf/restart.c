#include "tools/kf/restart.h"

#define FREE_DEATHS 2

int64_t kf_restart_wait_ms(struct kf_restart *self, int64_t lived_ms)
{
    if (lived_ms >= KF_RESTART_CALM_MS) {
        self->short_lives = 0;
        return 0;
    }
    int64_t wait_ms = self->short_lives < FREE_DEATHS ? 0 : KF_RESTART_FIRST_MS;
    for (unsigned i = FREE_DEATHS; i < self->short_lives && wait_ms < KF_RESTART_CAP_MS; i++) {
        wait_ms *= 2;
    }
    self->short_lives += self->short_lives < 1000;
    return wait_ms < KF_RESTART_CAP_MS ? wait_ms : KF_RESTART_CAP_MS;
}
