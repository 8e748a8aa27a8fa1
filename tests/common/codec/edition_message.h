/* The golden edition as a message, to be changed and read again. */
#ifndef KF_TESTS_COMMON_CODEC_EDITION_MESSAGE_H
#define KF_TESTS_COMMON_CODEC_EDITION_MESSAGE_H

#include "common/codec/edition_codec.h"
#include "tests/golden_bytes/golden_model.h"

struct fixture {
    struct kf_panel *panel;
    struct kf_arena *arena;
    Kf__V1__Edition *message;
};

/* For each test; the fixture is its state. */
int open_fixture(void **state);
int close_fixture(void **state);

/* Reading the message ends with `expected`, and the error's text holds `text`. */
void assert_result(struct fixture *fixture, enum kf_err expected, const char *text);

#endif
