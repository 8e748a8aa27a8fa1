#include "services/ingest/jsonstat/jsonstat_cells.h"

#include <math.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/model/cell.h"
#include "services/ingest/jsonstat/jsonstat_status.h"

#define ROOM_MIN 1024

#define MARK_NUMBER 0x3f /* KF_JSONSTAT_STATUS_MAX - 1 */
#define MARK_VALUE  0x40 /* a value was given at this position */
#define MARK_SYMBOL 0x80 /* a symbol was */

void kf_jsonstat_cells_clear(struct kf_jsonstat_cells *self)
{
    kf_free(self->values);
    kf_free(self->marks);
    *self = (struct kf_jsonstat_cells){.cells_max = self->cells_max};
}

void kf_jsonstat_cells_reset(struct kf_jsonstat_cells *self)
{
    *self = (struct kf_jsonstat_cells){.values = self->values,
                                       .marks = self->marks,
                                       .room = self->room,
                                       .cells_max = self->cells_max};
}

static enum kf_err beyond(const struct kf_jsonstat_cells *self, struct kf_error *err)
{
    if (self->expected > 0 && self->expected <= self->cells_max) {
        return kf_error_set(err, KF_ERR_DATA, "more than the %zu cells that the sizes make",
                            self->expected);
    }
    return kf_error_set(err, KF_ERR_LIMIT, "more than %zu cells", self->cells_max);
}

static enum kf_err resize(struct kf_jsonstat_cells *self, size_t room, struct kf_error *err)
{
    double *values = kf_realloc(self->values, room * sizeof *values);
    if (values) {
        self->values = values;
    }
    uint8_t *marks = values ? kf_realloc(self->marks, room) : NULL;
    if (!marks) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for %zu cells", room);
    }
    self->marks = marks;
    self->room = room;
    return KF_OK;
}

static size_t ceiling_of(const struct kf_jsonstat_cells *self)
{
    return self->expected > 0 && self->expected < self->cells_max ? self->expected
                                                                  : self->cells_max;
}

/* Makes the first `count` cells, those not made before with nothing in them. */
static enum kf_err make(struct kf_jsonstat_cells *self, size_t count, struct kf_error *err)
{
    size_t ceiling = ceiling_of(self);
    if (count > ceiling) {
        return beyond(self, err);
    }
    if (count > self->room) {
        size_t room = self->room > ROOM_MIN / 2 ? self->room + self->room / 2 : ROOM_MIN;
        room = self->expected > 0 || room > ceiling ? ceiling : room;
        enum kf_err code = resize(self, room < count ? count : room, err);
        if (code != KF_OK) {
            return code;
        }
    }
    for (; self->made < count; self->made++) {
        self->values[self->made] = NAN;
        self->marks[self->made] = 0;
    }
    return KF_OK;
}

enum kf_err kf_jsonstat_cells_expect(struct kf_jsonstat_cells *self, size_t cells,
                                     struct kf_error *err)
{
    self->expected = cells;
    return self->used > cells ? beyond(self, err) : KF_OK;
}

enum kf_err kf_jsonstat_cells_room(struct kf_jsonstat_cells *self, double **values, size_t *room,
                                   struct kf_error *err)
{
    size_t ceiling = ceiling_of(self);
    if (self->values_len >= ceiling) {
        return beyond(self, err);
    }
    if (self->values_len == self->made) {
        enum kf_err code = make(self, self->made + 1, err);
        code = code == KF_OK ? make(self, self->room < ceiling ? self->room : ceiling, err) : code;
        if (code != KF_OK) {
            return code;
        }
    }
    *values = self->values + self->values_len;
    *room = (self->made < ceiling ? self->made : ceiling) - self->values_len;
    return KF_OK;
}

void kf_jsonstat_cells_added(struct kf_jsonstat_cells *self, size_t count)
{
    self->values_len += count;
    self->used = self->values_len > self->used ? self->values_len : self->used;
}

/* Makes the cell at `position`, which something is said of. */
static enum kf_err reach(struct kf_jsonstat_cells *self, size_t position, struct kf_error *err)
{
    enum kf_err code =
        position < ceiling_of(self) ? make(self, position + 1, err) : beyond(self, err);
    if (code == KF_OK && position >= self->used) {
        self->used = position + 1;
    }
    return code;
}

enum kf_err kf_jsonstat_cells_put(struct kf_jsonstat_cells *self, size_t position, double value,
                                  struct kf_error *err)
{
    enum kf_err code = reach(self, position, err);
    if (code != KF_OK) {
        return code;
    }
    if (self->marks[position] & MARK_VALUE) {
        return kf_error_set(err, KF_ERR_DATA, "position %zu stands here twice", position);
    }
    self->values[position] = value;
    self->marks[position] |= MARK_VALUE;
    return KF_OK;
}

enum kf_err kf_jsonstat_cells_mark_next(struct kf_jsonstat_cells *self, unsigned number,
                                        struct kf_error *err)
{
    return kf_jsonstat_cells_mark(self, self->marks_len++, number, err);
}

enum kf_err kf_jsonstat_cells_mark(struct kf_jsonstat_cells *self, size_t position, unsigned number,
                                   struct kf_error *err)
{
    enum kf_err code = reach(self, position, err);
    if (code != KF_OK) {
        return code;
    }
    if (self->marks[position] & MARK_SYMBOL) {
        return kf_error_set(err, KF_ERR_DATA, "position %zu stands here twice", position);
    }
    self->marks[position] |= (uint8_t)(MARK_SYMBOL | (number & MARK_NUMBER));
    return KF_OK;
}

static enum kf_err check_counts(const struct kf_jsonstat_cells *self, struct kf_error *err)
{
    if (self->values_dense && self->values_len != self->expected) {
        return kf_error_set(err, KF_ERR_DATA, "value has %zu figures, the sizes make %zu cells",
                            self->values_len, self->expected);
    }
    if (self->marks_dense && self->marks_len != self->expected) {
        return kf_error_set(err, KF_ERR_DATA, "status has %zu symbols, the sizes make %zu cells",
                            self->marks_len, self->expected);
    }
    return KF_OK;
}

enum kf_err kf_jsonstat_cells_finish(struct kf_jsonstat_cells *self,
                                     const struct kf_jsonstat_limits *limits, struct kf_error *err)
{
    uint8_t meanings[2][KF_JSONSTAT_STATUS_MAX] = {{0}};
    size_t numbers = kf_jsonstat_status_count(limits);
    enum kf_err code = check_counts(self, err);
    code = code == KF_OK ? make(self, self->expected, err) : code;
    if (code != KF_OK) {
        return code;
    }
    for (unsigned number = 0; number < numbers; number++) {
        meanings[0][number] = kf_jsonstat_status_of(limits, number, false);
        meanings[1][number] = kf_jsonstat_status_of(limits, number, true);
    }
    for (size_t i = 0; i < self->expected; i++) {
        unsigned number = self->marks[i] & MARK_NUMBER;
        uint8_t status = meanings[!isnan(self->values[i])][number > 0 ? number : self->all];
        self->values[i] = kf_cell_has_value(status) ? self->values[i] : 0.0;
        self->marks[i] = status;
    }
    return KF_OK;
}
