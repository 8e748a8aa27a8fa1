#include "tools/devbroker/devbroker.h"
#include "tools/standin/standin.h"

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

static void add_about(struct kf_text *text)
{
    kf_text_add(text, about);
}

static const char *port_of(const char *address)
{
    const char *port = address;

    for (const char *at = address; *at != '\0'; at++) {
        port = *at == ':' ? at + 1 : port;
    }
    return port;
}

static enum kf_err run(const struct kf_settings *settings, struct kf_findings *findings,
                       struct kf_error *err)
{
    struct kf_devbroker *broker = NULL;
    (void)findings;

    enum kf_err result = kf_devbroker_start((uint16_t)kf_settings_number(settings, "port"),
                                            kf_settings_text(settings, "topics"), &broker, err);
    if (result == KF_OK) {
        const char *address = kf_devbroker_address(broker);
        result = kf_standin_serve(address, port_of(address),
                                  kf_settings_text(settings, "port-file"), err);
    }
    kf_devbroker_destroy(&broker);
    return result;
}

int main(int argc, char **argv)
{
    static const struct kf_standin devbroker = {.name = "kf-devbroker",
                                                .options = options,
                                                .options_len = sizeof options / sizeof options[0],
                                                .about = add_about,
                                                .run = run};
    return kf_standin_main(&devbroker, argc, argv);
}
