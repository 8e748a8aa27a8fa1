#include "tools/fakessb/mode.h"

#include <string.h>
#define ZLIB_CONST /* next_in is one */
#include <zlib.h>

#define JSON_TYPE "application/json; charset=utf-8"
#define HTML_TYPE "text/html; charset=utf-8"
#define GZIP_BITS (15 + 16)
#define PIECE     65536
#define DAY_MS    INT64_C(86400000)

#define BAD_REQUEST "{\"type\":\"Parameter error\",\"title\":\"Non-existent value\",\"status\":400}"
#define MAINTENANCE                                                                                \
    "<!DOCTYPE html>\n<html><head><title>Vedlikehold</title></head>"                               \
    "<body><h1>Statistikkbanken er midlertidig utilgjengelig</h1></body></html>\n"

static const struct kf_fake_mode modes[] = {
    {.name = "bad-request",
     .status = 400,
     .type = JSON_TYPE,
     .body = BAD_REQUEST,
     .help = "400 as for a code that does not exist"},
    {.name = "forbidden", .status = 403, .body = "", .help = "403, empty"},
    {.name = "too-many", .status = 429, .body = "", .help = "429; Retry-After where it is given"},
    {.name = "empty-500", .status = 500, .body = "", .help = "500, empty"},
    {.name = "unavailable",
     .status = 503,
     .type = HTML_TYPE,
     .body = MAINTENANCE,
     .help = "503 with a page of HTML; Retry-After where it is given"},
    {.name = "html",
     .status = 200,
     .type = HTML_TYPE,
     .body = MAINTENANCE,
     .help = "HTML with 200"},
    {.name = "silent", .transport = KF_FAKE_SILENT, .help = "never answers"},
    {.name = "closed", .transport = KF_FAKE_CLOSED, .help = "closes the connection, no answer"},
    {.name = "trickle", .transport = KF_FAKE_TRICKLE, .help = "16 bytes every 200 ms"},
    {.name = "cut", .transport = KF_FAKE_CUT, .help = "half of the body, then closed"},
    {.name = "wrong-length",
     .transport = KF_FAKE_SHORT_LENGTH,
     .help = "Content-Length is half of the body's"},
    {.name = "cut-gzip",
     .transport = KF_FAKE_CUT_GZIP,
     .help = "half of the compressed body, as if it were all"},
    {.name = "bomb",
     .transport = KF_FAKE_BOMB,
     .help = "a small compressed body that is large (`bytes`, 256 MiB) when decompressed"},
    {.name = "invalid-json", .transport = KF_FAKE_BROKEN_JSON, .help = "one bracket is wrong"},
    {.name = "huge-json",
     .twist = {.huge_bytes = (size_t)64 << 20},
     .help = "a table's JSON with white space in it (`bytes`, 64 MiB)"},
    {.name = "redirect-loop", .transport = KF_FAKE_LOOP, .help = "302 to where one came from"},
    {.name = "wrong-type", .type = "image/png", .help = "the right body as image/png"},
    {.name = "empty-values", .twist = {.no_values = true}, .help = "200 with \"value\": []"},
    {.name = "null-values", .twist = {.null_values = true}, .help = "200, every value null"},
    {.name = "old-updated",
     .twist = {.updated_ago = DAY_MS},
     .help = "`updated` is a day older than it is"},
    {.name = "moving", .moves = true, .help = "a cell and `updated` change after each answer"},
    {.name = "twice", .twice = true, .help = "the list has its first table twice"},
};
#define MODES_LEN (sizeof modes / sizeof modes[0])

const struct kf_fake_mode *kf_fake_mode_find(const char *name)
{
    for (size_t i = 0; i < MODES_LEN; i++) {
        if (strcmp(modes[i].name, name) == 0) {
            return &modes[i];
        }
    }
    return NULL;
}

const char *const *kf_fake_mode_names(void)
{
    static const char *names[MODES_LEN + 1];
    for (size_t i = 0; i < MODES_LEN; i++) {
        names[i] = modes[i].name;
    }
    return names;
}

void kf_fake_mode_help(struct kf_text *page)
{
    for (size_t i = 0; i < MODES_LEN; i++) {
        kf_text_add_format(page, "  %-14s %s\n", modes[i].name, modes[i].help);
    }
}

/* --- compressing ----------------------------------------------------------------------------- */

static enum kf_err open_gzip(z_stream *stream, int level, struct kf_error *err)
{
    *stream = (z_stream){0};
    if (deflateInit2(stream, level, Z_DEFLATED, GZIP_BITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to compress");
    }
    return KF_OK;
}

static void pump(z_stream *stream, const void *bytes, size_t length, int flush, struct kf_text *to)
{
    unsigned char piece[PIECE];
    stream->next_in = bytes;
    stream->avail_in = (uInt)length;
    do {
        stream->next_out = piece;
        stream->avail_out = sizeof piece;
        (void)deflate(stream, flush);
        kf_text_add_bytes(to, piece, sizeof piece - stream->avail_out);
    } while (stream->avail_out == 0);
}

static enum kf_err close_gzip(z_stream *stream, const struct kf_text *to, struct kf_error *err)
{
    (void)deflateEnd(stream);
    return to->failed ? kf_error_set(err, KF_ERR_MEMORY, "no memory to compress") : KF_OK;
}

enum kf_err kf_fake_gzip(const struct kf_text *from, struct kf_text *to, struct kf_error *err)
{
    z_stream stream;
    enum kf_err code = open_gzip(&stream, 1, err);
    if (code != KF_OK) {
        return code;
    }
    pump(&stream, from->bytes, from->length, Z_FINISH, to);
    return close_gzip(&stream, to, err);
}

enum kf_err kf_fake_bomb(size_t bytes, struct kf_text *to, struct kf_error *err)
{
    static const char head[] = "{\"version\":\"2.0\",";
    char spaces[4096];
    z_stream stream;
    enum kf_err code = open_gzip(&stream, 9, err);
    if (code != KF_OK) {
        return code;
    }
    memset(spaces, ' ', sizeof spaces);
    pump(&stream, head, sizeof head - 1, Z_NO_FLUSH, to);
    for (size_t left = bytes; left > 0;) {
        size_t piece = left < sizeof spaces ? left : sizeof spaces;
        pump(&stream, spaces, piece, Z_NO_FLUSH, to);
        left -= piece;
    }
    pump(&stream, "", 0, Z_FINISH, to);
    return close_gzip(&stream, to, err);
}
