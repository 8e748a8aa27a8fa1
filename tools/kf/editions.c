#include <stdio.h>
#include <string.h>

#include "tools/kf/command.h"
#include "tools/kf/folder.h"

static const struct kf_argument options[] = {
    {"editions", KF_ARGUMENT_ONE, "DIR", NULL, false, "editions folder"},
    {"lang", KF_ARGUMENT_ONE, "nb|en", "en", false, "language of the names"},
};

static int run(const struct kf_arguments *arguments);

const struct kf_command_class kf_command_editions = {
    .name = "editions",
    .usage = "[list | show ID] [--editions DIR] [--lang nb|en]",
    .purpose = "list editions, or show one with its sectors, indicators and weights",
    .help =
        "`list` (the default) prints a line for each edition of the folder; `show ID` prints one\n"
        "with its sectors, indicators, weights in percent and variables.\n\n"
        "Example:\n"
        "  kf editions show asss-2010 --lang nb",
    .arguments = options,
    .arguments_len = sizeof options / sizeof options[0],
    .words = true,
    .run = run,
};

static const char *in_language(const struct kf_name *name, bool norwegian)
{
    return norwegian ? name->nb : name->en;
}

static void print_years(const struct kf_edition *edition)
{
    if (edition->year_from == edition->year_to) {
        (void)printf("%d", edition->year_from);
    } else {
        (void)printf("%d–%d", edition->year_from, edition->year_to);
    }
}

static int list(const struct kf_catalogue *catalogue, bool norwegian)
{
    for (size_t i = 0; i < catalogue->editions_len; i++) {
        const struct kf_edition *edition = catalogue->editions[i];
        (void)printf("%-20s ", edition->id);
        print_years(edition);
        (void)printf("  %s\n", in_language(&edition->title, norwegian));
    }
    return KF_EXIT_OK;
}

static void print_indicator(const struct kf_indicator *indicator, bool norwegian)
{
    static const char *const per[] = {
        [KF_PER_NONE] = "",
        [KF_PER_POPULATION] = " per inhabitant",
        [KF_PER_NEED_POPULATION] = " per need-corrected inhabitant",
        [KF_PER_VARIABLE] = " per ",
    };
    (void)printf("  %6.2f %%  %-28s %s (%s%s%s)\n", 100 * indicator->weight, indicator->id,
                 in_language(&indicator->name, norwegian), indicator->variable, per[indicator->per],
                 indicator->per_variable);
}

static int show(const struct kf_edition *edition, bool norwegian)
{
    (void)printf("%s: %s\n%s\nyears ", edition->id, in_language(&edition->title, norwegian),
                 edition->source);
    print_years(edition);
    (void)printf(", group mean %g, weights by population variable %s\n", edition->scale,
                 edition->population);
    if (edition->members_len > 0) {
        (void)printf("group: %s:", in_language(&edition->group, norwegian));
        for (size_t i = 0; i < edition->members_len; i++) {
            (void)printf(" %s", edition->members[i]);
        }
        (void)printf("\n");
    } else {
        (void)printf("group: every municipality with a population\n");
    }
    for (size_t s = 0; s < edition->sectors_len; s++) {
        const struct kf_sector *sector = &edition->sectors[s];
        (void)printf("\n%6.2f %%  %s — %s\n", 100 * sector->weight, sector->id,
                     in_language(&sector->name, norwegian));
        for (size_t i = 0; i < sector->indicators_len; i++) {
            print_indicator(&sector->indicators[i], norwegian);
        }
    }
    return KF_EXIT_OK;
}

static int dispatch(const struct kf_catalogue *catalogue, const struct kf_arguments *arguments)
{
    const char *const *words = NULL;
    size_t count = kf_arguments_many(arguments, "", &words);
    bool norwegian = strcmp(kf_arguments_one(arguments, "lang"), "nb") == 0;
    if (count == 0 || (count == 1 && strcmp(words[0], "list") == 0)) {
        return list(catalogue, norwegian);
    }
    if (count == 2 && strcmp(words[0], "show") == 0) {
        const struct kf_edition *edition = kf_catalogue_find(catalogue, words[1]);
        if (edition) {
            return show(edition, norwegian);
        }
        (void)fprintf(stderr, "kf editions: there is no edition %s; `kf editions` lists them\n",
                      words[1]);
        return KF_EXIT_USAGE;
    }
    (void)fprintf(stderr, "kf editions: give `list` or `show ID`\n");
    return KF_EXIT_USAGE;
}

static int run(const struct kf_arguments *arguments)
{
    struct kf_catalogue *catalogue = kf_folder_read(kf_arguments_one(arguments, "editions"));
    if (!catalogue) {
        return KF_EXIT_USAGE;
    }
    int code = dispatch(catalogue, arguments);
    kf_catalogue_destroy(&catalogue);
    return code;
}
