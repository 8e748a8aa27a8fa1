#include "common/model/variable_family.h"

#include <string.h>

#include "common/base/text.h"

#define PATTERN_BYTES_MAX ((size_t)1200) /* a name of 300 characters */
#define PLACES_MAX        ((size_t)4)    /* in a pattern */
#define PART_BYTES_MAX    ((size_t)32)
#define TEXT_BYTES_MAX    (PATTERN_BYTES_MAX + PLACES_MAX * PART_BYTES_MAX * 3) /* – is 3 bytes */
#define NUMBER_MAX        9999

static const char part_characters[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
static const char place[] = "{}";

/* --- what stands for {} ---------------------------------------------------------------------- */

static void fault_each(struct kf_yaml_node node, struct kf_findings *findings, const char *problem)
{
    kf_yaml_fault(node, findings, "each",
                  "write the first and the last number, 0-105, or a list of what stands for {}",
                  problem);
}

/* "0-105", with both ends. */
static bool parse_range(const char *text, unsigned long *from, unsigned long *to)
{
    const char *dash = strchr(text, '-');
    return dash && kf_text_to_unsigned(text, (size_t)(dash - text), NUMBER_MAX, from) &&
           kf_text_to_unsigned(dash + 1, strlen(dash + 1), NUMBER_MAX, to);
}

static bool read_range(struct kf_yaml_node node, struct kf_arena *arena, struct kf_family *family,
                       struct kf_findings *findings)
{
    unsigned long from = 0;
    unsigned long to = 0;
    if (!parse_range(kf_yaml_scalar(node), &from, &to)) {
        fault_each(node, findings, "is no range of whole numbers");
        return true;
    }
    if (from > to || to - from >= KF_FAMILY_MAX) {
        kf_yaml_fault_format(node, findings, "each", "write the lower number first",
                             "must be a range of 1 to %d numbers, ascending", KF_FAMILY_MAX);
        return true;
    }
    family->parts = kf_arena_calloc(arena, to - from + 1, sizeof *family->parts);
    for (unsigned long number = from; family->parts && number <= to; number++) {
        const char *part = kf_arena_printf(arena, "%lu", number);
        if (!part) {
            return false;
        }
        family->parts[family->count++] = part;
    }
    return family->parts;
}

static bool is_part(const char *text)
{
    size_t length = text ? strlen(text) : 0;
    return length > 0 && length <= PART_BYTES_MAX && strspn(text, part_characters) == length;
}

/* Anything but a part, and a part that stands earlier in the list, is told. */
static bool is_new_part(struct kf_yaml_node item, const struct kf_family *family,
                        struct kf_findings *findings)
{
    const char *text = kf_yaml_scalar(item);
    if (!is_part(text)) {
        kf_yaml_fault_format(
            item, findings, "each", "write lower-case letters, digits, - and _, in quotes",
            "is nothing that can stand in an id, of at most %zu characters", PART_BYTES_MAX);
        return false;
    }
    for (size_t i = 0; i < family->count; i++) {
        if (strcmp(family->parts[i], text) == 0) {
            kf_yaml_fault(item, findings, "each", "remove it", "is in the list twice");
            return false;
        }
    }
    return true;
}

static bool read_parts(struct kf_yaml_node list, struct kf_arena *arena, struct kf_family *family,
                       struct kf_findings *findings)
{
    size_t count = kf_yaml_count(list);
    if (count == 0 || count > KF_FAMILY_MAX) {
        kf_yaml_fault_format(list, findings, "each", "write a list, or a range: 0-105",
                             "must be a list of 1 to %d texts", KF_FAMILY_MAX);
        return true;
    }
    family->parts = kf_arena_calloc(arena, count, sizeof *family->parts);
    for (size_t i = 0; family->parts && i < count; i++) {
        struct kf_yaml_node item = kf_yaml_item(list, i);
        if (is_new_part(item, family, findings)) {
            const char *part = kf_arena_strdup(arena, kf_yaml_scalar(item));
            if (!part) {
                return false;
            }
            family->parts[family->count++] = part;
        }
    }
    return family->parts;
}

/* A family has {} in its id, and nothing else has. False when it is not so. */
static bool check_place(struct kf_yaml_node entry, bool family, struct kf_findings *findings)
{
    const char *id = kf_yaml_scalar(kf_yaml_get(entry, "id"));
    bool has = id && strstr(id, place);
    if (family && id && !has) {
        kf_yaml_fault(kf_yaml_get(entry, "id"), findings, "id",
                      "write {} where what differs stands, or remove each",
                      "has no {}: all variables of the family would be one");
    } else if (!family && has) {
        kf_yaml_fault_missing(entry, findings, "each", "0-105");
    }
    return family == has;
}

/* Bounds what a family may take, whatever its names say. */
static bool check_pattern(struct kf_yaml_node node, const char *key, struct kf_findings *findings)
{
    const char *text = kf_yaml_scalar(node);
    size_t places = 0;
    for (const char *at = text ? strstr(text, place) : NULL; at; at = strstr(at + 1, place)) {
        places++;
    }
    if (places > PLACES_MAX || (text && strlen(text) > PATTERN_BYTES_MAX)) {
        kf_yaml_fault_format(node, findings, key, "shorten it",
                             "is too long for a family: at most %zu bytes with %zu times {}",
                             PATTERN_BYTES_MAX, PLACES_MAX);
        return false;
    }
    return true;
}

static bool check_patterns(struct kf_yaml_node entry, struct kf_findings *findings)
{
    struct kf_yaml_node name = kf_yaml_get(entry, "name");
    bool good = check_pattern(kf_yaml_get(entry, "id"), "id", findings);
    good = check_pattern(kf_yaml_get(name, "nb"), "nb", findings) && good;
    return check_pattern(kf_yaml_get(name, "en"), "en", findings) && good;
}

bool kf_family_read(struct kf_yaml_node entry, struct kf_arena *arena, struct kf_family *family,
                    struct kf_findings *findings)
{
    struct kf_yaml_node each = kf_yaml_get(entry, "each");
    bool exists = kf_yaml_exists(each);
    bool placed = check_place(entry, exists, findings);
    *family = (struct kf_family){.count = exists || !placed ? 0 : 1};
    if (!exists || !placed || !check_patterns(entry, findings)) {
        return true;
    }
    if (kf_yaml_is_list(each)) {
        return read_parts(each, arena, family, findings);
    }
    if (kf_yaml_scalar(each)) {
        return read_range(each, arena, family, findings);
    }
    fault_each(each, findings, "is neither a range nor a list");
    return true;
}

/* --- ids and names --------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A part as people read it: 1_5 is 1–5, 90_pluss is 90 pluss. */
static void add_readable(struct kf_text *text, const char *part)
{
    for (const char *c = part; *c; c++) {
        bool between = *c == '_' && c > part && is_digit(c[-1]) && is_digit(c[1]);
        if (between) {
            kf_text_add(text, "–");
        } else {
            kf_text_add_char(text, (char)(*c == '_' ? ' ' : *c));
        }
    }
}

char *kf_family_text(struct kf_arena *arena, const char *pattern, const char *part, bool name)
{
    struct kf_text text;
    kf_text_init(&text, TEXT_BYTES_MAX);
    for (const char *at = strstr(pattern, place); at; at = strstr(pattern, place)) {
        kf_text_add_bytes(&text, pattern, (size_t)(at - pattern));
        if (name) {
            add_readable(&text, part);
        } else {
            kf_text_add(&text, part);
        }
        pattern = at + strlen(place);
    }
    kf_text_add(&text, pattern);
    char *kept = text.failed ? NULL : kf_arena_strdup(arena, text.bytes);
    kf_text_clear(&text);
    return kept;
}
