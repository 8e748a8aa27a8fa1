/* The registers of the project's editions folder, for fuzzers whose inputs name what is in them. */
#ifndef KF_TESTS_FUZZ_REGISTERS_H
#define KF_TESTS_FUZZ_REGISTERS_H

#include "common/model/catalogue.h"

/* A catalogue of the registers without any edition, read when it is first asked for and freed at
 * the end of the program. */
const struct kf_catalogue *fuzz_registers(void);

#endif
