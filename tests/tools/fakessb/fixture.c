#include "tests/tools/fakessb/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/findings.h"
#include "tools/fakessb/scenario.h"

static const char text[] =
    "tables:\n"
    "  - id: \"00001\"\n"
    "    label: \"00001: Tall, etter region, alder og år\"\n"
    "    updated: 2026-03-16T07:00:00Z\n"
    "    notes: [Note]\n"
    "    dimensions:\n"
    "      - {id: Region, label: region, role: geo, codes: [{code: \"0301\"}, {code: \"4601\"}]}\n"
    "      - {id: Alder, label: alder, elimination: sum, codes: [{ages: [0, 1]}]}\n"
    "      - {id: C, role: metric, codes: [{code: N, unit: personer, decimals: 1}]}\n"
    "      - {id: Tid, label: år, role: time, codes: [{years: [2023, 2025]}]}\n";

static struct kf_findings findings;

static void check(enum kf_err code, const struct kf_error *err)
{
    if (code != KF_OK) {
        fprintf(stderr, "the fixture: %s\n", err->text);
        abort();
    }
}

struct kf_fake_table *fixture_table(const struct kf_fake_world *world)
{
    return kf_fake_world_table(world, "00001");
}

struct kf_fake_world *fixture_world(const struct kf_day *day)
{
    struct kf_fake_sources sources = {.file = "fixture", .editions = "editions"};
    struct kf_fake_world *world = NULL;
    struct kf_yaml *yaml = NULL;
    struct kf_error err = {0};
    kf_findings_init(&findings);
    check(kf_fake_world_new(day, &world, &err), &err);
    check(kf_yaml_parse("fixture", text, strlen(text), &yaml, &findings, &err), &err);
    struct kf_yaml_node list = kf_yaml_get(kf_yaml_root(yaml), "tables");
    check(kf_fake_scenario_table(&sources, kf_yaml_item(list, 0), world, &findings, &err), &err);
    kf_yaml_destroy(&yaml);
    struct kf_fake_table *table = fixture_table(world);
    for (size_t i = 0; i < table->cells_len; i++) {
        table->cells[i] = (struct kf_fake_cell){.value = (double)i};
    }
    return world;
}
