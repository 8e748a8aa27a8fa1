/* What the tests of table maps share: the catalogue of the tree, a folder for maps, a small table.
 */
#ifndef KF_TESTS_SOURCE_FIXTURE_H
#define KF_TESTS_SOURCE_FIXTURE_H

#include "services/ingest/source/table_map.h"
#include "tests/services/ingest/scratch.h"
#include "tests/support/cmocka.h"

/* A map of table 99999, people by age: alder_0, alder_1, folkemengde, folkemengde_31_12. */
extern const char source_fixture_yaml[];

extern struct kf_catalogue *source_fixture_catalogue; /* of the tree's editions */
extern struct kf_findings *source_fixture_findings;   /* empty at the start of each test */
extern struct scratch source_fixture_folder;          /* as an editions folder, of each test */

int source_fixture_open(void **state);
int source_fixture_close(void **state);
int source_fixture_begin(void **state);
int source_fixture_end(void **state);

/* Reads the folder with this text as its map 99999. */
enum kf_err source_fixture_read(const char *text);

/* The map of that text, which must be sound; lives until the test ends. */
const struct kf_table_map *source_fixture_map(const char *text);

/* `from` replaced by `to`, once; valid until the next call. */
const char *source_fixture_replace(const char *text, const char *from, const char *to);

/* Reads a table of that text, which must be one; lives until the next call or the test's end. */
const struct kf_jsonstat *source_fixture_table(const char *text);
const struct kf_jsonstat *source_fixture_file(const char *name); /* of data/api */

/* Fails unless a finding, as people read it, holds all of the parts. */
void source_fixture_told(const char *part, ...) __attribute__((sentinel));

/* Fails unless there are so many findings. */
void source_fixture_found(uint64_t count);

/* Sealed rows as "0301 2024 alder_0 5; EAK 2024 …". */
char *source_fixture_rows(struct kf_observations *figures);

#define WITH_FOLDER(test)                                                                          \
    cmocka_unit_test_setup_teardown(test, source_fixture_begin, source_fixture_end)

#endif
