/* Who is in a panel, and which codes of the data year make each of them up. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "common/model/panel_builder.h"

#define TEXT_BYTES_MAX ((size_t)1024)

/* --- codes that are no municipality ----------------------------------------------------------- */

/* Tells why `code` is nobody in `year`; `row` may be NULL. */
static void tell_unknown(const struct kf_panel_builder *self, const char *code, int year,
                         const char *variable, const struct kf_observation *row)
{
    struct kf_text why;
    char remedy[80];
    kf_text_init(&why, TEXT_BYTES_MAX);
    kf_structure_explain(self->input->structure, self->input->municipalities, code, year, &why);
    (void)snprintf(remedy, sizeof remedy, "use the municipality codes of %d", year);
    kf_panel_builder_tell(self, code, variable, row, remedy, why.bytes);
    kf_text_clear(&why);
}

static bool is_member(const struct kf_panel_builder *self, unsigned code)
{
    for (size_t i = 0; i < self->members.count; i++) {
        if (self->members.list[i].code == code) {
            return true;
        }
    }
    return false;
}

static bool holds(const struct kf_parts *parts, unsigned code)
{
    for (size_t i = 0; i < parts->count; i++) {
        if (parts->list[i].code == code) {
            return true;
        }
    }
    return false;
}

/* True when a member came out of the code's territory, or went into it. */
static bool concerns_member(const struct kf_panel_builder *self, const char *text, unsigned code)
{
    const struct kf_structure *structure = self->input->structure;
    const struct kf_municipality *ever = kf_municipalities_ever(self->input->municipalities, text);
    struct kf_parts parts;
    for (size_t i = 0; ever && i < self->members.count; i++) {
        unsigned member = self->members.list[i].code;
        bool ended = ever->to_year < self->structure_year;
        bool followed = ended ? kf_structure_follow(structure, code, ever->to_year,
                                                    self->structure_year, &parts)
                              : kf_structure_follow(structure, member, self->structure_year,
                                                    ever->from_year, &parts);
        if (followed && holds(&parts, ended ? member : code)) {
            return true;
        }
    }
    return false;
}

static bool takes_all(const struct kf_edition *edition)
{
    return edition->members_len == 0 && edition->kostra_groups_len == 0;
}

/* True when the figures of an odd code are missed: everybody's are, or those of everybody with a
 * figure of the variable, or a member's. */
static bool is_missed(const struct kf_panel_builder *self, const char *variable, const char *text,
                      unsigned code)
{
    if (takes_all(self->edition) || kf_edition_corrects(self->edition, variable)) {
        return true;
    }
    bool judged = self->known[code] & KF_CODE_HARMLESS;
    self->known[code] |= KF_CODE_HARMLESS;
    return !judged && concerns_member(self, text, code);
}

void kf_panel_builder_judge_codes(const struct kf_panel_builder *self, const char *variable,
                                  const struct kf_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct kf_observation *row = &rows->list[i];
        unsigned code = row->municipality;
        if (code >= KF_CODES || (self->known[code] & ~KF_CODE_HARMLESS) ||
            !kf_cell_has_value(row->status)) {
            continue;
        }
        char text[KF_MUNICIPALITY_SIZE];
        kf_municipality_print(code, text);
        if (is_missed(self, variable, text, code)) {
            self->known[code] |= KF_CODE_TOLD;
            tell_unknown(self, text, self->year, variable, row);
        }
    }
}

/* --- territories ------------------------------------------------------------------------------ */

static bool is_gone(const struct kf_panel_builder *self, unsigned code)
{
    return (self->known[code] & KF_CODE_IN_DATA_YEAR) &&
           !(self->known[code] & KF_CODE_IN_STRUCTURE_YEAR);
}

/* Appends the territory of `code`; there is room, and its text may be there already. */
static enum kf_err add_territory(const struct kf_panel_builder *self,
                                 struct kf_territories *territories, unsigned code)
{
    struct kf_territory *added = &territories->list[territories->count];
    if (!added->text) {
        added->text = kf_arena_printf(self->arena, "%04u", code);
    }
    if (!added->text) {
        return kf_panel_builder_no_memory(self);
    }
    added->code = (uint16_t)code;
    added->shares = kf_recut_of(&self->recut, code, &added->shares_len);
    added->ended = true;
    for (size_t i = 0; i < added->shares_len; i++) {
        unsigned from = added->shares[i].from;
        added->grown = added->grown || from == code;
        added->ended = added->ended && (from == code || is_gone(self, from));
    }
    territories->count++;
    return KF_OK;
}

static enum kf_err make_room(const struct kf_panel_builder *self,
                             struct kf_territories *territories, size_t count)
{
    if (count > KF_PANEL_MEMBERS_MAX) {
        return kf_error_set(self->err, KF_ERR_LIMIT,
                            "the panel %s/%d would have %zu members; the limit is %d",
                            self->edition->id, self->year, count, KF_PANEL_MEMBERS_MAX);
    }
    *territories = (struct kf_territories){0};
    territories->list = kf_arena_calloc(self->arena, count, sizeof *territories->list);
    return territories->list ? KF_OK : kf_panel_builder_no_memory(self);
}

/* A territory for every code that is marked. */
static enum kf_err take_marked(const struct kf_panel_builder *self, const bool *marked,
                               struct kf_territories *territories)
{
    size_t count = 0;
    for (size_t code = 0; code < KF_CODES; code++) {
        count += marked[code];
    }
    enum kf_err code = make_room(self, territories, count);
    for (unsigned number = 0; code == KF_OK && number < KF_CODES; number++) {
        if (marked[number]) {
            code = add_territory(self, territories, number);
        }
    }
    return code;
}

/* Marks the municipalities of the structure year that the code of a row belongs to. */
static void mark_targets(const struct kf_panel_builder *self, unsigned code, bool *marked)
{
    uint16_t targets[KF_PARTS_MAX];
    if (self->known[code] & KF_CODE_IN_DATA_YEAR) {
        size_t count = kf_recut_targets(&self->recut, code, targets);
        for (size_t i = 0; i < count; i++) {
            marked[targets[i]] = true;
        }
    } else if (self->known[code] & KF_CODE_IN_STRUCTURE_YEAR) {
        marked[code] = true;
    }
}

static void mark_rows(const struct kf_panel_builder *self, const struct kf_rows *rows, bool *marked)
{
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->list[i].municipality < KF_CODES && kf_cell_has_value(rows->list[i].status)) {
            mark_targets(self, rows->list[i].municipality, marked);
        }
    }
}

static bool is_excluded(const struct kf_edition *edition, unsigned number)
{
    char code[KF_MUNICIPALITY_SIZE];
    kf_municipality_print(number, code);
    return kf_edition_excludes(edition, code);
}

static bool *marks_new(const struct kf_panel_builder *self)
{
    return kf_arena_calloc(self->arena, KF_CODES, sizeof(bool));
}

/* --- members ---------------------------------------------------------------------------------- */

/* The members that the edition names. */
static enum kf_err take_named(struct kf_panel_builder *self)
{
    const struct kf_edition *edition = self->edition;
    struct kf_rows rows = kf_panel_builder_rows(self, self->population);
    enum kf_err code = make_room(self, &self->members, edition->members_len);
    for (size_t i = 0; code == KF_OK && i < edition->members_len; i++) {
        uint16_t number = 0;
        const char *text = edition->members[i];
        if (!kf_municipality_parse(text, strlen(text), &number)) {
            kf_panel_builder_tell(self, text, "", NULL, "write four digits",
                                  "is not a municipality code");
            continue;
        }
        if (!(self->known[number] & KF_CODE_IN_STRUCTURE_YEAR)) {
            tell_unknown(self, text, self->structure_year, self->population,
                         kf_panel_builder_row(&rows, number));
            self->known[number] |= KF_CODE_TOLD;
        }
        code = add_territory(self, &self->members, number);
    }
    return code;
}

/* Marks who has a figure of the variable, and tells who is nobody. */
static void mark_holders(const struct kf_panel_builder *self, const char *variable, bool *marked)
{
    struct kf_rows rows = kf_panel_builder_rows(self, variable);
    mark_rows(self, &rows, marked);
    kf_panel_builder_judge_codes(self, variable, &rows);
}

/* Every municipality with a population, or, where the edition names none, with any figure of it;
 * but those left out. */
static enum kf_err take_all(struct kf_panel_builder *self)
{
    bool *marked = marks_new(self);
    if (!marked) {
        return kf_panel_builder_no_memory(self);
    }
    if (self->population[0]) {
        mark_holders(self, self->population, marked);
    }
    for (size_t i = 0; !self->population[0] && i < self->named_len; i++) {
        mark_holders(self, self->named[i].name, marked);
    }
    for (unsigned code = 0; code < KF_CODES; code++) {
        marked[code] = marked[code] && !is_excluded(self->edition, code);
    }
    return take_marked(self, marked, &self->members);
}

/* How many of the codes that make up `code` are in the groups; `all` gets how many there are. */
static size_t count_grouped(const struct kf_recut *recut, unsigned code, const bool *grouped,
                            size_t *all)
{
    size_t count = 0;
    const struct kf_share *shares = kf_recut_of(recut, code, &count);
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        found += grouped[shares[i].from];
    }
    *all = count > 0 ? count : 1;
    return count > 0 ? found : grouped[code];
}

static void tell_mixed(const struct kf_panel_builder *self, unsigned code, int register_year)
{
    char text[KF_MUNICIPALITY_SIZE];
    char problem[160];
    kf_municipality_print(code, text);
    (void)snprintf(problem, sizeof problem,
                   "was put together after %d from municipalities in the KOSTRA groups and others: "
                   "its group is not known",
                   register_year);
    kf_panel_builder_tell(self, text, "kostra_groups", NULL,
                          "add the groups of a later year to kostra_groups.csv, name the "
                          "municipalities, or leave it out with except",
                          problem);
}

/* Marks the municipalities of the structure year all of whose parts were in the groups. */
static void mark_grouped(const struct kf_panel_builder *self, const struct kf_recut *recut,
                         const bool *grouped, bool *marked)
{
    for (unsigned code = 0; code < KF_CODES; code++) {
        size_t all = 0;
        size_t found = 0;
        if ((self->known[code] & KF_CODE_IN_STRUCTURE_YEAR) && !is_excluded(self->edition, code)) {
            found = count_grouped(recut, code, grouped, &all);
        }
        marked[code] = found > 0 && found == all;
        if (found > 0 && found < all) {
            tell_mixed(self, code, recut->data_year);
        }
    }
}

static enum kf_err mark_groups(const struct kf_panel_builder *self, int register_year,
                               bool *grouped, bool *marked)
{
    struct kf_recut recut = {.data_year = register_year, .structure_year = self->structure_year};
    enum kf_err code = kf_recut_make(&recut, self->input->structure, self->input->municipalities,
                                     self->arena, self->err);
    size_t count = 0;
    const struct kf_kostra_member *list =
        kf_kostra_groups_of(self->input->kostra_groups, register_year, &count);
    for (size_t i = 0; i < count; i++) {
        grouped[list[i].code] = kf_edition_takes_kostra_group(self->edition, list[i].group);
    }
    if (code == KF_OK) {
        mark_grouped(self, &recut, grouped, marked);
    }
    return code;
}

/* The municipalities of the edition's KOSTRA groups but those left out. */
static enum kf_err take_groups(struct kf_panel_builder *self)
{
    const struct kf_kostra_groups *groups = self->input->kostra_groups;
    int register_year = groups ? kf_kostra_groups_year(groups, self->year) : 0;
    bool *grouped = marks_new(self);
    bool *marked = marks_new(self);
    if (!grouped || !marked) {
        return kf_panel_builder_no_memory(self);
    }
    if (register_year == 0) {
        kf_panel_builder_tell(self, "", "kostra_groups", NULL,
                              "add the groups of the year to kostra_groups.csv",
                              "the KOSTRA groups of the data year are not known");
        return KF_OK;
    }
    enum kf_err code = mark_groups(self, register_year, grouped, marked);
    return code == KF_OK ? take_marked(self, marked, &self->members) : code;
}

static enum kf_err name_members(struct kf_panel_builder *self)
{
    struct kf_panel *panel = self->panel;
    panel->members = kf_arena_calloc(self->arena, self->members.count, sizeof *panel->members);
    if (!panel->members) {
        return kf_panel_builder_no_memory(self);
    }
    panel->members_len = self->members.count;
    for (size_t i = 0; i < panel->members_len; i++) {
        panel->members[i] = self->members.list[i].text;
    }
    return KF_OK;
}

static void tell_nobody(const struct kf_panel_builder *self)
{
    bool peopled = self->population[0];
    const char *nobody = peopled ? "no municipality has a population"
                                 : "no municipality has a figure of what the edition names";
    kf_panel_builder_tell(
        self, "", self->population, NULL,
        peopled ? "add the population of the year" : "add a municipality's figures of the year",
        self->edition->kostra_groups_len > 0 ? "no municipality is in the KOSTRA groups" : nobody);
}

enum kf_err kf_panel_builder_choose_members(struct kf_panel_builder *self)
{
    uint64_t before = kf_findings_count(self->findings);
    enum kf_err code = self->edition->members_len > 0         ? take_named(self)
                       : self->edition->kostra_groups_len > 0 ? take_groups(self)
                                                              : take_all(self);
    if (code == KF_OK && self->members.count == 0 && kf_findings_count(self->findings) == before) {
        tell_nobody(self);
    }
    return code == KF_OK ? name_members(self) : code;
}

enum kf_err kf_panel_builder_take_members(struct kf_panel_builder *self,
                                          const struct kf_panel_builder *from)
{
    enum kf_err code = make_room(self, &self->members, from->members.count);
    for (size_t i = 0; code == KF_OK && i < from->members.count; i++) {
        self->members.list[i].text = from->members.list[i].text;
        code = add_territory(self, &self->members, from->members.list[i].code);
    }
    self->panel->members = from->panel->members;
    self->panel->members_len = from->panel->members_len;
    return code;
}

/* --- others ----------------------------------------------------------------------------------- */

static void mark_variable(const struct kf_panel_builder *self, const char *variable, bool *marked)
{
    struct kf_rows rows = kf_panel_builder_rows(self, variable);
    mark_rows(self, &rows, marked);
}

enum kf_err kf_panel_builder_find_others(struct kf_panel_builder *self)
{
    if (self->edition->corrections_len == 0) {
        return KF_OK;
    }
    bool *marked = marks_new(self);
    if (!marked) {
        return kf_panel_builder_no_memory(self);
    }
    for (size_t i = 0; i < self->edition->corrections_len; i++) {
        const struct kf_correction *correction = &self->edition->corrections[i];
        mark_variable(self, correction->outcome, marked);
        for (size_t r = 0; r < correction->regressors_len; r++) {
            mark_variable(self, correction->regressors[r], marked);
        }
    }
    for (unsigned code = 0; code < KF_CODES; code++) {
        marked[code] = marked[code] && !is_member(self, code);
    }
    enum kf_err code = take_marked(self, marked, &self->others);
    struct kf_panel *panel = self->panel;
    panel->others = kf_arena_calloc(self->arena, self->others.count, sizeof *panel->others);
    if (code == KF_OK && !panel->others) {
        code = kf_panel_builder_no_memory(self);
    }
    for (size_t i = 0; code == KF_OK && i < self->others.count; i++) {
        panel->others[panel->others_len++] = self->others.list[i].text;
    }
    return code;
}
