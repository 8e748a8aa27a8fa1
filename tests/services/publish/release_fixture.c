#include "tests/services/publish/release_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "tests/support/panel_fixture.h"

static void need(bool condition, const char *what)
{
    if (!condition) {
        (void)fprintf(stderr, "fixture: %s\n", what);
        abort();
    }
}

static struct kf_result *append(struct kf_panel *panel, enum kf_topic topic, const char *measure,
                                bool group)
{
    const struct kf_result_key key = {
        .topic = topic, .sector = "barnehage", .indicator = "", .measure = measure, .group = group};
    struct kf_result *result = NULL;
    struct kf_error err;

    need(kf_panel_append(panel, &key, &result, &err) == KF_OK, "no result");
    return result;
}

static struct kf_panel *make_panel(uint32_t index)
{
    struct kf_panel *panel = fixture_panel_new(100, 2);

    panel->year = 2000 + (int)index;
    fixture_population(panel, (double[]){1000, 3000});
    fixture_sector(panel, "barnehage", 1.0);
    fixture_indicator(panel, "barnehage", "timer", 1.0);
    fixture_column(panel, "timer", (double[]){1.5, 2.5});
    fixture_seal(panel);
    struct kf_result *result = append(panel, KF_TOPIC_INDEX, "index", false);
    result->values[0] = 100.5;
    result->values[1] = 99.5;
    result->status[1] = KF_CELL_INCOMPLETE;
    append(panel, KF_TOPIC_STATISTICS, "minimum", true)->values[0] = 99.5;
    append(panel, KF_TOPIC_STATISTICS, "maximum", true)->values[0] = 100.5;
    return panel;
}

static struct kf_envelope *empty_envelope(const char *release, uint32_t index, uint32_t panels)
{
    const struct kf_source source = {
        .name = "tall.csv", .digest = RELEASE_C, .bytes = 42, .updated = ""};
    struct kf_release description = {
        .discovered_ms = INT64_C(1773558000123),
        .panels = panels,
        .sources = &source,
        .sources_len = 1,
        .vintage = "revised",
        .program = "0.1.0",
    };
    struct kf_envelope *envelope = kf_envelope_new();
    struct kf_error err;

    need(envelope != NULL, "no envelope");
    memcpy(description.id, release, sizeof description.id);
    need(kf_envelope_set_release(envelope, &description, &err) == KF_OK, "no release");
    envelope->index = index;
    envelope->attempt = 1;
    return envelope;
}

struct kf_envelope *fixture_envelope(const char *release, uint32_t index, uint32_t panels)
{
    struct kf_envelope *envelope = empty_envelope(release, index, panels);

    envelope->panel = make_panel(index);
    return envelope;
}

struct kf_envelope *fixture_rejected(const char *release, uint32_t index, uint32_t panels)
{
    struct kf_envelope *envelope = fixture_envelope(release, index, panels);
    struct kf_error err;

    need(kf_envelope_reject(envelope, "need", "weights do not close", NULL, &err) == KF_OK,
         "no rejection");
    return envelope;
}

struct kf_collected *fixture_release(const char *release, uint32_t panels)
{
    struct kf_collected *collected = kf_calloc(1, sizeof *collected);

    need(collected != NULL, "no memory");
    collected->panels = kf_calloc(panels, sizeof *collected->panels);
    need(collected->panels != NULL, "no memory");
    collected->panels_len = panels;
    for (uint32_t i = 0; i < panels; i++) {
        collected->panels[i] = fixture_envelope(release, i, panels);
    }
    return collected;
}

void fixture_replace(struct kf_collected *release, uint32_t index, struct kf_envelope *envelope)
{
    kf_envelope_destroy(&release->panels[index]);
    release->panels[index] = envelope;
}
