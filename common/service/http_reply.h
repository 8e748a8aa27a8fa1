/* An answer as the library sends it. Internal to the HTTP server. */
#ifndef KF_SERVICE_HTTP_REPLY_H
#define KF_SERVICE_HTTP_REPLY_H

#include <microhttpd.h>

#include "common/service/http_answer.h"
#include "common/service/http_stream.h"

/* Reads what the connection asks. False when the query is none of ours: too long, no text. */
bool kf_http_reply_read(struct MHD_Connection *connection, const char *path,
                        struct kf_http_request *request);

/* Sends the answer with the headers that every answer has. What the body holds may be taken out of
 * it. */
enum MHD_Result kf_http_reply(struct MHD_Connection *connection,
                              const struct kf_http_request *request, struct kf_http_answer *answer,
                              struct kf_http_streams *streams);

#endif
