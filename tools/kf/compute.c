#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "tools/kf/command.h"
#include "tools/kf/figures.h"
#include "tools/kf/output.h"

static const struct kf_argument options[] = {
    {"edition", KF_ARGUMENT_ONE, "ID|FILE", NULL, true, "the edition to compute, or its file"},
    {"year", KF_ARGUMENT_MANY, "Y", NULL, true, "data years: 2010, or 2005-2024"},
    {"input", KF_ARGUMENT_MANY, "FILE", NULL, true, "observations as CSV, or a table as json-stat"},
    {"format", KF_ARGUMENT_ONE, "csv|json|table", "csv", false,
     "form of the rows; table: for reading"},
    {"lang", KF_ARGUMENT_ONE, "nb|en", "en", false, "language of tables"},
    {"municipality", KF_ARGUMENT_MANY, "CODE", NULL, false, "rows of these municipalities only"},
    {"topic", KF_ARGUMENT_MANY, "TOPIC", NULL, false, "rows of these topics only"},
    {"measure", KF_ARGUMENT_MANY, "M", NULL, false, "rows of these measures only"},
    {"sector", KF_ARGUMENT_MANY, "S", NULL, false, "rows of these sectors only"},
    {"without", KF_ARGUMENT_MANY, "ADJUSTMENT", NULL, false,
     "switch adjustments of resource use off"},
    {"editions", KF_ARGUMENT_ONE, "DIR", NULL, false, "editions folder"},
};

static int run(const struct kf_arguments *arguments);

const struct kf_command_class kf_command_compute = {
    .name = "compute",
    .usage = "--edition ID|FILE --year Y --input FILE… [--municipality CODE…] [--topic TOPIC…] …",
    .purpose = "compute an edition from files, rows on standard output; no broker",
    .help =
        "Reads observations, computes the edition for each year and writes one tidy table,\n"
        "long form:\n\n"
        "  topic,edition,year,municipality,sector,indicator,measure,value,unit,flags\n\n"
        "`municipality` is empty for statistics of the group; `sector` is a sector's id or\n"
        "`total`; flags are joined by `;` (imputed, incomplete, missing, …). A missing value\n"
        "is empty. --format json gives one object a line; --format table gives tables for people,\n"
        "one of each municipality and topic, with names, rounded numbers, marks for flags and\n"
        "without rows that have no value (--lang nb: in Norwegian). Input is CSV with one of\n"
        "four headers; all take a decimal point:\n\n"
        "  municipality,year,variable,value,status\n"
        "    status empty, or `*` beside a preliminary value, or `.` `..` `:` with an empty one;\n"
        "    with the columns name and unit the form that `kf template` prints\n"
        "  municipality,year,VARIABLE,VARIABLE,…\n"
        "    a column a variable; a cell may be `.` `..` `:`, or empty: nothing given\n"
        "  municipality,year,account,function,art,amount,scope\n"
        "    lines of accounts in 1000 kr, account D or I, scope empty or saerbedrift;\n"
        "    summed into the variables that variables.yaml declares as accounts\n"
        "  municipality,year,net_wage_cost_kr,age\n"
        "    users of resource-intensive services, a row a person\n\n"
        "An edition that lies in a file (*.yaml) outside the editions folder is computed the\n"
        "same way, with the variables that it brings along.\n\n"
        "--without switches adjustments of resource use off, by id, in every sector that has\n"
        "them; the rows keep the edition's id, and a note goes to standard error.\n\n"
        "--municipality, --topic, --measure and --sector leave all other rows out, together\n"
        "those that one of them does not name; with --municipality the group's own rows, too.\n"
        "Rows that are left are what they are without; `total` is the sector of the whole.\n\n"
        "Examples:\n"
        "  kf compute --edition asss-2010 --year 2010 --input data/asss-2010/asss-2010.csv\n\n"
        "What will Skien's ages cost next year, by service and age?\n"
        "  kf compute --edition demography-2026-mmmm --year 2027 --municipality 4003 \\\n"
        "    --topic demography --measure cost_million_kr \\\n"
        "    --input data/population/population.csv data/demography/projection-2026-mmmm.csv \\\n"
        "    data/resource-use/country-2024.csv",
    .arguments = options,
    .arguments_len = sizeof options / sizeof options[0],
    .run = run,
};

/* What the command works on. */
struct job {
    struct kf_figures figures;
    const struct kf_edition *edition;
    struct kf_output output;
    struct kf_filter filter;
    bool found[KF_ARGUMENT_VALUES_MAX]; /* which of the filter's municipalities are members */
};

/* The likeliest slip: the file of the year before is not among the inputs. */
static void tell_unchanged(const struct kf_panel *panel)
{
    if (panel->edition->change.computed && !panel->previous) {
        (void)fprintf(stderr,
                      "kf compute: the input holds no figures of %d: no changes since the year "
                      "before; give them with another --input\n",
                      panel->year - 1);
    }
}

static void find_members(const struct kf_panel *panel, struct job *job)
{
    const struct kf_filter_values *wanted = &job->filter.municipalities;
    for (size_t i = 0; i < wanted->count; i++) {
        for (size_t k = 0; k < panel->members_len; k++) {
            job->found[i] = job->found[i] || strcmp(panel->members[k], wanted->list[i]) == 0;
        }
    }
}

/* A filter that lets nothing through is a slip, and so is a municipality without a row. */
static enum kf_err check_left(const struct job *job, struct kf_error *err)
{
    const struct kf_filter_values *wanted = &job->filter.municipalities;
    for (size_t i = 0; i < wanted->count; i++) {
        if (!job->found[i]) {
            return kf_error_set(err, KF_ERR_CONFIG,
                                "--municipality %s: is no member of edition %s in the years "
                                "computed, or the input holds no %s of it",
                                wanted->list[i], job->edition->id,
                                job->edition->population[0] ? "population" : "figure");
        }
    }
    return job->output.lines > 0 || kf_filter_is_open(&job->filter)
               ? KF_OK
               : kf_error_set(err, KF_ERR_CONFIG,
                              "no row is left: edition %s computes nothing of these "
                              "municipalities, topics, measures and sectors together",
                              job->edition->id);
}

static enum kf_err compute_year(struct job *job, int year, struct kf_error *err)
{
    struct kf_panel *panel = NULL;
    enum kf_err code = kf_figures_panel(&job->figures, job->edition, year, &panel, err);
    if (code == KF_OK) {
        find_members(panel, job);
        code = kf_output_panel(&job->output, panel, err);
        tell_unchanged(panel);
        kf_figures_note(&job->figures, panel, "compute");
    }
    kf_panel_destroy(&panel);
    return code;
}

static bool parse_year(const char *text, size_t length, unsigned long *year)
{
    return kf_text_to_unsigned(text, length, KF_YEAR_MAX, year) && *year >= KF_YEAR_MIN;
}

/* "2010" or "2005-2024". */
static enum kf_err parse_years(const char *text, unsigned long *from, unsigned long *to,
                               struct kf_error *err)
{
    const char *dash = strchr(text, '-');
    size_t first = dash ? (size_t)(dash - text) : strlen(text);
    bool sound = parse_year(text, first, from);
    *to = *from;
    if (sound && dash) {
        sound = parse_year(dash + 1, strlen(dash + 1), to) && *to >= *from;
    }
    return sound ? KF_OK
                 : kf_error_set(err, KF_ERR_CONFIG,
                                "--year %s: give a year from %d to %d, or a range 2005-2024", text,
                                KF_YEAR_MIN, KF_YEAR_MAX);
}

/* Before anything is computed. */
static enum kf_err check_filter(const struct job *job, const char *years, struct kf_error *err)
{
    unsigned long from = 0;
    unsigned long to = 0;
    enum kf_err code = parse_years(years, &from, &to, err);
    return code == KF_OK
               ? kf_filter_check(&job->filter, job->figures.catalogue, job->edition, (int)from, err)
               : code;
}

static enum kf_err compute_years(struct job *job, const struct kf_arguments *arguments,
                                 struct kf_error *err)
{
    const char *const *years = NULL;
    size_t count = kf_arguments_many(arguments, "year", &years);
    enum kf_err code = check_filter(job, years[0], err);
    for (size_t i = 0; code == KF_OK && i < count; i++) {
        unsigned long from = 0;
        unsigned long to = 0;
        code = parse_years(years[i], &from, &to, err);
        for (unsigned long year = from; code == KF_OK && year <= to; year++) {
            code = compute_year(job, (int)year, err);
        }
    }
    return code;
}

static enum kf_err parse_format(const struct kf_arguments *arguments, struct job *job,
                                struct kf_error *err)
{
    static const char *const formats[] = {
        [KF_OUTPUT_CSV] = "csv", [KF_OUTPUT_JSON] = "json", [KF_OUTPUT_TABLE] = "table"};
    const char *format = kf_arguments_one(arguments, "format");
    size_t at = 0;
    while (at < sizeof formats / sizeof formats[0] && strcmp(formats[at], format) != 0) {
        at++;
    }
    if (at == sizeof formats / sizeof formats[0]) {
        return kf_error_set(err, KF_ERR_CONFIG, "--format %s: give csv, json or table", format);
    }
    job->output.format = (enum kf_output_format)at;
    return KF_OK;
}

/* How tables are told. */
static enum kf_err parse_language(const struct kf_arguments *arguments, struct job *job,
                                  struct kf_error *err)
{
    const char *language = kf_arguments_one(arguments, "lang");
    const char *no_colour = getenv("NO_COLOR");
    if (strcmp(language, "nb") != 0 && strcmp(language, "en") != 0) {
        return kf_error_set(err, KF_ERR_CONFIG, "--lang %s: nb or en", language);
    }
    job->output.norwegian = strcmp(language, "nb") == 0;
    job->output.bold = isatty(STDOUT_FILENO) && (!no_colour || no_colour[0] == '\0');
    return KF_OK;
}

static enum kf_err compute(struct job *job, const struct kf_arguments *arguments,
                           struct kf_error *err)
{
    const char *const *files = NULL;
    size_t count = kf_arguments_many(arguments, "input", &files);
    enum kf_err code = parse_format(arguments, job, err);
    kf_filter_read(arguments, &job->filter);
    if (code == KF_OK) {
        code = parse_language(arguments, job, err);
    }
    if (code == KF_OK) {
        code = kf_figures_open_for(arguments, &job->figures, err);
    }
    if (code == KF_OK) {
        code = kf_figures_edition(&job->figures, kf_arguments_one(arguments, "edition"),
                                  &job->edition, err);
    }
    if (code == KF_OK) {
        code = kf_figures_without(&job->figures, arguments, "compute", &job->edition, err);
    }
    if (code == KF_OK) {
        code = kf_figures_read(&job->figures, files, count, err);
    }
    if (code == KF_OK) {
        job->output.municipalities = job->figures.catalogue->municipalities;
        code = compute_years(job, arguments, err);
    }
    if (code == KF_OK) {
        code = check_left(job, err);
    }
    if (code == KF_OK && fflush(stdout) != 0) {
        code = kf_error_set(err, KF_ERR_IO, "standard output cannot be written");
    }
    return code;
}

static int run(const struct kf_arguments *arguments)
{
    struct job job = {0};
    struct kf_error err = {0};
    kf_memory_keep_freed();
    kf_output_init(&job.output, KF_OUTPUT_CSV, stdout);
    job.output.filter = &job.filter;
    enum kf_err code = compute(&job, arguments, &err);
    int exit_code = code == KF_OK ? KF_EXIT_OK : kf_figures_tell(&job.figures, "compute", &err);
    kf_figures_close(&job.figures);
    kf_output_clear(&job.output);
    return exit_code;
}
