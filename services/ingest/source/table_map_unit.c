/* Units of Statistics Norway's tables against those of the register. */
#include <stddef.h>
#include <string.h>

#include "services/ingest/source/table_map_reader.h"

/* A word of the tables, a unit of the register, and what makes the one from the other. A unit that
 * ends with / stands for it over anything: kr per inhabitant are kr/persons. */
struct unit {
    const char *word;
    const char *unit;
    double factor;
};

static const struct unit units[] = {
    {"personer", "persons", 1},
    {"personer", "count", 1},
    {"antall", "count", 1},
    {"antall", "persons", 1},
    {"antall", "days", 1},
    {"kr", "kr", 1},
    {"kr", "1000 kr", 0.001},
    {"kr", "kr/", 1},
    {"1000 kr", "1000 kr", 1},
    {"1000 kr", "kr", 1000},
    {"prosent", "percent", 1},
    {"prosent", "share", 0.01},
    {"årsverk", "person_years", 1},
    {"timer", "hours", 1},
    {"døgn", "days", 1},
    {"dager", "days", 1},
    {"poeng", "points", 1},
    {"m2", "m2", 1},
    {"kvm", "m2", 1},
    {"km", "km", 1},
    {"kilometer", "km", 1},
    {"indeks", "index", 1},
    {"timer", "hours/", 1},
    {"persons", "persons", 1},
    {"persons", "count", 1},
    {"NOK 1 000", "1000 kr", 1},
    {"NOK", "kr", 1},
    {"NOK", "kr/", 1},
    {"per cent", "percent", 1},
    {"per cent", "share", 0.01},
    {"percent", "percent", 1},
    {"percent", "share", 0.01},
    {"number", "count", 1},
};

static bool is_unit(const char *pattern, const char *unit)
{
    size_t length = strlen(pattern);
    bool over = length > 0 && pattern[length - 1] == '/';
    return over ? strncmp(unit, pattern, length) == 0 : strcmp(unit, pattern) == 0;
}

const char *kf_table_unit_fault(const char *unit, double factor, const char *registered)
{
    bool word = false;
    bool converts = false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        bool same = strcmp(units[i].word, unit) == 0;
        bool fits = same && is_unit(units[i].unit, registered);
        word = word || same;
        converts = converts || fits;
        if (fits && units[i].factor == factor) {
            return NULL;
        }
    }
    if (!word) {
        return "is no unit that is known";
    }
    return converts ? "needs another factor to be what the register has"
                    : "is not what the register has";
}
