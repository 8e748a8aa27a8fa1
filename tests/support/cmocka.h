/* cmocka with what it wants to be included before it. */
#ifndef KF_TESTS_CMOCKA_H
#define KF_TESTS_CMOCKA_H

/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#endif
