/* What the address of an article asks for. Pure. */
#ifndef KF_BOARD_ARTICLE_QUERY_H
#define KF_BOARD_ARTICLE_QUERY_H

#include "common/base/error.h"
#include "common/service/http_request.h"
#include "services/board/api/article.h"

/* Reads municipality=CODE[&edition=ID][&year=Y][&use=SECTION:EDITION/YEAR]…; texts of the wish are
 * the request's. What else is asked for is passed over. KF_ERR_DATA says what is wrong. */
enum kf_err kf_article_query_read(const struct kf_http_request *request,
                                  struct kf_article_wish *wish, struct kf_error *err);

#endif
