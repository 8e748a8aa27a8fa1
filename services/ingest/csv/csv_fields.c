#include "services/ingest/csv/csv_fields.h"

#include <stdbool.h>
#include <string.h>

/* Where the splitting stands. */
struct cursor {
    const char *at;
    const char *end;
    char *scratch;
    char separator;
};

static struct kf_csv_field take_plain(struct cursor *cursor)
{
    const char *start = cursor->at;
    while (cursor->at < cursor->end && *cursor->at != cursor->separator) {
        cursor->at++;
    }
    return (struct kf_csv_field){.text = start, .length = (size_t)(cursor->at - start)};
}

/* Copies the `length` bytes at `text` to the scratch, each doubled quote as one. */
static struct kf_csv_field undouble(struct cursor *cursor, const char *text, size_t length)
{
    char *to = cursor->scratch;
    for (size_t i = 0; i < length; i++) {
        *cursor->scratch++ = text[i];
        i += text[i] == '"';
    }
    return (struct kf_csv_field){.text = to, .length = (size_t)(cursor->scratch - to)};
}

/* The cursor stands on the opening quote. */
static enum kf_csv_fault take_quoted(struct cursor *cursor, struct kf_csv_field *field)
{
    const char *start = ++cursor->at;
    bool doubled = false;
    for (;;) {
        const char *quote = memchr(cursor->at, '"', (size_t)(cursor->end - cursor->at));
        if (!quote) {
            return KF_CSV_QUOTE_OPEN;
        }
        cursor->at = quote + 1;
        if (cursor->at == cursor->end || *cursor->at != '"') {
            break;
        }
        doubled = true;
        cursor->at++;
    }
    size_t length = (size_t)(cursor->at - 1 - start);
    *field = doubled ? undouble(cursor, start, length)
                     : (struct kf_csv_field){.text = start, .length = length};
    bool ends = cursor->at == cursor->end || *cursor->at == cursor->separator;
    return ends ? KF_CSV_SOUND : KF_CSV_QUOTE_STRAY;
}

enum kf_csv_fault kf_csv_split(const struct kf_csv_line *line, char *scratch,
                               struct kf_csv_field *fields, size_t fields_max, size_t *count)
{
    struct cursor cursor = {.at = line->text,
                            .end = line->text + line->length,
                            .scratch = scratch,
                            .separator = line->separator};
    size_t found = 0;
    for (;;) {
        struct kf_csv_field field = {0};
        if (cursor.at < cursor.end && *cursor.at == '"') {
            enum kf_csv_fault fault = take_quoted(&cursor, &field);
            if (fault != KF_CSV_SOUND) {
                return fault;
            }
        } else {
            field = take_plain(&cursor);
        }
        if (found < fields_max) {
            fields[found] = field;
        }
        found++;
        if (cursor.at == cursor.end) {
            break;
        }
        cursor.at++; /* the separator */
    }
    *count = found;
    return KF_CSV_SOUND;
}
