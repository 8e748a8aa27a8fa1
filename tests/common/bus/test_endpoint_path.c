#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/bus/endpoint_path.h"
#include "tests/support/cmocka.h"

static char folder[] = "/tmp/kf-endpoint-XXXXXX";

static int open_folder(void **state)
{
    (void)state;
    memcpy(folder + sizeof folder - 7, "XXXXXX", 6);
    return mkdtemp(folder) ? 0 : -1;
}

static int close_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

/* Readies the endpoint of `name` in the folder; leaves its text in `endpoint`. */
static enum kf_err prepare(const char *name, char *endpoint)
{
    struct kf_error err = {0};
    (void)snprintf(endpoint, 160, "ipc://%s/%s", folder, name);
    enum kf_err code = kf_endpoint_prepare(endpoint, &err);
    assert_int_equal(code, err.code);
    return code;
}

static void endpoints_are_ipc_or_tcp(void **state)
{
    (void)state;
    struct kf_error err = {0};
    assert_int_equal(kf_endpoint_check("ipc:///run/kf/need-0.in", &err), KF_OK);
    assert_int_equal(kf_endpoint_check("tcp://127.0.0.1:5555", &err), KF_OK);
    static const char *const bad[] = {"", "ipc://", "tcp://", "inproc://a", "/run/a", "udp://a:1"};
    assert_int_equal(kf_endpoint_check("ipc://@need", &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "abstract"));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(kf_endpoint_check(bad[i], &err), KF_ERR_CONFIG);
        assert_non_null(strstr(err.text, "ipc://PATH"));
    }
}

static void a_tcp_endpoint_names_host_and_port(void **state)
{
    (void)state;
    struct kf_error err = {0};
    static const char *const good[] = {"tcp://*:5555", "tcp://10.0.0.1:0", "tcp://[::1]:*",
                                       "tcp://need.example:65535"};
    static const char *const bad[] = {"tcp://127.0.0.1", "tcp://:5555", "tcp://127.0.0.1:",
                                      "tcp://a:65536",   "tcp://a:-1",  "tcp://a:55x"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_int_equal(kf_endpoint_check(good[i], &err), KF_OK);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(kf_endpoint_check(bad[i], &err), KF_ERR_CONFIG);
        assert_non_null(strstr(err.text, bad[i]));
        assert_int_equal(kf_endpoints_check(bad[i], &err), KF_ERR_CONFIG);
    }
}

static void nobody_connects_to_any_host_or_any_port(void **state)
{
    (void)state;
    struct kf_error err = {0};
    static const char *const bad[] = {"tcp://*:5555", "tcp://10.0.0.1:0", "tcp://10.0.0.1:*"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(kf_endpoint_check(bad[i], &err), KF_OK);
        assert_int_equal(kf_endpoints_check(bad[i], &err), KF_ERR_CONFIG);
    }
}

static void of_a_list_the_endpoint_that_is_wrong_is_named(void **state)
{
    (void)state;
    struct kf_error err = {0};
    assert_int_equal(kf_endpoints_check("ipc:///run/a.in,tcp://need-1:5555", &err), KF_OK);
    assert_int_equal(kf_endpoints_check("ipc:///run/a.in,need-1:5555,bad", &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "\"need-1:5555\""));
    static const char *const bad[] = {"", ",", "ipc:///run/a.in,", ",ipc:///run/a.in",
                                      "ipc:///a,,ipc:///b"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(kf_endpoints_check(bad[i], &err), KF_ERR_CONFIG);
    }
}

static void a_path_has_at_most_107_bytes(void **state)
{
    (void)state;
    struct kf_error err = {0};
    char endpoint[6 + 108 + 1] = "ipc://";
    memset(endpoint + 6, 'a', 107);
    assert_int_equal(kf_endpoint_check(endpoint, &err), KF_OK);
    endpoint[6 + 107] = 'a';
    assert_int_equal(kf_endpoint_check(endpoint, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "107"));
}

static void an_absent_folder_is_made_for_oneself_alone(void **state)
{
    (void)state;
    char endpoint[160];
    char path[160];
    struct stat info;
    mode_t before = umask(0);
    assert_int_equal(prepare("run/a.in", endpoint), KF_OK);
    (void)umask(before);
    (void)snprintf(path, sizeof path, "%s/run", folder);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 07777, 0700);
    assert_int_equal(kf_endpoint_prepare(endpoint, NULL), KF_OK); /* now it is there */
    assert_int_equal(rmdir(path), 0);
}

static void a_folder_that_others_may_enter_is_refused_with_the_remedy(void **state)
{
    (void)state;
    char endpoint[160];
    struct kf_error err = {0};
    assert_int_equal(chmod(folder, 0710), 0);
    assert_int_equal(prepare("a.in", endpoint), KF_ERR_CONFIG);
    assert_int_equal(kf_endpoint_prepare(endpoint, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "chmod 700"));
    assert_int_equal(chmod(folder, 0700), 0);
    assert_int_equal(prepare("a.in", endpoint), KF_OK);
}

static void every_way_of_being_open_is_refused(void **state)
{
    (void)state;
    static const mode_t open[] = {0701, 0702, 0704, 0710, 0720, 0740, 0755, 0770, 0777, 01777};
    char endpoint[160];
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++) {
        assert_int_equal(chmod(folder, open[i]), 0);
        assert_int_equal(prepare("a.in", endpoint), KF_ERR_CONFIG);
    }
    assert_int_equal(chmod(folder, 0700), 0);
}

static void a_link_of_ones_own_is_followed_to_a_folder_that_is_checked(void **state)
{
    (void)state;
    char endpoint[160];
    char link[160];
    (void)snprintf(link, sizeof link, "%s/link", folder);
    assert_int_equal(symlink("/tmp", link), 0);
    assert_int_equal(prepare("link/a.in", endpoint), KF_ERR_CONFIG);
    assert_int_equal(unlink(link), 0);
    assert_int_equal(symlink(folder, link), 0);
    assert_int_equal(prepare("link/a.in", endpoint), KF_OK);
    assert_int_equal(unlink(link), 0);
}

static void folders_and_links_of_another_user_are_refused(void **state)
{
    (void)state;
    char endpoint[160];
    char link[160];
    if (geteuid() != 0) {
        print_message("not run: giving a folder to another user takes root\n");
        skip();
    }
    (void)snprintf(link, sizeof link, "%s/link", folder);
    assert_int_equal(symlink(folder, link), 0);
    assert_int_equal(lchown(link, 65534, 65534), 0);
    assert_int_equal(prepare("link/a.in", endpoint), KF_ERR_CONFIG);
    assert_int_equal(unlink(link), 0);
    assert_int_equal(chown(folder, 65534, 65534), 0);
    assert_int_equal(prepare("a.in", endpoint), KF_ERR_CONFIG);
    assert_int_equal(chown(folder, 0, 0), 0);
}

static void a_folder_that_everybody_may_replace_is_refused(void **state)
{
    (void)state;
    char endpoint[160];
    char path[160];
    struct kf_error err = {0};
    assert_int_equal(prepare("run/a.in", endpoint), KF_OK);
    assert_int_equal(chmod(folder, 0777), 0);
    assert_int_equal(kf_endpoint_prepare(endpoint, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "may rename"));
    assert_int_equal(chmod(folder, 01777), 0); /* as /tmp is */
    assert_int_equal(kf_endpoint_prepare(endpoint, &err), KF_OK);
    assert_int_equal(chmod(folder, 0700), 0);
    (void)snprintf(path, sizeof path, "%s/run", folder);
    assert_int_equal(rmdir(path), 0);
}

static void the_folder_for_everybody_is_refused(void **state)
{
    (void)state;
    assert_int_equal(kf_endpoint_prepare("ipc:///tmp/a.in", NULL), KF_ERR_CONFIG);
    assert_int_equal(kf_endpoint_prepare("ipc:///a.in", NULL), KF_ERR_CONFIG);
}

static void a_file_in_the_folders_place_is_refused(void **state)
{
    (void)state;
    char endpoint[160];
    char path[160];
    (void)snprintf(path, sizeof path, "%s/file", folder);
    int file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    (void)close(file);
    assert_int_equal(prepare("file/a.in", endpoint), KF_ERR_CONFIG);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(prepare("no/such/a.in", endpoint), KF_ERR_IO);
}

static void a_socket_that_somebody_serves_is_not_taken_a_dead_one_is(void **state)
{
    (void)state;
    char endpoint[160];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s/a.in", folder);
    int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(server, 1), 0);
    assert_int_equal(prepare("a.in", endpoint), KF_ERR_PEER);
    (void)close(server); /* as if killed: the file stays */
    assert_int_equal(prepare("a.in", endpoint), KF_OK);
    assert_int_equal(unlink(address.sun_path), 0);
}

static void tcp_needs_no_preparation(void **state)
{
    (void)state;
    assert_int_equal(kf_endpoint_prepare("tcp://127.0.0.1:1", NULL), KF_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(endpoints_are_ipc_or_tcp),
        cmocka_unit_test(a_tcp_endpoint_names_host_and_port),
        cmocka_unit_test(nobody_connects_to_any_host_or_any_port),
        cmocka_unit_test(of_a_list_the_endpoint_that_is_wrong_is_named),
        cmocka_unit_test(a_path_has_at_most_107_bytes),
        cmocka_unit_test(an_absent_folder_is_made_for_oneself_alone),
        cmocka_unit_test(a_folder_that_others_may_enter_is_refused_with_the_remedy),
        cmocka_unit_test(every_way_of_being_open_is_refused),
        cmocka_unit_test(a_link_of_ones_own_is_followed_to_a_folder_that_is_checked),
        cmocka_unit_test(folders_and_links_of_another_user_are_refused),
        cmocka_unit_test(a_folder_that_everybody_may_replace_is_refused),
        cmocka_unit_test(the_folder_for_everybody_is_refused),
        cmocka_unit_test(a_file_in_the_folders_place_is_refused),
        cmocka_unit_test(a_socket_that_somebody_serves_is_not_taken_a_dead_one_is),
        cmocka_unit_test(tcp_needs_no_preparation),
    };
    return cmocka_run_group_tests(tests, open_folder, close_folder);
}
