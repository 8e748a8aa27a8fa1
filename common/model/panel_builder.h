/* What the parts of panel building share: panel_build.c has the course of it, panel_figures.c says
 * whether there is anything to compute, panel_member.c who is in the panel, panel_column.c fills
 * the columns. Nobody else includes this.
 */
#ifndef KF_MODEL_PANEL_BUILDER_H
#define KF_MODEL_PANEL_BUILDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/model/panel.h"
#include "common/model/recut.h"

/* What is known about a code. */
enum {
    KF_CODE_IN_DATA_YEAR = 1,      /* a municipality in the year of the figures */
    KF_CODE_IN_STRUCTURE_YEAR = 2, /* a municipality in the structure of the panel */
    KF_CODE_TOLD = 4,              /* no municipality, and that has been told */
    KF_CODE_HARMLESS = 8,          /* no municipality, and no member goes without its figures */
};

/* A municipality of the structure year and the codes of the data year that make it up. */
struct kf_territory {
    const char *text; /* its code */
    uint16_t code;
    const struct kf_share *shares; /* none: itself alone */
    size_t shares_len;
    bool grown; /* one of the shares is its own code */
    bool ended; /* every share but its own is of a code of the data year that is gone */
};

struct kf_territories {
    struct kf_territory *list; /* ascending by code */
    size_t count;
};

/* A variable that panels of the edition hold, found in the register once for all years. */
struct kf_named_variable {
    const char *name;                   /* the edition's */
    const struct kf_variable *variable; /* NULL: not registered */
    size_t number;                      /* of it */
    bool needed;                        /* a column even without rows */
    bool corrects;                      /* with cells of the others, too */
};

/* Which of the years of a panel is built. */
enum kf_panel_part {
    KF_PANEL_ITSELF,
    KF_PANEL_PREVIOUS, /* its members are given, nobody must be in it */
    KF_PANEL_FURTHER,  /* the same, and without others */
};

struct kf_panel_builder {
    const struct kf_panel_input *input;
    const struct kf_edition *edition;
    const struct kf_variables *variables;
    struct kf_named_variable *named; /* ascending by name */
    size_t named_len;
    struct kf_arena *arena;
    struct kf_panel *panel;
    int year; /* of the figures */
    int structure_year;
    enum kf_panel_part part;
    const char *population; /* the variable that says it in this year: of the edition, or, in a year
                               that it projects, of its projection; "" for an edition without */
    bool projected;         /* it is the projection's */
    struct kf_recut recut;
    uint8_t *known; /* [KF_CODES], KF_CODE_… */
    struct kf_territories members;
    struct kf_territories others;
    size_t *cells; /* of all years so far, at most KF_PANEL_CELLS_MAX */
    struct kf_findings *findings;
    struct kf_error *err;
};

/* Rows of one variable in one year, ascending by municipality, the country last. */
struct kf_rows {
    const struct kf_observation *list;
    size_t count;
};

/* The rows of a variable in a year; none when it is not registered. */
struct kf_rows kf_panel_input_rows(const struct kf_panel_input *input, int year, const char *id);

/* True when a panel of the year can be made: any indicator or published index of the edition has a
 * figure; for an edition that produces nothing any criterion or published need of the year that
 * counts (METHOD N5), net expenditure, use of income, group of ages, observed or projected, or
 * anything of unit costs and a trial; and then there must be inhabitants, too, unless the edition
 * names no population, and the projection of an edition that takes one. */
bool kf_panel_input_is_computable(const struct kf_panel_input *input, int year);

/* True when the year can be the one before a panel: one of its own can be made, or there is
 * something for the changes of resource use, of demography and of unit costs. */
bool kf_panel_input_is_compared(const struct kf_panel_input *input, int year);

/* True when there is any figure but the population. */
bool kf_panel_input_has_figures(const struct kf_panel_input *input, int year);

/* The rows of a variable in the year of the figures; none when it is not registered. */
struct kf_rows kf_panel_builder_rows(const struct kf_panel_builder *self, const char *variable);

/* The row of a code, or NULL. */
const struct kf_observation *kf_panel_builder_row(const struct kf_rows *rows, unsigned code);

/* KF_ERR_MEMORY for this panel. */
enum kf_err kf_panel_builder_no_memory(const struct kf_panel_builder *self);

/* A finding about a municipality's figure; `row` is NULL when there is none. */
void kf_panel_builder_tell(const struct kf_panel_builder *self, const char *municipality,
                           const char *variable, const struct kf_observation *row,
                           const char *remedy, const char *problem);

/* Decides who is in the panel: the edition's list, or its KOSTRA groups or everybody with a
 * population, or with any figure where the edition names no population, but those it leaves out.
 * Findings about those who cannot be. */
enum kf_err kf_panel_builder_choose_members(struct kf_panel_builder *self);

/* Takes the members of the panel itself over. */
enum kf_err kf_panel_builder_take_members(struct kf_panel_builder *self,
                                          const struct kf_panel_builder *from);

/* Finds the municipalities outside the group that have a figure of any variable of a correction. */
enum kf_err kf_panel_builder_find_others(struct kf_panel_builder *self);

/* Tells once about every code in the rows that is no municipality, in the data year or in the
 * structure year, and whose figures are missed therefore. */
void kf_panel_builder_judge_codes(const struct kf_panel_builder *self, const char *variable,
                                  const struct kf_rows *rows);

/* Makes and fills all columns. */
enum kf_err kf_panel_builder_add_columns(struct kf_panel_builder *self);

#endif
