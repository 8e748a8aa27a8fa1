/* kf keys: makes, checks and shows the keys that close tcp endpoints. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "common/base/secret.h"
#include "common/base/text.h"
#include "common/bus/keys.h"
#include "tools/kf/command.h"

#define PAGE_BYTES_MAX 65536

static int run(const struct kf_arguments *arguments);

const struct kf_command_class kf_command_keys = {
    .name = "keys",
    .usage = "new|check|show DIR",
    .purpose = "make and check the keys that close tcp endpoints between machines",
    .help =
        "kf keys new DIR    makes DIR (mode 0700) with a secret key for each role, ROLE.key (mode\n"
        "                   0600), and one list of their public keys, peers. What is there "
        "already\n"
        "                   is never overwritten.\n"
        "kf keys check DIR  checks every key in DIR as a service would: form, owner, mode, and "
        "that\n"
        "                   the list has the public key of each.\n"
        "kf keys show DIR   lists the public keys, and which secret ones are here.\n\n"
        "A service that binds or connects to tcp://… is given --keys DIR and reads DIR/ROLE.key "
        "and\n"
        "DIR/peers, so a machine needs the keys of the services that run there, and the list. "
        "Roles\n"
        "are ingest, need, normalize, aggregate, efficiency, publish and watcher; a watcher reads\n"
        "status beats and nothing else. Each stage lets in the one before it alone, ingest lets "
        "in\n"
        "publish (receipts). docs/SECURITY.md has an example over two machines, and how keys are\n"
        "changed.\n\n"
        "Secret keys are never printed.\n\n"
        "Examples:\n"
        "  kf keys new keys\n"
        "  scp keys/peers keys/publish.key machine-b:/etc/kostraflow/keys/",
    .words = true,
    .run = run,
};

/* --- new ------------------------------------------------------------------------------------- */

/* Writes a file whole, on disk when it returns. */
static enum kf_err write_file(const char *dir, const char *name, mode_t mode,
                              const struct kf_text *text, struct kf_error *err)
{
    char path[KF_KEYS_PATH_SIZE];
    if (snprintf(path, sizeof path, "%s/%s", dir, name) >= (int)sizeof path) {
        return kf_error_set(err, KF_ERR_CONFIG, "%s: the path is too long", dir);
    }
    int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    bool written = descriptor >= 0 && fchmod(descriptor, mode) == 0 &&
                   write(descriptor, text->bytes, text->length) == (ssize_t)text->length &&
                   fsync(descriptor) == 0;
    int why = errno;
    if (descriptor >= 0) {
        (void)close(descriptor);
    }
    return written ? KF_OK : kf_error_set_errno(err, KF_ERR_IO, why, "cannot write %s", path);
}

static enum kf_err make_role(const char *dir, enum kf_role role, struct kf_text *peers,
                             struct kf_error *err)
{
    char secret[KF_KEY_SIZE];
    char own[KF_KEY_SIZE];
    char name[32];
    char line[128];
    enum kf_err code = kf_keys_make(secret, own, err);
    if (code != KF_OK) {
        return code;
    }
    /* In a buffer of its own, which can be wiped: a text that grows leaves copies behind. */
    int length = snprintf(line, sizeof line, "# The secret key of %s.\nsecret %s\n",
                          kf_role_name(role), secret);
    struct kf_text text = {.bytes = line, .length = (size_t)length};
    (void)snprintf(name, sizeof name, "%s.key", kf_role_name(role));
    code = write_file(dir, name, 0600, &text, err);
    kf_text_add_format(peers, "%s %s\n", kf_role_name(role), own);
    kf_wipe(line, sizeof line);
    kf_wipe(secret, sizeof secret);
    return code;
}

static enum kf_err make_files(const char *dir, struct kf_error *err)
{
    struct kf_text peers;
    enum kf_err code = KF_OK;
    kf_text_init(&peers, KF_KEY_FILE_MAX);
    kf_text_add(&peers, "# Public keys of a kostraflow pipeline: ROLE KEY. Whoever is not listed\n"
                        "# here is not let in. The same on every machine.\n");
    for (size_t role = 0; role < KF_ROLES && code == KF_OK; role++) {
        code = make_role(dir, (enum kf_role)role, &peers, err);
    }
    if (code == KF_OK && peers.failed) {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory for the list of peers");
    }
    if (code == KF_OK) {
        code = write_file(dir, KF_PEERS_FILE, 0644, &peers, err);
    }
    kf_text_clear(&peers);
    return code;
}

static void remove_files(const char *dir)
{
    char path[KF_KEYS_PATH_SIZE + 32];
    for (size_t role = 0; role < KF_ROLES; role++) {
        (void)snprintf(path, sizeof path, "%s/%s.key", dir, kf_role_name((enum kf_role)role));
        (void)unlink(path);
    }
    (void)snprintf(path, sizeof path, "%s/%s", dir, KF_PEERS_FILE);
    (void)unlink(path);
    (void)rmdir(dir);
}

static enum kf_err refuse_existing(const char *dir, struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_CONFIG,
                        "%s exists and is not overwritten: whoever uses its keys would be shut "
                        "out; choose another folder",
                        dir);
}

/* Beside the place where they belong, then in one step: nobody finds half of them. */
static enum kf_err make(const char *dir, struct kf_error *err)
{
    char beside[KF_KEYS_PATH_SIZE];
    struct stat info;
    size_t length = strlen(dir);
    while (length > 1 && dir[length - 1] == '/') {
        length--;
    }
    if (lstat(dir, &info) == 0) {
        return refuse_existing(dir, err);
    }
    if (length == 0 ||
        snprintf(beside, sizeof beside, "%.*s.XXXXXX", (int)length, dir) >= (int)sizeof beside) {
        return kf_error_set(err, KF_ERR_CONFIG, "the folder's name is empty or too long");
    }
    if (!mkdtemp(beside)) { /* of mode 0700 */
        return kf_error_set_errno(err, KF_ERR_CONFIG, errno, "cannot make a folder for %s", dir);
    }
    enum kf_err code = make_files(beside, err);
    if (code == KF_OK && rename(beside, dir) != 0) {
        code = errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR
                   ? refuse_existing(dir, err)
                   : kf_error_set_errno(err, KF_ERR_IO, errno, "cannot name it %s", dir);
    }
    if (code != KF_OK) {
        remove_files(beside);
    }
    return code;
}

static enum kf_err run_new(const char *dir, struct kf_error *err)
{
    enum kf_err code = make(dir, err);
    if (code != KF_OK) {
        return code;
    }
    (void)printf("Keys are in %s.\n\n"
                 "Copy to each machine, into a folder that only its user may enter:\n"
                 "  peers           to every machine\n",
                 dir);
    for (size_t role = 0; role < KF_ROLES; role++) {
        const char *name = kf_role_name((enum kf_role)role);
        (void)printf("  %s.key%*s where %s\n", name, (int)(11 - strlen(name)), "",
                     role == KF_ROLE_WATCHER ? "status beats are read over tcp"
                                             : "the service of that name runs");
    }
    (void)printf("\nSecret keys belong nowhere else; take what was copied off this machine.\n"
                 "Each service is then given --keys and the folder's name.\n");
    return KF_OK;
}

/* --- check and show -------------------------------------------------------------------------- */

static void print_findings(const struct kf_findings *findings)
{
    struct kf_text page;
    kf_text_init(&page, PAGE_BYTES_MAX);
    kf_findings_print(findings, &page);
    (void)fputs(page.bytes, stderr);
    kf_text_clear(&page);
}

static void show(const struct kf_peers *peers, const bool present[KF_ROLES])
{
    for (size_t role = 0; role < KF_ROLES; role++) {
        for (size_t i = 0; i < peers->count[role]; i++) {
            (void)printf("%-10s %s%s\n", kf_role_name((enum kf_role)role), peers->keys[role][i],
                         i == 0 && present[role] ? "  secret key here" : "");
        }
        if (peers->count[role] == 0) {
            (void)printf("%-10s not listed: is not let in and cannot be reached\n",
                         kf_role_name((enum kf_role)role));
        }
    }
}

static enum kf_err read_keys(const char *dir, bool shown, struct kf_error *err)
{
    struct kf_peers peers;
    bool present[KF_ROLES] = {false};
    size_t secrets = 0;
    struct kf_findings *findings = kf_calloc(1, sizeof *findings);
    if (!findings) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to read the keys");
    }
    kf_findings_init(findings);
    enum kf_err code = kf_keys_read_all(dir, &peers, present, findings, err);
    for (size_t role = 0; role < KF_ROLES; role++) {
        secrets += present[role];
    }
    if (shown) {
        show(&peers, present);
    } else if (code == KF_OK) {
        (void)printf("%s: the list of peers and %zu secret key%s are sound\n", dir, secrets,
                     secrets == 1 ? "" : "s");
    }
    print_findings(findings);
    kf_findings_clear(findings);
    kf_free(findings);
    return code;
}

static enum kf_err run_check(const char *dir, struct kf_error *err)
{
    return read_keys(dir, false, err);
}

static enum kf_err run_show(const char *dir, struct kf_error *err)
{
    return read_keys(dir, true, err);
}

/* --- words ----------------------------------------------------------------------------------- */

static const struct {
    const char *word;
    enum kf_err (*run)(const char *dir, struct kf_error *err);
} actions[] = {{"new", run_new}, {"check", run_check}, {"show", run_show}};

static enum kf_err act(const struct kf_arguments *arguments, struct kf_error *err)
{
    const char *const *words = NULL;
    size_t count = kf_arguments_many(arguments, "", &words);
    for (size_t i = 0; count == 2 && i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(words[0], actions[i].word) == 0) {
            return actions[i].run(words[1], err);
        }
    }
    return kf_error_set(err, KF_ERR_CONFIG, "write kf keys new DIR, check DIR or show DIR");
}

static int run(const struct kf_arguments *arguments)
{
    struct kf_error err = {0};
    enum kf_err code = act(arguments, &err);
    if (code != KF_OK) {
        (void)fprintf(stderr, "kf keys: %s\n", err.text);
    }
    return code == KF_OK ? KF_EXIT_OK : code == KF_ERR_CONFIG ? KF_EXIT_USAGE : KF_EXIT_FAILED;
}
