/* The register of municipalities: which codes exist, under which name, in which years.
 * Read from `municipalities.csv` of the editions folder (source: Statistics Norway, KLASS 131). */
#ifndef KF_MODEL_MUNICIPALITY_H
#define KF_MODEL_MUNICIPALITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/findings.h"

#define KF_MUNICIPALITY_SIZE 5 /* four digits and a NUL */

#define KF_CODES 10000 /* every four digits: codes as numbers are below it */

/* The country as a whole, as Statistics Norway writes it. */
#define KF_MUNICIPALITY_COUNTRY "EAK"

struct kf_municipality {
    char code[KF_MUNICIPALITY_SIZE];
    uint16_t number; /* the code as a number */
    const char *name;
    int from_year; /* first year in which the code is valid on 1 January or comes into force */
    int to_year;   /* last year on whose 1 January it is valid; INT_MAX while it is */
};

/* Reads a code, the `length` bytes at `text`, as a number below KF_CODES. False, and nothing
 * written, for anything but four digits. */
bool kf_municipality_parse(const char *text, size_t length, uint16_t *number);

/* Writes the four digits of `number`, which is below KF_CODES (what is above is cut off). */
void kf_municipality_print(unsigned number, char code[KF_MUNICIPALITY_SIZE]);

struct kf_municipalities;

/* Reads the register; all faults land in `findings` and the result is KF_ERR_CONFIG. */
enum kf_err kf_municipalities_read(const char *path, struct kf_municipalities **register_,
                                   struct kf_findings *findings, struct kf_error *err);

/* Frees the register and its names; NULL is fine, the pointer is nulled. */
void kf_municipalities_destroy(struct kf_municipalities **self);

/* The municipality with `code` in `year`, or NULL. */
const struct kf_municipality *kf_municipalities_find(const struct kf_municipalities *self,
                                                     const char *code, int year);

/* The newest municipality that ever had `code`, or NULL: to say that a code is known, but not in
 * this year. */
const struct kf_municipality *kf_municipalities_ever(const struct kf_municipalities *self,
                                                     const char *code);

/* How many codes are municipalities in `year`. */
size_t kf_municipalities_count(const struct kf_municipalities *self, int year);

/* The newest year in which a code or a name came into force: what "today" is to the register. */
int kf_municipalities_newest(const struct kf_municipalities *self);

/* All entries, by code and then by from_year. */
const struct kf_municipality *kf_municipalities_all(const struct kf_municipalities *self,
                                                    size_t *count);

#endif
