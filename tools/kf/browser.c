#include "tools/kf/browser.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "tools/kf/browser_process.h"
#include "tools/kf/temporary.h"

#define PATH_BYTES_MAX 4096
#define FAREWELL_MS    2000
#define COMPLAINT_MAX  1024
/* so that the path of a socket that Chromium makes in a folder in it has room in 107 bytes */
#define FOLDER_LENGTH_MAX 60

struct kf_browser {
    struct kf_browser_options options;
    struct kf_text program; /* of the options */
    struct kf_text folder;
    struct kf_browser_process process;
    struct kf_browser_page page;
};

/* --- the program --------------------------------------------------------------------------------
 */

static bool can_run(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode) && access(path, X_OK) == 0;
}

/* Puts the first program of this name on the PATH into `program`; nothing when there is none. */
static void look_on_path(const char *name, struct kf_text *program)
{
    const char *folders = getenv("PATH");
    while (folders && *folders) {
        size_t length = strcspn(folders, ":");
        kf_text_reset(program);
        kf_text_add_bytes(program, folders, length);
        kf_text_add(program, length > 0 ? "/" : "");
        kf_text_add(program, name);
        if (!program->failed && can_run(program->bytes)) {
            return;
        }
        folders += length + (folders[length] == ':');
    }
    kf_text_reset(program);
}

static enum kf_err find_given(const char *given, struct kf_text *program, struct kf_error *err)
{
    if (!strchr(given, '/')) {
        look_on_path(given, program);
    } else if (can_run(given)) {
        kf_text_add(program, given);
    }
    return program->length > 0
               ? KF_OK
               : kf_error_set(err, KF_ERR_CONFIG,
                              "--browser %s: there is no such program; give the path of a "
                              "Chromium or Chrome",
                              given);
}

enum kf_err kf_browser_find(const char *given, struct kf_text *program, struct kf_error *err)
{
    static const char *const names[] = {"chromium",      "chromium-browser",
                                        "google-chrome", "google-chrome-stable",
                                        "chrome",        "chrome-headless-shell"};
    if (given) {
        return find_given(given, program, err);
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0] && program->length == 0; i++) {
        look_on_path(names[i], program);
    }
    return program->length > 0
               ? KF_OK
               : kf_error_set(
                     err, KF_ERR_CONFIG,
                     "a PDF is printed by Chromium, and there is none on the PATH: install "
                     "it (Debian: apt install chromium), elsewhere name one with --browser "
                     "PROGRAM, or write HTML, which needs none");
}

/* --- life ---------------------------------------------------------------------------------------
 */

static int64_t deadline(int given_ms, int usual_ms)
{
    return kf_clock_monotonic_ms() + (given_ms > 0 ? given_ms : usual_ms);
}

/* Ends the process, by asking it when it is sound. */
static void end_process(struct kf_browser *self, bool sound)
{
    if (self->process.pid > 0 && sound) {
        kf_browser_page_farewell(&self->page, kf_clock_monotonic_ms() + FAREWELL_MS);
    }
    kf_browser_page_clear(&self->page);
    kf_browser_process_stop(&self->process);
}

static void add_complaint(const struct kf_browser *self, struct kf_error *err)
{
    struct kf_text said;
    kf_text_init(&said, COMPLAINT_MAX);
    kf_browser_process_complaint(self->folder.bytes, &said);
    if (said.length > 0) {
        (void)kf_error_set(err, err->code, "%s; it says: %s", err->text, said.bytes);
    }
    kf_text_clear(&said);
}

static enum kf_err start(struct kf_browser *self, struct kf_error *err)
{
    struct kf_error first = {0};
    int64_t until_ms = deadline(self->options.start_ms, KF_BROWSER_START_MS);
    enum kf_err code =
        kf_browser_process_start(self->options.program, self->folder.bytes, &self->process, err);
    if (code != KF_OK) {
        return code;
    }
    code = kf_browser_page_open(&self->page, self->process.channel, self->options.stop, until_ms,
                                &first);
    if (code != KF_OK) {
        end_process(self, false);
    }
    if (code == KF_ERR_PEER) {
        (void)kf_error_set(err, code, "%s cannot be used: %s", self->options.program, first.text);
        add_complaint(self, err);
    } else if (code != KF_OK) {
        (void)kf_error_set(err, code, "%s", first.text);
    }
    return code;
}

enum kf_err kf_browser_open(const struct kf_browser_options *options, struct kf_browser **browser,
                            struct kf_error *err)
{
    struct kf_browser *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a browser");
    }
    self->options = *options;
    kf_text_init(&self->program, PATH_BYTES_MAX);
    kf_text_add(&self->program, options->program);
    self->options.program = self->program.bytes;
    kf_text_init(&self->folder, PATH_BYTES_MAX);
    kf_browser_pipe_init(&self->page.pipe, -1, -1);
    enum kf_err code = self->program.failed
                           ? kf_error_set(err, KF_ERR_MEMORY, "no memory for a path")
                           : kf_temporary_make(FOLDER_LENGTH_MAX, &self->folder, err);
    if (code == KF_OK) {
        code = start(self, err);
    }
    if (code != KF_OK) {
        kf_browser_close(&self);
        return code;
    }
    *browser = self;
    return KF_OK;
}

void kf_browser_close(struct kf_browser **self)
{
    if (!*self) {
        return;
    }
    end_process(*self, true);
    if ((*self)->folder.length > 0) {
        kf_temporary_remove((*self)->folder.bytes);
    }
    kf_text_clear(&(*self)->folder);
    kf_text_clear(&(*self)->program);
    kf_free(*self);
    *self = NULL;
}

const char *kf_browser_folder(const struct kf_browser *self)
{
    return self->folder.bytes;
}

/* --- printing -----------------------------------------------------------------------------------
 */

static enum kf_err print_once(struct kf_browser *self, const char *path,
                              const struct kf_browser_sheet *sheet, int file, struct kf_error *err)
{
    if (ftruncate(file, 0) != 0 || lseek(file, 0, SEEK_SET) < 0) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "cannot write");
    }
    enum kf_err code = self->process.pid > 0 ? KF_OK : start(self, err);
    if (code == KF_OK) {
        code = kf_browser_page_load(&self->page, path,
                                    deadline(self->options.load_ms, KF_BROWSER_LOAD_MS), err);
    }
    if (code == KF_OK) {
        code = kf_browser_page_print(&self->page, sheet, file, KF_BROWSER_PDF_BYTES_MAX,
                                     deadline(self->options.print_ms, KF_BROWSER_PRINT_MS), err);
    }
    if (code != KF_OK && code != KF_ERR_DATA && code != KF_ERR_LIMIT && code != KF_ERR_IO) {
        end_process(self, false);
    }
    return code;
}

enum kf_err kf_browser_print(struct kf_browser *self, const char *path,
                             const struct kf_browser_sheet *sheet, int file, struct kf_error *err)
{
    struct kf_error first = {0};
    enum kf_err code = print_once(self, path, sheet, file, &first);
    if (code == KF_ERR_PEER) {
        return print_once(self, path, sheet, file, err);
    }
    return code == KF_OK ? KF_OK : kf_error_set(err, code, "%s", first.text);
}
