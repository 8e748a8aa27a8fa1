#include "common/service/option.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/arena.h"
#include "common/base/memory.h"
#include "common/service/option_value.h"
#include "common/service/settings_file.h"

#define SETTINGS_BYTES_MAX ((size_t)2 * 1024 * 1024)
#define SPELLED_SIZE       96

/* Where a value comes from, the strongest last. */
enum origin {
    ORIGIN_NONE,
    ORIGIN_DEFAULT,
    ORIGIN_FILE,
    ORIGIN_ENVIRONMENT,
    ORIGIN_COMMAND_LINE,
};

struct setting {
    const char *text;
    struct kf_option_value value;
    enum origin origin;
    bool attempted; /* a value was given, right or wrong */
    bool repeated;  /* stood on the command line already */
};

struct kf_settings {
    const struct kf_option *options;
    size_t options_len;
    struct kf_arena *arena;
    struct setting list[KF_OPTIONS_MAX];
};

/* The merging of all sources into settings. */
struct merge {
    struct kf_settings *settings;
    struct kf_findings *findings;
    const char *file; /* the settings file */
    bool no_memory;
};

/* One value as it was given. */
struct attempt {
    size_t option;
    enum origin origin;
    const char *text;
    const char *where; /* for findings: file, "environment", "command line" */
    uint64_t line;
    const char *spelled; /* the name as written there */
};

/* --- commands -------------------------------------------------------------------------------- */

static const struct {
    const char *argument;
    enum kf_command command;
} commands[] = {
    {"--help", KF_COMMAND_HELP},
    {"-h", KF_COMMAND_HELP},
    {"--version", KF_COMMAND_VERSION},
    {"--config-reference", KF_COMMAND_CONFIG_REFERENCE},
    {"--check-config", KF_COMMAND_CHECK_CONFIG},
};
#define COMMANDS (sizeof commands / sizeof commands[0])

static enum kf_command command_of(const char *argument)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].argument, argument) == 0) {
            return commands[i].command;
        }
    }
    return KF_COMMAND_RUN;
}

/* The first that asks for a page wins over --check-config. */
static enum kf_command find_command(int argc, char *const *argv)
{
    enum kf_command found = KF_COMMAND_RUN;
    for (int i = 1; i < argc; i++) {
        enum kf_command command = command_of(argv[i]);
        if (command == KF_COMMAND_CHECK_CONFIG) {
            found = command;
        } else if (command != KF_COMMAND_RUN) {
            return command;
        }
    }
    return found;
}

/* --- merging --------------------------------------------------------------------------------- */

static void keep(struct merge *self, const struct attempt *attempt,
                 const struct kf_option_value *value)
{
    struct setting *setting = &self->settings->list[attempt->option];
    if (attempt->origin < setting->origin) {
        return;
    }
    char *copy = kf_arena_strdup(self->settings->arena, attempt->text);
    if (!copy) {
        self->no_memory = true;
        return;
    }
    setting->text = copy;
    setting->value = *value;
    setting->origin = attempt->origin;
}

static void give(struct merge *self, const struct attempt *attempt)
{
    const struct kf_option *option = &self->settings->options[attempt->option];
    struct kf_option_value value = {0};
    struct kf_option_fault fault;
    self->settings->list[attempt->option].attempted = true;
    if (kf_option_value_read(option, attempt->text, &value, &fault)) {
        keep(self, attempt, &value);
        return;
    }
    struct kf_place place = {.file = attempt->where,
                             .line = attempt->line,
                             .variable = attempt->spelled,
                             .cell = attempt->text};
    kf_findings_add(self->findings, &place, fault.remedy, "%s", fault.problem);
}

static void read_defaults(struct merge *self)
{
    for (size_t i = 0; i < self->settings->options_len; i++) {
        const struct kf_option *option = &self->settings->options[i];
        if (option->initial) {
            give(self, &(struct attempt){.option = i,
                                         .origin = ORIGIN_DEFAULT,
                                         .text = option->initial,
                                         .where = "default",
                                         .spelled = option->name});
        }
    }
}

static void read_environment(struct merge *self)
{
    for (size_t i = 0; i < self->settings->options_len; i++) {
        char name[KF_OPTION_NAME_SIZE];
        kf_option_environment(&self->settings->options[i], name);
        const char *text = getenv(name);
        if (text && text[0]) {
            give(self, &(struct attempt){.option = i,
                                         .origin = ORIGIN_ENVIRONMENT,
                                         .text = text,
                                         .where = "environment",
                                         .spelled = name});
        }
    }
}

static void give_from_file(void *context, size_t option, const char *text, uint64_t line)
{
    struct merge *self = context;
    give(self, &(struct attempt){.option = option,
                                 .origin = ORIGIN_FILE,
                                 .text = text,
                                 .where = self->file,
                                 .line = line,
                                 .spelled = self->settings->options[option].name});
}

static size_t find_option(const struct kf_settings *self, const char *name, size_t length)
{
    for (size_t i = 0; i < self->options_len; i++) {
        const char *known = self->options[i].name;
        if (strlen(known) == length && memcmp(known, name, length) == 0) {
            return i;
        }
    }
    return self->options_len;
}

static enum kf_err read_file(struct merge *self, struct kf_error *err)
{
    size_t option = find_option(self->settings, "config", strlen("config"));
    if (option == self->settings->options_len) {
        return KF_OK;
    }
    self->file = self->settings->list[option].text;
    if (!self->file || !self->file[0]) {
        return KF_OK;
    }
    const struct kf_settings_file file = {.path = self->file,
                                          .options = self->settings->options,
                                          .options_len = self->settings->options_len,
                                          .give = give_from_file,
                                          .context = self};
    return kf_settings_file_read(&file, self->findings, err);
}

/* --- the command line ------------------------------------------------------------------------ */

static void tell_argument(struct merge *self, const char *argument, const char *remedy,
                          const char *problem)
{
    struct kf_place place = {.file = "command line", .variable = argument};
    kf_findings_add(self->findings, &place, remedy, "%s", problem);
}

static void tell_unknown(struct merge *self, const char *argument, const char *name)
{
    const char *names[KF_OPTIONS_MAX + COMMANDS];
    size_t count = 0;
    for (size_t i = 0; i < self->settings->options_len; i++) {
        names[count++] = self->settings->options[i].name;
    }
    for (size_t i = 0; i < COMMANDS; i++) {
        if (commands[i].argument[1] == '-') {
            names[count++] = commands[i].argument + 2;
        }
    }
    char remedy[SPELLED_SIZE + 32] = "see --help for the options there are";
    const char *meant = kf_findings_suggest(name, names, count);
    if (meant) {
        (void)snprintf(remedy, sizeof remedy, "did you mean --%s?", meant);
    }
    tell_argument(self, argument, remedy, "is no option");
}

static void give_from_command_line(struct merge *self, size_t option, const char *text)
{
    struct setting *setting = &self->settings->list[option];
    char spelled[SPELLED_SIZE];
    (void)snprintf(spelled, sizeof spelled, "--%s", self->settings->options[option].name);
    if (setting->repeated) {
        tell_argument(self, spelled, "give it once", "is given twice");
        return;
    }
    setting->repeated = true;
    give(self, &(struct attempt){.option = option,
                                 .origin = ORIGIN_COMMAND_LINE,
                                 .text = text,
                                 .where = "command line",
                                 .spelled = spelled});
}

/* The value behind `--name`; NULL with a finding when there is none. */
static const char *value_of(struct merge *self, size_t option, const char *argument,
                            const char *next, bool *took_next)
{
    const char *equals = strchr(argument, '=');
    if (equals) {
        return equals + 1;
    }
    if (self->settings->options[option].type == KF_OPTION_FLAG) {
        *took_next = next && (strcmp(next, "true") == 0 || strcmp(next, "false") == 0);
        return *took_next ? next : "true";
    }
    if (!next || strncmp(next, "--", 2) == 0) {
        self->settings->list[option].attempted = true;
        tell_argument(self, argument, "write the value behind it", "lacks its value");
        return NULL;
    }
    *took_next = true;
    return next;
}

/* Reads one argument; true when it took the next one as its value. */
static bool read_argument(struct merge *self, const char *argument, const char *next)
{
    if (strncmp(argument, "--", 2) != 0) {
        tell_argument(self, argument, "options begin with --; see --help", "is no option");
        return false;
    }
    size_t length = strcspn(argument + 2, "=");
    size_t option = find_option(self->settings, argument + 2, length);
    if (option == self->settings->options_len) {
        char name[SPELLED_SIZE];
        (void)snprintf(name, sizeof name, "%.*s", (int)(length < SPELLED_SIZE ? length : 0),
                       argument + 2);
        tell_unknown(self, argument, name);
        /* what stands behind an unknown option is most likely its value */
        return argument[2 + length] == '\0' && next && next[0] != '-';
    }
    bool took_next = false;
    const char *text = value_of(self, option, argument, next, &took_next);
    if (text) {
        give_from_command_line(self, option, text);
    }
    return took_next;
}

static void read_command_line(struct merge *self, int argc, char *const *argv)
{
    for (int i = 1; i < argc; i++) {
        if (command_of(argv[i]) != KF_COMMAND_RUN) {
            continue;
        }
        if (read_argument(self, argv[i], i + 1 < argc ? argv[i + 1] : NULL)) {
            i++;
        }
    }
}

static void find_missing(struct merge *self)
{
    for (size_t i = 0; i < self->settings->options_len; i++) {
        const struct kf_option *option = &self->settings->options[i];
        if (option->initial || self->settings->list[i].attempted) {
            continue;
        }
        char name[KF_OPTION_NAME_SIZE];
        char spelled[SPELLED_SIZE];
        char remedy[3 * SPELLED_SIZE];
        kf_option_environment(option, name);
        (void)snprintf(spelled, sizeof spelled, "--%s", option->name);
        (void)snprintf(remedy, sizeof remedy,
                       "give %s VALUE, or %s in the environment, or %s: in the settings file",
                       spelled, name, option->name);
        kf_findings_add(self->findings, &(struct kf_place){.variable = spelled}, remedy,
                        "is required");
    }
}

/* --- settings -------------------------------------------------------------------------------- */

static enum kf_err settings_new(const struct kf_option *options, size_t options_len,
                                struct kf_settings **settings, struct kf_error *err)
{
    struct kf_settings *self = kf_calloc(1, sizeof *self);
    struct kf_arena *arena = kf_arena_new(SETTINGS_BYTES_MAX);
    if (!self || !arena) {
        kf_free(self);
        kf_arena_destroy(&arena);
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the settings");
    }
    self->options = options;
    self->options_len = options_len;
    self->arena = arena;
    *settings = self;
    return KF_OK;
}

static enum kf_err merge_all(struct merge *self, int argc, char *const *argv, struct kf_error *err)
{
    uint64_t before = kf_findings_count(self->findings);
    read_defaults(self);
    read_environment(self);
    read_command_line(self, argc, argv);
    enum kf_err code = read_file(self, err);
    if (code != KF_OK) {
        return code;
    }
    if (self->no_memory) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the settings");
    }
    find_missing(self);
    uint64_t faults = kf_findings_count(self->findings) - before;
    if (faults > 0) {
        return kf_error_set(err, KF_ERR_CONFIG, "%llu fault%s in the settings",
                            (unsigned long long)faults, faults == 1 ? "" : "s");
    }
    return KF_OK;
}

enum kf_err kf_settings_read(const struct kf_command_line *line, struct kf_settings **settings,
                             enum kf_command *command, struct kf_findings *findings,
                             struct kf_error *err)
{
    assert(line->options_len <= KF_OPTIONS_MAX);
    enum kf_command asked = find_command(line->argc, line->argv);
    if (asked != KF_COMMAND_RUN && asked != KF_COMMAND_CHECK_CONFIG) {
        *command = asked;
        return KF_OK;
    }
    struct merge merge = {.findings = findings};
    enum kf_err code = settings_new(line->options, line->options_len, &merge.settings, err);
    if (code == KF_OK) {
        code = merge_all(&merge, line->argc, line->argv, err);
    }
    if (code != KF_OK) {
        kf_settings_destroy(&merge.settings);
        return code;
    }
    *settings = merge.settings;
    *command = asked;
    return KF_OK;
}

void kf_settings_destroy(struct kf_settings **self)
{
    if (!self || !*self) {
        return;
    }
    kf_arena_destroy(&(*self)->arena);
    kf_free(*self);
    *self = NULL;
}

static const struct setting *setting_of(const struct kf_settings *self, const char *name)
{
    size_t option = find_option(self, name, strlen(name));
    assert(option < self->options_len);
    return &self->list[option];
}

const char *kf_settings_text(const struct kf_settings *self, const char *name)
{
    return setting_of(self, name)->text;
}

int64_t kf_settings_number(const struct kf_settings *self, const char *name)
{
    return setting_of(self, name)->value.number;
}

bool kf_settings_flag(const struct kf_settings *self, const char *name)
{
    return setting_of(self, name)->value.flag;
}

enum kf_err kf_settings_complete(struct kf_settings *self, const char *name, const char *text,
                                 struct kf_error *err)
{
    size_t option = find_option(self, name, strlen(name));
    assert(option < self->options_len);
    struct setting *setting = &self->list[option];
    if (setting->text && setting->text[0]) {
        return KF_OK;
    }
    char *copy = kf_arena_strdup(self->arena, text);
    if (!copy) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the settings");
    }
    setting->text = copy;
    return KF_OK;
}
