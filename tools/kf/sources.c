#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/decimal.h"
#include "common/base/memory.h"
#include "tools/kf/command.h"
#include "tools/kf/folder.h"
#include "tools/kf/sources_check.h"
#include "tools/kf/table.h"

#define PATH_BYTES_MAX  4096
#define TEXT_BYTES_MAX  ((size_t)1024 * 1024)
#define CODES_SHOWN_MAX 12
#define RATE_MAX        600
#define ATTEMPTS_MAX    3 /* somebody sits and waits */

static const struct kf_argument options[] = {
    {"editions", KF_ARGUMENT_ONE, "DIR", NULL, false, "editions folder"},
    {"ssb", KF_ARGUMENT_ONE, "URL", NULL, false,
     "check against the API: `on` is Statistics Norway's, or a URL"},
    {"klass", KF_ARGUMENT_ONE, "URL", NULL, false,
     "check the municipalities against KLASS: `on`, or a URL"},
    {"day", KF_ARGUMENT_ONE, "DATE", NULL, false, "day of which KLASS is asked; today otherwise"},
    {"rate", KF_ARGUMENT_ONE, "CALLS", "30", false, "calls a minute, at most"},
    {"proxy", KF_ARGUMENT_ONE, "URL", "", false, "proxy; the environment's otherwise"},
    {"ca", KF_ARGUMENT_ONE, "FILE", "", false, "certificates to trust; the system's otherwise"},
};

static int run(const struct kf_arguments *arguments);

const struct kf_command_class kf_command_sources = {
    .name = "sources",
    .usage = "[list | show TABLE | check [FILE.json…|TABLE…]] [--ssb on] [--klass on]",
    .purpose = "which tables of Statistics Norway give which variables, and whether they still do",
    .help = "Maps in the folder `sources` of the editions folder say which cells of a table are\n"
            "which variable (docs/SOURCES.md). `list` (the default) prints a line for each: the\n"
            "publication it belongs to, how many variables it gives, how many of them have codes\n"
            "that were seen in an answer of the API, and the live editions that are fed from it.\n"
            "`show` prints each variable of one table with its codes, unit and factor, and where\n"
            "the codes are from. `check` holds maps against descriptions of the tables: files\n"
            "(json-stat, a description or an answer with all codes), or with --ssb what the API\n"
            "says now. What a table no longer has is told with the map's line, the variable and\n"
            "the editions that it hits; what it has that is new is told, too, and breaks nothing.\n"
            "With --klass the register of municipalities is held against KLASS.\n\n"
            "Examples:\n"
            "  kf sources show 12362\n"
            "  kf sources check --ssb on --klass on\n"
            "  curl -s 'https://data.ssb.no/api/pxwebapi/v2/tables/12362/metadata' > 12362.json\n"
            "  kf sources check 12362.json",
    .arguments = options,
    .arguments_len = sizeof options / sizeof options[0],
    .words = true,
    .run = run,
};

struct base {
    const struct kf_arguments *arguments;
    const struct kf_catalogue *catalogue;
    const struct kf_table_maps *maps;
};

/* --- list ------------------------------------------------------------------------------------ */

static size_t count_verified(const struct kf_table_map *map)
{
    size_t count = 0;
    for (size_t i = 0; i < map->figures_len; i++) {
        count += map->figures[i].verified;
    }
    return count;
}

/* The editions that are fed from the table, "–" for none. */
static void add_users(const struct kf_catalogue *catalogue, const char *table, struct kf_text *text)
{
    for (size_t e = 0; e < catalogue->editions_len; e++) {
        const struct kf_edition *edition = catalogue->editions[e];
        for (size_t t = 0; t < edition->tables_len; t++) {
            if (strcmp(edition->tables[t], table) == 0) {
                kf_text_add_format(text, "%s%s", text->length > 0 ? ", " : "", edition->id);
            }
        }
    }
    kf_text_add(text, text->length == 0 ? "–" : "");
}

static void add_row(struct kf_table *table, const struct base *base, const struct kf_table_map *map)
{
    struct kf_text users;
    kf_text_init(&users, TEXT_BYTES_MAX);
    add_users(base->catalogue, map->table, &users);
    kf_table_add_cell(table, map->table, "");
    kf_table_add_cell(table, map->publication, "");
    kf_table_add_number(table, (double)map->figures_len, 0, "");
    kf_table_add_number(table, (double)count_verified(map), 0, "");
    kf_table_add_cell(table, users.bytes, "");
    kf_text_clear(&users);
}

static int print_table(const struct kf_table *table)
{
    struct kf_text text;
    struct kf_error err = {0};
    kf_text_init(&text, TEXT_BYTES_MAX);
    enum kf_err code = kf_table_print(table, "", "", &text, &err);
    if (code == KF_OK) {
        (void)fputs(text.bytes, stdout);
    } else {
        (void)fprintf(stderr, "kf sources: %s\n", err.text);
    }
    kf_text_clear(&text);
    return code == KF_OK ? KF_EXIT_OK : KF_EXIT_FAILED;
}

static int list(const struct base *base)
{
    static const struct {
        const char *heading;
        enum kf_table_align align;
    } columns[] = {{"table", KF_TABLE_LEFT},
                   {"publication", KF_TABLE_LEFT},
                   {"variables", KF_TABLE_RIGHT},
                   {"codes seen", KF_TABLE_RIGHT},
                   {"feeds", KF_TABLE_LEFT}};
    if (base->maps->length == 0) {
        (void)printf("no maps of tables in the folder sources\n");
        return KF_EXIT_OK;
    }
    struct kf_table *table = kf_table_new();
    if (!table) {
        (void)fprintf(stderr, "kf sources: no memory\n");
        return KF_EXIT_FAILED;
    }
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        kf_table_add_column(table, columns[i].heading, columns[i].align);
    }
    for (size_t i = 0; i < base->maps->length; i++) {
        add_row(table, base, &base->maps->list[i]);
    }
    int code = print_table(table);
    kf_table_destroy(&table);
    return code;
}

/* --- show ------------------------------------------------------------------------------------ */

/* What the first and the last figure of an entry pick of a dimension: the same, or code by code. */
static void print_pick(const struct kf_table_pick *pick, const struct kf_table_pick *last)
{
    const char *end = last->codes[last->codes_len - 1];
    if (strcmp(pick->codes[0], last->codes[0]) != 0) {
        (void)printf(" %s=%s … %s", pick->dimension, pick->codes[0], end);
        return;
    }
    if (pick->codes_len > CODES_SHOWN_MAX) {
        (void)printf(" %s=%s+…+%s (%zu codes)", pick->dimension, pick->codes[0], end,
                     pick->codes_len);
        return;
    }
    for (size_t i = 0; i < pick->codes_len; i++) {
        (void)printf("%s%s%s%s", i == 0 ? " " : "+", i == 0 ? pick->dimension : "",
                     i == 0 ? "=" : "", pick->codes[i]);
    }
}

/* Figures of one entry, a family's members: the first and, when there are several, the last. */
static void print_figures(const struct kf_table_figure *figure, size_t count)
{
    char factor[KF_DECIMAL_SIZE];
    (void)printf("  %s%s%s:", figure->variable, count > 1 ? " … " : "",
                 count > 1 ? figure[count - 1].variable : "");
    for (size_t i = 0; i < figure->picks_len; i++) {
        print_pick(&figure->picks[i], &figure[count - 1].picks[i]);
    }
    (void)printf("%s%s", figure->unit[0] ? ", in " : "", figure->unit);
    if (figure->factor != 1) {
        (void)kf_decimal_print(figure->factor, factor);
        (void)printf(" × %s", factor);
    }
    if (figure->year_offset != 0) {
        (void)printf(", of year %+d", figure->year_offset);
    }
    (void)printf("; %s%s\n",
                 figure->verified ? "seen" : "not seen: ", figure->verified ? "" : figure->note);
}

static void print_codes(const char *what, const char *const *codes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        (void)printf("%s%s%s", i == 0 ? what : "", i == 0 ? " " : ", ", codes[i]);
    }
    (void)printf("%s", count > 0 ? "\n" : "");
}

static int show(const struct base *base, const char *name)
{
    const struct kf_table_map *map = kf_table_maps_find(base->maps, name);
    struct kf_text users;
    if (!map) {
        (void)fprintf(stderr, "kf sources: there is no map of table %s; `kf sources` lists them\n",
                      name);
        return KF_EXIT_USAGE;
    }
    kf_text_init(&users, TEXT_BYTES_MAX);
    add_users(base->catalogue, map->table, &users);
    (void)printf("%s: %s\n%s, publication %s\nregions of %s, country %s, years of %s\n", map->table,
                 map->title_en, map->file, map->publication, map->region,
                 map->country[0] ? map->country : "none", map->time);
    print_codes("estimates, kept apart:", map->estimates, map->estimates_len);
    print_codes("passed over:", map->passed_over, map->passed_over_len);
    print_codes("left out:", map->eliminated, map->eliminated_len);
    (void)printf("feeds %s\n\n", users.bytes);
    for (size_t i = 0; i < map->figures_len;) {
        size_t count = 1;
        while (i + count < map->figures_len &&
               map->figures[i + count].line == map->figures[i].line) {
            count++;
        }
        print_figures(&map->figures[i], count);
        i += count;
    }
    kf_text_clear(&users);
    return KF_EXIT_OK;
}

/* --- check ----------------------------------------------------------------------------------- */

static bool is_file(const char *word)
{
    return strchr(word, '.') || strchr(word, '/');
}

static const char *url_of(const char *given, const char *usual)
{
    return given && strcmp(given, "on") == 0 ? usual : given;
}

static bool read_options(const struct base *base, const struct kf_day *day,
                         struct kf_ssb_options *made)
{
    const char *rate = kf_arguments_one(base->arguments, "rate");
    const char *ssb = url_of(kf_arguments_one(base->arguments, "ssb"), KF_SSB_URL);
    const char *klass = url_of(kf_arguments_one(base->arguments, "klass"), KF_SSB_KLASS_URL);
    unsigned long calls = 0;
    *made = kf_ssb_options_usual(day);
    made->url = ssb ? ssb : made->url;
    made->klass_url = klass ? klass : made->klass_url;
    made->proxy = kf_arguments_one(base->arguments, "proxy");
    made->ca_file = kf_arguments_one(base->arguments, "ca");
    if (!kf_text_to_unsigned(rate, strlen(rate), RATE_MAX, &calls) || calls == 0) {
        (void)fprintf(stderr, "kf sources: --rate %s: give 1 to %d calls a minute\n", rate,
                      RATE_MAX);
        return false;
    }
    made->calls_per_minute = (unsigned)calls;
    made->attempts_max = ATTEMPTS_MAX;
    return true;
}

/* Today, unless --day says another. */
static bool read_day(const struct base *base, char day[11])
{
    const char *given = kf_arguments_one(base->arguments, "day");
    char now[KF_CLOCK_TEXT_SIZE];
    int64_t time = 0;
    kf_clock_print(kf_clock_wall_ms(), now);
    if (given && (strlen(given) != 10 || !kf_day_time(given, &time))) {
        (void)fprintf(stderr, "kf sources: --day %s: give a date, 2026-01-01\n", given);
        return false;
    }
    (void)snprintf(day, 11, "%.10s", given ? given : now);
    return true;
}

static int check(const struct base *base, const char *const *words, size_t count)
{
    struct kf_day clock;
    char day[11];
    struct kf_sources_check check = {.maps = base->maps, .catalogue = base->catalogue};
    const char **tables = kf_calloc(count + 1, sizeof *tables);
    size_t tables_len = 0;
    kf_day_init(&clock);
    if (!tables || !read_options(base, &clock, &check.options) || !read_day(base, day)) {
        kf_free(tables);
        return tables ? KF_EXIT_USAGE : KF_EXIT_FAILED;
    }
    (void)printf("maps: %zu, sound\n", base->maps->length);
    kf_sources_check_standing(&check);
    if (count == 0 && !kf_arguments_one(base->arguments, "ssb") &&
        !kf_arguments_one(base->arguments, "klass")) {
        (void)printf("no table was asked for: --ssb on holds the maps against the API, a file "
                     "against its description\n");
    }
    for (size_t i = 0; i < count; i++) {
        if (is_file(words[i])) {
            kf_sources_check_file(&check, words[i]);
        } else {
            tables[tables_len++] = words[i];
        }
    }
    if (kf_arguments_one(base->arguments, "ssb")) {
        kf_sources_check_api(&check, tables, tables_len);
    }
    if (kf_arguments_one(base->arguments, "klass")) {
        kf_sources_check_klass(&check, day);
    }
    kf_free(tables);
    return check.drifted + check.failed == 0 ? KF_EXIT_OK : KF_EXIT_FAILED;
}

/* Tables by number make sense with the API only, and must have a map. */
static bool are_words_sound(const struct base *base, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (is_file(words[i])) {
            continue;
        }
        if (!kf_table_maps_find(base->maps, words[i])) {
            (void)fprintf(stderr,
                          "kf sources: there is no map of table %s; `kf sources` lists them\n",
                          words[i]);
            return false;
        }
        if (!kf_arguments_one(base->arguments, "ssb")) {
            (void)fprintf(stderr,
                          "kf sources: against what? give a file of table %s, or --ssb on\n",
                          words[i]);
            return false;
        }
    }
    return true;
}

/* --- the command ----------------------------------------------------------------------------- */

static int dispatch(const struct base *base)
{
    const char *const *words = NULL;
    size_t count = kf_arguments_many(base->arguments, "", &words);
    if (count == 0 || (count == 1 && strcmp(words[0], "list") == 0)) {
        return list(base);
    }
    if (count == 2 && strcmp(words[0], "show") == 0) {
        return show(base, words[1]);
    }
    if (strcmp(words[0], "check") == 0) {
        return are_words_sound(base, words + 1, count - 1) ? check(base, words + 1, count - 1)
                                                           : KF_EXIT_USAGE;
    }
    (void)fprintf(stderr,
                  "kf sources: give `list`, `show TABLE` or `check`\nUsage: kf sources %s\n",
                  kf_command_sources.usage);
    return KF_EXIT_USAGE;
}

static int run(const struct kf_arguments *arguments)
{
    struct base base = {.arguments = arguments};
    struct kf_catalogue *catalogue = kf_folder_read(kf_arguments_one(arguments, "editions"));
    if (!catalogue) {
        return KF_EXIT_USAGE;
    }
    struct kf_table_maps *maps =
        kf_folder_read_maps(kf_arguments_one(arguments, "editions"), catalogue);
    int code = KF_EXIT_USAGE;
    if (maps) {
        base.catalogue = catalogue;
        base.maps = maps;
        code = dispatch(&base);
    }
    kf_table_maps_destroy(&maps);
    kf_catalogue_destroy(&catalogue);
    return code;
}
