#include "tools/kf/releases_vintages.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/decimal.h"
#include "common/base/text.h"
#include "common/codec/json.h"
#include "common/model/cell.h"
#include "common/model/municipality.h"
#include "services/ingest/store/store.h"
#include "tools/kf/releases_find.h"

#define STORE_FILE  "observations.db"
#define NUMBERS_MAX 1000000000UL
#define LINES_USUAL 50
#define JSON_MAX    4096

/* --- list ------------------------------------------------------------------------------------ */

/* How the list is printed, and how many there were. */
struct listing {
    bool json;
    size_t count;
};

/* `text` under `name`, behind another field. */
static void add_field(struct kf_text *json, const char *name, const char *text)
{
    kf_text_add_format(json, ",\"%s\":", name);
    kf_json_quote(text, json);
}

static enum kf_err print_vintage_json(const struct kf_vintage *vintage, const char *received,
                                      struct kf_error *err)
{
    struct kf_text json;
    enum kf_err code = KF_OK;
    kf_text_init(&json, JSON_MAX);
    kf_text_add_format(&json, "{\"vintage\":%" PRId64, vintage->number);
    add_field(&json, "source", vintage->source);
    add_field(&json, "updated", vintage->updated);
    add_field(&json, "kind", vintage->kind);
    add_field(&json, "received", received);
    kf_text_add_format(&json, ",\"figures\":%" PRIu64 ",\"estimates\":%" PRIu64 ",\"newest\":%d",
                       vintage->figures, vintage->estimates, vintage->newest_year);
    add_field(&json, "content", vintage->digest);
    if (json.failed) {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory for a vintage");
    } else {
        (void)printf("%s}\n", json.bytes);
    }
    kf_text_clear(&json);
    return code;
}

static enum kf_err print_vintage(void *context, const struct kf_vintage *vintage,
                                 struct kf_error *err)
{
    struct listing *listing = context;
    char received[KF_CLOCK_TEXT_SIZE];
    kf_clock_print(vintage->received_ms, received);
    listing->count++;
    if (listing->json) {
        return print_vintage_json(vintage, received, err);
    }
    if (listing->count == 1) {
        (void)printf("%7s %-14s %-24s %-11s %-24s %9s %9s %6s %s\n", "vintage", "source", "updated",
                     "kind", "received", "figures", "estimates", "newest", "content");
    }
    (void)printf("%7" PRId64 " %-14s %-24s %-11s %-24s %9" PRIu64 " %9" PRIu64 " %6d %s\n",
                 vintage->number, vintage->source, vintage->updated, vintage->kind, received,
                 vintage->figures, vintage->estimates, vintage->newest_year, vintage->digest);
    return KF_OK;
}

/* "12362" is the table of that number. */
static void name_source(const char *word, char source[KF_STORE_SOURCE_SIZE])
{
    bool table = word[0] && strspn(word, "0123456789") == strlen(word);
    (void)snprintf(source, KF_STORE_SOURCE_SIZE, "%s%s", table ? "ssb-" : "", word);
}

static enum kf_err list(struct kf_store *store, const char *format, const char *word,
                        struct kf_error *err)
{
    char source[KF_STORE_SOURCE_SIZE] = "";
    struct listing listing = {.json = strcmp(format, "json") == 0};
    if (!listing.json && strcmp(format, "table") != 0) {
        return kf_error_set(err, KF_ERR_CONFIG, "--format %s: of the list table or json", format);
    }
    if (word) {
        name_source(word, source);
    }
    enum kf_err code = kf_store_list(store, word ? source : NULL, print_vintage, &listing, err);
    if (code == KF_OK && listing.count == 0 && !listing.json) {
        (void)printf(word ? "no vintage of %s\n" : "no vintages yet%s\n", source);
    }
    return code;
}

/* --- changes --------------------------------------------------------------------------------- */

/* Lines that are printed, and what there is in all. */
struct changes {
    bool csv;
    bool json;
    size_t limit;
    size_t count;
};

static void print_figure(double value, uint8_t status, char text[KF_DECIMAL_SIZE])
{
    text[0] = '\0';
    if (kf_cell_has_value(status)) {
        kf_decimal_print(value, text);
    }
}

static void print_percent(const struct kf_store_change *change, char text[KF_DECIMAL_SIZE])
{
    bool both = kf_cell_has_value(change->status_before) &&
                kf_cell_has_value(change->status_after) && change->before != 0;
    text[0] = '\0';
    if (both) {
        (void)snprintf(text, KF_DECIMAL_SIZE, "%+.2f",
                       100 * (change->after - change->before) / fabs(change->before));
    }
}

/* A JSON number, or null. */
static const char *or_null(const char *text)
{
    return text[0] ? text : "null";
}

static void print_code(unsigned municipality, char code[KF_MUNICIPALITY_SIZE])
{
    if (municipality == KF_OBSERVATION_COUNTRY) {
        (void)snprintf(code, KF_MUNICIPALITY_SIZE, "%s", KF_MUNICIPALITY_COUNTRY);
    } else {
        kf_municipality_print(municipality, code);
    }
}

static enum kf_err print_change(void *context, const struct kf_store_change *change,
                                struct kf_error *err)
{
    (void)err;
    struct changes *changes = context;
    char code[KF_MUNICIPALITY_SIZE];
    char before[KF_DECIMAL_SIZE];
    char after[KF_DECIMAL_SIZE];
    char percent[KF_DECIMAL_SIZE];
    print_code(change->municipality, code);
    print_figure(change->before, change->status_before, before);
    print_figure(change->after, change->status_after, after);
    print_percent(change, percent);
    if (changes->count++ >= changes->limit) {
        return KF_OK;
    }
    if (changes->json) {
        (void)printf("{\"variable\":\"%s\",\"year\":%d,\"municipality\":\"%s\",\"before\":%s,"
                     "\"after\":%s,\"percent\":%s}\n",
                     change->variable, change->year, code, or_null(before), or_null(after),
                     or_null(percent[0] == '+' ? percent + 1 : percent));
    } else if (changes->csv) {
        (void)printf("%s,%d,%s,%s,%s,%s\n", change->variable, change->year, code, before, after,
                     percent);
    } else {
        (void)printf("%-40s %4d %4s %16s %16s %10s\n", change->variable, change->year, code,
                     before[0] ? before : "–", after[0] ? after : "–", percent);
    }
    return KF_OK;
}

static enum kf_err find(struct kf_store *store, const char *word, struct kf_vintage *vintage,
                        struct kf_error *err)
{
    unsigned long number = 0;
    if (!kf_text_to_unsigned(word, strlen(word), NUMBERS_MAX, &number)) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "%s is no number of a vintage; `kf releases vintages` lists them",
                            word);
    }
    enum kf_err code = kf_store_find(store, (int64_t)number, vintage, err);
    return code == KF_ERR_AGAIN ? kf_error_set(err, KF_ERR_CONFIG,
                                               "there is no vintage %lu any more, or yet", number)
                                : code;
}

static enum kf_err read_changes(const struct kf_arguments *arguments, struct changes *changes,
                                struct kf_error *err)
{
    const char *limit = kf_arguments_one(arguments, "limit");
    const char *format = kf_arguments_one(arguments, "format");
    unsigned long number = LINES_USUAL;
    changes->csv = strcmp(format, "csv") == 0;
    changes->json = strcmp(format, "json") == 0;
    if (!changes->csv && !changes->json && strcmp(format, "table") != 0) {
        return kf_error_set(err, KF_ERR_CONFIG, "--format %s: of changes table, csv or json",
                            format);
    }
    if (limit && !kf_text_to_unsigned(limit, strlen(limit), NUMBERS_MAX, &number)) {
        return kf_error_set(err, KF_ERR_CONFIG, "--limit %s: give a number", limit);
    }
    bool all = kf_arguments_flag(arguments, "all") || ((changes->csv || changes->json) && !limit);
    changes->limit = all ? SIZE_MAX : number;
    return KF_OK;
}

static enum kf_err compare(const struct kf_arguments *arguments, struct kf_store *store,
                           const char *const *words, struct kf_error *err)
{
    struct kf_vintage from;
    struct kf_vintage to;
    struct changes changes = {0};
    enum kf_err code = read_changes(arguments, &changes, err);
    if (code == KF_OK) {
        code = find(store, words[0], &from, err);
    }
    if (code == KF_OK) {
        code = find(store, words[1], &to, err);
    }
    if (code == KF_OK && strcmp(from.source, to.source) != 0) {
        code = kf_error_set(err, KF_ERR_CONFIG, "vintage %s is of %s, %s of %s", words[0],
                            from.source, words[1], to.source);
    }
    if (code != KF_OK) {
        return code;
    }
    if (changes.csv) {
        (void)printf("variable,year,municipality,before,after,percent\n");
    } else if (!changes.json) {
        (void)printf("%s: from %s (%s) to %s (%s)\n", from.source, from.updated, from.kind,
                     to.updated, to.kind);
    }
    code = kf_store_changes(store, &from, &to, print_change, &changes, err);
    if (code == KF_OK && !changes.csv && !changes.json) {
        (void)printf("%zu cells changed%s\n", changes.count,
                     changes.count > changes.limit ? "; --all lists them" : "");
    }
    return code;
}

enum kf_err kf_releases_vintages(const struct kf_arguments *arguments, const char *const *words,
                                 size_t count, struct kf_error *err)
{
    char path[KF_RELEASES_PATH_MAX];
    struct kf_store *store = NULL;
    enum kf_err code = kf_releases_path(arguments, "observations", STORE_FILE, path, err);
    if (code == KF_OK) {
        code = kf_store_open_readonly(path, &store, err);
    }
    if (code == KF_OK) {
        code = count == 2 ? compare(arguments, store, words, err)
                          : list(store, kf_arguments_one(arguments, "format"),
                                 count ? words[0] : NULL, err);
    }
    kf_store_close(&store);
    return code;
}
