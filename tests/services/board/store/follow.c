/* The board's store alone, for tests with a real Kafka: reads the topics into a file and says what
 * came of it.
 *
 *     kf-board-follow SERVERS PREFIX FILE          reads to the end and prints the state
 *     kf-board-follow SERVERS PREFIX FILE follow   goes on until it is killed; a line for each
 * change kf-board-follow - - FILE                     prints the state of the file
 *
 * The state is one JSON object a line: what is shown, releases, what lacks, totals, digest.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "services/board/store/follower.h"

#define SILENCE_MS 20000
#define WAIT_MS    100

static enum kf_err print_panel(void *context, const struct kf_board_panel *panel,
                               struct kf_error *err)
{
    (void)context;
    (void)err;
    printf("{\"shown\":\"%s/%d\",\"release\":\"%s\",\"municipalities\":%" PRIu32 ",\"rows\":{",
           panel->edition, panel->year, panel->release, panel->municipalities);
    const char *comma = "";
    for (int topic = 1; topic < KF_TOPICS; topic++) {
        if (panel->rows[topic] > 0) {
            printf("%s\"%s\":%" PRIu64, comma, kf_topic_name((enum kf_topic)topic),
                   panel->rows[topic]);
            comma = ",";
        }
    }
    printf("}}\n");
    return KF_OK;
}

static void print_moved(const struct kf_board_moved *moved)
{
    printf(",\"before\":\"%s\",\"figures\":%" PRIu64 ",\"changed\":%" PRIu64 ",\"added\":%" PRIu64
           ",\"removed\":%" PRIu64 ",\"largest\":%zu",
           moved->before, moved->figures, moved->changed, moved->added, moved->removed,
           moved->largest_len);
}

static enum kf_err print_release(void *context, const struct kf_board_release *release,
                                 struct kf_error *err)
{
    (void)context;
    (void)err;
    for (size_t i = 0; i < release->panels_len; i++) {
        const struct kf_board_release_panel *panel = &release->panels[i];
        printf("{\"panel\":\"%s/%d\",\"release\":\"%s\",\"state\":\"%s\",\"reason\":\"%s\"",
               panel->edition, panel->year, release->id, kf_board_panel_state_name(panel->state),
               panel->reason);
        if (panel->has_moved) {
            print_moved(&panel->moved);
        }
        printf("}\n");
    }
    return KF_OK;
}

static enum kf_err print_incomplete(void *context, const struct kf_board_incomplete *incomplete,
                                    struct kf_error *err)
{
    (void)context;
    (void)err;
    printf("{\"incomplete\":\"%s/%d\",\"release\":\"%s\",\"reason\":\"%s\"}\n", incomplete->edition,
           incomplete->year, incomplete->release, incomplete->reason);
    return KF_OK;
}

static enum kf_err print_state(struct kf_board_store *store, struct kf_error *err)
{
    struct kf_board_totals totals;
    char digest[KF_DIGEST_SIZE] = "";
    enum kf_err code = kf_board_store_panels(store, "", print_panel, NULL, err);
    if (code == KF_OK) {
        code = kf_board_store_releases(store, 1000, print_release, NULL, err);
    }
    if (code == KF_OK) {
        code = kf_board_store_incomplete(store, print_incomplete, NULL, err);
    }
    if (code == KF_OK) {
        code = kf_board_store_digest(store, digest, err);
    }
    if (code == KF_OK) {
        code = kf_board_store_totals(store, &totals, err);
    }
    if (code == KF_OK) {
        printf("{\"digest\":\"%s\",\"rows\":%" PRIu64 ",\"staged\":%" PRIu64
               ",\"newest\":\"%s\"}\n",
               digest, totals.rows, totals.staged, totals.release);
    }
    return code;
}

static enum kf_err follow(struct kf_board_follower *follower, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    while (code == KF_OK) {
        struct kf_board_progress progress;
        code = kf_board_follower_poll(follower, WAIT_MS, &progress, err);
        if (code == KF_OK && (progress.changed || progress.busy)) {
            printf("{\"state\":\"%s\",\"read\":%" PRIu64 ",\"refused\":%" PRIu64 "}\n",
                   kf_board_follower_state_name(progress.state), progress.read, progress.refused);
            (void)fflush(stdout);
        }
    }
    return code;
}

static enum kf_err read_topics(struct kf_board_store *store, char *const *arguments, bool on,
                               struct kf_error *err)
{
    const struct kf_board_follower_options options = {.bootstrap_servers = arguments[1],
                                                      .topic_prefix = arguments[2],
                                                      .client_id = "kf-board-follow"};
    struct kf_board_follower *follower = NULL;
    enum kf_err code = kf_board_follower_new(store, &options, &follower, err);
    if (code == KF_OK) {
        code = on ? follow(follower, err)
                  : kf_board_follower_run(follower, SILENCE_MS, NULL, NULL, err);
    }
    kf_board_follower_destroy(&follower);
    return code;
}

int main(int count, char **arguments)
{
    struct kf_board_store *store = NULL;
    struct kf_error err = {0};
    if (count < 4) {
        return 2;
    }
    enum kf_err code = kf_board_store_open(arguments[3], &store, &err);
    if (code == KF_OK && strcmp(arguments[1], "-") != 0) {
        code = read_topics(store, arguments, count > 4, &err);
    }
    if (code == KF_OK) {
        code = print_state(store, &err);
    }
    kf_board_store_destroy(&store);
    if (code != KF_OK) {
        fprintf(stderr, "%s\n", err.text);
    }
    return code == KF_OK ? 0 : 1;
}
