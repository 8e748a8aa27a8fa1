#include "common/codec/weighting_codec.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "common/codec/terms_codec.h"
#include "common/codec/unpack.h"

#define DECIMALS_MAX 9

_Static_assert((int)KF_WEIGHT_ITEM == (int)KF__V1__WEIGHT_RULE__WEIGHT_RULE_ITEM, "");
_Static_assert((int)KF_WEIGHT_BUDGET == (int)KF__V1__WEIGHT_RULE__WEIGHT_RULE_BUDGET, "");
_Static_assert((int)KF_WEIGHT_MAIN == (int)KF__V1__WEIGHT_RULE__WEIGHT_RULE_MAIN, "");
_Static_assert((int)KF_WEIGHT_EQUAL == (int)KF__V1__WEIGHT_RULE__WEIGHT_RULE_EQUAL, "");
_Static_assert((int)KF_WEIGHT_QUANTITY == (int)KF__V1__WEIGHT_RULE__WEIGHT_RULE_QUANTITY, "");
_Static_assert((int)KF_WEIGHT_CHOSEN == (int)KF__V1__WEIGHT_RULE__WEIGHT_RULE_CHOSEN, "");
_Static_assert((int)KF_WEIGHT_RESOURCE == (int)KF__V1__WEIGHT_RULE__WEIGHT_RULE_RESOURCE, "");
_Static_assert((int)KF_CLOSURE_NONE == (int)KF__V1__CLOSURE__CLOSURE_NONE, "");
_Static_assert((int)KF_CLOSURE_LAST == (int)KF__V1__CLOSURE__CLOSURE_LAST, "");
_Static_assert((int)KF_CLOSURE_REMAINDER == (int)KF__V1__CLOSURE__CLOSURE_REMAINDER, "");

/* --- to a message ---------------------------------------------------------------------------- */

Kf__V1__Weighting *kf_weighting_to_message(const struct kf_weighting *weighting,
                                           struct kf_scratch *scratch)
{
    size_t count = weighting->parts_len;
    if (count == 0) {
        return NULL;
    }
    Kf__V1__Weighting *message = kf_scratch_array(scratch, 1, sizeof *message);
    Kf__V1__WeightPart *parts = kf_scratch_array(scratch, count, sizeof *parts);
    Kf__V1__WeightPart **list = kf_scratch_array(scratch, count, sizeof(void *));
    if (!list) {
        return NULL;
    }
    kf__v1__weighting__init(message);
    message->closure = (Kf__V1__Closure)weighting->closure;
    message->decimals = (uint32_t)weighting->decimals;
    message->parts = list;
    message->n_parts = count;
    for (size_t i = 0; i < count; i++) {
        const struct kf_weight_part *from = &weighting->parts[i];
        kf__v1__weight_part__init(&parts[i]);
        parts[i].parent = from->parent;
        parts[i].rule = (Kf__V1__WeightRule)from->rule;
        parts[i].share = from->share;
        kf_terms_to_message(&from->amount, &parts[i].amount, &parts[i].n_amount, scratch);
        parts[i].item = kf_scratch_text(scratch, from->item);
        list[i] = &parts[i];
    }
    return message;
}

/* --- what a message must hold ---------------------------------------------------------------- */

static bool is_item(const Kf__V1__WeightPart *part)
{
    return part->rule == KF__V1__WEIGHT_RULE__WEIGHT_RULE_ITEM;
}

/* True when the rule says itself what its children weigh. */
static bool weighs_children(const Kf__V1__WeightPart *part)
{
    return part->rule == KF__V1__WEIGHT_RULE__WEIGHT_RULE_EQUAL ||
           part->rule == KF__V1__WEIGHT_RULE__WEIGHT_RULE_MAIN;
}

/* NULL, or what is wrong with the part itself. */
static const char *part_breach(const Kf__V1__WeightPart *part)
{
    if (part->rule < KF__V1__WEIGHT_RULE__WEIGHT_RULE_ITEM ||
        part->rule > KF__V1__WEIGHT_RULE__WEIGHT_RULE_RESOURCE) {
        return "has an unknown rule";
    }
    if (is_item(part) != (part->item[0] != '\0')) {
        return "is neither an item nor split, or both";
    }
    if (!isfinite(part->share) || part->share < 0) {
        return "has no share";
    }
    return part->share > 0 && part->n_amount > 0 ? "has both a share and an amount" : NULL;
}

/* NULL, or what is wrong with the place of part `i` in the tree. */
static const char *place_breach(const Kf__V1__Weighting *message, size_t i)
{
    const Kf__V1__WeightPart *part = message->parts[i];
    if (i == 0) {
        return part->parent == -1 ? NULL : "is the first and has a parent";
    }
    if (part->parent < 0 || (size_t)part->parent >= i) {
        return "does not stand behind its parent";
    }
    const Kf__V1__WeightPart *parent = message->parts[part->parent];
    if (is_item(parent)) {
        return "stands under an item";
    }
    bool weighed = weighs_children(parent) || part->share > 0 || part->n_amount > 0;
    return weighed ? NULL : "has neither a share nor an amount";
}

static enum kf_err refuse_part(size_t part, const char *where, const char *breach,
                               struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_DATA, "part %zu of the weighting of %s %s", part, where,
                        breach);
}

static enum kf_err check_parts(const Kf__V1__Weighting *message, const char *where,
                               struct kf_error *err)
{
    for (size_t i = 0; i < message->n_parts; i++) {
        const Kf__V1__WeightPart *part = message->parts[i];
        const char *breach = part_breach(part);
        breach = breach ? breach : place_breach(message, i);
        if (breach) {
            return refuse_part(i, where, breach, err);
        }
        enum kf_err code = kf_terms_check_message(part->amount, part->n_amount, where, err);
        if (code) {
            return code;
        }
    }
    return KF_OK;
}

/* Parents are sound by now. */
static enum kf_err check_shape(const Kf__V1__Weighting *message, const char *where,
                               struct kf_error *err)
{
    uint8_t levels[KF_WEIGHT_PARTS_MAX] = {0}; /* below the first part */
    bool has_child[KF_WEIGHT_PARTS_MAX] = {false};
    for (size_t i = 1; i < message->n_parts; i++) {
        size_t parent = (size_t)message->parts[i]->parent;
        has_child[parent] = true;
        levels[i] = (uint8_t)(levels[parent] + 1);
        if (levels[i] > KF_WEIGHT_LEVELS_MAX) {
            return kf_error_set(err, KF_ERR_LIMIT,
                                "the weighting of %s has more than %d levels below its first part",
                                where, KF_WEIGHT_LEVELS_MAX);
        }
    }
    for (size_t i = 0; i < message->n_parts; i++) {
        if (!is_item(message->parts[i]) && !has_child[i]) {
            return refuse_part(i, where, "is split among nothing", err);
        }
    }
    return KF_OK;
}

static size_t count_of(const Kf__V1__Weighting *message, const char *item)
{
    size_t count = 0;
    for (size_t i = 0; i < message->n_parts; i++) {
        count += strcmp(message->parts[i]->item, item) == 0;
    }
    return count;
}

static enum kf_err check_items(const Kf__V1__Weighting *message, const char *const *ids,
                               size_t count, const char *where, struct kf_error *err)
{
    size_t items = 0;
    for (size_t i = 0; i < message->n_parts; i++) {
        items += is_item(message->parts[i]);
    }
    for (size_t i = 0; i < count; i++) {
        if (count_of(message, ids[i]) != 1) {
            return kf_error_set(err, KF_ERR_DATA, "%s does not stand once in the weighting of %s",
                                ids[i], where);
        }
    }
    return items == count
               ? KF_OK
               : kf_error_set(err, KF_ERR_DATA, "the weighting of %s has %zu items for %zu weights",
                              where, items, count);
}

static enum kf_err check_closure(const Kf__V1__Weighting *message, const char *where,
                                 struct kf_error *err)
{
    bool known = message->closure >= KF__V1__CLOSURE__CLOSURE_NONE &&
                 message->closure <= KF__V1__CLOSURE__CLOSURE_REMAINDER;
    bool rounds = message->closure != KF__V1__CLOSURE__CLOSURE_NONE;
    if (!known || message->decimals > DECIMALS_MAX || rounds != (message->decimals > 0)) {
        return kf_error_set(err, KF_ERR_DATA,
                            "the weighting of %s has the unknown closure %d with %u decimals",
                            where, (int)message->closure, message->decimals);
    }
    return KF_OK;
}

enum kf_err kf_weighting_check_message(const Kf__V1__Weighting *message, const char *const *ids,
                                       size_t count, const char *where, struct kf_error *err)
{
    if (!message || message->n_parts == 0) {
        return KF_OK;
    }
    enum kf_err code = kf_codec_check_count(message->n_parts, KF_WEIGHT_PARTS_MAX,
                                            "parts in a weighting", where, err);
    if (!code) {
        code = check_closure(message, where, err);
    }
    if (!code) {
        code = check_parts(message, where, err);
    }
    if (!code) {
        code = check_shape(message, where, err);
    }
    return code ? code : check_items(message, ids, count, where, err);
}

/* --- from a message -------------------------------------------------------------------------- */

struct kf_weighting kf_weighting_from_message(const Kf__V1__Weighting *message,
                                              struct kf_scratch *scratch)
{
    struct kf_weighting weighting = {.closure = KF_CLOSURE_NONE};
    size_t count = message ? message->n_parts : 0;
    struct kf_weight_part *parts = kf_scratch_array(scratch, count, sizeof *parts);
    if (!parts) {
        return weighting;
    }
    for (size_t i = 0; i < count; i++) {
        const Kf__V1__WeightPart *from = message->parts[i];
        parts[i] = (struct kf_weight_part){
            .parent = from->parent,
            .rule = (enum kf_weight_rule)from->rule,
            .share = from->share,
            .amount = kf_terms_from_message(from->amount, from->n_amount, scratch),
            .item = kf_scratch_copy(scratch, from->item),
        };
    }
    weighting.parts = parts;
    weighting.parts_len = count;
    weighting.closure = (enum kf_closure)message->closure;
    weighting.decimals = (int)message->decimals;
    return weighting;
}
