#include "tools/kf/board_watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/cmocka.h"

static char folder[] = "/tmp/kf-test-board-XXXXXX";
static char port_file[64];
static struct kf_fleet fleet;
static struct kf_board_watch board;

static int set_up(void **state)
{
    (void)state;
    memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
    if (!mkdtemp(folder)) {
        return -1;
    }
    (void)snprintf(port_file, sizeof port_file, "%s/board-0.http", folder);
    fleet = (struct kf_fleet){.run_dir = folder, .board_port = "0"};
    kf_board_watch_init(&board, &fleet);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    (void)unlink(port_file);
    return rmdir(folder);
}

static void tell_port(const char *text)
{
    FILE *file = fopen(port_file, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static bool beats(const char *service, int64_t pid)
{
    struct kf_status beat = {.pid = pid, .state = KF_SERVICE_WAITING};
    (void)snprintf(beat.service, sizeof beat.service, "%s", service);
    return kf_board_watch_beat(&board, &beat);
}

static void its_page_is_known_when_it_beats_and_tells_its_port(void **state)
{
    (void)state;
    kf_board_watch_started(&board, 7);
    assert_true(kf_board_watch_is_awaited(&board));
    assert_false(beats("board", 7)); /* it listens nowhere yet */
    tell_port("8081\n");
    assert_true(beats("board", 7));
    assert_string_equal(board.page, "http://127.0.0.1:8081/");
    assert_string_equal(board.port, "8081"); /* it keeps the port when it is started again */
    assert_false(kf_board_watch_is_awaited(&board));
    assert_false(beats("board", 7)); /* told once */
}

static void nobody_elses_beat_says_anything_about_it(void **state)
{
    (void)state;
    tell_port("8081\n");
    assert_false(beats("board", 0)); /* none was started */
    kf_board_watch_started(&board, 7);
    assert_false(beats("need", 7));
    assert_false(beats("board", 6)); /* its forerunner's */
    assert_true(beats("board", 7));
}

static void a_board_that_failed_is_not_awaited_and_is_told_again_when_it_is_back(void **state)
{
    (void)state;
    tell_port("8081\n");
    kf_board_watch_started(&board, 7);
    kf_board_watch_ended(&board);
    assert_false(kf_board_watch_is_awaited(&board));
    assert_string_equal(board.page, "");
    assert_false(beats("board", 7)); /* its last one */
    kf_board_watch_started(&board, 8);
    assert_false(kf_board_watch_is_awaited(&board));
    assert_true(beats("board", 8));
    assert_string_equal(board.page, "http://127.0.0.1:8081/");
}

static void without_a_board_nothing_is_awaited_and_nobody_heard(void **state)
{
    (void)state;
    struct kf_text endpoints;
    kf_text_init(&endpoints, 256);
    fleet.board_port = NULL;
    kf_board_watch_init(&board, &fleet);
    assert_false(kf_board_watch_is_awaited(&board));
    kf_board_watch_add_endpoint(&board, &endpoints);
    assert_string_equal(endpoints.bytes, "");
    fleet = (struct kf_fleet){.run_dir = "/r", .board_port = "9467"};
    kf_board_watch_add_endpoint(&board, &endpoints);
    assert_string_equal(endpoints.bytes, ",ipc:///r/board-0.status");
    kf_text_clear(&endpoints);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(its_page_is_known_when_it_beats_and_tells_its_port, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(nobody_elses_beat_says_anything_about_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            a_board_that_failed_is_not_awaited_and_is_told_again_when_it_is_back, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(without_a_board_nothing_is_awaited_and_nobody_heard, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
