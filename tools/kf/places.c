#include "tools/kf/places.h"

#include <stdbool.h>
#include <string.h>

#include "common/base/findings.h"
#include "common/base/memory.h"

#define NAME_SEPARATOR " - "

enum likeness { UNLIKE, BEGINS, EQUAL };

/* A byte of UTF-8 in small: A–Z, and the second byte of À–Þ. */
static unsigned char small(const char *text, size_t i)
{
    unsigned char byte = (unsigned char)text[i];
    bool latin = i > 0 && (unsigned char)text[i - 1] == 0xC3 && byte >= 0x80 && byte <= 0x9E;
    bool capital = byte >= 'A' && byte <= 'Z';
    return latin || capital ? (unsigned char)(byte + 0x20) : byte;
}

static enum likeness compare_part(const char *given, const char *name, size_t name_len)
{
    size_t length = strlen(given);
    if (length == 0 || length > name_len) {
        return UNLIKE;
    }
    for (size_t i = 0; i < length; i++) {
        if (small(given, i) != small(name, i)) {
            return UNLIKE;
        }
    }
    return length == name_len ? EQUAL : BEGINS;
}

/* The best of the whole name and its parts. */
static enum likeness compare_name(const char *given, const char *name)
{
    enum likeness best = compare_part(given, name, strlen(name));
    for (const char *part = name; part && best != EQUAL;) {
        const char *end = strstr(part, NAME_SEPARATOR);
        size_t length = end ? (size_t)(end - part) : strlen(part);
        enum likeness likeness = compare_part(given, part, length);
        best = likeness > best ? likeness : best;
        part = end ? end + strlen(NAME_SEPARATOR) : NULL;
    }
    return best;
}

bool kf_places_is_called(const char *given, const char *name)
{
    return compare_name(given, name) == EQUAL;
}

static bool is_of(const struct kf_municipality *municipality, int year)
{
    return municipality->from_year <= year && year <= municipality->to_year;
}

static void add(struct kf_text *text, size_t found, const struct kf_municipality *municipality)
{
    if (found < KF_PLACES_SHOWN) {
        kf_text_add_format(text, "%s%s %s", found ? ", " : "; did you mean ", municipality->code,
                           municipality->name);
    }
}

static size_t add_alike(const struct kf_municipality *all, size_t count, const char *given,
                        int year, struct kf_text *text)
{
    enum likeness best = UNLIKE;
    for (size_t i = 0; i < count; i++) {
        enum likeness likeness = is_of(&all[i], year) ? compare_name(given, all[i].name) : UNLIKE;
        best = likeness > best ? likeness : best;
    }
    size_t found = 0;
    for (size_t i = 0; best != UNLIKE && i < count; i++) {
        if (is_of(&all[i], year) && compare_name(given, all[i].name) == best) {
            add(text, found++, &all[i]);
        }
    }
    return found;
}

/* A slip of the keyboard. */
static size_t add_nearest(const struct kf_municipality *all, size_t count, const char *given,
                          int year, struct kf_text *text)
{
    const char **names = kf_calloc(count + 1, sizeof *names);
    size_t found = 0;
    size_t names_len = 0;
    for (size_t i = 0; names && i < count; i++) {
        if (is_of(&all[i], year)) {
            names[names_len++] = all[i].name;
        }
    }
    const char *meant = names ? kf_findings_suggest(given, names, names_len) : NULL;
    for (size_t i = 0; meant && i < count; i++) {
        if (is_of(&all[i], year) && strcmp(all[i].name, meant) == 0) {
            add(text, found++, &all[i]);
        }
    }
    kf_free(names);
    return found;
}

size_t kf_places_suggest(const struct kf_municipalities *municipalities, const char *given,
                         int year, struct kf_text *text)
{
    size_t count = 0;
    const struct kf_municipality *all = kf_municipalities_all(municipalities, &count);
    size_t found = add_alike(all, count, given, year, text);
    found = found ? found : add_nearest(all, count, given, year, text);
    if (found > 0) {
        kf_text_add(text, found > KF_PLACES_SHOWN ? ", …?" : "?");
    }
    return found;
}
