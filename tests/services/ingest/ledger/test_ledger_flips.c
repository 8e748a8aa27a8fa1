/* A byte of the ledger is not what was written: then it is refused, or what is damaged is told, or
 * it does not matter. Never is another panel given out, nor a release forgotten.
 *
 * KF_FLIP_STEP=1 in the environment tries every byte. */
#include "tests/support/cmocka.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "services/ingest/ledger/ledger.h"
#include "tests/services/ingest/scratch.h"

#define COMMITTED   "11111111111111111111111111111111"
#define HELD        "22222222222222222222222222222222"
#define OPEN        "33333333333333333333333333333333"
#define PANELS      2
#define PANEL_BYTES 5000 /* over a page */
#define STEP_USUAL  199

static struct scratch scratch;
static struct kf_error err;

struct tally {
    unsigned tried;
    unsigned refused;
    unsigned told;
    unsigned harmless;
};

static void fill(char *bytes, const char *id, uint32_t index)
{
    for (size_t i = 0; i < PANEL_BYTES; i++) {
        bytes[i] = (char)(id[0] + (char)(index * 7 + i % 51));
    }
}

static void add(struct kf_ledger *ledger, const char *id, const char *held)
{
    static const struct kf_source source = {.name = "a.csv", .digest = "aa", .updated = ""};
    struct kf_release release = {.discovered_ms = 1000,
                                 .panels = PANELS,
                                 .sources = &source,
                                 .sources_len = 1,
                                 .vintage = "revised",
                                 .program = "0.1.0"};
    (void)snprintf(release.id, sizeof release.id, "%s", id);
    const struct kf_ledger_addition addition = {
        .release = &release, .input = "in.csv", .held = held};
    assert_int_equal(kf_ledger_add_begin(ledger, &addition, &err), KF_OK);
    for (uint32_t i = 0; i < PANELS; i++) {
        char bytes[PANEL_BYTES];
        const struct kf_ledger_content content = {
            .edition = "demo", .year = 2020 + (int)i, .digest = id};
        fill(bytes, id, i);
        assert_int_equal(kf_ledger_add_panel(ledger, i, &content, bytes, sizeof bytes, &err),
                         KF_OK);
    }
    assert_int_equal(kf_ledger_add_commit(ledger, &err), KF_OK);
}

static void make_ledger(void)
{
    struct kf_ledger *ledger = NULL;
    struct kf_receipt receipt = {.state = KF_RECEIPT_COMMITTED, .rows = 1, .release = COMMITTED};
    assert_int_equal(kf_ledger_open(scratch_path(&scratch, "sound.db"), &ledger, &err), KF_OK);
    add(ledger, COMMITTED, NULL);
    assert_int_equal(kf_ledger_mark_closed(ledger, &receipt, 3000, &err), KF_OK);
    add(ledger, HELD, "looks odd");
    add(ledger, OPEN, NULL);
    kf_ledger_close(&ledger);
}

static size_t read_sound(unsigned char **bytes)
{
    struct stat about;
    assert_int_equal(stat(scratch_path(&scratch, "sound.db"), &about), 0);
    *bytes = (unsigned char *)scratch_read(&scratch, "sound.db");
    return (size_t)about.st_size;
}

/* True when the panel is what was put in; false when it is told to be damaged. */
static bool is_given(struct kf_ledger *ledger, const struct kf_ledger_release *release,
                     uint32_t index)
{
    char expected[PANEL_BYTES];
    struct kf_text bytes;
    kf_text_init(&bytes, 2 * PANEL_BYTES);
    fill(expected, OPEN, index);
    enum kf_err code = kf_ledger_panel(ledger, release, index, &bytes, &err);
    if (code == KF_OK) {
        assert_int_equal(bytes.length, PANEL_BYTES);
        assert_memory_equal(bytes.bytes, expected, PANEL_BYTES);
    } else {
        assert_int_equal(code, KF_ERR_DATA);
        assert_non_null(strstr(err.text, "damaged.db"));
    }
    kf_text_clear(&bytes);
    return code == KF_OK;
}

static void judge_open(struct kf_ledger *ledger, size_t place, struct tally *tally)
{
    struct kf_ledger_release release;
    enum kf_err code = kf_ledger_next_open(ledger, &release, &err);
    if (code == KF_ERR_AGAIN) {
        fail_msg("byte %zu: the open release is forgotten", place);
    }
    if (code == KF_ERR_DATA) {
        tally->told++;
        return;
    }
    assert_int_equal(code, KF_OK);
    if (strcmp(release.id, OPEN) != 0) {
        fail_msg("byte %zu: the open release is called %s", place, release.id);
    }
    unsigned given = 0;
    for (uint32_t i = 0; i < PANELS; i++) {
        given += is_given(ledger, &release, i);
    }
    tally->harmless += given == PANELS;
    tally->told += given < PANELS;
}

static void judge(size_t place, struct tally *tally)
{
    struct kf_ledger *ledger = NULL;
    enum kf_err code = kf_ledger_open(scratch_path(&scratch, "damaged.db"), &ledger, &err);
    tally->tried++;
    if (code == KF_OK) {
        judge_open(ledger, place, tally);
    } else {
        assert_int_equal(code, KF_ERR_CONFIG); /* starting again mends nothing */
        assert_non_null(strstr(err.text, "damaged.db"));
        tally->refused++;
    }
    kf_ledger_close(&ledger);
    (void)unlink(scratch_path(&scratch, "damaged.db-wal"));
    (void)unlink(scratch_path(&scratch, "damaged.db-shm"));
}

static size_t step(void)
{
    const char *given = getenv("KF_FLIP_STEP");
    return given ? (size_t)strtoul(given, NULL, 10) : STEP_USUAL;
}

static void a_flipped_byte_gives_no_other_panel_and_forgets_no_release(void **state)
{
    (void)state;
    static const unsigned char masks[] = {0x01, 0x80, 0xff};
    unsigned char *sound = NULL;
    struct tally tally = {0};
    make_ledger();
    size_t length = read_sound(&sound);
    for (size_t place = 0; place < length; place += step()) {
        unsigned char kept = sound[place];
        sound[place] ^= masks[place % sizeof masks];
        scratch_write(&scratch, "damaged.db", sound, length);
        judge(place, &tally);
        sound[place] = kept;
    }
    print_message("%u flips in %zu bytes: %u refused, %u told, %u harmless\n", tally.tried, length,
                  tally.refused, tally.told, tally.harmless);
    assert_true(tally.refused > 0 && tally.told > 0 && tally.harmless > 0);
    free(sound);
}

static void a_ledger_cut_short_gives_no_other_panel_and_forgets_no_release(void **state)
{
    (void)state;
    unsigned char *sound = NULL;
    struct tally tally = {0};
    make_ledger();
    size_t length = read_sound(&sound);
    for (size_t cut = 1; cut < length; cut += 509) {
        scratch_write(&scratch, "damaged.db", sound, cut);
        judge(cut, &tally);
    }
    print_message("%u cuts: %u refused, %u told, %u harmless\n", tally.tried, tally.refused,
                  tally.told, tally.harmless);
    assert_true(tally.refused > tally.tried / 2);
    free(sound);
}

static int set_up(void **state)
{
    (void)state;
    scratch_make(&scratch);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    scratch_remove(&scratch);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_flipped_byte_gives_no_other_panel_and_forgets_no_release,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_ledger_cut_short_gives_no_other_panel_and_forgets_no_release, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
