/* The command: kf template. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "common/model/yaml.h"
#include "services/ingest/csv/observation_csv.h"
#include "tools/kf/command.h"
#include "tools/kf/editions_text.h"
#include "tools/kf/figures.h"
#include "tools/kf/places.h"
#include "tools/kf/template_edition.h"
#include "tools/kf/template_form.h"

#define OUTPUT_BYTES_MAX ((size_t)64 * 1024 * 1024)
#define TEXT_BYTES_MAX   ((size_t)4096)
#define MEMBERS_SHOWN    12

static const struct kf_argument options[] = {
    {"edition", KF_ARGUMENT_ONE, "ID|FILE", NULL, true, "edition that is to be computed"},
    {"year", KF_ARGUMENT_ONE, "Y", NULL, false, "data year; may be left out where there is one"},
    {"municipality", KF_ARGUMENT_MANY, "CODE", NULL, false,
     "who fills it in; may be left out where the edition lists its members"},
    {"output", KF_ARGUMENT_ONE, "FILE", NULL, false,
     "write it there instead of to standard output; a file that is there stays as it is"},
    {"all", KF_ARGUMENT_FLAG, NULL, NULL, false,
     "with results that others have published, which the edition computes itself"},
    {"lang", KF_ARGUMENT_ONE, "nb|en", "en", false, "language of the names"},
    {"editions", KF_ARGUMENT_ONE, "DIR", NULL, false, "editions folder"},
};

static int run(const struct kf_arguments *arguments);

const struct kf_command_class kf_command_template = {
    .name = "template",
    .usage = "accounts|volumes|users|edition --edition ID|FILE [--year Y] [--municipality CODE…] "
             "[--output FILE] [--all]",
    .purpose = "print forms to fill in: accounts, volumes, users, or an edition of one's own",
    .help =
        "`accounts` prints a line for every amount in kr or 1000 kr that the edition names,\n"
        "`volumes` one for everything else (hours, days, users, percent), without figures:\n\n"
        "  municipality,year,variable,name,unit,value,status\n\n"
        "Write figures in `value` with a decimal point, in the unit that stands there. Leave a\n"
        "line as it is when it does not concern you: it counts for nothing. In `status` write *\n"
        "beside a figure that is uncertain; it counts and what rests on it is flagged. Without a\n"
        "figure write `..` where it is missing, `.` where there can be none. `name` is for "
        "people.\n"
        "Results that others have published are computed here and not asked for, unless --all.\n\n"
        "`users` prints the header of a file of users of resource-intensive services, a row a\n"
        "person, without names: " KF_USER_CSV_HEADER "; age may be empty.\n\n"
        "`edition` prints a small edition that extends the given one, with own variables and own\n"
        "cost groups, to be edited. With --output NAME.yaml its id is NAME.\n\n"
        "Fill in, check, compute:\n"
        "  kf template accounts --edition sio-2017 --year 2017 --municipality 0138 \\\n"
        "    --output accounts.csv\n"
        "  kf template volumes --edition sio-2017 --year 2017 --municipality 0138 \\\n"
        "    --output volumes.csv\n"
        "  kf check accounts.csv volumes.csv\n"
        "  kf compute --edition sio-2017 --year 2017 --input accounts.csv volumes.csv\n\n"
        "docs/UNIT-COSTS.md tells the whole story.",
    .arguments = options,
    .arguments_len = sizeof options / sizeof options[0],
    .words = true,
    .run = run,
};

/* What the command works on. */
struct request {
    const struct kf_arguments *arguments;
    struct kf_figures figures; /* of the editions; it holds none */
    struct kf_template template;
    const char *form; /* the word */
    const char *output;
    struct kf_text text;
    struct kf_template_size size;
};

/* --- the form -------------------------------------------------------------------------------- */

static enum kf_err print_part(struct request *self, enum kf_template_part part,
                              struct kf_error *err)
{
    bool accounts = part == KF_TEMPLATE_ACCOUNTS;
    enum kf_err code = kf_template_form(&self->template, part, &self->text, &self->size, err);
    if (code == KF_OK && self->size.lines == 0) {
        return kf_error_set(err, KF_ERR_CONFIG, "edition %s names no %s; try `kf template %s`",
                            self->template.edition->id, accounts ? "amount in kr" : "volume",
                            accounts ? "volumes" : "accounts");
    }
    return code;
}

static enum kf_err print_accounts(struct request *self, struct kf_error *err)
{
    return print_part(self, KF_TEMPLATE_ACCOUNTS, err);
}

static enum kf_err print_volumes(struct request *self, struct kf_error *err)
{
    return print_part(self, KF_TEMPLATE_VOLUMES, err);
}

static enum kf_err print_users(struct request *self, struct kf_error *err)
{
    const struct kf_edition *edition = self->template.edition;
    const struct kf_users *users = &edition->trial.resource_intensive.each;
    if (users->count == 0 || strcmp(users->cost_prefix, KF_USER_COST_VARIABLE) != 0) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "edition %s takes no figures of each user: its "
                            "trial.resource_intensive has no each: {costs: " KF_USER_COST_VARIABLE
                            "}",
                            edition->id);
    }
    kf_text_add(&self->text, KF_USER_CSV_HEADER "\n");
    return KF_OK;
}

/* The id of an edition to be written to `path`, NAME.yaml; NULL when that is no name for one. */
static const char *id_of_file(const char *path, char id[KF_TEMPLATE_ID_SIZE])
{
    const char *name = kf_text_file_name(path);
    size_t length = strlen(name);
    const char *ending = length > 5 ? name + length - 5 : "";
    if (strcmp(ending, ".yaml") != 0 || length - 5 >= KF_TEMPLATE_ID_SIZE) {
        return NULL;
    }
    memcpy(id, name, length - 5);
    id[length - 5] = '\0';
    return kf_yaml_is_id(id) ? id : NULL;
}

static enum kf_err print_edition(struct request *self, struct kf_error *err)
{
    char id[KF_TEMPLATE_ID_SIZE];
    kf_template_edition_id(self->template.edition, id);
    if (self->output && !id_of_file(self->output, id)) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "--output %s: an edition's file is NAME.yaml, NAME of lower-case "
                            "letters, digits, - and _, beginning with a letter",
                            self->output);
    }
    if (kf_catalogue_find(self->template.catalogue, id)) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "there is an edition %s already; name another with --output NAME.yaml",
                            id);
    }
    kf_template_edition(&self->template, id, &self->text);
    return KF_OK;
}

static const struct form {
    const char *name;
    bool figures; /* for a year, of somebody */
    enum kf_err (*print)(struct request *self, struct kf_error *err);
} forms[] = {{"accounts", true, print_accounts},
             {"volumes", true, print_volumes},
             {"users", false, print_users},
             {"edition", false, print_edition}};

static const struct form *find_form(const char *word)
{
    for (size_t i = 0; word && i < sizeof forms / sizeof forms[0]; i++) {
        if (strcmp(forms[i].name, word) == 0) {
            return &forms[i];
        }
    }
    return NULL;
}

/* The word, which may stand behind the last --municipality; that option then has one value less. */
static enum kf_err read_words(struct request *self, struct kf_error *err)
{
    const char *const *words = NULL;
    struct kf_template *template = &self->template;
    size_t count = kf_arguments_many(self->arguments, "", &words);
    template->municipalities_len =
        kf_arguments_many(self->arguments, "municipality", &template->municipalities);
    if (count == 1) {
        self->form = words[0];
    } else if (count == 0 && template->municipalities_len > 1 &&
               find_form(template->municipalities[template->municipalities_len - 1])) {
        self->form = template->municipalities[--template->municipalities_len];
    }
    return find_form(self->form)
               ? KF_OK
               : kf_error_set(err, KF_ERR_CONFIG, "give one of accounts, volumes, users, edition");
}

/* --- the edition ----------------------------------------------------------------------------- */

static enum kf_err find_edition(struct request *self, struct kf_error *err)
{
    const char *edition = kf_arguments_one(self->arguments, "edition");
    enum kf_err code = kf_figures_open_for(self->arguments, &self->figures, err);
    self->template.catalogue = self->figures.catalogue;
    return code == KF_OK ? kf_figures_edition(&self->figures, edition, &self->template.edition, err)
                         : code;
}

/* --- the year -------------------------------------------------------------------------------- */

/* The other years whose figures the edition takes in `year`, ascending. Returns how many. */
static size_t other_years(const struct kf_edition *edition, int year,
                          int years[KF_FURTHER_YEARS_MAX + KF_LATEST_YEARS_MAX])
{
    int further[KF_FURTHER_YEARS_MAX];
    int earlier = kf_edition_earlier_years(edition);
    size_t further_len = kf_edition_further_years(edition, year, earlier, further);
    size_t count = 0;
    for (int other = KF_EDITION_YEAR_MIN; other <= KF_EDITION_YEAR_MAX; other++) {
        bool wanted = other < year && other >= year - earlier;
        for (size_t i = 0; i < further_len; i++) {
            wanted = wanted || (further[i] == other && other != year);
        }
        if (wanted && count < KF_FURTHER_YEARS_MAX + KF_LATEST_YEARS_MAX) {
            years[count++] = other;
        }
    }
    return count;
}

/* True for a year that the edition computes, or whose figures it takes for one of those. */
static bool is_used(const struct kf_edition *edition, int year)
{
    int years[KF_FURTHER_YEARS_MAX + KF_LATEST_YEARS_MAX];
    bool used = kf_edition_has_year(edition, year);
    for (int of = edition->year_from; !used && of <= edition->year_to; of++) {
        size_t count = kf_edition_has_year(edition, of) ? other_years(edition, of, years) : 0;
        for (size_t i = 0; i < count; i++) {
            used = used || years[i] == year;
        }
    }
    return used;
}

static enum kf_err refuse_year(const struct kf_edition *edition, const char *given,
                               struct kf_error *err)
{
    struct kf_text years;
    kf_text_init(&years, TEXT_BYTES_MAX);
    kf_edition_print_years(edition, &years);
    enum kf_err code = given ? kf_error_set(err, KF_ERR_CONFIG, "--year %s: edition %s is for %s",
                                            given, edition->id, years.bytes)
                             : kf_error_set(err, KF_ERR_CONFIG, "give --year: edition %s is for %s",
                                            edition->id, years.bytes);
    kf_text_clear(&years);
    return code;
}

static enum kf_err read_year(struct request *self, struct kf_error *err)
{
    const struct kf_edition *edition = self->template.edition;
    const char *given = kf_arguments_one(self->arguments, "year");
    unsigned long year = (unsigned long)edition->year_to;
    bool one = edition->year_from == edition->year_to;
    if (given && (!kf_text_to_unsigned(given, strlen(given), KF_EDITION_YEAR_MAX, &year) ||
                  !is_used(edition, (int)year))) {
        return refuse_year(edition, given, err);
    }
    self->template.year = (int)year;
    return given || one || !find_form(self->form)->figures ? KF_OK
                                                           : refuse_year(edition, NULL, err);
}

/* A form is of one year; what else the year is computed from is easily forgotten. */
static void note_other_years(const struct request *self)
{
    int years[KF_FURTHER_YEARS_MAX + KF_LATEST_YEARS_MAX];
    const struct kf_template *of = &self->template;
    size_t count =
        kf_edition_has_year(of->edition, of->year) ? other_years(of->edition, of->year, years) : 0;
    if (count == 0) {
        return;
    }
    (void)fprintf(stderr,
                  "kf template: for %d edition %s takes figures of other years, too:", of->year,
                  of->edition->id);
    for (size_t i = 0; i < count; i++) {
        (void)fprintf(stderr, "%s %d", i ? "," : "", years[i]);
    }
    (void)fputs("; print their forms with --year\n", stderr);
}

static void note_left_out(const struct request *self)
{
    if (self->size.left_out > 0) {
        (void)fprintf(stderr,
                      "kf template: %zu variable%s left out: results as others have published "
                      "them, which are computed here; --all prints them, too\n",
                      self->size.left_out, self->size.left_out == 1 ? " is" : "s are");
    }
}

/* --- municipalities -------------------------------------------------------------------------- */

static bool is_member(const struct kf_edition *edition, const char *code)
{
    bool member = edition->members_len == 0;
    for (size_t i = 0; i < edition->members_len; i++) {
        member = member || strcmp(edition->members[i], code) == 0;
    }
    return member && !kf_edition_excludes(edition, code);
}

/* "0138 Hobøl, 0926 Lillesand"; the first of them when there are many. */
static void add_members(const struct request *self, struct kf_text *text)
{
    const struct kf_edition *edition = self->template.edition;
    size_t shown = edition->members_len < MEMBERS_SHOWN ? edition->members_len : MEMBERS_SHOWN;
    for (size_t i = 0; i < shown; i++) {
        const struct kf_municipality *known =
            kf_municipalities_ever(self->template.catalogue->municipalities, edition->members[i]);
        kf_text_add_format(text, "%s%s %s", i ? ", " : "", edition->members[i],
                           known ? known->name : "");
    }
    kf_text_add(text, shown < edition->members_len ? ", …" : "");
}

static enum kf_err refuse_stranger(const struct request *self, const char *code,
                                   struct kf_error *err)
{
    struct kf_text members;
    kf_text_init(&members, TEXT_BYTES_MAX);
    add_members(self, &members);
    enum kf_err result = kf_error_set(
        err, KF_ERR_CONFIG,
        "--municipality %s: edition %s leaves it out%s%s; `kf template edition` prints an edition "
        "for others",
        code, self->template.edition->id, members.length ? ", its members are " : "",
        members.bytes);
    kf_text_clear(&members);
    return result;
}

/* `why` is told, or who may be meant. */
static enum kf_err refuse_code(const struct request *self, const char *code, bool ever,
                               struct kf_error *err)
{
    const struct kf_catalogue *catalogue = self->template.catalogue;
    struct kf_text why;
    kf_text_init(&why, TEXT_BYTES_MAX);
    if (ever) {
        kf_structure_explain(catalogue->structure, catalogue->municipalities, code,
                             self->template.year, &why);
    } else {
        kf_text_add(&why, "is no code of a municipality");
        if (kf_places_suggest(catalogue->municipalities, code, self->template.year, &why) == 0) {
            kf_text_add(&why, "; give four digits");
        }
    }
    enum kf_err result = kf_error_set(err, KF_ERR_CONFIG, "--municipality %s: %s", code, why.bytes);
    kf_text_clear(&why);
    return result;
}

static enum kf_err check_municipality(const struct request *self, const char *code, bool member,
                                      struct kf_error *err)
{
    const struct kf_edition *edition = self->template.edition;
    const struct kf_municipalities *municipalities = self->template.catalogue->municipalities;
    int structure = kf_edition_structure_year(edition, municipalities, self->template.year);
    if (member && strcmp(code, KF_MUNICIPALITY_COUNTRY) == 0) {
        return KF_OK;
    }
    if (!kf_municipalities_ever(municipalities, code)) {
        return refuse_code(self, code, false, err);
    }
    if (!kf_municipalities_find(municipalities, code, self->template.year) &&
        !kf_municipalities_find(municipalities, code, structure)) {
        return refuse_code(self, code, true, err);
    }
    return !member || is_member(edition, code) ? KF_OK : refuse_stranger(self, code, err);
}

/* A form is for members; an edition of one's own for whomever. */
static enum kf_err read_municipalities(struct request *self, struct kf_error *err)
{
    struct kf_template *template = &self->template;
    bool figures = find_form(self->form)->figures;
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < template->municipalities_len; i++) {
        code = check_municipality(self, template->municipalities[i], figures, err);
    }
    if (code != KF_OK || template->municipalities_len > 0 || !figures) {
        return code;
    }
    template->municipalities = template->edition->members;
    template->municipalities_len = template->edition->members_len;
    return template->municipalities_len > 0
               ? KF_OK
               : kf_error_set(err, KF_ERR_CONFIG,
                              "give --municipality CODE: edition %s lists no members",
                              template->edition->id);
}

/* --- the command ----------------------------------------------------------------------------- */

/* Figures that somebody filled in are not written over. */
static enum kf_err write_file(const struct request *self, struct kf_error *err)
{
    FILE *file = fopen(self->output, "wx");
    if (!file && errno == EEXIST) {
        return kf_error_set(err, KF_ERR_CONFIG,
                            "--output %s: is there already, maybe filled in; name another file",
                            self->output);
    }
    if (!file) {
        return kf_error_set_errno(err, KF_ERR_CONFIG, errno, "--output %s", self->output);
    }
    bool written = fwrite(self->text.bytes, 1, self->text.length, file) == self->text.length;
    return fclose(file) == 0 && written
               ? KF_OK
               : kf_error_set(err, KF_ERR_IO, "%s cannot be written", self->output);
}

static enum kf_err write_text(const struct request *self, struct kf_error *err)
{
    if (self->text.failed) {
        return kf_error_set(err, KF_ERR_MEMORY, "no memory");
    }
    if (self->output) {
        return write_file(self, err);
    }
    return fwrite(self->text.bytes, 1, self->text.length, stdout) == self->text.length &&
                   fflush(stdout) == 0
               ? KF_OK
               : kf_error_set(err, KF_ERR_IO, "standard output cannot be written");
}

static enum kf_err answer(struct request *self, struct kf_error *err)
{
    enum kf_err code = read_words(self, err);
    code = code == KF_OK ? find_edition(self, err) : code;
    code = code == KF_OK ? read_year(self, err) : code;
    code = code == KF_OK ? read_municipalities(self, err) : code;
    code = code == KF_OK ? find_form(self->form)->print(self, err) : code;
    code = code == KF_OK ? write_text(self, err) : code;
    if (code == KF_OK && find_form(self->form)->figures) {
        note_other_years(self);
        note_left_out(self);
    }
    return code;
}

static int run(const struct kf_arguments *arguments)
{
    const char *language = kf_arguments_one(arguments, "lang");
    struct kf_error err = {0};
    struct request request = {.arguments = arguments,
                              .output = kf_arguments_one(arguments, "output")};
    request.template.published = kf_arguments_flag(arguments, "all");
    request.template.norwegian = strcmp(language, "nb") == 0;
    kf_text_init(&request.text, OUTPUT_BYTES_MAX);
    enum kf_err code = answer(&request, &err);
    int exit_code =
        code == KF_OK ? KF_EXIT_OK : kf_figures_tell(&request.figures, "template", &err);
    kf_text_clear(&request.text);
    kf_figures_close(&request.figures);
    return exit_code;
}
