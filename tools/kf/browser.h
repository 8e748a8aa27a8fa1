/* A Chromium without a window that turns HTML files into PDF, one after the other.
 *
 *     code = kf_browser_open(&options, &browser, &err);
 *     code = kf_browser_print(browser, "/tmp/…/page.html", &sheet, file, &err);     … of each
 *     kf_browser_close(&browser);
 *
 * One process prints them all. One that dies, hangs or talks nonsense is started anew, once for
 * each file. It has no network, no user's settings, and its profile is a temporary folder that is
 * removed with it. Its sandbox is on, save for root, whom Chromium would refuse.
 */
#ifndef KF_TOOLS_BROWSER_H
#define KF_TOOLS_BROWSER_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "tools/kf/browser_page.h"

#define KF_BROWSER_PDF_BYTES_MAX ((size_t)256 * 1024 * 1024)

struct kf_browser;

struct kf_browser_options {
    const char *program; /* path; see kf_browser_find */
    int stop;            /* what is under way ends when this becomes readable; -1: nothing does */
    int start_ms;        /* until it answers; 0: KF_BROWSER_START_MS */
    int load_ms;         /* until a page is ready; 0: KF_BROWSER_LOAD_MS */
    int print_ms;        /* until it is printed; 0: KF_BROWSER_PRINT_MS */
};
#define KF_BROWSER_START_MS 60000
#define KF_BROWSER_LOAD_MS  60000
#define KF_BROWSER_PRINT_MS 120000

/* Appends the path of the program: `given`, itself or on the PATH, or when that is NULL the first
 * of the usual names that is there. KF_ERR_CONFIG says what to do when there is none. */
enum kf_err kf_browser_find(const char *given, struct kf_text *program, struct kf_error *err);

/* Starts it and waits until it answers. Call from the main thread: it dies with the thread that
 * started it. KF_ERR_PEER with what it complained about when it does not; KF_ERR_AGAIN when it was
 * stopped. */
enum kf_err kf_browser_open(const struct kf_browser_options *options, struct kf_browser **browser,
                            struct kf_error *err);

/* Ends it and removes its folder. NULL is fine, the pointer is nulled. */
void kf_browser_close(struct kf_browser **self);

/* A folder of its own, which is removed with it: for the HTML files on their way. */
const char *kf_browser_folder(const struct kf_browser *self);

/* Loads the HTML file of this absolute path, waits until it is ready (kf_browser_page_load), and
 * prints it on A4 into `file`, which is emptied first. KF_ERR_DATA and KF_ERR_LIMIT are the page's
 * fault, KF_ERR_IO that of `file`: the browser can print others. KF_ERR_PEER: it failed twice, the
 * next call starts it anew. KF_ERR_AGAIN: stopped. */
enum kf_err kf_browser_print(struct kf_browser *self, const char *path,
                             const struct kf_browser_sheet *sheet, int file, struct kf_error *err);

#endif
