/* The dead letters of releases as `kf releases show` and `kf releases letters` print them. */
#ifndef KF_TOOLS_RELEASES_LETTERS_H
#define KF_TOOLS_RELEASES_LETTERS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/codec/letter.h"
#include "services/ingest/ledger/ledger.h"
#include "tools/kf/arguments.h"

/* Dead letters of one release, by panel. */
struct kf_told_letters {
    struct kf_told_letter {
        struct kf_letters *letters; /* with just one; or NULL: the panel has none */
        char resolved[KF_RELEASE_ID_SIZE];
    } * list;
    size_t panels;
    size_t length; /* letters that there are */
};

/* Reads those of `release`; clear them afterwards, also after a failure. */
enum kf_err kf_told_letters_read(struct kf_ledger *ledger, const struct kf_ledger_release *release,
                                 struct kf_told_letters *told, struct kf_error *err);
void kf_told_letters_clear(struct kf_told_letters *self);

/* Prints stage, reason, cells and what became of it, behind what names the panel. */
void kf_told_letter_print(const struct kf_told_letter *told);

/* Appends it as JSON: {"panel":0,"rejection":{as on the topic},"resolvedBy":"ID" or null}. */
enum kf_err kf_told_letter_print_json(const struct kf_told_letter *told, struct kf_text *json,
                                      struct kf_error *err);

/* The command `kf releases letters`: those of all releases, newest first; only open ones unless
 * --all; --format table or json, --limit. */
enum kf_err kf_releases_letters(struct kf_ledger *ledger, const struct kf_arguments *arguments,
                                struct kf_error *err);

/* How many letters are open. */
enum kf_err kf_releases_letters_open(struct kf_ledger *ledger, size_t *count, struct kf_error *err);

#endif
