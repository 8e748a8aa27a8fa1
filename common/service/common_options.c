/* The options that every service has. */
#include "common/service/service.h"

#define GROUP "Options of all services"

static const struct kf_option common_options[] = {
    {.name = "config",
     .type = KF_OPTION_TEXT,
     .initial = "",
     .help = "Settings file (YAML): one \"option: value\" a line.",
     .group = GROUP},
    {.name = "run-dir",
     .type = KF_OPTION_TEXT,
     .initial = "",
     .help = "Folder of sockets and locks, readable by its owner alone. When empty: "
             "$XDG_RUNTIME_DIR/kostraflow, or /tmp/kostraflow-UID.",
     .group = GROUP},
    {.name = "instance",
     .type = KF_OPTION_WHOLE,
     .initial = "0",
     .minimum = 0,
     .maximum = 999,
     .help = "Number of this instance, when several of one service run.",
     .group = GROUP},
    {.name = "log-level",
     .type = KF_OPTION_CHOICE,
     .initial = "info",
     .choices = "error|warn|info|debug",
     .help = "Lowest level that is logged.",
     .group = GROUP},
    {.name = "http-address",
     .type = KF_OPTION_ADDRESS,
     .initial = "127.0.0.1",
     .help = "Numeric address for HTTP: /metrics, /healthz, /readyz, and a service's own pages.",
     .group = GROUP},
    {.name = "http-port",
     .type = KF_OPTION_WHOLE,
     .initial = "0",
     .minimum = -1,
     .maximum = 65535,
     .choices = "off",
     .help = "Port for HTTP: /metrics, /healthz, /readyz, and a service's own pages; 0: the system "
             "chooses, see the log and RUN_DIR/SERVICE-INSTANCE.http.",
     .group = GROUP},
    {.name = "status",
     .type = KF_OPTION_ENDPOINT,
     .initial = "",
     .choices = "off",
     .help = "Endpoint of the status beats; off: none. When empty: "
             "ipc://RUN_DIR/SERVICE-INSTANCE.status.",
     .group = GROUP},
    {.name = "keys",
     .type = KF_OPTION_TEXT,
     .initial = "",
     .help = "Folder of keys that close tcp endpoints: SERVICE.key and peers, as `kf keys new` "
             "makes them.",
     .group = GROUP},
    {.name = "insecure-tcp",
     .type = KF_OPTION_FLAG,
     .initial = "false",
     .help = "Allow tcp endpoints without keys: whoever reaches them is let in.",
     .group = GROUP},
    {.name = "drain-timeout",
     .type = KF_OPTION_DURATION_MS,
     .initial = "10s",
     .minimum = 0,
     .maximum = 600000,
     .help = "After the first signal, how long to go on delivering what is inside.",
     .group = GROUP},
    {.name = "stall-limit",
     .type = KF_OPTION_DURATION_MS,
     .initial = "10s",
     .minimum = 2000,
     .maximum = 3600000,
     .help = "/healthz says 503 when the work loop has not turned for so long.",
     .group = GROUP},
};

const struct kf_option *kf_service_common_options(size_t *count)
{
    *count = sizeof common_options / sizeof common_options[0];
    return common_options;
}
