#include "fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATHS      8
#define PATH_BYTES 512

static char folder[64];
static char paths[PATHS][PATH_BYTES];
static size_t next_path;
static struct kf_findings findings;

const char fixture_variables_yaml[] =
    "variables:\n"
    "  - {id: folkemengde, unit: persons, minimum: 0, maximum: 10000000,\n"
    "     name: {nb: \"Folkemengde\", en: \"Inhabitants\"}}\n"
    "  - {id: framskrevet, unit: persons, minimum: 0, name: {nb: \"F\", en: \"P\"}}\n"
    "  - {id: framskrevet_barn, unit: persons, minimum: 0, name: {nb: \"F\", en: \"P\"}}\n"
    "  - {id: timer, unit: hours, minimum: 0, name: {nb: \"Timer\", en: \"Hours\"}}\n"
    "  - {id: barn, unit: persons, minimum: 0, name: {nb: \"Barn\", en: \"Children\"}}\n"
    "  - {id: andel, unit: share, minimum: 0, maximum: 1, name: {nb: \"Andel\", en: \"Share\"}}\n"
    "  - {id: reise, unit: km, minimum: 0, name: {nb: \"Reise\", en: \"Travel\"}}\n"
    "  - {id: bdu, unit: 1000 kr, minimum: -1e9, name: {nb: \"BDU\", en: \"Gross\"}}\n"
    "  - {id: avskrivninger, unit: 1000 kr, minimum: -1e9, name: {nb: \"A\", en: \"D\"}}\n"
    "  - {id: pensjon, unit: 1000 kr, minimum: -1e9, name: {nb: \"P\", en: \"P\"}}\n"
    "  - {id: lonn, unit: 1000 kr, minimum: -1e9, name: {nb: \"L\", en: \"W\"}}\n"
    "  - {id: prod, unit: index, minimum: 0, name: {nb: \"P\", en: \"P\"}}\n"
    "  - {id: utg, unit: index, minimum: 0, name: {nb: \"U\", en: \"E\"}}\n";

const char fixture_municipalities_csv[] = "municipality,name,valid_from,valid_to\n"
                                          "0301,Oslo,1925-01-01,\n"
                                          "0106,Fredrikstad,1994-01-01,2020-01-01\n"
                                          "0219,Bærum,1838-01-01,2020-01-01\n"
                                          "0134,Onsøy,1838-01-01,1994-01-01\n"
                                          "4204,Kristiansand,2020-01-01,\n"
                                          "5001,Trondheim - Tråante,2023-01-01,\n"
                                          "5001,Trondheim,2018-01-01,2023-01-01\n"
                                          "0716,Re,2002-07-01,2018-03-15\n";

const char fixture_edition_yaml[] =
    "id: liten\n"
    "title: {nb: \"Liten\", en: \"Small\"}\n"
    "source: \"made up\"\n"
    "years: [2010, 2012]\n"
    "structure: data-year\n"
    "scale: 100\n"
    "population: folkemengde\n"
    "missing: minimum\n"
    "group:\n"
    "  name: {nb: \"Tre\", en: \"Three\"}\n"
    "  municipalities: [\"0301\", \"0106\", 0219]\n"
    "sectors:\n"
    "  - id: barnehage\n"
    "    name: {nb: \"Barnehage\", en: \"Kindergarten\"}\n"
    "    weight: 0.7\n"
    "    source: \"table 1\"\n"
    "    need:\n"
    "      weight: 1\n"
    "      criteria:\n"
    "        - {id: barn, variable: barn, weight: 0.8}\n"
    "        - {id: sone, variable: reise, weight: 0.1501, cost_disadvantage: true}\n"
    "        - {id: basis, basis: true, weight: 0.05, cost_disadvantage: true}\n"
    "    indicators:\n"
    "      - {id: timer, weight: 0.25, variable: timer, per: need_population,\n"
    "         name: {nb: \"Timer\", en: \"Hours\"}}\n"
    "      - {id: dekning, weight: 0.5, variable: timer, per: {variable: barn},\n"
    "         name: {nb: \"Dekning\", en: \"Coverage\"}}\n"
    "      - {id: andel, weight: 0.25, variable: andel, per: none,\n"
    "         name: {nb: \"Andel\", en: \"Share\"}}\n"
    "  - id: kultur\n"
    "    name: {nb: \"Kultur\", en: \"Culture\"}\n"
    "    weight: 0.3\n"
    "    indicators:\n"
    "      - {id: besok, weight: 1, variable: timer, per: population,\n"
    "         name: {nb: \"Besøk\", en: \"Visits\"}}\n"
    "expenditure: {gross: bdu, minus: [avskrivninger], payroll_costs: pensjon, wages: lonn,\n"
    "              need_corrected: true}\n"
    "change: {production: prod, expenditure: utg, base: 100}\n";

int fixture_open(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/kf-model-XXXXXX");
    kf_findings_init(&findings);
    return mkdtemp(folder) ? 0 : -1;
}

int fixture_close(void **state)
{
    (void)state;
    kf_findings_clear(&findings);
    DIR *opened = opendir(folder);
    struct dirent *entry = NULL;
    while (opened && (entry = readdir(opened)) != NULL) {
        const char *path = fixture_path(entry->d_name);
        if (unlink(path) != 0) {
            (void)rmdir(path); /* "." and ".." refuse */
        }
    }
    if (opened) {
        (void)closedir(opened);
    }
    return rmdir(folder);
}

const char *fixture_path(const char *name)
{
    char *path = paths[next_path++ % PATHS];
    (void)snprintf(path, PATH_BYTES, "%s%s%s", folder, name[0] ? "/" : "", name);
    return path;
}

const char *fixture_write_bytes(const char *name, const void *bytes, size_t length)
{
    const char *path = fixture_path(name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    return path;
}

const char *fixture_write(const char *name, const char *text)
{
    return fixture_write_bytes(name, text, strlen(text));
}

void fixture_remove(const char *name)
{
    assert_int_equal(unlink(fixture_path(name)), 0);
}

struct kf_findings *fixture_findings(void)
{
    kf_findings_clear(&findings);
    return &findings;
}

static bool holds_all(const char *line, size_t length, const char *part, va_list parts)
{
    char copy[2048];
    (void)snprintf(copy, sizeof copy, "%.*s", (int)length, line);
    va_list rest;
    va_copy(rest, parts);
    bool all = true;
    for (const char *wanted = part; wanted; wanted = va_arg(rest, const char *)) {
        all = all && strstr(copy, wanted);
    }
    va_end(rest);
    return all;
}

void fixture_told(const char *part, ...)
{
    struct kf_text text;
    kf_text_init(&text, (size_t)1 << 20);
    kf_findings_print(&findings, &text);
    bool told = false;
    va_list parts;
    va_start(parts, part);
    for (const char *line = text.bytes; *line && !told;) {
        size_t length = strcspn(line, "\n");
        told = holds_all(line, length, part, parts);
        line += length + (line[length] == '\n');
    }
    va_end(parts);
    if (!told) {
        print_error("no finding holds \"%s\" and the rest; there are:\n%s", part, text.bytes);
    }
    kf_text_clear(&text);
    assert_true(told);
}

void fixture_found(uint64_t count)
{
    if (kf_findings_count(&findings) != count) {
        struct kf_text text;
        kf_text_init(&text, (size_t)1 << 20);
        kf_findings_print(&findings, &text);
        print_error("expected %u findings, there are:\n%s", (unsigned)count, text.bytes);
        kf_text_clear(&text);
    }
    assert_int_equal(kf_findings_count(&findings), count);
}

void fixture_told_anything(bool something)
{
    assert_int_equal(kf_findings_count(&findings) > 0, something);
}

const char *fixture_replace(const char *text, const char *from, const char *to)
{
    static char replaced[16384];
    const char *at = strstr(text, from);
    assert_non_null(at);
    (void)snprintf(replaced, sizeof replaced, "%.*s%s%s", (int)(at - text), text, to,
                   at + strlen(from));
    return replaced;
}

unsigned fixture_line(const char *text, const char *part)
{
    const char *at = strstr(text, part);
    assert_non_null(at);
    unsigned line = 1;
    for (const char *c = text; c < at; c++) {
        line += *c == '\n';
    }
    return line;
}

struct kf_variables *fixture_variables(void)
{
    struct kf_variables *variables = NULL;
    struct kf_error err;
    const char *path = fixture_write("variables.yaml", fixture_variables_yaml);
    assert_int_equal(kf_variables_read(path, &variables, fixture_findings(), &err), KF_OK);
    return variables;
}

struct kf_municipalities *fixture_municipalities(void)
{
    struct kf_municipalities *municipalities = NULL;
    struct kf_error err;
    const char *path = fixture_write("municipalities.csv", fixture_municipalities_csv);
    assert_int_equal(kf_municipalities_read(path, &municipalities, fixture_findings(), &err),
                     KF_OK);
    return municipalities;
}

uint16_t fixture_variable(const struct kf_variables *variables, const char *id)
{
    size_t count = 0;
    const struct kf_variable *all = kf_variables_all(variables, &count);
    const struct kf_variable *found = kf_variables_find(variables, id, strlen(id));
    assert_non_null(found);
    return (uint16_t)(found - all);
}
