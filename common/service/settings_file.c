#include "common/service/settings_file.h"

#include <stdbool.h>

#include "common/base/lines.h"
#include "common/base/text.h"
#include "common/model/yaml.h"

static size_t find(const struct kf_settings_file *self, const char *key)
{
    for (size_t i = 0; i < self->options_len; i++) {
        if (kf_text_equal(self->options[i].name, key) && !kf_text_equal(key, "config")) {
            return i;
        }
    }
    return self->options_len;
}

static void check_keys(const struct kf_settings_file *self, struct kf_yaml_node root,
                       struct kf_findings *findings)
{
    const char *allowed[KF_OPTIONS_MAX + 1];
    size_t count = 0;
    for (size_t i = 0; i < self->options_len; i++) {
        if (!kf_text_equal(self->options[i].name, "config")) {
            allowed[count++] = self->options[i].name;
        }
    }
    allowed[count] = NULL;
    kf_yaml_check_keys(root, allowed, findings);
}

static void read_entries(const struct kf_settings_file *self, struct kf_yaml_node root,
                         struct kf_findings *findings)
{
    for (size_t i = 0; i < kf_yaml_count(root); i++) {
        const char *key = kf_yaml_key(root, i);
        size_t option = find(self, key);
        if (option == self->options_len) {
            continue; /* told by check_keys */
        }
        struct kf_yaml_node value = kf_yaml_value(root, i);
        const char *text = kf_yaml_scalar(value);
        if (text) {
            self->give(self->context, option, text, kf_yaml_line(value));
        } else {
            kf_yaml_fault(value, findings, key, "write one value behind the colon",
                          "is a list or a map");
        }
    }
}

static void read_root(const struct kf_settings_file *self, struct kf_yaml_node root,
                      struct kf_findings *findings)
{
    if (!kf_yaml_is_map(root)) {
        kf_yaml_fault(root, findings, "", "write one \"option: value\" a line",
                      "the settings are no map");
        return;
    }
    check_keys(self, root, findings);
    read_entries(self, root, findings);
}

static bool is_comment(const char *line, size_t length)
{
    size_t i = 0;
    while (i < length && (line[i] == ' ' || line[i] == '\t')) {
        i++;
    }
    return i == length || line[i] == '#';
}

/* True for a file with nothing but comments, as packages bring it. A file that cannot be read is
 * left to the YAML reader to tell about. */
static bool sets_nothing(const char *path)
{
    const struct kf_lines_options limits = {.line_bytes_max = KF_SETTINGS_FILE_MAX,
                                            .file_bytes_max = KF_SETTINGS_FILE_MAX};
    struct kf_lines *lines = NULL;
    const char *line = "";
    size_t length = 0;
    if (kf_lines_open(path, &limits, &lines, NULL) != KF_OK) {
        return false;
    }
    enum kf_err code = KF_OK;
    while (code == KF_OK && is_comment(line, length)) {
        code = kf_lines_next(lines, &line, &length, NULL);
    }
    kf_lines_destroy(&lines);
    return code == KF_ERR_AGAIN;
}

enum kf_err kf_settings_file_read(const struct kf_settings_file *self, struct kf_findings *findings,
                                  struct kf_error *err)
{
    struct kf_yaml *yaml = NULL;
    struct kf_error why;
    if (sets_nothing(self->path)) {
        return KF_OK;
    }
    uint64_t before = kf_findings_count(findings);
    enum kf_err code = kf_yaml_read(self->path, KF_SETTINGS_FILE_MAX, &yaml, NULL, findings, &why);
    if (code == KF_ERR_MEMORY) {
        return kf_error_set(err, code, "no memory to read %s", self->path);
    }
    if (code == KF_OK) {
        read_root(self, kf_yaml_root(yaml), findings);
    } else if (kf_findings_count(findings) == before) {
        kf_findings_add(findings, &(struct kf_place){.file = self->path},
                        "name a readable settings file, or leave --config out", "%s", why.text);
    }
    kf_yaml_destroy(&yaml);
    return KF_OK;
}
