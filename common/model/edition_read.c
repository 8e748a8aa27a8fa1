/* Editions from YAML: everything but the sectors. */
#include "common/model/edition_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"

#define KOSTRA_GROUP_BYTES_MAX 16
#define SPREAD_MAX             1.0

static const char *const edition_keys[] = {"extends",
                                           "id",
                                           "title",
                                           "source",
                                           "years",
                                           "structure",
                                           "scale",
                                           "population",
                                           "missing",
                                           "group",
                                           "reference",
                                           "normalization",
                                           "composition",
                                           "total",
                                           "sectors",
                                           "weights",
                                           "expenditure",
                                           "change",
                                           "deflators",
                                           "corrections",
                                           "publish",
                                           "need",
                                           "disposable_income",
                                           "demography",
                                           "unit_costs",
                                           "trial",
                                           "variables",
                                           "sources",
                                           NULL};
static const char *const years_keys[] = {"from", "to", NULL};
static const char *const group_keys[] = {"name", "municipalities", "except", NULL};
static const char *const references[] = {"group", "country", NULL};
static const char *const compositions[] = {"sum", "product", NULL};
static const char *const normalization_keys[] = {"standardized", NULL};
static const char *const members_keys[] = {"kostra_groups", NULL};

/* --- years and structure --------------------------------------------------------------------- */

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
        if (!kf_edition_is_year(item, &years[i])) {
            kf_edition_fault_year(reader, item, "years");
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
    both &= kf_yaml_get_whole(range, "to", false, years, &to, reader->findings);
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
    const char *word = kf_yaml_scalar(node);
    int year = 0;
    if (!kf_yaml_exists(node)) {
        kf_yaml_fault_missing(root, reader->findings, "structure", "data-year");
    } else if (word && strcmp(word, "today") == 0) {
        return KF_STRUCTURE_TODAY;
    } else if (!(word && strcmp(word, "data-year") == 0) && !kf_edition_is_year(node, &year)) {
        kf_yaml_fault(node, reader->findings, "structure",
                      "write data-year, today, or the year whose municipalities are compared",
                      "must be data-year, today or a year");
    }
    return year;
}

/* --- rules ----------------------------------------------------------------------------------- */

/* METHOD A8: the word mean, or {standardized: SPREAD}. */
static void read_normalization(struct kf_edition_reader *reader, struct kf_yaml_node root,
                               struct kf_edition *edition)
{
    struct kf_yaml_node node = kf_yaml_get(root, "normalization");
    edition->normalization = KF_NORMALIZE_MEAN;
    if (!kf_yaml_exists(node) || kf_text_equal(kf_yaml_scalar(node), "mean")) {
        return;
    }
    if (!kf_yaml_is_map(node)) {
        kf_yaml_fault(node, reader->findings, "normalization", "write mean or {standardized: 0.1}",
                      "is no way to normalise");
        return;
    }
    kf_yaml_check_keys(node, normalization_keys, reader->findings);
    edition->normalization = KF_NORMALIZE_STANDARDIZED;
    edition->spread = kf_edition_positive(reader, node, "standardized", SPREAD_MAX, SPREAD_MAX);
}

static void read_rules(struct kf_edition_reader *reader, struct kf_yaml_node root,
                       struct kf_edition *edition)
{
    edition->scale = kf_edition_one_or_hundred(reader, root, "scale");
    enum kf_missing_rule missing = kf_edition_missing(reader, root, true);
    edition->missing = missing ? missing : KF_MISSING_MINIMUM;
    int reference = kf_edition_word(reader, root, "reference", references, false);
    edition->reference = reference ? (enum kf_reference)reference : KF_REFERENCE_GROUP;
    int composition = kf_edition_word(reader, root, "composition", compositions, false);
    edition->composition = composition ? (enum kf_composition)composition : KF_COMPOSE_SUM;
    read_normalization(reader, root, edition);
}

/* --- group ----------------------------------------------------------------------------------- */

static bool is_code(const char *text)
{
    return text && strlen(text) == KF_MUNICIPALITY_SIZE - 1 &&
           strspn(text, "0123456789") == KF_MUNICIPALITY_SIZE - 1;
}

static const char *read_code(struct kf_edition_reader *reader, struct kf_yaml_node item,
                             const char *key)
{
    const char *text = kf_yaml_scalar(item);
    if (is_code(text)) {
        return kf_edition_keep(reader, text);
    }
    char remedy[64] = "write four digits in quotes, \"0301\"";
    unsigned long number = 0;
    if (text && kf_text_to_unsigned(text, strlen(text), KF_CODES - 1, &number)) {
        (void)snprintf(remedy, sizeof remedy, "write four digits in quotes, \"%04lu\"", number);
    }
    kf_yaml_fault(item, reader->findings, key, remedy, "is not a municipality code");
    return "";
}

static const char *read_kostra_group(struct kf_edition_reader *reader, struct kf_yaml_node item,
                                     const char *key)
{
    const char *text = kf_yaml_scalar(item);
    size_t length = text ? strlen(text) : 0;
    if (length > 0 && length <= KOSTRA_GROUP_BYTES_MAX &&
        strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == length) {
        return kf_edition_keep(reader, text);
    }
    kf_yaml_fault(item, reader->findings, key, "write the group's number in quotes, \"13\"",
                  "is not a KOSTRA group");
    return "";
}

/* A code or a group, and where it stands. */
struct item {
    const char *text;
    uint64_t line;
};

static int compare_items(const void *left, const void *right)
{
    const struct item *a = left;
    const struct item *b = right;
    return strcmp(a->text, b->text);
}

/* Two codes or groups that are the same would count twice. */
static void check_given_once(struct kf_edition_reader *reader, struct kf_yaml_node list, size_t i,
                             const struct item *items, const char *key)
{
    for (size_t j = 0; j < i; j++) {
        if (items[i].text[0] && strcmp(items[i].text, items[j].text) == 0) {
            kf_yaml_fault_format(kf_yaml_item(list, i), reader->findings, key,
                                 "remove one of the two", "is on line %llu already",
                                 (unsigned long long)items[j].line);
        }
    }
}

typedef const char *(*read_text)(struct kf_edition_reader *reader, struct kf_yaml_node item,
                                 const char *key);

/* A list that may be told by line. */
struct listing {
    const char **texts; /* ascending */
    size_t count;
    struct kf_listed at;
};

static struct listing keep_items(struct kf_edition_reader *reader, const struct item *items,
                                 size_t count, const char *file)
{
    const char **texts = kf_edition_room(reader, count, sizeof *texts);
    uint64_t *lines = kf_edition_room(reader, count, sizeof *lines);
    if (!texts || !lines) {
        return (struct listing){.count = 0};
    }
    for (size_t i = 0; i < count; i++) {
        texts[i] = items[i].text;
        lines[i] = items[i].line;
    }
    return (struct listing){texts, count, {kf_edition_keep(reader, file), lines}};
}

/* A list of codes or groups, ascending, each once. */
static struct listing read_texts(struct kf_edition_reader *reader, struct kf_yaml_node list,
                                 const char *key, read_text read)
{
    size_t count = kf_yaml_count(list);
    struct item *items = kf_edition_room(reader, count, sizeof *items);
    for (size_t i = 0; items && i < count; i++) {
        struct kf_yaml_node item = kf_yaml_item(list, i);
        items[i] = (struct item){read(reader, item, key), kf_yaml_line(item)};
        check_given_once(reader, list, i, items, key);
    }
    if (!items || count == 0) {
        return (struct listing){.count = 0};
    }
    qsort(items, count, sizeof *items, compare_items);
    return keep_items(reader, items, count, kf_yaml_file(kf_yaml_item(list, 0)));
}

const char **kf_edition_codes(struct kf_edition_reader *reader, struct kf_yaml_node map,
                              const char *key, size_t maximum, size_t *count, struct kf_listed *at)
{
    struct kf_yaml_node list = kf_edition_list(reader, map, key, 1, maximum);
    struct listing codes = read_texts(reader, list, key, read_code);
    *count = codes.count;
    *at = codes.at;
    return codes.texts;
}

/* True unless the edition is unit costs and a trial alone, of which nothing is per inhabitant. */
static bool needs_population(struct kf_yaml_node root)
{
    static const char *const others[] = {"sectors",     "demography", "total", "expenditure",
                                         "corrections", "change",     "need",  "disposable_income"};
    bool any = false;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        any = any || kf_yaml_exists(kf_yaml_get(root, others[i]));
    }
    return any || !(kf_yaml_exists(kf_yaml_get(root, "unit_costs")) ||
                    kf_yaml_exists(kf_yaml_get(root, "trial")));
}

static void read_members(struct kf_edition_reader *reader, struct kf_yaml_node group,
                         struct kf_edition *edition)
{
    struct kf_yaml_node node = kf_yaml_get(group, "municipalities");
    if (kf_text_equal(kf_yaml_scalar(node), "all")) {
        return;
    }
    if (kf_yaml_is_map(node)) {
        kf_yaml_check_keys(node, members_keys, reader->findings);
        struct kf_yaml_node list =
            kf_edition_list(reader, node, "kostra_groups", 1, KF_KOSTRA_GROUPS_MAX);
        struct listing groups = read_texts(reader, list, "kostra_groups", read_kostra_group);
        edition->kostra_groups = groups.texts;
        edition->kostra_groups_len = groups.count;
        edition->kostra_groups_at = groups.at;
        return;
    }
    size_t fewest = needs_population(reader->root) ? 2 : 1; /* an index is relative to a group */
    struct kf_yaml_node list =
        kf_edition_list(reader, group, "municipalities", fewest, KF_GROUP_MAX);
    struct listing members = read_texts(reader, list, "municipalities", read_code);
    edition->members = members.texts;
    edition->members_len = members.count;
    edition->members_at = members.at;
}

/* Who is left out of all, or of KOSTRA groups. A nearer list of municipalities replaces it. */
static void read_excluded(struct kf_edition_reader *reader, struct kf_yaml_node group,
                          struct kf_edition *edition)
{
    struct kf_yaml_node node = kf_yaml_get(group, "except");
    struct kf_yaml_node members = kf_yaml_get(group, "municipalities");
    if (!kf_yaml_exists(node)) {
        return;
    }
    if (kf_yaml_is_list(members)) {
        if (kf_yaml_level(node) <= kf_yaml_level(members)) {
            kf_yaml_fault(node, reader->findings, "except",
                          "take the codes out of the list of municipalities",
                          "goes with all and with KOSTRA groups, not with a list");
        }
        return;
    }
    edition->excluded = kf_edition_codes(reader, group, "except", KF_GROUP_MAX,
                                         &edition->excluded_len, &edition->excluded_at);
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
        read_excluded(reader, group, edition);
    }
}

/* --- the whole ------------------------------------------------------------------------------- */

/* What an edition is called is never inherited. */
static void read_identity(struct kf_edition_reader *reader, struct kf_yaml_node root,
                          struct kf_edition *edition)
{
    struct kf_yaml_node id = kf_yaml_get(root, "id");
    if (kf_yaml_level(id) > 0) {
        kf_yaml_fault_missing(root, reader->findings, "id", "the name of the file");
    }
    edition->id = kf_edition_id(reader, root, "id");
    struct kf_yaml_node extends = kf_yaml_get(root, "extends");
    bool own = kf_yaml_exists(extends) && kf_yaml_level(extends) == 0;
    edition->extends = kf_edition_keep(reader, own ? kf_yaml_scalar(extends) : "");
    edition->title = kf_edition_name(reader, root, "title");
    edition->source = kf_edition_text(reader, root, "source");
}

static void read_edition(struct kf_edition_reader *reader, struct kf_edition *edition)
{
    struct kf_yaml_node root = reader->root;
    kf_yaml_check_keys(root, edition_keys, reader->findings);
    if (!kf_yaml_is_map(root)) {
        return;
    }
    read_identity(reader, root, edition);
    read_years(reader, root, edition);
    edition->structure_year = read_structure(reader, root);
    edition->population = kf_edition_variable(reader, root, "population", needs_population(root));
    read_rules(reader, root, edition);
    edition->given_total = kf_edition_variable(reader, root, "total", false);
    edition->weighting.closure = KF_CLOSURE_NONE;
    edition->publish = true;
    (void)kf_yaml_get_flag(root, "publish", false, &edition->publish, reader->findings);
    read_group(reader, root, edition);
    kf_edition_read_corrections(reader, edition);
    kf_edition_read_needs(reader, edition);
    kf_edition_read_sectors(reader, edition);
    kf_edition_read_income(reader, edition);
    kf_edition_read_demography(reader, edition);
    kf_edition_read_unit_costs(reader, edition);
    kf_edition_read_trial(reader, edition);
    kf_edition_read_expenditure(reader, root, NULL, &edition->expenditure);
    kf_edition_read_change(reader, edition);
    kf_edition_read_sources(reader, edition);
}

enum kf_err kf_edition_read(const char *path, const struct kf_variables *variables,
                            struct kf_arena *arena, struct kf_edition **edition,
                            struct kf_findings *findings, struct kf_error *err)
{
    struct kf_edition_source source = {.path = path, .variables = variables};
    return kf_edition_read_from(&source, arena, edition, findings, err);
}

enum kf_err kf_edition_read_from(const struct kf_edition_source *source, struct kf_arena *arena,
                                 struct kf_edition **edition, struct kf_findings *findings,
                                 struct kf_error *err)
{
    struct kf_edition_reader reader = {
        .arena = arena, .variables = source->variables, .findings = findings};
    uint64_t before = kf_findings_count(findings);
    struct kf_edition_chain chain;
    struct kf_edition *self = NULL;
    enum kf_err code = kf_edition_chain_read(source->path, source->folder, &chain, findings, err);
    if (code != KF_OK) {
        goto out;
    }
    self = kf_edition_room(&reader, 1, sizeof *self);
    if (self) {
        reader.root = kf_edition_chain_root(&chain);
        kf_edition_chain_digest(&chain, self->digest);
        read_edition(&reader, self);
    }
    if (reader.failed) {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory for the edition %s", source->path);
    } else if (kf_findings_count(findings) > before) {
        code = kf_error_set(err, KF_ERR_CONFIG, "%s has faults", source->path);
    } else {
        *edition = self;
    }
out:
    kf_edition_chain_clear(&chain);
    return code;
}
