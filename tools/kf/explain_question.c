#include "tools/kf/explain_question.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/findings.h"
#include "common/base/memory.h"
#include "tools/kf/explain_build.h"
#include "tools/kf/places.h"

#define TOLD_MAX  1000 /* names in a list of what may be given */
#define WHAT_SIZE 256

#define MEMBERS_TOLD_MAX 40 /* of a larger group only the first and the last are told */

/* Names that may be given, in the order in which they were added. */
struct names {
    const char **list;
    size_t count;
    size_t room;
};

static enum kf_err names_new(size_t room, struct names *names, struct kf_error *err)
{
    *names = (struct names){.list = kf_calloc(room ? room : 1, sizeof *names->list), .room = room};
    return names->list ? KF_OK : kf_error_set(err, KF_ERR_MEMORY, "no memory for a list of names");
}

static void add_name(struct names *names, const char *name)
{
    if (names->count < names->room) {
        names->list[names->count++] = name;
    }
}

/* A name and where it stood. */
struct place {
    const char *name;
    size_t at;
};

static int by_position(const void *a, const void *b)
{
    const struct place *left = a;
    const struct place *right = b;
    return (left->at > right->at) - (left->at < right->at);
}

static int by_name(const void *a, const void *b)
{
    const struct place *left = a;
    const struct place *right = b;
    int order = strcmp(left->name, right->name);
    return order ? order : by_position(a, b);
}

/* Leaves each name once, where it stood first. */
static enum kf_err leave_once(struct names *names, struct kf_error *err)
{
    struct place *places = kf_calloc(names->count + 1, sizeof *places);
    if (!places) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a list of names");
    }
    for (size_t i = 0; i < names->count; i++) {
        places[i] = (struct place){names->list[i], i};
    }
    qsort(places, names->count, sizeof *places, by_name);
    size_t once = 0;
    for (size_t i = 0; i < names->count; i++) {
        if (once == 0 || strcmp(places[once - 1].name, places[i].name) != 0) {
            places[once++] = places[i];
        }
    }
    qsort(places, once, sizeof *places, by_position);
    for (size_t i = 0; i < once; i++) {
        names->list[i] = places[i].name;
    }
    names->count = once;
    kf_free(places);
    return KF_OK;
}

static const char *name_of(const struct kf_explain_options *options, const char *code)
{
    const struct kf_municipality *found =
        options->catalogue ? kf_municipalities_ever(options->catalogue->municipalities, code)
                           : NULL;
    return found ? found->name : "";
}

/* Tells in the options' text what may be given for `option`. */
static void tell_choice(const struct kf_explain_options *options, const struct names *names,
                        const char *option)
{
    if (!options->choice) {
        return;
    }
    kf_text_add_format(options->choice, "--%s can be:", option);
    for (size_t i = 0; i < names->count && i < TOLD_MAX; i++) {
        const char *name = names->list[i];
        const char *full = strcmp(option, "municipality") == 0 ? name_of(options, name) : "";
        kf_text_add_format(options->choice, "%s%s%s%s", i ? ", " : " ",
                           name[0] ? name : "(left out)", full[0] ? " " : "", full);
    }
    if (names->count > TOLD_MAX) {
        kf_text_add_format(options->choice, " and %zu more", names->count - TOLD_MAX);
    }
    kf_text_add_char(options->choice, '\n');
}

/* A country is not told in full. */
static void tell_members(const struct kf_explain_options *options)
{
    const struct kf_panel *panel = options->panel;
    const char *first = panel->members[0];
    const char *last = panel->members[panel->members_len - 1];
    if (options->choice) {
        kf_text_add_format(options->choice,
                           "--municipality can be the code of any of %zu members, %s %s to %s %s\n",
                           panel->members_len, first, name_of(options, first), last,
                           name_of(options, last));
    }
}

/* `what` is wrong: the nearest name goes into the error, all of them into the options' text. */
static enum kf_err refuse(const struct kf_explain_options *options, const struct names *names,
                          const char *option, const char *given, const char *what,
                          struct kf_error *err)
{
    const char *meant = given ? kf_findings_suggest(given, names->list, names->count) : NULL;
    bool members = strcmp(option, "municipality") == 0;
    if (members && names->count > MEMBERS_TOLD_MAX) {
        meant = NULL; /* a code that looks alike is a guess among hundreds */
        tell_members(options);
    } else {
        tell_choice(options, names, option);
    }
    return kf_error_set(err, KF_ERR_CONFIG, "%s%s%s%s", what, meant ? "; did you mean " : "",
                        meant ? meant : "", meant ? "?" : "");
}

/* --- numbers that fit ------------------------------------------------------------------------ */

/* What is asked for; NULL is anything. */
struct wanted {
    const char *measure;
    const char *sector;
    const char *indicator;
    const char *topic;
};

static bool fits(const struct kf_result *result, const struct wanted *wanted)
{
    return (!wanted->measure || strcmp(result->measure, wanted->measure) == 0) &&
           (!wanted->topic || strcmp(kf_topic_name(result->topic), wanted->topic) == 0) &&
           (!wanted->sector || strcmp(result->sector, wanted->sector) == 0) &&
           (!wanted->indicator || strcmp(result->indicator, wanted->indicator) == 0);
}

/* How many results fit; the last of them in `found`. */
static size_t count_fitting(const struct kf_panel *panel, const struct wanted *wanted,
                            const struct kf_result **found)
{
    size_t count = 0;
    for (size_t i = 0; i < panel->results_len; i++) {
        if (fits(&panel->results[i], wanted)) {
            *found = &panel->results[i];
            count++;
        }
    }
    return count;
}

enum part { MEASURE, SECTOR, INDICATOR, TOPIC };

static const char *const part_names[] = {"measure", "sector", "indicator", "topic"};

static const char *part_of(const struct kf_result *result, enum part part)
{
    const char *const parts[] = {result->measure, result->sector, result->indicator,
                                 kf_topic_name(result->topic)};
    return parts[part];
}

/* The names that `part` has among the results that fit; every result when `wanted` is NULL. The
 * caller frees the list. */
static enum kf_err list_names(const struct kf_panel *panel, const struct wanted *wanted,
                              enum part part, struct names *names, struct kf_error *err)
{
    enum kf_err code = names_new(panel->results_len, names, err);
    for (size_t i = 0; code == KF_OK && i < panel->results_len; i++) {
        if (!wanted || fits(&panel->results[i], wanted)) {
            add_name(names, part_of(&panel->results[i], part));
        }
    }
    return code == KF_OK ? leave_once(names, err) : code;
}

/* What is refused: of which results the names are listed, and what was given of `part`. */
struct refusal {
    const struct wanted *wanted;
    enum part part;
    const char *given;
};

static enum kf_err refuse_part(const struct kf_explain_options *options,
                               const struct refusal *refusal, const char *what,
                               struct kf_error *err)
{
    struct names names = {NULL, 0, 0};
    enum kf_err code = list_names(options->panel, refusal->wanted, refusal->part, &names, err);
    if (code == KF_OK) {
        code = refuse(options, &names, part_names[refusal->part], refusal->given, what, err);
    }
    kf_free(names.list);
    return code;
}

/* True when some number is of the topic that is asked for, if any is. */
static bool has_topic(const struct kf_panel *panel, const char *topic)
{
    for (size_t i = 0; topic && i < panel->results_len; i++) {
        if (strcmp(kf_topic_name(panel->results[i].topic), topic) == 0) {
            return true;
        }
    }
    return !topic;
}

static enum kf_err no_topic(const struct kf_explain_options *options, const struct wanted *exact,
                            struct kf_error *err)
{
    char what[WHAT_SIZE];
    const struct refusal refusal = {NULL, TOPIC, exact->topic};
    (void)snprintf(what, sizeof what, "%s %d has nothing on topic %s", options->panel->edition->id,
                   options->panel->year, exact->topic);
    return refuse_part(options, &refusal, what, err);
}

static enum kf_err no_measure(const struct kf_explain_options *options, const struct wanted *exact,
                              struct kf_error *err)
{
    char what[WHAT_SIZE];
    const struct wanted any = {.topic = exact->topic};
    const struct refusal refusal = {&any, MEASURE, exact->measure};
    if (!has_topic(options->panel, exact->topic)) {
        return no_topic(options, exact, err);
    }
    (void)snprintf(what, sizeof what, "%s %d has no measure %s", options->panel->edition->id,
                   options->panel->year, exact->measure);
    return refuse_part(options, &refusal, what, err);
}

/* The measure is there, but not for this sector. */
static enum kf_err no_sector(const struct kf_explain_options *options, const struct wanted *exact,
                             struct kf_error *err)
{
    char what[WHAT_SIZE];
    const char *given = options->question.sector;
    const struct wanted measure = {.measure = exact->measure, .topic = exact->topic};
    const struct refusal refusal = {&measure, SECTOR, given};
    (void)snprintf(what, sizeof what, "there is no %s of %s", exact->measure,
                   given ? given : KF_SECTOR_TOTAL);
    return refuse_part(options, &refusal, what, err);
}

/* Measure and sector are there, but not for this indicator. */
static enum kf_err no_indicator(const struct kf_explain_options *options,
                                const struct wanted *exact, struct kf_error *err)
{
    char what[WHAT_SIZE];
    const char *given = options->question.indicator;
    const struct wanted any = {
        .measure = exact->measure, .sector = options->question.sector, .topic = exact->topic};
    const struct refusal refusal = {&any, INDICATOR, given};
    (void)snprintf(what, sizeof what, "there is no %s of %s%s%s", exact->measure,
                   any.sector ? any.sector : "any sector",
                   given ? " for indicator " : " as a whole", given ? given : "");
    return refuse_part(options, &refusal, what, err);
}

/* In one sector only topics can tell several numbers apart. */
static enum kf_err several_topics(const struct kf_explain_options *options,
                                  const struct wanted *exact, struct kf_error *err)
{
    char what[WHAT_SIZE];
    const struct refusal refusal = {exact, TOPIC, NULL};
    (void)snprintf(what, sizeof what, "%s of %s is ambiguous: several topics have it; give --topic",
                   exact->measure, exact->sector);
    return refuse_part(options, &refusal, what, err);
}

static enum kf_err ambiguous(const struct kf_explain_options *options, const struct wanted *exact,
                             struct kf_error *err)
{
    char what[WHAT_SIZE];
    if (exact->sector) {
        return several_topics(options, exact, err);
    }
    const struct refusal refusal = {exact, SECTOR, NULL};
    (void)snprintf(what, sizeof what, "%s of %s is ambiguous: it stands in several sectors",
                   exact->measure, exact->indicator);
    return refuse_part(options, &refusal, what, err);
}

/* How many results there must be of which part of the question for each answer; the first row that
 * fits is taken. */
enum amount { ANY, NONE, SOME };

static bool is_amount(enum amount amount, size_t count)
{
    return amount == ANY || (amount == SOME) == (count > 0);
}

static enum kf_err refuse_question(const struct kf_explain_options *options,
                                   const struct wanted *exact, size_t exactly, struct kf_error *err)
{
    static const struct {
        enum amount exactly;
        enum amount of_measure; /* whatever sector and indicator */
        enum amount of_sector;  /* of the measure in the sector asked for: the total if none is */
        enum kf_err (*refuse)(const struct kf_explain_options *options, const struct wanted *exact,
                              struct kf_error *err);
    } answers[] = {
        {SOME, ANY, ANY, ambiguous},
        {NONE, NONE, ANY, no_measure},
        {NONE, SOME, SOME, no_indicator},
        {NONE, SOME, NONE, no_sector},
    };
    const struct kf_result *found = NULL;
    const struct wanted measure = {.measure = exact->measure, .topic = exact->topic};
    const struct wanted sector = {
        .measure = exact->measure, .sector = exact->sector, .topic = exact->topic};
    size_t of_measure = count_fitting(options->panel, &measure, &found);
    size_t of_sector = count_fitting(options->panel, &sector, &found);
    size_t i = 0;
    while (!is_amount(answers[i].exactly, exactly) ||
           !is_amount(answers[i].of_measure, of_measure) ||
           !is_amount(answers[i].of_sector, of_sector)) {
        i++; /* the rows cover every case */
    }
    return answers[i].refuse(options, exact, err);
}

/* Two results fit. When they are the same number of the members and of the group, the municipality,
 * named or not, says which is meant. */
static bool choose_twin(const struct kf_explain_options *options, const struct wanted *exact,
                        const struct kf_result **found)
{
    const struct kf_result *first = options->panel->results;
    while (!fits(first, exact)) {
        first++;
    }
    const struct kf_result *twin = kf_explain_twin(options->panel, first);
    if (twin) {
        *found = first->group == !options->question.municipality ? first : twin;
    }
    return twin != NULL;
}

static enum kf_err find_result(const struct kf_explain_options *options,
                               const struct kf_result **found, struct kf_error *err)
{
    const struct kf_explain_question *question = &options->question;
    const char *indicator = question->indicator ? question->indicator : "";
    bool whole = !question->sector && !indicator[0];
    const struct wanted exact = {.measure = question->measure,
                                 .sector = whole ? KF_SECTOR_TOTAL : question->sector,
                                 .indicator = indicator,
                                 .topic = question->topic};
    size_t count = count_fitting(options->panel, &exact, found);
    bool one = count == 1 || (count == 2 && choose_twin(options, &exact, found));
    return one ? KF_OK : refuse_question(options, &exact, count, err);
}

/* --- whose number ---------------------------------------------------------------------------- */

/* A name where a code is wanted: the answer is a code, and not the list of all. */
static bool refuse_name(const struct kf_explain_options *options, struct kf_error *err)
{
    const char *given = options->question.municipality;
    struct kf_text meant;
    bool name =
        given && options->catalogue && !kf_municipality_parse(given, strlen(given), &(uint16_t){0});
    kf_text_init(&meant, WHAT_SIZE);
    bool found = name && kf_places_suggest(options->catalogue->municipalities, given,
                                           options->panel->year, &meant) > 0;
    if (found) {
        (void)kf_error_set(err, KF_ERR_CONFIG, "--municipality %s: is no code of a municipality%s",
                           given, meant.bytes);
    }
    kf_text_clear(&meant);
    return found;
}

static enum kf_err no_municipality(const struct kf_explain_options *options, struct kf_error *err)
{
    const struct kf_panel *panel = options->panel;
    const char *given = options->question.municipality;
    struct names names = {NULL, 0, 0};
    char what[WHAT_SIZE];
    if (refuse_name(options, err)) {
        return KF_ERR_CONFIG;
    }
    enum kf_err code = names_new(panel->members_len, &names, err);
    for (size_t k = 0; code == KF_OK && k < panel->members_len; k++) {
        add_name(&names, panel->members[k]);
    }
    (void)snprintf(what, sizeof what, "%s%s", given ? given : "whose ",
                   given ? " is no member of the group" : options->question.measure);
    if (code == KF_OK) {
        code = refuse(options, &names, "municipality", given, what, err);
    }
    kf_free(names.list);
    return code;
}

static enum kf_err find_member(const struct kf_explain_options *options, size_t *member,
                               struct kf_error *err)
{
    const char *given = options->question.municipality;
    for (size_t k = 0; given && k < options->panel->members_len; k++) {
        if (strcmp(options->panel->members[k], given) == 0) {
            *member = k;
            return KF_OK;
        }
    }
    return no_municipality(options, err);
}

enum kf_err kf_explain_find(const struct kf_explain_options *options, struct kf_explain_key *key,
                            struct kf_error *err)
{
    const struct kf_result *found = NULL;
    size_t member = KF_EXPLAIN_GROUP;
    enum kf_err code = find_result(options, &found, err);
    if (code == KF_OK && (!found->group || options->question.municipality)) {
        code = find_member(options, &member, err);
    }
    if (code == KF_OK) {
        *key = (struct kf_explain_key){
            .panel = options->panel,
            .measure = found->measure,
            .sector = found->sector,
            .indicator = found->indicator,
            .member = found->group ? KF_EXPLAIN_GROUP : member,
            .topic = found->topic,
        };
    }
    return code;
}
