/* Editions from YAML: change since the year before, and growth of wages and prices (METHOD T1–T6).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/numbers.h"
#include "common/base/text.h"
#include "common/model/edition_reader.h"

#define GROWTH_MIN (-50.0) /* percent; no year of a country that publishes accounts comes near */
#define GROWTH_MAX 100.0

static const char *const change_keys[] = {"production", "expenditure", "base", NULL};
static const char *const deflator_keys[] = {"year", "wages", "prices", "sectors", NULL};
static const char *const growth_keys[] = {"id", "wages", NULL};

/* --- deflators ------------------------------------------------------------------------------- */

static double read_growth(struct kf_edition_reader *reader, struct kf_yaml_node map,
                          const char *key)
{
    double percent = 0;
    if (kf_yaml_get_number(map, key, true, &percent, reader->findings) &&
        (percent < GROWTH_MIN || percent > GROWTH_MAX)) {
        kf_yaml_fault_format(kf_yaml_get(map, key), reader->findings, key,
                             "write growth in percent: 3.5 stands for 3.5 %",
                             "is no growth from %g to %g percent", GROWTH_MIN, GROWTH_MAX);
        return 0;
    }
    return kf_figure_canonical(percent);
}

static void read_sector_growth(struct kf_edition_reader *reader, struct kf_yaml_node node,
                               struct kf_sector_growth *growth)
{
    kf_yaml_check_keys(node, growth_keys, reader->findings);
    growth->sector = "";
    if (!kf_yaml_is_map(node)) {
        return;
    }
    growth->sector = kf_edition_id(reader, node, "id");
    growth->wages_percent = read_growth(reader, node, "wages");
    if (growth->sector[0] && !kf_yaml_exists(kf_edition_find(reader, "sectors", growth->sector))) {
        kf_edition_fault_unknown(reader, kf_yaml_get(node, "id"), "id", "sectors");
    }
}

static void read_sector_growths(struct kf_edition_reader *reader, struct kf_yaml_node node,
                                struct kf_deflator *deflator)
{
    if (!kf_yaml_exists(kf_yaml_get(node, "sectors"))) {
        return;
    }
    struct kf_yaml_node list = kf_edition_list(reader, node, "sectors", 1, KF_SECTORS_MAX);
    size_t count = kf_yaml_count(list);
    deflator->sectors = kf_edition_room(reader, count, sizeof *deflator->sectors);
    deflator->sectors_len = deflator->sectors ? count : 0;
    for (size_t s = 0; s < deflator->sectors_len; s++) {
        read_sector_growth(reader, kf_yaml_item(list, s), &deflator->sectors[s]);
    }
    kf_edition_check_ids(reader, list);
}

static void read_deflator(struct kf_edition_reader *reader, struct kf_yaml_node node,
                          struct kf_deflator *deflator)
{
    static const struct kf_yaml_range years = {KF_EDITION_YEAR_MIN, KF_EDITION_YEAR_MAX};
    kf_yaml_check_keys(node, deflator_keys, reader->findings);
    if (!kf_yaml_is_map(node)) {
        return;
    }
    long year = 0;
    (void)kf_yaml_get_whole(node, "year", true, years, &year, reader->findings);
    deflator->year = (int)year;
    deflator->wages_percent = read_growth(reader, node, "wages");
    deflator->prices_percent = read_growth(reader, node, "prices");
    read_sector_growths(reader, node, deflator);
}

static int compare_deflators(const void *left, const void *right)
{
    const struct kf_deflator *a = left;
    const struct kf_deflator *b = right;
    return (a->year > b->year) - (a->year < b->year);
}

static void check_year_once(struct kf_edition_reader *reader, struct kf_yaml_node item,
                            const struct kf_deflator *deflators, size_t number)
{
    for (size_t i = 0; i < number; i++) {
        if (deflators[number].year != 0 && deflators[i].year == deflators[number].year) {
            kf_yaml_fault(kf_yaml_get(item, "year"), reader->findings, "year",
                          "keep one of the two", "has a deflator already");
        }
    }
}

static void read_deflators(struct kf_edition_reader *reader, struct kf_edition *edition)
{
    if (!kf_yaml_exists(kf_yaml_get(reader->root, "deflators"))) {
        return;
    }
    struct kf_yaml_node list =
        kf_edition_list(reader, reader->root, "deflators", 1, KF_DEFLATORS_MAX);
    size_t count = kf_yaml_count(list);
    struct kf_deflator *deflators = kf_edition_room(reader, count, sizeof *deflators);
    if (!deflators || count == 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        read_deflator(reader, kf_yaml_item(list, i), &deflators[i]);
        check_year_once(reader, kf_yaml_item(list, i), deflators, i);
    }
    qsort(deflators, count, sizeof *deflators, compare_deflators);
    edition->deflators = deflators;
    edition->deflators_len = count;
}

/* --- change ---------------------------------------------------------------------------------- */

static bool has_accounts(const struct kf_edition *edition)
{
    bool accounts = edition->expenditure.gross.count > 0;
    for (size_t s = 0; s < edition->sectors_len; s++) {
        accounts = accounts || edition->sectors[s].expenditure.gross.count > 0;
    }
    return accounts;
}

static bool has_deflator(const struct kf_edition *edition, int year)
{
    for (size_t i = 0; i < edition->deflators_len; i++) {
        if (edition->deflators[i].year == year) {
            return true;
        }
    }
    return false;
}

/* METHOD T2 takes expenditure of two years at one year's prices. */
static void check_deflators(struct kf_edition_reader *reader, const struct kf_edition *edition)
{
    int first = 0;
    int absent = 0;
    for (int year = edition->year_from; has_accounts(edition) && year <= edition->year_to; year++) {
        if (kf_edition_has_year(edition, year) && !has_deflator(edition, year)) {
            first = absent++ == 0 ? year : first;
        }
    }
    if (absent > 0) {
        char others[48] = "";
        if (absent > 1) {
            (void)snprintf(others, sizeof others, " and %d years more", absent - 1);
        }
        kf_yaml_fault_format(kf_yaml_get(reader->root, "change"), reader->findings, "change",
                             "add {year: …, wages: …, prices: …} to deflators",
                             "there is no deflator for %d%s", first, others);
    }
}

void kf_edition_read_change(struct kf_edition_reader *reader, struct kf_edition *edition)
{
    struct kf_change *change = &edition->change;
    *change = (struct kf_change){.production = "", .expenditure = ""};
    read_deflators(reader, edition);
    struct kf_yaml_node node = kf_yaml_get(reader->root, "change");
    if (!kf_yaml_exists(node)) {
        return;
    }
    if (kf_text_equal(kf_yaml_scalar(node), "computed")) {
        change->computed = true;
        check_deflators(reader, edition);
        return;
    }
    if (!kf_yaml_is_map(node)) {
        kf_yaml_fault(node, reader->findings, "change",
                      "write computed, or {production: VARIABLE, expenditure: VARIABLE, base: 100}",
                      "must be the word computed, or a map");
        return;
    }
    kf_yaml_check_keys(node, change_keys, reader->findings);
    change->production = kf_edition_variable(reader, node, "production", true);
    change->expenditure = kf_edition_variable(reader, node, "expenditure", true);
    change->base = kf_edition_one_or_hundred(reader, node, "base");
}
