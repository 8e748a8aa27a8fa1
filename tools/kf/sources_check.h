/* Internal to kf sources: checking maps against descriptions of tables. */
#ifndef KF_TOOLS_SOURCES_CHECK_H
#define KF_TOOLS_SOURCES_CHECK_H

#include "services/ingest/source/table_map.h"
#include "services/ingest/ssb/ssb.h"

struct kf_sources_check {
    const struct kf_table_maps *maps;
    const struct kf_catalogue *catalogue;
    struct kf_ssb_options options; /* of the client */
    unsigned drifted;              /* tables that do not fit, and a register that does not */
    unsigned failed;               /* that could not be asked for or read */
    bool away;                     /* the API did not answer: no more is asked of it */
};

/* Whether the standing files of live editions are there. */
void kf_sources_check_standing(struct kf_sources_check *self);

/* A description or an answer in a file. */
void kf_sources_check_file(struct kf_sources_check *self, const char *path);

/* Every table of a map, or those named, asked from the API. */
void kf_sources_check_api(struct kf_sources_check *self, const char *const *tables, size_t count);

/* The register of municipalities, asked from KLASS as it is on `day` (2026-01-01). */
void kf_sources_check_klass(struct kf_sources_check *self, const char *day);

#endif
