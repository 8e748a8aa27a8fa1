#include "tools/kf/releases_find.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "services/ingest/places.h"

static enum kf_err expect_there(const char *path, bool ledger, struct kf_error *err)
{
    if (access(path, F_OK) == 0) {
        return KF_OK;
    }
    return kf_error_set_errno(err, KF_ERR_CONFIG, errno,
                              ledger ? "%s: no ledger there; name ingest's folder with --state-dir"
                                     : "%s: no observation store there; ingest keeps one when it "
                                       "watches tables (--ssb on), in the folder of --state-dir",
                              path);
}

enum kf_err kf_releases_path(const struct kf_arguments *arguments, const char *option,
                             const char *file, char path[KF_RELEASES_PATH_MAX],
                             struct kf_error *err)
{
    const char *given = kf_arguments_one(arguments, option);
    int length = given ? snprintf(path, KF_RELEASES_PATH_MAX, "%s", given)
                       : snprintf(path, KF_RELEASES_PATH_MAX, "%s/%s",
                                  kf_arguments_one(arguments, "state-dir"), file);
    if (length < 0 || length >= KF_RELEASES_PATH_MAX) {
        return kf_error_set(err, KF_ERR_CONFIG, "the path of %s is too long", file);
    }
    return expect_there(path, strcmp(option, "ledger") == 0, err);
}

enum kf_err kf_releases_open(const struct kf_arguments *arguments, struct kf_ledger **ledger,
                             struct kf_error *err)
{
    char path[KF_RELEASES_PATH_MAX];
    enum kf_err code = kf_releases_path(arguments, "ledger", KF_PLACES_LEDGER, path, err);
    return code == KF_OK ? kf_ledger_open_readonly(path, ledger, err) : code;
}

/* What is looked for by the first characters of its id. */
struct search {
    const char *beginning;
    size_t found;
    struct kf_ledger_release release;
};

static enum kf_err compare(void *context, const struct kf_ledger_release *release,
                           struct kf_error *err)
{
    (void)err;
    struct search *search = context;
    if (strncmp(release->id, search->beginning, strlen(search->beginning)) == 0) {
        search->found++;
        search->release = *release;
    }
    return KF_OK;
}

enum kf_err kf_releases_find(struct kf_ledger *ledger, const char *beginning,
                             struct kf_ledger_release *release, struct kf_error *err)
{
    struct search search = {.beginning = beginning};
    enum kf_err code = kf_ledger_list(ledger, KF_RELEASES_LISTED_MAX, compare, &search, err);
    if (code != KF_OK) {
        return code;
    }
    if (search.found == 0) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "no release begins with %s; `kf releases` lists them", beginning);
    }
    if (search.found > 1) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "%zu releases begin with %s; give more of its characters", search.found,
                            beginning);
    }
    *release = search.release;
    return KF_OK;
}

enum kf_err kf_releases_panel(struct kf_ledger *ledger, const struct kf_ledger_release *release,
                              uint32_t index, struct kf_envelope **envelope, struct kf_error *err)
{
    if (!release->kept) {
        return kf_error_set(err, KF_ERR_AGAIN,
                            "the panels of release %s have been dropped; only the newest releases "
                            "keep theirs (--keep-releases of ingest)",
                            release->id);
    }
    struct kf_text bytes;
    kf_text_init(&bytes, KF_ENVELOPE_BYTES_MAX);
    enum kf_err code = kf_ledger_panel(ledger, release, index, &bytes, err);
    if (code == KF_OK) {
        code = kf_envelope_unpack(bytes.bytes, bytes.length, envelope, err);
    }
    kf_text_clear(&bytes);
    return code;
}
