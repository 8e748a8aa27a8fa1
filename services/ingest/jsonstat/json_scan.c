#include "services/ingest/jsonstat/json_scan.h"

#include <math.h>
#include <string.h>

#include "services/ingest/jsonstat/json_number.h"
#include "services/ingest/jsonstat/json_text.h"

/* What may come next. */
enum expect {
    EXPECT_VALUE = 0,
    EXPECT_ELEMENT_OR_END, /* behind [ */
    EXPECT_KEY_OR_END,     /* behind { */
    EXPECT_KEY,            /* behind a comma in an object */
    EXPECT_COLON,
    EXPECT_COMMA_OR_END,
    EXPECT_NOTHING, /* the document is whole */
};

static const struct word {
    const char *text;
    enum kf_json_kind kind;
} words[] = {
    {"true", KF_JSON_TRUE},
    {"false", KF_JSON_FALSE},
    {"null", KF_JSON_NULL},
};

/* What stands where, by what was expected. */
static const char *const expectations[] = {
    [EXPECT_VALUE] = "a value",
    [EXPECT_ELEMENT_OR_END] = "a value or ]",
    [EXPECT_KEY_OR_END] = "a key in quotes or }",
    [EXPECT_KEY] = "a key in quotes",
    [EXPECT_COLON] = "a colon",
    [EXPECT_COMMA_OR_END] = "a comma or the closing bracket",
    [EXPECT_NOTHING] = "the end of the document",
};

static inline bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static inline bool is_number(char c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

void kf_json_scan_init(struct kf_json_scan *self, unsigned depth_max, size_t text_bytes_max)
{
    *self = (struct kf_json_scan){.depth_max = depth_max < KF_JSON_DEPTH_MAX ? depth_max
                                                                             : KF_JSON_DEPTH_MAX};
    kf_text_init(&self->text, text_bytes_max);
}

void kf_json_scan_clear(struct kf_json_scan *self)
{
    kf_text_clear(&self->text);
}

void kf_json_scan_reset(struct kf_json_scan *self)
{
    struct kf_text text = self->text;
    *self = (struct kf_json_scan){.depth_max = self->depth_max};
    kf_text_reset(&text);
    self->text = text;
}

void kf_json_scan_input(struct kf_json_scan *self, const void *bytes, size_t length)
{
    self->before = kf_json_scan_offset(self);
    self->piece = bytes;
    self->at = self->piece;
    self->end = length > 0 ? self->piece + length : self->piece;
}

bool kf_json_scan_is_whole(const struct kf_json_scan *self)
{
    return self->expect == EXPECT_NOTHING;
}

uint64_t kf_json_scan_offset(const struct kf_json_scan *self)
{
    return self->piece ? self->before + (uint64_t)(self->at - self->piece) : self->before;
}

/* A value is complete. */
static void value_done(struct kf_json_scan *self)
{
    self->expect = self->depth > 0 ? EXPECT_COMMA_OR_END : EXPECT_NOTHING;
}

static enum kf_err unexpected(const struct kf_json_scan *self, struct kf_error *err)
{
    unsigned char c = (unsigned char)*self->at;
    const char *expected = expectations[self->expect];
    if (c == 0xef && kf_json_scan_offset(self) == 0) {
        return kf_error_set(err, KF_ERR_DATA,
                            "a byte order mark, which JSON may not begin with; save without it");
    }
    if (c > 0x20 && c < 0x7f) {
        return kf_error_set(err, KF_ERR_DATA, "'%c' instead of %s", c, expected);
    }
    return kf_error_set(err, KF_ERR_DATA, "byte 0x%02x instead of %s", c, expected);
}

static enum kf_err open_bracket(struct kf_json_scan *self, bool is_object,
                                struct kf_json_token *token, struct kf_error *err)
{
    if (self->depth == self->depth_max) {
        return kf_error_set(err, KF_ERR_LIMIT, "nested deeper than %u", self->depth_max);
    }
    self->at++;
    self->is_object[self->depth++] = is_object;
    self->expect = is_object ? EXPECT_KEY_OR_END : EXPECT_ELEMENT_OR_END;
    token->kind = is_object ? KF_JSON_OBJECT : KF_JSON_ARRAY;
    return KF_OK;
}

static enum kf_err close_bracket(struct kf_json_scan *self, bool is_object,
                                 struct kf_json_token *token, struct kf_error *err)
{
    bool may = self->expect == EXPECT_COMMA_OR_END ||
               self->expect == (is_object ? EXPECT_KEY_OR_END : EXPECT_ELEMENT_OR_END);
    if (!may || self->is_object[self->depth - 1] != is_object) {
        return unexpected(self, err);
    }
    self->at++;
    self->depth--;
    value_done(self);
    token->kind = is_object ? KF_JSON_OBJECT_END : KF_JSON_ARRAY_END;
    return KF_OK;
}

static enum kf_err go_on_text(struct kf_json_scan *self, struct kf_json_token *token,
                              struct kf_error *err)
{
    enum kf_err code = kf_json_text_go_on(self, err);
    if (code != KF_OK) {
        return code;
    }
    bool is_key = self->expect == EXPECT_KEY || self->expect == EXPECT_KEY_OR_END;
    token->kind = is_key ? KF_JSON_KEY : KF_JSON_TEXT;
    token->text = self->text.bytes;
    token->length = self->text.length;
    if (is_key) {
        self->expect = EXPECT_COLON;
    } else {
        value_done(self);
    }
    return KF_OK;
}

static enum kf_err convert(struct kf_json_scan *self, const char *text, size_t length,
                           struct kf_json_token *token, struct kf_error *err)
{
    self->partial = KF_JSON_PARTIAL_NONE;
    switch (kf_json_number_read(text, length, &token->number)) {
    case KF_JSON_NUMBER_MALFORMED:
        return kf_error_set(err, KF_ERR_DATA, "'%.*s' is no number of JSON",
                            (int)(length < 40 ? length : 40), text);
    case KF_JSON_NUMBER_BEYOND:
        return kf_error_set(err, KF_ERR_DATA, "%.*s is beyond what a double holds",
                            (int)(length < 40 ? length : 40), text);
    case KF_JSON_NUMBER_SOUND:
    default:
        token->kind = KF_JSON_NUMBER;
        value_done(self);
        return KF_OK;
    }
}

static enum kf_err go_on_number(struct kf_json_scan *self, struct kf_json_token *token,
                                struct kf_error *err)
{
    const char *begin = self->at;
    const char *p = begin;
    while (p < self->end && is_number(*p)) {
        p++;
    }
    size_t length = (size_t)(p - begin);
    if (length > KF_JSON_NUMBER_MAX - self->text.length) {
        return kf_error_set(err, KF_ERR_LIMIT, "a number is longer than %d bytes",
                            KF_JSON_NUMBER_MAX);
    }
    self->at = p;
    if (p < self->end && self->text.length == 0) {
        return convert(self, begin, length, token, err);
    }
    enum kf_err code = kf_json_text_add(self, begin, length, err);
    if (code != KF_OK || p == self->end) {
        return code != KF_OK ? code : KF_ERR_AGAIN;
    }
    return convert(self, self->text.bytes, self->text.length, token, err);
}

static enum kf_err go_on_word(struct kf_json_scan *self, struct kf_json_token *token,
                              struct kf_error *err)
{
    while (self->at < self->end && self->word->text[self->word_length] != '\0') {
        if (*self->at != self->word->text[self->word_length]) {
            return unexpected(self, err);
        }
        self->at++;
        self->word_length++;
    }
    if (self->word->text[self->word_length] != '\0') {
        return KF_ERR_AGAIN;
    }
    self->partial = KF_JSON_PARTIAL_NONE;
    token->kind = self->word->kind;
    value_done(self);
    return KF_OK;
}

static enum kf_err begin_scalar(struct kf_json_scan *self, struct kf_json_token *token,
                                struct kf_error *err)
{
    char c = *self->at;
    if (c == '"') {
        self->at++;
        kf_json_text_begin(self);
        return go_on_text(self, token, err);
    }
    if (c == '-' || (c >= '0' && c <= '9')) {
        kf_text_reset(&self->text);
        self->partial = KF_JSON_PARTIAL_NUMBER;
        return go_on_number(self, token, err);
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (c == words[i].text[0]) {
            self->word = &words[i];
            self->word_length = 0;
            self->partial = KF_JSON_PARTIAL_WORD;
            return go_on_word(self, token, err);
        }
    }
    return unexpected(self, err);
}

static enum kf_err begin_value(struct kf_json_scan *self, struct kf_json_token *token,
                               struct kf_error *err)
{
    switch (*self->at) {
    case '{':
        return open_bracket(self, true, token, err);
    case '[':
        return open_bracket(self, false, token, err);
    case ']':
        return self->expect == EXPECT_ELEMENT_OR_END ? close_bracket(self, false, token, err)
                                                     : unexpected(self, err);
    default:
        return begin_scalar(self, token, err);
    }
}

static enum kf_err go_on(struct kf_json_scan *self, struct kf_json_token *token,
                         struct kf_error *err)
{
    return self->partial == KF_JSON_PARTIAL_NUMBER ? go_on_number(self, token, err)
           : self->partial == KF_JSON_PARTIAL_WORD ? go_on_word(self, token, err)
                                                   : go_on_text(self, token, err);
}

static enum kf_err begin_token(struct kf_json_scan *self, struct kf_json_token *token,
                               struct kf_error *err)
{
    char c = *self->at;
    switch (self->expect) {
    case EXPECT_VALUE:
    case EXPECT_ELEMENT_OR_END:
        return begin_value(self, token, err);
    case EXPECT_KEY:
    case EXPECT_KEY_OR_END:
        return c == '"'   ? begin_scalar(self, token, err)
               : c == '}' ? close_bracket(self, true, token, err)
                          : unexpected(self, err);
    case EXPECT_COMMA_OR_END:
        return c == '}' || c == ']' ? close_bracket(self, c == '}', token, err)
                                    : unexpected(self, err);
    default:
        return unexpected(self, err);
    }
}

/* A colon or a comma; true when it was taken. */
static bool take_separator(struct kf_json_scan *self)
{
    if (self->expect == EXPECT_COLON && *self->at == ':') {
        self->expect = EXPECT_VALUE;
    } else if (self->expect == EXPECT_COMMA_OR_END && *self->at == ',') {
        self->expect = self->is_object[self->depth - 1] ? EXPECT_KEY : EXPECT_VALUE;
    } else {
        return false;
    }
    self->at++;
    return true;
}

enum kf_err kf_json_scan_next(struct kf_json_scan *self, struct kf_json_token *token,
                              struct kf_error *err)
{
    if (self->partial != KF_JSON_PARTIAL_NONE) {
        return self->at < self->end ? go_on(self, token, err) : KF_ERR_AGAIN;
    }
    do {
        while (self->at < self->end && is_space(*self->at)) {
            self->at++;
        }
    } while (self->at < self->end && take_separator(self));
    if (self->at == self->end) {
        return KF_ERR_AGAIN;
    }
    self->token_offset = kf_json_scan_offset(self);
    return begin_token(self, token, err);
}

static inline const char *skip_space(const char *p, const char *end)
{
    while (p < end && is_space(*p)) {
        p++;
    }
    return p;
}

/* Whether an element of an array is due; takes the comma before it. */
static bool element_is_due(struct kf_json_scan *self)
{
    if (self->partial != KF_JSON_PARTIAL_NONE || self->depth == 0 ||
        self->is_object[self->depth - 1]) {
        return false;
    }
    self->at = skip_space(self->at, self->end);
    if (self->expect == EXPECT_COMMA_OR_END && self->at < self->end) {
        (void)take_separator(self);
    }
    return self->expect <= EXPECT_ELEMENT_OR_END;
}

/* Reads a number or null with at least KF_JSON_NUMBER_QUICK_BYTES bytes at `p`; returns what
 * follows, or NULL when it needs more care. */
static inline const char *quick_element(const char *p, double *value)
{
    if (*p != 'n') {
        return kf_json_number_quick(p, value);
    }
    *value = NAN;
    return memcmp(p, "null", 4) == 0 ? p + 4 : NULL;
}

size_t kf_json_scan_numbers(struct kf_json_scan *self, double *values, size_t room)
{
    size_t count = 0;
    if (!element_is_due(self)) {
        return 0;
    }
    const char *end = self->end;
    const char *p = self->at;
    while (count < room) {
        p = skip_space(p, end);
        if (end - p < KF_JSON_NUMBER_QUICK_BYTES) {
            break;
        }
        p = quick_element(p, &values[count]);
        p = p ? skip_space(p, end) : NULL;
        if (!p || p == end || *p != ',') {
            break;
        }
        self->at = ++p;
        count++;
    }
    if (count > 0) {
        self->expect = EXPECT_VALUE;
    }
    return count;
}
