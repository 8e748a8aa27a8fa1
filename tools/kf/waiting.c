#include "tools/kf/waiting.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "services/ingest/ledger/ledger.h"
#include "services/ingest/places.h"

static enum kf_err count_open(struct kf_ledger *ledger, uint64_t *releases, struct kf_error *err)
{
    struct kf_ledger_totals totals;
    enum kf_err code = kf_ledger_totals(ledger, &totals, err);
    if (code == KF_OK) {
        *releases = totals.releases[KF_LEDGER_COMPLETE] + totals.releases[KF_LEDGER_SENT];
    }
    return code;
}

enum kf_err kf_waiting_count(const char *state_dir, uint64_t *releases, struct kf_error *err)
{
    char path[KF_DISK_PATH_MAX];
    struct kf_ledger *ledger = NULL;
    enum kf_err code = kf_disk_join(state_dir, KF_PLACES_LEDGER, path, err);
    if (code == KF_OK && access(path, F_OK) != 0) {
        *releases = 0;
        return KF_OK;
    }
    if (code == KF_OK) {
        code = kf_ledger_open_readonly(path, &ledger, err);
    }
    if (code == KF_OK) {
        code = count_open(ledger, releases, err);
    }
    kf_ledger_close(&ledger);
    return code;
}

void kf_waiting_print(uint64_t releases, struct kf_text *text)
{
    if (releases == 0) {
        kf_text_add(text, "nothing was left undelivered");
    } else if (releases == 1) {
        kf_text_add(text, "1 release waits in the ledger; it goes on at the next start");
    } else {
        kf_text_add_format(text,
                           "%" PRIu64 " releases wait in the ledger; they go on at the next start",
                           releases);
    }
}
