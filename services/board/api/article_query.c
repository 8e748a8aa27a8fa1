#include "services/board/api/article_query.h"

#include <stdio.h>
#include <string.h>

#define YEAR_MAX 9999

static enum kf_err read_year(const char *text, int *year, struct kf_error *err)
{
    unsigned long number = 0;
    if (!kf_text_to_unsigned(text, strlen(text), YEAR_MAX, &number) || number == 0) {
        return kf_error_set(err, KF_ERR_DATA, "%.40s is no year; write it as 2024", text);
    }
    *year = (int)number;
    return KF_OK;
}

static bool is_id(const char *text, size_t length)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    return strspn(text, letters) >= length;
}

/* Copies the `length` bytes of an edition's id. */
static enum kf_err read_edition(const char *text, size_t length, char edition[],
                                struct kf_error *err)
{
    if (length == 0 || length >= KF_BOARD_EDITION_SIZE || !is_id(text, length)) {
        return kf_error_set(err, KF_ERR_DATA,
                            "an edition's id has 1 to %d letters, digits, points, dashes and "
                            "underscores",
                            KF_BOARD_EDITION_SIZE - 1);
    }
    memcpy(edition, text, length);
    edition[length] = '\0';
    return KF_OK;
}

/* The section called as the first `length` bytes; KF_SECTIONS when there is none. */
static int find_section(const char *text, size_t length)
{
    int section = 0;
    while (section < KF_SECTIONS) {
        const char *name = kf_section_name((enum kf_article_section)section);
        if (strlen(name) == length && strncmp(name, text, length) == 0) {
            break;
        }
        section++;
    }
    return section;
}

/* SECTION:EDITION/YEAR */
static enum kf_err read_use(const char *text, struct kf_article_wish *wish, struct kf_error *err)
{
    const char *colon = strchr(text, ':');
    const char *slash = strrchr(text, '/');
    int section = colon ? find_section(text, (size_t)(colon - text)) : KF_SECTIONS;
    if (section == KF_SECTIONS || !slash || slash < colon) {
        return kf_error_set(err, KF_ERR_DATA,
                            "use=%.80s: write SECTION:EDITION/YEAR, with a section of need, "
                            "resource-use, demography, production and unit-cost",
                            text);
    }
    struct kf_article_source *use = &wish->use[section];
    enum kf_err code = read_edition(colon + 1, (size_t)(slash - colon - 1), use->edition, err);
    return code == KF_OK ? read_year(slash + 1, &use->year, err) : code;
}

static enum kf_err read_uses(const struct kf_http_request *request, struct kf_article_wish *wish,
                             struct kf_error *err)
{
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < request->values_len; i++) {
        if (strcmp(request->values[i].name, "use") == 0) {
            code = read_use(request->values[i].value, wish, err);
        }
    }
    return code;
}

enum kf_err kf_article_query_read(const struct kf_http_request *request,
                                  struct kf_article_wish *wish, struct kf_error *err)
{
    uint16_t number = 0;
    struct kf_article_wish read = {.municipality = kf_http_request_value(request, "municipality")};
    const char *edition = kf_http_request_value(request, "edition");
    const char *year = kf_http_request_value(request, "year");
    if (!read.municipality ||
        !kf_municipality_parse(read.municipality, strlen(read.municipality), &number)) {
        return kf_error_set(err, KF_ERR_DATA,
                            "say which municipality, by its four digits: ?municipality=4003");
    }
    enum kf_err code =
        edition ? read_edition(edition, strlen(edition), read.asked.edition, err) : KF_OK;
    if (code == KF_OK && year) {
        code = read_year(year, &read.asked.year, err);
    }
    if (code == KF_OK) {
        code = read_uses(request, &read, err);
    }
    if (code == KF_OK) {
        *wish = read;
    }
    return code;
}
