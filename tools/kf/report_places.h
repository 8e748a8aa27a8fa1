/* The municipalities of which reports are wanted: codes and names as people give them, or all. */
#ifndef KF_TOOLS_REPORT_PLACES_H
#define KF_TOOLS_REPORT_PLACES_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/model/catalogue.h"

#define KF_REPORT_PLACES_MAX 2048

struct kf_report_places {
    char codes[KF_REPORT_PLACES_MAX][KF_MUNICIPALITY_SIZE]; /* ascending */
    size_t count;
};

/* Adds a code that is not there yet and keeps the order. KF_ERR_LIMIT beyond the maximum. */
enum kf_err kf_report_places_add(struct kf_report_places *self, const char *code,
                                 struct kf_error *err);

/* True when the code is there. */
bool kf_report_places_has(const struct kf_report_places *self, const char *code);

/* What is asked for: `given` words, found among those with figures. `year` is that of the figures,
 * or 0: names and codes are then those of the newest year. */
struct kf_report_places_question {
    const struct kf_catalogue *catalogue;
    const struct kf_report_places *there; /* those with figures */
    const struct kf_report_places *all;   /* those that "all" stands for */
    int year;
    const char *const *given;
    size_t given_len;
};

/* Finds every word: "all", four digits, or a name (of a name in several languages any, capitals do
 * not matter). A word that is nothing adds a line to `faults` that names the nearest, the code's
 * successors, or says that there are no figures: the others are found all the same. */
enum kf_err kf_report_places_find(const struct kf_report_places_question *question,
                                  struct kf_report_places *found, struct kf_text *faults,
                                  size_t *faults_len, struct kf_error *err);

/* Appends CODE-Name for a file: letters and digits of the name's first part, others as hyphens. */
void kf_report_places_file_name(const char *code, const char *name, struct kf_text *text);

#endif
