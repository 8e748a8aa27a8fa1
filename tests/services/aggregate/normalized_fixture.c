#include "tests/services/aggregate/normalized_fixture.h"

#include "tests/support/cmocka.h"

#include "services/aggregate/aggregate.h"

void fixture_normalized(struct kf_panel *panel, const char *sector, const char *indicator,
                        const double *values)
{
    struct kf_result_key key = {.topic = KF_TOPIC_INDICATOR,
                                .sector = sector,
                                .indicator = indicator,
                                .measure = "normalized"};
    struct kf_result *result = NULL;
    struct kf_error err = {0};
    assert_int_equal(kf_panel_append(panel, &key, &result, &err), KF_OK);
    for (size_t k = 0; k < panel->members_len; k++) {
        bool missing = isnan(values[k]);
        result->values[k] = missing ? 0 : values[k];
        result->status[k] = missing ? KF_CELL_MISSING : KF_CELL_VALUE;
    }
}

void fixture_flag(struct kf_panel *panel, const char *sector, const char *indicator, size_t member,
                  uint8_t flags)
{
    const struct kf_result *result =
        kf_panel_result(panel, KF_TOPIC_INDICATOR, sector, indicator, "normalized");
    assert_non_null(result);
    result->status[member] |= flags;
}

void fixture_aggregate(struct kf_panel *panel)
{
    struct kf_error err = {0};
    fixture_seal(panel);
    if (kf_aggregate_compute(panel, fixture_findings(), &err) != KF_OK) {
        fail_msg("%s", err.text);
    }
}
