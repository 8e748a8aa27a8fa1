#include "common/codec/panel_codec.h"

#include <string.h>

#include "common/codec/edition_codec.h"
#include "common/codec/scratch.h"
#include "common/codec/text_list.h"
#include "common/codec/unpack.h"

_Static_assert((int)KF_TOPIC_NEED == (int)KF__V1__TOPIC__TOPIC_NEED, "");
_Static_assert((int)KF_TOPIC_RESOURCE_USE == (int)KF__V1__TOPIC__TOPIC_RESOURCE_USE, "");
_Static_assert((int)KF_TOPIC_DEMOGRAPHY == (int)KF__V1__TOPIC__TOPIC_DEMOGRAPHY, "");
_Static_assert((int)KF_TOPIC_INDICATOR == (int)KF__V1__TOPIC__TOPIC_INDICATOR, "");
_Static_assert((int)KF_TOPIC_INDEX == (int)KF__V1__TOPIC__TOPIC_INDEX, "");
_Static_assert((int)KF_TOPIC_EFFICIENCY == (int)KF__V1__TOPIC__TOPIC_EFFICIENCY, "");
_Static_assert((int)KF_TOPIC_UNIT_COST == (int)KF__V1__TOPIC__TOPIC_UNIT_COST, "");
_Static_assert((int)KF_TOPIC_STATISTICS == (int)KF__V1__TOPIC__TOPIC_STATISTICS, "");

static enum kf_err refuse_depth(struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_LIMIT, "panel with more than %d years before it",
                        KF_LATEST_YEARS_MAX);
}

static enum kf_err refuse_further(struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_LIMIT, "panel with more than %d further years",
                        KF_FURTHER_YEARS_MAX);
}

/* --- to a message ---------------------------------------------------------------------------- */

static void columns_to_message(const struct kf_panel *panel, Kf__V1__Panel *message,
                               struct kf_scratch *scratch)
{
    size_t count = panel->columns_len;
    Kf__V1__Column *columns = kf_scratch_array(scratch, count, sizeof *columns);
    message->columns = kf_scratch_array(scratch, count, sizeof *message->columns);
    message->n_columns = message->columns ? count : 0;
    for (size_t i = 0; i < message->n_columns; i++) {
        const struct kf_column *from = &panel->columns[i];
        Kf__V1__Column *column = &columns[i];
        kf__v1__column__init(column);
        column->variable = kf_scratch_text(scratch, from->variable);
        column->n_values = panel->members_len;
        column->values = from->values;
        column->status = (ProtobufCBinaryData){panel->members_len, from->status};
        column->country_value = from->country_value;
        column->country_status = from->country_status;
        if (from->other_values && panel->others_len > 0) {
            column->n_other_values = panel->others_len;
            column->other_values = from->other_values;
            column->other_status = (ProtobufCBinaryData){panel->others_len, from->other_status};
        }
        message->columns[i] = column;
    }
}

static void results_to_message(const struct kf_panel *panel, Kf__V1__Panel *message,
                               struct kf_scratch *scratch)
{
    size_t count = panel->results_len;
    Kf__V1__Result *results = kf_scratch_array(scratch, count, sizeof *results);
    message->results = kf_scratch_array(scratch, count, sizeof *message->results);
    message->n_results = message->results ? count : 0;
    for (size_t i = 0; i < message->n_results; i++) {
        const struct kf_result *from = &panel->results[i];
        Kf__V1__Result *result = &results[i];
        kf__v1__result__init(result);
        result->topic = (Kf__V1__Topic)from->topic;
        result->sector = kf_scratch_text(scratch, from->sector);
        result->indicator = kf_scratch_text(scratch, from->indicator);
        result->measure = kf_scratch_text(scratch, from->measure);
        result->unit = kf_scratch_text(scratch, from->unit);
        result->group = from->group;
        result->n_values = from->group ? 1 : panel->members_len;
        result->values = from->values;
        result->status = (ProtobufCBinaryData){result->n_values, from->status};
        message->results[i] = result;
    }
}

/* The message of one year, without its edition and other years. */
static Kf__V1__Panel *year_to_message(const struct kf_panel *panel, struct kf_scratch *scratch)
{
    Kf__V1__Panel *message = kf_scratch_array(scratch, 1, sizeof *message);
    if (!message) {
        return NULL;
    }
    kf__v1__panel__init(message);
    message->year = panel->year;
    message->country_municipalities = (uint32_t)panel->country_municipalities;
    kf_texts_to_message(panel->members, panel->members_len, &message->members, &message->n_members,
                        scratch);
    columns_to_message(panel, message, scratch);
    results_to_message(panel, message, scratch);
    kf_texts_to_message(panel->others, panel->others_len, &message->others, &message->n_others,
                        scratch);
    return message;
}

static enum kf_err previous_to_message(const struct kf_panel *panel, Kf__V1__Panel *message,
                                       struct kf_scratch *scratch, struct kf_error *err)
{
    Kf__V1__Panel *last = message;
    int earlier = 0;
    for (const struct kf_panel *year = panel->previous; year && last; year = year->previous) {
        if (++earlier > KF_LATEST_YEARS_MAX) {
            return refuse_depth(err);
        }
        last->previous = year_to_message(year, scratch);
        last = last->previous;
    }
    return KF_OK;
}

/* The chain of years becomes a list of them. */
static enum kf_err further_to_message(const struct kf_panel *panel, Kf__V1__Panel *message,
                                      struct kf_scratch *scratch, struct kf_error *err)
{
    size_t count = 0;
    for (const struct kf_panel *year = panel->further; year; year = year->further) {
        if (++count > KF_FURTHER_YEARS_MAX) {
            return refuse_further(err);
        }
    }
    message->further = kf_scratch_array(scratch, count, sizeof(void *));
    const struct kf_panel *year = panel->further;
    for (size_t i = 0; message->further && i < count; i++, year = year->further) {
        message->further[i] = year_to_message(year, scratch);
        message->n_further = i + 1;
    }
    return KF_OK;
}

enum kf_err kf_panel_to_message(const struct kf_panel *panel, struct kf_arena *arena,
                                Kf__V1__Panel **message, struct kf_error *err)
{
    struct kf_scratch scratch = {.arena = arena};
    Kf__V1__Panel *built = year_to_message(panel, &scratch);
    enum kf_err code = KF_OK;
    if (built) {
        built->edition = kf_edition_to_message(panel->edition, &scratch);
        code = previous_to_message(panel, built, &scratch, err);
    }
    if (built && !code) {
        code = further_to_message(panel, built, &scratch, err);
    }
    if (!code) {
        code = kf_scratch_result(&scratch, err);
    }
    if (!code) {
        *message = built;
    }
    return code;
}

/* --- what a message must hold ---------------------------------------------------------------- */

static enum kf_err check_counts(const Kf__V1__Panel *message, struct kf_error *err)
{
    const struct {
        size_t count;
        size_t maximum;
        const char *what;
    } limits[] = {
        {message->n_members, KF_PANEL_MEMBERS_MAX, "members"},
        {message->n_others, KF_PANEL_MEMBERS_MAX, "others"},
        {message->n_columns, KF_PANEL_COLUMNS_MAX, "columns"},
        {message->n_results, KF_PANEL_RESULTS_MAX, "results"},
    };
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        if (limits[i].count > limits[i].maximum) {
            return kf_error_set(err, KF_ERR_LIMIT, "panel of %zu %s, at most %zu are allowed",
                                limits[i].count, limits[i].what, limits[i].maximum);
        }
    }
    return KF_OK;
}

static enum kf_err check_column(const Kf__V1__Column *column, size_t members, size_t others,
                                struct kf_error *err)
{
    bool without = column->n_other_values == 0 && column->other_status.len == 0;
    if (!without && (column->n_other_values != others || column->other_status.len != others)) {
        return kf_error_set(
            err, KF_ERR_DATA, "column %s has %zu values and %zu statuses for %zu others",
            column->variable, column->n_other_values, column->other_status.len, others);
    }
    if (column->n_values != members || column->status.len != members) {
        return kf_error_set(err, KF_ERR_DATA,
                            "column %s has %zu values and %zu statuses for %zu members",
                            column->variable, column->n_values, column->status.len, members);
    }
    if (column->country_status > UINT8_MAX) {
        return kf_error_set(err, KF_ERR_DATA, "column %s: unknown status %u of the country",
                            column->variable, column->country_status);
    }
    return KF_OK;
}

static enum kf_err check_result(const Kf__V1__Result *result, size_t members, struct kf_error *err)
{
    size_t cells = result->group ? 1 : members;
    if (result->n_values != cells || result->status.len != cells) {
        return kf_error_set(err, KF_ERR_DATA,
                            "result %s/%s/%s has %zu values and %zu statuses for %zu cells",
                            result->sector, result->indicator, result->measure, result->n_values,
                            result->status.len, cells);
    }
    if (result->topic < KF__V1__TOPIC__TOPIC_NEED ||
        result->topic > KF__V1__TOPIC__TOPIC_STATISTICS) {
        return kf_error_set(err, KF_ERR_DATA, "result %s/%s/%s belongs to the unknown topic %d",
                            result->sector, result->indicator, result->measure, (int)result->topic);
    }
    return KF_OK;
}

static enum kf_err check_year(const Kf__V1__Panel *message, struct kf_error *err)
{
    enum kf_err code = check_counts(message, err);
    for (size_t i = 0; !code && i < message->n_columns; i++) {
        code = check_column(message->columns[i], message->n_members, message->n_others, err);
    }
    for (size_t i = 0; !code && i < message->n_results; i++) {
        code = check_result(message->results[i], message->n_members, err);
    }
    return code;
}

static enum kf_err check_previous(const Kf__V1__Panel *message, struct kf_error *err)
{
    enum kf_err code = KF_OK;
    int earlier = 0;
    for (const Kf__V1__Panel *year = message->previous; year && !code; year = year->previous) {
        if (++earlier > KF_LATEST_YEARS_MAX) {
            code = refuse_depth(err);
        } else if (year->edition || year->n_further > 0) {
            code = kf_error_set(err, KF_ERR_DATA,
                                "panel of an earlier year with its own edition or further years");
        } else {
            code = check_year(year, err);
        }
    }
    return code;
}

static enum kf_err check_further(const Kf__V1__Panel *message, struct kf_error *err)
{
    if (message->n_further > KF_FURTHER_YEARS_MAX) {
        return refuse_further(err);
    }
    enum kf_err code = KF_OK;
    for (size_t i = 0; i < message->n_further && !code; i++) {
        const Kf__V1__Panel *year = message->further[i];
        if (year->edition || year->previous || year->n_further > 0 || year->n_others > 0) {
            code = kf_error_set(err, KF_ERR_DATA,
                                "panel of a further year with an edition, others or years of its "
                                "own");
        } else {
            code = check_year(year, err);
        }
    }
    return code;
}

static enum kf_err check_message(const Kf__V1__Panel *message, struct kf_error *err)
{
    if (!message->edition) {
        return kf_error_set(err, KF_ERR_DATA, "panel without an edition");
    }
    enum kf_err code = check_year(message, err);
    if (!code) {
        code = check_previous(message, err);
    }
    return code ? code : check_further(message, err);
}

/* --- from a message -------------------------------------------------------------------------- */

/* Copies of the `count` elements; NULL after a failure. */
static void *copy_of(struct kf_scratch *scratch, const void *elements, size_t count, size_t size)
{
    void *copy = kf_scratch_array(scratch, count, size);
    if (copy) {
        memcpy(copy, elements, count * size);
    }
    return copy;
}

static void columns_from_message(const Kf__V1__Panel *message, struct kf_panel *panel,
                                 struct kf_scratch *scratch)
{
    panel->columns = kf_scratch_array(scratch, message->n_columns, sizeof *panel->columns);
    panel->columns_len = panel->columns ? message->n_columns : 0;
    for (size_t i = 0; i < panel->columns_len; i++) {
        const Kf__V1__Column *from = message->columns[i];
        panel->columns[i] = (struct kf_column){
            .variable = kf_scratch_copy(scratch, from->variable),
            .values = copy_of(scratch, from->values, from->n_values, sizeof(double)),
            .status = copy_of(scratch, from->status.data, from->status.len, 1),
            .country_value = from->country_value,
            .country_status = (uint8_t)from->country_status,
            .other_values =
                copy_of(scratch, from->other_values, from->n_other_values, sizeof(double)),
            .other_status = copy_of(scratch, from->other_status.data, from->other_status.len, 1),
        };
    }
}

/* The text of the result before when it is the same: neighbours share most of their names. */
static const char *shared_copy(struct kf_scratch *scratch, const char *text, const char *before)
{
    return before && strcmp(text, before) == 0 ? before : kf_scratch_copy(scratch, text);
}

static void results_from_message(const Kf__V1__Panel *message, struct kf_panel *panel,
                                 struct kf_scratch *scratch)
{
    panel->results = kf_scratch_array(scratch, message->n_results, sizeof *panel->results);
    panel->results_len = panel->results ? message->n_results : 0;
    panel->results_room = panel->results_len;
    struct kf_result before = {.sector = NULL};
    for (size_t i = 0; i < panel->results_len; i++) {
        const Kf__V1__Result *from = message->results[i];
        panel->results[i] = (struct kf_result){
            .topic = (enum kf_topic)from->topic,
            .sector = shared_copy(scratch, from->sector, before.sector),
            .indicator = shared_copy(scratch, from->indicator, before.indicator),
            .measure = shared_copy(scratch, from->measure, before.measure),
            .unit = shared_copy(scratch, from->unit, before.unit),
            .group = from->group != 0,
            .values = copy_of(scratch, from->values, from->n_values, sizeof(double)),
            .status = copy_of(scratch, from->status.data, from->status.len, 1),
        };
        before = panel->results[i];
    }
}

/* One year, but for its edition and arena. */
static void year_from_message(const Kf__V1__Panel *message, struct kf_panel *panel,
                              struct kf_scratch *scratch)
{
    panel->year = message->year;
    panel->country_municipalities = message->country_municipalities;
    panel->members =
        kf_texts_from_message(message->members, message->n_members, &panel->members_len, scratch);
    panel->others =
        kf_texts_from_message(message->others, message->n_others, &panel->others_len, scratch);
    columns_from_message(message, panel, scratch);
    results_from_message(message, panel, scratch);
}

/* Another year of the panel, in its arena and with its edition; NULL after a failure. */
static struct kf_panel *other_year(const Kf__V1__Panel *message, const struct kf_panel *panel,
                                   struct kf_scratch *scratch)
{
    struct kf_panel *year = kf_scratch_array(scratch, 1, sizeof *year);
    if (year) {
        year->arena = panel->arena;
        year->edition = panel->edition;
        year_from_message(message, year, scratch);
    }
    return year;
}

static void previous_from_message(const Kf__V1__Panel *message, struct kf_panel *panel,
                                  struct kf_scratch *scratch)
{
    struct kf_panel *last = panel;
    for (const Kf__V1__Panel *year = message->previous; year && last; year = year->previous) {
        last->previous = other_year(year, panel, scratch);
        last = last->previous;
    }
}

static void further_from_message(const Kf__V1__Panel *message, struct kf_panel *panel,
                                 struct kf_scratch *scratch)
{
    struct kf_panel *last = panel;
    for (size_t i = 0; i < message->n_further && last; i++) {
        last->further = other_year(message->further[i], panel, scratch);
        last = last->further;
    }
}

static enum kf_err fill(const Kf__V1__Panel *message, struct kf_panel *panel, struct kf_error *err)
{
    enum kf_err code =
        kf_edition_from_message(message->edition, panel->arena, &panel->edition, err);
    if (code) {
        return code;
    }
    struct kf_scratch scratch = {.arena = panel->arena};
    year_from_message(message, panel, &scratch);
    previous_from_message(message, panel, &scratch);
    further_from_message(message, panel, &scratch);
    code = kf_scratch_result(&scratch, err);
    return code ? code : kf_panel_check(panel, err);
}

enum kf_err kf_panel_from_message(const Kf__V1__Panel *message, struct kf_panel **panel,
                                  struct kf_error *err)
{
    enum kf_err code = check_message(message, err);
    if (code) {
        return code;
    }
    struct kf_panel *built = kf_panel_new();
    if (!built) {
        return kf_codec_no_memory(err);
    }
    code = fill(message, built, err);
    if (code) {
        kf_panel_destroy(&built);
        return code;
    }
    *panel = built;
    return KF_OK;
}
