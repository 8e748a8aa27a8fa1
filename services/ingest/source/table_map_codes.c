/* Table maps from YAML: texts and codes. */
#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "services/ingest/source/table_map_reader.h"

#define CODE_BYTES_MAX 64
#define TEXT_BYTES_MAX 1024
#define DIGITS_MAX     6

void *kf_table_room(struct kf_table_reader *reader, size_t count, size_t size)
{
    if (count == 0) {
        return NULL;
    }
    void *room = kf_arena_calloc(reader->arena, count, size);
    reader->failed = reader->failed || !room;
    return room;
}

const char *kf_table_keep(struct kf_table_reader *reader, const char *text)
{
    const char *copy = kf_arena_strdup(reader->arena, text);
    reader->failed = reader->failed || !copy;
    return copy ? copy : "";
}

const char *kf_table_text(struct kf_table_reader *reader, struct kf_yaml_node map, const char *key,
                          bool required)
{
    const char *text = "";
    if (!kf_yaml_get_text(map, key, required, &text, reader->findings)) {
        return "";
    }
    if (strlen(text) > TEXT_BYTES_MAX) {
        kf_yaml_fault(kf_yaml_get(map, key), reader->findings, key, "shorten it", "is too long");
        return "";
    }
    return kf_table_keep(reader, text);
}

/* --- codes ----------------------------------------------------------------------------------- */

/* Codes as they are collected: counted first, then kept. */
struct codes {
    struct kf_table_reader *reader;
    const char **list; /* NULL while counting */
    size_t length;
};

static void add_code(struct codes *self, const char *code)
{
    if (self->list) {
        self->list[self->length] = kf_table_keep(self->reader, code);
    }
    self->length++;
}

/* Both ends of "000..104", with as many digits; false for anything else. */
static bool parse_range(const char *text, unsigned long ends[2], int *digits)
{
    const char *dots = strstr(text, "..");
    size_t width = dots ? (size_t)(dots - text) : 0;
    if (width == 0 || width > DIGITS_MAX || strlen(dots + 2) != width) {
        return false;
    }
    *digits = (int)width;
    return kf_text_to_unsigned(text, width, 999999, &ends[0]) &&
           kf_text_to_unsigned(dots + 2, width, 999999, &ends[1]);
}

static void add_range(struct codes *self, const unsigned long ends[2], int digits)
{
    for (unsigned long i = ends[0]; i <= ends[1]; i++) {
        char code[DIGITS_MAX + 16];
        (void)snprintf(code, sizeof code, "%0*lu", digits, i);
        add_code(self, code);
    }
}

static void fault_code(struct kf_table_reader *reader, struct kf_yaml_node node, const char *key)
{
    kf_yaml_fault(node, reader->findings, key,
                  "write the table's code in quotes, \"FGK7\", or a range of numbers with as many "
                  "digits, \"000..104\"",
                  "is no code");
}

static void collect_one(struct codes *self, struct kf_yaml_node node, const char *key)
{
    const char *text = kf_yaml_scalar(node);
    unsigned long ends[2] = {0, 0};
    int digits = 0;
    bool range = text && parse_range(text, ends, &digits);
    bool long_range = range && (ends[1] < ends[0] || ends[1] - ends[0] >= KF_TABLE_CODES_MAX);
    bool slip = text && !range && strstr(text, "..");
    if (!text || !text[0] || strlen(text) > CODE_BYTES_MAX || long_range || slip) {
        if (!self->list) { /* told while counting */
            fault_code(self->reader, node, key);
        }
    } else if (range) {
        add_range(self, ends, digits);
    } else {
        add_code(self, text);
    }
}

static void collect(struct codes *self, struct kf_yaml_node node, const char *key)
{
    if (!kf_yaml_is_list(node)) {
        collect_one(self, node, key);
        return;
    }
    for (size_t i = 0; i < kf_yaml_count(node) && self->length <= KF_TABLE_CODES_MAX; i++) {
        collect_one(self, kf_yaml_item(node, i), key);
    }
}

static void check_once(struct kf_table_reader *reader, struct kf_yaml_node node, const char *key,
                       const struct kf_table_texts *codes)
{
    for (size_t i = 0; i < codes->length; i++) {
        for (size_t j = 0; j < i; j++) {
            if (strcmp(codes->list[i], codes->list[j]) == 0) {
                kf_yaml_fault_format(node, reader->findings, key, "remove one of the two",
                                     "has the code %s twice", codes->list[i]);
                return;
            }
        }
    }
}

struct kf_table_texts kf_table_codes(struct kf_table_reader *reader, struct kf_yaml_node node,
                                     const char *key)
{
    struct codes codes = {.reader = reader};
    uint64_t before = kf_findings_count(reader->findings);
    collect(&codes, node, key);
    if (kf_yaml_is_list(node) && kf_yaml_count(node) == 0) {
        kf_yaml_fault(node, reader->findings, key, "name a code, or leave the key out", "is empty");
    }
    if (codes.length > KF_TABLE_CODES_MAX) {
        kf_yaml_fault_format(node, reader->findings, key, "write fewer", "has more than %d codes",
                             KF_TABLE_CODES_MAX);
    }
    if (kf_findings_count(reader->findings) > before) {
        return (struct kf_table_texts){NULL, 0};
    }
    codes.list = kf_table_room(reader, codes.length, sizeof *codes.list);
    codes.length = 0;
    if (!codes.list) {
        return (struct kf_table_texts){NULL, 0};
    }
    collect(&codes, node, key);
    struct kf_table_texts texts = {codes.list, codes.length};
    check_once(reader, node, key, &texts);
    return texts;
}

struct kf_table_texts kf_table_codes_of(struct kf_table_reader *reader, struct kf_yaml_node map,
                                        const char *key)
{
    struct kf_yaml_node node = kf_yaml_get(map, key);
    return kf_yaml_exists(node) ? kf_table_codes(reader, node, key)
                                : (struct kf_table_texts){NULL, 0};
}

const struct kf_table_pick *kf_table_picks(struct kf_table_reader *reader, struct kf_yaml_node map,
                                           const char *key, size_t *count)
{
    struct kf_yaml_node node = kf_yaml_get(map, key);
    *count = 0;
    if (!kf_yaml_exists(node)) {
        return NULL;
    }
    if (!kf_yaml_is_map(node) || kf_yaml_count(node) == 0 ||
        kf_yaml_count(node) > KF_JSONSTAT_DIMENSIONS_MAX) {
        kf_yaml_fault(node, reader->findings, key, "write dimensions and codes, {KOKart0000: AGD2}",
                      "must be a map of dimensions");
        return NULL;
    }
    struct kf_table_pick *picks = kf_table_room(reader, kf_yaml_count(node), sizeof *picks);
    for (size_t i = 0; picks && i < kf_yaml_count(node); i++) {
        struct kf_table_texts codes = kf_table_codes(reader, kf_yaml_value(node, i), key);
        picks[i] = (struct kf_table_pick){kf_table_keep(reader, kf_yaml_key(node, i)), codes.list,
                                          codes.length};
    }
    *count = picks ? kf_yaml_count(node) : 0;
    return picks;
}
