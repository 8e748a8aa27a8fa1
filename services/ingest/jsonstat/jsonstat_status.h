/* The symbols that stand for, or beside, a figure. */
#ifndef KF_INGEST_JSONSTAT_STATUS_H
#define KF_INGEST_JSONSTAT_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "services/ingest/jsonstat/jsonstat.h"

/* Symbols that the limits may add. */
#define KF_JSONSTAT_SYMBOLS_MAX 48

/* kf_jsonstat_status_count is never more than this. */
#define KF_JSONSTAT_STATUS_MAX 64

/* The number of a symbol, from 1; 0 for the empty one; -1 for one that nobody has told of. The
 * limits' own are looked at first. */
int kf_jsonstat_status_number(const struct kf_jsonstat_limits *limits, const char *symbol);

/* All numbers are below this. */
size_t kf_jsonstat_status_count(const struct kf_jsonstat_limits *limits);

/* What a cell with the symbol of that number is, KF_CELL_…: `has_number` says whether a number
 * stands beside it. */
uint8_t kf_jsonstat_status_of(const struct kf_jsonstat_limits *limits, unsigned number,
                              bool has_number);

#endif
