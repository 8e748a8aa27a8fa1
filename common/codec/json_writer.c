#include "common/codec/json_writer.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "common/base/decimal.h"
#include "common/base/memory.h"
#include "common/codec/json.h"

/* Behind whatever opens, or a name, there is no comma. */
static void separate(struct kf_text *json)
{
    char last = json->length > 0 ? json->bytes[json->length - 1] : '[';
    if (last != '{' && last != '[' && last != ':') {
        kf_text_add_char(json, ',');
    }
}

static void begin(struct kf_text *json, const char *name)
{
    separate(json);
    if (name) {
        kf_json_quote(name, json);
        kf_text_add_char(json, ':');
    }
}

void kf_json_open(struct kf_text *json, const char *name, char bracket)
{
    begin(json, name);
    kf_text_add_char(json, bracket);
}

void kf_json_close(struct kf_text *json, char bracket)
{
    kf_text_add_char(json, bracket);
}

/* Only foreign texts that are no texts are copied. */
static void quote_defused(struct kf_text *json, const char *value)
{
    char *copy = kf_strdup(value);
    if (!copy) {
        json->failed = true;
        return;
    }
    kf_text_defuse(copy);
    kf_json_quote(copy, json);
    kf_free(copy);
}

void kf_json_text(struct kf_text *json, const char *name, const char *value)
{
    begin(json, name);
    if (kf_text_is_utf8(value, strlen(value))) {
        kf_json_quote(value, json);
    } else {
        quote_defused(json, value);
    }
}

void kf_json_number(struct kf_text *json, const char *name, double value)
{
    char digits[KF_DECIMAL_SIZE];
    begin(json, name);
    if (!isfinite(value)) {
        json->failed = true;
        return;
    }
    kf_text_add_bytes(json, digits, kf_decimal_print(value, digits));
}

void kf_json_whole(struct kf_text *json, const char *name, int64_t value)
{
    begin(json, name);
    kf_text_add_format(json, "%" PRId64, value);
}

void kf_json_time(struct kf_text *json, const char *name, int64_t ms)
{
    if (ms > 0) {
        kf_json_whole(json, name, ms);
    }
}

void kf_json_flag(struct kf_text *json, const char *name, bool value)
{
    begin(json, name);
    kf_text_add(json, value ? "true" : "false");
}

void kf_json_raw(struct kf_text *json, const char *name, const char *value, size_t length)
{
    begin(json, name);
    kf_text_add_bytes(json, value, length);
}
