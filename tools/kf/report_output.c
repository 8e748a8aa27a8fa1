#include "tools/kf/report_output.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "common/base/memory.h"
#include "tools/kf/browser.h"
#include "tools/kf/new_file.h"
#include "tools/kf/report_page.h"
#include "tools/kf/report_places.h"
#include "tools/kf/report_template.h"

#define PATH_BYTES_MAX  4096
#define SHEET_BYTES_MAX 4096
#define PAGE_NAME       "report.html"

struct kf_report_output {
    struct kf_report_place place;
    struct kf_browser *browser; /* NULL unless PDF is written */
    int stop;
};

/* --- the place ----------------------------------------------------------------------------------
 */

static const char *const endings[] = {[KF_REPORT_HTML] = ".html", [KF_REPORT_PDF] = ".pdf"};

static bool ends_with(const char *text, const char *ending)
{
    size_t length = strlen(text);
    size_t end = strlen(ending);
    return length > end && strcmp(text + length - end, ending) == 0;
}

static bool is_folder(const char *path)
{
    struct stat about;
    return ends_with(path, "/") || (stat(path, &about) == 0 && S_ISDIR(about.st_mode));
}

/* The format that a file's ending stands for. */
static bool format_of_file(const char *path, enum kf_report_format *format)
{
    bool html = ends_with(path, endings[KF_REPORT_HTML]);
    *format = html ? KF_REPORT_HTML : KF_REPORT_PDF;
    return html || ends_with(path, endings[KF_REPORT_PDF]);
}

static enum kf_err format_of_word(const char *word, enum kf_report_format *format,
                                  struct kf_error *err)
{
    bool pdf = word && strcmp(word, "pdf") == 0;
    if (word && !pdf && strcmp(word, "html") != 0) {
        return kf_error_set(err, KF_ERR_CONFIG, "--format %s: html or pdf", word);
    }
    *format = pdf ? KF_REPORT_PDF : KF_REPORT_HTML;
    return KF_OK;
}

enum kf_err kf_report_place_read(const char *path, const char *format, bool several,
                                 struct kf_report_place *place, struct kf_error *err)
{
    struct kf_report_place self = {.path = path, .folder = is_folder(path)};
    enum kf_report_format named = KF_REPORT_HTML;
    bool is_file = !self.folder && format_of_file(path, &named);
    enum kf_err code = format_of_word(format, &self.format, err);
    if (code != KF_OK) {
        return code;
    }
    if (is_file && several) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "--output %s is one file; for several municipalities name a folder",
                            path);
    }
    if (is_file && format && self.format != named) {
        return kf_error_set(err, KF_ERR_CONFIG, "--output %s is not --format %s; leave one out",
                            path, format);
    }
    if (!self.folder && !is_file && !several) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "--output %s: give FILE.html, FILE.pdf, or a folder that is there or "
                            "ends in /",
                            path);
    }
    self.folder = !is_file;
    self.format = is_file ? named : self.format;
    *place = self;
    return KF_OK;
}

/* --- life ---------------------------------------------------------------------------------------
 */

static enum kf_err make_folder(const char *path, struct kf_error *err)
{
    struct stat about;
    if (mkdir(path, 0777) == 0 || (stat(path, &about) == 0 && S_ISDIR(about.st_mode))) {
        return KF_OK;
    }
    return kf_error_set_errno(err, KF_ERR_CONFIG, errno, "cannot make the folder %s", path);
}

static enum kf_err start_browser(const struct kf_report_output_options *options,
                                 struct kf_browser **browser, struct kf_error *err)
{
    struct kf_text program;
    kf_text_init(&program, PATH_BYTES_MAX);
    enum kf_err code = kf_browser_find(options->browser, &program, err);
    if (code == KF_OK) {
        struct kf_browser_options how = {.program = program.bytes, .stop = options->stop};
        code = kf_browser_open(&how, browser, err);
    }
    kf_text_clear(&program);
    return code;
}

enum kf_err kf_report_output_open(const struct kf_report_output_options *options,
                                  struct kf_report_output **output, struct kf_error *err)
{
    struct kf_report_output *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for reports");
    }
    self->place = options->place;
    self->stop = options->stop;
    enum kf_err code = self->place.folder ? make_folder(self->place.path, err) : KF_OK;
    if (code == KF_OK && self->place.format == KF_REPORT_PDF) {
        code = start_browser(options, &self->browser, err);
    }
    if (code != KF_OK) {
        kf_report_output_close(&self);
        return code;
    }
    *output = self;
    return KF_OK;
}

void kf_report_output_close(struct kf_report_output **self)
{
    if (*self) {
        kf_browser_close(&(*self)->browser);
        kf_free(*self);
        *self = NULL;
    }
}

/* --- writing ------------------------------------------------------------------------------------
 */

static void name_file(const struct kf_report_output *self, const struct kf_report *report,
                      struct kf_text *path)
{
    kf_text_reset(path);
    kf_text_add(path, self->place.path);
    if (self->place.folder) {
        kf_text_add(path, ends_with(self->place.path, "/") ? "" : "/");
        kf_report_places_file_name(report->code, report->name, path);
        kf_text_add(path, endings[self->place.format]);
    }
}

static enum kf_err sink(void *context, const char *bytes, size_t length, struct kf_error *err)
{
    return kf_new_file_write(context, bytes, length, err);
}

static enum kf_err write_page(const struct kf_report *report, struct kf_new_file *file,
                              struct kf_error *err)
{
    struct kf_report_values values = {
        .language = report->language,
        .group = report->group,
        .title = report->title,
        .article = report->article,
        .article_len = report->article_len,
    };
    size_t length = 0;
    const char *page = kf_report_page(&length);
    return kf_report_write(page, length, &values, sink, file, err);
}

static enum kf_err write_html(const struct kf_report *report, const char *path, size_t *bytes,
                              struct kf_error *err)
{
    struct kf_new_file file;
    enum kf_err code = kf_new_file_begin(&file, path, err);
    if (code == KF_OK) {
        code = write_page(report, &file, err);
    }
    if (code == KF_OK) {
        code = kf_new_file_finish(&file, bytes, err);
    }
    kf_new_file_abandon(&file);
    return code;
}

/* What stands above and below on every sheet; the browser puts in the numbers. */
static void describe_sheet(const struct kf_report *report, struct kf_text *header,
                           struct kf_text *footer)
{
    static const char style[] = "<div style=\"width:100%;margin:0 17mm;font:7.5pt sans-serif;"
                                "color:#555;display:flex;justify-content:space-between\">";
    bool norwegian = strcmp(report->language, "nb") == 0;
    kf_text_add_format(header, "%s<span>", style);
    kf_report_escape(report->title, header);
    kf_text_add(header, "</span></div>");
    kf_text_add_format(footer,
                       "%s<span>%s</span><span><span class=\"pageNumber\"></span> %s "
                       "<span class=\"totalPages\"></span></span></div>",
                       style,
                       norwegian ? "Tall fra Statistisk sentralbyrå (CC BY 4.0), beregnet av "
                                   "kostraflow"
                                 : "Figures of Statistics Norway (CC BY 4.0), computed by "
                                   "kostraflow",
                       norwegian ? "av" : "of");
}

static enum kf_err print_page(struct kf_browser *browser, const struct kf_report *report,
                              const char *page, int file, struct kf_error *err)
{
    struct kf_text header;
    struct kf_text footer;
    kf_text_init(&header, SHEET_BYTES_MAX);
    kf_text_init(&footer, SHEET_BYTES_MAX);
    describe_sheet(report, &header, &footer);
    struct kf_browser_sheet sheet = {.header = header.bytes, .footer = footer.bytes};
    enum kf_err code = header.failed || footer.failed
                           ? kf_error_set(err, KF_ERR_MEMORY, "no memory for a title")
                           : kf_browser_print(browser, page, &sheet, file, err);
    kf_text_clear(&header);
    kf_text_clear(&footer);
    return code;
}

static enum kf_err write_pdf(struct kf_report_output *self, const struct kf_report *report,
                             const char *path, size_t *bytes, struct kf_error *err)
{
    struct kf_new_file file;
    struct kf_text page;
    size_t page_bytes = 0;
    kf_text_init(&page, PATH_BYTES_MAX);
    kf_text_add_format(&page, "%s/%s", kf_browser_folder(self->browser), PAGE_NAME);
    enum kf_err code = kf_new_file_begin(&file, path, err);
    if (code == KF_OK) {
        code = write_html(report, page.bytes, &page_bytes, err);
    }
    if (code == KF_OK) {
        code = print_page(self->browser, report, page.bytes, file.descriptor, err);
    }
    if (code == KF_OK) {
        code = kf_new_file_finish(&file, bytes, err);
    }
    kf_new_file_abandon(&file);
    kf_text_clear(&page);
    return code;
}

enum kf_err kf_report_output_write(struct kf_report_output *self, const struct kf_report *report,
                                   struct kf_text *path, size_t *bytes, struct kf_error *err)
{
    name_file(self, report, path);
    if (path->failed) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a path");
    }
    return self->place.format == KF_REPORT_PDF ? write_pdf(self, report, path->bytes, bytes, err)
                                               : write_html(report, path->bytes, bytes, err);
}
