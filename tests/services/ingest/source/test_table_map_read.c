#include "services/ingest/source/table_map_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/model/cell.h"
#include "source_fixture.h"

static void the_maps_of_the_tree_are_sound(void **state)
{
    (void)state;
    struct kf_error err = {0};
    struct kf_table_maps *maps = NULL;
    enum kf_err code = kf_table_maps_read(KF_SOURCE_DIR "/editions", source_fixture_catalogue,
                                          &maps, source_fixture_findings, &err);
    source_fixture_found(0);
    assert_int_equal(code, KF_OK);
    const struct kf_table_map *ages = kf_table_maps_find(maps, "07459");
    assert_non_null(ages);
    assert_int_equal(ages->figures_len, 108);
    assert_string_equal(ages->figures[105].variable, "alder_105");
    assert_string_equal(ages->figures[105].picks[0].codes[0], "105+");
    assert_non_null(kf_table_maps_find(maps, "12362"));
    assert_null(kf_table_maps_find(maps, "00001"));
    for (size_t i = 1; i < maps->length; i++) {
        assert_true(strcmp(maps->list[i - 1].table, maps->list[i].table) < 0);
    }
    kf_table_maps_destroy(&maps);
}

static void a_map_is_read_as_it_stands(void **state)
{
    (void)state;
    const struct kf_table_map *map = source_fixture_map(source_fixture_yaml);
    assert_int_equal(map->figures_len, 4);
    assert_string_equal(map->title_en, "People");
    assert_string_equal(map->country, "0");
    assert_int_equal(map->estimates_len, 2);
    assert_string_equal(map->eliminated[0], "Kjonn");
    const struct kf_table_figure *end = &map->figures[3];
    assert_string_equal(end->variable, "folkemengde_31_12");
    assert_int_equal(end->year_offset, -1);
    assert_true(end->factor == 1 && !end->verified);
    assert_string_equal(end->unit, "personer");
    assert_string_equal(end->note, "guessed");
    assert_int_equal(end->picks_len, 2);
    assert_string_equal(end->picks[0].dimension, "Alder");
    assert_int_equal(end->picks[0].codes_len, 3);
    assert_string_equal(end->picks[0].codes[1], "001");
    assert_int_equal(end->line, 15);
    assert_true(map->figures[0].verified && map->figures[0].line == 13);
}

static void symbols_of_the_tables_own_have_a_meaning(void **state)
{
    (void)state;
    const char *text = source_fixture_replace(source_fixture_yaml,
                                              "known:", "symbols: {\"x\": confidential}\nknown:");
    const struct kf_table_map *map = source_fixture_map(text);
    assert_int_equal(map->symbols_len, 1);
    assert_string_equal(map->symbols[0].symbol, "x");
    assert_int_equal(map->symbols[0].status, KF_CELL_CONFIDENTIAL);
}

static void what_a_region_is_is_told_by_its_code(void **state)
{
    (void)state;
    const struct kf_table_map *map = source_fixture_map(source_fixture_yaml);
    assert_int_equal(kf_table_map_region(map, "0301"), KF_TABLE_REGION_MUNICIPALITY);
    assert_int_equal(kf_table_map_region(map, "0"), KF_TABLE_REGION_COUNTRY);
    assert_int_equal(kf_table_map_region(map, "EAKUO"), KF_TABLE_REGION_ESTIMATE);
    assert_int_equal(kf_table_map_region(map, "EKG16"), KF_TABLE_REGION_ESTIMATE);
    assert_int_equal(kf_table_map_region(map, "9999"), KF_TABLE_REGION_NONE);
    assert_int_equal(kf_table_map_region(map, "03"), KF_TABLE_REGION_NONE);
    assert_int_equal(kf_table_map_region(map, "030101"), KF_TABLE_REGION_NONE);
    assert_int_equal(kf_table_map_region(map, "EAK"), KF_TABLE_REGION_NONE);
}

/* --- faults ---------------------------------------------------------------------------------- */

struct fault {
    const char *from;
    const char *to;
    const char *place;
    const char *part;
    const char *remedy;
};

static const struct fault faults[] = {
    {"table: \"99999\"", "table: \"12362\"", ":1:", "is not what the file is called", "after"},
    {"table: \"99999\"", "table: \"999 99\"", ":1:", "is not a table", "in quotes"},
    {"region: Region\n", "", ":1:", "region", "add region"},
    {"time: Tid\n", "", ":1:", "time", "add time"},
    {"publication: befolkning\n", "", ":1:", "publication", "add publication"},
    {", en: \"People\"", "", ":2:", "en", "add en"},
    {"country:", "contry:", ":6:", "is not a key", "country"},
    {"estimates: [EAKUO, \"EKG*\"]", "estimates: [EAKUO, EAKUO]", ":7:", "EAKUO twice", "remove"},
    {"estimates: [EAKUO, \"EKG*\"]", "estimates: []", ":7:", "is empty", "leave the key out"},
    {"estimates: [EAKUO, \"EKG*\"]", "estimates: [{a: b}]", ":7:", "is no code", "in quotes"},
    {"\"000..001\"", "\"009..001\"", ":13:", "is no code", "range"},
    {"\"000..001\"", "\"0..999999\"", ":13:", "is no code", "range"},
    {"unit: personer", "unit: kr", ":13:", "kr times 1 is not what", "persons"},
    {"unit: personer", "unit: hoder", ":13:", "no unit that is known", "persons"},
    {"year_offset: -1", "factor: 1000", ":15:", "needs another factor", "persons"},
    {"year_offset: -1", "year_offset: -9", ":16:", "year_offset", ""},
    {"year_offset: -1", "factor: 0", ":16:", "is no factor", "positive"},
    {"family: alder_", "family: aldre_", ":13:", "aldre_0 is not a registered", "alder_0"},
    {"variable: folkemengde,", "variable: folkmengde,", ":14:", "not a registered", "folkemengde"},
    {"variable: folkemengde,", "variable: alder_1,", ":14:", "is on line 13", "remove"},
    {"verified: true", "verified: false", ":13:", "verified: is missing", "note"},
    {"select: {ContentsCode: Personer1}", "select: {Region: \"0301\"}", ":13:",
     "picks codes of "
     "Region",
     "leave the region"},
    {"select: {ContentsCode: Personer1}", "select: {}", ":10:", "must be a map", "write"},
    {"folkemengde, select: {Alder: [", "folkemengde, select: {Aar: [", ":14:", "other dimensions",
     "each figure"},
    {", dimension: Alder", "", ":13:", "dimension", "add dimension"},
    {", codes: [\"000..001\"]", "", ":13:", "codes", "add codes"},
    {"variable: folkemengde,", "variable: folkemengde, codes: [\"1\"],", ":14:", "goes with family",
     "select"},
    {"family: alder_", "variable: bdu, family: alder_", ":13:", "does not go with variable", "one"},
    {"known: {Alder: [\"F000\"]}", "known: 3", ":17:", "must be a map", "write"},
    {"known:", "symbols: {\"x\": funny}\nknown:", ":17:", "not what a symbol means", "missing"},
};

static void every_fault_is_told_with_line_and_remedy(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        const char *text =
            source_fixture_replace(source_fixture_yaml, faults[i].from, faults[i].to);
        assert_int_equal(source_fixture_read(text), KF_ERR_CONFIG);
        source_fixture_told(faults[i].place, faults[i].part, faults[i].remedy, NULL);
        kf_findings_clear(source_fixture_findings);
    }
}

static void all_faults_of_all_files_are_told_at_once(void **state)
{
    (void)state;
    scratch_write_text(&source_fixture_folder, "sources/11111.yaml", "table: [\n");
    scratch_write_text(&source_fixture_folder, "sources/22222.yaml", "- 1\n");
    scratch_write_text(&source_fixture_folder, "sources/calendar.yaml", "- no map\n");
    scratch_write_text(&source_fixture_folder, "sources/notes.txt", "no map\n");
    const char *text = source_fixture_replace(source_fixture_yaml, "family: alder_", "family: x_");
    assert_int_equal(source_fixture_read(text), KF_ERR_CONFIG);
    source_fixture_told("11111.yaml:", NULL);
    source_fixture_told("22222.yaml:", NULL);
    source_fixture_told("99999.yaml:13:", NULL);
    source_fixture_found(3);
}

static void a_folder_that_is_not_there_is_no_map(void **state)
{
    (void)state;
    struct kf_error err;
    struct kf_table_maps *maps = NULL;
    struct kf_catalogue none = *source_fixture_catalogue;
    none.editions_len = 0;
    char path[SCRATCH_PATH_SIZE + 8];
    (void)snprintf(path, sizeof path, "%s/none", source_fixture_folder.path);
    assert_int_equal(kf_table_maps_read(path, &none, &maps, source_fixture_findings, &err), KF_OK);
    assert_int_equal(maps->length, 0);
    kf_table_maps_destroy(&maps);
}

static void a_live_edition_whose_table_has_no_map_is_told(void **state)
{
    (void)state;
    struct kf_error err;
    struct kf_table_maps *maps = NULL;
    assert_int_equal(kf_table_maps_read(source_fixture_folder.path, source_fixture_catalogue, &maps,
                                        source_fixture_findings, &err),
                     KF_ERR_CONFIG);
    source_fixture_told("need-2026-ages.yaml:", "table 07459 has no map", "write one", NULL);
    source_fixture_told("resource-use-national.yaml:", "table 12362 has no map", NULL);
}

/* --- hostile --------------------------------------------------------------------------------- */

/* Lines left out, doubled or swapped: read or told, never worse. */
static void a_disturbed_map_is_read_or_its_faults_are_told(void **state)
{
    (void)state;
    unsigned sound = 0;
    unsigned seed = 1;
    for (unsigned round = 0; round < 400; round++) {
        char text[4096];
        size_t length = 0;
        const char *line = source_fixture_yaml;
        while (*line) {
            const char *end = strchr(line, '\n') + 1;
            seed = seed * 1103515245U + 12345U;
            unsigned times = seed >> 16U & 15U;
            for (unsigned t = 0; t < (times == 0 ? 0 : times == 1 ? 2 : 1); t++) {
                memcpy(text + length, line, (size_t)(end - line));
                length += (size_t)(end - line);
            }
            line = end;
        }
        text[length] = '\0';
        if (length > 0 && round % 3 == 0) {
            text[seed % length] = "{}[]:-#'\"\t"[seed >> 20U & 7U];
        }
        enum kf_err code = source_fixture_read(text);
        assert_true(code == KF_OK ? kf_findings_count(source_fixture_findings) == 0
                                  : kf_findings_count(source_fixture_findings) > 0);
        sound += code == KF_OK;
        kf_findings_clear(source_fixture_findings);
    }
    assert_true(sound > 20 && sound < 380);
}

static void without_memory_that_is_told(void **state)
{
    (void)state;
    enum kf_err code = KF_ERR_MEMORY;
    unsigned failures = 0;
    for (int64_t n = 0; code != KF_OK; n++) {
        kf_memory_fail_after(n);
        code = source_fixture_read(source_fixture_yaml);
        kf_memory_fail_after(-1);
        failures += code != KF_OK;
        kf_findings_clear(source_fixture_findings);
        assert_true(n < 5000);
    }
    assert_true(failures > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(the_maps_of_the_tree_are_sound),
        WITH_FOLDER(a_map_is_read_as_it_stands),
        WITH_FOLDER(symbols_of_the_tables_own_have_a_meaning),
        WITH_FOLDER(what_a_region_is_is_told_by_its_code),
        WITH_FOLDER(every_fault_is_told_with_line_and_remedy),
        WITH_FOLDER(all_faults_of_all_files_are_told_at_once),
        WITH_FOLDER(a_folder_that_is_not_there_is_no_map),
        WITH_FOLDER(a_live_edition_whose_table_has_no_map_is_told),
        WITH_FOLDER(a_disturbed_map_is_read_or_its_faults_are_told),
        WITH_FOLDER(without_memory_that_is_told),
    };
    return cmocka_run_group_tests(tests, source_fixture_open, source_fixture_close);
}
