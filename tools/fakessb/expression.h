/* Which codes an expression of PxWebApi means: CODE, a pattern with * and ?, top(N), bottom(N),
 * from(CODE), to(CODE), range(CODE,CODE). Pure.
 */
#ifndef KF_FAKESSB_EXPRESSION_H
#define KF_FAKESSB_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "tools/fakessb/table.h"

#define KF_FAKE_EXPRESSION_ILLEGAL ((size_t)-1)

/* Sets the flag of every code that is meant; hidden codes and the total only when `all`. Returns
 * how many codes are meant (0: none is known by that name), or KF_FAKE_EXPRESSION_ILLEGAL for a
 * function that is not written as it should be. */
size_t kf_fake_expression_mark(const struct kf_fake_dimension *dimension, const char *text,
                               bool all, bool *flags);

/* True for a plain code: what may stand in a selection once only. */
bool kf_fake_expression_is_code(const char *text);

#endif
