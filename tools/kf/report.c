#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/findings.h"
#include "common/base/memory.h"
#include "common/service/signals.h"
#include "services/board/api/article.h"
#include "tools/kf/command.h"
#include "tools/kf/figures.h"
#include "tools/kf/folder.h"
#include "tools/kf/report_meter.h"
#include "tools/kf/report_output.h"
#include "tools/kf/report_places.h"
#include "tools/kf/report_run.h"
#include "tools/kf/report_source.h"

#define GROUP_BYTES_MAX 4096
#define FAULT_BYTES_MAX ((size_t)1024 * 1024)

static const struct kf_argument options[] = {
    {"municipality", KF_ARGUMENT_MANY, "CODE", NULL, true,
     "four digits or a name, several, or all"},
    {"output", KF_ARGUMENT_ONE, "FILE|DIR", NULL, true,
     "FILE.html, FILE.pdf, or a folder for DIR/CODE-Name.html"},
    {"format", KF_ARGUMENT_ONE, "html|pdf", NULL, false, "of the files in a folder [html]"},
    {"edition", KF_ARGUMENT_ONE, "ID", NULL, false,
     "the edition that is preferred [that with most figures of the year]"},
    {"year", KF_ARGUMENT_ONE, "Y", NULL, false, "the data year [the newest with figures]"},
    {"use", KF_ARGUMENT_MANY, "SECTION:ID/Y", NULL, false,
     "another edition and year for one section: need, resource-use, demography, production, "
     "unit-cost"},
    {"group", KF_ARGUMENT_MANY, "GROUP", NULL, false,
     "to be held against: all, county, kostra, or codes [all]"},
    {"lang", KF_ARGUMENT_ONE, "nb|en", "nb", false, "language"},
    {"board", KF_ARGUMENT_ONE, "FILE", NULL, false,
     "a board's database to read instead of the topics; it is not changed"},
    {"bootstrap-servers", KF_ARGUMENT_ONE, "HOST:PORT,…", "127.0.0.1:9092", false,
     "Kafka to read from"},
    {"kafka-config", KF_ARGUMENT_ONE, "FILE", NULL, false,
     "key=value lines handed on to librdkafka, for security above all"},
    {"topic-prefix", KF_ARGUMENT_ONE, "PREFIX", "kostra", false, "first part of the topics' names"},
    {"browser", KF_ARGUMENT_ONE, "PROGRAM", NULL, false,
     "a Chromium or Chrome that prints PDF [the first on the PATH]"},
    {"editions", KF_ARGUMENT_ONE, "DIR", NULL, false, "editions folder"},
};

static int run(const struct kf_arguments *arguments);

const struct kf_command_class kf_command_report = {
    .name = "report",
    .usage = "--municipality CODE… | all --output FILE.html|FILE.pdf|DIR [--edition ID] [--year Y]",
    .purpose = "write the article about municipalities as HTML or PDF",
    .help =
        "Reads the topics as any consumer would (read_committed, from the beginning) and writes\n"
        "what they say about a municipality as one article: need, demography, resource use,\n"
        "production, efficiency and unit costs, with charts, tables and a short text. HTML is one\n"
        "file that needs nothing else; PDF is printed by a Chromium, which has to be installed.\n\n"
        "Each section takes its figures from the edition and year asked for, or else from those\n"
        "nearest to it that have any; the article says which, and what has no figures.\n\n"
        "A file is there whole or not at all. What fails for one municipality does not stop the\n"
        "others: it is told at the end, and the exit code is 1.\n\n"
        "Examples:\n"
        "  kf report --municipality 4003 --output skien.html\n"
        "  kf report --municipality Skien Porsgrunn --lang en --output reports --format pdf\n"
        "  kf report --municipality all --edition need-2026 --year 2026 --output reports\n"
        "  kf report --municipality 4003 --use production:asss-2010/2010 --output skien.pdf",
    .arguments = options,
    .arguments_len = sizeof options / sizeof options[0],
    .run = run,
};

/* --- the command line ---------------------------------------------------------------------------
 */

static enum kf_err read_source(const char *text, const char *option,
                               struct kf_article_source *source, struct kf_error *err)
{
    const char *slash = strrchr(text, '/');
    size_t length = slash ? (size_t)(slash - text) : 0;
    if (length == 0 || length >= sizeof source->edition) {
        return kf_error_set(err, KF_ERR_CONFIG, "--%s %s: give SECTION:EDITION/YEAR", option, text);
    }
    memcpy(source->edition, text, length);
    source->edition[length] = '\0';
    return kf_figures_year(slash + 1, &source->year, err);
}

static enum kf_err unknown_section(const char *use, struct kf_error *err)
{
    const char *names[KF_SECTIONS];
    char given[64];
    (void)snprintf(given, sizeof given, "%.*s", (int)strcspn(use, ":"), use);
    for (int i = 0; i < KF_SECTIONS; i++) {
        names[i] = kf_section_name((enum kf_article_section)i);
    }
    const char *meant = kf_findings_suggest(given, names, KF_SECTIONS);
    return kf_error_set(err, KF_ERR_CONFIG,
                        "--use %s: begins with no section%s%s; they are need, resource-use, "
                        "demography, production, unit-cost",
                        use, meant ? "; did you mean " : "", meant ? meant : "");
}

static enum kf_err read_use(const char *use, struct kf_article_wish *wish, struct kf_error *err)
{
    for (int i = 0; i < KF_SECTIONS; i++) {
        const char *name = kf_section_name((enum kf_article_section)i);
        size_t length = strlen(name);
        if (strncmp(use, name, length) == 0 && use[length] == ':') {
            return read_source(use + length + 1, "use", &wish->use[i], err);
        }
    }
    return unknown_section(use, err);
}

static enum kf_err read_wish(const struct kf_arguments *arguments, struct kf_article_wish *wish,
                             struct kf_error *err)
{
    const char *edition = kf_arguments_one(arguments, "edition");
    const char *year = kf_arguments_one(arguments, "year");
    const char *const *uses = NULL;
    size_t uses_len = kf_arguments_many(arguments, "use", &uses);
    enum kf_err code = KF_OK;
    if (edition && strlen(edition) >= sizeof wish->asked.edition) {
        return kf_error_set(err, KF_ERR_CONFIG, "--edition %s: there is no such edition", edition);
    }
    memcpy(wish->asked.edition, edition ? edition : "", edition ? strlen(edition) + 1 : 1);
    if (year) {
        code = kf_figures_year(year, &wish->asked.year, err);
    }
    for (size_t i = 0; i < uses_len && code == KF_OK; i++) {
        code = read_use(uses[i], wish, err);
    }
    return code;
}

static bool is_group(const char *word, bool alone)
{
    uint16_t number = 0;
    bool named =
        strcmp(word, "all") == 0 || strcmp(word, "county") == 0 || strcmp(word, "kostra") == 0;
    return (alone && named) || kf_municipality_parse(word, strlen(word), &number);
}

/* As the page's addresses have it: a word, or codes with commas. */
static enum kf_err read_group(const struct kf_arguments *arguments, struct kf_text *group,
                              struct kf_error *err)
{
    const char *const *words = NULL;
    size_t words_len = kf_arguments_many(arguments, "group", &words);
    for (size_t i = 0; i < words_len; i++) {
        if (!is_group(words[i], words_len == 1)) {
            return kf_error_set(err, KF_ERR_CONFIG,
                                "--group %s: give all, county, kostra, or codes of municipalities",
                                words[i]);
        }
        kf_text_add(group, i > 0 ? "," : "");
        kf_text_add(group, words[i]);
    }
    return group->failed ? kf_error_set(err, KF_ERR_CONFIG, "--group has too many codes") : KF_OK;
}

static enum kf_err read_place(const struct kf_arguments *arguments, struct kf_report_place *place,
                              struct kf_error *err)
{
    const char *const *words = NULL;
    size_t words_len = kf_arguments_many(arguments, "municipality", &words);
    bool several = words_len > 1 || strcmp(words[0], "all") == 0;
    return kf_report_place_read(kf_arguments_one(arguments, "output"),
                                kf_arguments_one(arguments, "format"), several, place, err);
}

static enum kf_err read_job(const struct kf_arguments *arguments, struct kf_report_job *job,
                            struct kf_text *group, struct kf_error *err)
{
    const char *language = kf_arguments_one(arguments, "lang");
    enum kf_err code = read_wish(arguments, &job->wish, err);
    if (code == KF_OK) {
        code = read_group(arguments, group, err);
    }
    if (code == KF_OK) {
        code = read_place(arguments, &job->output.place, err);
    }
    if (code == KF_OK && strcmp(language, "nb") != 0 && strcmp(language, "en") != 0) {
        code = kf_error_set(err, KF_ERR_CONFIG, "--lang %s: nb or en", language);
    }
    job->given_len = kf_arguments_many(arguments, "municipality", &job->given);
    job->language = language;
    job->group = group->bytes;
    job->output.browser = kf_arguments_one(arguments, "browser");
    job->source = (struct kf_report_source_options){
        .board = kf_arguments_one(arguments, "board"),
        .servers = kf_arguments_one(arguments, "bootstrap-servers"),
        .kafka_config = kf_arguments_one(arguments, "kafka-config"),
        .prefix = kf_arguments_one(arguments, "topic-prefix"),
    };
    return code;
}

/* --- the command --------------------------------------------------------------------------------
 */

static enum kf_err work(const struct kf_arguments *arguments, struct kf_report_job *job,
                        struct kf_error *err)
{
    int signals = -1;
    enum kf_err code = kf_signals_open(&signals, err);
    if (code != KF_OK) {
        return code;
    }
    struct kf_catalogue *catalogue = kf_folder_read(kf_arguments_one(arguments, "editions"));
    if (catalogue) {
        job->catalogue = catalogue;
        job->source.stop = signals;
        job->output.stop = signals;
        code = kf_report_run(job, err);
    } else {
        code = kf_error_set(err, KF_ERR_CONFIG, "without editions there are no reports");
    }
    kf_catalogue_destroy(&catalogue);
    (void)close(signals);
    return code;
}

static int run(const struct kf_arguments *arguments)
{
    struct kf_report_job job = {.given_len = 0};
    struct kf_text group;
    struct kf_error err = {0};
    kf_text_init(&group, GROUP_BYTES_MAX);
    enum kf_err code = read_job(arguments, &job, &group, &err);
    if (code == KF_OK) {
        code = work(arguments, &job, &err);
    }
    if (code != KF_OK) {
        (void)fprintf(stderr, "kf report: %s\n", err.text);
    }
    kf_text_clear(&group);
    return code == KF_OK ? KF_EXIT_OK : code == KF_ERR_CONFIG ? KF_EXIT_USAGE : KF_EXIT_FAILED;
}
