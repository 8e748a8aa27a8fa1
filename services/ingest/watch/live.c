#include "services/ingest/watch/live.h"

#include <string.h>

#include "common/base/memory.h"

/* First and last. */
struct span {
    int from;
    int to;
};

static void widen(struct span *self, int year)
{
    self->from = year < self->from ? year : self->from;
    self->to = year > self->to ? year : self->to;
}

/* The years whose figures the edition's panels look at. */
static struct span years_of(const struct kf_edition *edition)
{
    int earlier = kf_edition_earlier_years(edition);
    struct span span = {edition->year_from - earlier, edition->year_to};
    for (int year = edition->year_from; year <= edition->year_to; year++) {
        int further[KF_FURTHER_YEARS_MAX];
        size_t count = kf_edition_further_years(edition, year, earlier, further);
        for (size_t i = 0; i < count; i++) {
            widen(&span, further[i]);
        }
    }
    return span;
}

/* Smallest and largest year_offset of the map's figures. */
static struct span offsets_of(const struct kf_table_map *map)
{
    struct span span = {0, 0};
    for (size_t i = 0; i < map->figures_len; i++) {
        if (i == 0) {
            span = (struct span){map->figures[i].year_offset, map->figures[i].year_offset};
        }
        widen(&span, map->figures[i].year_offset);
    }
    return span;
}

/* Where the table is, or would be; `found` says which. */
static size_t place_of(const struct kf_live *self, const char *table, bool *found)
{
    size_t i = 0;
    while (i < self->tables_len && strcmp(self->tables[i].map->table, table) < 0) {
        i++;
    }
    *found = i < self->tables_len && strcmp(self->tables[i].map->table, table) == 0;
    return i;
}

static enum kf_err add_table(struct kf_live *self, const struct kf_table_map *map,
                             struct kf_error *err)
{
    bool found = false;
    size_t at = place_of(self, map->table, &found);
    if (found) {
        return KF_OK;
    }
    if (self->tables_len == KF_DETECT_TABLES_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT,
                            "the live editions need more than %d tables: let fewer be live",
                            KF_DETECT_TABLES_MAX);
    }
    memmove(&self->tables[at + 1], &self->tables[at],
            (self->tables_len - at) * sizeof self->tables[0]);
    self->tables_len++;
    self->tables[at] = (struct kf_live_table){
        .map = map, .years = {KF_YEAR_MAX, KF_YEAR_MIN}, .year_offset = offsets_of(map).to};
    return KF_OK;
}

static void ask_years(struct kf_live *self, const char *table, struct span years)
{
    bool found = false;
    struct kf_live_table *entry = &self->tables[place_of(self, table, &found)];
    struct span offsets = offsets_of(entry->map);
    struct span asked = {entry->years[0], entry->years[1]};
    widen(&asked, years.from - offsets.to);
    widen(&asked, years.to - offsets.from);
    entry->years[0] = asked.from;
    entry->years[1] = asked.to;
}

static enum kf_err add_file(struct kf_live *self, const char *file, struct kf_error *err)
{
    for (size_t i = 0; i < self->files_len; i++) {
        if (strcmp(self->files[i], file) == 0) {
            return KF_OK;
        }
    }
    if (self->files_len == KF_LIVE_FILES_MAX) {
        return kf_error_set(err, KF_ERR_LIMIT,
                            "the live editions need more than %d standing files: put their figures "
                            "into fewer",
                            (int)KF_LIVE_FILES_MAX);
    }
    self->files[self->files_len++] = file;
    return KF_OK;
}

static enum kf_err add_edition(struct kf_live *self, const struct kf_edition *edition,
                               const struct kf_table_maps *maps, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    self->editions[self->editions_len++] = edition;
    for (size_t i = 0; code == KF_OK && i < edition->tables_len; i++) {
        const struct kf_table_map *map = kf_table_maps_find(maps, edition->tables[i]);
        if (!map) {
            return kf_error_set(err, KF_ERR_CONFIG,
                                "edition %s is fed from table %s, which has no map: add "
                                "sources/%s.yaml to the editions folder",
                                edition->id, edition->tables[i], edition->tables[i]);
        }
        code = add_table(self, map, err);
        if (code == KF_OK) {
            ask_years(self, map->table, years_of(edition));
        }
    }
    for (size_t i = 0; code == KF_OK && i < edition->source_files_len; i++) {
        code = add_file(self, edition->source_files[i], err);
    }
    return code;
}

void kf_live_clear(struct kf_live *self)
{
    kf_free(self->editions);
    *self = (struct kf_live){0};
}

enum kf_err kf_live_find(const struct kf_catalogue *catalogue, const struct kf_table_maps *maps,
                         struct kf_live *live, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    *live = (struct kf_live){0};
    live->editions = kf_calloc(catalogue->editions_len + 1, sizeof *live->editions);
    if (!live->editions) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the live editions");
    }
    for (size_t i = 0; code == KF_OK && i < catalogue->editions_len; i++) {
        const struct kf_edition *edition = catalogue->editions[i];
        if (edition->publish && edition->tables_len > 0) {
            code = add_edition(live, edition, maps, err);
        }
    }
    if (code != KF_OK) {
        kf_live_clear(live);
    }
    return code;
}
