/* Editions from YAML: the cost key of a sector (METHOD N1–N7). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/model/edition_reader.h"

static const char *const need_keys[] = {"weight", "rescale", "criteria", NULL};
static const char *const criterion_keys[] = {"id",     "variable",          "basis",
                                             "weight", "cost_disadvantage", NULL};
static const char *const counted[] = {"variable", "basis", NULL};

/* A criterion counts either a variable, or one for every municipality. */
static void read_counted(struct kf_edition_reader *reader, struct kf_yaml_node node,
                         struct kf_criterion *criterion)
{
    int chosen = kf_edition_choose(reader, node, counted);
    bool basis = false;
    if (chosen == 0) {
        criterion->variable = kf_edition_variable(reader, node, "variable", true);
    } else if (chosen < 0) {
        kf_yaml_fault(node, reader->findings, "variable", "write variable: NAME, or basis: true",
                      "the criterion counts nothing");
    } else if (kf_yaml_get_flag(node, "basis", true, &basis, reader->findings) && !basis) {
        kf_yaml_fault(kf_yaml_get(node, "basis"), reader->findings, "basis",
                      "remove it and name a variable", "can only be true");
    }
}

/* A criterion is divided by inhabitants: a share of them would be divided twice. Composite measures
 * of the income system are ratios too, but in no unit of a share. */
static void check_amount(struct kf_edition_reader *reader, struct kf_yaml_node node,
                         const struct kf_criterion *criterion)
{
    const struct kf_variable *variable =
        reader->variables && criterion->variable[0]
            ? kf_variables_find(reader->variables, criterion->variable, strlen(criterion->variable))
            : NULL;
    if (variable && variable->kind == KF_VARIABLE_RATIO &&
        (strcmp(variable->unit, "share") == 0 || strcmp(variable->unit, "percent") == 0)) {
        kf_yaml_fault_format(kf_yaml_get(node, "variable"), reader->findings, "variable",
                             "name the number of persons instead",
                             "is a %s; a criterion is an amount, divided by inhabitants later",
                             variable->unit);
    }
}

static void read_criterion(struct kf_edition_reader *reader, struct kf_yaml_node node,
                           struct kf_criterion *criterion)
{
    *criterion = (struct kf_criterion){.id = "", .variable = "", .weight = NAN};
    kf_yaml_check_keys(node, criterion_keys, reader->findings);
    if (!kf_yaml_is_map(node)) {
        return;
    }
    criterion->id = kf_edition_id(reader, node, "id");
    criterion->weight = kf_edition_weight(reader, node);
    read_counted(reader, node, criterion);
    check_amount(reader, node, criterion);
    (void)kf_yaml_get_flag(node, "cost_disadvantage", false, &criterion->cost_disadvantage,
                           reader->findings);
}

/* METHOD N7 leaves the cost disadvantages out and rescales the rest: there must be a rest. */
static void check_rest(struct kf_edition_reader *reader, struct kf_yaml_node list,
                       const struct kf_sector *sector)
{
    for (size_t i = 0; i < sector->criteria_len; i++) {
        const struct kf_criterion *criterion = &sector->criteria[i];
        if (!criterion->cost_disadvantage && !(criterion->weight <= 0)) {
            return;
        }
    }
    kf_yaml_fault(list, reader->findings, "criteria",
                  "add a criterion of need with a positive weight",
                  "every criterion that weighs anything is a cost disadvantage");
}

static void read_criteria(struct kf_edition_reader *reader, struct kf_yaml_node need,
                          struct kf_sector *sector)
{
    struct kf_yaml_node list = kf_edition_list(reader, need, "criteria", 1, KF_CRITERIA_MAX);
    size_t count = kf_yaml_count(list);
    struct kf_criterion *criteria = kf_edition_room(reader, count, sizeof *criteria);
    double *weights = kf_edition_room(reader, count, sizeof *weights);
    if (!criteria || !weights || count == 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        read_criterion(reader, kf_yaml_item(list, i), &criteria[i]);
        weights[i] = criteria[i].weight;
    }
    kf_edition_check_ids(reader, list);
    bool rescale = false;
    (void)kf_yaml_get_flag(need, "rescale", false, &rescale, reader->findings);
    char whole[128];
    (void)snprintf(whole, sizeof whole, "the criteria of %s",
                   sector->id[0] ? sector->id : "the sector");
    struct kf_edition_weights together = {weights, count, list, whole, "criteria", rescale};
    kf_edition_close_weights(reader, &together);
    for (size_t i = 0; i < count; i++) {
        criteria[i].weight = weights[i];
    }
    sector->criteria = criteria;
    sector->criteria_len = count;
    check_rest(reader, list, sector);
}

void kf_edition_read_need(struct kf_edition_reader *reader, struct kf_yaml_node node,
                          struct kf_sector *sector)
{
    struct kf_yaml_node need = kf_yaml_get(node, "need");
    if (!kf_yaml_exists(need)) {
        return;
    }
    sector->need_weight = NAN;
    kf_yaml_check_keys(need, need_keys, reader->findings);
    if (kf_yaml_is_map(need)) {
        sector->need_weight = kf_edition_weight(reader, need);
        read_criteria(reader, need, sector);
    }
}
