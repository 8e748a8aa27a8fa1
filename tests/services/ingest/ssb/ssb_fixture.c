#include "ssb_fixture.h"

#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"

#define PATIENCE_MS 90000

static void next_reply(void *context, const struct toy_request *request, struct toy_reply *reply)
{
    struct play *play = context;
    size_t at = request->number < play->count ? request->number : play->count - 1;
    if (request->number == 0) {
        memcpy(play->first_head, request->head, sizeof play->first_head);
        memcpy(play->first_body, request->body, sizeof play->first_body);
    }
    memcpy(play->last_head, request->head, sizeof play->last_head);
    *reply = play->replies[at];
}

void fixture_renew(struct fixture *self)
{
    struct kf_error err = {0};
    kf_ssb_destroy(&self->ssb);
    enum kf_err code = kf_ssb_new(&self->options, &self->ssb, &err);
    if (code) {
        fail_msg("%s", err.text);
    }
}

void fixture_start(struct fixture *self, int64_t speed)
{
    char text[64];
    struct kf_error err;
    memset(self, 0, sizeof *self);
    (void)snprintf(text, sizeof text, "2026-03-16T04:55:00Z,%lld", (long long)speed);
    assert_int_equal(kf_day_parse(text, &self->day, &err), KF_OK);
    self->server = toy_server_new(next_reply, &self->play);
    self->options = kf_ssb_options_usual(&self->day);
    self->options.url = toy_server_url(self->server);
    self->options.klass_url = toy_server_url(self->server);
    self->options.timeout_ms = 60000;
    self->options.calls_per_minute = 200;
    self->options.seed = 42;
    fixture_renew(self);
}

void fixture_stop(struct fixture *self)
{
    kf_ssb_destroy(&self->ssb);
    toy_server_destroy(self->server);
    for (size_t i = 0; i < KEPT_MAX; i++) {
        free(self->kept[i]);
    }
}

char *fixture_keep(struct fixture *self, char *memory)
{
    size_t i = 0;
    while (self->kept[i]) {
        i++;
        assert_true(i < KEPT_MAX);
    }
    self->kept[i] = memory;
    return memory;
}

struct toy_reply *fixture_say(struct fixture *self, int status, const char *body)
{
    assert_true(self->play.count < PLAY_REPLIES_MAX);
    struct toy_reply *reply = &self->play.replies[self->play.count++];
    *reply = (struct toy_reply){.status = status, .body = body, .length = strlen(body)};
    return reply;
}

enum kf_ssb_turn fixture_turn(struct fixture *self)
{
    struct kf_poll_item items[8];
    struct kf_error err;
    int64_t now_ms = kf_clock_monotonic_ms();
    int64_t deadline_ms = now_ms + 1000;
    size_t count = kf_ssb_wait(self->ssb, items, 8, &deadline_ms);
    int64_t timeout_ms = deadline_ms > now_ms ? deadline_ms - now_ms : 0;
    assert_int_equal(kf_poll(items, count, timeout_ms, &err), KF_OK);
    self->turns++;
    return kf_ssb_work(self->ssb);
}

const struct kf_ssb_answer *fixture_finish(struct fixture *self)
{
    int64_t end_ms = kf_clock_monotonic_ms() + PATIENCE_MS;
    while (fixture_turn(self) != KF_SSB_ANSWERED) {
        assert_true(kf_clock_monotonic_ms() < end_ms);
        assert_true(kf_ssb_is_busy(self->ssb));
    }
    assert_false(kf_ssb_is_busy(self->ssb));
    return kf_ssb_answer(self->ssb);
}

const struct kf_ssb_answer *fixture_ask(struct fixture *self,
                                        const struct kf_ssb_question *question)
{
    struct kf_error err = {0};
    enum kf_err code = kf_ssb_ask(self->ssb, question, &err);
    if (code) {
        fail_msg("%s", err.text);
    }
    return fixture_finish(self);
}

static enum kf_err take_page(void *context, const struct kf_jsonstat *page, struct kf_error *err)
{
    struct fixture *self = context;
    assert_non_null(page->values);
    self->pages++;
    return self->pages == self->refuse_page ? kf_error_set(err, KF_ERR_DATA, "not this one")
                                            : KF_OK;
}

struct kf_ssb_question fixture_figures(struct fixture *self)
{
    static const char *const REGIONS[] = {"0301", "4601", "5001"};
    static const char *const CONTENTS[] = {"KOSAG110000"};
    static const char *const YEARS[] = {"2024"};
    static const struct kf_ssb_selection SELECTIONS[] = {
        {"KOKkommuneregion0000", REGIONS, 3}, {"ContentsCode", CONTENTS, 1}, {"Tid", YEARS, 1}};
    return (struct kf_ssb_question){.kind = KF_SSB_DATA,
                                    .table = "12134",
                                    .selections = SELECTIONS,
                                    .selections_len = 3,
                                    .page = take_page,
                                    .context = self};
}

struct kf_ssb_question fixture_table(void)
{
    return (struct kf_ssb_question){.kind = KF_SSB_TABLE, .table = "12134"};
}

char *fixture_read(const char *name, size_t *length)
{
    char path[1024];
    const char *folder = strstr(name, ".gz") ? "tests/services/ingest/ssb/fixtures" : "data/api";
    (void)snprintf(path, sizeof path, KF_SOURCE_DIR "/%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *bytes = calloc(1, 1 << 20);
    *length = fread(bytes, 1, (1 << 20) - 1, file);
    assert_true(*length > 0);
    (void)fclose(file);
    return bytes;
}
