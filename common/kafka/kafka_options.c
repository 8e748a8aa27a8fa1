#include "common/kafka/kafka_options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "common/base/secret.h"
#include "common/base/text.h"

#define SPACES      " \t\r"
#define FILE_SCHEME "file:"

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

static const char *const secret_names[] = {
    "sasl.oauthbearer.client.secret",
    "sasl.oauthbearer.config",
    "sasl.password",
    "ssl.key.password",
    "ssl.key.pem",
    "ssl.keystore.password",
};

bool kf_kafka_option_is_secret(const char *name)
{
    for (size_t i = 0; i < sizeof secret_names / sizeof secret_names[0]; i++) {
        if (strcmp(secret_names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* --- files that hold secrets ----------------------------------------------------------------- */

static enum kf_err check_closed(int descriptor, const char *path, struct kf_error *err)
{
    struct stat info;

    if (fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode)) {
        return kf_error_set(err, KF_ERR_CONFIG, "%s holds a secret and is no regular file", path);
    }
    if (!kf_secret_is_ours(&info)) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "%s holds a secret and belongs to another user; chown it", path);
    }
    if (kf_secret_is_open(&info)) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "%s holds a secret that others may read or write (mode %03o); run: "
                            "chmod 600 %s",
                            path, (unsigned)(info.st_mode & 0777), path);
    }
    return KF_OK;
}

static enum kf_err read_secret_text(int descriptor, const char *path, char *text,
                                    struct kf_error *err)
{
    ssize_t length = kf_secret_read(descriptor, text, KF_KAFKA_SECRET_BYTES_MAX);

    if (length < 0) {
        return kf_error_set_errno(err, KF_ERR_CONFIG, errno, "cannot read %s", path);
    }
    if (length > 0 && text[length - 1] == '\n') {
        length -= length > 1 && text[length - 2] == '\r' ? 2 : 1;
    }
    text[length] = '\0';
    if (length == 0 || length > KF_KAFKA_SECRET_BYTES_MAX || strlen(text) != (size_t)length) {
        return kf_error_set(err, KF_ERR_CONFIG, "%s is no text of 1 to %d bytes", path,
                            KF_KAFKA_SECRET_BYTES_MAX);
    }
    return KF_OK;
}

/* The text of a file of secrets, kept in `self`. */
static enum kf_err read_secret(struct kf_kafka_options *self, const char *path, const char **value,
                               struct kf_error *err)
{
    if (self->secrets_len == KF_KAFKA_SECRETS_MAX) {
        return kf_error_set(err, KF_ERR_CONFIG, "more than %d secrets", KF_KAFKA_SECRETS_MAX);
    }
    char *text = kf_calloc(1, KF_KAFKA_SECRET_BYTES_MAX + 2);
    if (text == NULL) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to read %s", path);
    }
    self->secrets[self->secrets_len++] = text;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        return kf_error_set_errno(err, KF_ERR_CONFIG, errno, "cannot read %s", path);
    }
    enum kf_err result = check_closed(descriptor, path, err);
    if (result == KF_OK) {
        result = read_secret_text(descriptor, path, text, err);
    }
    (void)close(descriptor);
    if (result == KF_OK) {
        *value = text;
    }
    return result;
}

/* --- the file of settings -------------------------------------------------------------------- */

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

/* Puts the text of a file in the place of file:/PATH. A secret that stands in the settings
 * themselves makes them a file of secrets. */
static enum kf_err resolve_secret(struct kf_kafka_options *self, const char **value,
                                  const char *path, size_t number, struct kf_error *err)
{
    struct kf_error why = {0};

    if (strncmp(*value, FILE_SCHEME, strlen(FILE_SCHEME)) != 0) {
        self->holds_secrets = true;
        return KF_OK;
    }
    enum kf_err result = read_secret(self, *value + strlen(FILE_SCHEME), value, &why);
    return result == KF_OK ? KF_OK
                           : kf_error_set(err, result, "%s:%zu: %s", path, number, why.text);
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
        return kf_error_set(err, KF_ERR_CONFIG, "%s:%zu: write KEY=VALUE, or # before a remark",
                            path, number);
    }
    *equals = '\0';
    char *name = trim(line);
    if (is_own(name)) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "%s:%zu: %s is set by the program itself; remove the line", path,
                            number, name);
    }
    if (self->length == KF_KAFKA_OPTIONS_MAX) {
        return kf_error_set(err, KF_ERR_CONFIG, "%s:%zu: more than %d settings", path, number,
                            KF_KAFKA_OPTIONS_MAX);
    }
    const char *value = trim(equals + 1);
    if (kf_kafka_option_is_secret(name)) {
        enum kf_err result = resolve_secret(self, &value, path, number, err);
        if (result != KF_OK) {
            return result;
        }
    }
    self->list[self->length++] = (struct kf_kafka_option){name, value};
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

static enum kf_err read_file(struct kf_kafka_options *self, int descriptor, const char *path,
                             struct kf_error *err)
{
    size_t length = 0;
    ssize_t got = 1;

    while (got > 0 && length <= KF_KAFKA_OPTIONS_BYTES_MAX) {
        got = read(descriptor, self->text + length, KF_KAFKA_OPTIONS_BYTES_MAX + 1 - length);
        length += got > 0 ? (size_t)got : 0;
    }
    if (got < 0 || length > KF_KAFKA_OPTIONS_BYTES_MAX ||
        memchr(self->text, '\0', length) != NULL) {
        return kf_error_set(err, KF_ERR_CONFIG, "%s is no text file of at most %d bytes", path,
                            KF_KAFKA_OPTIONS_BYTES_MAX);
    }
    return KF_OK;
}

static enum kf_err read_all(struct kf_kafka_options *self, const char *path, struct kf_error *err)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (descriptor < 0) {
        return kf_error_set_errno(err, KF_ERR_CONFIG, errno, "cannot read %s", path);
    }
    enum kf_err result = read_file(self, descriptor, path, err);
    if (result == KF_OK) {
        result = read_lines(self, path, err);
    }
    if (result == KF_OK && self->holds_secrets) {
        result = check_closed(descriptor, path, err);
    }
    (void)close(descriptor);
    return result;
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
    enum kf_err result = read_all(self, path, err);
    if (result != KF_OK) {
        kf_kafka_options_destroy(&self);
        return result;
    }
    *options = self;
    return KF_OK;
}

void kf_kafka_options_destroy(struct kf_kafka_options **self)
{
    if (*self == NULL) {
        return;
    }
    for (size_t i = 0; i < (*self)->secrets_len; i++) {
        kf_wipe((*self)->secrets[i], KF_KAFKA_SECRET_BYTES_MAX + 2);
        kf_free((*self)->secrets[i]);
    }
    kf_wipe((*self)->text, KF_KAFKA_OPTIONS_BYTES_MAX + 2);
    kf_free((*self)->text);
    kf_free(*self);
    *self = NULL;
}
