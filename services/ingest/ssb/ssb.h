/* Statistics Norway's API, PxWebApi v2, and KLASS: questions and answers, one at a time, without
 * ever waiting.
 *
 *     code = kf_ssb_ask(ssb, &question, &err);
 *     … in the loop: kf_ssb_wait fills in what to wait for, kf_ssb_work turns …
 *     if (kf_ssb_work(ssb) == KF_SSB_ANSWERED) … kf_ssb_answer(ssb)
 *
 * Politeness is the client's own: all its calls together keep below `calls_per_minute` and what the
 * server's x-ratelimit headers and Retry-After say, whoever asks. A call that fails is repeated as
 * its cause deserves (ssb/policy.h), with growing pauses and jitter, `attempts_max` times at most;
 * then the question has failed, with a cause. Pauses, limits per minute and Retry-After pass on the
 * day's clock (common/base/day.h), time-outs of the network on the real one.
 *
 * A selection with more than KF_SSB_CELLS_MAX cells is asked in pages (ssb/paging.h): regions, the
 * first dimension with "region" in its name, are cut first, then time, "Tid". All pages must have
 * the same `updated`.
 *
 * Whatever comes is untrusted: bytes are bounded before and after decompression, a page of HTML or
 * a cut body is a cause like any other, certificates are verified.
 */
#ifndef KF_INGEST_SSB_H
#define KF_INGEST_SSB_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/day.h"
#include "common/base/error.h"
#include "common/bus/socket.h"
#include "services/ingest/jsonstat/jsonstat.h"

#define KF_SSB_URL       "https://data.ssb.no/api/pxwebapi/v2"
#define KF_SSB_KLASS_URL "https://data.ssb.no/api/klass/v1"

#define KF_SSB_CELLS_MAX     800000 /* of an answer, as the API has it */
#define KF_SSB_PAGES_MAX     256    /* of one question */
#define KF_SSB_TABLE_ID_SIZE 16
#define KF_SSB_ETAG_SIZE     128
#define KF_SSB_TIME_SIZE     40

struct kf_ssb_options {
    const char *url;       /* http or https, without a slash at the end */
    const char *klass_url; /* likewise */
    const char *language;  /* "no" or "en" */
    const char *proxy;     /* "" : as the environment says (https_proxy, no_proxy) */
    const char *ca_file;   /* "" : the system's */
    const struct kf_day *day;
    unsigned calls_per_minute; /* at most; 30 is what the API documents */
    unsigned attempts_max;     /* of a call */
    int64_t connect_timeout_ms;
    int64_t timeout_ms;        /* of a call */
    uint64_t answer_bytes_max; /* after decompression */
    uint64_t ratio_max;        /* of decompressed to received bytes, once above 1 MiB */
    uint64_t seed;             /* of the jitter */
};

/* What the options usually are; url and klass_url are the public ones. */
struct kf_ssb_options kf_ssb_options_usual(const struct kf_day *day);

enum kf_ssb_kind {
    KF_SSB_TABLES = 1, /* which tables changed between two days */
    KF_SSB_TABLE,      /* one table: when it was updated */
    KF_SSB_METADATA,   /* a table's dimensions and codes */
    KF_SSB_DATA,       /* its figures, in pages */
    KF_SSB_CODES,      /* KLASS 131: municipality codes valid at a day */
    KF_SSB_CHANGES,    /* KLASS 131: changes of codes between two days */
};

/* The codes of a dimension that are wanted, all of them named. */
struct kf_ssb_selection {
    const char *dimension;
    const char *const *codes;
    size_t codes_len;
};

/* Called for each page of a KF_SSB_DATA question, in order. Anything but KF_OK fails the question
 * with that code and text. Pages that were given before a failure are to be forgotten: the whole
 * question is asked again or not at all. */
typedef enum kf_err kf_ssb_page(void *context, const struct kf_jsonstat *page,
                                struct kf_error *err);

/* Texts are copied, but for selections: they are borrowed until the answer. */
struct kf_ssb_question {
    enum kf_ssb_kind kind;
    const char *table; /* TABLE, METADATA, DATA */
    const char *etag;  /* TABLE, METADATA: answered with `unchanged` when it is still so; or "" */
    const char *from;  /* TABLES, CHANGES: first day, 2026-03-15; CODES: the day */
    const char *to;    /* TABLES: last day; the answer may go beyond it; CHANGES: last day */
    const struct kf_ssb_selection *selections; /* DATA */
    size_t selections_len;
    const struct kf_jsonstat_symbol *symbols; /* DATA: as in kf_jsonstat_limits; borrowed */
    size_t symbols_len;
    kf_ssb_page *page; /* DATA */
    void *context;     /* of page */
};

/* Why a question failed. */
enum kf_ssb_cause {
    KF_SSB_NO_CAUSE = 0,
    KF_SSB_NO_TABLE,     /* there is no such table */
    KF_SSB_BAD_QUESTION, /* 400: a code or dimension that the table has not; the text tells which */
    KF_SSB_FORBIDDEN,    /* 403 */
    KF_SSB_TOO_MANY,     /* 429, again and again */
    KF_SSB_UNAVAILABLE,  /* 500, 503 and others */
    KF_SSB_UNREACHABLE,  /* no connection, no name, no TLS */
    KF_SSB_TIMED_OUT,
    KF_SSB_FOREIGN,      /* no JSON of the API's where it should be: HTML, something else */
    KF_SSB_CUT,          /* the body ended too early */
    KF_SSB_TOO_LARGE,    /* beyond answer_bytes_max or ratio_max */
    KF_SSB_REFUSED_PAGE, /* the page callback said no, or a symbol is none that is known */
    KF_SSB_CHANGED,      /* it changed while it was read: ask again, later */
    KF_SSB_NO_MEMORY,    /* this process has none for the answer */
    KF_SSB_CAUSES,
};

/* "unavailable", for labels and logs. */
const char *kf_ssb_cause_name(enum kf_ssb_cause cause);

struct kf_ssb_table {
    const char *id;
    const char *label;
    const char *updated; /* RFC 3339 */
    const char *first;   /* first and last period */
    const char *last;
    bool discontinued;
};

struct kf_ssb_code {
    const char *code;
    const char *name;
};

struct kf_ssb_change {
    const char *from;
    const char *from_name;
    const char *to;
    const char *to_name;
    const char *date; /* 2024-01-01 */
};

/* Texts live until the next question. */
struct kf_ssb_answer {
    enum kf_ssb_kind kind;
    enum kf_ssb_cause cause; /* not 0: failed, and `text` says why, for people */
    char text[KF_ERROR_TEXT_MAX];
    bool unchanged; /* the etag still holds: nothing else is filled in */
    char etag[KF_SSB_ETAG_SIZE];
    const struct kf_ssb_table *tables; /* TABLES: all pages; TABLE: one */
    size_t tables_len;
    const struct kf_jsonstat *metadata; /* METADATA */
    const struct kf_ssb_code *codes;    /* CODES */
    size_t codes_len;
    const struct kf_ssb_change *changes; /* CHANGES */
    size_t changes_len;
    size_t pages;    /* DATA */
    uint64_t cells;  /* DATA */
    uint64_t bytes;  /* received, decompressed */
    char digest[33]; /* DATA: XXH3-128 of the body; of several pages, of their digests */
    unsigned calls;  /* that it took, repeated ones included */
    int64_t took_ms; /* real time */
};

struct kf_ssb;

/* Options' texts are copied. KF_ERR_CONFIG for a URL that is none, or a CA file that cannot be
 * read. */
enum kf_err kf_ssb_new(const struct kf_ssb_options *options, struct kf_ssb **ssb,
                       struct kf_error *err);
void kf_ssb_destroy(struct kf_ssb **self);

/* Asks. One question at a time: KF_ERR_INTERNAL while one is open. KF_ERR_CONFIG for a question
 * that cannot be asked (no codes; more than KF_SSB_PAGES_MAX pages). */
enum kf_err kf_ssb_ask(struct kf_ssb *self, const struct kf_ssb_question *question,
                       struct kf_error *err);

/* Forgets the open question, if any. */
void kf_ssb_drop(struct kf_ssb *self);

/* True while a question is open. */
bool kf_ssb_is_busy(const struct kf_ssb *self);

/* Fills in at most `room` items (8 are always enough) and lowers `deadline_ms`
 * (kf_clock_monotonic_ms). Returns how many. */
size_t kf_ssb_wait(struct kf_ssb *self, struct kf_poll_item *items, size_t room,
                   int64_t *deadline_ms);

enum kf_ssb_turn {
    KF_SSB_IDLE = 0,
    KF_SSB_BUSY,
    KF_SSB_ANSWERED, /* kf_ssb_answer has it, once */
};

/* A bounded amount of work: at most one piece of an answer. */
enum kf_ssb_turn kf_ssb_work(struct kf_ssb *self);
const struct kf_ssb_answer *kf_ssb_answer(const struct kf_ssb *self);

/* What the client waits for, for people ("the API said to wait for 37 s"), or NULL. */
const char *kf_ssb_trouble(const struct kf_ssb *self);

/* Since the start, for metrics. */
struct kf_ssb_counts {
    uint64_t calls;
    uint64_t repeated;
    uint64_t failures[KF_SSB_CAUSES]; /* calls, by cause */
    uint64_t bytes;
};
void kf_ssb_counts(const struct kf_ssb *self, struct kf_ssb_counts *counts);

#endif
