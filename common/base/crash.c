#include "common/base/crash.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/log.h"
#include "common/base/text.h"

#define CALLS_MAX 1000000000UL

/* One way to end or stand still: the variable that asks for it, and how often its point came. */
struct harm {
    const char *variable;
    int signal;
    atomic_ulong calls;
};

static struct harm harms[] = {{.variable = "KF_CRASH_AT", .signal = SIGKILL},
                              {.variable = "KF_STOP_AT", .signal = SIGSTOP}};

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

static void pass(struct harm *harm, const char *name)
{
    const char *wanted = getenv(harm->variable);
    if (!wanted || !wanted[0]) {
        return;
    }
    size_t length = 0;
    unsigned long n = 0;
    if (!parse(wanted, &length, &n)) {
        kf_log(KF_LOG_ERROR, "crash-point", "problem=\"%s is not name:n\"", harm->variable);
        abort();
    }
    if (strlen(name) != length || memcmp(name, wanted, length) != 0) {
        return;
    }
    if (atomic_fetch_add(&harm->calls, 1) + 1 == n) {
        kf_log(KF_LOG_WARN, "crash-point", "name=%s call=%lu", name, n);
        (void)raise(harm->signal);
    }
}

void kf_crash_point(const char *name)
{
    for (size_t i = 0; i < sizeof harms / sizeof harms[0]; i++) {
        pass(&harms[i], name);
    }
}
