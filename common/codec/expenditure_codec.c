#include "common/codec/expenditure_codec.h"

#include "common/codec/terms_codec.h"

Kf__V1__Expenditure *kf_expenditure_to_message(const struct kf_expenditure *expenditure,
                                               struct kf_scratch *scratch)
{
    Kf__V1__Expenditure *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (!message) {
        return NULL;
    }
    kf__v1__expenditure__init(message);
    message->given = kf_scratch_text(scratch, expenditure->given);
    kf_terms_to_message(&expenditure->gross, &message->gross, &message->n_gross, scratch);
    kf_terms_to_message(&expenditure->minus, &message->minus, &message->n_minus, scratch);
    kf_terms_to_message(&expenditure->payroll_costs, &message->payroll_costs,
                        &message->n_payroll_costs, scratch);
    kf_terms_to_message(&expenditure->wages, &message->wages, &message->n_wages, scratch);
    message->need_corrected = expenditure->need_corrected;
    return message;
}

enum kf_err kf_expenditure_check_message(const Kf__V1__Expenditure *message, const char *where,
                                         struct kf_error *err)
{
    if (!message) {
        return KF_OK;
    }
    const struct {
        Kf__V1__Term **list;
        size_t count;
    } sums[] = {
        {message->gross, message->n_gross},
        {message->minus, message->n_minus},
        {message->payroll_costs, message->n_payroll_costs},
        {message->wages, message->n_wages},
    };
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++) {
        if (message->given[0] && sums[i].count > 0) {
            return kf_error_set(err, KF_ERR_DATA,
                                "the expenditure of %s is both published and made of accounts",
                                where);
        }
        enum kf_err code = kf_terms_check_message(sums[i].list, sums[i].count, where, err);
        if (code) {
            return code;
        }
    }
    return KF_OK;
}

struct kf_expenditure kf_expenditure_from_message(const Kf__V1__Expenditure *message,
                                                  struct kf_scratch *scratch)
{
    Kf__V1__Expenditure none;
    kf__v1__expenditure__init(&none);
    const Kf__V1__Expenditure *from = message ? message : &none;
    return (struct kf_expenditure){
        .given = kf_scratch_copy(scratch, from->given),
        .gross = kf_terms_from_message(from->gross, from->n_gross, scratch),
        .minus = kf_terms_from_message(from->minus, from->n_minus, scratch),
        .payroll_costs = kf_terms_from_message(from->payroll_costs, from->n_payroll_costs, scratch),
        .wages = kf_terms_from_message(from->wages, from->n_wages, scratch),
        .need_corrected = from->need_corrected != 0,
    };
}
