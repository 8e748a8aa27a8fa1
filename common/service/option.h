/* Options of a program: one table gives the command line, the environment, the settings file,
 * --help and the reference page.
 *
 * Option `run-dir` is `--run-dir VALUE` on the command line, `KF_RUN_DIR` in the environment and
 * `run-dir: VALUE` in the settings file (YAML) named by `--config`. Command line before environment
 * before file before default; `--name VALUE` and `--name=VALUE` mean the same. An environment
 * variable that is set to nothing counts as not set. A table that has a text option `config` has a
 * settings file. All faults are told at once, each with where it came from, also those of a value
 * that another one overrides.
 */
#ifndef KF_SERVICE_OPTION_H
#define KF_SERVICE_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/base/text.h"

enum kf_option_type {
    KF_OPTION_TEXT,
    KF_OPTION_WHOLE,       /* a whole number */
    KF_OPTION_BYTES,       /* a whole number, with K, M or G (× 1024) behind it */
    KF_OPTION_DURATION_MS, /* a whole number with ms, s, min or h behind it; kept in milliseconds */
    KF_OPTION_FLAG,        /* true or false; on the command line the name alone, too, means true */
    KF_OPTION_CHOICE,      /* one of the words in `choices` */
    KF_OPTION_ENDPOINT,  /* where the service binds: ipc://PATH or tcp://HOST:PORT; may be empty */
    KF_OPTION_ENDPOINTS, /* to which it connects, joined by commas; may be empty */
    KF_OPTION_ADDRESS,   /* a numeric network address */
};

#define KF_OPTIONS_MAX       64
#define KF_OPTION_BYTES_MAX  4096 /* of one value */
#define KF_SETTINGS_FILE_MAX ((size_t)256 * 1024)

struct kf_option {
    const char *name;
    enum kf_option_type type;
    const char *initial; /* as text; NULL: required */
    int64_t minimum;     /* for numbers; both 0: no bounds */
    int64_t maximum;
    const char *choices; /* "json|protobuf"; for a number: one word that stands for the minimum;
                            for an endpoint: one word that may stand in its place */
    const char *help;    /* one sentence or two */
    const char *group;   /* heading in --help and the reference; NULL: the program's own options */
};

/* Room for the name of an environment variable, with its final NUL. */
#define KF_OPTION_NAME_SIZE 80

/* Writes the option's name in the environment: run-dir → KF_RUN_DIR. */
void kf_option_environment(const struct kf_option *option, char name[KF_OPTION_NAME_SIZE]);

struct kf_settings;

/* What a command line asked for besides running. */
enum kf_command {
    KF_COMMAND_RUN,
    KF_COMMAND_HELP,             /* --help */
    KF_COMMAND_VERSION,          /* --version */
    KF_COMMAND_CHECK_CONFIG,     /* --check-config */
    KF_COMMAND_CONFIG_REFERENCE, /* --config-reference: the options as a Markdown table */
};

/* A program's options and what it was called with. All borrowed for the settings' life. */
struct kf_command_line {
    const struct kf_option *options;
    size_t options_len;
    int argc;
    char *const *argv;
};

/* Merges defaults, file, environment and command line. An unknown or repeated option, a value of
 * the wrong type or out of bounds, a missing required one is a finding; with any, the result is
 * KF_ERR_CONFIG (exit 2). Arguments that are no options are a finding too. For help, version and
 * the reference, settings stay NULL and nothing is checked. */
enum kf_err kf_settings_read(const struct kf_command_line *line, struct kf_settings **settings,
                             enum kf_command *command, struct kf_findings *findings,
                             struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_settings_destroy(struct kf_settings **self);

/* Values by name; asking for an option that is not in the table is a mistake of ours (assert). */
const char *kf_settings_text(const struct kf_settings *self, const char *name);
int64_t kf_settings_number(const struct kf_settings *self, const char *name);
bool kf_settings_flag(const struct kf_settings *self, const char *name);

/* Puts a text where the option's value was left empty, e.g. a default that depends on the machine;
 * does nothing when a value is there. KF_ERR_MEMORY. */
enum kf_err kf_settings_complete(struct kf_settings *self, const char *name, const char *text,
                                 struct kf_error *err);

/* Appends the help page: usage line, `about`, every option with its default and environment name,
 * an example, the exit codes. */
void kf_options_help(const char *program, const char *about, const struct kf_option *options,
                     size_t options_len, struct kf_text *page);

/* Appends the options as Markdown, a table for each group: what stands in a service's README. */
void kf_options_reference(const struct kf_option *options, size_t options_len,
                          struct kf_text *page);

#endif
