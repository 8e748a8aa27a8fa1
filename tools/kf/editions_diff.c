#include "tools/kf/editions_diff.h"

#include <stdlib.h>
#include <string.h>

#include "common/codec/json.h"
#include "common/model/municipality.h"

/* --- comparing -------------------------------------------------------------------------------- */

/* Facts by what they are about, so that one is found without going through all. */
struct sorted {
    const struct kf_fact **list;
    size_t count;
};

/* By kind, object, sector, attribute. */
static int compare_names(const struct kf_fact *a, const struct kf_fact *b)
{
    int order = (a->kind > b->kind) - (a->kind < b->kind);
    order = order ? order : strcmp(a->object, b->object);
    order = order ? order : strcmp(a->sector, b->sector);
    return order ? order : strcmp(a->attribute, b->attribute);
}

/* Facts about the same stay in the edition's order. */
static int by_names(const void *a, const void *b)
{
    const struct kf_fact *left = *(const struct kf_fact *const *)a;
    const struct kf_fact *right = *(const struct kf_fact *const *)b;
    int order = compare_names(left, right);
    return order ? order : (left > right) - (left < right);
}

static enum kf_err sort(const struct kf_facts *facts, struct kf_arena *arena, struct sorted *sorted,
                        struct kf_error *err)
{
    *sorted =
        (struct sorted){kf_arena_calloc(arena, facts->count + 1, sizeof(void *)), facts->count};
    if (!sorted->list) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to compare editions");
    }
    for (size_t i = 0; i < facts->count; i++) {
        sorted->list[i] = &facts->list[i];
    }
    qsort(sorted->list, sorted->count, sizeof(void *), by_names);
    return KF_OK;
}

/* The first fact about what `wanted` is about, or NULL. */
static const struct kf_fact *find(const struct sorted *sorted, const struct kf_fact *wanted)
{
    size_t low = 0;
    size_t high = sorted->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_names(sorted->list[middle], wanted) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool there = low < sorted->count && compare_names(sorted->list[low], wanted) == 0;
    return there ? sorted->list[low] : NULL;
}

/* The object itself, or the sector it belongs to, is there; the edition always is. */
static bool has_object(const struct sorted *facts, const struct kf_fact *fact, bool sector)
{
    if (fact->kind == KF_FACT_EDITION) {
        return true;
    }
    struct kf_fact object = *fact;
    object.attribute = "";
    if (sector) {
        object.kind = KF_FACT_SECTOR;
        object.object = fact->sector;
        object.sector = "";
    }
    return find(facts, &object) != NULL;
}

static void add(struct kf_differences *self, enum kf_difference_change change,
                const struct kf_fact *fact, const char *from, const char *to)
{
    self->list[self->count++] =
        (struct kf_difference){.change = change, .fact = *fact, .from = from, .to = to};
}

/* A fact of one edition in the light of the other. `removed`: the fact is A's. */
static void compare_fact(const struct kf_fact *fact, const struct sorted *other, bool removed,
                         struct kf_differences *self)
{
    bool alone = fact->sector[0] && !has_object(other, fact, true);
    if (alone) {
        return; /* told with the sector */
    }
    if (!has_object(other, fact, false)) {
        if (!fact->attribute[0]) {
            add(self, removed ? KF_DIFFERENCE_REMOVED : KF_DIFFERENCE_ADDED, fact,
                removed ? fact->value : "", removed ? "" : fact->value);
        }
        return;
    }
    const struct kf_fact *found = find(other, fact);
    if (!found) {
        add(self, KF_DIFFERENCE_CHANGED, fact, removed ? fact->value : "",
            removed ? "" : fact->value);
    } else if (removed && fact->attribute[0] && strcmp(found->value, fact->value) != 0) {
        add(self, KF_DIFFERENCE_CHANGED, fact, fact->value, found->value);
    }
}

static void compare_kind(const struct kf_facts *facts, const struct sorted *other,
                         enum kf_fact_kind kind, bool removed, struct kf_differences *self)
{
    for (size_t i = 0; i < facts->count; i++) {
        if (facts->list[i].kind == kind) {
            compare_fact(&facts->list[i], other, removed, self);
        }
    }
}

enum kf_err kf_editions_diff(const struct kf_edition *a, const struct kf_edition *b,
                             struct kf_arena *arena, struct kf_differences *differences,
                             struct kf_error *err)
{
    struct kf_facts left = {0};
    struct kf_facts right = {0};
    struct sorted of_a = {0};
    struct sorted of_b = {0};
    enum kf_err code = kf_facts_make(a, arena, &left, err);
    if (code == KF_OK) {
        code = kf_facts_make(b, arena, &right, err);
    }
    if (code == KF_OK) {
        code = sort(&left, arena, &of_a, err);
    }
    if (code == KF_OK) {
        code = sort(&right, arena, &of_b, err);
    }
    if (code != KF_OK) {
        return code;
    }
    struct kf_differences made = {
        .list = kf_arena_calloc(arena, left.count + right.count, sizeof *made.list)};
    if (!made.list) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to compare %s with %s", a->id, b->id);
    }
    for (enum kf_fact_kind kind = KF_FACT_EDITION; kind < KF_FACT_KINDS; kind++) {
        compare_kind(&left, &of_b, kind, true, &made);
        compare_kind(&right, &of_a, kind, false, &made);
    }
    *differences = made;
    return KF_OK;
}

/* --- printing --------------------------------------------------------------------------------- */

static const char *heading(enum kf_fact_kind kind)
{
    static const char *const names[KF_FACT_KINDS] = {
        [KF_FACT_EDITION] = "rules and years",
        [KF_FACT_MEMBER] = "group",
        [KF_FACT_KOSTRA_GROUP] = "KOSTRA groups",
        [KF_FACT_SECTOR] = "sectors",
        [KF_FACT_INDICATOR] = "indicators",
        [KF_FACT_CRITERION] = "criteria of the cost keys",
        [KF_FACT_DEFLATOR] = "deflators",
        [KF_FACT_CORRECTION] = "corrections",
        [KF_FACT_ADJUSTMENT] = "adjustments",
        [KF_FACT_USE] = "uses of disposable income",
        [KF_FACT_AGE_GROUP] = "groups of ages",
        [KF_FACT_COST_GROUP] = "groups of costs",
        [KF_FACT_SERVICE] = "costs by age",
        [KF_FACT_RATED_SERVICE] = "services with rates",
        [KF_FACT_UNIT_COST_GROUP] = "cost groups",
        [KF_FACT_USER_TIME] = "time with users",
        [KF_FACT_GROWTH] = "real growth",
        [KF_FACT_GRANT] = "parts of the grant",
    };
    return names[kind];
}

static void add_object(const struct kf_fact *fact, const struct kf_municipalities *municipalities,
                       struct kf_text *text)
{
    kf_text_add_format(text, "%s%s%s", fact->sector, fact->sector[0] ? "/" : "", fact->object);
    const struct kf_municipality *found = fact->kind == KF_FACT_MEMBER && municipalities
                                              ? kf_municipalities_ever(municipalities, fact->object)
                                              : NULL;
    if (found) {
        kf_text_add_format(text, " %s", found->name);
    }
}

static void add_difference(const struct kf_difference *difference,
                           const struct kf_municipalities *municipalities, struct kf_text *text)
{
    static const char *const signs[] = {
        [KF_DIFFERENCE_REMOVED] = "−", [KF_DIFFERENCE_ADDED] = "+", [KF_DIFFERENCE_CHANGED] = "~"};
    const struct kf_fact *fact = &difference->fact;
    kf_text_add_format(text, "  %s ", signs[difference->change]);
    add_object(fact, municipalities, text);
    if (difference->change == KF_DIFFERENCE_CHANGED) {
        kf_text_add_format(text, "%s%s: %s → %s\n", fact->object[0] ? " " : "", fact->attribute,
                           difference->from[0] ? difference->from : "nothing",
                           difference->to[0] ? difference->to : "nothing");
    } else {
        const char *what = difference->from[0] ? difference->from : difference->to;
        kf_text_add_format(text, "%s%s\n", what[0] ? ": " : "", what);
    }
}

void kf_editions_diff_print(const struct kf_edition *a, const struct kf_edition *b,
                            const struct kf_differences *differences,
                            const struct kf_municipalities *municipalities, struct kf_text *text)
{
    kf_text_add_format(text, "%s → %s\n", a->id, b->id);
    if (differences->count == 0) {
        kf_text_add(text, "no difference\n");
    }
    for (size_t i = 0; i < differences->count; i++) {
        enum kf_fact_kind kind = differences->list[i].fact.kind;
        if (i == 0 || differences->list[i - 1].fact.kind != kind) {
            kf_text_add_format(text, "\n%s\n", heading(kind));
        }
        add_difference(&differences->list[i], municipalities, text);
    }
}

static void add_member(const char *name, const char *value, struct kf_text *text)
{
    if (value[0]) {
        kf_text_add_format(text, ",\"%s\":", name);
        kf_json_quote(value, text);
    }
}

static void add_json(const struct kf_difference *difference, struct kf_text *text)
{
    static const char *const changes[] = {[KF_DIFFERENCE_REMOVED] = "removed",
                                          [KF_DIFFERENCE_ADDED] = "added",
                                          [KF_DIFFERENCE_CHANGED] = "changed"};
    kf_text_add_format(text, "{\"change\":\"%s\"", changes[difference->change]);
    add_member("kind", kf_fact_kind_name(difference->fact.kind), text);
    add_member("sector", difference->fact.sector, text);
    add_member("object", difference->fact.object, text);
    add_member("attribute", difference->fact.attribute, text);
    add_member("from", difference->from, text);
    add_member("to", difference->to, text);
    kf_text_add_char(text, '}');
}

void kf_editions_diff_print_json(const struct kf_edition *a, const struct kf_edition *b,
                                 const struct kf_differences *differences, struct kf_text *text)
{
    kf_text_add(text, "{\"schema\":\"kf-editions-diff/1\"");
    add_member("a", a->id, text);
    add_member("b", b->id, text);
    kf_text_add(text, ",\"differences\":[");
    for (size_t i = 0; i < differences->count; i++) {
        kf_text_add(text, i ? "," : "");
        add_json(&differences->list[i], text);
    }
    kf_text_add(text, "]}\n");
}
