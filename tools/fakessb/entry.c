#include "tools/fakessb/entry.h"

#include "common/codec/json.h"

static const struct kf_fake_dimension *time_of(const struct kf_fake_table *table)
{
    for (size_t i = 0; i < table->dimensions_len; i++) {
        if (table->dimensions[i].role == KF_FAKE_TIME) {
            return &table->dimensions[i];
        }
    }
    return NULL;
}

static void write_periods(const struct kf_fake_table *table, struct kf_text *json)
{
    const struct kf_fake_dimension *time = time_of(table);
    const char *first = NULL;
    const char *last = "";
    for (size_t i = 0; time && i < time->codes_len; i++) {
        if (kf_fake_dimension_shows(time, i)) {
            first = first ? first : time->codes[i].code;
            last = time->codes[i].code;
        }
    }
    kf_fake_member("firstPeriod", first ? first : "", json);
    kf_text_add_char(json, ',');
    kf_fake_member("lastPeriod", last, json);
}

static void write_names(const struct kf_fake_table *table, struct kf_text *json)
{
    kf_text_add(json, "\"variableNames\":[");
    for (size_t i = 0; i < table->dimensions_len; i++) {
        kf_fake_comma(i > 0, json);
        kf_json_quote(table->dimensions[i].label, json);
    }
    kf_text_add_char(json, ']');
}

static void write_links(const struct kf_fake_table *table,
                        const struct kf_fake_entry_options *options, struct kf_text *json)
{
    static const char *const links[][2] = {
        {"self", ""}, {"metadata", "/metadata"}, {"data", "/data"}};
    kf_text_add(json, "\"links\":[");
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        kf_fake_comma(i > 0, json);
        kf_text_add_format(json,
                           "{\"rel\":\"%s\",\"hreflang\":\"%s\",\"href\":\"%s/tables/%s%s"
                           "?lang=%s\"}",
                           links[i][0], options->language, options->base, table->id, links[i][1],
                           options->language);
    }
    kf_text_add_char(json, ']');
}

void kf_fake_write_entry(const struct kf_fake_table *table,
                         const struct kf_fake_entry_options *options, bool alone,
                         struct kf_text *json)
{
    char updated[KF_FAKE_TIME_SIZE];
    kf_fake_time_print(table->updated_ms - options->updated_ago, updated);
    kf_text_add_char(json, '{');
    if (alone) {
        kf_fake_member("language", options->language, json);
        kf_text_add_char(json, ',');
    }
    kf_fake_member("type", "Table", json);
    kf_text_add_char(json, ',');
    kf_fake_member("id", table->id, json);
    kf_text_add_char(json, ',');
    kf_fake_member("label", table->label, json);
    kf_text_add(json, ",\"description\":\"\",");
    kf_fake_member("sortCode", table->id, json);
    kf_text_add_char(json, ',');
    kf_fake_member("updated", updated, json);
    kf_text_add_char(json, ',');
    write_periods(table, json);
    kf_text_add(json, ",\"category\":\"public\",");
    write_names(table, json);
    kf_text_add(json, ",\"discontinued\":null,\"source\":\"Statistisk sentralbyrå\",");
    kf_fake_member("subjectCode", table->subject_code, json);
    kf_text_add(json, ",\"timeUnit\":\"Annual\",\"paths\":[[{");
    kf_fake_member("id", table->subject_code, json);
    kf_text_add_char(json, ',');
    kf_fake_member("label", table->subject, json);
    kf_text_add(json, "}]],");
    write_links(table, options, json);
    kf_text_add_char(json, '}');
}
