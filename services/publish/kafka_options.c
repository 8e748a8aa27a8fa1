#include "services/publish/kafka_options.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/base/text.h"

#define SPACES " \t\r"

/* Exactly-once rests on these, or they have an option of their own. */
static const char *const own_names[] = {
    "acks",
    "auto.offset.reset",
    "bootstrap.servers",
    "compression.codec",
    "compression.type",
    "delivery.report.only.error",
    "enable.auto.commit",
    "enable.idempotence",
    "enable.partition.eof",
    "group.id",
    "isolation.level",
    "max.in.flight",
    "max.in.flight.requests.per.connection",
    "metadata.broker.list",
    "request.required.acks",
    "transaction.timeout.ms",
    "transactional.id",
};

static bool is_own(const char *name)
{
    for (size_t i = 0; i < sizeof own_names / sizeof own_names[0]; i++) {
        if (strcmp(own_names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Cuts spaces off both ends, in place. */
static char *trim(char *text)
{
    size_t length;

    text += strspn(text, SPACES);
    length = strlen(text);
    while (length > 0 && strchr(SPACES, text[length - 1]) != NULL) {
        text[--length] = '\0';
    }
    return text;
}

static enum kf_err read_line(struct kf_kafka_options *self, char *line, const char *path,
                             size_t number, struct kf_error *err)
{
    line = trim(line);
    if (line[0] == '\0' || line[0] == '#') {
        return KF_OK;
    }
    char *equals = strchr(line, '=');
    if (equals == NULL || equals == line) {
        return kf_error_set(err, KF_ERR_CONFIG, "%s:%zu: no key=value", path, number);
    }
    *equals = '\0';
    char *name = trim(line);
    if (is_own(name)) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "%s:%zu: %s is set by kf-publish itself; remove the line", path, number,
                            name);
    }
    if (self->length == KF_KAFKA_OPTIONS_MAX) {
        return kf_error_set(err, KF_ERR_CONFIG, "%s:%zu: more than %d settings", path, number,
                            KF_KAFKA_OPTIONS_MAX);
    }
    self->list[self->length++] = (struct kf_kafka_option){name, trim(equals + 1)};
    return KF_OK;
}

static enum kf_err read_lines(struct kf_kafka_options *self, const char *path, struct kf_error *err)
{
    enum kf_err result = KF_OK;
    char *line = self->text;

    for (size_t number = 1; line != NULL && result == KF_OK; number++) {
        char *end = strchr(line, '\n');
        if (end != NULL) {
            *end++ = '\0';
        }
        result = read_line(self, line, path, number, err);
        line = end;
    }
    return result;
}

static enum kf_err read_file(struct kf_kafka_options *self, const char *path, struct kf_error *err)
{
    FILE *file = fopen(path, "r");

    if (file == NULL) {
        return kf_error_set_errno(err, KF_ERR_CONFIG, errno, "cannot read %s", path);
    }
    size_t length = fread(self->text, 1, KF_KAFKA_OPTIONS_BYTES_MAX + 1, file);
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed || length > KF_KAFKA_OPTIONS_BYTES_MAX || memchr(self->text, '\0', length) != NULL) {
        return kf_error_set(err, KF_ERR_CONFIG, "%s is no text file of at most %d bytes", path,
                            KF_KAFKA_OPTIONS_BYTES_MAX);
    }
    return KF_OK;
}

enum kf_err kf_kafka_options_read(const char *path, struct kf_kafka_options **options,
                                  struct kf_error *err)
{
    struct kf_kafka_options *self = kf_calloc(1, sizeof *self);

    if (self != NULL) {
        self->text = kf_calloc(1, KF_KAFKA_OPTIONS_BYTES_MAX + 2);
    }
    if (self == NULL || self->text == NULL) {
        kf_free(self);
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to read %s", path);
    }
    enum kf_err result = read_file(self, path, err);
    if (result == KF_OK) {
        result = read_lines(self, path, err);
    }
    if (result != KF_OK) {
        kf_kafka_options_destroy(&self);
        return result;
    }
    *options = self;
    return KF_OK;
}

/* Through a volatile pointer, so that it is not optimised away. */
static void wipe(char *bytes, size_t length)
{
    volatile char *at = bytes;

    while (length-- > 0) {
        *at++ = 0;
    }
}

void kf_kafka_options_destroy(struct kf_kafka_options **self)
{
    if (*self == NULL) {
        return;
    }
    wipe((*self)->text, KF_KAFKA_OPTIONS_BYTES_MAX + 2);
    kf_free((*self)->text);
    kf_free(*self);
    *self = NULL;
}
