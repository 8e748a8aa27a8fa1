/* Table maps from YAML: files and what they say of the table. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/model/cell.h"
#include "services/ingest/source/table_map_reader.h"

#define FOLDER          "sources"
#define SUFFIX          ".yaml"
#define CALENDAR        "calendar.yaml"
#define ARENA_BYTES_MAX ((size_t)64 * 1024 * 1024)
#define FILE_BYTES_MAX  ((size_t)1024 * 1024)
#define PATH_BYTES_MAX  4096
#define SYMBOLS_MAX     16

static const char *const map_keys[] = {"table",      "title",   "publication", "region",
                                       "time",       "country", "estimates",   "passed_over",
                                       "eliminated", "select",  "unit",        "figures",
                                       "symbols",    "known",   NULL};

/* --- one file -------------------------------------------------------------------------------- */

static void check_name(struct kf_table_reader *reader, struct kf_yaml_node root,
                       const struct kf_table_map *map)
{
    const char *name = kf_text_file_name(map->file);
    size_t length = strlen(map->table);
    if (length > 0 && !kf_table_is_id(map->table)) {
        kf_yaml_fault(kf_yaml_get(root, "table"), reader->findings, "table",
                      "write the table's number in quotes, \"07459\"",
                      "is not a table of Statistics Norway's");
    } else if (length > 0 &&
               (strncmp(name, map->table, length) != 0 || strcmp(name + length, SUFFIX) != 0)) {
        kf_yaml_fault_format(kf_yaml_get(root, "table"), reader->findings, "table",
                             "call the file after the table", "is not what the file is called: %s",
                             name);
    }
}

static void read_symbols(struct kf_table_reader *reader, struct kf_yaml_node root,
                         struct kf_table_map *map)
{
    static const struct {
        const char *word;
        uint8_t status;
    } words[] = {{"missing", KF_CELL_MISSING},
                 {"not_applicable", KF_CELL_NOT_APPLICABLE},
                 {"confidential", KF_CELL_CONFIDENTIAL},
                 {"preliminary", KF_CELL_PRELIMINARY}};
    struct kf_yaml_node node = kf_yaml_get(root, "symbols");
    size_t count = kf_yaml_count(node);
    if (!kf_yaml_exists(node)) {
        return;
    }
    if (!kf_yaml_is_map(node) || count == 0 || count > SYMBOLS_MAX) {
        kf_yaml_fault(node, reader->findings, "symbols", "write {\"…\": missing}",
                      "must be a map of symbols");
        return;
    }
    struct kf_jsonstat_symbol *symbols = kf_table_room(reader, count, sizeof *symbols);
    for (size_t i = 0; symbols && i < count; i++) {
        const char *word = kf_yaml_scalar(kf_yaml_value(node, i));
        bool known = false;
        symbols[i].symbol = kf_table_keep(reader, kf_yaml_key(node, i));
        for (size_t w = 0; word && w < sizeof words / sizeof words[0]; w++) {
            if (strcmp(word, words[w].word) == 0) {
                symbols[i].status = words[w].status;
                known = true;
            }
        }
        if (!known) {
            kf_yaml_fault(kf_yaml_value(node, i), reader->findings, "symbols",
                          "write missing, not_applicable, confidential or preliminary",
                          "is not what a symbol means");
        }
    }
    map->symbols = symbols;
    map->symbols_len = symbols ? count : 0;
}

static void read_regions(struct kf_table_reader *reader, struct kf_yaml_node root,
                         struct kf_table_map *map)
{
    map->region = kf_table_text(reader, root, "region", true);
    map->time = kf_table_text(reader, root, "time", true);
    map->country = kf_table_text(reader, root, "country", false);
    struct kf_table_texts estimates = kf_table_codes_of(reader, root, "estimates");
    map->estimates = estimates.list;
    map->estimates_len = estimates.length;
    struct kf_table_texts passed_over = kf_table_codes_of(reader, root, "passed_over");
    map->passed_over = passed_over.list;
    map->passed_over_len = passed_over.length;
    struct kf_table_texts eliminated = kf_table_codes_of(reader, root, "eliminated");
    map->eliminated = eliminated.list;
    map->eliminated_len = eliminated.length;
}

static void read_map(struct kf_table_reader *reader, struct kf_yaml_node root,
                     struct kf_table_map *map)
{
    kf_yaml_check_keys(root, map_keys, reader->findings);
    if (!kf_yaml_is_map(root)) {
        return;
    }
    const char *nb = "";
    const char *en = "";
    map->table = kf_table_text(reader, root, "table", true);
    check_name(reader, root, map);
    (void)kf_yaml_get_name(root, "title", &nb, &en, reader->findings);
    map->title_nb = kf_table_keep(reader, nb);
    map->title_en = kf_table_keep(reader, en);
    map->publication = kf_table_text(reader, root, "publication", true);
    read_regions(reader, root, map);
    read_symbols(reader, root, map);
    map->known = kf_table_picks(reader, root, "known", &map->known_len);
    kf_table_read_figures(reader, root, map);
}

/* --- the folder ------------------------------------------------------------------------------ */

static bool is_map_file(const char *name)
{
    size_t length = strlen(name);
    return name[0] != '.' && length > strlen(SUFFIX) &&
           strcmp(name + length - strlen(SUFFIX), SUFFIX) == 0 && strcmp(name, CALENDAR) != 0;
}

static enum kf_err read_file(struct kf_table_reader *reader, const char *path,
                             struct kf_table_maps *maps, struct kf_table_map *list,
                             struct kf_error *err)
{
    struct kf_yaml *yaml = NULL;
    uint64_t before = kf_findings_count(reader->findings);
    enum kf_err code = kf_yaml_read(path, FILE_BYTES_MAX, &yaml, NULL, reader->findings, err);
    if (code == KF_OK) {
        struct kf_table_map *map = &list[maps->length];
        *map = (struct kf_table_map){.table = "",
                                     .title_nb = "",
                                     .title_en = "",
                                     .publication = "",
                                     .region = "",
                                     .time = "",
                                     .country = ""};
        map->file = kf_table_keep(reader, path);
        read_map(reader, kf_yaml_root(yaml), map);
        maps->length++;
    } else if (code != KF_ERR_MEMORY && kf_findings_count(reader->findings) == before) {
        struct kf_place place = {.file = path};
        kf_findings_add(reader->findings, &place, "put a readable file there", "%s",
                        err ? err->text : "cannot be read");
    }
    kf_yaml_destroy(&yaml);
    return code == KF_ERR_MEMORY ? code : KF_OK;
}

static void tell(struct kf_table_reader *reader, const char *path, const char *problem,
                 const char *remedy)
{
    struct kf_place place = {.file = path};
    kf_findings_add(reader->findings, &place, remedy, "%s", problem);
}

static enum kf_err read_folder(struct kf_table_reader *reader, const char *folder,
                               struct kf_table_maps *maps, struct kf_error *err)
{
    DIR *opened = opendir(folder);
    if (!opened) {
        if (errno != ENOENT) {
            tell(reader, folder, "cannot be read", "make it a readable folder");
        }
        return KF_OK;
    }
    struct kf_table_map *list = kf_table_room(reader, KF_TABLE_MAPS_MAX, sizeof *list);
    enum kf_err code = KF_OK;
    struct dirent *entry = NULL;
    maps->list = list;
    while (list && code == KF_OK && !reader->failed && (entry = readdir(opened)) != NULL) {
        char path[PATH_BYTES_MAX];
        int length = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (!is_map_file(entry->d_name)) {
            continue;
        }
        if (maps->length == KF_TABLE_MAPS_MAX || length >= PATH_BYTES_MAX) {
            tell(reader, folder, "has more maps than can be read, or too long a name",
                 "take maps away that no edition uses");
            break;
        }
        code = read_file(reader, path, maps, list, err);
    }
    (void)closedir(opened);
    if (maps->length > 1) {
        qsort(list, maps->length, sizeof *list, kf_table_map_compare);
    }
    return code;
}

/* Every table that an edition names must have a map; not asked when there are faults in maps, which
 * may be why there is none. */
static void check_editions(struct kf_table_reader *reader, const struct kf_catalogue *catalogue,
                           const struct kf_table_maps *maps)
{
    for (size_t e = 0; e < catalogue->editions_len; e++) {
        const struct kf_edition *edition = catalogue->editions[e];
        for (size_t t = 0; t < edition->tables_len; t++) {
            struct kf_place place = {.file = edition->tables_at.file,
                                     .line = edition->tables_at.lines[t],
                                     .variable = "sources"};
            if (!kf_table_maps_find(maps, edition->tables[t])) {
                kf_findings_add_once(
                    reader->findings, &place, "write one, or take the table out of the edition",
                    "table %s has no map in the folder " FOLDER, edition->tables[t]);
            }
        }
    }
}

enum kf_err kf_table_maps_read(const char *editions, const struct kf_catalogue *catalogue,
                               struct kf_table_maps **maps, struct kf_findings *findings,
                               struct kf_error *err)
{
    char folder[PATH_BYTES_MAX];
    uint64_t before = kf_findings_count(findings);
    struct kf_table_reader reader = {.variables = catalogue->variables, .findings = findings};
    struct kf_table_maps *self = kf_calloc(1, sizeof *self);
    enum kf_err code = KF_OK;
    reader.arena = self ? kf_arena_new(ARENA_BYTES_MAX) : NULL;
    if (!reader.arena) {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory for the maps of tables");
        goto out;
    }
    self->arena = reader.arena;
    if (snprintf(folder, sizeof folder, "%s/" FOLDER, editions) >= PATH_BYTES_MAX) {
        code = kf_error_set(err, KF_ERR_CONFIG, "the path %s is too long", editions);
        goto out;
    }
    code = read_folder(&reader, folder, self, err);
    if (code == KF_OK && reader.failed) {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory for the maps of %s", folder);
    } else if (code == KF_OK && kf_findings_count(findings) == before) {
        check_editions(&reader, catalogue, self);
    }
    if (code == KF_OK && kf_findings_count(findings) > before) {
        code = kf_error_set(err, KF_ERR_CONFIG, "the maps of %s have faults", folder);
    }
out:
    if (code == KF_OK) {
        *maps = self;
    } else {
        kf_table_maps_destroy(&self);
    }
    return code;
}
