/* Any sound table, written in each dialect of spreadsheets, gives the same observations. */
#include "observation_fixture.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "services/ingest/csv/sheet_text.h"

#define ROUNDS 12
#define ROWS   6
#define CELLS  2

/* A figure as digits, so that each dialect writes it by hand. */
struct cell {
    char whole[16];
    char fraction[8]; /* "": none */
    const char *mark; /* in place of the figure, or NULL */
    bool starred;
};

struct dialect {
    char separator;
    char decimal;
    const char *thousands;
    const char *line_end;
    bool windows;
    bool bom;
    bool wide;
    bool norwegian;
    bool quoted;
    bool trailing;
};

static const char *const variables[CELLS] = {"areal", "folkemengde"};
static const char *const codes[ROWS] = {"0301", "0219", "1103", "1201", "1601", "1902"};
static struct cell cells[ROWS][CELLS];
static uint64_t drawn;

static uint64_t draw(uint64_t below)
{
    drawn = drawn * 6364136223846793005U + 1442695040888963407U;
    return (drawn >> 33) % below;
}

static void draw_cell(struct cell *cell, bool decimals)
{
    static const char *const marks[] = {".", "..", ":"};
    *cell = (struct cell){.starred = draw(8) == 0};
    (void)snprintf(cell->whole, sizeof cell->whole, "%u",
                   (unsigned)(draw(2) ? draw(9000000) : draw(2000)));
    if (decimals && draw(4) > 0) {
        (void)snprintf(cell->fraction, sizeof cell->fraction, "%0*u", (int)(1 + draw(4)),
                       (unsigned)draw(10));
    }
    cell->mark = draw(8) == 0 ? marks[draw(3)] : NULL;
}

static void draw_table(void)
{
    for (size_t i = 0; i < ROWS; i++) {
        draw_cell(&cells[i][0], true);
        draw_cell(&cells[i][1], false);
    }
    cells[0][0] = (struct cell){.whole = "12", .fraction = "5"}; /* shows the decimal mark */
}

/* --- writing -----------------------------------------------------------------------------------
 */

static void add_cell(struct kf_text *text, const struct dialect *dialect, const struct cell *cell)
{
    if (cell->mark) {
        kf_text_add(text, cell->mark);
        return;
    }
    size_t digits = strlen(cell->whole);
    for (size_t i = 0; i < digits; i++) {
        if (i > 0 && (digits - i) % 3 == 0) {
            kf_text_add(text, dialect->thousands);
        }
        kf_text_add_char(text, cell->whole[i]);
    }
    if (cell->fraction[0]) {
        kf_text_add_char(text, dialect->decimal);
        kf_text_add(text, cell->fraction);
    }
    if (cell->starred) {
        kf_text_add_char(text, '*');
    }
}

static void add_quote(struct kf_text *text, const struct dialect *dialect)
{
    if (dialect->quoted) {
        kf_text_add_char(text, '"');
    }
}

static void end_line(struct kf_text *text, const struct dialect *dialect)
{
    for (size_t i = 0; dialect->trailing && i < 2; i++) {
        kf_text_add_char(text, dialect->separator);
    }
    kf_text_add(text, dialect->line_end);
}

static void add_header(struct kf_text *text, const struct dialect *dialect)
{
    const char *names[2][5] = {{"municipality", "year", "variable", "value", "status"},
                               {"kommune", "\xc3\xa5r", "variabel", "verdi", "status"}};
    for (size_t i = 0; i < (dialect->wide ? 2 + CELLS : 5); i++) {
        if (i > 0) {
            kf_text_add_char(text, dialect->separator);
        }
        kf_text_add(text, dialect->wide && i > 1 ? variables[i - 2] : names[dialect->norwegian][i]);
    }
    end_line(text, dialect);
}

static void add_place(struct kf_text *text, const struct dialect *dialect, const char *code)
{
    kf_text_add(text, code);
    kf_text_add_char(text, dialect->separator);
    kf_text_add(text, "2010");
}

static void add_rows(struct kf_text *text, const struct dialect *dialect, size_t i)
{
    for (size_t k = 0; k < CELLS; k++) {
        if (!dialect->wide || k == 0) {
            add_place(text, dialect, codes[i]);
        }
        kf_text_add_char(text, dialect->separator);
        if (!dialect->wide) {
            kf_text_add(text, variables[k]);
            kf_text_add_char(text, dialect->separator);
        }
        add_quote(text, dialect);
        add_cell(text, dialect, &cells[i][k]);
        add_quote(text, dialect);
        if (!dialect->wide) {
            kf_text_add_char(text, dialect->separator);
            end_line(text, dialect);
        }
    }
    if (dialect->wide) {
        end_line(text, dialect);
    }
}

/* UTF-8 of characters below 256 as one byte each. */
static size_t to_windows(char *text, size_t length)
{
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte >= 0xC2 && byte <= 0xC3 && i + 1 < length) {
            byte = (unsigned char)(((byte & 3U) << 6) | ((unsigned char)text[++i] & 0x3FU));
        }
        text[used++] = (char)byte;
    }
    return used;
}

/* --- reading -----------------------------------------------------------------------------------
 */

static void read_as(const struct dialect *dialect)
{
    struct kf_text text;
    kf_text_init(&text, 1 << 16);
    if (dialect->bom) {
        kf_text_add(&text, "\xef\xbb\xbf");
    }
    add_header(&text, dialect);
    for (size_t i = 0; i < ROWS; i++) {
        add_rows(&text, dialect, i);
    }
    assert_false(text.failed);
    size_t length = dialect->windows ? to_windows(text.bytes, text.length) : text.length;
    kf_observations_destroy(&world.table);
    world.table = kf_observations_new(world.variables, 1000);
    if (read_bytes(text.bytes, length) != KF_OK) {
        fail_msg("refused: %s\n%.*s", world.report.bytes, (int)length, text.bytes);
    }
    kf_text_clear(&text);
    struct kf_error err;
    assert_int_equal(kf_observations_seal(world.table, &world.findings, &err), KF_OK);
}

/* The rows as the plain form in this tree's own dialect has them. */
static void read_plain(struct kf_observation expected[ROWS * CELLS])
{
    char text[4096] = KF_OBSERVATION_CSV_HEADER "\n";
    for (size_t i = 0; i < ROWS * CELLS; i++) {
        const struct cell *cell = &cells[i / CELLS][i % CELLS];
        size_t used = strlen(text);
        (void)snprintf(text + used, sizeof text - used, "%s,2010,%s,%s%s%s,%s\n", codes[i / CELLS],
                       variables[i % CELLS], cell->mark ? "" : cell->whole,
                       !cell->mark && cell->fraction[0] ? "." : "",
                       cell->mark ? "" : cell->fraction,
                       cell->mark      ? cell->mark
                       : cell->starred ? "*"
                                       : "");
    }
    kf_observations_destroy(&world.table);
    world.table = kf_observations_new(world.variables, 1000);
    assert_int_equal(read_text(text), KF_OK);
    struct kf_error err;
    assert_int_equal(kf_observations_seal(world.table, &world.findings, &err), KF_OK);
    size_t count = 0;
    const struct kf_observation *rows = kf_observations_rows(world.table, &count);
    assert_int_equal(count, ROWS * CELLS);
    memcpy(expected, rows, count * sizeof *rows);
}

static void expect_same(const struct kf_observation expected[ROWS * CELLS])
{
    size_t count = 0;
    const struct kf_observation *rows = kf_observations_rows(world.table, &count);
    assert_int_equal(count, ROWS * CELLS);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(rows[i].municipality, expected[i].municipality);
        assert_int_equal(rows[i].year, expected[i].year);
        assert_int_equal(rows[i].variable, expected[i].variable);
        assert_int_equal(rows[i].status, expected[i].status);
        assert_memory_equal(&rows[i].value, &expected[i].value, sizeof rows[i].value);
    }
}

static void read_in_all_ways(const struct kf_observation *expected, char separator, char decimal)
{
    const char *const thousands[] = {
        "", " ", "\xc2\xa0", "'", "\xe2\x80\xaf", "\xe2\x80\x99", decimal == ',' ? "." : ","};
    for (size_t t = 0; t < sizeof thousands / sizeof thousands[0]; t++) {
        for (unsigned ways = 0; ways < 64; ways++) {
            bool beyond = (unsigned char)thousands[t][0] == 0xe2;
            const struct dialect dialect = {.separator = separator,
                                            .decimal = decimal,
                                            .thousands = thousands[t],
                                            .line_end = ways & 1 ? "\r\n" : "\n",
                                            .windows = !beyond && (ways & 2),
                                            .bom = (ways & 34) == 32,
                                            .wide = ways & 4,
                                            .norwegian = ways & 8,
                                            .quoted = ways & 16,
                                            .trailing = ways & 32};
            read_as(&dialect);
            expect_same(expected);
            forget();
        }
    }
}

static void a_sound_table_is_the_same_in_every_dialect(void **state)
{
    (void)state;
    struct kf_observation expected[ROWS * CELLS];
    drawn = 20100615;
    for (unsigned round = 0; round < ROUNDS; round++) {
        draw_table();
        read_plain(expected);
        read_in_all_ways(expected, round & 1 ? ';' : '\t', round & 2 ? '.' : ',');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(a_sound_table_is_the_same_in_every_dialect)};
    return cmocka_run_group_tests(tests, open_registers, close_registers);
}
