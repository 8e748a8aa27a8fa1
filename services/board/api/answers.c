#include "services/board/api/answers.h"

#include <string.h>

#include "common/base/memory.h"

#define NOT_ONE "?" /* parts of a municipality were in different groups */

struct kf_answers {
    struct kf_board_store *store;
    struct kf_shared *shared;
    const struct kf_catalogue *catalogue;
    const char *program;
    const char *groups[KF_CODES]; /* by code: texts of the register, NOT_ONE or NULL */
};

/* --- KOSTRA groups --------------------------------------------------------------------------- */

/* The register of one year. */
struct grouping {
    struct kf_answers *answers;
    bool own[KF_CODES]; /* the register has the code */
    int year;
};

static void put_group(struct grouping *self, uint16_t code, const char *group)
{
    const char **there = &self->answers->groups[code];
    if (!self->own[code]) { /* who lives on keeps its own */
        *there = *there && strcmp(*there, group) != 0 ? NOT_ONE : group;
    }
}

/* Codes that the municipality's territory has had since. */
static void follow(struct grouping *self, uint16_t code, const char *group, int today)
{
    struct kf_parts parts;
    const struct kf_structure *structure = self->answers->catalogue->structure;
    for (int year = self->year + 1; year <= today; year++) {
        if (kf_structure_differs(structure, year - 1, year) &&
            kf_structure_follow(structure, code, self->year, year, &parts)) {
            for (size_t i = 0; i < parts.count; i++) {
                put_group(self, parts.list[i].code, group);
            }
        }
    }
}

/* Parts whose group nobody knows count as one that differs. */
static void follow_all(struct grouping *self, int today)
{
    size_t count = 0;
    const struct kf_municipalities *register_ = self->answers->catalogue->municipalities;
    const struct kf_municipality *all = kf_municipalities_all(register_, &count);
    for (size_t i = 0; i < count; i++) {
        if (all[i].from_year <= self->year && all[i].to_year >= self->year) {
            const char *group = self->answers->groups[all[i].number];
            follow(self, all[i].number, self->own[all[i].number] ? group : NOT_ONE, today);
        }
    }
}

static enum kf_err put_groups(struct kf_answers *self, struct kf_error *err)
{
    size_t count = 0;
    int today = kf_municipalities_newest(self->catalogue->municipalities);
    struct grouping *grouping = kf_calloc(1, sizeof *grouping);
    if (!grouping) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the KOSTRA groups");
    }
    grouping->answers = self;
    grouping->year = kf_kostra_groups_year(self->catalogue->kostra_groups, today);
    const struct kf_kostra_member *members =
        kf_kostra_groups_of(self->catalogue->kostra_groups, grouping->year, &count);
    for (size_t i = 0; i < count; i++) {
        self->groups[members[i].code] = members[i].group;
        grouping->own[members[i].code] = true;
    }
    follow_all(grouping, today);
    kf_free(grouping);
    return KF_OK;
}

/* --- life ------------------------------------------------------------------------------------ */

enum kf_err kf_answers_new(struct kf_board_store *store, const struct kf_catalogue *catalogue,
                           const char *program, struct kf_answers **answers, struct kf_error *err)
{
    struct kf_answers *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the answers");
    }
    self->store = store;
    self->catalogue = catalogue;
    self->program = program;
    enum kf_err code = kf_shared_new(store, KF_SHARED_BYTES_MAX, &self->shared, err);
    if (code == KF_OK && catalogue->kostra_groups) {
        code = put_groups(self, err);
    }
    if (code != KF_OK) {
        kf_answers_destroy(&self);
        return code;
    }
    *answers = self;
    return KF_OK;
}

void kf_answers_destroy(struct kf_answers **self)
{
    if (self && *self) {
        kf_shared_destroy(&(*self)->shared);
        kf_free(*self);
        *self = NULL;
    }
}

/* --- asking ---------------------------------------------------------------------------------- */

struct kf_board_store *kf_answers_store(struct kf_answers *self)
{
    return self->store;
}

struct kf_shared *kf_answers_shared(struct kf_answers *self)
{
    return self->shared;
}

const struct kf_catalogue *kf_answers_catalogue(const struct kf_answers *self)
{
    return self->catalogue;
}

const char *kf_answers_program(const struct kf_answers *self)
{
    return self->program;
}

const char *kf_answers_municipality_name(const struct kf_answers *self, const char *code)
{
    const struct kf_municipality *found =
        kf_municipalities_ever(self->catalogue->municipalities, code);
    return found ? found->name : code;
}

const char *kf_answers_kostra_group(const struct kf_answers *self, const char *code)
{
    uint16_t number = 0;
    if (!kf_municipality_parse(code, strlen(code), &number)) {
        return NULL;
    }
    const char *group = self->groups[number];
    return group && strcmp(group, NOT_ONE) != 0 ? group : NULL;
}
