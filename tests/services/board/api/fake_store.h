/* A store for tests: what stands in its lists is what it shows. Takes the place of the real one
 * when a test is linked. */
#ifndef KF_TESTS_FAKE_STORE_H
#define KF_TESTS_FAKE_STORE_H

#include "services/board/store/follower.h"
#include "services/board/store/store.h"

#define FAKE_MAX            32
#define FAKE_INCOMPLETE_MAX 2000

struct kf_board_store {
    struct kf_board_panel panels[FAKE_MAX];
    size_t panels_len;
    struct kf_record_row rows[FAKE_MAX]; /* ascending, as the real one has them */
    size_t rows_len;
    struct kf_board_release releases[FAKE_MAX]; /* newest first */
    size_t releases_len;
    struct kf_board_incomplete incomplete[FAKE_INCOMPLETE_MAX];
    size_t incomplete_len;
    uint64_t changes;
    enum kf_err fails; /* what every call returns; KF_OK to begin with */
};

/* Adds a panel without rows. */
void fake_panel(struct kf_board_store *self, const char *edition, int year, const char *release);

/* Adds a row to the newest panel, which counts it; texts live as long as the store. */
struct kf_record_row *fake_row(struct kf_board_store *self, enum kf_topic topic,
                               const char *municipality, const char *sector, const char *indicator);

/* Gives a row a measure. */
void fake_value(struct kf_record_row *row, const char *measure, double value);

#endif
