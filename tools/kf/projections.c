/* The command: kf projections. */
#include <stdio.h>
#include <string.h>

#include "common/model/observation.h"
#include "tools/kf/command.h"
#include "tools/kf/figures.h"
#include "tools/kf/filter.h"
#include "tools/kf/projections_text.h"

#define OUTPUT_BYTES_MAX ((size_t)64 * 1024 * 1024)
#define GROUPS_MAX       4096
#define ARENA_BYTES_MAX  ((size_t)64 * 1024 * 1024)

static const struct kf_argument options[] = {
    {"input", KF_ARGUMENT_MANY, "FILE", NULL, true,
     "observations as CSV: the population by age, the projections"},
    {"edition", KF_ARGUMENT_MANY, "ID", NULL, false,
     "editions with a projection; all of the folder when left out"},
    {"municipality", KF_ARGUMENT_ONE, "CODE", NULL, false, "one municipality; all when left out"},
    {"year", KF_ARGUMENT_ONE, "Y", NULL, false, "this projected year alone"},
    {"group", KF_ARGUMENT_MANY, "ID", NULL, false,
     "these age groups alone, or total, the whole; all when left out"},
    {"measure", KF_ARGUMENT_MANY, "population|cost", NULL, false, "one of them alone"},
    {"format", KF_ARGUMENT_ONE, "text|csv", "text", false, "form of the answer"},
    {"editions", KF_ARGUMENT_ONE, "DIR", NULL, false, "editions folder"},
};

static int run(const struct kf_arguments *arguments);

const struct kf_command_class kf_command_projections = {
    .name = "projections",
    .usage = "--input FILE… [--edition ID…] [--municipality CODE] [--group ID…] [--year Y] …",
    .purpose = "how right projections of the population were, and what their errors cost",
    .help =
        "Computes every edition that has a projection for each year that it projects and that\n"
        "has observed figures, and sets what was projected beside what came to be: a row for\n"
        "each projection, a column for each year ahead of its last observed one.\n\n"
        "An error is 100·(projected/observed − 1): above 0, fewer came than were projected. That\n"
        "of the demography cost is what the projected people would cost less what the observed\n"
        "ones do, at the edition's rates: above 0, too much was set aside (method D3, D7, D9).\n\n"
        "Without --municipality there are three tables for each measure: the mean absolute error\n"
        "of the municipalities, every one counting the same; the error of all of them together,\n"
        "where errors cancel; and which municipality was farthest off in the last year.\n\n"
        "CSV has a line for each: edition,observed_through,year,years_ahead,measure,group,\n"
        "statistic,municipality,value,unit; statistic is value, mean_absolute, of_sum or worst.\n\n"
        "How wrong were the projections for Porsgrunn?\n"
        "  kf projections --municipality 4001 --input data/population/population.csv \\\n"
        "    data/resource-use/country-2024.csv data/demography/*.csv\n\n"
        "And one of them, for all its municipalities:\n"
        "  kf projections --edition demography-2016-mmmm --input …\n\n"
        "How many of 67 and over came, and what did it all cost? Costs are of the whole:\n"
        "  kf projections --group 67-79 80+ --input …\n"
        "  kf projections --measure cost --input …",
    .arguments = options,
    .arguments_len = sizeof options / sizeof options[0],
    .run = run,
};

struct request {
    const struct kf_arguments *arguments;
    struct kf_figures figures;
    struct kf_projection_errors errors;
    const char *municipality; /* code, or NULL */
    int year;                 /* 0: all */
    struct kf_projection_choice choice;
    size_t projected; /* years with projected and observed figures */
    bool csv;
    struct kf_text text;
};

/* --- options --------------------------------------------------------------------------------- */

static enum kf_err read_choice(struct request *self, struct kf_error *err)
{
    const char *const *measures = NULL;
    size_t count = kf_arguments_many(self->arguments, "measure", &measures);
    struct kf_projection_choice *choice = &self->choice;
    choice->groups_len = kf_arguments_many(self->arguments, "group", &choice->groups);
    choice->population = count == 0;
    choice->cost = count == 0;
    for (size_t i = 0; i < count; i++) {
        bool population = strcmp(measures[i], "population") == 0;
        if (!population && strcmp(measures[i], "cost") != 0) {
            return kf_error_set(err, KF_ERR_CONFIG, "--measure %s: give population or cost",
                                measures[i]);
        }
        choice->population = choice->population || population;
        choice->cost = choice->cost || !population;
    }
    return KF_OK;
}

static enum kf_err read_options(struct request *self, struct kf_error *err)
{
    const char *format = kf_arguments_one(self->arguments, "format");
    const char *year = kf_arguments_one(self->arguments, "year");
    self->municipality = kf_arguments_one(self->arguments, "municipality");
    self->csv = strcmp(format, "csv") == 0;
    if (!self->csv && strcmp(format, "text") != 0) {
        return kf_error_set(err, KF_ERR_CONFIG, "--format %s: give text or csv", format);
    }
    enum kf_err code = read_choice(self, err);
    return code == KF_OK && year ? kf_figures_year(year, &self->year, err) : code;
}

/* The ids of the age groups of all editions with a projection, and "total". */
static size_t list_groups(const struct kf_catalogue *catalogue, const char *names[GROUPS_MAX])
{
    size_t count = 0;
    names[count++] = KF_SECTOR_TOTAL;
    for (size_t i = 0; i < catalogue->editions_len; i++) {
        const struct kf_demography *demography = &catalogue->editions[i]->demography;
        bool projects = demography->observed_through > 0;
        for (size_t g = 0; projects && g < demography->groups_len && count < GROUPS_MAX; g++) {
            names[count++] = demography->groups[g].id;
        }
    }
    return count;
}

static enum kf_err check_groups(const struct request *self, struct kf_error *err)
{
    const char *names[GROUPS_MAX];
    size_t count = list_groups(self->figures.catalogue, names);
    for (size_t i = 0; i < self->choice.groups_len; i++) {
        const char *given = self->choice.groups[i];
        bool known = false;
        for (size_t n = 0; n < count && !known; n++) {
            known = strcmp(names[n], given) == 0;
        }
        if (!known) {
            const char *meant = kf_findings_suggest(given, names, count);
            return kf_error_set(err, KF_ERR_CONFIG,
                                "--group %s: no edition with a projection has such an age group%s%s"
                                "; `kf editions show ID` lists them, total is the whole",
                                given, meant ? ", did you mean " : "", meant ? meant : "");
        }
    }
    return KF_OK;
}

/* A name where a code is wanted. */
static enum kf_err check_municipality(const struct request *self, struct kf_error *err)
{
    struct kf_filter filter = {.municipalities = {&self->municipality, self->municipality != NULL}};
    const struct kf_municipalities *municipalities = self->figures.catalogue->municipalities;
    int year = self->year ? self->year : kf_municipalities_newest(municipalities);
    return kf_filter_check_municipalities(&filter, municipalities, year, err);
}

/* --- which years ----------------------------------------------------------------------------- */

static bool has_rows(const struct request *self, const struct kf_terms *terms, int year)
{
    const struct kf_variables *variables = kf_observations_variables(self->figures.observations);
    size_t count = 0;
    const struct kf_variable *all = kf_variables_all(variables, &count);
    for (size_t t = 0; t < terms->count; t++) {
        const char *id = terms->list[t].variable;
        const struct kf_variable *found = kf_variables_find(variables, id, strlen(id));
        size_t rows = 0;
        if (found) {
            (void)kf_observations_find(self->figures.observations, year, (size_t)(found - all),
                                       &rows);
        }
        if (rows == 0) {
            return false;
        }
    }
    return terms->count > 0;
}

/* True when some group has projected and observed people in the year. */
static bool can_be_told(const struct request *self, const struct kf_edition *edition, int year)
{
    const struct kf_demography *demography = &edition->demography;
    if (!kf_edition_has_year(edition, year) || !kf_edition_projects(edition, year)) {
        return false;
    }
    for (size_t g = 0; g < demography->groups_len + demography->cost_groups_len; g++) {
        bool shown = g < demography->groups_len;
        const struct kf_age_group *group =
            shown ? &demography->groups[g] : &demography->cost_groups[g - demography->groups_len];
        if (has_rows(self, &group->people, year) && has_rows(self, &group->projected, year)) {
            return true;
        }
    }
    return false;
}

/* --- computing ------------------------------------------------------------------------------- */

static enum kf_err add_year(struct request *self, const struct kf_edition *edition, int year,
                            struct kf_error *err)
{
    struct kf_panel *panel = NULL;
    enum kf_err code = kf_figures_panel(&self->figures, edition, year, &panel, err);
    if (code == KF_OK) {
        kf_figures_note(&self->figures, panel, "projections");
        code = kf_projection_errors_add(&self->errors, panel, self->municipality, err);
    }
    kf_panel_destroy(&panel);
    self->projected++;
    return code;
}

static enum kf_err add_edition(struct request *self, const struct kf_edition *edition,
                               struct kf_error *err)
{
    int from = self->year ? self->year : edition->year_from;
    int to = self->year ? self->year : edition->year_to;
    enum kf_err code = KF_OK;
    for (int year = from; code == KF_OK && year <= to; year++) {
        if (can_be_told(self, edition, year)) {
            code = add_year(self, edition, year, err);
        }
    }
    return code;
}

static enum kf_err add_named(struct request *self, const char *const *ids, size_t count,
                             struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < count; i++) {
        const struct kf_edition *edition = NULL;
        code = kf_figures_edition(&self->figures, ids[i], &edition, err);
        if (code == KF_OK && edition->demography.observed_through == 0) {
            code = kf_error_set(err, KF_ERR_CONFIG,
                                "edition %s has no projection: leave it out of --edition", ids[i]);
        }
        code = code == KF_OK ? add_edition(self, edition, err) : code;
    }
    return code;
}

static enum kf_err add_all(struct request *self, struct kf_error *err)
{
    const struct kf_catalogue *catalogue = self->figures.catalogue;
    enum kf_err code = KF_OK;
    size_t projections = 0;
    for (size_t i = 0; code == KF_OK && i < catalogue->editions_len; i++) {
        if (catalogue->editions[i]->demography.observed_through > 0) {
            projections++;
            code = add_edition(self, catalogue->editions[i], err);
        }
    }
    return code == KF_OK && projections == 0
               ? kf_error_set(err, KF_ERR_CONFIG,
                              "no edition of the folder has a projection; docs/EDITIONS.md tells "
                              "how to give one")
               : code;
}

/* --- telling --------------------------------------------------------------------------------- */

static enum kf_err refuse(const struct request *self, struct kf_error *err)
{
    if (self->projected > 0 && self->municipality) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "--municipality %s: none of the editions has an error of it; give the "
                            "code of one of their members (`kf editions show ID`)",
                            self->municipality);
    }
    return kf_error_set(err, KF_ERR_DATA,
                        "no year has both projected and observed figures of an age group: give the "
                        "files of the population by age and of the projections, and a --year that "
                        "both have");
}

static void add_title(struct request *self)
{
    const struct kf_municipality *found = NULL;
    if (self->municipality) {
        const struct kf_projection_year *last = &self->errors.years[self->errors.years_len - 1];
        found = kf_municipalities_find(self->figures.catalogue->municipalities, self->municipality,
                                       last->year);
    }
    kf_text_add_format(&self->text,
                       "%s%s%s: projected against observed, by years ahead of the last observed "
                       "one; above 0, too many were projected\n",
                       self->municipality ? self->municipality : "All municipalities",
                       found ? " " : "", found ? found->name : "");
}

static enum kf_err tell(struct request *self, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    if (self->errors.years_len == 0) {
        return refuse(self, err);
    }
    kf_projection_errors_choose(&self->errors, &self->choice);
    if (self->errors.years_len == 0) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "no error is left: costs are of the whole, and age groups have those "
                            "that the editions give; leave --group or --measure out");
    }
    if (self->csv) {
        kf_projections_print_csv(&self->errors, &self->text);
    } else {
        add_title(self);
        code = kf_projections_print(&self->errors, self->figures.catalogue->municipalities,
                                    &self->text, err);
    }
    if (code == KF_OK && self->text.failed) {
        code = kf_error_set(err, KF_ERR_LIMIT, "the tables are too large");
    }
    if (code == KF_OK &&
        (fwrite(self->text.bytes, 1, self->text.length, stdout) != self->text.length ||
         fflush(stdout) != 0)) {
        code = kf_error_set(err, KF_ERR_IO, "standard output cannot be written");
    }
    return code;
}

static enum kf_err compute(struct request *self, struct kf_error *err)
{
    const char *const *files = NULL;
    const char *const *ids = NULL;
    size_t files_len = kf_arguments_many(self->arguments, "input", &files);
    size_t ids_len = kf_arguments_many(self->arguments, "edition", &ids);
    enum kf_err code = kf_figures_read(&self->figures, files, files_len, err);
    if (code != KF_OK) {
        return code;
    }
    return ids_len > 0 ? add_named(self, ids, ids_len, err) : add_all(self, err);
}

static enum kf_err answer(struct request *self, struct kf_error *err)
{
    enum kf_err code = read_options(self, err);
    if (code == KF_OK) {
        code = kf_figures_open_for(self->arguments, &self->figures, err);
    }
    if (code == KF_OK) {
        code = check_groups(self, err);
    }
    if (code == KF_OK) {
        code = check_municipality(self, err);
    }
    if (code == KF_OK) {
        code = compute(self, err);
    }
    return code == KF_OK ? tell(self, err) : code;
}

static int run(const struct kf_arguments *arguments)
{
    struct request request = {.arguments = arguments,
                              .figures = {.notes = {~(unsigned)KF_NOTE_NO_RATES}},
                              .errors = {.arena = kf_arena_new(ARENA_BYTES_MAX)}};
    struct kf_error err = {0};
    kf_text_init(&request.text, OUTPUT_BYTES_MAX);
    enum kf_err code = request.errors.arena ? answer(&request, &err)
                                            : kf_error_set(&err, KF_ERR_MEMORY, "no memory");
    int exit_code =
        code == KF_OK ? KF_EXIT_OK : kf_figures_tell(&request.figures, "projections", &err);
    kf_text_clear(&request.text);
    kf_figures_close(&request.figures);
    kf_arena_destroy(&request.errors.arena);
    return exit_code;
}
