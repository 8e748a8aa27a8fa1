#include "services/ingest/csv/file_kind.h"

#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define SAVE_AS     "open it in a spreadsheet and save the sheet as \"CSV UTF-8 (comma delimited)\""
#define MAGIC(text) (text), sizeof(text) - 1

static const struct {
    const char *start;
    size_t length;
    struct kf_file_kind kind;
} magics[] = {
    {MAGIC("PK\x03\x04"),
     {"the file is a workbook (.xlsx, .ods) or a zip archive, not CSV", SAVE_AS}},
    {MAGIC("PK\x05\x06"), {"the file is an empty zip archive, not CSV", SAVE_AS}},
    {MAGIC("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
     {"the file is an old workbook (.xls), not CSV", SAVE_AS}},
    {MAGIC("\xff\xfe"),
     {"the file is UTF-16 (a spreadsheet's \"Unicode text\"), not UTF-8", SAVE_AS}},
    {MAGIC("\xfe\xff"),
     {"the file is UTF-16 (a spreadsheet's \"Unicode text\"), not UTF-8", SAVE_AS}},
    {MAGIC("%PDF-"),
     {"the file is a PDF, not CSV", "give the table that it was made from, as CSV"}},
    {MAGIC("\x1f\x8b"), {"the file is compressed (gzip)", "unpack it first"}},
    {MAGIC("<!doctype html"), {"the file is a web page, not CSV", SAVE_AS}},
    {MAGIC("<html"), {"the file is a web page, not CSV", SAVE_AS}},
    {MAGIC("<table"), {"the file is a web page, not CSV", SAVE_AS}},
    {MAGIC("<?xml"), {"the file is XML, not CSV", SAVE_AS}},
    {MAGIC("{\\rtf"), {"the file is a text document (.rtf), not CSV", "give the table as CSV"}},
};

bool kf_file_kind_of(const char *bytes, size_t length, struct kf_file_kind *kind)
{
    size_t mark = length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++) {
        if (length - mark >= magics[i].length &&
            strncasecmp(bytes + mark, magics[i].start, magics[i].length) == 0) {
            *kind = magics[i].kind;
            return true;
        }
    }
    return false;
}

bool kf_file_kind_read(const char *path, struct kf_file_kind *kind)
{
    char bytes[KF_FILE_KIND_BYTES];
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    if (file < 0) {
        return false;
    }
    ssize_t got = read(file, bytes, sizeof bytes);
    (void)close(file);
    return got > 0 && kf_file_kind_of(bytes, (size_t)got, kind);
}
