#include "common/kafka/kafka_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "tests/support/cmocka.h"

static char path[] = "/tmp/kf-kafka-options-XXXXXX";
static struct kf_error err;

static int make_file(void **state)
{
    (void)state;
    int descriptor = mkstemp(path);
    return descriptor < 0 ? -1 : close(descriptor);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

static void write_bytes(const char *bytes, size_t length)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static enum kf_err read_as(const char *text, struct kf_kafka_options **options)
{
    write_bytes(text, strlen(text));
    return kf_kafka_options_read(path, options, &err);
}

static void lines_of_key_and_value_are_read_and_the_rest_is_comment(void **state)
{
    struct kf_kafka_options *options = NULL;

    (void)state;
    assert_int_equal(read_as("# security\n\nsecurity.protocol=SASL_SSL\r\n"
                             "  sasl.password =  a=b c \n#x=y\nlinger.ms=7",
                             &options),
                     KF_OK);
    assert_int_equal(options->length, 3);
    assert_string_equal(options->list[0].name, "security.protocol");
    assert_string_equal(options->list[0].value, "SASL_SSL");
    assert_string_equal(options->list[1].name, "sasl.password");
    assert_string_equal(options->list[1].value, "a=b c");
    assert_string_equal(options->list[2].value, "7");
    kf_kafka_options_destroy(&options);
    assert_null(options);
}

static void an_empty_file_sets_nothing(void **state)
{
    struct kf_kafka_options *options = NULL;

    (void)state;
    assert_int_equal(read_as("", &options), KF_OK);
    assert_int_equal(options->length, 0);
    kf_kafka_options_destroy(&options);
}

static void a_line_without_a_key_is_refused_with_its_number_and_without_its_content(void **state)
{
    struct kf_kafka_options *options = NULL;

    (void)state;
    assert_int_equal(read_as("a=b\nhemmelig\n", &options), KF_ERR_CONFIG);
    assert_null(options);
    assert_non_null(strstr(err.text, ":2:"));
    assert_null(strstr(err.text, "hemmelig"));
    assert_int_equal(read_as("=b\n", &options), KF_ERR_CONFIG);
}

static void settings_that_exactly_once_rests_on_are_refused(void **state)
{
    static const char *const own[] = {"acks=1", "enable.idempotence=false",
                                      "transactional.id=other", "isolation.level=read_uncommitted",
                                      "bootstrap.servers=elsewhere:9092"};
    struct kf_kafka_options *options = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        assert_int_equal(read_as(own[i], &options), KF_ERR_CONFIG);
        assert_non_null(strstr(err.text, ":1:"));
    }
}

static void a_file_that_is_no_small_text_is_refused(void **state)
{
    static char large[KF_KAFKA_OPTIONS_BYTES_MAX + 1];
    struct kf_kafka_options *options = NULL;

    (void)state;
    memset(large, '#', sizeof large);
    write_bytes(large, sizeof large);
    assert_int_equal(kf_kafka_options_read(path, &options, &err), KF_ERR_CONFIG);
    write_bytes("a=b\0c", 5);
    assert_int_equal(kf_kafka_options_read(path, &options, &err), KF_ERR_CONFIG);
    assert_int_equal(kf_kafka_options_read("/nowhere/at/all", &options, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "/nowhere/at/all"));
    assert_int_equal(kf_kafka_options_read("/", &options, &err), KF_ERR_CONFIG);
}

static void more_settings_than_there_is_room_for_are_refused(void **state)
{
    static char many[(KF_KAFKA_OPTIONS_MAX + 1) * 4 + 1];
    struct kf_kafka_options *options = NULL;

    (void)state;
    for (size_t i = 0; i <= KF_KAFKA_OPTIONS_MAX; i++) {
        memcpy(many + i * 4, "a=b\n", 4);
    }
    assert_int_equal(read_as(many, &options), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, ":101:"));
}

/* --- secrets --------------------------------------------------------------------------------- */

static char secret_path[] = "/tmp/kf-kafka-secret-XXXXXX";

static void write_secret(const char *text, mode_t mode)
{
    FILE *file = fopen(secret_path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(secret_path, mode), 0);
}

static enum kf_err read_with_secret(struct kf_kafka_options **options)
{
    char text[96];

    (void)snprintf(text, sizeof text, "a=b\nsasl.password=file:%s\n", secret_path);
    return read_as(text, options);
}

static int make_secret(void **state)
{
    (void)state;
    memcpy(secret_path + strlen(secret_path) - 6, "XXXXXX", 6);
    int descriptor = mkstemp(secret_path);
    return descriptor < 0 ? -1 : close(descriptor);
}

static int remove_secret(void **state)
{
    (void)state;
    (void)chmod(path, 0600);
    return unlink(secret_path);
}

static void a_secret_is_read_from_its_file_without_the_newline(void **state)
{
    static const char *const texts[] = {"pass word", "pass word\n", "pass word\r\n"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct kf_kafka_options *options = NULL;
        write_secret(texts[i], 0400);
        assert_int_equal(read_with_secret(&options), KF_OK);
        assert_string_equal(options->list[1].name, "sasl.password");
        assert_string_equal(options->list[1].value, "pass word");
        kf_kafka_options_destroy(&options);
    }
}

static void a_secret_file_that_others_may_read_is_refused(void **state)
{
    static const mode_t open[] = {0640, 0604, 0620, 0602};
    struct kf_kafka_options *options = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++) {
        write_secret("hush", open[i]);
        assert_int_equal(read_with_secret(&options), KF_ERR_CONFIG);
        assert_non_null(strstr(err.text, ":2: "));
        assert_non_null(strstr(err.text, "chmod 600"));
        assert_null(strstr(err.text, "hush"));
    }
}

static void a_secret_file_that_is_empty_too_large_or_absent_is_refused(void **state)
{
    static char large[KF_KAFKA_SECRET_BYTES_MAX + 2];
    struct kf_kafka_options *options = NULL;

    (void)state;
    write_secret("\n", 0600);
    assert_int_equal(read_with_secret(&options), KF_ERR_CONFIG);
    memset(large, 'x', sizeof large - 1);
    write_secret(large, 0600);
    assert_int_equal(read_with_secret(&options), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "8192 bytes"));
    assert_int_equal(read_as("sasl.password=file:/nowhere/at/all\n", &options), KF_ERR_CONFIG);
    assert_int_equal(read_as("sasl.password=file:/tmp\n", &options), KF_ERR_CONFIG);
}

static void settings_that_hold_a_secret_themselves_must_be_closed(void **state)
{
    struct kf_kafka_options *options = NULL;

    (void)state;
    assert_int_equal(chmod(path, 0644), 0);
    assert_int_equal(read_as("sasl.password=hush\n", &options), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "chmod 600"));
    write_secret("hush\n", 0600);
    assert_int_equal(read_with_secret(&options), KF_OK); /* the secret is elsewhere */
    kf_kafka_options_destroy(&options);
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(read_as("sasl.password=hush\n", &options), KF_OK);
    kf_kafka_options_destroy(&options);
}

static void only_a_secret_is_read_from_a_file(void **state)
{
    struct kf_kafka_options *options = NULL;

    (void)state;
    assert_int_equal(read_as("client.id=file:/etc/passwd\n", &options), KF_OK);
    assert_string_equal(options->list[0].value, "file:/etc/passwd");
    kf_kafka_options_destroy(&options);
}

static void running_out_of_memory_at_any_point_is_told(void **state)
{
    struct kf_kafka_options *options = NULL;
    enum kf_err result = KF_ERR_MEMORY;

    (void)state;
    write_secret("hush", 0600);
    char text[96];
    (void)snprintf(text, sizeof text, "a=b\nsasl.password=file:%s\n", secret_path);
    write_bytes(text, strlen(text));
    for (int64_t n = 0; result == KF_ERR_MEMORY; n++) {
        kf_memory_fail_after(n);
        result = kf_kafka_options_read(path, &options, &err);
        kf_memory_fail_after(-1);
    }
    assert_int_equal(result, KF_OK);
    kf_kafka_options_destroy(&options);
}

#define WITH_SECRET(name) cmocka_unit_test_setup_teardown(name, make_secret, remove_secret)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_key_and_value_are_read_and_the_rest_is_comment),
        cmocka_unit_test(an_empty_file_sets_nothing),
        cmocka_unit_test(a_line_without_a_key_is_refused_with_its_number_and_without_its_content),
        cmocka_unit_test(settings_that_exactly_once_rests_on_are_refused),
        cmocka_unit_test(a_file_that_is_no_small_text_is_refused),
        cmocka_unit_test(more_settings_than_there_is_room_for_are_refused),
        WITH_SECRET(a_secret_is_read_from_its_file_without_the_newline),
        WITH_SECRET(a_secret_file_that_others_may_read_is_refused),
        WITH_SECRET(a_secret_file_that_is_empty_too_large_or_absent_is_refused),
        WITH_SECRET(settings_that_hold_a_secret_themselves_must_be_closed),
        WITH_SECRET(only_a_secret_is_read_from_a_file),
        WITH_SECRET(running_out_of_memory_at_any_point_is_told),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
