/* The server: one thread a connection, one question at a time, a line in the log for each. */
#ifndef KF_FAKESSB_SERVER_H
#define KF_FAKESSB_SERVER_H

#include <stdint.h>

#include "common/base/error.h"
#include "tools/fakessb/world.h"

#define KF_FAKE_CONNECTIONS_MAX 128

struct kf_fake_server_options {
    uint16_t port;        /* 0: any free one */
    const char *log;      /* file that lines are added to, or "" */
    const char *editions; /* folder of the municipal register */
};

struct kf_fake_server;

/* Listens on 127.0.0.1. The world and the options' texts are borrowed until the end. KF_ERR_CONFIG
 * when the port cannot be had or the log not be written. */
enum kf_err kf_fake_server_start(const struct kf_fake_server_options *options,
                                 struct kf_fake_world *world, struct kf_fake_server **server,
                                 struct kf_error *err);

/* The port it listens on. */
uint16_t kf_fake_server_port(const struct kf_fake_server *self);

/* Ends every connection, also those it never meant to answer. NULL is fine. */
void kf_fake_server_destroy(struct kf_fake_server **self);

#endif
