#include "common/service/security.h"

#include <string.h>

#include "common/base/log.h"
#include "common/base/memory.h"
#include "common/bus/endpoint_path.h"
#include "common/bus/keys.h"

static bool has_tcp(const struct kf_security *self, const struct kf_option *option)
{
    bool endpoint = option->type == KF_OPTION_ENDPOINT || option->type == KF_OPTION_ENDPOINTS;
    return endpoint && strstr(kf_settings_text(self->settings, option->name), "tcp://") != NULL;
}

static const char *keys_of(const struct kf_security *self)
{
    return kf_settings_text(self->settings, "keys");
}

static bool is_open_by_name(const struct kf_security *self)
{
    return kf_settings_flag(self->settings, "insecure-tcp");
}

static void check_endpoints(const struct kf_security *self, struct kf_findings *findings)
{
    for (size_t i = 0; i < self->options_len; i++) {
        const char *name = self->options[i].name;
        if (has_tcp(self, &self->options[i])) {
            struct kf_place place = {.variable = name,
                                     .cell = kf_settings_text(self->settings, name)};
            kf_findings_add(findings, &place,
                            "make keys with `kf keys new DIR` and give --keys DIR, or say "
                            "--insecure-tcp true",
                            "a tcp endpoint without keys is open to whoever reaches it");
        }
    }
}

static enum kf_err read_keys(const struct kf_security *self, struct kf_keys *keys,
                             struct kf_findings *findings, struct kf_error *err)
{
    enum kf_role role = KF_ROLES;
    if (!kf_role_parse(self->role, &role)) {
        return kf_error_set(err, KF_ERR_CONFIG, "%s has no keys", self->role);
    }
    return kf_keys_read(keys_of(self), role, keys, findings, err);
}

/* Only one of them can be meant. */
static void check_contradiction(const struct kf_security *self, struct kf_findings *findings)
{
    if (is_open_by_name(self)) {
        struct kf_place place = {.variable = "insecure-tcp", .cell = "true"};
        kf_findings_add(findings, &place, "leave out one of the two",
                        "keys close what this would leave open");
    }
}

enum kf_err kf_security_check(const struct kf_security *self, struct kf_findings *findings,
                              struct kf_error *err)
{
    enum kf_err code = KF_OK;
    uint64_t before = kf_findings_count(findings);
    struct kf_keys keys;
    if (keys_of(self)[0]) {
        check_contradiction(self, findings);
        code = read_keys(self, &keys, findings, err);
        kf_keys_wipe(&keys);
    } else if (!is_open_by_name(self)) {
        check_endpoints(self, findings);
    }
    uint64_t faults = kf_findings_count(findings) - before;
    if (code == KF_OK && faults > 0) {
        return kf_error_set(err, KF_ERR_CONFIG, "%llu fault%s in the settings",
                            (unsigned long long)faults, faults == 1 ? "" : "s");
    }
    return code;
}

/* What is wrong with the keys by now, though they were checked before. */
static enum kf_err secure(const struct kf_security *self, struct kf_bus *bus, struct kf_error *err)
{
    struct kf_keys keys;
    struct kf_findings *findings = kf_calloc(1, sizeof *findings);
    if (!findings) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory to read the keys");
    }
    kf_findings_init(findings);
    enum kf_err code = read_keys(self, &keys, findings, err);
    if (code == KF_OK) {
        code = kf_bus_secure(bus, &keys, err);
    }
    kf_keys_wipe(&keys);
    kf_findings_clear(findings);
    kf_free(findings);
    return code;
}

enum kf_err kf_security_apply(const struct kf_security *self, struct kf_bus *bus,
                              struct kf_error *err)
{
    if (keys_of(self)[0]) {
        return secure(self, bus, err);
    }
    for (size_t i = 0; is_open_by_name(self) && i < self->options_len; i++) {
        if (has_tcp(self, &self->options[i])) {
            kf_log(KF_LOG_WARN, "insecure-tcp",
                   "option=%s endpoint=%s hint=\"whoever reaches it is let in\"",
                   self->options[i].name, kf_settings_text(self->settings, self->options[i].name));
        }
    }
    if (is_open_by_name(self)) {
        kf_bus_allow_open_tcp(bus);
    }
    return KF_OK;
}
