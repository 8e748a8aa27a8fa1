#include "tools/kf/template_form.h"

#include <string.h>

#include "common/base/memory.h"
#include "common/model/cost_variable.h"
#include "common/model/variable.h"

#define ARENA_BYTES_MAX ((size_t)16 * 1024 * 1024)

/* A line of each municipality, or of the country. */
struct entry {
    const struct kf_variable *variable;
    bool country;
};

enum { SEEN_OWN = 1, SEEN_COUNTRY = 2 };

/* What the edition names, each once, in its order. */
struct list {
    const struct kf_template *of;
    const struct kf_variable *all; /* the register */
    uint8_t *seen;                 /* by number in it */
    int *named;                    /* the same: how often, other than as a published result */
    struct entry *entries;         /* room for every variable twice */
    size_t count;
};

/* --- which variables ------------------------------------------------------------------------- */

/* True for PREFIX1, PREFIX2 … of a list of users. */
static bool is_numbered(const char *name, const char *prefix)
{
    size_t length = prefix ? strlen(prefix) : 0;
    return length > 0 && strncmp(name, prefix, length) == 0 && name[length] &&
           name[length + strspn(name + length, "0123456789")] == '\0';
}

static bool is_of_users(const struct kf_edition *edition, const char *name)
{
    const struct kf_users *users = &edition->trial.resource_intensive.each;
    return users->count > 0 &&
           (is_numbered(name, users->cost_prefix) || is_numbered(name, users->age_prefix));
}

static void add(struct list *self, const char *name, bool country)
{
    const struct kf_variable *found =
        name ? kf_variables_find(self->of->catalogue->variables, name, strlen(name)) : NULL;
    uint8_t as = country ? SEEN_COUNTRY : SEEN_OWN;
    if (!found || is_of_users(self->of->edition, name)) {
        return;
    }
    self->named[found - self->all]++;
    if (self->seen[found - self->all] & as) {
        return;
    }
    self->seen[found - self->all] |= as;
    self->entries[self->count++] = (struct entry){found, country};
}

static void add_terms(struct list *self, const struct kf_terms *terms)
{
    for (size_t i = 0; i < terms->count; i++) {
        add(self, terms->list[i].variable, terms->list[i].country);
    }
}

static void add_sector(struct list *self, const struct kf_sector *sector)
{
    for (size_t i = 0; i < sector->indicators_len; i++) {
        add_terms(self, &sector->indicators[i].numerator);
        add_terms(self, &sector->indicators[i].denominator);
    }
}

static void add_seen(void *context, const struct kf_cost_variable *variable)
{
    add(context, variable->name, variable->country);
}

/* Has been named along with the others, and is a result. */
static void take_off(struct list *self, const struct kf_terms *terms)
{
    for (size_t i = 0; i < terms->count; i++) {
        const char *name = terms->list[i].variable;
        const struct kf_variable *found =
            kf_variables_find(self->of->catalogue->variables, name, strlen(name));
        if (found) {
            self->named[found - self->all]--;
        }
    }
}

/* A sum without parts is nobody's result: it is all there is. */
static void take_off_published(struct list *self)
{
    const struct kf_edition *edition = self->of->edition;
    const struct kf_trial *trial = &edition->trial;
    if (edition->unit_costs.groups_len > 0) {
        take_off(self, &edition->unit_costs.gain);
    }
    if (trial->grants_len > 0) {
        take_off(self, &trial->grant);
    }
    take_off(self, &trial->resource_intensive.gain);
    take_off(self, &trial->demography.gain);
    take_off(self, &trial->gain);
}

/* All others; one that only the country has is there already. */
static enum kf_err add_rest(struct list *self, struct kf_error *err)
{
    struct kf_arena *arena = kf_arena_new(ARENA_BYTES_MAX);
    const struct kf_edition_variable *named = NULL;
    size_t count = 0;
    enum kf_err code = arena ? kf_edition_variables(self->of->edition, arena, &named, &count, err)
                             : kf_error_set(err, KF_ERR_MEMORY, "no memory for the form");
    for (size_t i = 0; code == KF_OK && i < count; i++) {
        const struct kf_variable *found =
            kf_variables_find(self->of->catalogue->variables, named[i].name, strlen(named[i].name));
        if (found && self->seen[found - self->all] == 0) {
            add(self, named[i].name, false);
        }
    }
    kf_arena_destroy(&arena);
    return code;
}

static enum kf_err collect(struct list *self, struct kf_error *err)
{
    const struct kf_edition *edition = self->of->edition;
    add(self, edition->population, false);
    for (size_t i = 0; i < edition->sectors_len; i++) {
        add_sector(self, &edition->sectors[i]);
    }
    kf_cost_variables_each(edition, add_seen, self);
    take_off_published(self);
    return add_rest(self, err);
}

/* --- lines ----------------------------------------------------------------------------------- */

/* A name, in quotes where CSV needs them. */
static void add_name(const char *name, struct kf_text *text)
{
    if (!strpbrk(name, ",\"")) {
        kf_text_add(text, name);
        return;
    }
    kf_text_add_char(text, '"');
    for (; *name; name++) {
        kf_text_add(text, *name == '"' ? "\"" : "");
        kf_text_add_char(text, *name);
    }
    kf_text_add_char(text, '"');
}

static bool is_published(const struct list *self, const struct entry *entry)
{
    return !self->of->published && self->named[entry->variable - self->all] == 0;
}

static bool is_in_part(const struct entry *entry, enum kf_template_part part)
{
    return kf_unit_is_money(entry->variable->unit) == (part == KF_TEMPLATE_ACCOUNTS);
}

static bool is_of_part(const struct list *self, const struct entry *entry,
                       enum kf_template_part part)
{
    return is_in_part(entry, part) && !is_published(self, entry);
}

static size_t count_left_out(const struct list *self, enum kf_template_part part)
{
    size_t count = 0;
    for (size_t i = 0; i < self->count; i++) {
        count += is_in_part(&self->entries[i], part) && is_published(self, &self->entries[i]);
    }
    return count;
}

static void add_line(const struct list *self, const struct entry *entry, const char *municipality,
                     struct kf_text *text)
{
    const struct kf_variable *variable = entry->variable;
    kf_text_add_format(text, "%s,%d,%s,", municipality, self->of->year, variable->id);
    add_name(self->of->norwegian ? variable->name_nb : variable->name_en, text);
    kf_text_add_format(text, ",%s,,\n", variable->unit);
}

/* Whether the entry has a line of the municipality; when that is the country, a variable has one,
 * whoever else has figures of it. */
static bool is_wanted(const struct list *self, const struct entry *entry, bool country)
{
    return country ? !entry->country || self->seen[entry->variable - self->all] == SEEN_COUNTRY
                   : !entry->country;
}

static size_t add_municipality(const struct list *self, enum kf_template_part part,
                               const char *municipality, struct kf_text *text)
{
    bool country = strcmp(municipality, KF_MUNICIPALITY_COUNTRY) == 0;
    size_t lines = 0;
    for (size_t i = 0; i < self->count; i++) {
        const struct entry *entry = &self->entries[i];
        if (is_of_part(self, entry, part) && is_wanted(self, entry, country)) {
            add_line(self, entry, municipality, text);
            lines++;
        }
    }
    return lines;
}

/* What only the country's figure counts of. */
static size_t add_country(const struct list *self, enum kf_template_part part, struct kf_text *text)
{
    size_t lines = 0;
    for (size_t i = 0; i < self->count; i++) {
        if (self->entries[i].country && is_of_part(self, &self->entries[i], part)) {
            add_line(self, &self->entries[i], KF_MUNICIPALITY_COUNTRY, text);
            lines++;
        }
    }
    return lines;
}

static size_t add_all(const struct list *self, enum kf_template_part part, struct kf_text *text)
{
    const struct kf_template *of = self->of;
    bool country = false;
    size_t lines = 0;
    kf_text_add(text, KF_TEMPLATE_FORM_HEADER "\n");
    for (size_t i = 0; i < of->municipalities_len; i++) {
        country = country || strcmp(of->municipalities[i], KF_MUNICIPALITY_COUNTRY) == 0;
        lines += add_municipality(self, part, of->municipalities[i], text);
    }
    return country ? lines : lines + add_country(self, part, text);
}

enum kf_err kf_template_form(const struct kf_template *self, enum kf_template_part part,
                             struct kf_text *text, struct kf_template_size *size,
                             struct kf_error *err)
{
    size_t registered = 0;
    struct list list = {.of = self,
                        .all = kf_variables_all(self->catalogue->variables, &registered)};
    list.seen = kf_calloc(registered + 1, sizeof *list.seen);
    list.named = kf_calloc(registered + 1, sizeof *list.named);
    list.entries = kf_calloc(2 * registered + 1, sizeof *list.entries);
    enum kf_err code = list.seen && list.named && list.entries
                           ? collect(&list, err)
                           : kf_error_set(err, KF_ERR_MEMORY, "no memory for the form");
    if (code == KF_OK) {
        *size = (struct kf_template_size){add_all(&list, part, text), count_left_out(&list, part)};
    }
    kf_free(list.named);
    kf_free(list.entries);
    kf_free(list.seen);
    return code == KF_OK && text->failed
               ? kf_error_set(err, KF_ERR_MEMORY, "no memory for the form")
               : code;
}
