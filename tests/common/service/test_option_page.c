#include "tests/support/cmocka.h"

#include <string.h>

#include "common/base/memory.h"
#include "common/service/option.h"

static const struct kf_option options[] = {
    {.name = "config",
     .type = KF_OPTION_TEXT,
     .initial = "",
     .help = "Settings file.",
     .group = "Options of all services"},
    {.name = "window",
     .type = KF_OPTION_WHOLE,
     .initial = "8",
     .minimum = 1,
     .maximum = 64,
     .help = "Panels in flight."},
    {.name = "format",
     .type = KF_OPTION_CHOICE,
     .initial = "json",
     .choices = "json|protobuf",
     .help = "Encoding, a|b."},
    {.name = "inbox", .type = KF_OPTION_TEXT, .help = "Watched folder."},
};
#define OPTIONS (sizeof options / sizeof options[0])

static void the_reference_is_a_markdown_table_for_each_group(void **state)
{
    (void)state;
    struct kf_text page;
    kf_text_init(&page, 65536);
    kf_options_reference(options, OPTIONS, &page);
    assert_false(page.failed);
    assert_string_equal(page.bytes,
                        "| Option | Environment | Default | Values | Meaning |\n"
                        "|---|---|---|---|---|\n"
                        "| `--window` | `KF_WINDOW` | `8` | 1 to 64 | Panels in flight. |\n"
                        "| `--format` | `KF_FORMAT` | `json` | `json`, `protobuf` | "
                        "Encoding, a\\|b. |\n"
                        "| `--inbox` | `KF_INBOX` | required |  | Watched folder. |\n"
                        "\n"
                        "Options of all services:\n"
                        "\n"
                        "| Option | Environment | Default | Values | Meaning |\n"
                        "|---|---|---|---|---|\n"
                        "| `--config` | `KF_CONFIG` |  |  | Settings file. |\n");
    kf_text_clear(&page);
}

static void the_help_page_teaches(void **state)
{
    (void)state;
    static const char *const taught[] = {
        "Usage: kf-test ",
        "Computes things.",
        "  --window N\n      Panels in flight. Values: 1 to 64. Default: 8. Environment: "
        "KF_WINDOW.",
        "Values: json, protobuf.",
        "      Watched folder. Required. Environment: KF_INBOX.",
        "Options of all services:\n  --config VALUE\n",
        "--check-config",
        "Example:\n  kf-test --config /etc/kostraflow/test.yaml --inbox VALUE\n",
        "Exit codes:\n  0  clean\n",
    };
    struct kf_text page;
    kf_text_init(&page, 65536);
    kf_options_help("kf-test", "Computes things.", options, OPTIONS, &page);
    assert_false(page.failed);
    for (size_t i = 0; i < sizeof taught / sizeof taught[0]; i++) {
        if (!strstr(page.bytes, taught[i])) {
            fail_msg("not on the help page: %s\n%s", taught[i], page.bytes);
        }
    }
    assert_true(strstr(page.bytes, "--window") < strstr(page.bytes, "--config VALUE"));
    kf_text_clear(&page);
}

static void help_lines_stay_within_a_screen(void **state)
{
    (void)state;
    char help[600];
    memset(help, 0, sizeof help);
    for (size_t i = 0; i + 8 < sizeof help; i += 6) {
        memcpy(help + i, "words ", 6);
    }
    const struct kf_option wordy = {
        .name = "wordy", .type = KF_OPTION_TEXT, .initial = "", .help = help};
    struct kf_text page;
    kf_text_init(&page, 65536);
    kf_options_help("kf-test", "", &wordy, 1, &page);
    for (const char *line = page.bytes; *line;) {
        size_t length = strcspn(line, "\n");
        assert_true(length <= 84);
        line += length + (line[length] == '\n');
    }
    kf_text_clear(&page);
}

static void a_page_without_memory_is_marked_as_failed(void **state)
{
    (void)state;
    bool failed = true;
    int64_t n = 0;
    for (; failed && n < 1000; n++) {
        struct kf_text page;
        kf_text_init(&page, 65536);
        kf_memory_fail_after(n);
        kf_options_help("kf-test", "Computes things.", options, OPTIONS, &page);
        kf_memory_fail_after(-1);
        failed = page.failed;
        kf_text_clear(&page);
    }
    assert_false(failed);
    assert_true(n > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_is_a_markdown_table_for_each_group),
        cmocka_unit_test(the_help_page_teaches),
        cmocka_unit_test(help_lines_stay_within_a_screen),
        cmocka_unit_test(a_page_without_memory_is_marked_as_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
