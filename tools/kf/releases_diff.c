#include "tools/kf/releases_diff.h"

#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "tools/kf/folder.h"
#include "tools/kf/moves_text.h"
#include "tools/kf/pipeline.h"
#include "tools/kf/releases_find.h"

#define OUTPUT_BYTES_MAX ((size_t)1024 * 1024 * 1024)
#define LIMIT_MAX        1000000UL

enum form { TABLE, CSV, JSON };

/* What a panel of A is. */
struct panel_of_a {
    char edition[256];
    char digest[KF_DIGEST_SIZE];
    int year;
    bool rejected;
};

struct comparison {
    struct kf_ledger *ledger;
    const struct kf_ledger_release *a;
    const struct kf_ledger_release *b; /* or NULL: the newest before */
    struct kf_ledger_release *earlier; /* those before `a`, newest first */
    size_t earlier_len;
    struct panel_of_a *panels;      /* [a->panels] */
    struct kf_catalogue *catalogue; /* for names, or NULL */
    struct kf_moves_view view;
    enum form form;
    struct kf_text text;
    struct kf_findings *findings;
};

/* --- which panels ---------------------------------------------------------------------------- */

/* A panel of a release. */
struct panel_place {
    const struct kf_ledger_release *release;
    const char *edition;
    int year;
    bool found;
    uint32_t index;
    char digest[KF_DIGEST_SIZE];
};

static enum kf_err look_at(void *context, uint32_t index, const struct kf_ledger_content *content,
                           struct kf_error *err)
{
    (void)err;
    struct panel_place *place = context;
    if (!content->rejected && content->year == place->year &&
        strcmp(content->edition, place->edition) == 0) {
        place->found = true;
        place->index = index;
        (void)snprintf(place->digest, sizeof place->digest, "%s", content->digest);
    }
    return KF_OK;
}

static bool is_standing(const struct kf_ledger_release *release)
{
    return release->state == KF_LEDGER_COMPLETE || release->state == KF_LEDGER_SENT ||
           release->state == KF_LEDGER_COMMITTED;
}

static enum kf_err collect(void *context, const struct kf_ledger_release *release,
                           struct kf_error *err)
{
    (void)err;
    struct comparison *self = context;
    if (release->number < self->a->number && is_standing(release) &&
        self->earlier_len < KF_RELEASES_LISTED_MAX) {
        self->earlier[self->earlier_len++] = *release;
    }
    return KF_OK;
}

static enum kf_err collect_earlier(struct comparison *self, struct kf_error *err)
{
    if (self->b) {
        self->earlier[0] = *self->b;
        self->earlier_len = 1;
        return KF_OK;
    }
    return kf_ledger_list(self->ledger, KF_RELEASES_LISTED_MAX, collect, self, err);
}

/* The first of the releases to look at that has the panel. */
static enum kf_err find_before(struct comparison *self, struct panel_place *place,
                               struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && !place->found && i < self->earlier_len; i++) {
        place->release = &self->earlier[i];
        code = kf_ledger_contents(self->ledger, place->release, look_at, place, err);
    }
    return code;
}

/* --- telling --------------------------------------------------------------------------------- */

/* What is told of a panel besides what moved goes to people alone. */
static void tell(struct comparison *self, const char *text)
{
    if (self->form == TABLE) {
        kf_text_add(&self->text, text);
    } else {
        (void)fprintf(stderr, "kf releases: %s", text);
    }
}

static void tell_panel(struct comparison *self, const char *edition, int year, const char *what)
{
    char text[1024];
    (void)snprintf(text, sizeof text, "%s %d: %s\n", edition, year, what);
    tell(self, text);
}

static void print_title(struct comparison *self, const struct panel_place *before)
{
    char time[KF_CLOCK_TEXT_SIZE];
    kf_clock_print(before->release->discovered_ms, time);
    if (self->form == TABLE) {
        kf_text_add_format(&self->text,
                           self->view.norwegian ? "== %s %d: %.8s (%s) mot %.8s (%s, %s)\n"
                                                : "== %s %d: %.8s (%s) against %.8s (%s, %s)\n",
                           before->edition, before->year, self->a->id,
                           kf_ledger_state_name(self->a->state), before->release->id,
                           kf_ledger_state_name(before->release->state), time);
    }
}

/* Writes out what was said so far. */
static enum kf_err write_out(struct comparison *self, struct kf_error *err)
{
    if (self->text.failed) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the comparison");
    }
    bool written = fwrite(self->text.bytes, 1, self->text.length, stdout) == self->text.length;
    kf_text_reset(&self->text);
    return written && fflush(stdout) == 0
               ? KF_OK
               : kf_error_set(err, KF_ERR_IO, "standard output cannot be written");
}

static enum kf_err print_moves(struct comparison *self, const struct kf_moves *moves, bool rows,
                               struct kf_error *err)
{
    if (self->form != TABLE) {
        kf_moves_print_lines(moves, &self->view, &self->text);
        return KF_OK;
    }
    return rows ? kf_moves_print_rows(moves, &self->view, &self->text, err)
                : kf_moves_print_figures(moves, &self->view, &self->text, err);
}

/* --- comparing ------------------------------------------------------------------------------- */

static enum kf_err compare_figures(struct comparison *self, const struct kf_panel *before,
                                   const struct kf_panel *after, struct kf_error *err)
{
    struct kf_moves moves = {0};
    enum kf_err code = kf_moves_of_figures(before, after, &moves, err);
    if (code == KF_OK) {
        code = print_moves(self, &moves, false, err);
    }
    kf_moves_clear(&moves);
    return code;
}

/* A panel that cannot be computed is told, and `computed` stays false. */
static enum kf_err compute(struct comparison *self, struct kf_panel *panel, const char *which,
                           bool *computed, struct kf_error *err)
{
    struct kf_error why;
    enum kf_err code = kf_pipeline_compute(panel, self->findings, &why);
    if (code == KF_OK) {
        *computed = true;
    } else if (kf_err_disposition(code) == KF_REJECT) {
        char text[KF_ERROR_TEXT_MAX + 64];
        (void)snprintf(text, sizeof text, "the panel %s cannot be computed: %s", which, why.text);
        tell_panel(self, panel->edition->id, panel->year, text);
    } else {
        return kf_error_set(err, code, "%s", why.text);
    }
    kf_findings_clear(self->findings);
    return KF_OK;
}

static enum kf_err compare_rows(struct comparison *self, struct kf_panel *before,
                                struct kf_panel *after, struct kf_error *err)
{
    struct kf_moves moves = {0};
    bool was = false;
    bool is = false;
    enum kf_err code = compute(self, before, "before", &was, err);
    if (code == KF_OK) {
        code = compute(self, after, "after", &is, err);
    }
    if (code != KF_OK || !was || !is) {
        return code;
    }
    code = kf_moves_of_rows(before, after, &moves, err);
    if (code == KF_OK) {
        kf_text_add(&self->text, self->form == TABLE ? "\n" : "");
        code = print_moves(self, &moves, true, err);
    }
    kf_moves_clear(&moves);
    return code;
}

static enum kf_err compare_panels(struct comparison *self, struct kf_envelope *before,
                                  struct kf_envelope *after, struct kf_error *err)
{
    self->view.edition = after->panel->edition;
    self->view.year = after->panel->year;
    enum kf_err code = compare_figures(self, before->panel, after->panel, err);
    if (code == KF_OK) {
        code = compare_rows(self, before->panel, after->panel, err);
    }
    kf_text_add(&self->text, self->form == TABLE ? "\n" : "");
    return code == KF_OK ? write_out(self, err) : code;
}

/* Reads both panels; one that is dropped or damaged is told. */
static enum kf_err compare_at(struct comparison *self, uint32_t index,
                              const struct panel_place *before, struct kf_error *err)
{
    struct kf_envelope *now = NULL;
    struct kf_envelope *then = NULL;
    struct kf_error why;
    enum kf_err code = kf_releases_panel(self->ledger, self->a, index, &now, &why);
    if (code == KF_OK) {
        code = kf_releases_panel(self->ledger, before->release, before->index, &then, &why);
    }
    if (code == KF_OK && now->panel && then->panel) {
        code = compare_panels(self, then, now, err);
    } else if (code == KF_ERR_AGAIN || code == KF_ERR_DATA) {
        tell_panel(self, before->edition, before->year, why.text);
        code = KF_OK;
    } else if (code != KF_OK) {
        kf_error_set(err, code, "%s", why.text);
    }
    kf_envelope_destroy(&now);
    kf_envelope_destroy(&then);
    return code;
}

/* Copies what a panel of A is: the walk over A is over before another release is walked. */
static enum kf_err collect_panel(void *context, uint32_t index,
                                 const struct kf_ledger_content *content, struct kf_error *err)
{
    (void)err;
    struct comparison *self = context;
    if (index < self->a->panels) {
        struct panel_of_a *panel = &self->panels[index];
        (void)snprintf(panel->edition, sizeof panel->edition, "%s", content->edition);
        (void)snprintf(panel->digest, sizeof panel->digest, "%s", content->digest);
        panel->year = content->year;
        panel->rejected = content->rejected;
    }
    return KF_OK;
}

static enum kf_err compare_panel(struct comparison *self, uint32_t index, struct kf_error *err)
{
    const struct panel_of_a *panel = &self->panels[index];
    struct panel_place before = {.edition = panel->edition, .year = panel->year};
    if (panel->rejected) {
        tell_panel(self, panel->edition[0] ? panel->edition : self->a->input, panel->year,
                   "was rejected; `kf releases show` tells why");
        return KF_OK;
    }
    enum kf_err code = find_before(self, &before, err);
    if (code != KF_OK) {
        return code;
    }
    if (!before.found) {
        tell_panel(self, panel->edition, panel->year,
                   self->b ? "the other release has no such panel"
                           : "no earlier release has it: all of it is new");
        return KF_OK;
    }
    print_title(self, &before);
    if (before.digest[0] && strcmp(before.digest, panel->digest) == 0) {
        tell_panel(self, panel->edition, panel->year, "the same figures, nothing moves");
        kf_text_add(&self->text, self->form == TABLE ? "\n" : "");
        return KF_OK;
    }
    return compare_at(self, index, &before, err);
}

static enum kf_err compare_all(struct comparison *self, struct kf_error *err)
{
    enum kf_err code = kf_ledger_contents(self->ledger, self->a, collect_panel, self, err);
    for (uint32_t i = 0; code == KF_OK && i < self->a->panels; i++) {
        code = compare_panel(self, i, err);
    }
    return code;
}

/* --- the command ----------------------------------------------------------------------------- */

static enum kf_err read_form(struct comparison *self, const struct kf_arguments *arguments,
                             struct kf_error *err)
{
    static const char *const forms[] = {[TABLE] = "table", [CSV] = "csv", [JSON] = "json"};
    const char *given = kf_arguments_one(arguments, "format");
    size_t at = 0;
    while (at < sizeof forms / sizeof forms[0] && strcmp(forms[at], given) != 0) {
        at++;
    }
    if (at == sizeof forms / sizeof forms[0]) {
        return kf_error_set(err, KF_ERR_CONFIG, "--format %s: give table, csv or json", given);
    }
    self->form = (enum form)at;
    self->view.json = self->form == JSON;
    const char *language = kf_arguments_one(arguments, "lang");
    self->view.norwegian = strcmp(language, "nb") == 0;
    return self->view.norwegian || strcmp(language, "en") == 0
               ? KF_OK
               : kf_error_set(err, KF_ERR_CONFIG, "--lang %s: nb or en", language);
}

/* Tables are short unless more is asked for; lines are for programs, which want all. */
static enum kf_err read_limit(struct comparison *self, const struct kf_arguments *arguments,
                              struct kf_error *err)
{
    const char *given = kf_arguments_one(arguments, "limit");
    unsigned long limit = 0;
    if (given && !kf_text_to_unsigned(given, strlen(given), LIMIT_MAX, &limit)) {
        return kf_error_set(err, KF_ERR_CONFIG, "--limit %s: give a number up to %lu", given,
                            LIMIT_MAX);
    }
    bool all = kf_arguments_flag(arguments, "all");
    if (all && given) {
        return kf_error_set(err, KF_ERR_CONFIG, "give --limit or --all");
    }
    self->view.limit = given ? limit : 15;
    if (all || (!given && self->form != TABLE)) {
        self->view.limit = SIZE_MAX;
    }
    return KF_OK;
}

/* Names of municipalities, where the editions folder is to be found: codes do without. */
static void read_names(struct comparison *self, const struct kf_arguments *arguments)
{
    struct kf_text path;
    struct kf_error ignored;
    const char *given = kf_arguments_one(arguments, "editions");
    kf_text_init(&path, KF_RELEASES_PATH_MAX);
    if (self->form == TABLE && kf_folder_find(given, &path, &ignored) == KF_OK) {
        self->catalogue = kf_folder_read(given);
    }
    self->view.municipalities = self->catalogue ? self->catalogue->municipalities : NULL;
    kf_text_clear(&path);
}

static enum kf_err run(struct comparison *self, const struct kf_arguments *arguments,
                       struct kf_error *err)
{
    enum kf_err code = read_form(self, arguments, err);
    if (code == KF_OK) {
        code = read_limit(self, arguments, err);
    }
    if (code == KF_OK && (!self->earlier || !self->panels || !self->findings)) {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory to compare releases");
    }
    if (code == KF_OK) {
        code = collect_earlier(self, err);
    }
    if (code == KF_OK) {
        read_names(self, arguments);
        if (self->form == CSV) {
            kf_moves_print_head(&self->text);
        }
        code = compare_all(self, err);
    }
    return code == KF_OK ? write_out(self, err) : code;
}

enum kf_err kf_releases_diff(struct kf_ledger *ledger, const struct kf_arguments *arguments,
                             const struct kf_ledger_release *a, const struct kf_ledger_release *b,
                             struct kf_error *err)
{
    struct comparison self = {.ledger = ledger, .a = a, .b = b};
    if (a->state == KF_LEDGER_DISCOVERED || (b && b->state == KF_LEDGER_DISCOVERED)) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "a release that is only announced has nothing to compare yet");
    }
    kf_text_init(&self.text, OUTPUT_BYTES_MAX);
    self.earlier = kf_calloc(KF_RELEASES_LISTED_MAX, sizeof *self.earlier);
    self.panels = kf_calloc((size_t)a->panels + 1, sizeof *self.panels);
    self.findings = kf_folder_findings_new();
    enum kf_err code = run(&self, arguments, err);
    kf_text_clear(&self.text);
    kf_folder_findings_destroy(&self.findings);
    kf_catalogue_destroy(&self.catalogue);
    kf_free(self.panels);
    kf_free(self.earlier);
    return code;
}
