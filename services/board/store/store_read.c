/* What is shown: panels, municipalities and rows. */
#include <string.h>

#include "services/board/store/measures.h"
#include "services/board/store/store_tables.h"

/* --- panels ---------------------------------------------------------------------------------- */

static void read_panel(sqlite3_stmt *statement, struct kf_board_panel *panel)
{
    memset(panel, 0, sizeof *panel);
    kf_board_copy_text(statement, 0, panel->edition, sizeof panel->edition);
    panel->year = sqlite3_column_int(statement, 1);
    panel->number = sqlite3_column_int64(statement, 2);
    kf_board_copy_text(statement, 3, panel->release, sizeof panel->release);
    kf_board_copy_text(statement, 4, panel->vintage, sizeof panel->vintage);
    panel->published_ms = sqlite3_column_int64(statement, 5);
    kf_board_copy_text(statement, 6, panel->edition_digest, sizeof panel->edition_digest);
    panel->municipalities = (uint32_t)sqlite3_column_int64(statement, 7);
}

static enum kf_err read_counts(struct kf_board_store *self, struct kf_board_panel *panel,
                               struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_SELECT_PARTS, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, panel->number);
    while ((code = kf_database_step(&self->base, statement, "reading", err)) == KF_OK) {
        int topic = sqlite3_column_int(statement, 0);
        if (topic > 0 && topic < KF_TOPICS) {
            panel->rows[topic] = (uint64_t)sqlite3_column_int64(statement, 1);
        }
    }
    kf_database_done(statement);
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

static enum kf_err walk_panels(struct kf_board_store *self, sqlite3_stmt *statement,
                               kf_board_panel_visit *visit, void *context, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    while (code == KF_OK) {
        struct kf_board_panel panel;
        code = kf_database_step(&self->base, statement, "reading", err);
        if (code != KF_OK) {
            return code == KF_ERR_AGAIN ? KF_OK : code;
        }
        read_panel(statement, &panel);
        code = read_counts(self, &panel, err);
        if (code == KF_OK) {
            code = visit(context, &panel, err);
        }
    }
    return code;
}

static enum kf_err visit_panels(struct kf_board_store *self, const char *edition, int year,
                                kf_board_panel_visit *visit, void *context, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_SELECT_PANELS, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, edition);
    kf_database_bind_number(statement, 2, year);
    code = walk_panels(self, statement, visit, context, err);
    kf_database_done(statement);
    return code;
}

enum kf_err kf_board_store_panels(struct kf_board_store *self, const char *edition,
                                  kf_board_panel_visit *visit, void *context, struct kf_error *err)
{
    return visit_panels(self, edition, 0, visit, context, err);
}

struct wish {
    struct kf_board_panel *panel;
    bool found;
};

static enum kf_err keep_panel(void *context, const struct kf_board_panel *panel,
                              struct kf_error *err)
{
    struct wish *wish = context;
    (void)err;
    *wish->panel = *panel;
    wish->found = true;
    return KF_OK;
}

enum kf_err kf_board_store_panel(struct kf_board_store *self, const char *edition, int year,
                                 struct kf_board_panel *panel, struct kf_error *err)
{
    struct wish wish = {.panel = panel};
    if (!edition[0] || year == 0) {
        return KF_ERR_AGAIN;
    }
    enum kf_err code = visit_panels(self, edition, year, keep_panel, &wish, err);
    return code != KF_OK || wish.found ? code : KF_ERR_AGAIN;
}

/* --- municipalities -------------------------------------------------------------------------- */

static enum kf_err walk_codes(struct kf_board_store *self, sqlite3_stmt *statement,
                              kf_board_code_visit *visit, void *context, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    while (code == KF_OK) {
        code = kf_database_step(&self->base, statement, "reading", err);
        if (code != KF_OK) {
            return code == KF_ERR_AGAIN ? KF_OK : code;
        }
        code = visit(context, kf_database_text(statement, 0), err);
    }
    return code;
}

enum kf_err kf_board_store_municipalities(struct kf_board_store *self, const char *edition,
                                          int year, kf_board_code_visit *visit, void *context,
                                          struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_SELECT_MUNICIPALITIES, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, edition);
    kf_database_bind_number(statement, 2, year);
    code = walk_codes(self, statement, visit, context, err);
    kf_database_done(statement);
    return code;
}

/* Rows come by edition and year: one coverage is collected until the next begins. */
struct collecting {
    char edition[KF_BOARD_EDITION_SIZE];
    struct kf_board_coverage coverage;
    kf_board_coverage_visit *visit;
    void *context;
};

static enum kf_err hand_over(struct collecting *self, struct kf_error *err)
{
    return self->coverage.edition ? self->visit(self->context, &self->coverage, err) : KF_OK;
}

static enum kf_err collect(struct collecting *self, sqlite3_stmt *statement, struct kf_error *err)
{
    const char *edition = kf_database_text(statement, 0);
    int year = sqlite3_column_int(statement, 1);
    int topic = sqlite3_column_int(statement, 2);
    enum kf_err code = KF_OK;
    if (!self->coverage.edition || strcmp(self->edition, edition) != 0 ||
        self->coverage.year != year) {
        code = hand_over(self, err);
        kf_board_copy_text(statement, 0, self->edition, sizeof self->edition);
        self->coverage = (struct kf_board_coverage){.edition = self->edition, .year = year};
    }
    if (topic > 0 && topic < KF_TOPICS) {
        self->coverage.rows[topic] = (uint64_t)sqlite3_column_int64(statement, 3);
        self->coverage.figures[topic] = (uint64_t)sqlite3_column_int64(statement, 4);
    }
    return code;
}

enum kf_err kf_board_store_coverage(struct kf_board_store *self, const char *municipality,
                                    kf_board_coverage_visit *visit, void *context,
                                    struct kf_error *err)
{
    struct collecting collecting = {.visit = visit, .context = context};
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_SELECT_COVERAGE, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_text(statement, 1, municipality);
    bool more = true;
    while (code == KF_OK && more) {
        code = kf_database_step(&self->base, statement, "reading", err);
        more = code == KF_OK;
        code = more                   ? collect(&collecting, statement, err)
               : code == KF_ERR_AGAIN ? hand_over(&collecting, err)
                                      : code;
    }
    kf_database_done(statement);
    return code;
}

/* --- rows ------------------------------------------------------------------------------------ */

void kf_board_read_row(sqlite3_stmt *statement, struct kf_record_row *row)
{
    row->topic = (enum kf_topic)sqlite3_column_int(statement, 0);
    row->municipality = kf_database_text(statement, 1);
    row->sector = kf_database_text(statement, 2);
    row->indicator = kf_database_text(statement, 3);
    row->flags = (unsigned)sqlite3_column_int(statement, 4);
    const void *bytes = sqlite3_column_blob(statement, 5);
    kf_board_measures_unpack(bytes, (size_t)sqlite3_column_bytes(statement, 5), row);
}

static enum kf_err walk_rows(struct kf_board_store *self, sqlite3_stmt *statement,
                             const struct kf_board_panel *panel, kf_board_row_visit *visit,
                             void *context, struct kf_error *err)
{
    struct kf_record_row row = {
        .release = panel->release, .edition = panel->edition, .year = panel->year};
    enum kf_err code = KF_OK;
    while (code == KF_OK) {
        code = kf_database_step(&self->base, statement, "reading", err);
        if (code != KF_OK) {
            return code == KF_ERR_AGAIN ? KF_OK : code;
        }
        kf_board_read_row(statement, &row);
        code = visit(context, &row, err);
    }
    return code;
}

enum kf_err kf_board_store_rows(struct kf_board_store *self, const struct kf_board_panel *panel,
                                const char *municipality, kf_board_row_visit *visit, void *context,
                                struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_SELECT_ROWS_OF, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, panel->number);
    kf_database_bind_text(statement, 2, municipality);
    code = walk_rows(self, statement, panel, visit, context, err);
    kf_database_done(statement);
    return code;
}

enum kf_err kf_board_store_all_rows(struct kf_board_store *self, const struct kf_board_panel *panel,
                                    kf_board_row_visit *visit, void *context, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_SELECT_ALL_ROWS, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, panel->number);
    code = walk_rows(self, statement, panel, visit, context, err);
    kf_database_done(statement);
    return code;
}

enum kf_err kf_board_store_sector_rows(struct kf_board_store *self,
                                       const struct kf_board_panel *panel, enum kf_topic topic,
                                       kf_board_row_visit *visit, void *context,
                                       struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_SELECT_SECTOR_ROWS, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(statement, 1, panel->number);
    kf_database_bind_number(statement, 2, (int64_t)topic);
    code = walk_rows(self, statement, panel, visit, context, err);
    kf_database_done(statement);
    return code;
}
