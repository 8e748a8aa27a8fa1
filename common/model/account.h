/* Accounts: which functions and arts make the concepts of municipal accounts, and which variables
 * are sums of account lines.
 *
 * A line of accounts has a class (D operating, I investment), a function (what for: 202 schools)
 * and an art (what: 10 wages). Statistics Norway groups functions (FGK8 schools) and arts (AGD2 net
 * operating expenditure) in hierarchies of signed parts that change from year to year. They are
 * data: `accounts/` of the editions folder holds four registers `year,to,from,sign`:
 *
 *     functions.csv              functions to groups of functions
 *     arts.csv                   arts to concepts
 *     netting_undertakings.csv   what a concept loses of the undertakings' lines in the whole group
 *     netting_treasury.csv       the same of the municipality's own lines
 *
 * The whole group (konsern) is the municipality's own accounts (kasse) and those of its
 * undertakings (særbedrifter) together; what one buys from the other would count twice, so per
 * concept c konsern(c) = own lines under c and own netting of c + undertakings' lines under c and
 * their netting of c and the netting of c is the sum of its rows in the register, where COPY stands
 * for the netting of those parts of c that have one. A concept without rows has no netting. Rules:
 * Statistics Norway's production (statisticsnorway/kostraregnskap), METHOD R1. Its special
 * formulas, which concern a few concepts of all functions together (FG2, FG5), are not applied.
 *
 * The hierarchies of a year hold until there are newer ones.
 */
#ifndef KF_MODEL_ACCOUNT_H
#define KF_MODEL_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/variable.h"

#define KF_ACCOUNT_CODES 1000 /* functions and arts are numbers below */

enum kf_account_class { KF_ACCOUNT_OPERATING = 'D', KF_ACCOUNT_INVESTMENT = 'I' };

/* Whose accounts. */
enum kf_account_scope {
    KF_ACCOUNT_TREASURY,     /* kasse: the municipality's own */
    KF_ACCOUNT_UNDERTAKINGS, /* saerbedrift: its undertakings' */
    KF_ACCOUNT_GROUP,        /* konsern: both, internal trade taken out */
};

/* What a variable sums: the lines of `class` whose function is in one of the groups or functions
 * and whose art is in one of the concepts or arts. */
struct kf_account {
    enum kf_account_class class;
    enum kf_account_scope scope; /* treasury or group */
    const char *const *functions;
    size_t functions_len;
    const char *const *arts;
    size_t arts_len;
    const char *file; /* where it stands, for findings */
    uint64_t line;
};

/* The names of the scopes: kasse, saerbedrift, konsern. */
extern const char *const kf_account_scopes[];

struct kf_accounts;

/* Reads the four registers of `folder`. Faults (a concept that is part of itself, a part given
 * twice, …) land in `findings`; the result is then KF_ERR_CONFIG. */
enum kf_err kf_accounts_read(const char *folder, struct kf_accounts **accounts,
                             struct kf_findings *findings, struct kf_error *err);

/* Frees the hierarchies; NULL is fine, the pointer is nulled. */
void kf_accounts_destroy(struct kf_accounts **self);

/* The year whose hierarchies hold in `year`: the newest not after it; 0 when there is none. */
int kf_accounts_year(const struct kf_accounts *self, int year);

/* True when the hierarchies of `year` (as kf_accounts_year gives it) have the function or art. */
bool kf_accounts_have_function(const struct kf_accounts *self, int year, unsigned function);
bool kf_accounts_have_art(const struct kf_accounts *self, int year, unsigned art);

/* How often, with sign, each code counts in a definition. */
struct kf_account_weights {
    int8_t functions[KF_ACCOUNT_CODES];
    int8_t arts[2][KF_ACCOUNT_CODES]; /* of lines of the treasury and of the undertakings */
};

/* Expands a definition by the hierarchies of `year` (as kf_accounts_year gives it). False when it
 * names what that year does not have, or counts a code more than once. */
bool kf_accounts_expand(const struct kf_accounts *self, int year, const struct kf_account *account,
                        struct kf_account_weights *weights);

/* Tells of every variable whose account names a group, concept or code that no year has, or counts
 * a code more than once. */
void kf_accounts_check(const struct kf_accounts *self, const struct kf_variables *variables,
                       struct kf_findings *findings);

#endif
