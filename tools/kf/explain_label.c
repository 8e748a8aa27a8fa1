#include "tools/kf/explain_label.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/decimal.h"
#include "common/model/cell.h"
#include "common/model/municipality.h"
#include "tools/kf/words.h"

#define DIGITS_MAX 9 /* of a number that is shown as it stands */

const char *kf_explain_in_language(const struct kf_name *name, const struct kf_explain_style *style)
{
    const char *text = style->norwegian ? name->nb : name->en;
    return text ? text : "";
}

const char *kf_explain_municipality_name(const struct kf_explain_node *node,
                                         const struct kf_explain_style *style)
{
    if (!node->municipality[0]) {
        return "";
    }
    if (strcmp(node->municipality, KF_MUNICIPALITY_COUNTRY) == 0) {
        return kf_word("the country", style->norwegian);
    }
    const struct kf_municipality *found =
        style->municipalities ? kf_municipalities_ever(style->municipalities, node->municipality)
                              : NULL;
    return found ? found->name : node->municipality;
}

/* In English published measures as --measure takes them, what else a number is in words. */
static void add_measure(const struct kf_explain_node *node, const struct kf_explain_style *style,
                        struct kf_text *text)
{
    const char *norwegian = style->norwegian ? kf_norwegian(node->measure) : NULL;
    bool words = node->topic == KF_TOPIC_NONE && !kf_explain_is_leaf(node);
    for (const char *c = norwegian ? norwegian : node->measure; *c; c++) {
        kf_text_add_char(text, *c == '_' && words ? ' ' : *c);
    }
}

/* Whom it is about, where that is not what stands above. */
static void add_place(const struct kf_explain_node *node, const struct kf_explain_node *above,
                      const struct kf_explain_style *style, struct kf_text *text)
{
    bool norwegian = style->norwegian;
    if (node->indicator[0] && (!above || strcmp(above->indicator, node->indicator) != 0)) {
        kf_text_add_format(text, " %s", node->indicator);
    }
    if (node->sector[0] && (!above || strcmp(above->sector, node->sector) != 0)) {
        kf_text_add_format(text, " %s %s", kf_word(node->indicator[0] ? "in" : "of", norwegian),
                           kf_word(node->sector, norwegian));
    }
    if (node->municipality[0] && (!above || strcmp(above->municipality, node->municipality) != 0)) {
        kf_text_add_format(text, ", %s", kf_explain_municipality_name(node, style));
    }
    bool dated = !node->rule || node->rule->operation != KF_EXPLAIN_NUMBER;
    if (above && dated && above->panel->year != node->panel->year) {
        kf_text_add_format(text, ", %d", node->panel->year);
    }
}

void kf_explain_label(const struct kf_explain_node *node, const struct kf_explain_node *above,
                      const struct kf_explain_style *style, struct kf_text *text)
{
    bool cell = node->variable[0] && strcmp(node->measure, "cell") == 0;
    if (cell) {
        kf_text_add(text, node->variable);
    } else {
        add_measure(node, style, text);
    }
    if (!cell && node->variable[0]) {
        kf_text_add_format(text, " %s", kf_word(node->variable, style->norwegian));
    }
    add_place(node, above, style, text);
}

bool kf_explain_is_withheld(const struct kf_explain_part *part,
                            const struct kf_explain_style *style)
{
    return part->node->personal && !style->persons;
}

size_t kf_explain_told_parts(const struct kf_explain_node *node,
                             const struct kf_explain_style *style)
{
    size_t told = 0;
    for (size_t i = 0; i < node->parts_len; i++) {
        told += !kf_explain_is_withheld(&node->parts[i], style);
    }
    return told;
}

/* Decimals that leave about five digits. */
static int decimals_of(double value)
{
    double size = fabs(value);
    static const double steps[] = {10000, 1000, 100, 10};
    for (int i = 0; i < 4; i++) {
        if (size >= steps[i]) {
            return i;
        }
    }
    return size >= 0.01 || size == 0 ? 4 : 6;
}

void kf_explain_value(const struct kf_explain_node *node, struct kf_text *whole,
                      struct kf_text *fraction)
{
    char digits[64];
    if (!kf_cell_has_value(node->status)) {
        kf_text_add(whole, "–");
        return;
    }
    size_t length = kf_decimal_print(node->value, digits);
    if (length > DIGITS_MAX || strchr(digits, 'e')) {
        (void)snprintf(digits, sizeof digits, "%.*f", decimals_of(node->value), node->value);
    }
    bool zero = strspn(digits, "-0.") == strlen(digits);
    const char *shown = zero && digits[0] == '-' ? digits + 1 : digits;
    size_t before = strcspn(shown, ".");
    kf_text_add_bytes(whole, shown, before);
    kf_text_add(fraction, shown + before);
}
