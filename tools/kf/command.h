/* The commands of kf: one table, one file for each command. */
#ifndef KF_TOOLS_COMMAND_H
#define KF_TOOLS_COMMAND_H

#include "tools/kf/arguments.h"

/* Exit codes of every command. */
enum { KF_EXIT_OK = 0, KF_EXIT_FAILED = 1, KF_EXIT_USAGE = 2 };

struct kf_command_class {
    const char *name;
    const char *usage;   /* what stands behind `kf NAME` */
    const char *purpose; /* one line for `kf --help` */
    const char *help;    /* paragraphs for `kf NAME --help`, with examples */
    const struct kf_argument *arguments;
    size_t arguments_len;
    bool words; /* takes words that belong to no option */
    int (*run)(const struct kf_arguments *arguments);
};

extern const struct kf_command_class kf_command_compare;
extern const struct kf_command_class kf_command_compute;
extern const struct kf_command_class kf_command_check;
extern const struct kf_command_class kf_command_editions;
extern const struct kf_command_class kf_command_explain;
extern const struct kf_command_class kf_command_keys;
extern const struct kf_command_class kf_command_projections;
extern const struct kf_command_class kf_command_ready;
extern const struct kf_command_class kf_command_releases;
extern const struct kf_command_class kf_command_report;
extern const struct kf_command_class kf_command_show;
extern const struct kf_command_class kf_command_sources;
extern const struct kf_command_class kf_command_template;
extern const struct kf_command_class kf_command_top;
extern const struct kf_command_class kf_command_topics;
extern const struct kf_command_class kf_command_up;

#endif
