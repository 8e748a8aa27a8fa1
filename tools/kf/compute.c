#include <stdio.h>
#include <string.h>

#include "services/ingest/observation_csv.h"
#include "tools/kf/command.h"
#include "tools/kf/folder.h"
#include "tools/kf/output.h"
#include "tools/kf/pipeline.h"

#define ROWS_MAX         ((size_t)20 * 1000 * 1000)
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
    struct kf_catalogue *catalogue;
    const struct kf_edition *edition;
    struct kf_observations *observations;
    struct kf_findings *findings;
    enum kf_output_format format;
    size_t panels;
};

static enum kf_err find_edition(struct job *job, const char *id, struct kf_error *err)
{
    job->edition = kf_catalogue_find(job->catalogue, id);
    if (job->edition) {
        return KF_OK;
    }
    const char *names[256];
    size_t count = 0;
    for (; count < job->catalogue->editions_len && count < 256; count++) {
        names[count] = job->catalogue->editions[count]->id;
    }
    const char *meant = kf_findings_suggest(id, names, count);
    return kf_error_set(err, KF_ERR_CONFIG, "there is no edition %s%s%s; `kf editions` lists them",
                        id, meant ? ", did you mean " : "", meant ? meant : "");
}

static enum kf_err read_inputs(struct job *job, const struct kf_arguments *arguments,
                               struct kf_error *err)
{
    const char *const *files = NULL;
    size_t count = kf_arguments_many(arguments, "input", &files);
    struct kf_observation_csv_options csv = {.municipalities = job->catalogue->municipalities};
    bool sound = true;
    for (size_t i = 0; i < count; i++) {
        struct kf_source_digest source = {0};
        enum kf_err code = kf_observations_begin_file(job->observations, files[i], err);
        if (code == KF_OK) {
            code = kf_observation_csv_read(files[i], &csv, job->observations, &source,
                                           job->findings, err);
        }
        if (code == KF_ERR_IO) {
            return kf_error_set(err, KF_ERR_CONFIG, "--input %s", err->text);
        }
        if (code != KF_OK && code != KF_ERR_DATA) {
            return code;
        }
        sound = sound && code == KF_OK;
    }
    if (!sound) {
        return kf_error_set(err, KF_ERR_DATA, "the input cannot be used");
    }
    return kf_observations_seal(job->observations, job->findings, err);
}

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

static enum kf_err compute_panel(struct kf_panel *panel, struct job *job, struct kf_error *err)
{
    enum kf_err code = kf_pipeline_compute(panel, job->findings, err);
    return code == KF_OK ? write_panel(panel, job, err) : code;
}

static enum kf_err compute_year(struct job *job, int year, struct kf_error *err)
{
    if (!kf_edition_has_year(job->edition, year)) {
        return kf_error_set(err, KF_ERR_CONFIG, "edition %s is for the years %d to %d, not %d",
                            job->edition->id, job->edition->year_from, job->edition->year_to, year);
    }
    struct kf_panel_input input = {.edition = job->edition,
                                   .year = year,
                                   .observations = job->observations,
                                   .municipalities = job->catalogue->municipalities};
    struct kf_panel *panel = NULL;
    enum kf_err code = kf_panel_build(&input, &panel, job->findings, err);
    if (code == KF_ERR_AGAIN) {
        return kf_error_set(err, KF_ERR_DATA,
                            "the input holds no indicator of edition %s for %d; "
                            "`kf editions show %s` lists its variables",
                            job->edition->id, year, job->edition->id);
    }
    if (code == KF_OK) {
        code = compute_panel(panel, job, err);
        job->panels += code == KF_OK;
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
    enum kf_err code = parse_format(arguments, job, err);
    if (code == KF_OK) {
        code = find_edition(job, kf_arguments_one(arguments, "edition"), err);
    }
    if (code == KF_OK) {
        code = read_inputs(job, arguments, err);
    }
    if (code == KF_OK) {
        code = compute_years(job, arguments, err);
    }
    if (code == KF_OK && fflush(stdout) != 0) {
        code = kf_error_set(err, KF_ERR_IO, "standard output cannot be written");
    }
    return code;
}

/* Bad settings and bad input are the user's to mend; the rest is ours or the machine's. */
static int exit_code_of(enum kf_err code)
{
    bool users = code == KF_ERR_CONFIG || code == KF_ERR_DATA || code == KF_ERR_LIMIT;
    return code == KF_OK ? KF_EXIT_OK : users ? KF_EXIT_USAGE : KF_EXIT_FAILED;
}

static int run(const struct kf_arguments *arguments)
{
    struct job job = {.catalogue = kf_folder_read(kf_arguments_one(arguments, "editions"))};
    if (!job.catalogue) {
        return KF_EXIT_USAGE;
    }
    struct kf_error err = {0};
    enum kf_err code = KF_ERR_MEMORY;
    job.observations = kf_observations_new(job.catalogue->variables, ROWS_MAX);
    job.findings = kf_folder_findings_new();
    if (job.observations && job.findings) {
        code = compute(&job, arguments, &err);
    } else {
        (void)kf_error_set(&err, code, "no memory");
    }
    if (code != KF_OK) {
        if (job.findings) {
            kf_folder_print(stderr, NULL, job.findings);
        }
        (void)fprintf(stderr, "kf compute: %s\n", err.text);
    }
    kf_folder_findings_destroy(&job.findings);
    kf_observations_destroy(&job.observations);
    kf_catalogue_destroy(&job.catalogue);
    return exit_code_of(code);
}
