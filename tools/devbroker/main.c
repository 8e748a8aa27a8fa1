#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include "common/base/findings.h"
#include "common/base/text.h"
#include "common/service/option.h"
#include "tools/devbroker/devbroker.h"

#define PAGE_BYTES_MAX 65536

static const char about[] =
    "A stand-in for Kafka on this machine, for a first look and for tests. Prints its address as\n"
    "its only line and runs until it is told to stop (SIGTERM, SIGINT).\n"
    "\n"
    "It is not Kafka: nothing is stored, each partition keeps its newest 5 MiB, topics are never\n"
    "compacted, and transactions mean nothing: readers see what was aborted or never committed.\n"
    "It listens on 127.0.0.1 only. Never use it for figures that matter.";

static const struct kf_option options[] = {
    {.name = "port",
     .type = KF_OPTION_WHOLE,
     .initial = "0",
     .minimum = 0,
     .maximum = 65535,
     .help = "Port to listen on; 0 takes any free one."},
    {.name = "port-file",
     .type = KF_OPTION_TEXT,
     .initial = "",
     .help = "File that the port is written to, whole, once clients can connect."},
    {.name = "topics",
     .type = KF_OPTION_TEXT,
     .initial = "",
     .help = "Topics to make at the start, joined by commas. Others are made when first used."},
};
#define OPTIONS_LEN (sizeof options / sizeof options[0])

static struct kf_findings findings;

static int print_page(enum kf_command command)
{
    struct kf_text page;

    kf_text_init(&page, PAGE_BYTES_MAX);
    if (command == KF_COMMAND_HELP) {
        kf_options_help("kf-devbroker", about, options, OPTIONS_LEN, &page);
    } else if (command == KF_COMMAND_CONFIG_REFERENCE) {
        kf_options_reference(options, OPTIONS_LEN, &page);
    } else {
        kf_text_add(&page, "kf-devbroker " KF_VERSION "\n");
    }
    int written = fputs(page.bytes, stdout);
    kf_text_clear(&page);
    return written < 0 || fflush(stdout) != 0 ? 1 : 0;
}

static int complain(const struct kf_error *err)
{
    struct kf_text text;

    kf_text_init(&text, PAGE_BYTES_MAX);
    kf_findings_print(&findings, &text);
    fprintf(stderr, "%skf-devbroker: %s\n", text.bytes, err->text);
    kf_text_clear(&text);
    kf_findings_clear(&findings);
    return err->code == KF_ERR_CONFIG ? 2 : 1;
}

static bool write_line(const char *path, const char *line)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        return false;
    }
    bool written = fprintf(file, "%s\n", line) > 0;
    return fclose(file) == 0 && written;
}

/* Written beside and renamed, so that whoever waits for the file finds the whole of it. */
static enum kf_err write_port(const char *path, const char *port, struct kf_error *err)
{
    struct kf_text beside;
    enum kf_err result = KF_OK;

    kf_text_init(&beside, PAGE_BYTES_MAX);
    kf_text_add_format(&beside, "%s.new", path);
    if (beside.failed || !write_line(beside.bytes, port) || rename(beside.bytes, path) != 0) {
        result = kf_error_set_errno(err, KF_ERR_CONFIG, errno, "cannot write %s", path);
    }
    kf_text_clear(&beside);
    return result;
}

static const char *port_of(const char *address)
{
    const char *port = address;

    for (const char *at = address; *at != '\0'; at++) {
        port = *at == ':' ? at + 1 : port;
    }
    return port;
}

static enum kf_err announce(const struct kf_devbroker *broker, const char *port_file,
                            struct kf_error *err)
{
    const char *address = kf_devbroker_address(broker);

    if (printf("%s\n", address) < 0 || fflush(stdout) != 0) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "cannot write the address");
    }
    return *port_file == '\0' ? KF_OK : write_port(port_file, port_of(address), err);
}

static enum kf_err run(const struct kf_settings *settings, struct kf_error *err)
{
    struct kf_devbroker *broker = NULL;
    sigset_t ends;
    int received;

    /* Before any thread starts, so that each inherits it and only sigwait sees the signals. */
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL);

    enum kf_err result = kf_devbroker_start((uint16_t)kf_settings_number(settings, "port"),
                                            kf_settings_text(settings, "topics"), &broker, err);
    if (result == KF_OK) {
        result = announce(broker, kf_settings_text(settings, "port-file"), err);
    }
    if (result == KF_OK) {
        sigwait(&ends, &received);
    }
    kf_devbroker_destroy(&broker);
    return result;
}

int main(int argc, char **argv)
{
    struct kf_settings *settings = NULL;
    enum kf_command command = KF_COMMAND_RUN;
    struct kf_error err;

    kf_findings_init(&findings);
    struct kf_command_line line = {
        .options = options, .options_len = OPTIONS_LEN, .argc = argc, .argv = argv};
    enum kf_err result = kf_settings_read(&line, &settings, &command, &findings, &err);
    if (result == KF_OK && command != KF_COMMAND_RUN && command != KF_COMMAND_CHECK_CONFIG) {
        return print_page(command);
    }
    if (result == KF_OK && command == KF_COMMAND_RUN) {
        result = run(settings, &err);
    }
    kf_settings_destroy(&settings);
    return result == KF_OK ? 0 : complain(&err);
}
