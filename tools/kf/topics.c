/* The command: kf topics. */
#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "services/publish/servers.h"
#include "services/publish/topic_settings.h"
#include "tools/kf/command.h"

#define TEXT_BYTES_MAX  ((size_t)1024 * 1024)
#define REPLICATION_MAX 100

static const struct kf_argument options[] = {
    {"topic-prefix", KF_ARGUMENT_ONE, "PREFIX", "kostra", false, "first part of the topics' names"},
    {"format", KF_ARGUMENT_ONE, "table|yaml|script", "table", false,
     "for people, for programs, or as commands of Kafka's own tools"},
    {"replication", KF_ARGUMENT_ONE, "N", "3", false, "copies of each topic"},
    {"bootstrap-servers", KF_ARGUMENT_ONE, "HOST:PORT,…", "127.0.0.1:9092", false,
     "brokers that stand in the commands; nobody is asked"},
};

static int run(const struct kf_arguments *arguments);

const struct kf_command_class kf_command_topics = {
    .name = "topics",
    .usage = "[--topic-prefix PREFIX] [--format table|yaml|script] [--replication N]",
    .purpose = "which topics releases are written to, and what these have to be set to",
    .help =
        "kf-publish makes missing topics like this (create-topics), and writes nothing to topics\n"
        "that are set otherwise (check-topics): `must` in the table. What is only `advised` is\n"
        "logged once; `made` is what new topics get, and nobody asks afterwards. Where topics are\n"
        "made by others, `yaml` is for their tools: a list of name, partitions, replication and\n"
        "config. `script` is a shell script that makes topics that are missing, and sets those\n"
        "that are there. Nothing is changed and no broker is asked by this command itself.\n\n"
        "Examples:\n"
        "  kf topics\n"
        "  kf topics --topic-prefix test --format yaml\n"
        "  kf topics --format script --bootstrap-servers kafka-1:9092 > topics.sh",
    .arguments = options,
    .arguments_len = sizeof options / sizeof options[0],
    .run = run,
};

struct wish {
    struct kf_topic_set topics;
    const char *servers;
    int replication;
    void (*add)(const struct wish *wish, size_t topic, struct kf_text *text);
    const char *head;
};

/* --- forms ----------------------------------------------------------------------------------- */

static void add_table(const struct wish *wish, size_t topic, struct kf_text *text)
{
    static const char *const forces[] = {
        [KF_SETTING_REFUSE] = "must", [KF_SETTING_ADVISE] = "advised", [KF_SETTING_MAKE] = "made"};
    size_t count = 0;
    const struct kf_topic_setting *settings = kf_topic_settings(topic, &count);

    kf_text_add_format(text, "%s\n", wish->topics.names[topic]);
    for (size_t i = 0; i < count; i++) {
        const char *least = settings[i].rule == KF_SETTING_AT_LEAST ? ">=" : " =";
        kf_text_add_format(text, "  %-8s %-31s %s %-14s %s\n", forces[settings[i].force],
                           settings[i].name, least, settings[i].value, settings[i].why);
    }
    kf_text_add_format(text, "  %-8s %-31s %s %-14s %s\n", "advised", KF_SETTING_MIN_INSYNC,
                       ">=", kf_topic_min_insync(wish->replication),
                       "copies that have a record before it counts as committed");
}

static void add_yaml(const struct wish *wish, size_t topic, struct kf_text *text)
{
    size_t count = 0;
    const struct kf_topic_setting *settings = kf_topic_settings(topic, &count);

    kf_text_add_format(text, "  - name: %s\n    partitions: %d\n    replication: %d\n    config:\n",
                       wish->topics.names[topic], KF_TOPIC_PARTITIONS, wish->replication);
    for (size_t i = 0; i < count; i++) {
        kf_text_add_format(text, "      %s: \"%s\"\n", settings[i].name, settings[i].value);
    }
    kf_text_add_format(text, "      %s: \"%s\"\n", KF_SETTING_MIN_INSYNC,
                       kf_topic_min_insync(wish->replication));
}

static void add_script(const struct wish *wish, size_t topic, struct kf_text *text)
{
    const char *name = wish->topics.names[topic];
    size_t count = 0;
    const struct kf_topic_setting *settings = kf_topic_settings(topic, &count);

    kf_text_add_format(text,
                       "kafka-topics.sh --bootstrap-server \"$servers\" --create --if-not-exists "
                       "--topic %s --partitions %d --replication-factor %d\n"
                       "kafka-configs.sh --bootstrap-server \"$servers\" --alter "
                       "--entity-type topics --entity-name %s --add-config ",
                       name, KF_TOPIC_PARTITIONS, wish->replication, name);
    for (size_t i = 0; i < count; i++) {
        kf_text_add_format(text, "%s=%s,", settings[i].name, settings[i].value);
    }
    kf_text_add_format(text, "%s=%s\n", KF_SETTING_MIN_INSYNC,
                       kf_topic_min_insync(wish->replication));
}

/* --- the command ----------------------------------------------------------------------------- */

static enum kf_err read_format(const char *format, struct wish *wish, struct kf_error *err)
{
    if (strcmp(format, "table") == 0) {
        wish->add = add_table;
        wish->head = "";
    } else if (strcmp(format, "yaml") == 0) {
        wish->add = add_yaml;
        wish->head = "topics:\n";
    } else if (strcmp(format, "script") == 0) {
        wish->add = add_script;
        wish->head = "#!/bin/sh\nset -eu\n";
    } else {
        return kf_error_set(err, KF_ERR_CONFIG, "--format %s: table, yaml or script", format);
    }
    return KF_OK;
}

static enum kf_err read_wish(const struct kf_arguments *arguments, struct wish *wish,
                             struct kf_error *err)
{
    const char *copies = kf_arguments_one(arguments, "replication");
    unsigned long replication = 0;
    enum kf_err code =
        kf_topic_set_init(&wish->topics, kf_arguments_one(arguments, "topic-prefix"), err);

    wish->servers = kf_arguments_one(arguments, "bootstrap-servers");
    if (code == KF_OK) {
        code = kf_servers_check(wish->servers, err);
    }
    if (code == KF_OK &&
        (!kf_text_to_unsigned(copies, strlen(copies), REPLICATION_MAX, &replication) ||
         replication == 0)) {
        code =
            kf_error_set(err, KF_ERR_CONFIG, "--replication %s: 1 to %d", copies, REPLICATION_MAX);
    }
    wish->replication = (int)replication;
    return code == KF_OK ? read_format(kf_arguments_one(arguments, "format"), wish, err) : code;
}

static enum kf_err print(const struct wish *wish, struct kf_error *err)
{
    struct kf_text text;

    kf_text_init(&text, TEXT_BYTES_MAX);
    kf_text_add(&text, wish->head);
    if (wish->add == add_script) {
        kf_text_add_format(&text, "servers=%s\n", wish->servers);
    }
    for (size_t topic = 0; topic < KF_TOPICS_ALL; topic++) {
        if (wish->topics.names[topic][0] != '\0') {
            wish->add(wish, topic, &text);
        }
    }
    enum kf_err code = KF_OK;
    if (text.failed) {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory for the list of topics");
    } else if (fputs(text.bytes, stdout) == EOF || fflush(stdout) == EOF) {
        code = kf_error_set(err, KF_ERR_IO, "cannot write to standard output");
    }
    kf_text_clear(&text);
    return code;
}

static int run(const struct kf_arguments *arguments)
{
    struct wish wish = {.replication = 0};
    struct kf_error err = {0};
    enum kf_err code = read_wish(arguments, &wish, &err);

    if (code == KF_OK) {
        code = print(&wish, &err);
    }
    if (code != KF_OK) {
        (void)fprintf(stderr, "kf topics: %s\n", err.text);
        return code == KF_ERR_CONFIG ? KF_EXIT_USAGE : KF_EXIT_FAILED;
    }
    return KF_EXIT_OK;
}
