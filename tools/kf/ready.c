/* kf ready: asks the services of a run directory whether they are ready; for probes of containers
 * and for people. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "common/service/endpoint.h"
#include "tools/kf/command.h"
#include "tools/kf/port.h"

#define PATH_BYTES_MAX    4096
#define PROCESS_BYTES_MAX 64
#define ANSWER_MAX        8192
#define PATIENCE_S        5

static const struct kf_argument options[] = {
    {"run-dir", KF_ARGUMENT_ONE, "DIR", NULL, false,
     "where the services' ports are told [$KF_RUN_DIR, $XDG_RUNTIME_DIR/kostraflow or "
     "/tmp/kostraflow-UID]"},
    {"address", KF_ARGUMENT_ONE, "ADDRESS", "127.0.0.1", false,
     "numeric IPv4 address that the services listen on"},
    {"live", KF_ARGUMENT_FLAG, NULL, NULL, false,
     "ask whether the work loop turns (/healthz) instead of whether it can work (/readyz)"},
};

static int run(const struct kf_arguments *arguments);

const struct kf_command_class kf_command_ready = {
    .name = "ready",
    .usage = "SERVICE[-INSTANCE]… [--run-dir DIR] [--live]",
    .purpose = "ask running services whether they are ready; for probes",
    .help =
        "Prints a line for each service: what its /readyz page says, or its /healthz page with\n"
        "--live. Exit code 0 when all are ready, else 1.\n\n"
        "Examples:\n"
        "  kf ready publish\n"
        "  kf ready need-0 need-1 --live --run-dir /run/kostraflow",
    .arguments = options,
    .arguments_len = sizeof options / sizeof options[0],
    .words = true,
    .run = run,
};

static int connect_to(const char *address, uint16_t port)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct timeval patience = {.tv_sec = PATIENCE_S};
    if (inet_pton(AF_INET, address, &to.sin_addr) != 1) {
        return -1;
    }
    int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection < 0 ||
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0 ||
        setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) != 0 ||
        connect(connection, (const struct sockaddr *)&to, sizeof to) != 0) {
        (void)close(connection);
        return -1;
    }
    return connection;
}

/* The whole answer as text; false when none comes in time. */
static bool ask(int connection, const char *page, char answer[ANSWER_MAX])
{
    char question[96];
    size_t length = 0;
    ssize_t got = 1;
    int asked =
        snprintf(question, sizeof question, "GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n", page);
    if (send(connection, question, (size_t)asked, MSG_NOSIGNAL) != asked) {
        return false;
    }
    while (got > 0 && length < ANSWER_MAX - 1) {
        got = recv(connection, answer + length, ANSWER_MAX - 1 - length, 0);
        length += got > 0 ? (size_t)got : 0;
    }
    answer[length] = '\0';
    return got >= 0 && length > 0;
}

/* Of "need" it is that of need-0. */
static uint16_t told_port(const char *run_dir, const char *service)
{
    char process[PROCESS_BYTES_MAX];
    (void)snprintf(process, sizeof process, "%s%s", service, strchr(service, '-') ? "" : "-0");
    return kf_port_read(run_dir, process);
}

static bool is_ready(const struct kf_arguments *arguments, const char *run_dir, const char *service)
{
    char answer[ANSWER_MAX];
    const char *page = kf_arguments_flag(arguments, "live") ? "/healthz" : "/readyz";
    uint16_t port = told_port(run_dir, service);
    int connection = port > 0 ? connect_to(kf_arguments_one(arguments, "address"), port) : -1;
    bool answered = connection >= 0 && ask(connection, page, answer);
    if (connection >= 0) {
        (void)close(connection);
    }
    if (!answered) {
        (void)printf("%s: does not answer (%s)\n", service,
                     port > 0 ? "its port does not" : "it tells no port; does it run?");
        return false;
    }
    const char *body = strstr(answer, "\r\n\r\n");
    body = body ? body + 4 : "";
    (void)printf("%s: %.*s\n", service, (int)strcspn(body, "\n"), body);
    const char *code = strchr(answer, ' ');
    return code && strncmp(code, " 200 ", 5) == 0;
}

static int run(const struct kf_arguments *arguments)
{
    struct kf_text run_dir;
    const char *const *services = NULL;
    size_t count = kf_arguments_many(arguments, "", &services);
    const char *given = kf_arguments_one(arguments, "run-dir");
    if (count == 0) {
        (void)fprintf(stderr, "kf ready: name a service, such as publish\n");
        return KF_EXIT_USAGE;
    }
    kf_text_init(&run_dir, PATH_BYTES_MAX);
    given = given ? given : getenv("KF_RUN_DIR");
    if (!given) {
        kf_endpoint_run_dir(&run_dir);
        given = run_dir.bytes;
    }
    size_t ready = 0;
    for (size_t i = 0; i < count; i++) {
        ready += is_ready(arguments, given, services[i]) ? 1 : 0;
    }
    kf_text_clear(&run_dir);
    return ready == count ? KF_EXIT_OK : KF_EXIT_FAILED;
}
