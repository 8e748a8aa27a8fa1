#include "common/codec/income_codec.h"

#include "common/codec/name_codec.h"
#include "common/codec/sector_codec.h"
#include "common/codec/terms_codec.h"
#include "common/codec/unpack.h"

void kf_income_to_message(const struct kf_edition *edition, Kf__V1__Edition *message,
                          struct kf_scratch *scratch)
{
    Kf__V1__Use *uses = kf_scratch_array(scratch, edition->uses_len, sizeof *uses);
    message->uses = kf_scratch_array(scratch, edition->uses_len, sizeof(void *));
    message->n_uses = message->uses ? edition->uses_len : 0;
    for (size_t i = 0; i < message->n_uses; i++) {
        const struct kf_use *from = &edition->uses[i];
        kf__v1__use__init(&uses[i]);
        uses[i].id = kf_scratch_text(scratch, from->id);
        uses[i].name = kf_name_to_message(&from->name, scratch);
        kf_terms_to_message(&from->amount, &uses[i].amount, &uses[i].n_amount, scratch);
        message->uses[i] = &uses[i];
    }
    kf_terms_to_message(&edition->income, &message->income, &message->n_income, scratch);
}

static enum kf_err check_use(const Kf__V1__Use *use, const Kf__V1__Edition *edition,
                             struct kf_error *err)
{
    if (!use->id[0] || use->n_amount == 0) {
        return kf_error_set(err, KF_ERR_DATA, "edition %s: use \"%s\" lacks its id or amount",
                            edition->id, use->id);
    }
    if (kf_sector_is_known(edition, use->id)) {
        return kf_error_set(err, KF_ERR_DATA, "edition %s: \"%s\" is both a use and a sector",
                            edition->id, use->id);
    }
    return kf_terms_check_message(use->amount, use->n_amount, use->id, err);
}

enum kf_err kf_income_check_message(const Kf__V1__Edition *message, struct kf_error *err)
{
    const char *ids[KF_USES_MAX];
    size_t count = message->n_uses;
    enum kf_err code = kf_codec_check_count(count, KF_USES_MAX, "uses of income", message->id, err);
    for (size_t i = 0; i < count && !code; i++) {
        ids[i] = message->uses[i]->id;
        code = check_use(message->uses[i], message, err);
    }
    if (!code) {
        code = kf_codec_check_ids(ids, count, "uses of income", message->id, err);
    }
    return code ? code
                : kf_terms_check_message(message->income, message->n_income, message->id, err);
}

void kf_income_from_message(const Kf__V1__Edition *message, struct kf_edition *edition,
                            struct kf_scratch *scratch)
{
    edition->uses = kf_scratch_array(scratch, message->n_uses, sizeof *edition->uses);
    edition->uses_len = edition->uses ? message->n_uses : 0;
    for (size_t i = 0; i < edition->uses_len; i++) {
        const Kf__V1__Use *from = message->uses[i];
        edition->uses[i] = (struct kf_use){
            .id = kf_scratch_copy(scratch, from->id),
            .name = kf_name_from_message(from->name, scratch),
            .amount = kf_terms_from_message(from->amount, from->n_amount, scratch),
        };
    }
    edition->income = kf_terms_from_message(message->income, message->n_income, scratch);
}
