#include "tools/kf/explain_walk.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/model/cell.h"
#include "tools/kf/explain_build.h"

#define NOTE_SIZE 512

static const char *text_of(const char *text)
{
    return text ? text : "";
}

/* --- identity --------------------------------------------------------------------------------- */

static uint64_t hash_text(uint64_t hash, const char *text)
{
    for (const char *c = text_of(text); *c; c++) {
        hash = (hash ^ (unsigned char)*c) * 0x100000001b3u;
    }
    return (hash ^ 0xff) * 0x100000001b3u;
}

static uint64_t hash_number(uint64_t hash, uint64_t number)
{
    return (hash ^ number) * 0x9e3779b97f4a7c15u;
}

/* FNV-1a over everything that identifies a node. */
static uint64_t hash_of(const struct kf_explain_key *key)
{
    uint64_t hash = 0xcbf29ce484222325u;
    hash = hash_text(hash, key->measure);
    hash = hash_text(hash, key->sector);
    hash = hash_text(hash, key->indicator);
    hash = hash_text(hash, key->variable);
    hash = hash_number(hash, key->member);
    hash = hash_number(hash, (uint64_t)key->topic);
    hash = hash_number(hash, (uint64_t)key->panel->year);
    return hash ^ (hash >> 29);
}

static bool equal(const char *a, const char *b)
{
    return strcmp(text_of(a), text_of(b)) == 0;
}

static bool same_key(const struct kf_explain_key *a, const struct kf_explain_key *b)
{
    return a->panel == b->panel && a->member == b->member && a->topic == b->topic &&
           equal(a->measure, b->measure) && equal(a->sector, b->sector) &&
           equal(a->indicator, b->indicator) && equal(a->variable, b->variable);
}

const char *kf_explain_municipality_of(const struct kf_explain_key *key)
{
    if (key->member == KF_EXPLAIN_GROUP) {
        return "";
    }
    if (key->member == KF_EXPLAIN_COUNTRY) {
        return KF_MUNICIPALITY_COUNTRY;
    }
    size_t members = key->panel->members_len;
    return key->member < members ? key->panel->members[key->member]
                                 : key->panel->others[key->member - members];
}

/* --- making nodes ----------------------------------------------------------------------------- */

void kf_explain_fail(struct kf_explain_walk *walk, const struct kf_error *err)
{
    if (walk->error.code == KF_OK) {
        walk->error = *err;
    }
}

void *kf_explain_room(struct kf_explain_walk *walk, size_t count, size_t size)
{
    void *room = kf_arena_calloc(walk->arena, count, size);
    if (!room) {
        struct kf_error err = {0};
        bool full = kf_arena_used(walk->arena) + count * size > KF_EXPLAIN_BYTES_MAX;
        (void)kf_error_set(&err, full ? KF_ERR_LIMIT : KF_ERR_MEMORY, "%s",
                           full ? "the explanation is too large; give --depth"
                                : "no memory for an explanation");
        kf_explain_fail(walk, &err);
    }
    return room;
}

static bool list_entry(struct kf_explain_walk *walk, struct kf_explain_entry *entry)
{
    if (walk->entries_len == walk->entries_room) {
        size_t room = walk->entries_room ? 2 * walk->entries_room : 256;
        struct kf_explain_entry **grown = kf_explain_room(walk, room, sizeof(void *));
        if (!grown) {
            return false;
        }
        if (walk->entries_len > 0) {
            memcpy(grown, walk->entries, walk->entries_len * sizeof(void *));
        }
        walk->entries = grown;
        walk->entries_room = room;
    }
    entry->node.number = walk->entries_len;
    walk->entries[walk->entries_len++] = entry;
    return true;
}

struct kf_explain_entry *kf_explain_entry_new(struct kf_explain_walk *walk,
                                              const struct kf_explain_key *key)
{
    struct kf_explain_entry *entry = kf_explain_room(walk, 1, sizeof *entry);
    if (!entry || !list_entry(walk, entry)) {
        walk->nowhere.node.status = KF_CELL_MISSING;
        return &walk->nowhere;
    }
    entry->key = *key;
    entry->depth = walk->depth + 1;
    size_t number = entry->node.number;
    entry->node = (struct kf_explain_node){
        .measure = text_of(key->measure),
        .panel = key->panel,
        .sector = text_of(key->sector),
        .indicator = text_of(key->indicator),
        .variable = text_of(key->variable),
        .municipality = kf_explain_municipality_of(key),
        .unit = "",
        .note = {"", ""},
        .file = "",
        .topic = key->topic,
        .number = number,
    };
    return entry;
}

struct kf_explain_entry *kf_explain_entry_of(struct kf_explain_walk *walk,
                                             const struct kf_explain_key *key, bool *made)
{
    *made = false;
    struct kf_explain_entry **bucket = &walk->buckets[hash_of(key) % KF_EXPLAIN_BUCKETS];
    for (struct kf_explain_entry *at = *bucket; at; at = at->next) {
        if (same_key(&at->key, key)) {
            return at;
        }
    }
    struct kf_explain_entry *entry = kf_explain_entry_new(walk, key);
    if (entry == &walk->nowhere) {
        return entry;
    }
    entry->next = *bucket;
    *bucket = entry;
    *made = true;
    return entry;
}

const struct kf_result *kf_explain_twin(const struct kf_panel *panel,
                                        const struct kf_result *result)
{
    for (const struct kf_result *at = result + 1; at < panel->results + panel->results_len; at++) {
        bool same = at->topic == result->topic && equal(at->measure, result->measure) &&
                    equal(at->sector, result->sector) && equal(at->indicator, result->indicator);
        if (same && at->group != result->group) {
            return at;
        }
    }
    return NULL;
}

/* The same measure may be a number of each member and one of the group: the key's member says which
 * is meant. */
static const struct kf_result *find_result(const struct kf_explain_key *key)
{
    const struct kf_panel *panel = key->panel;
    const struct kf_result *first = kf_panel_result(panel, key->topic, text_of(key->sector),
                                                    text_of(key->indicator), key->measure);
    if (!first || first->group == (key->member == KF_EXPLAIN_GROUP)) {
        return first;
    }
    const struct kf_result *twin = kf_explain_twin(panel, first);
    return twin ? twin : first;
}

enum kf_explain_presence kf_explain_presence(const struct kf_explain_key *key)
{
    const struct kf_result *result = find_result(key);
    if (!result || (!result->group && key->member >= key->panel->members_len)) {
        return KF_EXPLAIN_ABSENT;
    }
    return kf_cell_has_value(result->status[result->group ? 0 : key->member]) ? KF_EXPLAIN_PRESENT
                                                                              : KF_EXPLAIN_MISSING;
}

struct kf_explain_node *kf_explain_result(struct kf_explain_walk *walk,
                                          const struct kf_explain_key *key)
{
    const struct kf_result *result = find_result(key);
    if (!result) {
        return NULL;
    }
    struct kf_explain_key exact = *key;
    exact.variable = NULL;
    exact.member = result->group ? KF_EXPLAIN_GROUP : key->member;
    if (!result->group && exact.member >= key->panel->members_len) {
        return NULL;
    }
    bool made = false;
    struct kf_explain_entry *entry = kf_explain_entry_of(walk, &exact, &made);
    if (made) {
        size_t cell = result->group ? 0 : exact.member;
        entry->node.unit = text_of(result->unit);
        entry->node.value = result->values[cell];
        entry->node.status = result->status[cell];
    } else if (entry->depth > walk->depth + 1) {
        entry->depth = walk->depth + 1;
    }
    return &entry->node;
}

struct kf_explain_node *kf_explain_derived(struct kf_explain_walk *walk,
                                           const struct kf_explain_key *key,
                                           kf_explain_expand *expand)
{
    bool made = false;
    struct kf_explain_entry *entry = kf_explain_entry_of(walk, key, &made);
    struct kf_explain_node *node = &entry->node;
    if (!made) {
        return node;
    }
    walk->depth++;
    expand(walk, node, key);
    walk->depth--;
    node->expanded = true;
    if (kf_explain_evaluate(node, &node->value)) {
        node->recomputed = node->value;
    } else if (!kf_explain_is_leaf(node)) {
        node->status = KF_CELL_MISSING;
    }
    return node;
}

struct kf_explain_node *kf_explain_result_or(struct kf_explain_walk *walk,
                                             const struct kf_explain_key *key,
                                             kf_explain_expand *expand)
{
    struct kf_explain_node *published = kf_explain_result(walk, key);
    struct kf_explain_key derived = *key;
    derived.topic = KF_TOPIC_NONE;
    return published ? published : kf_explain_derived(walk, &derived, expand);
}

/* --- parts ------------------------------------------------------------------------------------ */

static bool make_room(struct kf_explain_walk *walk, struct kf_explain_node *node)
{
    if (node->parts_len < node->parts_room) {
        return true;
    }
    size_t room = node->parts_room ? 2 * node->parts_room : 4;
    struct kf_explain_part *grown = kf_explain_room(walk, room, sizeof *grown);
    if (!grown) {
        return false;
    }
    if (node->parts_len > 0) {
        memcpy(grown, node->parts, node->parts_len * sizeof *grown);
    }
    node->parts = grown;
    node->parts_room = room;
    return true;
}

void kf_explain_add_weighted(struct kf_explain_walk *walk, struct kf_explain_node *node,
                             const char *role, const struct kf_explain_node *weight,
                             const struct kf_explain_node *part)
{
    if (!part || walk->error.code != KF_OK || !make_room(walk, node)) {
        return;
    }
    node->parts[node->parts_len++] =
        (struct kf_explain_part){.role = role, .weight = weight, .node = part};
}

void kf_explain_add(struct kf_explain_walk *walk, struct kf_explain_node *node, const char *role,
                    const struct kf_explain_node *part)
{
    kf_explain_add_weighted(walk, node, role, NULL, part);
}

/* `text`, which may have been cut, in the walk's arena; "" when memory is short. */
static const char *keep_text(struct kf_explain_walk *walk, const char *text)
{
    size_t length = strlen(text);
    char *copy = kf_explain_room(walk, length + 1, 1);
    return copy ? memcpy(copy, text, length) : "";
}

static const char *keep_format(struct kf_explain_walk *walk, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));

static const char *keep_format(struct kf_explain_walk *walk, const char *format, va_list arguments)
{
    char text[NOTE_SIZE];
    (void)vsnprintf(text, sizeof text, format, arguments);
    return keep_text(walk, text);
}

void kf_explain_note(struct kf_explain_walk *walk, struct kf_explain_node *node, const char *nb,
                     const char *en, ...)
{
    va_list arguments;
    va_start(arguments, en);
    node->note.nb = keep_format(walk, nb, arguments);
    va_end(arguments);
    va_start(arguments, en);
    node->note.en = keep_format(walk, en, arguments);
    va_end(arguments);
}

const char *kf_explain_text(struct kf_explain_walk *walk, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = keep_format(walk, format, arguments);
    va_end(arguments);
    return text;
}

const struct kf_panel *kf_explain_panel(const struct kf_explain_walk *walk)
{
    return walk->panel;
}

const struct kf_panel *kf_explain_year(const struct kf_explain_walk *walk, int year)
{
    return kf_panel_of_year(walk->panel, year);
}

/* --- what the edition says of a key -------------------------------------------------------------
 */

struct kf_explain_key kf_explain_key_with(const struct kf_explain_key *key, enum kf_topic topic,
                                          const char *measure)
{
    struct kf_explain_key other = *key;
    other.topic = topic;
    other.measure = measure;
    other.variable = NULL;
    return other;
}

const struct kf_sector *kf_explain_sector(const struct kf_explain_key *key)
{
    for (size_t s = 0; s < key->panel->edition->sectors_len; s++) {
        if (equal(key->panel->edition->sectors[s].id, key->sector)) {
            return &key->panel->edition->sectors[s];
        }
    }
    return NULL;
}

const struct kf_indicator *kf_explain_indicator(const struct kf_explain_key *key)
{
    const struct kf_sector *sector = kf_explain_sector(key);
    for (size_t i = 0; sector && i < sector->indicators_len; i++) {
        if (equal(sector->indicators[i].id, key->indicator)) {
            return &sector->indicators[i];
        }
    }
    return NULL;
}

/* --- the members together ----------------------------------------------------------------------
 */

static const struct kf_explain_rule mean_rule = {"group_mean",
                                                 KF_EXPLAIN_MEAN,
                                                 "A1",
                                                 {"gjennomsnitt av medlemmene, veid med folketall",
                                                  "mean of the members, weighted by inhabitants"}};

struct kf_explain_node *kf_explain_population(struct kf_explain_walk *walk,
                                              const struct kf_explain_key *key)
{
    return kf_explain_cell(walk, key->panel, key->panel->edition->population, key->member);
}

struct kf_explain_node *kf_explain_group_mean(struct kf_explain_walk *walk,
                                              const struct kf_explain_key *key, const char *mean,
                                              kf_explain_of_member *of)
{
    struct kf_explain_key group = kf_explain_key_with(key, KF_TOPIC_NONE, mean);
    group.member = KF_EXPLAIN_GROUP;
    bool made = false;
    struct kf_explain_node *node = &kf_explain_entry_of(walk, &group, &made)->node;
    if (!made) {
        return node;
    }
    walk->depth++;
    node->rule = &mean_rule;
    for (size_t k = 0; k < key->panel->members_len; k++) {
        struct kf_explain_key member = *key;
        member.member = k;
        struct kf_explain_node *value = of(walk, &member);
        if (value && kf_cell_has_value(value->status)) {
            kf_explain_add_weighted(walk, node, "member", kf_explain_population(walk, &member),
                                    value);
            node->unit = value->unit;
        }
    }
    walk->depth--;
    node->expanded = true;
    node->status = kf_explain_evaluate(node, &node->value) ? KF_CELL_VALUE : KF_CELL_MISSING;
    node->recomputed = node->value;
    kf_explain_note(walk, node, "%zu av %zu medlemmer", "%zu of %zu members", node->parts_len,
                    key->panel->members_len);
    return node;
}

/* --- walkers ---------------------------------------------------------------------------------- */

kf_explain_expand *kf_explain_by_table(const struct kf_explain_measure *measures, size_t count,
                                       const struct kf_explain_key *key)
{
    for (size_t i = 0; i < count; i++) {
        if (key->topic == measures[i].topic && equal(key->measure, measures[i].name)) {
            return measures[i].expand;
        }
    }
    return NULL;
}
