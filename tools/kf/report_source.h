/* Where the figures of reports come from: a board's database that is there, which is read and left
 * as it is; or the topics, which are read into one of its own in a temporary folder. */
#ifndef KF_TOOLS_REPORT_SOURCE_H
#define KF_TOOLS_REPORT_SOURCE_H

#include "common/base/error.h"
#include "common/base/text.h"
#include "services/board/store/store.h"
#include "tools/kf/report_meter.h"

struct kf_report_source_options {
    const char *board;   /* path of a board's database, or NULL: the topics */
    const char *servers; /* Kafka's */
    const char *kafka_config;
    const char *prefix;
    int stop; /* readable when the work is to end; -1: it is not */
};

struct kf_report_source {
    struct kf_board_store *store; /* for reading */
    struct kf_text folder;        /* the temporary one, or "" */
};

/* Opens it; topics are read to their present end. KF_ERR_CONFIG, KF_ERR_PEER when Kafka cannot be
 * reached, KF_ERR_AGAIN when it was stopped, errors of the store. */
enum kf_err kf_report_source_open(const struct kf_report_source_options *options,
                                  struct kf_report_meter *meter, struct kf_report_source *source,
                                  struct kf_error *err);

/* Closes the store and removes the folder. For {NULL} nothing. */
void kf_report_source_close(struct kf_report_source *self);

/* True when `stop` is readable. */
bool kf_report_stopped(int stop);

#endif
