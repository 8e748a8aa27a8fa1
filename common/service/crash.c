#include "common/service/crash.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/log.h"
#include "common/base/text.h"

#define CALLS_MAX 1000000000UL

static atomic_ulong calls;

/* Reads "name:n"; the length of the name and n. */
static bool parse(const char *wanted, size_t *name_length, unsigned long *n)
{
    const char *colon = strrchr(wanted, ':');
    if (!colon || colon == wanted) {
        return false;
    }
    *name_length = (size_t)(colon - wanted);
    return kf_text_to_unsigned(colon + 1, strlen(colon + 1), CALLS_MAX, n) && *n > 0;
}

void kf_crash_point(const char *name)
{
    const char *wanted = getenv("KF_CRASH_AT");
    if (!wanted || !wanted[0]) {
        return;
    }
    size_t length = 0;
    unsigned long n = 0;
    if (!parse(wanted, &length, &n)) {
        kf_log(KF_LOG_ERROR, "crash-point", "problem=\"KF_CRASH_AT is not name:n\"");
        abort();
    }
    if (strlen(name) != length || memcmp(name, wanted, length) != 0) {
        return;
    }
    if (atomic_fetch_add(&calls, 1) + 1 == n) {
        kf_log(KF_LOG_WARN, "crash-point", "name=%s call=%lu", name, n);
        (void)raise(SIGKILL);
    }
}
