/* Messages changed at random, but still messages: what a stranger, or a program with a mistake,
 * might send. The same seed makes the same changes on every machine.
 */
#ifndef KF_TESTS_MUTATE_H
#define KF_TESTS_MUTATE_H

#include <protobuf-c/protobuf-c.h>

#include "common/base/arena.h"
#include "tests/support/panel_fixture.h"

/* Changes one field of the message or of a message inside it: a number becomes another, a text one
 * that is known elsewhere, a list gains, loses or turns an element, a message goes. What is new
 * lives in `arena`; arrays that the message borrows stay as they are. */
void mutate(ProtobufCMessage *message, struct fixture_random *random, struct kf_arena *arena);

#endif
