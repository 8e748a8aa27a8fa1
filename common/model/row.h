/* Rows: the results of a panel in the order in which they are shown and published.
 *
 * Cells of one key (topic, municipality, sector, indicator) stand together: a group is a row of the
 * wide table, its cells are the measures. Order: topic, municipality (the group's own rows first),
 * then sector and indicator in the edition's order, then measure in the table's order. Behind the
 * sectors stand the whole, the whole with administration, and the edition's corrections, each with
 * its regressors in their order and the constant last; in resource use the sums of the sectors
 * inside and outside the income system, the other uses of disposable income, that income, and what
 * is left of it. A sector's indicators come before its criteria, these before its adjustments.
 * Demography has its services, then the whole; under them the age groups that cost, then the others
 * that are compared. Other years of a panel have no rows.
 */
#ifndef KF_MODEL_ROW_H
#define KF_MODEL_ROW_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/model/panel.h"

#define KF_ROW_MEASURES_MAX 32

struct kf_row_cell {
    const char *measure;
    const char *unit;
    double value; /* meaningless when the status says that there is none */
    uint8_t status;
};

/* One key with its measures. Texts are the panel's. */
struct kf_row {
    enum kf_topic topic;
    const char *municipality; /* "" for the group's rows */
    const char *sector;
    const char *indicator;
    struct kf_row_cell cells[KF_ROW_MEASURES_MAX];
    size_t cells_len;
};

/* Called for each row; anything but KF_OK stops the walk and is returned. */
typedef enum kf_err kf_row_visit(void *context, const struct kf_panel *panel,
                                 const struct kf_row *row, struct kf_error *err);

/* Walks all rows of the panel. KF_ERR_DATA when a key has more than KF_ROW_MEASURES_MAX measures.
 */
enum kf_err kf_panel_walk(const struct kf_panel *panel, kf_row_visit *visit, void *context,
                          struct kf_error *err);

#endif
