/* Editions from YAML: texts, words, variables, lists, and which of several keys counts. */
#include "common/model/edition_reader.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/base/decimal.h"
#include "common/base/numbers.h"
#include "common/base/text.h"
#include "common/model/topic.h"

#define TEXT_CHARACTERS_MAX 2000
#define NAME_CHARACTERS_MAX 300
#define IDS_MAX             256 /* among which the one that was meant is looked for */

static const char *const missing_rules[] = {"minimum", "median", "drop", "latest", NULL};

/* --- texts and variables --------------------------------------------------------------------- */

const char *kf_edition_keep(struct kf_edition_reader *reader, const char *text)
{
    const char *copy = kf_arena_strdup(reader->arena, text);
    reader->failed = reader->failed || !copy;
    return copy ? copy : "";
}

void *kf_edition_room(struct kf_edition_reader *reader, size_t count, size_t size)
{
    void *room = kf_arena_calloc(reader->arena, count, size);
    reader->failed = reader->failed || !room;
    return room;
}

/* Characters, not bytes: what follows the first byte of one is not counted. */
static void check_length(struct kf_edition_reader *reader, struct kf_yaml_node node,
                         const char *key, size_t maximum)
{
    size_t count = 0;
    for (const char *c = kf_yaml_scalar(node); c && *c; c++) {
        count += ((unsigned char)*c & 0xC0U) != 0x80U;
    }
    if (count > maximum) {
        kf_yaml_fault_format(node, reader->findings, key, "shorten it",
                             "has %zu characters, at most %zu are allowed", count, maximum);
    }
}

const char *kf_edition_text(struct kf_edition_reader *reader, struct kf_yaml_node map,
                            const char *key)
{
    const char *text = "";
    if (kf_yaml_get_text(map, key, true, &text, reader->findings)) {
        check_length(reader, kf_yaml_get(map, key), key, TEXT_CHARACTERS_MAX);
    }
    return kf_edition_keep(reader, text);
}

const char *kf_edition_id(struct kf_edition_reader *reader, struct kf_yaml_node map,
                          const char *key)
{
    const char *id = "";
    (void)kf_yaml_get_id(map, key, true, &id, reader->findings);
    return kf_edition_keep(reader, id);
}

const char *kf_edition_sector_id(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                 const char *what)
{
    const char *id = kf_edition_id(reader, map, "id");
    for (size_t i = 0; i < KF_RESERVED_SECTORS; i++) {
        if (strcmp(id, kf_reserved_sectors[i]) == 0) {
            kf_yaml_fault_format(kf_yaml_get(map, "id"), reader->findings, "id",
                                 "choose another id", "stands for %s and cannot be a %s",
                                 i < 2 ? "the whole" : "a part of disposable income", what);
        }
    }
    return id;
}

struct kf_name kf_edition_name(struct kf_edition_reader *reader, struct kf_yaml_node map,
                               const char *key)
{
    const char *nb = "";
    const char *en = "";
    if (kf_yaml_get_name(map, key, &nb, &en, reader->findings)) {
        struct kf_yaml_node name = kf_yaml_get(map, key);
        check_length(reader, kf_yaml_get(name, "nb"), "nb", NAME_CHARACTERS_MAX);
        check_length(reader, kf_yaml_get(name, "en"), "en", NAME_CHARACTERS_MAX);
    }
    return (struct kf_name){kf_edition_keep(reader, nb), kf_edition_keep(reader, en)};
}

const char *kf_edition_suggest_variable(const struct kf_edition_reader *reader, const char *id)
{
    return kf_findings_is_full(reader->findings) ? NULL
                                                 : kf_variables_suggest(reader->variables, id);
}

static const char *registered(struct kf_edition_reader *reader, struct kf_yaml_node node,
                              const char *key, const char *id)
{
    if (reader->variables && !kf_variables_find(reader->variables, id, strlen(id))) {
        char remedy[KF_REMEDY_BYTES] = "register it in variables.yaml";
        const char *nearest = kf_edition_suggest_variable(reader, id);
        if (nearest) {
            (void)snprintf(remedy, sizeof remedy,
                           "did you mean %s? otherwise register it in variables.yaml", nearest);
        }
        kf_yaml_fault(node, reader->findings, key, remedy, "is not a registered variable");
        return "";
    }
    return kf_edition_keep(reader, id);
}

const char *kf_edition_variable(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                const char *key, bool required)
{
    const char *id = NULL;
    if (!kf_yaml_get_id_as(map, key, required, "folkemengde", &id, reader->findings)) {
        return "";
    }
    return registered(reader, kf_yaml_get(map, key), key, id);
}

const char *kf_edition_variable_at(struct kf_edition_reader *reader, struct kf_yaml_node node,
                                   const char *key)
{
    const char *id = kf_yaml_scalar(node);
    if (!id || !kf_yaml_is_id(id)) {
        kf_yaml_fault(node, reader->findings, key, "write the id of a registered variable",
                      "is not the name of a variable");
        return "";
    }
    return registered(reader, node, key, id);
}

struct kf_yaml_node kf_edition_list(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                    const char *key, size_t minimum, size_t maximum)
{
    static const struct kf_yaml_node none = {NULL, 0};
    struct kf_yaml_node list = kf_yaml_get(map, key);
    if (!kf_yaml_exists(list)) {
        kf_yaml_fault_missing(map, reader->findings, key, "[…]");
        return none;
    }
    size_t count = kf_yaml_count(list);
    if (!kf_yaml_is_list(list) || count < minimum || count > maximum) {
        kf_yaml_fault_format(list, reader->findings, key,
                             "write a list: one item a line, each "
                             "after a dash, or [a, b]",
                             "must be a list of %zu to %zu items", minimum, maximum);
        return none;
    }
    return list;
}

void kf_edition_check_ids(struct kf_edition_reader *reader, struct kf_yaml_node list)
{
    for (size_t i = 0; i < kf_yaml_count(list); i++) {
        struct kf_yaml_node node = kf_yaml_get(kf_yaml_item(list, i), "id");
        const char *id = kf_yaml_scalar(node);
        for (size_t j = 0; id && j < i; j++) {
            struct kf_yaml_node other = kf_yaml_get(kf_yaml_item(list, j), "id");
            const char *other_id = kf_yaml_scalar(other);
            if (other_id && strcmp(id, other_id) == 0) {
                kf_yaml_fault_format(node, reader->findings, "id", "rename one of the two",
                                     "is the id of line %llu already",
                                     (unsigned long long)kf_yaml_line(other));
                break;
            }
        }
    }
}

/* --- words and numbers ----------------------------------------------------------------------- */

/* The key is absent: all the words that may be added. */
static void fault_no_word(struct kf_edition_reader *reader, struct kf_yaml_node map,
                          const char *key, const char *const *words)
{
    struct kf_text list;
    kf_text_init(&list, KF_REMEDY_BYTES);
    for (int i = 0; words[i]; i++) {
        kf_text_add_format(&list, "%s%s", i == 0 ? "" : words[i + 1] ? ", " : " or ", words[i]);
    }
    kf_yaml_fault_missing(map, reader->findings, key, list.bytes);
    kf_text_clear(&list);
}

int kf_edition_word(struct kf_edition_reader *reader, struct kf_yaml_node map, const char *key,
                    const char *const *words, bool required)
{
    const char *word = NULL;
    if (required && !kf_yaml_exists(kf_yaml_get(map, key))) {
        fault_no_word(reader, map, key, words);
        return 0;
    }
    if (!kf_yaml_get_text(map, key, required, &word, reader->findings)) {
        return 0;
    }
    for (int i = 0; words[i]; i++) {
        if (strcmp(word, words[i]) == 0) {
            return i + 1;
        }
    }
    char remedy[KF_REMEDY_BYTES];
    kf_yaml_suggest(word, words, remedy, sizeof remedy);
    kf_yaml_fault_format(kf_yaml_get(map, key), reader->findings, key, remedy,
                         "is not one of the words for %s", key);
    return 0;
}

enum kf_missing_rule kf_edition_missing(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                        bool required)
{
    return (enum kf_missing_rule)kf_edition_word(reader, map, "missing", missing_rules, required);
}

double kf_edition_positive(struct kf_edition_reader *reader, struct kf_yaml_node map,
                           const char *key, double maximum, double fallback)
{
    double number = 0;
    if (!kf_yaml_get_number(map, key, true, &number, reader->findings)) {
        return fallback;
    }
    if (!(number > 0) || number > maximum) {
        kf_yaml_fault_format(kf_yaml_get(map, key), reader->findings, key,
                             "write a positive number", "is not above 0 and at most %g", maximum);
        return fallback;
    }
    return kf_figure_canonical(number);
}

double kf_edition_one_or_hundred(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                 const char *key)
{
    struct kf_yaml_node node = kf_yaml_get(map, key);
    const char *text = kf_yaml_scalar(node);
    double number = 0;
    bool read = text && !kf_yaml_is_quoted(node) && kf_decimal_parse(text, strlen(text), &number);
    if (!kf_yaml_exists(node)) {
        kf_yaml_fault_missing(map, reader->findings, key, "100");
    } else if (!read || (number != 1 && number != 100)) {
        kf_yaml_fault(node, reader->findings, key, "write 1 or 100", "must be 1 or 100");
    }
    return number == 1 ? 1 : 100;
}

/* --- one of several keys --------------------------------------------------------------------- */

int kf_edition_choose(struct kf_edition_reader *reader, struct kf_yaml_node map,
                      const char *const *keys)
{
    int chosen = -1;
    for (int i = 0; keys[i]; i++) {
        struct kf_yaml_node node = kf_yaml_get(map, keys[i]);
        if (!kf_yaml_exists(node)) {
            continue;
        }
        struct kf_yaml_node other = chosen < 0 ? node : kf_yaml_get(map, keys[chosen]);
        if (chosen >= 0 && kf_yaml_level(node) == kf_yaml_level(other)) {
            char remedy[KF_REMEDY_BYTES];
            (void)snprintf(remedy, sizeof remedy, "write %s or %s, and not both", keys[chosen],
                           keys[i]);
            kf_yaml_fault_format(node, reader->findings, keys[i], remedy, "does not go with %s",
                                 keys[chosen]);
        } else if (chosen < 0 || kf_yaml_level(node) < kf_yaml_level(other)) {
            chosen = i;
        }
    }
    return chosen;
}

/* --- what is named elsewhere ----------------------------------------------------------------- */

struct kf_yaml_node kf_edition_find_in(struct kf_yaml_node list, const char *id)
{
    size_t count = kf_yaml_is_list(list) ? kf_yaml_count(list) : 0;
    for (size_t i = 0; i < count; i++) {
        struct kf_yaml_node item = kf_yaml_item(list, i);
        const char *other = kf_yaml_scalar(kf_yaml_get(item, "id"));
        if (other && kf_text_equal(other, id)) {
            return item;
        }
    }
    return (struct kf_yaml_node){NULL, 0};
}

struct kf_yaml_node kf_edition_find(const struct kf_edition_reader *reader, const char *key,
                                    const char *id)
{
    return kf_edition_find_in(kf_yaml_get(reader->root, key), id);
}

/* The id that differs by upper and lower case alone, or else the nearest; NULL when none is near.
 */
static const char *nearest_id(const char *text, const char *const *ids, size_t count)
{
    for (size_t i = 0; text && i < count; i++) {
        if (strcasecmp(text, ids[i]) == 0) {
            return ids[i];
        }
    }
    return text ? kf_findings_suggest(text, ids, count) : NULL;
}

static const char *nearest_in(struct kf_yaml_node node, struct kf_yaml_node list)
{
    const char *ids[IDS_MAX];
    size_t found = 0;
    size_t count = kf_yaml_is_list(list) ? kf_yaml_count(list) : 0;
    for (size_t i = 0; i < count && found < IDS_MAX; i++) {
        const char *id = kf_yaml_scalar(kf_yaml_get(kf_yaml_item(list, i), "id"));
        if (id) {
            ids[found++] = id;
        }
    }
    return nearest_id(kf_yaml_scalar(node), ids, found);
}

void kf_edition_fault_unknown_in(struct kf_edition_reader *reader, struct kf_yaml_node node,
                                 const char *name, struct kf_yaml_node list, const char *key)
{
    const char *nearest = kf_findings_is_full(reader->findings) ? NULL : nearest_in(node, list);
    char remedy[KF_REMEDY_BYTES];
    (void)snprintf(remedy, sizeof remedy, "%s %s%s",
                   nearest ? "did you mean" : "write an id that stands under",
                   nearest ? nearest : key, nearest ? "?" : "");
    kf_yaml_fault_format(node, reader->findings, name, remedy, "is none of the %s of the edition",
                         key);
}

void kf_edition_fault_unknown(struct kf_edition_reader *reader, struct kf_yaml_node node,
                              const char *name, const char *key)
{
    kf_edition_fault_unknown_in(reader, node, name, kf_yaml_get(reader->root, key), key);
}
