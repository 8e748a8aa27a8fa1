/* The board's pages: /api/… and the page that shows them. Asked on the HTTP thread, with a reading
 * handle of the store of its own.
 */
#ifndef KF_BOARD_SITE_H
#define KF_BOARD_SITE_H

#include "common/base/error.h"
#include "common/model/catalogue.h"
#include "common/service/http_answer.h"
#include "services/board/api/snapshot.h"

struct kf_site_options {
    const char *store; /* path; it exists */
    const struct kf_catalogue *catalogue;
    struct kf_snapshot *status; /* JSON, renewed by the work loop */
    const char *program;
};

struct kf_site;

/* All but `site` is borrowed for its life. Errors of the store, KF_ERR_MEMORY. */
enum kf_err kf_site_new(const struct kf_site_options *options, struct kf_site **site,
                        struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_site_destroy(struct kf_site **self);

/* As a kf_http_site. */
bool kf_site_answer(struct kf_site *self, const struct kf_http_request *request,
                    struct kf_http_answer *answer);

#endif
