/* Why a connection does not come about: told while it is so, and for a while after. */
#ifndef KF_TOOLS_TOP_DENIED_H
#define KF_TOOLS_TOP_DENIED_H

#include <stdint.h>

#define KF_TOP_DENIED_SIZE 512
#define KF_TOP_DENIED_MS   6000 /* without another denial; a try comes every two seconds or so */

/* Nothing was denied: {0}. */
struct kf_top_denied {
    char text[KF_TOP_DENIED_SIZE];
    int64_t until_ms; /* monotonic */
};

/* A connection to `address` was denied for `reason`. */
void kf_top_denied_note(struct kf_top_denied *self, const char *address, const char *reason,
                        int64_t now_ms);

/* The newest denial, or "" when it was KF_TOP_DENIED_MS ago. */
const char *kf_top_denied_text(const struct kf_top_denied *self, int64_t now_ms);

#endif
