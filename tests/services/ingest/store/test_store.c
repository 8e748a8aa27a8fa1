/* The store's file: one writer, versions, lists, notes, retention. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/model/cell.h"
#include "store_fixture.h"

static struct cell oslo(double value)
{
    return (struct cell){BARN, 2025, 301, value, KF_CELL_VALUE};
}

/* A vintage with one figure. */
static void add_figure(int hour, double value)
{
    const struct cell cell = oslo(value);
    (void)add_cells(hour, &cell, 1, NULL);
}

static void only_one_process_writes_and_others_read_along(void **state)
{
    (void)state;
    struct kf_store *other = NULL;
    struct kf_vintage seen;
    const char *path = scratch_path(&scratch, "observations.db");
    add_figure(8, 1);
    assert_int_equal(kf_store_open(path, &other, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "another ingest"));
    assert_null(other);
    assert_int_equal(kf_store_open_readonly(path, &other, &err), KF_OK);
    assert_int_equal(kf_store_newest(other, "ssb-1", &seen, &err), KF_OK);
    assert_int_equal(seen.updated_ms, 8 * HOUR_MS);
    add_figure(9, 2);
    assert_int_equal(kf_store_newest(other, "ssb-1", &seen, &err), KF_OK);
    assert_int_equal(seen.updated_ms, 9 * HOUR_MS);
    assert_int_equal(kf_store_note(other, "key", "text", &err), KF_ERR_IO);
    kf_store_close(&other);
    assert_int_equal(kf_store_open_readonly(scratch_path(&scratch, "none.db"), &other, &err),
                     KF_ERR_CONFIG);
    assert_false(scratch_has(&scratch, "none.db"));
}

static void a_newer_programs_store_is_refused_and_untouched(void **state)
{
    (void)state;
    struct kf_store *reader = NULL;
    kf_store_close(&store);
    change_file("PRAGMA user_version = 2");
    assert_int_equal(open_store(), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "version 2"));
    assert_int_equal(
        kf_store_open_readonly(scratch_path(&scratch, "observations.db"), &reader, &err),
        KF_ERR_CONFIG);
    assert_int_equal(count_of("PRAGMA user_version"), 2);
}

static void a_ledger_is_no_store(void **state)
{
    (void)state;
    kf_store_close(&store);
    change_file("PRAGMA application_id = 1262898247"); /* KFLG */
    assert_int_equal(open_store(), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "not an observation store"));
}

static enum kf_err collect(void *context, const struct kf_vintage *vintage, struct kf_error *error)
{
    (void)error;
    kf_text_add_format(context, "%s %d\n", vintage->source, (int)(vintage->updated_ms / HOUR_MS));
    return KF_OK;
}

static void expect_list(const char *source, const char *expected)
{
    struct kf_text text;
    kf_text_init(&text, 1000);
    assert_int_equal(kf_store_list(store, source, collect, &text, &err), KF_OK);
    assert_string_equal(text.length > 0 ? text.bytes : "", expected);
    kf_text_clear(&text);
}

static void add_for(const char *source, int hour)
{
    const struct cell cell = oslo(hour);
    struct kf_observations *table = table_of(&cell, 1);
    struct kf_vintage vintage = vintage_at(hour);
    enum kf_store_added added = 0;
    (void)snprintf(vintage.source, sizeof vintage.source, "%s", source);
    assert_int_equal(kf_store_add(store, &vintage, table, NULL, &added, &err), KF_OK);
    kf_observations_destroy(&table);
}

static void vintages_are_listed_newest_first_and_old_ones_are_dropped(void **state)
{
    (void)state;
    static const int hours[] = {3, 1, 2};
    for (size_t i = 0; i < LENGTH(hours); i++) {
        add_for("ssb-1", hours[i]);
        add_for("ssb-2", hours[i] + 10);
    }
    expect_list(NULL, "ssb-1 3\nssb-1 2\nssb-1 1\nssb-2 13\nssb-2 12\nssb-2 11\n");
    expect_list("ssb-2", "ssb-2 13\nssb-2 12\nssb-2 11\n");
    expect_list("ssb-3", "");
    assert_int_equal(kf_store_prune(store, 2, &err), KF_OK);
    expect_list(NULL, "ssb-1 3\nssb-1 2\nssb-2 13\nssb-2 12\n");
    assert_int_equal(count_of("SELECT count(*) FROM columns"), 4);
    struct kf_vintage gone;
    assert_int_equal(kf_store_find(store, 3, &gone, &err), KF_ERR_AGAIN); /* ssb-1 of 1 */
}

static void expect_note(const char *key, const char *expected)
{
    struct kf_text text;
    kf_text_init(&text, 1000);
    assert_int_equal(kf_store_noted(store, key, &text, &err), KF_OK);
    assert_string_equal(text.length > 0 ? text.bytes : "", expected);
    kf_text_clear(&text);
}

static void notes_are_kept_replaced_and_removed(void **state)
{
    (void)state;
    struct kf_text text;
    kf_text_init(&text, 1000);
    assert_int_equal(kf_store_noted(store, "etag", &text, &err), KF_ERR_AGAIN);
    assert_int_equal(kf_store_note(store, "etag", "one", &err), KF_OK);
    assert_int_equal(kf_store_note(store, "etag", "two", &err), KF_OK);
    assert_int_equal(kf_store_note(store, "empty", "", &err), KF_OK);
    kf_store_close(&store);
    assert_int_equal(open_store(), KF_OK);
    expect_note("etag", "two");
    expect_note("empty", "");
    assert_int_equal(kf_store_note(store, "etag", NULL, &err), KF_OK);
    assert_int_equal(kf_store_noted(store, "etag", &text, &err), KF_ERR_AGAIN);
    kf_text_clear(&text);
}

static void notes_have_limits(void **state)
{
    (void)state;
    char key[KF_STORE_KEY_SIZE + 1];
    memset(key, 'k', KF_STORE_KEY_SIZE);
    key[KF_STORE_KEY_SIZE] = '\0';
    assert_int_equal(kf_store_note(store, key, "text", &err), KF_ERR_LIMIT);
    assert_int_equal(kf_store_note(store, "", "text", &err), KF_ERR_LIMIT);
    key[KF_STORE_KEY_SIZE - 1] = '\0';
    assert_int_equal(kf_store_note(store, key, "text", &err), KF_OK);
    char *text = calloc(1, KF_STORE_NOTE_MAX + 2);
    memset(text, 'x', KF_STORE_NOTE_MAX + 1);
    assert_int_equal(kf_store_note(store, "long", text, &err), KF_ERR_LIMIT);
    text[KF_STORE_NOTE_MAX] = '\0';
    assert_int_equal(kf_store_note(store, "long", text, &err), KF_OK);
    free(text);
}

static void a_damaged_note_is_told(void **state)
{
    (void)state;
    struct kf_text text;
    kf_text_init(&text, 1000);
    assert_int_equal(kf_store_note(store, "etag", "one", &err), KF_OK);
    kf_store_close(&store);
    change_file("UPDATE notes SET bytes = x'6f6e66'");
    assert_int_equal(open_store(), KF_OK);
    assert_int_equal(kf_store_noted(store, "etag", &text, &err), KF_ERR_DATA);
    assert_non_null(strstr(err.text, "etag"));
    assert_int_equal(text.length, 0);
    kf_text_clear(&text);
}

static void without_memory_it_is_not_opened(void **state)
{
    (void)state;
    kf_store_close(&store);
    kf_memory_fail_after(0);
    assert_int_equal(open_store(), KF_ERR_MEMORY);
    kf_memory_fail_after(-1);
    assert_null(store);
    assert_int_equal(open_store(), KF_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_one_process_writes_and_others_read_along),
        TEST(a_newer_programs_store_is_refused_and_untouched),
        TEST(a_ledger_is_no_store),
        TEST(vintages_are_listed_newest_first_and_old_ones_are_dropped),
        TEST(notes_are_kept_replaced_and_removed),
        TEST(notes_have_limits),
        TEST(a_damaged_note_is_told),
        TEST(without_memory_it_is_not_opened),
    };
    return cmocka_run_group_tests(tests, open_register, close_register);
}
