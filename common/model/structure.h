/* The municipal structure: what became of every municipality code, and with which weights.
 *
 * Read from `municipality_changes.csv` of the editions folder (source: Statistics Norway, KLASS
 * 131; weights: inhabitants). A row says that the territory of `from` is `to` from `year` on; a
 * territory that was split has a row for each part, whose weights sum to 1 or are all left empty,
 * which says that nobody knows them. Codes that live on have no row: border adjustments are not
 * followed. Every change comes into force on 1 January.
 *
 * A row with `through` is a way round: the territory of `from` was merged into `through` and came
 * out of it again as (part of) `to`. Whoever maps from before the merger to after the split takes
 * it instead of the weights of the split: the Haram of 2019 (1534) is the Haram of 2024 (1580).
 *
 * Codes are numbers here, as in observations: 301 is 0301.
 */
#ifndef KF_MODEL_STRUCTURE_H
#define KF_MODEL_STRUCTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/base/text.h"
#include "common/model/municipality.h"

#define KF_PARTS_MAX 16

/* Into what a territory went. */
struct kf_part {
    uint16_t code;
    double weight; /* share of the territory's inhabitants; 0 when nobody knows it */
};

struct kf_parts {
    struct kf_part list[KF_PARTS_MAX];
    size_t count;
};

struct kf_structure;

/* Reads the register; all faults land in `findings` and the result is KF_ERR_CONFIG. Codes must be
 * those of `municipalities` in the years around the change; it is borrowed for the register's life.
 */
enum kf_err kf_structure_read(const char *path, const struct kf_municipalities *municipalities,
                              struct kf_structure **structure, struct kf_findings *findings,
                              struct kf_error *err);

/* Frees the register; NULL is fine, the pointer is nulled. */
void kf_structure_destroy(struct kf_structure **self);

/* True when any code changed after `from_year`, up to and including `to_year`; the order of the
 * years does not matter. NULL knows no change. */
bool kf_structure_differs(const struct kf_structure *self, int from_year, int to_year);

/* Where the territory of `code`, a municipality in `from_year`, is in `to_year`, which is not
 * earlier: at least one part, the code itself when nothing happened to it. Weights that nobody
 * knows are 0. False, and nothing written, when there would be more than KF_PARTS_MAX parts or the
 * changes go in a circle. `self` may be NULL: then nothing changes. */
bool kf_structure_follow(const struct kf_structure *self, unsigned code, int from_year, int to_year,
                         struct kf_parts *parts);

/* As kf_structure_follow with known weights that sum to 1, and backward in time too, where the code
 * was only renamed. KF_ERR_DATA with the reason when the weights of a split are not known, or when
 * the territory of `code` was put together or split off after `to_year`: what it had then cannot be
 * told from what it has now. */
enum kf_err kf_structure_map(const struct kf_structure *self, unsigned code, int from_year,
                             int to_year, struct kf_parts *parts, struct kf_error *err);

/* Appends why `code` is no municipality of `year`, with what is there instead; `self` may be NULL:
 *     0219 Bærum was a municipality until 2019, not in 2020; since then 3024 Bærum
 *     4204 Kristiansand is a municipality since 2020, not in 2019; before that 1001 Kristiansand,
 *     1017 Songdalen, 1018 Søgne
 *     0199 was never a municipality code */
void kf_structure_explain(const struct kf_structure *self,
                          const struct kf_municipalities *municipalities, const char *code,
                          int year, struct kf_text *text);

#endif
