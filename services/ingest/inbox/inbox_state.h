/* What an inbox knows. Internal to the inbox. */
#ifndef KF_INGEST_INBOX_STATE_H
#define KF_INGEST_INBOX_STATE_H

#include "services/ingest/inbox/inbox.h"

struct kf_inbox_entry {
    char *name;
    uint64_t signature;
    int64_t ready_ms; /* when it will have settled */
    bool writing;     /* created and not closed yet, as far as the system told */
    bool seen;        /* in this scan */
};

struct kf_inbox {
    char inbox[KF_DISK_PATH_MAX];
    char done[KF_DISK_PATH_MAX];
    char rejected[KF_DISK_PATH_MAX];
    int64_t settle_ms;
    int64_t rescan_ms;
    int events;                                          /* inotify, or -1 */
    int watch;                                           /* or -1 */
    struct kf_inbox_entry entries[KF_INBOX_ENTRIES_MAX]; /* ascending by name */
    size_t entries_len;
    bool dirty;   /* something may have happened that the entries do not know of */
    bool crowded; /* the last scan, or an event since, found more than has room */
    int64_t next_scan_ms;
};

#endif
