#include "services/board/board_options.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "common/service/broker_options.h"
#include "services/board/line/listener.h"

#define STORE_NAME "board.db"

const struct kf_option kf_board_options[KF_BOARD_OPTIONS] = {
    KF_BROKER_OPTIONS,
    {.name = "editions",
     .type = KF_OPTION_TEXT,
     .initial = "editions",
     .help = "Folder of editions and registers, for the names of what is shown; the figures come "
             "from the topics alone."},
    {.name = "state-dir",
     .type = KF_OPTION_TEXT,
     .initial = "",
     .help = "Folder of the store when that is left empty. When empty: "
             "$XDG_STATE_HOME/kostraflow, or ./kostraflow-state."},
    {.name = "store",
     .type = KF_OPTION_TEXT,
     .initial = "",
     .help = "File of what was read from the topics. It may be deleted: everything is read again. "
             "When empty: STATE-DIR/" STORE_NAME "."},
    KF_LISTENER_OPTIONS,
};

static void add_state_dir(const struct kf_settings *settings, struct kf_text *path)
{
    const char *given = kf_settings_text(settings, "state-dir");
    const char *home = getenv("XDG_STATE_HOME");
    if (given[0] != '\0') {
        kf_text_add(path, given);
    } else if (home && home[0] == '/') {
        kf_text_add(path, home);
        kf_text_add(path, "/kostraflow");
    } else {
        kf_text_add(path, "./kostraflow-state");
    }
}

void kf_board_options_store(const struct kf_settings *settings, struct kf_text *path)
{
    const char *given = kf_settings_text(settings, "store");
    if (given[0] != '\0') {
        kf_text_add(path, given);
    } else {
        add_state_dir(settings, path);
        kf_text_add(path, "/" STORE_NAME);
    }
}

enum kf_err kf_board_options_make_folder(const char *file, struct kf_error *err)
{
    struct kf_text folder;
    size_t length = (size_t)(kf_text_file_name(file) - file);
    kf_text_init(&folder, length);
    kf_text_add_bytes(&folder, file, length);
    enum kf_err code = KF_OK;
    if (folder.failed) {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory for the path of the store");
    } else if (length > 0 && mkdir(folder.bytes, S_IRWXU) != 0 && errno != EEXIST) {
        code = kf_error_set_errno(err, KF_ERR_CONFIG, errno, "the folder %s cannot be made",
                                  folder.bytes);
    }
    kf_text_clear(&folder);
    return code;
}

enum kf_err kf_board_options_kafka(const struct kf_settings *settings,
                                   struct kf_kafka_options **options, struct kf_error *err)
{
    const char *file = kf_settings_text(settings, "kafka-config");
    if (file[0] == '\0') {
        *options = NULL;
        return KF_OK;
    }
    return kf_kafka_options_read(file, options, err);
}

static void find(struct kf_findings *findings, const char *option, const struct kf_error *why)
{
    const struct kf_place place = {.variable = option};
    kf_findings_add(findings, &place, "", "%s", why->text);
}

enum kf_err kf_board_options_check(const struct kf_settings *settings, struct kf_findings *findings,
                                   struct kf_error *err)
{
    struct kf_kafka_options *kafka = NULL;
    struct kf_catalogue *catalogue = NULL;
    enum kf_err code = kf_board_options_kafka(settings, &kafka, err);
    if (code != KF_OK) {
        find(findings, "kafka-config", err);
    }
    enum kf_err read =
        kf_catalogue_read(kf_settings_text(settings, "editions"), &catalogue, findings, err);
    kf_catalogue_destroy(&catalogue);
    kf_kafka_options_destroy(&kafka);
    return code == KF_OK ? read : code;
}
