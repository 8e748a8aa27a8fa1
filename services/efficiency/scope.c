#include "services/efficiency/scope.h"

size_t kf_scopes_of(const struct kf_edition *edition, struct kf_scope *scopes)
{
    size_t count = 0;
    bool administration = false;
    for (size_t s = 0; s < edition->sectors_len; s++) {
        const struct kf_sector *sector = &edition->sectors[s];
        scopes[count++] = (struct kf_scope){.id = sector->id, .sector = sector};
        administration = administration || sector->administration;
    }
    scopes[count++] = (struct kf_scope){.id = KF_SECTOR_TOTAL};
    if (administration) {
        scopes[count++] =
            (struct kf_scope){.id = KF_SECTOR_TOTAL_WITH_ADMINISTRATION, .administration = true};
    }
    return count;
}

const char *kf_scope_production(const struct kf_scope *self)
{
    return self->sector ? self->id : KF_SECTOR_TOTAL;
}

bool kf_scope_holds(const struct kf_scope *self, const struct kf_sector *sector)
{
    if (self->sector) {
        return self->sector == sector;
    }
    return sector->administration ? self->administration : kf_sector_produces(sector);
}

static bool is_named(const char *variable)
{
    return variable && variable[0];
}

bool kf_scope_has_key(const struct kf_edition *edition, const struct kf_scope *self)
{
    if (self->sector) {
        return self->sector->criteria_len > 0 || is_named(self->sector->published_need);
    }
    if (is_named(edition->published_need)) {
        return true;
    }
    for (size_t s = 0; s < edition->sectors_len; s++) {
        if (edition->sectors[s].need_weight > 0) {
            return true;
        }
    }
    return false;
}
