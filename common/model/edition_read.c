/* Editions from YAML: everything but the sectors. */
#include "common/model/edition_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"

static const char *const edition_keys[] = {
    "id",      "title", "source",  "years",       "structure", "scale", "population",
    "missing", "group", "sectors", "expenditure", "change",    NULL};
static const char *const years_keys[] = {"from", "to", NULL};
static const char *const group_keys[] = {"name", "municipalities", NULL};
static const char *const expenditure_keys[] = {"given", "gross",          "minus", "payroll_costs",
                                               "wages", "need_corrected", NULL};
static const char *const change_keys[] = {"production", "expenditure", "base", NULL};
static const char *const missing_rules[] = {"minimum", NULL};

/* --- shared by the parts --------------------------------------------------------------------- */

const char *kf_edition_keep(struct kf_edition_reader *reader, const char *text)
{
    const char *copy = kf_arena_strdup(reader->arena, text);
    reader->failed = reader->failed || !copy;
    return copy ? copy : "";
}

void *kf_edition_room(struct kf_edition_reader *reader, size_t count, size_t size)
{
    void *room = kf_arena_calloc(reader->arena, count, size);
    reader->failed = reader->failed || !room;
    return room;
}

const char *kf_edition_text(struct kf_edition_reader *reader, struct kf_yaml_node map,
                            const char *key)
{
    const char *text = "";
    (void)kf_yaml_get_text(map, key, true, &text, reader->findings);
    return kf_edition_keep(reader, text);
}

const char *kf_edition_id(struct kf_edition_reader *reader, struct kf_yaml_node map,
                          const char *key)
{
    const char *id = "";
    (void)kf_yaml_get_id(map, key, true, &id, reader->findings);
    return kf_edition_keep(reader, id);
}

struct kf_name kf_edition_name(struct kf_edition_reader *reader, struct kf_yaml_node map,
                               const char *key)
{
    const char *nb = "";
    const char *en = "";
    (void)kf_yaml_get_name(map, key, &nb, &en, reader->findings);
    return (struct kf_name){kf_edition_keep(reader, nb), kf_edition_keep(reader, en)};
}

static const char *registered(struct kf_edition_reader *reader, struct kf_yaml_node node,
                              const char *key, const char *id)
{
    if (reader->variables && !kf_variables_find(reader->variables, id, strlen(id))) {
        char remedy[KF_REMEDY_BYTES] = "register it in variables.yaml";
        const char *nearest = kf_variables_suggest(reader->variables, id);
        if (nearest) {
            (void)snprintf(remedy, sizeof remedy,
                           "did you mean %s? otherwise register it in variables.yaml", nearest);
        }
        kf_yaml_fault(node, reader->findings, key, remedy, "is not a registered variable");
        return "";
    }
    return kf_edition_keep(reader, id);
}

const char *kf_edition_variable(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                const char *key, bool required)
{
    const char *id = NULL;
    if (!kf_yaml_get_id(map, key, required, &id, reader->findings)) {
        return "";
    }
    return registered(reader, kf_yaml_get(map, key), key, id);
}

const char *kf_edition_variable_at(struct kf_edition_reader *reader, struct kf_yaml_node node,
                                   const char *key)
{
    const char *id = kf_yaml_scalar(node);
    if (!id || !kf_yaml_is_id(id)) {
        kf_yaml_fault(node, reader->findings, key, "write the id of a registered variable",
                      "is not the name of a variable");
        return "";
    }
    return registered(reader, node, key, id);
}

struct kf_yaml_node kf_edition_list(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                    const char *key, size_t minimum, size_t maximum)
{
    static const struct kf_yaml_node none = {NULL, 0};
    struct kf_yaml_node list = kf_yaml_get(map, key);
    if (!kf_yaml_exists(list)) {
        kf_yaml_fault_missing(map, reader->findings, key, "[…]");
        return none;
    }
    size_t count = kf_yaml_count(list);
    if (!kf_yaml_is_list(list) || count < minimum || count > maximum) {
        kf_yaml_fault_format(list, reader->findings, key,
                             "write a list: one item a line, each "
                             "after a dash, or [a, b]",
                             "must be a list of %zu to %zu items", minimum, maximum);
        return none;
    }
    return list;
}

/* --- years and structure --------------------------------------------------------------------- */

static bool is_edition_year(struct kf_yaml_node node, int *year)
{
    long number = 0;
    if (!kf_yaml_to_whole(node, &number) || number < KF_EDITION_YEAR_MIN ||
        number > KF_EDITION_YEAR_MAX) {
        return false;
    }
    *year = (int)number;
    return true;
}

static void fault_year(struct kf_edition_reader *reader, struct kf_yaml_node node, const char *key)
{
    kf_yaml_fault_format(node, reader->findings, key, "write four digits without quotes",
                         "is not a year from %d to %d", KF_EDITION_YEAR_MIN, KF_EDITION_YEAR_MAX);
}

static int compare_years(const void *left, const void *right)
{
    const int *a = left;
    const int *b = right;
    return (*a > *b) - (*a < *b);
}

static void read_year_list(struct kf_edition_reader *reader, struct kf_yaml_node list,
                           struct kf_edition *edition)
{
    size_t count = kf_yaml_count(list);
    int *years = kf_edition_room(reader, count, sizeof *years);
    for (size_t i = 0; years && i < count; i++) {
        struct kf_yaml_node item = kf_yaml_item(list, i);
        if (!is_edition_year(item, &years[i])) {
            fault_year(reader, item, "years");
            continue;
        }
        for (size_t j = 0; j < i; j++) {
            if (years[j] == years[i]) {
                kf_yaml_fault(item, reader->findings, "years", "remove it", "is given twice");
            }
        }
    }
    if (!years || count == 0) {
        return;
    }
    qsort(years, count, sizeof *years, compare_years);
    edition->years = years;
    edition->years_len = count;
    edition->year_from = years[0];
    edition->year_to = years[count - 1];
}

static void read_year_range(struct kf_edition_reader *reader, struct kf_yaml_node range,
                            struct kf_edition *edition)
{
    static const struct kf_yaml_range years = {KF_EDITION_YEAR_MIN, KF_EDITION_YEAR_MAX};
    long from = years.minimum;
    long to = years.maximum;
    kf_yaml_check_keys(range, years_keys, reader->findings);
    bool both = kf_yaml_get_whole(range, "from", true, years, &from, reader->findings);
    both &= kf_yaml_get_whole(range, "to", true, years, &to, reader->findings);
    if (both && from > to) {
        kf_yaml_fault(range, reader->findings, "years", "swap from and to",
                      "the first year is later than the last");
    }
    edition->year_from = (int)from;
    edition->year_to = (int)to;
}

static void read_years(struct kf_edition_reader *reader, struct kf_yaml_node root,
                       struct kf_edition *edition)
{
    struct kf_yaml_node years = kf_yaml_get(root, "years");
    if (!kf_yaml_exists(years)) {
        kf_yaml_fault_missing(root, reader->findings, "years", "[2010]");
    } else if (kf_yaml_is_map(years)) {
        read_year_range(reader, years, edition);
    } else if (kf_yaml_count(years) > 0 &&
               kf_yaml_count(years) <= KF_EDITION_YEAR_MAX - KF_EDITION_YEAR_MIN + 1) {
        read_year_list(reader, years, edition);
    } else {
        kf_yaml_fault(years, reader->findings, "years",
                      "write a list, [2010], or a range, {from: 2005, to: 2010}",
                      "must be a list or a range of years");
    }
}

static int read_structure(struct kf_edition_reader *reader, struct kf_yaml_node root)
{
    struct kf_yaml_node node = kf_yaml_get(root, "structure");
    int year = 0;
    if (!kf_yaml_exists(node)) {
        kf_yaml_fault_missing(root, reader->findings, "structure", "data-year");
    } else if (!kf_text_equal(kf_yaml_scalar(node), "data-year") && !is_edition_year(node, &year)) {
        kf_yaml_fault(node, reader->findings, "structure",
                      "write data-year, or the year whose municipalities the data have",
                      "must be data-year or a year");
    }
    return year;
}

/* --- rules ----------------------------------------------------------------------------------- */

/* A number that is 1 or 100: a scale, or the base of an index number. */
static double read_one_or_hundred(struct kf_edition_reader *reader, struct kf_yaml_node map,
                                  const char *key)
{
    double number = 100;
    bool read = kf_yaml_get_number(map, key, true, &number, reader->findings);
    if (read && number != 1 && number != 100) {
        kf_yaml_fault(kf_yaml_get(map, key), reader->findings, key, "write 1 or 100",
                      "must be 1 or 100");
        return 100;
    }
    return number;
}

static enum kf_missing_rule read_missing(struct kf_edition_reader *reader, struct kf_yaml_node root)
{
    const char *rule = NULL;
    if (kf_yaml_get_text(root, "missing", true, &rule, reader->findings) &&
        strcmp(rule, missing_rules[0]) != 0) {
        char remedy[KF_REMEDY_BYTES];
        kf_yaml_suggest(rule, missing_rules, remedy, sizeof remedy);
        kf_yaml_fault(kf_yaml_get(root, "missing"), reader->findings, "missing", remedy,
                      "is not a rule for missing values");
    }
    return KF_MISSING_MINIMUM;
}

/* --- group ----------------------------------------------------------------------------------- */

static bool is_code(const char *text)
{
    return text && strlen(text) == KF_MUNICIPALITY_SIZE - 1 &&
           strspn(text, "0123456789") == KF_MUNICIPALITY_SIZE - 1;
}

static const char *read_code(struct kf_edition_reader *reader, struct kf_yaml_node item)
{
    const char *text = kf_yaml_scalar(item);
    if (is_code(text)) {
        return kf_edition_keep(reader, text);
    }
    char remedy[64] = "write four digits in quotes, \"0301\"";
    unsigned long number = 0;
    if (text && kf_text_to_unsigned(text, strlen(text), 9999, &number)) {
        (void)snprintf(remedy, sizeof remedy, "write four digits in quotes, \"%04lu\"", number);
    }
    kf_yaml_fault(item, reader->findings, "municipalities", remedy, "is not a municipality code");
    return "";
}

static int compare_texts(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static void read_members(struct kf_edition_reader *reader, struct kf_yaml_node group,
                         struct kf_edition *edition)
{
    struct kf_yaml_node node = kf_yaml_get(group, "municipalities");
    if (kf_text_equal(kf_yaml_scalar(node), "all")) {
        return;
    }
    struct kf_yaml_node list = kf_edition_list(reader, group, "municipalities", 2, KF_GROUP_MAX);
    size_t count = kf_yaml_count(list);
    const char **members = kf_edition_room(reader, count, sizeof *members);
    if (!members || count == 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        members[i] = read_code(reader, kf_yaml_item(list, i));
        for (size_t j = 0; j < i; j++) {
            if (members[i][0] && strcmp(members[i], members[j]) == 0) {
                kf_yaml_fault_format(kf_yaml_item(list, i), reader->findings, "municipalities",
                                     "remove one of the two", "is on line %llu already",
                                     (unsigned long long)kf_yaml_line(kf_yaml_item(list, j)));
            }
        }
    }
    qsort(members, count, sizeof *members, compare_texts);
    edition->members = members;
    edition->members_len = count;
}

static void read_group(struct kf_edition_reader *reader, struct kf_yaml_node root,
                       struct kf_edition *edition)
{
    struct kf_yaml_node group = kf_yaml_get(root, "group");
    edition->group = (struct kf_name){"", ""};
    if (!kf_yaml_exists(group)) {
        kf_yaml_fault_missing(root, reader->findings, "group",
                              "{name: {nb: \"…\", en: \"…\"}, municipalities: all}");
        return;
    }
    kf_yaml_check_keys(group, group_keys, reader->findings);
    if (kf_yaml_is_map(group)) {
        edition->group = kf_edition_name(reader, group, "name");
        read_members(reader, group, edition);
    }
}

/* --- expenditure and change ------------------------------------------------------------------ */

static void read_minus(struct kf_edition_reader *reader, struct kf_yaml_node node,
                       struct kf_expenditure *expenditure)
{
    if (!kf_yaml_exists(kf_yaml_get(node, "minus"))) {
        return;
    }
    struct kf_yaml_node list = kf_edition_list(reader, node, "minus", 1, KF_MINUS_MAX);
    size_t count = kf_yaml_count(list);
    const char **minus = kf_edition_room(reader, count, sizeof *minus);
    for (size_t i = 0; minus && i < count; i++) {
        minus[i] = kf_edition_variable_at(reader, kf_yaml_item(list, i), "minus");
        for (size_t j = 0; j < i; j++) {
            if (minus[i][0] && strcmp(minus[i], minus[j]) == 0) {
                kf_yaml_fault(kf_yaml_item(list, i), reader->findings, "minus", "remove it",
                              "would be subtracted twice");
            }
        }
    }
    expenditure->minus = minus;
    expenditure->minus_len = minus ? count : 0;
}

/* Keys that need, or exclude, each other. */
static void check_expenditure(struct kf_edition_reader *reader, struct kf_yaml_node node)
{
    static const char *const of_accounts[] = {"gross", "minus", "payroll_costs", "wages",
                                              "need_corrected"};
    bool given = kf_yaml_exists(kf_yaml_get(node, "given"));
    for (size_t i = 0; given && i < sizeof of_accounts / sizeof of_accounts[0]; i++) {
        struct kf_yaml_node other = kf_yaml_get(node, of_accounts[i]);
        if (kf_yaml_exists(other)) {
            kf_yaml_fault(other, reader->findings, of_accounts[i], "remove it, or remove given",
                          "does not go with a given index");
        }
    }
    static const char *const pairs[][2] = {{"payroll_costs", "wages"}, {"wages", "payroll_costs"}};
    for (size_t i = 0; i < 2; i++) {
        if (kf_yaml_exists(kf_yaml_get(node, pairs[i][0])) &&
            !kf_yaml_exists(kf_yaml_get(node, pairs[i][1]))) {
            kf_yaml_fault_missing(node, reader->findings, pairs[i][1], "VARIABLE");
        }
    }
}

/* A correction for need takes at least one sector that has a cost key. */
static void check_need_correction(struct kf_edition_reader *reader, struct kf_yaml_node root,
                                  const struct kf_expenditure *expenditure)
{
    struct kf_yaml_node sectors = kf_yaml_get(root, "sectors");
    bool need = !expenditure->need_corrected;
    for (size_t s = 0; !need && s < kf_yaml_count(sectors); s++) {
        need = kf_yaml_exists(kf_yaml_get(kf_yaml_item(sectors, s), "need"));
    }
    if (!need) {
        struct kf_yaml_node node = kf_yaml_get(root, "expenditure");
        kf_yaml_fault(kf_yaml_get(node, "need_corrected"), reader->findings, "need_corrected",
                      "write false, or give the sectors a need", "no sector has a cost key");
    }
}

static void read_expenditure(struct kf_edition_reader *reader, struct kf_yaml_node root,
                             struct kf_edition *edition)
{
    struct kf_expenditure *expenditure = &edition->expenditure;
    *expenditure =
        (struct kf_expenditure){.given = "", .gross = "", .payroll_costs = "", .wages = ""};
    struct kf_yaml_node node = kf_yaml_get(root, "expenditure");
    if (!kf_yaml_exists(node)) {
        return;
    }
    kf_yaml_check_keys(node, expenditure_keys, reader->findings);
    if (!kf_yaml_is_map(node)) {
        return;
    }
    bool given = kf_yaml_exists(kf_yaml_get(node, "given"));
    expenditure->given = kf_edition_variable(reader, node, "given", false);
    expenditure->gross = kf_edition_variable(reader, node, "gross", !given);
    expenditure->payroll_costs = kf_edition_variable(reader, node, "payroll_costs", false);
    expenditure->wages = kf_edition_variable(reader, node, "wages", false);
    read_minus(reader, node, expenditure);
    (void)kf_yaml_get_flag(node, "need_corrected", !given, &expenditure->need_corrected,
                           reader->findings);
    check_expenditure(reader, node);
    check_need_correction(reader, root, expenditure);
}

static void read_change(struct kf_edition_reader *reader, struct kf_yaml_node root,
                        struct kf_change *change)
{
    *change = (struct kf_change){.production = "", .expenditure = ""};
    struct kf_yaml_node node = kf_yaml_get(root, "change");
    if (!kf_yaml_exists(node)) {
        return;
    }
    kf_yaml_check_keys(node, change_keys, reader->findings);
    if (!kf_yaml_is_map(node)) {
        return;
    }
    change->production = kf_edition_variable(reader, node, "production", true);
    change->expenditure = kf_edition_variable(reader, node, "expenditure", true);
    change->base = read_one_or_hundred(reader, node, "base");
}

/* --- the whole ------------------------------------------------------------------------------- */

static void read_edition(struct kf_edition_reader *reader, struct kf_yaml_node root,
                         struct kf_edition *edition)
{
    kf_yaml_check_keys(root, edition_keys, reader->findings);
    if (!kf_yaml_is_map(root)) {
        return;
    }
    edition->id = kf_edition_id(reader, root, "id");
    edition->title = kf_edition_name(reader, root, "title");
    edition->source = kf_edition_text(reader, root, "source");
    read_years(reader, root, edition);
    edition->structure_year = read_structure(reader, root);
    edition->scale = read_one_or_hundred(reader, root, "scale");
    edition->population = kf_edition_variable(reader, root, "population", true);
    edition->missing = read_missing(reader, root);
    read_group(reader, root, edition);
    kf_edition_read_sectors(reader, root, edition);
    read_expenditure(reader, root, edition);
    read_change(reader, root, &edition->change);
}

enum kf_err kf_edition_read(const char *path, const struct kf_variables *variables,
                            struct kf_arena *arena, struct kf_edition **edition,
                            struct kf_findings *findings, struct kf_error *err)
{
    struct kf_edition_reader reader = {arena, variables, findings, false};
    uint64_t before = kf_findings_count(findings);
    struct kf_yaml *yaml = NULL;
    char digest[KF_EDITION_DIGEST_SIZE];
    enum kf_err code = kf_yaml_read(path, KF_EDITION_BYTES_MAX, &yaml, digest, findings, err);
    if (code != KF_OK) {
        return code;
    }
    struct kf_edition *self = kf_edition_room(&reader, 1, sizeof *self);
    if (self) {
        memcpy(self->digest, digest, sizeof self->digest);
        read_edition(&reader, kf_yaml_root(yaml), self);
    }
    kf_yaml_destroy(&yaml);
    if (reader.failed) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the edition %s", path);
    }
    if (kf_findings_count(findings) > before) {
        return kf_error_set(err, KF_ERR_CONFIG, "%s has faults", path);
    }
    *edition = self;
    return KF_OK;
}
