/* What the live editions are made of: their tables with the years that are asked for, and their
 * standing files, each once. An edition is live when it names tables and is published. Pure. */
#ifndef KF_INGEST_LIVE_H
#define KF_INGEST_LIVE_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/codec/envelope.h"
#include "common/model/catalogue.h"
#include "services/ingest/source/table_map.h"
#include "services/ingest/watch/detect.h"

#define KF_LIVE_FILES_MAX (KF_SOURCES_MAX - KF_DETECT_TABLES_MAX)

struct kf_live_table {
    const struct kf_table_map *map;
    int years[2];    /* of the table, first and last: those that any panel looks at */
    int year_offset; /* the largest of its figures */
};

/* Pointers are the catalogue's and the maps'. */
struct kf_live {
    const struct kf_edition **editions; /* ascending by id */
    size_t editions_len;
    struct kf_live_table tables[KF_DETECT_TABLES_MAX]; /* ascending by table */
    size_t tables_len;
    const char *files[KF_LIVE_FILES_MAX]; /* in the order of the editions */
    size_t files_len;
};

/* KF_ERR_CONFIG for a table without a map, KF_ERR_LIMIT beyond the limits. Clear it afterwards. */
enum kf_err kf_live_find(const struct kf_catalogue *catalogue, const struct kf_table_maps *maps,
                         struct kf_live *live, struct kf_error *err);

/* Frees the list of editions. */
void kf_live_clear(struct kf_live *self);

#endif
