#include "services/board/api/article.h"

#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/memory.h"
#include "common/codec/json_writer.h"
#include "services/board/api/article_part.h"
#include "services/board/api/catalogue.h"
#include "services/board/api/choice.h"
#include "services/board/api/panels.h"

#define YEARS_AROUND 6     /* that a part's edition has beside the section's own */
#define YEARS_MAX    10000 /* farther than any year from another */

static const struct {
    const char *name;
    enum kf_topic topics[3];
} sections[KF_SECTIONS] = {
    [KF_SECTION_NEED] = {"need", {KF_TOPIC_NEED}},
    [KF_SECTION_RESOURCE_USE] = {"resource-use", {KF_TOPIC_RESOURCE_USE}},
    [KF_SECTION_DEMOGRAPHY] = {"demography", {KF_TOPIC_DEMOGRAPHY}},
    [KF_SECTION_PRODUCTION] = {"production",
                               {KF_TOPIC_INDICATOR, KF_TOPIC_INDEX, KF_TOPIC_EFFICIENCY}},
    [KF_SECTION_UNIT_COST] = {"unit-cost", {KF_TOPIC_UNIT_COST}},
};

const char *kf_section_name(enum kf_article_section section)
{
    return sections[section].name;
}

/* A panel and what it has about the municipality. */
struct panel {
    const struct kf_board_panel *shown;
    uint64_t figures[KF_TOPICS];
    bool named; /* a section takes its figures from it */
    bool part;  /* it is in the article */
};

/* A section's choices, best first. */
struct section {
    struct kf_choice *choices;
    size_t count;
    size_t taken;
};

struct article {
    struct kf_answers *answers;
    const struct kf_article_wish *wish;
    struct kf_text *json;
    const struct kf_panels *shown;
    struct panel *panels; /* one for each that is shown */
    int newest_year;      /* in which the newest release was published */
    struct kf_article_source asked;
    struct section sections[KF_SECTIONS];
    struct kf_idset editions;
    struct kf_idset *ids; /* one for each of the editions */
    struct kf_idset codes;
    struct kf_idset titles; /* editions that have their titles */
};

/* --- what there is --------------------------------------------------------------------------- */

static enum kf_err visit_coverage(void *context, const struct kf_board_coverage *coverage,
                                  struct kf_error *err)
{
    (void)err;
    struct article *self = context;
    const struct kf_board_panel *found =
        kf_panels_find(self->shown, coverage->edition, coverage->year);
    if (found) {
        memcpy(self->panels[found - self->shown->list].figures, coverage->figures,
               sizeof coverage->figures);
    }
    return KF_OK;
}

static enum kf_err read_panels(struct article *self, struct kf_error *err)
{
    struct kf_shared *shared = kf_answers_shared(self->answers);
    enum kf_err code = kf_shared_refresh(shared, err);
    if (code != KF_OK) {
        return code;
    }
    self->shown = kf_shared_panels(shared);
    self->panels = kf_calloc(self->shown->count + 1, sizeof *self->panels);
    if (!self->panels) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for an article");
    }
    for (size_t i = 0; i < self->shown->count; i++) {
        self->panels[i].shown = &self->shown->list[i];
    }
    return kf_board_store_coverage(kf_answers_store(self->answers), self->wish->municipality,
                                   visit_coverage, self, err);
}

static uint64_t figures_of(const struct panel *panel)
{
    uint64_t sum = 0;
    for (int topic = 0; topic < KF_TOPICS; topic++) {
        sum += panel->figures[topic];
    }
    return sum;
}

static bool is_known(const struct article *self)
{
    const struct kf_catalogue *catalogue = kf_answers_catalogue(self->answers);
    for (size_t i = 0; i < self->shown->count; i++) {
        if (figures_of(&self->panels[i]) > 0) {
            return true;
        }
    }
    return kf_municipalities_ever(catalogue->municipalities, self->wish->municipality) != NULL;
}

/* --- choosing -------------------------------------------------------------------------------- */

static int year_of(int64_t wall_ms)
{
    char text[KF_CLOCK_TEXT_SIZE];
    unsigned long year = 0;
    kf_clock_print(wall_ms, text);
    return kf_text_to_unsigned(text, 4, YEARS_MAX, &year) ? (int)year : 0;
}

static int newest_year(const struct kf_panels *shown)
{
    int64_t newest_ms = 0;
    for (size_t i = 0; i < shown->count; i++) {
        int64_t published_ms = shown->list[i].published_ms;
        newest_ms = published_ms > newest_ms ? published_ms : newest_ms;
    }
    return year_of(newest_ms);
}

/* How far a year is from the one asked for; without one, how old it is. What has not come yet is
 * projected: it stands behind all that has. */
static int remoteness(const struct article *self, int year)
{
    int asked = self->wish->asked.year;
    if (asked != 0) {
        return kf_choice_distance(year, asked);
    }
    return year <= self->newest_year ? self->newest_year - year : YEARS_MAX + year;
}

/* Whether `a` answers better than `b` what was left open. */
static bool is_better(const struct article *self, const struct panel *a, const struct panel *b)
{
    int nearer = remoteness(self, b->shown->year) - remoteness(self, a->shown->year);
    if (nearer != 0) {
        return nearer > 0;
    }
    if (figures_of(a) != figures_of(b)) {
        return figures_of(a) > figures_of(b);
    }
    return a->shown->year > b->shown->year;
}

/* Completes what was asked for; what nothing can complete stays as it was. */
static void complete(struct article *self)
{
    const struct panel *best = NULL;
    self->newest_year = newest_year(self->shown);
    self->asked = self->wish->asked;
    for (size_t i = 0; i < self->shown->count; i++) {
        const struct panel *panel = &self->panels[i];
        bool fits = self->asked.edition[0] == '\0' ||
                    strcmp(self->asked.edition, panel->shown->edition) == 0;
        if (fits && figures_of(panel) > 0 && (!best || is_better(self, panel, best))) {
            best = panel;
        }
    }
    if (best && self->asked.edition[0] == '\0') {
        memcpy(self->asked.edition, best->shown->edition, sizeof self->asked.edition);
    }
    if (best && self->asked.year == 0) {
        self->asked.year = best->shown->year;
    }
}

static struct kf_choice choice_of(const struct panel *panel, enum kf_article_section section)
{
    struct kf_choice choice = {.edition = panel->shown->edition, .year = panel->shown->year};
    for (size_t i = 0; i < sizeof sections[0].topics / sizeof sections[0].topics[0]; i++) {
        enum kf_topic topic = sections[section].topics[i];
        choice.figures += topic == KF_TOPIC_NONE ? 0 : panel->figures[topic];
    }
    return choice;
}

static enum kf_err choose(struct article *self, enum kf_article_section number,
                          struct kf_error *err)
{
    struct section *section = &self->sections[number];
    const struct kf_article_source *use = &self->wish->use[number];
    section->choices = kf_calloc(self->shown->count + 1, sizeof *section->choices);
    if (!section->choices) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for an article");
    }
    for (size_t i = 0; i < self->shown->count; i++) {
        section->choices[i] = choice_of(&self->panels[i], number);
    }
    section->count = kf_choices_rank(section->choices, self->shown->count, self->asked.edition,
                                     self->asked.year);
    section->taken = kf_choices_take(section->choices, section->count, use->edition, use->year);
    return KF_OK;
}

static void name_panel(struct article *self, const struct kf_choice *choice)
{
    for (size_t i = 0; i < self->shown->count; i++) {
        struct panel *panel = &self->panels[i];
        bool same = strcmp(panel->shown->edition, choice->edition) == 0;
        panel->named = panel->named || (same && panel->shown->year == choice->year);
        panel->part = panel->part || (same && kf_choice_distance(panel->shown->year,
                                                                 choice->year) <= YEARS_AROUND);
    }
}

static enum kf_err choose_all(struct article *self, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    complete(self);
    for (int i = 0; code == KF_OK && i < KF_SECTIONS; i++) {
        const struct section *section = &self->sections[i];
        code = choose(self, (enum kf_article_section)i, err);
        if (code == KF_OK && section->count > 0) {
            name_panel(self, &section->choices[section->taken]);
        }
    }
    return code;
}

/* --- who and what is named ------------------------------------------------------------------- */

static enum kf_err add_id(void *context, const char *id, struct kf_error *err)
{
    return kf_idset_add(context, id) ? KF_OK
                                     : kf_error_set(err, KF_ERR_MEMORY, "no memory for an article");
}

/* The choice that is offered at this place, NULL behind the last. */
static const struct kf_choice *offered(const struct section *section, size_t place)
{
    return place < section->count && place < KF_CHOICES_MAX ? &section->choices[place] : NULL;
}

/* Whatever a reader may choose has its title, be it on the page or not. */
static enum kf_err collect_titles(struct article *self, struct kf_error *err)
{
    enum kf_err code =
        self->asked.edition[0] ? add_id(&self->titles, self->asked.edition, err) : KF_OK;
    for (int i = 0; code == KF_OK && i < KF_SECTIONS; i++) {
        const struct section *section = &self->sections[i];
        const struct kf_choice *choice = NULL;
        for (size_t j = 0; code == KF_OK && (choice = offered(section, j)); j++) {
            code = add_id(&self->titles, choice->edition, err);
        }
    }
    return code;
}

static enum kf_err collect(struct article *self, struct kf_error *err)
{
    struct kf_shared *shared = kf_answers_shared(self->answers);
    enum kf_err code = add_id(&self->codes, self->wish->municipality, err);
    for (size_t i = 0; code == KF_OK && i < self->shown->count; i++) {
        const struct kf_board_panel *panel = self->panels[i].shown;
        if (!self->panels[i].part) {
            continue;
        }
        code = add_id(&self->editions, panel->edition, err);
        if (code == KF_OK) {
            code = kf_shared_municipalities(shared, panel, add_id, &self->codes, err);
        }
    }
    if (code == KF_OK) {
        self->ids = kf_calloc(self->editions.count + 1, sizeof *self->ids);
        code = self->ids ? KF_OK : kf_error_set(err, KF_ERR_MEMORY, "no memory for an article");
    }
    return code;
}

static struct kf_idset *ids_of(const struct article *self, const char *edition)
{
    size_t i = 0;
    while (strcmp(self->editions.list[i], edition) != 0) {
        i++;
    }
    return &self->ids[i];
}

/* --- printing -------------------------------------------------------------------------------- */

static void add_choices(struct kf_text *json, const struct section *section)
{
    kf_json_open(json, "others", '[');
    const struct kf_choice *choice = NULL;
    for (size_t i = 0; (choice = offered(section, i)); i++) {
        kf_json_open(json, NULL, '{');
        kf_json_text(json, "edition", choice->edition);
        kf_json_whole(json, "year", choice->year);
        kf_json_close(json, '}');
    }
    kf_json_close(json, ']');
}

static void add_sections(const struct article *self)
{
    struct kf_text *json = self->json;
    kf_json_open(json, "sections", '{');
    for (int i = 0; i < KF_SECTIONS; i++) {
        const struct section *section = &self->sections[i];
        if (section->count == 0) {
            continue;
        }
        kf_json_open(json, sections[i].name, '{');
        kf_json_text(json, "edition", section->choices[section->taken].edition);
        kf_json_whole(json, "year", section->choices[section->taken].year);
        add_choices(json, section);
        kf_json_close(json, '}');
    }
    kf_json_close(json, '}');
}

static void add_titles(const struct article *self)
{
    kf_json_open(self->json, "titles", '{');
    for (size_t i = 0; i < self->titles.count; i++) {
        kf_edition_title_json(self->answers, self->titles.list[i], self->titles.list[i],
                              self->json);
    }
    kf_json_close(self->json, '}');
}

static enum kf_err add_parts(const struct article *self, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    kf_json_open(self->json, "parts", '[');
    for (size_t i = 0; code == KF_OK && i < self->shown->count; i++) {
        if (self->panels[i].part) {
            const struct kf_article_part part = {
                .panel = self->panels[i].shown,
                .municipality = self->wish->municipality,
                .spreads = self->panels[i].named,
                .ids = ids_of(self, self->panels[i].shown->edition),
            };
            code = kf_article_part_json(self->answers, &part, self->json, err);
        }
    }
    kf_json_close(self->json, ']');
    return code;
}

static enum kf_err print(const struct article *self, struct kf_error *err)
{
    struct kf_text *json = self->json;
    const struct kf_catalogue_extent extent = {.panels = self->shown,
                                               .editions = &self->editions,
                                               .codes = &self->codes,
                                               .ids = self->ids};
    kf_json_open(json, NULL, '{');
    kf_municipality_json(self->answers, self->wish->municipality, "municipality", json);
    kf_json_open(json, "asked", '{');
    kf_json_text(json, "edition", self->asked.edition);
    kf_json_whole(json, "year", self->asked.year);
    kf_json_close(json, '}');
    add_sections(self);
    add_titles(self);
    enum kf_err code = add_parts(self, err);
    if (code != KF_OK) {
        return code;
    }
    kf_catalogue_part_json(self->answers, &extent, "catalogue", json);
    kf_json_close(json, '}');
    return json->failed ? kf_error_set(err, KF_ERR_LIMIT, "no room for the article of %s",
                                       self->wish->municipality)
                        : KF_OK;
}

/* --- the article ----------------------------------------------------------------------------- */

static enum kf_err make(struct article *self, struct kf_error *err)
{
    enum kf_err code = read_panels(self, err);
    if (code == KF_OK && !is_known(self)) {
        code = kf_error_set(err, KF_ERR_CONFIG,
                            "there is no municipality %s, neither on the topics nor in the "
                            "register; /api/catalogue lists those with figures",
                            self->wish->municipality);
    }
    if (code == KF_OK) {
        code = choose_all(self, err);
    }
    if (code == KF_OK) {
        code = collect(self, err);
    }
    if (code == KF_OK) {
        code = collect_titles(self, err);
    }
    return code == KF_OK ? print(self, err) : code;
}

static void clear(struct article *self)
{
    for (size_t i = 0; self->ids && i < self->editions.count; i++) {
        kf_idset_clear(&self->ids[i]);
    }
    for (int i = 0; i < KF_SECTIONS; i++) {
        kf_free(self->sections[i].choices);
    }
    kf_free(self->ids);
    kf_free(self->panels);
    kf_idset_clear(&self->editions);
    kf_idset_clear(&self->codes);
    kf_idset_clear(&self->titles);
}

enum kf_err kf_article_json_within(struct kf_answers *answers, const struct kf_article_wish *wish,
                                   struct kf_text *json, struct kf_error *err)
{
    struct article article = {.answers = answers, .wish = wish, .json = json};
    enum kf_err code = make(&article, err);
    clear(&article);
    return code;
}

enum kf_err kf_article_json(struct kf_answers *answers, const struct kf_article_wish *wish,
                            struct kf_text *json, struct kf_error *err)
{
    enum kf_err code = kf_board_store_begin(kf_answers_store(answers), err);
    if (code == KF_OK) {
        code = kf_article_json_within(answers, wish, json, err);
        kf_board_store_end(kf_answers_store(answers));
    }
    return code;
}
