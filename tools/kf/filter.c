#include "tools/kf/filter.h"

#include <stdio.h>
#include <string.h>

#include "common/base/findings.h"
#include "common/base/text.h"
#include "tools/kf/places.h"

#define NAMES_MAX       512
#define MEANT_BYTES_MAX ((size_t)1024)

/* Names that an option may have. */
struct names {
    const char *list[NAMES_MAX];
    size_t count;
};

static void add_name(struct names *self, const char *name)
{
    if (self->count < NAMES_MAX) {
        self->list[self->count++] = name;
    }
}

static struct kf_filter_values values_of(const struct kf_arguments *arguments, const char *name)
{
    struct kf_filter_values values = {NULL, 0};
    values.count = kf_arguments_many(arguments, name, &values.list);
    return values;
}

void kf_filter_read(const struct kf_arguments *arguments, struct kf_filter *filter)
{
    *filter = (struct kf_filter){.municipalities = values_of(arguments, "municipality"),
                                 .topics = values_of(arguments, "topic"),
                                 .measures = values_of(arguments, "measure"),
                                 .sectors = values_of(arguments, "sector")};
}

/* --- checking --------------------------------------------------------------------------------- */

static bool has(const char *const *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* `where` says where those that may be given are listed. */
static enum kf_err check_values(const struct kf_filter_values *values, const char *option,
                                const struct names *names, const char *where, struct kf_error *err)
{
    for (size_t i = 0; i < values->count; i++) {
        const char *given = values->list[i];
        if (!has(names->list, names->count, given)) {
            const char *meant = kf_findings_suggest(given, names->list, names->count);
            return kf_error_set(err, KF_ERR_CONFIG, "--%s %s: there is no such %s%s%s; %s", option,
                                given, option, meant ? ", did you mean " : "", meant ? meant : "",
                                where);
        }
    }
    return KF_OK;
}

static enum kf_err check_topics(const struct kf_filter *self, struct kf_error *err)
{
    struct names names = {.count = 0};
    for (int topic = KF_TOPIC_NONE + 1; topic < KF_TOPICS; topic++) {
        add_name(&names, kf_topic_name((enum kf_topic)topic));
    }
    return check_values(&self->topics, "topic", &names,
                        "topics are need, resource-use, demography, indicator, index, efficiency, "
                        "unit-cost, statistics",
                        err);
}

static enum kf_err check_measures(const struct kf_filter *self, struct kf_error *err)
{
    struct names names = {.count = 0};
    size_t count = 0;
    const struct kf_measure *all = kf_measures(&count);
    for (size_t i = 0; i < count; i++) {
        add_name(&names, all[i].name);
    }
    return check_values(&self->measures, "measure", &names, "docs/RESULTS.md lists the measures",
                        err);
}

/* Cost groups, and what else the unit costs of the edition are about. */
static void add_unit_costs(struct names *names, const struct kf_edition *edition)
{
    const struct kf_unit_costs *costs = &edition->unit_costs;
    const struct kf_trial *trial = &edition->trial;
    const struct kf_institution *institution = &costs->institution;
    const struct {
        const char *sector;
        bool has;
    } parts[] = {
        {KF_SECTOR_SERVICES, costs->groups_len > 0 || costs->gain.count > 0},
        {KF_SECTOR_INSTITUTION, institution->days.count > 0 || institution->expenditure.count > 0},
        {KF_SECTOR_USER_TIME, costs->user_times_len > 0},
        {KF_SECTOR_GROWTH, costs->growths_len > 0},
        {KF_SECTOR_GRANTS,
         trial->grants_len > 0 || trial->grant.count > 0 || trial->deduction.count > 0},
        {KF_SECTOR_RESOURCE_INTENSIVE, trial->resource_intensive.thresholds.count > 0},
        {KF_SECTOR_DEMOGRAPHY, trial->demography.compensated.count > 0},
    };
    for (size_t i = 0; i < costs->groups_len; i++) {
        add_name(names, costs->groups[i].id);
    }
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].has) {
            add_name(names, parts[i].sector);
        }
    }
}

static enum kf_err check_sectors(const struct kf_filter *self, const struct kf_edition *edition,
                                 struct kf_error *err)
{
    struct names names = {{KF_SECTOR_TOTAL, KF_SECTOR_TOTAL_WITH_ADMINISTRATION, KF_SECTOR_INSIDE,
                           KF_SECTOR_OUTSIDE, KF_SECTOR_INCOME, KF_SECTOR_RESIDUAL},
                          6};
    char where[128];
    for (size_t s = 0; s < edition->sectors_len; s++) {
        add_name(&names, edition->sectors[s].id);
    }
    for (size_t i = 0; i < edition->demography.sectors_len; i++) {
        add_name(&names, edition->demography.sectors[i].id);
    }
    for (size_t i = 0; i < edition->uses_len; i++) {
        add_name(&names, edition->uses[i].id);
    }
    for (size_t i = 0; i < edition->corrections_len; i++) {
        add_name(&names, edition->corrections[i].id);
    }
    add_unit_costs(&names, edition);
    (void)snprintf(where, sizeof where, "`kf editions show %s` lists them, total is the whole",
                   edition->id);
    return check_values(&self->sectors, "sector", &names, where, err);
}

enum kf_err kf_filter_check_municipalities(const struct kf_filter *self,
                                           const struct kf_municipalities *municipalities, int year,
                                           struct kf_error *err)
{
    for (size_t i = 0; i < self->municipalities.count; i++) {
        const char *given = self->municipalities.list[i];
        if (kf_municipalities_ever(municipalities, given)) {
            continue;
        }
        struct kf_text meant;
        kf_text_init(&meant, MEANT_BYTES_MAX);
        bool any = kf_places_suggest(municipalities, given, year, &meant) > 0;
        enum kf_err code =
            kf_error_set(err, KF_ERR_CONFIG, "--municipality %s: is no code of a municipality%s",
                         given, any ? meant.bytes : "; give four digits");
        kf_text_clear(&meant);
        return code;
    }
    return KF_OK;
}

enum kf_err kf_filter_check(const struct kf_filter *self, const struct kf_catalogue *catalogue,
                            const struct kf_edition *edition, int year, struct kf_error *err)
{
    enum kf_err code = check_topics(self, err);
    if (code == KF_OK) {
        code = check_measures(self, err);
    }
    if (code == KF_OK) {
        code = check_sectors(self, edition, err);
    }
    return code == KF_OK
               ? kf_filter_check_municipalities(self, catalogue->municipalities, year, err)
               : code;
}

/* --- rows ------------------------------------------------------------------------------------- */

static bool takes(const struct kf_filter_values *values, const char *name)
{
    return values->count == 0 || has(values->list, values->count, name);
}

bool kf_filter_is_open(const struct kf_filter *self)
{
    return self->municipalities.count == 0 && self->topics.count == 0 &&
           self->measures.count == 0 && self->sectors.count == 0;
}

bool kf_filter_takes_row(const struct kf_filter *self, const struct kf_row *row)
{
    return takes(&self->topics, kf_topic_name(row->topic)) && takes(&self->sectors, row->sector) &&
           takes(&self->municipalities, row->municipality);
}

bool kf_filter_takes_measure(const struct kf_filter *self, const char *measure)
{
    return takes(&self->measures, measure);
}
