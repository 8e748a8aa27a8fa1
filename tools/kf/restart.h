/* When a process that died is started again: at once, unless it keeps dying. Pure.
 *
 * The first two deaths in a short life cost nothing: a machine that kills a process now and then
 * shall not notice. From the third on each costs twice the wait of the one before, up to a cap. A
 * life that lasted makes up for everything. It never gives up.
 */
#ifndef KF_TOOLS_RESTART_H
#define KF_TOOLS_RESTART_H

#include <stdint.h>

#define KF_RESTART_CALM_MS  10000 /* a life this long counts as good */
#define KF_RESTART_FIRST_MS 250   /* the wait after the third short life */
#define KF_RESTART_CAP_MS   10000

/* Start from {0}. */
struct kf_restart {
    unsigned short_lives; /* one after the other */
};

/* Counts a death after a life of `lived_ms`; returns how long to wait before the next start. */
int64_t kf_restart_wait_ms(struct kf_restart *self, int64_t lived_ms);

#endif
