/* A client of a toy server, on a day that runs fast, and ways to ask and to wait. */
#ifndef KF_TESTS_SSB_FIXTURE_H
#define KF_TESTS_SSB_FIXTURE_H

#include <stddef.h>
#include <stdint.h>

#include "services/ingest/ssb/ssb.h"
#include "toy_server.h"

#define PLAY_REPLIES_MAX 32
#define KEPT_MAX         8

/* What the server says, reply after reply; the last one again and again. */
struct play {
    struct toy_reply replies[PLAY_REPLIES_MAX];
    size_t count;
    char first_head[TOY_HEAD_SIZE]; /* of the first request */
    char first_body[TOY_BODY_SIZE];
    char last_head[TOY_HEAD_SIZE];
};

struct fixture {
    struct kf_day day;
    struct play play;
    struct toy_server *server;
    struct kf_ssb_options options;
    struct kf_ssb *ssb;
    size_t pages;       /* that the page callback got */
    size_t refuse_page; /* the callback says no to this one, from 1; 0: to none */
    void *kept[KEPT_MAX];
    size_t turns; /* of kf_ssb_work */
};

/* A fresh server and client; the day runs `speed` times as fast. */
void fixture_start(struct fixture *self, int64_t speed);
void fixture_stop(struct fixture *self);

/* One more reply. */
struct toy_reply *fixture_say(struct fixture *self, int status, const char *body);

/* The client anew, after its options were changed. */
void fixture_renew(struct fixture *self);

/* Frees `memory` only once the server has gone, which may still send it. Returns it. */
char *fixture_keep(struct fixture *self, char *memory);

/* A question for the figures of table 12134 as they were recorded. */
struct kf_ssb_question fixture_figures(struct fixture *self);

/* The question for one table. */
struct kf_ssb_question fixture_table(void);

/* Asks and works until there is an answer; fails the test after 20 seconds. */
const struct kf_ssb_answer *fixture_ask(struct fixture *self,
                                        const struct kf_ssb_question *question);

/* Works until the open question has its answer. */
const struct kf_ssb_answer *fixture_finish(struct fixture *self);

/* One turn: waits as the client says, works. */
enum kf_ssb_turn fixture_turn(struct fixture *self);

/* The bytes of a recorded answer of data/api, or, packed (.gz), of the fixtures; free it. */
char *fixture_read(const char *name, size_t *length);

#endif
