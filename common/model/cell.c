#include "common/model/cell.h"

#include <string.h>

static const struct {
    uint8_t mask; /* of the bits that are compared */
    uint8_t bits;
    const char *name;
} flags[] = {
    {KF_CELL_KIND_MASK, KF_CELL_MISSING, "missing"},
    {KF_CELL_KIND_MASK, KF_CELL_NOT_APPLICABLE, "not_applicable"},
    {KF_CELL_KIND_MASK, KF_CELL_CONFIDENTIAL, "suppressed"},
    {KF_CELL_PROJECTED, KF_CELL_PROJECTED, "projected"},
    {KF_CELL_PUBLISHED, KF_CELL_PUBLISHED, "published"},
    {KF_CELL_IMPUTED, KF_CELL_IMPUTED, "imputed"},
    {KF_CELL_PRELIMINARY, KF_CELL_PRELIMINARY, "preliminary"},
    {KF_CELL_INFERRED, KF_CELL_INFERRED, "inferred"},
    {KF_CELL_INCOMPLETE, KF_CELL_INCOMPLETE, "incomplete"},
};

static const struct {
    const char *mark;
    uint8_t status;
} marks[] = {
    {"", KF_CELL_VALUE},     {"*", KF_CELL_PRELIMINARY},  {".", KF_CELL_NOT_APPLICABLE},
    {"..", KF_CELL_MISSING}, {":", KF_CELL_CONFIDENTIAL},
};

bool kf_cell_parse(const char *text, size_t length, uint8_t *status)
{
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (strlen(marks[i].mark) == length && memcmp(marks[i].mark, text, length) == 0) {
            *status = marks[i].status;
            return true;
        }
    }
    return false;
}

const char *kf_cell_flag(uint8_t status, unsigned index)
{
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if ((status & flags[i].mask) == flags[i].bits && index-- == 0) {
            return flags[i].name;
        }
    }
    return NULL;
}

void kf_cell_print(uint8_t status, char separator, struct kf_text *text)
{
    const char *flag = NULL;
    for (unsigned i = 0; (flag = kf_cell_flag(status, i)) != NULL; i++) {
        if (i > 0) {
            kf_text_add_char(text, separator);
        }
        kf_text_add(text, flag);
    }
}
