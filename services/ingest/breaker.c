#include "services/ingest/breaker.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/base/decimal.h"
#include "common/model/cell.h"

#define COLUMNS_TOLD 4
#define REMEDY                                                                                     \
    "look what moved with `kf releases diff`; if it is right, let it go with `kf releases "        \
    "approve`"

/* A cell that is told of. */
struct worst {
    const char *municipality;
    double before;
    double now;
    double weight; /* the heavier, the worse */
};

/* What became of the figures of a column, or of all. */
struct tally {
    const char *variable; /* "" for all together */
    size_t figures;       /* before */
    size_t vanished;
    size_t jumped;
    struct worst gone;
    struct worst leap;
};

/* What is compared, and the worst columns so far. */
struct comparison {
    const struct kf_breaker_limits *limits;
    const struct kf_panel *before;
    const struct kf_panel *now;
    struct tally all;
    struct tally told[COLUMNS_TOLD];
    size_t told_len;
    size_t tripped; /* columns */
};

struct kf_breaker_limits kf_breaker_limits_usual(void)
{
    return (struct kf_breaker_limits){
        .vanished = 0.2, .jumped = 0.2, .factor = 5, .small = 10, .cells_min = 5};
}

/* --- cells --------------------------------------------------------------------------------- */

/* How many times the larger one is the smaller; infinite when no factor leads from one to the
 * other: from or to zero, or across it, by at least `small`. */
static double ratio_of(double a, double b, double small)
{
    if (a == b) {
        return 1;
    }
    if ((a < 0) != (b < 0) || a == 0 || b == 0) {
        return fabs(a - b) >= small ? INFINITY : 1;
    }
    return fmax(a / b, b / a);
}

static void note_worst(struct worst *worst, const char *municipality, const double figures[2],
                       double weight)
{
    double distance = fabs(figures[0] - figures[1]);
    bool worse = !worst->municipality || weight > worst->weight ||
                 (weight == worst->weight && distance > fabs(worst->before - worst->now));
    if (worse) {
        *worst = (struct worst){municipality, figures[0], figures[1], weight};
    }
}

static void count_vanished(struct tally *tally, const char *municipality, double before)
{
    tally->figures++;
    tally->vanished++;
    note_worst(&tally->gone, municipality, (const double[]){before, 0}, 0);
}

static void count_pair(struct tally *tally, const struct kf_breaker_limits *limits,
                       const char *municipality, const double figures[2])
{
    double ratio = ratio_of(figures[0], figures[1], limits->small);
    tally->figures++;
    if (ratio > limits->factor) {
        tally->jumped++;
        note_worst(&tally->leap, municipality, figures, ratio);
    }
}

static void add_up(struct tally *all, const struct tally *column)
{
    all->figures += column->figures;
    all->vanished += column->vanished;
    all->jumped += column->jumped;
}

/* --- columns ------------------------------------------------------------------------------- */

/* The number of the member `code`, looked for from `from` on; members_len when there is none. */
static size_t member_from(const struct kf_panel *panel, size_t from, const char *code)
{
    while (from < panel->members_len && strcmp(panel->members[from], code) < 0) {
        from++;
    }
    return from;
}

static bool has_figure(const struct kf_panel *panel, const struct kf_column *column, size_t at,
                       const char *code)
{
    return column && at < panel->members_len && strcmp(panel->members[at], code) == 0 &&
           kf_cell_has_value(column->status[at]);
}

static struct tally tally_column(const struct comparison *self, const struct kf_column *before)
{
    const struct kf_column *now = kf_panel_column(self->now, before->variable);
    struct tally tally = {.variable = before->variable};
    size_t at = 0;
    for (size_t i = 0; i < self->before->members_len; i++) {
        const char *code = self->before->members[i];
        if (!kf_cell_has_value(before->status[i])) {
            continue;
        }
        at = member_from(self->now, at, code);
        if (has_figure(self->now, now, at, code)) {
            const double figures[2] = {before->values[i], now->values[at]};
            count_pair(&tally, self->limits, code, figures);
        } else {
            count_vanished(&tally, code, before->values[i]);
        }
    }
    return tally;
}

static double share(size_t part, size_t whole)
{
    return whole > 0 ? (double)part / (double)whole : 0;
}

static bool vanishes(const struct comparison *self, const struct tally *tally)
{
    return share(tally->vanished, tally->figures) > self->limits->vanished;
}

static bool jumps(const struct comparison *self, const struct tally *tally)
{
    return share(tally->jumped, tally->figures) > self->limits->jumped;
}

static bool is_small(const struct comparison *self)
{
    return self->before->members_len < self->limits->cells_min;
}

static double badness(const struct tally *tally)
{
    return fmax(share(tally->vanished, tally->figures), share(tally->jumped, tally->figures));
}

/* Keeps the worst columns, the worst first. */
static void keep_tally(struct comparison *self, const struct tally *tally)
{
    size_t at = self->told_len;
    self->tripped++;
    while (at > 0 && badness(tally) > badness(&self->told[at - 1])) {
        at--;
    }
    if (at == COLUMNS_TOLD) {
        return;
    }
    size_t last = self->told_len < COLUMNS_TOLD ? self->told_len++ : COLUMNS_TOLD - 1;
    memmove(&self->told[at + 1], &self->told[at], (last - at) * sizeof self->told[0]);
    self->told[at] = *tally;
}

/* An earlier version of the edition may have had variables that this one does without. Without
 * memory to find that out, the figures are missed. */
static bool is_missed(const struct kf_edition *edition, const char *variable)
{
    const struct kf_edition_variable *list = NULL;
    size_t count = 0;
    struct kf_error ignored;
    struct kf_arena *arena = kf_arena_new(KF_EDITION_BYTES_MAX);
    bool missed = true;
    if (arena && kf_edition_variables(edition, arena, &list, &count, &ignored) == KF_OK) {
        missed = false;
        for (size_t i = 0; !missed && i < count; i++) {
            missed = strcmp(list[i].name, variable) == 0;
        }
    }
    kf_arena_destroy(&arena);
    return missed;
}

static bool is_judged(const struct comparison *self, const struct kf_column *column)
{
    bool same_edition = strcmp(self->before->edition->digest, self->now->edition->digest) == 0;
    return same_edition || kf_panel_column(self->now, column->variable) ||
           is_missed(self->now->edition, column->variable);
}

static void compare_columns(struct comparison *self)
{
    for (size_t c = 0; c < self->before->columns_len; c++) {
        const struct kf_column *column = &self->before->columns[c];
        if (!is_judged(self, column)) {
            continue;
        }
        const struct tally tally = tally_column(self, column);
        add_up(&self->all, &tally);
        if (!is_small(self) && tally.figures >= self->limits->cells_min &&
            (vanishes(self, &tally) || jumps(self, &tally))) {
            keep_tally(self, &tally);
        }
    }
}

/* --- telling ------------------------------------------------------------------------------- */

static void tell_vanished(const struct comparison *self, const struct tally *tally,
                          struct kf_findings *findings)
{
    const struct kf_panel *now = self->now;
    const struct kf_place place = {.municipality = tally->gone.municipality,
                                   .variable = tally->variable};
    char worst[KF_DECIMAL_SIZE + 32] = "";
    char figure[KF_DECIMAL_SIZE];
    if (tally->gone.municipality) {
        kf_decimal_print(tally->gone.before, figure);
        (void)snprintf(worst, sizeof worst, "; the largest was %s", figure);
    }
    kf_findings_add(findings, &place, REMEDY,
                    "%s %d: %zu of %zu figures%s are gone (%.1f %%, at most %g %% may be)%s",
                    now->edition->id, now->year, tally->vanished, tally->figures,
                    tally->variable[0] ? "" : " of all columns together",
                    100 * share(tally->vanished, tally->figures), 100 * self->limits->vanished,
                    worst);
}

static void tell_jumped(const struct comparison *self, const struct tally *tally,
                        struct kf_findings *findings)
{
    const struct kf_panel *now = self->now;
    const struct kf_place place = {.municipality = tally->leap.municipality,
                                   .variable = tally->variable};
    char worst[2 * KF_DECIMAL_SIZE + 48] = "";
    char before[KF_DECIMAL_SIZE];
    char after[KF_DECIMAL_SIZE];
    if (tally->leap.municipality) {
        kf_decimal_print(tally->leap.before, before);
        kf_decimal_print(tally->leap.now, after);
        (void)snprintf(worst, sizeof worst, "; most of all %s before, %s now", before, after);
    }
    kf_findings_add(findings, &place, REMEDY,
                    "%s %d: %zu of %zu figures%s are over %g times larger or smaller than those "
                    "of %d (%.1f %%, at most %g %% may be)%s",
                    now->edition->id, now->year, tally->jumped, tally->figures,
                    tally->variable[0] ? "" : " of all columns together", self->limits->factor,
                    self->before->year, 100 * share(tally->jumped, tally->figures),
                    100 * self->limits->jumped, worst);
}

static void tell(const struct comparison *self, const struct tally *tally,
                 struct kf_findings *findings)
{
    if (vanishes(self, tally)) {
        tell_vanished(self, tally, findings);
    }
    if (jumps(self, tally)) {
        tell_jumped(self, tally, findings);
    }
}

static void tell_more(const struct comparison *self, struct kf_findings *findings)
{
    if (self->tripped > self->told_len) {
        kf_findings_add(findings, &(struct kf_place){0}, REMEDY,
                        "%s %d: likewise %zu more of its %zu columns", self->now->edition->id,
                        self->now->year, self->tripped - self->told_len, self->before->columns_len);
    }
}

bool kf_breaker_trips(const struct kf_breaker_limits *limits, const struct kf_panel *before,
                      const struct kf_panel *now, struct kf_findings *findings)
{
    struct comparison self = {
        .limits = limits, .before = before, .now = now, .all = {.variable = ""}};
    if (limits->off) {
        return false;
    }
    compare_columns(&self);
    for (size_t i = 0; i < self.told_len; i++) {
        tell(&self, &self.told[i], findings);
    }
    tell_more(&self, findings);
    bool together = vanishes(&self, &self.all) || (is_small(&self) && jumps(&self, &self.all));
    if (vanishes(&self, &self.all)) {
        tell_vanished(&self, &self.all, findings);
    }
    if (is_small(&self) && jumps(&self, &self.all)) {
        tell_jumped(&self, &self.all, findings);
    }
    return self.tripped > 0 || together;
}
