/* The log: one line per event, key=value, on standard error.
 *
 *     2026-03-15T07:00:00.123Z info need panel-computed release=3f… panel=asss-2010/2010 ms=2
 *
 * Time, level, service, event, then fields. Only services log above debug; whoever handles an error
 * logs it, once. Lines are written whole with one write.
 */
#ifndef KF_BASE_LOG_H
#define KF_BASE_LOG_H

#include <stdbool.h>

enum kf_log_level { KF_LOG_ERROR, KF_LOG_WARN, KF_LOG_INFO, KF_LOG_DEBUG };

/* Names the service in every line and sets the lowest level shown. `service` is kept, not copied.
 */
void kf_log_open(const char *service, enum kf_log_level level);

/* Reads "error", "warn", "info" or "debug". */
bool kf_log_level_parse(const char *text, enum kf_log_level *level);

/* One line: `event` is a word-with-dashes, `fields` a printf format of key=value pairs (may be "").
 * Control characters are shown as ?, what goes beyond 4 KB is cut. */
void kf_log(enum kf_log_level level, const char *event, const char *fields, ...)
    __attribute__((format(printf, 3, 4)));

/* Copies `text` into `quoted` as a value for a field: in double quotes, with quotes, backslashes
 * and control characters escaped, cut to fit. Returns `quoted`. */
#define KF_LOG_QUOTED_SIZE 1024
const char *kf_log_quote(const char *text, char quoted[KF_LOG_QUOTED_SIZE]);

#endif
