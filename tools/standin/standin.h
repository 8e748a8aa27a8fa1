/* The frame of the programs that stand in for others on this machine (the development broker,
 * Statistics Norway's API): options, pages of help, an address printed once clients can connect,
 * and an end on SIGTERM or SIGINT.
 *
 * Exit: 0 told to stop, 1 failed, 2 usage or configuration.
 */
#ifndef KF_TOOLS_STANDIN_H
#define KF_TOOLS_STANDIN_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/base/text.h"
#include "common/service/option.h"

struct kf_standin {
    const char *name; /* "kf-devbroker" */
    const struct kf_option *options;
    size_t options_len;

    /* Appends what --help says before the options. */
    void (*about)(struct kf_text *text);

    /* --check-config: opens nothing for good. NULL: the settings alone are checked. */
    enum kf_err (*check)(const struct kf_settings *settings, struct kf_findings *findings,
                         struct kf_error *err);

    /* Serves until kf_standin_serve comes back. Signals are blocked before it is called, so that
     * threads inherit that. */
    enum kf_err (*run)(const struct kf_settings *settings, struct kf_findings *findings,
                       struct kf_error *err);
};

/* The program; returns its exit code. */
int kf_standin_main(const struct kf_standin *class_, int argc, char **argv);

/* Prints `address` as the only line, writes `port` to the file unless `port_file` is "" (whole,
 * beside it and renamed), and waits until the program is told to stop. */
enum kf_err kf_standin_serve(const char *address, const char *port, const char *port_file,
                             struct kf_error *err);

#endif
