#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/kafka/kafka_options.h"
#include "common/kafka/topic_reader.h"
#include "tools/kf/command.h"
#include "tools/kf/compare.h"
#include "tools/kf/folder.h"
#include "tools/kf/published.h"
#include "tools/kf/show_need.h"
#include "tools/kf/show_tables.h"
#include "tools/kf/show_unit_cost.h"
#include "tools/kf/wanting.h"

#define TEXT_BYTES_MAX  ((size_t)64 * 1024 * 1024)
#define TOPIC_NAME_SIZE 256
#define TIMEOUT_MS      10000
#define WAIT_S_MAX      86400
#define YEAR_MAX        9999
#define DECIMALS_MAX    10

static const struct kf_argument options[] = {
    {"edition", KF_ARGUMENT_ONE, "ID", NULL, true, "the edition"},
    {"year", KF_ARGUMENT_ONE, "Y", NULL, true, "the data year"},
    {"bootstrap-servers", KF_ARGUMENT_ONE, "HOST:PORT,…", "127.0.0.1:9092", false,
     "Kafka to read from"},
    {"kafka-config", KF_ARGUMENT_ONE, "FILE", NULL, false,
     "key=value lines handed on to librdkafka, for security above all"},
    {"topic-prefix", KF_ARGUMENT_ONE, "PREFIX", "kostra", false, "first part of the topics' names"},
    {"municipality", KF_ARGUMENT_ONE, "CODE", NULL, false,
     "only this one, with all indicators and what they contribute"},
    {"wait", KF_ARGUMENT_ONE, "SECONDS", "0", false,
     "how long to wait for a release that is not there yet"},
    {"compare", KF_ARGUMENT_ONE, "FILE", NULL, false,
     "instead of tables, the largest differences to these printed figures (CSV)"},
    {"decimals", KF_ARGUMENT_ONE, "N", NULL, false,
     "digits behind the point [1, or 3 where the mean is 1]"},
    {"lang", KF_ARGUMENT_ONE, "nb|en", "en", false, "language"},
    {"editions", KF_ARGUMENT_ONE, "DIR", NULL, false, "editions folder"},
};

static int run(const struct kf_arguments *arguments);

const struct kf_command_class kf_command_show = {
    .name = "show",
    .usage = "--edition ID --year Y [--municipality CODE] [--bootstrap-servers HOST:PORT]",
    .purpose = "read a release from Kafka and print it as tables",
    .help =
        "Reads the topics as any consumer would (read_committed, from the beginning) and prints\n"
        "what the newest committed release says about the edition and year: the total index,\n"
        "efficiency, the index of every sector, need, resource use, demography and unit costs "
        "where\n"
        "there are any, what is imputed, and where it all lies.\n\n"
        "Exit code 1 when there is no such release, and when rows of it are gone from the topics:\n"
        "then standard error says how many, and what is left is shown.\n\n"
        "Examples:\n"
        "  kf show --edition asss-2010 --year 2010\n"
        "  kf show --edition asss-2010 --year 2010 --municipality 0219 --lang nb",
    .arguments = options,
    .arguments_len = sizeof options / sizeof options[0],
    .run = run,
};

/* The command line, read. */
struct wish {
    const char *edition;
    int year;
    const char *servers;
    const char *kafka_config; /* or NULL */
    const char *prefix;
    const char *municipality; /* or NULL */
    const char *compare;      /* or NULL */
    int64_t wait_ms;
    int decimals; /* -1: as the edition's scale asks for */
    bool norwegian;
};

static enum kf_err read_number(const struct kf_arguments *arguments, const char *name,
                               unsigned long maximum, unsigned long *number, struct kf_error *err)
{
    const char *text = kf_arguments_one(arguments, name);
    if (!kf_text_to_unsigned(text, strlen(text), maximum, number)) {
        return kf_error_set(err, KF_ERR_CONFIG, "--%s %s: give a whole number up to %lu", name,
                            text, maximum);
    }
    return KF_OK;
}

static enum kf_err read_wish(const struct kf_arguments *arguments, struct wish *wish,
                             struct kf_error *err)
{
    unsigned long year = 0;
    unsigned long decimals = 0;
    unsigned long wait_s = 0;
    const char *language = kf_arguments_one(arguments, "lang");
    enum kf_err code = read_number(arguments, "year", YEAR_MAX, &year, err);
    bool as_scale = !kf_arguments_one(arguments, "decimals");
    if (code == KF_OK && !as_scale) {
        code = read_number(arguments, "decimals", DECIMALS_MAX, &decimals, err);
    }
    if (code == KF_OK) {
        code = read_number(arguments, "wait", WAIT_S_MAX, &wait_s, err);
    }
    if (code == KF_OK && strcmp(language, "nb") != 0 && strcmp(language, "en") != 0) {
        code = kf_error_set(err, KF_ERR_CONFIG, "--lang %s: nb or en", language);
    }
    if (code != KF_OK) {
        return code;
    }
    *wish = (struct wish){
        .edition = kf_arguments_one(arguments, "edition"),
        .year = (int)year,
        .servers = kf_arguments_one(arguments, "bootstrap-servers"),
        .kafka_config = kf_arguments_one(arguments, "kafka-config"),
        .prefix = kf_arguments_one(arguments, "topic-prefix"),
        .municipality = kf_arguments_one(arguments, "municipality"),
        .compare = kf_arguments_one(arguments, "compare"),
        .wait_ms = (int64_t)wait_s * 1000,
        .decimals = as_scale ? -1 : (int)decimals,
        .norwegian = strcmp(language, "nb") == 0,
    };
    return KF_OK;
}

/* --- reading --------------------------------------------------------------------------------- */

/* Where the records of a topic go. */
struct feeding {
    struct kf_published *published;
    enum kf_topic topic; /* none: manifests */
    struct kf_topic_visitor visitor;
};

static enum kf_err feed_manifest(void *context, const struct kf_topic_record *record,
                                 struct kf_error *err)
{
    struct feeding *feeding = context;
    enum kf_err code = kf_published_add_manifest(feeding->published, record, err);
    feeding->visitor.enough = kf_published_release(feeding->published)[0] != '\0';
    return code;
}

static enum kf_err feed_old_manifest(void *context, const struct kf_topic_record *record,
                                     struct kf_error *err)
{
    struct feeding *feeding = context;
    return kf_published_add_manifest(feeding->published, record, err);
}

static enum kf_err feed_row(void *context, const struct kf_topic_record *record,
                            struct kf_error *err)
{
    struct feeding *feeding = context;
    return kf_published_add_row(feeding->published, feeding->topic, record, err);
}

static enum kf_err read_manifests(struct kf_topic_reader *reader, const struct wish *wish,
                                  struct kf_published *published, struct kf_error *err)
{
    char topic[TOPIC_NAME_SIZE];
    struct feeding feeding = {.published = published};
    (void)snprintf(topic, sizeof topic, "%s.release.v1", wish->prefix);
    feeding.visitor = (struct kf_topic_visitor){.visit = feed_manifest, .context = &feeding};
    if (wish->wait_ms > 0) {
        int64_t deadline_ms = kf_clock_monotonic_ms() + wish->wait_ms;
        enum kf_err code =
            kf_topic_reader_follow(reader, topic, deadline_ms, &feeding.visitor, err);
        if (code != KF_OK) {
            return code;
        }
    }
    feeding.visitor = (struct kf_topic_visitor){.visit = feed_old_manifest, .context = &feeding};
    return kf_topic_reader_read(reader, topic, &feeding.visitor, err);
}

static enum kf_err read_rows(struct kf_topic_reader *reader, const struct wish *wish,
                             struct kf_published *published, struct kf_error *err)
{
    const enum kf_topic *topics = kf_wanting_topics;
    enum kf_err code = KF_OK;
    for (size_t i = 0; topics[i] != KF_TOPIC_NONE && code == KF_OK; i++) {
        char topic[TOPIC_NAME_SIZE];
        struct feeding feeding = {.published = published, .topic = topics[i]};
        feeding.visitor = (struct kf_topic_visitor){.visit = feed_row, .context = &feeding};
        (void)snprintf(topic, sizeof topic, "%s.%s.v1", wish->prefix, kf_topic_name(topics[i]));
        code = kf_topic_reader_read(reader, topic, &feeding.visitor, err);
    }
    return code;
}

static enum kf_err open_reader(const struct wish *wish, struct kf_topic_reader **reader,
                               struct kf_error *err)
{
    struct kf_kafka_options *more = NULL;
    enum kf_err code =
        wish->kafka_config ? kf_kafka_options_read(wish->kafka_config, &more, err) : KF_OK;
    if (code == KF_OK) {
        code = kf_topic_reader_new(wish->servers, more, TIMEOUT_MS, reader, err);
    }
    kf_kafka_options_destroy(&more);
    return code;
}

static enum kf_err read_topics(const struct wish *wish, struct kf_published *published,
                               struct kf_error *err)
{
    struct kf_topic_reader *reader = NULL;
    enum kf_err code = open_reader(wish, &reader, err);
    if (code == KF_OK) {
        code = read_manifests(reader, wish, published, err);
    }
    if (code == KF_OK && kf_published_release(published)[0] == '\0') {
        code = kf_error_set(err, KF_ERR_DATA, "no committed release of %s for %d on %s.release.v1",
                            wish->edition, wish->year, wish->prefix);
    }
    if (code == KF_OK) {
        code = read_rows(reader, wish, published, err);
    }
    kf_topic_reader_destroy(&reader);
    return code;
}

/* --- printing -------------------------------------------------------------------------------- */

static enum kf_err print_all(const struct kf_show_view *view, struct kf_text *text,
                             struct kf_error *err)
{
    enum kf_err code = KF_OK;
    if (kf_show_produces(view)) {
        kf_text_add_char(text, '\n');
        code = kf_show_totals(view, text, err);
        kf_text_add_char(text, '\n');
        code = code == KF_OK ? kf_show_sectors(view, text, err) : code;
    }
    code = code == KF_OK ? kf_show_need(view, text, err) : code;
    return code == KF_OK ? kf_show_unit_costs(view, text, err) : code;
}

static enum kf_err print_one(const struct kf_show_view *view, struct kf_text *text,
                             struct kf_error *err)
{
    enum kf_err code = KF_OK;
    if (kf_show_produces(view)) {
        kf_text_add_char(text, '\n');
        code = kf_show_totals(view, text, err);
        code = code == KF_OK ? kf_show_indicators(view, text, err) : code;
    }
    code = code == KF_OK ? kf_show_need_of_one(view, text, err) : code;
    return code == KF_OK ? kf_show_unit_costs_of_one(view, text, err) : code;
}

/* Leaves the wished municipality alone in the list. */
static enum kf_err choose(struct kf_show_view *view, const struct wish *wish, struct kf_error *err)
{
    const char *municipality = wish->municipality;
    for (size_t i = 0; i < view->codes_len; i++) {
        const char *code = view->codes[i];
        if (strcmp(code, municipality) == 0 ||
            strcmp(kf_show_municipality_name(view, code), municipality) == 0) {
            view->codes[0] = code;
            view->codes_len = 1;
            return KF_OK;
        }
    }
    return kf_error_set(err, KF_ERR_DATA, "%s is not among the %zu municipalities %s", municipality,
                        view->codes_len,
                        kf_wanting(view->published, wish->prefix)
                            ? "whose rows are still on the topics; its own may be among those "
                              "that are gone"
                            : "of the release");
}

static enum kf_err print_tables(struct kf_show_view *view, const struct wish *wish,
                                struct kf_text *text, struct kf_error *err)
{
    enum kf_err code = wish->municipality ? choose(view, wish, err) : KF_OK;
    if (code == KF_OK) {
        kf_show_title(view, text);
        code = wish->municipality ? print_one(view, text, err) : print_all(view, text, err);
    }
    if (code == KF_OK) {
        kf_text_add_char(text, '\n');
        code = kf_show_notes(view, text, err);
    }
    if (code == KF_OK) {
        kf_text_add_char(text, '\n');
        kf_show_origin(view, wish->servers, wish->prefix, text);
    }
    return code;
}

static enum kf_err tables(const struct wish *wish, const struct kf_catalogue *catalogue,
                          const struct kf_published *published, struct kf_text *text,
                          struct kf_error *err)
{
    const char *no_colour = getenv("NO_COLOR");
    bool bold = isatty(STDOUT_FILENO) && (!no_colour || no_colour[0] == '\0');
    const struct kf_edition *edition = kf_catalogue_find(catalogue, wish->edition);
    int usual_decimals = edition && edition->scale < 10 ? 3 : 1;
    struct kf_show_view view = {
        .published = published,
        .municipalities = catalogue->municipalities,
        .edition = edition,
        .year = wish->year,
        .decimals = wish->decimals < 0 ? usual_decimals : wish->decimals,
        .norwegian = wish->norwegian,
        .on = bold ? "\033[1m" : "",
        .off = bold ? "\033[0m" : "",
    };
    enum kf_err code = kf_published_municipalities(published, &view.codes, &view.codes_len, err);
    if (code == KF_OK) {
        code = print_tables(&view, wish, text, err);
    }
    kf_free(view.codes);
    return code;
}

static enum kf_err compare(const struct wish *wish, const struct kf_published *published,
                           struct kf_text *text, struct kf_error *err)
{
    bool found = false;
    enum kf_err code = kf_compare(wish->compare, published, text, &found, err);
    if (code == KF_OK && !found) {
        (void)fputs(text->bytes, stdout);
        code = kf_error_set(err, KF_ERR_DATA, "not everything printed is published");
    }
    return code;
}

/* --- the command ----------------------------------------------------------------------------- */

/* What is wanting of the release is said before anything of it is shown. */
static void warn(const struct wish *wish, const struct kf_published *published)
{
    struct kf_text text;
    kf_text_init(&text, TEXT_BYTES_MAX);
    kf_wanting_tell(published, wish->prefix, "kf show: ", &text);
    (void)fputs(text.bytes, stderr);
    kf_text_clear(&text);
}

static enum kf_err show(const struct wish *wish, const struct kf_catalogue *catalogue,
                        struct kf_error *err)
{
    struct kf_text text;
    kf_text_init(&text, TEXT_BYTES_MAX);
    if (!kf_catalogue_find(catalogue, wish->edition)) {
        return kf_error_set(err, KF_ERR_CONFIG, "there is no edition %s; `kf editions` lists them",
                            wish->edition);
    }
    struct kf_published *published = kf_published_new(wish->edition, wish->year);
    enum kf_err code = published ? read_topics(wish, published, err)
                                 : kf_error_set(err, KF_ERR_MEMORY, "no memory for the rows");
    if (code == KF_OK) {
        warn(wish, published);
        code = wish->compare ? compare(wish, published, &text, err)
                             : tables(wish, catalogue, published, &text, err);
    }
    if (code == KF_OK && text.failed) {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory for the tables");
    }
    if (code == KF_OK && (fputs(text.bytes, stdout) < 0 || fflush(stdout) != 0)) {
        code = kf_error_set(err, KF_ERR_IO, "cannot write to standard output");
    }
    if (code == KF_OK && kf_wanting(published, wish->prefix)) {
        code = kf_error_set(err, KF_ERR_DATA, "what is shown is not the whole release");
    }
    kf_published_destroy(&published);
    kf_text_clear(&text);
    return code;
}

static int run(const struct kf_arguments *arguments)
{
    struct wish wish = {0};
    struct kf_error err = {0};
    enum kf_err code = read_wish(arguments, &wish, &err);
    if (code == KF_OK) {
        struct kf_catalogue *catalogue = kf_folder_read(kf_arguments_one(arguments, "editions"));
        if (!catalogue) {
            return KF_EXIT_USAGE;
        }
        code = show(&wish, catalogue, &err);
        kf_catalogue_destroy(&catalogue);
    }
    if (code != KF_OK) {
        (void)fprintf(stderr, "kf show: %s\n", err.text);
    }
    return code == KF_OK ? KF_EXIT_OK : code == KF_ERR_CONFIG ? KF_EXIT_USAGE : KF_EXIT_FAILED;
}
