/* The addresses and the bodies of questions. Pure.
 *
 *     /tables?query=updated:[20260315 TO 20260317]&pageNumber=1&pageSize=500&lang=no
 *     /tables/07459
 *     /tables/07459/metadata
 *     /tables/07459/data?outputFormat=json-stat2        POST {"selection":[{"variableCode":…}]}
 *     /classifications/131/codesAt.json?date=2026-01-01
 *     /classifications/131/changes.json?from=2019-01-01&to=2020-01-02
 */
#ifndef KF_INGEST_SSB_ADDRESS_H
#define KF_INGEST_SSB_ADDRESS_H

#include <stddef.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "services/ingest/ssb/paging.h"
#include "services/ingest/ssb/ssb.h"

/* Tables in a page of the search. */
#define KF_SSB_TABLES_OF_PAGE 500

/* Where it is asked. Borrowed. */
struct kf_ssb_place {
    const char *url;
    const char *klass_url;
    const char *language;
};

/* KF_ERR_CONFIG, with what is wrong, when the table or a day of the question is none. */
enum kf_err kf_ssb_address_check(const struct kf_ssb_question *question, struct kf_error *err);

/* Writes the address of the question's page (from 0) into `address`, emptied first. */
void kf_ssb_address(const struct kf_ssb_place *place, const struct kf_ssb_question *question,
                    size_t page, struct kf_text *address);

/* Writes the body that asks for the figures of one page into `body`, emptied first. */
void kf_ssb_body(const struct kf_ssb_question *question, const struct kf_ssb_page_cut *cut,
                 struct kf_text *body);

#endif
