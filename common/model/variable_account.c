#include "common/model/variable_account.h"

#include <string.h>

#include "common/model/account.h"

#define NAMES_MAX ((size_t)200)

static const char *const account_keys[] = {"class", "scope", "functions", "arts", NULL};

/* A list of functions or arts, copied into the arena. */
static bool read_names(struct kf_yaml_node map, const char *key, struct kf_arena *arena,
                       const char *const **names, size_t *count, struct kf_findings *findings)
{
    struct kf_yaml_node list = kf_yaml_get(map, key);
    size_t length = kf_yaml_count(list);
    const char *remedy = "write a list of groups and codes, [FGK8, \"213\"]";
    if (!kf_yaml_exists(list)) {
        kf_yaml_fault_missing(map, findings, key, "[…]");
        return true;
    }
    if (!kf_yaml_is_list(list) || length == 0 || length > NAMES_MAX) {
        kf_yaml_fault_format(list, findings, key, remedy, "must be a list of 1 to %zu", NAMES_MAX);
        return true;
    }
    const char **kept = kf_arena_calloc(arena, length, sizeof *kept);
    for (size_t i = 0; kept && i < length; i++) {
        const char *name = kf_yaml_scalar(kf_yaml_item(list, i));
        if (!name || !name[0]) {
            kf_yaml_fault(kf_yaml_item(list, i), findings, key, remedy, "is no group and no code");
        }
        kept[i] = kf_arena_strdup(arena, name);
        if (!kept[i]) {
            return false;
        }
    }
    *names = kept;
    *count = length;
    return kept != NULL;
}

static void read_class(struct kf_yaml_node map, struct kf_account *account,
                       struct kf_findings *findings)
{
    const char *class = NULL;
    if (!kf_yaml_get_text(map, "class", true, &class, findings)) {
        return;
    }
    if (strcmp(class, "D") != 0 && strcmp(class, "I") != 0) {
        kf_yaml_fault(kf_yaml_get(map, "class"), findings, "class",
                      "write D (operating) or I (investment)", "is no class of accounts");
        return;
    }
    account->class = (enum kf_account_class) class[0];
}

static void read_scope(struct kf_yaml_node map, struct kf_account *account,
                       struct kf_findings *findings)
{
    const char *scope = NULL;
    if (!kf_yaml_get_text(map, "scope", false, &scope, findings)) {
        return;
    }
    if (strcmp(scope, kf_account_scopes[KF_ACCOUNT_TREASURY]) == 0) {
        account->scope = KF_ACCOUNT_TREASURY;
    } else if (strcmp(scope, kf_account_scopes[KF_ACCOUNT_GROUP]) != 0) {
        kf_yaml_fault(kf_yaml_get(map, "scope"), findings, "scope",
                      "write kasse (own accounts) or konsern (with undertakings)",
                      "is no scope of a variable");
    }
}

static void check_unit(struct kf_yaml_node map, const char *unit, struct kf_findings *findings)
{
    if (!kf_unit_is_money(unit)) {
        kf_yaml_fault(map, findings, "account", "give the variable the unit 1000 kr or kr",
                      "is for variables in kroner");
    }
}

bool kf_variable_account_read(struct kf_yaml_node entry, const char *unit, struct kf_arena *arena,
                              const struct kf_account **account, struct kf_findings *findings)
{
    struct kf_yaml_node map = kf_yaml_get(entry, "account");
    uint64_t before = kf_findings_count(findings);
    *account = NULL;
    if (!kf_yaml_exists(map)) {
        return true;
    }
    kf_yaml_check_keys(map, account_keys, findings);
    if (!kf_yaml_is_map(map)) {
        return true;
    }
    struct kf_account *read = kf_arena_calloc(arena, 1, sizeof *read);
    if (!read) {
        return false;
    }
    *read = (struct kf_account){.class = KF_ACCOUNT_OPERATING,
                                .scope = KF_ACCOUNT_GROUP,
                                .file = kf_arena_strdup(arena, kf_yaml_file(map)),
                                .line = kf_yaml_line(map)};
    read_class(map, read, findings);
    read_scope(map, read, findings);
    check_unit(map, unit, findings);
    bool memory = read->file != NULL;
    memory = memory &&
             read_names(map, "functions", arena, &read->functions, &read->functions_len, findings);
    memory = memory && read_names(map, "arts", arena, &read->arts, &read->arts_len, findings);
    *account = kf_findings_count(findings) == before ? read : NULL;
    return memory;
}
