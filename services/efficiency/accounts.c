#include "services/efficiency/accounts.h"

#include "services/efficiency/column.h"

static bool is_given(const struct kf_expenditure *rules)
{
    return rules->given && rules->given[0];
}

static bool add_account(struct kf_accounts *accounts, const char *sector,
                        const struct kf_expenditure *rules)
{
    if (is_given(rules) || rules->gross.count == 0) {
        return false;
    }
    accounts->list[accounts->count++] = (struct kf_account){sector, rules};
    return true;
}

/* The accounts of the sectors of a whole that are, or are not, administration; false when one of
 * them has none. */
static bool add_sectors(const struct kf_edition *edition, const struct kf_scope *scope,
                        bool administration, struct kf_accounts *accounts)
{
    for (size_t s = 0; s < edition->sectors_len; s++) {
        const struct kf_sector *sector = &edition->sectors[s];
        if (sector->administration != administration || !kf_scope_holds(scope, sector)) {
            continue;
        }
        if (!add_account(accounts, sector->id, &sector->expenditure)) {
            return false;
        }
        if (!administration && sector->expenditure.need_corrected) {
            accounts->need_corrected = true;
        }
    }
    return true;
}

static bool add_whole(const struct kf_edition *edition, const struct kf_scope *scope,
                      struct kf_accounts *accounts)
{
    const struct kf_expenditure *own = &edition->expenditure;
    accounts->need_corrected = own->need_corrected;
    if (is_given(own)) {
        return false;
    }
    bool complete = own->gross.count > 0 ? add_account(accounts, KF_SECTOR_TOTAL, own)
                                         : add_sectors(edition, scope, false, accounts);
    return complete && accounts->count > 0 && add_sectors(edition, scope, true, accounts);
}

void kf_accounts_of(const struct kf_edition *edition, const struct kf_scope *scope,
                    struct kf_accounts *accounts)
{
    accounts->count = 0;
    accounts->need_corrected = false;
    if (scope->sector) {
        (void)add_account(accounts, scope->id, &scope->sector->expenditure);
        accounts->need_corrected = scope->sector->expenditure.need_corrected;
    } else if (!add_whole(edition, scope, accounts)) {
        accounts->count = 0;
    }
}

/* What each member and the country has booked on one account. */
struct books {
    struct kf_values gross;
    struct kf_values minus;
    struct kf_values payroll_costs;
    struct kf_values wages;
};

/* The books of all accounts, and p. */
struct calculation {
    const struct kf_accounts *accounts;
    const struct kf_wide *growth; /* or NULL */
    struct books books[KF_SECTORS_MAX + 1];
    struct kf_wide percentage;
};

static enum kf_err open_books(const struct kf_panel *panel, const struct kf_expenditure *rules,
                              struct kf_arena *arena, struct books *books, struct kf_error *err)
{
    const struct {
        const struct kf_terms *terms;
        struct kf_values *sum;
    } sums[] = {
        {&rules->gross, &books->gross},
        {&rules->minus, &books->minus},
        {&rules->payroll_costs, &books->payroll_costs},
        {&rules->wages, &books->wages},
    };
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < sizeof sums / sizeof sums[0]; i++) {
        code = kf_terms_sum(panel, sums[i].terms, arena, sums[i].sum, err);
    }
    return code;
}

static bool names_payroll_costs(const struct calculation *self, size_t account)
{
    return self->accounts->list[account].rules->payroll_costs.count > 0;
}

/* Payroll costs and wages of the members that report both in all accounts that name them. */
struct payroll_sums {
    struct kf_wide costs;
    struct kf_wide wages;
    bool reported; /* by any member, in any account */
};

static void add_member(const struct calculation *self, size_t k, struct payroll_sums *sums)
{
    struct payroll_sums member = {.costs = kf_wide_from(0), .wages = kf_wide_from(0)};
    uint8_t status = KF_CELL_VALUE;
    for (size_t i = 0; i < self->accounts->count; i++) {
        if (names_payroll_costs(self, i)) {
            const struct books *books = &self->books[i];
            status |= books->payroll_costs.status[k] | books->wages.status[k];
            member.costs = kf_wide_add(member.costs, books->payroll_costs.values[k]);
            member.wages = kf_wide_add(member.wages, books->wages.values[k]);
            member.reported = true;
        }
    }
    if (kf_cell_has_value(status)) {
        sums->costs = kf_wide_add(sums->costs, member.costs);
        sums->wages = kf_wide_add(sums->wages, member.wages);
        sums->reported = sums->reported || member.reported;
    }
}

static const char *wages_variable(const struct kf_accounts *accounts)
{
    for (size_t i = 0; i < accounts->count; i++) {
        const struct kf_terms *wages = &accounts->list[i].rules->wages;
        if (wages->count > 0) {
            return wages->list[0].variable;
        }
    }
    return "";
}

/* p: what the group pays in employer tax and pension for each krone of wages; 0 when no account
 * names them or no member reports them. */
static enum kf_err common_percentage(const struct kf_panel *panel, struct calculation *self,
                                     struct kf_findings *findings, struct kf_error *err)
{
    struct payroll_sums sums = {.costs = kf_wide_from(0), .wages = kf_wide_from(0)};
    for (size_t k = 0; k < panel->members_len; k++) {
        add_member(self, k, &sums);
    }
    self->percentage = kf_wide_from(0);
    if (!sums.reported) {
        return KF_OK;
    }
    if (!(sums.wages.high > 0)) {
        struct kf_place place = {.variable = wages_variable(self->accounts)};
        kf_findings_add_once(findings, &place, "give the wages of the group's members",
                             "wages of the group are not above 0 in %d", panel->year);
        return kf_error_set(err, KF_ERR_DATA, "no common percentage of wages can be computed");
    }
    self->percentage = kf_wide_div(sums.costs, sums.wages);
    return KF_OK;
}

/* gross − Σ minus − payroll costs + p·wages by one account. */
static uint8_t corrected_amount(const struct calculation *self, size_t account, size_t k,
                                struct kf_wide *amount)
{
    const struct books *books = &self->books[account];
    uint8_t status = books->gross.status[k] | books->minus.status[k];
    *amount = kf_wide_sub(books->gross.values[k], books->minus.values[k]);
    if (names_payroll_costs(self, account)) {
        struct kf_wide wages = kf_wide_mul(self->percentage, books->wages.values[k]);
        status |= books->payroll_costs.status[k] | books->wages.status[k];
        *amount = kf_wide_add(kf_wide_sub(*amount, books->payroll_costs.values[k]), wages);
    }
    return status;
}

static void sum_amounts(const struct calculation *self, size_t k, struct kf_values *amounts)
{
    uint8_t status = KF_CELL_VALUE;
    struct kf_wide sum = kf_wide_from(0);
    for (size_t i = 0; i < self->accounts->count; i++) {
        struct kf_wide amount;
        status |= corrected_amount(self, i, k, &amount);
        sum = kf_wide_add(sum, self->growth ? kf_wide_mul(self->growth[i], amount) : amount);
    }
    if (kf_cell_has_value(status)) {
        kf_values_add(amounts, k, sum, status);
    } else {
        kf_values_clear(amounts, k, KF_CELL_MISSING);
    }
}

static enum kf_err calculate(const struct kf_panel *panel, struct calculation *self,
                             struct kf_arena *arena, struct kf_values *amounts,
                             struct kf_findings *findings, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < self->accounts->count; i++) {
        const struct kf_expenditure *rules = self->accounts->list[i].rules;
        code = open_books(panel, rules, arena, &self->books[i], err);
    }
    if (code == KF_OK) {
        code = common_percentage(panel, self, findings, err);
    }
    if (code == KF_OK) {
        code = kf_values_new(panel, panel->arena, amounts, err);
    }
    for (size_t k = 0; code == KF_OK && k <= panel->members_len; k++) {
        sum_amounts(self, k, amounts);
    }
    return code;
}

enum kf_err kf_accounts_amounts(const struct kf_panel *panel, const struct kf_accounts *accounts,
                                const struct kf_wide *growth, struct kf_values *amounts,
                                struct kf_findings *findings, struct kf_error *err)
{
    struct kf_arena *scratch = kf_arena_new(KF_PANEL_BYTES_MAX);
    struct calculation *self = scratch ? kf_arena_calloc(scratch, 1, sizeof *self) : NULL;
    enum kf_err code = KF_OK;
    if (self) {
        self->accounts = accounts;
        self->growth = growth;
        code = calculate(panel, self, scratch, amounts, findings, err);
    } else {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory for accounts");
    }
    kf_arena_destroy(&scratch);
    return code;
}

enum kf_err kf_accounts_per_inhabitant(const struct kf_panel *panel,
                                       const struct kf_accounts *accounts,
                                       const struct kf_wide *growth, struct kf_values *amounts,
                                       struct kf_findings *findings, struct kf_error *err)
{
    struct kf_values people = {0};
    size_t country = panel->members_len;
    enum kf_err code = kf_accounts_amounts(panel, accounts, growth, amounts, findings, err);
    if (code == KF_OK) {
        code = kf_efficiency_population(panel, &people, err);
    }
    if (code != KF_OK) {
        return code;
    }
    kf_efficiency_divide(amounts, &people);
    if (kf_cell_has_value(people.status[country]) && people.values[country].high > 0) {
        amounts->values[country] = kf_wide_div(amounts->values[country], people.values[country]);
    } else {
        kf_values_clear(amounts, country, KF_CELL_MISSING);
    }
    return KF_OK;
}
