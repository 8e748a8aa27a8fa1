/* Editions from YAML: years, and figures by year. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/numbers.h"
#include "common/base/text.h"
#include "common/model/edition_reader.h"

#define YEAR_DIGITS 4
#define YEAR_REMEDY "write four digits without quotes"

/* --- years ----------------------------------------------------------------------------------- */

static bool is_in_range(long number)
{
    return number >= KF_EDITION_YEAR_MIN && number <= KF_EDITION_YEAR_MAX;
}

bool kf_edition_is_year(struct kf_yaml_node node, int *year)
{
    long number = 0;
    if (!kf_yaml_to_whole(node, &number) || !is_in_range(number)) {
        return false;
    }
    *year = (int)number;
    return true;
}

void kf_edition_fault_year(struct kf_edition_reader *reader, struct kf_yaml_node node,
                           const char *key)
{
    kf_yaml_fault_format(node, reader->findings, key, YEAR_REMEDY, "is not a year from %d to %d",
                         KF_EDITION_YEAR_MIN, KF_EDITION_YEAR_MAX);
}

/* --- figures by year ------------------------------------------------------------------------- */

/* What a figure may be. Growth of −100 percent leaves nothing to divide by. */
static const struct {
    double minimum;
    bool above; /* the minimum itself is not allowed */
    double maximum;
    const char *problem;
    const char *remedy;
    const char *example; /* of the whole map */
} forms[] = {
    [KF_FIGURE_RATE] = {1, false, 1e5, "is no rate from 1 to 100000 kr",
                        "write kr, not 1000 kr, of an hour or a day, or leave the year out",
                        "{2017: …}"},
    [KF_FIGURE_THRESHOLD] = {0, true, 1e9, "is no amount above 0 and at most 1e9 kr",
                             "write kr, or leave the year out", "{2017: …}"},
    [KF_FIGURE_GROWTH] = {-100, true, 1000, "is no growth above -100 and at most 1000 percent",
                          "write growth in percent: 2.5 stands for 2.5 %", "{2017: 2.5}"},
    [KF_FIGURE_MONTHS] = {1, false, 12, "is no number of months from 1 to 12",
                          "write how many months of the year count", "{2017: 8}"},
};

static double read_figure(struct kf_edition_reader *reader, struct kf_yaml_node map, size_t i,
                          enum kf_edition_figure figure)
{
    double number = 0;
    const char *key = kf_yaml_key(map, i);
    if (kf_yaml_get_number(map, key, true, &number, reader->findings) &&
        (number < forms[figure].minimum || number > forms[figure].maximum ||
         (forms[figure].above && number == forms[figure].minimum))) {
        kf_yaml_fault(kf_yaml_value(map, i), reader->findings, key, forms[figure].remedy,
                      forms[figure].problem);
        return 1;
    }
    return kf_figure_canonical(number);
}

/* The year of pair `i`; 0 after a fault. */
static int read_year(struct kf_edition_reader *reader, struct kf_yaml_node map, size_t i)
{
    const char *key = kf_yaml_key(map, i);
    unsigned long year = 0;
    if (!key || strlen(key) != YEAR_DIGITS ||
        !kf_text_to_unsigned(key, strlen(key), KF_EDITION_YEAR_MAX, &year) ||
        !is_in_range((long)year)) {
        char problem[64];
        (void)snprintf(problem, sizeof problem, "is not a year from %d to %d", KF_EDITION_YEAR_MIN,
                       KF_EDITION_YEAR_MAX);
        kf_yaml_fault_key(map, i, reader->findings, "write the year: 2017: …", problem);
        return 0;
    }
    for (size_t j = 0; j < i; j++) {
        if (kf_text_equal(kf_yaml_key(map, j), key)) {
            kf_yaml_fault_key(map, i, reader->findings, "keep one of the two", "is given twice");
            return 0;
        }
    }
    return (int)year;
}

static int compare_figures(const void *left, const void *right)
{
    const struct kf_year_figure *a = left;
    const struct kf_year_figure *b = right;
    return (a->year > b->year) - (a->year < b->year);
}

struct kf_year_figures kf_edition_year_figures(struct kf_edition_reader *reader,
                                               struct kf_yaml_node map, const char *key,
                                               enum kf_edition_figure figure, bool required)
{
    struct kf_yaml_node node = kf_yaml_get(map, key);
    struct kf_year_figures figures = {NULL, 0};
    if (!kf_yaml_exists(node)) {
        if (required) {
            kf_yaml_fault_missing(map, reader->findings, key, forms[figure].example);
        }
        return figures;
    }
    size_t count = kf_yaml_is_map(node) ? kf_yaml_count(node) : 0;
    if (count == 0) {
        kf_yaml_fault_format(node, reader->findings, key, "write years and what holds for each",
                             "must be a map of years, e.g. %s", forms[figure].example);
        return figures;
    }
    figures.list = kf_edition_room(reader, count, sizeof *figures.list);
    for (size_t i = 0; figures.list && i < count; i++) {
        int year = read_year(reader, node, i);
        if (year > 0) {
            double value = read_figure(reader, node, i, figure);
            figures.list[figures.count++] = (struct kf_year_figure){year, value};
        }
    }
    if (figures.count > 0) {
        qsort(figures.list, figures.count, sizeof *figures.list, compare_figures);
    }
    return figures;
}

void kf_edition_check_years(struct kf_edition_reader *reader, struct kf_yaml_node node,
                            const char *key, const struct kf_year_figures *figures,
                            const int span[2])
{
    for (int year = span[0]; year <= span[1]; year++) {
        if (!kf_year_figure_of(figures, year)) {
            kf_yaml_fault_format(node, reader->findings, key, "add the year",
                                 "has nothing for %d, which is needed", year);
            return;
        }
    }
}
