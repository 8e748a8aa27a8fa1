#include "tests/golden/asss_2010.h"

#include "tests/support/cmocka.h"

#include <string.h>

#include "common/base/decimal.h"
#include "common/base/lines.h"
#include "tests/golden/bundled.h"

#define INPUT     "data/asss-2010/asss-2010.csv"
#define PUBLISHED KF_SOURCE_DIR "/data/asss-2010/published/published.csv"

static struct bundled computed;

int asss_2010_compute(void **state)
{
    (void)state;
    return bundled_compute(&computed, "asss-2010", 2010, INPUT) ? 0 : -1;
}

int asss_2010_clear(void **state)
{
    (void)state;
    bundled_clear(&computed);
    return 0;
}

const struct kf_panel *asss_2010_panel(void)
{
    return computed.panel;
}

size_t asss_2010_member(const char *municipality)
{
    for (size_t k = 0; k < computed.panel->members_len; k++) {
        if (strcmp(computed.panel->members[k], municipality) == 0) {
            return k;
        }
    }
    fail_msg("no member %s", municipality);
    return 0;
}

static bool parse_published(const char *line, size_t length, struct asss_2010_published *row)
{
    char text[256];
    char value[32];
    char imputed[16];
    char *targets[] = {row->table,   row->sector, row->indicator, row->municipality,
                       row->measure, value,       imputed};
    size_t rooms[] = {
        sizeof row->table,   sizeof row->sector, sizeof row->indicator, sizeof row->municipality,
        sizeof row->measure, sizeof value,       sizeof imputed};
    assert_true(length < sizeof text);
    memcpy(text, line, length);
    text[length] = '\0';
    char *rest = text;
    for (size_t i = 0; i < 7; i++) {
        size_t field = strcspn(rest, ",");
        assert_true(field < rooms[i]);
        memcpy(targets[i], rest, field);
        targets[i][field] = '\0';
        rest += field + (rest[field] == ',');
    }
    row->imputed = strcmp(imputed, "1") == 0;
    return kf_decimal_parse(value, strlen(value), &row->value);
}

size_t asss_2010_each_published(asss_2010_visit *visit, void *context)
{
    struct kf_lines *lines = NULL;
    struct kf_lines_options options = {.line_bytes_max = 4096, .file_bytes_max = 1 << 20};
    struct kf_error err = {0};
    assert_int_equal(kf_lines_open(PUBLISHED, &options, &lines, &err), KF_OK);
    const char *line = NULL;
    size_t length = 0;
    size_t count = 0;
    while (kf_lines_next(lines, &line, &length, &err) == KF_OK) {
        struct asss_2010_published row;
        if (parse_published(line, length, &row)) {
            visit(&row, context);
            count++;
        }
    }
    kf_lines_destroy(&lines);
    return count;
}
