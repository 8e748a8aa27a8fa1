#include "tools/kf/board_watch.h"

#include <stdio.h>

#include "common/service/endpoint.h"
#include "tools/kf/port.h"

void kf_board_watch_init(struct kf_board_watch *self, const struct kf_fleet *fleet)
{
    *self = (struct kf_board_watch){.fleet = fleet};
    (void)snprintf(self->port, sizeof self->port, "%s", fleet->board_port ? fleet->board_port : "");
}

void kf_board_watch_started(struct kf_board_watch *self, pid_t pid)
{
    self->pid = pid;
    self->page[0] = '\0';
}

void kf_board_watch_ended(struct kf_board_watch *self)
{
    self->pid = 0;
    self->failed = true;
    self->page[0] = '\0';
}

bool kf_board_watch_beat(struct kf_board_watch *self, const struct kf_status *beat)
{
    bool own = self->pid > 0 && beat->pid == self->pid &&
               kf_text_equal(beat->service, kf_fleet_name(KF_FLEET_BOARD));
    if (!own || self->page[0] != '\0') {
        return false;
    }
    unsigned port = kf_port_read(self->fleet->run_dir, "board-0");
    if (port == 0) { /* not yet */
        return false;
    }
    (void)snprintf(self->port, sizeof self->port, "%u", port);
    (void)snprintf(self->page, sizeof self->page, "http://127.0.0.1:%u/", port);
    return true;
}

bool kf_board_watch_is_awaited(const struct kf_board_watch *self)
{
    return self->fleet->board_port && !self->failed && self->page[0] == '\0';
}

void kf_board_watch_add_endpoint(const struct kf_board_watch *self, struct kf_text *endpoints)
{
    if (self->fleet->board_port) {
        kf_text_add_char(endpoints, ',');
        kf_endpoint_default(self->fleet->run_dir, kf_fleet_name(KF_FLEET_BOARD), 0, "status",
                            endpoints);
    }
}
