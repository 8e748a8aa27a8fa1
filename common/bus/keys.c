#include "common/bus/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include "common/base/secret.h"

#define SPACES " \t\r"
#define Z85                                                                                        \
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"                               \
    ".-:+=^!/*?&<>()[]{}@%$#"
#define KEY_LEN (KF_KEY_SIZE - 1)
#define REMAKE  "copy the file again from where `kf keys new` made it"

static const char *const names[KF_ROLES] = {
    [KF_ROLE_INGEST] = "ingest",         [KF_ROLE_NEED] = "need",
    [KF_ROLE_NORMALIZE] = "normalize",   [KF_ROLE_AGGREGATE] = "aggregate",
    [KF_ROLE_EFFICIENCY] = "efficiency", [KF_ROLE_PUBLISH] = "publish",
    [KF_ROLE_WATCHER] = "watcher",
};

const char *kf_role_name(enum kf_role role)
{
    return role < KF_ROLES ? names[role] : "unknown";
}

bool kf_role_parse(const char *name, enum kf_role *role)
{
    for (size_t i = 0; i < KF_ROLES; i++) {
        if (strcmp(names[i], name) == 0) {
            *role = (enum kf_role)i;
            return true;
        }
    }
    return false;
}

void kf_keys_wipe(struct kf_keys *self)
{
    kf_wipe(self, sizeof *self);
}

enum kf_err kf_keys_make(char secret[KF_KEY_SIZE], char own[KF_KEY_SIZE], struct kf_error *err)
{
    char pair[2][KF_KEY_SIZE];
    if (zmq_curve_keypair(pair[0], pair[1]) != 0) {
        return kf_error_set(err, KF_ERR_IO, "cannot make keys: %s", zmq_strerror(zmq_errno()));
    }
    memcpy(own, pair[0], KF_KEY_SIZE);
    memcpy(secret, pair[1], KF_KEY_SIZE);
    kf_wipe(pair, sizeof pair);
    return KF_OK;
}

enum kf_role kf_peers_find(const struct kf_peers *self, const char *key)
{
    for (size_t role = 0; role < KF_ROLES; role++) {
        for (size_t i = 0; i < self->count[role]; i++) {
            if (strcmp(self->keys[role][i], key) == 0) {
                return (enum kf_role)role;
            }
        }
    }
    return KF_ROLES;
}

/* --- files ----------------------------------------------------------------------------------- */

/* A file of the folder, as it is read. */
struct reader {
    const char *path;
    bool secret;
    char *text; /* of KF_KEY_FILE_MAX + 1 bytes */
    struct kf_findings *findings;
};

static void fault(const struct reader *self, size_t line, const char *remedy, const char *problem)
{
    struct kf_place place = {.file = self->path, .line = line};
    kf_findings_add(self->findings, &place, remedy, "%s", problem);
}

/* Nobody may write it besides its user, nor read it when it is a secret. */
static bool is_closed(const struct reader *self, const struct stat *info)
{
    if (!kf_secret_is_ours(info)) {
        fault(self, 0, "chown it to the user that runs the service", "belongs to another user");
        return false;
    }
    if (self->secret && kf_secret_is_open(info)) {
        char remedy[KF_KEYS_PATH_SIZE + 16];
        (void)snprintf(remedy, sizeof remedy, "chmod 600 %s", self->path);
        fault(self, 0, remedy, "a secret key that others may read or write");
        return false;
    }
    if (info->st_mode & 022) {
        fault(self, 0, "chmod 644 it", "others may write it");
        return false;
    }
    return true;
}

static bool is_sound_file(const struct reader *self, int descriptor)
{
    struct stat info;
    if (fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode)) {
        fault(self, 0, REMAKE, "is no regular file");
        return false;
    }
    return is_closed(self, &info);
}

/* Reads the whole file into `text`. */
static bool read_open_file(const struct reader *self, int descriptor)
{
    ssize_t length = kf_secret_read(descriptor, self->text, KF_KEY_FILE_MAX);
    if (length < 0 || length > KF_KEY_FILE_MAX || memchr(self->text, '\0', (size_t)length)) {
        char problem[96];
        (void)snprintf(problem, sizeof problem, "is no text file of at most %d bytes",
                       KF_KEY_FILE_MAX);
        fault(self, 0, REMAKE, problem);
        return false;
    }
    self->text[length] = '\0';
    return true;
}

static bool read_file(const struct reader *self)
{
    int descriptor = open(self->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        struct kf_error why;
        (void)kf_error_set_errno(&why, KF_ERR_CONFIG, errno, "cannot be read");
        fault(self, 0, "make keys with `kf keys new DIR` and copy what belongs to this machine",
              why.text);
        return false;
    }
    bool sound = is_sound_file(self, descriptor) && read_open_file(self, descriptor);
    (void)close(descriptor);
    return sound;
}

/* --- lines ----------------------------------------------------------------------------------- */

static bool is_key(const char *text)
{
    return strlen(text) == KEY_LEN && strspn(text, Z85) == KEY_LEN;
}

/* The two words of a line, cut apart in place; false for an empty line or a comment. A line with
 * one word or more than two gives an empty second word. */
static bool split(char *line, char **first, char **second)
{
    line += strspn(line, SPACES);
    if (line[0] == '\0' || line[0] == '#') {
        return false;
    }
    char *end = line + strcspn(line, SPACES);
    char *rest = end + strspn(end, SPACES);
    *end = '\0';
    end = rest + strcspn(rest, SPACES);
    bool more = end[strspn(end, SPACES)] != '\0';
    *end = '\0';
    *first = line;
    *second = more ? end : rest;
    return true;
}

typedef void take_line(const struct reader *self, size_t line, const char *first,
                       const char *second, void *into);

static void read_lines(const struct reader *self, take_line *take, void *into)
{
    char *line = self->text;
    for (size_t number = 1; line; number++) {
        char *end = strchr(line, '\n');
        char *first = NULL;
        char *second = NULL;
        if (end) {
            *end++ = '\0';
        }
        if (split(line, &first, &second)) {
            take(self, number, first, second, into);
        }
        line = end;
    }
}

static void take_secret(const struct reader *self, size_t line, const char *first,
                        const char *second, void *into)
{
    struct kf_keys *keys = into;
    if (strcmp(first, "secret") != 0 || !is_key(second)) {
        fault(self, line, REMAKE, "is not \"secret\" and a key of 40 characters");
    } else if (keys->secret[0]) {
        fault(self, line, REMAKE, "a second secret key; a file holds one");
    } else if (zmq_curve_public(keys->own, second) != 0) {
        fault(self, line, REMAKE, "is no key of CURVE");
    } else {
        memcpy(keys->secret, second, KF_KEY_SIZE);
    }
}

/* Whether a peer may be added; says why not. */
static bool is_new_peer(const struct reader *self, size_t line, const struct kf_peers *peers,
                        const char *name, const char *key)
{
    enum kf_role role = KF_ROLES;
    if (!kf_role_parse(name, &role)) {
        const char *meant = kf_findings_suggest(name, names, KF_ROLES);
        struct kf_place place = {.file = self->path, .line = line, .variable = name};
        kf_findings_add(self->findings, &place,
                        "a line is a role (ingest, need, normalize, aggregate, efficiency, "
                        "publish, watcher) and a public key",
                        "is no role%s%s", meant ? ", did you mean " : "", meant ? meant : "");
        return false;
    }
    if (!is_key(key)) {
        fault(self, line, REMAKE, "is not a role and a public key of 40 characters");
        return false;
    }
    if (kf_peers_find(peers, key) != KF_ROLES) {
        fault(self, line, "give each role a key of its own", "a key that is listed already");
        return false;
    }
    if (peers->count[role] == KF_ROLE_KEYS_MAX) {
        fault(self, line, "remove keys that are no longer used", "more than 4 keys of one role");
        return false;
    }
    return true;
}

static void take_peer(const struct reader *self, size_t line, const char *first, const char *second,
                      void *into)
{
    struct kf_peers *peers = into;
    enum kf_role role = KF_ROLES;
    if (is_new_peer(self, line, peers, first, second) && kf_role_parse(first, &role)) {
        memcpy(peers->keys[role][peers->count[role]++], second, KF_KEY_SIZE);
    }
}

/* --- the folder ------------------------------------------------------------------------------ */

/* A folder that others may write to would let them put their keys in the place of ours. */
static bool is_sound_folder(const char *dir, struct kf_findings *findings)
{
    struct stat info;
    struct reader folder = {.path = dir, .findings = findings};
    if (stat(dir, &info) != 0 || !S_ISDIR(info.st_mode)) {
        fault(&folder, 0, "make it with `kf keys new DIR`", "is no folder of keys");
        return false;
    }
    bool roots = info.st_uid == 0;
    bool sticky = roots && (info.st_mode & S_ISVTX) != 0;
    if (info.st_uid != geteuid() && !roots) {
        fault(&folder, 0, "chown it to the user that runs the service", "belongs to another user");
        return false;
    }
    if ((info.st_mode & 022) && !sticky) {
        fault(&folder, 0, "chmod 700 it", "a folder of keys that others may write to");
        return false;
    }
    return true;
}

static bool join(const char *dir, const char *name, const char *end, char path[KF_KEYS_PATH_SIZE])
{
    int length = snprintf(path, KF_KEYS_PATH_SIZE, "%s/%s%s", dir, name, end);
    return length > 0 && length < KF_KEYS_PATH_SIZE;
}

static void read_secret(const char *dir, struct kf_keys *keys, struct kf_findings *findings)
{
    char path[KF_KEYS_PATH_SIZE];
    char text[KF_KEY_FILE_MAX + 2];
    struct reader reader = {.path = path, .secret = true, .text = text, .findings = findings};
    uint64_t before = kf_findings_count(findings);
    if (!join(dir, kf_role_name(keys->role), ".key", path)) {
        return; /* the folder was not found either */
    }
    if (read_file(&reader)) {
        read_lines(&reader, take_secret, keys);
        if (!keys->secret[0] && kf_findings_count(findings) == before) {
            fault(&reader, 0, REMAKE, "holds no key");
        }
    }
    kf_wipe(text, sizeof text);
}

static void read_peers(const char *dir, struct kf_peers *peers, struct kf_findings *findings)
{
    char path[KF_KEYS_PATH_SIZE];
    char text[KF_KEY_FILE_MAX + 2];
    struct reader reader = {.path = path, .text = text, .findings = findings};
    if (join(dir, KF_PEERS_FILE, "", path) && read_file(&reader)) {
        read_lines(&reader, take_peer, peers);
    }
}

/* Else every neighbour with the same list would shut this process out. */
static void check_listed(const char *dir, const struct kf_keys *keys, struct kf_findings *findings)
{
    if (keys->secret[0] && kf_peers_find(&keys->peers, keys->own) != keys->role) {
        struct kf_place place = {.file = dir, .variable = kf_role_name(keys->role)};
        kf_findings_add(findings, &place,
                        "keep key files and list of one `kf keys new` together, or add the line",
                        "peers does not list the public key of %s.key as that of %s",
                        kf_role_name(keys->role), kf_role_name(keys->role));
    }
}

static enum kf_err outcome(const char *dir, uint64_t before, const struct kf_findings *findings,
                           struct kf_error *err)
{
    if (kf_findings_count(findings) == before) {
        return KF_OK;
    }
    return kf_error_set(err, KF_ERR_CONFIG, "the keys in %s cannot be used", dir);
}

enum kf_err kf_keys_read(const char *dir, enum kf_role role, struct kf_keys *keys,
                         struct kf_findings *findings, struct kf_error *err)
{
    uint64_t before = kf_findings_count(findings);
    memset(keys, 0, sizeof *keys);
    keys->role = role;
    if (is_sound_folder(dir, findings)) {
        read_peers(dir, &keys->peers, findings);
        read_secret(dir, keys, findings);
        if (kf_findings_count(findings) == before) {
            check_listed(dir, keys, findings);
        }
    }
    enum kf_err code = outcome(dir, before, findings, err);
    if (code != KF_OK) {
        kf_keys_wipe(keys);
    }
    return code;
}

static bool is_there(const char *dir, enum kf_role role)
{
    char path[KF_KEYS_PATH_SIZE];
    struct stat info;
    return join(dir, kf_role_name(role), ".key", path) && lstat(path, &info) == 0;
}

static void read_each(const char *dir, const struct kf_peers *peers, bool present[KF_ROLES],
                      struct kf_findings *findings)
{
    for (size_t role = 0; role < KF_ROLES; role++) {
        struct kf_keys keys = {.role = (enum kf_role)role, .peers = *peers};
        present[role] = is_there(dir, keys.role);
        if (present[role]) {
            read_secret(dir, &keys, findings);
            check_listed(dir, &keys, findings);
        }
        kf_keys_wipe(&keys);
    }
}

enum kf_err kf_keys_read_all(const char *dir, struct kf_peers *peers, bool present[KF_ROLES],
                             struct kf_findings *findings, struct kf_error *err)
{
    uint64_t before = kf_findings_count(findings);
    struct kf_peers found = {0};
    if (is_sound_folder(dir, findings)) {
        read_peers(dir, &found, findings);
        read_each(dir, &found, present, findings);
    }
    *peers = found;
    return outcome(dir, before, findings, err);
}
