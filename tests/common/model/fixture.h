/* What the model's tests share: a temporary folder, findings, tiny registers. */
#ifndef KF_TESTS_MODEL_FIXTURE_H
#define KF_TESTS_MODEL_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/findings.h"
#include "common/model/catalogue.h"
#include "common/model/observation.h"

/* cmocka group fixtures: make and remove the temporary folder. */
int fixture_open(void **state);
int fixture_close(void **state);

/* Writes `text` into the folder; returns the file's path, valid until the eighth next call. */
const char *fixture_write(const char *name, const char *text);
const char *fixture_write_bytes(const char *name, const void *bytes, size_t length);

/* A path in the folder, or the folder itself for "". */
const char *fixture_path(const char *name);

/* Removes a file of the folder. */
void fixture_remove(const char *name);

/* An empty list of findings, always the same. */
struct kf_findings *fixture_findings(void);

/* Fails unless one printed finding holds all of the parts (NULL-terminated). */
void fixture_told(const char *part, ...) __attribute__((sentinel));

/* Fails unless there are exactly `count` findings; prints them if not. */
void fixture_found(uint64_t count);

/* Fails unless there is a finding, or none. */
void fixture_told_anything(bool something);

/* `text` with the first `from` replaced by `to`; static storage. */
const char *fixture_replace(const char *text, const char *from, const char *to);

/* The number of the line on which `part` first stands in `text`. */
unsigned fixture_line(const char *text, const char *part);

/* Registers of a few entries; the caller destroys them. */
extern const char fixture_variables_yaml[];
extern const char fixture_municipalities_csv[];
struct kf_variables *fixture_variables(void);
struct kf_municipalities *fixture_municipalities(void);

/* A small edition, called "liten". */
extern const char fixture_edition_yaml[];

/* The number of a variable in the register. */
uint16_t fixture_variable(const struct kf_variables *variables, const char *id);

#endif
