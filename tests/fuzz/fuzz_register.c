/* The registers that are CSV, and the files of table maps and the calendar. The first byte chooses:
 * municipalities (m), changes of the structure (s), KOSTRA groups (g), a hierarchy of accounts (a),
 * a table map (t), the calendar (c). What is read can be asked for everything; what is refused has
 * findings that can be shown. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/model/account.h"
#include "common/model/kostra_group.h"
#include "common/model/structure.h"
#include "services/ingest/source/table_map.h"
#include "services/ingest/watch/calendar.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/support/promise.h"
#include "tests/fuzz/support/registers.h"
#include "tests/fuzz/support/scratch.h"

#define DAY_MS      INT64_C(86400000)
#define HEADER_ONLY "year,to,from,sign\n"

static const struct kf_catalogue *project;
static struct kf_findings findings;
static char path[FUZZ_PATH_SIZE];

/* The outcome of a reader; true when it read. */
static bool promise_read(enum kf_err code, const void *made, const struct kf_error *err)
{
    promise_outcome(code, KF_ERR_CONFIG, &findings, err);
    must((code == KF_OK) == (made != NULL));
    return code == KF_OK;
}

/* --- registers ------------------------------------------------------------------------------- */

static void read_municipalities(const void *bytes, size_t length)
{
    struct kf_municipalities *municipalities = NULL;
    struct kf_error err = {0};
    size_t count = 0;
    fuzz_write("register.csv", bytes, length);
    enum kf_err code = kf_municipalities_read(path, &municipalities, &findings, &err);
    if (promise_read(code, municipalities, &err)) {
        const struct kf_municipality *all = kf_municipalities_all(municipalities, &count);
        for (size_t i = 0; i < count; i++) {
            must(all[i].from_year <= all[i].to_year && all[i].name[0]);
            must(kf_municipalities_find(municipalities, all[i].code, all[i].from_year) == &all[i]);
            must(kf_municipalities_count(municipalities, all[i].from_year) > 0);
        }
        must(count > 0 && kf_municipalities_newest(municipalities) > 0);
    }
    kf_municipalities_destroy(&municipalities);
}

static void promise_parts(const struct kf_structure *structure, unsigned code)
{
    struct kf_parts parts = {.count = 0};
    struct kf_error err = {0};
    double sum = 0;
    if (kf_structure_follow(structure, code, 2009, 2026, &parts)) {
        must(parts.count >= 1 && parts.count <= KF_PARTS_MAX);
    }
    if (kf_structure_map(structure, code, 2009, 2026, &parts, &err) == KF_OK) {
        for (size_t i = 0; i < parts.count; i++) {
            must(parts.list[i].weight >= 0);
            sum += parts.list[i].weight;
        }
        must(fabs(sum - 1) < 1e-6);
    } else {
        promise_reason(&err);
    }
}

static void read_structure(const void *bytes, size_t length)
{
    struct kf_structure *structure = NULL;
    struct kf_error err = {0};
    size_t count = 0;
    fuzz_write("register.csv", bytes, length);
    enum kf_err code =
        kf_structure_read(path, project->municipalities, &structure, &findings, &err);
    if (promise_read(code, structure, &err)) {
        const struct kf_municipality *all = kf_municipalities_all(project->municipalities, &count);
        for (size_t i = 0; i < count; i++) {
            struct kf_text text;
            promise_parts(structure, all[i].number);
            kf_text_init(&text, 65536);
            kf_structure_explain(structure, project->municipalities, all[i].code, 2018, &text);
            must(!text.failed);
            kf_text_clear(&text);
        }
    }
    kf_structure_destroy(&structure);
}

static void read_groups(const void *bytes, size_t length)
{
    struct kf_kostra_groups *groups = NULL;
    struct kf_error err = {0};
    size_t count = 0;
    fuzz_write("register.csv", bytes, length);
    enum kf_err code =
        kf_kostra_groups_read(path, project->municipalities, &groups, &findings, &err);
    if (promise_read(code, groups, &err)) {
        int year = kf_kostra_groups_year(groups, 2100);
        const struct kf_kostra_member *members = kf_kostra_groups_of(groups, year, &count);
        must(year > 0 && count > 0);
        for (size_t i = 0; i < count; i++) {
            must(i == 0 || members[i - 1].code < members[i].code);
            must(kf_kostra_groups_know(groups, members[i].group));
        }
    }
    kf_kostra_groups_destroy(&groups);
}

/* Functions that are what was given, the other hierarchies empty of rows. */
static void read_accounts(const struct fuzz_part *parts, size_t parts_len)
{
    static const char *const names[] = {"functions", "arts", "netting_undertakings",
                                        "netting_treasury"};
    struct kf_accounts *accounts = NULL;
    struct kf_error err = {0};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char name[64];
        char *text = fuzz_part_text(parts, parts_len, names[i]);
        (void)snprintf(name, sizeof name, "accounts/%s.csv", names[i]);
        fuzz_write(name, text[0] ? text : HEADER_ONLY, strlen(text[0] ? text : HEADER_ONLY));
        free(text);
    }
    char folder[FUZZ_PATH_SIZE];
    fuzz_path("accounts", folder);
    enum kf_err code = kf_accounts_read(folder, &accounts, &findings, &err);
    if (promise_read(code, accounts, &err)) {
        kf_accounts_check(accounts, project->variables, &findings);
        int year = kf_accounts_year(accounts, 2100);
        for (unsigned i = 0; i < KF_ACCOUNT_CODES; i++) {
            (void)kf_accounts_have_function(accounts, year, i);
            (void)kf_accounts_have_art(accounts, year, i);
        }
    }
    kf_accounts_destroy(&accounts);
}

/* --- table maps and the calendar ------------------------------------------------------------- */

static void promise_map(const struct kf_table_map *map)
{
    must(kf_table_is_id(map->table) && map->figures_len <= KF_TABLE_FIGURES_MAX);
    for (size_t i = 0; i < map->figures_len; i++) {
        const struct kf_table_figure *figure = &map->figures[i];
        must(isfinite(figure->factor) && figure->factor != 0);
        must(kf_variables_find(project->variables, figure->variable, strlen(figure->variable)));
        for (size_t k = 0; k < figure->picks_len; k++) {
            must(figure->picks[k].codes_len <= KF_TABLE_CODES_MAX);
        }
    }
    (void)kf_table_map_region(map, "0301");
    (void)kf_table_map_region(map, map->country);
}

static void read_map(const void *bytes, size_t length)
{
    const struct kf_catalogue registers = {.municipalities = project->municipalities,
                                           .variables = project->variables};
    struct kf_table_maps *maps = NULL;
    struct kf_error err = {0};
    fuzz_write("sources/12362.yaml", bytes, length);
    fuzz_remove("sources/calendar.yaml");
    enum kf_err code = kf_table_maps_read(fuzz_folder(), &registers, &maps, &findings, &err);
    if (promise_read(code, maps, &err)) {
        must(maps->length == 1);
        promise_map(&maps->list[0]);
    }
    kf_table_maps_destroy(&maps);
}

/* Events alternate and ascend, each with a day before its hour. */
static void promise_events(const struct kf_calendar *calendar)
{
    struct kf_calendar_event event;
    int64_t at_ms = 0;
    for (int i = 0; i < 400 && kf_calendar_next(calendar, "kostra", at_ms, &event); i++) {
        struct kf_calendar_event last;
        must(event.at_ms > at_ms && event.day_ms <= event.at_ms && event.until_ms > event.day_ms);
        must(event.at_ms - event.day_ms <= DAY_MS + DAY_MS / 12);
        must(kf_calendar_last(calendar, "kostra", event.at_ms, &last));
        must(last.at_ms == event.at_ms);
        must(kf_calendar_vintage(calendar, "kostra", event.at_ms) != NULL);
        at_ms = event.at_ms;
    }
}

static void read_calendar(const void *bytes, size_t length)
{
    struct kf_calendar *calendar = NULL;
    struct kf_error err = {0};
    fuzz_write("sources/calendar.yaml", bytes, length);
    enum kf_err code = kf_calendar_read(fuzz_folder(), &calendar, &findings, &err);
    if (promise_read(code, calendar, &err)) {
        promise_events(calendar);
    }
    kf_calendar_destroy(&calendar);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_part parts[FUZZ_PARTS_MAX];
    if (!project) {
        project = fuzz_registers();
        fuzz_path("register.csv", path);
    }
    if (size == 0) {
        return 0;
    }
    size_t count = fuzz_parts(data + 1, size - 1, parts);
    switch (data[0]) {
    case 'm':
        read_municipalities(data + 1, size - 1);
        break;
    case 's':
        read_structure(data + 1, size - 1);
        break;
    case 'g':
        read_groups(data + 1, size - 1);
        break;
    case 'a':
        read_accounts(parts, count);
        break;
    case 'c':
        read_calendar(data + 1, size - 1);
        break;
    default:
        read_map(data + 1, size - 1);
        break;
    }
    kf_findings_clear(&findings);
    return 0;
}
