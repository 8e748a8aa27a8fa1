/* The reader of json-stat against jansson, on one document and in one run.
 *
 *     kf-bench-jsonstat editions/municipalities.csv [MEGABYTES] [ROUNDS]
 *
 * The document is made here: a table of all municipality codes, figures with up to one decimal, a
 * hundredth of them missing with a symbol. Both are given all of it; jansson makes its tree of it
 * and the figures are taken from the array, the reader makes its table. That both found the same
 * figures is checked. Printed are the medians.
 */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "services/ingest/jsonstat/jsonstat.h"

#define CODES_MAX   4096
#define ROUNDS_MAX  99
#define REPEATS     10 /* of the reader in a round: the clock counts milliseconds */
#define YEARS       10
#define CELL_BYTES  7 /* of a figure with its comma, about */
#define MISSING_OF  100
#define BYTES_MAX   ((size_t)256 * 1024 * 1024)
#define TO_MEGABYTE (1024.0 * 1024.0)

static char codes[CODES_MAX][5];
static size_t codes_len;
static uint64_t seed = 20260315;

static unsigned draw(unsigned below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % below;
}

/* The first four digits of each line, each code once. */
static int read_codes(const char *path)
{
    char line[1024];
    FILE *file = fopen(path, "r");
    if (!file) {
        (void)fprintf(stderr, "cannot open %s\n", path);
        return -1;
    }
    while (codes_len < CODES_MAX && fgets(line, sizeof line, file)) {
        bool is_code = strspn(line, "0123456789") == 4;
        if (is_code && (codes_len == 0 || memcmp(codes[codes_len - 1], line, 4) != 0)) {
            memcpy(codes[codes_len++], line, 4);
        }
    }
    (void)fclose(file);
    return codes_len > 0 ? 0 : -1;
}

static void add_dimension(struct kf_text *text, const char *id, const char *prefix, size_t count)
{
    kf_text_add_format(text, "\"%s\":{\"label\":\"%s\",\"category\":{\"index\":{", id, id);
    for (size_t i = 0; i < count; i++) {
        const char *code = prefix ? prefix : codes[i];
        kf_text_add_format(text, prefix ? "%s\"%s%zu\":%zu" : "%s\"%s\":%zu", i > 0 ? "," : "",
                           code, i, i);
    }
    kf_text_add(text, "}}}");
}

static void add_cells(struct kf_text *text, size_t cells)
{
    struct kf_text statuses;
    kf_text_init(&statuses, BYTES_MAX);
    kf_text_add(text, "},\"value\":[");
    for (size_t i = 0; i < cells; i++) {
        const char *comma = i > 0 ? "," : "";
        if (draw(MISSING_OF) == 0) {
            kf_text_add_format(text, "%snull", comma);
            kf_text_add_format(&statuses, "%s\"%zu\":\"..\"", statuses.length > 0 ? "," : "", i);
        } else if (draw(2) == 0) {
            kf_text_add_format(text, "%s%u.%u", comma, draw(10000), 1 + draw(9));
        } else {
            kf_text_add_format(text, "%s%u", comma, draw(1000000));
        }
    }
    kf_text_add_format(text, "],\"status\":{%s}}", statuses.bytes);
    kf_text_clear(&statuses);
}

/* Municipality × contents × year; returns how many cells. */
static size_t make_document(struct kf_text *text, size_t megabytes)
{
    size_t contents =
        (size_t)((double)megabytes * TO_MEGABYTE) / CELL_BYTES / YEARS / codes_len + 1;
    size_t cells = codes_len * contents * YEARS;
    kf_text_add_format(text,
                       "{\"version\":\"2.0\",\"class\":\"dataset\",\"label\":\"00000: made\","
                       "\"source\":\"\",\"updated\":\"2026-03-15T07:00:00Z\","
                       "\"role\":{\"time\":[\"Tid\"],\"geo\":[\"Region\"]},"
                       "\"id\":[\"Region\",\"Contents\",\"Tid\"],\"size\":[%zu,%zu,%d],"
                       "\"dimension\":{",
                       codes_len, contents, YEARS);
    add_dimension(text, "Region", NULL, codes_len);
    kf_text_add(text, ",");
    add_dimension(text, "Contents", "KOS", contents);
    kf_text_add(text, ",");
    add_dimension(text, "Tid", "201", YEARS);
    add_cells(text, cells);
    return cells;
}

static double seconds_now(void)
{
    return (double)kf_clock_monotonic_ms() / 1e3;
}

/* Sum of all figures, so that both can be compared; NAN when it was not read. */
static double read_once(const struct kf_text *text, size_t cells, double *seconds)
{
    const struct kf_jsonstat_limits limits = {.cells_max = cells, .bytes_max = BYTES_MAX};
    struct kf_jsonstat_reader *reader = NULL;
    const struct kf_jsonstat *table = NULL;
    struct kf_error err = {0};
    double sum = NAN;
    double begun = seconds_now();
    enum kf_err code = kf_jsonstat_reader_new(&limits, &reader, &err);
    for (size_t i = 0; code == KF_OK && i < text->length; i += 65536) {
        size_t length = text->length - i < 65536 ? text->length - i : 65536;
        code = kf_jsonstat_reader_feed(reader, text->bytes + i, length, &err);
    }
    code = code == KF_OK ? kf_jsonstat_reader_finish(reader, &table, &err) : code;
    *seconds = seconds_now() - begun;
    if (code == KF_OK) {
        sum = 0.0;
        for (size_t i = 0; i < table->cells; i++) {
            sum += table->values[i];
        }
    } else {
        (void)fprintf(stderr, "%s\n", err.text);
    }
    kf_jsonstat_reader_destroy(&reader);
    return sum;
}

static double read_with_reader(const struct kf_text *text, size_t cells, double *seconds)
{
    double sum = NAN;
    double all = 0.0;
    for (int i = 0; i < REPEATS; i++) {
        double one = 0.0;
        sum = read_once(text, cells, &one);
        all += one;
    }
    *seconds = all / REPEATS;
    return sum;
}

static double read_with_jansson(const struct kf_text *text, size_t cells, double *seconds)
{
    json_error_t error;
    double *values = kf_calloc(cells, sizeof *values);
    double sum = NAN;
    size_t i = 0;
    const json_t *value = NULL;
    if (!values) {
        return sum;
    }
    double begun = seconds_now();
    json_t *root = json_loadb(text->bytes, text->length, JSON_DECODE_INT_AS_REAL, &error);
    json_array_foreach(json_object_get(root, "value"), i, value)
    {
        values[i] = json_number_value(value);
    }
    *seconds = seconds_now() - begun;
    if (root && i == cells) {
        sum = 0.0;
        for (i = 0; i < cells; i++) {
            sum += values[i];
        }
    }
    json_decref(root);
    kf_free(values);
    return sum;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *list, size_t count)
{
    qsort(list, count, sizeof *list, compare);
    return list[count / 2];
}

static const char usage[] =
    "usage: kf-bench-jsonstat MUNICIPALITIES.csv [MEGABYTES] [ROUNDS]\n\n"
    "Makes a table as json-stat, reads it with the reader of ingest and with jansson, and prints\n"
    "how fast each was. Exit: 0 both read the same, 1 they did not, 2 wrong usage.\n";

int main(int argc, char **argv)
{
    unsigned long megabytes = 20;
    unsigned long rounds = 5;
    double ours[ROUNDS_MAX];
    double theirs[ROUNDS_MAX];
    struct kf_text text;
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        return fputs(usage, stdout) < 0;
    }
    if (argc < 2 || read_codes(argv[1]) != 0 ||
        (argc > 2 && !kf_text_to_unsigned(argv[2], strlen(argv[2]), 200, &megabytes)) ||
        (argc > 3 && !kf_text_to_unsigned(argv[3], strlen(argv[3]), ROUNDS_MAX, &rounds)) ||
        megabytes == 0 || rounds == 0) {
        (void)fputs(usage, stderr);
        return 2;
    }
    kf_text_init(&text, BYTES_MAX);
    size_t cells = make_document(&text, megabytes);
    bool same = !text.failed;
    for (unsigned long i = 0; same && i < rounds; i++) {
        double sum = read_with_reader(&text, cells, &ours[i]);
        same = sum == read_with_jansson(&text, cells, &theirs[i]);
    }
    if (same) {
        double reader = median(ours, rounds);
        double jansson = median(theirs, rounds);
        double size = (double)text.length / TO_MEGABYTE;
        (void)printf(
            "json-stat          %.1f MB, %zu cells, %zu codes; the same figures from both\n", size,
            cells, codes_len);
        (void)printf("  reader           %8.4f s   %.0f MB/s\n", reader, size / reader);
        (void)printf("  jansson          %8.4f s   %.0f MB/s\n", jansson, size / jansson);
        (void)printf("  ratio            %8.1f\n", jansson / reader);
    } else {
        (void)fprintf(stderr, "the two did not read the same figures\n");
    }
    kf_text_clear(&text);
    return same ? 0 : 1;
}
