/* YAML with line numbers: a thin, read-only view of libyaml's documents for editions, registers and
 * settings. Faults are collected in findings, so that all of them are told at once.
 */
#ifndef KF_MODEL_YAML_H
#define KF_MODEL_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/findings.h"

struct kf_yaml;

/* A node of the document, by value; `.index` 0 stands for "there is none". */
struct kf_yaml_node {
    const struct kf_yaml *document;
    int index;
};

/* Reads a file of at most `bytes_max` bytes holding one document. Syntax errors land in `findings`
 * with their line (result KF_ERR_CONFIG). `digest`, when not NULL, receives the XXH3-128 of the
 * file's bytes as 32 hexadecimal digits and a NUL. Anchors, aliases and tags are refused, as are
 * more than 32 levels, 200 000 nodes or 4096 bytes in one text. KF_ERR_IO without a finding when
 * the file cannot be opened or read. */
enum kf_err kf_yaml_read(const char *path, size_t bytes_max, struct kf_yaml **yaml, char digest[33],
                         struct kf_findings *findings, struct kf_error *err);

/* The same from memory; `name` stands for the file in findings. */
enum kf_err kf_yaml_parse(const char *name, const char *bytes, size_t length, struct kf_yaml **yaml,
                          struct kf_findings *findings, struct kf_error *err);

/* `own` laid over `base`: maps merge by key; lists whose items are maps with an `id` merge by id,
 * in the order of the base and new items after, `{id: x, remove: true}` takes one away; of
 * everything else the own stands alone; `key: null` takes an inherited key away. Every node keeps
 * the file and line where it stands; a map or list that both have is where the own one is. Taking
 * away what is not there is a finding (the result is KF_OK then too). The new document points into
 * both, which must outlive it. */
enum kf_err kf_yaml_merge(const struct kf_yaml *base, const struct kf_yaml *own,
                          struct kf_yaml **merged, struct kf_findings *findings,
                          struct kf_error *err);

/* Frees the document and all its texts; NULL is fine, the pointer is nulled. */
void kf_yaml_destroy(struct kf_yaml **self);

/* The outermost node; a document always has one. */
struct kf_yaml_node kf_yaml_root(const struct kf_yaml *self);

/* False for what the document does not have. */
bool kf_yaml_exists(struct kf_yaml_node node);
/* True for `key: value` pairs. */
bool kf_yaml_is_map(struct kf_yaml_node node);
/* True for a list of items. */
bool kf_yaml_is_list(struct kf_yaml_node node);

/* The text of a scalar, NULL for anything else. Lives as long as the document. */
const char *kf_yaml_scalar(struct kf_yaml_node node);

/* True for a scalar that says that there is no value: nothing at all, `null` or `~`. */
bool kf_yaml_is_null(struct kf_yaml_node node);

/* True for a scalar in quotes: a text, whatever it looks like. */
bool kf_yaml_is_quoted(struct kf_yaml_node node);

/* The line on which the node begins, from 1; 0 for a node that does not exist. */
uint64_t kf_yaml_line(struct kf_yaml_node node);
/* The name under which the document was read where the node stands, for findings. Lives as long as
 * the document. */
const char *kf_yaml_file(struct kf_yaml_node node);
/* 0 for text of the document itself, 1 for what it inherits from the one it was laid over, 2 for
 * what that one inherits, and so on. */
unsigned kf_yaml_level(struct kf_yaml_node node);

/* Members of a list or a map; 0 for a scalar. */
size_t kf_yaml_count(struct kf_yaml_node node);
struct kf_yaml_node kf_yaml_item(struct kf_yaml_node list, size_t i);
const char *kf_yaml_key(struct kf_yaml_node map, size_t i);
struct kf_yaml_node kf_yaml_value(struct kf_yaml_node map, size_t i);

/* The value under `key`; a node that does not exist when the map has none (or is no map). */
struct kf_yaml_node kf_yaml_get(struct kf_yaml_node map, const char *key);

/* Whole numbers that are allowed, both ends included. */
struct kf_yaml_range {
    long minimum;
    long maximum;
};

/* --- typed access: a fault becomes a finding that names file, line and key ------------------ */

/* Adds a finding about `node`; a scalar's text is shown with it. */
void kf_yaml_fault(struct kf_yaml_node node, struct kf_findings *findings, const char *key,
                   const char *remedy, const char *problem);

/* The same with a printf format for the problem. */
void kf_yaml_fault_format(struct kf_yaml_node node, struct kf_findings *findings, const char *key,
                          const char *remedy, const char *problem, ...)
    __attribute__((format(printf, 5, 6)));

/* Adds a finding about the key of pair `i` of the map: one that does not belong there. Where the
 * pair is what a decimal comma in braces left behind, the remedy is a decimal point; where it has a
 * number but no colon, that. */
void kf_yaml_fault_key(struct kf_yaml_node map, size_t i, struct kf_findings *findings,
                       const char *remedy, const char *problem);

/* The finding of such a slip, if pair `i` is one; else false, and no finding. */
bool kf_yaml_fault_slip(struct kf_yaml_node map, size_t i, struct kf_findings *findings);

/* Adds the finding that `map` lacks `key`; the remedy says to add `key: example`. */
void kf_yaml_fault_missing(struct kf_yaml_node map, struct kf_findings *findings, const char *key,
                           const char *example);

/* Writes a remedy for the wrong word `name`: the nearest of `names` (NULL-terminated), or all of
 * them when none is near, or when `name` is a word of the edition language that belongs elsewhere
 * (mean is not a slip of the pen for median). */
void kf_yaml_suggest(const char *name, const char *const *names, char *remedy, size_t size);

/* Every key of `map` must be one of `allowed` (NULL-terminated, fewer than 64); an unknown key is a
 * finding with the nearest allowed name; a key given twice is one too, as is anything but a map. */
void kf_yaml_check_keys(struct kf_yaml_node map, const char *const *allowed,
                        struct kf_findings *findings);

/* Each returns false and adds a finding when the value has the wrong type, or is absent and
 * `required`; absent and not required: false without a finding; the output is then unchanged. */
bool kf_yaml_get_text(struct kf_yaml_node map, const char *key, bool required, const char **text,
                      struct kf_findings *findings);
/* An identifier: lower-case letters a to z, digits, - and _, a letter first, at most 64. */
bool kf_yaml_get_id(struct kf_yaml_node map, const char *key, bool required, const char **id,
                    struct kf_findings *findings);
/* The same with an example of what may stand there. */
bool kf_yaml_get_id_as(struct kf_yaml_node map, const char *key, bool required, const char *example,
                       const char **id, struct kf_findings *findings);
/* A required name in two languages: `key: {nb: "…", en: "…"}`. */
bool kf_yaml_get_name(struct kf_yaml_node map, const char *key, const char **nb, const char **en,
                      struct kf_findings *findings);
bool kf_yaml_get_number(struct kf_yaml_node map, const char *key, bool required, double *number,
                        struct kf_findings *findings);
bool kf_yaml_get_whole(struct kf_yaml_node map, const char *key, bool required,
                       struct kf_yaml_range range, long *number, struct kf_findings *findings);
bool kf_yaml_get_flag(struct kf_yaml_node map, const char *key, bool required, bool *flag,
                      struct kf_findings *findings);

/* True when `text` is an identifier as above. */
bool kf_yaml_is_id(const char *text);

/* Reads an unquoted scalar as a whole number; false for anything else, without a finding. */
bool kf_yaml_to_whole(struct kf_yaml_node node, long *number);

#endif
