/* Which edition and year a section of an article takes its figures from. Pure.
 *
 * Of what has figures about the municipality in the section's topics: the asked edition before
 * others, then the year nearest to the asked one, then more figures, then the first id, then the
 * earlier year.
 */
#ifndef KF_BOARD_CHOICE_H
#define KF_BOARD_CHOICE_H

#include <stddef.h>
#include <stdint.h>

#define KF_CHOICES_MAX 30 /* that an article offers for one section */

/* An edition and year; `figures` is how many values there are about the municipality. */
struct kf_choice {
    const char *edition;
    int year;
    uint64_t figures;
};

/* How many years lie between the two. */
int kf_choice_distance(int year, int asked);

/* Sorts what has figures to the front, best first, and returns how many that are. */
size_t kf_choices_rank(struct kf_choice *list, size_t count, const char *edition, int year);

/* The number of `edition` and `year` in the ranked list, or 0, the best one's, when it is not
 * there. */
size_t kf_choices_take(const struct kf_choice *list, size_t count, const char *edition, int year);

#endif
