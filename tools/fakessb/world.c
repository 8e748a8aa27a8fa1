#include "tools/fakessb/world.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"

enum kf_err kf_fake_world_new(const struct kf_day *day, struct kf_fake_world **world,
                              struct kf_error *err)
{
    struct kf_fake_world *self = kf_calloc(1, sizeof *self);
    struct kf_arena *arena = kf_arena_new(KF_FAKE_ARENA_BYTES);
    if (self && arena) {
        self->tables = kf_calloc(KF_FAKE_TABLES_MAX, sizeof(struct kf_fake_table *));
        self->events = kf_calloc(KF_FAKE_EVENTS_MAX, sizeof *self->events);
    }
    if (!self || !arena || !self->tables || !self->events) {
        if (self) {
            kf_free(self->tables);
            kf_free(self->events);
        }
        kf_arena_destroy(&arena);
        kf_free(self);
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the tables");
    }
    self->arena = arena;
    self->day = day;
    *world = self;
    return KF_OK;
}

void kf_fake_world_destroy(struct kf_fake_world **self)
{
    if (!self || !*self) {
        return;
    }
    for (size_t i = 0; i < (*self)->tables_len; i++) {
        kf_fake_table_clear((*self)->tables[i]);
    }
    kf_free((*self)->tables);
    kf_free((*self)->events);
    kf_arena_destroy(&(*self)->arena);
    kf_free(*self);
    *self = NULL;
}

enum kf_err kf_fake_world_add_table(struct kf_fake_world *self, struct kf_fake_table **table,
                                    struct kf_error *err)
{
    if (self->tables_len == KF_FAKE_TABLES_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT, "more than %d tables", KF_FAKE_TABLES_MAX);
    }
    struct kf_fake_table *added = kf_arena_alloc(self->arena, sizeof *added);
    if (!added) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a table");
    }
    *added = (struct kf_fake_table){.arena = self->arena,
                                    .id = "",
                                    .label = "",
                                    .subject_code = "",
                                    .subject = "",
                                    .contact = ""};
    self->tables[self->tables_len++] = added;
    *table = added;
    return KF_OK;
}

struct kf_fake_table *kf_fake_world_table(const struct kf_fake_world *self, const char *id)
{
    for (size_t i = 0; i < self->tables_len; i++) {
        if (strcmp(self->tables[i]->id, id) == 0) {
            return self->tables[i];
        }
    }
    return NULL;
}

/* --- events ---------------------------------------------------------------------------------- */

enum kf_err kf_fake_world_add_event(struct kf_fake_world *self, const struct kf_fake_event *event,
                                    struct kf_error *err)
{
    if (self->events_len == KF_FAKE_EVENTS_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT, "more than %d events", KF_FAKE_EVENTS_MAX);
    }
    size_t place = self->events_len++;
    while (place > self->events_done && self->events[place - 1].at_ms > event->at_ms) {
        self->events[place] = self->events[place - 1];
        place--;
    }
    self->events[place] = *event;
    return KF_OK;
}

int64_t kf_fake_world_now(const struct kf_fake_world *self)
{
    return kf_day_wall_ms(self->day) + self->pushed_ms;
}

static enum kf_err carry_out(struct kf_fake_world *self, const struct kf_fake_event *event,
                             struct kf_error *err)
{
    if (!event->change.kind) {
        return kf_fake_world_add_misbehaviour(self, &event->misbehaviour, err);
    }
    struct kf_fake_table *table = kf_fake_world_table(self, event->change.table);
    if (!table) {
        return kf_error_set(err, KF_ERR_DATA, "there is no table %s", event->change.table);
    }
    return kf_fake_change_apply(&event->change, table, event->at_ms, err);
}

void kf_fake_world_turn(struct kf_fake_world *self)
{
    int64_t now_ms = kf_fake_world_now(self);
    while (self->events_done < self->events_len &&
           self->events[self->events_done].at_ms <= now_ms) {
        struct kf_error err = {0};
        if (carry_out(self, &self->events[self->events_done++], &err) != KF_OK) {
            (void)snprintf(self->trouble, sizeof self->trouble, "%s", err.text);
        }
    }
}

/* --- rate ------------------------------------------------------------------------------------ */

static size_t calls_since(const struct kf_fake_rate *self, int64_t since_ms)
{
    size_t recent = 0;
    for (size_t i = 0; i < self->count; i++) {
        recent += self->calls[i] > since_ms ? 1 : 0;
    }
    return recent;
}

bool kf_fake_rate_take(struct kf_fake_rate *self, int64_t now_ms, size_t *remaining)
{
    if (self->limit == 0) {
        *remaining = 0;
        return true;
    }
    size_t recent = calls_since(self, now_ms - self->window_ms);
    if (recent >= self->limit) {
        *remaining = 0;
        return false;
    }
    self->calls[self->next] = now_ms;
    self->next = (self->next + 1) % KF_FAKE_RATE_MAX;
    self->count += self->count < KF_FAKE_RATE_MAX ? 1 : 0;
    *remaining = self->limit - recent - 1;
    return true;
}

/* --- misbehaving ----------------------------------------------------------------------------- */

static void end_misbehaviour(struct kf_fake_world *self, size_t place)
{
    self->misbehaviours_len--;
    memmove(&self->misbehaviours[place], &self->misbehaviours[place + 1],
            (self->misbehaviours_len - place) * sizeof self->misbehaviours[0]);
}

static void end_past_ones(struct kf_fake_world *self)
{
    int64_t now_ms = kf_fake_world_now(self);
    for (size_t i = self->misbehaviours_len; i-- > 0;) {
        int64_t until_ms = self->misbehaviours[i].until_ms;
        if (until_ms != KF_FAKE_NO_TIME && until_ms <= now_ms) {
            end_misbehaviour(self, i);
        }
    }
}

bool kf_fake_world_misbehave(struct kf_fake_world *self, const char *url,
                             struct kf_fake_misbehaviour *taken)
{
    end_past_ones(self);
    for (size_t i = 0; i < self->misbehaviours_len; i++) {
        struct kf_fake_misbehaviour *found = &self->misbehaviours[i];
        if (strstr(url, found->path)) {
            *taken = *found;
            if (found->calls > 0 && --found->calls == 0) {
                end_misbehaviour(self, i);
            }
            return true;
        }
    }
    return false;
}

enum kf_err kf_fake_world_add_misbehaviour(struct kf_fake_world *self,
                                           const struct kf_fake_misbehaviour *misbehaviour,
                                           struct kf_error *err)
{
    if (self->misbehaviours_len == KF_FAKE_MISBEHAVIOUR_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT, "more than %d misbehaviours",
                            KF_FAKE_MISBEHAVIOUR_MAX);
    }
    self->misbehaviours[self->misbehaviours_len++] = *misbehaviour;
    return KF_OK;
}
