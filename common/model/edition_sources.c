/* Editions from YAML: what a live edition is fed from. */
#include <stdio.h>
#include <string.h>

#include "common/model/edition_reader.h"

#define FILE_BYTES_MAX 1024

static const char *const sources_keys[] = {"tables", "files", NULL};

bool kf_table_is_id(const char *text)
{
    static const char allowed[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    size_t length = strlen(text);
    return length > 0 && length < KF_TABLE_ID_SIZE && strspn(text, allowed) == length;
}

static const char *read_table(struct kf_edition_reader *reader, struct kf_yaml_node item)
{
    const char *text = kf_yaml_scalar(item);
    if (text && kf_table_is_id(text)) {
        return kf_edition_keep(reader, text);
    }
    kf_yaml_fault(item, reader->findings, "tables", "write the table's number in quotes, \"07459\"",
                  "is not a table of Statistics Norway's");
    return "";
}

/* The file beside the one that names it, unless the path is a whole one. */
static const char *read_file(struct kf_edition_reader *reader, struct kf_yaml_node item)
{
    const char *text = kf_yaml_scalar(item);
    const char *from = kf_yaml_file(item);
    if (!text || !text[0] || strlen(text) > FILE_BYTES_MAX) {
        kf_yaml_fault(item, reader->findings, "files",
                      "write a path as seen from the folder of this file, ../data/need.csv",
                      "is not the path of a file");
        return "";
    }
    const char *slash = text[0] == '/' ? NULL : strrchr(from, '/');
    const char *path =
        kf_arena_printf(reader->arena, "%.*s%s", slash ? (int)(slash - from + 1) : 0, from, text);
    reader->failed = reader->failed || !path;
    return path ? path : "";
}

typedef const char *read_item(struct kf_edition_reader *reader, struct kf_yaml_node item);

static void check_given_once(struct kf_edition_reader *reader, struct kf_yaml_node list, size_t i,
                             const char *const *texts, const char *key)
{
    for (size_t j = 0; j < i; j++) {
        if (texts[i][0] && strcmp(texts[i], texts[j]) == 0) {
            struct kf_yaml_node first = kf_yaml_item(list, j);
            kf_yaml_fault_format(kf_yaml_item(list, i), reader->findings, key,
                                 "remove one of the two", "is on line %llu already",
                                 (unsigned long long)kf_yaml_line(first));
        }
    }
}

/* In the order in which they stand. */
static const char **read_list(struct kf_edition_reader *reader, struct kf_yaml_node list,
                              const char *key, read_item *read, struct kf_listed *at)
{
    size_t count = kf_yaml_count(list);
    const char **texts = count > 0 ? kf_edition_room(reader, count, sizeof *texts) : NULL;
    uint64_t *lines = count > 0 ? kf_edition_room(reader, count, sizeof *lines) : NULL;
    if (!texts || !lines) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        struct kf_yaml_node item = kf_yaml_item(list, i);
        texts[i] = read(reader, item);
        lines[i] = kf_yaml_line(item);
        check_given_once(reader, list, i, texts, key);
    }
    *at = (struct kf_listed){kf_edition_keep(reader, kf_yaml_file(kf_yaml_item(list, 0))), lines};
    return texts;
}

void kf_edition_read_sources(struct kf_edition_reader *reader, struct kf_edition *edition)
{
    struct kf_yaml_node sources = kf_yaml_get(reader->root, "sources");
    if (!kf_yaml_exists(sources)) {
        return;
    }
    kf_yaml_check_keys(sources, sources_keys, reader->findings);
    if (!kf_yaml_is_map(sources)) {
        return;
    }
    struct kf_yaml_node tables =
        kf_edition_list(reader, sources, "tables", 1, KF_EDITION_TABLES_MAX);
    edition->tables = read_list(reader, tables, "tables", read_table, &edition->tables_at);
    edition->tables_len = edition->tables ? kf_yaml_count(tables) : 0;
    if (!kf_yaml_exists(kf_yaml_get(sources, "files"))) {
        return;
    }
    struct kf_yaml_node files = kf_edition_list(reader, sources, "files", 1, KF_EDITION_FILES_MAX);
    edition->source_files = read_list(reader, files, "files", read_file, &edition->source_files_at);
    edition->source_files_len = edition->source_files ? kf_yaml_count(files) : 0;
}
