/* Whatever vintages come in whatever order: the newest by `updated` counts, a diff applied to the
 * one gives the other, and pruning never touches the newest. */
#include <stdlib.h>
#include <string.h>

#include "common/model/cell.h"
#include "store_fixture.h"

#define PLACES   6
#define YEARS    2
#define CELLS    (VARIABLES * YEARS * PLACES)
#define VINTAGES 12
#define TURNS    40

/* A whole table; a cell that is not there has status KF_CELL_MISSING. */
struct picture {
    double values[CELLS];
    uint8_t statuses[CELLS];
};

static uint64_t seed = 20260315;

static unsigned random_below(unsigned limit)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % limit;
}

/* Cell number i in canonical order: year, variable, municipality; the last one is the country. */
static struct cell cell_at(const struct picture *picture, size_t i)
{
    size_t place = i % PLACES;
    return (struct cell){.year = (uint16_t)(2024 + i / PLACES / VARIABLES),
                         .variable = (uint16_t)(i / PLACES % VARIABLES),
                         .municipality =
                             (uint16_t)(place == PLACES - 1 ? KF_OBSERVATION_COUNTRY : 301 + place),
                         .value = picture->values[i],
                         .status = picture->statuses[i]};
}

/* One that differs from `before` in a few cells, some of which come or go. */
static struct picture changed(const struct picture *before)
{
    struct picture picture = *before;
    unsigned changes = random_below(5);
    for (unsigned n = 0; n < changes; n++) {
        size_t i = random_below(CELLS);
        bool there = random_below(3) > 0;
        picture.statuses[i] = there ? KF_CELL_VALUE : KF_CELL_MISSING;
        picture.values[i] = there ? random_below(1000) / 8.0 : 0;
    }
    return picture;
}

static size_t cells_of(const struct picture *picture, struct cell cells[CELLS])
{
    size_t count = 0;
    for (size_t i = 0; i < CELLS; i++) {
        if (picture->statuses[i] != KF_CELL_MISSING) {
            cells[count++] = cell_at(picture, i);
        }
    }
    return count;
}

static void add_picture(int hour, const struct picture *picture)
{
    struct cell cells[CELLS];
    size_t count = cells_of(picture, cells);
    (void)add_cells(hour, cells, count, NULL);
}

static void expect_picture(const struct kf_vintage *vintage, const struct picture *picture)
{
    struct cell cells[CELLS];
    size_t count = cells_of(picture, cells);
    expect_cells(vintage, cells, count);
}

struct applying {
    struct picture picture;
    size_t last; /* cell after the one that changed last */
};

static enum kf_err apply(void *context, const struct kf_store_change *change,
                         struct kf_error *error)
{
    struct applying *self = context;
    (void)error;
    size_t variable = strcmp(change->variable, "alder") == 0  ? ALDER
                      : strcmp(change->variable, "barn") == 0 ? BARN
                                                              : TIMER;
    size_t place =
        change->municipality == KF_OBSERVATION_COUNTRY ? PLACES - 1 : change->municipality - 301;
    size_t year = (size_t)change->year - 2024;
    size_t i = (year * VARIABLES + variable) * PLACES + place;
    size_t rank = (variable * YEARS + year) * PLACES + place; /* in the order of changes */
    assert_int_equal(self->picture.statuses[i], change->status_before);
    assert_true(self->picture.values[i] == change->before);
    assert_true(rank >= self->last);
    self->last = rank + 1;
    self->picture.statuses[i] = change->status_after;
    self->picture.values[i] = change->after;
    return KF_OK;
}

static void expect_diff(const struct kf_vintage *from, const struct picture *before,
                        const struct kf_vintage *to, const struct picture *after)
{
    struct applying applying = {.picture = *before};
    assert_int_equal(kf_store_changes(store, from, to, apply, &applying, &err), KF_OK);
    assert_memory_equal(applying.picture.statuses, after->statuses, sizeof after->statuses);
    for (size_t i = 0; i < CELLS; i++) {
        assert_true(applying.picture.values[i] == after->values[i]);
    }
}

static void shuffle(int order[VINTAGES])
{
    for (int i = 0; i < VINTAGES; i++) {
        order[i] = i;
    }
    for (int i = VINTAGES - 1; i > 0; i--) {
        int j = (int)random_below((unsigned)i + 1);
        int moved = order[i];
        order[i] = order[j];
        order[j] = moved;
    }
}

/* One store, VINTAGES vintages in a random order. Returns the hour of the newest. */
static int fill(const struct picture pictures[VINTAGES])
{
    int order[VINTAGES];
    int latest = -1;
    shuffle(order);
    for (int i = 0; i < VINTAGES; i++) {
        add_picture(order[i], &pictures[order[i]]);
        latest = order[i] > latest ? order[i] : latest;
        struct kf_vintage counts = newest();
        assert_int_equal(counts.updated_ms, latest * HOUR_MS);
        expect_picture(&counts, &pictures[latest]);
        if (random_below(4) == 0) {
            assert_int_equal(kf_store_prune(store, 1 + random_below(3), &err), KF_OK);
            expect_picture(&counts, &pictures[latest]);
        }
    }
    return latest;
}

static void compare_with_the_newest(const struct picture pictures[VINTAGES])
{
    struct kf_vintage counts = newest();
    for (int64_t number = 1; number <= VINTAGES; number++) {
        struct kf_vintage vintage;
        if (kf_store_find(store, number, &vintage, &err) == KF_OK) {
            const struct picture *picture = &pictures[vintage.updated_ms / HOUR_MS];
            expect_diff(&vintage, picture, &counts, &pictures[VINTAGES - 1]);
            expect_diff(&counts, &pictures[VINTAGES - 1], &vintage, picture);
        }
    }
}

static void random_vintages_in_random_order_keep_their_promises(void **state)
{
    for (int turn = 0; turn < TURNS; turn++) {
        struct picture pictures[VINTAGES];
        memset(pictures, 0, sizeof pictures);
        memset(pictures[0].statuses, KF_CELL_MISSING, sizeof pictures[0].statuses);
        for (int n = 0; n < 20; n++) {
            pictures[0] = changed(&pictures[0]);
        }
        for (int i = 1; i < VINTAGES; i++) {
            pictures[i] = changed(&pictures[i - 1]);
        }
        assert_int_equal(fill(pictures), VINTAGES - 1);
        compare_with_the_newest(pictures);
        assert_int_equal(kf_store_prune(store, 0, &err), KF_OK); /* 0: the newest stays */
        struct kf_vintage counts = newest();
        expect_picture(&counts, &pictures[VINTAGES - 1]);
        assert_int_equal(count_of("SELECT count(*) FROM vintages"), 1);
        assert_int_equal(count_of("SELECT count(*) FROM columns"),
                         count_of("SELECT count(DISTINCT stored) FROM parts"));
        assert_int_equal(tear_down(state), 0);
        assert_int_equal(set_up(state), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(random_vintages_in_random_order_keep_their_promises),
    };
    return cmocka_run_group_tests(tests, open_register, close_register);
}
