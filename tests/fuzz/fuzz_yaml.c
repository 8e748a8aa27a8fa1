/* Any bytes as YAML: a base and, behind "%%% own", what is laid over it. What is read can be walked
 * and, printed, is read again as the same tree; merged with itself it stays what it is. */
#include <string.h>

#include "common/model/yaml.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/support/promise.h"
#include "tests/fuzz/support/scratch.h"
#include "tests/fuzz/support/yaml_text.h"

#define PRINT_BYTES_MAX ((size_t)1 << 20)
#define DEPTH_MAX       40

/* --- printing -------------------------------------------------------------------------------- */

static void print_scalar(struct kf_yaml_node node, struct kf_text *out)
{
    must(kf_yaml_scalar(node) != NULL && kf_yaml_count(node) == 0);
    if (kf_yaml_is_null(node)) {
        kf_text_add(out, "null");
    } else {
        fuzz_yaml_text(kf_yaml_scalar(node), out);
    }
}

/* In braces and brackets, everything quoted: the tree, and nothing but the tree. */
static void print_node(struct kf_yaml_node node, unsigned depth, struct kf_text *out)
{
    must(kf_yaml_exists(node) && kf_yaml_line(node) > 0 && depth < DEPTH_MAX);
    must(kf_yaml_file(node) != NULL);
    if (!kf_yaml_is_map(node) && !kf_yaml_is_list(node)) {
        print_scalar(node, out);
        return;
    }
    bool map = kf_yaml_is_map(node);
    kf_text_add(out, map ? "{" : "[");
    for (size_t i = 0; i < kf_yaml_count(node); i++) {
        kf_text_add(out, i == 0 ? "" : ", ");
        if (map) {
            kf_text_add(out, "? ");
            fuzz_yaml_text(kf_yaml_key(node, i), out);
            kf_text_add(out, " : ");
        }
        print_node(map ? kf_yaml_value(node, i) : kf_yaml_item(node, i), depth + 1, out);
    }
    kf_text_add(out, map ? "}" : "]");
}

static void print(const struct kf_yaml *yaml, struct kf_text *out)
{
    kf_text_reset(out);
    print_node(kf_yaml_root(yaml), 0, out);
}

/* --- reading --------------------------------------------------------------------------------- */

/* NULL when it is refused. */
static struct kf_yaml *read_as(const char *name, const char *bytes, size_t length)
{
    static struct kf_findings findings;
    struct kf_yaml *yaml = NULL;
    struct kf_error err = {0};
    kf_findings_init(&findings);
    enum kf_err code = kf_yaml_parse(name, bytes, length, &yaml, &findings, &err);
    promise_outcome(code, KF_ERR_CONFIG, &findings, &err);
    must((code == KF_OK) == (yaml != NULL));
    kf_findings_clear(&findings);
    return yaml;
}

static void print_and_read_again(const struct kf_yaml *yaml, struct kf_text *once,
                                 struct kf_text *twice)
{
    print(yaml, once);
    if (once->failed) {
        return; /* escaped it is too long */
    }
    struct kf_yaml *again = read_as("again", once->bytes, once->length);
    must(again != NULL);
    print(again, twice);
    promise_same(once, twice);
    kf_yaml_destroy(&again);
}

/* --- merging --------------------------------------------------------------------------------- */

static void merge(const struct kf_yaml *base, const struct kf_yaml *own, struct kf_text *once,
                  struct kf_text *twice)
{
    static struct kf_findings findings;
    struct kf_yaml *merged = NULL;
    struct kf_error err = {0};
    kf_findings_init(&findings);
    enum kf_err code = kf_yaml_merge(base, own, &merged, &findings, &err);
    must(code == KF_OK || code == KF_ERR_LIMIT || code == KF_ERR_CONFIG);
    must((code == KF_OK) == (merged != NULL));
    if (kf_findings_count(&findings) > 0) {
        promise_findings(&findings);
    }
    if (merged) {
        print_and_read_again(merged, once, twice);
    }
    kf_yaml_destroy(&merged);
    kf_findings_clear(&findings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_part parts[FUZZ_PARTS_MAX];
    size_t count = fuzz_parts(data, size, parts);
    struct kf_yaml *base = read_as("base", parts[0].bytes, parts[0].length);
    struct kf_yaml *own = count > 1 ? read_as("own", parts[1].bytes, parts[1].length) : NULL;
    struct kf_text once;
    struct kf_text twice;
    kf_text_init(&once, PRINT_BYTES_MAX);
    kf_text_init(&twice, PRINT_BYTES_MAX);
    if (base) {
        print_and_read_again(base, &once, &twice);
    }
    if (base && own) {
        merge(base, own, &once, &twice);
    }
    kf_text_clear(&once);
    kf_text_clear(&twice);
    kf_yaml_destroy(&base);
    kf_yaml_destroy(&own);
    return 0;
}
