#include "services/ingest/release_build.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/model/digest.h"
#include "services/ingest/wanted.h"

#define STAGE            "ingest"
#define ID_VERSION       "kostraflow release 1"
#define YEARS            (KF_YEAR_MAX - KF_YEAR_MIN + 1)
#define NAMES_SHOWN      5
#define WANTED_BYTES_MAX 400

/* One panel to be: what to build, or why not. */
struct planned {
    const struct kf_edition *edition;
    const struct kf_observations *observations;
    int year;
    bool rejected;
    char digest[KF_DIGEST_SIZE]; /* of the panel's content, or of why there is none */
};

/* What planning adds to. */
struct planning {
    struct kf_digest *digest; /* of the release */
    struct kf_findings *findings;
};

struct kf_release_build {
    struct kf_release_input input;
    struct kf_release release;
    struct planned *planned; /* NULL for a refused input */
    uint32_t rejected;
    size_t left_out; /* panels that are published already */
    char *reason;    /* of a refused input */
    struct kf_findings *findings;
};

/* --- digesting ----------------------------------------------------------------------------- */

static void digest_text(struct kf_digest *digest, const char *text)
{
    kf_digest_add_sized(digest, text, strlen(text));
}

/* Eight bytes, lowest first, on every machine. */
static void digest_number(struct kf_digest *digest, uint64_t number)
{
    unsigned char bytes[sizeof number];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(number >> (8 * i));
    }
    kf_digest_add(digest, bytes, sizeof bytes);
}

static void digest_figure(struct kf_digest *digest, double value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    digest_number(digest, bits);
}

static void digest_codes(struct kf_digest *digest, const char *const *codes, size_t count)
{
    digest_number(digest, count);
    for (size_t i = 0; i < count; i++) {
        digest_text(digest, codes[i]);
    }
}

static void digest_figures(struct kf_digest *digest, const double *values, const uint8_t *status,
                           size_t count)
{
    for (size_t i = 0; i < count; i++) {
        digest_figure(digest, values[i]);
    }
    kf_digest_add_sized(digest, status, count);
}

static void digest_column(struct kf_digest *digest, const struct kf_panel *panel,
                          const struct kf_column *column)
{
    digest_text(digest, column->variable);
    digest_figures(digest, column->values, column->status, panel->members_len);
    digest_figure(digest, column->country_value);
    digest_number(digest, column->country_status);
    if (column->other_values) {
        digest_figures(digest, column->other_values, column->other_status, panel->others_len);
    }
}

static void digest_year(struct kf_digest *digest, const struct kf_panel *panel)
{
    digest_text(digest, "panel");
    digest_codes(digest, panel->members, panel->members_len);
    digest_codes(digest, panel->others, panel->others_len);
    digest_number(digest, panel->country_municipalities);
    digest_number(digest, panel->columns_len);
    for (size_t c = 0; c < panel->columns_len; c++) {
        digest_column(digest, panel, &panel->columns[c]);
    }
}

/* With the years before, each one before the next, and the further ones. */
static void digest_panel(struct kf_digest *digest, const struct kf_panel *panel)
{
    for (const struct kf_panel *year = panel; year; year = year->previous) {
        digest_year(digest, year);
    }
    for (const struct kf_panel *year = panel->further; year; year = year->further) {
        digest_number(digest, (uint64_t)year->year);
        digest_year(digest, year);
    }
}

/* Without file and line: where a fault stood is no content. */
static void digest_findings(struct kf_digest *digest, const struct kf_findings *findings)
{
    digest_text(digest, "findings");
    digest_number(digest, findings->length);
    for (size_t i = 0; i < findings->length; i++) {
        const struct kf_finding *finding = &findings->list[i];
        digest_text(digest, finding->municipality);
        digest_text(digest, finding->variable);
        digest_text(digest, finding->cell);
        digest_text(digest, finding->problem);
    }
    digest_number(digest, findings->left_out);
}

static void copy_findings(const struct kf_findings *from, struct kf_findings *to)
{
    for (size_t i = 0; i < from->length; i++) {
        const struct kf_finding *finding = &from->list[i];
        const struct kf_place place = {.file = finding->file,
                                       .line = finding->line,
                                       .municipality = finding->municipality,
                                       .variable = finding->variable,
                                       .cell = finding->cell};
        kf_findings_add(to, &place, finding->remedy, "%s", finding->problem);
    }
    to->left_out += from->left_out;
}

/* --- planning ------------------------------------------------------------------------------ */

static void years_of(const struct kf_observations *observations, bool years[YEARS])
{
    size_t count = 0;
    const struct kf_observation *rows = kf_observations_rows(observations, &count);
    memset(years, 0, YEARS * sizeof *years);
    for (size_t i = 0; i < count; i++) {
        if (rows[i].year >= KF_YEAR_MIN && rows[i].year <= KF_YEAR_MAX) {
            years[rows[i].year - KF_YEAR_MIN] = true;
        }
    }
}

/* Data and limits reject the panel; anything else is no fault of the panel. */
static bool rejects(enum kf_err code)
{
    return code != KF_OK && kf_err_disposition(code) == KF_REJECT;
}

static enum kf_err build_panel(const struct kf_release_input *input, const struct planned *planned,
                               struct kf_panel **panel, struct kf_findings *findings,
                               struct kf_error *err)
{
    struct kf_panel_input of = {.edition = planned->edition,
                                .year = planned->year,
                                .observations = planned->observations,
                                .municipalities = input->catalogue->municipalities,
                                .structure = input->catalogue->structure,
                                .kostra_groups = input->catalogue->kostra_groups};
    return kf_panel_build(&of, panel, findings, err);
}

static enum kf_err add_planned(struct kf_release_build *self, const struct planned *planned,
                               struct kf_error *err)
{
    uint32_t count = self->release.panels;
    if (count == KF_RELEASE_PANELS_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT,
                            "the input has figures for more than %d panels: split it",
                            KF_RELEASE_PANELS_MAX);
    }
    if ((count & (count - 1)) == 0) {
        size_t room = count ? (size_t)count * 2 : 1;
        struct planned *grown = kf_realloc(self->planned, room * sizeof *grown);
        if (!grown) {
            return kf_error_set(err, KF_ERR_MEMORY, "no memory for %zu panels", room);
        }
        self->planned = grown;
    }
    self->planned[count] = *planned;
    self->release.panels++;
    return KF_OK;
}

static void digest_head(struct kf_digest *digest, const struct planned *planned)
{
    digest_text(digest, planned->edition->id);
    digest_text(digest, planned->edition->digest);
    digest_number(digest, (uint64_t)planned->year);
}

/* What a panel is: the same to the release and by itself. */
static void digest_content(struct kf_digest *digest, const struct planned *planned,
                           const struct kf_panel *panel, const struct kf_findings *found)
{
    digest_head(digest, planned);
    if (panel) {
        digest_panel(digest, panel);
    } else {
        digest_findings(digest, found);
    }
}

static bool is_published(const struct kf_release_input *input, const struct planned *planned,
                         char replaced[KF_RELEASE_ID_SIZE])
{
    return input->published(input->published_context, planned->edition->id, planned->year,
                            planned->digest, replaced);
}

/* Takes a panel, or the reason why there is none, into the release, unless it is published. */
static enum kf_err take(struct kf_release_build *self, struct planned *planned,
                        const struct kf_panel *panel, const struct kf_findings *found,
                        struct planning *planning, struct kf_error *err)
{
    struct kf_digest *own = kf_digest_new();
    if (!own) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a digest");
    }
    planned->rejected = !panel;
    digest_content(own, planned, panel, found);
    kf_digest_print(own, planned->digest);
    kf_digest_destroy(&own);
    if (self->input.published) {
        char replaced[KF_RELEASE_ID_SIZE] = "";
        if (is_published(&self->input, planned, replaced)) {
            self->left_out++;
            return KF_OK;
        }
        if (replaced[0]) {
            digest_text(planning->digest, replaced);
        }
    }
    digest_content(planning->digest, planned, panel, found);
    if (planned->rejected) {
        copy_findings(found, planning->findings);
        self->rejected++;
    }
    return add_planned(self, planned, err);
}

/* Plans the panel of one edition and year, if there is any, and digests it. */
static enum kf_err plan(struct kf_release_build *self, struct planned *planned,
                        struct planning *planning, struct kf_error *err)
{
    struct kf_panel *panel = NULL;
    struct kf_findings found;
    struct kf_error reason;
    kf_findings_init(&found);
    enum kf_err code = build_panel(&self->input, planned, &panel, &found, &reason);
    if (code == KF_ERR_AGAIN) {
        code = KF_OK;
    } else if (code == KF_OK || rejects(code)) {
        code = take(self, planned, panel, &found, planning, err);
    } else {
        kf_error_set(err, code, "%s", reason.text);
    }
    kf_panel_destroy(&panel);
    kf_findings_clear(&found);
    return code;
}

/* What the edition is made from; NULL when it is not wanted. */
static const struct kf_observations *figures_of(const struct kf_release_input *input,
                                                const struct kf_edition *edition)
{
    for (size_t i = 0; input->editions && i < input->editions_len; i++) {
        if (input->editions[i].edition == edition) {
            return input->editions[i].observations;
        }
    }
    return !input->editions && edition->publish ? input->observations : NULL;
}

/* Plans the years of one edition that have any figure. */
static enum kf_err plan_edition(struct kf_release_build *self, const struct planned *of,
                                const bool years[YEARS], struct planning *planning,
                                struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (int year = KF_YEAR_MIN; code == KF_OK && year <= KF_YEAR_MAX; year++) {
        struct planned planned = *of;
        planned.year = year;
        if (years[year - KF_YEAR_MIN] && kf_edition_has_year(of->edition, year)) {
            code = plan(self, &planned, planning, err);
        }
    }
    return code;
}

static enum kf_err plan_all(struct kf_release_build *self, struct planning *planning,
                            struct kf_error *err)
{
    const struct kf_catalogue *catalogue = self->input.catalogue;
    const struct kf_observations *counted = NULL;
    bool years[YEARS] = {false};
    enum kf_err code = KF_OK;
    for (size_t e = 0; code == KF_OK && e < catalogue->editions_len; e++) {
        const struct kf_edition *edition = catalogue->editions[e];
        struct planned planned = {.edition = edition,
                                  .observations = figures_of(&self->input, edition)};
        if (!planned.observations) {
            continue;
        }
        if (planned.observations != counted) {
            counted = planned.observations;
            years_of(counted, years);
        }
        code = plan_edition(self, &planned, years, planning, err);
    }
    return code;
}

/* --- when no edition can use the input ------------------------------------------------------- */

static void name_variables(const struct kf_observations *observations, struct kf_text *names)
{
    size_t count = 0;
    size_t registered = 0;
    size_t shown = 0;
    const struct kf_observation *rows = kf_observations_rows(observations, &count);
    const struct kf_variable *all =
        kf_variables_all(kf_observations_variables(observations), &registered);
    uint16_t last = UINT16_MAX;
    for (size_t i = 0; i < count && shown < NAMES_SHOWN; i++) {
        if (rows[i].variable != last && rows[i].variable < registered) {
            kf_text_add_format(names, "%s%s", shown ? ", " : "", all[rows[i].variable].id);
            last = rows[i].variable;
            shown++;
        }
    }
}

/* What the input is, before what each edition wants. */
static enum kf_err tell_input(const struct kf_release_input *input, struct kf_findings *findings,
                              struct kf_error *err)
{
    size_t count = 0;
    const struct kf_observation *rows = kf_observations_rows(input->observations, &count);
    if (count == 0) {
        return kf_error_set(err, KF_ERR_DATA, "the input has no rows");
    }
    struct kf_text names;
    kf_text_init(&names, WANTED_BYTES_MAX);
    name_variables(input->observations, &names);
    kf_error_set(err, KF_ERR_DATA,
                 "no edition can use the input: it has %zu rows of %d–%d, first variables %s",
                 count, rows[0].year, rows[count - 1].year, names.bytes);
    kf_text_clear(&names);
    const char *file = input->sources_len > 0 ? input->sources[0].name : "input";
    kf_findings_add(findings, &(struct kf_place){.file = file},
                    "correct years or variables, or add an edition; this is what editions want:",
                    "%s", err ? err->text : "no edition can use the input");
    return KF_ERR_DATA;
}

static enum kf_err refuse_all(const struct kf_release_input *input, struct kf_findings *findings,
                              struct kf_error *err)
{
    if (!input->editions) {
        (void)tell_input(input, findings, err);
    }
    for (size_t e = 0; e < input->catalogue->editions_len; e++) {
        if (figures_of(input, input->catalogue->editions[e])) {
            kf_wanted_tell(input->catalogue->editions[e], findings);
        }
    }
    return input->editions
               ? kf_error_set(err, KF_ERR_DATA, "no edition can use the figures of its sources")
               : KF_ERR_DATA;
}

/* --- life cycle ---------------------------------------------------------------------------- */

static struct kf_release_build *build_new(const struct kf_release_input *input)
{
    struct kf_release_build *self = kf_calloc(1, sizeof *self);
    if (self) {
        self->input = *input;
        self->release = (struct kf_release){.discovered_ms = input->discovered_ms,
                                            .sources = input->sources,
                                            .sources_len = input->sources_len,
                                            .vintage = input->vintage,
                                            .program = input->program};
    }
    return self;
}

void kf_release_build_destroy(struct kf_release_build **self)
{
    if (!self || !*self) {
        return;
    }
    if ((*self)->findings) {
        kf_findings_clear((*self)->findings);
    }
    kf_free((*self)->findings);
    kf_free((*self)->reason);
    kf_free((*self)->planned);
    kf_free(*self);
    *self = NULL;
}

static struct kf_digest *digest_new(const struct kf_release_input *input, const char *kind)
{
    struct kf_digest *digest = kf_digest_new();
    if (digest) {
        digest_text(digest, ID_VERSION);
        digest_text(digest, kind);
        digest_text(digest, input->program);
        digest_text(digest, input->vintage);
    }
    return digest;
}

enum kf_err kf_release_build_new(const struct kf_release_input *input,
                                 struct kf_release_build **build, struct kf_findings *findings,
                                 struct kf_error *err)
{
    struct kf_release_build *self = build_new(input);
    struct kf_digest *digest = digest_new(input, "panels");
    struct planning planning = {.digest = digest, .findings = findings};
    enum kf_err code = self && digest ? plan_all(self, &planning, err)
                                      : kf_error_set(err, KF_ERR_MEMORY, "no memory for a release");
    if (code == KF_OK && self->release.panels == 0) {
        code = self->left_out > 0
                   ? kf_error_set(err, KF_ERR_AGAIN, "all %zu panels are published as they are",
                                  self->left_out)
                   : refuse_all(input, findings, err);
    }
    if (code == KF_OK) {
        kf_digest_print(digest, self->release.id);
        *build = self;
        self = NULL;
    }
    kf_digest_destroy(&digest);
    kf_release_build_destroy(&self);
    return code;
}

static void digest_sources(struct kf_digest *digest, const struct kf_release_input *input)
{
    digest_number(digest, input->sources_len);
    for (size_t i = 0; i < input->sources_len; i++) {
        digest_text(digest, input->sources[i].digest);
        digest_number(digest, input->sources[i].bytes);
    }
}

enum kf_err kf_release_build_new_refused(const struct kf_release_input *input, const char *reason,
                                         const struct kf_findings *findings,
                                         struct kf_release_build **build, struct kf_error *err)
{
    struct kf_release_build *self = build_new(input);
    struct kf_digest *digest = digest_new(input, "refused");
    if (self) {
        self->reason = kf_strdup(reason);
        self->findings = kf_calloc(1, sizeof *self->findings);
    }
    enum kf_err code = KF_OK;
    if (self && digest && self->reason && self->findings) {
        copy_findings(findings, self->findings);
        self->release.panels = 1;
        self->rejected = 1;
        digest_sources(digest, input);
        digest_text(digest, input->sources_len > 0 ? "" : reason);
        digest_findings(digest, findings);
        kf_digest_print(digest, self->release.id);
        *build = self;
        self = NULL;
    } else {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory for a release");
    }
    kf_digest_destroy(&digest);
    kf_release_build_destroy(&self);
    return code;
}

const struct kf_release *kf_release_build_release(const struct kf_release_build *self)
{
    return &self->release;
}

uint32_t kf_release_build_rejected(const struct kf_release_build *self)
{
    return self->rejected;
}

enum kf_err kf_release_build_content(const struct kf_release_build *self, uint32_t index,
                                     struct kf_ledger_content *content)
{
    if (index >= self->release.panels) {
        return KF_ERR_INTERNAL;
    }
    const struct planned *planned = self->planned ? &self->planned[index] : NULL;
    *content = (struct kf_ledger_content){.edition = planned ? planned->edition->id : "",
                                          .year = planned ? planned->year : 0,
                                          .digest = planned ? planned->digest : "",
                                          .rejected = !planned || planned->rejected};
    return KF_OK;
}

enum kf_err kf_release_build_panel(const struct kf_release_build *self, uint32_t index,
                                   struct kf_panel **panel, struct kf_error *err)
{
    if (!self->planned || index >= self->release.panels || self->planned[index].rejected) {
        return kf_error_set(err, KF_ERR_AGAIN, "panel %u is a rejection", index);
    }
    struct kf_findings found;
    kf_findings_init(&found);
    enum kf_err code = build_panel(&self->input, &self->planned[index], panel, &found, err);
    kf_findings_clear(&found);
    return code;
}

/* --- envelopes ----------------------------------------------------------------------------- */

/* Puts a rejection into the envelope and names the panel that it stands for. */
static enum kf_err reject(struct kf_envelope *envelope, const struct planned *planned,
                          const char *reason, struct kf_findings *findings, struct kf_error *err)
{
    enum kf_err code = kf_envelope_reject(envelope, STAGE, reason, findings, err);
    if (code != KF_OK || !planned) {
        return code;
    }
    const char *edition = kf_arena_strdup(envelope->arena, planned->edition->id);
    if (!edition) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a rejection");
    }
    envelope->rejection->edition = edition;
    envelope->rejection->year = planned->year;
    return KF_OK;
}

/* Fills the envelope's body with the panel, or with the reason why there is none. */
static enum kf_err fill(const struct kf_release_build *self, uint32_t index,
                        struct kf_envelope *envelope, struct kf_error *err)
{
    const struct planned *planned = self->planned ? &self->planned[index] : NULL;
    struct kf_findings findings;
    struct kf_error reason;
    kf_findings_init(&findings);
    enum kf_err code = KF_OK;
    if (!planned) {
        copy_findings(self->findings, &findings);
        code = reject(envelope, NULL, self->reason, &findings, err);
    } else {
        code = build_panel(&self->input, planned, &envelope->panel, &findings, &reason);
        if (rejects(code)) {
            code = reject(envelope, planned, reason.text, &findings, err);
        } else if (code != KF_OK) {
            kf_error_set(err, code, "%s", reason.text);
        }
    }
    kf_findings_clear(&findings);
    return code;
}

/* A panel too large for an envelope is rejected like one that cannot be built. */
static enum kf_err pack(const struct kf_release_build *self, uint32_t index,
                        struct kf_envelope *envelope, struct kf_text *bytes, struct kf_error *err)
{
    struct kf_error reason;
    kf_text_reset(bytes);
    enum kf_err code = kf_envelope_pack(envelope, bytes, &reason);
    if (rejects(code) && envelope->panel) {
        self->planned[index].rejected = true;
        code = reject(envelope, &self->planned[index], reason.text, NULL, &reason);
        kf_text_reset(bytes);
        if (code == KF_OK) {
            code = kf_envelope_pack(envelope, bytes, &reason);
        }
    }
    return code == KF_OK ? KF_OK : kf_error_set(err, code, "%s", reason.text);
}

static enum kf_err emit_one(const struct kf_release_build *self, uint32_t index,
                            struct kf_text *bytes, struct kf_error *err)
{
    struct kf_envelope *envelope = kf_envelope_new();
    if (!envelope) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for an envelope");
    }
    envelope->index = index;
    envelope->attempt = 1;
    enum kf_err code = kf_envelope_set_release(envelope, &self->release, err);
    if (code == KF_OK) {
        code = fill(self, index, envelope, err);
    }
    if (code == KF_OK) {
        code = pack(self, index, envelope, bytes, err);
    }
    kf_envelope_destroy(&envelope);
    return code;
}

enum kf_err kf_release_build_emit(const struct kf_release_build *self, kf_release_emit *emit,
                                  void *context, struct kf_error *err)
{
    struct kf_text bytes;
    enum kf_err code = KF_OK;
    kf_text_init(&bytes, KF_ENVELOPE_BYTES_MAX);
    for (uint32_t i = 0; code == KF_OK && i < self->release.panels; i++) {
        code = emit_one(self, i, &bytes, err);
        if (code == KF_OK) {
            code = emit(context, i, bytes.bytes, bytes.length, err);
        }
    }
    kf_text_clear(&bytes);
    return code;
}
