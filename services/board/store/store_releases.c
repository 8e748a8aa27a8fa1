/* Releases, newest first: what their manifests say, and what has become of them here. */
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "services/board/store/moved.h"
#include "services/board/store/settle.h"
#include "services/board/store/store_tables.h"

const char *kf_board_panel_state_name(enum kf_board_panel_state state)
{
    static const char *const names[] = {[KF_BOARD_SHOWN] = "shown",
                                        [KF_BOARD_ARRIVING] = "arriving",
                                        [KF_BOARD_SUPERSEDED] = "superseded",
                                        [KF_BOARD_REJECTED] = "rejected"};
    return names[state];
}

/* A release that is being read. */
struct reading {
    struct kf_board_store *store;
    struct kf_board_release release;
    int64_t manifest;
    bool without_panels;
    struct kf_board_source *sources;
    size_t sources_room;
    struct kf_board_release_panel *panels;
    size_t panels_room;
    struct kf_text texts; /* of the sources, each with a final NUL */
};

static enum kf_err no_memory(struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_MEMORY, "no memory for a release");
}

/* --- panels ---------------------------------------------------------------------------------- */

static enum kf_board_panel_state state_of(sqlite3_stmt *statement)
{
    if (sqlite3_column_int(statement, 3) != 0) {
        return KF_BOARD_REJECTED;
    }
    int state = sqlite3_column_int(statement, 4);
    return state == KF_BOARD_IS_SHOWN  ? KF_BOARD_SHOWN
           : state == KF_BOARD_ARRIVES ? KF_BOARD_ARRIVING
                                       : KF_BOARD_SUPERSEDED;
}

static enum kf_err tell_lack(struct kf_board_store *self, const char *release, bool told,
                             struct kf_board_release_panel *panel, struct kf_error *err)
{
    struct kf_board_arrival key = {.year = panel->year};
    bool whole = false;
    (void)snprintf(key.release, sizeof key.release, "%s", release);
    (void)snprintf(key.edition, sizeof key.edition, "%s", panel->edition);
    enum kf_err code = kf_board_is_whole(self, &key, told, &whole, panel->reason, err);
    if (code == KF_OK && whole) {
        (void)snprintf(panel->reason, sizeof panel->reason, "all is here and is being verified");
    }
    return code;
}

static enum kf_err read_panel(struct reading *self, sqlite3_stmt *statement,
                              struct kf_board_release_panel *panel, struct kf_error *err)
{
    const char *release = self->release.id;
    memset(panel, 0, sizeof *panel);
    kf_board_copy_text(statement, 0, panel->edition, sizeof panel->edition);
    panel->year = sqlite3_column_int(statement, 1);
    panel->municipalities = (uint32_t)sqlite3_column_int64(statement, 2);
    panel->state = state_of(statement);
    kf_board_copy_text(statement, 6, panel->reason, sizeof panel->reason);
    if (panel->state == KF_BOARD_ARRIVING) {
        return tell_lack(self->store, release, sqlite3_column_int(statement, 5) != 0, panel, err);
    }
    return panel->state == KF_BOARD_REJECTED
               ? KF_OK
               : kf_board_read_moved(self->store, release, panel, &panel->moved, &panel->has_moved,
                                     err);
}

static enum kf_err add_panel(struct reading *self, sqlite3_stmt *statement, struct kf_error *err)
{
    if (self->release.panels_len == self->panels_room) {
        size_t room = self->panels_room > 0 ? 2 * self->panels_room : 32;
        void *grown = kf_realloc(self->panels, room * sizeof *self->panels);
        if (!grown) {
            return no_memory(err);
        }
        self->panels = grown;
        self->panels_room = room;
    }
    return read_panel(self, statement, &self->panels[self->release.panels_len++], err);
}

static enum kf_err read_panels(struct reading *self, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code =
        kf_board_prepare(self->store, KF_BOARD_SELECT_RELEASE_PANELS, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, self->manifest);
    self->release.panels_len = 0;
    while (code == KF_OK &&
           (code = kf_database_step(&self->store->base, statement, "reading", err)) == KF_OK) {
        code = add_panel(self, statement, err);
    }
    kf_database_done(statement);
    self->release.panels = self->panels;
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

/* --- sources --------------------------------------------------------------------------------- */

/* Texts first, then pointers into them: the text moves while it grows. */
static enum kf_err read_source_texts(struct reading *self, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self->store, KF_BOARD_SELECT_SOURCES, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, self->manifest);
    kf_text_reset(&self->texts);
    self->release.sources_len = 0;
    while ((code = kf_database_step(&self->store->base, statement, "reading", err)) == KF_OK) {
        for (int column = 0; column < 2; column++) {
            const char *text = kf_database_text(statement, column);
            kf_text_add_bytes(&self->texts, text, strlen(text) + 1);
        }
        self->release.sources_len++;
    }
    kf_database_done(statement);
    if (self->texts.failed) {
        return no_memory(err);
    }
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

static enum kf_err read_sources(struct reading *self, struct kf_error *err)
{
    enum kf_err code = read_source_texts(self, err);
    size_t count = self->release.sources_len;
    if (code != KF_OK) {
        return code;
    }
    if (count > self->sources_room) {
        void *grown = kf_realloc(self->sources, count * sizeof *self->sources);
        if (!grown) {
            return no_memory(err);
        }
        self->sources = grown;
        self->sources_room = count;
    }
    const char *text = self->texts.bytes;
    for (size_t i = 0; i < count; i++) {
        self->sources[i].name = text;
        text += strlen(text) + 1;
        self->sources[i].updated = text;
        text += strlen(text) + 1;
    }
    self->release.sources = self->sources;
    return KF_OK;
}

/* --- releases -------------------------------------------------------------------------------- */

static void read_phases(sqlite3_stmt *statement, struct kf_board_release *release)
{
    release->has_phases = sqlite3_column_type(statement, 9) != SQLITE_NULL;
    release->phases = (struct kf_board_phases){
        .discovered_ms = sqlite3_column_int64(statement, 9),
        .recorded_ms = sqlite3_column_int64(statement, 10),
        .sent_ms = sqlite3_column_int64(statement, 11),
        .held_ms = sqlite3_column_int64(statement, 12),
        .committed_ms = sqlite3_column_int64(statement, 13),
        .attempts = (uint32_t)sqlite3_column_int64(statement, 14),
    };
}

static void read_manifest(struct reading *self, sqlite3_stmt *statement)
{
    struct kf_board_release *release = &self->release;
    self->manifest = sqlite3_column_int64(statement, 0);
    kf_board_copy_text(statement, 1, release->id, sizeof release->id);
    release->rejected = sqlite3_column_int(statement, 2) != 0;
    kf_board_copy_text(statement, 3, release->vintage, sizeof release->vintage);
    kf_board_copy_text(statement, 4, release->program, sizeof release->program);
    kf_board_copy_text(statement, 5, release->previous, sizeof release->previous);
    release->published_ms = sqlite3_column_int64(statement, 6);
    release->rows = (uint64_t)sqlite3_column_int64(statement, 7);
    release->withdrawn = (uint64_t)sqlite3_column_int64(statement, 8);
    read_phases(statement, release);
}

static enum kf_err visit_one(struct reading *self, sqlite3_stmt *statement,
                             kf_board_release_visit *visit, void *context, struct kf_error *err)
{
    read_manifest(self, statement);
    enum kf_err code = read_sources(self, err);
    if (code == KF_OK && !self->without_panels) {
        code = read_panels(self, err);
    }
    return code == KF_OK ? visit(context, &self->release, err) : code;
}

static enum kf_err walk(struct reading *self, sqlite3_stmt *statement,
                        kf_board_release_visit *visit, void *context, struct kf_error *err)
{
    for (size_t visited = 0;; visited++) {
        enum kf_err code = kf_database_step(&self->store->base, statement, "reading", err);
        if (code == KF_ERR_AGAIN) {
            return visited > 0 ? KF_OK : KF_ERR_AGAIN;
        }
        if (code == KF_OK) {
            code = visit_one(self, statement, visit, context, err);
        }
        if (code != KF_OK) {
            return code;
        }
    }
}

static enum kf_err visit_releases(struct kf_board_store *self, const char *id, size_t limit,
                                  kf_board_release_visit *visit, void *context,
                                  struct kf_error *err)
{
    struct reading reading = {.store = self, .without_panels = id[0] != '\0'};
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_SELECT_RELEASES, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_text_init(&reading.texts, (size_t)4 * 1024 * 1024);
    kf_database_bind_text(statement, 1, id);
    kf_database_bind_number(statement, 2, (int64_t)limit);
    code = walk(&reading, statement, visit, context, err);
    kf_database_done(statement);
    kf_text_clear(&reading.texts);
    kf_free(reading.sources);
    kf_free(reading.panels);
    return code;
}

enum kf_err kf_board_store_releases(struct kf_board_store *self, size_t limit,
                                    kf_board_release_visit *visit, void *context,
                                    struct kf_error *err)
{
    enum kf_err code = visit_releases(self, "", limit, visit, context, err);
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

enum kf_err kf_board_store_manifest(struct kf_board_store *self, const char *id,
                                    kf_board_release_visit *visit, void *context,
                                    struct kf_error *err)
{
    return id[0] ? visit_releases(self, id, 1, visit, context, err) : KF_ERR_AGAIN;
}

/* --- what is not whole ----------------------------------------------------------------------- */

/* Older ones of the same edition and year come behind the newest and are passed over. */
static enum kf_err visit_lacking(struct kf_board_store *self, sqlite3_stmt *statement,
                                 struct kf_board_release_panel *last,
                                 kf_board_incomplete_visit *visit, void *context,
                                 struct kf_error *err)
{
    struct kf_board_release_panel panel = {.year = sqlite3_column_int(statement, 2)};
    char release[KF_RELEASE_ID_SIZE];
    kf_board_copy_text(statement, 0, release, sizeof release);
    kf_board_copy_text(statement, 1, panel.edition, sizeof panel.edition);
    if (last->year == panel.year && strcmp(last->edition, panel.edition) == 0) {
        return KF_OK;
    }
    *last = panel;
    enum kf_err code = tell_lack(self, release, sqlite3_column_int(statement, 3) != 0, &panel, err);
    const struct kf_board_incomplete incomplete = {release, panel.edition, panel.year,
                                                   panel.reason};
    return code == KF_OK ? visit(context, &incomplete, err) : code;
}

enum kf_err kf_board_store_incomplete(struct kf_board_store *self, kf_board_incomplete_visit *visit,
                                      void *context, struct kf_error *err)
{
    struct kf_board_release_panel last = {.year = 0};
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_SELECT_INCOMPLETE, &statement, err);
    while (code == KF_OK &&
           (code = kf_database_step(&self->base, statement, "reading", err)) == KF_OK) {
        code = visit_lacking(self, statement, &last, visit, context, err);
    }
    kf_database_done(statement);
    return code == KF_ERR_AGAIN ? KF_OK : code;
}
