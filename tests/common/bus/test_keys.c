/* Folders of keys, sound ones and others. */
#include "common/bus/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "tests/support/cmocka.h"

static char folder[] = "/tmp/kf-keys-XXXXXX";
static char secret[KF_KEY_SIZE];
static char own[KF_KEY_SIZE];
static char other[KF_KEY_SIZE];
static struct kf_findings findings;
static struct kf_keys keys;
static struct kf_error err;

static void path_of(const char *name, char path[64])
{
    (void)snprintf(path, 64, "%s/%s", folder, name);
}

static void write_as(const char *name, mode_t mode, const char *text)
{
    char path[64];
    path_of(name, path);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static void write_peers(const char *format, const char *first, const char *second)
{
    char text[KF_KEY_FILE_MAX];

    (void)snprintf(text, sizeof text, "# list\n%s %s\n%s %s\n", format, first,
                   second[0] ? "need" : "#", second);
    write_as("peers", 0644, text);
}

static void write_need(mode_t mode)
{
    char text[128];
    (void)snprintf(text, sizeof text, "# a comment\nsecret %s\r\n", secret);
    write_as("need.key", mode, text);
}

static int make(void **state)
{
    (void)state;
    char spare[KF_KEY_SIZE];
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
    kf_findings_init(&findings);
    if (!mkdtemp(folder) || kf_keys_make(secret, own, NULL) != KF_OK ||
        kf_keys_make(spare, other, NULL) != KF_OK) {
        return -1;
    }
    write_need(0600);
    write_peers("need", own, "");
    return 0;
}

static int drop(void **state)
{
    (void)state;
    char path[64];
    static const char *const names[] = {"need.key", "peers", "ingest.key"};
    for (size_t i = 0; i < 3; i++) {
        path_of(names[i], path);
        (void)unlink(path);
    }
    kf_findings_clear(&findings);
    return rmdir(folder);
}

static enum kf_err read_need(void)
{
    kf_findings_clear(&findings);
    return kf_keys_read(folder, KF_ROLE_NEED, &keys, &findings, &err);
}

/* One fault, which says this of this place. */
static void assert_refused(const char *file, uint64_t line, const char *problem)
{
    char path[64];
    assert_int_equal(read_need(), KF_ERR_CONFIG);
    assert_int_equal(findings.length, 1);
    path_of(file, path);
    assert_string_equal(findings.list[0].file, file[0] ? path : folder);
    assert_int_equal(findings.list[0].line, line);
    if (!strstr(findings.list[0].problem, problem)) {
        fail_msg("\"%s\" is not said in \"%s\"", problem, findings.list[0].problem);
    }
    assert_true(findings.list[0].remedy[0] != '\0');
    assert_null(strstr(findings.list[0].problem, secret));
    assert_string_equal(keys.secret, "");
}

static void a_sound_folder_gives_the_keys(void **state)
{
    (void)state;
    write_peers("ingest", other, own);
    assert_int_equal(read_need(), KF_OK);
    assert_string_equal(keys.secret, secret);
    assert_string_equal(keys.own, own);
    assert_int_equal(keys.peers.count[KF_ROLE_INGEST], 1);
    assert_int_equal(kf_peers_find(&keys.peers, own), KF_ROLE_NEED);
    assert_int_equal(kf_peers_find(&keys.peers, other), KF_ROLE_INGEST);
    assert_int_equal(kf_peers_find(&keys.peers, ""), KF_ROLES);
    kf_keys_wipe(&keys);
    assert_string_equal(keys.secret, "");
}

static void old_and_new_keys_of_a_role_may_stand_side_by_side(void **state)
{
    (void)state;
    write_peers("need", other, own);
    assert_int_equal(read_need(), KF_OK);
    assert_int_equal(keys.peers.count[KF_ROLE_NEED], 2);
}

static void a_secret_that_others_may_read_is_refused(void **state)
{
    (void)state;
    static const mode_t open[] = {0640, 0604, 0660, 0620, 0602, 0777};
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++) {
        write_need(open[i]);
        assert_refused("need.key", 0, "others may read or write");
    }
    write_need(0400);
    assert_int_equal(read_need(), KF_OK);
}

static void a_list_that_others_may_write_is_refused(void **state)
{
    (void)state;
    char path[64];
    path_of("peers", path);
    assert_int_equal(chmod(path, 0664), 0);
    assert_refused("peers", 0, "others may write");
}

static void a_folder_that_others_may_write_to_is_refused(void **state)
{
    (void)state;
    assert_int_equal(chmod(folder, 0770), 0);
    assert_refused("", 0, "others may write to");
    assert_int_equal(chmod(folder, 0755), 0);
    assert_int_equal(read_need(), KF_OK);
}

static void files_of_another_user_are_refused(void **state)
{
    (void)state;
    char path[64];
    if (geteuid() != 0) {
        print_message("not run: giving a file to another user takes root\n");
        skip();
    }
    path_of("need.key", path);
    assert_int_equal(chown(path, 65534, 65534), 0);
    assert_refused("need.key", 0, "belongs to another user");
    assert_int_equal(chown(path, 0, 0), 0);
    assert_int_equal(chown(folder, 65534, 65534), 0);
    assert_refused("", 0, "belongs to another user");
}

static void what_is_no_secret_key_is_refused_with_its_line(void **state)
{
    (void)state;
    char text[256];
    static const char *const bad[] = {"secret short", "public %", "secret", "secret a b", "x"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        (void)snprintf(text, sizeof text, "\n# c\n%s\n", bad[i]);
        write_as("need.key", 0600, text);
        assert_refused("need.key", 3, "is not \"secret\" and a key");
    }
    (void)snprintf(text, sizeof text, "secret %s\nsecret %s\n", secret, secret);
    write_as("need.key", 0600, text);
    assert_refused("need.key", 2, "second secret key");
    write_as("need.key", 0600, "# nothing\n");
    assert_refused("need.key", 0, "holds no key");
}

static void what_is_no_list_of_peers_is_refused_with_its_line(void **state)
{
    (void)state;
    write_peers("neeed", own, "");
    assert_refused("peers", 2, "did you mean need");
    write_peers("need", "short", "");
    assert_refused("peers", 2, "a public key of 40 characters");
    write_peers("ingest", own, own);
    assert_refused("peers", 3, "listed already");
    write_peers("ingest", other, "");
    assert_refused("", 0, "does not list the public key of need.key");
}

static void more_keys_of_a_role_than_allowed_are_refused(void **state)
{
    (void)state;
    char text[KF_KEY_FILE_MAX] = "";
    size_t length = 0;
    for (size_t i = 0; i <= KF_ROLE_KEYS_MAX; i++) {
        char spare[KF_KEY_SIZE];
        char public_key[KF_KEY_SIZE];
        assert_int_equal(kf_keys_make(spare, public_key, NULL), KF_OK);
        length += (size_t)snprintf(text + length, sizeof text - length, "need %s\n",
                                   i == 0 ? own : public_key);
    }
    write_as("peers", 0600, text);
    assert_refused("peers", KF_ROLE_KEYS_MAX + 1, "more than 4 keys");
}

static void what_is_no_text_file_of_reasonable_size_is_refused(void **state)
{
    (void)state;
    static char large[KF_KEY_FILE_MAX + 2];
    char path[64];
    memset(large, '#', sizeof large - 1);
    write_as("peers", 0600, large);
    assert_refused("peers", 0, "no text file");
    path_of("peers", path);
    assert_int_equal(unlink(path), 0);
    assert_refused("peers", 0, "cannot be read");
    assert_int_equal(mkfifo(path, 0600), 0); /* does not wait for a writer */
    assert_refused("peers", 0, "no regular file");
    assert_int_equal(unlink(path), 0);
}

static void a_folder_that_is_not_there_is_told(void **state)
{
    (void)state;
    kf_findings_clear(&findings);
    assert_int_equal(kf_keys_read("/nowhere/keys", KF_ROLE_NEED, &keys, &findings, &err),
                     KF_ERR_CONFIG);
    assert_non_null(strstr(findings.list[0].remedy, "kf keys new"));
}

static void all_that_is_in_a_folder_is_checked(void **state)
{
    (void)state;
    struct kf_peers peers;
    bool present[KF_ROLES];
    assert_int_equal(kf_keys_read_all(folder, &peers, present, &findings, &err), KF_OK);
    assert_true(present[KF_ROLE_NEED]);
    assert_false(present[KF_ROLE_INGEST]);
    write_as("ingest.key", 0600, "secret nonsense\n");
    assert_int_equal(kf_keys_read_all(folder, &peers, present, &findings, &err), KF_ERR_CONFIG);
    assert_true(present[KF_ROLE_INGEST]);
}

static void roles_have_names(void **state)
{
    (void)state;
    enum kf_role role = KF_ROLES;
    for (size_t i = 0; i < KF_ROLES; i++) {
        assert_true(kf_role_parse(kf_role_name((enum kf_role)i), &role));
        assert_int_equal(role, i);
    }
    assert_false(kf_role_parse("", &role));
    assert_string_equal(kf_role_name(KF_ROLES), "unknown");
}

#define IN_FOLDER(name) cmocka_unit_test_setup_teardown(name, make, drop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(a_sound_folder_gives_the_keys),
        IN_FOLDER(old_and_new_keys_of_a_role_may_stand_side_by_side),
        IN_FOLDER(a_secret_that_others_may_read_is_refused),
        IN_FOLDER(a_list_that_others_may_write_is_refused),
        IN_FOLDER(a_folder_that_others_may_write_to_is_refused),
        IN_FOLDER(files_of_another_user_are_refused),
        IN_FOLDER(what_is_no_secret_key_is_refused_with_its_line),
        IN_FOLDER(what_is_no_list_of_peers_is_refused_with_its_line),
        IN_FOLDER(more_keys_of_a_role_than_allowed_are_refused),
        IN_FOLDER(what_is_no_text_file_of_reasonable_size_is_refused),
        IN_FOLDER(a_folder_that_is_not_there_is_told),
        IN_FOLDER(all_that_is_in_a_folder_is_checked),
        cmocka_unit_test(roles_have_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
