#include "tools/kf/row_names.h"

#include <stddef.h>
#include <string.h>

#include "tools/kf/words.h"

/* What the things of an edition begin with. */
struct named {
    const char *id;
    struct kf_name name;
};

#define NAMED(type)                                                                                \
    _Static_assert(offsetof(struct type, id) == offsetof(struct named, id) &&                      \
                       offsetof(struct type, name) == offsetof(struct named, name),                \
                   #type " must begin with id and name")
NAMED(kf_sector);
NAMED(kf_indicator);
NAMED(kf_adjustment);
NAMED(kf_use);
NAMED(kf_age_group);
NAMED(kf_cost_sector);
NAMED(kf_rated_service);
NAMED(kf_cost_group);
NAMED(kf_user_time);
NAMED(kf_real_growth);

struct list {
    const void *first;
    size_t count;
    size_t size;
};

#define LIST(list, count)                                                                          \
    {                                                                                              \
        (list), (count), sizeof *(list)                                                            \
    }
#define LENGTH(list) (sizeof(list) / sizeof(list)[0])

static const struct kf_name topics[KF_TOPICS] = {
    [KF_TOPIC_NONE] = {"", ""},
    [KF_TOPIC_NEED] = {"Behov", "Need"},
    [KF_TOPIC_RESOURCE_USE] = {"Ressursbruk", "Resource use"},
    [KF_TOPIC_DEMOGRAPHY] = {"Demografi", "Demography"},
    [KF_TOPIC_INDICATOR] = {"Indikatorer", "Indicators"},
    [KF_TOPIC_INDEX] = {"Indekser", "Indices"},
    [KF_TOPIC_EFFICIENCY] = {"Effektivitet", "Efficiency"},
    [KF_TOPIC_UNIT_COST] = {"Enhetskostnader", "Unit costs"},
    [KF_TOPIC_STATISTICS] = {"Statistikk", "Statistics"},
};

/* What rows are about besides what the edition names. */
static const struct named others[] = {
    {KF_SECTOR_TOTAL, {"Totalt", "Total"}},
    {KF_SECTOR_TOTAL_WITH_ADMINISTRATION,
     {"Totalt med administrasjon", "Total with administration"}},
    {KF_SECTOR_INSIDE, {"Innenfor inntektssystemet", "Inside the income system"}},
    {KF_SECTOR_OUTSIDE, {"Utenfor inntektssystemet", "Outside the income system"}},
    {KF_SECTOR_INCOME, {"Disponibel inntekt", "Disposable income"}},
    {KF_SECTOR_SERVICES, {"Alle tjenester", "All services"}},
    {KF_SECTOR_INSTITUTION, {"Institusjoner", "Institutions"}},
    {KF_SECTOR_USER_TIME, {"Tid hos brukerne", "Time with users"}},
    {KF_SECTOR_GROWTH, {"Vekst", "Growth"}},
    {KF_SECTOR_GRANTS, {"Tilskudd", "Grants"}},
    {KF_SECTOR_RESOURCE_INTENSIVE, {"Ressurskrevende brukere", "Resource-intensive users"}},
    {KF_SECTOR_DEMOGRAPHY, {"Demografi", "Demography"}},
};

const char *kf_topic_title(enum kf_topic topic, bool norwegian)
{
    return norwegian ? topics[topic].nb : topics[topic].en;
}

static void add_spaced(const char *text, struct kf_text *out)
{
    for (const char *c = text; *c; c++) {
        kf_text_add_char(out, *c == '_' ? ' ' : *c);
    }
}

/* The name of `id` in one of the lists, or NULL when it is in none or has no name. */
static const char *find(const struct list *lists, size_t count, const char *id, bool norwegian)
{
    for (size_t l = 0; l < count; l++) {
        for (size_t i = 0; i < lists[l].count; i++) {
            struct named thing;
            memcpy(&thing, (const char *)lists[l].first + i * lists[l].size, sizeof thing);
            const char *name = norwegian ? thing.name.nb : thing.name.en;
            if (strcmp(thing.id, id) == 0 && name && name[0]) {
                return name;
            }
        }
    }
    return NULL;
}

void kf_row_sector_name(const struct kf_edition *edition, const char *sector, bool norwegian,
                        struct kf_text *text)
{
    const struct list lists[] = {
        LIST(edition->sectors, edition->sectors_len),
        LIST(edition->demography.sectors, edition->demography.sectors_len),
        LIST(edition->uses, edition->uses_len),
        LIST(edition->unit_costs.groups, edition->unit_costs.groups_len),
        LIST(others, LENGTH(others)),
    };
    const char *name = find(lists, LENGTH(lists), sector, norwegian);
    if (name) {
        kf_text_add(text, name);
    } else {
        add_spaced(kf_word(sector, norwegian), text);
    }
}

/* Of the sector itself, if it is one of the edition's with indicators and adjustments. */
static const char *in_sector(const struct kf_edition *edition, const char *sector,
                             const char *indicator, bool norwegian)
{
    const struct kf_sector *found = kf_edition_sector(edition, sector);
    if (!found) {
        return NULL;
    }
    const struct list lists[] = {
        LIST(found->indicators, found->indicators_len),
        LIST(found->resources.adjustments, found->resources.adjustments_len),
    };
    return find(lists, LENGTH(lists), indicator, norwegian);
}

void kf_row_indicator_name(const struct kf_edition *edition, const char *sector,
                           const char *indicator, bool norwegian, struct kf_text *text)
{
    const struct kf_unit_costs *costs = &edition->unit_costs;
    const struct list lists[] = {
        LIST(edition->sectors, edition->sectors_len),
        LIST(edition->demography.cost_groups, edition->demography.cost_groups_len),
        LIST(edition->demography.groups, edition->demography.groups_len),
        LIST(costs->services, costs->services_len),
        LIST(costs->user_times, costs->user_times_len),
        LIST(costs->growths, costs->growths_len),
        LIST(edition->trial.grants, edition->trial.grants_len),
    };
    const char *name = in_sector(edition, sector, indicator, norwegian);
    name = name ? name : find(lists, LENGTH(lists), indicator, norwegian);
    kf_text_add(text, name ? name : indicator);
}

void kf_measure_name(const char *measure, bool norwegian, struct kf_text *text)
{
    add_spaced(kf_word(measure, norwegian), text);
}
