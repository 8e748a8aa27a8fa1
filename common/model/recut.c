#include "common/model/recut.h"

#include <stdlib.h>
#include <string.h>

/* What the shares are collected in. */
struct collector {
    struct kf_recut *recut;
    const struct kf_structure *structure;
    size_t room;
};

static bool add_share(struct collector *collector, uint16_t to, uint16_t from, double weight)
{
    struct kf_recut *recut = collector->recut;
    if (recut->count == collector->room) {
        return false;
    }
    recut->shares[recut->count++] = (struct kf_share){to, from, weight};
    return true;
}

/* The structure is newer than the data: a code's territory is followed to where it is now. */
static bool add_forward(struct collector *collector, uint16_t code)
{
    struct kf_parts parts;
    struct kf_recut *recut = collector->recut;
    bool added = kf_structure_follow(collector->structure, code, recut->data_year,
                                     recut->structure_year, &parts);
    for (size_t i = 0; added && i < parts.count; i++) {
        added = add_share(collector, parts.list[i].code, code, parts.list[i].weight);
    }
    return added;
}

/* The structure is older than the data: only what was renamed since can be told. */
static bool add_backward(struct collector *collector, uint16_t code)
{
    struct kf_parts parts;
    struct kf_parts back;
    const struct kf_recut *recut = collector->recut;
    bool added = kf_structure_follow(collector->structure, code, recut->structure_year,
                                     recut->data_year, &parts);
    for (size_t i = 0; added && i < parts.count; i++) {
        bool told = parts.count == 1 &&
                    kf_structure_map(collector->structure, parts.list[i].code, recut->data_year,
                                     recut->structure_year, &back, NULL) == KF_OK &&
                    back.list[0].code == code;
        added = add_share(collector, code, parts.list[i].code, told ? 1 : 0);
    }
    return added;
}

static int compare_shares(const void *left, const void *right)
{
    const struct kf_share *a = left;
    const struct kf_share *b = right;
    return a->to != b->to ? (a->to > b->to) - (a->to < b->to)
                          : (a->from > b->from) - (a->from < b->from);
}

/* Takes away the municipalities that are made of themselves alone. */
static void drop_plain(struct kf_recut *self)
{
    size_t kept = 0;
    for (size_t i = 0; i < self->count;) {
        size_t end = i + 1;
        while (end < self->count && self->shares[end].to == self->shares[i].to) {
            end++;
        }
        bool plain = end == i + 1 && self->shares[i].from == self->shares[i].to &&
                     self->shares[i].weight == 1;
        for (; i < end; i++) {
            if (!plain) {
                self->shares[kept++] = self->shares[i];
            }
        }
    }
    self->count = kept;
}

static bool collect(struct collector *collector, const struct kf_municipality *all, size_t count)
{
    const struct kf_recut *recut = collector->recut;
    bool backward = recut->structure_year < recut->data_year;
    int year = backward ? recut->structure_year : recut->data_year;
    const char *last = "";
    for (size_t i = 0; i < count; i++) {
        if (all[i].from_year > year || all[i].to_year < year || strcmp(all[i].code, last) == 0) {
            continue; /* two spells of one code may share a year */
        }
        last = all[i].code;
        bool added = backward ? add_backward(collector, all[i].number)
                              : add_forward(collector, all[i].number);
        if (!added) {
            return false;
        }
    }
    return true;
}

enum kf_err kf_recut_make(struct kf_recut *self, const struct kf_structure *structure,
                          const struct kf_municipalities *municipalities, struct kf_arena *arena,
                          struct kf_error *err)
{
    self->shares = NULL;
    self->count = 0;
    if (!kf_structure_differs(structure, self->data_year, self->structure_year)) {
        return KF_OK;
    }
    size_t count = 0;
    const struct kf_municipality *all = kf_municipalities_all(municipalities, &count);
    struct collector collector = {.recut = self, .structure = structure, .room = count * 4};
    self->shares = kf_arena_calloc(arena, collector.room, sizeof *self->shares);
    if (!self->shares) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to re-cut %d to %d", self->data_year,
                            self->structure_year);
    }
    if (!collect(&collector, all, count)) {
        return kf_error_set(err, KF_ERR_LIMIT, "too many municipalities were split from %d to %d",
                            self->data_year, self->structure_year);
    }
    if (self->count > 0) {
        qsort(self->shares, self->count, sizeof *self->shares, compare_shares);
    }
    drop_plain(self);
    return KF_OK;
}

const struct kf_share *kf_recut_of(const struct kf_recut *self, unsigned to, size_t *count)
{
    size_t low = 0;
    size_t high = self->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (self->shares[middle].to < to) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    size_t end = low;
    while (end < self->count && self->shares[end].to == to) {
        end++;
    }
    *count = end - low;
    return *count > 0 ? &self->shares[low] : NULL;
}

size_t kf_recut_targets(const struct kf_recut *self, unsigned from, uint16_t *targets)
{
    size_t count = 0;
    for (size_t i = 0; i < self->count && count < KF_PARTS_MAX; i++) {
        if (self->shares[i].from == from) {
            targets[count++] = self->shares[i].to;
        }
    }
    if (count == 0) {
        targets[count++] = (uint16_t)from;
    }
    return count;
}
