/* One page of a browser, spoken to by Chrome's DevTools protocol: it loads a file and prints it as
 * PDF, again and again. It has the width of what is printed, shows the print style in light colours
 * and has no network.
 *
 * KF_ERR_PEER: the browser or its page failed, a new one may do better; the text says what was
 * asked and, where it told one, its reason. KF_ERR_DATA: the page says no, and would again.
 * KF_ERR_AGAIN: stopped. After KF_ERR_PEER and KF_ERR_AGAIN the page is only good for clearing.
 */
#ifndef KF_TOOLS_BROWSER_PAGE_H
#define KF_TOOLS_BROWSER_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "tools/kf/browser_pipe.h"

#define KF_BROWSER_SESSION_SIZE 128
#define KF_BROWSER_TROUBLE_SIZE 256

struct kf_browser_page {
    struct kf_browser_pipe pipe;
    int64_t next_id;
    char session[KF_BROWSER_SESSION_SIZE]; /* "": of the browser itself */
    bool loaded;
    bool crashed;
    char trouble[KF_BROWSER_TROUBLE_SIZE]; /* the first fault that the page told of itself */
};

/* What stands on every sheet, as Chrome's templates have it; at most KF_BROWSER_MESSAGE_BYTES_MAX.
 */
struct kf_browser_sheet {
    const char *header; /* HTML, or NULL */
    const char *footer;
};

/* A page in the caller's storage, of the browser at the other end of `channel`. The page is to be
 * cleared after a failure, too. */
enum kf_err kf_browser_page_open(struct kf_browser_page *self, int channel, int stop,
                                 int64_t deadline_ms, struct kf_error *err);
void kf_browser_page_clear(struct kf_browser_page *self);

/* Loads the file of this absolute path and waits until it says that all is drawn: until
 * document.documentElement.dataset.ready is "true". KF_ERR_DATA when it is not by then, or the file
 * cannot be loaded. */
enum kf_err kf_browser_page_load(struct kf_browser_page *self, const char *path,
                                 int64_t deadline_ms, struct kf_error *err);

/* Prints what is loaded on A4 into `file`, in pieces. KF_ERR_IO when it cannot be written;
 * KF_ERR_LIMIT beyond `bytes_max`. */
enum kf_err kf_browser_page_print(struct kf_browser_page *self,
                                  const struct kf_browser_sheet *sheet, int file, size_t bytes_max,
                                  int64_t deadline_ms, struct kf_error *err);

/* Asks the browser to end; what it answers is not waited for. */
void kf_browser_page_farewell(struct kf_browser_page *self, int64_t deadline_ms);

#endif
