#include "tools/kf/report_source.h"

#include <poll.h>

#include "common/kafka/kafka_options.h"
#include "services/board/store/follower.h"
#include "tools/kf/temporary.h"

#define PATH_BYTES_MAX 4096
#define SILENCE_MS     15000
#define CLIENT_ID      "kf-report"

bool kf_report_stopped(int stop)
{
    struct pollfd one = {.fd = stop, .events = POLLIN};
    return stop >= 0 && poll(&one, 1, 0) > 0;
}

/* --- the topics ---------------------------------------------------------------------------------
 */

/* Who waits while the topics are read. */
struct watching {
    struct kf_report_meter *meter;
    int stop;
};

static enum kf_err watch(void *context, const struct kf_board_progress *progress,
                         struct kf_error *err)
{
    const struct watching *self = context;
    if (kf_report_stopped(self->stop)) {
        return kf_error_set(err, KF_ERR_AGAIN, "stopped");
    }
    if (progress->read == 0 && progress->detail[0]) {
        kf_report_meter_tell(self->meter, "waiting for Kafka: %s", progress->detail);
    } else {
        kf_report_meter_tell(self->meter, "reading the topics: %llu records, %llu to go",
                             (unsigned long long)progress->read,
                             (unsigned long long)progress->behind);
    }
    return KF_OK;
}

static enum kf_err read_topics(struct kf_board_store *store,
                               const struct kf_report_source_options *options,
                               struct kf_report_meter *meter, struct kf_error *err)
{
    struct kf_kafka_options *more = NULL;
    struct kf_board_follower *follower = NULL;
    enum kf_err code =
        options->kafka_config ? kf_kafka_options_read(options->kafka_config, &more, err) : KF_OK;
    if (code == KF_OK) {
        struct kf_board_follower_options how = {.bootstrap_servers = options->servers,
                                                .topic_prefix = options->prefix,
                                                .client_id = CLIENT_ID,
                                                .kafka = more};
        code = kf_board_follower_new(store, &how, &follower, err);
    }
    if (code == KF_OK) {
        struct watching watching = {.meter = meter, .stop = options->stop};
        code = kf_board_follower_run(follower, SILENCE_MS, watch, &watching, err);
    }
    kf_board_follower_destroy(&follower);
    kf_kafka_options_destroy(&more);
    return code;
}

static enum kf_err open_topics(const struct kf_report_source_options *options,
                               struct kf_report_meter *meter, struct kf_report_source *self,
                               struct kf_error *err)
{
    struct kf_board_store *writing = NULL;
    struct kf_text path;
    kf_text_init(&path, PATH_BYTES_MAX);
    enum kf_err code = kf_temporary_make(0, &self->folder, err);
    kf_text_add_format(&path, "%s/board.db", self->folder.bytes);
    if (code == KF_OK) {
        code = kf_board_store_open(path.bytes, &writing, err);
    }
    if (code == KF_OK) {
        code = read_topics(writing, options, meter, err);
    }
    kf_board_store_destroy(&writing);
    if (code == KF_OK) {
        code = kf_board_store_open_reader(path.bytes, &self->store, err);
    }
    kf_text_clear(&path);
    return code;
}

/* --- life ---------------------------------------------------------------------------------------
 */

enum kf_err kf_report_source_open(const struct kf_report_source_options *options,
                                  struct kf_report_meter *meter, struct kf_report_source *source,
                                  struct kf_error *err)
{
    struct kf_report_source self = {.store = NULL};
    kf_text_init(&self.folder, PATH_BYTES_MAX);
    enum kf_err code = options->board ? kf_board_store_open_reader(options->board, &self.store, err)
                                      : open_topics(options, meter, &self, err);
    if (code != KF_OK) {
        kf_report_source_close(&self);
        return code;
    }
    *source = self;
    return KF_OK;
}

void kf_report_source_close(struct kf_report_source *self)
{
    kf_board_store_destroy(&self->store);
    if (self->folder.length > 0) {
        kf_temporary_remove(self->folder.bytes);
    }
    kf_text_clear(&self->folder);
}
