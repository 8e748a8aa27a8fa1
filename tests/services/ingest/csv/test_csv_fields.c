/* Splitting a line of CSV; expectations follow RFC 4180 by hand. */
#include "tests/support/cmocka.h"

#include <string.h>

#include "services/ingest/csv/csv_fields.h"

#define FIELDS_MAX 16

static char scratch[4096];
static struct kf_csv_field fields[FIELDS_MAX];
static size_t count;

static enum kf_csv_fault split(const char *line)
{
    const struct kf_csv_line whole = {line, strlen(line), ','};
    return kf_csv_split(&whole, scratch, fields, FIELDS_MAX, &count);
}

static void expect(size_t i, const char *text)
{
    assert_true(i < count);
    assert_int_equal(fields[i].length, strlen(text));
    assert_memory_equal(fields[i].text, text, strlen(text));
}

static void an_empty_line_is_one_empty_field(void **state)
{
    (void)state;
    assert_int_equal(split(""), KF_CSV_SOUND);
    assert_int_equal(count, 1);
    expect(0, "");
}

static void commas_separate_and_empty_fields_count(void **state)
{
    (void)state;
    assert_int_equal(split("a,,b,"), KF_CSV_SOUND);
    assert_int_equal(count, 4);
    expect(0, "a");
    expect(1, "");
    expect(2, "b");
    expect(3, "");
}

static void quotes_hold_commas_and_doubled_quotes(void **state)
{
    (void)state;
    assert_int_equal(split("\"a,b\",\"say \"\"x\"\"\",\"\",\"\"\"\",z"), KF_CSV_SOUND);
    assert_int_equal(count, 5);
    expect(0, "a,b");
    expect(1, "say \"x\"");
    expect(2, "");
    expect(3, "\"");
    expect(4, "z");
}

static void a_quote_inside_a_plain_field_is_text(void **state)
{
    (void)state;
    assert_int_equal(split("5\" pipe,b"), KF_CSV_SOUND);
    expect(0, "5\" pipe");
}

static void an_open_quote_is_a_fault(void **state)
{
    (void)state;
    assert_int_equal(split("\"a,b"), KF_CSV_QUOTE_OPEN);
    assert_int_equal(split("\""), KF_CSV_QUOTE_OPEN);
    assert_int_equal(split("a,\"b\"\""), KF_CSV_QUOTE_OPEN);
}

static void text_beside_quotes_is_a_fault(void **state)
{
    (void)state;
    assert_int_equal(split("\"a\"b,c"), KF_CSV_QUOTE_STRAY);
}

static void fields_beyond_the_limit_are_counted_and_not_kept(void **state)
{
    (void)state;
    char line[100];
    memset(line, ',', 40);
    line[40] = '\0';
    assert_int_equal(split(line), KF_CSV_SOUND);
    assert_int_equal(count, 41);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_line_is_one_empty_field),
        cmocka_unit_test(commas_separate_and_empty_fields_count),
        cmocka_unit_test(quotes_hold_commas_and_doubled_quotes),
        cmocka_unit_test(a_quote_inside_a_plain_field_is_text),
        cmocka_unit_test(an_open_quote_is_a_fault),
        cmocka_unit_test(text_beside_quotes_is_a_fault),
        cmocka_unit_test(fields_beyond_the_limit_are_counted_and_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
