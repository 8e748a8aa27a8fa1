#include "services/efficiency/trial/refund.h"

#include "services/efficiency/unit_cost/million.h"

bool kf_refund_covers(const struct kf_refund_rule *rule, double age)
{
    return rule->age_limit == 0 || age < rule->age_limit;
}

void kf_refund_add(const struct kf_refund_rule *rule, struct kf_wide cost,
                   struct kf_refund_basis *basis)
{
    if (!kf_wide_less(rule->threshold, cost)) {
        return;
    }
    basis->users = kf_wide_add(basis->users, kf_wide_from(1));
    basis->net = kf_wide_add(basis->net, cost);
    basis->above = kf_wide_add(basis->above, kf_wide_sub(cost, rule->threshold));
}

struct kf_refund_basis kf_refund_of_all(const struct kf_refund_rule *rule, struct kf_wide users,
                                        struct kf_wide net)
{
    struct kf_wide above = kf_wide_sub(net, kf_wide_mul(users, rule->threshold));
    return (struct kf_refund_basis){
        .users = users, .net = net, .above = above.high > 0 ? above : kf_wide_from(0)};
}

struct kf_refund kf_refund_divide(const struct kf_refund_rule *rule,
                                  const struct kf_refund_basis *basis)
{
    struct kf_wide net = kf_million_from_kr(basis->net);
    struct kf_wide above = kf_million_from_kr(basis->above);
    struct kf_wide refund = kf_million_from_kr(kf_wide_mul(basis->above, rule->share));
    return (struct kf_refund){
        .users = kf_wide_value(basis->users),
        .net = kf_wide_value(net),
        .above = kf_wide_value(above),
        .refund = kf_wide_value(refund),
        .own_threshold = kf_wide_value(kf_wide_sub(net, above)),
        .own_above = kf_wide_value(kf_wide_sub(above, refund)),
        .own = kf_wide_value(kf_wide_sub(net, refund)),
    };
}
