/* The process of a browser: started without a window, a network or a user's settings, and spoken to
 * over one socket, which it has as descriptors 3 and 4 (--remote-debugging-pipe). All it writes,
 * what it complains about included, lies in one folder of its owner's. */
#ifndef KF_TOOLS_BROWSER_PROCESS_H
#define KF_TOOLS_BROWSER_PROCESS_H

#include <sys/types.h>

#include "common/base/error.h"
#include "common/base/text.h"

struct kf_browser_process {
    pid_t pid;   /* it leads a group of its own; 0: there is none */
    int channel; /* to speak to it; not blocking */
};

/* Starts `program` with `folder` as its home, profile and place for temporary files. Its sandbox is
 * on, save for root, whom Chromium would refuse. KF_ERR_IO when the system has no room. A program
 * that cannot be run ends at once: then the channel does, too. */
enum kf_err kf_browser_process_start(const char *program, const char *folder,
                                     struct kf_browser_process *process, struct kf_error *err);

/* Ends it and all its children, and waits for their end; closes the channel. None is fine. */
void kf_browser_process_stop(struct kf_browser_process *process);

/* Appends the last lines of what it complained about into `folder`, in one line; or nothing. */
void kf_browser_process_complaint(const char *folder, struct kf_text *text);

#endif
