/* Editions from YAML: weights that are given and must close, and where weights come from. */
#include "common/model/edition_reader.h"

#include <math.h>

#include "common/base/decimal.h"
#include "common/base/numbers.h"

/* A sum that misses 1 by the tolerance itself must not fail on the last bit of its decimals. */
#define SUM_NOISE 1e-12

double kf_edition_weight(struct kf_edition_reader *reader, struct kf_yaml_node map)
{
    double weight = NAN;
    if (kf_yaml_get_number(map, "weight", true, &weight, reader->findings) &&
        (weight < 0 || weight > 1)) {
        kf_yaml_fault(kf_yaml_get(map, "weight"), reader->findings, "weight",
                      "write a share from 0 to 1", "is not between 0 and 1");
        return NAN;
    }
    return isnan(weight) ? weight : kf_figure_canonical(weight);
}

static void fault_sum(struct kf_edition_reader *reader, const struct kf_edition_weights *weights,
                      double sum)
{
    char sum_text[KF_DECIMAL_SIZE];
    char miss_text[KF_DECIMAL_SIZE];
    (void)kf_decimal_print(kf_figure_canonical(sum), sum_text);
    /* Rounded to where weights are printed: 0.97 misses 1 by 0.03, not by 0.030000000000000027. */
    (void)kf_decimal_print(round(fabs(sum - 1) * 1e9) / 1e9, miss_text);
    kf_yaml_fault_format(weights->node, reader->findings, weights->key,
                         weights->rescale ? "give one of them a weight"
                                          : "change a weight so that they sum to 1 within 0.0005",
                         "the weights of %s sum to %s, %s %s 1", weights->whole, sum_text,
                         miss_text, sum < 1 ? "below" : "above");
}

void kf_edition_close_weights(struct kf_edition_reader *reader,
                              const struct kf_edition_weights *weights)
{
    struct kf_wide total = {0};
    for (size_t i = 0; i < weights->count; i++) {
        if (isnan(weights->list[i])) {
            return;
        }
        total = kf_wide_add(total, kf_wide_from_figure(weights->list[i]));
    }
    double sum = kf_wide_value(total);
    bool closes = fabs(sum - 1) <= KF_WEIGHTS_TOLERANCE + SUM_NOISE;
    if (weights->rescale ? !(sum > 0) : !closes) {
        fault_sum(reader, weights, sum);
        return;
    }
    for (size_t i = 0; i < weights->count; i++) {
        struct kf_wide weight = kf_wide_from_figure(weights->list[i]);
        weights->list[i] = kf_wide_value(kf_wide_div(weight, total));
    }
}

/* --- given or derived ------------------------------------------------------------------------ */

struct kf_edition_weighing kf_edition_weighing(struct kf_yaml_node map, struct kf_yaml_node list,
                                               bool (*takes)(struct kf_yaml_node item))
{
    struct kf_edition_weighing weighing = {.weights = kf_yaml_get(map, "weights")};
    size_t nearer = 0;
    size_t others = 0;
    for (size_t i = 0; i < kf_yaml_count(list); i++) {
        struct kf_yaml_node item = kf_yaml_item(list, i);
        struct kf_yaml_node weight = kf_yaml_get(item, "weight");
        bool near =
            kf_yaml_exists(weight) && kf_yaml_level(weight) < kf_yaml_level(weighing.weights);
        nearer += near;
        others += !near && (!takes || takes(item));
    }
    weighing.derived = kf_yaml_exists(weighing.weights) && (nearer == 0 || nearer <= others);
    return weighing;
}

double kf_edition_item_weight(struct kf_edition_reader *reader, struct kf_yaml_node item,
                              const struct kf_edition_weighing *weighing)
{
    struct kf_yaml_node weight = kf_yaml_get(item, "weight");
    bool exists = kf_yaml_exists(weight);
    unsigned rival = kf_yaml_level(weighing->weights);
    if (weighing->derived) {
        if (exists && kf_yaml_level(weight) <= rival) {
            kf_yaml_fault_format(weight, reader->findings, "weight",
                                 kf_yaml_level(weight) == rival
                                     ? "remove it, or remove weights"
                                     : "remove it, or write weights: null and give each a weight",
                                 "does not go with weights, which derives it (%s:%llu)",
                                 kf_yaml_file(weighing->weights),
                                 (unsigned long long)kf_yaml_line(weighing->weights));
        }
        return 0;
    }
    /* A weight that `weights` replaced is not there any more when `weights` is replaced in turn. */
    if (exists && kf_yaml_exists(weighing->weights) && kf_yaml_level(weight) >= rival) {
        kf_yaml_fault_missing(item, reader->findings, "weight", "0.25");
        return NAN;
    }
    return kf_edition_weight(reader, item);
}
