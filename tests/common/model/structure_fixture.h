/* Panels on the real registers of municipalities, code changes and KOSTRA groups, with figures
 * written down in the test:
 *
 *     structure_row(219, 2019, "barn", 20);
 *     struct kf_panel *panel = structure_build(2019, KF_OK);
 *
 * The edition has one sector with the indicators timer (an amount) and andel (a ratio), both per
 * barn; tests change it through structure_edition(). Rows are forgotten by structure_reset().
 */
#ifndef KF_TESTS_MODEL_STRUCTURE_FIXTURE_H
#define KF_TESTS_MODEL_STRUCTURE_FIXTURE_H

#include "common/model/panel.h"
#include "fixture.h"

/* cmocka group fixtures. */
int structure_open(void **state);
int structure_close(void **state);

/* cmocka test fixture: no rows, the edition as above, everybody, of the data year. */
int structure_reset(void **state);

/* The edition that panels are built for. */
struct kf_edition *structure_edition(void);

/* Adds a row; its line in the file figures.csv is its number, from 1. */
void structure_row(unsigned municipality, int year, const char *variable, double value);
void structure_row_status(unsigned municipality, int year, const char *variable, double value,
                          uint8_t status);

/* Builds the panel; fails unless the result is `expected`, and for KF_OK unless the panel is sound.
 * NULL when the result is another. The caller destroys it. */
struct kf_panel *structure_build(int year, enum kf_err expected);

/* As structure_build, told only how it went: for the test of failing allocations. */
enum kf_err structure_try(int year, struct kf_panel **panel, struct kf_error *err);

/* The cell of a member; fails when it is no member or there is no such column. */
double structure_value(const struct kf_panel *panel, const char *member, const char *variable);
uint8_t structure_status(const struct kf_panel *panel, const char *member, const char *variable);

/* The registers. */
const struct kf_municipalities *structure_municipalities(void);
const struct kf_structure *structure_register(void);

#endif
