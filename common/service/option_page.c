/* What the table of options says to people: the help page and the reference. */
#include <ctype.h>
#include <string.h>

#include "common/service/option.h"
#include "common/service/option_value.h"

#define PAGE_COLUMNS 84
#define HELP_INDENT  6

static const char *const placeholders[] = {
    [KF_OPTION_TEXT] = "VALUE",        [KF_OPTION_WHOLE] = "N",
    [KF_OPTION_BYTES] = "SIZE",        [KF_OPTION_DURATION_MS] = "TIME",
    [KF_OPTION_FLAG] = "[=BOOLEAN]",   [KF_OPTION_CHOICE] = "WORD",
    [KF_OPTION_ENDPOINT] = "ENDPOINT", [KF_OPTION_ENDPOINTS] = "ENDPOINT,…",
    [KF_OPTION_ADDRESS] = "ADDRESS",
};

void kf_option_environment(const struct kf_option *option, char name[KF_OPTION_NAME_SIZE])
{
    size_t used = 0;
    for (const char *c = "KF_"; *c; c++) {
        name[used++] = *c;
    }
    for (const char *c = option->name; *c && used < KF_OPTION_NAME_SIZE - 1; c++) {
        name[used++] = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
    }
    name[used] = '\0';
}

/* Appends `text` broken at spaces, each line indented, with a final line end. */
static void add_wrapped(struct kf_text *page, const char *text)
{
    size_t column = 0;
    while (*text) {
        size_t word = strcspn(text, " ");
        if (column > 0 && column + 1 + word > PAGE_COLUMNS) {
            kf_text_add_char(page, '\n');
            column = 0;
        }
        if (column == 0) {
            kf_text_add_format(page, "%*s", HELP_INDENT, "");
            column = HELP_INDENT;
        } else {
            kf_text_add_char(page, ' ');
            column++;
        }
        kf_text_add_bytes(page, text, word);
        column += word;
        text += word;
        text += strspn(text, " ");
    }
    kf_text_add_char(page, '\n');
}

/* "1 to 64", "one of `a`, `b`", or nothing. */
static void add_range(const struct kf_option *option, const char *quote, struct kf_text *page)
{
    if (option->type == KF_OPTION_CHOICE) {
        for (const char *c = option->choices; *c;) {
            size_t word = strcspn(c, "|");
            kf_text_add_format(page, "%s%s%.*s%s", c == option->choices ? "" : ", ", quote,
                               (int)word, c, quote);
            c += word;
            c += *c == '|';
        }
        return;
    }
    if (kf_option_is_bounded(option)) {
        kf_option_number_print(option->type, option->minimum, page);
        kf_text_add(page, " to ");
        kf_option_number_print(option->type, option->maximum, page);
    }
    if (kf_option_is_number(option) && option->choices) {
        kf_text_add_format(page, ", or %s%s%s", quote, option->choices, quote);
    }
}

static bool has_range(const struct kf_option *option)
{
    return option->type == KF_OPTION_CHOICE || kf_option_is_bounded(option);
}

static void add_option(const struct kf_option *option, struct kf_text *page)
{
    char environment[KF_OPTION_NAME_SIZE];
    kf_option_environment(option, environment);
    kf_text_add_format(page, "  --%s%s%s\n", option->name,
                       option->type == KF_OPTION_FLAG ? "" : " ", placeholders[option->type]);
    struct kf_text facts;
    kf_text_init(&facts, 4096);
    kf_text_add(&facts, option->help);
    if (has_range(option)) {
        kf_text_add(&facts, " Values: ");
        add_range(option, "", &facts);
        kf_text_add_char(&facts, '.');
    }
    if (!option->initial) {
        kf_text_add(&facts, " Required.");
    } else if (option->initial[0]) {
        kf_text_add_format(&facts, " Default: %s.", option->initial);
    }
    kf_text_add_format(&facts, " Environment: %s.", environment);
    page->failed = page->failed || facts.failed;
    add_wrapped(page, facts.bytes);
    kf_text_clear(&facts);
}

static bool same_group(const struct kf_option *a, const struct kf_option *b)
{
    return kf_text_equal(a->group, b->group);
}

static bool is_first_of_group(const struct kf_option *options, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (same_group(&options[i], &options[index])) {
            return false;
        }
    }
    return true;
}

typedef void print_option(const struct kf_option *option, struct kf_text *page);

/* The program's own options first, then the other groups in the order of the table. */
static void for_each_group(const struct kf_option *options, size_t options_len,
                           void (*heading)(const char *group, struct kf_text *page),
                           print_option *print, struct kf_text *page)
{
    for (int own = 1; own >= 0; own--) {
        for (size_t i = 0; i < options_len; i++) {
            if ((options[i].group == NULL) != own || !is_first_of_group(options, i)) {
                continue;
            }
            heading(options[i].group, page);
            for (size_t j = i; j < options_len; j++) {
                if (same_group(&options[i], &options[j])) {
                    print(&options[j], page);
                }
            }
        }
    }
}

static void add_heading(const char *group, struct kf_text *page)
{
    kf_text_add_format(page, "\n%s:\n", group ? group : "Options");
}

static bool has_option(const struct kf_option *options, size_t options_len, const char *name)
{
    for (size_t i = 0; i < options_len; i++) {
        if (strcmp(options[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* What a package calls a program's settings: without the "kf-" that all programs have. */
static const char *settings_of(const char *program)
{
    return strncmp(program, "kf-", 3) == 0 ? program + 3 : program;
}

static void add_example(const char *program, const struct kf_option *options, size_t options_len,
                        struct kf_text *page)
{
    kf_text_add_format(page, "\nExample:\n  %s", program);
    if (has_option(options, options_len, "config")) {
        kf_text_add_format(page, " --config /etc/kostraflow/%s.yaml", settings_of(program));
    }
    for (size_t i = 0; i < options_len; i++) {
        if (!options[i].initial) {
            kf_text_add_format(page, " --%s %s", options[i].name, placeholders[options[i].type]);
        }
    }
    if (has_option(options, options_len, "log-level")) {
        kf_text_add(page, " --log-level debug");
    }
    kf_text_add_char(page, '\n');
}

void kf_options_help(const char *program, const char *about, const struct kf_option *options,
                     size_t options_len, struct kf_text *page)
{
    kf_text_add_format(page, "Usage: %s [--OPTION VALUE | --OPTION=VALUE]...\n\n%s\n", program,
                       about);
    for_each_group(options, options_len, add_heading, add_option, page);
    kf_text_add(page,
                "\nInstead of running:\n"
                "  --help              this page\n"
                "  --version           name and version\n"
                "  --check-config      tell all faults of the settings, or that there are none\n"
                "  --config-reference  the options as a Markdown table\n");
    kf_text_add(page, "\nCommand line before environment before settings file before default.\n");
    add_example(program, options, options_len, page);
    kf_text_add(page, "\nExit codes:\n"
                      "  0  clean\n"
                      "  1  failed, or had to leave something undelivered\n"
                      "  2  usage or configuration\n");
}

/* --- the reference --------------------------------------------------------------------------- */

static void add_reference_heading(const char *group, struct kf_text *page)
{
    if (page->length > 0) {
        kf_text_add_char(page, '\n');
    }
    if (group) {
        kf_text_add_format(page, "%s:\n\n", group);
    }
    kf_text_add(page, "| Option | Environment | Default | Values | Meaning |\n"
                      "|---|---|---|---|---|\n");
}

static void add_default(const struct kf_option *option, struct kf_text *page)
{
    if (!option->initial) {
        kf_text_add(page, "required");
    } else if (option->initial[0]) {
        kf_text_add_format(page, "`%s`", option->initial);
    }
}

/* A bar would end the cell. */
static void add_escaped(const char *text, struct kf_text *page)
{
    for (const char *c = text; *c; c++) {
        kf_text_add(page, *c == '|' ? "\\" : "");
        kf_text_add_char(page, *c);
    }
}

static void add_reference(const struct kf_option *option, struct kf_text *page)
{
    char environment[KF_OPTION_NAME_SIZE];
    kf_option_environment(option, environment);
    kf_text_add_format(page, "| `--%s` | `%s` | ", option->name, environment);
    add_default(option, page);
    kf_text_add(page, " | ");
    if (has_range(option)) {
        add_range(option, "`", page);
    } else if (option->type == KF_OPTION_FLAG) {
        kf_text_add(page, "`true`, `false`");
    }
    kf_text_add(page, " | ");
    add_escaped(option->help, page);
    kf_text_add(page, " |\n");
}

void kf_options_reference(const struct kf_option *options, size_t options_len, struct kf_text *page)
{
    for_each_group(options, options_len, add_reference_heading, add_reference, page);
}
