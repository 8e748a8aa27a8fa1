/* The body of an error as the API writes it: {"type":"Parameter error","title":…,"status":400},
 * nearly RFC 7807. Pure. */
#ifndef KF_INGEST_SSB_PROBLEM_H
#define KF_INGEST_SSB_PROBLEM_H

struct kf_ssb_problem {
    char title[128];  /* fit to show; "" when the body is no such thing */
    char detail[128]; /* "" when there is none, or it says what the title says */
    int status;       /* 0 when it has none */
};

/* Reads the NUL-terminated body; whatever it is. */
void kf_ssb_problem_read(const char *body, struct kf_ssb_problem *problem);

#endif
