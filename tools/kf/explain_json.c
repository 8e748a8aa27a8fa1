/* An explanation as JSON: docs/explain.schema.json. */
#include <math.h>
#include <string.h>

#include "common/base/decimal.h"
#include "common/base/memory.h"
#include "common/codec/json.h"
#include "common/model/cell.h"
#include "tools/kf/explain_label.h"

#define LEVELS_MAX 64

struct printer {
    const struct kf_explanation *explanation;
    const struct kf_explain_style *style;
    struct kf_text *text;
    bool *told; /* by number: its parts have been printed */
};

static void add_number(struct kf_text *text, double value)
{
    char digits[KF_DECIMAL_SIZE];
    kf_text_add_bytes(text, digits, kf_decimal_print(value, digits));
}

static void add_key(struct printer *self, const char *name)
{
    kf_text_add_format(self->text, ",\"%s\":", name);
}

/* A text that is "" is left out. */
static void add_text(struct printer *self, const char *name, const char *value)
{
    if (value[0]) {
        add_key(self, name);
        kf_json_quote(value, self->text);
    }
}

static void add_value(struct printer *self, const struct kf_explain_node *node)
{
    add_key(self, "value");
    if (kf_cell_has_value(node->status)) {
        add_number(self->text, node->value);
    } else {
        kf_text_add(self->text, "null");
    }
}

static void add_flags(struct printer *self, uint8_t status)
{
    const char *flag = kf_cell_flag(status, 0);
    if (!flag) {
        return;
    }
    add_key(self, "flags");
    for (unsigned i = 0; (flag = kf_cell_flag(status, i)) != NULL; i++) {
        kf_text_add_char(self->text, i ? ',' : '[');
        kf_json_quote(flag, self->text);
    }
    kf_text_add_char(self->text, ']');
}

/* What it is. */
static void add_identity(struct printer *self, const struct kf_explain_node *node)
{
    kf_text_add_format(self->text, "{\"id\":%zu,\"measure\":", node->number);
    kf_json_quote(node->measure, self->text);
    add_text(self, "topic", kf_topic_name(node->topic));
    add_key(self, "year");
    add_number(self->text, node->panel->year);
    add_text(self, "municipality", node->municipality);
    add_text(self, "municipalityName", kf_explain_municipality_name(node, self->style));
    add_text(self, "sector", node->sector);
    add_text(self, "indicator", node->indicator);
    add_text(self, "variable", node->variable);
}

/* How it is made, but for its parts. */
static void add_rule(struct printer *self, const struct kf_explain_node *node)
{
    if (!node->rule) {
        return;
    }
    add_text(self, "operation", kf_explain_operation_name(node->rule->operation));
    add_text(self, "rule", node->rule->id);
    add_text(self, "method", node->rule->method);
    add_text(self, "formula", kf_explain_in_language(&node->rule->formula, self->style));
    if (node->decimals > 0) {
        add_key(self, "decimals");
        add_number(self->text, node->decimals);
    }
    if (node->grid > 0) {
        add_key(self, "grid");
        add_number(self->text, kf_explain_grid_step(node->grid));
    }
}

/* Says so when the number is another than its parts give. */
static void add_disagreement(struct printer *self, const struct kf_explain_node *node)
{
    if (!node->disagrees) {
        return;
    }
    kf_text_add(self->text, ",\"disagrees\":{\"text\":\"does not follow from its parts\"");
    add_key(self, "recomputed");
    if (isfinite(node->recomputed)) {
        add_number(self->text, node->recomputed);
    } else {
        kf_text_add(self->text, "null");
    }
    kf_text_add_char(self->text, '}');
}

static void add_source(struct printer *self, const struct kf_explain_node *node)
{
    if (node->file[0]) {
        add_key(self, "source");
        kf_text_add(self->text, "{\"file\":");
        kf_json_quote(node->file, self->text);
        kf_text_add_format(self->text, ",\"line\":%llu}", (unsigned long long)node->line);
    }
}

static void add_node(struct printer *self, const struct kf_explain_node *node, size_t level);

static void add_part(struct printer *self, const struct kf_explain_part *part, size_t level)
{
    kf_text_add(self->text, "{\"role\":");
    kf_json_quote(part->role, self->text);
    if (part->weight) {
        add_key(self, "weight");
        add_node(self, part->weight, level);
    }
    add_key(self, "of");
    add_node(self, part->node, level);
    kf_text_add_char(self->text, '}');
}

static void add_parts(struct printer *self, const struct kf_explain_node *node, size_t level)
{
    const char *before = "";
    add_key(self, "parts");
    kf_text_add_char(self->text, '[');
    for (size_t i = 0; i < node->parts_len; i++) {
        if (!kf_explain_is_withheld(&node->parts[i], self->style)) {
            kf_text_add(self->text, before);
            add_part(self, &node->parts[i], level + 1);
            before = ",";
        }
    }
    kf_text_add_char(self->text, ']');
    size_t withheld = node->parts_len - kf_explain_told_parts(node, self->style);
    if (withheld > 0) {
        add_key(self, "withheld");
        add_number(self->text, (double)withheld);
    }
}

/* A number is told with its parts once; elsewhere, by its id, without. */
static void add_node(struct printer *self, const struct kf_explain_node *node, size_t level)
{
    bool deep = level >= LEVELS_MAX || (self->style->depth > 0 && level >= self->style->depth);
    add_identity(self, node);
    add_value(self, node);
    add_text(self, "unit", node->unit);
    add_flags(self, node->status);
    add_rule(self, node);
    add_text(self, "note", kf_explain_in_language(&node->note, self->style));
    add_disagreement(self, node);
    add_source(self, node);
    if (!kf_explain_is_leaf(node)) {
        if (self->told[node->number]) {
            kf_text_add(self->text, ",\"toldElsewhere\":true");
        } else if (deep || !node->expanded) {
            kf_text_add(self->text, ",\"cut\":true");
        } else {
            self->told[node->number] = true;
            add_parts(self, node, level);
        }
    }
    kf_text_add_char(self->text, '}');
}

static void add_all(struct printer *self)
{
    const struct kf_explanation *explanation = self->explanation;
    kf_text_add(self->text, "{\"schema\":\"kf-explain/1\",\"edition\":");
    kf_json_quote(explanation->panel->edition->id, self->text);
    add_text(self, "editionDigest", explanation->panel->edition->digest);
    add_key(self, "year");
    add_number(self->text, explanation->panel->year);
    add_key(self, "notExplained");
    add_number(self->text, (double)explanation->cut);
    add_key(self, "disagreeing");
    add_number(self->text, (double)explanation->disagreeing);
    add_key(self, "number");
    add_node(self, explanation->root, 0);
    kf_text_add(self->text, "}\n");
}

enum kf_err kf_explain_print_json(const struct kf_explanation *self,
                                  const struct kf_explain_style *style, struct kf_text *text,
                                  struct kf_error *err)
{
    struct printer printer = {.explanation = self,
                              .style = style,
                              .text = text,
                              .told = kf_calloc(self->nodes_len, sizeof *printer.told)};
    if (!printer.told) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for an explanation");
    }
    add_all(&printer);
    kf_free(printer.told);
    return text->failed ? kf_error_set(err, KF_ERR_LIMIT, "the explanation is too large") : KF_OK;
}
