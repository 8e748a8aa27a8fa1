#include "common/codec/terms_codec.h"

#include <math.h>

#include "common/codec/unpack.h"

void kf_terms_to_message(const struct kf_terms *terms, Kf__V1__Term ***list, size_t *count,
                         struct kf_scratch *scratch)
{
    Kf__V1__Term *messages = kf_scratch_array(scratch, terms->count, sizeof *messages);
    *list = kf_scratch_array(scratch, terms->count, sizeof(void *));
    *count = *list ? terms->count : 0;
    for (size_t i = 0; i < *count; i++) {
        kf__v1__term__init(&messages[i]);
        messages[i].variable = kf_scratch_text(scratch, terms->list[i].variable);
        messages[i].factor = terms->list[i].factor;
        messages[i].country = terms->list[i].country;
        (*list)[i] = &messages[i];
    }
}

enum kf_err kf_terms_check_message(Kf__V1__Term *const *list, size_t count, const char *where,
                                   struct kf_error *err)
{
    enum kf_err code = kf_codec_check_count(count, KF_TERMS_MAX, "terms in a sum", where, err);
    for (size_t i = 0; i < count && !code; i++) {
        if (!list[i]->variable[0] || !isfinite(list[i]->factor)) {
            code = kf_error_set(err, KF_ERR_DATA,
                                "%s has a sum whose term \"%s\" lacks its variable or a finite "
                                "factor",
                                where, list[i]->variable);
        }
    }
    return code;
}

struct kf_terms kf_terms_from_message(Kf__V1__Term *const *list, size_t count,
                                      struct kf_scratch *scratch)
{
    struct kf_term *terms = kf_scratch_array(scratch, count, sizeof *terms);
    for (size_t i = 0; terms && i < count; i++) {
        terms[i] = (struct kf_term){.variable = kf_scratch_copy(scratch, list[i]->variable),
                                    .factor = list[i]->factor,
                                    .country = list[i]->country != 0};
    }
    return (struct kf_terms){terms, terms ? count : 0};
}
