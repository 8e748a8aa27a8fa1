#include "common/model/structure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/decimal.h"
#include "common/base/memory.h"
#include "common/base/numbers.h"
#include "common/model/register_csv.h"

#define HEADER           "year,from,to,weight,through"
#define COLUMNS          5
#define MOVES_MAX        ((size_t)5000)
#define NOWHERE          KF_CODES /* no code has this number */
#define WEIGHT_TOLERANCE 1e-9
#define ROUNDS_MAX       32 /* changes one after the other: more is a circle */

/* A row of the register. */
struct move {
    int year;
    uint16_t from;
    uint16_t to;
    uint16_t through; /* NOWHERE for a plain change */
    double weight;    /* 0: nobody knows */
    uint64_t line;
};

struct kf_structure {
    const struct kf_municipalities *municipalities;
    struct move *moves; /* by from, plain changes first, then by year and to */
    size_t count;
    size_t room;
};

static const struct kf_municipality *find(const struct kf_structure *self, unsigned number,
                                          int year)
{
    char code[KF_MUNICIPALITY_SIZE];
    kf_municipality_print(number, code);
    return kf_municipalities_find(self->municipalities, code, year);
}

static bool is_plain(const struct move *move)
{
    return move->through == NOWHERE;
}

/* The moves of one territory, plain and round about. */
static const struct move *moves_of(const struct kf_structure *self, unsigned from, size_t *count)
{
    size_t low = 0;
    size_t high = self->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (self->moves[middle].from < from) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    size_t end = low;
    while (end < self->count && self->moves[end].from == from) {
        end++;
    }
    *count = end - low;
    return *count > 0 ? &self->moves[low] : NULL;
}

/* --- reading --------------------------------------------------------------------------------- */

static bool parse_weight(const struct kf_register_csv *csv, const struct kf_field *field,
                         double *weight)
{
    *weight = 0;
    if (field->length == 0) {
        return true;
    }
    double value = 0;
    if (!kf_decimal_parse(field->text, field->length, &value) || !(value > 0) || value > 1) {
        kf_register_csv_tell(csv, "weight", field,
                             "write the part's share of the inhabitants, or nothing",
                             "is not a share above 0 and up to 1");
        return false;
    }
    *weight = kf_figure_canonical(value);
    return true;
}

static bool parse_row(const struct kf_register_csv *csv, const struct kf_field *fields,
                      struct move *move)
{
    char code[KF_MUNICIPALITY_SIZE];
    bool sound = kf_register_csv_year(csv, "year", &fields[0], &move->year);
    sound = kf_register_csv_code(csv, "from", &fields[1], code, &move->from) && sound;
    sound = kf_register_csv_code(csv, "to", &fields[2], code, &move->to) && sound;
    sound = parse_weight(csv, &fields[3], &move->weight) && sound;
    move->through = NOWHERE;
    if (fields[4].length > 0) {
        sound = kf_register_csv_code(csv, "through", &fields[4], code, &move->through) && sound;
    }
    move->line = csv->line;
    return sound;
}

static enum kf_err no_memory(const struct kf_register_csv *csv)
{
    return kf_error_set(csv->err, KF_ERR_MEMORY, "no memory for the changes of %s", csv->path);
}

static enum kf_err take_row(struct kf_register_csv *csv, const struct kf_field *fields,
                            void *context)
{
    struct kf_structure *self = context;
    struct move move = {0};
    if (!parse_row(csv, fields, &move)) {
        return KF_OK;
    }
    if (self->count == self->room) {
        size_t room = self->room ? self->room * 2 : 256;
        struct move *grown = kf_realloc(self->moves, room * sizeof *grown);
        if (!grown) {
            return no_memory(csv);
        }
        self->moves = grown;
        self->room = room;
    }
    self->moves[self->count++] = move;
    return KF_OK;
}

static int compare_numbers(long left, long right)
{
    return (left > right) - (left < right);
}

static int compare_moves(const void *left, const void *right)
{
    const struct move *a = left;
    const struct move *b = right;
    int order = compare_numbers(a->from, b->from);
    order = order ? order : compare_numbers(!is_plain(a), !is_plain(b));
    order = order ? order : compare_numbers(a->year, b->year);
    order = order ? order : compare_numbers(a->to, b->to);
    return order ? order : compare_numbers((long)a->line, (long)b->line);
}

static void tell(struct kf_register_csv *csv, const struct move *move, unsigned number,
                 const char *remedy, const char *problem)
{
    char code[KF_MUNICIPALITY_SIZE];
    kf_municipality_print(number, code);
    struct kf_field field = {code, strlen(code)};
    csv->line = move->line;
    kf_register_csv_tell(csv, NULL, &field, remedy, problem);
}

/* The codes of a row must be municipalities where the row needs them. */
static void check_codes(const struct kf_structure *self, struct kf_register_csv *csv,
                        const struct move *move)
{
    static const char *const remedy = "see municipalities.csv for the years of a code";
    if (find(self, move->from, move->year)) {
        tell(csv, move, move->from, "leave out codes that live on",
             "is still a municipality in the year in which it becomes another");
    } else if (is_plain(move) && !find(self, move->from, move->year - 1)) {
        tell(csv, move, move->from, remedy, "is no municipality in the year before");
    }
    if (!find(self, move->to, move->year)) {
        tell(csv, move, move->to, remedy, "is no municipality in the year of the change");
    }
    if (!is_plain(move) && !find(self, move->through, move->year - 1)) {
        tell(csv, move, move->through, remedy, "is no municipality in the year before");
    }
}

static bool same_change(const struct move *a, const struct move *b)
{
    return a->from == b->from && is_plain(a) == is_plain(b) && a->year == b->year;
}

/* The parts of one change close to 1, or are all unknown; no part stands twice. */
static void check_parts(struct kf_register_csv *csv, const struct move *parts, size_t count)
{
    struct kf_sum sum = {0};
    size_t unknown = 0;
    for (size_t i = 0; i < count; i++) {
        kf_sum_add(&sum, parts[i].weight);
        unknown += parts[i].weight == 0;
        if (i > 0 && parts[i].to == parts[i - 1].to) {
            tell(csv, &parts[i], parts[i].to, "keep one of the two rows", "is given twice");
        }
    }
    if (unknown < count && (unknown > 0 || fabs(kf_sum_value(&sum) - 1) > WEIGHT_TOLERANCE)) {
        tell(csv, parts, parts->from, "give the weights of all parts, or of none",
             "has parts whose weights do not sum to 1");
    }
    if (count == 1 && unknown == 1) {
        tell(csv, parts, parts->from, "write 1", "goes into one municipality: its weight is 1");
    }
}

static void check_moves(const struct kf_structure *self, struct kf_register_csv *csv)
{
    for (size_t i = 0; i < self->count;) {
        size_t end = i;
        while (end < self->count && same_change(&self->moves[i], &self->moves[end])) {
            check_codes(self, csv, &self->moves[end++]);
        }
        check_parts(csv, &self->moves[i], end - i);
        if (i > 0 && self->moves[i - 1].from == self->moves[i].from &&
            is_plain(&self->moves[i - 1]) == is_plain(&self->moves[i])) {
            tell(csv, &self->moves[i], self->moves[i].from, "a code ends once",
                 "becomes another municipality in an earlier year already");
        }
        i = end;
    }
}

static void finish(struct kf_register_csv *csv, void *context)
{
    const struct kf_structure *self = context;
    if (self->count > 0) {
        qsort(self->moves, self->count, sizeof *self->moves, compare_moves);
    }
    check_moves(self, csv);
}

enum kf_err kf_structure_read(const char *path, const struct kf_municipalities *municipalities,
                              struct kf_structure **structure, struct kf_findings *findings,
                              struct kf_error *err)
{
    struct kf_structure *self = kf_calloc(1, sizeof *self);
    struct kf_register_csv csv = {.path = path,
                                  .header = HEADER,
                                  .columns = COLUMNS,
                                  .rows_max = MOVES_MAX,
                                  .findings = findings,
                                  .err = err,
                                  .take = take_row,
                                  .finish = finish,
                                  .context = self};
    if (!self) {
        return no_memory(&csv);
    }
    self->municipalities = municipalities;
    enum kf_err code = kf_register_csv_read(&csv);
    if (code != KF_OK) {
        kf_structure_destroy(&self);
        return code;
    }
    *structure = self;
    return KF_OK;
}

void kf_structure_destroy(struct kf_structure **self)
{
    if (self && *self) {
        kf_free((*self)->moves);
        kf_free(*self);
        *self = NULL;
    }
}

/* --- forward --------------------------------------------------------------------------------- */

bool kf_structure_differs(const struct kf_structure *self, int from_year, int to_year)
{
    int low = from_year < to_year ? from_year : to_year;
    int high = from_year < to_year ? to_year : from_year;
    for (size_t i = 0; self && i < self->count; i++) {
        if (low < self->moves[i].year && self->moves[i].year <= high) {
            return true;
        }
    }
    return false;
}

/* The change that ends a territory after `after`: the way round when it is done by `to_year`, else
 * the plain one; none when it lives on until then. */
static const struct move *next_change(const struct kf_structure *self, unsigned from, int after,
                                      int to_year, size_t *count)
{
    size_t all = 0;
    const struct move *moves = moves_of(self, from, &all);
    size_t plain = 0;
    while (plain < all && is_plain(&moves[plain])) {
        plain++;
    }
    if (plain == 0 || moves->year <= after || moves->year > to_year) {
        *count = 0;
        return NULL;
    }
    if (plain < all && moves[plain].year <= to_year) {
        *count = all - plain;
        return &moves[plain];
    }
    *count = plain;
    return moves;
}

static double multiply(double a, double b)
{
    struct kf_wide product = kf_wide_mul(kf_wide_from_figure(a), kf_wide_from_figure(b));
    return kf_figure_canonical(kf_wide_value(product));
}

static double add(double a, double b)
{
    struct kf_wide sum = kf_wide_add(kf_wide_from_figure(a), kf_wide_from_figure(b));
    return a > 0 && b > 0 ? kf_figure_canonical(kf_wide_value(sum)) : 0;
}

/* Adds a part, or more of one that is there. */
static bool add_part(struct kf_parts *parts, uint16_t code, double weight)
{
    for (size_t i = 0; i < parts->count; i++) {
        if (parts->list[i].code == code) {
            parts->list[i].weight = add(parts->list[i].weight, weight);
            return true;
        }
    }
    if (parts->count == KF_PARTS_MAX) {
        return false;
    }
    parts->list[parts->count++] = (struct kf_part){code, weight};
    return true;
}

/* One round of changes for every part: `ended` is where they are in `year` at the latest. */
static bool step(const struct kf_structure *self, const struct kf_parts *parts, int after, int year,
                 struct kf_parts *ended)
{
    ended->count = 0;
    for (size_t i = 0; i < parts->count; i++) {
        size_t count = 0;
        const struct kf_part *part = &parts->list[i];
        const struct move *moves = next_change(self, part->code, after, year, &count);
        bool added = count > 0 || add_part(ended, part->code, part->weight);
        for (size_t m = 0; added && m < count; m++) {
            added = add_part(ended, moves[m].to, multiply(part->weight, moves[m].weight));
        }
        if (!added) {
            return false;
        }
    }
    return true;
}

static bool same_parts(const struct kf_parts *a, const struct kf_parts *b)
{
    if (a->count != b->count) {
        return false;
    }
    for (size_t i = 0; i < a->count; i++) {
        if (a->list[i].code != b->list[i].code) {
            return false;
        }
    }
    return true;
}

bool kf_structure_follow(const struct kf_structure *self, unsigned code, int from_year, int to_year,
                         struct kf_parts *parts)
{
    struct kf_parts now = {.list = {{(uint16_t)code, 1}}, .count = 1};
    struct kf_parts then = now;
    bool moved = self != NULL;
    for (int round = 0; moved; round++) {
        if (round == ROUNDS_MAX || !step(self, &now, from_year, to_year, &then)) {
            return false;
        }
        moved = !same_parts(&now, &then);
        now = then;
    }
    *parts = now;
    return true;
}

/* --- backward -------------------------------------------------------------------------------- */

/* The one territory that became `code` between `to_year` and `year`, and nothing else did; or
 * NOWHERE with the year of the change, or with 0 when there was none. */
static unsigned only_origin(const struct kf_structure *self, unsigned code, int to_year, int year,
                            int *changed)
{
    const struct move *plain = NULL;
    const struct move *round = NULL;
    size_t plains = 0;
    size_t rounds = 0;
    for (size_t i = 0; i < self->count; i++) {
        const struct move *move = &self->moves[i];
        if (move->to != code || move->year <= to_year || move->year > year) {
            continue;
        }
        plains += is_plain(move);
        rounds += !is_plain(move);
        plain = is_plain(move) ? move : plain;
        round = is_plain(move) ? round : move;
    }
    *changed = plain ? plain->year : 0;
    if (rounds == 1 && round->weight == 1 && find(self, round->from, to_year)) {
        return round->from;
    }
    bool renamed = plains == 1 && plain->weight == 1 && !find(self, code, plain->year - 1);
    return renamed ? plain->from : NOWHERE;
}

static enum kf_err map_back(const struct kf_structure *self, unsigned code, int from_year,
                            int to_year, struct kf_parts *parts, struct kf_error *err)
{
    int year = from_year;
    unsigned now = code;
    for (int changed = 1; changed;) {
        unsigned origin = only_origin(self, now, to_year, year, &changed);
        if (changed && origin == NOWHERE) {
            return kf_error_set(err, KF_ERR_DATA,
                                "%04u of %d was put together or split off in %d: its figures "
                                "cannot be told apart by the municipalities of %d",
                                code, from_year, changed, to_year);
        }
        now = changed ? origin : now;
        year = changed ? changed - 1 : year;
    }
    *parts = (struct kf_parts){.list = {{(uint16_t)now, 1}}, .count = 1};
    return KF_OK;
}

enum kf_err kf_structure_map(const struct kf_structure *self, unsigned code, int from_year,
                             int to_year, struct kf_parts *parts, struct kf_error *err)
{
    if (to_year < from_year && self) {
        return map_back(self, code, from_year, to_year, parts, err);
    }
    struct kf_parts found;
    if (!kf_structure_follow(self, code, from_year, to_year, &found)) {
        return kf_error_set(err, KF_ERR_LIMIT,
                            "%04u was split into more than %d municipalities, or its changes "
                            "go in a circle",
                            code, KF_PARTS_MAX);
    }
    for (size_t i = 0; i < found.count; i++) {
        if (!(found.list[i].weight > 0)) {
            return kf_error_set(err, KF_ERR_DATA,
                                "%04u of %d was split before %d, and nobody knows how much of it "
                                "went to %04u",
                                code, from_year, to_year, (unsigned)found.list[i].code);
        }
    }
    *parts = found;
    return KF_OK;
}
