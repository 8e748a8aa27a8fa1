#include "tools/kf/report_places.h"

#include <string.h>

#include "common/model/structure.h"
#include "tools/kf/places.h"

#define TEXT_BYTES_MAX 4096

enum kf_err kf_report_places_add(struct kf_report_places *self, const char *code,
                                 struct kf_error *err)
{
    size_t at = self->count;
    while (at > 0 && strcmp(self->codes[at - 1], code) > 0) {
        at--;
    }
    if (at > 0 && strcmp(self->codes[at - 1], code) == 0) {
        return KF_OK;
    }
    if (self->count == KF_REPORT_PLACES_MAX || strlen(code) >= sizeof self->codes[0]) {
        return kf_error_set(err, KF_ERR_LIMIT, "more than %d municipalities, or %s is no code",
                            KF_REPORT_PLACES_MAX, code);
    }
    memmove(self->codes + at + 1, self->codes + at, (self->count - at) * sizeof self->codes[0]);
    memcpy(self->codes[at], code, strlen(code) + 1);
    self->count++;
    return KF_OK;
}

bool kf_report_places_has(const struct kf_report_places *self, const char *code)
{
    size_t low = 0;
    size_t high = self->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(self->codes[middle], code);
        if (order == 0) {
            return true;
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return false;
}

/* --- words --------------------------------------------------------------------------------------
 */

static int year_of(const struct kf_report_places_question *question)
{
    return question->year > 0 ? question->year
                              : kf_municipalities_newest(question->catalogue->municipalities);
}

/* Why there is nothing about a code. */
static void tell_code(const struct kf_report_places_question *question, const char *code,
                      struct kf_text *why)
{
    const struct kf_municipalities *all = question->catalogue->municipalities;
    int year = year_of(question);
    const struct kf_municipality *known = kf_municipalities_find(all, code, year);
    if (known) {
        kf_text_add_format(why, "%s %s has no figures on the topics", code, known->name);
    } else {
        kf_structure_explain(question->catalogue->structure, all, code, year, why);
    }
}

/* What codes with figures are called like this. */
struct namesakes {
    const struct kf_municipality *now; /* in the year asked for; NULL: none */
    const struct kf_municipality *then;
    size_t now_len; /* different codes */
    size_t then_len;
};

static void count(const struct kf_municipality *municipality, const struct kf_municipality **first,
                  size_t *different)
{
    if (!*first || strcmp((*first)->code, municipality->code) != 0) {
        *first = municipality;
        (*different)++;
    }
}

static struct namesakes find_name(const struct kf_report_places_question *question,
                                  const char *name)
{
    struct namesakes found = {0};
    int year = year_of(question);
    size_t all_len = 0;
    const struct kf_municipality *all =
        kf_municipalities_all(question->catalogue->municipalities, &all_len);
    for (size_t i = 0; i < all_len; i++) {
        if (kf_places_is_called(name, all[i].name) &&
            kf_report_places_has(question->there, all[i].code)) {
            bool now = all[i].from_year <= year && year <= all[i].to_year;
            count(&all[i], now ? &found.now : &found.then, now ? &found.now_len : &found.then_len);
        }
    }
    return found;
}

/* A name that is nobody's with figures, or that of `namesakes` of them. */
static void tell_name(const struct kf_report_places_question *question, const char *name,
                      size_t namesakes, struct kf_text *why)
{
    struct kf_text meant;
    kf_text_init(&meant, TEXT_BYTES_MAX);
    size_t any =
        kf_places_suggest(question->catalogue->municipalities, name, year_of(question), &meant);
    if (namesakes > 0) {
        kf_text_add_format(why, "%s: %zu municipalities with figures are called that", name,
                           namesakes);
    } else {
        kf_text_add_format(why, "%s: no municipality with figures is called that", name);
    }
    kf_text_add(why, any ? meant.bytes : "; give its code, four digits");
    kf_text_clear(&meant);
}

/* Finds one word; `why` is not empty when it is nothing. */
static enum kf_err find_word(const struct kf_report_places_question *question, const char *word,
                             struct kf_report_places *found, struct kf_text *why,
                             struct kf_error *err)
{
    uint16_t number = 0;
    if (kf_municipality_parse(word, strlen(word), &number)) {
        if (kf_report_places_has(question->there, word)) {
            return kf_report_places_add(found, word, err);
        }
        tell_code(question, word, why);
        return KF_OK;
    }
    struct namesakes named = find_name(question, word);
    const struct kf_municipality *one = named.now ? named.now : named.then;
    size_t different = named.now ? named.now_len : named.then_len;
    if (one && different == 1) {
        return kf_report_places_add(found, one->code, err);
    }
    tell_name(question, word, different, why);
    return KF_OK;
}

static enum kf_err add_all(const struct kf_report_places *all, struct kf_report_places *found,
                           struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (size_t i = 0; i < all->count && code == KF_OK; i++) {
        code = kf_report_places_add(found, all->codes[i], err);
    }
    return code;
}

enum kf_err kf_report_places_find(const struct kf_report_places_question *question,
                                  struct kf_report_places *found, struct kf_text *faults,
                                  size_t *faults_len, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    *faults_len = 0;
    for (size_t i = 0; i < question->given_len && code == KF_OK; i++) {
        struct kf_text why;
        kf_text_init(&why, TEXT_BYTES_MAX);
        code = strcmp(question->given[i], "all") == 0
                   ? add_all(question->all, found, err)
                   : find_word(question, question->given[i], found, &why, err);
        if (code == KF_OK && why.length > 0) {
            kf_text_add(faults, why.bytes);
            kf_text_add_char(faults, '\n');
            (*faults_len)++;
        }
        kf_text_clear(&why);
    }
    if (code == KF_OK && faults->failed) {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory for what is wrong");
    }
    return code;
}

/* --- files --------------------------------------------------------------------------------------
 */

static bool stays(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (unsigned char)c >= 0x80;
}

void kf_report_places_file_name(const char *code, const char *name, struct kf_text *text)
{
    const char *end = strstr(name, " - ");
    size_t length = end ? (size_t)(end - name) : strlen(name);
    kf_text_add(text, code);
    bool hyphen = true;
    for (size_t i = 0; i < length; i++) {
        if (!stays(name[i])) {
            hyphen = true;
            continue;
        }
        if (hyphen) {
            kf_text_add_char(text, '-');
        }
        hyphen = false;
        kf_text_add_char(text, name[i]);
    }
}
