#include "tools/kf/compare.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/decimal.h"
#include "common/base/lines.h"
#include "common/model/cell.h"
#include "tools/kf/table.h"

#define MEASURES_MAX   32
#define NAME_SIZE      80
#define PLACE_SIZE     256
#define LINE_BYTES_MAX 4096
#define FILE_BYTES_MAX ((uint64_t)64 * 1024 * 1024)
#define COLUMNS        7

static const char header[] = "table,sector,indicator,municipality,measure,value,imputed";

enum column { TABLE, SECTOR, INDICATOR, MUNICIPALITY, MEASURE, VALUE, IMPUTED };

/* One measure over all its values. */
struct tally {
    char measure[NAME_SIZE];
    size_t values;
    double largest;
    char place[PLACE_SIZE];
};

struct comparison {
    const char *path;
    const struct kf_published *published;
    struct tally tallies[MEASURES_MAX];
    size_t tallies_len;
    size_t absent;        /* printed, but not on the topics */
    size_t imputed_there; /* cells marked in the file */
    size_t imputed_both;  /* of these, flagged here too */
    size_t imputed_here;  /* cells of the file flagged here */
};

static enum kf_err fault(const struct comparison *self, const struct kf_lines *lines,
                         const char *what, struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_CONFIG, "%s:%llu: %s", self->path,
                        (unsigned long long)kf_lines_number(lines), what);
}

/* Cuts the line at its commas, in place. */
static bool split(char *line, char *fields[COLUMNS])
{
    size_t count = 0;
    for (char *at = line; at; count++) {
        char *comma = strchr(at, ',');
        if (count == COLUMNS) {
            return false;
        }
        fields[count] = at;
        if (comma) {
            *comma = '\0';
        }
        at = comma ? comma + 1 : NULL;
    }
    return count == COLUMNS;
}

/* The topic of a measure: those of indicators have a row for each, the others one for each sector.
 */
static enum kf_topic topic_of(const char *measure, bool indicator)
{
    size_t count = 0;
    const struct kf_measure *measures = kf_measures(&count);
    for (size_t i = 0; i < count; i++) {
        bool of_indicators = measures[i].topic == KF_TOPIC_INDICATOR;
        bool read = of_indicators || measures[i].topic == KF_TOPIC_INDEX ||
                    measures[i].topic == KF_TOPIC_EFFICIENCY;
        if (read && of_indicators == indicator && strcmp(measures[i].name, measure) == 0) {
            return measures[i].topic;
        }
    }
    return KF_TOPIC_NONE;
}

static struct tally *tally_of(struct comparison *self, const char *measure)
{
    for (size_t i = 0; i < self->tallies_len; i++) {
        if (strcmp(self->tallies[i].measure, measure) == 0) {
            return &self->tallies[i];
        }
    }
    if (self->tallies_len == MEASURES_MAX) {
        return NULL;
    }
    struct tally *tally = &self->tallies[self->tallies_len++];
    (void)snprintf(tally->measure, sizeof tally->measure, "%s", measure);
    return tally;
}

static void count_value(struct tally *tally, const struct kf_published_key *key, double printed,
                        double value)
{
    double difference = fabs(value - printed);
    tally->values++;
    if (tally->values == 1 || difference > tally->largest) {
        tally->largest = difference;
        (void)snprintf(tally->place, sizeof tally->place, "%s %s%s%s: %g, here %.4f",
                       key->municipality, key->sector, key->indicator[0] ? " " : "", key->indicator,
                       printed, value);
    }
}

static void count_imputed(struct comparison *self, const struct kf_published_key *key, bool printed)
{
    uint8_t status = 0;
    bool here = kf_published_status(self->published, key, &status) && (status & KF_CELL_IMPUTED);
    self->imputed_there += printed;
    self->imputed_here += here;
    self->imputed_both += printed && here;
}

static enum kf_err take_line(struct comparison *self, const struct kf_lines *lines, char *line,
                             struct kf_error *err)
{
    char *fields[COLUMNS];
    double printed = 0;
    if (!split(line, fields)) {
        return fault(self, lines, "not seven fields", err);
    }
    if (!kf_decimal_parse(fields[VALUE], strlen(fields[VALUE]), &printed)) {
        return fault(self, lines, "the value is no number", err);
    }
    struct kf_published_key key = {topic_of(fields[MEASURE], fields[INDICATOR][0] != '\0'),
                                   fields[MUNICIPALITY], fields[SECTOR], fields[INDICATOR]};
    struct tally *tally = key.topic ? tally_of(self, fields[MEASURE]) : NULL;
    if (!tally) {
        return fault(self, lines, "the measure is not known", err);
    }
    double value = 0;
    if (!kf_published_value(self->published, &key, fields[MEASURE], &value)) {
        self->absent++;
        return KF_OK;
    }
    count_value(tally, &key, printed, value);
    count_imputed(self, &key, strcmp(fields[IMPUTED], "1") == 0);
    return KF_OK;
}

static enum kf_err take_lines(struct comparison *self, struct kf_lines *lines, struct kf_error *err)
{
    char copy[LINE_BYTES_MAX + 1];
    const char *line = NULL;
    size_t length = 0;
    enum kf_err code;
    while ((code = kf_lines_next(lines, &line, &length, err)) == KF_OK) {
        (void)snprintf(copy, sizeof copy, "%.*s", (int)length, line);
        if (kf_lines_number(lines) > 1) {
            code = take_line(self, lines, copy, err);
        } else if (strcmp(copy, header) != 0) {
            code = fault(self, lines, "the header is another than expected", err);
        }
        if (code != KF_OK) {
            return code;
        }
    }
    return code == KF_ERR_AGAIN ? KF_OK : code;
}

static enum kf_err print(const struct comparison *self, struct kf_text *text, struct kf_error *err)
{
    struct kf_table *table = kf_table_new();
    if (!table) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a table");
    }
    kf_table_add_column(table, "Measure", KF_TABLE_LEFT);
    kf_table_add_column(table, "Values", KF_TABLE_RIGHT);
    kf_table_add_column(table, "Largest difference", KF_TABLE_RIGHT);
    kf_table_add_column(table, "Where", KF_TABLE_LEFT);
    for (size_t i = 0; i < self->tallies_len; i++) {
        const struct tally *tally = &self->tallies[i];
        char values[32];
        (void)snprintf(values, sizeof values, "%zu", tally->values);
        kf_table_add_cell(table, tally->measure, "");
        kf_table_add_cell(table, values, "");
        kf_table_add_number(table, tally->largest, 4, "");
        kf_table_add_cell(table, tally->place, "");
    }
    enum kf_err code = kf_table_print(table, "", "", text, err);
    kf_table_destroy(&table);
    kf_text_add_format(text, "  imputed cells: %zu printed, %zu here, %zu the same\n",
                       self->imputed_there, self->imputed_here, self->imputed_both);
    if (self->absent > 0) {
        kf_text_add_format(text, "  %zu printed values are not on the topics\n", self->absent);
    }
    return code;
}

enum kf_err kf_compare(const char *path, const struct kf_published *published, struct kf_text *text,
                       bool *found, struct kf_error *err)
{
    struct comparison self = {.path = path, .published = published};
    struct kf_lines_options options = {.line_bytes_max = LINE_BYTES_MAX,
                                       .file_bytes_max = FILE_BYTES_MAX};
    struct kf_lines *lines = NULL;
    enum kf_err code = kf_lines_open(path, &options, &lines, err);
    if (code != KF_OK) {
        return kf_error_set(err, KF_ERR_CONFIG, "%s", err->text);
    }
    code = take_lines(&self, lines, err);
    kf_lines_destroy(&lines);
    if (code == KF_OK) {
        code = print(&self, text, err);
    }
    if (code == KF_OK) {
        *found = self.absent == 0;
    }
    return code;
}
