/* An explanation as a table whose first column is a tree. */
#include <math.h>
#include <string.h>

#include "common/base/decimal.h"
#include "common/base/memory.h"
#include "common/model/cell.h"
#include "tools/kf/explain_label.h"
#include "tools/kf/table.h"
#include "tools/kf/words.h"

#define LABEL_BYTES_MAX 1024
#define LEVELS_MAX      64

/* What is printed, and how far it has come. */
struct printer {
    const struct kf_explanation *explanation;
    const struct kf_explain_style *style;
    struct kf_table *table;
    bool *told; /* by number: its parts have been printed */
    struct kf_text prefix;
    struct kf_text text;
    struct kf_text whole;
    struct kf_text fraction;
};

/* A node where it stands. */
struct place {
    const struct kf_explain_node *node;
    const struct kf_explain_node *above; /* NULL for the root */
    const struct kf_explain_part *part;  /* NULL for the root */
    size_t level;
    bool last;   /* among its siblings */
    bool weight; /* a weight of the part, not the part itself */
};

static bool is_deep(const struct printer *self, size_t level)
{
    return level >= LEVELS_MAX || (self->style->depth > 0 && level >= self->style->depth);
}

/* A number that is a figure of the input as it stands: told in one line. */
static const struct kf_explain_node *only_cell(const struct kf_explain_node *node)
{
    bool same = node->rule && node->rule->operation == KF_EXPLAIN_SAME && node->parts_len == 1;
    const struct kf_explain_node *cell = same ? node->parts[0].node : NULL;
    return cell && cell->rule && cell->rule->operation == KF_EXPLAIN_CELL ? cell : NULL;
}

/* What stands below is not told here. */
static bool is_cut(const struct printer *self, const struct place *place)
{
    const struct kf_explain_node *node = place->node;
    return !kf_explain_is_leaf(node) && (node->parts_len > 0 || !node->expanded) &&
           !only_cell(node) && (is_deep(self, place->level) || !node->expanded);
}

static const char *word(const struct printer *self, const char *english)
{
    return kf_word(english, self->style->norwegian);
}

static void add_name(struct printer *self, const struct place *place)
{
    kf_text_reset(&self->text);
    kf_text_add(&self->text, self->prefix.bytes);
    if (place->above) {
        kf_text_add(&self->text, place->last ? "└ " : "├ ");
    }
    bool named = place->part && strcmp(place->part->role, place->node->measure) != 0;
    if (named && place->part->role[0] && !place->weight) {
        kf_text_add_format(&self->text, "%s: ", word(self, place->part->role));
    } else if (place->weight) {
        kf_text_add(&self->text, "× ");
    }
    kf_explain_label(place->node, place->above, self->style, &self->text);
    kf_table_add_cell(self->table, self->text.bytes, "");
}

static void add_value(struct printer *self, const struct kf_explain_node *node)
{
    kf_text_reset(&self->whole);
    kf_text_reset(&self->fraction);
    kf_explain_value(node, &self->whole, &self->fraction);
    kf_table_add_cell(self->table, self->whole.bytes, self->fraction.bytes);
    kf_table_add_cell(self->table, word(self, node->unit), "");
}

static void add_source(struct printer *self, const struct kf_explain_node *node)
{
    if (node->file[0]) {
        kf_text_add_format(&self->text, "%s:%llu", node->file, (unsigned long long)node->line);
    } else if (strcmp(node->measure, "cell") == 0) {
        kf_text_add(&self->text,
                    kf_cell_has_value(node->status) ? "" : word(self, "no row in the input"));
    }
}

/* Says so when the number is another than its parts give. */
static void add_disagreement(struct printer *self, const struct kf_explain_node *node)
{
    char digits[KF_DECIMAL_SIZE] = "–";
    if (node->disagrees) {
        if (isfinite(node->recomputed)) {
            (void)kf_decimal_print(node->recomputed, digits);
        }
        kf_text_add_format(&self->text, " !! %s %s",
                           word(self, "does not follow from its parts: they give"), digits);
    }
}

/* Says how many persons are left out. */
static void add_withheld(struct printer *self, const struct kf_explain_node *node)
{
    size_t withheld = node->parts_len - kf_explain_told_parts(node, self->style);
    if (withheld > 0) {
        kf_text_add_format(&self->text, "; %zu %s", withheld,
                           word(self, "figures of single persons: see --persons"));
    }
}

static void add_flags(struct printer *self, uint8_t status)
{
    const char *flag = NULL;
    const char *before = self->text.length ? " [" : "[";
    for (unsigned i = 0; (flag = kf_cell_flag(status, i)) != NULL; i++) {
        kf_text_add_format(&self->text, "%s%s", before, word(self, flag));
        before = " ";
    }
    kf_text_add(&self->text, status != KF_CELL_VALUE ? "]" : "");
}

/* Formula, METHOD id, note and flags; for a cell where it stands. */
static void add_how(struct printer *self, const struct place *place)
{
    const struct kf_explain_node *node = place->node;
    kf_text_reset(&self->text);
    const struct kf_explain_node *cell = only_cell(node);
    if (cell) {
        kf_text_add(&self->text, cell->variable);
        if (cell->panel->year != node->panel->year) {
            kf_text_add_format(&self->text, ", %d", cell->panel->year);
        }
        kf_text_add_char(&self->text, ' ');
        add_source(self, cell);
    } else if (node->rule && node->rule->operation != KF_EXPLAIN_CELL &&
               node->rule->operation != KF_EXPLAIN_NUMBER) {
        kf_text_add(&self->text, kf_explain_in_language(&node->rule->formula, self->style));
        if (node->rule->method[0]) {
            kf_text_add_format(&self->text, " (%s)", node->rule->method);
        }
    }
    add_source(self, node);
    const char *note = kf_explain_in_language(&node->note, self->style);
    if (note[0]) {
        kf_text_add_format(&self->text, "%s%s", self->text.length ? "; " : "", note);
    }
    add_withheld(self, node);
    add_flags(self, node->status);
    add_disagreement(self, node);
    bool again = self->told[node->number] && node->parts_len > 0 && !only_cell(node);
    kf_text_add(&self->text, again ? " ↑ " : is_cut(self, place) ? " …" : "");
    kf_text_add(&self->text, again ? word(self, "told above") : "");
    kf_table_add_cell(self->table, self->text.bytes, "");
}

static enum kf_err print_node(struct printer *self, const struct place *place);

/* Behind the last part that is told. */
static size_t end_of_told(const struct printer *self, const struct kf_explain_node *node)
{
    size_t end = node->parts_len;
    while (end > 0 && kf_explain_is_withheld(&node->parts[end - 1], self->style)) {
        end--;
    }
    return end;
}

static enum kf_err print_parts(struct printer *self, const struct place *place)
{
    const struct kf_explain_node *node = place->node;
    size_t before = self->prefix.length;
    if (place->above) {
        kf_text_add(&self->prefix, place->last ? "  " : "│ ");
    }
    enum kf_err code = KF_OK;
    size_t end = end_of_told(self, node);
    for (size_t i = 0; code == KF_OK && i < end; i++) {
        if (kf_explain_is_withheld(&node->parts[i], self->style)) {
            continue;
        }
        struct place below = {.node = node->parts[i].node,
                              .above = node,
                              .part = &node->parts[i],
                              .level = place->level + 1,
                              .last = i + 1 == end};
        struct place weight = below;
        weight.node = node->parts[i].weight;
        weight.weight = true;
        weight.last = false;
        if (weight.node) {
            code = print_node(self, &weight);
        }
        if (code == KF_OK) {
            code = print_node(self, &below);
        }
    }
    self->prefix.length = before;
    self->prefix.bytes[before] = '\0';
    return code;
}

static enum kf_err print_node(struct printer *self, const struct place *place)
{
    const struct kf_explain_node *node = place->node;
    add_name(self, place);
    add_value(self, node);
    add_how(self, place);
    if (self->text.failed || self->prefix.failed) {
        return KF_ERR_MEMORY;
    }
    if (self->told[node->number] || is_deep(self, place->level) || only_cell(node)) {
        return KF_OK;
    }
    self->told[node->number] = true;
    return print_parts(self, place);
}

static enum kf_err print_all(struct printer *self, struct kf_text *text, struct kf_error *err)
{
    kf_table_add_column(self->table, word(self, "Number"), KF_TABLE_LEFT);
    kf_table_add_column(self->table, word(self, "Value"), KF_TABLE_RIGHT);
    kf_table_add_column(self->table, word(self, "Unit"), KF_TABLE_LEFT);
    kf_table_add_column(self->table, word(self, "How"), KF_TABLE_LEFT);
    struct place root = {.node = self->explanation->root};
    enum kf_err code = print_node(self, &root);
    return code == KF_OK ? kf_table_print(self->table, "", "", text, err)
                         : kf_error_set(err, code, "the explanation does not fit into memory");
}

static void add_end(const struct printer *self, struct kf_text *text)
{
    const struct kf_explanation *explanation = self->explanation;
    if (explanation->cut > 0) {
        kf_text_add_format(text, "\n  %zu %s\n", explanation->cut,
                           word(self, "numbers are not explained: there are too many"));
    }
}

enum kf_err kf_explain_print_tree(const struct kf_explanation *self,
                                  const struct kf_explain_style *style, struct kf_text *text,
                                  struct kf_error *err)
{
    struct printer printer = {.explanation = self,
                              .style = style,
                              .table = kf_table_new(),
                              .told = kf_calloc(self->nodes_len, sizeof *printer.told)};
    kf_text_init(&printer.prefix, LABEL_BYTES_MAX);
    kf_text_init(&printer.text, LABEL_BYTES_MAX);
    kf_text_init(&printer.whole, LABEL_BYTES_MAX);
    kf_text_init(&printer.fraction, LABEL_BYTES_MAX);
    enum kf_err code = printer.table && printer.told
                           ? print_all(&printer, text, err)
                           : kf_error_set(err, KF_ERR_MEMORY, "no memory for an explanation");
    if (code == KF_OK) {
        add_end(&printer, text);
    }
    kf_text_clear(&printer.fraction);
    kf_text_clear(&printer.whole);
    kf_text_clear(&printer.text);
    kf_text_clear(&printer.prefix);
    kf_free(printer.told);
    kf_table_destroy(&printer.table);
    return code;
}
