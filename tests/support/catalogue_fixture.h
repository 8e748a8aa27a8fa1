/* The editions, variables and registers that come along, read once for a test program:
 * fixture_catalogue_open and fixture_catalogue_close are the group's set-up and tear-down. */
#ifndef KF_TESTS_CATALOGUE_FIXTURE_H
#define KF_TESTS_CATALOGUE_FIXTURE_H

#include "common/model/catalogue.h"

extern struct kf_catalogue *fixture_catalogue;

/* Prints what is wrong with them when it fails. */
int fixture_catalogue_open(void **state);
int fixture_catalogue_close(void **state);

#endif
