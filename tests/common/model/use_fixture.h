/* An edition that has resource use, disposable income and demography, and its variables. */
#ifndef KF_TESTS_MODEL_USE_FIXTURE_H
#define KF_TESTS_MODEL_USE_FIXTURE_H

#include "edition_fixture.h"

/* Called "liten"; edition_fixture_read and edition_fixture_good read it. */
extern const char use_fixture_yaml[];

/* edition_fixture_faults and edition_fixture_extend of it. */
void use_fixture_faults(const struct edition_fault *faults, size_t count);
struct kf_edition *use_fixture_extend(const char *text);

/* cmocka group fixtures: the temporary folder and the register, people by single year of age
 * included. */
int use_fixture_open(void **state);
int use_fixture_close(void **state);

#endif
