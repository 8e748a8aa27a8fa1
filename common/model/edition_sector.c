/* Editions from YAML: sectors, and the rules between them. */
#include <math.h>
#include <string.h>

#include "common/base/text.h"
#include "common/model/edition_reader.h"

static const char *const sector_keys[] = {"id",     "name",        "weight",     "administration",
                                          "source", "index",       "indicators", "weights",
                                          "need",   "expenditure", "resources",  NULL};
static const char *const products[] = {"index", "indicators", NULL};

/* --- one sector ------------------------------------------------------------------------------ */

static bool produces(struct kf_yaml_node node)
{
    return kf_yaml_exists(kf_yaml_get(node, "index")) ||
           kf_yaml_exists(kf_yaml_get(node, "indicators"));
}

static void read_identity(struct kf_edition_reader *reader, struct kf_yaml_node node,
                          struct kf_sector *sector)
{
    sector->id = kf_edition_sector_id(reader, node, "sector");
    sector->name = kf_edition_name(reader, node, "name");
    const char *source = NULL;
    (void)kf_yaml_get_text(node, "source", false, &source, reader->findings);
}

/* METHOD E4: administration costs money and produces none of the services that are measured. */
static void read_administration(struct kf_edition_reader *reader, struct kf_yaml_node node,
                                struct kf_sector *sector)
{
    struct kf_yaml_node flag = kf_yaml_get(node, "administration");
    (void)kf_yaml_get_flag(node, "administration", false, &sector->administration,
                           reader->findings);
    if (sector->administration && produces(node)) {
        kf_yaml_fault(flag, reader->findings, "administration",
                      "remove it, or take away the indicators or the index",
                      "is true of a sector that produces services");
    }
}

/* An index, or indicators with their weights: whichever stands nearer. */
static void read_production(struct kf_edition_reader *reader, struct kf_yaml_node node,
                            const struct kf_edition *edition, struct kf_sector *sector)
{
    struct kf_yaml_node weights = kf_yaml_get(node, "weights");
    int chosen = kf_edition_choose(reader, node, products);
    if (chosen == 1) {
        kf_edition_read_indicators(reader, node, edition->missing, sector);
        return;
    }
    sector->given = kf_edition_variable(reader, node, "index", false);
    unsigned level = kf_yaml_level(kf_yaml_get(node, "index"));
    if (kf_yaml_exists(weights) && (chosen < 0 || kf_yaml_level(weights) <= level)) {
        kf_yaml_fault(weights, reader->findings, "weights", "remove it, or add indicators",
                      "there are no indicators among which weight is distributed");
    }
}

static void check_purpose(struct kf_edition_reader *reader, struct kf_yaml_node node)
{
    static const char *const any[] = {"index", "indicators", "need", "expenditure", "resources"};
    for (size_t i = 0; i < sizeof any / sizeof any[0]; i++) {
        if (kf_yaml_exists(kf_yaml_get(node, any[i]))) {
            return;
        }
    }
    kf_yaml_fault(node, reader->findings, "indicators",
                  "add indicators, an index, a need, an expenditure or resources, or remove the "
                  "sector",
                  "the sector has nothing that could be computed");
}

/* METHOD A9: quality multiplies a quantity. */
static void check_quantity(struct kf_edition_reader *reader, struct kf_yaml_node node,
                           const struct kf_edition *edition, const struct kf_sector *sector)
{
    bool quantity = edition->composition != KF_COMPOSE_PRODUCT || sector->indicators_len == 0;
    for (size_t i = 0; i < sector->indicators_len; i++) {
        quantity = quantity || sector->indicators[i].aspect == KF_ASPECT_QUANTITY;
    }
    if (!quantity) {
        kf_yaml_fault(kf_yaml_get(node, "indicators"), reader->findings, "aspect",
                      "mark what is counted as aspect: quantity, or write composition: sum",
                      "a product takes at least one indicator of quantity");
    }
}

static void read_sector(struct kf_edition_reader *reader, struct kf_yaml_node node,
                        const struct kf_edition *edition, struct kf_sector *sector)
{
    *sector = (struct kf_sector){.id = "",
                                 .name = {"", ""},
                                 .weighting = {.closure = KF_CLOSURE_NONE},
                                 .given = "",
                                 .published_need = "",
                                 .resources = {.need_of = ""},
                                 .expenditure = {.given = ""}};
    kf_yaml_check_keys(node, sector_keys, reader->findings);
    if (!kf_yaml_is_map(node)) {
        sector->weight = NAN;
        return;
    }
    read_identity(reader, node, sector);
    read_administration(reader, node, sector);
    kf_edition_read_need(reader, node, edition, sector);
    kf_edition_read_resources(reader, node, sector);
    read_production(reader, node, edition, sector);
    kf_edition_read_expenditure(reader, node, sector, &sector->expenditure);
    check_purpose(reader, node);
    check_quantity(reader, node, edition, sector);
}

/* --- weights of the sectors ------------------------------------------------------------------ */

/* A sector that produces nothing has no weight; a total that is given takes none. */
static bool takes_weight(struct kf_edition_reader *reader, struct kf_yaml_node item, bool given)
{
    struct kf_yaml_node weight = kf_yaml_get(item, "weight");
    if (!kf_yaml_is_map(item) || produces(item)) {
        return kf_yaml_is_map(item) && (!given || kf_yaml_exists(weight));
    }
    if (kf_yaml_exists(weight)) {
        kf_yaml_fault(weight, reader->findings, "weight",
                      kf_yaml_level(weight) ? "write weight: null, which takes it away"
                                            : "remove it, or add indicators",
                      "the sector produces nothing and has no share of the total");
    }
    return false;
}

static void derive_weights(struct kf_edition_reader *reader, struct kf_yaml_node list,
                           struct kf_yaml_node weights, struct kf_edition *edition)
{
    const char **ids = kf_edition_room(reader, edition->sectors_len, sizeof *ids);
    for (size_t s = 0; ids && s < edition->sectors_len; s++) {
        ids[s] = produces(kf_yaml_item(list, s)) ? edition->sectors[s].id : "";
    }
    struct kf_edition_items items = {ids, edition->sectors_len, "sector"};
    if (ids) {
        kf_edition_weighting(reader, weights, &items, &edition->weighting);
    }
}

static void read_sector_weights(struct kf_edition_reader *reader, struct kf_yaml_node list,
                                struct kf_edition *edition, double *weights)
{
    struct kf_edition_weighing weighing = kf_edition_weighing(reader->root, list, produces);
    bool given = edition->given_total[0] && !weighing.derived;
    bool any = false;
    for (size_t s = 0; s < edition->sectors_len; s++) {
        struct kf_yaml_node item = kf_yaml_item(list, s);
        bool takes = takes_weight(reader, item, given);
        weights[s] = takes ? kf_edition_item_weight(reader, item, &weighing) : 0;
        any = any || takes;
    }
    if (weighing.derived) {
        derive_weights(reader, list, weighing.weights, edition);
        return;
    }
    struct kf_edition_weights together = {
        weights, edition->sectors_len, list, "the sectors", "sectors", false};
    if (any) {
        kf_edition_close_weights(reader, &together);
    }
    for (size_t s = 0; s < edition->sectors_len; s++) {
        edition->sectors[s].weight = weights[s];
    }
}

/* An edition without sectors is about something else. */
static void check_content(struct kf_edition_reader *reader)
{
    struct kf_yaml_node root = reader->root;
    if (!kf_yaml_exists(kf_yaml_get(root, "demography")) &&
        !kf_yaml_exists(kf_yaml_get(root, "unit_costs")) &&
        !kf_yaml_exists(kf_yaml_get(root, "trial"))) {
        kf_yaml_fault_missing(root, reader->findings, "sectors",
                              "[…], or one of demography, unit_costs and trial");
    }
}

/* It has no sectors among which weight could be distributed. */
static void refuse_weights(struct kf_edition_reader *reader)
{
    struct kf_yaml_node weights = kf_yaml_get(reader->root, "weights");
    if (kf_yaml_exists(weights)) {
        kf_yaml_fault(weights, reader->findings, "weights", "remove it, or add sectors",
                      "there are no sectors among which weight is distributed");
    }
}

/* --- need of the sectors --------------------------------------------------------------------- */

/* Without administration something must be left of the total key. */
static void check_need_rest(struct kf_edition_reader *reader, struct kf_yaml_node list,
                            const struct kf_edition *edition)
{
    for (size_t s = 0; s < edition->sectors_len; s++) {
        const struct kf_sector *sector = &edition->sectors[s];
        if (!sector->administration && !(sector->need_weight <= 0)) {
            return;
        }
    }
    kf_yaml_fault(list, reader->findings, "need",
                  "give a sector that is no administration a need with a positive weight",
                  "no sector but administration weighs anything in the total key");
}

/* METHOD N2: the sectors that have a key make the total key together. */
static void close_need_weights(struct kf_edition_reader *reader, struct kf_yaml_node list,
                               struct kf_edition *edition, double *weights)
{
    bool any = false;
    for (size_t s = 0; s < edition->sectors_len; s++) {
        weights[s] = edition->sectors[s].need_weight;
        any = any || kf_yaml_exists(kf_yaml_get(kf_yaml_item(list, s), "need"));
    }
    if (!any) {
        return;
    }
    struct kf_edition_weights together = {
        weights, edition->sectors_len, list, "the sectors' needs", "need", false};
    kf_edition_close_weights(reader, &together);
    for (size_t s = 0; s < edition->sectors_len; s++) {
        edition->sectors[s].need_weight = weights[s];
    }
    check_need_rest(reader, list, edition);
}

void kf_edition_read_sectors(struct kf_edition_reader *reader, struct kf_edition *edition)
{
    if (!kf_yaml_exists(kf_yaml_get(reader->root, "sectors"))) {
        check_content(reader);
        refuse_weights(reader);
        return;
    }
    struct kf_yaml_node list = kf_edition_list(reader, reader->root, "sectors", 1, KF_SECTORS_MAX);
    size_t count = kf_yaml_count(list);
    struct kf_sector *sectors = kf_edition_room(reader, count, sizeof *sectors);
    double *weights = kf_edition_room(reader, count, sizeof *weights);
    if (!sectors || !weights || count == 0) {
        return;
    }
    for (size_t s = 0; s < count; s++) {
        read_sector(reader, kf_yaml_item(list, s), edition, &sectors[s]);
    }
    edition->sectors = sectors;
    edition->sectors_len = count;
    kf_edition_check_ids(reader, list);
    read_sector_weights(reader, list, edition, weights);
    close_need_weights(reader, list, edition, weights);
}
