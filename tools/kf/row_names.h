/* What rows of results are about, in words for people: topics, sectors, indicators, measures. Names
 * are the edition's; what it does not name is called by its id. */
#ifndef KF_TOOLS_ROW_NAMES_H
#define KF_TOOLS_ROW_NAMES_H

#include <stdbool.h>

#include "common/base/text.h"
#include "common/model/edition.h"
#include "common/model/topic.h"

/* "Unit costs", "Enhetskostnader". */
const char *kf_topic_title(enum kf_topic topic, bool norwegian);

/* Appends the name of a sector: one of the edition's, a service of its demography, a use of income,
 * a cost group, or what else rows are about. */
void kf_row_sector_name(const struct kf_edition *edition, const char *sector, bool norwegian,
                        struct kf_text *text);

/* Appends the name of what a row of the sector is about: an indicator, an adjustment, ages, a
 * service, a part of a grant … */
void kf_row_indicator_name(const struct kf_edition *edition, const char *sector,
                           const char *indicator, bool norwegian, struct kf_text *text);

/* Appends what the measure is called. */
void kf_measure_name(const char *measure, bool norwegian, struct kf_text *text);

#endif
