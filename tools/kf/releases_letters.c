#include "tools/kf/releases_letters.h"

#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/codec/json.h"
#include "tools/kf/folder.h"

#define NUMBERS_MAX   1000000000UL
#define LINES_USUAL   50
#define LETTERS_COUNT 100000 /* that are told apart; more are "more" */
#define JSON_MAX      ((size_t)16 * 1024 * 1024)
#define INDENT        "            "

/* --- of one release --------------------------------------------------------------------------- */

static enum kf_err keep(void *context, const struct kf_ledger_letter *letter, struct kf_error *err)
{
    struct kf_told_letters *told = context;
    if (letter->panel >= told->panels || told->list[letter->panel].letters) {
        return KF_OK;
    }
    struct kf_told_letter *one = &told->list[letter->panel];
    enum kf_err code = kf_letters_unpack(letter->bytes, letter->length, &one->letters, err);
    if (code == KF_OK && one->letters->length != 1) {
        kf_letters_destroy(&one->letters);
        code =
            kf_error_set(err, KF_ERR_DATA, "the dead letter of panel %u is damaged", letter->panel);
    }
    if (code == KF_OK) {
        (void)snprintf(one->resolved, sizeof one->resolved, "%s", letter->resolved);
        told->length++;
    }
    return code;
}

enum kf_err kf_told_letters_read(struct kf_ledger *ledger, const struct kf_ledger_release *release,
                                 struct kf_told_letters *told, struct kf_error *err)
{
    const struct kf_ledger_letters_of of = {.release = release, .count_max = SIZE_MAX};
    size_t room = release->panels > 0 ? release->panels : 1;
    *told = (struct kf_told_letters){.list = kf_calloc(room, sizeof *told->list),
                                     .panels = release->panels};
    if (!told->list) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for dead letters");
    }
    return kf_ledger_letters(ledger, &of, keep, told, err);
}

void kf_told_letters_clear(struct kf_told_letters *self)
{
    for (size_t i = 0; self->list && i < self->panels; i++) {
        kf_letters_destroy(&self->list[i].letters);
    }
    kf_free(self->list);
    *self = (struct kf_told_letters){0};
}

void kf_told_letter_print(const struct kf_told_letter *told)
{
    const struct kf_rejection *rejection = told->letters->list[0].rejection;
    if (rejection->edition[0]) {
        (void)printf("%s %d: ", rejection->edition, rejection->year);
    }
    (void)printf("rejected by %s: %s\n", rejection->stage, rejection->reason);
    kf_folder_print(stdout, INDENT, &rejection->findings);
    if (told->resolved[0]) {
        (void)printf(INDENT "resolved: published since by release %s\n", told->resolved);
    } else {
        (void)printf(INDENT "open: not published since\n");
    }
}

enum kf_err kf_told_letter_print_json(const struct kf_told_letter *told, struct kf_text *json,
                                      struct kf_error *err)
{
    const struct kf_letter *letter = &told->letters->list[0];
    kf_text_add_format(json, "{\"panel\":%u,\"rejection\":", letter->panel);
    enum kf_err code = kf_letter_print(letter, json, err);
    kf_text_add(json, ",\"resolvedBy\":");
    if (told->resolved[0]) {
        kf_json_quote(told->resolved, json);
    } else {
        kf_text_add(json, "null");
    }
    kf_text_add(json, "}");
    return code;
}

/* --- of all ----------------------------------------------------------------------------------- */

/* What is printed of all letters. */
struct listing {
    bool json;
    size_t limit;
    size_t count;
    int64_t release; /* number of the one printed last */
};

static enum kf_err read_options(const struct kf_arguments *arguments, struct listing *listing,
                                struct kf_ledger_letters_of *of, struct kf_error *err)
{
    const char *format = kf_arguments_one(arguments, "format");
    const char *limit = kf_arguments_one(arguments, "limit");
    unsigned long number = LINES_USUAL;
    listing->json = strcmp(format, "json") == 0;
    if (!listing->json && strcmp(format, "table") != 0) {
        return kf_error_set(err, KF_ERR_CONFIG, "--format %s: of letters table or json", format);
    }
    if (limit && !kf_text_to_unsigned(limit, strlen(limit), NUMBERS_MAX, &number)) {
        return kf_error_set(err, KF_ERR_CONFIG, "--limit %s: give a number", limit);
    }
    of->open = !kf_arguments_flag(arguments, "all");
    listing->limit = listing->json && !limit ? LETTERS_COUNT : number;
    of->count_max = listing->limit + 1;
    return KF_OK;
}

static void print_table_head(struct listing *listing, const struct kf_ledger_letter *letter)
{
    char time[KF_CLOCK_TEXT_SIZE];
    if (listing->release == letter->number) {
        return;
    }
    kf_clock_print(letter->closed_ms, time);
    (void)printf("%srelease %s, %s, from %s\n", listing->count > 1 ? "\n" : "", letter->release,
                 time, letter->input);
    listing->release = letter->number;
}

static enum kf_err print_json_line(const struct kf_ledger_letter *letter,
                                   const struct kf_told_letter *told, struct kf_error *err)
{
    struct kf_text json;
    char time[KF_CLOCK_TEXT_SIZE];
    kf_text_init(&json, JSON_MAX);
    kf_clock_print(letter->closed_ms, time);
    kf_text_add(&json, "{\"release\":");
    kf_json_quote(letter->release, &json);
    kf_text_add(&json, ",\"input\":");
    kf_json_quote(letter->input, &json);
    kf_text_add_format(&json, ",\"closed\":\"%s\",\"letter\":", time);
    enum kf_err code = kf_told_letter_print_json(told, &json, err);
    kf_text_add(&json, "}");
    if (code == KF_OK && json.failed) {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory for a dead letter");
    }
    if (code == KF_OK) {
        (void)puts(json.bytes);
    }
    kf_text_clear(&json);
    return code;
}

static enum kf_err print_letter(void *context, const struct kf_ledger_letter *letter,
                                struct kf_error *err)
{
    struct listing *listing = context;
    struct kf_told_letter told = {0};
    if (listing->count++ >= listing->limit) {
        return KF_OK;
    }
    enum kf_err code = kf_letters_unpack(letter->bytes, letter->length, &told.letters, err);
    if (code != KF_OK) {
        return code;
    }
    (void)snprintf(told.resolved, sizeof told.resolved, "%s", letter->resolved);
    if (told.letters->length != 1) {
        code = kf_error_set(err, KF_ERR_DATA, "a dead letter of release %s is damaged",
                            letter->release);
    } else if (listing->json) {
        code = print_json_line(letter, &told, err);
    } else {
        print_table_head(listing, letter);
        (void)printf("  panel %-3u ", letter->panel);
        kf_told_letter_print(&told);
    }
    kf_letters_destroy(&told.letters);
    return code;
}

enum kf_err kf_releases_letters(struct kf_ledger *ledger, const struct kf_arguments *arguments,
                                struct kf_error *err)
{
    struct listing listing = {0};
    struct kf_ledger_letters_of of = {0};
    enum kf_err code = read_options(arguments, &listing, &of, err);
    if (code == KF_OK) {
        code = kf_ledger_letters(ledger, &of, print_letter, &listing, err);
    }
    if (code != KF_OK || listing.json) {
        return code;
    }
    if (listing.count == 0) {
        (void)printf("no %sdead letters%s\n", of.open ? "open " : "",
                     of.open ? "; --all lists resolved ones, too" : "");
    } else if (listing.count > listing.limit) {
        (void)printf("\nthere are more; --limit says how many are shown\n");
    } else if (of.open) {
        (void)printf(
            "\nmend the figures where they lie (rejected/, done/), or the edition, and ask "
            "`kf releases retry R`; or give new figures\n");
    }
    return KF_OK;
}

static enum kf_err count_letter(void *context, const struct kf_ledger_letter *letter,
                                struct kf_error *err)
{
    (void)letter;
    (void)err;
    ++*(size_t *)context;
    return KF_OK;
}

enum kf_err kf_releases_letters_open(struct kf_ledger *ledger, size_t *count, struct kf_error *err)
{
    const struct kf_ledger_letters_of of = {.open = true, .count_max = LETTERS_COUNT};
    *count = 0;
    return kf_ledger_letters(ledger, &of, count_letter, count, err);
}
