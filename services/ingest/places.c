#include "services/ingest/places.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum kf_err set(const char *option, const char *path, char to[KF_DISK_PATH_MAX],
                       struct kf_error *err)
{
    if ((size_t)snprintf(to, KF_DISK_PATH_MAX, "%s", path) >= KF_DISK_PATH_MAX) {
        return kf_error_set(err, KF_ERR_CONFIG, "--%s: the path is longer than %d bytes", option,
                            KF_DISK_PATH_MAX - 1);
    }
    return KF_OK;
}

static enum kf_err find_state(const struct kf_settings *settings, char to[KF_DISK_PATH_MAX],
                              struct kf_error *err)
{
    const char *given = kf_settings_text(settings, "state-dir");
    const char *home = getenv("XDG_STATE_HOME");
    if (given[0] != '\0') {
        return set("state-dir", given, to, err);
    }
    if (home && home[0] == '/') {
        return kf_disk_join(home, "kostraflow", to, err);
    }
    return set("state-dir", "./kostraflow-state", to, err);
}

/* A place: what the option says, or else a name in the state folder. */
struct part {
    const char *option;
    const char *name;
    char *to;
};

static enum kf_err find(const struct kf_settings *settings, const char *state,
                        const struct part *part, struct kf_error *err)
{
    const char *given = kf_settings_text(settings, part->option);
    return given[0] != '\0' ? set(part->option, given, part->to, err)
                            : kf_disk_join(state, part->name, part->to, err);
}

enum kf_err kf_places_find(const struct kf_settings *settings, struct kf_places *places,
                           struct kf_error *err)
{
    const struct part parts[] = {{"inbox", "inbox", places->inbox},
                                 {"done", "done", places->done},
                                 {"rejected", "rejected", places->rejected},
                                 {"ledger", KF_PLACES_LEDGER, places->ledger}};
    enum kf_err code = find_state(settings, places->state, err);
    for (size_t i = 0; code == KF_OK && i < sizeof parts / sizeof parts[0]; i++) {
        code = find(settings, places->state, &parts[i], err);
    }
    return code;
}
