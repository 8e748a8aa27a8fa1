/* Any bytes as settings of kf-ingest and kf-publish: a settings file and, behind "%%% arguments",
 * a command line, one argument a line. What is accepted, written down and read again, is the same;
 * what is refused has findings that can be shown. Texts with a form of their own (brokers, topics,
 * the day) are read, too. */
#include <string.h>

#include "common/base/day.h"
#include "common/kafka/topics.h"
#include "common/service/option_value.h"
#include "common/service/service.h"
#include "services/ingest/ingest.h"
#include "services/publish/publish.h"
#include "services/publish/servers.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/support/promise.h"
#include "tests/fuzz/support/scratch.h"
#include "tests/fuzz/support/yaml_text.h"

#define ARGUMENTS_MAX  40
#define TEXT_BYTES_MAX ((size_t)1 << 20)

static char config_path[FUZZ_PATH_SIZE];

/* --- the options of a service ---------------------------------------------------------------- */

struct table {
    struct kf_option list[KF_OPTIONS_MAX];
    size_t length;
};

static void add_options(struct table *self, const struct kf_option *options, size_t count)
{
    must(count <= KF_OPTIONS_MAX - self->length);
    memcpy(self->list + self->length, options, count * sizeof *options);
    self->length += count;
}

static void table_of(const struct kf_service_class *class_, struct table *table)
{
    size_t count = 0;
    const struct kf_option *common = kf_service_common_options(&count);
    table->length = 0;
    add_options(table, common, count);
    add_options(table, class_->options, class_->options_len);
}

/* --- a command line -------------------------------------------------------------------------- */

struct arguments {
    char *list[ARGUMENTS_MAX + 1];
    int count;
};

/* Cuts the text into lines, behind the program's name and the settings file. */
static void split(char *text, struct arguments *arguments)
{
    static char program[] = "kf-fuzz";
    static char config[] = "--config";
    arguments->list[0] = program;
    arguments->list[1] = config;
    arguments->list[2] = config_path;
    arguments->count = 3;
    while (*text && arguments->count < ARGUMENTS_MAX) {
        size_t length = strcspn(text, "\n");
        char end = text[length];
        text[length] = '\0';
        arguments->list[arguments->count++] = text;
        text += length + (end ? 1 : 0);
    }
    arguments->list[arguments->count] = NULL;
}

/* --- reading --------------------------------------------------------------------------------- */

static struct kf_settings *read_with(const struct table *table, const struct arguments *arguments,
                                     enum kf_command *command)
{
    static struct kf_findings findings;
    const struct kf_command_line line = {.options = table->list,
                                         .options_len = table->length,
                                         .argc = arguments->count,
                                         .argv = arguments->list};
    struct kf_settings *settings = NULL;
    struct kf_error err = {0};
    kf_findings_init(&findings);
    enum kf_err code = kf_settings_read(&line, &settings, command, &findings, &err);
    promise_outcome(code, KF_ERR_CONFIG, &findings, &err);
    must(code == KF_OK || !settings);
    kf_findings_clear(&findings);
    return settings;
}

static void promise_bounds(const struct table *table, const struct kf_settings *settings)
{
    for (size_t i = 0; i < table->length; i++) {
        const struct kf_option *option = &table->list[i];
        if (kf_option_is_number(option) && kf_option_is_bounded(option)) {
            int64_t number = kf_settings_number(settings, option->name);
            must(number >= option->minimum && number <= option->maximum);
        } else {
            must(kf_settings_text(settings, option->name) != NULL);
        }
    }
}

/* --- written down and read again ------------------------------------------------------------- */

/* As a settings file. False when a value cannot stand in one: it came by the command line. */
static bool print_settings(const struct table *table, const struct kf_settings *settings,
                           struct kf_text *out)
{
    for (size_t i = 0; i < table->length; i++) {
        const char *value = kf_settings_text(settings, table->list[i].name);
        if (strcmp(table->list[i].name, "config") == 0) {
            continue;
        }
        if (!kf_text_is_utf8(value, strlen(value))) {
            return false;
        }
        kf_text_add_format(out, "%s: ", table->list[i].name);
        fuzz_yaml_text(value, out);
        kf_text_add_char(out, '\n');
    }
    return !out->failed;
}

static void promise_read_again(const struct table *table, const struct kf_settings *settings)
{
    struct arguments none;
    char empty[] = "";
    enum kf_command command = KF_COMMAND_RUN;
    struct kf_text once;
    struct kf_text twice;
    kf_text_init(&once, TEXT_BYTES_MAX);
    kf_text_init(&twice, TEXT_BYTES_MAX);
    if (print_settings(table, settings, &once)) {
        fuzz_write("config.yaml", once.bytes, once.length);
        split(empty, &none);
        struct kf_settings *again = read_with(table, &none, &command);
        must(again != NULL);
        must(print_settings(table, again, &twice));
        promise_same(&once, &twice);
        kf_settings_destroy(&again);
    }
    kf_text_clear(&once);
    kf_text_clear(&twice);
}

/* What the services read out of these texts, without the network behind them. */
static void read_texts(const struct table *table, const struct kf_settings *settings)
{
    struct kf_topic_set topics;
    for (size_t i = 0; i < table->length; i++) {
        const char *text = kf_settings_text(settings, table->list[i].name);
        struct kf_error err = {0};
        struct kf_day day;
        if (kf_servers_check(text, &err) != KF_OK) {
            promise_reason(&err);
        }
        if (kf_topic_set_init(&topics, text, &err) != KF_OK) {
            promise_reason(&err);
        }
        if (kf_day_parse(text, &day, &err) != KF_OK) {
            promise_reason(&err);
        } else if (day.speed > 0) {
            must(day.speed <= KF_DAY_SPEED_MAX);
            (void)kf_day_wall_ms(&day);
            (void)kf_day_monotonic_ms(&day);
            must(kf_day_real_ms(&day, 1) >= 1);
        }
    }
}

static void read_for(const struct kf_service_class *class_, const struct fuzz_part *parts,
                     size_t count)
{
    struct table table;
    struct arguments arguments;
    char *text = fuzz_part_text(parts, count, "arguments");
    enum kf_command command = KF_COMMAND_RUN;
    table_of(class_, &table);
    fuzz_write("config.yaml", parts[0].bytes, parts[0].length);
    split(text, &arguments);
    struct kf_settings *settings = read_with(&table, &arguments, &command);
    if (settings) {
        promise_bounds(&table, settings);
        promise_read_again(&table, settings);
        read_texts(&table, settings);
    }
    kf_settings_destroy(&settings);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_part parts[FUZZ_PARTS_MAX];
    size_t count = fuzz_parts(data, size, parts);
    fuzz_path("config.yaml", config_path);
    read_for(&kf_publish_class, parts, count);
    read_for(&kf_ingest_service, parts, count);
    return 0;
}
