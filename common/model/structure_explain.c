/* Why a code is no municipality of a year, in words. */
#include <string.h>

#include "common/model/structure.h"

/* What a list of municipalities is built from. */
struct list {
    const struct kf_municipalities *municipalities;
    int year;
    struct kf_text *text;
    const char *before; /* what stands before the next one */
};

static void name(struct list *list, const char *code)
{
    const struct kf_municipality *found =
        kf_municipalities_find(list->municipalities, code, list->year);
    kf_text_add_format(list->text, "%s%s%s%s", list->before, code, found ? " " : "",
                       found ? found->name : "");
    list->before = ", ";
}

static void name_successors(const struct kf_structure *structure, unsigned number, int ended,
                            struct list *list)
{
    struct kf_parts parts;
    list->before = "; since then ";
    if (!kf_structure_follow(structure, number, ended, list->year, &parts)) {
        return;
    }
    for (size_t i = 0; i < parts.count; i++) {
        if (parts.list[i].code != number) {
            char code[KF_MUNICIPALITY_SIZE];
            kf_municipality_print(parts.list[i].code, code);
            name(list, code);
        }
    }
}

/* Those of the list's year that have become part of `number` by the time it begins. */
static void name_predecessors(const struct kf_structure *structure, unsigned number, int begun,
                              struct list *list)
{
    size_t count = 0;
    const struct kf_municipality *all = kf_municipalities_all(list->municipalities, &count);
    list->before = "; before that ";
    for (size_t i = 0; i < count; i++) {
        struct kf_parts parts;
        if (all[i].from_year > list->year || all[i].to_year < list->year ||
            !kf_structure_follow(structure, all[i].number, list->year, begun, &parts)) {
            continue;
        }
        for (size_t p = 0; p < parts.count; p++) {
            if (parts.list[p].code == number) {
                name(list, all[i].code);
            }
        }
    }
}

/* The first year of the newest time in which the code was valid without a break. */
static int begin_of(const struct kf_municipalities *municipalities,
                    const struct kf_municipality *last)
{
    int begun = last->from_year;
    const struct kf_municipality *before = last;
    while ((before = kf_municipalities_find(municipalities, last->code, begun - 1)) != NULL) {
        begun = before->from_year;
    }
    return begun;
}

void kf_structure_explain(const struct kf_structure *self,
                          const struct kf_municipalities *municipalities, const char *code,
                          int year, struct kf_text *text)
{
    const struct kf_municipality *ever = kf_municipalities_ever(municipalities, code);
    if (!ever) {
        kf_text_add_format(text, "%s was never a municipality code", code);
        return;
    }
    struct list list = {.municipalities = municipalities, .year = year, .text = text};
    int begun = begin_of(municipalities, ever);
    if (year < begun) {
        kf_text_add_format(text, "%s %s is a municipality since %d, not in %d", code, ever->name,
                           begun, year);
        name_predecessors(self, ever->number, begun, &list);
    } else {
        kf_text_add_format(text, "%s %s was a municipality until %d, not in %d", code, ever->name,
                           ever->to_year, year);
        name_successors(self, ever->number, ever->to_year, &list);
    }
}
