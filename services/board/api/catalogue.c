#include "services/board/api/catalogue.h"

#include <string.h>

#include "common/codec/json_writer.h"
#include "services/board/api/names.h"

/* --- small parts ----------------------------------------------------------------------------- */

const char *kf_vintage_word(const char *vintage)
{
    static const char *const words[] = {"unrevised", "revised", "correction"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i], vintage) == 0) {
            return words[i];
        }
    }
    return "unspecified";
}

static void add_name(struct kf_text *json, const char *member, const char *nb, const char *en)
{
    kf_json_open(json, member, '{');
    kf_json_text(json, "nb", nb);
    kf_json_text(json, "en", en);
    kf_json_close(json, '}');
}

void kf_municipality_json(struct kf_answers *answers, const char *code, const char *name,
                          struct kf_text *json)
{
    const char *group = kf_answers_kostra_group(answers, code);
    kf_json_open(json, name, '{');
    kf_json_text(json, "code", code);
    kf_json_text(json, "name", kf_answers_municipality_name(answers, code));
    if (group) {
        kf_json_text(json, "kostraGroup", group);
    }
    kf_json_close(json, '}');
}

/* --- an edition ------------------------------------------------------------------------------ */

static void add_indicator(struct kf_text *json, const struct kf_indicator *indicator)
{
    kf_json_open(json, NULL, '{');
    kf_json_text(json, "id", indicator->id);
    add_name(json, "name", indicator->name.nb, indicator->name.en);
    kf_json_text(json, "unit", indicator->unit ? indicator->unit : "");
    kf_json_text(json, "aspect", indicator->aspect == KF_ASPECT_QUALITY ? "quality" : "quantity");
    kf_json_close(json, '}');
}

static void add_sector(struct kf_text *json, const struct kf_sector *sector)
{
    kf_json_open(json, NULL, '{');
    kf_json_text(json, "id", sector->id);
    add_name(json, "name", sector->name.nb, sector->name.en);
    if (sector->resources.outside) {
        kf_json_flag(json, "outside", true);
    }
    if (sector->administration) {
        kf_json_flag(json, "administration", true);
    }
    kf_json_open(json, "indicators", '[');
    for (size_t i = 0; i < sector->indicators_len; i++) {
        add_indicator(json, &sector->indicators[i]);
    }
    kf_json_close(json, ']');
    kf_json_close(json, '}');
}

static void add_sectors(struct kf_text *json, const struct kf_edition *edition)
{
    kf_json_open(json, "sectors", '[');
    for (size_t i = 0; edition && i < edition->sectors_len; i++) {
        add_sector(json, &edition->sectors[i]);
    }
    kf_json_close(json, ']');
}

static void add_year(struct kf_text *json, const struct kf_board_panel *panel)
{
    kf_json_open(json, NULL, '{');
    kf_json_whole(json, "year", panel->year);
    kf_json_text(json, "release", panel->release);
    kf_json_text(json, "vintage", kf_vintage_word(panel->vintage));
    kf_json_whole(json, "publishedMs", panel->published_ms);
    kf_json_whole(json, "municipalities", panel->municipalities);
    kf_json_open(json, "rows", '{');
    for (int topic = KF_TOPIC_NONE + 1; topic < KF_TOPICS; topic++) {
        if (panel->rows[topic] > 0) {
            kf_json_whole(json, kf_topic_name((enum kf_topic)topic), (int64_t)panel->rows[topic]);
        }
    }
    kf_json_close(json, '}');
    kf_json_close(json, '}');
}

static void add_years(struct kf_text *json, const struct kf_panels *panels, const char *id)
{
    kf_json_open(json, "years", '[');
    for (size_t i = 0; i < panels->count; i++) {
        if (strcmp(panels->list[i].edition, id) == 0) {
            add_year(json, &panels->list[i]);
        }
    }
    kf_json_close(json, ']');
}

/* True when everything shown of the edition was computed by the folder's edition. */
static bool is_known(const struct kf_edition *edition, const struct kf_panels *panels,
                     const char *id)
{
    bool known = edition != NULL;
    for (size_t i = 0; known && i < panels->count; i++) {
        const struct kf_board_panel *panel = &panels->list[i];
        known =
            strcmp(panel->edition, id) != 0 || strcmp(panel->edition_digest, edition->digest) == 0;
    }
    return known;
}

/* --- names ----------------------------------------------------------------------------------- */

/* Names that go into the JSON, each once. */
struct naming {
    struct kf_text *json;
    const struct kf_edition *edition; /* NULL: not in the folder */
    struct kf_idset told;
};

static bool is_indicator(const struct kf_sector *sector, const char *id)
{
    for (size_t i = 0; i < sector->indicators_len; i++) {
        if (strcmp(sector->indicators[i].id, id) == 0) {
            return true;
        }
    }
    return false;
}

/* Sectors and indicators have their names elsewhere. */
static bool is_own(const struct kf_edition *edition, const char *id)
{
    for (size_t i = 0; edition && i < edition->sectors_len; i++) {
        if (strcmp(edition->sectors[i].id, id) == 0 || is_indicator(&edition->sectors[i], id)) {
            return true;
        }
    }
    return false;
}

static void tell_name(void *context, const char *id, const struct kf_name *name)
{
    struct naming *self = context;
    if (is_own(self->edition, id) || kf_idset_has(&self->told, id)) {
        return;
    }
    add_name(self->json, id, name->nb, name->en);
    if (!kf_idset_add(&self->told, id)) {
        self->json->failed = true;
    }
}

static void tell_names_of(struct naming *naming, const struct kf_idset *ids,
                          const struct kf_variables *variables)
{
    struct kf_name name;
    for (size_t i = 0; i < ids->count; i++) {
        if (kf_names_find(naming->edition, variables, ids->list[i], &name)) {
            tell_name(naming, ids->list[i], &name);
        }
    }
}

static void add_names(const struct kf_catalogue *catalogue, const struct kf_edition *edition,
                      const struct kf_idset *ids, struct kf_text *json)
{
    struct naming naming = {.json = json, .edition = edition};
    kf_json_open(json, "names", '{');
    if (ids) {
        tell_names_of(&naming, ids, catalogue->variables);
    } else if (edition) {
        kf_names_each(edition, catalogue->variables, tell_name, &naming);
    }
    kf_json_close(json, '}');
    kf_idset_clear(&naming.told);
}

/* --- all of it ------------------------------------------------------------------------------- */

void kf_edition_title_json(struct kf_answers *answers, const char *id, const char *name,
                           struct kf_text *json)
{
    const struct kf_edition *edition = kf_catalogue_find(kf_answers_catalogue(answers), id);
    add_name(json, name, edition ? edition->title.nb : id, edition ? edition->title.en : id);
}

static void add_edition(struct kf_answers *answers, const struct kf_catalogue_extent *extent,
                        size_t index, struct kf_text *json)
{
    const char *id = extent->editions->list[index];
    const struct kf_catalogue *catalogue = kf_answers_catalogue(answers);
    const struct kf_edition *edition = kf_catalogue_find(catalogue, id);
    bool by_country = edition && edition->reference == KF_REFERENCE_COUNTRY;
    kf_json_open(json, NULL, '{');
    kf_json_text(json, "id", id);
    kf_json_flag(json, "known", is_known(edition, extent->panels, id));
    kf_edition_title_json(answers, id, "title", json);
    kf_json_text(json, "source", edition ? edition->source : "");
    kf_json_number(json, "scale", edition ? edition->scale : 1);
    kf_json_text(json, "reference", by_country ? "country" : "group");
    add_sectors(json, edition);
    add_names(catalogue, edition, extent->ids ? &extent->ids[index] : NULL, json);
    add_years(json, extent->panels, id);
    kf_json_close(json, '}');
}

void kf_catalogue_part_json(struct kf_answers *answers, const struct kf_catalogue_extent *extent,
                            const char *name, struct kf_text *json)
{
    kf_json_open(json, name, '{');
    kf_json_text(json, "program", kf_answers_program(answers));
    kf_json_open(json, "municipalities", '[');
    for (size_t i = 0; i < extent->codes->count; i++) {
        kf_municipality_json(answers, extent->codes->list[i], NULL, json);
    }
    kf_json_close(json, ']');
    kf_json_open(json, "editions", '[');
    for (size_t i = 0; i < extent->editions->count; i++) {
        add_edition(answers, extent, i, json);
    }
    kf_json_close(json, ']');
    kf_json_close(json, '}');
}

static enum kf_err add_code(void *context, const char *code, struct kf_error *err)
{
    return kf_idset_add(context, code)
               ? KF_OK
               : kf_error_set(err, KF_ERR_MEMORY, "no memory for the municipalities");
}

enum kf_err kf_catalogue_json(struct kf_answers *answers, struct kf_text *json,
                              struct kf_error *err)
{
    struct kf_panels panels = {0};
    struct kf_idset codes = {0};
    struct kf_idset editions = {0};
    struct kf_board_store *store = kf_answers_store(answers);
    enum kf_err code = kf_panels_read(&panels, store, err);
    for (size_t i = 0; code == KF_OK && i < panels.count; i++) {
        code = add_code(&editions, panels.list[i].edition, err);
    }
    if (code == KF_OK) {
        code = kf_board_store_municipalities(store, NULL, 0, add_code, &codes, err);
    }
    if (code == KF_OK) {
        const struct kf_catalogue_extent extent = {
            .panels = &panels, .editions = &editions, .codes = &codes};
        kf_catalogue_part_json(answers, &extent, NULL, json);
        code = json->failed ? kf_error_set(err, KF_ERR_LIMIT, "no room for the catalogue") : KF_OK;
    }
    kf_idset_clear(&editions);
    kf_idset_clear(&codes);
    kf_panels_clear(&panels);
    return code;
}
