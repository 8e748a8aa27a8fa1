#include "services/publish/lease.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/cmocka.h"

#define TOPIC "t.publisher.v1"

static struct kf_lease lease;
static struct kf_lease_view view;
static struct kf_error err;

static int setup(void **state)
{
    (void)state;
    lease = (struct kf_lease){.own = {"1-1", "here", "a", 0}};
    view = (struct kf_lease_view){.any = false};
    return 0;
}

/* `open`: ids joined by one space each, or "". */
static void add(const char *publisher, const char *id, bool held, uint64_t epoch, const char *open)
{
    struct kf_lease_record record = {.version = 1, .held = held, .time_ms = 1000};

    (void)snprintf(record.holder.publisher, sizeof record.holder.publisher, "%s", publisher);
    (void)snprintf(record.holder.host, sizeof record.holder.host, "here");
    (void)snprintf(record.holder.transactional_id, sizeof record.holder.transactional_id, "%s", id);
    record.holder.epoch = epoch;
    while (*open != '\0') {
        size_t length = strcspn(open, " ");
        kf_lease_record_read(&record, "kf-lease-open", open, length);
        open += length + (open[length] == ' ');
    }
    kf_lease_view_add(&view, &lease, &record);
}

static enum kf_lease_verdict judge(void)
{
    enum kf_lease_verdict verdict = KF_LEASE_STOP;

    assert_int_equal(kf_lease_judge(&lease, &view, TOPIC, &verdict, &err), KF_OK);
    return verdict;
}

static void assert_suspects(const char *expected)
{
    char found[1024] = "";

    for (size_t i = 0; i < view.suspects.length; i++) {
        (void)snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s",
                       i == 0 ? "" : " ", view.suspects.list[i]);
    }
    assert_string_equal(found, expected);
}

static void a_lease_that_nobody_has_is_taken_as_the_first(void **state)
{
    (void)state;
    assert_int_equal(judge(), KF_LEASE_TAKE);
    struct kf_lease_record next = kf_lease_next(&lease, &view, KF_LEASE_TAKE);
    assert_int_equal(next.holder.epoch, 1);
    assert_false(next.held);
    assert_int_equal(next.open.length, 0);
    assert_string_equal(next.holder.transactional_id, "a");
}

static void own_and_alone_it_is_held_at_once(void **state)
{
    (void)state;
    add("1-1", "a", false, 1, "");
    assert_int_equal(judge(), KF_LEASE_GO);
    kf_lease_settle(&lease, &view, KF_LEASE_GO);
    assert_int_equal(lease.state, KF_LEASE_HELD);
    assert_int_equal(lease.own.epoch, 1);
}

static void an_earlier_run_with_the_same_id_is_no_suspect(void **state)
{
    (void)state;
    add("0-0", "a", false, 4, "");
    assert_int_equal(judge(), KF_LEASE_TAKE);
    assert_int_equal(kf_lease_next(&lease, &view, KF_LEASE_TAKE).holder.epoch, 5);
    add("1-1", "a", false, 5, "");
    assert_int_equal(judge(), KF_LEASE_GO);
}

static void who_had_it_under_another_id_is_shut_out_before_it_is_held(void **state)
{
    (void)state;
    add("2-2", "b", true, 7, "");
    assert_int_equal(judge(), KF_LEASE_TAKE);
    assert_suspects("b");
    struct kf_lease_record next = kf_lease_next(&lease, &view, KF_LEASE_TAKE);
    assert_int_equal(next.holder.epoch, 8);
    assert_int_equal(next.open.length, 1);
    assert_string_equal(next.open.list[0], "b");
    add("1-1", "a", false, 8, "b");
    assert_int_equal(judge(), KF_LEASE_SETTLE);
    next = kf_lease_next(&lease, &view, KF_LEASE_SETTLE);
    assert_true(next.held);
    assert_int_equal(next.holder.epoch, 8);
    assert_int_equal(next.open.length, 0);
    add("1-1", "a", true, 8, "");
    assert_int_equal(judge(), KF_LEASE_GO);
    assert_suspects("");
}

static void one_that_came_between_reading_and_writing_is_shut_out_too(void **state)
{
    (void)state;
    add("2-2", "b", true, 7, "");
    add("3-3", "c", false, 8, "b");
    add("1-1", "a", false, 8, "b"); /* written without knowledge of c's */
    assert_int_equal(judge(), KF_LEASE_SETTLE);
    assert_suspects("b c");
}

static void one_that_came_between_taking_and_settling_is_shut_out_too(void **state)
{
    (void)state;
    add("1-1", "a", false, 1, "");
    add("2-2", "b", false, 2, "a");
    add("1-1", "a", true, 1, "");
    assert_int_equal(judge(), KF_LEASE_SETTLE);
    assert_suspects("b");
}

static void what_one_left_open_is_inherited(void **state)
{
    (void)state;
    add("3-3", "c", false, 3, "b d");
    assert_int_equal(judge(), KF_LEASE_TAKE);
    assert_suspects("c b d");
    add("1-1", "a", false, 4, "c b d");
    assert_suspects("c b d");
}

/* c wrote twice, but the second time it had not shut out anybody either. */
static void taking_twice_settles_nothing(void **state)
{
    (void)state;
    add("2-2", "b", true, 1, "");
    add("3-3", "c", false, 2, "");
    add("3-3", "c", false, 2, "");
    assert_suspects("b c");
}

static void who_held_it_stops_when_another_has_it(void **state)
{
    (void)state;
    lease.state = KF_LEASE_HELD;
    add("2-2", "b", false, 2, "a");
    assert_int_equal(judge(), KF_LEASE_STOP);
    kf_lease_settle(&lease, &view, KF_LEASE_STOP);
    assert_int_equal(lease.state, KF_LEASE_LOST);
    assert_int_equal(kf_lease_tell_lost(&lease, &err), KF_ERR_PEER);
    assert_string_equal(
        err.text, "replaced: publisher 2-2 on here (transactional-id b) took over at "
                  "1970-01-01T00:00:01.000Z; stop one of the two, or give each a topic-prefix "
                  "of its own; a restart of this one takes over again");
}

static void who_was_overtaken_while_taking_it_stops(void **state)
{
    (void)state;
    add("1-1", "a", false, 1, "");
    add("2-2", "b", false, 2, "a");
    assert_int_equal(judge(), KF_LEASE_STOP);
}

static void the_same_process_number_on_another_host_is_another(void **state)
{
    (void)state;
    (void)snprintf(lease.own.host, sizeof lease.own.host, "there");
    add("1-1", "b", true, 1, "");
    assert_int_equal(judge(), KF_LEASE_TAKE);
}

static void a_lease_that_is_gone_is_taken_again(void **state)
{
    (void)state;
    lease.state = KF_LEASE_HELD;
    assert_int_equal(judge(), KF_LEASE_TAKE);
}

static void records_that_cannot_be_understood_are_told(void **state)
{
    enum kf_lease_verdict verdict = KF_LEASE_GO;
    struct kf_lease_record record = {.version = 2, .holder = {"2-2", "new.host", "b", 1}};

    (void)state;
    kf_lease_view_add(&view, &lease, &record);
    assert_int_equal(kf_lease_judge(&lease, &view, TOPIC, &verdict, &err), KF_ERR_PEER);
    assert_non_null(strstr(err.text, "version 2"));
    assert_non_null(strstr(err.text, "new.host"));
    record = (struct kf_lease_record){.version = 1, .holder = {"2-2", "host", "", 1}};
    kf_lease_view_add(&view, &lease, &record);
    assert_int_equal(kf_lease_judge(&lease, &view, TOPIC, &verdict, &err), KF_ERR_PEER);
    assert_non_null(strstr(err.text, TOPIC));
    record = (struct kf_lease_record){.version = 0};
    kf_lease_view_add(&view, &lease, &record);
    assert_int_equal(kf_lease_judge(&lease, &view, TOPIC, &verdict, &err), KF_ERR_PEER);
    assert_int_equal(verdict, KF_LEASE_GO);
}

static void more_suspects_than_fit_are_told_and_not_forgotten(void **state)
{
    enum kf_lease_verdict verdict = KF_LEASE_GO;
    char id[8];

    (void)state;
    for (int i = 0; i < KF_LEASE_IDS_MAX; i++) {
        (void)snprintf(id, sizeof id, "x%d", i);
        add(id, id, false, 1, "");
    }
    assert_int_equal(judge(), KF_LEASE_TAKE);
    add("y", "y", false, 1, "");
    assert_int_equal(kf_lease_judge(&lease, &view, TOPIC, &verdict, &err), KF_ERR_PEER);
    assert_non_null(strstr(err.text, TOPIC));
}

static void a_record_says_the_same_after_it_was_written_and_read(void **state)
{
    struct kf_lease_record written = {
        .version = 1, .holder = {"12-34", "host", "id with spaces", UINT64_MAX}, .held = true};
    struct kf_lease_record read = {.version = 0};
    struct kf_header headers[KF_LEASE_HEADERS_MAX];
    char epoch[KF_LEASE_EPOCH_SIZE];

    (void)state;
    kf_lease_ids_add(&written.open, "b");
    kf_lease_ids_add(&written.open, "c d");
    kf_lease_ids_add(&written.open, "b");
    size_t length = kf_lease_record_print(&written, epoch, headers);
    assert_int_equal(length, 8);
    for (size_t i = 0; i < length; i++) {
        kf_lease_record_read(&read, headers[i].name, headers[i].value, headers[i].length);
    }
    assert_memory_equal(&read, &written, sizeof read);
}

/* As they stand in the header's comment, byte by byte: other versions must read them. */
static void the_headers_are_those_of_the_contract(void **state)
{
    static const char *const expected[] = {
        "kf-lease=1",   "kf-publisher=12-34",    "kf-host=host",   "kf-transactional-id=b",
        "kf-epoch=300", "kf-lease-state=taking", "kf-lease-open=c"};
    struct kf_lease_record record = {.version = 1, .holder = {"12-34", "host", "b", 300}};
    struct kf_header headers[KF_LEASE_HEADERS_MAX];
    char epoch[KF_LEASE_EPOCH_SIZE];
    char found[64];

    (void)state;
    kf_lease_ids_add(&record.open, "c");
    assert_int_equal(kf_lease_record_print(&record, epoch, headers), 7);
    for (size_t i = 0; i < 7; i++) {
        (void)snprintf(found, sizeof found, "%s=%.*s", headers[i].name, (int)headers[i].length,
                       headers[i].value);
        assert_string_equal(found, expected[i]);
    }
}

static void headers_that_make_no_sense_change_nothing(void **state)
{
    static const struct kf_lease_record nothing = {.version = 0};
    struct kf_lease_record read = {.version = 0};
    char longest[KF_LEASE_ID_SIZE];

    (void)state;
    memset(longest, 'x', sizeof longest);
    kf_lease_record_read(&read, "kf-lease", "one", 3);
    kf_lease_record_read(&read, "kf-lease", "-1", 2);
    kf_lease_record_read(&read, "kf-epoch", "99999999999999999999", 20);
    kf_lease_record_read(&read, "kf-transactional-id", longest, sizeof longest);
    kf_lease_record_read(&read, "kf-transactional-id", "a\0b", 3);
    kf_lease_record_read(&read, "kf-publisher", longest, KF_PUBLISHER_SIZE);
    kf_lease_record_read(&read, "kf-lease-state", "held by me", 10);
    kf_lease_record_read(&read, "kf-other", "1", 1);
    assert_memory_equal(&read, &nothing, sizeof read);
    kf_lease_record_read(&read, "kf-lease-open", longest, sizeof longest);
    assert_true(read.open.overflow); /* somebody is not to be shut out, and we cannot say who */
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, setup)
    const struct CMUnitTest tests[] = {
        TEST(a_lease_that_nobody_has_is_taken_as_the_first),
        TEST(own_and_alone_it_is_held_at_once),
        TEST(an_earlier_run_with_the_same_id_is_no_suspect),
        TEST(who_had_it_under_another_id_is_shut_out_before_it_is_held),
        TEST(one_that_came_between_reading_and_writing_is_shut_out_too),
        TEST(one_that_came_between_taking_and_settling_is_shut_out_too),
        TEST(what_one_left_open_is_inherited),
        TEST(taking_twice_settles_nothing),
        TEST(who_held_it_stops_when_another_has_it),
        TEST(who_was_overtaken_while_taking_it_stops),
        TEST(the_same_process_number_on_another_host_is_another),
        TEST(a_lease_that_is_gone_is_taken_again),
        TEST(records_that_cannot_be_understood_are_told),
        TEST(more_suspects_than_fit_are_told_and_not_forgotten),
        TEST(a_record_says_the_same_after_it_was_written_and_read),
        TEST(the_headers_are_those_of_the_contract),
        TEST(headers_that_make_no_sense_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
