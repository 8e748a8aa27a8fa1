#include "services/efficiency/trial/refund_year.h"

#include <string.h>

/* The columns of one year. */
struct source {
    const struct kf_panel *year;
    const struct kf_resource_intensive *from;
    struct kf_refund_rule rule;
    const struct kf_column **costs; /* [from->each.count]; NULL where the panel has none */
    const struct kf_column **ages;  /* the same */
    struct kf_values users;
    struct kf_values net;
};

/* What the users of one member come to. */
struct gathered {
    struct kf_refund_basis basis;
    uint8_t status;
    bool any;     /* a user has a figure */
    bool aged;    /* an age is given … */
    bool ageless; /* … and one is not */
    bool hidden;  /* a cost is held back */
};

static const struct kf_column **columns_of(const struct kf_panel *year, const char **variables,
                                           size_t count, struct kf_arena *arena)
{
    const struct kf_column **columns = kf_arena_calloc(arena, count + 1, sizeof *columns);
    for (size_t i = 0; columns && variables && i < count; i++) {
        columns[i] = kf_panel_column(year, variables[i]);
    }
    return columns;
}

static enum kf_err open_source(struct source *self, struct kf_arena *arena, struct kf_error *err)
{
    const struct kf_users *each = &self->from->each;
    self->costs = columns_of(self->year, each->costs, each->count, arena);
    self->ages = columns_of(self->year, each->ages, each->count, arena);
    if (!self->costs || !self->ages) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for costly users");
    }
    enum kf_err code = kf_terms_sum(self->year, &self->from->users, arena, &self->users, err);
    return code == KF_OK ? kf_terms_sum(self->year, &self->from->net, arena, &self->net, err)
                         : code;
}

/* True when the age, where it is given, lets the user count. */
static bool is_covered(const struct source *self, const struct kf_column *ages, size_t k,
                       struct gathered *sum)
{
    if (!ages || !kf_cell_has_value(ages->status[k])) {
        sum->ageless = true;
        return true;
    }
    sum->aged = true;
    sum->status |= ages->status[k];
    return kf_refund_covers(&self->rule, ages->values[k]);
}

/* A cost that is held back is there, and so the sum is not known. */
static void gather_user(const struct source *self, size_t i, size_t k, struct gathered *sum)
{
    const struct kf_column *costs = self->costs[i];
    uint8_t status = costs ? costs->status[k] : KF_CELL_MISSING;
    if (kf_cell_has_value(status)) {
        sum->any = true;
        sum->status |= status;
        if (is_covered(self, self->ages[i], k, sum)) {
            kf_refund_add(&self->rule, kf_wide_from_figure(costs->values[k]), &sum->basis);
        }
    } else if ((status & KF_CELL_KIND_MASK) == KF_CELL_CONFIDENTIAL) {
        sum->any = true;
        sum->hidden = true;
    }
}

static struct gathered gather(const struct source *self, size_t k)
{
    struct gathered sum = {.status = KF_CELL_VALUE};
    for (size_t i = 0; i < self->from->each.count; i++) {
        gather_user(self, i, k, &sum);
    }
    sum.status |= sum.aged && sum.ageless ? KF_CELL_INCOMPLETE : 0;
    sum.status = sum.hidden ? KF_CELL_CONFIDENTIAL : sum.status;
    return sum;
}

static const char *first_variable(const struct kf_terms *terms)
{
    return terms->count > 0 ? terms->list[0].variable : "";
}

static enum kf_err refuse(const struct source *self, size_t k, const struct kf_terms *about,
                          const char *remedy, struct kf_findings *findings, struct kf_error *err)
{
    struct kf_place place = {.municipality = self->year->members[k],
                             .variable = first_variable(about)};
    kf_findings_add_once(findings, &place, remedy,
                         "of %d makes no sense: %g users above the threshold cost %.15g kr",
                         self->year->year, kf_wide_value(self->users.values[k]),
                         kf_wide_value(self->net.values[k]));
    return kf_error_set(err, KF_ERR_DATA,
                        "resource-intensive users of %s in %d and their cost do not go together",
                        self->year->members[k], self->year->year);
}

static enum kf_err check_aggregates(const struct source *self, size_t k,
                                    struct kf_findings *findings, struct kf_error *err)
{
    double users = self->users.values[k].high;
    double net = self->net.values[k].high;
    if (users < 0) {
        return refuse(self, k, &self->from->users, "give a number of users that is not below 0",
                      findings, err);
    }
    if (net < 0) {
        return refuse(self, k, &self->from->net,
                      "give what users above the threshold cost, before the refund: above 0",
                      findings, err);
    }
    if (users == 0 && net > 0) {
        return refuse(self, k, &self->from->users,
                      "give how many users that cost is of: the threshold counts for each",
                      findings, err);
    }
    return KF_OK;
}

/* Aggregates, one without the other is nothing. */
static enum kf_err take_aggregates(const struct source *self, size_t k, struct gathered *sum,
                                   struct kf_findings *findings, struct kf_error *err)
{
    bool none = self->from->users.count == 0 || self->from->net.count == 0;
    sum->status = none ? KF_CELL_MISSING : kf_cell_join(self->users.status[k], self->net.status[k]);
    if (!kf_cell_has_value(sum->status)) {
        return KF_OK;
    }
    sum->basis = kf_refund_of_all(&self->rule, self->users.values[k], self->net.values[k]);
    return check_aggregates(self, k, findings, err);
}

static enum kf_err read_member(const struct source *self, size_t k, struct kf_refund_year *refunds,
                               struct kf_findings *findings, struct kf_error *err)
{
    struct gathered sum = gather(self, k);
    enum kf_err code = sum.any ? KF_OK : take_aggregates(self, k, &sum, findings, err);
    refunds->status[k] = sum.status;
    if (kf_cell_has_value(sum.status)) {
        refunds->list[k] = kf_refund_divide(&self->rule, &sum.basis);
    }
    return code;
}

/* A faulty member does not hide the next. */
static enum kf_err read_members(const struct source *self, struct kf_refund_year *refunds,
                                struct kf_findings *findings, struct kf_error *err)
{
    enum kf_err outcome = KF_OK;
    for (size_t k = 0; k < refunds->members; k++) {
        struct kf_error latest = {0};
        enum kf_err code = read_member(self, k, refunds, findings, &latest);
        outcome = kf_error_join(outcome, code, &latest, err);
    }
    return outcome;
}

static enum kf_err new_year(const struct kf_panel *year, struct kf_arena *arena,
                            struct kf_refund_year *refunds, struct kf_error *err)
{
    *refunds = (struct kf_refund_year){
        .list = kf_arena_calloc(arena, year->members_len, sizeof *refunds->list),
        .status = kf_arena_calloc(arena, year->members_len, sizeof *refunds->status),
        .members = year->members_len,
    };
    if (!refunds->list || !refunds->status) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for refunds");
    }
    memset(refunds->status, KF_CELL_MISSING, refunds->members);
    return KF_OK;
}

enum kf_err kf_refund_year_read(const struct kf_panel *year, struct kf_arena *arena,
                                struct kf_findings *findings, struct kf_refund_year *refunds,
                                struct kf_error *err)
{
    const struct kf_resource_intensive *from = &year->edition->trial.resource_intensive;
    const struct kf_year_figure *threshold = kf_year_figure_of(&from->thresholds, year->year);
    enum kf_err code = new_year(year, arena, refunds, err);
    if (code != KF_OK || !threshold) {
        return code;
    }
    struct source source = {.year = year,
                            .from = from,
                            .rule = {.threshold = kf_wide_from_figure(threshold->value),
                                     .share = kf_wide_from_figure(from->refund),
                                     .age_limit = from->age_limit}};
    code = open_source(&source, arena, err);
    return code == KF_OK ? read_members(&source, refunds, findings, err) : code;
}

enum kf_err kf_refund_year_values(const struct kf_panel *panel,
                                  const struct kf_refund_year *refunds, size_t amount,
                                  struct kf_arena *arena, struct kf_values *values,
                                  struct kf_error *err)
{
    enum kf_err code = kf_values_new_missing(panel, arena, values, err);
    for (size_t k = 0; code == KF_OK && k < refunds->members; k++) {
        double value = 0;
        memcpy(&value, (const char *)&refunds->list[k] + amount, sizeof value);
        values->values[k] = kf_wide_from_figure(value);
        values->status[k] = refunds->status[k];
    }
    return code;
}
