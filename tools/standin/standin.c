#include "tools/standin/standin.h"

#include <errno.h>
#include <stdio.h>

#define PAGE_BYTES_MAX 65536

static void print_help(const struct kf_standin *class_, struct kf_text *page)
{
    struct kf_text about;

    kf_text_init(&about, PAGE_BYTES_MAX);
    class_->about(&about);
    kf_options_help(class_->name, about.bytes, class_->options, class_->options_len, page);
    kf_text_clear(&about);
}

static int print_page(const struct kf_standin *class_, enum kf_command command)
{
    struct kf_text page;

    kf_text_init(&page, PAGE_BYTES_MAX);
    if (command == KF_COMMAND_HELP) {
        print_help(class_, &page);
    } else if (command == KF_COMMAND_CONFIG_REFERENCE) {
        kf_options_reference(class_->options, class_->options_len, &page);
    } else {
        kf_text_add_format(&page, "%s " KF_VERSION "\n", class_->name);
    }
    int written = fputs(page.bytes, stdout);
    kf_text_clear(&page);
    return written < 0 || fflush(stdout) != 0 ? 1 : 0;
}

static int complain(const struct kf_standin *class_, const struct kf_findings *findings,
                    const struct kf_error *err)
{
    struct kf_text text;

    kf_text_init(&text, PAGE_BYTES_MAX);
    kf_findings_print(findings, &text);
    fprintf(stderr, "%s%s: %s\n", text.bytes, class_->name, err->text);
    kf_text_clear(&text);
    return err->code == KF_ERR_CONFIG ? 2 : 1;
}

static void end_signals(sigset_t *ends)
{
    sigemptyset(ends);
    sigaddset(ends, SIGTERM);
    sigaddset(ends, SIGINT);
}

/* Before any thread starts, so that each inherits it and only sigwait sees the signals. */
static void block_signals(void)
{
    sigset_t ends;

    end_signals(&ends);
    sigprocmask(SIG_BLOCK, &ends, NULL);
}

static enum kf_err run(const struct kf_standin *class_, const struct kf_settings *settings,
                       bool check_only, struct kf_findings *findings, struct kf_error *err)
{
    if (check_only) {
        return class_->check ? class_->check(settings, findings, err) : KF_OK;
    }
    block_signals();
    return class_->run(settings, findings, err);
}

int kf_standin_main(const struct kf_standin *class_, int argc, char **argv)
{
    static struct kf_findings findings;
    struct kf_settings *settings = NULL;
    enum kf_command command = KF_COMMAND_RUN;
    struct kf_error err;
    int exit_code = 0;

    kf_findings_init(&findings);
    struct kf_command_line line = {
        .options = class_->options, .options_len = class_->options_len, .argc = argc, .argv = argv};
    enum kf_err result = kf_settings_read(&line, &settings, &command, &findings, &err);
    if (result == KF_OK && command != KF_COMMAND_RUN && command != KF_COMMAND_CHECK_CONFIG) {
        return print_page(class_, command);
    }
    if (result == KF_OK) {
        result = run(class_, settings, command == KF_COMMAND_CHECK_CONFIG, &findings, &err);
    }
    if (result != KF_OK) {
        exit_code = complain(class_, &findings, &err);
    }
    kf_settings_destroy(&settings);
    kf_findings_clear(&findings);
    return exit_code;
}

/* --- serving ------------------------------------------------------------------------------- */

static bool write_line(const char *path, const char *line)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        return false;
    }
    bool written = fprintf(file, "%s\n", line) > 0;
    return fclose(file) == 0 && written;
}

/* Written beside and renamed, so that whoever waits for the file finds the whole of it. */
static enum kf_err write_port(const char *path, const char *port, struct kf_error *err)
{
    struct kf_text beside;
    enum kf_err result = KF_OK;

    kf_text_init(&beside, PAGE_BYTES_MAX);
    kf_text_add_format(&beside, "%s.new", path);
    if (beside.failed || !write_line(beside.bytes, port) || rename(beside.bytes, path) != 0) {
        result = kf_error_set_errno(err, KF_ERR_CONFIG, errno, "cannot write %s", path);
    }
    kf_text_clear(&beside);
    return result;
}

enum kf_err kf_standin_serve(const char *address, const char *port, const char *port_file,
                             struct kf_error *err)
{
    sigset_t ends;
    int received;
    enum kf_err result = KF_OK;

    if (printf("%s\n", address) < 0 || fflush(stdout) != 0) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "cannot write the address");
    }
    if (*port_file != '\0') {
        result = write_port(port_file, port, err);
    }
    if (result == KF_OK) {
        end_signals(&ends);
        sigwait(&ends, &received);
    }
    return result;
}
