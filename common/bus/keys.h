/* Keys of CURVE, which closes tcp endpoints: a folder that `kf keys new` makes.
 *
 *     DIR/ingest.key … DIR/publish.key, DIR/watcher.key   secret, one for each role, mode 0600
 *     DIR/peers                                           public, whose keys are known: ROLE KEY
 *
 * A process has the secret key of its own role and the list of peers. The list is the allow-list:
 * whoever binds lets in the keys of one role, and whoever connects expects a key of one role on the
 * other side. A role may have several keys in the list, so that keys can be changed one process
 * after the other. Keys are 40 characters of Z85.
 *
 * A key file must be its user's own (or root's, as secrets of containers are) and closed to
 * everybody else; the list of peers must be closed to other people's writing. Faults name file and
 * line and never quote a secret.
 */
#ifndef KF_BUS_KEYS_H
#define KF_BUS_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/base/text.h"

#define KF_KEY_SIZE       41 /* with the final NUL */
#define KF_ROLE_KEYS_MAX  4  /* of one role in the list of peers */
#define KF_KEY_FILE_MAX   4096
#define KF_PEERS_FILE     "peers"
#define KF_KEYS_PATH_SIZE 4096

enum kf_role {
    KF_ROLE_INGEST,
    KF_ROLE_NEED,
    KF_ROLE_NORMALIZE,
    KF_ROLE_AGGREGATE,
    KF_ROLE_EFFICIENCY,
    KF_ROLE_PUBLISH,
    KF_ROLE_WATCHER, /* reads status beats, nothing else */
    KF_ROLES
};

/* "ingest", …, "watcher". */
const char *kf_role_name(enum kf_role role);

/* Reads a role's name. */
bool kf_role_parse(const char *name, enum kf_role *role);

/* Public keys by role, in the order of the file. */
struct kf_peers {
    char keys[KF_ROLES][KF_ROLE_KEYS_MAX][KF_KEY_SIZE];
    size_t count[KF_ROLES];
};

/* What one process has. */
struct kf_keys {
    enum kf_role role;
    char secret[KF_KEY_SIZE];
    char own[KF_KEY_SIZE]; /* the public key that belongs to it */
    struct kf_peers peers;
};

/* Makes a pair of keys. KF_ERR_IO when libzmq was built without CURVE. */
enum kf_err kf_keys_make(char secret[KF_KEY_SIZE], char own[KF_KEY_SIZE], struct kf_error *err);

/* Reads DIR/ROLE.key and DIR/peers. Every fault is a finding; with any, KF_ERR_CONFIG, and `keys`
 * holds no secret. Wipe the keys when done. */
enum kf_err kf_keys_read(const char *dir, enum kf_role role, struct kf_keys *keys,
                         struct kf_findings *findings, struct kf_error *err);

/* Reads DIR/peers and every ROLE.key that is in DIR; `present` tells which. As above. */
enum kf_err kf_keys_read_all(const char *dir, struct kf_peers *peers, bool present[KF_ROLES],
                             struct kf_findings *findings, struct kf_error *err);

/* The role that a public key belongs to; KF_ROLES for none. */
enum kf_role kf_peers_find(const struct kf_peers *self, const char *key);

/* Overwrites keys with zeros, in a way that is not optimised away. */
void kf_keys_wipe(struct kf_keys *self);

#endif
