/* What the tests of editions share: a register, an arena for each test, an edition that has
 * everything.
 */
#ifndef KF_TESTS_MODEL_EDITION_FIXTURE_H
#define KF_TESTS_MODEL_EDITION_FIXTURE_H

#include "fixture.h"

/* An edition with everything an edition can have, called "liten", and the variables it names. */
extern const char edition_fixture_yaml[];
extern const char edition_fixture_variables_yaml[];

/* The registered variables of that text; from edition_fixture_open to edition_fixture_close. */
extern struct kf_variables *edition_fixture_variables;

/* The arena of the test that runs. */
extern struct kf_arena *edition_fixture_arena;

/* cmocka group fixtures: the temporary folder and the register. */
int edition_fixture_open(void **state);
int edition_fixture_close(void **state);

/* cmocka test fixtures: the arena. */
int edition_fixture_arena_open(void **state);
int edition_fixture_arena_close(void **state);

/* Writes `text` as liten.yaml and reads it. */
enum kf_err edition_fixture_read(const char *text, struct kf_edition **edition);

/* The same; fails unless there is nothing wrong with it. */
struct kf_edition *edition_fixture_good(const char *text);

/* A fault: the text is changed, and the finding must name the line where `at` first stands and hold
 * both parts. */
struct edition_fault {
    const char *from;
    const char *to;
    const char *at;
    const char *part;
    const char *remedy;
};

/* Fails unless each of the faults, made in the edition `yaml`, is told, and nothing is read. */
void edition_fixture_faults(const char *yaml, const struct edition_fault *faults, size_t count);

/* Reads `text`, "ny.yaml", on top of the edition `yaml`, "liten.yaml"; fails unless there is
 * nothing wrong with it. */
struct kf_edition *edition_fixture_extend(const char *yaml, const char *text);

/* Fails unless each arena that is too small for the edition `yaml` is told, and one that is not is
 * enough; returns how many were too small. */
unsigned edition_fixture_starve(const char *yaml);

/* Fails unless the sum reads as `text`, e.g. "1.6 timer + barn of the country". */
void edition_fixture_sums(const struct kf_terms *terms, const char *text);

/* Reads 1500 variations of `file`, an edition called liten, with lines left out, doubled or put in
 * place of others: by itself, and as what `extension` builds on. Fails unless each is read or has
 * faults that are told; returns how many were read. */
unsigned edition_fixture_disturb(const char *file, const char *extension);

#endif
