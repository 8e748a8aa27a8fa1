/* What the reader keeps of the document's scalars. */
#include <math.h>
#include <string.h>

#include "services/ingest/jsonstat/jsonstat_parts.h"
#include "services/ingest/jsonstat/jsonstat_status.h"

#define DECIMALS_MAX 15.0

static enum kf_err keep_text(struct kf_jsonstat_reader *self, const struct kf_json_token *token,
                             const char **kept, struct kf_error *err)
{
    const char *text = kf_arena_strndup(self->arena, token->text, token->length);
    if (!text) {
        return kf_jsonstat_arena_failed(self->arena, err);
    }
    *kept = text;
    return KF_OK;
}

static enum kf_err keep_note(struct kf_jsonstat_reader *self, const struct kf_json_token *token,
                             struct kf_error *err)
{
    struct kf_jsonstat_note *note = kf_arena_alloc(self->arena, sizeof *note);
    if (!note) {
        return kf_jsonstat_arena_failed(self->arena, err);
    }
    enum kf_err code = keep_text(self, token, &note->text, err);
    if (code == KF_OK) {
        *self->notes_end = note;
        self->notes_end = &note->next;
        self->table.notes_len++;
    }
    return code;
}

static enum kf_err keep_role(struct kf_jsonstat_reader *self, const struct kf_json_token *token,
                             struct kf_error *err)
{
    size_t place = 0;
    enum kf_err code =
        kf_jsonstat_dimensions_find(&self->dimensions, token->text, token->length, &place, err);
    if (code != KF_OK) {
        return code;
    }
    struct kf_jsonstat_dimension *dimension = &self->dimensions.drafts[place].dimension;
    if (dimension->role != KF_JSONSTAT_PLAIN) {
        return kf_error_set(err, KF_ERR_DATA, "%s has a role already", token->text);
    }
    dimension->role = (enum kf_jsonstat_role)(KF_JSONSTAT_TIME + kf_jsonstat_top(self)->place -
                                              KF_JSONSTAT_ROLE_TIME);
    return KF_OK;
}

static struct kf_jsonstat_draft *draft_of(struct kf_jsonstat_reader *self)
{
    return &self->dimensions.drafts[self->dimension];
}

static struct kf_jsonstat_draft_category *category_of(struct kf_jsonstat_reader *self)
{
    return &draft_of(self)->categories[self->category];
}

/* Finds or makes the category and makes it the one that is told of. */
static enum kf_err find_category(struct kf_jsonstat_reader *self, const struct kf_json_token *code,
                                 enum kf_jsonstat_part part, struct kf_error *err)
{
    const struct kf_jsonstat_name name = {.text = code->text, .length = code->length};
    struct kf_jsonstat_draft_category *category = NULL;
    enum kf_err outcome = kf_jsonstat_dimensions_category(&self->dimensions, self->dimension, &name,
                                                          part, &category, err);
    if (outcome == KF_OK) {
        self->category = (uint32_t)(category - draft_of(self)->categories);
    }
    return outcome;
}

enum kf_err kf_jsonstat_keep_code(struct kf_jsonstat_reader *self, const struct kf_json_token *key,
                                  struct kf_error *err)
{
    enum kf_jsonstat_place place = kf_jsonstat_top(self)->place;
    return find_category(self, key,
                         place == KF_JSONSTAT_INDICES  ? KF_JSONSTAT_INDEX
                         : place == KF_JSONSTAT_LABELS ? KF_JSONSTAT_LABEL
                                                       : KF_JSONSTAT_UNIT,
                         err);
}

enum kf_err kf_jsonstat_keep_position(struct kf_jsonstat_reader *self,
                                      const struct kf_json_token *key, struct kf_error *err)
{
    unsigned long position = 0;
    if (!kf_text_to_unsigned(key->text, key->length, UINT32_MAX, &position) ||
        (key->text[0] == '0' && key->length > 1)) {
        return kf_error_set(err, KF_ERR_DATA, "'%.40s' is no position", key->text);
    }
    self->position = position;
    return KF_OK;
}

static enum kf_err keep_index(struct kf_jsonstat_reader *self, double position,
                              struct kf_error *err)
{
    if (!(position >= 0.0 && position <= UINT32_MAX && floor(position) == position)) {
        return kf_error_set(err, KF_ERR_DATA, "%g is no position", position);
    }
    category_of(self)->position = (uint32_t)position;
    return KF_OK;
}

static enum kf_err keep_indexed_code(struct kf_jsonstat_reader *self,
                                     const struct kf_json_token *code, struct kf_error *err)
{
    enum kf_err outcome = find_category(self, code, KF_JSONSTAT_INDEX, err);
    if (outcome == KF_OK) {
        category_of(self)->position = (uint32_t)kf_jsonstat_top(self)->index;
    }
    return outcome;
}

static enum kf_err keep_decimals(struct kf_jsonstat_reader *self, double decimals,
                                 struct kf_error *err)
{
    if (!(decimals >= 0.0 && decimals <= DECIMALS_MAX && floor(decimals) == decimals)) {
        return kf_error_set(err, KF_ERR_DATA, "%g is no number of decimals", decimals);
    }
    category_of(self)->category.decimals = (int)decimals;
    return KF_OK;
}

static enum kf_err keep_value(struct kf_jsonstat_reader *self, const struct kf_json_token *token,
                              struct kf_error *err)
{
    double value = token->kind == KF_JSON_NULL ? NAN : token->number;
    double *values = NULL;
    size_t room = 0;
    if (!kf_jsonstat_top(self)->is_array) {
        return kf_jsonstat_cells_put(&self->cells, self->position, value, err);
    }
    enum kf_err code = kf_jsonstat_cells_room(&self->cells, &values, &room, err);
    if (code == KF_OK) {
        values[0] = value;
        kf_jsonstat_cells_added(&self->cells, 1);
    }
    return code;
}

static enum kf_err keep_status(struct kf_jsonstat_reader *self, const struct kf_json_token *token,
                               bool of_all, struct kf_error *err)
{
    const char *symbol = token->kind == KF_JSON_NULL ? "" : token->text;
    int number = kf_jsonstat_status_number(&self->limits, symbol);
    if (number < 0) {
        return kf_error_set(err, KF_ERR_CONFIG, "'%.40s' is a symbol that nobody has told of",
                            symbol);
    }
    if (of_all) {
        self->cells.has_marks = true;
        self->cells.all = (uint8_t)number;
        return KF_OK;
    }
    return kf_jsonstat_top(self)->is_array
               ? kf_jsonstat_cells_mark_next(&self->cells, (unsigned)number, err)
               : kf_jsonstat_cells_mark(&self->cells, self->position, (unsigned)number, err);
}

/* Texts that stand once, by slot. */
static const char **text_of(struct kf_jsonstat_reader *self, enum kf_jsonstat_slot slot)
{
    switch (slot) {
    case KF_JSONSTAT_SLOT_CLASS:
        return &self->class_name;
    case KF_JSONSTAT_SLOT_VERSION:
        return &self->version;
    case KF_JSONSTAT_SLOT_LABEL:
        return &self->table.label;
    case KF_JSONSTAT_SLOT_SOURCE:
        return &self->table.source;
    case KF_JSONSTAT_SLOT_UPDATED:
        return &self->table.updated;
    case KF_JSONSTAT_SLOT_TABLE:
        return &self->table.table;
    case KF_JSONSTAT_SLOT_DIMENSION_LABEL:
        return &draft_of(self)->dimension.label;
    case KF_JSONSTAT_SLOT_CATEGORY_LABEL:
        return &category_of(self)->category.label;
    case KF_JSONSTAT_SLOT_UNIT_BASE:
        return &category_of(self)->category.unit;
    default:
        return NULL;
    }
}

enum kf_err kf_jsonstat_keep(struct kf_jsonstat_reader *self, enum kf_jsonstat_slot slot,
                             const struct kf_json_token *token, struct kf_error *err)
{
    switch (slot) {
    case KF_JSONSTAT_SLOT_NONE:
        return KF_OK;
    case KF_JSONSTAT_SLOT_VALUE:
        return keep_value(self, token, err);
    case KF_JSONSTAT_SLOT_STATUS:
    case KF_JSONSTAT_SLOT_STATUS_OF_ALL:
        return keep_status(self, token, slot == KF_JSONSTAT_SLOT_STATUS_OF_ALL, err);
    case KF_JSONSTAT_SLOT_NOTE:
        return keep_note(self, token, err);
    case KF_JSONSTAT_SLOT_ID:
        return kf_jsonstat_dimensions_list(&self->dimensions, token->text, token->length, err);
    case KF_JSONSTAT_SLOT_SIZE:
        return kf_jsonstat_dimensions_size(&self->dimensions, token->number, err);
    case KF_JSONSTAT_SLOT_ROLE:
        return keep_role(self, token, err);
    case KF_JSONSTAT_SLOT_ELIMINATION:
        draft_of(self)->dimension.elimination = token->kind == KF_JSON_TRUE;
        return KF_OK;
    case KF_JSONSTAT_SLOT_POSITION:
        return keep_index(self, token->number, err);
    case KF_JSONSTAT_SLOT_CODE:
        return keep_indexed_code(self, token, err);
    case KF_JSONSTAT_SLOT_UNIT_DECIMALS:
        return keep_decimals(self, token->number, err);
    default:
        return keep_text(self, token, text_of(self, slot), err);
    }
}
