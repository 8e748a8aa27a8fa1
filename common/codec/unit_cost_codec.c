#include "common/codec/unit_cost_codec.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "common/codec/name_codec.h"
#include "common/codec/terms_codec.h"
#include "common/codec/unpack.h"
#include "common/codec/year_figure_codec.h"
#include "common/model/topic.h"
#include "common/model/yaml.h"

/* --- to a message ---------------------------------------------------------------------------- */

static Kf__V1__Service *service_to_message(const struct kf_rated_service *service,
                                           struct kf_scratch *scratch)
{
    Kf__V1__Service *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (message) {
        kf__v1__service__init(message);
        message->id = kf_scratch_text(scratch, service->id);
        message->name = kf_name_to_message(&service->name, scratch);
        message->unit = kf_scratch_text(scratch, service->unit);
        kf_year_figures_to_message(&service->rates, &message->rates, &message->n_rates, scratch);
    }
    return message;
}

static void services_to_message(const struct kf_unit_costs *costs, Kf__V1__UnitCosts *message,
                                struct kf_scratch *scratch)
{
    message->services = kf_scratch_array(scratch, costs->services_len, sizeof(void *));
    message->n_services = message->services ? costs->services_len : 0;
    for (size_t i = 0; i < message->n_services; i++) {
        message->services[i] = service_to_message(&costs->services[i], scratch);
    }
}

static void deliveries_to_message(const struct kf_cost_group *group, Kf__V1__CostGroup *message,
                                  struct kf_scratch *scratch)
{
    Kf__V1__Delivery *list = kf_scratch_array(scratch, group->deliveries_len, sizeof *list);
    message->deliveries = kf_scratch_array(scratch, group->deliveries_len, sizeof(void *));
    message->n_deliveries = message->deliveries ? group->deliveries_len : 0;
    for (size_t i = 0; i < message->n_deliveries; i++) {
        kf__v1__delivery__init(&list[i]);
        list[i].service = kf_scratch_text(scratch, group->deliveries[i].service);
        kf_terms_to_message(&group->deliveries[i].quantity, &list[i].quantity, &list[i].n_quantity,
                            scratch);
        message->deliveries[i] = &list[i];
    }
}

static Kf__V1__CostGroup *group_to_message(const struct kf_cost_group *group,
                                           struct kf_scratch *scratch)
{
    Kf__V1__CostGroup *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (message) {
        kf__v1__cost_group__init(message);
        message->id = kf_scratch_text(scratch, group->id);
        message->name = kf_name_to_message(&group->name, scratch);
        kf_terms_to_message(&group->net, &message->net, &message->n_net, scratch);
        kf_terms_to_message(&group->grant, &message->grant, &message->n_grant, scratch);
        deliveries_to_message(group, message, scratch);
    }
    return message;
}

static void groups_to_message(const struct kf_unit_costs *costs, Kf__V1__UnitCosts *message,
                              struct kf_scratch *scratch)
{
    message->groups = kf_scratch_array(scratch, costs->groups_len, sizeof(void *));
    message->n_groups = message->groups ? costs->groups_len : 0;
    for (size_t i = 0; i < message->n_groups; i++) {
        message->groups[i] = group_to_message(&costs->groups[i], scratch);
    }
}

static Kf__V1__Institution *institution_to_message(const struct kf_institution *institution,
                                                   struct kf_scratch *scratch)
{
    if (institution->days.count + institution->expenditure.count + institution->of.count == 0) {
        return NULL;
    }
    Kf__V1__Institution *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (message) {
        kf__v1__institution__init(message);
        kf_terms_to_message(&institution->days, &message->days, &message->n_days, scratch);
        kf_terms_to_message(&institution->expenditure, &message->expenditure,
                            &message->n_expenditure, scratch);
        kf_terms_to_message(&institution->of, &message->of, &message->n_of, scratch);
    }
    return message;
}

static void user_times_to_message(const struct kf_unit_costs *costs, Kf__V1__UnitCosts *message,
                                  struct kf_scratch *scratch)
{
    Kf__V1__UserTime *list = kf_scratch_array(scratch, costs->user_times_len, sizeof *list);
    message->user_times = kf_scratch_array(scratch, costs->user_times_len, sizeof(void *));
    message->n_user_times = message->user_times ? costs->user_times_len : 0;
    for (size_t i = 0; i < message->n_user_times; i++) {
        const struct kf_user_time *from = &costs->user_times[i];
        kf__v1__user_time__init(&list[i]);
        list[i].id = kf_scratch_text(scratch, from->id);
        list[i].name = kf_name_to_message(&from->name, scratch);
        kf_terms_to_message(&from->approved, &list[i].approved, &list[i].n_approved, scratch);
        kf_terms_to_message(&from->available, &list[i].available, &list[i].n_available, scratch);
        list[i].norm = from->norm;
        message->user_times[i] = &list[i];
    }
}

static void growths_to_message(const struct kf_unit_costs *costs, Kf__V1__UnitCosts *message,
                               struct kf_scratch *scratch)
{
    Kf__V1__RealGrowth *list = kf_scratch_array(scratch, costs->growths_len, sizeof *list);
    message->growths = kf_scratch_array(scratch, costs->growths_len, sizeof(void *));
    message->n_growths = message->growths ? costs->growths_len : 0;
    for (size_t i = 0; i < message->n_growths; i++) {
        const struct kf_real_growth *from = &costs->growths[i];
        kf__v1__real_growth__init(&list[i]);
        list[i].id = kf_scratch_text(scratch, from->id);
        list[i].name = kf_name_to_message(&from->name, scratch);
        list[i].gross = kf_scratch_text(scratch, from->gross);
        kf_terms_to_message(&from->expenditure, &list[i].expenditure, &list[i].n_expenditure,
                            scratch);
        list[i].demographic = kf_scratch_text(scratch, from->demographic);
        message->growths[i] = &list[i];
    }
}

Kf__V1__UnitCosts *kf_unit_costs_to_message(const struct kf_unit_costs *costs,
                                            struct kf_scratch *scratch)
{
    Kf__V1__UnitCosts *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (!message) {
        return NULL;
    }
    kf__v1__unit_costs__init(message);
    services_to_message(costs, message, scratch);
    kf_year_figures_to_message(&costs->rate_growth, &message->rate_growth, &message->n_rate_growth,
                               scratch);
    groups_to_message(costs, message, scratch);
    kf_terms_to_message(&costs->gain, &message->gain, &message->n_gain, scratch);
    message->institution = institution_to_message(&costs->institution, scratch);
    user_times_to_message(costs, message, scratch);
    growths_to_message(costs, message, scratch);
    kf_year_figures_to_message(&costs->prices, &message->prices, &message->n_prices, scratch);
    bool empty = !scratch->failed && kf__v1__unit_costs__get_packed_size(message) == 0;
    return scratch->failed || empty ? NULL : message;
}

/* --- what a message must hold ---------------------------------------------------------------- */

static enum kf_err refuse(const char *edition, const char *what, const char *id, const char *breach,
                          struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_DATA, "edition %s: %s \"%s\" %s", edition, what, id, breach);
}

static enum kf_err check_service(const Kf__V1__Service *service, const char *edition,
                                 struct kf_error *err)
{
    if (!service->id[0] || !service->unit[0]) {
        return refuse(edition, "the service", service->id, "lacks its id or unit", err);
    }
    if (!kf_service_is_id(service->id)) {
        return refuse(edition, "the service", service->id, "has an id that is no code", err);
    }
    return kf_year_figures_check_message(service->rates, service->n_rates, KF_YEAR_RATE, "rates",
                                         service->id, err);
}

static enum kf_err check_services(const Kf__V1__UnitCosts *message, const char *edition,
                                  struct kf_error *err)
{
    const char *ids[KF_SERVICES_MAX];
    size_t count = message->n_services;
    enum kf_err code = kf_codec_check_count(count, KF_SERVICES_MAX, "services", edition, err);
    for (size_t i = 0; i < count && !code; i++) {
        ids[i] = message->services[i]->id;
        code = check_service(message->services[i], edition, err);
    }
    return code ? code : kf_codec_check_ids(ids, count, "services", edition, err);
}

static bool is_service(const Kf__V1__UnitCosts *message, const char *id)
{
    bool found = false;
    for (size_t i = 0; i < message->n_services && !found; i++) {
        found = strcmp(message->services[i]->id, id) == 0;
    }
    return found;
}

static enum kf_err check_deliveries(const Kf__V1__CostGroup *group,
                                    const Kf__V1__UnitCosts *message, const char *edition,
                                    struct kf_error *err)
{
    const char *services[KF_SERVICES_MAX];
    size_t count = group->n_deliveries;
    enum kf_err code =
        kf_codec_check_count(count, KF_SERVICES_MAX, "services of a cost group", group->id, err);
    for (size_t i = 0; i < count && !code; i++) {
        const Kf__V1__Delivery *delivery = group->deliveries[i];
        services[i] = delivery->service;
        if (!is_service(message, delivery->service)) {
            return refuse(edition, "cost group", group->id, "delivers no service of the edition",
                          err);
        }
        if (delivery->n_quantity == 0) {
            return refuse(edition, "cost group", group->id, "delivers a service without a quantity",
                          err);
        }
        code = kf_terms_check_message(delivery->quantity, delivery->n_quantity, group->id, err);
    }
    return code ? code
                : kf_codec_check_ids(services, count, "services of a cost group", group->id, err);
}

/* Rows of a group stand where those of other parts of the topic, and of the whole, do. */
static bool is_group_id(const char *id)
{
    bool free = kf_yaml_is_id(id) && !kf_sector_is_cost_part(id);
    for (size_t i = 0; i < KF_RESERVED_SECTORS && free; i++) {
        free = strcmp(kf_reserved_sectors[i], id) != 0;
    }
    return free;
}

static enum kf_err check_group(const Kf__V1__CostGroup *group, const Kf__V1__UnitCosts *message,
                               const char *edition, struct kf_error *err)
{
    if (!group->id[0] || group->n_net == 0) {
        return refuse(edition, "cost group", group->id, "lacks its id or net expenditure", err);
    }
    if (!is_group_id(group->id)) {
        return refuse(edition, "cost group", group->id, "has an id that no cost group can have",
                      err);
    }
    enum kf_err code = kf_terms_check_message(group->net, group->n_net, group->id, err);
    if (!code) {
        code = kf_terms_check_message(group->grant, group->n_grant, group->id, err);
    }
    return code ? code : check_deliveries(group, message, edition, err);
}

static enum kf_err check_groups(const Kf__V1__UnitCosts *message, const char *edition,
                                struct kf_error *err)
{
    const char *ids[KF_COST_GROUPS_MAX];
    size_t count = message->n_groups;
    enum kf_err code = kf_codec_check_count(count, KF_COST_GROUPS_MAX, "cost groups", edition, err);
    for (size_t i = 0; i < count && !code; i++) {
        ids[i] = message->groups[i]->id;
        code = check_group(message->groups[i], message, edition, err);
    }
    return code ? code : kf_codec_check_ids(ids, count, "cost groups", edition, err);
}

static enum kf_err check_institution(const Kf__V1__Institution *institution, const char *edition,
                                     struct kf_error *err)
{
    if (!institution) {
        return KF_OK;
    }
    if ((institution->n_expenditure > 0) != (institution->n_of > 0)) {
        return kf_error_set(err, KF_ERR_DATA,
                            "edition %s: institutions have either an expenditure or what it is a "
                            "share of, not both",
                            edition);
    }
    enum kf_err code = kf_terms_check_message(institution->days, institution->n_days, edition, err);
    if (!code) {
        code = kf_terms_check_message(institution->expenditure, institution->n_expenditure, edition,
                                      err);
    }
    return code ? code : kf_terms_check_message(institution->of, institution->n_of, edition, err);
}

static enum kf_err check_user_time(const Kf__V1__UserTime *time, const char *edition,
                                   struct kf_error *err)
{
    if (!time->id[0] || time->n_approved == 0 || time->n_available == 0) {
        return refuse(edition, "time with users", time->id,
                      "lacks its id, approved or available hours", err);
    }
    if (!(time->norm >= 0 && time->norm <= 1)) {
        return refuse(edition, "time with users", time->id, "has a norm that is no share", err);
    }
    enum kf_err code = kf_terms_check_message(time->approved, time->n_approved, time->id, err);
    return code ? code : kf_terms_check_message(time->available, time->n_available, time->id, err);
}

static enum kf_err check_user_times(const Kf__V1__UnitCosts *message, const char *edition,
                                    struct kf_error *err)
{
    const char *ids[KF_USER_TIMES_MAX];
    size_t count = message->n_user_times;
    enum kf_err code =
        kf_codec_check_count(count, KF_USER_TIMES_MAX, "kinds of time with users", edition, err);
    for (size_t i = 0; i < count && !code; i++) {
        ids[i] = message->user_times[i]->id;
        code = check_user_time(message->user_times[i], edition, err);
    }
    return code ? code : kf_codec_check_ids(ids, count, "kinds of time with users", edition, err);
}

static enum kf_err check_growth(const Kf__V1__RealGrowth *growth, const char *edition,
                                struct kf_error *err)
{
    bool given = growth->gross[0] != '\0';
    if (!growth->id[0] || !growth->demographic[0]) {
        return refuse(edition, "growth", growth->id, "lacks its id or that of demography", err);
    }
    if (given == (growth->n_expenditure > 0)) {
        return refuse(edition, "growth", growth->id, "is not either given or that of an amount",
                      err);
    }
    return kf_terms_check_message(growth->expenditure, growth->n_expenditure, growth->id, err);
}

static enum kf_err check_growths(const Kf__V1__UnitCosts *message, const char *edition,
                                 struct kf_error *err)
{
    const char *ids[KF_GROWTHS_MAX];
    size_t count = message->n_growths;
    enum kf_err code = kf_codec_check_count(count, KF_GROWTHS_MAX, "kinds of growth", edition, err);
    for (size_t i = 0; i < count && !code; i++) {
        ids[i] = message->growths[i]->id;
        code = check_growth(message->growths[i], edition, err);
    }
    return code ? code : kf_codec_check_ids(ids, count, "kinds of growth", edition, err);
}

/* What belongs to no list. */
static enum kf_err check_frame(const Kf__V1__UnitCosts *message, const char *edition,
                               struct kf_error *err)
{
    enum kf_err code = kf_terms_check_message(message->gain, message->n_gain, edition, err);
    if (!code) {
        code = kf_year_figures_check_message(message->rate_growth, message->n_rate_growth,
                                             KF_YEAR_GROWTH, "growth of rates", edition, err);
    }
    if (!code) {
        code = kf_year_figures_check_message(message->prices, message->n_prices, KF_YEAR_GROWTH,
                                             "prices", edition, err);
    }
    return code ? code : check_institution(message->institution, edition, err);
}

enum kf_err kf_unit_costs_check_message(const Kf__V1__Edition *edition, struct kf_error *err)
{
    const Kf__V1__UnitCosts *message = edition->unit_costs;
    if (!message) {
        return KF_OK;
    }
    enum kf_err code = check_frame(message, edition->id, err);
    if (!code) {
        code = check_services(message, edition->id, err);
    }
    if (!code) {
        code = check_groups(message, edition->id, err);
    }
    if (!code) {
        code = check_user_times(message, edition->id, err);
    }
    return code ? code : check_growths(message, edition->id, err);
}

/* --- from a message -------------------------------------------------------------------------- */

static void services_from_message(const Kf__V1__UnitCosts *message, struct kf_unit_costs *costs,
                                  struct kf_scratch *scratch)
{
    costs->services = kf_scratch_array(scratch, message->n_services, sizeof *costs->services);
    costs->services_len = costs->services ? message->n_services : 0;
    for (size_t i = 0; i < costs->services_len; i++) {
        const Kf__V1__Service *from = message->services[i];
        costs->services[i] = (struct kf_rated_service){
            .id = kf_scratch_copy(scratch, from->id),
            .name = kf_name_from_message(from->name, scratch),
            .unit = kf_scratch_copy(scratch, from->unit),
            .rates = kf_year_figures_from_message(from->rates, from->n_rates, scratch),
        };
    }
}

static struct kf_cost_group group_from_message(const Kf__V1__CostGroup *message,
                                               struct kf_scratch *scratch)
{
    size_t count = message->n_deliveries;
    struct kf_cost_group group = {
        .id = kf_scratch_copy(scratch, message->id),
        .name = kf_name_from_message(message->name, scratch),
        .net = kf_terms_from_message(message->net, message->n_net, scratch),
        .grant = kf_terms_from_message(message->grant, message->n_grant, scratch),
        .deliveries = kf_scratch_array(scratch, count, sizeof *group.deliveries),
    };
    group.deliveries_len = group.deliveries ? count : 0;
    for (size_t i = 0; i < group.deliveries_len; i++) {
        const Kf__V1__Delivery *from = message->deliveries[i];
        group.deliveries[i] = (struct kf_delivery){
            .service = kf_scratch_copy(scratch, from->service),
            .quantity = kf_terms_from_message(from->quantity, from->n_quantity, scratch),
        };
    }
    return group;
}

static void groups_from_message(const Kf__V1__UnitCosts *message, struct kf_unit_costs *costs,
                                struct kf_scratch *scratch)
{
    costs->groups = kf_scratch_array(scratch, message->n_groups, sizeof *costs->groups);
    costs->groups_len = costs->groups ? message->n_groups : 0;
    for (size_t i = 0; i < costs->groups_len; i++) {
        costs->groups[i] = group_from_message(message->groups[i], scratch);
    }
}

static struct kf_institution institution_from_message(const Kf__V1__Institution *message,
                                                      struct kf_scratch *scratch)
{
    if (!message) {
        return (struct kf_institution){.days = {NULL, 0}};
    }
    return (struct kf_institution){
        .days = kf_terms_from_message(message->days, message->n_days, scratch),
        .expenditure = kf_terms_from_message(message->expenditure, message->n_expenditure, scratch),
        .of = kf_terms_from_message(message->of, message->n_of, scratch),
    };
}

static void user_times_from_message(const Kf__V1__UnitCosts *message, struct kf_unit_costs *costs,
                                    struct kf_scratch *scratch)
{
    costs->user_times = kf_scratch_array(scratch, message->n_user_times, sizeof *costs->user_times);
    costs->user_times_len = costs->user_times ? message->n_user_times : 0;
    for (size_t i = 0; i < costs->user_times_len; i++) {
        const Kf__V1__UserTime *from = message->user_times[i];
        costs->user_times[i] = (struct kf_user_time){
            .id = kf_scratch_copy(scratch, from->id),
            .name = kf_name_from_message(from->name, scratch),
            .approved = kf_terms_from_message(from->approved, from->n_approved, scratch),
            .available = kf_terms_from_message(from->available, from->n_available, scratch),
            .norm = from->norm,
        };
    }
}

static void growths_from_message(const Kf__V1__UnitCosts *message, struct kf_unit_costs *costs,
                                 struct kf_scratch *scratch)
{
    costs->growths = kf_scratch_array(scratch, message->n_growths, sizeof *costs->growths);
    costs->growths_len = costs->growths ? message->n_growths : 0;
    for (size_t i = 0; i < costs->growths_len; i++) {
        const Kf__V1__RealGrowth *from = message->growths[i];
        costs->growths[i] = (struct kf_real_growth){
            .id = kf_scratch_copy(scratch, from->id),
            .name = kf_name_from_message(from->name, scratch),
            .gross = kf_scratch_copy(scratch, from->gross),
            .expenditure = kf_terms_from_message(from->expenditure, from->n_expenditure, scratch),
            .demographic = kf_scratch_copy(scratch, from->demographic),
        };
    }
}

struct kf_unit_costs kf_unit_costs_from_message(const Kf__V1__UnitCosts *message,
                                                struct kf_scratch *scratch)
{
    struct kf_unit_costs costs = {.services = NULL};
    if (!message) {
        return costs;
    }
    services_from_message(message, &costs, scratch);
    costs.rate_growth =
        kf_year_figures_from_message(message->rate_growth, message->n_rate_growth, scratch);
    groups_from_message(message, &costs, scratch);
    costs.gain = kf_terms_from_message(message->gain, message->n_gain, scratch);
    costs.institution = institution_from_message(message->institution, scratch);
    user_times_from_message(message, &costs, scratch);
    growths_from_message(message, &costs, scratch);
    costs.prices = kf_year_figures_from_message(message->prices, message->n_prices, scratch);
    return costs;
}
