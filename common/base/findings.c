#include "common/base/findings.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/base/memory.h"

#define CELL_BYTES_MAX    80
#define PROBLEM_BYTES_MAX 400

void kf_findings_init(struct kf_findings *self)
{
    memset(self, 0, sizeof *self);
}

static void finding_clear(struct kf_finding *finding)
{
    kf_free(finding->file);
    kf_free(finding->municipality);
    kf_free(finding->variable);
    kf_free(finding->cell);
    kf_free(finding->problem);
    kf_free(finding->remedy);
    memset(finding, 0, sizeof *finding);
}

void kf_findings_clear(struct kf_findings *self)
{
    for (size_t i = 0; i < self->length; i++) {
        finding_clear(&self->list[i]);
    }
    self->length = 0;
    self->left_out = 0;
}

/* A copy that may be shown; NULL without memory. */
static char *copy_defused(const char *text)
{
    char *copy = kf_strdup(text ? text : "");
    if (copy) {
        kf_text_defuse(copy);
    }
    return copy;
}

static char *copy_shortened(const char *text)
{
    const char *from = text ? text : "";
    size_t length = strlen(from);
    if (length <= CELL_BYTES_MAX) {
        return copy_defused(from);
    }
    char *copy = kf_malloc(CELL_BYTES_MAX + sizeof "…");
    if (copy) {
        size_t keep = kf_text_whole(from, CELL_BYTES_MAX);
        memcpy(copy, from, keep);
        memcpy(copy + keep, "…", sizeof "…");
        kf_text_defuse(copy);
    }
    return copy;
}

static int finding_fill(struct kf_finding *finding, const struct kf_place *place,
                        const char *problem, const char *remedy)
{
    finding->file = copy_defused(place->file);
    finding->line = place->line;
    finding->municipality = copy_shortened(place->municipality);
    finding->variable = copy_shortened(place->variable);
    finding->cell = copy_shortened(place->cell);
    finding->problem = kf_strdup(problem);
    finding->remedy = kf_strdup(remedy ? remedy : "");
    return finding->file && finding->municipality && finding->variable && finding->cell &&
           finding->problem && finding->remedy;
}

__attribute__((format(printf, 2, 0))) static void print_problem(char text[PROBLEM_BYTES_MAX],
                                                                const char *problem, va_list args)
{
    (void)vsnprintf(text, PROBLEM_BYTES_MAX, problem, args);
    text[kf_text_whole(text, strlen(text))] = '\0';
    kf_text_defuse(text);
}

static bool is_same(const struct kf_finding *a, const struct kf_finding *b)
{
    return a->line == b->line && strcmp(a->file, b->file) == 0 &&
           strcmp(a->municipality, b->municipality) == 0 && strcmp(a->variable, b->variable) == 0 &&
           strcmp(a->cell, b->cell) == 0 && strcmp(a->problem, b->problem) == 0 &&
           strcmp(a->remedy, b->remedy) == 0;
}

static bool is_listed(const struct kf_findings *self, const struct kf_finding *finding)
{
    for (size_t i = 0; i < self->length; i++) {
        if (is_same(&self->list[i], finding)) {
            return true;
        }
    }
    return false;
}

static void add(struct kf_findings *self, const struct kf_place *place, const char *remedy,
                const char *problem, bool once)
{
    struct kf_finding finding = {0};
    bool filled = finding_fill(&finding, place, problem, remedy);
    if (filled && once && is_listed(self, &finding)) {
        finding_clear(&finding);
    } else if (filled && self->length < KF_FINDINGS_MAX) {
        self->list[self->length++] = finding;
    } else {
        finding_clear(&finding);
        self->left_out++;
    }
}

void kf_findings_add(struct kf_findings *self, const struct kf_place *place, const char *remedy,
                     const char *problem, ...)
{
    if (kf_findings_is_full(self)) {
        self->left_out++;
        return;
    }
    char text[PROBLEM_BYTES_MAX];
    va_list args;
    va_start(args, problem);
    print_problem(text, problem, args);
    va_end(args);
    add(self, place, remedy, text, false);
}

void kf_findings_add_once(struct kf_findings *self, const struct kf_place *place,
                          const char *remedy, const char *problem, ...)
{
    char text[PROBLEM_BYTES_MAX];
    va_list args;
    va_start(args, problem);
    print_problem(text, problem, args);
    va_end(args);
    add(self, place, remedy, text, true);
}

bool kf_findings_is_full(const struct kf_findings *self)
{
    return self->length == KF_FINDINGS_MAX;
}

uint64_t kf_findings_count(const struct kf_findings *self)
{
    return self->length + self->left_out;
}

static void print_about(const struct kf_finding *finding, struct kf_text *text)
{
    const char *about[] = {finding->municipality, finding->variable, finding->cell};
    static const char *const quotes[] = {"", "", "\""};
    const char *separator = "";
    for (size_t i = 0; i < sizeof about / sizeof about[0]; i++) {
        if (about[i][0]) {
            kf_text_add_format(text, "%s%s%s%s", separator, quotes[i], about[i], quotes[i]);
            separator = " ";
        }
    }
    kf_text_add(text, separator[0] ? ": " : "");
}

static void print_one(const struct kf_finding *finding, struct kf_text *text)
{
    if (finding->file[0] && finding->line) {
        kf_text_add_format(text, "%s:%llu: ", finding->file, (unsigned long long)finding->line);
    } else if (finding->file[0]) {
        kf_text_add_format(text, "%s: ", finding->file);
    }
    print_about(finding, text);
    kf_text_add(text, finding->problem);
    if (finding->remedy[0]) {
        kf_text_add_format(text, "; %s", finding->remedy);
    }
    kf_text_add_char(text, '\n');
}

void kf_findings_print(const struct kf_findings *self, struct kf_text *text)
{
    for (size_t i = 0; i < self->length; i++) {
        print_one(&self->list[i], text);
    }
    if (self->left_out > 0) {
        kf_text_add_format(text, "and %llu more\n", (unsigned long long)self->left_out);
    }
}

/* Texts are at least as far apart as their lengths are. */
static bool differ_in_length(size_t a, size_t b, size_t distance)
{
    return (a > b ? a - b : b - a) > distance;
}

const char *kf_findings_suggest(const char *name, const char *const *names, size_t count)
{
    const char *nearest = NULL;
    size_t length = strlen(name);
    size_t nearest_distance = length / 3 + 1;
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(name, names[i]) == 0) {
            return names[i];
        }
        if (differ_in_length(length, strlen(names[i]), nearest_distance)) {
            continue;
        }
        size_t distance = kf_text_distance(name, names[i]);
        if (distance <= nearest_distance) {
            nearest = names[i];
            nearest_distance = distance == 0 ? 0 : distance - 1;
        }
    }
    return nearest;
}
