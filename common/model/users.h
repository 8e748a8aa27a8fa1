/* The variables of users of resource-intensive services: user number i, from 1, has the variable
 * PREFIXi for the net wage cost and another for the age. An edition and a panel that travels name
 * the prefixes and how many users there are; the names follow. */
#ifndef KF_MODEL_USERS_H
#define KF_MODEL_USERS_H

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/model/edition.h"

/* The variable of a user's `number`, from 1; NULL when the arena is full or there is no memory. */
const char *kf_users_variable(struct kf_arena *arena, const char *prefix, size_t number);

/* Sets `costs`, and `ages` when there is a prefix for them, from the prefixes and `count`. False
 * when the arena is full or there is no memory; `self` then is as before. */
bool kf_users_fill(struct kf_users *self, struct kf_arena *arena);

#endif
