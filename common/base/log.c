#include "common/base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/text.h"

#define LINE_SIZE 4096

static const char *const level_names[] = {"error", "warn", "info", "debug"};
#define LEVELS (sizeof level_names / sizeof level_names[0])

static const char *_Atomic service_name = "kf";
static _Atomic int lowest = KF_LOG_INFO;

void kf_log_open(const char *service, enum kf_log_level level)
{
    atomic_store(&service_name, service);
    atomic_store(&lowest, (int)level);
}

bool kf_log_level_parse(const char *text, enum kf_log_level *level)
{
    for (size_t i = 0; i < LEVELS; i++) {
        if (strcmp(text, level_names[i]) == 0) {
            *level = (enum kf_log_level)i;
            return true;
        }
    }
    return false;
}

/* One event stays one line, whatever was printed into it. Returns the length to write. */
static size_t clean(char *line)
{
    size_t used = kf_text_whole(line, strlen(line));
    kf_text_defuse(line);
    while (used > 0 && line[used - 1] == ' ') {
        used--;
    }
    return used;
}

void kf_log(enum kf_log_level level, const char *event, const char *fields, ...)
{
    if ((int)level > atomic_load(&lowest)) {
        return;
    }
    char line[LINE_SIZE];
    char time[KF_CLOCK_TEXT_SIZE];
    kf_clock_print(kf_clock_wall_ms(), time);
    int head = snprintf(line, sizeof line, "%s %s %s %s ", time, level_names[level],
                        atomic_load(&service_name), event);
    size_t used = head < 0 ? 0 : (size_t)head;
    used = used < sizeof line - 1 ? used : sizeof line - 2;
    va_list args;
    va_start(args, fields);
    (void)vsnprintf(line + used, sizeof line - used - 1, fields, args);
    va_end(args);
    used = clean(line);
    line[used] = '\n';
    ssize_t written = write(STDERR_FILENO, line, used + 1);
    (void)written; /* a log that cannot be written has nowhere to complain */
}

const char *kf_log_quote(const char *text, char quoted[KF_LOG_QUOTED_SIZE])
{
    size_t used = 0;
    quoted[used++] = '"';
    for (const char *c = text; *c && used < KF_LOG_QUOTED_SIZE - 6; c++) {
        unsigned char byte = (unsigned char)*c;
        if (byte == '"' || byte == '\\') {
            quoted[used++] = '\\';
            quoted[used++] = *c;
        } else if (byte < 0x20 || byte == 0x7f) {
            used += (size_t)snprintf(quoted + used, 5, "\\x%02x", byte);
        } else {
            quoted[used++] = *c;
        }
    }
    used = kf_text_whole(quoted, used);
    quoted[used++] = '"';
    quoted[used] = '\0';
    return quoted;
}
