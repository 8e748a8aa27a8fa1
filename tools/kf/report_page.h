/* The page that reports are made of, as it was built from services/board/page: dist/report.html,
 * which this program carries in itself. */
#ifndef KF_TOOLS_REPORT_PAGE_H
#define KF_TOOLS_REPORT_PAGE_H

#include <stddef.h>

/* Its bytes, for kf_report_write, and how many there are. */
const char *kf_report_page(size_t *length);

#endif
