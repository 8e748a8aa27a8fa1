/* The allocator, set up for publishing. */
#ifndef KF_PUBLISH_ALLOCATOR_H
#define KF_PUBLISH_ALLOCATOR_H

/* Makes all threads share one arena. Each record is a dozen small allocations made on one thread
 * and freed on another; with an arena for each thread that takes twice the processor time
 * (measured: 2.4 s against 1.2 s for 321,300 records). Call it before the first thread starts. Does
 * nothing where the C library is not glibc. */
void kf_publish_tune_allocator(void);

#endif
