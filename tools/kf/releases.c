#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "services/ingest/ledger.h"
#include "tools/kf/command.h"
#include "tools/kf/folder.h"

#define LISTED_MAX     ((size_t)1000)
#define PATH_BYTES_MAX 4096

static const struct kf_argument options[] = {
    {"state-dir", KF_ARGUMENT_ONE, "DIR", "./kostraflow-state", false,
     "state folder of ingest; holds ledger.db"},
    {"ledger", KF_ARGUMENT_ONE, "FILE", NULL, false, "the ledger itself, when it lies elsewhere"},
};

static int run(const struct kf_arguments *arguments);

const struct kf_command_class kf_command_releases = {
    .name = "releases",
    .usage = "[list | show RELEASE] [--state-dir DIR]",
    .purpose = "list the releases in ingest's ledger, or show one with its panels",
    .help =
        "`list` (the default) prints a line for each release, newest first: id, state, when it\n"
        "was discovered, how long it took to be committed, panels, rows, input. `show` prints\n"
        "one with its sources and panels, and for every rejected panel the stage, the reason\n"
        "and the offending cells. RELEASE may be shortened to its first characters.\n\n"
        "States: discovered (recorded, nothing sent), sent, committed, rejected. The ledger is\n"
        "only read; ingest may run meanwhile.\n\n"
        "Example:\n"
        "  kf releases show 3fa1 --state-dir build/demo/state",
    .arguments = options,
    .arguments_len = sizeof options / sizeof options[0],
    .words = true,
    .run = run,
};

static void print_duration(const struct kf_ledger_release *release)
{
    if (release->committed_ms > 0) {
        (void)printf("%8.2f s", (double)(release->committed_ms - release->discovered_ms) / 1000);
    } else {
        (void)printf("%10s", "–");
    }
}

static enum kf_err print_line(void *context, const struct kf_ledger_release *release,
                              struct kf_error *err)
{
    (void)err;
    size_t *count = context;
    char time[KF_CLOCK_TEXT_SIZE];
    kf_clock_print(release->discovered_ms, time);
    if ((*count)++ == 0) {
        (void)printf("%-32s %-10s %-24s %10s %6s %9s %9s %s\n", "release", "state", "discovered",
                     "took", "panels", "rejected", "rows", "input");
    }
    (void)printf("%-32s %-10s %-24s ", release->id, kf_ledger_state_name(release->state), time);
    print_duration(release);
    (void)printf(" %6u %9u %9llu %s\n", release->panels, release->panels_rejected,
                 (unsigned long long)release->rows, release->input);
    return KF_OK;
}

static enum kf_err list(struct kf_ledger *ledger, struct kf_error *err)
{
    size_t count = 0;
    enum kf_err code = kf_ledger_list(ledger, LISTED_MAX, print_line, &count, err);
    if (code == KF_OK && count == 0) {
        (void)printf("no releases yet\n");
    }
    return code;
}

/* What is looked for by the first characters of its id. */
struct search {
    const char *beginning;
    size_t found;
    struct kf_ledger_release release;
};

static enum kf_err compare(void *context, const struct kf_ledger_release *release,
                           struct kf_error *err)
{
    (void)err;
    struct search *search = context;
    if (strncmp(release->id, search->beginning, strlen(search->beginning)) == 0) {
        search->found++;
        search->release = *release;
    }
    return KF_OK;
}

static enum kf_err print_source(void *context, const struct kf_source *source, struct kf_error *err)
{
    (void)context;
    (void)err;
    (void)printf("  source    %s, %llu bytes, digest %s\n", source->name,
                 (unsigned long long)source->bytes, source->digest);
    return KF_OK;
}

static void print_envelope(const struct kf_envelope *envelope)
{
    if (envelope->rejection) {
        const struct kf_rejection *rejection = envelope->rejection;
        (void)printf("  panel %-3u ", envelope->index);
        if (rejection->edition[0]) {
            (void)printf("%s %d: ", rejection->edition, rejection->year);
        }
        (void)printf("rejected by %s: %s\n", rejection->stage, rejection->reason);
        kf_folder_print(stdout, "            ", &rejection->findings);
    } else {
        (void)printf("  panel %-3u %s %d: %zu municipalities, %zu variables\n", envelope->index,
                     envelope->panel->edition->id, envelope->panel->year,
                     envelope->panel->members_len, envelope->panel->columns_len);
    }
}

static enum kf_err print_panel(struct kf_ledger *ledger, const struct kf_ledger_release *release,
                               uint32_t index, struct kf_error *err)
{
    struct kf_text bytes;
    struct kf_envelope *envelope = NULL;
    kf_text_init(&bytes, KF_ENVELOPE_BYTES_MAX);
    enum kf_err code = kf_ledger_panel(ledger, release, index, &bytes, err);
    if (code == KF_OK) {
        code = kf_envelope_unpack(bytes.bytes, bytes.length, &envelope, err);
    }
    if (code == KF_OK) {
        print_envelope(envelope);
    }
    kf_envelope_destroy(&envelope);
    kf_text_clear(&bytes);
    return code;
}

static enum kf_err print_release(struct kf_ledger *ledger, const struct kf_ledger_release *release,
                                 struct kf_error *err)
{
    char time[KF_CLOCK_TEXT_SIZE];
    kf_clock_print(release->discovered_ms, time);
    (void)printf("release %s: %s\n  input     %s, discovered %s\n", release->id,
                 kf_ledger_state_name(release->state), release->input, time);
    (void)printf("  sent      %u time(s); rows published: %llu; panels rejected: %u of %u\n",
                 release->attempts, (unsigned long long)release->rows, release->panels_rejected,
                 release->panels);
    if (release->reason[0]) {
        (void)printf("  reason    %s\n", release->reason);
    }
    enum kf_err code = kf_ledger_sources(ledger, release, print_source, NULL, err);
    if (!release->kept) {
        (void)printf("  its panels have been dropped; only the newest releases keep theirs\n");
        return code;
    }
    for (uint32_t i = 0; code == KF_OK && i < release->panels; i++) {
        code = print_panel(ledger, release, i, err);
    }
    return code;
}

static enum kf_err show(struct kf_ledger *ledger, const char *beginning, struct kf_error *err)
{
    struct search search = {.beginning = beginning};
    enum kf_err code = kf_ledger_list(ledger, LISTED_MAX, compare, &search, err);
    if (code != KF_OK) {
        return code;
    }
    if (search.found != 1) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "%zu releases begin with %s; `kf releases` lists them", search.found,
                            beginning);
    }
    return print_release(ledger, &search.release, err);
}

static enum kf_err open_ledger(const struct kf_arguments *arguments, struct kf_ledger **ledger,
                               struct kf_error *err)
{
    const char *given = kf_arguments_one(arguments, "ledger");
    char path[PATH_BYTES_MAX];
    int length = given ? snprintf(path, sizeof path, "%s", given)
                       : snprintf(path, sizeof path, "%s/ledger.db",
                                  kf_arguments_one(arguments, "state-dir"));
    if (length < 0 || (size_t)length >= sizeof path) {
        return kf_error_set(err, KF_ERR_CONFIG, "the path of the ledger is too long");
    }
    return kf_ledger_open_readonly(path, ledger, err);
}

static enum kf_err dispatch(struct kf_ledger *ledger, const struct kf_arguments *arguments,
                            struct kf_error *err)
{
    const char *const *words = NULL;
    size_t count = kf_arguments_many(arguments, "", &words);
    if (count == 0 || (count == 1 && strcmp(words[0], "list") == 0)) {
        return list(ledger, err);
    }
    if (count == 2 && strcmp(words[0], "show") == 0) {
        return show(ledger, words[1], err);
    }
    return kf_error_set(err, KF_ERR_CONFIG, "give `list` or `show RELEASE`");
}

static int run(const struct kf_arguments *arguments)
{
    struct kf_ledger *ledger = NULL;
    struct kf_error err = {0};
    enum kf_err code = open_ledger(arguments, &ledger, &err);
    if (code == KF_OK) {
        code = dispatch(ledger, arguments, &err);
    }
    kf_ledger_close(&ledger);
    if (code != KF_OK) {
        (void)fprintf(stderr, "kf releases: %s\n", err.text);
    }
    return code == KF_OK ? KF_EXIT_OK : code == KF_ERR_CONFIG ? KF_EXIT_USAGE : KF_EXIT_FAILED;
}
