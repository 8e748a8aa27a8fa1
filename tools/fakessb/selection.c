#include "tools/fakessb/selection.h"

#include <jansson.h>
#include <string.h>

#include "common/base/memory.h"
#include "tools/fakessb/expression.h"

#define EXPRESSION_SIZE 512

void kf_fake_selection_clear(struct kf_fake_selection *self)
{
    for (size_t i = 0; i < KF_FAKE_DIMENSIONS_MAX; i++) {
        kf_free(self->flags[i]);
    }
    *self = (struct kf_fake_selection){0};
}

/* A dimension is named: it gets flags. Naming it twice is illegal. */
static enum kf_fake_refusal open_dimension(const struct kf_fake_table *table, const char *id,
                                           struct kf_fake_selection *self, size_t *place)
{
    *place = kf_fake_table_dimension(table, id);
    if (*place == SIZE_MAX) {
        return KF_FAKE_NO_VARIABLE;
    }
    if (self->flags[*place]) {
        return KF_FAKE_ILLEGAL;
    }
    self->flags[*place] = kf_calloc(table->dimensions[*place].codes_len + 1, sizeof(bool));
    return self->flags[*place] ? KF_FAKE_ACCEPTED : KF_FAKE_NO_MEMORY;
}

static enum kf_fake_refusal choose(const struct kf_fake_table *table,
                                   struct kf_fake_selection *self, size_t place, const char *text)
{
    const struct kf_fake_dimension *dimension = &table->dimensions[place];
    if (kf_fake_expression_is_code(text)) {
        size_t code = kf_fake_dimension_code(dimension, text);
        if (code == SIZE_MAX || !kf_fake_dimension_shows(dimension, code)) {
            return KF_FAKE_NO_VALUE;
        }
        bool twice = self->flags[place][code];
        self->flags[place][code] = true;
        return twice ? KF_FAKE_TWICE : KF_FAKE_ACCEPTED;
    }
    size_t hits = kf_fake_expression_mark(dimension, text, false, self->flags[place]);
    if (hits == KF_FAKE_EXPRESSION_ILLEGAL) {
        return KF_FAKE_ILLEGAL;
    }
    return hits == 0 ? KF_FAKE_NO_VALUE : KF_FAKE_ACCEPTED;
}

static size_t count_flags(const bool *flags, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++) {
        count += flags[i] ? 1 : 0;
    }
    return count;
}

/* What was not named: left out where that may be, else missing. Then the cells are counted. */
static enum kf_fake_refusal close_selection(const struct kf_fake_table *table,
                                            struct kf_fake_selection *self)
{
    self->cells = 1;
    for (size_t i = 0; i < table->dimensions_len; i++) {
        const struct kf_fake_dimension *dimension = &table->dimensions[i];
        size_t chosen = self->flags[i] ? count_flags(self->flags[i], dimension->codes_len) : 0;
        if (chosen == 0 && !dimension->elimination) {
            return KF_FAKE_MISSING;
        }
        self->left_out[i] = chosen == 0;
        self->counts[i] = chosen;
        self->cells *= chosen == 0 ? 1 : chosen;
    }
    return self->cells > KF_FAKE_SELECTION_CELLS_MAX ? KF_FAKE_TOO_MANY_CELLS : KF_FAKE_ACCEPTED;
}

/* Frees what a refused question left. */
static enum kf_fake_refusal end(struct kf_fake_selection *self, enum kf_fake_refusal refusal)
{
    if (refusal != KF_FAKE_ACCEPTED) {
        kf_fake_selection_clear(self);
    }
    return refusal;
}

/* --- a URL ----------------------------------------------------------------------------------- */

/* The length of the next expression of a list: up to a comma outside of brackets. */
static size_t expression_length(const char *list)
{
    size_t depth = 0;
    size_t length = 0;
    for (; list[length] != '\0' && (list[length] != ',' || depth > 0); length++) {
        depth += list[length] == '(' ? 1 : 0;
        depth -= list[length] == ')' && depth > 0 ? 1 : 0;
    }
    return length;
}

static enum kf_fake_refusal choose_list(const struct kf_fake_table *table,
                                        struct kf_fake_selection *self, size_t place,
                                        const char *list)
{
    enum kf_fake_refusal refusal = KF_FAKE_ACCEPTED;
    char text[EXPRESSION_SIZE];
    bool more = *list != '\0';
    while (more && refusal == KF_FAKE_ACCEPTED) {
        size_t length = expression_length(list);
        if (length >= sizeof text) {
            return KF_FAKE_ILLEGAL;
        }
        memcpy(text, list, length);
        text[length] = '\0';
        refusal = choose(table, self, place, text);
        more = list[length] == ',';
        list += length + (more ? 1 : 0);
    }
    return refusal;
}

static enum kf_fake_refusal choose_parameter(const struct kf_fake_table *table,
                                             const struct kf_fake_parameter *parameter,
                                             struct kf_fake_selection *self)
{
    char id[EXPRESSION_SIZE];
    size_t length = 0;
    size_t place = 0;
    const char *key = kf_fake_parameter_key(parameter, "valueCodes", &length);
    if (!key) {
        bool codelist = kf_fake_parameter_key(parameter, "codelist", &length) != NULL;
        return codelist ? KF_FAKE_NO_CODELIST : KF_FAKE_ACCEPTED;
    }
    if (length >= sizeof id) {
        return KF_FAKE_NO_VARIABLE;
    }
    memcpy(id, key, length);
    id[length] = '\0';
    enum kf_fake_refusal refusal = open_dimension(table, id, self, &place);
    return refusal == KF_FAKE_ACCEPTED ? choose_list(table, self, place, parameter->value)
                                       : refusal;
}

static enum kf_fake_refusal choose_default(const struct kf_fake_table *table,
                                           struct kf_fake_selection *self)
{
    enum kf_fake_refusal refusal = KF_FAKE_ACCEPTED;
    for (size_t i = 0; refusal == KF_FAKE_ACCEPTED && i < table->dimensions_len; i++) {
        const struct kf_fake_dimension *dimension = &table->dimensions[i];
        size_t place = i;
        if (!dimension->elimination) {
            refusal = open_dimension(table, dimension->id, self, &place);
        }
        if (refusal == KF_FAKE_ACCEPTED && !dimension->elimination) {
            const char *text = dimension->role == KF_FAKE_TIME ? "top(1)" : "bottom(1)";
            refusal = choose(table, self, i, text);
        }
    }
    return refusal;
}

enum kf_fake_refusal kf_fake_selection_of_query(const struct kf_fake_table *table,
                                                const struct kf_fake_query *query,
                                                struct kf_fake_selection *selection)
{
    enum kf_fake_refusal refusal = KF_FAKE_ACCEPTED;
    struct kf_fake_selection self = {0};
    bool any = false;
    for (size_t i = 0; refusal == KF_FAKE_ACCEPTED && i < query->parameters_len; i++) {
        size_t length = 0;
        any = any || kf_fake_parameter_key(&query->parameters[i], "valueCodes", &length);
        refusal = choose_parameter(table, &query->parameters[i], &self);
    }
    if (refusal == KF_FAKE_ACCEPTED && !any) {
        refusal = choose_default(table, &self);
    }
    if (refusal == KF_FAKE_ACCEPTED) {
        refusal = close_selection(table, &self);
    }
    *selection = self;
    return end(selection, refusal);
}

/* --- a body ---------------------------------------------------------------------------------- */

static enum kf_fake_refusal choose_codes(const struct kf_fake_table *table, const json_t *codes,
                                         struct kf_fake_selection *self, size_t place)
{
    if (!json_is_array(codes)) {
        return KF_FAKE_ILLEGAL;
    }
    enum kf_fake_refusal refusal = KF_FAKE_ACCEPTED;
    for (size_t i = 0; refusal == KF_FAKE_ACCEPTED && i < json_array_size(codes); i++) {
        const char *text = json_string_value(json_array_get(codes, i));
        refusal = text ? choose(table, self, place, text) : KF_FAKE_ILLEGAL;
    }
    return refusal;
}

static enum kf_fake_refusal choose_item(const struct kf_fake_table *table, const json_t *item,
                                        struct kf_fake_selection *self)
{
    const char *id = json_string_value(json_object_get(item, "variableCode"));
    const json_t *codelist = json_object_get(item, "codelist");
    size_t place = 0;
    if (!id) {
        return KF_FAKE_ILLEGAL;
    }
    if (codelist && !json_is_null(codelist)) {
        return KF_FAKE_NO_CODELIST;
    }
    enum kf_fake_refusal refusal = open_dimension(table, id, self, &place);
    return refusal == KF_FAKE_ACCEPTED
               ? choose_codes(table, json_object_get(item, "valueCodes"), self, place)
               : refusal;
}

enum kf_fake_refusal kf_fake_selection_of_body(const struct kf_fake_table *table, const char *body,
                                               size_t length, struct kf_fake_selection *selection)
{
    struct kf_fake_selection self = {0};
    json_t *root = json_loadb(body, length, JSON_REJECT_DUPLICATES, NULL);
    const json_t *items = json_object_get(root, "selection");
    enum kf_fake_refusal refusal = json_is_array(items) ? KF_FAKE_ACCEPTED : KF_FAKE_ILLEGAL;
    for (size_t i = 0; refusal == KF_FAKE_ACCEPTED && i < json_array_size(items); i++) {
        refusal = choose_item(table, json_array_get(items, i), &self);
    }
    json_decref(root);
    if (refusal == KF_FAKE_ACCEPTED) {
        refusal = close_selection(table, &self);
    }
    *selection = self;
    return end(selection, refusal);
}

bool kf_fake_selection_is_whole(const struct kf_fake_selection *self,
                                const struct kf_fake_table *table)
{
    for (size_t i = 0; i < table->dimensions_len; i++) {
        const struct kf_fake_dimension *dimension = &table->dimensions[i];
        if (self->left_out[i] || self->counts[i] != kf_fake_dimension_shown(dimension)) {
            return false;
        }
    }
    return true;
}
