/* The options of a service that speaks to Kafka: where it is, what the topics are called, what the
 * operator has to say to the library. Three entries of a table of options. */
#ifndef KF_SERVICE_BROKER_OPTIONS_H
#define KF_SERVICE_BROKER_OPTIONS_H

#include "common/service/option.h"

#define KF_BROKER_OPTIONS                                                                          \
    {.name = "bootstrap-servers",                                                                  \
     .type = KF_OPTION_TEXT,                                                                       \
     .initial = "127.0.0.1:9092",                                                                  \
     .help = "Kafka brokers to begin with: HOST:PORT, joined by commas."},                         \
        {.name = "topic-prefix",                                                                   \
         .type = KF_OPTION_TEXT,                                                                   \
         .initial = "kostra",                                                                      \
         .help = "What the names of the topics begin with: PREFIX.index.v1 and so on."},           \
    {                                                                                              \
        .name = "kafka-config", .type = KF_OPTION_TEXT, .initial = "",                             \
        .help = "File of key=value lines handed on to librdkafka, for security above all. Its "    \
                "values are never logged."                                                         \
    }

#endif
