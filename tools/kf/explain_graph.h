/* Explanations: one number walked back to the figures of the input, as nodes that know what they
 * are made of.
 *
 * A node is a number with a rule: the operation that makes it from its parts, the formula in words
 * and its METHOD id. Leaves are source cells (with file and line) and numbers that the edition
 * gives. A number that is used in several places is one node: the graph has no cycles, but it is no
 * tree. Nodes live in the graph's arena.
 *
 * Every node that is expanded is computed once more from its parts: `recomputed`. For published
 * numbers that is the check that the explanation is the truth; where they differ, it says so.
 */
#ifndef KF_TOOLS_EXPLAIN_GRAPH_H
#define KF_TOOLS_EXPLAIN_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/error.h"
#include "common/model/panel.h"

#define KF_EXPLAIN_NODES_MAX 200000
#define KF_EXPLAIN_BYTES_MAX ((size_t)512 * 1024 * 1024)

/* Relative difference up to which a recomputed number is the same. */
#define KF_EXPLAIN_TOLERANCE 1e-9

/* How a node's value comes from its parts p with weights w (1 where a part has none). */
enum kf_explain_operation {
    KF_EXPLAIN_CELL = 1,      /* a figure of the input */
    KF_EXPLAIN_NUMBER,        /* a number of the edition or of the method */
    KF_EXPLAIN_ESTIMATE,      /* estimated from many figures at once; not recomputed */
    KF_EXPLAIN_SAME,          /* p1 */
    KF_EXPLAIN_SUM,           /* Σ w·p */
    KF_EXPLAIN_MEAN,          /* Σ w·p / Σ w */
    KF_EXPLAIN_PRODUCT,       /* p1 · p2 · … */
    KF_EXPLAIN_QUOTIENT,      /* p1 / p2 */
    KF_EXPLAIN_DIFFERENCE,    /* p1 − p2 − … */
    KF_EXPLAIN_SCALED,        /* p1 · p2 / p3 */
    KF_EXPLAIN_STANDARDIZED,  /* p1 · (1 + p2 · (p3 − p4) / p5); p1 where p5 is rounding */
    KF_EXPLAIN_PERCENT_ABOVE, /* 100 · (p1 / p2 − 1) */
    KF_EXPLAIN_MEAN_GROWTH,   /* 100 · ((p1 / p2)^(1 / p3) − 1) */
    KF_EXPLAIN_DIFFERENCE_QUOTIENT, /* (p1 − p2) / p3 */
    KF_EXPLAIN_MINIMUM,
    KF_EXPLAIN_MAXIMUM,
    KF_EXPLAIN_MEDIAN,
    KF_EXPLAIN_MEAN_ABSOLUTE, /* Σ |p| / number of parts */
    KF_EXPLAIN_SD_WEIGHTED,   /* sqrt(n/(n−1) · Σ w (p − m)² / Σ w), m = Σ w·p / Σ w */
    KF_EXPLAIN_SD_UNWEIGHTED, /* sqrt(Σ (p − m)² / n), m = Σ p / n */
    KF_EXPLAIN_RANK,          /* 1 + how many of p2, p3, … are above p1 */
    KF_EXPLAIN_ROUNDED,       /* p1, rounded up or down to a whole multiple of p2 */
    KF_EXPLAIN_MEAN_DISTANCE, /* Σ w |p − q| / Σ w over pairs p, q = p1, p2; p3, p4; …, w of p */
    KF_EXPLAIN_R_SQUARED, /* 1 − Σ w (p − q)² / Σ w (p − m)², m = Σ w·p / Σ w, as before */
    KF_EXPLAIN_CORRELATION, /* of p and q, weighted by w, as before */
    KF_EXPLAIN_COUNT_ABOVE, /* how many of p2, p3, … are above p1 */
    KF_EXPLAIN_SUM_ABOVE,   /* Σ of those of p2, p3, … that are above p1 */
    KF_EXPLAIN_EXCESS,      /* Σ max(0, p − p1) over p2, p3, … */
    KF_EXPLAIN_OPERATIONS,
};

/* "sum", "mean", … as the JSON form has it. */
const char *kf_explain_operation_name(enum kf_explain_operation operation);

/* How something is computed. Static data of the walkers. */
struct kf_explain_rule {
    const char *id;
    enum kf_explain_operation operation;
    const char *method; /* id in the method, e.g. "A4"; "" */
    struct kf_name formula;
};

struct kf_explain_node;

struct kf_explain_part {
    const char *role;                     /* "" or what it is to the node, e.g. "group mean" */
    const struct kf_explain_node *weight; /* NULL: 1 */
    const struct kf_explain_node *node;
};

struct kf_explain_node {
    const struct kf_explain_rule *rule; /* of a number that is not expanded: NULL */
    const char *measure;                /* "index", "cell", "group_mean", … */
    const struct kf_panel *panel;       /* whose year it is */
    const char *sector;                 /* "" when it is about none */
    const char *indicator;              /* also a criterion or a regressor; "" */
    const char *variable;               /* of a cell; "" */
    const char *municipality;           /* code, EAK for the country, "" for the group */
    const char *unit;
    struct kf_name note; /* "" or what else must be known */
    const char *file;    /* of a cell; "" when no row gives it */
    uint64_t line;
    enum kf_topic topic; /* KF_TOPIC_NONE unless published */
    double value;        /* meaningless when the status says that there is none */
    uint8_t status;
    double recomputed; /* from the parts, NAN when they give none; only when `expanded` */
    bool disagrees;    /* what its parts give is another number than its value */
    bool personal;     /* a figure of a single person: printed only where that is asked for */
    int decimals;      /* 0, or how many the value is rounded to */
    double grid;       /* 0, or the scale of the grid that the value lies on (see kf_grid) */
    bool expanded;     /* all parts are there; false for a number left as it is (limit, depth) */
    size_t number;     /* in the order of making, from 0 */
    struct kf_explain_part *parts;
    size_t parts_len;
    size_t parts_room;
};

/* True for a source cell or a number of the edition: there is nothing behind it. */
bool kf_explain_is_leaf(const struct kf_explain_node *self);

/* Computes a value from the node's parts by its rule. False when a part that is needed has no
 * value, or the operation makes none. */
bool kf_explain_evaluate(const struct kf_explain_node *self, double *value);

/* The step of kf_grid for a scale: a power of two. */
double kf_explain_grid_step(double scale);

/* True when the node is no expanded one, has no value, or its recomputed value is its value to
 * KF_EXPLAIN_TOLERANCE of the numbers that it is made of. */
bool kf_explain_agrees(const struct kf_explain_node *self);

#endif
