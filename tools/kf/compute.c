#include <stdio.h>
#include <string.h>

#include "tools/kf/command.h"
#include "tools/kf/figures.h"
#include "tools/kf/output.h"

#define OUTPUT_BYTES_MAX ((size_t)512 * 1024 * 1024)

static const struct kf_argument options[] = {
    {"edition", KF_ARGUMENT_ONE, "ID", NULL, true, "the edition to compute"},
    {"year", KF_ARGUMENT_MANY, "Y", NULL, true, "data years: 2010, or 2005-2024"},
    {"input", KF_ARGUMENT_MANY, "FILE", NULL, true, "observations as CSV"},
    {"format", KF_ARGUMENT_ONE, "csv|json", "csv", false, "form of the rows"},
    {"editions", KF_ARGUMENT_ONE, "DIR", NULL, false, "editions folder"},
};

static int run(const struct kf_arguments *arguments);

const struct kf_command_class kf_command_compute = {
    .name = "compute",
    .usage = "--edition ID --year Y --input FILE… [--format csv|json]",
    .purpose = "compute an edition from files, rows on standard output; no broker",
    .help = "Reads observations, computes the edition for each year and writes one tidy table,\n"
            "long form:\n\n"
            "  topic,edition,year,municipality,sector,indicator,measure,value,unit,flags\n\n"
            "`municipality` is empty for statistics of the group; `sector` is a sector's id or\n"
            "`total`; flags are joined by `;` (imputed, incomplete, missing, …). A missing value\n"
            "is empty. Input is CSV with the header municipality,year,variable,value,status\n"
            "(decimal point; status empty, or `.` `..` `:` with an empty value).\n\n"
            "Example:\n"
            "  kf compute --edition asss-2010 --year 2010 --input data/asss-2010/asss-2010.csv",
    .arguments = options,
    .arguments_len = sizeof options / sizeof options[0],
    .run = run,
};

/* What the command works on. */
struct job {
    struct kf_figures figures;
    const struct kf_edition *edition;
    enum kf_output_format format;
    size_t panels;
};

/* The header comes with the first panel: a failure before it leaves standard output empty. */
static enum kf_err write_panel(const struct kf_panel *panel, const struct job *job,
                               struct kf_error *err)
{
    struct kf_text text;
    kf_text_init(&text, OUTPUT_BYTES_MAX);
    if (job->format == KF_OUTPUT_CSV && job->panels == 0) {
        kf_text_add(&text, kf_output_header);
    }
    enum kf_err code = kf_output_panel(panel, job->format, &text, err);
    if (code == KF_OK && fwrite(text.bytes, 1, text.length, stdout) != text.length) {
        code = kf_error_set(err, KF_ERR_IO, "standard output cannot be written");
    }
    kf_text_clear(&text);
    return code;
}

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

static enum kf_err compute_year(struct job *job, int year, struct kf_error *err)
{
    struct kf_panel *panel = NULL;
    enum kf_err code = kf_figures_panel(&job->figures, job->edition, year, &panel, err);
    if (code == KF_OK) {
        code = write_panel(panel, job, err);
        job->panels += code == KF_OK;
        tell_unchanged(panel);
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

static enum kf_err compute_years(struct job *job, const struct kf_arguments *arguments,
                                 struct kf_error *err)
{
    const char *const *years = NULL;
    size_t count = kf_arguments_many(arguments, "year", &years);
    enum kf_err code = KF_OK;
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
    const char *format = kf_arguments_one(arguments, "format");
    if (strcmp(format, "csv") != 0 && strcmp(format, "json") != 0) {
        return kf_error_set(err, KF_ERR_CONFIG, "--format %s: give csv or json", format);
    }
    job->format = strcmp(format, "json") == 0 ? KF_OUTPUT_JSON : KF_OUTPUT_CSV;
    return KF_OK;
}

static enum kf_err compute(struct job *job, const struct kf_arguments *arguments,
                           struct kf_error *err)
{
    const char *const *files = NULL;
    size_t count = kf_arguments_many(arguments, "input", &files);
    enum kf_err code = parse_format(arguments, job, err);
    if (code == KF_OK) {
        code = kf_figures_open(kf_arguments_one(arguments, "editions"), &job->figures, err);
    }
    if (code == KF_OK) {
        code = kf_figures_edition(&job->figures, kf_arguments_one(arguments, "edition"),
                                  &job->edition, err);
    }
    if (code == KF_OK) {
        code = kf_figures_read(&job->figures, files, count, err);
    }
    if (code == KF_OK) {
        code = compute_years(job, arguments, err);
    }
    if (code == KF_OK && fflush(stdout) != 0) {
        code = kf_error_set(err, KF_ERR_IO, "standard output cannot be written");
    }
    return code;
}

static int run(const struct kf_arguments *arguments)
{
    struct job job = {.panels = 0};
    struct kf_error err = {0};
    enum kf_err code = compute(&job, arguments, &err);
    int exit_code = code == KF_OK ? KF_EXIT_OK : kf_figures_tell(&job.figures, "compute", &err);
    kf_figures_close(&job.figures);
    return exit_code;
}
