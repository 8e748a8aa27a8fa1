#include "tools/kf/arguments.h"

#include <stdio.h>
#include <string.h>

#include "common/base/findings.h"
#include "common/base/memory.h"
#include "common/base/text.h"

/* The values of one option; the plain words stand behind the table's options. */
struct slot {
    const char **values;
    size_t count;
    bool given;
};

struct kf_arguments {
    const struct kf_argument *table;
    size_t table_len;
    struct slot *slots; /* table_len + 1 */
};

static enum kf_err slot_add(struct slot *slot, const char *value, struct kf_error *err)
{
    if (slot->count == KF_ARGUMENT_VALUES_MAX) {
        return kf_error_set(err, KF_ERR_CONFIG, "more than %d values", KF_ARGUMENT_VALUES_MAX);
    }
    const char **grown = kf_realloc(slot->values, (slot->count + 1) * sizeof *grown);
    if (!grown) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the command line");
    }
    slot->values = grown;
    slot->values[slot->count++] = value;
    return KF_OK;
}

/* Position in the table of the option in `word` (--name or --name=value), or table_len. */
static size_t find(const struct kf_arguments *self, const char *word)
{
    const char *name = word + 2; /* of -x what is behind it: the name of no option */
    size_t length = word[1] == '-' ? strcspn(name, "=") : 0;
    for (size_t i = 0; i < self->table_len; i++) {
        const char *known = self->table[i].name;
        if (strlen(known) == length && strncmp(known, name, length) == 0) {
            return i;
        }
    }
    return self->table_len;
}

static enum kf_err unknown_option(const struct kf_arguments *self, const char *word,
                                  struct kf_error *err)
{
    const char *names[64];
    size_t count = 0;
    for (; count < self->table_len && count < 64; count++) {
        names[count] = self->table[count].name;
    }
    const char *meant = kf_findings_suggest(word + 2, names, count);
    return kf_error_set(err, KF_ERR_CONFIG, "unknown option %s%s%s; --help lists the options", word,
                        meant ? ", did you mean --" : "", meant ? meant : "");
}

/* --name, or a single dash and a letter, which no option has and which is told so. */
static bool is_option(const char *word)
{
    bool letter = (word[1] >= 'a' && word[1] <= 'z') || (word[1] >= 'A' && word[1] <= 'Z');
    return word[0] == '-' && (letter || (word[1] == '-' && word[2] != '\0'));
}

/* An empty value is what a shell makes of a variable that is not set, and never meant; except where
 * nothing is what an option has by default. */
static enum kf_err take_value(const struct kf_argument *argument, struct slot *slot,
                              const char *value, struct kf_error *err)
{
    bool allowed = argument->initial && argument->initial[0] == '\0';
    if (value[0] == '\0' && !allowed) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "--%s: the value is empty; give %s, or leave the option out",
                            argument->name, argument->value);
    }
    return slot_add(slot, value, err);
}

/* Takes the option at words[i] with its values; `*used` is how many words that were. */
static enum kf_err take_option(struct kf_arguments *self, int words_len, char *const *words,
                               int *used, struct kf_error *err)
{
    size_t position = find(self, words[0]);
    if (position == self->table_len) {
        return unknown_option(self, words[0], err);
    }
    const struct kf_argument *argument = &self->table[position];
    struct slot *slot = &self->slots[position];
    const char *inside = strchr(words[0], '=');
    bool again = slot->given && argument->kind != KF_ARGUMENT_MANY;
    if (again || (argument->kind == KF_ARGUMENT_FLAG && inside)) {
        return kf_error_set(err, KF_ERR_CONFIG, "--%s %s", argument->name,
                            again ? "is given twice" : "takes no value");
    }
    slot->given = true;
    *used = 1;
    if (argument->kind == KF_ARGUMENT_FLAG) {
        return KF_OK;
    }
    if (inside) {
        return take_value(argument, slot, inside + 1, err);
    }
    int most = argument->kind == KF_ARGUMENT_ONE ? 1 : words_len - 1;
    enum kf_err code = KF_OK;
    while (code == KF_OK && *used <= most && *used < words_len && !is_option(words[*used])) {
        code = take_value(argument, slot, words[(*used)++], err);
    }
    if (code == KF_OK && *used == 1) {
        return kf_error_set(err, KF_ERR_CONFIG, "--%s needs a value (%s)", argument->name,
                            argument->value);
    }
    return code;
}

static enum kf_err take_all(struct kf_arguments *self, int words_len, char *const *words,
                            struct kf_error *err)
{
    bool options = true;
    for (int i = 0; i < words_len;) {
        enum kf_err code = KF_OK;
        int used = 1;
        if (options && strcmp(words[i], "--") == 0) {
            options = false;
        } else if (options && is_option(words[i])) {
            code = take_option(self, words_len - i, words + i, &used, err);
        } else {
            code = slot_add(&self->slots[self->table_len], words[i], err);
        }
        if (code != KF_OK) {
            return code;
        }
        i += used;
    }
    return KF_OK;
}

static enum kf_err check_required(const struct kf_arguments *self, struct kf_error *err)
{
    char missing[256] = "";
    size_t length = 0;
    for (size_t i = 0; i < self->table_len; i++) {
        if (self->table[i].required && !self->slots[i].given && length < sizeof missing) {
            length += (size_t)snprintf(missing + length, sizeof missing - length, " --%s %s",
                                       self->table[i].name, self->table[i].value);
        }
    }
    return length == 0 ? KF_OK : kf_error_set(err, KF_ERR_CONFIG, "missing:%s", missing);
}

enum kf_err kf_arguments_read(const struct kf_argument *table, size_t table_len, int words_len,
                              char *const *words, struct kf_arguments **arguments,
                              struct kf_error *err)
{
    struct kf_arguments *self = kf_calloc(1, sizeof *self);
    struct slot *slots = kf_calloc(table_len + 1, sizeof *slots);
    if (!self || !slots) {
        kf_free(self);
        kf_free(slots);
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for the command line");
    }
    *self = (struct kf_arguments){.table = table, .table_len = table_len, .slots = slots};
    enum kf_err code = take_all(self, words_len, words, err);
    if (code == KF_OK) {
        code = check_required(self, err);
    }
    if (code != KF_OK) {
        kf_arguments_destroy(&self);
        return code;
    }
    *arguments = self;
    return KF_OK;
}

void kf_arguments_destroy(struct kf_arguments **self)
{
    if (!self || !*self) {
        return;
    }
    for (size_t i = 0; i <= (*self)->table_len; i++) {
        kf_free((*self)->slots[i].values);
    }
    kf_free((*self)->slots);
    kf_free(*self);
    *self = NULL;
}

static const struct slot *slot_of(const struct kf_arguments *self, const char *name,
                                  const char **initial)
{
    *initial = NULL;
    for (size_t i = 0; i < self->table_len; i++) {
        if (strcmp(self->table[i].name, name) == 0) {
            *initial = self->table[i].initial;
            return &self->slots[i];
        }
    }
    return &self->slots[self->table_len];
}

bool kf_arguments_flag(const struct kf_arguments *self, const char *name)
{
    const char *initial = NULL;
    return slot_of(self, name, &initial)->given;
}

const char *kf_arguments_one(const struct kf_arguments *self, const char *name)
{
    const char *initial = NULL;
    const struct slot *slot = slot_of(self, name, &initial);
    return slot->count > 0 ? slot->values[0] : initial;
}

size_t kf_arguments_many(const struct kf_arguments *self, const char *name,
                         const char *const **values)
{
    const char *initial = NULL;
    const struct slot *slot = slot_of(self, name, &initial);
    *values = (const char *const *)slot->values;
    return slot->count;
}
