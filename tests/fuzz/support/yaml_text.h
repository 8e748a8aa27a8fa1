/* Texts as YAML has them between quotes. */
#ifndef KF_TESTS_FUZZ_YAML_TEXT_H
#define KF_TESTS_FUZZ_YAML_TEXT_H

#include "common/base/text.h"

/* Appends the UTF-8 text in double quotes, in ASCII alone: what YAML reads from it is the text. */
void fuzz_yaml_text(const char *text, struct kf_text *out);

#endif
