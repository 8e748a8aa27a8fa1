#include "tools/kf/top_terminal.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "common/base/memory.h"

#define ENTER           "\033[?1049h\033[?25l\033[H\033[2J" /* the other screen, no cursor */
#define LEAVE           "\033[?25h\033[?1049l"
#define HOME            "\033[H"
#define CLEAR_BELOW     "\033[J"
#define CONTROL_D       4
#define COLUMNS_DEFAULT 80
#define ROWS_DEFAULT    24

struct kf_top_terminal {
    struct termios before;
    bool taken; /* the terminal is ours now */
    bool keys;  /* there are any: standard input has not ended */
    int signals;
    sigset_t mask; /* of before */
};

/* Everything, or an error: the terminal is gone. */
static bool put(const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(STDOUT_FILENO, bytes, length);
        if (written < 0 && errno != EINTR && errno != EAGAIN) {
            return false;
        }
        written = written < 0 ? 0 : written;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

/* --- taking and giving back ------------------------------------------------------------------ */

/* Keys at once and unseen; Ctrl-C and Ctrl-Z stay signals. */
static void take(struct kf_top_terminal *self)
{
    struct termios now = self->before;
    now.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    now.c_cc[VMIN] = 0; /* a read without a key returns at once */
    now.c_cc[VTIME] = 0;
    self->taken = tcsetattr(STDIN_FILENO, TCSANOW, &now) == 0 && put(ENTER, strlen(ENTER));
}

static void give_back(struct kf_top_terminal *self)
{
    if (self->taken) {
        (void)put(LEAVE, strlen(LEAVE));
        (void)tcsetattr(STDIN_FILENO, TCSANOW, &self->before);
        self->taken = false;
    }
}

static enum kf_err open_signals(struct kf_top_terminal *self, struct kf_error *err)
{
    static const int wanted[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGWINCH};
    sigset_t set;
    (void)sigemptyset(&set);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        (void)sigaddset(&set, wanted[i]);
    }
    if (sigprocmask(SIG_BLOCK, &set, &self->mask) != 0) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "cannot block signals");
    }
    self->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return self->signals >= 0 ? KF_OK
                              : kf_error_set_errno(err, KF_ERR_IO, errno, "no signal descriptor");
}

enum kf_err kf_top_terminal_open(struct kf_top_terminal **terminal, struct kf_error *err)
{
    struct kf_top_terminal *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the terminal");
    }
    self->signals = -1;
    self->keys = true;
    enum kf_err code = KF_OK;
    if (isatty(STDOUT_FILENO) == 0 || tcgetattr(STDIN_FILENO, &self->before) != 0) {
        code = kf_error_set(err, KF_ERR_CONFIG, "standard input and output are no terminal");
    }
    if (code == KF_OK) {
        code = open_signals(self, err);
    }
    if (code != KF_OK) {
        kf_top_terminal_close(&self);
        return code;
    }
    take(self);
    *terminal = self;
    return KF_OK;
}

void kf_top_terminal_close(struct kf_top_terminal **self)
{
    if (!self || !*self) {
        return;
    }
    give_back(*self);
    if ((*self)->signals >= 0) {
        (void)close((*self)->signals);
        (void)sigprocmask(SIG_SETMASK, &(*self)->mask, NULL);
    }
    kf_free(*self);
    *self = NULL;
}

/* --- showing --------------------------------------------------------------------------------- */

void kf_top_terminal_size(size_t *columns, size_t *rows)
{
    struct winsize size = {0};
    bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0;
    *columns = known ? size.ws_col : COLUMNS_DEFAULT;
    *rows = known ? size.ws_row : ROWS_DEFAULT;
}

/* The last line has no end: it would scroll the screen. */
enum kf_err kf_top_terminal_show(struct kf_top_terminal *self, const struct kf_text *frame,
                                 struct kf_error *err)
{
    struct kf_text whole;
    size_t newline = strlen("\r\n");
    size_t length = frame->length >= newline ? frame->length - newline : 0;
    (void)self;
    kf_text_init(&whole, frame->length + sizeof HOME + sizeof CLEAR_BELOW);
    kf_text_add(&whole, HOME);
    kf_text_add_bytes(&whole, frame->bytes, length);
    kf_text_add(&whole, CLEAR_BELOW);
    enum kf_err code = KF_OK;
    if (frame->failed || whole.failed) {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory for the screen");
    } else if (!put(whole.bytes, whole.length)) {
        code = kf_error_set_errno(err, KF_ERR_IO, errno, "the terminal is gone");
    }
    kf_text_clear(&whole);
    return code;
}

/* --- keys and signals ------------------------------------------------------------------------ */

size_t kf_top_terminal_wait(const struct kf_top_terminal *self, struct kf_poll_item *items)
{
    size_t count = 0;
    items[count++] = (struct kf_poll_item){.descriptor = self->signals, .want_in = true};
    if (self->keys) {
        items[count++] = (struct kf_poll_item){.descriptor = STDIN_FILENO, .want_in = true};
    }
    return count;
}

/* Stands still until it is continued; the shell has its screen meanwhile. */
static void suspend(struct kf_top_terminal *self)
{
    give_back(self);
    (void)raise(SIGSTOP);
    take(self);
}

static bool take_signals(struct kf_top_terminal *self, bool *redraw)
{
    struct signalfd_siginfo signal_;
    bool left = false;
    while (read(self->signals, &signal_, sizeof signal_) == (ssize_t)sizeof signal_) {
        if (signal_.ssi_signo == SIGTSTP) {
            suspend(self);
            *redraw = true;
        } else if (signal_.ssi_signo == SIGWINCH) {
            *redraw = true;
        } else {
            left = true;
        }
    }
    return left;
}

static bool take_keys(struct kf_top_terminal *self, bool readable)
{
    char keys[64];
    ssize_t count = readable ? read(STDIN_FILENO, keys, sizeof keys) : 0;
    if (count < 0 && errno != EINTR && errno != EAGAIN) {
        self->keys = false;
    }
    for (ssize_t i = 0; i < count; i++) {
        if (keys[i] == 'q' || keys[i] == 'Q' || keys[i] == CONTROL_D) {
            return true;
        }
    }
    return false;
}

bool kf_top_terminal_left(struct kf_top_terminal *self, bool *redraw)
{
    bool left = take_signals(self, redraw);
    return take_keys(self, self->keys) || left;
}
