/* Findings: what is wrong with an input, all of it at once, each with its place and a remedy.
 *
 * Used for CSV files, editions, settings and panels. Bounded: beyond the limit only the number
 * grows. An empty list means that nothing is wrong.
 */
#ifndef KF_BASE_FINDINGS_H
#define KF_BASE_FINDINGS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/text.h"

#define KF_FINDINGS_MAX 100

struct kf_finding {
    char *file;         /* "" when it is not about a file */
    uint64_t line;      /* 0 when it is not about a line */
    char *municipality; /* "" or the code */
    char *variable;     /* "" or the variable, key or column */
    char *cell;         /* "" or what stood there, shortened */
    char *problem;
    char *remedy;
};

struct kf_findings {
    struct kf_finding list[KF_FINDINGS_MAX];
    size_t length;
    uint64_t left_out; /* findings beyond the limit */
};

/* The place of a finding; unset parts are NULL or 0. Texts are copied. */
struct kf_place {
    const char *file;
    uint64_t line;
    const char *municipality;
    const char *variable;
    const char *cell;
};

/* An empty list in the caller's storage (large: keep it on the heap or static). */
void kf_findings_init(struct kf_findings *self);

/* Frees the texts and leaves the list empty. */
void kf_findings_clear(struct kf_findings *self);

/* Adds one. `problem` is a printf format; `remedy` a plain text that says what to do. When there is
 * no memory the finding is counted in `left_out`. */
void kf_findings_add(struct kf_findings *self, const struct kf_place *place, const char *remedy,
                     const char *problem, ...) __attribute__((format(printf, 4, 5)));

/* The same, unless it is listed already, word for word. */
void kf_findings_add_once(struct kf_findings *self, const struct kf_place *place,
                          const char *remedy, const char *problem, ...)
    __attribute__((format(printf, 4, 5)));

/* True when the list takes no more: what is added is counted only, and what is costly to say of it,
 * such as what was probably meant, need not be found out. */
bool kf_findings_is_full(const struct kf_findings *self);

/* How many there are, listed or not. */
uint64_t kf_findings_count(const struct kf_findings *self);

/* Appends one line for each finding to `text`; parts that are not known are left out:
 *     FILE:LINE: 0301 folkemengde "-5": problem; remedy
 * and a last line when some were left out. */
void kf_findings_print(const struct kf_findings *self, struct kf_text *text);

/* The one of `count` names nearest to `name` when it is near enough to be meant, above all the same
 * in other case; else NULL. Of equally near ones the first. Compares with every name of about the
 * same length: ask kf_findings_is_full before. */
const char *kf_findings_suggest(const char *name, const char *const *names, size_t count);

#endif
