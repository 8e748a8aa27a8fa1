#include "services/publish/allocator.h"

#include <stdlib.h> /* says which C library it is */

#ifdef __GLIBC__
#include <malloc.h>

void kf_publish_tune_allocator(void)
{
    (void)mallopt(M_ARENA_MAX, 1);
}
#else
void kf_publish_tune_allocator(void) {}
#endif
