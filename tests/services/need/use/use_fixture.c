#include "tests/services/need/use/use_fixture.h"

#include "tests/support/cmocka.h"

#include "services/need/need.h"

#define ROOM 8

struct kf_sector *use_sector(struct kf_panel *panel, const char *id, const double *net)
{
    struct kf_sector *sector = fixture_sector(panel, id, 0);
    sector->resources.net = fixture_term(panel, id, 1);
    sector->resources.need_of = "";
    sector->resources.adjustments =
        kf_arena_calloc(panel->arena, ROOM, sizeof *sector->resources.adjustments);
    assert_non_null(sector->resources.adjustments);
    fixture_column(panel, id, net);
    return sector;
}

void use_key(struct kf_panel *panel, const char *sector, const char *criterion,
             const double *figures)
{
    fixture_criterion(panel, sector, criterion, 1);
    fixture_column(panel, criterion, figures);
}

static struct kf_adjustment *add(struct kf_sector *sector, const char *id)
{
    struct kf_resources *resources = &sector->resources;
    assert_true(resources->adjustments_len < ROOM);
    struct kf_adjustment *adjustment = &resources->adjustments[resources->adjustments_len++];
    *adjustment = (struct kf_adjustment){.id = id, .to = KF_ADJUST_EXPENDITURE};
    return adjustment;
}

struct kf_adjustment *use_adjustment(struct kf_panel *panel, struct kf_sector *sector,
                                     const char *id, const char *variable, double factor)
{
    struct kf_adjustment *adjustment = add(sector, id);
    adjustment->amount = fixture_term(panel, variable, factor);
    return adjustment;
}

struct kf_adjustment *use_payroll(struct kf_panel *panel, struct kf_sector *sector, const char *id,
                                  const char *payroll_costs, const char *wages)
{
    struct kf_adjustment *adjustment = add(sector, id);
    adjustment->payroll_costs = fixture_term(panel, payroll_costs, 1);
    adjustment->wages = fixture_term(panel, wages, 1);
    return adjustment;
}

void use_only(struct kf_panel *panel, struct kf_adjustment *adjustment, const char *code)
{
    adjustment->only = kf_arena_calloc(panel->arena, 1, sizeof *adjustment->only);
    assert_non_null(adjustment->only);
    adjustment->only[0] = code;
    adjustment->only_len = 1;
}

void use_income(struct kf_panel *panel, const char *id, const double *amount)
{
    struct kf_edition *edition = fixture_edition(panel);
    if (!edition->uses) {
        edition->uses = kf_arena_calloc(panel->arena, ROOM, sizeof *edition->uses);
        assert_non_null(edition->uses);
    }
    assert_true(edition->uses_len < ROOM);
    edition->uses[edition->uses_len++] =
        (struct kf_use){.id = id, .amount = fixture_term(panel, id, 1)};
    fixture_column(panel, id, amount);
}

void use_compute(struct kf_panel *panel)
{
    struct kf_error err = {0};
    fixture_seal(panel);
    assert_int_equal(kf_need_compute(panel, fixture_findings(), &err), KF_OK);
}

double use_value(const struct kf_panel *panel, const char *sector, const char *measure, size_t k)
{
    return fixture_value(panel, KF_TOPIC_RESOURCE_USE, sector, "", measure, k);
}

uint8_t use_status(const struct kf_panel *panel, const char *sector, const char *measure, size_t k)
{
    return fixture_status(panel, KF_TOPIC_RESOURCE_USE, sector, "", measure, k);
}

bool use_has(const struct kf_panel *panel, const char *sector, const char *measure)
{
    return kf_panel_result(panel, KF_TOPIC_RESOURCE_USE, sector, "", measure);
}

double use_need(const struct kf_panel *panel, const char *sector, size_t k)
{
    return fixture_value(panel, KF_TOPIC_NEED, sector, "", "need_kr_per_capita", k);
}
