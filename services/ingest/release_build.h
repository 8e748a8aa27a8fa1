/* From sealed observations to a release: which panels it has, its id, and its packed envelopes.
 *
 * A release has a panel for every edition and year for which the observations hold any indicator of
 * the edition, ascending by edition and year. A panel that cannot be built becomes a rejection in
 * its place and does not stop the others. An input that cannot be read at all becomes a release
 * too, of one rejection, so that it is told of on the dead-letter topic.
 *
 * The id is the XXH3-128 of content: program version, edition digests, the figures of every panel
 * in canonical order and, where `published` is asked, which release each panel replaces; for a
 * refused input its files' digests (without files: the reason) and the findings. Not of names,
 * order of rows, order of columns or time: the same figures have the same id, but for figures that
 * come back after others were released.
 *
 * Pure: no I/O, no clock. Panels are built one at a time, once for the id and once for the
 * envelopes, so that memory stays bounded whatever the size of the release.
 */
#ifndef KF_INGEST_RELEASE_BUILD_H
#define KF_INGEST_RELEASE_BUILD_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/codec/envelope.h"
#include "common/model/catalogue.h"
#include "common/model/observation.h"
#include "services/ingest/ledger/ledger.h"

/* Asked of every panel, by the digest of its content: true leaves it out of the release. Else
 * `replaced` is the id of the release that had the edition and year last, or "". */
typedef bool kf_release_published(void *context, const char *edition, int year, const char *digest,
                                  char replaced[KF_RELEASE_ID_SIZE]);

/* An edition of the catalogue and the figures that it is made from, sealed. */
struct kf_release_edition {
    const struct kf_edition *edition;
    const struct kf_observations *observations;
};

/* Borrowed for the life of the build. */
struct kf_release_input {
    const struct kf_catalogue *catalogue;
    const struct kf_observations *observations; /* sealed; of all editions that publish */
    const struct kf_release_edition *editions;  /* or each with its own figures; NULL: none */
    size_t editions_len;
    kf_release_published *published; /* NULL: no panel is left out */
    void *published_context;
    const struct kf_source *sources;
    size_t sources_len;
    const char *vintage;
    const char *program; /* version of the program */
    int64_t discovered_ms;
};

struct kf_release_build;

/* Finds the panels and computes the id. Findings about panels that cannot be built are added to
 * `findings`; the result is still KF_OK. KF_ERR_DATA when no edition can use the observations:
 * `findings` say what the input is and what each edition wants. KF_ERR_AGAIN when there are panels
 * and `published` left none of them over. KF_ERR_LIMIT beyond KF_RELEASE_PANELS_MAX panels. */
enum kf_err kf_release_build_new(const struct kf_release_input *input,
                                 struct kf_release_build **build, struct kf_findings *findings,
                                 struct kf_error *err);

/* The release of an input that was refused for `reason` (catalogue and observations are not looked
 * at). `findings` are copied. */
enum kf_err kf_release_build_new_refused(const struct kf_release_input *input, const char *reason,
                                         const struct kf_findings *findings,
                                         struct kf_release_build **build, struct kf_error *err);

/* NULL is fine, the pointer is nulled. */
void kf_release_build_destroy(struct kf_release_build **self);

/* The release, with its id. Lives as long as the build. */
const struct kf_release *kf_release_build_release(const struct kf_release_build *self);

/* How many of its panels are rejections. */
uint32_t kf_release_build_rejected(const struct kf_release_build *self);

/* What panel `index` is: its edition, year, and the digest of its edition and figures, or, of a
 * rejection, of its findings. Texts are the build's. A panel that turned out to be too large for an
 * envelope is a rejection once its envelope was made. KF_ERR_INTERNAL when there is no such panel.
 */
enum kf_err kf_release_build_content(const struct kf_release_build *self, uint32_t index,
                                     struct kf_ledger_content *content);

/* Builds panel `index` again; the caller destroys it. KF_ERR_AGAIN when it is a rejection. */
enum kf_err kf_release_build_panel(const struct kf_release_build *self, uint32_t index,
                                   struct kf_panel **panel, struct kf_error *err);

/* Called for each envelope, in order. Anything but KF_OK stops and is returned. */
typedef enum kf_err kf_release_emit(void *context, uint32_t index, const void *bytes, size_t length,
                                    struct kf_error *err);

/* Packs the envelopes (attempt 1) and hands each to `emit`. May be called more than once and gives
 * the same bytes each time. */
enum kf_err kf_release_build_emit(const struct kf_release_build *self, kf_release_emit *emit,
                                  void *context, struct kf_error *err);

#endif
