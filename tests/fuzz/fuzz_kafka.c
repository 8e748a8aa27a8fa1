/* What comes from Kafka and from the file of settings for it. The first byte chooses: settings for
 * librdkafka (o), headers of a manifest (h), the lease (l), records of the topics as kf reads them
 * (r). */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/kafka/kafka_options.h"
#include "services/publish/lease.h"
#include "services/publish/summary.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/support/promise.h"
#include "tests/fuzz/support/scratch.h"
#include "tools/kf/published.h"

#define EDITION "asss-2010"
#define YEAR    2010

/* The length of a part without its last line end: a header's value. */
static size_t value_length(const struct fuzz_part *part)
{
    bool ended = part->length > 0 && part->bytes[part->length - 1] == '\n';
    return part->length - (ended ? 1 : 0);
}

/* --- settings for librdkafka ----------------------------------------------------------------- */

static void promise_options(const struct kf_kafka_options *options)
{
    must(options->length <= KF_KAFKA_OPTIONS_MAX);
    for (size_t i = 0; i < options->length; i++) {
        const struct kf_kafka_option *it = &options->list[i];
        must(it->name[0] != '\0' && !strchr(it->name, '=') && !strchr(it->name, '\n'));
        must(!strchr(it->value, '\n'));
        must(strcmp(it->name, "transactional.id") != 0 && strcmp(it->name, "acks") != 0 &&
             strcmp(it->name, "isolation.level") != 0);
    }
}

static void read_options(const uint8_t *data, size_t size)
{
    char path[FUZZ_PATH_SIZE];
    struct kf_kafka_options *options = NULL;
    struct kf_error err = {0};
    fuzz_write("kafka.properties", data, size);
    fuzz_path("kafka.properties", path);
    enum kf_err code = kf_kafka_options_read(path, &options, &err);
    must((code == KF_OK) == (options != NULL));
    if (code == KF_OK) {
        promise_options(options);
    } else {
        must(code == KF_ERR_CONFIG);
        promise_reason(&err);
    }
    kf_kafka_options_destroy(&options);
}

/* --- headers of a manifest ------------------------------------------------------------------- */

/* Each part is a header under its name; a value is never NUL-terminated. */
static void read_headers(const uint8_t *data, size_t size)
{
    static char name[] = EDITION "/2010";
    const char *names[] = {name};
    const struct kf_panel_names panels = {.names = names, .length = 1};
    struct kf_summary summary = {.state = KF_RELEASE_COMMITTED};
    struct fuzz_part parts[FUZZ_PARTS_MAX];
    size_t count = fuzz_parts(data, size, parts);
    for (size_t i = 0; i < count; i++) {
        size_t length = value_length(&parts[i]);
        char *value = malloc(length > 0 ? length : 1);
        must(value != NULL);
        memcpy(value, parts[i].bytes, length);
        kf_summary_read(&summary, parts[i].name, value, length);
        if (kf_panel_names_meet(&panels, value, length)) {
            must(length >= sizeof name - 1);
        }
        free(value);
        must(summary.state == KF_RELEASE_COMMITTED || summary.state == KF_RELEASE_REJECTED);
        must(summary.panels_rejected <= KF_RELEASE_PANELS_MAX);
    }
}

/* --- records --------------------------------------------------------------------------------- */

static void promise_code(enum kf_err code, const struct kf_error *err)
{
    must(code == KF_OK || code == KF_ERR_DATA || code == KF_ERR_LIMIT);
    if (code != KF_OK) {
        promise_reason(err);
    }
}

/* Every text and number that somebody may ask for. */
static void promise_asked(const struct kf_published *published)
{
    const struct kf_published_key key = {
        .topic = KF_TOPIC_INDEX, .municipality = "0301", .sector = "barnehage", .indicator = ""};
    const char *topic = NULL;
    const char *rows = NULL;
    const char **codes = NULL;
    size_t count = 0;
    uint8_t status = 0;
    double value = 0;
    struct kf_error err = {0};
    must(kf_published_release(published) && kf_published_text(published, "vintage"));
    for (size_t i = 0; kf_published_topic(published, i, &topic, &rows); i++) {
        must(topic != NULL && rows != NULL && rows[0] != '\0');
    }
    (void)kf_published_status(published, &key, &status);
    if (kf_published_value(published, &key, "index_without_imputed", &value) ||
        kf_published_value(published, &key, "index", &value)) {
        must(isfinite(value));
    }
    must(kf_published_municipalities(published, &codes, &count, &err) == KF_OK);
    must(count <= kf_published_rows(published));
    for (size_t i = 1; i < count; i++) {
        must(strcmp(codes[i - 1], codes[i]) < 0);
    }
    kf_free(codes);
}

/* The first part is a manifest; the others are rows, each under its part's name. */
static void read_records(const uint8_t *data, size_t size)
{
    struct kf_published *published = kf_published_new(EDITION, YEAR);
    struct fuzz_part parts[FUZZ_PARTS_MAX];
    size_t count = fuzz_parts(data, size, parts);
    must(published != NULL);
    for (size_t i = 0; i < count; i++) {
        struct kf_error err = {0};
        char key[FUZZ_NAME_SIZE + 16];
        (void)snprintf(key, sizeof key, EDITION "/2010/%s", parts[i].name);
        for (char *dot = strchr(key, '.'); dot; dot = strchr(dot, '.')) {
            *dot = '/';
        }
        const struct kf_topic_record record = {.key = key,
                                               .key_length = strlen(key),
                                               .value = parts[i].length ? parts[i].bytes : NULL,
                                               .value_length = parts[i].length,
                                               .timestamp_ms = (int64_t)i};
        promise_code(kf_published_add_manifest(published, &record, &err), &err);
        promise_code(kf_published_add_row(published, KF_TOPIC_INDEX, &record, &err), &err);
    }
    promise_asked(published);
    kf_published_destroy(&published);
}

/* --- the lease -------------------------------------------------------------------------------- */

static void judge_lease(const struct kf_lease_record *record)
{
    const struct kf_lease own = {.own = {.publisher = "1-2", .host = "h", .transactional_id = "t"}};
    struct kf_lease_view view = {.any = false};
    enum kf_lease_verdict verdict = KF_LEASE_STOP;
    struct kf_error err = {0};
    kf_lease_view_add(&view, &own, record);
    enum kf_err code = kf_lease_judge(&own, &view, "kostra.publisher.v1", &verdict, &err);
    if (code != KF_OK) {
        must(code == KF_ERR_PEER);
        promise_reason(&err);
    } else {
        must(verdict != KF_LEASE_GO); /* somebody else holds it, or nobody */
    }
}

/* Headers of a record, each under its part's name. */
static struct kf_lease_record lease_of(const struct fuzz_part *parts, size_t count)
{
    struct kf_lease_record record = {.version = 0};
    for (size_t i = 0; i < count; i++) {
        kf_lease_record_read(&record, parts[i].name, parts[i].bytes, value_length(&parts[i]));
    }
    return record;
}

/* What was read, printed and read again, is the same; and it is judged, whatever it says. */
static void read_lease(const uint8_t *data, size_t size)
{
    struct fuzz_part parts[FUZZ_PARTS_MAX];
    size_t count = fuzz_parts(data, size, parts);
    struct kf_lease_record record = lease_of(parts, count);
    struct kf_header headers[KF_LEASE_HEADERS_MAX];
    struct kf_lease_record again = {.version = 0};
    char epoch[KF_LEASE_EPOCH_SIZE];
    size_t printed = kf_lease_record_print(&record, epoch, headers);
    must(printed <= KF_LEASE_HEADERS_MAX && record.open.length <= KF_LEASE_IDS_MAX);
    for (size_t i = 0; i < printed; i++) {
        kf_lease_record_read(&again, headers[i].name, headers[i].value, headers[i].length);
    }
    must(strcmp(again.holder.publisher, record.holder.publisher) == 0);
    must(strcmp(again.holder.transactional_id, record.holder.transactional_id) == 0);
    must(again.holder.epoch == record.holder.epoch && again.held == record.held);
    must(again.open.length == record.open.length);
    judge_lease(&record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    switch (data[0]) {
    case 'h':
        read_headers(data + 1, size - 1);
        break;
    case 'l':
        read_lease(data + 1, size - 1);
        break;
    case 'r':
        read_records(data + 1, size - 1);
        break;
    default:
        read_options(data + 1, size - 1);
        break;
    }
    return 0;
}
