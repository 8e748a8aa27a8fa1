/* Files of observations to computed panels: what the commands share that compute without a broker.
 *
 *     code = kf_figures_open_for(arguments, &figures, &err);
 *     code = kf_figures_read(&figures, files, files_len, &err);
 *     code = kf_figures_panel(figures, edition, 2010, &panel, &err);
 *     …
 *     kf_figures_close(&figures);
 *
 * Findings are collected; kf_figures_tell prints them with the error.
 */
#ifndef KF_TOOLS_FIGURES_H
#define KF_TOOLS_FIGURES_H

#include "common/base/error.h"
#include "common/base/findings.h"
#include "common/model/catalogue.h"
#include "common/model/panel.h"
#include "tools/kf/arguments.h"
#include "tools/kf/notes.h"

struct kf_figures {
    struct kf_catalogue *catalogue;
    struct kf_table_maps *maps; /* read when the first json-stat file is */
    const char *folder;         /* as it was given; borrowed, may be NULL */
    const char **files; /* names of the editions' files that were given, as in catalogue->given */
    size_t files_len;
    struct kf_observations *observations;
    struct kf_findings *findings;
    struct kf_notes notes; /* what was told of figures that the input lacks */
};

/* Reads the editions folder (`folder` as for kf_folder_find). Its faults have been printed already
 * and leave the text of KF_ERR_CONFIG empty. `figures` is zeroed before, but for what its notes are
 * not to tell, and is to be closed in any case. */
enum kf_err kf_figures_open(const char *folder, struct kf_figures *figures, struct kf_error *err);

/* The same, of the folder that `--editions` names and of those among the values of `--edition` that
 * are files. */
enum kf_err kf_figures_open_for(const struct kf_arguments *arguments, struct kf_figures *figures,
                                struct kf_error *err);

/* Reads files of observations, once. KF_ERR_CONFIG, or KF_ERR_DATA with findings. */
enum kf_err kf_figures_read(struct kf_figures *self, const char *const *files, size_t files_len,
                            struct kf_error *err);

/* Frees all that was read; panels of it must be gone. Nothing when there is nothing. */
void kf_figures_close(struct kf_figures *self);

/* The edition of that id, or of the file of that name. KF_ERR_CONFIG, with the nearest id, when
 * there is none. */
enum kf_err kf_figures_edition(const struct kf_figures *self, const char *id,
                               const struct kf_edition **edition, struct kf_error *err);

/* The edition without the adjustments named by `--without`, and a note on standard error that rows
 * of `command` are not the edition's own; the edition itself when none is named. KF_ERR_CONFIG as
 * from kf_edition_without. */
enum kf_err kf_figures_without(const struct kf_figures *self, const struct kf_arguments *arguments,
                               const char *command, const struct kf_edition **edition,
                               struct kf_error *err);

/* Builds the panel of the edition for the year and runs all stages over it. The caller destroys
 * it. */
enum kf_err kf_figures_panel(const struct kf_figures *self, const struct kf_edition *edition,
                             int year, struct kf_panel **panel, struct kf_error *err);

/* Tells on standard error what the computed panel goes without because the input lacks figures,
 * each kind of thing once: see kf_notes_add. */
void kf_figures_note(struct kf_figures *self, const struct kf_panel *panel, const char *command);

/* Prints the findings and the error of the command on standard error. Returns its exit code. */
int kf_figures_tell(const struct kf_figures *self, const char *command, const struct kf_error *err);

/* A year from `text`. */
enum kf_err kf_figures_year(const char *text, int *year, struct kf_error *err);

#endif
