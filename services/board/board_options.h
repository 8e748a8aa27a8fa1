/* The options of the board, and what they name. */
#ifndef KF_BOARD_BOARD_OPTIONS_H
#define KF_BOARD_BOARD_OPTIONS_H

#include "common/base/findings.h"
#include "common/base/text.h"
#include "common/kafka/kafka_options.h"
#include "common/model/catalogue.h"
#include "common/service/option.h"

#define KF_BOARD_OPTIONS 12

extern const struct kf_option kf_board_options[KF_BOARD_OPTIONS];

/* Appends the path of the store: as the option says, else board.db in $XDG_STATE_HOME/kostraflow or
 * ./kostraflow-state. */
void kf_board_options_store(const struct kf_settings *settings, struct kf_text *path);

/* Makes the folder that the file lies in, for this user alone, unless it is there; not the folders
 * above it. KF_ERR_CONFIG, KF_ERR_IO. */
enum kf_err kf_board_options_make_folder(const char *file, struct kf_error *err);

/* Reads the operator's settings for Kafka; NULL when none are named. The caller destroys them.
 * KF_ERR_CONFIG. */
enum kf_err kf_board_options_kafka(const struct kf_settings *settings,
                                   struct kf_kafka_options **options, struct kf_error *err);

/* Checks what the settings name, as kf_service_class.check. */
enum kf_err kf_board_options_check(const struct kf_settings *settings, struct kf_findings *findings,
                                   struct kf_error *err);

#endif
