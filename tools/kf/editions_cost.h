/* Unit costs and the trial of an edition in words, for `kf editions show` and `diff`. All append to
 * a text, in one line. */
#ifndef KF_TOOLS_EDITIONS_COST_H
#define KF_TOOLS_EDITIONS_COST_H

#include "common/base/text.h"
#include "common/model/edition.h"

/* "2016: 706, 2017: 724". */
void kf_editions_years_of(const struct kf_year_figures *figures, struct kf_text *text);

/* "hours, 2016: 706, 2017: 724 kr". */
void kf_editions_service(const struct kf_rated_service *service, struct kf_text *text);

/* "net ndu_hjemme (1000 kr), grant tilskudd (kr), HTAMDK: timer, HTAMN: natt". */
void kf_editions_cost_group(const struct kf_cost_group *group, bool norwegian,
                            struct kf_text *text);

/* "timer ÷ arbeidstid, norm 0.6". */
void kf_editions_user_time(const struct kf_user_time *time, bool norwegian, struct kf_text *text);

/* "vekst − behov"; "ndu (1000 kr) at fixed prices − behov". */
void kf_editions_growth(const struct kf_real_growth *growth, bool norwegian, struct kf_text *text);

/* What an edition says of unit costs and of the trial as wholes, one thing after the other:
 * "deduction", "thresholds". Those of the trial come last. */
size_t kf_editions_cost_rules(void);
bool kf_editions_cost_rule_is_of_trial(size_t number);

/* The English name of one of them; its value is appended: nothing where the edition says nothing.
 */
const char *kf_editions_cost_rule(const struct kf_edition *edition, size_t number, bool norwegian,
                                  struct kf_text *text);

#endif
