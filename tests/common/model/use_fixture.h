/* An edition that has resource use, disposable income and demography, and its variables. */
#ifndef KF_TESTS_MODEL_USE_FIXTURE_H
#define KF_TESTS_MODEL_USE_FIXTURE_H

#include "edition_fixture.h"

/* Called "liten"; edition_fixture_read and edition_fixture_good read it. */
extern const char use_fixture_yaml[];

/* A fault: the text is changed, and the finding must name the line where `at` first stands and hold
 * both parts. */
struct use_fault {
    const char *from;
    const char *to;
    const char *at;
    const char *part;
    const char *remedy;
};

/* Fails unless each of the faults is told, and nothing is read. */
void use_fixture_faults(const struct use_fault *faults, size_t count);

/* Reads `text`, "ny.yaml", on top of the edition; fails unless there is nothing wrong with it. */
struct kf_edition *use_fixture_extend(const char *text);

/* cmocka group fixtures: the temporary folder and the register, people by single year of age
 * included. */
int use_fixture_open(void **state);
int use_fixture_close(void **state);

#endif
