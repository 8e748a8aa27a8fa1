/* The parts of an edition in words, for `kf editions show` and `diff`. All append to a text.
 * Names of rules are those of the YAML in both languages. */
#ifndef KF_TOOLS_EDITIONS_TEXT_H
#define KF_TOOLS_EDITIONS_TEXT_H

#include "common/base/text.h"
#include "common/model/edition.h"

/* A value that begins in column `start`, in lines of at most 100 columns that are broken behind
 * what is named ("a (b):") and behind commas, and indented by `start`. */
void kf_editions_wrap(const char *value, size_t start, struct kf_text *text);

/* A number as short as it reads, at most six digits. */
void kf_editions_number(double number, struct kf_text *text);

/* "1.6·timer_0_2 + timer_3_5"; a country's term has "of the country" behind it. */
void kf_editions_terms(const struct kf_terms *terms, bool norwegian, struct kf_text *text);

/* What an indicator is divided by: "inhabitants", "need-corrected population of barnehage", a sum;
 * nothing when it is divided by nothing. */
void kf_editions_denominator(const struct kf_indicator *indicator, bool norwegian,
                             struct kf_text *text);

/* The indicator as a formula: numerator ÷ denominator, or what is left of it. */
void kf_editions_formula(const struct kf_indicator *indicator, bool norwegian,
                         struct kf_text *text);

/* How the weighting comes to the weight of `item`, from the whole down:
 *     "budget .4301 ÷ 1 · main .8 ÷ 1 · equal"
 * Nothing when the weighting does not have it. */
void kf_editions_derivation(const struct kf_weighting *weighting, const char *item, bool norwegian,
                            struct kf_text *text);

/* "last of 4 decimals", "remainders of 3 decimals", "none". */
void kf_editions_closure(const struct kf_weighting *weighting, bool norwegian,
                         struct kf_text *text);

/* The accounts: "gross − deductions, common percentage …, need-corrected"; nothing when there are
 * none. */
void kf_editions_expenditure(const struct kf_expenditure *expenditure, bool norwegian,
                             struct kf_text *text);

/* Rules by name, as the YAML has them. */
const char *kf_editions_missing(enum kf_missing_rule rule);
const char *kf_editions_reference(enum kf_reference reference);
void kf_editions_normalization(const struct kf_edition *edition, struct kf_text *text);
const char *kf_editions_composition(enum kf_composition composition);
void kf_editions_structure(const struct kf_edition *edition, struct kf_text *text);

/* What makes it live, tables by number and standing files; nothing when it is not. */
void kf_editions_sources(const struct kf_edition *edition, struct kf_text *text);
void kf_editions_change(const struct kf_change *change, bool norwegian, struct kf_text *text);

/* "1108, 1120": who is left out of the group; nothing when nobody is. */
void kf_editions_excluded(const struct kf_edition *edition, struct kf_text *text);

#endif
