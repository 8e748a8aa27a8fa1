/* The tables of `kf show`: what is published for one edition and year, in words and numbers for
 * people. Pure: from rows and registers to text.
 */
#ifndef KF_TOOLS_SHOW_TABLES_H
#define KF_TOOLS_SHOW_TABLES_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/error.h"
#include "common/base/text.h"
#include "common/model/edition.h"
#include "tools/kf/published.h"

/* What is shown, and how. Everything is borrowed. */
struct kf_show_view {
    const struct kf_published *published;
    const struct kf_municipalities *municipalities;
    const struct kf_edition *edition;
    int year;
    int decimals;
    bool norwegian;
    const char *on; /* around headings: bold, or "" */
    const char *off;
    const char **codes; /* of the municipalities to show */
    size_t codes_len;
};

/* The name of the municipality in the edition's year, or the code itself. */
const char *kf_show_municipality_name(const struct kf_show_view *view, const char *code);

/* True when the edition has production, and so indices, to show. */
bool kf_show_produces(const struct kf_show_view *view);

/* Appends the edition's title, the year and, of indices, what the mean is. */
void kf_show_title(const struct kf_show_view *view, struct kf_text *text);

/* Appends the total index, efficiency and change of every municipality. */
enum kf_err kf_show_totals(const struct kf_show_view *view, struct kf_text *text,
                           struct kf_error *err);

/* Appends the index of every municipality in every sector. */
enum kf_err kf_show_sectors(const struct kf_show_view *view, struct kf_text *text,
                            struct kf_error *err);

/* Appends every indicator of the first municipality of the view, with what it contributes. */
enum kf_err kf_show_indicators(const struct kf_show_view *view, struct kf_text *text,
                               struct kf_error *err);

/* Appends what the marks in the tables mean: which figures are imputed, and what the indices are
 * without them. */
enum kf_err kf_show_notes(const struct kf_show_view *view, struct kf_text *text,
                          struct kf_error *err);

/* Appends the release, which topics hold how many of its rows, how to read them, and whom to
 * credit. */
void kf_show_origin(const struct kf_show_view *view, const char *bootstrap_servers,
                    const char *topic_prefix, struct kf_text *text);

#endif
