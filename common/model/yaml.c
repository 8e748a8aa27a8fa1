#include "common/model/yaml.h"

#include <assert.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/base/decimal.h"
#include "common/base/text.h"
#include "common/model/yaml_tree.h"

#define KEYS_MAX     64    /* that a map may be checked for */
#define YEAR_EXAMPLE 2024L /* a year that people have figures of */
#define REMEDY_BYTES 512
#define ID_BYTES_MAX 64

static const struct kf_yaml_cell *cell_of(struct kf_yaml_node node)
{
    static const struct kf_yaml_cell nothing = {.kind = KF_YAML_NOTHING};
    return node.document ? &node.document->cells[node.index] : &nothing;
}

static struct kf_yaml_node child(struct kf_yaml_node node, size_t i)
{
    const struct kf_yaml_cell *cell = cell_of(node);
    if (i >= cell->count) {
        return (struct kf_yaml_node){node.document, 0};
    }
    return (struct kf_yaml_node){node.document, node.document->children[cell->first + i]};
}

struct kf_yaml_node kf_yaml_root(const struct kf_yaml *self)
{
    return (struct kf_yaml_node){self, 1};
}

bool kf_yaml_exists(struct kf_yaml_node node)
{
    return cell_of(node)->kind != KF_YAML_NOTHING;
}

bool kf_yaml_is_map(struct kf_yaml_node node)
{
    return cell_of(node)->kind == KF_YAML_MAP;
}

bool kf_yaml_is_list(struct kf_yaml_node node)
{
    return cell_of(node)->kind == KF_YAML_LIST;
}

const char *kf_yaml_scalar(struct kf_yaml_node node)
{
    return cell_of(node)->text;
}

bool kf_yaml_is_quoted(struct kf_yaml_node node)
{
    return cell_of(node)->quoted;
}

uint64_t kf_yaml_line(struct kf_yaml_node node)
{
    return cell_of(node)->line;
}

const char *kf_yaml_file(struct kf_yaml_node node)
{
    return !node.document ? "" : cell_of(node)->file ? cell_of(node)->file : node.document->file;
}

unsigned kf_yaml_level(struct kf_yaml_node node)
{
    return cell_of(node)->level;
}

size_t kf_yaml_count(struct kf_yaml_node node)
{
    size_t count = cell_of(node)->count;
    return kf_yaml_is_map(node) ? count / 2 : kf_yaml_is_list(node) ? count : 0;
}

struct kf_yaml_node kf_yaml_item(struct kf_yaml_node list, size_t i)
{
    return child(list, kf_yaml_is_list(list) ? i : SIZE_MAX);
}

static struct kf_yaml_node key_node(struct kf_yaml_node map, size_t i)
{
    return child(map, i < kf_yaml_count(map) && kf_yaml_is_map(map) ? 2 * i : SIZE_MAX);
}

const char *kf_yaml_key(struct kf_yaml_node map, size_t i)
{
    return kf_yaml_scalar(key_node(map, i));
}

struct kf_yaml_node kf_yaml_value(struct kf_yaml_node map, size_t i)
{
    return child(map, i < kf_yaml_count(map) && kf_yaml_is_map(map) ? 2 * i + 1 : SIZE_MAX);
}

struct kf_yaml_node kf_yaml_get(struct kf_yaml_node map, const char *key)
{
    size_t count = kf_yaml_is_map(map) ? kf_yaml_count(map) : 0;
    for (size_t i = 0; i < count; i++) {
        if (kf_text_equal(kf_yaml_key(map, i), key)) {
            return kf_yaml_value(map, i);
        }
    }
    return (struct kf_yaml_node){map.document, 0};
}

/* --- faults ---------------------------------------------------------------------------------- */

void kf_yaml_fault(struct kf_yaml_node node, struct kf_findings *findings, const char *key,
                   const char *remedy, const char *problem)
{
    kf_yaml_fault_format(node, findings, key, remedy, "%s", problem);
}

void kf_yaml_fault_format(struct kf_yaml_node node, struct kf_findings *findings, const char *key,
                          const char *remedy, const char *problem, ...)
{
    char text[REMEDY_BYTES];
    va_list args;
    va_start(args, problem);
    (void)vsnprintf(text, sizeof text, problem, args);
    va_end(args);
    struct kf_place place = {.file = kf_yaml_file(node),
                             .line = kf_yaml_line(node),
                             .variable = key,
                             .cell = kf_yaml_scalar(node)};
    kf_findings_add(findings, &place, remedy, "%s", text);
}

/* Every key and word of the edition language: who writes one of them elsewhere may well mean it,
 * and is not told of another that merely looks like it. */
static const char language[] =
    " "
    "absorbs adjustments administration age_limit ages all amount approved aspect available "
    "base basis budget care_weight change chosen closure compensated complement composition "
    "computed correction corrections cost_disadvantage costs country criteria data-year days "
    "decimals deduction deflators demographic demography disposable_income drop each en equal "
    "except expenditure extends factor files from gain given grant grants gross group groups "
    "growth id index indicator indicators institution kostra_groups last latest main mean median "
    "minimum minus missing months municipalities name nb need need_corrected need_of "
    "need_population net next none norm normalization of only outcome outside parts "
    "payroll_costs per population prefix prices product production projected projection "
    "publish quality quantity rate_growth rates rebase reference refund regressors remainder "
    "remove rescale resource resource_intensive resources rule same scale sector sectors "
    "services share source sources standardized structure sum supplementary tables "
    "thresholds through title to today total trial unit unit_costs user_time users uses "
    "variable variables wages weight weights year years ";

static bool is_of_language(const char *name)
{
    char word[ID_BYTES_MAX + 3];
    int length = snprintf(word, sizeof word, " %s ", name);
    return length > 2 && (size_t)length < sizeof word && !strchr(name, ' ') &&
           strstr(language, word);
}

void kf_yaml_suggest(const char *name, const char *const *names, char *remedy, size_t size)
{
    size_t count = 0;
    while (names[count]) {
        count++;
    }
    const char *nearest = kf_findings_suggest(name, names, count);
    if (nearest && (!is_of_language(name) || kf_text_distance(name, nearest) <= 1)) {
        (void)snprintf(remedy, size, "did you mean %s?", nearest);
        return;
    }
    struct kf_text list;
    kf_text_init(&list, size);
    for (size_t i = 0; i < count; i++) {
        kf_text_add_format(&list, "%s%s", i > 0 ? ", " : "", names[i]);
    }
    (void)snprintf(remedy, size, "allowed are %s", list.bytes);
    kf_text_clear(&list);
}

static bool is_digits(const char *text)
{
    return text && text[0] && text[strspn(text, "0123456789")] == '\0';
}

/* The number to which the digits behind a comma would belong. */
static bool is_begun(const char *text)
{
    return text && is_digits(text + (text[0] == '-'));
}

/* In braces `weight: 0,8` is a weight of 0 and a key 8: the remedy for the latter. Two keys that
 * are years are two years. */
static bool advise_point(struct kf_yaml_node map, size_t i, char remedy[REMEDY_BYTES])
{
    const char *key = kf_yaml_key(map, i);
    const char *owner = i > 0 ? kf_yaml_key(map, i - 1) : NULL;
    const char *before = i > 0 ? kf_yaml_scalar(kf_yaml_value(map, i - 1)) : NULL;
    bool years = is_digits(owner) && is_digits(key) && strlen(owner) == strlen(key);
    if (!is_digits(key) || years || !is_begun(before)) {
        return false;
    }
    (void)snprintf(remedy, REMEDY_BYTES,
                   "write a decimal point: %s: %s.%s; a decimal comma splits the number in two",
                   owner, before, key);
    return true;
}

/* `{weight 0.8}` is a key without a value. */
static bool advise_colon(struct kf_yaml_node map, size_t i, char remedy[REMEDY_BYTES])
{
    const char *key = kf_yaml_key(map, i);
    const char *blank = key ? strchr(key, ' ') : NULL;
    double number = 0;
    if (!blank || !kf_decimal_parse(blank + 1, strlen(blank + 1), &number)) {
        return false;
    }
    (void)snprintf(remedy, REMEDY_BYTES, "write a colon behind the key: %.*s: %s",
                   (int)(blank - key), key, blank + 1);
    return true;
}

static bool advise(struct kf_yaml_node map, size_t i, char remedy[REMEDY_BYTES])
{
    return kf_yaml_is_null(kf_yaml_value(map, i)) &&
           (advise_point(map, i, remedy) || advise_colon(map, i, remedy));
}

static void fault_pair(struct kf_yaml_node map, size_t i, struct kf_findings *findings,
                       const char *remedy, const char *problem)
{
    struct kf_place place = {.file = kf_yaml_file(key_node(map, i)),
                             .line = kf_yaml_line(key_node(map, i)),
                             .variable = kf_yaml_key(map, i)};
    kf_findings_add(findings, &place, remedy, "%s", problem);
}

void kf_yaml_fault_key(struct kf_yaml_node map, size_t i, struct kf_findings *findings,
                       const char *remedy, const char *problem)
{
    char slip[REMEDY_BYTES];
    fault_pair(map, i, findings, advise(map, i, slip) ? slip : remedy, problem);
}

bool kf_yaml_fault_slip(struct kf_yaml_node map, size_t i, struct kf_findings *findings)
{
    char slip[REMEDY_BYTES];
    bool found = advise(map, i, slip);
    if (found) {
        fault_pair(map, i, findings, slip, "is no key with a value");
    }
    return found;
}

static size_t position(const char *name, const char *const *names)
{
    size_t i = 0;
    while (names[i] && strcmp(names[i], name) != 0) {
        i++;
    }
    return i;
}

void kf_yaml_check_keys(struct kf_yaml_node map, const char *const *allowed,
                        struct kf_findings *findings)
{
    if (!kf_yaml_is_map(map)) {
        kf_yaml_fault(map, findings, NULL, "write `key: value` lines", "must be a map");
        return;
    }
    bool seen[KEYS_MAX] = {false};
    for (size_t i = 0; i < kf_yaml_count(map); i++) {
        const char *key = kf_yaml_key(map, i);
        size_t known = position(key, allowed);
        assert(known < KEYS_MAX);
        if (!allowed[known]) {
            char remedy[REMEDY_BYTES] = "";
            if (!kf_findings_is_full(findings)) {
                kf_yaml_suggest(key, allowed, remedy, sizeof remedy);
            }
            kf_yaml_fault_key(map, i, findings, remedy, "is not a key that belongs here");
        } else if (seen[known]) {
            kf_yaml_fault_key(map, i, findings, "keep one of the two", "is given twice");
        }
        seen[known] = true;
    }
}

/* --- typed access ---------------------------------------------------------------------------- */

bool kf_yaml_is_null(struct kf_yaml_node node)
{
    const char *text = kf_yaml_scalar(node);
    return text && !kf_yaml_is_quoted(node) &&
           (text[0] == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0);
}

/* What a typed getter is asked for. */
struct wish {
    struct kf_yaml_node map;
    const char *key;
    bool required;
    const char *type; /* "a number" */
    const char *example;
};

static void wrong_type(const struct wish *wish, struct kf_yaml_node node,
                       struct kf_findings *findings)
{
    char remedy[REMEDY_BYTES];
    (void)snprintf(remedy, sizeof remedy, "write %s, e.g. %s: %s", wish->type, wish->key,
                   wish->example);
    kf_yaml_fault_format(node, findings, wish->key, remedy, "must be %s", wish->type);
}

/* The scalar that is wished for, or false, with a finding when that is a fault. */
static bool find_scalar(const struct wish *wish, struct kf_yaml_node *node,
                        struct kf_findings *findings)
{
    struct kf_yaml_node found = kf_yaml_get(wish->map, wish->key);
    if (!kf_yaml_exists(found)) {
        if (wish->required) {
            kf_yaml_fault_missing(wish->map, findings, wish->key, wish->example);
        }
        return false;
    }
    if (!kf_yaml_scalar(found) || kf_yaml_is_null(found)) {
        wrong_type(wish, found, findings);
        return false;
    }
    *node = found;
    return true;
}

void kf_yaml_fault_missing(struct kf_yaml_node map, struct kf_findings *findings, const char *key,
                           const char *example)
{
    char remedy[REMEDY_BYTES];
    (void)snprintf(remedy, sizeof remedy, "add %s: %s", key, example);
    struct kf_place place = {.file = kf_yaml_file(map), .line = kf_yaml_line(map), .variable = key};
    kf_findings_add(findings, &place, remedy, "is missing");
}

bool kf_yaml_get_text(struct kf_yaml_node map, const char *key, bool required, const char **text,
                      struct kf_findings *findings)
{
    struct wish wish = {map, key, required, "a text", "\"…\""};
    struct kf_yaml_node node;
    if (!find_scalar(&wish, &node, findings)) {
        return false;
    }
    *text = kf_yaml_scalar(node);
    return true;
}

bool kf_yaml_is_id(const char *text)
{
    size_t length = strlen(text);
    return length > 0 && length <= ID_BYTES_MAX && text[0] >= 'a' && text[0] <= 'z' &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-") == length;
}

bool kf_yaml_get_id(struct kf_yaml_node map, const char *key, bool required, const char **id,
                    struct kf_findings *findings)
{
    return kf_yaml_get_id_as(map, key, required, "pleie_omsorg", id, findings);
}

bool kf_yaml_get_id_as(struct kf_yaml_node map, const char *key, bool required, const char *example,
                       const char **id, struct kf_findings *findings)
{
    struct wish wish = {map, key, required, "an identifier", example};
    struct kf_yaml_node node;
    if (!find_scalar(&wish, &node, findings)) {
        return false;
    }
    if (!kf_yaml_is_id(kf_yaml_scalar(node))) {
        kf_yaml_fault(node, findings, key,
                      "use lower-case letters a to z, digits, - and _, a letter first, "
                      "at most 64 characters",
                      "is not an identifier");
        return false;
    }
    *id = kf_yaml_scalar(node);
    return true;
}

bool kf_yaml_get_name(struct kf_yaml_node map, const char *key, const char **nb, const char **en,
                      struct kf_findings *findings)
{
    static const char *const languages[] = {"nb", "en", NULL};
    struct kf_yaml_node name = kf_yaml_get(map, key);
    if (!kf_yaml_exists(name)) {
        kf_yaml_fault_missing(map, findings, key, "{nb: \"…\", en: \"…\"}");
        return false;
    }
    if (!kf_yaml_is_map(name)) {
        kf_yaml_fault(name, findings, key, "write {nb: \"…\", en: \"…\"}",
                      "must be a map with a Norwegian and an English name");
        return false;
    }
    kf_yaml_check_keys(name, languages, findings);
    const char *texts[2] = {NULL, NULL};
    bool norwegian = kf_yaml_get_text(name, "nb", true, &texts[0], findings);
    bool english = kf_yaml_get_text(name, "en", true, &texts[1], findings);
    if (!norwegian || !english) {
        return false;
    }
    *nb = texts[0];
    *en = texts[1];
    return true;
}

/* True for a number with a decimal comma; `remedy` says how it is written. */
static bool has_comma(const char *key, const char *text, char remedy[REMEDY_BYTES])
{
    char point[32];
    double number = 0;
    const char *comma = strchr(text, ',');
    if (!comma || strlen(text) >= sizeof point) {
        return false;
    }
    (void)snprintf(point, sizeof point, "%s", text);
    point[comma - text] = '.';
    (void)snprintf(remedy, REMEDY_BYTES, "write a decimal point: %s: %s", key, point);
    return kf_decimal_parse(point, strlen(point), &number);
}

/* True for a number with blanks between its digits; `remedy` says how it is written. */
static bool has_blanks(const char *key, const char *text, char remedy[REMEDY_BYTES])
{
    char closed[32];
    double number = 0;
    size_t length = 0;
    for (size_t i = 0; text[i] && length + 1 < sizeof closed; i++) {
        bool no_break = (unsigned char)text[i] == 0xc2 && (unsigned char)text[i + 1] == 0xa0;
        if (text[i] != ' ' && !no_break) {
            closed[length++] = text[i];
        }
        i += no_break;
    }
    closed[length] = '\0';
    (void)snprintf(remedy, REMEDY_BYTES, "write it without blanks: %s: %s", key, closed);
    return length < strlen(text) && kf_decimal_parse(closed, length, &number);
}

bool kf_yaml_get_number(struct kf_yaml_node map, const char *key, bool required, double *number,
                        struct kf_findings *findings)
{
    struct wish wish = {map, key, required, "a number", "0.25"};
    struct kf_yaml_node node;
    if (!find_scalar(&wish, &node, findings)) {
        return false;
    }
    const char *text = kf_yaml_scalar(node);
    char remedy[REMEDY_BYTES];
    if (!kf_yaml_is_quoted(node) && kf_decimal_parse(text, strlen(text), number)) {
        return true;
    }
    if (has_comma(key, text, remedy) ||
        (!kf_yaml_is_quoted(node) && has_blanks(key, text, remedy))) {
        kf_yaml_fault(node, findings, key, remedy, "must be a number");
    } else {
        wrong_type(&wish, node, findings);
    }
    return false;
}

bool kf_yaml_to_whole(struct kf_yaml_node node, long *number)
{
    const char *text = kf_yaml_scalar(node);
    if (!text || kf_yaml_is_quoted(node)) {
        return false;
    }
    bool negative = text[0] == '-';
    unsigned long size = 0;
    if (!kf_text_to_unsigned(text + negative, strlen(text + negative), (unsigned long)LONG_MAX,
                             &size)) {
        return false;
    }
    *number = negative ? -(long)size : (long)size;
    return true;
}

bool kf_yaml_get_whole(struct kf_yaml_node map, const char *key, bool required,
                       struct kf_yaml_range range, long *number, struct kf_findings *findings)
{
    char type[96];
    char example[32];
    (void)snprintf(type, sizeof type, "a whole number from %ld to %ld", range.minimum,
                   range.maximum);
    bool years = range.minimum > YEAR_EXAMPLE / 2 && range.minimum <= YEAR_EXAMPLE &&
                 range.maximum >= YEAR_EXAMPLE;
    (void)snprintf(example, sizeof example, "%ld", years ? YEAR_EXAMPLE : range.minimum);
    struct wish wish = {map, key, required, type, example};
    struct kf_yaml_node node;
    if (!find_scalar(&wish, &node, findings)) {
        return false;
    }
    long whole = 0;
    if (!kf_yaml_to_whole(node, &whole) || whole < range.minimum || whole > range.maximum) {
        wrong_type(&wish, node, findings);
        return false;
    }
    *number = whole;
    return true;
}

bool kf_yaml_get_flag(struct kf_yaml_node map, const char *key, bool required, bool *flag,
                      struct kf_findings *findings)
{
    struct wish wish = {map, key, required, "true or false", "true"};
    struct kf_yaml_node node;
    if (!find_scalar(&wish, &node, findings)) {
        return false;
    }
    bool yes = strcmp(kf_yaml_scalar(node), "true") == 0;
    bool no = strcmp(kf_yaml_scalar(node), "false") == 0;
    if (kf_yaml_is_quoted(node) || (!yes && !no)) {
        wrong_type(&wish, node, findings);
        return false;
    }
    *flag = yes;
    return true;
}
