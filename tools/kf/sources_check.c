#include "tools/kf/sources_check.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "services/ingest/shown.h"
#include "services/ingest/source/klass_check.h"
#include "tools/kf/folder.h"

#define CHUNK_BYTES    65536
#define WAIT_ITEMS_MAX 32
#define WAIT_MS        1000

/* --- one table ------------------------------------------------------------------------------- */

static void print_news(struct kf_sources_check *self, const struct kf_table_map *map,
                       const struct kf_jsonstat *table, struct kf_findings *findings)
{
    struct kf_error err = {0};
    uint64_t before = kf_findings_count(findings);
    if (kf_table_map_news(map, table, self->catalogue, findings, &err) == KF_OK &&
        kf_findings_count(findings) > before) {
        (void)printf("%s: news, nothing breaks:\n", map->table);
        kf_folder_print(stdout, "  ", findings);
    }
}

static void check_table(struct kf_sources_check *self, const char *name,
                        const struct kf_jsonstat *table)
{
    const struct kf_table_map *map = kf_table_maps_find(self->maps, table->table);
    struct kf_findings *findings = kf_folder_findings_new();
    struct kf_error err = {0};
    char shown[KF_SHOWN_SIZE]; /* a file or server may say anything */
    if (!map || !findings) {
        (void)fprintf(stderr, "%s: %s%s\n", name,
                      findings ? "there is no map of table " : "no memory",
                      findings ? kf_shown(table->table, strlen(table->table), shown) : "");
        self->failed++;
    } else if (kf_table_map_check(map, table, self->catalogue, findings, &err) == KF_OK) {
        (void)printf("%s: fits its map, %zu figures%s%s\n", map->table, map->figures_len,
                     table->updated[0] ? ", updated " : "",
                     kf_shown(table->updated, strlen(table->updated), shown));
        print_news(self, map, table, findings);
    } else {
        kf_folder_print(stderr, NULL, findings);
        (void)fprintf(stderr, "%s: %s\n", name, err.text);
        self->drifted++;
    }
    kf_folder_findings_destroy(&findings);
}

/* --- standing files -------------------------------------------------------------------------- */

void kf_sources_check_standing(struct kf_sources_check *self)
{
    for (size_t e = 0; e < self->catalogue->editions_len; e++) {
        const struct kf_edition *edition = self->catalogue->editions[e];
        for (size_t f = 0; f < edition->source_files_len; f++) {
            const char *path = edition->source_files[f];
            struct stat about;
            if (stat(path, &about) == 0 && S_ISREG(about.st_mode) && access(path, R_OK) == 0) {
                continue;
            }
            (void)fprintf(stderr, "%s:%llu: files: %s cannot be read; %s is fed from it\n",
                          edition->source_files_at.file,
                          (unsigned long long)edition->source_files_at.lines[f], path, edition->id);
            self->failed++;
        }
    }
}

/* --- files ----------------------------------------------------------------------------------- */

static enum kf_err feed(struct kf_jsonstat_reader *reader, FILE *file, const char *path,
                        struct kf_error *err)
{
    static char bytes[CHUNK_BYTES];
    size_t length = 0;
    enum kf_err code = KF_OK;
    while (code == KF_OK && (length = fread(bytes, 1, sizeof bytes, file)) > 0) {
        code = kf_jsonstat_reader_feed(reader, bytes, length, err);
    }
    return code == KF_OK && ferror(file) ? kf_error_set(err, KF_ERR_IO, "%s cannot be read", path)
                                         : code;
}

void kf_sources_check_file(struct kf_sources_check *self, const char *path)
{
    struct kf_jsonstat_reader *reader = NULL;
    const struct kf_jsonstat *table = NULL;
    struct kf_error err = {0};
    FILE *file = fopen(path, "rbe");
    enum kf_err code = file ? kf_jsonstat_reader_new(NULL, &reader, &err)
                            : kf_error_set(&err, KF_ERR_IO, "cannot be opened");
    if (code == KF_OK) {
        code = feed(reader, file, path, &err);
    }
    if (code == KF_OK) {
        code = kf_jsonstat_reader_finish(reader, &table, &err);
    }
    if (code == KF_OK) {
        check_table(self, path, table);
    } else {
        (void)fprintf(stderr, "%s: %s\n", path, err.text);
        self->failed++;
    }
    if (file) {
        (void)fclose(file);
    }
    kf_jsonstat_reader_destroy(&reader);
}

/* --- the API --------------------------------------------------------------------------------- */

/* Waits for whatever the client waits for. */
static enum kf_err wait(struct kf_ssb *ssb, struct kf_error *err)
{
    struct kf_poll_item items[WAIT_ITEMS_MAX];
    int64_t now = kf_clock_monotonic_ms();
    int64_t deadline = now + WAIT_MS;
    size_t count = kf_ssb_wait(ssb, items, WAIT_ITEMS_MAX, &deadline);
    return kf_poll(items, count, deadline > now ? deadline - now : 0, err);
}

/* Says once what a question is repeated for, so that nobody wonders why it takes so long. */
static bool told_trouble(const struct kf_ssb *ssb, const char *name)
{
    const char *trouble = kf_ssb_trouble(ssb);
    if (!trouble || !trouble[0]) {
        return false;
    }
    (void)fprintf(stderr, "%s: %s\n", name, trouble);
    return true;
}

static const struct kf_ssb_answer *ask(struct kf_ssb *ssb, const struct kf_ssb_question *question,
                                       const char *name, struct kf_error *err)
{
    bool told = false;
    enum kf_ssb_turn turn = KF_SSB_BUSY;
    enum kf_err code = kf_ssb_ask(ssb, question, err);
    while (code == KF_OK && (turn = kf_ssb_work(ssb)) == KF_SSB_BUSY) {
        told = told || told_trouble(ssb, name);
        code = wait(ssb, err);
    }
    return code == KF_OK && turn == KF_SSB_ANSWERED ? kf_ssb_answer(ssb) : NULL;
}

/* Whether the next question will fare no better: nobody waits for every table in turn. */
static bool is_away(enum kf_ssb_cause cause)
{
    return cause == KF_SSB_FORBIDDEN || cause == KF_SSB_TOO_MANY || cause == KF_SSB_UNAVAILABLE ||
           cause == KF_SSB_UNREACHABLE || cause == KF_SSB_TIMED_OUT;
}

/* The answer, or NULL when there is none, which is then told. */
static const struct kf_ssb_answer *ask_or_tell(struct kf_sources_check *self, struct kf_ssb *ssb,
                                               const struct kf_ssb_question *question,
                                               const char *name)
{
    struct kf_error err = {0};
    const struct kf_ssb_answer *answer = ask(ssb, question, name, &err);
    if (answer && answer->cause == KF_SSB_NO_CAUSE) {
        return answer;
    }
    (void)fprintf(stderr, "%s: %s\n", name, answer ? answer->text : err.text);
    self->failed++;
    self->away = answer && is_away(answer->cause);
    return NULL;
}

static struct kf_ssb *open_client(struct kf_sources_check *self)
{
    struct kf_error err = {0};
    struct kf_ssb *ssb = NULL;
    if (kf_ssb_new(&self->options, &ssb, &err) != KF_OK) {
        (void)fprintf(stderr, "kf sources: %s\n", err.text);
        self->failed++;
    }
    return ssb;
}

static bool is_asked_for(const char *table, const char *const *tables, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(table, tables[i]) == 0) {
            return true;
        }
    }
    return count == 0;
}

static void check_described(struct kf_sources_check *self, struct kf_ssb *ssb,
                            const struct kf_table_map *map)
{
    struct kf_ssb_question question = {.kind = KF_SSB_METADATA, .table = map->table, .etag = ""};
    const struct kf_ssb_answer *answer = ask_or_tell(self, ssb, &question, map->table);
    if (answer && answer->metadata) {
        check_table(self, map->table, answer->metadata);
    }
}

void kf_sources_check_api(struct kf_sources_check *self, const char *const *tables, size_t count)
{
    struct kf_ssb *ssb = open_client(self);
    size_t left = 0;
    self->away = false;
    for (size_t i = 0; ssb && i < self->maps->length; i++) {
        const struct kf_table_map *map = &self->maps->list[i];
        bool wanted = is_asked_for(map->table, tables, count);
        left += wanted && self->away;
        if (wanted && !self->away) {
            check_described(self, ssb, map);
        }
    }
    if (left > 0) {
        (void)fprintf(stderr, "kf sources: %zu more %s not asked for; try again later\n", left,
                      left == 1 ? "table is" : "tables are");
    }
    kf_ssb_destroy(&ssb);
}

void kf_sources_check_klass(struct kf_sources_check *self, const char *day)
{
    struct kf_ssb *ssb = open_client(self);
    struct kf_ssb_question question = {.kind = KF_SSB_CODES, .from = day};
    const struct kf_ssb_answer *answer =
        ssb ? ask_or_tell(self, ssb, &question, "KLASS 131") : NULL;
    struct kf_findings *findings = answer ? kf_folder_findings_new() : NULL;
    if (findings) {
        struct kf_error err = {0};
        unsigned long year = 0;
        (void)kf_text_to_unsigned(day, 4, KF_YEAR_MAX, &year);
        struct kf_klass_codes codes = {answer->codes, answer->codes_len, (int)year};
        if (kf_klass_check(&codes, self->catalogue->municipalities, findings, &err) == KF_OK) {
            (void)printf("KLASS 131: %zu codes on %s, the register has the same\n",
                         answer->codes_len, day);
        } else {
            kf_folder_print(stderr, NULL, findings);
            (void)fprintf(stderr, "KLASS 131: %s\n", err.text);
            self->drifted++;
        }
    }
    kf_folder_findings_destroy(&findings);
    kf_ssb_destroy(&ssb);
}
