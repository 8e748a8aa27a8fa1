/* Whether the group of an edition consists of municipalities, and of KOSTRA groups, that are. */
#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "common/model/catalogue.h"

#define TEXT_BYTES_MAX ((size_t)1024)

/* What is checked, and against what. */
struct check {
    const struct kf_edition *edition;
    const char *path;
    const struct kf_catalogue *registers;
    struct kf_findings *findings;
};

/* Where the list's item stands; `path` when nobody knows. */
static struct kf_place place_of(const struct check *self, const struct kf_listed *listed, size_t i)
{
    return (struct kf_place){.file = listed->file ? listed->file : self->path,
                             .line = listed->lines ? listed->lines[i] : 0};
}

/* --- municipalities -------------------------------------------------------------------------- */

static bool is_ever_valid(const struct check *self, const char *code)
{
    const struct kf_edition *edition = self->edition;
    const struct kf_municipalities *municipalities = self->registers->municipalities;
    if (edition->structure_year != KF_STRUCTURE_DATA_YEAR) {
        int year = kf_edition_structure_year(edition, municipalities, edition->year_from);
        return kf_municipalities_find(municipalities, code, year);
    }
    for (int year = edition->year_from; year <= edition->year_to; year++) {
        if (kf_edition_has_year(edition, year) &&
            kf_municipalities_find(municipalities, code, year)) {
            return true;
        }
    }
    return false;
}

/* "today's structure (2024)", "the structure of 2020", or "any year of the edition". */
static void name_structure(const struct kf_edition *edition, int year, struct kf_text *text)
{
    if (edition->structure_year == KF_STRUCTURE_DATA_YEAR) {
        kf_text_add(text, "any year of the edition");
    } else {
        bool today = edition->structure_year == KF_STRUCTURE_TODAY;
        kf_text_add_format(text, today ? "today's structure (%d)" : "the structure of %d", year);
    }
}

/* What the territory of `code` is called in `year`: the remedy when it is one municipality. */
static void advise_code(const struct check *self, const char *code, int year, struct kf_text *text)
{
    const struct kf_municipalities *municipalities = self->registers->municipalities;
    const struct kf_municipality *ever = kf_municipalities_ever(municipalities, code);
    struct kf_parts parts = {.count = 0};
    unsigned long number = 0;
    if (ever->to_year < year && kf_text_to_unsigned(code, strlen(code), KF_CODES - 1, &number) &&
        kf_structure_follow(self->registers->structure, (unsigned)number, ever->to_year, year,
                            &parts) &&
        parts.count == 1 && parts.list[0].code != number) {
        kf_text_add(text, "in ");
        name_structure(self->edition, year, text);
        kf_text_add_format(text, " the code is \"%04u\"", (unsigned)parts.list[0].code);
    } else {
        kf_text_add_format(text, "use the municipality codes of %d", year);
    }
}

static void tell_code(const struct check *self, const char *code, struct kf_place *place)
{
    const struct kf_edition *edition = self->edition;
    const struct kf_municipalities *municipalities = self->registers->municipalities;
    int year = kf_edition_structure_year(edition, municipalities, edition->year_from);
    struct kf_text why;
    struct kf_text remedy;
    kf_text_init(&why, TEXT_BYTES_MAX);
    kf_text_init(&remedy, TEXT_BYTES_MAX);
    kf_structure_explain(self->registers->structure, municipalities, code, year, &why);
    place->municipality = code;
    if (!kf_municipalities_ever(municipalities, code)) {
        kf_findings_add(self->findings, place, "correct the code: municipalities.csv has them all",
                        "%s", why.bytes);
    } else {
        struct kf_text structure;
        kf_text_init(&structure, TEXT_BYTES_MAX);
        name_structure(edition, year, &structure);
        if (edition->structure_year == KF_STRUCTURE_DATA_YEAR) {
            kf_text_add(&remedy, "use the codes of the edition's years, or set structure");
        } else {
            advise_code(self, code, year, &remedy);
        }
        kf_findings_add(self->findings, place, remedy.bytes, "is no municipality in %s: %s",
                        structure.bytes, why.bytes);
        kf_text_clear(&structure);
    }
    kf_text_clear(&remedy);
    kf_text_clear(&why);
}

static size_t check_codes(const struct check *self, const char *const *codes, size_t count,
                          const struct kf_listed *listed, const char *key)
{
    size_t faults = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_ever_valid(self, codes[i])) {
            struct kf_place place = place_of(self, listed, i);
            place.variable = key;
            tell_code(self, codes[i], &place);
            faults++;
        }
    }
    return faults;
}

/* The municipalities that adjustments of resource use concern. */
static size_t check_adjusted(const struct check *self)
{
    size_t faults = 0;
    for (size_t s = 0; s < self->edition->sectors_len; s++) {
        const struct kf_resources *resources = &self->edition->sectors[s].resources;
        for (size_t i = 0; i < resources->adjustments_len; i++) {
            const struct kf_adjustment *adjustment = &resources->adjustments[i];
            faults += check_codes(self, adjustment->only, adjustment->only_len,
                                  &adjustment->only_at, "only");
        }
    }
    return faults;
}

/* --- KOSTRA groups --------------------------------------------------------------------------- */

static bool is_group_of_any_year(const struct check *self, const char *group)
{
    const struct kf_edition *edition = self->edition;
    for (int year = edition->year_from; year <= edition->year_to; year++) {
        if (kf_edition_has_year(edition, year) &&
            kf_kostra_groups_has(self->registers->kostra_groups, group, year)) {
            return true;
        }
    }
    return false;
}

static size_t check_kostra_groups(const struct check *self)
{
    const struct kf_kostra_groups *groups = self->registers->kostra_groups;
    size_t faults = 0;
    for (size_t i = 0; i < self->edition->kostra_groups_len; i++) {
        const char *group = self->edition->kostra_groups[i];
        struct kf_place place = place_of(self, &self->edition->kostra_groups_at, i);
        place.variable = "kostra_groups";
        place.cell = group;
        if (!groups || !kf_kostra_groups_know(groups, group)) {
            kf_findings_add(self->findings, &place, "use a group of kostra_groups.csv",
                            "is no KOSTRA group of the register");
        } else if (!is_group_of_any_year(self, group)) {
            kf_findings_add(self->findings, &place,
                            "use a group of those years, or add them to kostra_groups.csv",
                            "is a KOSTRA group in none of the edition's years, as far as the "
                            "register knows");
        } else {
            continue;
        }
        faults++;
    }
    return faults;
}

enum kf_err kf_edition_check_members(const struct kf_edition *edition, const char *path,
                                     const struct kf_catalogue *registers,
                                     struct kf_findings *findings, struct kf_error *err)
{
    struct check self = {edition, path, registers, findings};
    size_t faults = check_kostra_groups(&self);
    faults += check_codes(&self, edition->members, edition->members_len, &edition->members_at,
                          "municipalities");
    faults += check_codes(&self, edition->excluded, edition->excluded_len, &edition->excluded_at,
                          "except");
    faults += check_adjusted(&self);
    return faults == 0 ? KF_OK
                       : kf_error_set(err, KF_ERR_CONFIG, "%s: %zu fault%s in the group", path,
                                      faults, faults == 1 ? "" : "s");
}
