#include "common/model/kostra_group.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/model/register_csv.h"

#define HEADER   "year,municipality,group"
#define COLUMNS  3
#define ROWS_MAX ((size_t)50000)

struct kf_kostra_groups {
    struct kf_kostra_member *list; /* by year, then code */
    size_t count;
    size_t room;
    const struct kf_municipalities *municipalities; /* while reading */
};

static enum kf_err no_memory(const struct kf_register_csv *csv)
{
    return kf_error_set(csv->err, KF_ERR_MEMORY, "no memory for the groups of %s", csv->path);
}

static bool parse_group(const struct kf_register_csv *csv, const struct kf_field *field,
                        char group[KF_KOSTRA_GROUP_SIZE])
{
    static const char fit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    bool sound = field->length > 0 && field->length < KF_KOSTRA_GROUP_SIZE;
    for (size_t i = 0; sound && i < field->length; i++) {
        sound = field->text[i] != '\0' && strchr(fit, field->text[i]) != NULL;
    }
    if (!sound) {
        kf_register_csv_tell(csv, "group", field, "write the group as 01, 13 or the like",
                             "is not the name of a group");
        return false;
    }
    memcpy(group, field->text, field->length);
    group[field->length] = '\0';
    return true;
}

static bool parse_row(const struct kf_register_csv *csv, const struct kf_field *fields,
                      const struct kf_municipalities *municipalities,
                      struct kf_kostra_member *member)
{
    char code[KF_MUNICIPALITY_SIZE];
    bool sound = kf_register_csv_year(csv, "year", &fields[0], &member->year);
    bool coded = kf_register_csv_code(csv, "municipality", &fields[1], code, &member->code);
    if (sound && coded && !kf_municipalities_find(municipalities, code, member->year)) {
        kf_register_csv_tell(csv, "municipality", &fields[1], "use the codes of the row's year",
                             "is no municipality in the year of its group");
        sound = false;
    }
    return parse_group(csv, &fields[2], member->group) && sound && coded;
}

static enum kf_err take_row(struct kf_register_csv *csv, const struct kf_field *fields,
                            void *context)
{
    struct kf_kostra_groups *self = context;
    struct kf_kostra_member member = {0};
    if (!parse_row(csv, fields, self->municipalities, &member)) {
        return KF_OK;
    }
    if (self->count == self->room) {
        size_t room = self->room ? self->room * 2 : 512;
        struct kf_kostra_member *grown = kf_realloc(self->list, room * sizeof *grown);
        if (!grown) {
            return no_memory(csv);
        }
        self->list = grown;
        self->room = room;
    }
    self->list[self->count++] = member;
    return KF_OK;
}

static int compare_members(const void *left, const void *right)
{
    const struct kf_kostra_member *a = left;
    const struct kf_kostra_member *b = right;
    return a->year != b->year ? (a->year > b->year) - (a->year < b->year)
                              : (a->code > b->code) - (a->code < b->code);
}

static void finish(struct kf_register_csv *csv, void *context)
{
    const struct kf_kostra_groups *self = context;
    if (self->count > 0) {
        qsort(self->list, self->count, sizeof *self->list, compare_members);
    }
    for (size_t i = 1; i < self->count; i++) {
        if (compare_members(&self->list[i - 1], &self->list[i]) == 0) {
            struct kf_place place = {.file = csv->path, .variable = "municipality"};
            kf_findings_add(csv->findings, &place, "keep one of the two rows",
                            "%04u has two rows for %d", (unsigned)self->list[i].code,
                            self->list[i].year);
        }
    }
}

enum kf_err kf_kostra_groups_read(const char *path, const struct kf_municipalities *municipalities,
                                  struct kf_kostra_groups **groups, struct kf_findings *findings,
                                  struct kf_error *err)
{
    struct kf_kostra_groups *self = kf_calloc(1, sizeof *self);
    struct kf_register_csv csv = {.path = path,
                                  .header = HEADER,
                                  .columns = COLUMNS,
                                  .rows_max = ROWS_MAX,
                                  .findings = findings,
                                  .err = err,
                                  .take = take_row,
                                  .finish = finish,
                                  .context = self};
    if (!self) {
        return no_memory(&csv);
    }
    self->municipalities = municipalities;
    enum kf_err code = kf_register_csv_read(&csv);
    self->municipalities = NULL;
    if (code != KF_OK) {
        kf_kostra_groups_destroy(&self);
        return code;
    }
    *groups = self;
    return KF_OK;
}

void kf_kostra_groups_destroy(struct kf_kostra_groups **self)
{
    if (self && *self) {
        kf_free((*self)->list);
        kf_free(*self);
        *self = NULL;
    }
}

int kf_kostra_groups_year(const struct kf_kostra_groups *self, int year)
{
    int found = 0;
    for (size_t i = 0; i < self->count && self->list[i].year <= year; i++) {
        found = self->list[i].year;
    }
    return found;
}

const struct kf_kostra_member *kf_kostra_groups_of(const struct kf_kostra_groups *self, int year,
                                                   size_t *count)
{
    size_t first = 0;
    while (first < self->count && self->list[first].year < year) {
        first++;
    }
    size_t end = first;
    while (end < self->count && self->list[end].year == year) {
        end++;
    }
    *count = end - first;
    return *count > 0 ? &self->list[first] : NULL;
}

bool kf_kostra_groups_know(const struct kf_kostra_groups *self, const char *group)
{
    for (size_t i = 0; i < self->count; i++) {
        if (strcmp(self->list[i].group, group) == 0) {
            return true;
        }
    }
    return false;
}

bool kf_kostra_groups_has(const struct kf_kostra_groups *self, const char *group, int year)
{
    size_t count = 0;
    const struct kf_kostra_member *list =
        kf_kostra_groups_of(self, kf_kostra_groups_year(self, year), &count);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].group, group) == 0) {
            return true;
        }
    }
    return false;
}
