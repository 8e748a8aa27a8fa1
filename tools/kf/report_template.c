#include "tools/kf/report_template.h"

#include <stdbool.h>
#include <string.h>

#define MARK     "%%"
#define MARK_LEN (sizeof MARK - 1)
#define NAME_MAX ((size_t)16) /* bytes of a place's name; what is longer is no place */

/* Where the pieces go. */
struct writing {
    const struct kf_report_values *values;
    kf_report_sink *sink;
    void *context;
};

static enum kf_err write(const struct writing *self, const char *bytes, size_t length,
                         struct kf_error *err)
{
    return length > 0 ? self->sink(self->context, bytes, length, err) : KF_OK;
}

/* Writes `text` with something else for every one of the characters `special`. */
static enum kf_err write_escaped(const struct writing *self, const char *text, size_t length,
                                 const char *special, const char *const *instead,
                                 struct kf_error *err)
{
    size_t from = 0;
    enum kf_err code = KF_OK;
    for (size_t i = 0; i < length && code == KF_OK; i++) {
        const char *which = text[i] ? strchr(special, text[i]) : NULL;
        if (which) {
            const char *other = instead[which - special];
            code = write(self, text + from, i - from, err);
            code = code == KF_OK ? write(self, other, strlen(other), err) : code;
            from = i + 1;
        }
    }
    return code == KF_OK ? write(self, text + from, length - from, err) : code;
}

static enum kf_err write_words(const struct writing *self, const char *words, struct kf_error *err)
{
    static const char *const instead[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    return write_escaped(self, words, strlen(words), "&<>\"'", instead, err);
}

static enum kf_err append(void *context, const char *bytes, size_t length, struct kf_error *err)
{
    (void)err;
    kf_text_add_bytes(context, bytes, length);
    return KF_OK;
}

void kf_report_escape(const char *words, struct kf_text *html)
{
    struct writing writing = {.sink = append, .context = html};
    (void)write_words(&writing, words, NULL);
}

static enum kf_err write_language(const struct writing *self, struct kf_error *err)
{
    return write_words(self, self->values->language, err);
}

static enum kf_err write_group(const struct writing *self, struct kf_error *err)
{
    return write_words(self, self->values->group, err);
}

static enum kf_err write_title(const struct writing *self, struct kf_error *err)
{
    return write_words(self, self->values->title, err);
}

static enum kf_err write_article(const struct writing *self, struct kf_error *err)
{
    static const char *const instead[] = {"\\u003c"};
    return write_escaped(self, self->values->article, self->values->article_len, "<", instead, err);
}

static const struct place {
    const char *name;
    enum kf_err (*write)(const struct writing *self, struct kf_error *err);
} places[] = {
    {"LANGUAGE", write_language},
    {"GROUP", write_group},
    {"TITLE", write_title},
    {"ARTICLE", write_article},
};
#define PLACES (sizeof places / sizeof places[0])

/* The next mark in the text, or NULL. */
static const char *find_mark(const char *text, size_t length)
{
    for (size_t i = 0; i + MARK_LEN <= length; i++) {
        if (memcmp(text + i, MARK, MARK_LEN) == 0) {
            return text + i;
        }
    }
    return NULL;
}

/* Length of the name of capitals between the mark at `text` and the next one; 0 when there is
 * none, as in a script that has the mark for another reason. */
static size_t name_length(const char *text, size_t length)
{
    size_t name = 0;
    while (MARK_LEN + name < length && name < NAME_MAX && text[MARK_LEN + name] >= 'A' &&
           text[MARK_LEN + name] <= 'Z') {
        name++;
    }
    bool closed =
        2 * MARK_LEN + name <= length && memcmp(text + MARK_LEN + name, MARK, MARK_LEN) == 0;
    return closed ? name : 0;
}

/* Position in the table, or PLACES. */
static size_t find_place(const char *name, size_t length)
{
    size_t i = 0;
    while (i < PLACES &&
           (strlen(places[i].name) != length || memcmp(places[i].name, name, length) != 0)) {
        i++;
    }
    return i;
}

/* Writes what stands at the mark; `*used` is its length. */
static enum kf_err fill(const struct writing *self, const char *mark, size_t length,
                        bool filled[PLACES], size_t *used, struct kf_error *err)
{
    size_t name = name_length(mark, length);
    size_t which = find_place(mark + MARK_LEN, name);
    if (name == 0) {
        *used = 1;
        return write(self, mark, 1, err);
    }
    if (which == PLACES || filled[which]) {
        return kf_error_set(err, KF_ERR_INTERNAL, "the report's page has a place %.*s %s",
                            (int)name, mark + MARK_LEN,
                            which == PLACES ? "that nobody fills" : "twice");
    }
    filled[which] = true;
    *used = name + 2 * MARK_LEN;
    return places[which].write(self, err);
}

enum kf_err kf_report_write(const char *template, size_t template_len,
                            const struct kf_report_values *values, kf_report_sink *sink,
                            void *context, struct kf_error *err)
{
    struct writing writing = {.values = values, .sink = sink, .context = context};
    bool filled[PLACES] = {false};
    const char *at = template;
    const char *end = template + template_len;
    const char *mark = NULL;
    enum kf_err code = KF_OK;
    while (code == KF_OK && (mark = find_mark(at, (size_t)(end - at))) != NULL) {
        size_t used = 0;
        code = write(&writing, at, (size_t)(mark - at), err);
        if (code == KF_OK) {
            code = fill(&writing, mark, (size_t)(end - mark), filled, &used, err);
        }
        at = mark + used;
    }
    if (code == KF_OK) {
        code = write(&writing, at, (size_t)(end - at), err);
    }
    for (size_t i = 0; i < PLACES && code == KF_OK; i++) {
        if (!filled[i]) {
            code = kf_error_set(err, KF_ERR_INTERNAL, "the report's page has no place for %s",
                                places[i].name);
        }
    }
    return code;
}
