#include "services/board/store/moved.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* --- one row --------------------------------------------------------------------------------- */

/* Those of which people ask first what moved. */
static bool is_headline(const char *measure)
{
    static const char deviation[] = "deviation_";
    return strcmp(measure, "index") == 0 || strcmp(measure, "need_index") == 0 ||
           strcmp(measure, "efficiency") == 0 ||
           strncmp(measure, deviation, sizeof deviation - 1) == 0;
}

/* 0 to 2: the same for ten times as much and a tenth. */
static double size_of(double before, double after)
{
    double larger = fmax(fabs(before), fabs(after));
    return larger > 0 ? fabs(after - before) / larger : 0;
}

static void keep_if_large(const struct kf_record_row *row, const char *measure, double before,
                          double after, struct kf_board_moved *moved)
{
    double size = size_of(before, after);
    size_t place = moved->largest_len;
    while (place > 0 &&
           size > size_of(moved->largest[place - 1].before, moved->largest[place - 1].after)) {
        place--;
    }
    if (place == KF_BOARD_LARGEST_MAX) {
        return;
    }
    size_t kept =
        moved->largest_len < KF_BOARD_LARGEST_MAX ? moved->largest_len : KF_BOARD_LARGEST_MAX - 1;
    memmove(&moved->largest[place + 1], &moved->largest[place],
            (kept - place) * sizeof moved->largest[0]);
    struct kf_board_move *move = &moved->largest[place];
    *move = (struct kf_board_move){
        .topic = row->topic, .measure = measure, .before = before, .after = after};
    (void)snprintf(move->municipality, sizeof move->municipality, "%s", row->municipality);
    (void)snprintf(move->sector, sizeof move->sector, "%s", row->sector);
    moved->largest_len = kept + 1;
}

static void compare_measures(const struct kf_record_row *row,
                             const struct kf_record_measure *before,
                             const struct kf_record_measure *after, struct kf_board_moved *moved)
{
    if (before->value == after->value) {
        return;
    }
    moved->changed++;
    if (!row->indicator[0] && is_headline(after->name)) {
        keep_if_large(row, after->name, before->value, after->value, moved);
    }
}

void kf_board_compare_rows(const struct kf_record_row *before, const struct kf_record_row *after,
                           struct kf_board_moved *moved)
{
    size_t before_len = before ? before->measures_len : 0;
    size_t after_len = after ? after->measures_len : 0;
    size_t i = 0;
    size_t j = 0;
    moved->figures += after_len;
    while (i < before_len && j < after_len) {
        const struct kf_record_measure *old = &before->measures[i];
        const struct kf_record_measure *new = &after->measures[j];
        if (old->number == new->number) {
            compare_measures(after, old, new, moved);
        }
        moved->removed += old->number < new->number;
        moved->added += old->number > new->number;
        i += old->number <= new->number;
        j += old->number >= new->number;
    }
    moved->removed += before_len - i;
    moved->added += after_len - j;
}

/* --- all rows -------------------------------------------------------------------------------- */

/* The rows of an arrival in the order of their keys, one at a time. */
struct cursor {
    sqlite3_stmt *statement;
    struct kf_record_row row;
    bool over;
};

static enum kf_err next(struct kf_board_store *self, struct cursor *cursor, struct kf_error *err)
{
    enum kf_err code = kf_database_step(&self->base, cursor->statement, "comparing", err);
    cursor->over = code == KF_ERR_AGAIN;
    if (code == KF_OK) {
        kf_board_read_row(cursor->statement, &cursor->row);
    }
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

static enum kf_err open_cursor(struct kf_board_store *self, enum kf_board_statement which,
                               int64_t arrival, struct cursor *cursor, struct kf_error *err)
{
    enum kf_err code = kf_board_prepare(self, which, &cursor->statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_database_bind_number(cursor->statement, 1, arrival);
    return next(self, cursor, err);
}

static int compare_keys(const struct cursor *a, const struct cursor *b)
{
    const char *const texts[][2] = {{a->row.municipality, b->row.municipality},
                                    {a->row.sector, b->row.sector},
                                    {a->row.indicator, b->row.indicator}};
    int order = a->over - b->over;
    if (order == 0) {
        order = (int)a->row.topic - (int)b->row.topic;
    }
    for (size_t i = 0; order == 0 && i < sizeof texts / sizeof texts[0]; i++) {
        order = strcmp(texts[i][0], texts[i][1]);
    }
    return order;
}

static enum kf_err compare_all(struct kf_board_store *self, struct cursor *before,
                               struct cursor *after, struct kf_board_moved *moved,
                               struct kf_error *err)
{
    enum kf_err code = KF_OK;
    while (code == KF_OK && !(before->over && after->over)) {
        int order = compare_keys(before, after);
        kf_board_compare_rows(order <= 0 ? &before->row : NULL, order >= 0 ? &after->row : NULL,
                              moved);
        if (order <= 0) {
            code = next(self, before, err);
        }
        if (order >= 0 && code == KF_OK) {
            code = next(self, after, err);
        }
    }
    return code;
}

/* --- keeping and reading --------------------------------------------------------------------- */

static enum kf_err insert_moved(struct kf_board_store *self, const struct kf_board_arrival *arrival,
                                const struct kf_board_moved *moved, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_INSERT_MOVED, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_board_bind_key(statement, arrival->release, arrival->edition, arrival->year);
    kf_database_bind_text(statement, 4, moved->before);
    kf_database_bind_number(statement, 5, (int64_t)moved->figures);
    kf_database_bind_number(statement, 6, (int64_t)moved->changed);
    kf_database_bind_number(statement, 7, (int64_t)moved->added);
    kf_database_bind_number(statement, 8, (int64_t)moved->removed);
    return kf_database_finish(&self->base, statement, "keeping what moved", err);
}

static uint32_t number_of(const struct kf_board_move *move)
{
    for (uint32_t number = 1; number < UINT8_MAX; number++) {
        const char *name = kf_record_measure_name(move->topic, number);
        if (name && strcmp(name, move->measure) == 0) {
            return number;
        }
    }
    return 0;
}

static enum kf_err insert_move(struct kf_board_store *self, const struct kf_board_arrival *arrival,
                               size_t place, const struct kf_board_move *move, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_INSERT_MOVE, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_board_bind_key(statement, arrival->release, arrival->edition, arrival->year);
    kf_database_bind_number(statement, 4, (int64_t)place);
    kf_database_bind_number(statement, 5, (int64_t)move->topic);
    kf_database_bind_text(statement, 6, move->municipality);
    kf_database_bind_text(statement, 7, move->sector);
    kf_database_bind_number(statement, 8, number_of(move));
    (void)sqlite3_bind_double(statement, 9, move->before);
    (void)sqlite3_bind_double(statement, 10, move->after);
    return kf_database_finish(&self->base, statement, "keeping what moved", err);
}

enum kf_err kf_board_note_moved(struct kf_board_store *self, const struct kf_board_arrival *arrival,
                                int64_t before, const char *before_release, struct kf_error *err)
{
    struct kf_board_moved moved = {.figures = 0};
    struct cursor old = {.statement = NULL};
    struct cursor new = {.statement = NULL};
    (void)snprintf(moved.before, sizeof moved.before, "%s", before_release);
    enum kf_err code = open_cursor(self, KF_BOARD_SELECT_BEFORE, before, &old, err);
    if (code == KF_OK) {
        code = open_cursor(self, KF_BOARD_SELECT_ALL_ROWS, arrival->number, &new, err);
    }
    if (code == KF_OK) {
        code = compare_all(self, &old, &new, &moved, err);
    }
    kf_database_done(old.statement);
    kf_database_done(new.statement);
    if (code == KF_OK) {
        code = insert_moved(self, arrival, &moved, err);
    }
    for (size_t i = 0; i < moved.largest_len && code == KF_OK; i++) {
        code = insert_move(self, arrival, i, &moved.largest[i], err);
    }
    return code;
}

static enum kf_err read_moves(struct kf_board_store *self, const char *release,
                              const struct kf_board_release_panel *panel,
                              struct kf_board_moved *moved, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_SELECT_MOVES, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_board_bind_key(statement, release, panel->edition, panel->year);
    while (moved->largest_len < KF_BOARD_LARGEST_MAX &&
           (code = kf_database_step(&self->base, statement, "reading", err)) == KF_OK) {
        struct kf_board_move *move = &moved->largest[moved->largest_len];
        move->topic = (enum kf_topic)sqlite3_column_int(statement, 0);
        kf_board_copy_text(statement, 1, move->municipality, sizeof move->municipality);
        kf_board_copy_text(statement, 2, move->sector, sizeof move->sector);
        move->measure =
            kf_record_measure_name(move->topic, (uint32_t)sqlite3_column_int(statement, 3));
        move->before = sqlite3_column_double(statement, 4);
        move->after = sqlite3_column_double(statement, 5);
        moved->largest_len += move->measure != NULL;
    }
    kf_database_done(statement);
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

enum kf_err kf_board_read_moved(struct kf_board_store *self, const char *release,
                                const struct kf_board_release_panel *panel,
                                struct kf_board_moved *moved, bool *found, struct kf_error *err)
{
    sqlite3_stmt *statement = NULL;
    enum kf_err code = kf_board_prepare(self, KF_BOARD_SELECT_MOVED, &statement, err);
    if (code != KF_OK) {
        return code;
    }
    kf_board_bind_key(statement, release, panel->edition, panel->year);
    code = kf_database_step(&self->base, statement, "reading", err);
    *found = code == KF_OK;
    if (*found) {
        memset(moved, 0, sizeof *moved);
        kf_board_copy_text(statement, 0, moved->before, sizeof moved->before);
        moved->figures = (uint64_t)sqlite3_column_int64(statement, 1);
        moved->changed = (uint64_t)sqlite3_column_int64(statement, 2);
        moved->added = (uint64_t)sqlite3_column_int64(statement, 3);
        moved->removed = (uint64_t)sqlite3_column_int64(statement, 4);
    }
    kf_database_done(statement);
    if (*found) {
        return read_moves(self, release, panel, moved, err);
    }
    return code == KF_ERR_AGAIN ? KF_OK : code;
}
