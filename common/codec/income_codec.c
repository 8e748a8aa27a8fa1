#include "common/codec/income_codec.h"

#include "common/codec/sector_codec.h"
#include "common/codec/terms_codec.h"
#include "common/codec/unpack.h"
#include "common/codec/use_codec.h"

void kf_income_to_message(const struct kf_edition *edition, Kf__V1__Edition *message,
                          struct kf_scratch *scratch)
{
    kf_uses_to_message(edition->uses, edition->uses_len, &message->uses, &message->n_uses, scratch);
    kf_terms_to_message(&edition->income, &message->income, &message->n_income, scratch);
}

static enum kf_err check_use(const Kf__V1__Use *use, const Kf__V1__Edition *edition,
                             struct kf_error *err)
{
    if (use->id[0] && kf_sector_is_known(edition, use->id)) {
        return kf_error_set(err, KF_ERR_DATA, "edition %s: \"%s\" is both a use and a sector",
                            edition->id, use->id);
    }
    return kf_use_check_message(use, "use", edition->id, err);
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
    edition->uses =
        kf_uses_from_message(message->uses, message->n_uses, &edition->uses_len, scratch);
    edition->income = kf_terms_from_message(message->income, message->n_income, scratch);
}
