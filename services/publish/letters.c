#include "services/publish/letters.h"

#include <string.h>

#include "common/base/memory.h"
#include "common/codec/letter.h"

static size_t collect(const struct kf_collected *release, struct kf_letter *letters)
{
    size_t count = 0;

    for (uint32_t i = 0; i < release->panels_len; i++) {
        if (release->panels[i]->rejection != NULL) {
            letters[count++] = (struct kf_letter){i, release->panels[i]->rejection};
        }
    }
    return count;
}

static size_t room_for(const struct kf_release *release)
{
    bool alike = release->program != NULL && strcmp(release->program, KF_VERSION) == 0;

    return alike ? KF_LETTERS_BYTES_MAX : KF_LETTERS_BYTES_FEW;
}

enum kf_err kf_publish_letters(const struct kf_collected *release, const struct kf_summary *summary,
                               struct kf_text *bytes, struct kf_error *err)
{
    enum kf_err result = KF_OK;

    if (summary->panels_rejected == 0) {
        return KF_OK;
    }
    struct kf_letter *letters = kf_calloc(release->panels_len, sizeof *letters);
    if (letters == NULL) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for dead letters");
    }
    size_t count = collect(release, letters);
    if (count == summary->panels_rejected) {
        result =
            kf_letters_pack(letters, count, room_for(kf_collected_release(release)), bytes, err);
    }
    kf_free(letters);
    return result;
}
