#include "common/service/service.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/findings.h"
#include "common/base/log.h"
#include "common/base/memory.h"
#include "common/bus/endpoint_path.h"
#include "common/service/endpoint.h"
#include "common/service/http.h"
#include "common/service/http_address.h"
#include "common/service/instance.h"
#include "common/service/loop.h"
#include "common/service/notify.h"
#include "common/service/pulse.h"
#include "common/service/renew.h"
#include "common/service/security.h"
#include "common/service/signals.h"
#include "common/service/terminal.h"

#define EXIT_CONFIG          2
#define RUNS                 (-1) /* instead of an exit code: go on and run */
#define PAGE_BYTES_MAX       ((size_t)256 * 1024)
#define ENDPOINT_BYTES_MAX   4096
#define HTTP_CONNECTIONS_MAX 32
#define HTTP_STREAMS_MAX     64
#define HTTP_TIMEOUT_S       10

struct kf_service {
    const struct kf_service_class *class_;
    struct kf_option options[KF_OPTIONS_MAX]; /* the common ones and the class's own */
    size_t options_len;
    struct kf_settings *settings;
    struct kf_findings findings;
    char program[64];
    char log_name[64];
    int argc;
    char **argv;

    struct kf_instance instance;
    struct kf_notify notify;
    int signals;
    int terminal;
    struct kf_metrics *metrics;
    struct kf_pulse pulse;
    struct kf_bus *bus;
    struct kf_socket *status;
    struct kf_http *http;
    void *state;
    bool opened;
};

/* --- options --------------------------------------------------------------------------------- */

static void collect_options(struct kf_service *self)
{
    size_t common = 0;
    const struct kf_option *table = kf_service_common_options(&common);
    assert(common + self->class_->options_len <= KF_OPTIONS_MAX);
    memcpy(self->options, table, common * sizeof *table);
    if (self->class_->options_len > 0) {
        memcpy(self->options + common, self->class_->options,
               self->class_->options_len * sizeof *table);
    }
    self->options_len = common + self->class_->options_len;
}

/* Nothing is read or opened yet; NULL when there is no memory. */
static struct kf_service *new_service(const struct kf_service_class *class_, int argc, char **argv)
{
    struct kf_service *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return NULL;
    }
    self->class_ = class_;
    self->argc = argc;
    self->argv = argv;
    self->signals = -1;
    self->terminal = -1;
    self->notify.socket = -1;
    self->instance.lock = -1;
    kf_text_init(&self->instance.port_path, 0);
    kf_findings_init(&self->findings);
    (void)snprintf(self->program, sizeof self->program, "kf-%s", class_->name);
    collect_options(self);
    return self;
}

/* --- before running -------------------------------------------------------------------------- */

static void print_version(const struct kf_service *self, struct kf_text *page)
{
    kf_text_add_format(page, "%s %s\n", self->program, KF_VERSION);
}

/* Answers what the command line asked for instead of running; RUNS when it asked for nothing. */
static int answer(const struct kf_service *self, enum kf_command command)
{
    struct kf_text page;
    kf_text_init(&page, PAGE_BYTES_MAX);
    switch (command) {
    case KF_COMMAND_RUN:
        return RUNS;
    case KF_COMMAND_HELP:
        kf_options_help(self->program, self->class_->purpose, self->options, self->options_len,
                        &page);
        break;
    case KF_COMMAND_VERSION:
        print_version(self, &page);
        break;
    case KF_COMMAND_CONFIG_REFERENCE:
        kf_options_reference(self->options, self->options_len, &page);
        break;
    case KF_COMMAND_CHECK_CONFIG:
        kf_text_add_format(&page, "%s: settings and what they name are sound\n", self->program);
        break;
    }
    bool written = !page.failed && fwrite(page.bytes, 1, page.length, stdout) == page.length &&
                   fflush(stdout) == 0;
    kf_text_clear(&page);
    return written ? 0 : 1;
}

static int tell_faults(const struct kf_service *self, const struct kf_error *err)
{
    struct kf_text page;
    kf_text_init(&page, PAGE_BYTES_MAX);
    kf_findings_print(&self->findings, &page);
    (void)fprintf(stderr, "%s: %s\n%s", self->program, err->text, page.bytes);
    if (err->code == KF_ERR_CONFIG) {
        (void)fprintf(stderr, "See %s --help.\n", self->program);
    }
    kf_text_clear(&page);
    return err->code == KF_ERR_CONFIG ? EXIT_CONFIG : 1;
}

static enum kf_err complete_run_dir(struct kf_service *self, struct kf_error *err)
{
    struct kf_text run_dir;
    kf_text_init(&run_dir, ENDPOINT_BYTES_MAX);
    kf_endpoint_run_dir(&run_dir);
    enum kf_err code =
        run_dir.failed ? kf_text_error(&run_dir, err, KF_ERR_CONFIG, "XDG_RUNTIME_DIR is too long")
                       : kf_settings_complete(self->settings, "run-dir", run_dir.bytes, err);
    kf_text_clear(&run_dir);
    return code;
}

/* The service binds to RUN_DIR/SERVICE-INSTANCE.ROLE where an endpoint is left empty: the path may
 * be too long. */
static enum kf_err check_default(struct kf_service *self, const struct kf_option *option,
                                 struct kf_error *err)
{
    struct kf_error why = {0};
    struct kf_text endpoint;
    const char *run_dir = kf_settings_text(self->settings, "run-dir");
    bool input = kf_text_equal(option->name, "input");
    kf_text_init(&endpoint, KF_ENDPOINTS_BYTES_MAX);
    kf_endpoint_default(run_dir, self->class_->name, kf_service_instance(self),
                        input ? "in" : option->name, &endpoint);
    enum kf_err code = endpoint.failed
                           ? kf_text_error(&endpoint, &why, KF_ERR_CONFIG, "it is too long")
                           : kf_endpoint_check(endpoint.bytes, &why);
    if (code == KF_ERR_MEMORY) {
        (void)kf_error_set(err, code, "%s", why.text);
    } else if (code != KF_OK) {
        (void)kf_error_set(err, code, "1 fault in the settings");
        struct kf_place place = {.variable = "run-dir", .cell = run_dir};
        kf_findings_add(&self->findings, &place, "choose a shorter folder", "%s", why.text);
    }
    kf_text_clear(&endpoint);
    return code;
}

/* One finding is enough: they all have the same remedy. */
static enum kf_err check_defaults(struct kf_service *self, struct kf_error *err)
{
    for (size_t i = 0; i < self->options_len; i++) {
        const struct kf_option *option = &self->options[i];
        bool bound = option->type == KF_OPTION_ENDPOINT &&
                     kf_settings_text(self->settings, option->name)[0] == '\0';
        enum kf_err code = bound ? check_default(self, option, err) : KF_OK;
        if (code != KF_OK) {
            return code;
        }
    }
    return KF_OK;
}

static struct kf_security security_of(const struct kf_service *self)
{
    const char *role = self->class_->key_role;
    return (struct kf_security){.settings = self->settings,
                                .options = self->options,
                                .options_len = self->options_len,
                                .role = role ? role : self->class_->name};
}

/* What can be checked once the settings are there; the class's own check tells its faults along
 * with the frame's. */
static enum kf_err check_settings(struct kf_service *self, bool thoroughly, struct kf_error *err)
{
    enum kf_err code = complete_run_dir(self, err);
    if (code == KF_OK) {
        code = check_defaults(self, err);
    }
    if (code == KF_OK || code == KF_ERR_CONFIG) {
        struct kf_security security = security_of(self);
        enum kf_err checked = kf_security_check(&security, &self->findings, err);
        code = checked == KF_OK ? code : checked;
    }
    bool ours = code == KF_OK || code == KF_ERR_CONFIG;
    if (ours && thoroughly && self->class_->check) {
        enum kf_err checked = self->class_->check(self->settings, &self->findings, err);
        code = checked == KF_OK ? code : checked;
    }
    return code;
}

static enum kf_err merge_settings(struct kf_service *self, enum kf_command *command,
                                  struct kf_error *err)
{
    struct kf_command_line line = {.options = self->options,
                                   .options_len = self->options_len,
                                   .argc = self->argc,
                                   .argv = self->argv};
    return kf_settings_read(&line, &self->settings, command, &self->findings, err);
}

static int read_settings(struct kf_service *self)
{
    struct kf_error err;
    enum kf_command command = KF_COMMAND_RUN;
    enum kf_err code = merge_settings(self, &command, &err);
    if (code == KF_OK && self->settings) {
        code = check_settings(self, command == KF_COMMAND_CHECK_CONFIG, &err);
    }
    return code == KF_OK ? answer(self, command) : tell_faults(self, &err);
}

static void open_log(struct kf_service *self)
{
    enum kf_log_level level = KF_LOG_INFO;
    (void)kf_log_level_parse(kf_settings_text(self->settings, "log-level"), &level);
    const char *name = self->class_->name;
    uint32_t instance = kf_service_instance(self);
    if (instance == 0) {
        (void)snprintf(self->log_name, sizeof self->log_name, "%s", name);
    } else {
        (void)snprintf(self->log_name, sizeof self->log_name, "%s-%lu", name,
                       (unsigned long)instance);
    }
    kf_log_open(self->log_name, level);
}

/* --- reloading ------------------------------------------------------------------------------- */

static void log_fault(const struct kf_finding *fault)
{
    char place[KF_LOG_QUOTED_SIZE];
    char name[KF_LOG_QUOTED_SIZE];
    char problem[KF_LOG_QUOTED_SIZE];
    char remedy[KF_LOG_QUOTED_SIZE];
    kf_log(KF_LOG_ERROR, "config-fault", "file=%s line=%" PRIu64 " name=%s problem=%s remedy=%s",
           kf_log_quote(fault->file, place), fault->line, kf_log_quote(fault->variable, name),
           kf_log_quote(fault->problem, problem), kf_log_quote(fault->remedy, remedy));
}

static void log_refused_reload(const struct kf_findings *faults, const struct kf_error *err)
{
    char quoted[KF_LOG_QUOTED_SIZE];
    for (size_t i = 0; i < faults->length; i++) {
        log_fault(&faults->list[i]);
    }
    kf_log(KF_LOG_ERROR, "reload-refused", "faults=%" PRIu64 " reason=%s remedy=%s",
           kf_findings_count(faults), kf_log_quote(err->text, quoted),
           "\"mend them and send SIGHUP again; until then the settings of before are in force\"");
}

/* A kf_loop_check: reads everything as a new process would, into a service that is never opened. */
static bool check_anew(void *context)
{
    const struct kf_service *self = context;
    struct kf_error err = {.code = KF_ERR_MEMORY, .text = "no memory to read the settings"};
    enum kf_command command = KF_COMMAND_RUN;
    struct kf_service *anew = new_service(self->class_, self->argc, self->argv);
    if (!anew) {
        kf_log(KF_LOG_ERROR, "reload-refused", "reason=\"%s\"", err.text);
        return false;
    }
    enum kf_err code = merge_settings(anew, &command, &err);
    if (code == KF_OK) {
        code = check_settings(anew, true, &err);
    }
    if (code != KF_OK) {
        log_refused_reload(&anew->findings, &err);
    }
    kf_settings_destroy(&anew->settings);
    kf_findings_clear(&anew->findings);
    kf_free(anew);
    return code == KF_OK;
}

/* --- opening --------------------------------------------------------------------------------- */

static enum kf_err open_instance(struct kf_service *self, struct kf_error *err)
{
    return kf_instance_open(&self->instance, kf_settings_text(self->settings, "run-dir"),
                            self->class_->name, kf_service_instance(self), err);
}

static enum kf_err open_signals(struct kf_service *self, struct kf_error *err)
{
    return kf_signals_open(&self->signals, err);
}

static enum kf_err open_pulse(struct kf_service *self, struct kf_error *err)
{
    self->metrics = kf_metrics_new();
    if (!self->metrics) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the metrics");
    }
    kf_pulse_init(&self->pulse, self->class_->name, kf_service_instance(self), self->metrics);
    self->pulse.stall_limit_ms = kf_settings_number(self->settings, "stall-limit");
    return KF_OK;
}

static enum kf_err open_bus(struct kf_service *self, struct kf_error *err)
{
    struct kf_security security = security_of(self);
    enum kf_err code = kf_bus_new(&self->bus, err);
    return code == KF_OK ? kf_security_apply(&security, self->bus, err) : code;
}

static enum kf_err open_status(struct kf_service *self, struct kf_error *err)
{
    struct kf_text endpoint;
    if (kf_text_equal(kf_settings_text(self->settings, "status"), "off")) {
        return KF_OK;
    }
    kf_text_init(&endpoint, ENDPOINT_BYTES_MAX);
    kf_service_endpoint(self, "status", self->class_->name, kf_service_instance(self), "status",
                        &endpoint);
    enum kf_err code =
        endpoint.failed
            ? kf_text_error(&endpoint, err, KF_ERR_CONFIG, "the status endpoint is too long")
            : kf_socket_publish(self->bus, endpoint.bytes, &self->status, err);
    kf_text_clear(&endpoint);
    return code;
}

static enum kf_err open_class(struct kf_service *self, struct kf_error *err)
{
    enum kf_err code = self->class_->open(self, &self->state, err);
    self->opened = code == KF_OK;
    self->pulse.tell = self->opened ? self->class_->tell : NULL;
    self->pulse.tell_context = self->state;
    return code;
}

static enum kf_err open_http(struct kf_service *self, struct kf_error *err)
{
    int64_t port = kf_settings_number(self->settings, "http-port");
    if (port < 0) { /* off */
        return KF_OK;
    }
    struct kf_http_options options = {.address = kf_settings_text(self->settings, "http-address"),
                                      .port = (uint16_t)port,
                                      .connections_max = HTTP_CONNECTIONS_MAX,
                                      .timeout_s = HTTP_TIMEOUT_S,
                                      .streams_max = self->class_->site ? HTTP_STREAMS_MAX : 0,
                                      .site = self->class_->site,
                                      .site_context = self->state};
    enum kf_err code =
        kf_http_start(&options, self->metrics, kf_pulse_health, &self->pulse, &self->http, err);
    if (code != KF_OK) {
        return code;
    }
    if (!kf_http_is_loopback(options.address)) {
        kf_log(KF_LOG_WARN, "http-open",
               "address=%s hint=\"other machines may read what it answers\"", options.address);
    }
    kf_log(KF_LOG_INFO, "http-listening", "address=%s port=%u", options.address,
           (unsigned)kf_http_port(self->http));
    return kf_instance_write_port(&self->instance, kf_http_port(self->http), err);
}

/* What is opened, in this order; closed in reverse. */
static enum kf_err (*const openers[])(struct kf_service *, struct kf_error *) = {
    open_signals, open_instance, open_pulse, open_bus, open_status, open_class, open_http,
};

static enum kf_err open_all(struct kf_service *self, struct kf_error *err)
{
    for (size_t i = 0; i < sizeof openers / sizeof openers[0]; i++) {
        enum kf_err code = openers[i](self, err);
        if (code != KF_OK) {
            return code;
        }
    }
    kf_bus_forget_secret(self->bus);
    return KF_OK;
}

static void close_all(struct kf_service *self)
{
    kf_http_destroy(&self->http);
    if (self->opened) {
        self->class_->close(&self->state);
    }
    kf_socket_destroy(&self->status);
    kf_bus_destroy(&self->bus);
    if (self->metrics) {
        kf_pulse_clear(&self->pulse);
        kf_metrics_destroy(&self->metrics);
    }
    kf_instance_close(&self->instance);
    if (self->signals >= 0) {
        (void)close(self->signals);
    }
    if (self->terminal >= 0) {
        (void)close(self->terminal);
    }
    kf_notify_close(&self->notify);
    kf_log_open("kf", KF_LOG_INFO); /* the name it had goes away with self */
    kf_settings_destroy(&self->settings);
    kf_findings_clear(&self->findings);
}

/* --- running --------------------------------------------------------------------------------- */

static int tell_cannot_start(const struct kf_error *err)
{
    char quoted[KF_LOG_QUOTED_SIZE];
    kf_log(KF_LOG_ERROR, "cannot-start", "code=%s reason=%s", kf_err_name(err->code),
           kf_log_quote(err->text, quoted));
    return err->code == KF_ERR_CONFIG ? EXIT_CONFIG : 1;
}

static int run(struct kf_service *self)
{
    struct kf_error err = {.code = KF_ERR_INTERNAL, .text = "no reason given"};
    int exit_code = read_settings(self);
    if (exit_code != RUNS) {
        return exit_code;
    }
    open_log(self);
    kf_notify_open(&self->notify);
    self->terminal = kf_terminal_open();
    if (open_all(self, &err) != KF_OK) {
        return tell_cannot_start(&err);
    }
    if (self->pulse.state == KF_SERVICE_STARTING) {
        kf_pulse_set_state(&self->pulse, KF_SERVICE_READY, "");
    }
    kf_notify_send(&self->notify, "READY=1");
    struct kf_loop loop = {
        .class_ = self->class_,
        .state = self->state,
        .pulse = &self->pulse,
        .notify = &self->notify,
        .bus = self->bus,
        .status = self->status,
        .http = self->http,
        .signals = self->signals,
        .terminal = self->terminal,
        .check = check_anew,
        .check_context = self,
        .drain_timeout_ms = kf_settings_number(self->settings, "drain-timeout"),
    };
    return kf_loop_run(&loop);
}

/* The life before is closed to the last descriptor: what fails now ends the process. */
static int renew(const struct kf_service_class *class_, char **argv)
{
    struct kf_error err;
    (void)kf_renew(argv, &err);
    char quoted[KF_LOG_QUOTED_SIZE];
    kf_log(KF_LOG_ERROR, "cannot-reload", "service=%s reason=%s", class_->name,
           kf_log_quote(err.text, quoted));
    return 1;
}

int kf_service_main(const struct kf_service_class *class_, int argc, char **argv)
{
    kf_signals_keep_reload();
    kf_memory_keep_freed();
    struct kf_service *self = new_service(class_, argc, argv);
    if (!self) {
        (void)fprintf(stderr, "kf-%s: no memory\n", class_->name);
        return 1;
    }
    int exit_code = run(self);
    close_all(self);
    kf_free(self);
    return exit_code == KF_LOOP_RENEW ? renew(class_, argv) : exit_code;
}

/* --- for the service's callbacks ------------------------------------------------------------- */

const void *kf_service_context(const struct kf_service *self)
{
    return self->class_->context;
}

const struct kf_settings *kf_service_settings(const struct kf_service *self)
{
    return self->settings;
}

struct kf_bus *kf_service_bus(struct kf_service *self)
{
    return self->bus;
}

uint32_t kf_service_instance(const struct kf_service *self)
{
    return (uint32_t)kf_settings_number(self->settings, "instance");
}

void kf_service_endpoint(const struct kf_service *self, const char *option, const char *service,
                         uint32_t instance, const char *role, struct kf_text *endpoint)
{
    const char *given = kf_settings_text(self->settings, option);
    if (given[0]) {
        kf_text_add(endpoint, given);
    } else {
        kf_endpoint_default(kf_settings_text(self->settings, "run-dir"), service, instance, role,
                            endpoint);
    }
}

struct kf_metrics *kf_service_metrics(struct kf_service *self)
{
    return self->metrics;
}

static void count(struct kf_service *self, enum kf_pulse_metric metric)
{
    kf_metric_increase(self->pulse.metrics[metric], 1);
}

void kf_service_count_in(struct kf_service *self)
{
    count(self, KF_PULSE_PANELS_IN);
}

void kf_service_count_out(struct kf_service *self)
{
    count(self, KF_PULSE_PANELS_OUT);
}

void kf_service_count_rejected(struct kf_service *self)
{
    count(self, KF_PULSE_PANELS_REJECTED);
}

void kf_service_refuse(struct kf_service *self, const struct kf_error *why)
{
    kf_pulse_refuse(&self->pulse, why->text);
}

void kf_service_set_in_progress(struct kf_service *self, uint32_t panels)
{
    kf_metric_set(self->pulse.metrics[KF_PULSE_IN_PROGRESS], panels);
}

void kf_service_set_release(struct kf_service *self, const char *release)
{
    kf_pulse_set_release(&self->pulse, release);
}

void kf_service_succeeded(struct kf_service *self)
{
    kf_pulse_succeeded_at(&self->pulse, kf_clock_wall_ms());
}

void kf_service_succeeded_at(struct kf_service *self, int64_t wall_ms)
{
    kf_pulse_succeeded_at(&self->pulse, wall_ms);
}

void kf_service_tell(struct kf_service *self, const char *event, const struct kf_text *data)
{
    if (self->http) {
        kf_http_tell(self->http, event, data);
    }
}

size_t kf_service_listeners(struct kf_service *self)
{
    return self->http ? kf_http_streams(self->http) : 0;
}

void kf_service_set_state(struct kf_service *self, enum kf_service_state state, const char *detail)
{
    kf_pulse_set_state(&self->pulse, state, detail);
}
