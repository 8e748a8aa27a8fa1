/* What the board's answers are made from: a store that is read, the editions folder, and who made
 * it. Belongs to one thread, as the store's handle does.
 */
#ifndef KF_BOARD_ANSWERS_H
#define KF_BOARD_ANSWERS_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/model/catalogue.h"
#include "services/board/api/shared.h"
#include "services/board/store/store.h"

struct kf_answers;

/* All but `answers` is borrowed for its life. KF_ERR_MEMORY. */
enum kf_err kf_answers_new(struct kf_board_store *store, const struct kf_catalogue *catalogue,
                           const char *program, struct kf_answers **answers, struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_answers_destroy(struct kf_answers **self);

/* What it was made with. */
struct kf_board_store *kf_answers_store(struct kf_answers *self);

/* What articles have in common: its own. */
struct kf_shared *kf_answers_shared(struct kf_answers *self);

/* What it was made with. */
const struct kf_catalogue *kf_answers_catalogue(const struct kf_answers *self);

/* Likewise. */
const char *kf_answers_program(const struct kf_answers *self);

/* The newest name that the code had, or the code. */
const char *kf_answers_municipality_name(const struct kf_answers *self, const char *code);

/* The KOSTRA group of the newest register, of a code that is newer that of all its parts when it is
 * one; NULL when it is not known. */
const char *kf_answers_kostra_group(const struct kf_answers *self, const char *code);

#endif
