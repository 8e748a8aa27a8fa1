#include "tools/kf/browser_page.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/base/text.h"
#include "tools/kf/base64.h"

#define PIECE_BYTES     ((json_int_t)1024 * 1024)
#define URL_BYTES_MAX   ((size_t)16 * 1024)
#define SHEET_WIDTH_PX  665 /* of an A4 sheet, between the margins of the page's print style */
#define SHEET_HEIGHT_PX 980
#define A4_WIDTH_IN     8.27
#define A4_HEIGHT_IN    11.69
#define MARGIN_SIDE_IN  0.6
#define MARGIN_END_IN   0.75

/* --- commands and answers -----------------------------------------------------------------------
 */

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static void keep_trouble(struct kf_browser_page *self, const char *text)
{
    if (text[0] && !self->trouble[0]) {
        int length = snprintf(self->trouble, sizeof self->trouble, "%s", text);
        size_t kept =
            length < (int)sizeof self->trouble ? (size_t)length : sizeof self->trouble - 1;
        self->trouble[kf_text_whole(self->trouble, kept)] = '\0';
        kf_text_defuse(self->trouble);
    }
}

static void keep_exception(struct kf_browser_page *self, const json_t *parameters)
{
    const json_t *details = json_object_get(parameters, "exceptionDetails");
    const char *said = text_of(json_object_get(details, "exception"), "description");
    keep_trouble(self, said[0] ? said : text_of(details, "text"));
}

static void take_event(struct kf_browser_page *self, const json_t *message)
{
    const char *method = text_of(message, "method");
    const json_t *parameters = json_object_get(message, "params");
    if (strcmp(method, "Page.loadEventFired") == 0) {
        self->loaded = true;
    } else if (strcmp(method, "Inspector.targetCrashed") == 0) {
        self->crashed = true;
    } else if (strcmp(method, "Runtime.exceptionThrown") == 0) {
        keep_exception(self, parameters);
    } else if (strcmp(method, "Log.entryAdded") == 0) {
        const json_t *entry = json_object_get(parameters, "entry");
        keep_trouble(self,
                     strcmp(text_of(entry, "level"), "error") == 0 ? text_of(entry, "text") : "");
    }
}

/* Receives one message: an event, or the answer to command `id`, which `*answer` is then. */
static enum kf_err receive(struct kf_browser_page *self, int64_t id, int64_t deadline_ms,
                           json_t **answer, struct kf_error *err)
{
    const char *text = NULL;
    json_error_t fault;
    enum kf_err code = kf_browser_pipe_receive(&self->pipe, deadline_ms, &text, err);
    if (code != KF_OK) {
        return code;
    }
    json_t *message = json_loads(text, JSON_REJECT_DUPLICATES, &fault);
    if (!json_is_object(message)) {
        json_decref(message);
        return kf_error_set(err, KF_ERR_PEER, "the browser sends something else than a message");
    }
    const json_t *number = json_object_get(message, "id");
    if (json_is_integer(number) && json_integer_value(number) == id) {
        *answer = message;
        return KF_OK;
    }
    if (!number) {
        take_event(self, message);
    }
    json_decref(message);
    return self->crashed ? kf_error_set(err, KF_ERR_PEER, "the browser's page has crashed") : KF_OK;
}

/* The command as text; takes `parameters`. */
static char *write_command(const struct kf_browser_page *self, const char *method,
                           json_t *parameters)
{
    json_t *command = json_pack("{s:I, s:s, s:o}", "id", (json_int_t)self->next_id, "method",
                                method, "params", parameters ? parameters : json_object());
    if (command && self->session[0]) {
        (void)json_object_set_new(command, "sessionId", json_string(self->session));
    }
    char *text = command ? json_dumps(command, JSON_COMPACT) : NULL;
    json_decref(command);
    return text;
}

static enum kf_err take_answer(const char *method, json_t *answer, json_t **result,
                               struct kf_error *err)
{
    const json_t *error = json_object_get(answer, "error");
    json_t *found = json_object_get(answer, "result");
    enum kf_err code = KF_OK;
    if (error) {
        char said[KF_BROWSER_TROUBLE_SIZE];
        (void)snprintf(said, sizeof said, "%s", text_of(error, "message"));
        kf_text_defuse(said);
        code = kf_error_set(err, KF_ERR_PEER, "%s: %s", method, said);
    } else if (!json_is_object(found)) {
        code = kf_error_set(err, KF_ERR_PEER, "%s: an answer without a result", method);
    } else if (result) {
        *result = json_incref(found);
    }
    json_decref(answer);
    return code;
}

/* Asks and waits for the answer, which the caller lets go (NULL: it is not wanted). Takes
 * `parameters`, which may be NULL for none. */
static enum kf_err ask(struct kf_browser_page *self, const char *method, json_t *parameters,
                       int64_t deadline_ms, json_t **result, struct kf_error *err)
{
    self->next_id++;
    char *text = write_command(self, method, parameters);
    if (!text) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a command to the browser");
    }
    json_t *answer = NULL;
    enum kf_err code = kf_browser_pipe_send(&self->pipe, text, deadline_ms, err);
    json_free_t release = NULL;
    json_get_alloc_funcs(NULL, &release);
    release(text);
    while (code == KF_OK && !answer) {
        code = receive(self, self->next_id, deadline_ms, &answer, err);
    }
    if (code == KF_OK) {
        return take_answer(method, answer, result, err);
    }
    return code == KF_ERR_PEER ? kf_error_set(err, code, "%s: %s", method, err->text) : code;
}

/* --- life ------------------------------------------------------------------------------------- */

static enum kf_err attach(struct kf_browser_page *self, int64_t deadline_ms, struct kf_error *err)
{
    json_t *made = NULL;
    json_t *attached = NULL;
    enum kf_err code = ask(self, "Target.createTarget", json_pack("{s:s}", "url", "about:blank"),
                           deadline_ms, &made, err);
    if (code == KF_OK) {
        json_t *which =
            json_pack("{s:s, s:b}", "targetId", text_of(made, "targetId"), "flatten", 1);
        code = ask(self, "Target.attachToTarget", which, deadline_ms, &attached, err);
    }
    const char *session = text_of(attached, "sessionId");
    if (code == KF_OK && (!session[0] || strlen(session) >= sizeof self->session)) {
        code = kf_error_set(err, KF_ERR_PEER, "the browser opens no page");
    }
    if (code == KF_OK) {
        (void)snprintf(self->session, sizeof self->session, "%s", session);
    }
    json_decref(made);
    json_decref(attached);
    return code;
}

static json_t *print_media(void)
{
    return json_pack("{s:s, s:[{s:s, s:s}, {s:s, s:s}]}", "media", "print", "features", "name",
                     "prefers-color-scheme", "value", "light", "name", "prefers-reduced-motion",
                     "value", "reduce");
}

/* What is said to a new page, in this order. */
static enum kf_err prepare(struct kf_browser_page *self, int64_t deadline_ms, struct kf_error *err)
{
    const struct {
        const char *method;
        json_t *parameters;
    } commands[] = {
        {"Page.enable", NULL},
        {"Runtime.enable", NULL},
        {"Log.enable", NULL},
        {"Inspector.enable", NULL},
        {"Network.enable", NULL},
        {"Network.emulateNetworkConditions",
         json_pack("{s:b, s:i, s:i, s:i}", "offline", 1, "latency", 0, "downloadThroughput", 0,
                   "uploadThroughput", 0)},
        {"Emulation.setEmulatedMedia", print_media()},
        {"Emulation.setDeviceMetricsOverride",
         json_pack("{s:i, s:i, s:i, s:b}", "width", SHEET_WIDTH_PX, "height", SHEET_HEIGHT_PX,
                   "deviceScaleFactor", 1, "mobile", 0)},
    };
    enum kf_err code = KF_OK;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (code == KF_OK) {
            code = ask(self, commands[i].method, commands[i].parameters, deadline_ms, NULL, err);
        } else {
            json_decref(commands[i].parameters);
        }
    }
    return code;
}

enum kf_err kf_browser_page_open(struct kf_browser_page *self, int channel, int stop,
                                 int64_t deadline_ms, struct kf_error *err)
{
    *self = (struct kf_browser_page){.next_id = 0};
    kf_browser_pipe_init(&self->pipe, channel, stop);
    enum kf_err code = attach(self, deadline_ms, err);
    return code == KF_OK ? prepare(self, deadline_ms, err) : code;
}

void kf_browser_page_clear(struct kf_browser_page *self)
{
    kf_browser_pipe_clear(&self->pipe);
}

void kf_browser_page_farewell(struct kf_browser_page *self, int64_t deadline_ms)
{
    self->session[0] = '\0';
    self->crashed = false;
    struct kf_error unheard = {0};
    (void)ask(self, "Browser.close", NULL, deadline_ms, NULL, &unheard);
}

/* --- loading ------------------------------------------------------------------------------------
 */

/* Appends file:// and the path, with everything that is not plain as %XX. */
static void add_url(const char *path, struct kf_text *url)
{
    kf_text_add(url, "file://");
    for (const char *at = path; *at; at++) {
        bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                     (*at >= '0' && *at <= '9') || strchr("/-_.~", *at);
        if (plain) {
            kf_text_add_char(url, *at);
        } else {
            kf_text_add_format(url, "%%%02X", (unsigned)(unsigned char)*at);
        }
    }
}

static enum kf_err navigate(struct kf_browser_page *self, const char *path, int64_t deadline_ms,
                            struct kf_error *err)
{
    struct kf_text url;
    json_t *result = NULL;
    kf_text_init(&url, URL_BYTES_MAX);
    add_url(path, &url);
    enum kf_err code = url.failed ? kf_error_set(err, KF_ERR_MEMORY, "no memory for an address")
                                  : ask(self, "Page.navigate", json_pack("{s:s}", "url", url.bytes),
                                        deadline_ms, &result, err);
    if (code == KF_OK && text_of(result, "errorText")[0]) {
        code = kf_error_set(err, KF_ERR_DATA, "the browser cannot load %s: %s", path,
                            text_of(result, "errorText"));
    }
    json_decref(result);
    kf_text_clear(&url);
    return code;
}

static enum kf_err await_load(struct kf_browser_page *self, int64_t deadline_ms,
                              struct kf_error *err)
{
    enum kf_err code = KF_OK;
    while (code == KF_OK && !self->loaded) {
        json_t *none = NULL;
        code = receive(self, -1, deadline_ms, &none, err);
        json_decref(none);
    }
    return code;
}

/* Answers true once the page is ready, and false when it is not after so many milliseconds. */
static const char ready_script[] =
    "new Promise((tell) => {"
    " const root = document.documentElement;"
    " const look = () => { if (root.dataset.ready === 'true') tell(true); };"
    " new MutationObserver(look).observe(root, {attributes: true});"
    " setTimeout(() => tell(false), %lld);"
    " look();"
    "})";

static enum kf_err await_ready(struct kf_browser_page *self, int64_t deadline_ms,
                               struct kf_error *err)
{
    char script[sizeof ready_script + 32];
    json_t *result = NULL;
    int64_t left_ms = deadline_ms - kf_clock_monotonic_ms();
    (void)snprintf(script, sizeof script, ready_script, (long long)(left_ms > 0 ? left_ms / 2 : 0));
    json_t *what =
        json_pack("{s:s, s:b, s:b}", "expression", script, "awaitPromise", 1, "returnByValue", 1);
    enum kf_err code = ask(self, "Runtime.evaluate", what, deadline_ms, &result, err);
    const json_t *said = json_object_get(json_object_get(result, "result"), "value");
    if (code == KF_OK && !json_is_true(said)) {
        code = kf_error_set(err, KF_ERR_DATA, "the page does not become ready%s%s",
                            self->trouble[0] ? ": " : "", self->trouble);
    }
    json_decref(result);
    return code;
}

enum kf_err kf_browser_page_load(struct kf_browser_page *self, const char *path,
                                 int64_t deadline_ms, struct kf_error *err)
{
    self->loaded = false;
    self->trouble[0] = '\0';
    enum kf_err code = navigate(self, path, deadline_ms, err);
    if (code == KF_OK) {
        code = await_load(self, deadline_ms, err);
    }
    return code == KF_OK ? await_ready(self, deadline_ms, err) : code;
}

/* --- printing -----------------------------------------------------------------------------------
 */

static json_t *print_settings(const struct kf_browser_sheet *sheet)
{
    return json_pack(
        "{s:b, s:s, s:s, s:b, s:f, s:f, s:f, s:f, s:f, s:f, s:b, s:b, s:s}", "displayHeaderFooter",
        1, "headerTemplate", sheet->header ? sheet->header : "<span></span>", "footerTemplate",
        sheet->footer ? sheet->footer : "<span></span>", "printBackground", 1, "paperWidth",
        A4_WIDTH_IN, "paperHeight", A4_HEIGHT_IN, "marginTop", MARGIN_END_IN, "marginBottom",
        MARGIN_END_IN, "marginLeft", MARGIN_SIDE_IN, "marginRight", MARGIN_SIDE_IN,
        "generateTaggedPDF", 1, "generateDocumentOutline", 1, "transferMode", "ReturnAsStream");
}

static enum kf_err write_all(int file, const unsigned char *bytes, size_t length,
                             struct kf_error *err)
{
    for (size_t written = 0; written < length;) {
        ssize_t put = write(file, bytes + written, length - written);
        if (put < 0 && errno != EINTR) {
            return kf_error_set_errno(err, KF_ERR_IO, errno, "cannot write");
        }
        written += put > 0 ? (size_t)put : 0;
    }
    return KF_OK;
}

/* Writes a piece, which comes as base64; `*left` is what may still come. */
static enum kf_err write_piece(const json_t *piece, int file, size_t *left, struct kf_error *err)
{
    const json_t *data = json_object_get(piece, "data");
    size_t length = json_string_length(data);
    size_t bytes_len = 0;
    if (length == 0) {
        return KF_OK;
    }
    unsigned char *bytes = kf_malloc(KF_BASE64_ROOM(length) + 1);
    enum kf_err code = KF_OK;
    if (!bytes) {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory for a PDF");
    } else if (!json_is_true(json_object_get(piece, "base64Encoded")) ||
               !kf_base64_decode(json_string_value(data), length, bytes, &bytes_len)) {
        code = kf_error_set(err, KF_ERR_PEER, "the browser sends no PDF");
    } else if (bytes_len > *left) {
        code = kf_error_set(err, KF_ERR_LIMIT, "the PDF is too large");
    } else {
        *left -= bytes_len;
        code = write_all(file, bytes, bytes_len, err);
    }
    kf_free(bytes);
    return code;
}

static enum kf_err read_stream(struct kf_browser_page *self, const char *stream, int file,
                               size_t bytes_max, int64_t deadline_ms, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    size_t left = bytes_max;
    for (bool all = false; code == KF_OK && !all;) {
        json_t *piece = NULL;
        json_t *which = json_pack("{s:s, s:I}", "handle", stream, "size", PIECE_BYTES);
        code = ask(self, "IO.read", which, deadline_ms, &piece, err);
        if (code == KF_OK) {
            all = json_is_true(json_object_get(piece, "eof"));
            code = write_piece(piece, file, &left, err);
        }
        json_decref(piece);
    }
    if (code == KF_OK && left == bytes_max) {
        code = kf_error_set(err, KF_ERR_PEER, "the browser sends an empty PDF");
    }
    return code;
}

enum kf_err kf_browser_page_print(struct kf_browser_page *self,
                                  const struct kf_browser_sheet *sheet, int file, size_t bytes_max,
                                  int64_t deadline_ms, struct kf_error *err)
{
    json_t *result = NULL;
    enum kf_err code =
        ask(self, "Page.printToPDF", print_settings(sheet), deadline_ms, &result, err);
    const char *stream = text_of(result, "stream");
    if (code == KF_OK) {
        code = read_stream(self, stream, file, bytes_max, deadline_ms, err);
    }
    if (code == KF_OK || code == KF_ERR_LIMIT) {
        struct kf_error later = {0};
        json_t *which = json_pack("{s:s}", "handle", stream);
        enum kf_err closed = ask(self, "IO.close", which, deadline_ms, NULL, &later);
        code =
            code == KF_OK && closed != KF_OK ? kf_error_set(err, closed, "%s", later.text) : code;
    }
    json_decref(result);
    return code;
}
