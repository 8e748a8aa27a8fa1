#include <stdio.h>

#include "common/base/day.h"
#include "tools/fakessb/mode.h"
#include "tools/fakessb/scenario.h"
#include "tools/fakessb/server.h"
#include "tools/standin/standin.h"

static const char about[] =
    "Statistics Norway's API (PxWebApi v2 and KLASS) on this machine, for tests and for the\n"
    "demonstration: serves the tables of a scenario, lets them change over a day as the real ones\n"
    "do, misbehaves when it is told to, and writes down every question. Prints its address as its\n"
    "only line and runs until it is told to stop (SIGTERM, SIGINT). Listens on 127.0.0.1 only.\n"
    "\n"
    "  API      ADDRESS/api/pxwebapi/v2   /config /tables /tables/ID /tables/ID/metadata|data\n"
    "  KLASS    ADDRESS/api/klass/v1      /classifications/131/codesAt|changes\n"
    "  control  POST ADDRESS/-/control    a change, a misbehaviour or a setting, YAML or JSON\n"
    "  state    GET ADDRESS/-/state       the day's time, the tables, what is yet to happen\n"
    "\n"
    "A scenario (tools/fakessb/README.md has all of it):\n"
    "  tables:\n"
    "    - recorded: answer.json\n"
    "    - id: \"12362\"\n"
    "      label: \"12362: …\"\n"
    "      updated: 2025-06-16T06:00:00Z\n"
    "      dimensions: [{id: Tid, role: time, codes: [{years: [2024, 2025]}]}, …]\n"
    "      figures: [{file: figures.csv, region: Region, time: Tid, variables: […]}]\n"
    "  story:\n"
    "    - {at: 2026-03-16T05:00:00+01:00, table: \"12362\", change: mask, symbol: \"..\",\n"
    "       where: {Tid: \"2025\"}}\n"
    "    - {at: 2026-03-16T08:00:00+01:00, table: \"12362\", change: publish}\n"
    "    - {at: 2026-03-16T11:30:00+01:00, until: 2026-03-16T11:45:00+01:00,\n"
    "       misbehave: unavailable}\n"
    "\n"
    "Changes: mask unmask hide show publish touch set status scale drop rename add remove unit.\n"
    "Ways to misbehave:\n";

static const struct kf_option options[] = {
    {.name = "scenario",
     .type = KF_OPTION_TEXT,
     .initial = NULL,
     .help = "File with the tables and what happens to them."},
    {.name = "editions",
     .type = KF_OPTION_TEXT,
     .initial = "editions",
     .help = "Folder with municipalities.csv and municipality_changes.csv."},
    {.name = "port",
     .type = KF_OPTION_WHOLE,
     .initial = "0",
     .minimum = 0,
     .maximum = 65535,
     .help = "Port to listen on; 0 takes any free one."},
    {.name = "port-file",
     .type = KF_OPTION_TEXT,
     .initial = "",
     .help = "File that the port is written to, whole, once clients can connect."},
    {.name = "log",
     .type = KF_OPTION_TEXT,
     .initial = "",
     .help = "File that a line of JSON is added to for every question."},
    {.name = "day",
     .type = KF_OPTION_TEXT,
     .initial = "",
     .help = "START,SPEED,ANCHOR: the day that the story happens on, as in "
             "2026-03-16T04:55:00Z,600. Empty: the real clock."},
};

static void add_about(struct kf_text *text)
{
    kf_text_add(text, about);
    kf_fake_mode_help(text);
    text->bytes[--text->length] = '\0'; /* the last line's end */
}

/* The scenario's world, on its day, which outlives it. */
static enum kf_err read_world(const struct kf_settings *settings, struct kf_day *day,
                              struct kf_fake_world **world, struct kf_findings *findings,
                              struct kf_error *err)
{
    const struct kf_fake_sources sources = {.file = kf_settings_text(settings, "scenario"),
                                            .editions = kf_settings_text(settings, "editions")};

    enum kf_err result = kf_day_parse(kf_settings_text(settings, "day"), day, err);
    if (result == KF_OK) {
        result = kf_fake_world_new(day, world, err);
    }
    if (result == KF_OK) {
        result = kf_fake_scenario_read(&sources, *world, findings, err);
    }
    return result;
}

static enum kf_err check(const struct kf_settings *settings, struct kf_findings *findings,
                         struct kf_error *err)
{
    struct kf_fake_world *world = NULL;
    struct kf_day day;

    enum kf_err result = read_world(settings, &day, &world, findings, err);
    kf_fake_world_destroy(&world);
    return result;
}

static enum kf_err serve(const struct kf_settings *settings, struct kf_fake_world *world,
                         struct kf_error *err)
{
    struct kf_fake_server *server = NULL;
    const struct kf_fake_server_options wanted = {
        .port = (uint16_t)kf_settings_number(settings, "port"),
        .log = kf_settings_text(settings, "log"),
        .editions = kf_settings_text(settings, "editions")};

    enum kf_err result = kf_fake_server_start(&wanted, world, &server, err);
    if (result == KF_OK) {
        char address[32];
        int before = snprintf(address, sizeof address, "http://127.0.0.1:");
        (void)snprintf(address + before, sizeof address - (size_t)before, "%u",
                       (unsigned)kf_fake_server_port(server));
        result = kf_standin_serve(address, address + before,
                                  kf_settings_text(settings, "port-file"), err);
    }
    kf_fake_server_destroy(&server);
    return result;
}

static enum kf_err run(const struct kf_settings *settings, struct kf_findings *findings,
                       struct kf_error *err)
{
    struct kf_fake_world *world = NULL;
    struct kf_day day;

    enum kf_err result = read_world(settings, &day, &world, findings, err);
    if (result == KF_OK) {
        result = serve(settings, world, err);
    }
    kf_fake_world_destroy(&world);
    return result;
}

int main(int argc, char **argv)
{
    static const struct kf_standin fake_ssb = {.name = "kf-fake-ssb",
                                               .options = options,
                                               .options_len = sizeof options / sizeof options[0],
                                               .about = add_about,
                                               .check = check,
                                               .run = run};
    return kf_standin_main(&fake_ssb, argc, argv);
}
