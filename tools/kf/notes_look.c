#include "tools/kf/notes_look.h"

#include <string.h>

#include "services/need/key/criterion.h"

#define SHOWN            5
#define PLACES_BYTES_MAX ((size_t)8 * 1024)

/* --- names ------------------------------------------------------------------------------------ */

void kf_names_add(struct kf_names *self, const char *name)
{
    for (size_t i = 0; i < self->count; i++) {
        if (strcmp(self->list[i], name) == 0) {
            return;
        }
    }
    if (self->count < KF_NAMES_MAX) {
        self->list[self->count++] = name;
    }
}

void kf_names_add_variables(struct kf_names *self, const struct kf_terms *terms)
{
    for (size_t t = 0; t < terms->count; t++) {
        kf_names_add(self, terms->list[t].variable);
    }
}

void kf_names_add_lacking(struct kf_names *self, const struct kf_panel *panel,
                          const struct kf_terms *terms)
{
    for (size_t t = 0; t < terms->count; t++) {
        if (!kf_look_has_figures(panel, terms->list[t].variable)) {
            kf_names_add(self, terms->list[t].variable);
        }
    }
}

void kf_names_print(const struct kf_names *self, struct kf_text *text)
{
    for (size_t i = 0; i < self->count && i < SHOWN; i++) {
        kf_text_add_format(text, "%s%s", i ? ", " : "", self->list[i]);
    }
    if (self->count > SHOWN) {
        kf_text_add_format(text, " and %zu more", self->count - SHOWN);
    }
}

const char *kf_plural(size_t count)
{
    return count == 1 ? "" : "s";
}

/* --- municipalities --------------------------------------------------------------------------- */

void kf_tally_init(struct kf_tally *self)
{
    self->count = 0;
    kf_text_init(&self->text, PLACES_BYTES_MAX);
}

void kf_tally_add(struct kf_tally *self, const char *municipality, const struct kf_names *about)
{
    if (self->count < SHOWN) {
        kf_text_add_format(&self->text, "%s%s", self->count ? ", " : "", municipality);
        if (about && about->count > 0) {
            kf_text_add(&self->text, " (");
            kf_names_print(about, &self->text);
            kf_text_add(&self->text, ")");
        }
    }
    self->count++;
}

void kf_tally_finish(struct kf_tally *self, struct kf_text *text)
{
    kf_text_add_bytes(text, self->text.bytes, self->text.length);
    if (self->count > SHOWN) {
        kf_text_add_format(text, " and %zu more", self->count - SHOWN);
    }
    kf_text_clear(&self->text);
}

/* --- figures ---------------------------------------------------------------------------------- */

bool kf_look_has_figures(const struct kf_panel *panel, const char *variable)
{
    const struct kf_column *column = panel ? kf_panel_column(panel, variable) : NULL;
    return column &&
           (kf_cell_has_value(column->country_status) || kf_figures_of(panel, variable) != NULL);
}

bool kf_look_all_have_figures(const struct kf_panel *panel, const struct kf_terms *terms)
{
    for (size_t t = 0; t < terms->count; t++) {
        if (!kf_look_has_figures(panel, terms->list[t].variable)) {
            return false;
        }
    }
    return terms->count > 0;
}

bool kf_look_gives(const struct kf_panel *panel, const struct kf_terms *terms, size_t k)
{
    for (size_t t = 0; t < terms->count; t++) {
        const struct kf_column *column = kf_panel_column(panel, terms->list[t].variable);
        if (!column || !kf_cell_has_value(column->status[k])) {
            return false;
        }
    }
    return terms->count > 0;
}

const struct kf_result *kf_look_unit_cost(const struct kf_look *look, const char *sector,
                                          const char *indicator, const char *measure)
{
    return kf_panel_result(look->panel, KF_TOPIC_UNIT_COST, sector, indicator, measure);
}

bool kf_look_has_value(const struct kf_result *result, size_t k)
{
    return result && kf_cell_has_value(result->status[k]);
}

bool kf_look_is_missing(const struct kf_result *result, size_t k)
{
    return !result || (result->status[k] & KF_CELL_KIND_MASK) == KF_CELL_MISSING;
}
