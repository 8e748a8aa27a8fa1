#include "services/board/api/choice.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int kf_choice_distance(int year, int asked)
{
    return year > asked ? year - asked : asked - year;
}

/* A choice with what was asked for, so that it can be compared. */
static int compare(const struct kf_choice *a, const struct kf_choice *b, const char *edition,
                   int year)
{
    bool other_a = strcmp(a->edition, edition) != 0;
    bool other_b = strcmp(b->edition, edition) != 0;
    if (other_a != other_b) {
        return other_a ? 1 : -1;
    }
    int nearer = kf_choice_distance(a->year, year) - kf_choice_distance(b->year, year);
    if (nearer != 0) {
        return nearer;
    }
    if (a->figures != b->figures) {
        return a->figures > b->figures ? -1 : 1;
    }
    int ids = strcmp(a->edition, b->edition);
    return ids != 0 ? ids : a->year - b->year;
}

/* There are some dozens: each is put where it belongs among those before it. */
static void put(struct kf_choice *list, size_t count, struct kf_choice added, const char *edition,
                int year)
{
    size_t at = count;
    while (at > 0 && compare(&added, &list[at - 1], edition, year) < 0) {
        list[at] = list[at - 1];
        at--;
    }
    list[at] = added;
}

size_t kf_choices_rank(struct kf_choice *list, size_t count, const char *edition, int year)
{
    size_t ranked = 0;
    for (size_t i = 0; i < count; i++) {
        struct kf_choice one = list[i];
        if (one.figures > 0) {
            put(list, ranked++, one, edition, year);
        }
    }
    return ranked;
}

size_t kf_choices_take(const struct kf_choice *list, size_t count, const char *edition, int year)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i].year == year && strcmp(list[i].edition, edition) == 0) {
            return i;
        }
    }
    return 0;
}
