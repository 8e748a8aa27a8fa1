#include "tools/kf/explain_accounts.h"

#include <string.h>

#include "common/model/cell.h"
#include "services/efficiency/accounts.h"
#include "services/efficiency/deflator.h"
#include "services/efficiency/need_index.h"

static const struct kf_explain_rule account_rule = {
    "corrected_account",
    KF_EXPLAIN_SUM,
    "E1",
    {"brutto − fratrekk − sosiale utgifter + felles prosent × lønn",
     "gross − deductions − payroll costs + common percentage × wages"}};
static const struct kf_explain_rule accounts_rule = {
    "corrected_accounts",
    KF_EXPLAIN_SUM,
    "E1",
    {"summen av sektorenes regnskap", "sum of the accounts"}};
static const struct kf_explain_rule inflated_rule = {
    "accounts_at_prices_of_the_year_after",
    KF_EXPLAIN_SUM,
    "T2",
    {"regnskap × prisvekst", "accounts × growth of prices"}};
static const struct kf_explain_rule percentage_rule = {
    "common_percentage",
    KF_EXPLAIN_QUOTIENT,
    "E1",
    {"gruppens sosiale utgifter ÷ gruppens lønn", "payroll costs ÷ wages of the group"}};
static const struct kf_explain_rule sum_rule = {
    "group_sum", KF_EXPLAIN_SUM, "E1", {"summen over gruppen", "sum over the group"}};
static const struct kf_explain_rule capita_rule = {
    "expenditure_per_inhabitant",
    KF_EXPLAIN_QUOTIENT,
    "E1",
    {"korrigert utgift ÷ folketall", "corrected expenditure ÷ inhabitants"}};
static const struct kf_explain_rule need_rule = {
    "expenditure_per_need",
    KF_EXPLAIN_QUOTIENT,
    "E1",
    {"utgift per innbygger ÷ behov", "expenditure per inhabitant ÷ need"}};
static const struct kf_explain_rule accounts_need_rule = {
    "need_of_the_accounts",
    KF_EXPLAIN_MEAN,
    "N4",
    {"behovet i sektorene regnskapet omfatter", "need of the sectors that the accounts hold"}};
static const struct kf_explain_rule growth_rule = {
    "growth_of_prices", KF_EXPLAIN_SUM, "T5", {"1 + deflator ÷ 100", "1 + deflator ÷ 100"}};
static const struct kf_explain_rule deflator_rule = {
    "deflator",
    KF_EXPLAIN_MEAN,
    "T5",
    {"lønnsvekst og prisvekst, veid med lønnsandelen",
     "growth of wages and of prices, weighted by the share of wages"}};
static const struct kf_explain_rule share_rule = {
    "wage_share",
    KF_EXPLAIN_QUOTIENT,
    "T5",
    {"gruppens lønn ÷ gruppens brutto", "wages ÷ gross expenditure of the group"}};
static const struct kf_explain_rule rest_rule = {
    "rest", KF_EXPLAIN_DIFFERENCE, "T5", {"1 − lønnsandelen", "1 − share of wages"}};

static bool equal(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

bool kf_explain_scope(const struct kf_explain_key *key, struct kf_scope *scope)
{
    struct kf_scope scopes[KF_SCOPES_MAX];
    size_t count = kf_scopes_of(key->panel->edition, scopes);
    for (size_t i = 0; i < count; i++) {
        if (equal(scopes[i].id, key->sector)) {
            *scope = scopes[i];
            return true;
        }
    }
    return false;
}

static void accounts_of(const struct kf_explain_key *key, struct kf_accounts *accounts)
{
    struct kf_scope scope;
    accounts->count = 0;
    if (kf_explain_scope(key, &scope)) {
        kf_accounts_of(key->panel->edition, &scope, accounts);
    }
}

/* --- one account ------------------------------------------------------------------------------ */

/* A sum of variables of one account; `indicator` of the key says whose account. */
static struct kf_explain_node *amount_of(struct kf_explain_walk *walk,
                                         const struct kf_explain_key *key, const char *measure,
                                         const struct kf_account *account,
                                         const struct kf_terms *terms)
{
    struct kf_explain_key amount = kf_explain_key_with(key, KF_TOPIC_NONE, measure);
    amount.sector = account->sector;
    amount.indicator = NULL;
    return kf_explain_terms(walk, &amount, terms);
}

/* True when the member has wages and payroll costs in every account that names them. */
static bool has_payroll(struct kf_explain_walk *walk, const struct kf_explain_key *key,
                        const struct kf_accounts *accounts)
{
    for (size_t i = 0; i < accounts->count; i++) {
        const struct kf_account *account = &accounts->list[i];
        const struct kf_expenditure *rules = account->rules;
        if (rules->payroll_costs.count > 0 &&
            (!kf_cell_has_value(
                 amount_of(walk, key, "payroll_costs", account, &rules->payroll_costs)->status) ||
             !kf_cell_has_value(amount_of(walk, key, "wages", account, &rules->wages)->status))) {
            return false;
        }
    }
    return true;
}

/* Σ of payroll costs, or of wages, over the group and the accounts. */
static void expand_payroll(struct kf_explain_walk *walk, struct kf_explain_node *node,
                           const struct kf_explain_key *key)
{
    bool wages = equal(key->measure, "group_wages");
    struct kf_accounts accounts;
    accounts_of(key, &accounts);
    node->rule = &sum_rule;
    for (size_t k = 0; k < key->panel->members_len; k++) {
        struct kf_explain_key member = *key;
        member.member = k;
        bool counts = has_payroll(walk, &member, &accounts);
        for (size_t i = 0; counts && i < accounts.count; i++) {
            const struct kf_expenditure *rules = accounts.list[i].rules;
            if (rules->payroll_costs.count > 0) {
                struct kf_explain_node *amount =
                    wages ? amount_of(walk, &member, "wages", &accounts.list[i], &rules->wages)
                          : amount_of(walk, &member, "payroll_costs", &accounts.list[i],
                                      &rules->payroll_costs);
                kf_explain_add(walk, node, "member", amount);
                node->unit = amount->unit;
            }
        }
    }
}

static struct kf_explain_node *group_node(struct kf_explain_walk *walk,
                                          const struct kf_explain_key *key, const char *measure,
                                          kf_explain_expand *expand)
{
    struct kf_explain_key group = kf_explain_key_with(key, KF_TOPIC_NONE, measure);
    group.member = KF_EXPLAIN_GROUP;
    group.indicator = NULL;
    return kf_explain_derived(walk, &group, expand);
}

static void expand_percentage(struct kf_explain_walk *walk, struct kf_explain_node *node,
                              const struct kf_explain_key *key)
{
    node->rule = &percentage_rule;
    node->unit = "share";
    kf_explain_add(walk, node, "payroll costs",
                   group_node(walk, key, "group_payroll_costs", expand_payroll));
    kf_explain_add(walk, node, "wages", group_node(walk, key, "group_wages", expand_payroll));
}

static const struct kf_account *find_account(const struct kf_accounts *accounts, const char *id)
{
    for (size_t i = 0; i < accounts->count; i++) {
        if (equal(accounts->list[i].sector, id)) {
            return &accounts->list[i];
        }
    }
    return NULL;
}

static void subtract(struct kf_explain_walk *walk, struct kf_explain_node *node, const char *role,
                     struct kf_explain_node *part)
{
    kf_explain_add_weighted(walk, node, role, kf_explain_number(walk, "taken off", "", -1), part);
}

/* gross − Σ minus − payroll costs + p·wages; `indicator` of the key says whose account. */
static void expand_account(struct kf_explain_walk *walk, struct kf_explain_node *node,
                           const struct kf_explain_key *key)
{
    struct kf_accounts accounts;
    accounts_of(key, &accounts);
    const struct kf_account *account = find_account(&accounts, key->indicator);
    node->rule = &account_rule;
    if (!account) {
        return;
    }
    const struct kf_expenditure *rules = account->rules;
    struct kf_explain_node *gross = amount_of(walk, key, "gross", account, &rules->gross);
    node->unit = gross->unit;
    kf_explain_add(walk, node, "gross", gross);
    if (rules->minus.count > 0) {
        subtract(walk, node, "deductions", amount_of(walk, key, "minus", account, &rules->minus));
    }
    if (rules->payroll_costs.count > 0) {
        subtract(walk, node, "payroll costs",
                 amount_of(walk, key, "payroll_costs", account, &rules->payroll_costs));
        kf_explain_add_weighted(walk, node, "wages",
                                group_node(walk, key, "common_percentage", expand_percentage),
                                amount_of(walk, key, "wages", account, &rules->wages));
    }
}

static struct kf_explain_node *account_node(struct kf_explain_walk *walk,
                                            const struct kf_explain_key *key,
                                            const struct kf_account *account)
{
    struct kf_explain_key one = kf_explain_key_with(key, KF_TOPIC_NONE, "corrected_account");
    one.indicator = account->sector;
    return kf_explain_derived(walk, &one, expand_account);
}

/* --- sums, per inhabitant, per need ----------------------------------------------------------- */

static void expand_accounts(struct kf_explain_walk *walk, struct kf_explain_node *node,
                            const struct kf_explain_key *key)
{
    struct kf_accounts accounts;
    accounts_of(key, &accounts);
    node->rule = &accounts_rule;
    for (size_t i = 0; i < accounts.count; i++) {
        struct kf_explain_node *account = account_node(walk, key, &accounts.list[i]);
        kf_explain_add(walk, node, "account", account);
        node->unit = account->unit;
    }
}

/* The panel that comes after the key's: deflators stand there. */
static const struct kf_panel *year_after(const struct kf_explain_walk *walk,
                                         const struct kf_explain_key *key);

static void expand_growth(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    struct kf_explain_key deflator =
        kf_explain_key_with(key, KF_TOPIC_EFFICIENCY, "deflator_percent");
    deflator.panel = year_after(walk, key);
    node->rule = &growth_rule;
    node->unit = "ratio";
    kf_explain_add(walk, node, "", kf_explain_number(walk, "1", "", 1));
    kf_explain_add_weighted(walk, node, "deflator", kf_explain_number(walk, "percent", "", 0.01),
                            kf_explain_result(walk, &deflator));
}

static void expand_inflated(struct kf_explain_walk *walk, struct kf_explain_node *node,
                            const struct kf_explain_key *key)
{
    struct kf_accounts accounts;
    accounts_of(key, &accounts);
    node->rule = &inflated_rule;
    for (size_t i = 0; i < accounts.count; i++) {
        struct kf_explain_node *account = account_node(walk, key, &accounts.list[i]);
        struct kf_explain_key growth = *key;
        growth.sector = accounts.list[i].sector;
        kf_explain_add_weighted(walk, node, "account",
                                group_node(walk, &growth, "growth_of_prices", expand_growth),
                                account);
        node->unit = account->unit;
    }
}

/* The amounts per inhabitant; `variable` of the key is "inflated" at the prices of the year after.
 */
static void expand_capita(struct kf_explain_walk *walk, struct kf_explain_node *node,
                          const struct kf_explain_key *key)
{
    bool inflated = equal(key->variable, "inflated");
    struct kf_explain_key sum =
        kf_explain_key_with(key, KF_TOPIC_NONE, inflated ? "inflated_accounts" : "accounts");
    struct kf_explain_node *amount =
        kf_explain_derived(walk, &sum, inflated ? expand_inflated : expand_accounts);
    node->rule = &capita_rule;
    node->unit = amount->unit;
    kf_explain_add(walk, node, "expenditure", amount);
    kf_explain_add(walk, node, "inhabitants", kf_explain_population(walk, key));
}

static void expand_per_need(struct kf_explain_walk *walk, struct kf_explain_node *node,
                            const struct kf_explain_key *key)
{
    struct kf_explain_key capita =
        kf_explain_key_with(key, KF_TOPIC_NONE, "expenditure_per_inhabitant");
    capita.variable = key->variable;
    struct kf_explain_node *amount = kf_explain_derived(walk, &capita, expand_capita);
    node->rule = &need_rule;
    node->unit = amount->unit;
    kf_explain_add(walk, node, "per inhabitant", amount);
    kf_explain_add(walk, node, "need", kf_explain_scope_need(walk, key));
}

struct kf_explain_node *kf_explain_expenditure(struct kf_explain_walk *walk,
                                               const struct kf_explain_key *key, bool needs,
                                               bool inflated)
{
    bool by_need = needs && key->member != KF_EXPLAIN_COUNTRY;
    struct kf_explain_key amount = kf_explain_key_with(
        key, KF_TOPIC_NONE, by_need ? "expenditure_per_need" : "expenditure_per_inhabitant");
    amount.variable = inflated ? "inflated" : NULL;
    return kf_explain_derived(walk, &amount, by_need ? expand_per_need : expand_capita);
}

/* --- need ------------------------------------------------------------------------------------- */

static struct kf_explain_key need_key(const struct kf_explain_key *key, const char *sector)
{
    struct kf_explain_key need = kf_explain_key_with(key, KF_TOPIC_NEED, "need_index");
    need.sector = sector;
    need.indicator = NULL;
    return need;
}

static void expand_scope_need(struct kf_explain_walk *walk, struct kf_explain_node *node,
                              const struct kf_explain_key *key)
{
    const struct kf_edition *edition = key->panel->edition;
    struct kf_scope scope;
    bool found = kf_explain_scope(key, &scope);
    node->rule = &accounts_need_rule;
    node->unit = "ratio";
    for (size_t s = 0; found && s < edition->sectors_len; s++) {
        const struct kf_sector *sector = &edition->sectors[s];
        if (sector->need_weight > 0 && kf_scope_holds(&scope, sector)) {
            struct kf_explain_key need = need_key(key, sector->id);
            kf_explain_add_weighted(
                walk, node, "sector",
                kf_explain_number(walk, "weight in the total key", "share", sector->need_weight),
                kf_explain_result(walk, &need));
        }
    }
}

struct kf_explain_node *kf_explain_scope_need(struct kf_explain_walk *walk,
                                              const struct kf_explain_key *key)
{
    struct kf_scope scope;
    if (kf_explain_scope(key, &scope) && !scope.sector &&
        kf_need_key_holds_others(key->panel->edition)) {
        struct kf_explain_key sum = kf_explain_key_with(key, KF_TOPIC_NONE, "need_of_the_accounts");
        return kf_explain_derived(walk, &sum, expand_scope_need);
    }
    struct kf_explain_key need = need_key(key, key->sector);
    return kf_explain_result(walk, &need);
}

/* --- deflators -------------------------------------------------------------------------------- */

static const struct kf_panel *year_after(const struct kf_explain_walk *walk,
                                         const struct kf_explain_key *key)
{
    const struct kf_panel *at = kf_explain_panel(walk);
    while (at->previous && at->previous != key->panel) {
        at = at->previous;
    }
    return at;
}

/* Σ of wages or of gross expenditure over the members that have both; of the key's one account. */
static void expand_spending(struct kf_explain_walk *walk, struct kf_explain_node *node,
                            const struct kf_explain_key *key)
{
    bool wages = equal(key->measure, "account_wages");
    struct kf_accounts accounts;
    accounts_of(key, &accounts);
    node->rule = &sum_rule;
    for (size_t k = 0; accounts.count > 0 && k < key->panel->members_len; k++) {
        const struct kf_account *account = &accounts.list[0];
        struct kf_explain_key member = *key;
        member.member = k;
        struct kf_explain_node *paid =
            amount_of(walk, &member, "wages", account, &account->rules->wages);
        struct kf_explain_node *spent =
            amount_of(walk, &member, "gross", account, &account->rules->gross);
        if (kf_cell_has_value(paid->status) && kf_cell_has_value(spent->status)) {
            kf_explain_add(walk, node, "member", wages ? paid : spent);
            node->unit = spent->unit;
        }
    }
}

static void expand_share(struct kf_explain_walk *walk, struct kf_explain_node *node,
                         const struct kf_explain_key *key)
{
    node->rule = &share_rule;
    node->unit = "share";
    kf_explain_add(walk, node, "wages", group_node(walk, key, "account_wages", expand_spending));
    kf_explain_add(walk, node, "gross", group_node(walk, key, "account_gross", expand_spending));
}

static void expand_rest(struct kf_explain_walk *walk, struct kf_explain_node *node,
                        const struct kf_explain_key *key)
{
    node->rule = &rest_rule;
    node->unit = "share";
    kf_explain_add(walk, node, "", kf_explain_number(walk, "1", "", 1));
    kf_explain_add(walk, node, "share of wages", group_node(walk, key, "wage_share", expand_share));
}

void kf_explain_expand_deflator(struct kf_explain_walk *walk, struct kf_explain_node *node,
                                const struct kf_explain_key *key)
{
    const struct kf_deflator *growth = kf_deflator_find(key->panel->edition, key->panel->year);
    struct kf_explain_key before = *key;
    before.panel = key->panel->previous;
    node->rule = &deflator_rule;
    if (!growth || !before.panel) {
        return;
    }
    kf_explain_add_weighted(walk, node, "growth of wages",
                            group_node(walk, &before, "wage_share", expand_share),
                            kf_explain_number(walk, "growth of wages", "percent",
                                              kf_deflator_wages(growth, key->sector)));
    kf_explain_add_weighted(
        walk, node, "growth of prices", group_node(walk, &before, "rest_share", expand_rest),
        kf_explain_number(walk, "growth of prices", "percent", growth->prices_percent));
}
