/* Any bytes as the folder of CURVE's keys: what comes first is the list of peers, "%%% need.key" a
 * secret key. What is read are keys that the list has, at most so many of a role; what is refused
 * has findings that can be shown and that do not quote a secret. */
#include <string.h>
#include <sys/stat.h>

#include "common/bus/keys.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/support/promise.h"
#include "tests/fuzz/support/scratch.h"

#define SECRET_SHOWN 20 /* bytes of a secret in a finding that are too many */

static struct kf_findings findings;

/* No finding quotes any piece of the secret key's file that could be one. */
static void promise_secret_untold(const char *secret)
{
    size_t length = strlen(secret);
    for (size_t at = 0; at + SECRET_SHOWN <= length; at++) {
        char piece[SECRET_SHOWN + 1] = "";
        memcpy(piece, secret + at, SECRET_SHOWN);
        for (size_t i = 0; strcspn(piece, " \n\r\t#:/") == SECRET_SHOWN && i < findings.length;
             i++) {
            must(!strstr(findings.list[i].problem, piece));
            must(!strstr(findings.list[i].cell, piece));
            must(!strstr(findings.list[i].remedy, piece));
        }
    }
}

static void promise_peers(const struct kf_peers *peers)
{
    for (size_t role = 0; role < KF_ROLES; role++) {
        must(peers->count[role] <= KF_ROLE_KEYS_MAX);
        for (size_t i = 0; i < peers->count[role]; i++) {
            must(strlen(peers->keys[role][i]) == KF_KEY_SIZE - 1);
            must(kf_peers_find(peers, peers->keys[role][i]) == (enum kf_role)role);
        }
    }
}

static void write_key(const char *secret)
{
    char path[FUZZ_PATH_SIZE];
    fuzz_write("keys/need.key", secret, strlen(secret));
    fuzz_path("keys/need.key", path);
    must(chmod(path, 0600) == 0);
    fuzz_path("keys/" KF_PEERS_FILE, path);
    must(chmod(path, 0644) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_part parts[FUZZ_PARTS_MAX];
    size_t count = fuzz_parts(data, size, parts);
    char *secret = fuzz_part_text(parts, count, "need.key");
    char folder[FUZZ_PATH_SIZE];
    struct kf_keys keys = {.role = KF_ROLE_NEED};
    struct kf_error err = {0};
    fuzz_path("keys", folder);
    fuzz_write("keys/" KF_PEERS_FILE, parts[0].bytes, parts[0].length);
    write_key(secret);
    kf_findings_init(&findings);
    enum kf_err code = kf_keys_read(folder, KF_ROLE_NEED, &keys, &findings, &err);
    promise_outcome(code, KF_ERR_CONFIG, &findings, &err);
    if (code == KF_OK) {
        must(strlen(keys.secret) == KF_KEY_SIZE - 1 && strlen(keys.own) == KF_KEY_SIZE - 1);
        promise_peers(&keys.peers);
    } else {
        must(keys.secret[0] == '\0');
        promise_secret_untold(secret);
    }
    kf_keys_wipe(&keys);
    kf_findings_clear(&findings);
    free(secret);
    return 0;
}
