/* Editions from YAML: resource use of a sector and disposable income (METHOD R1–R12). */
#include <string.h>

#include "common/base/text.h"
#include "common/model/edition_reader.h"

static const char *const resources_keys[] = {"net", "outside", "need_of", "adjustments", NULL};
static const char *const adjustment_keys[] = {"id",    "name", "to", "amount", "payroll_costs",
                                              "wages", "only", NULL};
static const char *const income_keys[] = {"given", "uses", NULL};
static const char *const use_keys[] = {"id", "name", "amount", NULL};
static const char *const adjusted[] = {"expenditure", "need", NULL};
static const char *const amounts[] = {"amount", "payroll_costs", NULL};

/* --- adjustments ----------------------------------------------------------------------------- */

/* METHOD R2: what payroll costs are replaced by is a percentage of wages, and expenditure. */
static void read_payroll(struct kf_edition_reader *reader, struct kf_yaml_node node,
                         struct kf_adjustment *adjustment)
{
    adjustment->payroll_costs = kf_edition_money(reader, node, "payroll_costs", true);
    adjustment->wages = kf_edition_money(reader, node, "wages", true);
    if (adjustment->to == KF_ADJUST_NEED) {
        kf_yaml_fault(kf_yaml_get(node, "to"), reader->findings, "to",
                      "write expenditure, or an amount instead of payroll costs",
                      "does not go with payroll costs: they are expenditure");
    }
}

static void read_amount(struct kf_edition_reader *reader, struct kf_yaml_node node,
                        struct kf_adjustment *adjustment)
{
    struct kf_yaml_node wages = kf_yaml_get(node, "wages");
    adjustment->amount = kf_edition_money(reader, node, "amount", true);
    if (kf_yaml_exists(wages) &&
        kf_yaml_level(wages) <= kf_yaml_level(kf_yaml_get(node, "amount"))) {
        kf_yaml_fault(wages, reader->findings, "wages", "remove it, or write payroll_costs",
                      "does not go with amount");
    }
}

static void read_amounts(struct kf_edition_reader *reader, struct kf_yaml_node node,
                         struct kf_adjustment *adjustment)
{
    int chosen = kf_edition_choose(reader, node, amounts);
    if (chosen == 0) {
        read_amount(reader, node, adjustment);
    } else if (chosen == 1) {
        read_payroll(reader, node, adjustment);
    } else {
        kf_yaml_fault(node, reader->findings, "amount",
                      "write amount: VARIABLE, or payroll_costs: VARIABLE and wages: VARIABLE",
                      "the adjustment changes nothing");
    }
}

static void read_adjustment(struct kf_edition_reader *reader, struct kf_yaml_node node,
                            struct kf_adjustment *adjustment)
{
    *adjustment = (struct kf_adjustment){.id = "", .name = {"", ""}, .to = KF_ADJUST_EXPENDITURE};
    kf_yaml_check_keys(node, adjustment_keys, reader->findings);
    if (!kf_yaml_is_map(node)) {
        return;
    }
    adjustment->id = kf_edition_id(reader, node, "id");
    adjustment->name = kf_edition_name(reader, node, "name");
    int to = kf_edition_word(reader, node, "to", adjusted, false);
    adjustment->to = to ? (enum kf_adjusted)to : KF_ADJUST_EXPENDITURE;
    read_amounts(reader, node, adjustment);
    if (kf_yaml_exists(kf_yaml_get(node, "only"))) {
        adjustment->only = kf_edition_codes(reader, node, "only", KF_ADJUSTED_MAX,
                                            &adjustment->only_len, &adjustment->only_at);
    }
}

static void read_adjustments(struct kf_edition_reader *reader, struct kf_yaml_node map,
                             struct kf_resources *resources)
{
    if (!kf_yaml_exists(kf_yaml_get(map, "adjustments"))) {
        return;
    }
    struct kf_yaml_node list = kf_edition_list(reader, map, "adjustments", 1, KF_ADJUSTMENTS_MAX);
    size_t count = kf_yaml_count(list);
    struct kf_adjustment *adjustments = kf_edition_room(reader, count, sizeof *adjustments);
    for (size_t i = 0; adjustments && i < count; i++) {
        read_adjustment(reader, kf_yaml_item(list, i), &adjustments[i]);
    }
    kf_edition_check_ids(reader, list);
    resources->adjustments = adjustments;
    resources->adjustments_len = adjustments ? count : 0;
}

/* --- resource use ---------------------------------------------------------------------------- */

/* METHOD R7: another sector's need index. */
static const char *read_need_of(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                const char *own)
{
    const char *id = "";
    struct kf_yaml_node node = kf_yaml_get(map, "need_of");
    if (!kf_yaml_get_id(map, "need_of", false, &id, reader->findings)) {
        return "";
    }
    struct kf_yaml_node sector = kf_edition_find(reader, "sectors", id);
    if (!kf_yaml_exists(sector)) {
        kf_edition_fault_unknown(reader, node, "need_of", "sectors");
    } else if (strcmp(id, own) == 0) {
        kf_yaml_fault(node, reader->findings, "need_of", "remove it, or name another sector",
                      "is the sector itself, whose need index counts anyway");
    } else if (!kf_yaml_exists(kf_yaml_get(sector, "need"))) {
        kf_yaml_fault(node, reader->findings, "need_of",
                      "name a sector that has a need, or give that one a need",
                      "is a sector without a need index");
    }
    return kf_edition_keep(reader, id);
}

void kf_edition_read_resources(struct kf_edition_reader *reader, struct kf_yaml_node node,
                               struct kf_sector *sector)
{
    struct kf_resources *resources = &sector->resources;
    *resources = (struct kf_resources){.need_of = ""};
    struct kf_yaml_node map = kf_yaml_get(node, "resources");
    if (!kf_yaml_exists(map)) {
        return;
    }
    kf_yaml_check_keys(map, resources_keys, reader->findings);
    if (!kf_yaml_is_map(map)) {
        return;
    }
    resources->net = kf_edition_money(reader, map, "net", true);
    (void)kf_yaml_get_flag(map, "outside", false, &resources->outside, reader->findings);
    resources->need_of = read_need_of(reader, map, sector->id);
    read_adjustments(reader, map, resources);
}

/* --- disposable income ----------------------------------------------------------------------- */

static void read_use(struct kf_edition_reader *reader, struct kf_yaml_node node, struct kf_use *use)
{
    *use = (struct kf_use){.id = "", .name = {"", ""}};
    kf_yaml_check_keys(node, use_keys, reader->findings);
    if (!kf_yaml_is_map(node)) {
        return;
    }
    use->id = kf_edition_sector_id(reader, node, "use");
    use->name = kf_edition_name(reader, node, "name");
    use->amount = kf_edition_money(reader, node, "amount", true);
    struct kf_yaml_node sector = kf_edition_find(reader, "sectors", use->id);
    if (use->id[0] && kf_yaml_exists(sector)) {
        kf_yaml_fault_format(kf_yaml_get(node, "id"), reader->findings, "id",
                             "choose another id: sectors are uses by themselves",
                             "is the sector of line %llu",
                             (unsigned long long)kf_yaml_line(kf_yaml_get(sector, "id")));
    }
}

static void read_uses(struct kf_edition_reader *reader, struct kf_yaml_node map,
                      struct kf_edition *edition)
{
    struct kf_yaml_node list = kf_edition_list(reader, map, "uses", 1, KF_USES_MAX);
    size_t count = kf_yaml_count(list);
    struct kf_use *uses = kf_edition_room(reader, count, sizeof *uses);
    for (size_t i = 0; uses && i < count; i++) {
        read_use(reader, kf_yaml_item(list, i), &uses[i]);
    }
    kf_edition_check_ids(reader, list);
    edition->uses = uses;
    edition->uses_len = uses ? count : 0;
}

/* METHOD R10 adds the sectors up: there must be some. */
static void check_sectors(struct kf_edition_reader *reader, struct kf_yaml_node map)
{
    struct kf_yaml_node sectors = kf_yaml_get(reader->root, "sectors");
    for (size_t s = 0; s < kf_yaml_count(sectors); s++) {
        if (kf_yaml_exists(kf_yaml_get(kf_yaml_item(sectors, s), "resources"))) {
            return;
        }
    }
    kf_yaml_fault(map, reader->findings, "disposable_income",
                  "remove it, or give sectors resources: {net: VARIABLE}",
                  "no sector says what it spends of it");
}

void kf_edition_read_income(struct kf_edition_reader *reader, struct kf_edition *edition)
{
    struct kf_yaml_node map = kf_yaml_get(reader->root, "disposable_income");
    if (!kf_yaml_exists(map)) {
        return;
    }
    kf_yaml_check_keys(map, income_keys, reader->findings);
    if (!kf_yaml_is_map(map)) {
        return;
    }
    if (kf_yaml_exists(kf_yaml_get(map, "given"))) {
        edition->income = kf_edition_money(reader, map, "given", true);
    }
    read_uses(reader, map, edition);
    check_sectors(reader, map);
}
