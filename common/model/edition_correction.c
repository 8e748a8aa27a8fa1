/* Editions from YAML: corrections of results for what pupils bring along (METHOD I4). */
#include <string.h>

#include "common/model/edition_reader.h"
#include "common/model/topic.h"

#define CONSTANT "constant" /* the name of the intercept among the coefficients */

static const char *const correction_keys[] = {"id", "outcome", "regressors", NULL};

static void check_regressor(struct kf_edition_reader *reader, struct kf_yaml_node item,
                            const struct kf_correction *correction, size_t number)
{
    const char *name = correction->regressors[number];
    if (name[0] && strcmp(name, correction->outcome) == 0) {
        kf_yaml_fault(item, reader->findings, "regressors", "remove it",
                      "is the outcome, which cannot explain itself");
    } else if (strcmp(name, CONSTANT) == 0) {
        kf_yaml_fault(item, reader->findings, "regressors", "remove it: there is always a constant",
                      "stands for the constant");
    }
    for (size_t i = 0; name[0] && i < number; i++) {
        if (strcmp(name, correction->regressors[i]) == 0) {
            kf_yaml_fault(item, reader->findings, "regressors", "remove it", "is given twice");
        }
    }
}

static void read_regressors(struct kf_edition_reader *reader, struct kf_yaml_node node,
                            struct kf_correction *correction)
{
    struct kf_yaml_node list = kf_edition_list(reader, node, "regressors", 1, KF_REGRESSORS_MAX);
    size_t count = kf_yaml_count(list);
    correction->regressors = kf_edition_room(reader, count, sizeof *correction->regressors);
    correction->regressors_len = correction->regressors ? count : 0;
    for (size_t i = 0; i < correction->regressors_len; i++) {
        struct kf_yaml_node item = kf_yaml_item(list, i);
        correction->regressors[i] = kf_edition_variable_at(reader, item, "regressors");
        check_regressor(reader, item, correction, i);
    }
}

static void read_correction(struct kf_edition_reader *reader, struct kf_yaml_node node,
                            struct kf_correction *correction)
{
    *correction = (struct kf_correction){.id = "", .outcome = ""};
    kf_yaml_check_keys(node, correction_keys, reader->findings);
    if (!kf_yaml_is_map(node)) {
        return;
    }
    correction->id = kf_edition_id(reader, node, "id");
    if (strcmp(correction->id, KF_SECTOR_TOTAL) == 0 ||
        strcmp(correction->id, KF_SECTOR_TOTAL_WITH_ADMINISTRATION) == 0) {
        kf_yaml_fault(kf_yaml_get(node, "id"), reader->findings, "id", "choose another id",
                      "stands for the whole and cannot be a correction");
    }
    correction->outcome = kf_edition_variable(reader, node, "outcome", true);
    read_regressors(reader, node, correction);
}

void kf_edition_read_corrections(struct kf_edition_reader *reader, struct kf_edition *edition)
{
    if (!kf_yaml_exists(kf_yaml_get(reader->root, "corrections"))) {
        return;
    }
    struct kf_yaml_node list =
        kf_edition_list(reader, reader->root, "corrections", 1, KF_CORRECTIONS_MAX);
    size_t count = kf_yaml_count(list);
    edition->corrections = kf_edition_room(reader, count, sizeof *edition->corrections);
    edition->corrections_len = edition->corrections ? count : 0;
    for (size_t i = 0; i < edition->corrections_len; i++) {
        read_correction(reader, kf_yaml_item(list, i), &edition->corrections[i]);
    }
    kf_edition_check_ids(reader, list);
}
