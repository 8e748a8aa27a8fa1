/* Editions from YAML: expenditure of a sector and of the whole (METHOD E1). */
#include <limits.h>
#include <string.h>

#include "common/base/text.h"
#include "common/model/edition_reader.h"

static const char *const expenditure_keys[] = {"given", "gross",          "minus", "payroll_costs",
                                               "wages", "need_corrected", NULL};
static const char *const account_keys[] = {"gross", "minus", "payroll_costs", "wages",
                                           "need_corrected"};

#define ACCOUNT_KEYS (sizeof account_keys / sizeof account_keys[0])

/* --- rules ----------------------------------------------------------------------------------- */

/* Where the nearest of the accounts stands; UINT_MAX when there is none. */
static unsigned level_of_accounts(struct kf_yaml_node node)
{
    unsigned nearest = UINT_MAX;
    for (size_t i = 0; i < ACCOUNT_KEYS; i++) {
        struct kf_yaml_node account = kf_yaml_get(node, account_keys[i]);
        if (kf_yaml_exists(account) && kf_yaml_level(account) < nearest) {
            nearest = kf_yaml_level(account);
        }
    }
    return nearest;
}

static void refuse_accounts(struct kf_edition_reader *reader, struct kf_yaml_node node)
{
    unsigned level = kf_yaml_level(kf_yaml_get(node, "given"));
    for (size_t i = 0; i < ACCOUNT_KEYS; i++) {
        struct kf_yaml_node account = kf_yaml_get(node, account_keys[i]);
        if (kf_yaml_exists(account) && kf_yaml_level(account) == level) {
            kf_yaml_fault(account, reader->findings, account_keys[i], "remove it, or remove given",
                          "does not go with a given index");
        }
    }
}

/* Payroll costs are a share of wages, and so is part of a deflator (METHOD E1, T5); wages without
 * payroll costs serve a deflator only. */
static void check_wages(struct kf_edition_reader *reader, struct kf_yaml_node node)
{
    bool payroll = kf_yaml_exists(kf_yaml_get(node, "payroll_costs"));
    bool wages = kf_yaml_exists(kf_yaml_get(node, "wages"));
    bool gross = kf_yaml_exists(kf_yaml_get(node, "gross"));
    bool deflated = kf_text_equal(kf_yaml_scalar(kf_yaml_get(reader->root, "change")), "computed");
    if (payroll && !wages) {
        kf_yaml_fault_missing(node, reader->findings, "wages", "VARIABLE");
    } else if (deflated && gross && !wages) {
        kf_yaml_fault(node, reader->findings, "wages",
                      "add wages: VARIABLE, or take change: computed away",
                      "is missing: the deflator of a computed change weighs growth of wages by "
                      "their share of gross");
    } else if (wages && !payroll && !deflated) {
        kf_yaml_fault_missing(node, reader->findings, "payroll_costs", "VARIABLE");
    }
}

/* All accounts are in one unit, or their differences mean nothing. */
static void check_units(struct kf_edition_reader *reader, struct kf_yaml_node node,
                        const struct kf_expenditure *expenditure)
{
    const struct kf_terms *sums[] = {&expenditure->gross, &expenditure->minus,
                                     &expenditure->payroll_costs, &expenditure->wages};
    const char *unit = "";
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++) {
        const char *next = kf_edition_unit(reader, sums[i]);
        if (unit[0] && next[0] && strcmp(unit, next) != 0) {
            kf_yaml_fault_format(kf_yaml_get(node, account_keys[i]), reader->findings,
                                 account_keys[i],
                                 "name accounts of one unit, or convert by a factor",
                                 "is in %s, other accounts are in %s", next, unit);
        }
        unit = unit[0] ? unit : next;
    }
}

static bool any_sector(const struct kf_edition_reader *reader, const char *key, const char *below)
{
    struct kf_yaml_node sectors = kf_yaml_get(reader->root, "sectors");
    size_t count = kf_yaml_is_list(sectors) ? kf_yaml_count(sectors) : 0;
    for (size_t s = 0; s < count; s++) {
        struct kf_yaml_node node = kf_yaml_get(kf_yaml_item(sectors, s), key);
        if (kf_yaml_exists(below ? kf_yaml_get(node, below) : node)) {
            return true;
        }
    }
    return false;
}

/* A correction for need takes the sector's cost key; of the whole, at least one sector's. */
static void check_need_correction(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                  struct kf_yaml_node node, bool sector)
{
    bool need =
        sector ? kf_yaml_exists(kf_yaml_get(map, "need")) : any_sector(reader, "need", NULL);
    if (!need) {
        kf_yaml_fault(kf_yaml_get(node, "need_corrected"), reader->findings, "need_corrected",
                      sector ? "write false, or give the sector a need"
                             : "write false, or give the sectors a need",
                      sector ? "the sector has no cost key" : "no sector has a cost key");
    }
}

/* The sum of the sectors' accounts is divided by need when they are: the whole may not deny it. */
static void check_sectors_need(struct kf_edition_reader *reader, struct kf_yaml_node node)
{
    struct kf_yaml_node sectors = kf_yaml_get(reader->root, "sectors");
    size_t count = kf_yaml_is_list(sectors) ? kf_yaml_count(sectors) : 0;
    for (size_t s = 0; s < count; s++) {
        struct kf_yaml_node sector = kf_yaml_item(sectors, s);
        struct kf_yaml_node corrected =
            kf_yaml_get(kf_yaml_get(sector, "expenditure"), "need_corrected");
        if (kf_text_equal(kf_yaml_scalar(corrected), "true") &&
            !kf_yaml_exists(kf_yaml_get(sector, "administration"))) {
            kf_yaml_fault_format(kf_yaml_get(node, "need_corrected"), reader->findings,
                                 "need_corrected", "write true, or give the whole its own gross",
                                 "the whole is the sum of the sectors' accounts, and those of line "
                                 "%llu are divided by need",
                                 (unsigned long long)kf_yaml_line(corrected));
            return;
        }
    }
}

/* --- accounts -------------------------------------------------------------------------------- */

static bool has_other_accounts(struct kf_yaml_node node)
{
    return kf_yaml_exists(kf_yaml_get(node, "minus")) ||
           kf_yaml_exists(kf_yaml_get(node, "payroll_costs")) ||
           kf_yaml_exists(kf_yaml_get(node, "wages"));
}

/* The whole may leave its gross expenditure to the sectors' accounts. */
static void check_gross(struct kf_edition_reader *reader, struct kf_yaml_node node, bool sector)
{
    if (kf_yaml_exists(kf_yaml_get(node, "gross"))) {
        return;
    }
    if (sector || has_other_accounts(node) || !any_sector(reader, "expenditure", "gross")) {
        kf_yaml_fault_missing(node, reader->findings, "gross", "VARIABLE");
    }
}

static void read_accounts(struct kf_edition_reader *reader, struct kf_yaml_node node, bool sector,
                          struct kf_expenditure *expenditure)
{
    expenditure->gross = kf_edition_amount(reader, node, "gross");
    if (kf_yaml_exists(kf_yaml_get(node, "minus"))) {
        expenditure->minus = kf_edition_terms(reader, node, "minus", false);
    }
    expenditure->payroll_costs = kf_edition_amount(reader, node, "payroll_costs");
    expenditure->wages = kf_edition_amount(reader, node, "wages");
    (void)kf_yaml_get_flag(node, "need_corrected", true, &expenditure->need_corrected,
                           reader->findings);
    check_gross(reader, node, sector);
    check_wages(reader, node);
    check_units(reader, node, expenditure);
}

void kf_edition_read_expenditure(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                 const struct kf_sector *sector, struct kf_expenditure *expenditure)
{
    *expenditure = (struct kf_expenditure){.given = ""};
    struct kf_yaml_node node = kf_yaml_get(map, "expenditure");
    if (!kf_yaml_exists(node)) {
        return;
    }
    kf_yaml_check_keys(node, expenditure_keys, reader->findings);
    if (!kf_yaml_is_map(node)) {
        return;
    }
    struct kf_yaml_node given = kf_yaml_get(node, "given");
    if (kf_yaml_exists(given) && kf_yaml_level(given) <= level_of_accounts(node)) {
        expenditure->given = kf_edition_variable(reader, node, "given", true);
        refuse_accounts(reader, node);
        return;
    }
    read_accounts(reader, node, sector != NULL, expenditure);
    if (expenditure->need_corrected) {
        check_need_correction(reader, map, node, sector != NULL);
    } else if (!sector && expenditure->gross.count == 0) {
        check_sectors_need(reader, node);
    }
}
