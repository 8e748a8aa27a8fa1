#include "tools/kf/report_page.h"

/* KF_REPORT_PAGE is the path of the built page. */
__asm__(".section .rodata\n"
        ".global kf_report_page_begin\n"
        ".global kf_report_page_end\n"
        "kf_report_page_begin:\n"
        ".incbin \"" KF_REPORT_PAGE "\"\n"
        "kf_report_page_end:\n"
        ".byte 0\n"
        ".previous\n");

extern const char kf_report_page_begin[];
extern const char kf_report_page_end[];

const char *kf_report_page(size_t *length)
{
    *length = (size_t)(kf_report_page_end - kf_report_page_begin);
    return kf_report_page_begin;
}
