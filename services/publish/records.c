#include "services/publish/records.h"

#include <string.h>

#include "common/base/decimal.h"
#include "common/base/memory.h"
#include "common/model/digest.h"
#include "services/publish/contents.h"
#include "services/publish/summary.h"

#define SUMMARY_BYTES_MAX ((size_t)512 * 1024)

struct walk {
    const struct kf_collected *release;
    const struct kf_records_options *options;
    uint32_t panel; /* whose records are being written */
    struct kf_digest_sum digests[KF_TOPICS_ALL];
    struct kf_key_digests *keys; /* [panels_len] */
    struct kf_contents contents;
    struct kf_records_totals totals;
    struct kf_event event;
    struct kf_text key;
    struct kf_text value;
    bool emit_failed;
};

static enum kf_err no_memory(struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_MEMORY, "no memory for the records of a release");
}

/* --- one record ------------------------------------------------------------------------------ */

static void start_record(struct walk *walk)
{
    kf_text_reset(&walk->key);
    kf_text_reset(&walk->value);
}

static enum kf_err check_texts(const struct walk *walk, struct kf_error *err)
{
    return walk->key.failed || walk->value.failed ? no_memory(err) : KF_OK;
}

static void count_record(struct walk *walk, size_t topic)
{
    struct kf_digest_sum row = kf_digest_sum_of_record(walk->key.bytes, walk->key.length,
                                                       walk->value.bytes, walk->value.length);

    kf_digest_sum_join(&walk->digests[topic], &row);
    if (topic < KF_TOPICS) {
        kf_contents_add(&walk->contents, walk->panel, topic, &row);
    }
    walk->totals.rows_by_topic[topic]++;
    walk->totals.rows += topic < KF_TOPICS;
}

/* Hands over what stands in key, value and the event's headers; without the value when the key is
 * withdrawn. */
static enum kf_err emit_record(struct walk *walk, size_t topic, bool withdrawn,
                               struct kf_error *err)
{
    const struct kf_record record = {
        .panel = walk->panel,
        .topic = topic,
        .key = walk->key.bytes,
        .key_length = walk->key.length,
        .value = withdrawn ? NULL : walk->value.bytes,
        .value_length = withdrawn ? 0 : walk->value.length,
        .headers = walk->event.list,
        .headers_len = walk->event.length,
    };
    enum kf_err result = walk->options->emit(walk->options->context, &record, err);

    walk->emit_failed = result != KF_OK;
    return result;
}

static enum kf_err finish_record(struct walk *walk, size_t topic, struct kf_error *err)
{
    enum kf_err result = check_texts(walk, err);

    if (result == KF_OK) {
        result = kf_event_set_record(&walk->event, topic, &walk->key, err);
    }
    if (result != KF_OK) {
        return result;
    }
    count_record(walk, topic);
    return emit_record(walk, topic, false, err);
}

/* A failure that lies in what panel `index` holds, and not in memory or whoever takes the records,
 * is told as its fault: leaving its rows out helps. */
static enum kf_err settle(const struct walk *walk, uint32_t index, enum kf_err result,
                          struct kf_records_fault *fault, struct kf_error *err)
{
    if (result == KF_OK || result == KF_ERR_MEMORY || walk->emit_failed) {
        return result;
    }
    *fault = (struct kf_records_fault){true, index};
    if (err != NULL) {
        err->code = KF_ERR_DATA;
        err->disposition = KF_REJECT;
    }
    return KF_ERR_DATA;
}

/* --- rows ------------------------------------------------------------------------------------ */

static enum kf_err visit_row(void *context, const struct kf_panel *panel, const struct kf_row *row,
                             struct kf_error *err)
{
    struct walk *walk = context;
    size_t topic = (size_t)row->topic;

    if (topic >= KF_TOPICS || walk->options->topics->names[topic][0] == '\0') {
        return kf_error_set(err, KF_ERR_DATA, "results of kind %zu (%s) have no topic", topic,
                            kf_topic_name(row->topic));
    }
    start_record(walk);
    kf_record_row_key(panel, row, &walk->key);
    kf_digest_sum_add(&walk->keys[walk->panel].topics[topic], walk->key.bytes, walk->key.length);
    enum kf_err result = kf_record_row(kf_collected_release(walk->release)->id, panel, row,
                                       walk->options->encoding, &walk->value, err);
    return result == KF_OK ? finish_record(walk, topic, err) : result;
}

static bool published_before(const struct kf_collected *release, uint32_t index)
{
    const struct kf_panel *panel = release->panels[index]->panel;

    for (uint32_t i = 0; i < index; i++) {
        const struct kf_panel *other = release->panels[i]->panel;
        if (other != NULL && other->year == panel->year &&
            strcmp(other->edition->id, panel->edition->id) == 0) {
            return true;
        }
    }
    return false;
}

static enum kf_err walk_panel(struct walk *walk, uint32_t index, struct kf_error *err)
{
    const struct kf_panel *panel = walk->release->panels[index]->panel;

    if (published_before(walk->release, index)) {
        return kf_error_set(err, KF_ERR_DATA,
                            "the release has edition %s for %d twice, as different panels",
                            panel->edition->id, panel->year);
    }
    kf_event_set_edition(&walk->event, panel->edition->id);
    return kf_panel_walk(panel, visit_row, walk, err);
}

static enum kf_err walk_panels(struct walk *walk, struct kf_records_fault *fault,
                               struct kf_error *err)
{
    enum kf_err result = KF_OK;

    for (uint32_t i = 0; i < walk->release->panels_len && result == KF_OK; i++) {
        if (walk->release->panels[i]->panel != NULL) {
            walk->panel = i;
            result = settle(walk, i, walk_panel(walk, i, err), fault, err);
        }
    }
    return result;
}

/* --- what is withdrawn ----------------------------------------------------------------------- */

static enum kf_err withdraw_key(void *context, size_t topic, uint32_t panel, const char *key,
                                struct kf_error *err)
{
    struct walk *walk = context;

    walk->panel = panel;
    start_record(walk);
    kf_text_add(&walk->key, key);
    kf_event_set_edition(&walk->event, walk->release->panels[panel]->panel->edition->id);
    enum kf_err result = check_texts(walk, err);
    if (result == KF_OK) {
        result = kf_event_set_record(&walk->event, topic, &walk->key, err);
    }
    if (result != KF_OK) {
        return result;
    }
    walk->totals.withdrawn++;
    walk->totals.withdrawn_by_topic[topic]++;
    kf_contents_withdraw(&walk->contents, panel, topic);
    return emit_record(walk, topic, true, err);
}

static enum kf_err walk_withdrawn(struct walk *walk, struct kf_error *err)
{
    const struct kf_withdraw_options options = {
        .release = walk->release,
        .former = walk->options->former,
        .now = walk->keys,
        .read = walk->options->read_keys,
        .read_context = walk->options->context,
        .take = withdraw_key,
        .take_context = walk,
    };

    return options.former == NULL ? KF_OK : kf_withdraw(&options, err);
}

/* --- dead letters ---------------------------------------------------------------------------- */

static enum kf_err walk_rejected(struct walk *walk, const struct kf_envelope *envelope,
                                 struct kf_error *err)
{
    walk->totals.panels_rejected++;
    walk->panel = envelope->index;
    start_record(walk);
    kf_text_add_format(&walk->key, "%s/%u", envelope->release.id, envelope->index);
    enum kf_err result =
        kf_record_rejected(&envelope->release, envelope->index, envelope->rejection,
                           walk->options->encoding, &walk->value, err);
    if (result != KF_OK) {
        return result;
    }
    kf_event_set_edition(&walk->event, envelope->rejection->edition);
    return finish_record(walk, KF_TOPIC_REJECTED, err);
}

static enum kf_err walk_dead_letters(struct walk *walk, struct kf_error *err)
{
    enum kf_err result = KF_OK;

    for (uint32_t i = 0; i < walk->release->panels_len && result == KF_OK; i++) {
        if (walk->release->panels[i]->rejection != NULL) {
            result = walk_rejected(walk, walk->release->panels[i], err);
        }
    }
    return result;
}

/* --- the manifest ---------------------------------------------------------------------------- */

static void copy_text(char *into, size_t size, const char *text)
{
    size_t length = strlen(text);

    length = length < size ? length : size - 1;
    memcpy(into, text, length);
    into[length] = '\0';
}

static void describe_panel(const struct kf_envelope *envelope, struct kf_panel_content *content)
{
    const struct kf_panel *panel = envelope->panel;

    if (panel == NULL) {
        copy_text(content->edition, sizeof content->edition, envelope->rejection->edition);
        content->year = envelope->rejection->year;
        content->rejected = true;
        return;
    }
    copy_text(content->edition, sizeof content->edition, panel->edition->id);
    copy_text(content->edition_digest, sizeof content->edition_digest, panel->edition->digest);
    content->year = panel->year;
    content->municipalities = (uint32_t)panel->members_len;
}

/* The topics that hold anything of the release. */
static size_t describe_topics(const struct walk *walk, struct kf_topic_content *contents)
{
    size_t length = 0;

    for (size_t topic = 0; topic < KF_TOPICS_ALL; topic++) {
        if (walk->totals.rows_by_topic[topic] == 0 && walk->totals.withdrawn_by_topic[topic] == 0) {
            continue;
        }
        struct kf_topic_content *content = &contents[length++];
        copy_text(content->topic, sizeof content->topic, walk->options->topics->names[topic]);
        content->rows = walk->totals.rows_by_topic[topic];
        content->withdrawn = walk->totals.withdrawn_by_topic[topic];
        kf_digest_sum_print(&walk->digests[topic], content->digest);
    }
    return length;
}

static enum kf_err encode_manifest(struct walk *walk, struct kf_error *err)
{
    const struct kf_release *release = kf_collected_release(walk->release);
    struct kf_topic_content topics[KF_TOPICS_ALL];
    struct kf_panel_content *panels = kf_calloc(walk->release->panels_len, sizeof *panels);

    if (panels == NULL) {
        return no_memory(err);
    }
    for (uint32_t i = 0; i < walk->release->panels_len; i++) {
        describe_panel(walk->release->panels[i], &panels[i]);
    }
    struct kf_manifest manifest = {
        .state = walk->totals.state,
        .vintage = release->vintage,
        .program = release->program,
        .panels = panels,
        .panels_len = walk->release->panels_len,
        .topics = topics,
        .topics_len = describe_topics(walk, topics),
        .sources = release->sources,
        .sources_len = release->sources_len,
    };
    copy_text(manifest.release, sizeof manifest.release, release->id);
    copy_text(manifest.previous_release, sizeof manifest.previous_release,
              walk->options->previous_release);
    enum kf_err result = kf_contents_describe(&walk->contents, walk->options->topics, panels, err);
    if (result == KF_OK) {
        result = kf_record_manifest(&manifest, walk->options->encoding, &walk->value, err);
    }
    kf_free(panels);
    return result;
}

static void print_number(uint64_t number, char text[KF_DECIMAL_SIZE])
{
    char digits[KF_DECIMAL_SIZE];
    size_t length = 0;

    do {
        digits[length++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    for (size_t i = 0; i < length; i++) {
        text[i] = digits[length - 1 - i];
    }
    text[length] = '\0';
}

/* The header kf-keys; left empty when it would be too long: then the topics are read by whoever
 * publishes these panels next. */
static enum kf_err print_keys(const struct walk *walk, struct kf_text *text, struct kf_error *err)
{
    char name[KF_PANEL_NAME_SIZE];

    for (uint32_t i = 0; i < walk->release->panels_len; i++) {
        if (walk->release->panels[i]->panel == NULL) {
            continue;
        }
        if (text->length + KF_KEYS_PANEL_BYTES_MAX > KF_KEYS_HEADER_BYTES_MAX) {
            kf_text_reset(text);
            return KF_OK;
        }
        kf_withdraw_name(walk->release->panels[i]->panel, name);
        kf_key_digests_print(&walk->keys[i], name, text);
    }
    return text->failed ? no_memory(err) : KF_OK;
}

static enum kf_err emit_manifest(struct walk *walk, const char *panels, const char *keys,
                                 struct kf_error *err)
{
    char rows[KF_DECIMAL_SIZE];
    char rejected[KF_DECIMAL_SIZE];
    enum kf_err result = check_texts(walk, err);

    if (result == KF_OK) {
        result = kf_event_set_record(&walk->event, KF_TOPIC_RELEASE, &walk->key, err);
    }
    if (result != KF_OK) {
        return result;
    }
    print_number(walk->totals.rows, rows);
    print_number(walk->totals.panels_rejected, rejected);
    kf_event_add(&walk->event, KF_HEADER_STATE,
                 walk->totals.state == KF_RELEASE_REJECTED ? "rejected" : "committed");
    kf_event_add(&walk->event, KF_HEADER_ROWS, rows);
    kf_event_add(&walk->event, KF_HEADER_PANELS_REJECTED, rejected);
    kf_event_add(&walk->event, KF_HEADER_PANELS, panels);
    if (keys[0] != '\0') {
        kf_event_add(&walk->event, KF_HEADER_KEYS, keys);
    }
    walk->totals.rows_by_topic[KF_TOPIC_RELEASE]++;
    return emit_record(walk, KF_TOPIC_RELEASE, false, err);
}

static enum kf_err walk_manifest(struct walk *walk, struct kf_error *err)
{
    struct kf_panel_names *names = NULL;
    struct kf_text panels;
    struct kf_text keys;
    bool all_rejected = walk->totals.panels_rejected == walk->release->panels_len;

    walk->panel = KF_RECORD_NO_PANEL;
    walk->totals.state = all_rejected ? KF_RELEASE_REJECTED : KF_RELEASE_COMMITTED;
    kf_text_init(&panels, SUMMARY_BYTES_MAX);
    kf_text_init(&keys, KF_KEYS_HEADER_BYTES_MAX);
    start_record(walk);
    kf_text_add(&walk->key, kf_collected_release(walk->release)->id);
    kf_event_set_edition(&walk->event, "");
    enum kf_err result = encode_manifest(walk, err);
    if (result == KF_OK) {
        result = kf_panel_names_new(walk->release, &names, err);
    }
    if (result == KF_OK) {
        kf_panel_names_print(names, &panels);
        result = panels.failed ? no_memory(err) : print_keys(walk, &keys, err);
    }
    if (result == KF_OK) {
        result = emit_manifest(walk, panels.bytes, keys.bytes, err);
    }
    kf_panel_names_destroy(&names);
    kf_text_clear(&keys);
    kf_text_clear(&panels);
    return result;
}

/* --- the walk -------------------------------------------------------------------------------- */

static enum kf_err open_walk(struct walk *walk, struct kf_error *err)
{
    walk->keys = kf_calloc(walk->release->panels_len, sizeof *walk->keys);
    kf_text_init(&walk->key, KF_KEY_BYTES_MAX);
    kf_text_init(&walk->value, KF_RECORD_BYTES_MAX);
    kf_event_init(&walk->event, kf_collected_release(walk->release), walk->options->encoding);
    return walk->keys == NULL ? no_memory(err)
                              : kf_contents_init(&walk->contents, walk->release->panels_len, err);
}

static void close_walk(struct walk *walk)
{
    kf_free(walk->keys);
    kf_contents_clear(&walk->contents);
    kf_event_clear(&walk->event);
    kf_text_clear(&walk->key);
    kf_text_clear(&walk->value);
}

enum kf_err kf_records_walk(const struct kf_collected *release,
                            const struct kf_records_options *options,
                            struct kf_records_totals *totals, struct kf_records_fault *fault,
                            struct kf_error *err)
{
    struct walk walk = {.release = release, .options = options};

    *fault = (struct kf_records_fault){false, 0};
    enum kf_err result = open_walk(&walk, err);
    if (result == KF_OK) {
        result = walk_panels(&walk, fault, err);
    }
    if (result == KF_OK) {
        result = walk_withdrawn(&walk, err);
    }
    if (result == KF_OK) {
        result = walk_dead_letters(&walk, err);
    }
    if (result == KF_OK) {
        result = walk_manifest(&walk, err);
    }
    if (result == KF_OK) {
        *totals = walk.totals;
    }
    close_walk(&walk);
    return result;
}
