#include "tests/support/cmocka.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/service/renew.h"

#define LEAKED 77 /* a descriptor that nobody closed */

/* The second life: the same process id, the arguments as they were, nothing left open. */
static int second_life(char **argv)
{
    char pid[32];
    (void)snprintf(pid, sizeof pid, "%ld", (long)getpid());
    bool same = strcmp(argv[2], pid) == 0 && strcmp(argv[3], "with a space") == 0;
    return same && fcntl(LEAKED, F_GETFD) < 0 ? 42 : 1;
}

static void first_life(void)
{
    char pid[32];
    char *argv[] = {"renewed", "second-life", pid, "with a space", NULL};
    (void)snprintf(pid, sizeof pid, "%ld", (long)getpid());
    if (dup2(STDERR_FILENO, LEAKED) == LEAKED) {
        (void)kf_renew(argv, NULL);
    }
    _exit(1);
}

static void a_process_becomes_its_program_anew(void **state)
{
    (void)state;
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        first_life();
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 42);
}

int main(int argc, char **argv)
{
    if (argc > 3 && strcmp(argv[1], "second-life") == 0) {
        return second_life(argv);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_process_becomes_its_program_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
