/* What every fuzzer shares. */
#ifndef KF_TESTS_FUZZ_H
#define KF_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* The entry that libFuzzer, or replay.c, calls for each input. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Of libFuzzer: changes the bytes in place, within `size_max`; the new size. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t size_max);
/* Ours in its place, for a fuzzer that names a mutator (support/mutate_….c). */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t size_max, unsigned seed);

/* Ends the program, in every kind of build, when a promise was broken. */
#define must(condition)                                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

#endif
