/* An edition of unit costs and a trial, and nothing else, with its variables. */
#ifndef KF_TESTS_MODEL_TRIAL_FIXTURE_H
#define KF_TESTS_MODEL_TRIAL_FIXTURE_H

#include "edition_fixture.h"

/* Called "liten"; edition_fixture_read and edition_fixture_good read it. */
extern const char trial_fixture_yaml[];

/* edition_fixture_faults and edition_fixture_extend of it. */
void trial_fixture_faults(const struct edition_fault *faults, size_t count);
struct kf_edition *trial_fixture_extend(const char *text);

/* Fails unless the figures read as `text`: "2014 659, 2017 724". */
void trial_fixture_years(const struct kf_year_figures *figures, const char *text);

/* cmocka group fixtures: the temporary folder and the register. */
int trial_fixture_open(void **state);
int trial_fixture_close(void **state);

#endif
