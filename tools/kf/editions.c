/* The command: kf editions. */
#include <stdio.h>
#include <string.h>

#include "common/base/findings.h"
#include "tools/kf/command.h"
#include "tools/kf/editions_diff.h"
#include "tools/kf/editions_show.h"
#include "tools/kf/editions_text.h"
#include "tools/kf/folder.h"

#define OUTPUT_BYTES_MAX ((size_t)64 * 1024 * 1024)
#define ARENA_BYTES_MAX  ((size_t)64 * 1024 * 1024)
#define NAMES_MAX        256
#define WORDS_MAX        3 /* a subcommand and two editions */

static const struct kf_argument options[] = {
    {"format", KF_ARGUMENT_ONE, "text|json", "text", false, "form of the differences"},
    {"editions", KF_ARGUMENT_ONE, "DIR", NULL, false, "editions folder"},
    {"lang", KF_ARGUMENT_ONE, "nb|en", "en", false,
     "language of list and show; the differences are in English"},
};

static int run(const struct kf_arguments *arguments);

const struct kf_command_class kf_command_editions = {
    .name = "editions",
    .usage =
        "[list | show ID|FILE | diff A B] [--format text|json] [--editions DIR] [--lang nb|en]",
    .purpose = "list editions, show one whole, or tell what differs between two",
    .help =
        "`list` (the default) prints a line for each edition of the folder.\n\n"
        "`show ID` prints one with its rules, group, sectors, indicators as formulas, weights in\n"
        "percent or by which rule they are derived, cost keys, accounts, deflators, "
        "corrections,\nservices with their rates, cost groups, a trial. An edition that lies "
        "outside the folder is\nnamed by its file (*.yaml), for diff as well.\n\n"
        "`diff A B` tells what differs, in a stable order: rules, years, members, sectors,\n"
        "indicators, criteria, deflators, corrections, services, cost groups and more; `−` is in\n"
        "A alone, `+` in B alone, `~` is from A's value to B's. What a removed or added sector\n"
        "consists of is not told singly. The exit code is 0 whether they differ or not. With\n"
        "--format json: one object with `differences`, each with change (added, removed,\n"
        "changed), kind, sector, object, attribute, from, to.\n\n"
        "Examples:\n"
        "  kf editions show asss-2010 --lang nb\n"
        "  kf editions show min-omsorg.yaml\n"
        "  kf editions diff asss-2010 tbu-2009",
    .arguments = options,
    .arguments_len = sizeof options / sizeof options[0],
    .words = true,
    .run = run,
};

/* What every subcommand works on. */
struct request {
    const struct kf_catalogue *catalogue;
    const char *const *words;     /* behind the subcommand's name */
    const char *files[WORDS_MAX]; /* those of the words that are files */
    size_t files_len;
    bool norwegian;
    bool json;
    struct kf_text *text;
};

static enum kf_err list(const struct request *request, struct kf_error *err)
{
    (void)err;
    for (size_t i = 0; i < request->catalogue->editions_len; i++) {
        const struct kf_edition *edition = request->catalogue->editions[i];
        const char *title = request->norwegian ? edition->title.nb : edition->title.en;
        kf_text_add_format(request->text, "%-30s ", edition->id);
        kf_edition_print_years(edition, request->text);
        kf_text_add_format(request->text, "  %s\n", title);
    }
    return KF_OK;
}

static enum kf_err find(const struct request *request, const char *id,
                        const struct kf_edition **edition, struct kf_error *err)
{
    size_t file = 0;
    while (file < request->files_len && request->files[file] != id) {
        file++;
    }
    bool given = file < request->files_len && file < request->catalogue->given_len;
    *edition = given ? request->catalogue->given[file] : kf_catalogue_find(request->catalogue, id);
    if (*edition) {
        return KF_OK;
    }
    const char *names[NAMES_MAX];
    size_t count = 0;
    for (; count < request->catalogue->editions_len && count < NAMES_MAX; count++) {
        names[count] = request->catalogue->editions[count]->id;
    }
    const char *meant = kf_findings_suggest(id, names, count);
    return kf_error_set(err, KF_ERR_CONFIG, "there is no edition %s%s%s; `kf editions` lists them",
                        id, meant ? ", did you mean " : "", meant ? meant : "");
}

static enum kf_err show(const struct request *request, struct kf_error *err)
{
    const struct kf_edition *edition = NULL;
    enum kf_err code = find(request, request->words[0], &edition, err);
    return code == KF_OK ? kf_editions_show(edition, request->catalogue, request->norwegian,
                                            request->text, err)
                         : code;
}

static enum kf_err compare(const struct request *request, const struct kf_edition *a,
                           const struct kf_edition *b, struct kf_error *err)
{
    struct kf_arena *arena = kf_arena_new(ARENA_BYTES_MAX);
    struct kf_differences differences = {0};
    if (!arena) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to compare editions");
    }
    enum kf_err code = kf_editions_diff(a, b, arena, &differences, err);
    if (code == KF_OK && request->json) {
        kf_editions_diff_print_json(a, b, &differences, request->text);
    } else if (code == KF_OK) {
        kf_editions_diff_print(a, b, &differences, request->catalogue->municipalities,
                               request->text);
    }
    kf_arena_destroy(&arena);
    return code;
}

static enum kf_err diff(const struct request *request, struct kf_error *err)
{
    const struct kf_edition *a = NULL;
    const struct kf_edition *b = NULL;
    enum kf_err code = find(request, request->words[0], &a, err);
    if (code == KF_OK) {
        code = find(request, request->words[1], &b, err);
    }
    return code == KF_OK ? compare(request, a, b, err) : code;
}

static const struct {
    const char *name;
    size_t words;
    enum kf_err (*run)(const struct request *request, struct kf_error *err);
} subcommands[] = {{"list", 0, list}, {"show", 1, show}, {"diff", 2, diff}};

static enum kf_err dispatch(struct request *request, const struct kf_arguments *arguments,
                            struct kf_error *err)
{
    const char *const *words = NULL;
    size_t count = kf_arguments_many(arguments, "", &words);
    if (count == 0) {
        return list(request, err);
    }
    for (size_t i = 0; i < sizeof subcommands / sizeof subcommands[0]; i++) {
        if (strcmp(words[0], subcommands[i].name) == 0 && count == subcommands[i].words + 1) {
            request->words = words + 1;
            return subcommands[i].run(request, err);
        }
    }
    return kf_error_set(err, KF_ERR_CONFIG, "give `list`, `show ID|FILE` or `diff A B`");
}

static enum kf_err answer(struct request *request, const struct kf_arguments *arguments,
                          struct kf_error *err)
{
    struct kf_text text;
    const char *format = kf_arguments_one(arguments, "format");
    request->norwegian = strcmp(kf_arguments_one(arguments, "lang"), "nb") == 0;
    request->json = strcmp(format, "json") == 0;
    request->text = &text;
    if (!request->json && strcmp(format, "text") != 0) {
        return kf_error_set(err, KF_ERR_CONFIG, "--format %s: give text or json", format);
    }
    kf_text_init(&text, OUTPUT_BYTES_MAX);
    enum kf_err code = dispatch(request, arguments, err);
    if (code == KF_OK && text.failed) {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory");
    }
    if (code == KF_OK &&
        (fwrite(text.bytes, 1, text.length, stdout) != text.length || fflush(stdout) != 0)) {
        code = kf_error_set(err, KF_ERR_IO, "standard output cannot be written");
    }
    kf_text_clear(&text);
    return code;
}

/* Words behind the subcommand that name files. */
static void list_files(const struct kf_arguments *arguments, struct request *request)
{
    const char *const *words = NULL;
    size_t count = kf_arguments_many(arguments, "", &words);
    for (size_t i = 1; i < count && i < WORDS_MAX; i++) {
        if (kf_folder_is_edition_file(words[i])) {
            request->files[request->files_len++] = words[i];
        }
    }
}

static int run(const struct kf_arguments *arguments)
{
    struct kf_error err = {0};
    struct request request = {.files_len = 0};
    list_files(arguments, &request);
    struct kf_catalogue *catalogue = kf_folder_read_with(kf_arguments_one(arguments, "editions"),
                                                         request.files, request.files_len);
    if (!catalogue) {
        return KF_EXIT_USAGE;
    }
    request.catalogue = catalogue;
    enum kf_err code = answer(&request, arguments, &err);
    if (code != KF_OK) {
        (void)fprintf(stderr, "kf editions: %s\n", err.text);
    }
    kf_catalogue_destroy(&catalogue);
    return code == KF_OK ? KF_EXIT_OK : code == KF_ERR_CONFIG ? KF_EXIT_USAGE : KF_EXIT_FAILED;
}
