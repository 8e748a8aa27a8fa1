#include "common/codec/demography_codec.h"

#include <math.h>
#include <string.h>

#include "common/codec/name_codec.h"
#include "common/codec/sector_codec.h"
#include "common/codec/terms_codec.h"
#include "common/codec/text_list.h"
#include "common/codec/unpack.h"
#include "common/codec/year_figure_codec.h"

/* --- to a message ---------------------------------------------------------------------------- */

static void groups_to_message(const struct kf_age_group *groups, size_t groups_len,
                              Kf__V1__AgeGroup ***list, size_t *count, struct kf_scratch *scratch)
{
    Kf__V1__AgeGroup *messages = kf_scratch_array(scratch, groups_len, sizeof *messages);
    *list = kf_scratch_array(scratch, groups_len, sizeof(void *));
    *count = *list ? groups_len : 0;
    for (size_t i = 0; i < *count; i++) {
        Kf__V1__AgeGroup *message = &messages[i];
        kf__v1__age_group__init(message);
        message->id = kf_scratch_text(scratch, groups[i].id);
        message->name = kf_name_to_message(&groups[i].name, scratch);
        kf_terms_to_message(&groups[i].people, &message->people, &message->n_people, scratch);
        kf_terms_to_message(&groups[i].projected, &message->projected, &message->n_projected,
                            scratch);
        message->care_weight = groups[i].care_weight;
        (*list)[i] = message;
    }
}

static Kf__V1__CostSector *sector_to_message(const struct kf_cost_sector *sector, size_t groups_len,
                                             struct kf_scratch *scratch)
{
    Kf__V1__CostSector *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (!message) {
        return NULL;
    }
    kf__v1__cost_sector__init(message);
    message->id = kf_scratch_text(scratch, sector->id);
    message->name = kf_name_to_message(&sector->name, scratch);
    message->rates = sector->rates;
    message->n_rates = sector->rates ? groups_len : 0;
    kf_texts_to_message(sector->of, sector->of_len, &message->of, &message->n_of, scratch);
    return message;
}

static void sectors_to_message(const struct kf_demography *demography, Kf__V1__Demography *message,
                               struct kf_scratch *scratch)
{
    message->sectors = kf_scratch_array(scratch, demography->sectors_len, sizeof(void *));
    message->n_sectors = message->sectors ? demography->sectors_len : 0;
    for (size_t i = 0; i < message->n_sectors; i++) {
        message->sectors[i] =
            sector_to_message(&demography->sectors[i], demography->cost_groups_len, scratch);
    }
}

Kf__V1__Demography *kf_demography_to_message(const struct kf_demography *demography,
                                             struct kf_scratch *scratch)
{
    if (demography->base_year == 0) {
        return NULL;
    }
    Kf__V1__Demography *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (!message) {
        return NULL;
    }
    kf__v1__demography__init(message);
    message->base_year = demography->base_year;
    groups_to_message(demography->groups, demography->groups_len, &message->groups,
                      &message->n_groups, scratch);
    groups_to_message(demography->cost_groups, demography->cost_groups_len, &message->cost_groups,
                      &message->n_cost_groups, scratch);
    sectors_to_message(demography, message, scratch);
    message->rate_year = demography->rate_year;
    message->projection = kf_name_to_message(&demography->projection, scratch);
    message->projected_population = kf_scratch_text(scratch, demography->projected_population);
    message->observed_through = demography->observed_through;
    message->rebased = demography->rebased;
    return message;
}

/* --- what a message must hold ---------------------------------------------------------------- */

/* NULL, or what is wrong with what stands outside the lists. */
static const char *head_breach(const Kf__V1__Demography *message)
{
    bool projects = message->projected_population[0] != '\0';
    if (!kf_codec_is_year(message->base_year)) {
        return "lacks its base year";
    }
    if (message->rate_year != 0 && !kf_codec_is_year(message->rate_year)) {
        return "takes rates of something that is no year";
    }
    if (projects != kf_codec_is_year(message->observed_through) ||
        (!projects && message->observed_through != 0)) {
        return "lacks either its projection or the last year that is observed";
    }
    return !projects && message->rebased ? "rebases no projection" : NULL;
}

static enum kf_err check_group(const Kf__V1__AgeGroup *group, const char *where,
                               struct kf_error *err)
{
    if (!group->id[0] || group->n_people == 0 || !isfinite(group->care_weight) ||
        group->care_weight < 0) {
        return kf_error_set(err, KF_ERR_DATA,
                            "age group \"%s\" of %s lacks its id, its people or a finite weight "
                            "from 0 on",
                            group->id, where);
    }
    enum kf_err code = kf_terms_check_message(group->people, group->n_people, group->id, err);
    return code ? code
                : kf_terms_check_message(group->projected, group->n_projected, group->id, err);
}

static enum kf_err check_groups(Kf__V1__AgeGroup *const *groups, size_t count, const char *what,
                                const char *where, struct kf_error *err)
{
    const char *ids[KF_AGE_GROUPS_MAX];
    enum kf_err code = kf_codec_check_count(count, KF_AGE_GROUPS_MAX, what, where, err);
    for (size_t i = 0; i < count && !code; i++) {
        ids[i] = groups[i]->id;
        code = check_group(groups[i], where, err);
    }
    return code ? code : kf_codec_check_ids(ids, count, what, where, err);
}

/* NULL, or what is wrong with the rates of a service. */
static const char *rates_breach(const Kf__V1__CostSector *sector, const Kf__V1__Edition *edition)
{
    const Kf__V1__Demography *demography = edition->demography;
    bool derived = sector->n_of > 0;
    if (derived && sector->n_rates > 0) {
        return "has rates that are both given and derived";
    }
    if (!derived && (sector->n_rates == 0 || sector->n_rates != demography->n_cost_groups)) {
        return "has not one rate for each cost group";
    }
    if (derived && demography->rate_year == 0) {
        return "derives rates of no year";
    }
    for (size_t i = 0; i < sector->n_rates; i++) {
        if (!isfinite(sector->rates[i])) {
            return "has a rate that is not finite";
        }
    }
    for (size_t i = 0; i < sector->n_of; i++) {
        if (!kf_sector_is_known(edition, sector->of[i])) {
            return "derives rates from no sector of the edition";
        }
    }
    return NULL;
}

static enum kf_err check_sector(const Kf__V1__CostSector *sector, const Kf__V1__Edition *edition,
                                struct kf_error *err)
{
    enum kf_err code =
        kf_codec_check_count(sector->n_of, KF_SECTORS_MAX, "sectors of rates", sector->id, err);
    if (code) {
        return code;
    }
    const char *breach = sector->id[0] ? rates_breach(sector, edition) : "lacks its id";
    return breach ? kf_error_set(err, KF_ERR_DATA, "edition %s: the service \"%s\" %s", edition->id,
                                 sector->id, breach)
                  : KF_OK;
}

static enum kf_err check_sectors(const Kf__V1__Edition *edition, struct kf_error *err)
{
    const Kf__V1__Demography *message = edition->demography;
    const char *ids[KF_SECTORS_MAX];
    size_t count = message->n_sectors;
    enum kf_err code =
        kf_codec_check_count(count, KF_SECTORS_MAX, "services with rates", edition->id, err);
    for (size_t i = 0; i < count && !code; i++) {
        ids[i] = message->sectors[i]->id;
        code = check_sector(message->sectors[i], edition, err);
    }
    return code ? code : kf_codec_check_ids(ids, count, "services with rates", edition->id, err);
}

enum kf_err kf_demography_check_message(const Kf__V1__Edition *edition, struct kf_error *err)
{
    const Kf__V1__Demography *message = edition->demography;
    if (!message) {
        return KF_OK;
    }
    const char *breach = head_breach(message);
    if (breach) {
        return kf_error_set(err, KF_ERR_DATA, "demography of edition %s %s", edition->id, breach);
    }
    enum kf_err code =
        check_groups(message->groups, message->n_groups, "age groups", edition->id, err);
    if (!code) {
        code = check_groups(message->cost_groups, message->n_cost_groups, "cost groups",
                            edition->id, err);
    }
    return code ? code : check_sectors(edition, err);
}

/* --- from a message -------------------------------------------------------------------------- */

static struct kf_age_group *groups_from_message(Kf__V1__AgeGroup *const *list, size_t count,
                                                size_t *groups_len, struct kf_scratch *scratch)
{
    struct kf_age_group *groups = kf_scratch_array(scratch, count, sizeof *groups);
    *groups_len = groups ? count : 0;
    for (size_t i = 0; i < *groups_len; i++) {
        const Kf__V1__AgeGroup *from = list[i];
        groups[i] = (struct kf_age_group){
            .id = kf_scratch_copy(scratch, from->id),
            .name = kf_name_from_message(from->name, scratch),
            .people = kf_terms_from_message(from->people, from->n_people, scratch),
            .projected = kf_terms_from_message(from->projected, from->n_projected, scratch),
            .care_weight = from->care_weight,
        };
    }
    return groups;
}

static struct kf_cost_sector sector_from_message(const Kf__V1__CostSector *message,
                                                 struct kf_scratch *scratch)
{
    struct kf_cost_sector sector = {
        .id = kf_scratch_copy(scratch, message->id),
        .name = kf_name_from_message(message->name, scratch),
        .rates = kf_scratch_array(scratch, message->n_rates, sizeof *sector.rates),
    };
    for (size_t i = 0; sector.rates && i < message->n_rates; i++) {
        sector.rates[i] = message->rates[i];
    }
    sector.of = kf_texts_from_message(message->of, message->n_of, &sector.of_len, scratch);
    return sector;
}

static void sectors_from_message(const Kf__V1__Demography *message,
                                 struct kf_demography *demography, struct kf_scratch *scratch)
{
    demography->sectors =
        kf_scratch_array(scratch, message->n_sectors, sizeof *demography->sectors);
    demography->sectors_len = demography->sectors ? message->n_sectors : 0;
    for (size_t i = 0; i < demography->sectors_len; i++) {
        demography->sectors[i] = sector_from_message(message->sectors[i], scratch);
    }
}

struct kf_demography kf_demography_from_message(const Kf__V1__Demography *message,
                                                struct kf_scratch *scratch)
{
    if (!message) {
        return (struct kf_demography){.projection = {"", ""}, .projected_population = ""};
    }
    struct kf_demography demography = {
        .base_year = message->base_year,
        .rate_year = message->rate_year,
        .projection = kf_name_from_message(message->projection, scratch),
        .projected_population = kf_scratch_copy(scratch, message->projected_population),
        .observed_through = message->observed_through,
        .rebased = message->rebased != 0,
    };
    demography.groups =
        groups_from_message(message->groups, message->n_groups, &demography.groups_len, scratch);
    demography.cost_groups = groups_from_message(message->cost_groups, message->n_cost_groups,
                                                 &demography.cost_groups_len, scratch);
    sectors_from_message(message, &demography, scratch);
    return demography;
}
