#include <stdio.h>
#include <string.h>

#include "common/base/memory.h"
#include "tools/kf/command.h"
#include "tools/kf/figures.h"
#include "tools/kf/releases_ask.h"
#include "tools/kf/releases_diff.h"
#include "tools/kf/releases_figures.h"
#include "tools/kf/releases_find.h"
#include "tools/kf/releases_json.h"
#include "tools/kf/releases_letters.h"
#include "tools/kf/releases_show.h"
#include "tools/kf/releases_vintages.h"

static const struct kf_argument options[] = {
    {"state-dir", KF_ARGUMENT_ONE, "DIR", "./kostraflow-state", false,
     "state folder of ingest; holds ledger.db"},
    {"ledger", KF_ARGUMENT_ONE, "FILE", NULL, false, "the ledger itself, when it lies elsewhere"},
    {"observations", KF_ARGUMENT_ONE, "FILE", NULL, false,
     "vintages: the store, when it lies elsewhere than STATE-DIR/observations.db"},
    {"by", KF_ARGUMENT_ONE, "NAME", NULL, false,
     "approve, replay, retry: who asks; the user's name when left out"},
    {"wait", KF_ARGUMENT_ONE, "TIME", "10s", false,
     "approve, replay, retry: how long to wait for ingest"},
    {"limit", KF_ARGUMENT_ONE, "N", NULL, false,
     "diff: lines of each table, 15 when left out; of csv and json all; letters: 50"},
    {"all", KF_ARGUMENT_FLAG, NULL, NULL, false, "diff: every line; letters: resolved ones, too"},
    {"format", KF_ARGUMENT_ONE, "table|csv|json", "table", false,
     "diff, vintages: form; show, letters: table or json"},
    {"lang", KF_ARGUMENT_ONE, "nb|en", "en", false, "diff: language of tables"},
    {"editions", KF_ARGUMENT_ONE, "DIR", NULL, false,
     "diff: editions folder, for names of municipalities"},
};

static int run(const struct kf_arguments *arguments);

const struct kf_command_class kf_command_releases = {
    .name = "releases",
    .usage = "[list | show R | letters | diff A [B] | figures R [EDITION YEAR] | approve R | "
             "replay R | retry R | vintages …] "
             "[--state-dir DIR]",
    .purpose =
        "releases in ingest's ledger: list, show, compare, dead letters; approve, replay, retry",
    .help =
        "R, A and B are releases by their id, which may be shortened to its first characters.\n\n"
        "`list` (the default) prints a line for each release, newest first: id, state, when it\n"
        "was discovered, how long it took to be committed, panels, rows, vintage, input; below\n"
        "it what an announced one waits for, and why a held one is held.\n"
        "`show` prints one with its sources, what was asked of it, its panels, and for every\n"
        "rejected panel the stage, the reason and the offending cells.\n"
        "`letters` prints the dead letters of all releases, newest first: what was rejected by\n"
        "which stage, why, with the cells, word for word as the dead-letter topic has it. Open is\n"
        "one whose edition and year no later release has published; --all prints those that are\n"
        "resolved, too, and by which release. json has a line for each.\n\n"
        "States: discovered (announced, not whole yet), complete (recorded, nothing sent), held\n"
        "(recorded, waits for approval), sent, committed, rejected.\n\n"
        "`diff A` tells what A moves: each of its panels beside the panel of the same edition\n"
        "and year in the newest release before it, or in B. First the figures: how many changed,\n"
        "vanished, are new, by variable, and the largest changes (ten times as much and a tenth\n"
        "are as large). Then what is computed of them, by topic, sector and indicator, with the\n"
        "ranks that changed. Both releases are computed for that by this program; it takes kept\n"
        "panels, which only the newest releases have. csv and json have a line for every move.\n\n"
        "`figures R EDITION YEAR` prints what that panel was computed from, as a file that\n"
        "`kf explain` and `kf compute` take: so every published number can be walked back to its\n"
        "cells. A release of one panel needs no EDITION and YEAR.\n\n"
        "`approve` lets a held release go. `replay` sends a closed one again; the publisher\n"
        "writes it only when the topics do not have it, so it does no harm: it is for topics\n"
        "that were lost. `retry` takes what a closed one was made from in anew, after the figures\n"
        "were mended where they lie (rejected/, done/) or the edition was: the input goes back\n"
        "into the inbox, Statistics Norway's tables are assembled again. What differs is a "
        "release\n"
        "of its own; when nothing does it is known, and nothing is published twice. All three are\n"
        "refused when a newer release has any of the same editions and\n"
        "years. They write a wish into the ledger; ingest carries it out within a second when it\n"
        "runs, else at its next start, and `show` tells what came of it. Everything else only\n"
        "reads; ingest may run meanwhile.\n\n"
        "`vintages` lists what the observation store has of Statistics Norway's tables: every\n"
        "state of a table as it was received; `vintages 12362` that of one table; `vintages 3 7`\n"
        "every cell that changed from vintage 3 to vintage 7, by variable and year.\n\n"
        "A release is held when its figures differ too much from what they replace (options\n"
        "--hold… of ingest). What to do then:\n"
        "  kf releases                    which one is held, and why\n"
        "  kf releases diff 3fa1          what would move\n"
        "  kf releases approve 3fa1       it is right: publish it\n"
        "or give figures that are right. A held release of Statistics Norway's tables is dropped "
        "when\n"
        "they say something else.\n\n"
        "Example:\n"
        "  kf releases show 3fa1 --state-dir build/demo/state",
    .arguments = options,
    .arguments_len = sizeof options / sizeof options[0],
    .words = true,
    .run = run,
};

/* --- actions --------------------------------------------------------------------------------- */

static enum kf_err list(const struct kf_arguments *arguments, const char *const *words,
                        size_t count, struct kf_error *err)
{
    (void)words;
    (void)count;
    struct kf_ledger *ledger = NULL;
    enum kf_err code = kf_releases_open(arguments, &ledger, err);
    if (code == KF_OK) {
        code = kf_releases_list(ledger, err);
    }
    kf_ledger_close(&ledger);
    return code;
}

static enum kf_err letters(const struct kf_arguments *arguments, const char *const *words,
                           size_t count, struct kf_error *err)
{
    (void)words;
    (void)count;
    struct kf_ledger *ledger = NULL;
    enum kf_err code = kf_releases_open(arguments, &ledger, err);
    if (code == KF_OK) {
        code = kf_releases_letters(ledger, arguments, err);
    }
    kf_ledger_close(&ledger);
    return code;
}

static enum kf_err show(const struct kf_arguments *arguments, const char *const *words,
                        size_t count, struct kf_error *err)
{
    (void)count;
    struct kf_ledger *ledger = NULL;
    struct kf_ledger_release release;
    const char *format = kf_arguments_one(arguments, "format");
    bool json = strcmp(format, "json") == 0;
    if (!json && strcmp(format, "table") != 0) {
        return kf_error_set(err, KF_ERR_CONFIG, "--format %s: of show table or json", format);
    }
    enum kf_err code = kf_releases_open(arguments, &ledger, err);
    if (code == KF_OK) {
        code = kf_releases_find(ledger, words[0], &release, err);
    }
    if (code == KF_OK) {
        code = (json ? kf_releases_show_json : kf_releases_show)(ledger, &release, err);
    }
    kf_ledger_close(&ledger);
    return code;
}

static enum kf_err diff(const struct kf_arguments *arguments, const char *const *words,
                        size_t count, struct kf_error *err)
{
    struct kf_ledger *ledger = NULL;
    struct kf_ledger_release a;
    struct kf_ledger_release b;
    enum kf_err code = kf_releases_open(arguments, &ledger, err);
    if (code == KF_OK) {
        code = kf_releases_find(ledger, words[0], &a, err);
    }
    if (code == KF_OK && count > 1) {
        code = kf_releases_find(ledger, words[1], &b, err);
    }
    if (code == KF_OK) {
        code = kf_releases_diff(ledger, arguments, &a, count > 1 ? &b : NULL, err);
    }
    kf_ledger_close(&ledger);
    return code;
}

static enum kf_err figures(const struct kf_arguments *arguments, const char *const *words,
                           size_t count, struct kf_error *err)
{
    struct kf_ledger *ledger = NULL;
    struct kf_ledger_release release;
    struct kf_releases_panel_of of = {.edition = count == 3 ? words[1] : NULL};
    enum kf_err code =
        count == 2 ? kf_error_set(err, KF_ERR_CONFIG, "give YEAR after EDITION") : KF_OK;
    if (code == KF_OK && of.edition) {
        code = kf_figures_year(words[2], &of.year, err);
    }
    if (code == KF_OK) {
        code = kf_releases_open(arguments, &ledger, err);
    }
    if (code == KF_OK) {
        code = kf_releases_find(ledger, words[0], &release, err);
    }
    if (code == KF_OK) {
        code = kf_releases_figures(ledger, &release, &of, err);
    }
    kf_ledger_close(&ledger);
    return code;
}

static enum kf_err approve(const struct kf_arguments *arguments, const char *const *words,
                           size_t count, struct kf_error *err)
{
    (void)count;
    return kf_releases_ask(arguments, KF_LEDGER_APPROVE, words[0], err);
}

static enum kf_err replay(const struct kf_arguments *arguments, const char *const *words,
                          size_t count, struct kf_error *err)
{
    (void)count;
    return kf_releases_ask(arguments, KF_LEDGER_REPLAY, words[0], err);
}

static enum kf_err retry(const struct kf_arguments *arguments, const char *const *words,
                         size_t count, struct kf_error *err)
{
    (void)count;
    return kf_releases_ask(arguments, KF_LEDGER_RETRY, words[0], err);
}

/* What the first word may be, and how many follow it. */
static const struct action {
    const char *name;
    size_t words_min;
    size_t words_max;
    enum kf_err (*run)(const struct kf_arguments *arguments, const char *const *words, size_t count,
                       struct kf_error *err);
} actions[] = {
    {"list", 0, 0, list},     {"show", 1, 1, show},       {"letters", 0, 0, letters},
    {"diff", 1, 2, diff},     {"figures", 1, 3, figures}, {"approve", 1, 1, approve},
    {"replay", 1, 1, replay}, {"retry", 1, 1, retry},     {"vintages", 0, 2, kf_releases_vintages},
};

static enum kf_err dispatch(const struct kf_arguments *arguments, struct kf_error *err)
{
    const char *const *words = NULL;
    size_t count = kf_arguments_many(arguments, "", &words);
    if (count == 0) {
        return list(arguments, NULL, 0, err);
    }
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(words[0], actions[i].name) == 0 && count - 1 >= actions[i].words_min &&
            count - 1 <= actions[i].words_max) {
            return actions[i].run(arguments, words + 1, count - 1, err);
        }
    }
    return kf_error_set(
        err, KF_ERR_CONFIG,
        "give `list`, `show R`, `letters`, `diff A`, `diff A B`, `figures R`, `approve R`, "
        "`replay R`, `retry R` or `vintages`");
}

static int run(const struct kf_arguments *arguments)
{
    struct kf_error err = {0};
    kf_memory_keep_freed();
    enum kf_err code = dispatch(arguments, &err);
    if (code != KF_OK) {
        (void)fprintf(stderr, "kf releases: %s\n", err.text);
    }
    return code == KF_OK ? KF_EXIT_OK : code == KF_ERR_CONFIG ? KF_EXIT_USAGE : KF_EXIT_FAILED;
}
