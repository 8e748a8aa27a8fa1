/* Cells of the tables of `kf show`: a published value in its words, with marks for what must be
 * known about it. Pure. Internal to `kf show`. */
#ifndef KF_TOOLS_SHOW_CELLS_H
#define KF_TOOLS_SHOW_CELLS_H

#include "tools/kf/show_tables.h"
#include "tools/kf/table.h"

#define KF_SHOW_MARK_SIZE 16 /* all marks, of which two have three bytes */

/* Flags that can be about a measure. */
#define KF_SHOW_ANY_MARK 0xff
#define KF_SHOW_NO_MARK  0x00

/* A measure in a table. Flags are of a whole row with all its measures: those that cannot be about
 * this one are left out. */
struct kf_show_measure {
    const char *name;
    int decimals;  /* -1: as the view says */
    uint8_t marks; /* flags that can be about this measure */
};

/* The text, or the name, in the view's language. */
const char *kf_show_say(const struct kf_show_view *view, const char *nb, const char *en);
const char *kf_show_name(const struct kf_show_view *view, const struct kf_name *name);

/* The marks of a status, one behind the other. */
void kf_show_mark(uint8_t status, char mark[KF_SHOW_MARK_SIZE]);

/* Appends a line for each mark that the statuses in `all` have, or those of unit costs in `costs`:
 * what it means there. */
void kf_show_explain_marks(const struct kf_show_view *view, uint8_t all, uint8_t costs,
                           struct kf_text *text);

/* Statistics Norway's sign for a value that is not there. */
const char *kf_show_absence(uint8_t status);

/* Adds the value of a measure, or the sign for its absence, as the next cell. */
void kf_show_add_measure(const struct kf_show_view *view, struct kf_table *table,
                         const struct kf_published_key *key, const struct kf_show_measure *measure);

/* Appends the table and frees it, whatever comes of it. */
enum kf_err kf_show_print(const struct kf_show_view *view, struct kf_table *table,
                          struct kf_text *text, struct kf_error *err);

/* KF_ERR_MEMORY with the usual text. */
enum kf_err kf_show_no_memory(struct kf_error *err);

#endif
