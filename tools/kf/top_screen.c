#include "tools/kf/top_screen.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "services/ingest/watch/oslo.h"
#include "tools/kf/top_canvas.h"

#define CELL_SIZE     48
#define GAP           2
#define LABEL_COLUMNS 10 /* of what stands below the stages */
#define BAR_COLUMNS   20
#define ID_SHOWN      8 /* characters of a release's id */
#define LINES_ALWAYS  1

/* --- durations ------------------------------------------------------------------------------- */

static void two_units(char text[KF_TOP_DURATION_SIZE], int64_t ms, int64_t large, int64_t small,
                      const char *const names[2])
{
    int64_t rest = ms % large / small;
    int length = snprintf(text, KF_TOP_DURATION_SIZE, "%" PRId64 " %s", ms / large, names[0]);
    if (rest > 0) {
        (void)snprintf(text + length, KF_TOP_DURATION_SIZE - (size_t)length, " %" PRId64 " %s",
                       rest, names[1]);
    }
}

void kf_top_duration(int64_t ms, char text[KF_TOP_DURATION_SIZE])
{
    static const struct {
        int64_t from_ms;
        int64_t large_ms;
        int64_t small_ms;
        const char *names[2];
    } scales[] = {
        {86400000, 86400000, 3600000, {"d", "h"}},
        {3600000, 3600000, 60000, {"h", "min"}},
        {60000, 60000, 1000, {"min", "s"}},
    };
    for (size_t i = 0; i < sizeof scales / sizeof scales[0]; i++) {
        if (ms >= scales[i].from_ms) {
            two_units(text, ms, scales[i].large_ms, scales[i].small_ms, scales[i].names);
            return;
        }
    }
    ms = ms < 0 ? 0 : ms;
    if (ms > 0 && ms < 1000) {
        (void)snprintf(text, KF_TOP_DURATION_SIZE, "%" PRId64 " ms", ms);
    } else {
        (void)snprintf(text, KF_TOP_DURATION_SIZE, "%" PRId64 " s", ms / 1000);
    }
}

/* --- the table of stages --------------------------------------------------------------------- */

enum column {
    STAGE,
    STATE,
    SINCE,
    IN,
    OUT,
    REJECTED,
    REFUSED,
    NOW,
    RATE,
    RELEASE,
    PID,
    COLUMNS,
};

static const struct {
    const char *heading;
    bool right;
    int rank; /* columns with the highest go first where there is no room */
} columns[COLUMNS] = {
    [STAGE] = {"stage", false, 0},    [STATE] = {"state", false, 0},
    [SINCE] = {"for", true, 4},       [IN] = {"in", true, 3},
    [OUT] = {"out", true, 1},         [REJECTED] = {"rejected", true, 5},
    [REFUSED] = {"refused", true, 8}, [NOW] = {"inside", true, 2},
    [RATE] = {"panels/s", true, 6},   [RELEASE] = {"release", false, 7},
    [PID] = {"pid", true, 9},
};

/* What is drawn. */
struct drawing {
    struct kf_top_canvas canvas;
    const struct kf_line *line;
    const struct kf_top_screen *screen;
    size_t widths[COLUMNS]; /* 0: left out */
};

static void number_cell(uint64_t number, char cell[CELL_SIZE])
{
    (void)snprintf(cell, CELL_SIZE, "%" PRIu64, number);
}

/* The largest unit alone: a column that stands still. */
static void since_cell(int64_t ms, char cell[CELL_SIZE])
{
    char text[KF_TOP_DURATION_SIZE];
    kf_top_duration(ms / 1000 * 1000, text);
    char *second = strchr(text, ' ');
    second = second ? strchr(second + 1, ' ') : NULL;
    if (second) {
        *second = '\0';
    }
    (void)snprintf(cell, CELL_SIZE, "%s", text);
}

/* Counts of a stage that was never heard of are unknown, not 0. */
static void count_cell(const struct kf_line_stage *stage, enum column column, char cell[CELL_SIZE])
{
    if (!stage->heard) {
        (void)snprintf(cell, CELL_SIZE, "–");
        return;
    }
    switch (column) {
    case IN:
        number_cell(stage->panels_in, cell);
        break;
    case OUT:
        number_cell(stage->panels_out, cell);
        break;
    case REJECTED:
        number_cell(stage->panels_rejected, cell);
        break;
    case REFUSED:
        number_cell(stage->frames_refused, cell);
        break;
    case NOW:
        number_cell(stage->in_progress, cell);
        break;
    case PID:
        number_cell((uint64_t)stage->pid, cell);
        break;
    default:
        break;
    }
}

static void cell_of(const struct drawing *self, const struct kf_line_stage *stage,
                    enum column column, char cell[CELL_SIZE])
{
    switch (column) {
    case STAGE:
        (void)snprintf(cell, CELL_SIZE, "%.30s-%" PRIu32, stage->service, stage->instance);
        break;
    case STATE:
        (void)snprintf(cell, CELL_SIZE, "%s", kf_line_state_name(stage->state));
        break;
    case SINCE:
        since_cell(self->screen->now_ms - stage->since_ms, cell);
        break;
    case RATE:
        if (stage->has_rate) {
            (void)snprintf(cell, CELL_SIZE, "%.1f", stage->rate);
        } else {
            (void)snprintf(cell, CELL_SIZE, "–");
        }
        break;
    case RELEASE:
        (void)snprintf(cell, CELL_SIZE, "%.*s", ID_SHOWN, stage->release);
        break;
    default:
        count_cell(stage, column, cell);
        break;
    }
}

static void measure(struct drawing *self)
{
    size_t count = 0;
    const struct kf_line_stage *stages = kf_line_stages(self->line, &count);
    for (size_t i = 0; i < COLUMNS; i++) {
        self->widths[i] = kf_top_width(columns[i].heading);
        for (size_t j = 0; j < count; j++) {
            char cell[CELL_SIZE];
            cell_of(self, &stages[j], (enum column)i, cell);
            size_t width = kf_top_width(cell);
            self->widths[i] = width > self->widths[i] ? width : self->widths[i];
        }
    }
    self->widths[STATE] = strlen("draining"); /* the longest: nothing moves when a state changes */
    self->widths[RELEASE] = ID_SHOWN;
}

static size_t width_of_table(const struct drawing *self)
{
    size_t width = 0;
    for (size_t i = 0; i < COLUMNS; i++) {
        width += self->widths[i] > 0 ? self->widths[i] + GAP : 0;
    }
    return width - GAP;
}

/* Leaves out columns until the table fits, or nothing more can go. */
static void fit(struct drawing *self)
{
    while (width_of_table(self) > self->canvas.columns) {
        size_t least = STAGE;
        for (size_t i = 0; i < COLUMNS; i++) {
            if (self->widths[i] > 0 && columns[i].rank > columns[least].rank) {
                least = i;
            }
        }
        if (columns[least].rank == 0) {
            return;
        }
        self->widths[least] = 0;
    }
}

static enum kf_top_colour colour_of(enum kf_line_state state)
{
    static const enum kf_top_colour colours[KF_LINE_STATES] = {
        [KF_LINE_UNKNOWN] = KF_TOP_DIM,     [KF_LINE_STARTING] = KF_TOP_YELLOW,
        [KF_LINE_READY] = KF_TOP_GREEN,     [KF_LINE_WAITING] = KF_TOP_YELLOW,
        [KF_LINE_DRAINING] = KF_TOP_YELLOW, [KF_LINE_SILENT] = KF_TOP_RED,
        [KF_LINE_GONE] = KF_TOP_RED,
    };
    return colours[state];
}

static void put_cell(struct drawing *self, enum column column, enum kf_top_colour colour,
                     const char *cell)
{
    size_t width = self->widths[column];
    size_t begin = self->canvas.column;
    if (width == 0) {
        return;
    }
    if (begin > 0) {
        begin += GAP;
        kf_top_pad(&self->canvas, begin);
    }
    size_t own = kf_top_width(cell);
    if (columns[column].right && own < width) {
        kf_top_pad(&self->canvas, begin + width - own);
    }
    kf_top_put(&self->canvas, colour, cell);
    bool last = true;
    for (size_t i = (size_t)column + 1; i < COLUMNS; i++) {
        last = last && self->widths[i] == 0;
    }
    if (!last) {
        kf_top_pad(&self->canvas, begin + width);
    }
}

static void draw_stage(struct drawing *self, const struct kf_line_stage *stage)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        char cell[CELL_SIZE];
        cell_of(self, stage, (enum column)i, cell);
        put_cell(self, (enum column)i, i == STATE ? colour_of(stage->state) : KF_TOP_PLAIN, cell);
    }
    kf_top_end(&self->canvas);
    if (stage->detail[0]) {
        kf_top_put(&self->canvas, KF_TOP_PLAIN, "  ");
        kf_top_put(&self->canvas, KF_TOP_DIM, stage->detail);
        kf_top_end(&self->canvas);
    }
}

static void draw_stages(struct drawing *self)
{
    size_t count = 0;
    const struct kf_line_stage *stages = kf_line_stages(self->line, &count);
    measure(self);
    fit(self);
    for (size_t i = 0; i < COLUMNS; i++) {
        put_cell(self, (enum column)i, KF_TOP_BOLD, columns[i].heading);
    }
    kf_top_end(&self->canvas);
    for (size_t i = 0; i < count; i++) {
        draw_stage(self, &stages[i]);
    }
}

/* --- the title ------------------------------------------------------------------------------- */

static void draw_title(struct drawing *self)
{
    size_t count = 0;
    size_t alive = 0;
    const struct kf_line_stage *stages = kf_line_stages(self->line, &count);
    for (size_t i = 0; i < count; i++) {
        alive += kf_line_is_alive(stages[i].state);
    }
    char summary[CELL_SIZE];
    (void)snprintf(summary, sizeof summary, "%zu of %zu alive", alive, count);
    kf_top_put(&self->canvas, KF_TOP_BOLD, "kostraflow");
    kf_top_put(&self->canvas, KF_TOP_PLAIN, "  ");
    kf_top_put(&self->canvas, alive == count ? KF_TOP_GREEN : KF_TOP_RED, summary);
    if (self->screen->hint[0]) {
        kf_top_put(&self->canvas, KF_TOP_PLAIN, "  ");
        kf_top_put(&self->canvas, KF_TOP_DIM, self->screen->hint);
    }
    kf_top_end(&self->canvas);
    kf_top_end(&self->canvas);
}

/* --- what ingest tells ----------------------------------------------------------------------- */

static void label(struct drawing *self, const char *name)
{
    kf_top_put(&self->canvas, KF_TOP_BOLD, name);
    kf_top_pad(&self->canvas, LABEL_COLUMNS);
}

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static void draw_bar(struct drawing *self, const struct kf_status_ingest *ingest)
{
    size_t full =
        ingest->window > 0
            ? ((size_t)ingest->in_flight * BAR_COLUMNS + ingest->window - 1) / ingest->window
            : 0;
    full = full > BAR_COLUMNS ? BAR_COLUMNS : full;
    char bar[BAR_COLUMNS + 1];
    memset(bar, '#', full);
    memset(bar + full, '.', BAR_COLUMNS - full);
    bar[BAR_COLUMNS] = '\0';
    kf_top_put_format(&self->canvas, "[%s] ", bar);
}

static void draw_window(struct drawing *self, const struct kf_status_ingest *ingest)
{
    label(self, "window");
    if (self->canvas.columns >= 80) {
        draw_bar(self, ingest);
    }
    kf_top_put_format(&self->canvas,
                      "%" PRIu32 " of %" PRIu32 " on the way, %" PRIu32 " waiting, %" PRIu32
                      " held by publish",
                      ingest->in_flight, ingest->window, ingest->waiting, ingest->held_by_publish);
    kf_top_end(&self->canvas);
}

static void draw_open(struct drawing *self, const struct kf_status_ingest *ingest)
{
    char age[KF_TOP_DURATION_SIZE];
    label(self, "open");
    kf_top_duration((self->screen->now_ms - ingest->oldest_unreceipted_ms) / 1000 * 1000, age);
    if (ingest->releases_open == 0) {
        kf_top_put(&self->canvas, KF_TOP_PLAIN, "nothing: every release has its receipt");
    } else {
        kf_top_put_format(&self->canvas,
                          "%" PRIu32 " release%s without a receipt, the oldest for %s",
                          ingest->releases_open, plural(ingest->releases_open), age);
    }
    kf_top_end(&self->canvas);
}

static void draw_held(struct drawing *self, const struct kf_status_ingest *ingest)
{
    if (ingest->held_total == 0) {
        return;
    }
    label(self, "held");
    kf_top_put(&self->canvas, KF_TOP_YELLOW, "for approval: ");
    kf_top_put_format(&self->canvas, "%" PRIu32 " release%s (kf releases approve RELEASE)",
                      ingest->held_total, plural(ingest->held_total));
    kf_top_end(&self->canvas);
    for (size_t i = 0; i < ingest->held_len; i++) {
        const struct kf_status_held *held = &ingest->held[i];
        kf_top_pad(&self->canvas, LABEL_COLUMNS);
        kf_top_put_format(&self->canvas, "%.*s %s: %s", ID_SHOWN, held->release, held->input,
                          held->reason);
        kf_top_end(&self->canvas);
    }
}

static void draw_next(struct drawing *self, const struct kf_status_ingest *ingest)
{
    char at[KF_OSLO_TEXT_SIZE];
    char left[KF_TOP_DURATION_SIZE];
    label(self, "next");
    if (ingest->next_publication_ms == 0) {
        kf_top_put(&self->canvas, KF_TOP_PLAIN, "no publication in the calendar");
    } else {
        kf_oslo_print(ingest->next_publication_ms, at);
        kf_top_duration((ingest->next_publication_ms - self->screen->now_ms) / 1000 * 1000, left);
        kf_top_put_format(&self->canvas, "%s: %s (in %s)", at, ingest->next_publication, left);
    }
    kf_top_end(&self->canvas);
}

/* --- what publish tells ---------------------------------------------------------------------- */

static void draw_kafka(struct drawing *self, const struct kf_status_publish *publish)
{
    static const struct {
        const char *name;
        enum kf_top_colour colour;
    } states[] = {
        [KF_STATUS_KAFKA_CONNECTING] = {"connecting", KF_TOP_YELLOW},
        [KF_STATUS_KAFKA_CONNECTED] = {"connected", KF_TOP_GREEN},
        [KF_STATUS_KAFKA_PUBLISHING] = {"publishing", KF_TOP_GREEN},
        [KF_STATUS_KAFKA_LOST] = {"lost", KF_TOP_RED},
        [KF_STATUS_KAFKA_REPLACED] = {"replaced", KF_TOP_RED},
    };
    label(self, "Kafka");
    kf_top_put(&self->canvas, states[publish->kafka].colour, states[publish->kafka].name);
    kf_top_put_format(&self->canvas, ": %s", publish->detail);
    kf_top_end(&self->canvas);
    kf_top_pad(&self->canvas, LABEL_COLUMNS);
    kf_top_put_format(&self->canvas, "%" PRIu64 " release%s, %" PRIu64 " rows since it started",
                      publish->releases, plural(publish->releases), publish->rows);
    if (publish->last_commit_ms > 0) {
        char ago[KF_TOP_DURATION_SIZE];
        kf_top_duration((self->screen->now_ms - publish->last_commit_ms) / 1000 * 1000, ago);
        kf_top_put_format(&self->canvas, "; last commit %s ago", ago);
    }
    kf_top_end(&self->canvas);
}

/* --- releases -------------------------------------------------------------------------------- */

/* One step of a release, when both ends of it are known. */
static void draw_step(struct drawing *self, const char *name, int64_t from_ms, int64_t to_ms)
{
    char took[KF_TOP_DURATION_SIZE];
    if (from_ms > 0 && to_ms > 0) {
        kf_top_duration(to_ms - from_ms, took);
        kf_top_put_format(&self->canvas, "  %s %s", name, took);
    }
}

static void draw_release(struct drawing *self, const struct kf_phases *phases)
{
    char ago[KF_TOP_DURATION_SIZE];
    int64_t last_ms = phases->committed_ms > 0 ? phases->committed_ms : phases->discovered_ms;
    kf_top_duration((self->screen->now_ms - last_ms) / 1000 * 1000, ago);
    kf_top_pad(&self->canvas, LABEL_COLUMNS);
    kf_top_put_format(&self->canvas, "%.*s  %s %s ago", ID_SHOWN, phases->release,
                      phases->committed_ms > 0 ? "closed" : "discovered", ago);
    draw_step(self, "read", phases->discovered_ms, phases->recorded_ms);
    if (phases->recorded_ms > 0) {
        draw_step(self, "waited", phases->recorded_ms, phases->sent_ms);
    } else {
        draw_step(self, "read and waited", phases->discovered_ms, phases->sent_ms);
    }
    draw_step(self, "computed", phases->sent_ms, phases->held_ms);
    draw_step(self, "published", phases->held_ms, phases->committed_ms);
    if (phases->attempts > 1) {
        kf_top_put_format(&self->canvas, "  %" PRIu32 " attempts", phases->attempts);
    }
    kf_top_end(&self->canvas);
}

static void draw_releases(struct drawing *self, const struct kf_status_ingest *ingest)
{
    if (ingest->phases_len == 0) {
        return;
    }
    label(self, "releases");
    kf_top_put(&self->canvas, KF_TOP_PLAIN, "newest first, and how long each step took");
    kf_top_end(&self->canvas);
    for (size_t i = 0; i < ingest->phases_len; i++) {
        draw_release(self, &ingest->phases[i]);
    }
}

/* --- what nobody tells ----------------------------------------------------------------------- */

/* Said instead of what a service last told, when it is one of the line's and does not answer. */
static void draw_unknown(struct drawing *self, const char *service, const char *name)
{
    size_t count = 0;
    const struct kf_line_stage *stages = kf_line_stages(self->line, &count);
    bool known = false;
    for (size_t i = 0; i < count; i++) {
        known = known || strcmp(stages[i].service, service) == 0;
    }
    if (known && !kf_line_answers(self->line, service)) {
        label(self, name);
        kf_top_put_format(&self->canvas, "not known: %s does not answer", service);
        kf_top_end(&self->canvas);
    }
}

/* --- all of it ------------------------------------------------------------------------------- */

static void draw_all(struct drawing *self)
{
    const struct kf_status_ingest *ingest = kf_line_ingest(self->line);
    const struct kf_status_publish *publish = kf_line_publish(self->line);
    draw_title(self);
    draw_stages(self);
    if (self->screen->denied[0]) {
        kf_top_put(&self->canvas, KF_TOP_RED, self->screen->denied);
        kf_top_end(&self->canvas);
    }
    if (ingest || publish) {
        kf_top_end(&self->canvas);
    }
    if (ingest) {
        draw_window(self, ingest);
        draw_open(self, ingest);
        draw_held(self, ingest);
        draw_next(self, ingest);
    } else {
        draw_unknown(self, "ingest", "window");
    }
    if (publish) {
        draw_kafka(self, publish);
    } else {
        draw_unknown(self, "publish", "Kafka");
    }
    if (ingest) {
        draw_releases(self, ingest);
    }
}

static size_t between(size_t value, size_t minimum, size_t maximum)
{
    return value < minimum ? minimum : value > maximum ? maximum : value;
}

/* How many lines there are with as many as it takes. */
static size_t count_lines(const struct drawing *drawing)
{
    struct drawing counting = *drawing;
    struct kf_text nowhere;
    kf_text_init(&nowhere, 1);
    counting.canvas.text = &nowhere;
    draw_all(&counting);
    kf_text_clear(&nowhere);
    return counting.canvas.row;
}

void kf_top_draw(const struct kf_line *line, const struct kf_top_screen *screen, const char *end,
                 struct kf_text *text)
{
    struct drawing drawing = {
        .line = line,
        .screen = screen,
        .canvas = {.text = text,
                   .end = end,
                   .columns = between(screen->columns, KF_TOP_COLUMNS_MIN, KF_TOP_COLUMNS_MAX),
                   .colour = screen->colour},
    };
    size_t lines = screen->rows > 0 ? count_lines(&drawing) : 0;
    if (lines <= screen->rows) {
        draw_all(&drawing);
        return;
    }
    drawing.canvas.rows = screen->rows > LINES_ALWAYS ? screen->rows - 1 : LINES_ALWAYS;
    draw_all(&drawing);
    drawing.canvas.rows = 0;
    if (screen->rows > LINES_ALWAYS) {
        kf_top_put_format(&drawing.canvas, "… %zu more lines", lines - (screen->rows - 1));
        kf_top_end(&drawing.canvas);
    }
}
