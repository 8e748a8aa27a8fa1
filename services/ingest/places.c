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

/* True when `path` is `folder` or lies in it, by name. */
static bool lies_in(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/') {
        length--;
    }
    return strncmp(path, folder, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

/* A place inside the inbox would be taken for an input. */
static enum kf_err check_apart(const struct kf_places *places, struct kf_error *err)
{
    const char *const others[][2] = {{"done", places->done}, {"rejected", places->rejected}};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (lies_in(others[i][1], places->inbox)) {
            return kf_error_set(err, KF_ERR_CONFIG,
                                "--%s %s lies in the inbox %s; give it a folder of its own",
                                others[i][0], others[i][1], places->inbox);
        }
    }
    return KF_OK;
}

enum kf_err kf_places_find(const struct kf_settings *settings, struct kf_places *places,
                           struct kf_error *err)
{
    const struct part parts[] = {{"inbox", "inbox", places->inbox},
                                 {"done", "done", places->done},
                                 {"rejected", "rejected", places->rejected},
                                 {"ledger", KF_PLACES_LEDGER, places->ledger},
                                 {"observations", KF_PLACES_OBSERVATIONS, places->observations}};
    enum kf_err code = find_state(settings, places->state, err);
    for (size_t i = 0; code == KF_OK && i < sizeof parts / sizeof parts[0]; i++) {
        code = find(settings, places->state, &parts[i], err);
    }
    return code == KF_OK ? check_apart(places, err) : code;
}
