#include "common/codec/use_codec.h"

#include "common/codec/name_codec.h"
#include "common/codec/terms_codec.h"

void kf_uses_to_message(const struct kf_use *uses, size_t uses_len, Kf__V1__Use ***list,
                        size_t *count, struct kf_scratch *scratch)
{
    Kf__V1__Use *messages = kf_scratch_array(scratch, uses_len, sizeof *messages);
    *list = kf_scratch_array(scratch, uses_len, sizeof(void *));
    *count = *list ? uses_len : 0;
    for (size_t i = 0; i < *count; i++) {
        kf__v1__use__init(&messages[i]);
        messages[i].id = kf_scratch_text(scratch, uses[i].id);
        messages[i].name = kf_name_to_message(&uses[i].name, scratch);
        kf_terms_to_message(&uses[i].amount, &messages[i].amount, &messages[i].n_amount, scratch);
        (*list)[i] = &messages[i];
    }
}

enum kf_err kf_use_check_message(const Kf__V1__Use *use, const char *what, const char *where,
                                 struct kf_error *err)
{
    if (!use->id[0] || use->n_amount == 0) {
        return kf_error_set(err, KF_ERR_DATA, "edition %s: %s \"%s\" lacks its id or amount", where,
                            what, use->id);
    }
    return kf_terms_check_message(use->amount, use->n_amount, use->id, err);
}

struct kf_use *kf_uses_from_message(Kf__V1__Use *const *list, size_t count, size_t *uses_len,
                                    struct kf_scratch *scratch)
{
    struct kf_use *uses = kf_scratch_array(scratch, count, sizeof *uses);
    *uses_len = uses ? count : 0;
    for (size_t i = 0; i < *uses_len; i++) {
        uses[i] = (struct kf_use){
            .id = kf_scratch_copy(scratch, list[i]->id),
            .name = kf_name_from_message(list[i]->name, scratch),
            .amount = kf_terms_from_message(list[i]->amount, list[i]->n_amount, scratch),
        };
    }
    return uses;
}
