/* Publishes one release as large as the nation's many years, without the stages before: how fast is
 * it, and how much memory does it take? Prints one line of key=value.
 *
 *     kf-publish-load BOOTSTRAP RELEASE [PANELS [ENCODING [COMPRESSION]]]
 *
 * A panel is 357 municipalities with 44 indicators: 16 065 rows. 20 panels are 321 300 rows.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/bus/socket.h"
#include "services/publish/allocator.h"
#include "services/publish/job.h"
#include "tests/services/publish/release_fixture.h"
#include "tests/support/panel_fixture.h"

#define MEMBERS    357
#define INDICATORS 44

static void need(bool condition, const char *what)
{
    if (!condition) {
        (void)fprintf(stderr, "kf-publish-load: %s\n", what);
        abort();
    }
}

static void fill(struct kf_panel *panel, const struct kf_result_key *key, double start)
{
    struct kf_result *result = NULL;
    struct kf_error err;

    need(kf_panel_append(panel, key, &result, &err) == KF_OK, "no room for results");
    for (size_t k = 0; k < MEMBERS; k++) {
        result->values[k] = start + (double)k * 0.1234567;
    }
}

static void add_indicator(struct kf_panel *panel, unsigned number)
{
    static const char *const measures[] = {"raw", "normalized", "contribution"};
    const char *id = kf_arena_printf(panel->arena, "indikator-%02u", number);

    fixture_indicator(panel, "pleie_omsorg", id, 1.0 / INDICATORS);
    for (size_t m = 0; m < 3; m++) {
        const struct kf_result_key key = {KF_TOPIC_INDICATOR, "pleie_omsorg", id,
                                          measures[m],        NULL,           false};
        fill(panel, &key, 90 + (double)m / 7);
    }
}

static struct kf_panel *make_panel(uint32_t index)
{
    static double population[MEMBERS];
    static const struct kf_result_key total = {KF_TOPIC_INDEX, "total", "", "index", NULL, false};
    struct kf_panel *panel = fixture_panel_new(100, MEMBERS);

    for (size_t k = 0; k < MEMBERS; k++) {
        population[k] = 1000 + (double)k;
    }
    panel->year = 2000 + (int)index;
    fixture_population(panel, population);
    fixture_sector(panel, "pleie_omsorg", 1.0);
    for (unsigned i = 0; i < INDICATORS; i++) {
        add_indicator(panel, i);
    }
    fill(panel, &total, 95);
    fixture_seal(panel);
    return panel;
}

static struct kf_collected *make_release(const char *id, uint32_t panels)
{
    struct kf_collected *release = fixture_release(id, panels);

    for (uint32_t i = 0; i < panels; i++) {
        kf_panel_destroy(&release->panels[i]->panel);
        release->panels[i]->panel = make_panel(i);
    }
    return release;
}

static double peak_mb(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

static void print(const struct kf_job_outcome *outcome, double before_mb)
{
    uint64_t rows = outcome->result.summary.rows;

    need(outcome->code == KF_OK, outcome->err.text);
    (void)printf("rows=%" PRIu64 " known=%d ms=%" PRId64 " rows_per_s=%.0f "
                 "peak_mb=%.1f panels_mb=%.1f\n",
                 rows, outcome->result.known_before, outcome->took_ms,
                 (double)rows * 1000 / (double)outcome->took_ms, peak_mb(), before_mb);
}

int main(int argc, char **argv)
{
    unsigned long panels = 20;
    struct kf_topic_set topics;
    struct kf_job_outcome outcome = {.code = KF_ERR_AGAIN};
    struct kf_error err;

    kf_publish_tune_allocator();
    need(argc >= 3 && strlen(argv[2]) == 32,
         "usage: BOOTSTRAP RELEASE [PANELS [ENCODING [COMPR]]]");
    need(argc < 4 || kf_text_to_unsigned(argv[3], strlen(argv[3]), 1000, &panels), "panels?");
    need(kf_topic_set_init(&topics, "kostra", &err) == KF_OK, "topics");
    struct kf_lease lease = {.own = {"load", "load", "kf-publish-load", 0}};
    const struct kf_kafka_settings kafka = {
        .bootstrap_servers = argv[1],
        .transactional_id = "kf-publish-load",
        .transaction_timeout_ms = 120000,
        .compression = argc > 5 ? argv[5] : "lz4",
        .topics = &topics,
        .lease = &lease,
        .create_topics = true,
        .replication = -1,
        .step_ms = 15000,
    };
    const struct kf_publication_options options = {
        &topics,
        argc > 4 && strcmp(argv[4], "protobuf") == 0 ? KF_ENCODING_PROTOBUF : KF_ENCODING_JSON};
    struct kf_collected *release = make_release(argv[2], (uint32_t)panels);
    double before_mb = peak_mb();
    struct kf_job *job = kf_job_new(&kafka, &options);
    struct kf_poll_item item = {.descriptor = kf_job_descriptor(job), .want_in = true};
    need(kf_job_start(job, &release, &err) == KF_OK, "no job");
    while (!kf_job_finish(job, &outcome)) {
        (void)kf_poll(&item, 1, 1000, &err);
    }
    print(&outcome, before_mb);
    kf_collected_destroy(&outcome.release);
    kf_job_destroy(&job);
    return 0;
}
