/* Errors as values.
 *
 * A function that can fail returns `enum kf_err` and takes `struct kf_error *err` last. `err` is
 * filled on failure only; outputs are written on success only. The code says what went wrong, the
 * disposition what to do about it, the text says it to a person: what, where, and the remedy.
 */
#ifndef KF_BASE_ERROR_H
#define KF_BASE_ERROR_H

#include <stdbool.h>

enum kf_err {
    KF_OK = 0,
    KF_ERR_DATA,     /* input that cannot be computed: figures, files, messages */
    KF_ERR_CONFIG,   /* a setting, an edition, a command line */
    KF_ERR_LIMIT,    /* input beyond a stated limit */
    KF_ERR_MEMORY,   /* an allocation failed */
    KF_ERR_IO,       /* the operating system said no */
    KF_ERR_PEER,     /* a neighbour is absent, slow or broken */
    KF_ERR_AGAIN,    /* nothing to do now; not a failure */
    KF_ERR_INTERNAL, /* our own mistake */
};

enum kf_disposition {
    KF_REJECT, /* dead letter; go on with the next */
    KF_RETRY,  /* the same again, later, within bounds */
    KF_FATAL,  /* stop intake, drain, exit 1 */
};

#define KF_ERROR_TEXT_MAX 512

struct kf_error {
    enum kf_err code;
    enum kf_disposition disposition;
    char text[KF_ERROR_TEXT_MAX];
};

/* Fills `err` (NULL is fine) with `code`, the code's usual disposition and a printf text, cut when
 * too long, between characters. The arguments may quote err->text itself. Returns `code`, so that a
 * function can end with `return kf_error_set(…)`. */
enum kf_err kf_error_set(struct kf_error *err, enum kf_err code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As kf_error_set, with the system's text for `errnum` appended after a colon. What passes, such as
 * a full disk, an I/O error or a lack of descriptors, is no fault of the settings: KF_ERR_CONFIG
 * becomes KF_ERR_IO then, so that whoever watches over the program starts it again. */
enum kf_err kf_error_set_errno(struct kf_error *err, enum kf_err code, int errnum,
                               const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The usual disposition of `code`: data and limits are rejected, input/output and peers are tried
 * again, the rest is fatal. */
enum kf_disposition kf_err_disposition(enum kf_err code);

/* The code's name for logs, e.g. "data". Never NULL. */
const char *kf_err_name(enum kf_err code);

/* --- several pieces of work, all of whose faults of the data are told at once ------------------
 *
 *     enum kf_err outcome = KF_OK;
 *     for (size_t i = 0; kf_err_goes_on(outcome) && i < count; i++) {
 *         struct kf_error latest = {0};
 *         outcome = kf_error_join(outcome, work(i, findings, &latest), &latest, err);
 *     }
 */

/* True for KF_OK and KF_ERR_DATA: what is next may be tried. */
bool kf_err_goes_on(enum kf_err outcome);

/* What several pieces have come to: `outcome` so far, and `code` with `latest` of one more. The
 * first error stays, in `err` (NULL is fine) too; but one that ends the work takes its place. */
enum kf_err kf_error_join(enum kf_err outcome, enum kf_err code, const struct kf_error *latest,
                          struct kf_error *err);

#endif
