/* The PDF driver against a real Chromium, and against one that misbehaves (fake_browser.py). */

#include "tools/kf/browser.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "tests/support/cmocka.h"
#include "tools/kf/temporary.h"

#define PATH_SIZE 512
#define SOON_MS   400
#define AMPLE_MS  20000

static char folder[PATH_SIZE]; /* $TMPDIR of this test */
static char page[PATH_SIZE];   /* an HTML file */
static char pdf[PATH_SIZE];
static char count[PATH_SIZE]; /* of processes of the fake */

static const struct kf_browser_sheet sheet = {
    .header = "<div style='font-size:8px'>On every sheet</div>",
    .footer = "<div style='font-size:8px'><span class=pageNumber></span></div>",
};

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
    struct kf_text path;
    (void)state;
    kf_text_init(&path, PATH_SIZE);
    if (kf_temporary_make(0, &path, NULL) != KF_OK) {
        return -1;
    }
    (void)snprintf(folder, sizeof folder, "%s", path.bytes);
    (void)snprintf(page, sizeof page, "%s/a page & more%%.html", path.bytes);
    (void)snprintf(pdf, sizeof pdf, "%s/page.pdf", path.bytes);
    (void)snprintf(count, sizeof count, "%s/count", path.bytes);
    kf_text_clear(&path);
    return setenv("TMPDIR", folder, 1) == 0 && setenv("FAKE_BROWSER_COUNT", count, 1) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    (void)unsetenv("TMPDIR");
    kf_temporary_remove(folder);
    return 0;
}

/* Nothing is left of the browser's folder: neither profile nor log. */
static void assert_tidy(void)
{
    DIR *all = opendir(folder);
    assert_non_null(all);
    for (struct dirent *entry = readdir(all); entry; entry = readdir(all)) {
        if (strncmp(entry->d_name, "kf-", 3) == 0) {
            fail_msg("%s is left", entry->d_name);
        }
    }
    (void)closedir(all);
}

static int open_pdf(void)
{
    write_file(pdf,
               "what stood in the file before is longer than what is printed into it, and of it"
               " nothing may be left");
    int file = open(pdf, O_RDWR | O_CLOEXEC);
    assert_true(file >= 0);
    return file;
}

/* What `command` prints, up to `size` - 1 bytes. */
static void output_of(const char *command, char *text, size_t size)
{
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t length = fread(text, 1, size - 1, pipe);
    text[length] = '\0';
    assert_int_equal(pclose(pipe), 0);
}

/* --- the real one -------------------------------------------------------------------------------
 */

static struct kf_browser *open_real(void)
{
    struct kf_text program;
    struct kf_browser *browser = NULL;
    struct kf_error err = {0};
    kf_text_init(&program, PATH_SIZE);
    if (kf_browser_find(NULL, &program, &err) != KF_OK) {
        fail_msg("%s", err.text);
    }
    struct kf_browser_options options = {.program = program.bytes, .stop = -1, .load_ms = 30000};
    if (kf_browser_open(&options, &browser, &err) != KF_OK) {
        fail_msg("%s", err.text);
    }
    kf_text_clear(&program);
    return browser;
}

static void pages_are_printed_once_they_are_ready_by_one_browser(void **state)
{
    struct kf_browser *browser = open_real();
    char text[4096];
    char command[2 * PATH_SIZE];
    (void)state;
    for (int i = 0; i < 2; i++) {
        char html[1024];
        struct kf_error err = {0};
        int file = open_pdf();
        (void)snprintf(html, sizeof html,
                       "<!doctype html><meta charset=utf-8><title>Sider</title><p id=p>for tidlig"
                       "<script>setTimeout(() => { document.getElementById('p').textContent = "
                       "'Nummer %d: blåbærsyltetøy'; document.documentElement.dataset.ready = "
                       "'true'; }, 200)</script>",
                       i);
        write_file(page, html);
        if (kf_browser_print(browser, page, &sheet, file, &err) != KF_OK) {
            fail_msg("%s", err.text);
        }
        (void)close(file);
        (void)snprintf(command, sizeof command, "pdftotext %s -", pdf);
        output_of(command, text, sizeof text);
        (void)snprintf(html, sizeof html, "Nummer %d: blåbærsyltetøy", i);
        assert_non_null(strstr(text, html));
        assert_null(strstr(text, "for tidlig"));
        assert_non_null(strstr(text, "On every sheet"));
    }
    (void)snprintf(command, sizeof command, "pdfinfo %s", pdf);
    output_of(command, text, sizeof text);
    assert_non_null(strstr(text, "(A4)"));
    assert_non_null(strstr(text, "Tagged:          yes"));
    kf_browser_close(&browser);
    assert_null(browser);
    assert_tidy();
}

static void a_page_that_fails_is_told_with_its_reason_and_the_next_one_is_printed(void **state)
{
    struct kf_browser *browser = open_real();
    struct kf_error err = {0};
    int file = open_pdf();
    (void)state;
    write_file(page, "<!doctype html><script>throw new Error('no figures for 4003')</script>");
    struct kf_browser_sheet none = {NULL, NULL};
    kf_browser_close(&browser);
    struct kf_text program;
    kf_text_init(&program, PATH_SIZE);
    assert_int_equal(kf_browser_find("chromium", &program, &err), KF_OK);
    struct kf_browser_options options = {.program = program.bytes, .stop = -1, .load_ms = 20000};
    assert_int_equal(kf_browser_open(&options, &browser, &err), KF_OK);
    assert_int_equal(kf_browser_print(browser, page, &none, file, &err), KF_ERR_DATA);
    assert_non_null(strstr(err.text, "no figures for 4003"));
    assert_int_equal(kf_browser_print(browser, "/no/such/file.html", &none, file, &err),
                     KF_ERR_DATA);
    assert_non_null(strstr(err.text, "/no/such/file.html"));
    write_file(page, "<!doctype html><html data-ready=true><p>all is well");
    assert_int_equal(kf_browser_print(browser, page, &none, file, &err), KF_OK);
    kf_text_clear(&program);
    (void)close(file);
    kf_browser_close(&browser);
}

static void a_long_path_for_temporary_files_is_no_obstacle(void **state)
{
    char deep[2 * PATH_SIZE];
    (void)state;
    (void)snprintf(deep, sizeof deep, "%s/%080d", folder, 0);
    assert_int_equal(mkdir(deep, 0700), 0);
    assert_int_equal(setenv("TMPDIR", deep, 1), 0);
    struct kf_browser *browser = open_real();
    kf_browser_close(&browser);
    assert_int_equal(rmdir(deep), 0);
    assert_int_equal(setenv("TMPDIR", folder, 1), 0);
}

/* A socket on loopback that a page could connect to; gives its port. */
static int listen_anywhere(unsigned *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(listener >= 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, length), 0);
    assert_int_equal(listen(listener, 8), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
    *port = ntohs(address.sin_port);
    return listener;
}

static void a_page_has_no_network_not_even_loopback(void **state)
{
    struct kf_browser *browser = open_real();
    struct kf_error err = {0};
    char html[1024];
    unsigned port = 0;
    int listener = listen_anywhere(&port);
    int file = open_pdf();
    (void)state;
    (void)snprintf(html, sizeof html,
                   "<!doctype html><img src='http://127.0.0.1:%u/a.png'><script>"
                   "fetch('http://localhost:%u/b', {mode: 'no-cors'})"
                   ".then(() => 'came', () => 'no').then((how) => {"
                   " document.title = how; document.documentElement.dataset.ready = "
                   "String(how === 'no'); })</script>",
                   port, port);
    write_file(page, html);
    if (kf_browser_print(browser, page, &sheet, file, &err) != KF_OK) {
        fail_msg("%s", err.text);
    }
    kf_browser_close(&browser);
    struct pollfd came = {.fd = listener, .events = POLLIN};
    assert_int_equal(poll(&came, 1, 0), 0);
    (void)close(listener);
    (void)close(file);
}

/* --- one that misbehaves ------------------------------------------------------------------------
 */

static enum kf_err open_fake(const char *misdeed, int stop, int wait_ms,
                             struct kf_browser **browser, struct kf_error *err)
{
    struct kf_browser_options options = {
        .program = KF_SOURCE_DIR "/tests/tools/kf/fake_browser.py",
        .stop = stop,
        .start_ms = 20000,
        .load_ms = wait_ms,
        .print_ms = wait_ms,
    };
    (void)remove(count);
    assert_int_equal(setenv("FAKE_BROWSER", misdeed, 1), 0);
    return kf_browser_open(&options, browser, err);
}

static enum kf_err print_fake(const char *misdeed, int wait_ms, struct kf_error *err)
{
    struct kf_browser *browser = NULL;
    enum kf_err code = open_fake(misdeed, -1, wait_ms, &browser, err);
    int file = open_pdf();
    assert_int_equal(code, KF_OK);
    code = kf_browser_print(browser, page, &sheet, file, err);
    (void)close(file);
    kf_browser_close(&browser);
    assert_tidy();
    return code;
}

static size_t processes(void)
{
    FILE *file = fopen(count, "r");
    size_t lines = 0;
    assert_non_null(file);
    for (int c = getc(file); c != EOF; c = getc(file)) {
        lines += c == '\n';
    }
    (void)fclose(file);
    return lines;
}

/* What a browser may do at worst; the silent ones, which take their time, first. */
static const char *const broken[] = {
    "hangs@Page.navigate",     "trickles@Page.printToPDF", "chatters@Page.printToPDF",
    "dies@Page.navigate",      "babbles@Runtime.evaluate", "lists@Page.printToPDF",
    "floods@Page.printToPDF",  "crashes@Runtime.evaluate", "refuses@Page.printToPDF",
    "forgets@Page.printToPDF", "scribbles@IO.read",        "empties@IO.read",
    "faints@IO.read",
};
#define SILENT 3
#define BROKEN (sizeof broken / sizeof broken[0])

static void a_browser_that_fails_once_is_started_anew_and_prints_all(void **state)
{
    (void)state;
    for (size_t i = SILENT; i < BROKEN; i++) {
        char once[128];
        struct kf_error err = {0};
        (void)snprintf(once, sizeof once, "%s@1", broken[i]);
        if (print_fake(once, AMPLE_MS, &err) != KF_OK) {
            fail_msg("%s: %s", once, err.text);
        }
        assert_int_equal(processes(), 2);
        char text[256] = "";
        int file = open(pdf, O_RDONLY | O_CLOEXEC);
        assert_int_equal(read(file, text, sizeof text), 76); /* all of it, and nothing else */
        (void)close(file);
        assert_memory_equal(text + 57, "%PDF-1.4 by nobody\n", 19);
    }
}

static void a_browser_that_fell_silent_is_started_anew_too(void **state)
{
    struct kf_error err = {0};
    (void)state;
    assert_int_equal(print_fake("hangs@Page.navigate@1", 8000, &err), KF_OK);
    assert_int_equal(processes(), 2);
}

static void a_browser_that_fails_again_is_given_up_for_this_file(void **state)
{
    (void)state;
    for (size_t i = 0; i < BROKEN; i++) {
        struct kf_error err = {0};
        enum kf_err code = print_fake(broken[i], i < SILENT ? SOON_MS : AMPLE_MS, &err);
        if (code != KF_ERR_PEER) {
            fail_msg("%s: %d %s", broken[i], code, err.text);
        }
        assert_int_equal(processes(), 2);
    }
}

static void a_message_without_end_is_not_read_to_its_end(void **state)
{
    struct kf_error err = {0};
    (void)state;
    assert_int_equal(print_fake("floods@Page.printToPDF", AMPLE_MS, &err), KF_ERR_PEER);
    if (!strstr(err.text, "a message of more than")) {
        fail_msg("%s", err.text);
    }
}

static void after_a_failure_the_next_file_starts_it_anew(void **state)
{
    struct kf_browser *browser = NULL;
    struct kf_error err = {0};
    int file = open_pdf();
    (void)state;
    assert_int_equal(open_fake("dies@Page.navigate@2", -1, AMPLE_MS, &browser, &err), KF_OK);
    assert_int_equal(kf_browser_print(browser, page, &sheet, file, &err), KF_ERR_PEER);
    assert_int_equal(kf_browser_print(browser, page, &sheet, file, &err), KF_OK);
    assert_int_equal(processes(), 3);
    kf_browser_close(&browser);
    (void)close(file);
}

static void what_is_the_pages_fault_is_not_tried_again(void **state)
{
    struct kf_error err = {0};
    (void)state;
    assert_int_equal(print_fake("misses@Page.navigate", AMPLE_MS, &err), KF_ERR_DATA);
    assert_non_null(strstr(err.text, "ERR_FILE_NOT_FOUND"));
    assert_int_equal(processes(), 1);
    assert_int_equal(print_fake("unready@Runtime.evaluate", AMPLE_MS, &err), KF_ERR_DATA);
    assert_int_equal(processes(), 1);
}

static void a_file_that_cannot_be_written_is_not_the_browsers_fault(void **state)
{
    struct kf_browser *browser = NULL;
    struct kf_error err = {0};
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    (void)state;
    assert_int_equal(open_fake("none@none", -1, AMPLE_MS, &browser, &err), KF_OK);
    assert_int_equal(kf_browser_print(browser, page, &sheet, full, &err), KF_ERR_IO);
    (void)close(full);
    int file = open_pdf();
    assert_int_equal(kf_browser_print(browser, page, &sheet, file, &err), KF_OK);
    (void)close(file);
    assert_int_equal(processes(), 1);
    kf_browser_close(&browser);
}

static void a_browser_that_does_not_start_is_told_with_what_it_says(void **state)
{
    struct kf_browser *browser = NULL;
    struct kf_error err = {0};
    (void)state;
    assert_int_equal(open_fake("dies@Target.createTarget", -1, AMPLE_MS, &browser, &err),
                     KF_ERR_PEER);
    assert_non_null(strstr(err.text, "it hurts"));
    struct kf_browser_options options = {.program = "/bin/true", .stop = -1};
    assert_int_equal(kf_browser_open(&options, &browser, &err), KF_ERR_PEER);
    assert_non_null(strstr(err.text, "/bin/true"));
    assert_null(browser);
    assert_tidy();
}

static void a_signal_ends_what_is_under_way_at_once(void **state)
{
    struct kf_browser *browser = NULL;
    struct kf_error err = {0};
    int ends[2];
    int file = open_pdf();
    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(open_fake("hangs@Page.navigate", ends[0], AMPLE_MS, &browser, &err), KF_OK);
    assert_int_equal(write(ends[1], "x", 1), 1);
    assert_int_equal(kf_browser_print(browser, page, &sheet, file, &err), KF_ERR_AGAIN);
    kf_browser_close(&browser);
    assert_int_equal(processes(), 1);
    assert_tidy();
    (void)close(ends[0]);
    (void)close(ends[1]);
    (void)close(file);
}

/* --- finding it ---------------------------------------------------------------------------------
 */

static void a_program_is_found_on_the_path_or_the_remedy_is_told(void **state)
{
    struct kf_text program;
    struct kf_error err = {0};
    char before[4096];
    char there[2 * PATH_SIZE];
    (void)state;
    kf_text_init(&program, PATH_SIZE);
    (void)snprintf(before, sizeof before, "%s", getenv("PATH"));
    assert_int_equal(setenv("PATH", folder, 1), 0);
    assert_int_equal(kf_browser_find(NULL, &program, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "apt install chromium"));
    assert_int_equal(kf_browser_find("mosaic", &program, &err), KF_ERR_CONFIG);
    assert_non_null(strstr(err.text, "--browser mosaic"));
    (void)snprintf(there, sizeof there, "%s/google-chrome", folder);
    write_file(there, "#!/bin/sh\n");
    assert_int_equal(kf_browser_find(NULL, &program, &err), KF_ERR_CONFIG);
    assert_int_equal(chmod(there, 0755), 0);
    assert_int_equal(kf_browser_find(NULL, &program, &err), KF_OK);
    assert_string_equal(program.bytes, there);
    assert_int_equal(setenv("PATH", before, 1), 0);
    kf_text_clear(&program);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_printed_once_they_are_ready_by_one_browser),
        cmocka_unit_test(a_page_that_fails_is_told_with_its_reason_and_the_next_one_is_printed),
        cmocka_unit_test(a_long_path_for_temporary_files_is_no_obstacle),
        cmocka_unit_test(a_page_has_no_network_not_even_loopback),
        cmocka_unit_test(a_browser_that_fails_once_is_started_anew_and_prints_all),
        cmocka_unit_test(a_browser_that_fell_silent_is_started_anew_too),
        cmocka_unit_test(a_browser_that_fails_again_is_given_up_for_this_file),
        cmocka_unit_test(a_message_without_end_is_not_read_to_its_end),
        cmocka_unit_test(after_a_failure_the_next_file_starts_it_anew),
        cmocka_unit_test(what_is_the_pages_fault_is_not_tried_again),
        cmocka_unit_test(a_file_that_cannot_be_written_is_not_the_browsers_fault),
        cmocka_unit_test(a_browser_that_does_not_start_is_told_with_what_it_says),
        cmocka_unit_test(a_signal_ends_what_is_under_way_at_once),
        cmocka_unit_test(a_program_is_found_on_the_path_or_the_remedy_is_told),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
