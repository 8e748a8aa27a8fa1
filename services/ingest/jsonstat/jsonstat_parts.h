/* The reader's inside, shared by the files that make it. */
#ifndef KF_INGEST_JSONSTAT_PARTS_H
#define KF_INGEST_JSONSTAT_PARTS_H

#include "services/ingest/jsonstat/json_scan.h"
#include "services/ingest/jsonstat/jsonstat.h"
#include "services/ingest/jsonstat/jsonstat_cells.h"
#include "services/ingest/jsonstat/jsonstat_dimensions.h"
#include "services/ingest/jsonstat/jsonstat_names.h"
#include "services/ingest/jsonstat/jsonstat_rules.h"

#define KF_JSONSTAT_KEY_SHOWN 47 /* bytes of a key in a message */

/* An object or array that is open. */
struct kf_jsonstat_frame {
    enum kf_jsonstat_place place;
    bool is_array;
    uint32_t scope;     /* of its keys */
    size_t index;       /* of the element, in an array */
    const char *member; /* the key, where keys are members; else NULL */
    char shown[KF_JSONSTAT_KEY_SHOWN + 1];
};

struct kf_jsonstat_note {
    struct kf_jsonstat_note *next;
    const char *text;
};

struct kf_jsonstat_reader {
    struct kf_jsonstat_limits limits;
    struct kf_json_scan scan;
    struct kf_arena *arena;
    struct kf_jsonstat_names names;
    struct kf_jsonstat_dimensions dimensions;
    struct kf_jsonstat_cells cells;
    struct kf_jsonstat_frame *frames; /* [limits.depth_max] */
    unsigned depth;
    uint32_t scopes;   /* handed out so far */
    size_t dimension;  /* the draft that is described now */
    uint32_t category; /* its category that is told of now */
    size_t position;   /* the cell that is told of now */
    bool has_ids, has_sizes, has_dataset, has_member, is_whole;
    const char *class_name;
    const char *version;
    struct kf_jsonstat_note *notes;
    struct kf_jsonstat_note **notes_end;
    struct kf_jsonstat table;
    struct kf_jsonstat_dimension sorted[KF_JSONSTAT_DIMENSIONS_MAX];
    struct kf_error failure; /* the first; KF_OK: none */
};

/* The frame that is open innermost; there must be one. */
struct kf_jsonstat_frame *kf_jsonstat_top(struct kf_jsonstat_reader *self);

/* Keeps what a scalar says. The errors of these say what is wrong, not where. */
enum kf_err kf_jsonstat_keep(struct kf_jsonstat_reader *self, enum kf_jsonstat_slot slot,
                             const struct kf_json_token *token, struct kf_error *err);

/* A key that is a code or a position: what follows is about it. */
enum kf_err kf_jsonstat_keep_code(struct kf_jsonstat_reader *self, const struct kf_json_token *key,
                                  struct kf_error *err);
enum kf_err kf_jsonstat_keep_position(struct kf_jsonstat_reader *self,
                                      const struct kf_json_token *key, struct kf_error *err);

/* The document is whole: checks it and fills self->table. */
enum kf_err kf_jsonstat_complete(struct kf_jsonstat_reader *self, struct kf_error *err);

#endif
