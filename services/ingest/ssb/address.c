#include "services/ingest/ssb/address.h"

#include <stdint.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/day.h"
#include "common/codec/json.h"

#define MUNICIPALITIES "/classifications/131"
#define DAY_MS         INT64_C(86400000)

/* --- checks ----------------------------------------------------------------------------------- */

static bool is_table(const char *text)
{
    size_t length = text ? strlen(text) : 0;
    return length > 0 && length < KF_SSB_TABLE_ID_SIZE &&
           strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-") ==
               length;
}

static bool is_day(const char *text)
{
    int64_t wall_ms = 0;
    return text && strlen(text) == strlen("2026-03-15") && kf_day_time(text, &wall_ms);
}

static enum kf_err check_day(const char *text, const char *which, struct kf_error *err)
{
    return is_day(text) ? KF_OK
                        : kf_error_set(err, KF_ERR_CONFIG,
                                       "the %s day of a question, \"%.40s\", is none: write it as "
                                       "2026-03-15",
                                       which, text ? text : "");
}

enum kf_err kf_ssb_address_check(const struct kf_ssb_question *question, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    switch (question->kind) {
    case KF_SSB_TABLE:
    case KF_SSB_METADATA:
    case KF_SSB_DATA:
        return is_table(question->table)
                   ? KF_OK
                   : kf_error_set(err, KF_ERR_CONFIG, "\"%.40s\" is no name of a table",
                                  question->table ? question->table : "");
    case KF_SSB_TABLES:
    case KF_SSB_CHANGES:
        code = check_day(question->from, "first", err);
        return code ? code : check_day(question->to, "last", err);
    case KF_SSB_CODES:
        return check_day(question->from, "only", err);
    default:
        return kf_error_set(err, KF_ERR_CONFIG, "there is no question of kind %d",
                            (int)question->kind);
    }
}

/* --- addresses -------------------------------------------------------------------------------- */

/* 2026-03-15 as 20260315. */
static void add_compact_day(struct kf_text *address, const char *day)
{
    kf_text_add_bytes(address, day, 4);
    kf_text_add_bytes(address, day + 5, 2);
    kf_text_add_bytes(address, day + 8, 2);
}

static void add_day_after(struct kf_text *address, const char *day)
{
    char next[KF_CLOCK_TEXT_SIZE];
    int64_t wall_ms = 0;
    (void)kf_day_time(day, &wall_ms);
    kf_clock_print(wall_ms + DAY_MS, next);
    add_compact_day(address, next);
}

/* updated:[20260315 TO 20260317], percent-encoded. The index compares texts that have the hour in
 * them, so that a last day would be over at midnight where it begins: it is asked to the day after,
 * and who asked compares `updated`. */
static void add_search(struct kf_text *address, const struct kf_ssb_question *question, size_t page)
{
    kf_text_add(address, "/tables?query=updated%3A%5B");
    add_compact_day(address, question->from);
    kf_text_add(address, "%20TO%20");
    add_day_after(address, question->to);
    kf_text_add_format(address, "%%5D&pageNumber=%zu&pageSize=%d", page + 1, KF_SSB_TABLES_OF_PAGE);
}

static void add_pxweb(struct kf_text *address, const struct kf_ssb_question *question, size_t page)
{
    switch (question->kind) {
    case KF_SSB_TABLES:
        add_search(address, question, page);
        break;
    case KF_SSB_METADATA:
        kf_text_add_format(address, "/tables/%s/metadata?", question->table);
        break;
    case KF_SSB_DATA:
        kf_text_add_format(address, "/tables/%s/data?outputFormat=json-stat2", question->table);
        break;
    default:
        kf_text_add_format(address, "/tables/%s?", question->table);
        break;
    }
}

static void add_klass(struct kf_text *address, const struct kf_ssb_question *question)
{
    if (question->kind == KF_SSB_CODES) {
        kf_text_add_format(address, MUNICIPALITIES "/codesAt.json?date=%s", question->from);
    } else {
        kf_text_add_format(address, MUNICIPALITIES "/changes.json?from=%s&to=%s", question->from,
                           question->to);
    }
}

void kf_ssb_address(const struct kf_ssb_place *place, const struct kf_ssb_question *question,
                    size_t page, struct kf_text *address)
{
    kf_text_reset(address);
    if (question->kind == KF_SSB_CODES || question->kind == KF_SSB_CHANGES) {
        kf_text_add(address, place->klass_url);
        add_klass(address, question);
        return;
    }
    kf_text_add(address, place->url);
    add_pxweb(address, question, page);
    bool first = !address->failed && address->bytes[address->length - 1] == '?';
    kf_text_add_format(address, "%slang=%s", first ? "" : "&", place->language);
}

/* --- bodies ----------------------------------------------------------------------------------- */

static void add_codes(struct kf_text *body, const struct kf_ssb_selection *selection, size_t first,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        kf_text_add(body, i > 0 ? "," : "");
        kf_json_quote(selection->codes[first + i], body);
    }
}

void kf_ssb_body(const struct kf_ssb_question *question, const struct kf_ssb_page_cut *cut,
                 struct kf_text *body)
{
    kf_text_reset(body);
    kf_text_add(body, "{\"selection\":[");
    for (size_t i = 0; i < question->selections_len; i++) {
        kf_text_add(body, i > 0 ? ",{\"variableCode\":" : "{\"variableCode\":");
        kf_json_quote(question->selections[i].dimension, body);
        kf_text_add(body, ",\"valueCodes\":[");
        add_codes(body, &question->selections[i], cut->first[i], cut->count[i]);
        kf_text_add(body, "]}");
    }
    kf_text_add(body, "]}");
}
