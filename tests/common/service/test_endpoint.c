#include "tests/support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/service/endpoint.h"

static void endpoints_lie_in_the_run_directory(void **state)
{
    (void)state;
    struct kf_text endpoint;
    kf_text_init(&endpoint, 200);
    kf_endpoint_default("/run/kostraflow", "need", 12, "in", &endpoint);
    assert_string_equal(endpoint.bytes, "ipc:///run/kostraflow/need-12.in");
    kf_text_clear(&endpoint);
}

static void the_run_directory_is_the_users_own(void **state)
{
    (void)state;
    char fallback[64];
    (void)snprintf(fallback, sizeof fallback, "/tmp/kostraflow-%lu", (unsigned long)geteuid());
    static const char *const unusable[] = {NULL, "", "relative"};
    for (size_t i = 0; i < 3; i++) {
        struct kf_text path;
        kf_text_init(&path, 200);
        assert_int_equal(unusable[i] ? setenv("XDG_RUNTIME_DIR", unusable[i], 1)
                                     : unsetenv("XDG_RUNTIME_DIR"),
                         0);
        kf_endpoint_run_dir(&path);
        assert_string_equal(path.bytes, fallback);
        kf_text_clear(&path);
    }
    struct kf_text path;
    kf_text_init(&path, 200);
    assert_int_equal(setenv("XDG_RUNTIME_DIR", "/run/user/1", 1), 0);
    kf_endpoint_run_dir(&path);
    assert_string_equal(path.bytes, "/run/user/1/kostraflow");
    kf_text_clear(&path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(endpoints_lie_in_the_run_directory),
        cmocka_unit_test(the_run_directory_is_the_users_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
