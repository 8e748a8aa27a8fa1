#include "common/service/metrics.h"

#include <assert.h>
#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "common/base/decimal.h"
#include "common/base/memory.h"

#define PREFIX          "kostraflow_"
#define STANDARD_PREFIX "process_"

struct kf_metric {
    const char *name;
    enum kf_metric_type type;
    const char *label;
    const char *help;
    _Atomic double value;
};

struct kf_metrics {
    struct kf_metric list[KF_METRICS_MAX];
    size_t length;
    struct kf_metric spare; /* where one too many goes when assertions are off; never printed */
};

struct kf_metrics *kf_metrics_new(void)
{
    return kf_calloc(1, sizeof(struct kf_metrics));
}

void kf_metrics_destroy(struct kf_metrics **self)
{
    if (self) {
        kf_free(*self);
        *self = NULL;
    }
}

struct kf_metric *kf_metrics_add(struct kf_metrics *self, const char *name,
                                 enum kf_metric_type type, const char *label, const char *help)
{
    assert(self->length < KF_METRICS_MAX);
    bool room = self->length < KF_METRICS_MAX;
    struct kf_metric *metric = room ? &self->list[self->length++] : &self->spare;
    metric->name = name;
    metric->type = type;
    metric->label = label;
    metric->help = help;
    atomic_init(&metric->value, 0);
    return metric;
}

void kf_metric_increase(struct kf_metric *self, uint64_t by)
{
    double old = atomic_load(&self->value);
    while (!atomic_compare_exchange_weak(&self->value, &old, old + (double)by)) {
        /* another thread was faster; `old` holds its value now */
    }
}

void kf_metric_set(struct kf_metric *self, double value)
{
    atomic_store(&self->value, value);
}

double kf_metric_value(const struct kf_metric *self)
{
    return atomic_load(&self->value);
}

static const char *prefix_of(const char *name)
{
    return strncmp(name, STANDARD_PREFIX, strlen(STANDARD_PREFIX)) == 0 ? "" : PREFIX;
}

static void print_help(const char *help, struct kf_text *page)
{
    for (const char *c = help; *c; c++) {
        if (*c == '\\') {
            kf_text_add(page, "\\\\");
        } else if (*c == '\n') {
            kf_text_add(page, "\\n");
        } else {
            kf_text_add_char(page, *c);
        }
    }
}

static void print_head(const struct kf_metric *metric, struct kf_text *page)
{
    const char *prefix = prefix_of(metric->name);
    kf_text_add_format(page, "# HELP %s%s ", prefix, metric->name);
    print_help(metric->help, page);
    kf_text_add_format(page, "\n# TYPE %s%s %s\n", prefix, metric->name,
                       metric->type == KF_METRIC_COUNTER ? "counter" : "gauge");
}

static void print_value(double value, struct kf_text *page)
{
    if (isnan(value)) {
        kf_text_add(page, "NaN");
    } else if (isinf(value)) {
        kf_text_add(page, value > 0 ? "+Inf" : "-Inf");
    } else {
        char text[KF_DECIMAL_SIZE];
        kf_text_add_bytes(page, text, kf_decimal_print(value, text));
    }
}

static void print_sample(const struct kf_metric *metric, struct kf_text *page)
{
    kf_text_add_format(page, "%s%s", prefix_of(metric->name), metric->name);
    if (metric->label) {
        kf_text_add_format(page, "{%s}", metric->label);
    }
    kf_text_add_char(page, ' ');
    print_value(kf_metric_value(metric), page);
    kf_text_add_char(page, '\n');
}

static bool is_first_of_its_name(const struct kf_metrics *self, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (strcmp(self->list[i].name, self->list[index].name) == 0) {
            return false;
        }
    }
    return true;
}

void kf_metrics_print(const struct kf_metrics *self, struct kf_text *page)
{
    for (size_t i = 0; i < self->length; i++) {
        if (!is_first_of_its_name(self, i)) {
            continue;
        }
        print_head(&self->list[i], page);
        for (size_t j = i; j < self->length; j++) {
            if (strcmp(self->list[j].name, self->list[i].name) == 0) {
                print_sample(&self->list[j], page);
            }
        }
    }
}
