/* The command: kf explain. */
#include "tools/kf/explain.h"

#include <stdio.h>
#include <string.h>

#include "tools/kf/command.h"
#include "tools/kf/figures.h"

#define OUTPUT_BYTES_MAX  ((size_t)512 * 1024 * 1024)
#define CHOICE_BYTES_MAX  ((size_t)256 * 1024)
#define DEPTH_MAX         64
#define DEPTH_OF_THE_TREE "3"

static const struct kf_argument options[] = {
    {"edition", KF_ARGUMENT_ONE, "ID|FILE", NULL, true, "the edition to compute, or its file"},
    {"year", KF_ARGUMENT_ONE, "Y", NULL, true, "data year"},
    {"input", KF_ARGUMENT_MANY, "FILE", NULL, true, "observations as CSV"},
    {"municipality", KF_ARGUMENT_ONE, "CODE", NULL, false, "whose number; not for statistics"},
    {"measure", KF_ARGUMENT_ONE, "NAME", NULL, true, "as in the output of kf compute"},
    {"sector", KF_ARGUMENT_ONE, "S", NULL, false, "the total when left out"},
    {"indicator", KF_ARGUMENT_ONE, "I", NULL, false, "or criterion, or regressor"},
    {"topic", KF_ARGUMENT_ONE, "T", NULL, false,
     "where several topics have a measure of that name"},
    {"format", KF_ARGUMENT_ONE, "tree|json", "tree", false, "form of the explanation"},
    {"depth", KF_ARGUMENT_ONE, "N", NULL, false,
     "levels below the number, 0 for all; 3 for a tree, all for JSON"},
    {"lang", KF_ARGUMENT_ONE, "nb|en", "en", false,
     "language of the tree; of formulas and notes in JSON"},
    {"persons", KF_ARGUMENT_FLAG, NULL, NULL, false,
     "tell figures of single persons, too, such as what each resource-intensive user costs"},
    {"without", KF_ARGUMENT_MANY, "ADJUSTMENT", NULL, false,
     "switch adjustments of resource use off"},
    {"editions", KF_ARGUMENT_ONE, "DIR", NULL, false, "editions folder"},
};

static int run(const struct kf_arguments *arguments);

const struct kf_command_class kf_command_explain = {
    .name = "explain",
    .usage = "--edition ID|FILE --year Y --input FILE… --municipality CODE --measure NAME …",
    .purpose = "walk one published number back to the figures it comes from",
    .help =
        "Computes the edition as `kf compute` does and tells where one number comes from: each\n"
        "line is a number with its unit, the formula that makes it from the lines below it and\n"
        "the formula's id in the method; a figure of the input has its file and line. `×` is the\n"
        "weight of the line that follows. A number that stands in several places is told once\n"
        "(`↑ told above`); `…` marks what --depth leaves out.\n\n"
        "With --format json every number stands unrounded with `operation` and `parts`, so that\n"
        "it can be computed again from its parts: docs/explain.schema.json describes the form.\n\n"
        "Figures of single persons (what a resource-intensive user costs) are left out: their\n"
        "number and what they come to are told. --persons tells each of them.\n\n"
        "Every number that is told with its parts is computed again from them. Should one be\n"
        "another then, it is marked, a line on standard error asks to report it, and the exit\n"
        "code is 1.\n\n"
        "Why is the total index of Bærum what it is, and what was imputed for its day centres?\n"
        "  kf explain --edition asss-2010 --year 2010 --input data/asss-2010/asss-2010.csv \\\n"
        "    --municipality 0219 --measure index\n"
        "  kf explain --edition asss-2010 --year 2010 --input data/asss-2010/asss-2010.csv \\\n"
        "    --municipality 0219 --measure normalized --indicator dagsenter \\\n"
        "    --sector pleie_omsorg\n\n"
        "Why is Lørenskog 203 million kr below its need in nursing and care?\n"
        "  kf explain --edition resource-use-lorenskog --year 2024 \\\n"
        "    --input data/need/need-indices.csv data/resource-use/net-expenditure.csv \\\n"
        "    data/resource-use/country-2024.csv \\\n"
        "    --municipality 3222 --sector pleie_omsorg --measure deviation_million_kr --depth 0",
    .arguments = options,
    .arguments_len = sizeof options / sizeof options[0],
    .run = run,
};

/* What is asked for, and how it is to be told. */
struct request {
    struct kf_explain_options options;
    struct kf_explain_style style;
    bool json;
    int year;
};

static enum kf_err read_depth(const struct kf_arguments *arguments, bool json, size_t *depth,
                              struct kf_error *err)
{
    const char *given = kf_arguments_one(arguments, "depth");
    const char *text = given ? given : json ? "0" : DEPTH_OF_THE_TREE;
    unsigned long number = 0;
    if (!kf_text_to_unsigned(text, strlen(text), DEPTH_MAX, &number)) {
        return kf_error_set(err, KF_ERR_CONFIG, "--depth %s: give a number from 0 to %d", text,
                            DEPTH_MAX);
    }
    *depth = (size_t)number;
    return KF_OK;
}

/* One of two words. */
static enum kf_err read_choice(const struct kf_arguments *arguments, const char *name,
                               const char *const words[2], bool *second, struct kf_error *err)
{
    const char *given = kf_arguments_one(arguments, name);
    *second = strcmp(given, words[1]) == 0;
    return *second || strcmp(given, words[0]) == 0
               ? KF_OK
               : kf_error_set(err, KF_ERR_CONFIG, "--%s %s: give %s or %s", name, given, words[0],
                              words[1]);
}

static enum kf_err read_request(const struct kf_arguments *arguments, struct request *request,
                                struct kf_error *err)
{
    static const char *const formats[2] = {"tree", "json"};
    static const char *const languages[2] = {"en", "nb"};
    request->options.question = (struct kf_explain_question){
        .municipality = kf_arguments_one(arguments, "municipality"),
        .measure = kf_arguments_one(arguments, "measure"),
        .sector = kf_arguments_one(arguments, "sector"),
        .indicator = kf_arguments_one(arguments, "indicator"),
        .topic = kf_arguments_one(arguments, "topic"),
    };
    enum kf_err code = read_choice(arguments, "format", formats, &request->json, err);
    if (code == KF_OK) {
        code = read_choice(arguments, "lang", languages, &request->style.norwegian, err);
    }
    if (code == KF_OK) {
        code = read_depth(arguments, request->json, &request->style.depth, err);
    }
    request->style.persons = kf_arguments_flag(arguments, "persons");
    request->options.depth = request->style.depth;
    return code == KF_OK ? kf_figures_year(kf_arguments_one(arguments, "year"), &request->year, err)
                         : code;
}

static enum kf_err print(const struct kf_explanation *explanation, const struct request *request,
                         struct kf_error *err)
{
    struct kf_text text;
    kf_text_init(&text, OUTPUT_BYTES_MAX);
    enum kf_err code = request->json
                           ? kf_explain_print_json(explanation, &request->style, &text, err)
                           : kf_explain_print_tree(explanation, &request->style, &text, err);
    bool written = code != KF_OK || (fwrite(text.bytes, 1, text.length, stdout) == text.length &&
                                     fflush(stdout) == 0);
    kf_text_clear(&text);
    return written ? code : kf_error_set(err, KF_ERR_IO, "standard output cannot be written");
}

static enum kf_err explain_panel(const struct kf_panel *panel, const struct kf_figures *figures,
                                 struct request *request, struct kf_error *err)
{
    struct kf_text choice;
    struct kf_explanation *explanation = NULL;
    kf_text_init(&choice, CHOICE_BYTES_MAX);
    request->options.panel = panel;
    request->options.observations = figures->observations;
    request->options.catalogue = figures->catalogue;
    request->options.choice = &choice;
    request->style.municipalities = figures->catalogue->municipalities;
    enum kf_err code = kf_explain_new(&request->options, &explanation, err);
    if (code == KF_OK) {
        code = print(explanation, request, err);
        code = code == KF_OK ? kf_explain_verdict(explanation, err) : code;
    } else {
        (void)fputs(choice.bytes, stderr);
    }
    kf_explain_destroy(&explanation);
    kf_text_clear(&choice);
    return code;
}

static enum kf_err explain(const struct kf_arguments *arguments, struct kf_figures *figures,
                           struct kf_error *err)
{
    struct request request = {.json = false};
    const struct kf_edition *edition = NULL;
    struct kf_panel *panel = NULL;
    const char *const *files = NULL;
    size_t files_len = kf_arguments_many(arguments, "input", &files);
    enum kf_err code = read_request(arguments, &request, err);
    if (code == KF_OK) {
        code = kf_figures_open_for(arguments, figures, err);
    }
    if (code == KF_OK) {
        code = kf_figures_edition(figures, kf_arguments_one(arguments, "edition"), &edition, err);
    }
    if (code == KF_OK) {
        code = kf_figures_without(figures, arguments, "explain", &edition, err);
    }
    if (code == KF_OK) {
        code = kf_figures_read(figures, files, files_len, err);
    }
    if (code == KF_OK) {
        code = kf_figures_panel(figures, edition, request.year, &panel, err);
    }
    if (code == KF_OK) {
        kf_figures_note(figures, panel, "explain");
        code = explain_panel(panel, figures, &request, err);
    }
    kf_panel_destroy(&panel);
    return code;
}

static int run(const struct kf_arguments *arguments)
{
    struct kf_figures figures = {.catalogue = NULL};
    struct kf_error err = {0};
    enum kf_err code = explain(arguments, &figures, &err);
    int exit_code = code == KF_OK ? KF_EXIT_OK : kf_figures_tell(&figures, "explain", &err);
    kf_figures_close(&figures);
    return exit_code;
}
