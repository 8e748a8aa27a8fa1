#include "services/ingest/observation_input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/memory.h"
#include "services/ingest/jsonstat/jsonstat_status.h"

#define PIECE_BYTES ((size_t)64 * 1024)

/* A json-stat file while it is read. */
struct json_input {
    const char *path;
    const char *name;
    const struct kf_observation_input_options *options;
    uint64_t bytes_max;
    int file;
    char *piece;
    struct kf_findings *findings;
    struct kf_source_digest source;
};

static enum kf_err open_input(struct json_input *self, struct kf_error *err)
{
    struct stat about;
    self->file = open(self->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (self->file < 0) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "%s: cannot be opened", self->path);
    }
    if (fstat(self->file, &about) != 0 || !S_ISREG(about.st_mode)) {
        return kf_error_set(err, KF_ERR_IO, "%s: is not a regular file", self->path);
    }
    self->piece = kf_malloc(PIECE_BYTES);
    return self->piece ? KF_OK : kf_error_set(err, KF_ERR_MEMORY, "no memory for %s", self->path);
}

/* The next piece; `got` is 0 at the end. */
static enum kf_err next_piece(const struct json_input *self, size_t *got, struct kf_error *err)
{
    ssize_t count = -1;
    do {
        count = read(self->file, self->piece, PIECE_BYTES);
    } while (count < 0 && errno == EINTR);
    if (count < 0) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "%s: reading fails", self->path);
    }
    *got = (size_t)count;
    return KF_OK;
}

/* Makes a fault of the document, told in `err`, a finding. */
static enum kf_err tell(struct json_input *self, const char *remedy, enum kf_err code,
                        struct kf_error *err)
{
    if (code == KF_ERR_DATA || code == KF_ERR_LIMIT || code == KF_ERR_CONFIG) {
        kf_findings_add(self->findings, &(struct kf_place){.file = self->name}, remedy, "%s",
                        err->text);
        struct kf_error why = *err;
        return kf_error_set(err, KF_ERR_DATA, "%s: %s", self->name, why.text);
    }
    return code;
}

/* Reads the file from its beginning, and digests the very bytes that are read. */
static enum kf_err feed_all(struct json_input *self, struct kf_jsonstat_reader *reader,
                            struct kf_digest *digest, struct kf_error *err)
{
    size_t got = 1;
    enum kf_err code = KF_OK;
    self->source.bytes = 0;
    if (lseek(self->file, 0, SEEK_SET) != 0) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "%s: reading fails", self->path);
    }
    while (code == KF_OK && got > 0) {
        code = next_piece(self, &got, err);
        if (code == KF_OK && got > 0) {
            kf_digest_add(digest, self->piece, got);
            self->source.bytes += got;
            code = kf_jsonstat_reader_feed(reader, self->piece, got, err);
        }
    }
    return code;
}

static enum kf_err read_table(struct json_input *self, const struct kf_jsonstat_symbol *symbols,
                              size_t symbols_len, struct kf_jsonstat_reader **reader,
                              const struct kf_jsonstat **table, struct kf_error *err)
{
    const struct kf_jsonstat_limits limits = {
        .bytes_max = self->bytes_max, .symbols = symbols, .symbols_len = symbols_len};
    struct kf_digest *digest = kf_digest_new();
    kf_jsonstat_reader_destroy(reader);
    enum kf_err code = digest ? kf_jsonstat_reader_new(&limits, reader, err)
                              : kf_error_set(err, KF_ERR_MEMORY, "no memory for a digest");
    code = code == KF_OK ? feed_all(self, *reader, digest, err) : code;
    code = code == KF_OK ? kf_jsonstat_reader_finish(*reader, table, err) : code;
    if (code == KF_OK) {
        kf_digest_print(digest, self->source.digest);
    }
    kf_digest_destroy(&digest);
    return tell(self, "give an answer of Statistics Norway's API as json-stat 2, unchanged", code,
                err);
}

/* Symbols of all maps: which map the table has is known only when it has been read. */
static size_t all_symbols(const struct kf_table_maps *maps,
                          struct kf_jsonstat_symbol symbols[KF_JSONSTAT_SYMBOLS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; maps && i < maps->length; i++) {
        const struct kf_table_map *map = &maps->list[i];
        for (size_t k = 0; k < map->symbols_len && count < KF_JSONSTAT_SYMBOLS_MAX; k++) {
            symbols[count++] = map->symbols[k];
        }
    }
    return count;
}

static enum kf_err find_map(struct json_input *self, const struct kf_jsonstat *table,
                            const struct kf_table_map **map, struct kf_error *err)
{
    *map = self->options->maps ? kf_table_maps_find(self->options->maps, table->table) : NULL;
    if (!*map) {
        enum kf_err code = kf_error_set(
            err, KF_ERR_DATA, "there is no map of %s%s in editions/sources",
            table->table[0] != '\0' ? "table " : "a table that does not say its number",
            table->table);
        return tell(self, "write one there, as docs/SOURCES.md has it, or give the figures as CSV",
                    code, err);
    }
    if (!table->values) {
        return tell(self, "ask for the table's data, not for its metadata",
                    kf_error_set(err, KF_ERR_DATA, "is the description of table %s, no figures",
                                 table->table),
                    err);
    }
    return KF_OK;
}

static enum kf_err take_figures(struct json_input *self, const struct kf_table_map *map,
                                const struct kf_jsonstat *table, struct kf_observations *figures,
                                struct kf_error *err)
{
    const struct kf_table_take to = {
        .catalogue = self->options->catalogue, .figures = figures, .findings = self->findings};
    uint64_t before = kf_findings_count(self->findings);
    enum kf_err code = kf_table_map_take(map, table, &to, err);
    return kf_findings_count(self->findings) > before
               ? code
               : tell(self, "compare it with its map (kf sources check)", code, err);
}

static enum kf_err read_json(struct json_input *self, struct kf_observations *figures,
                             struct kf_error *err)
{
    struct kf_jsonstat_symbol symbols[KF_JSONSTAT_SYMBOLS_MAX];
    struct kf_jsonstat_reader *reader = NULL;
    const struct kf_jsonstat *table = NULL;
    const struct kf_table_map *map = NULL;
    size_t symbols_len = all_symbols(self->options->maps, symbols);
    enum kf_err code = read_table(self, symbols, symbols_len, &reader, &table, err);
    code = code == KF_OK ? find_map(self, table, &map, err) : code;
    if (code == KF_OK && symbols_len > 0) { /* again, with what symbols mean in this table */
        code = read_table(self, map->symbols, map->symbols_len, &reader, &table, err);
    }
    code = code == KF_OK ? take_figures(self, map, table, figures, err) : code;
    kf_jsonstat_reader_destroy(&reader);
    return code;
}

bool kf_observation_input_is_json(const char *path)
{
    char bytes[256];
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t got = file >= 0 ? read(file, bytes, sizeof bytes - 1) : 0;
    if (file >= 0) {
        (void)close(file);
    }
    bytes[got > 0 ? got : 0] = '\0';
    const char *first = strncmp(bytes, "\xef\xbb\xbf", 3) == 0 ? bytes + 3 : bytes;
    return first[strspn(first, " \t\r\n")] == '{';
}

enum kf_err kf_observation_input_read(const char *path,
                                      const struct kf_observation_input_options *options,
                                      struct kf_observations *table,
                                      struct kf_source_digest *source, struct kf_findings *findings,
                                      struct kf_error *err)
{
    if (!kf_observation_input_is_json(path)) {
        return kf_observation_csv_read(path, &options->csv, table, source, findings, err);
    }
    struct json_input input = {.path = path,
                               .name = options->csv.name ? options->csv.name : path,
                               .options = options,
                               .bytes_max = options->csv.file_bytes_max,
                               .file = -1,
                               .findings = findings};
    enum kf_err code = open_input(&input, err);
    code = code == KF_OK ? read_json(&input, table, err) : code;
    if (code == KF_OK) {
        *source = input.source;
    }
    kf_free(input.piece);
    if (input.file >= 0) {
        (void)close(input.file);
    }
    return code;
}
