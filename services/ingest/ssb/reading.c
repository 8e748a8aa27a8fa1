#include "services/ingest/ssb/reading.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/model/digest.h"
#include "services/ingest/ssb/listing.h"

struct kf_ssb_reading {
    const struct kf_ssb_question *question;
    struct kf_ssb_page_cut cut;
    struct kf_text body;               /* of a list */
    struct kf_ssb_listing *listing;    /* likewise */
    struct kf_jsonstat_reader *reader; /* of figures and descriptions */
    const struct kf_jsonstat *table;
    struct kf_digest *digest;      /* of this body */
    struct kf_digest *all_digests; /* of those of the bodies before */
    char newest_digest[KF_DIGEST_SIZE];
    char updated[KF_SSB_TIME_SIZE]; /* of the first page */
    size_t pages;
    uint64_t cells;
};

static bool is_jsonstat(const struct kf_ssb_question *question)
{
    return question->kind == KF_SSB_METADATA || question->kind == KF_SSB_DATA;
}

/* --- life ------------------------------------------------------------------------------------- */

static enum kf_err set_up(struct kf_ssb_reading *self, uint64_t bytes_max, struct kf_error *err)
{
    const struct kf_ssb_question *question = self->question;
    struct kf_jsonstat_limits limits = {
        .cells_max = KF_SSB_CELLS_MAX,
        .bytes_max = bytes_max,
        .symbols = question->symbols,
        .symbols_len = question->symbols_len,
    };
    self->all_digests = kf_digest_new();
    if (!self->all_digests) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for an answer");
    }
    return is_jsonstat(question) ? kf_jsonstat_reader_new(&limits, &self->reader, err)
                                 : kf_ssb_listing_new(&self->listing, err);
}

enum kf_err kf_ssb_reading_new(const struct kf_ssb_question *question, uint64_t bytes_max,
                               struct kf_ssb_reading **reading, struct kf_error *err)
{
    bool is_lower = bytes_max < KF_SSB_LISTED_BYTES_MAX;
    struct kf_ssb_reading *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for an answer");
    }
    self->question = question;
    kf_text_init(&self->body, is_lower ? (size_t)bytes_max : KF_SSB_LISTED_BYTES_MAX);
    enum kf_err code = set_up(self, bytes_max, err);
    if (code) {
        kf_ssb_reading_destroy(&self);
        return code;
    }
    *reading = self;
    return KF_OK;
}

void kf_ssb_reading_destroy(struct kf_ssb_reading **self)
{
    struct kf_ssb_reading *old = *self;
    if (old) {
        kf_text_clear(&old->body);
        kf_ssb_listing_destroy(&old->listing);
        kf_jsonstat_reader_destroy(&old->reader);
        kf_digest_destroy(&old->digest);
        kf_digest_destroy(&old->all_digests);
    }
    kf_free(old);
    *self = NULL;
}

void kf_ssb_reading_expect(struct kf_ssb_reading *self, const struct kf_ssb_page_cut *cut)
{
    self->cut = *cut;
}

/* --- pieces ----------------------------------------------------------------------------------- */

static void begin(void *context)
{
    struct kf_ssb_reading *self = context;
    kf_text_reset(&self->body);
    kf_digest_destroy(&self->digest);
    self->digest = kf_digest_new();
    if (self->reader) {
        kf_jsonstat_reader_reset(self->reader);
        self->table = NULL;
    }
}

static enum kf_ssb_cause no_memory(struct kf_error *err)
{
    (void)kf_error_set(err, KF_ERR_MEMORY, "no memory for the answer");
    return KF_SSB_NO_MEMORY;
}

/* What an error of the reader's means; `of_data` is what its KF_ERR_DATA does. */
static enum kf_ssb_cause cause_of(enum kf_err code, enum kf_ssb_cause of_data)
{
    switch (code) {
    case KF_OK:
        return KF_SSB_NO_CAUSE;
    case KF_ERR_CONFIG:
        return KF_SSB_REFUSED_PAGE; /* sound, but nobody has told what it means */
    case KF_ERR_LIMIT:
        return KF_SSB_TOO_LARGE;
    case KF_ERR_MEMORY:
        return KF_SSB_NO_MEMORY;
    default:
        return of_data;
    }
}

static enum kf_ssb_cause take_text(struct kf_ssb_reading *self, const void *bytes, size_t length,
                                   struct kf_error *err)
{
    if (length > self->body.size_max - self->body.length) {
        (void)kf_error_set(err, KF_ERR_LIMIT, "a list of more than %zu bytes", self->body.size_max);
        return KF_SSB_TOO_LARGE;
    }
    kf_text_add_bytes(&self->body, bytes, length);
    return self->body.failed ? no_memory(err) : KF_SSB_NO_CAUSE;
}

static enum kf_ssb_cause take(void *context, const void *bytes, size_t length, struct kf_error *err)
{
    struct kf_ssb_reading *self = context;
    if (!self->digest) {
        return no_memory(err);
    }
    kf_digest_add(self->digest, bytes, length);
    return self->reader
               ? cause_of(kf_jsonstat_reader_feed(self->reader, bytes, length, err), KF_SSB_FOREIGN)
               : take_text(self, bytes, length, err);
}

/* --- ends ------------------------------------------------------------------------------------- */

/* The page is what was asked for and of the same table as the pages before. */
static enum kf_ssb_cause check_page(const struct kf_ssb_reading *self, struct kf_error *err)
{
    if (kf_ssb_paging_check(self->question, &self->cut, self->table, err)) {
        return KF_SSB_CHANGED;
    }
    if (strlen(self->table->updated) >= sizeof self->updated) {
        (void)kf_error_set(err, KF_ERR_DATA, "\"updated\" is no time: %.40s…",
                           self->table->updated);
        return KF_SSB_FOREIGN;
    }
    if (self->pages > 0 && strcmp(self->updated, self->table->updated) != 0) {
        (void)kf_error_set(err, KF_ERR_DATA,
                           "the table was updated while it was read: %.40s on the first page, "
                           "%.40s on page %zu",
                           self->updated, self->table->updated, self->pages + 1);
        return KF_SSB_CHANGED;
    }
    return KF_SSB_NO_CAUSE;
}

static void keep_page(struct kf_ssb_reading *self)
{
    (void)snprintf(self->updated, sizeof self->updated, "%s", self->table->updated);
    kf_digest_print(self->digest, self->newest_digest);
    kf_digest_add(self->all_digests, self->newest_digest, strlen(self->newest_digest));
    self->cells += self->table->cells;
    self->pages++;
}

static enum kf_ssb_cause end_page(struct kf_ssb_reading *self, struct kf_error *err)
{
    if (!self->table->values) {
        (void)kf_error_set(err, KF_ERR_DATA, "a description came, no figures");
        return KF_SSB_FOREIGN;
    }
    enum kf_ssb_cause cause = check_page(self, err);
    if (!cause && self->question->page(self->question->context, self->table, err)) {
        cause = KF_SSB_REFUSED_PAGE;
    }
    if (!cause) {
        keep_page(self);
    }
    return cause;
}

/* Of one table, that it is the one. */
static enum kf_ssb_cause check_table(const struct kf_ssb_reading *self, struct kf_error *err)
{
    struct kf_ssb_answer answer = {0};
    kf_ssb_listing_show(self->listing, &answer);
    if (kf_text_equal(answer.tables[0].id, self->question->table)) {
        return KF_SSB_NO_CAUSE;
    }
    (void)kf_error_set(err, KF_ERR_DATA, "another table came: %.40s", answer.tables[0].id);
    return KF_SSB_FOREIGN;
}

static enum kf_ssb_cause end_list(struct kf_ssb_reading *self, struct kf_error *err)
{
    enum kf_ssb_kind kind = self->question->kind;
    enum kf_ssb_cause cause =
        kf_ssb_listing_add(self->listing, kind, self->body.bytes, self->body.length, err);
    return !cause && kind == KF_SSB_TABLE ? check_table(self, err) : cause;
}

static enum kf_ssb_cause end(void *context, struct kf_error *err)
{
    struct kf_ssb_reading *self = context;
    if (!self->reader) {
        return end_list(self, err);
    }
    enum kf_ssb_cause cause =
        cause_of(kf_jsonstat_reader_finish(self->reader, &self->table, err), KF_SSB_CUT);
    return cause || self->question->kind == KF_SSB_METADATA ? cause : end_page(self, err);
}

struct kf_ssb_sink kf_ssb_reading_sink(struct kf_ssb_reading *self)
{
    return (struct kf_ssb_sink){.context = self, .begin = begin, .take = take, .end = end};
}

size_t kf_ssb_reading_pages(const struct kf_ssb_reading *self)
{
    return self->listing ? kf_ssb_listing_pages(self->listing) : 1;
}

static void show_digest(const struct kf_ssb_reading *self, struct kf_ssb_answer *answer)
{
    if (self->pages == 1) {
        memcpy(answer->digest, self->newest_digest, sizeof answer->digest);
    } else {
        kf_digest_print(self->all_digests, answer->digest);
    }
}

void kf_ssb_reading_show(const struct kf_ssb_reading *self, struct kf_ssb_answer *answer)
{
    if (self->listing) {
        kf_ssb_listing_show(self->listing, answer);
    } else if (self->question->kind == KF_SSB_METADATA) {
        answer->metadata = self->table;
    } else {
        answer->pages = self->pages;
        answer->cells = self->cells;
        show_digest(self, answer);
    }
}
