/* A stage for the tests of the frame: what it does with a panel is decided by the panel's year. */
#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/service/stage.h"
#include "toy.h"

static enum kf_err append_result(struct kf_panel *panel, struct kf_error *err)
{
    const struct kf_result_key key = {.topic = KF_TOPIC_INDEX,
                                      .sector = "toy",
                                      .indicator = "",
                                      .measure = "index",
                                      .unit = "index",
                                      .group = true};
    struct kf_result *result = NULL;
    enum kf_err code = kf_panel_append(panel, &key, &result, err);
    if (code == KF_OK) {
        result->values[0] = 42;
    }
    return code;
}

static void keep_busy(int64_t ms)
{
    int64_t end_ms = kf_clock_monotonic_ms() + ms;
    while (kf_clock_monotonic_ms() < end_ms) {
        /* as a computation that takes too long */
    }
}

static enum kf_err compute(struct kf_panel *panel, struct kf_findings *findings,
                           struct kf_error *err)
{
    if (panel->year < TOY_YEAR_COUNTDOWN + 100) {
        kf_memory_fail_after(panel->year - TOY_YEAR_COUNTDOWN);
    }
    switch (panel->year) {
    case TOY_YEAR_REJECTED:
        kf_findings_add(findings, &(struct kf_place){.municipality = "0001", .cell = "-5"},
                        "correct it", "is negative");
        return kf_error_set(err, KF_ERR_DATA, "the toy does not like it");
    case TOY_YEAR_NO_MEMORY:
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the toy");
    case TOY_YEAR_BROKEN:
        return kf_error_set(err, KF_ERR_INTERNAL, "the toy is broken");
    case TOY_YEAR_BUSY:
        keep_busy(TOY_BUSY_MS);
        break;
    case TOY_YEAR_MEMORY_BACK:
        kf_memory_fail_after(-1);
        break;
    default:
        break;
    }
    return append_result(panel, err);
}

int main(int argc, char **argv)
{
    static const struct kf_stage toy = {
        .name = "toy", .purpose = "Plays with panels.", .next = "sink", .compute = compute};
    return kf_stage_main(&toy, argc, argv);
}
