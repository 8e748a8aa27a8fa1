#include "observation_fixture.h"

#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"

struct world world;

int open_registers(void **state)
{
    (void)state;
    struct kf_error err;
    kf_findings_init(&world.findings);
    const char *folder = KF_SOURCE_DIR "/editions/";
    char path[512];
    (void)snprintf(path, sizeof path, "%smunicipalities.csv", folder);
    if (kf_municipalities_read(path, &world.municipalities, &world.findings, &err) != KF_OK) {
        return 1;
    }
    (void)snprintf(path, sizeof path, "%svariables.yaml", folder);
    if (kf_variables_read(path, &world.variables, &world.findings, &err) != KF_OK) {
        return 1;
    }
    (void)snprintf(path, sizeof path, "%saccounts", folder);
    return kf_accounts_read(path, &world.accounts, &world.findings, &err) == KF_OK ? 0 : 1;
}

int close_registers(void **state)
{
    (void)state;
    kf_municipalities_destroy(&world.municipalities);
    kf_variables_destroy(&world.variables);
    kf_accounts_destroy(&world.accounts);
    return 0;
}

int set_up(void **state)
{
    (void)state;
    scratch_make(&world.scratch);
    world.table = kf_observations_new(world.variables, 1000);
    kf_findings_init(&world.findings);
    kf_text_init(&world.report, 1 << 20);
    memset(&world.source, 0, sizeof world.source);
    world.options = (struct kf_observation_csv_options){
        .municipalities = world.municipalities, .accounts = world.accounts, .name = "in.csv"};
    return 0;
}

int tear_down(void **state)
{
    (void)state;
    kf_text_clear(&world.report);
    kf_findings_clear(&world.findings);
    kf_observations_destroy(&world.table);
    scratch_remove(&world.scratch);
    return 0;
}

enum kf_err read_bytes(const void *bytes, size_t length)
{
    scratch_write(&world.scratch, "in.csv", bytes, length);
    enum kf_err code =
        kf_observation_csv_read(scratch_path(&world.scratch, "in.csv"), &world.options, world.table,
                                &world.source, &world.findings, &world.err);
    kf_findings_print(&world.findings, &world.report);
    return code;
}

enum kf_err read_text(const char *text)
{
    return read_bytes(text, strlen(text));
}

const struct kf_observation *only_row(void)
{
    size_t count = 0;
    const struct kf_observation *rows = kf_observations_rows(world.table, &count);
    assert_int_equal(count, 1);
    return rows;
}

void expect_rows(size_t expected)
{
    size_t count = 0;
    (void)kf_observations_rows(world.table, &count);
    assert_int_equal(count, expected);
}

void expect_fault(const char *text, const char *const *fragments)
{
    assert_int_equal(read_text(text), KF_ERR_DATA);
    if (kf_findings_count(&world.findings) != 1) {
        fail_msg("not one finding but:\n%s", world.report.bytes);
    }
    for (; *fragments; fragments++) {
        if (!strstr(world.report.bytes, *fragments)) {
            fail_msg("no \"%s\" in: %s", *fragments, world.report.bytes);
        }
    }
}

void expect_failing_allocations(const char *text, int64_t least, uint64_t found)
{
    scratch_write_text(&world.scratch, "in.csv", text);
    enum kf_err code = KF_ERR_MEMORY;
    int64_t n = 0;
    /* Findings that find no memory are counted, so the end is the same with and without. */
    for (; code == KF_ERR_MEMORY && n < 1000; n++) {
        kf_findings_clear(&world.findings);
        kf_memory_fail_after(n);
        code = kf_observation_csv_read(scratch_path(&world.scratch, "in.csv"), &world.options,
                                       world.table, &world.source, &world.findings, &world.err);
        kf_memory_fail_after(-1);
    }
    assert_int_equal(code, KF_ERR_DATA);
    assert_true(n > least);
    assert_int_equal(kf_findings_count(&world.findings), found);
}

void forget(void)
{
    kf_findings_clear(&world.findings);
    kf_text_reset(&world.report);
}
