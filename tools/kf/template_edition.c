#include "tools/kf/template_edition.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define OWN        "-own"
#define STEM_BYTES 24 /* of the edition's id in ids of its variables */
#define CODE_BYTES 24 /* of a service's code in them */
#define RATE       500
#define NORTH      "nord" /* ids of the groups */
#define SOUTH      "sor"

/* What the two groups deliver, and what its variable is called. */
struct service {
    const char *id;
    const char *unit;
    char variable[CODE_BYTES + 1];
};

struct sheet {
    const struct kf_template *of;
    const char *id;
    char stem[STEM_BYTES + 1]; /* in front of the ids of its variables */
    struct service services[2];
    size_t services_len;
    struct kf_text *text;
};

/* --- ids ------------------------------------------------------------------------------------- */

/* `from` in letters that an id may have; at most `size` − 1 of them. */
static void make_stem(const char *from, char *stem, size_t size)
{
    size_t length = 0;
    for (; from[length] && length + 1 < size; length++) {
        unsigned char c = (unsigned char)from[length];
        stem[length] = isalnum(c) ? (char)tolower(c) : '_';
    }
    stem[length] = '\0';
}

void kf_template_edition_id(const struct kf_edition *edition, char id[KF_TEMPLATE_ID_SIZE])
{
    int kept = (int)(KF_TEMPLATE_ID_SIZE - sizeof OWN);
    (void)snprintf(id, KF_TEMPLATE_ID_SIZE, "%.*s%s", kept, edition->id, OWN);
}

/* --- parts ----------------------------------------------------------------------------------- */

static void add_head(const struct sheet *self)
{
    const char *base = self->of->edition->id;
    kf_text_add_format(
        self->text,
        "# yaml-language-server: $schema=schema/edition.schema.json\n"
        "#\n"
        "# An edition of your own: what it does not say is that of %s, as `kf editions show %s`\n"
        "# tells it. The file may lie anywhere, under the name of its id: %s.yaml. In the "
        "editions\n"
        "# folder its id is enough for --edition; elsewhere give the file's path.\n"
        "# Change names, variables and groups to what your accounts have, then:\n"
        "#   kf check %s.yaml                         tells faults with their lines\n"
        "#   kf template accounts --edition %s.yaml … prints the forms that belong to it\n"
        "extends: %s\n"
        "id: %s\n"
        "title: {nb: \"Egne kostnadsgrupper\", en: \"Own cost groups\"}\n"
        "source: \"own accounts and records of decisions\"\n",
        base, base, self->id, self->id, self->id, base, self->id);
}

static void add_group(const struct sheet *self)
{
    const struct kf_template *of = self->of;
    size_t fewest = kf_edition_needs_population(of->edition) ? 2 : 1; /* for its indices */
    bool any = of->municipalities_len >= fewest;
    const char *mark = any ? "" : "# ";
    kf_text_add_format(self->text,
                       "\n# Who is compared, by municipality code; %s.\n"
                       "%sgroup:\n"
                       "%s  name: {nb: \"Egne kommuner\", en: \"Own municipalities\"}\n"
                       "%s  municipalities: [",
                       fewest == 1 ? "one alone is enough" : "two at least", mark, mark, mark);
    for (size_t i = 0; i < of->municipalities_len; i++) {
        kf_text_add_format(self->text, "%s\"%s\"", i ? ", " : "", of->municipalities[i]);
    }
    kf_text_add(self->text, of->municipalities_len > 0 ? "]\n" : "\"0301\"]\n");
    if (any && of->edition->excluded_len > 0) {
        kf_text_add(self->text, "  except: null\n");
    }
}

static void add_account(const struct sheet *self, const char *id, const char *nb, const char *en)
{
    kf_text_add_format(self->text,
                       "  - {id: %s_%s, unit: 1000 kr, minimum: -10000000,\n"
                       "     name: {nb: \"%s\", en: \"%s\"}}\n",
                       self->stem, id, nb, en);
}

static void add_variables(const struct sheet *self)
{
    kf_text_add(
        self->text,
        "\n# Figures that only you have. An id is used once in all editions and variables.yaml;\n"
        "# units: kr, 1000 kr, hours, days, count, persons, percent. A figure below `minimum` is\n"
        "# told as a slip; accounts may be below 0 by corrections.\n"
        "variables:\n");
    add_account(self, "netto_" NORTH, "Netto driftsutgifter, sone nord",
                "Net operating expenditure, district north");
    add_account(self, "netto_" SOUTH, "Netto driftsutgifter, sone sør",
                "Net operating expenditure, district south");
    static const char *const districts[][3] = {{NORTH, "sone nord", "district north"},
                                               {SOUTH, "sone sør", "district south"}};
    for (size_t d = 0; d < 2; d++) {
        for (size_t i = 0; i < self->services_len; i++) {
            const struct service *service = &self->services[i];
            kf_text_add_format(self->text,
                               "  - {id: %s_mengde_%s_%s, unit: %s, minimum: 0,\n"
                               "     name: {nb: \"Vedtatt mengde %s, %s\",\n"
                               "            en: \"Approved quantity of %s, %s\"}}\n",
                               self->stem, districts[d][0], service->variable, service->unit,
                               service->id, districts[d][1], service->id, districts[d][2]);
        }
    }
}

static void add_service(const struct sheet *self)
{
    kf_text_add_format(
        self->text,
        "  # What you deliver, and what it is held against: the state's rate, or a target of\n"
        "  # your own. %d is made up: put yours.\n"
        "  services:\n"
        "    - {id: %s, unit: %s, rates: {%d: %d},\n"
        "       name: {nb: \"Hjemmehjelp, per time\", en: \"Home help, by the hour\"}}\n",
        RATE, self->services[0].id, self->services[0].unit, self->of->edition->year_from, RATE);
}

static void add_cost_group(const struct sheet *self, const char *id, const char *nb, const char *en)
{
    kf_text_add_format(self->text,
                       "    - id: %s\n"
                       "      name: {nb: \"%s\", en: \"%s\"}\n"
                       "      net: %s_netto_%s\n"
                       "      services:\n",
                       id, nb, en, self->stem, id);
    for (size_t i = 0; i < self->services_len; i++) {
        kf_text_add_format(self->text, "        - {id: %s, quantity: %s_mengde_%s_%s}\n",
                           self->services[i].id, self->stem, id, self->services[i].variable);
    }
}

static void add_cost_groups(const struct sheet *self)
{
    const struct kf_unit_costs *costs = &self->of->edition->unit_costs;
    kf_text_add(self->text, "  groups:\n");
    if (costs->groups_len > 0) {
        kf_text_add(
            self->text,
            "    # Groups of the other edition that are not yours. To keep one, take its line\n"
            "    # out; what is delivered in it must not be delivered below, too.\n");
    }
    for (size_t i = 0; i < costs->groups_len; i++) {
        if (strcmp(costs->groups[i].id, NORTH) != 0 && strcmp(costs->groups[i].id, SOUTH) != 0) {
            kf_text_add_format(self->text, "    - {id: %s, remove: true}\n", costs->groups[i].id);
        }
    }
    kf_text_add(
        self->text,
        "    # One net expenditure, one service or more: with several, the weighting method\n"
        "    # divides the expenditure by what the rates say of the quantities. `grant:` names\n"
        "    # what was granted, where you have it; without, it is the rates' worth.\n");
    add_cost_group(self, NORTH, "Hjemmetjenester, sone nord", "Home services, district north");
    add_cost_group(self, SOUTH, "Hjemmetjenester, sone sør", "Home services, district south");
}

/* --- the whole ------------------------------------------------------------------------------- */

static void choose_services(struct sheet *self)
{
    const struct kf_unit_costs *costs = &self->of->edition->unit_costs;
    for (size_t i = 0; i < costs->services_len && self->services_len < 2; i++) {
        struct service *chosen = &self->services[self->services_len];
        chosen->id = costs->services[i].id;
        chosen->unit = costs->services[i].unit;
        make_stem(chosen->id, chosen->variable, sizeof chosen->variable);
        bool same = i > 0 && strcmp(chosen->variable, self->services[0].variable) == 0;
        self->services_len += !same;
    }
    if (self->services_len == 0) {
        self->services[self->services_len++] =
            (struct service){.id = "HJEMMEHJELP", .unit = "hours", .variable = "hjemmehjelp"};
    }
}

void kf_template_edition(const struct kf_template *self, const char *id, struct kf_text *text)
{
    struct sheet sheet = {.of = self, .id = id, .text = text};
    make_stem(id, sheet.stem, sizeof sheet.stem);
    choose_services(&sheet);
    add_head(&sheet);
    add_group(&sheet);
    add_variables(&sheet);
    kf_text_add(text, "\nunit_costs:\n");
    if (self->edition->unit_costs.services_len == 0) {
        add_service(&sheet);
    }
    add_cost_groups(&sheet);
}
