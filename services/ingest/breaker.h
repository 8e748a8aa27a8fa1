/* The circuit breaker: does a new panel look like the one it replaces?
 *
 * Compared are the figures of the panel's own year, column by column, with those of the last panel
 * of the same edition and year that was published, or, when the year is new, with the year before
 * (of the same edition). A release with a panel that trips it is held until a person approves it.
 *
 * It trips when, of the cells of any column with at least `cells_min` figures before,
 *   - more than `vanished` have no figure now, or
 *   - more than `jumped` differ by more than `factor` times, either way (cells of 0 before or after
 *     count only when the other is at least `small`),
 * or when more than `vanished` of the columns' cells in all have no figure now. A panel with fewer
 * municipalities than `cells_min` is judged by its columns together. The findings name the column,
 * how many, and the worst cell with both figures.
 */
#ifndef KF_INGEST_BREAKER_H
#define KF_INGEST_BREAKER_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/findings.h"
#include "common/model/panel.h"

struct kf_breaker_limits {
    bool off;
    double vanished; /* share, 0 to 1 */
    double jumped;   /* share */
    double factor;   /* above 1 */
    double small;
    size_t cells_min;
};

/* .2, .2, 5, 10, 5 */
struct kf_breaker_limits kf_breaker_limits_usual(void);

/* True when it trips; what tripped it is added to `findings`, at most a few lines. `before` and
 * `now` are of one edition (`before` maybe of an earlier version of it). */
bool kf_breaker_trips(const struct kf_breaker_limits *limits, const struct kf_panel *before,
                      const struct kf_panel *now, struct kf_findings *findings);

#endif
