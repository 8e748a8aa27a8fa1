#include "common/bus/endpoint_path.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/base/text.h"
#include "common/bus/socket.h"

#define PORT_MAX 65535

static const char ipc_scheme[] = "ipc://";
static const char tcp_scheme[] = "tcp://";

_Static_assert(sizeof((struct sockaddr_un *)0)->sun_path == KF_IPC_PATH_MAX + 1, "");

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static const char *path_of(const char *endpoint)
{
    return starts_with(endpoint, ipc_scheme) ? endpoint + strlen(ipc_scheme) : NULL;
}

bool kf_endpoint_is_tcp(const char *endpoint)
{
    return starts_with(endpoint, tcp_scheme);
}

/* True for HOST:PORT. Whoever binds may leave either open, with a *, or 0 for the port. */
static bool is_tcp_address(const char *address, bool binding)
{
    const char *colon = strrchr(address, ':');
    unsigned long port = 0;
    if (!colon || colon == address) {
        return false;
    }
    if (binding && strcmp(colon + 1, "*") == 0) {
        return true;
    }
    return kf_text_to_unsigned(colon + 1, strlen(colon + 1), PORT_MAX, &port) &&
           (binding || (port > 0 && !starts_with(address, "*:")));
}

static enum kf_err check(const char *endpoint, bool binding, struct kf_error *err)
{
    const char *path = path_of(endpoint);
    if (starts_with(endpoint, tcp_scheme) &&
        is_tcp_address(endpoint + strlen(tcp_scheme), binding)) {
        return KF_OK;
    }
    if (path && path[0] == '@') {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "endpoint \"%.200s\" is an abstract socket, which no folder protects; "
                            "write ipc:///FOLDER/NAME",
                            endpoint);
    }
    if (!path || !path[0]) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "endpoint \"%.200s\" is neither ipc://PATH nor tcp://HOST:PORT",
                            endpoint);
    }
    if (strlen(path) > KF_IPC_PATH_MAX) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "endpoint \"%.200s\": the path has %zu bytes, the system allows %d; "
                            "choose a shorter folder",
                            endpoint, strlen(path), KF_IPC_PATH_MAX);
    }
    return KF_OK;
}

enum kf_err kf_endpoint_check(const char *endpoint, struct kf_error *err)
{
    return check(endpoint, true, err);
}

enum kf_err kf_endpoints_check(const char *endpoints, struct kf_error *err)
{
    char list[KF_ENDPOINTS_BYTES_MAX + 1];
    enum kf_err code = KF_OK;
    size_t count = 0;
    if (strlen(endpoints) >= sizeof list) {
        return kf_error_set(err, KF_ERR_CONFIG, "endpoints of %zu bytes, at most %d are allowed",
                            strlen(endpoints), KF_ENDPOINTS_BYTES_MAX);
    }
    memcpy(list, endpoints, strlen(endpoints) + 1);
    for (char *endpoint = list; endpoint && code == KF_OK; count++) {
        char *comma = strchr(endpoint, ',');
        if (comma) {
            *comma = '\0';
        }
        if (count == KF_ENDPOINTS_MAX) {
            return kf_error_set(err, KF_ERR_CONFIG, "more than %d endpoints", KF_ENDPOINTS_MAX);
        }
        code = check(endpoint, false, err);
        endpoint = comma ? comma + 1 : NULL;
    }
    return code;
}

/* The folder of `path`, "." when it names none. */
static void folder_of(const char *path, char folder[KF_IPC_PATH_MAX + 1])
{
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 0;
    memcpy(folder, path, length);
    folder[length] = '\0';
    if (length == 0) {
        memcpy(folder, slash ? "/" : ".", 2);
    }
}

/* Whoever may replace the folder by another could have us talk to his own socket: the owner of a
 * link, and everybody where the parent folder is open and not sticky. */
static enum kf_err check_way(const char *folder, struct kf_error *err)
{
    struct stat info;
    char parent[KF_IPC_PATH_MAX + 1];
    if (lstat(folder, &info) == 0 && S_ISLNK(info.st_mode) && info.st_uid != geteuid() &&
        info.st_uid != 0) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "folder %s of an ipc endpoint is another user's link; choose a folder "
                            "of your own",
                            folder);
    }
    folder_of(folder, parent);
    if (stat(parent, &info) == 0 && (info.st_mode & S_IWOTH) && !(info.st_mode & S_ISVTX)) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "folder %s of an ipc endpoint lies in %s, where everybody may rename "
                            "it; run: chmod +t %s",
                            folder, parent, parent);
    }
    return KF_OK;
}

static enum kf_err check_folder(const char *folder, struct kf_error *err)
{
    struct stat info;
    if (check_way(folder, err) != KF_OK) {
        return KF_ERR_CONFIG;
    }
    if (stat(folder, &info) != 0) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "folder %s of an ipc endpoint", folder);
    }
    if (!S_ISDIR(info.st_mode)) {
        return kf_error_set(err, KF_ERR_CONFIG, "%s is no folder for an ipc endpoint", folder);
    }
    if (info.st_uid != geteuid()) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "folder %s of an ipc endpoint belongs to another user; choose one of "
                            "your own",
                            folder);
    }
    if (info.st_mode & (S_IRWXG | S_IRWXO)) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "folder %s of an ipc endpoint is open to others (mode %03o); run: "
                            "chmod 700 %s",
                            folder, (unsigned)(info.st_mode & 07777), folder);
    }
    return KF_OK;
}

static enum kf_err prepare_folder(const char *folder, struct kf_error *err)
{
    if (mkdir(folder, S_IRWXU) != 0 && errno != EEXIST) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "cannot make the folder %s", folder);
    }
    return check_folder(folder, err);
}

/* libzmq removes whatever stands at the path before it binds, so a second process would silently
 * take the first one's place: ask whether somebody answers. */
static bool is_served(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, path, strlen(path) + 1);
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) {
        return false;
    }
    bool served = connect(descriptor, (const struct sockaddr *)&address, sizeof address) == 0 ||
                  errno == EAGAIN;
    (void)close(descriptor);
    return served;
}

enum kf_err kf_endpoint_prepare(const char *endpoint, struct kf_error *err)
{
    const char *path = path_of(endpoint);
    if (!path) {
        return KF_OK;
    }
    char folder[KF_IPC_PATH_MAX + 1];
    folder_of(path, folder);
    enum kf_err code = prepare_folder(folder, err);
    if (!code && is_served(path)) {
        return kf_error_set(err, KF_ERR_PEER, "endpoint %s is served by another process", endpoint);
    }
    return code;
}
