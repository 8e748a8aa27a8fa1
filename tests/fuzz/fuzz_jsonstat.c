/* Any bytes as a json-stat document: read as jansson reads them, or refused with a place; cut or
 * not, the outcome is the same.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/text.h"
#include "common/model/cell.h"
#include "tests/fuzz/fuzz.h"
#include "tests/services/ingest/jsonstat/jsonstat_reference.h"

#define CELLS_MAX 5000

static struct kf_jsonstat_reader *reader;

static void close_reader(void)
{
    kf_jsonstat_reader_destroy(&reader);
}

static void open_reader(void)
{
    const struct kf_jsonstat_limits limits = {.cells_max = CELLS_MAX,
                                              .categories_max = 1000,
                                              .text_bytes_max = 65536,
                                              .bytes_max = 1 << 20};
    must(kf_jsonstat_reader_new(&limits, &reader, NULL) == KF_OK);
    (void)atexit(close_reader);
}

static void check_cells(const struct kf_jsonstat *table)
{
    must(table->values == NULL || table->cells <= CELLS_MAX);
    for (size_t i = 0; table->values && i < table->cells; i++) {
        must(isfinite(table->values[i]));
        must(kf_cell_has_value(table->status[i]) || table->values[i] == 0.0);
    }
    for (size_t i = 0; i < table->dimensions_len; i++) {
        const struct kf_jsonstat_dimension *it = &table->dimensions[i];
        size_t last = it->categories_len - 1;
        size_t place = 0;
        must(kf_jsonstat_dimension(table, it->id, &place) == it && place == i);
        must(kf_jsonstat_category(it, it->categories[last].code) == last);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct kf_jsonstat *table = NULL;
    struct kf_error whole = {0};
    struct kf_error cut = {0};
    size_t step = size > 0 ? 1 + data[size / 2] % 32 : 1;
    if (!reader) {
        open_reader();
    }
    enum kf_err code = jsonstat_read_in_pieces(data, size, step, reader, &table, &cut);
    must(jsonstat_read_in_pieces(data, size, 0, reader, &table, &whole) == code);
    if (code == KF_OK) {
        must(!jsonstat_reference_differs(table, data, size));
        check_cells(table);
        return 0;
    }
    must(code == KF_ERR_DATA || code == KF_ERR_CONFIG || code == KF_ERR_LIMIT);
    must(strcmp(whole.text, cut.text) == 0);
    must(strncmp(whole.text, "byte ", 5) == 0);
    must(kf_text_is_utf8(whole.text, strlen(whole.text)));
    return 0;
}
