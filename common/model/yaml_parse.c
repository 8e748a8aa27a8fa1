/* From bytes to a tree. Built from libyaml's events, not from its documents, so that limits hold
 * while reading and what is refused can be told by line. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <yaml.h>

#include "common/base/memory.h"
#include "common/model/digest.h"
#include "common/model/yaml.h"
#include "common/model/yaml_tree.h"

#define DEPTH_MAX        32
#define NODES_MAX        ((size_t)200000)
#define SCALAR_BYTES_MAX ((size_t)4096)

struct builder {
    struct kf_yaml *tree;
    struct kf_findings *findings;
    struct kf_error *err;
    int open[DEPTH_MAX]; /* lists and maps that are not closed yet */
    size_t depth;
    size_t documents;
};

static void tell(struct builder *builder, uint64_t line, const char *cell, const char *remedy,
                 const char *problem)
{
    struct kf_place place = {.file = builder->tree->file, .line = line, .cell = cell};
    kf_findings_add(builder->findings, &place, remedy, "%s", problem);
}

static enum kf_err no_memory(struct builder *builder)
{
    return kf_error_set(builder->err, KF_ERR_MEMORY, "no memory to read %s", builder->tree->file);
}

static enum kf_err refused(struct builder *builder)
{
    return kf_error_set(builder->err, KF_ERR_CONFIG, "%s is not a document that can be read",
                        builder->tree->file);
}

static enum kf_err add_cell(struct builder *builder, const struct kf_yaml_cell *cell)
{
    struct kf_yaml *tree = builder->tree;
    if (tree->cells_len > NODES_MAX) {
        tell(builder, cell->line, NULL, "split the file", "the document has too many entries");
        return refused(builder);
    }
    int parent = builder->depth > 0 ? builder->open[builder->depth - 1] : 0;
    struct kf_yaml_cell *above = &tree->cells[parent];
    if (above->kind == KF_YAML_MAP && above->count % 2 == 0 && cell->kind != KF_YAML_SCALAR) {
        tell(builder, cell->line, NULL, "write a word before the colon",
             "a key must be a single word");
    }
    return kf_yaml_tree_add(tree, parent, cell) > 0 ? KF_OK : no_memory(builder);
}

static void refuse_extras(struct builder *builder, uint64_t line, const yaml_char_t *anchor,
                          const yaml_char_t *tag)
{
    if (anchor) {
        tell(builder, line, (const char *)anchor, "write the value out where it is needed",
             "anchors are not allowed here");
    }
    if (tag) {
        tell(builder, line, (const char *)tag, "remove the tag", "tags are not allowed here");
    }
}

static uint64_t line_of(const yaml_event_t *event)
{
    return (uint64_t)event->start_mark.line + 1;
}

static enum kf_err take_scalar(struct builder *builder, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    uint64_t line = line_of(event);
    refuse_extras(builder, line, event->data.scalar.anchor, event->data.scalar.tag);
    if (length > SCALAR_BYTES_MAX || memchr(text, '\0', length)) {
        tell(builder, line, NULL, "write a shorter text of printable characters",
             "the text is too long or holds a NUL");
        text = "";
        length = 0;
    }
    struct kf_yaml_cell cell = {
        .kind = KF_YAML_SCALAR,
        .quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE,
        .line = line,
        .text = kf_arena_strndup(builder->tree->arena, text, length),
    };
    return cell.text ? add_cell(builder, &cell) : no_memory(builder);
}

static enum kf_err take_alias(struct builder *builder, const yaml_event_t *event)
{
    tell(builder, line_of(event), (const char *)event->data.alias.anchor,
         "write the value out where it is needed", "aliases are not allowed here");
    struct kf_yaml_cell cell = {.kind = KF_YAML_SCALAR, .line = line_of(event), .text = ""};
    return add_cell(builder, &cell);
}

static enum kf_err take_start(struct builder *builder, const yaml_event_t *event)
{
    bool map = event->type == YAML_MAPPING_START_EVENT;
    refuse_extras(builder, line_of(event),
                  map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor,
                  map ? event->data.mapping_start.tag : event->data.sequence_start.tag);
    if (builder->depth == DEPTH_MAX) {
        tell(builder, line_of(event), NULL, "nest less deeply",
             "lists and maps are nested too deeply");
        return refused(builder);
    }
    struct kf_yaml_cell cell = {.kind = map ? KF_YAML_MAP : KF_YAML_LIST, .line = line_of(event)};
    enum kf_err code = add_cell(builder, &cell);
    if (code == KF_OK) {
        builder->open[builder->depth++] = (int)builder->tree->cells_len - 1;
    }
    return code;
}

static enum kf_err take_document(struct builder *builder, const yaml_event_t *event)
{
    if (++builder->documents == 2) {
        tell(builder, line_of(event), NULL, "make it a file of its own",
             "the file holds more than one document");
        return refused(builder);
    }
    return KF_OK;
}

static enum kf_err take_event(struct builder *builder, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return take_document(builder, event);
    case YAML_SCALAR_EVENT:
        return take_scalar(builder, event);
    case YAML_ALIAS_EVENT:
        return take_alias(builder, event);
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        return take_start(builder, event);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        builder->depth--;
        return KF_OK;
    default:
        return KF_OK;
    }
}

/* libyaml tells a malformed character by its offset, everything else by its line. */
static uint64_t line_of_offset(const char *bytes, size_t length, size_t offset)
{
    uint64_t line = 1;
    for (size_t i = 0; i < offset && i < length; i++) {
        line += bytes[i] == '\n';
    }
    return line;
}

struct source {
    const char *bytes;
    size_t length;
};

static const char *advise_syntax(const yaml_parser_t *parser)
{
    if (parser->error == YAML_READER_ERROR) {
        return "save the file as UTF-8 without control characters";
    }
    if (parser->problem && strstr(parser->problem, "mapping values are not allowed")) {
        return "put a text with a colon in quotes, source: \"SØF: rapport\", or indent keys alike";
    }
    return "close brackets and quotes, indent with spaces";
}

static enum kf_err tell_syntax(struct builder *builder, const yaml_parser_t *parser,
                               const struct source *source)
{
    if (parser->error == YAML_MEMORY_ERROR) {
        return no_memory(builder);
    }
    const char *problem = parser->problem ? parser->problem : "unreadable";
    char text[256];
    (void)snprintf(text, sizeof text, "is not YAML: %s", problem);
    uint64_t line = (uint64_t)parser->problem_mark.line + 1;
    if (parser->error == YAML_READER_ERROR) {
        line = line_of_offset(source->bytes, source->length, parser->problem_offset);
    } else if (parser->context) {
        (void)snprintf(text, sizeof text, "is not YAML: %s %s that begins on line %zu", problem,
                       parser->context, parser->context_mark.line + 1);
    }
    tell(builder, line, NULL, advise_syntax(parser), text);
    return refused(builder);
}

static enum kf_err parse_events(struct builder *builder, yaml_parser_t *parser,
                                const struct source *source)
{
    for (;;) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event)) {
            return tell_syntax(builder, parser, source);
        }
        bool ended = event.type == YAML_STREAM_END_EVENT;
        enum kf_err code = take_event(builder, &event);
        yaml_event_delete(&event);
        if (code != KF_OK || ended) {
            return code;
        }
    }
}

static enum kf_err build(struct builder *builder, const struct source *source)
{
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        return no_memory(builder);
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)source->bytes, source->length);
    enum kf_err code = parse_events(builder, &parser, source);
    yaml_parser_delete(&parser);
    if (code == KF_OK && builder->tree->cells_len == 1) {
        tell(builder, 1, NULL, "write a document or remove the file", "the file is empty");
        code = refused(builder);
    }
    if (code != KF_OK) {
        return code;
    }
    return kf_yaml_tree_link(builder->tree) ? KF_OK : no_memory(builder);
}

enum kf_err kf_yaml_parse(const char *name, const char *bytes, size_t length, struct kf_yaml **yaml,
                          struct kf_findings *findings, struct kf_error *err)
{
    struct kf_yaml *tree = kf_yaml_tree_new(name);
    if (!tree) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to read %s", name);
    }
    uint64_t before = kf_findings_count(findings);
    struct builder builder = {.tree = tree, .findings = findings, .err = err};
    struct source source = {bytes, length};
    enum kf_err code = build(&builder, &source);
    if (code == KF_OK && kf_findings_count(findings) > before) {
        code = refused(&builder);
    }
    if (code != KF_OK) {
        kf_yaml_destroy(&tree);
        return code;
    }
    *yaml = tree;
    return KF_OK;
}

/* --- files ----------------------------------------------------------------------------------- */

/* Reads until the end or until `room` bytes are full. */
static enum kf_err read_bytes(int file, const char *path, char *bytes, size_t room, size_t *length,
                              struct kf_error *err)
{
    size_t used = 0;
    while (used < room) {
        ssize_t got = read(file, bytes + used, room - used);
        if (got < 0 && errno != EINTR) {
            return kf_error_set_errno(err, KF_ERR_IO, errno, "%s: cannot be read", path);
        }
        if (got == 0) {
            break;
        }
        used += got > 0 ? (size_t)got : 0;
    }
    *length = used;
    return KF_OK;
}

static enum kf_err open_file(const char *path, int *file, size_t *size, struct kf_error *err)
{
    int opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (opened < 0) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "%s: cannot be opened", path);
    }
    struct stat about;
    if (fstat(opened, &about) != 0 || !S_ISREG(about.st_mode)) {
        (void)close(opened);
        return kf_error_set(err, KF_ERR_IO, "%s: is not a regular file", path);
    }
    *file = opened;
    *size = (size_t)about.st_size;
    return KF_OK;
}

static enum kf_err too_large(const char *path, size_t bytes_max, struct kf_findings *findings,
                             struct kf_error *err)
{
    struct kf_place place = {.file = path};
    kf_findings_add(findings, &place, "split the file",
                    "the file is larger than the limit of %zu bytes", bytes_max);
    return kf_error_set(err, KF_ERR_CONFIG, "%s is larger than the limit of %zu bytes", path,
                        bytes_max);
}

enum kf_err kf_yaml_read(const char *path, size_t bytes_max, struct kf_yaml **yaml, char digest[33],
                         struct kf_findings *findings, struct kf_error *err)
{
    int file = -1;
    size_t length = 0;
    enum kf_err code = open_file(path, &file, &length, err);
    if (code != KF_OK) {
        return code;
    }
    char *bytes = NULL;
    if (length > bytes_max) {
        code = too_large(path, bytes_max, findings, err);
        goto out;
    }
    bytes = kf_malloc(length);
    if (!bytes) {
        code = kf_error_set(err, KF_ERR_MEMORY, "no memory to read %s", path);
        goto out;
    }
    code = read_bytes(file, path, bytes, length, &length, err);
    if (code == KF_OK) {
        code = kf_yaml_parse(path, bytes, length, yaml, findings, err);
    }
    if (code == KF_OK && digest) {
        kf_digest_of(bytes, length, digest);
    }
out:
    kf_free(bytes);
    (void)close(file);
    return code;
}
