#include "tools/kf/releases_figures.h"

#include <stdio.h>
#include <string.h>

#include "common/base/decimal.h"
#include "common/base/text.h"
#include "common/model/cell.h"
#include "common/model/municipality.h"
#include "services/ingest/csv/observation_csv.h"
#include "tools/kf/releases_find.h"

#define NAMES_BYTES_MAX ((size_t)300)

/* --- printing -------------------------------------------------------------------------------- */

/* Statistics Norway's mark, or "" where there is nothing to say. */
static const char *mark_of(uint8_t status)
{
    switch (status & KF_CELL_KIND_MASK) {
    case KF_CELL_NOT_APPLICABLE:
        return ".";
    case KF_CELL_CONFIDENTIAL:
        return ":";
    case KF_CELL_MISSING:
        return "";
    default:
        return status & KF_CELL_PRELIMINARY ? "*" : "";
    }
}

/* A cell of a column in a year. */
struct cell {
    const char *municipality;
    int year;
    const char *variable;
    double value;
    uint8_t status;
};

static void print_cell(const struct cell *cell)
{
    char value[KF_DECIMAL_SIZE] = "";
    const char *mark = mark_of(cell->status);
    bool figure = kf_cell_has_value(cell->status);
    if (!figure && !mark[0]) {
        return;
    }
    if (figure) {
        kf_decimal_print(cell->value, value);
    }
    (void)printf("%s,%d,%s,%s,%s\n", cell->municipality, cell->year, cell->variable, value, mark);
}

static void print_column(const struct kf_panel *panel, const struct kf_column *column)
{
    struct cell cell = {.municipality = KF_MUNICIPALITY_COUNTRY,
                        .year = panel->year,
                        .variable = column->variable,
                        .value = column->country_value,
                        .status = column->country_status};
    print_cell(&cell);
    for (size_t i = 0; i < panel->members_len; i++) {
        cell.municipality = panel->members[i];
        cell.value = column->values[i];
        cell.status = column->status[i];
        print_cell(&cell);
    }
    for (size_t i = 0; column->other_values && i < panel->others_len; i++) {
        cell.municipality = panel->others[i];
        cell.value = column->other_values[i];
        cell.status = column->other_status[i];
        print_cell(&cell);
    }
}

static void print_year(const struct kf_panel *panel)
{
    for (size_t i = 0; i < panel->columns_len; i++) {
        print_column(panel, &panel->columns[i]);
    }
}

static enum kf_err print_panel(const struct kf_panel *panel, struct kf_error *err)
{
    (void)printf("%s\n", KF_OBSERVATION_CSV_HEADER);
    for (const struct kf_panel *year = panel; year; year = year->previous) {
        print_year(year);
    }
    for (const struct kf_panel *year = panel->further; year; year = year->further) {
        print_year(year);
    }
    return fflush(stdout) == 0 ? KF_OK
                               : kf_error_set(err, KF_ERR_IO, "the figures cannot be written");
}

/* --- finding --------------------------------------------------------------------------------- */

/* What is looked for among the panels. */
struct search {
    const struct kf_releases_panel_of *of;
    uint32_t index;
    size_t found;
    struct kf_text names; /* of all panels, for people */
};

static enum kf_err look(void *context, uint32_t index, const struct kf_ledger_content *content,
                        struct kf_error *err)
{
    (void)err;
    struct search *search = context;
    const struct kf_releases_panel_of *of = search->of;
    kf_text_add_format(&search->names, "%s%s %d", search->names.length ? ", " : "",
                       content->edition, content->year);
    if (!of->edition || (strcmp(of->edition, content->edition) == 0 && of->year == content->year)) {
        search->index = index;
        search->found++;
    }
    return KF_OK;
}

static enum kf_err find(struct kf_ledger *ledger, const struct kf_ledger_release *release,
                        const struct kf_releases_panel_of *of, uint32_t *index,
                        struct kf_error *err)
{
    struct search search = {.of = of};
    kf_text_init(&search.names, NAMES_BYTES_MAX);
    enum kf_err code = kf_ledger_contents(ledger, release, look, &search, err);
    if (code == KF_OK && search.found == 0) {
        code = kf_error_set(err, KF_ERR_CONFIG, "release %.8s has no such panel; it has %s%s",
                            release->id, search.names.bytes, search.names.failed ? ", …" : "");
    } else if (code == KF_OK && search.found > 1) {
        code = kf_error_set(err, KF_ERR_CONFIG,
                            "release %.8s has several panels: give EDITION and YEAR, one of %s%s",
                            release->id, search.names.bytes, search.names.failed ? ", …" : "");
    }
    *index = search.index;
    kf_text_clear(&search.names);
    return code;
}

enum kf_err kf_releases_figures(struct kf_ledger *ledger, const struct kf_ledger_release *release,
                                const struct kf_releases_panel_of *of, struct kf_error *err)
{
    struct kf_envelope *envelope = NULL;
    uint32_t index = 0;
    enum kf_err code = find(ledger, release, of, &index, err);
    if (code == KF_OK) {
        code = kf_releases_panel(ledger, release, index, &envelope, err);
    }
    if (code == KF_ERR_AGAIN) {
        code = kf_error_set(err, KF_ERR_CONFIG,
                            "the panels of release %.8s have been dropped; only the newest "
                            "releases keep theirs",
                            release->id);
    }
    if (code == KF_OK && envelope->rejection) {
        code = kf_error_set(err, KF_ERR_CONFIG, "the panel was rejected: %s",
                            envelope->rejection->reason);
    }
    if (code == KF_OK) {
        code = print_panel(envelope->panel, err);
    }
    kf_envelope_destroy(&envelope);
    return code;
}
