/* The brokers to begin with, as the operator writes them: HOST:PORT, joined by commas. */
#ifndef KF_PUBLISH_SERVERS_H
#define KF_PUBLISH_SERVERS_H

#include "common/base/error.h"

/* Checks the list without asking anybody: every entry has a host (an IPv6 address in brackets) and,
 * where it names one, a port from 1 to 65535; PROTOCOL:// in front is allowed, spaces around it
 * too. KF_ERR_CONFIG, and the text names the entry. */
enum kf_err kf_servers_check(const char *list, struct kf_error *err);

#endif
