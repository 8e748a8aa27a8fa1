/* Any bytes as an observation file: taken whole and sound, or refused with findings that can be
 * shown.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/text.h"
#include "common/model/cell.h"
#include "services/ingest/csv/observation_csv.h"
#include "tests/fuzz/fuzz.h"

#define LINE_BYTES_MAX 256
#define FILE_BYTES_MAX 60000
#define ROWS_MAX       500
#define PATH_SIZE      64

static const char municipalities_text[] = "municipality,name,valid_from,valid_to\n"
                                          "0219,Bærum,1838-01-01,2020-01-01\n"
                                          "0301,Oslo,1925-01-01,\n";
static const char variables_text[] =
    "variables:\n"
    "  - {id: folkemengde, unit: persons, minimum: 0, maximum: 10000000,\n"
    "     name: {nb: \"Folkemengde\", en: \"Inhabitants\"}}\n"
    "  - {id: areal, unit: index, minimum: 0, name: {nb: \"Areal\", en: \"Area\"}}\n"
    "  - {id: ndu, unit: kr, minimum: -1000000, name: {nb: \"Netto\", en: \"Net\"},\n"
    "     account: {class: D, functions: [FGK8], arts: [AGD2]}}\n"
    "  - {id: \"ressurskrevende_kostnad_{}\", each: 1-3, unit: kr, minimum: 0,\n"
    "     name: {nb: \"Kostnad {}\", en: \"Cost {}\"}}\n"
    "  - {id: \"ressurskrevende_alder_{}\", each: 1-2, unit: count, minimum: 0, maximum: 120,\n"
    "     name: {nb: \"Alder {}\", en: \"Age {}\"}}\n";

static struct kf_municipalities *municipalities;
static struct kf_variables *variables;
static struct kf_accounts *accounts;
static char path[PATH_SIZE] = "/tmp/kf-fuzz-csv-XXXXXX";

static void write_file(const void *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    must(file != NULL);
    must(fwrite(bytes, 1, length, file) == length);
    must(fclose(file) == 0);
}

static void remove_file(void)
{
    (void)unlink(path);
    kf_municipalities_destroy(&municipalities);
    kf_variables_destroy(&variables);
    kf_accounts_destroy(&accounts);
}

static void open_registers(void)
{
    struct kf_findings findings;
    struct kf_error err;
    int file = mkstemp(path);
    must(file >= 0);
    (void)close(file);
    (void)atexit(remove_file);
    kf_findings_init(&findings);
    write_file(municipalities_text, sizeof municipalities_text - 1);
    must(kf_municipalities_read(path, &municipalities, &findings, &err) == KF_OK);
    write_file(variables_text, sizeof variables_text - 1);
    must(kf_variables_read(path, &variables, &findings, &err) == KF_OK);
    must(kf_accounts_read(KF_SOURCE_DIR "/editions/accounts", &accounts, &findings, &err) == KF_OK);
    kf_findings_clear(&findings);
}

static void check_rows(const struct kf_observations *table)
{
    size_t count = 0;
    size_t registered = 0;
    const struct kf_observation *rows = kf_observations_rows(table, &count);
    const struct kf_variable *all = kf_variables_all(variables, &registered);
    must(count <= ROWS_MAX);
    for (size_t i = 0; i < count; i++) {
        must(rows[i].municipality == 219 || rows[i].municipality == 301 ||
             rows[i].municipality == KF_OBSERVATION_COUNTRY);
        must(rows[i].year >= KF_YEAR_MIN && rows[i].year <= KF_YEAR_MAX);
        must(rows[i].variable < registered);
        must(isfinite(rows[i].value));
        must((rows[i].status & KF_CELL_KIND_MASK) != 0 ||
             (rows[i].value >= all[rows[i].variable].minimum &&
              rows[i].value <= all[rows[i].variable].maximum));
        must(rows[i].line >= 2);
    }
}

static void check_findings(const struct kf_findings *findings)
{
    struct kf_text text;
    kf_text_init(&text, (size_t)1 << 20);
    kf_findings_print(findings, &text);
    must(!text.failed && text.length > 0);
    must(kf_text_is_utf8(text.bytes, text.length));
    kf_text_clear(&text);
}

static void read_as(size_t size, const char *expected_digest)
{
    const struct kf_observation_csv_options options = {.municipalities = municipalities,
                                                       .accounts = accounts,
                                                       .line_bytes_max = LINE_BYTES_MAX,
                                                       .file_bytes_max = FILE_BYTES_MAX,
                                                       .name = "in.csv"};
    struct kf_observations *table = kf_observations_new(variables, ROWS_MAX);
    struct kf_source_digest source;
    struct kf_findings findings;
    struct kf_error err;
    must(table != NULL);
    kf_findings_init(&findings);
    enum kf_err code = kf_observation_csv_read(path, &options, table, &source, &findings, &err);
    must(code == KF_OK || code == KF_ERR_DATA);
    must((code == KF_OK) == (kf_findings_count(&findings) == 0));
    check_rows(table);
    if (code == KF_OK) {
        must(source.bytes == size && strcmp(source.digest, expected_digest) == 0);
    } else {
        check_findings(&findings);
    }
    kf_findings_clear(&findings);
    kf_observations_destroy(&table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char digest[KF_DIGEST_SIZE];
    if (!variables) {
        open_registers();
    }
    write_file(data, size);
    kf_digest_of(data, size, digest);
    read_as(size, digest);
    return 0;
}
