#include "tools/kf/report_meter.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/cmocka.h"

static char *printed;
static size_t printed_len;

static void assert_printed(FILE *out, const char *expected)
{
    (void)fclose(out);
    assert_string_equal(printed, expected);
    free(printed);
}

static void a_terminal_has_one_line_that_changes(void **state)
{
    struct kf_report_meter meter;
    FILE *out = open_memstream(&printed, &printed_len);
    (void)state;
    kf_report_meter_init(&meter, out, true);
    kf_report_meter_count(&meter, 0, 3, "Skien");
    kf_report_meter_count(&meter, 1, 3, "Porsgrunn"); /* too soon after the first */
    meter.told_ms = 0;
    kf_report_meter_count(&meter, 2, 3, "Siljan");
    kf_report_meter_clear(&meter);
    kf_report_meter_clear(&meter);
    assert_printed(out, "\r\033[K  0 of 3: Skien\r\033[K  2 of 3: Siljan\r\033[K");
}

static void elsewhere_a_line_is_printed_now_and_then(void **state)
{
    struct kf_report_meter meter;
    FILE *out = open_memstream(&printed, &printed_len);
    (void)state;
    kf_report_meter_init(&meter, out, false);
    kf_report_meter_tell(&meter, "%d records", 1);
    meter.told_ms -= KF_REPORT_METER_EVERY_MS;
    kf_report_meter_tell(&meter, "%d records", 2);
    kf_report_meter_clear(&meter);
    assert_printed(out, "2 records\n");
}

static void what_is_left_is_foretold_from_what_was_spent(void **state)
{
    struct kf_report_meter meter;
    FILE *out = open_memstream(&printed, &printed_len);
    (void)state;
    kf_report_meter_init(&meter, out, true);
    meter.begun_ms -= 10400;
    kf_report_meter_count(&meter, 1, 11, "Skien"); /* ten times 10.4 s */
    assert_printed(out, "\r\033[K  1 of 11, about 105 s left: Skien");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_terminal_has_one_line_that_changes),
        cmocka_unit_test(elsewhere_a_line_is_printed_now_and_then),
        cmocka_unit_test(what_is_left_is_foretold_from_what_was_spent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
