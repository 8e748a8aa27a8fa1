/* The processes of a pipeline as they live and die: one place for each, its newest process, its
 * log. Starts and signals; when to do either is the supervisor's to decide.
 */
#ifndef KF_TOOLS_ROSTER_H
#define KF_TOOLS_ROSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "tools/kf/child.h"
#include "tools/kf/fleet.h"
#include "tools/kf/restart.h"

#define KF_ROSTER_PATH_MAX 4096

struct kf_roster_place {
    struct kf_fleet_process process;
    char name[32]; /* "need-0", "devbroker": of its log too */
    struct kf_child child;
    bool running;
    bool wanted;      /* to be started at start_ms */
    int64_t start_ms; /* when it is to be, or was, started */
    struct kf_restart restart;
};

struct kf_roster {
    const char *program_dir; /* where kf-ingest … lie */
    const char *log_dir;     /* one file for each process */
    struct kf_roster_place places[KF_FLEET_PROCESSES_MAX];
    size_t length;
};

/* A place for every process of the fleet, all wanted at once; the broker's first when there is one,
 * the board's last.
 * NULL when there is no memory. Folders are borrowed. */
struct kf_roster *kf_roster_new(const struct kf_fleet *fleet, bool broker, const char *program_dir,
                                const char *log_dir);

/* Kills what still runs, waits for its end and frees. */
void kf_roster_destroy(struct kf_roster **self);

/* Starts the place's process. On failure the place is as before. */
enum kf_err kf_roster_start(struct kf_roster *self, struct kf_roster_place *place,
                            const struct kf_fleet *fleet, const char *bootstrap_servers,
                            struct kf_error *err);

/* Sends a signal (0: none) to every running process of `stage`, or of all for KF_FLEET_PROGRAMS;
 * returns how many run. */
size_t kf_roster_signal(const struct kf_roster *self, enum kf_fleet_stage stage, int signal_);

/* True when the place's process has ended since it was last asked; `status` is waitpid's. */
bool kf_roster_has_ended(struct kf_roster_place *place, int *status);

/* Closes the descriptor that the process's output came through, if it is open. */
void kf_roster_close_output(struct kf_roster_place *place);

/* Appends the name of the place's log and the last lines that its newest process wrote there. */
void kf_roster_tail(const struct kf_roster *self, const struct kf_roster_place *place,
                    struct kf_text *text);

#endif
