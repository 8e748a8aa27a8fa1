#include "common/model/account.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/memory.h"
#include "common/base/text.h"
#include "common/model/register_csv.h"

#define HEADER     "year,to,from,sign"
#define COLUMNS    4
#define ROWS_MAX   ((size_t)100000)
#define NAME_SIZE  64
#define DEPTH_MAX  24
#define STEPS_MAX  ((size_t)100000) /* of one expansion */
#define YEARS_MAX  ((size_t)100)
#define WEIGHT_MAX 9 /* of a code in one entry of a definition */
#define PATH_SIZE  4096
#define NONE       SIZE_MAX
#define COPY       "COPY"

const char *const kf_account_scopes[] = {"kasse", "saerbedrift", "konsern"};

enum rule { FUNCTIONS, ARTS, NETTING_TREASURY, NETTING_UNDERTAKINGS, RULES };

static const char *const rule_files[RULES] = {"functions.csv", "arts.csv", "netting_treasury.csv",
                                              "netting_undertakings.csv"};

/* One row: `from` is a part of `to`. */
struct part {
    char to[NAME_SIZE];
    char from[NAME_SIZE];
    size_t below; /* the first part of `from` in the same hierarchy; NONE: it has none */
    uint64_t line;
    uint16_t year;
    int8_t sign;
};

struct hierarchy {
    struct part *parts; /* by year, to, from */
    size_t count;
    size_t room;
};

struct year {
    int year;
    bool known[2][KF_ACCOUNT_CODES]; /* functions and arts */
};

struct kf_accounts {
    struct hierarchy rules[RULES];
    struct year *years; /* ascending */
    size_t years_len;
};

/* --- reading --------------------------------------------------------------------------------- */

/* Letters, digits and underscores. */
static bool read_name(const struct kf_register_csv *csv, const char *column,
                      const struct kf_field *field, char name[NAME_SIZE])
{
    static const char fit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
    bool sound = field->length > 0 && field->length < NAME_SIZE;
    for (size_t i = 0; sound && i < field->length; i++) {
        sound = field->text[i] != '\0' && strchr(fit, field->text[i]) != NULL;
    }
    if (!sound) {
        kf_register_csv_tell(csv, column, field,
                             "write letters, digits and underscores, at most 63",
                             "is no function, art or concept");
        return false;
    }
    memcpy(name, field->text, field->length);
    name[field->length] = '\0';
    return true;
}

static bool read_sign(const struct kf_register_csv *csv, const struct kf_field *field, int8_t *sign)
{
    bool plus = field->length == 1 && field->text[0] == '+';
    bool minus = field->length == 1 && field->text[0] == '-';
    if (!plus && !minus) {
        kf_register_csv_tell(csv, "sign", field, "write + or -", "is no sign");
        return false;
    }
    *sign = plus ? 1 : -1;
    return true;
}

static enum kf_err no_memory(const char *path, struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_MEMORY, "no memory for the accounts of %s", path);
}

static enum kf_err take_row(struct kf_register_csv *csv, const struct kf_field *fields,
                            void *context)
{
    struct hierarchy *self = context;
    struct part part = {.below = NONE, .line = csv->line};
    int year = 0;
    bool sound = kf_register_csv_year(csv, "year", &fields[0], &year);
    sound = read_name(csv, "to", &fields[1], part.to) && sound;
    sound = read_name(csv, "from", &fields[2], part.from) && sound;
    if (!read_sign(csv, &fields[3], &part.sign) || !sound) {
        return KF_OK;
    }
    part.year = (uint16_t)year;
    if (self->count == self->room) {
        size_t room = self->room ? self->room * 2 : 512;
        struct part *grown = kf_realloc(self->parts, room * sizeof *grown);
        if (!grown) {
            return no_memory(csv->path, csv->err);
        }
        self->parts = grown;
        self->room = room;
    }
    self->parts[self->count++] = part;
    return KF_OK;
}

static int compare_concepts(const struct part *a, const struct part *b)
{
    return a->year != b->year ? (a->year > b->year) - (a->year < b->year) : strcmp(a->to, b->to);
}

static int compare_parts(const void *left, const void *right)
{
    int order = compare_concepts(left, right);
    return order ? order
                 : strcmp(((const struct part *)left)->from, ((const struct part *)right)->from);
}

/* The first part of `to` in `year`, or NONE. */
static size_t first_part(const struct hierarchy *self, int year, const char *to)
{
    struct part wanted = {.year = (uint16_t)year};
    size_t length = strlen(to);
    if (length >= sizeof wanted.to) {
        return NONE; /* longer than any name there */
    }
    memcpy(wanted.to, to, length);
    size_t low = 0;
    size_t high = self->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_concepts(&self->parts[middle], &wanted) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < self->count && compare_concepts(&self->parts[low], &wanted) == 0 ? low : NONE;
}

/* True when part `i` belongs to the concept of part `first`. */
static bool same_concept(const struct hierarchy *self, size_t first, size_t i)
{
    return i < self->count && compare_concepts(&self->parts[first], &self->parts[i]) == 0;
}

static void tell_part(const struct kf_register_csv *csv, const struct part *part,
                      const char *remedy, const char *problem)
{
    struct kf_place place = {.file = csv->path, .line = part->line, .variable = part->to};
    kf_findings_add(csv->findings, &place, remedy, "%s", problem);
}

/* --- expanding ------------------------------------------------------------------------------- */

/* An expansion under way. */
struct expansion {
    const struct kf_accounts *accounts;
    int year;
    int sums[KF_ACCOUNT_CODES];
    size_t steps;
};

/* A code of one to three digits, or KF_ACCOUNT_CODES for anything else. */
static unsigned code_of(const char *name)
{
    unsigned long code = 0;
    size_t length = strlen(name);
    return length <= 3 && kf_text_to_unsigned(name, length, KF_ACCOUNT_CODES - 1, &code)
               ? (unsigned)code
               : KF_ACCOUNT_CODES;
}

/* Adds the parts that begin at `first`. False when there is no end to them. */
static bool add_parts(struct expansion *self, const struct hierarchy *rule, size_t first, int sign,
                      unsigned depth)
{
    if (depth > DEPTH_MAX) {
        return false;
    }
    for (size_t i = first; same_concept(rule, first, i); i++) {
        const struct part *part = &rule->parts[i];
        unsigned code = code_of(part->from);
        if (++self->steps > STEPS_MAX) {
            return false;
        }
        if (code < KF_ACCOUNT_CODES) {
            self->sums[code] += sign * part->sign;
        } else if (part->below != NONE &&
                   !add_parts(self, rule, part->below, sign * part->sign, depth + 1)) {
            return false;
        }
    }
    return true;
}

/* Adds a code or concept by its name. False when the year does not have it. */
static bool add_name(struct expansion *self, enum rule which, const char *name, int sign)
{
    const struct hierarchy *rule = &self->accounts->rules[which];
    unsigned code = code_of(name);
    if (code < KF_ACCOUNT_CODES) {
        self->sums[code] += sign;
        return which == FUNCTIONS ? kf_accounts_have_function(self->accounts, self->year, code)
                                  : kf_accounts_have_art(self->accounts, self->year, code);
    }
    size_t first = first_part(rule, self->year, name);
    return first != NONE && add_parts(self, rule, first, sign, 0);
}

/* Adds the netting of a concept; nothing when it has none. */
static bool add_netting(struct expansion *self, enum rule which, const char *name, int sign,
                        unsigned depth)
{
    const struct hierarchy *netting = &self->accounts->rules[which];
    const struct hierarchy *arts = &self->accounts->rules[ARTS];
    size_t first = first_part(netting, self->year, name);
    bool sound = depth <= DEPTH_MAX;
    for (size_t i = first; sound && first != NONE && same_concept(netting, first, i); i++) {
        const struct part *part = &netting->parts[i];
        if (++self->steps > STEPS_MAX) {
            return false;
        }
        if (strcmp(part->from, COPY) != 0) {
            bool own = first_part(netting, self->year, part->from) != NONE;
            sound = own ? add_netting(self, which, part->from, sign * part->sign, depth + 1)
                        : add_name(self, ARTS, part->from, sign * part->sign);
            continue;
        }
        size_t copied = first_part(arts, self->year, name);
        for (size_t k = copied; sound && copied != NONE && same_concept(arts, copied, k); k++) {
            const struct part *below = &arts->parts[k];
            sound = ++self->steps <= STEPS_MAX &&
                    add_netting(self, which, below->from, sign * below->sign, depth + 1);
        }
    }
    return sound;
}

/* --- what is wrong with the registers -------------------------------------------------------- */

static void link_parts(struct hierarchy *self)
{
    for (size_t i = 0; i < self->count; i++) {
        struct part *part = &self->parts[i];
        part->below = first_part(self, part->year, part->from);
    }
}

static void finish(struct kf_register_csv *csv, void *context)
{
    struct hierarchy *self = context;
    if (self->count > 0) {
        qsort(self->parts, self->count, sizeof *self->parts, compare_parts);
    }
    link_parts(self);
    for (size_t i = 0; i < self->count; i++) {
        const struct part *part = &self->parts[i];
        if (i > 0 && compare_parts(&self->parts[i - 1], part) == 0) {
            tell_part(csv, part, "keep one of the two rows", "has this part in another row, too");
        }
        if (code_of(part->to) < KF_ACCOUNT_CODES) {
            tell_part(csv, part, "give the concept a name with a letter",
                      "is a code: it has no parts");
        }
        bool first = i == 0 || compare_concepts(&self->parts[i - 1], part) != 0;
        struct expansion expansion = {.year = part->year};
        if (first && !add_parts(&expansion, self, i, 1, 0)) {
            tell_part(csv, part, "take one of the rows out",
                      "is a part of itself, or of too many concepts");
        }
    }
}

static enum kf_err read_rule(struct kf_accounts *self, const char *folder, enum rule which,
                             struct kf_findings *findings, struct kf_error *err)
{
    char path[PATH_SIZE];
    int length = snprintf(path, sizeof path, "%s/%s", folder, rule_files[which]);
    if (length < 0 || (size_t)length >= sizeof path) {
        return kf_error_set(err, KF_ERR_CONFIG, "%s: the path is too long", folder);
    }
    struct kf_register_csv csv = {.path = path,
                                  .header = HEADER,
                                  .columns = COLUMNS,
                                  .rows_max = ROWS_MAX,
                                  .findings = findings,
                                  .err = err,
                                  .take = take_row,
                                  .finish = finish,
                                  .context = &self->rules[which]};
    uint64_t before = kf_findings_count(findings);
    enum kf_err code = kf_register_csv_read(&csv);
    if (code == KF_ERR_IO && kf_findings_count(findings) == before) {
        kf_findings_add(findings, &(struct kf_place){.file = path}, "put a readable file there",
                        "cannot be read");
        return kf_error_set(err, KF_ERR_CONFIG, "%s: cannot be read", path);
    }
    return code;
}

/* --- years ----------------------------------------------------------------------------------- */

static const struct year *find_year(const struct kf_accounts *self, int year)
{
    for (size_t i = 0; i < self->years_len; i++) {
        if (self->years[i].year == year) {
            return &self->years[i];
        }
    }
    return NULL;
}

/* A year has hierarchies when it has arts; the codes below them are those that it knows. */
static enum kf_err find_years(struct kf_accounts *self, const char *folder, struct kf_error *err)
{
    self->years = kf_calloc(YEARS_MAX, sizeof *self->years);
    if (!self->years) {
        return no_memory(folder, err);
    }
    for (size_t which = ARTS + 1; which-- > FUNCTIONS;) {
        const struct hierarchy *rule = &self->rules[which];
        size_t at = 0;
        for (size_t i = 0; i < rule->count; i++) {
            const struct part *part = &rule->parts[i];
            while (at < self->years_len && self->years[at].year < part->year) {
                at++;
            }
            if (at == self->years_len && which == ARTS && self->years_len < YEARS_MAX) {
                self->years[self->years_len++].year = part->year;
            }
            unsigned code = code_of(part->from);
            if (code < KF_ACCOUNT_CODES && at < self->years_len &&
                self->years[at].year == part->year) {
                self->years[at].known[which][code] = true;
            }
        }
    }
    return KF_OK;
}

int kf_accounts_year(const struct kf_accounts *self, int year)
{
    int found = 0;
    for (size_t i = 0; i < self->years_len && self->years[i].year <= year; i++) {
        found = self->years[i].year;
    }
    return found;
}

static bool knows(const struct kf_accounts *self, enum rule which, int year, unsigned code)
{
    const struct year *found = find_year(self, year);
    return found && code < KF_ACCOUNT_CODES && found->known[which][code];
}

bool kf_accounts_have_function(const struct kf_accounts *self, int year, unsigned function)
{
    return knows(self, FUNCTIONS, year, function);
}

bool kf_accounts_have_art(const struct kf_accounts *self, int year, unsigned art)
{
    return knows(self, ARTS, year, art);
}

/* --- definitions ----------------------------------------------------------------------------- */

/* Adds what one entry of a definition is. False when an earlier entry had one of its codes, or a
 * code counts beyond all measure. */
static bool take_entry(const struct expansion *entry, int8_t weights[KF_ACCOUNT_CODES])
{
    for (size_t i = 0; i < KF_ACCOUNT_CODES; i++) {
        if (entry->sums[i] != 0 && (weights[i] != 0 || abs(entry->sums[i]) > WEIGHT_MAX)) {
            return false;
        }
        weights[i] = (int8_t)(weights[i] + entry->sums[i]);
    }
    return true;
}

/* The arts of the definition's concepts, as they count in lines of the scope. */
static bool expand_arts(const struct kf_accounts *self, int year, const struct kf_account *account,
                        enum kf_account_scope scope, int8_t weights[KF_ACCOUNT_CODES])
{
    enum rule netting = scope == KF_ACCOUNT_TREASURY ? NETTING_TREASURY : NETTING_UNDERTAKINGS;
    bool sound = true;
    for (size_t i = 0; sound && i < account->arts_len; i++) {
        struct expansion entry = {.accounts = self, .year = year};
        sound = add_name(&entry, ARTS, account->arts[i], 1) &&
                (account->scope != KF_ACCOUNT_GROUP ||
                 add_netting(&entry, netting, account->arts[i], 1, 0)) &&
                take_entry(&entry, weights);
    }
    return sound;
}

bool kf_accounts_expand(const struct kf_accounts *self, int year, const struct kf_account *account,
                        struct kf_account_weights *weights)
{
    bool sound = true;
    memset(weights, 0, sizeof *weights);
    for (size_t i = 0; sound && i < account->functions_len; i++) {
        struct expansion entry = {.accounts = self, .year = year};
        sound = add_name(&entry, FUNCTIONS, account->functions[i], 1) &&
                take_entry(&entry, weights->functions);
    }
    sound = sound && expand_arts(self, year, account, KF_ACCOUNT_TREASURY,
                                 weights->arts[KF_ACCOUNT_TREASURY]);
    return sound && (account->scope == KF_ACCOUNT_TREASURY ||
                     expand_arts(self, year, account, KF_ACCOUNT_UNDERTAKINGS,
                                 weights->arts[KF_ACCOUNT_UNDERTAKINGS]));
}

static bool is_known(const struct kf_accounts *self, enum rule which, const char *name)
{
    for (size_t i = 0; i < self->years_len; i++) {
        struct expansion expansion = {.accounts = self, .year = self->years[i].year};
        if (add_name(&expansion, which, name, 1)) {
            return true;
        }
    }
    return false;
}

static void check_names(const struct kf_accounts *self, const struct kf_variable *variable,
                        enum rule which, struct kf_findings *findings)
{
    const struct kf_account *account = variable->account;
    const char *const *names = which == FUNCTIONS ? account->functions : account->arts;
    size_t count = which == FUNCTIONS ? account->functions_len : account->arts_len;
    struct kf_place place = {
        .file = account->file, .line = account->line, .variable = variable->id};
    for (size_t i = 0; i < count; i++) {
        if (!is_known(self, which, names[i])) {
            place.cell = names[i];
            kf_findings_add(
                findings, &place,
                which == FUNCTIONS ? "write a group or function of accounts/functions.csv"
                                   : "write a concept or art of accounts/arts.csv",
                "no year's hierarchies have this %s", which == FUNCTIONS ? "function" : "art");
        }
    }
}

static void check_variable(const struct kf_accounts *self, const struct kf_variable *variable,
                           struct kf_findings *findings)
{
    const struct kf_account *account = variable->account;
    uint64_t before = kf_findings_count(findings);
    struct kf_account_weights weights;
    bool sound = false;
    check_names(self, variable, FUNCTIONS, findings);
    check_names(self, variable, ARTS, findings);
    for (size_t i = 0; i < self->years_len && !sound; i++) {
        sound = kf_accounts_expand(self, self->years[i].year, account, &weights);
    }
    if (!sound && kf_findings_count(findings) == before) {
        struct kf_place place = {
            .file = account->file, .line = account->line, .variable = variable->id};
        kf_findings_add(findings, &place, "name each function and art once",
                        "the account counts a function or art more than once");
    }
}

void kf_accounts_check(const struct kf_accounts *self, const struct kf_variables *variables,
                       struct kf_findings *findings)
{
    size_t count = 0;
    const struct kf_variable *all = kf_variables_all(variables, &count);
    for (size_t i = 0; i < count; i++) {
        if (all[i].account) {
            check_variable(self, &all[i], findings);
        }
    }
}

/* --- life ------------------------------------------------------------------------------------ */

enum kf_err kf_accounts_read(const char *folder, struct kf_accounts **accounts,
                             struct kf_findings *findings, struct kf_error *err)
{
    struct kf_accounts *self = kf_calloc(1, sizeof *self);
    if (!self) {
        return no_memory(folder, err);
    }
    enum kf_err worst = KF_OK;
    for (size_t which = 0; which < RULES; which++) {
        enum kf_err code = read_rule(self, folder, (enum rule)which, findings, err);
        worst = worst == KF_OK || code == KF_ERR_MEMORY ? code : worst;
    }
    if (worst == KF_OK) {
        worst = find_years(self, folder, err);
    }
    if (worst != KF_OK) {
        kf_accounts_destroy(&self);
        return worst;
    }
    *accounts = self;
    return KF_OK;
}

void kf_accounts_destroy(struct kf_accounts **self)
{
    if (self && *self) {
        for (size_t which = 0; which < RULES; which++) {
            kf_free((*self)->rules[which].parts);
        }
        kf_free((*self)->years);
        kf_free(*self);
        *self = NULL;
    }
}
