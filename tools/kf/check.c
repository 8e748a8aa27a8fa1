#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "common/base/text.h"
#include "services/ingest/csv/observation_csv.h"
#include "tools/kf/command.h"
#include "tools/kf/folder.h"

#define ROWS_MAX          ((size_t)20 * 1000 * 1000)
#define PROGRAM_BYTES_MAX 4096
#define UNKNOWN_REMEDY                                                                             \
    "correct the name, add it to variables.yaml of the editions folder, or name the edition file " \
    "that brings it: kf check FILE.csv EDITION.yaml"

extern char **environ;

static const struct kf_argument options[] = {
    {"editions", KF_ARGUMENT_ONE, "DIR", NULL, false, "editions folder"},
    {"config", KF_ARGUMENT_MANY, "SERVICE=FILE", NULL, false, "settings files of services"},
};

static int run(const struct kf_arguments *arguments);

const struct kf_command_class kf_command_check = {
    .name = "check",
    .usage = "[FILE…] [--editions DIR] [--config SERVICE=FILE…]",
    .purpose = "check settings, editions and data files, all faults at once with line numbers",
    .help = "Checks the editions folder (its registers, every edition, and maps of tables in its\n"
            "folder sources) and each FILE:\n"
            "*.yaml as an edition, anything else as observations in CSV. What such an edition "
            "extends is\n"
            "looked for beside FILE and then in the editions folder. Observations may be of\n"
            "variables that an edition among the files brings along. Every fault is told with\n"
            "file, line, cell and remedy. Nothing is computed or changed. With --config each\n"
            "settings file is checked by its service, as `kf-SERVICE --check-config` does.\n\n"
            "Example:\n"
            "  kf check data/broken/duplicate_cell.csv data/broken/editions/unknown_key.yaml",
    .arguments = options,
    .arguments_len = sizeof options / sizeof options[0],
    .words = true,
    .run = run,
};

/* What files are checked against. */
struct base {
    const struct kf_catalogue *catalogue;
    const char *folder;
    const struct kf_variables *variables; /* of observations: those of the editions given, too */
};

/* As the editions folder has it, where the file may go one day. */
static enum kf_err check_name(const struct kf_edition *edition, const char *path,
                              struct kf_findings *findings, struct kf_error *err)
{
    const char *name = kf_text_file_name(path);
    size_t length = strlen(edition->id);
    if (strncmp(name, edition->id, length) == 0 && name[length] == '.' &&
        !strchr(name + length + 1, '.')) {
        return KF_OK;
    }
    struct kf_place place = {.file = path, .variable = "id", .cell = edition->id};
    kf_findings_add(findings, &place, "rename the file or change the id",
                    "the file is not called after its edition: %s.yaml", edition->id);
    return kf_error_set(err, KF_ERR_CONFIG, "%s has 1 fault", path);
}

static enum kf_err read_edition(const char *path, const struct base *base,
                                const struct kf_variables *variables, struct kf_findings *findings,
                                struct kf_error *err)
{
    struct kf_edition_source source = {path, base->folder, variables};
    struct kf_arena *arena = kf_arena_new(KF_EDITION_BYTES_MAX);
    if (!arena) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory");
    }
    struct kf_edition *edition = NULL;
    enum kf_err code = kf_edition_read_from(&source, arena, &edition, findings, err);
    if (code == KF_OK) {
        code = kf_edition_check_members(edition, path, base->catalogue, findings, err);
    }
    if (code == KF_OK) {
        code = check_name(edition, path, findings, err);
    }
    if (code == KF_OK && kf_findings_count(findings) == 0) {
        (void)printf("%s: edition %s, sound\n", path, edition->id);
    }
    kf_arena_destroy(&arena);
    return code;
}

/* Faults of the variables that it brings along do not hide the others: it is read unchecked then.
 */
static enum kf_err check_edition(const char *path, const struct base *base,
                                 struct kf_findings *findings, struct kf_error *err)
{
    struct kf_variables *own = NULL;
    struct kf_catalogue_files files = {.folder = base->folder, .given = &path, .given_len = 1};
    struct kf_error latest = {0};
    enum kf_err outcome = kf_catalogue_variables_with(base->catalogue, &files, &own, findings, err);
    const struct kf_variables *known = outcome != KF_OK ? NULL
                                       : own            ? own
                                                        : base->catalogue->variables;
    enum kf_err code = read_edition(path, base, known, findings, &latest);
    kf_variables_destroy(&own);
    return kf_error_join(outcome, code, &latest, err);
}

static void tell_observations(const char *path, const struct kf_observations *table, uint64_t blank)
{
    size_t rows = 0;
    (void)kf_observations_rows(table, &rows);
    if (rows == 0 && blank > 0) {
        (void)printf("%s: nothing is filled in: %llu line%s left blank\n", path,
                     (unsigned long long)blank, blank == 1 ? "" : "s");
    } else if (blank > 0) {
        (void)printf("%s: %zu observations, %llu lines left blank, sound\n", path, rows,
                     (unsigned long long)blank);
    } else {
        (void)printf("%s: %zu observations, sound\n", path, rows);
    }
}

static enum kf_err check_observations(const char *path, const struct base *base,
                                      struct kf_findings *findings, struct kf_error *err)
{
    const struct kf_catalogue *catalogue = base->catalogue;
    struct kf_observations *table = kf_observations_new(base->variables, ROWS_MAX);
    if (!table) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory");
    }
    struct kf_observation_csv_options csv = {.municipalities = catalogue->municipalities,
                                             .accounts = catalogue->accounts,
                                             .unknown = UNKNOWN_REMEDY};
    struct kf_source_digest source = {0};
    enum kf_err code = kf_observations_begin_file(table, path, err);
    if (code == KF_OK) {
        code = kf_observation_csv_read(path, &csv, table, &source, findings, err);
    }
    if (code == KF_OK) {
        code = kf_observations_seal(table, findings, err);
    }
    if (code == KF_OK) {
        tell_observations(path, table, source.blank);
    }
    kf_observations_destroy(&table);
    return code;
}

static bool check_file(const char *path, const struct base *base)
{
    struct kf_findings *findings = kf_folder_findings_new();
    if (!findings) {
        (void)fprintf(stderr, "kf check: no memory\n");
        return false;
    }
    struct kf_error err = {0};
    enum kf_err code = kf_folder_is_edition_file(path)
                           ? check_edition(path, base, findings, &err)
                           : check_observations(path, base, findings, &err);
    if (code != KF_OK) {
        kf_folder_print(stderr, NULL, findings);
        if (kf_findings_count(findings) == 0) {
            bool named = strncmp(err.text, path, strlen(path)) == 0;
            (void)fprintf(stderr, "%s%s%s\n", named ? "" : path, named ? "" : ": ", err.text);
        }
    }
    kf_folder_findings_destroy(&findings);
    return code == KF_OK;
}

/* Lets the service's program, which lies beside this one, check the file. */
static bool check_settings(const char *name, const char *file)
{
    struct kf_text program;
    kf_text_init(&program, PROGRAM_BYTES_MAX);
    kf_folder_beside(name, &program);
    union {
        const char *fixed[5];
        char *open[5]; /* posix_spawn changes nothing */
    } words = {.fixed = {program.bytes, "--check-config", "--config", file, NULL}};
    pid_t child = 0;
    int status = 0;
    int failed = program.failed || program.length == 0
                     ? ENOENT
                     : posix_spawn(&child, program.bytes, NULL, NULL, words.open, environ);
    if (failed) {
        (void)fprintf(stderr, "kf check: there is no program %s beside kf\n", name);
    } else {
        while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
        }
    }
    kf_text_clear(&program);
    return !failed && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* `pair` is SERVICE=FILE. */
static bool check_config(const char *pair)
{
    char name[64];
    const char *equals = strchr(pair, '=');
    int length = equals ? (int)(equals - pair) : 0;
    if (length == 0 || length > 32 || !equals[1]) {
        (void)fprintf(stderr, "kf check: --config %s: give SERVICE=FILE, e.g. ingest=ingest.yaml\n",
                      pair);
        return false;
    }
    (void)snprintf(name, sizeof name, "kf-%.*s", length, pair);
    (void)fflush(stdout);
    return check_settings(name, equals + 1);
}

/* The register with the variables of all editions among the files; NULL when they bring none along,
 * or when something is wrong with them, which checking them tells. */
static struct kf_variables *read_variables(const struct base *base, const char *const *files,
                                           size_t count)
{
    struct kf_error err = {0};
    struct kf_variables *variables = NULL;
    struct kf_findings *unheard = kf_folder_findings_new();
    const char **editions = kf_calloc(count + 1, sizeof *editions);
    struct kf_catalogue_files all = {.folder = base->folder, .given = editions};
    for (size_t i = 0; editions && i < count; i++) {
        if (kf_folder_is_edition_file(files[i])) {
            editions[all.given_len++] = files[i];
        }
    }
    if (unheard && all.given_len > 0) {
        (void)kf_catalogue_variables_with(base->catalogue, &all, &variables, unheard, &err);
    }
    kf_free(editions);
    kf_folder_findings_destroy(&unheard);
    return variables;
}

static bool check_each(const struct base *base, const char *const *files, size_t count)
{
    bool sound = true;
    for (size_t i = 0; i < count; i++) {
        const char *earlier = kf_folder_given_before(files, i);
        if (earlier) {
            (void)fprintf(stderr, "%s: is given twice, as %s before; leave one of them out\n",
                          files[i], earlier);
        }
        sound = !earlier && check_file(files[i], base) && sound;
    }
    return sound;
}

static bool check_files(const struct kf_arguments *arguments, const struct kf_catalogue *catalogue)
{
    struct kf_text folder;
    const char *const *files = NULL;
    size_t count = kf_arguments_many(arguments, "", &files);
    kf_text_init(&folder, PROGRAM_BYTES_MAX);
    (void)kf_folder_find(kf_arguments_one(arguments, "editions"), &folder, NULL);
    struct base base = {catalogue, folder.bytes, catalogue->variables};
    struct kf_variables *own = read_variables(&base, files, count);
    base.variables = own ? own : catalogue->variables;
    bool sound = check_each(&base, files, count);
    kf_variables_destroy(&own);
    kf_text_clear(&folder);
    return sound;
}

static int run(const struct kf_arguments *arguments)
{
    struct kf_catalogue *catalogue = kf_folder_read(kf_arguments_one(arguments, "editions"));
    if (!catalogue) {
        return KF_EXIT_USAGE;
    }
    (void)printf("editions: %zu, sound\n", catalogue->editions_len);
    struct kf_table_maps *maps =
        kf_folder_read_maps(kf_arguments_one(arguments, "editions"), catalogue);
    bool sound = maps != NULL;
    if (maps && maps->length > 0) {
        (void)printf("maps of tables: %zu, sound\n", maps->length);
    }
    const char *const *files = NULL;
    sound = check_files(arguments, catalogue) && sound;
    size_t count = kf_arguments_many(arguments, "config", &files);
    for (size_t i = 0; i < count; i++) {
        sound = check_config(files[i]) && sound;
    }
    kf_table_maps_destroy(&maps);
    kf_catalogue_destroy(&catalogue);
    return sound ? KF_EXIT_OK : KF_EXIT_USAGE;
}
