/* What moved from one panel to another of the same edition and year: figures, and computed rows.
 * Pure; telling is apart (moves_text.h).
 *
 * Every cell of one panel is set beside the same cell of the other. A cell that is in one of them
 * alone counts as having no value in the other.
 */
#ifndef KF_TOOLS_MOVES_H
#define KF_TOOLS_MOVES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/error.h"
#include "common/model/panel.h"

#define KF_MOVES_CELLS_MAX ((size_t)20 * 1000 * 1000)

enum kf_move_kind {
    KF_MOVE_CHANGED, /* another value */
    KF_MOVE_VANISHED,
    KF_MOVE_NEW,
    KF_MOVE_MARKED, /* the same value, or none as before, with other flags */
    KF_MOVE_KINDS,
};

/* "changed", "vanished", "new", "marked". */
const char *kf_move_kind_name(enum kf_move_kind kind);

/* What a cell is about; texts are the panels'. */
struct kf_move_key {
    enum kf_topic topic;      /* KF_TOPIC_NONE: a figure */
    const char *sector;       /* "" of a figure */
    const char *indicator;    /* of a figure its variable */
    const char *measure;      /* "" of a figure */
    const char *unit;         /* "" of a figure */
    const char *municipality; /* "" for the group, KF_MUNICIPALITY_COUNTRY for the country */
    int year;
};

struct kf_move {
    struct kf_move_key key;
    enum kf_move_kind kind;
    double before; /* 0 when there was none */
    double after;
    uint8_t status_before;
    uint8_t status_after;
    double size; /* of a changed one: |after − before| ÷ the larger of both, 0 to 2: the same for
                    ten times as much and a tenth */
};

/* The moves of cells about the same topic, sector and indicator, or variable. */
struct kf_move_group {
    struct kf_move_key key; /* measure, unit, municipality "" and no year */
    size_t cells;           /* compared */
    size_t first;           /* of its moves in the list */
    size_t moves;
    size_t kinds[KF_MOVE_KINDS];
    size_t order; /* place of its first cell in the panel */
};

struct kf_moves {
    struct kf_move *list; /* group by group, within it by measure, year, municipality */
    size_t count;
    size_t room;
    struct kf_move_group *groups; /* all, also those in which nothing moved; in the panel's order */
    size_t groups_len;
    size_t groups_room;
    size_t cells; /* compared */
    size_t kinds[KF_MOVE_KINDS];
};

/* Sets the figures side by side: of the panel's year, of the years before it and the further ones
 * that both have; the country's figure among them. KF_ERR_MEMORY or KF_ERR_LIMIT. `moves` is
 * written on success; clear it afterwards. It points into both panels. */
enum kf_err kf_moves_of_figures(const struct kf_panel *before, const struct kf_panel *after,
                                struct kf_moves *moves, struct kf_error *err);

/* The same with the rows of two computed panels. */
enum kf_err kf_moves_of_rows(const struct kf_panel *before, const struct kf_panel *after,
                             struct kf_moves *moves, struct kf_error *err);

/* Frees the lists and leaves them empty; the panels are not touched. */
void kf_moves_clear(struct kf_moves *self);

/* Chooses moves of a kind, the largest first, equal ones in their order: pointers into the list,
 * [count]; with `unit` those of that unit alone ("rank"), with `but_unit` all others. Returns how
 * many. */
struct kf_move_choice {
    enum kf_move_kind kind;
    const char *unit;     /* or NULL */
    const char *but_unit; /* or NULL */
};
size_t kf_moves_choose(const struct kf_moves *self, const struct kf_move_choice *choice,
                       const struct kf_move **chosen);

/* After less before, in per cent of before. False when before is 0 or one of both is missing. */
bool kf_move_percent(const struct kf_move *move, double *percent);

#endif
