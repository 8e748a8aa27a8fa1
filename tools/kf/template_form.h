/* Forms to fill in: every variable that an edition names, a line a variable, in the long form with
 * names and units (services/ingest/csv/observation_csv.h). Pure.
 */
#ifndef KF_TOOLS_TEMPLATE_FORM_H
#define KF_TOOLS_TEMPLATE_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/model/catalogue.h"
#include "common/model/edition.h"

/* Columns of the forms of accounts and volumes. */
#define KF_TEMPLATE_FORM_HEADER "municipality,year,variable,name,unit,value,status"

/* What to print a form for. */
struct kf_template {
    const struct kf_catalogue *catalogue;
    const struct kf_edition *edition;
    int year;
    const char *const *municipalities; /* codes, or KF_MUNICIPALITY_COUNTRY */
    size_t municipalities_len;
    bool norwegian; /* names */
    bool published; /* with results that somebody published, too */
};

/* Which variables. */
enum kf_template_part {
    KF_TEMPLATE_ACCOUNTS, /* kroner and thousands of them */
    KF_TEMPLATE_VOLUMES,  /* everything else */
};

/* What a form has come to. */
struct kf_template_size {
    size_t lines;    /* below the header: 0 when the edition names no such variable */
    size_t left_out; /* variables that it names as published results alone */
};

/* Appends header and lines, blank of figures, one municipality after the other; where the edition
 * takes the country's figure, a line of the country behind them. Variables come in the order of the
 * edition: the population, sectors, cost groups with net, grant and quantities, the parts of a
 * trial; then all others it names, by name. Users of resource-intensive services have a form of
 * their own and are not among them, nor, unless `published`, are variables that the edition names
 * as published results alone: what it computes needs no filling in. KF_ERR_MEMORY. */
enum kf_err kf_template_form(const struct kf_template *self, enum kf_template_part part,
                             struct kf_text *text, struct kf_template_size *size,
                             struct kf_error *err);

#endif
