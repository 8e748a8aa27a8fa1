/* The municipal register of the editions folder, as KLASS tells it. */
#ifndef KF_FAKESSB_REGISTER_H
#define KF_FAKESSB_REGISTER_H

#include "common/base/error.h"
#include "common/base/text.h"

#define KF_FAKE_REGISTER_TEXT 128

/* A code of municipalities.csv. */
struct kf_fake_valid {
    char code[KF_FAKE_REGISTER_TEXT];
    char name[KF_FAKE_REGISTER_TEXT];
};

typedef enum kf_err kf_fake_valid_visit(void *context, const struct kf_fake_valid *valid,
                                        struct kf_error *err);

/* Visits the codes valid on a day (2026-01-01), in the file's order. KF_ERR_CONFIG, KF_ERR_IO, or
 * what `visit` returns. */
enum kf_err kf_fake_register_valid(const char *editions, const char *date,
                                   kf_fake_valid_visit *visit, void *context, struct kf_error *err);

/* Appends KLASS's answers: the codes valid on a day; the changes from a day to before another. */
enum kf_err kf_fake_klass_codes(const char *editions, const char *date, struct kf_text *json,
                                struct kf_error *err);
enum kf_err kf_fake_klass_changes(const char *editions, const char *const days[2],
                                  struct kf_text *json, struct kf_error *err);

#endif
