/* The port that a running service tells in its run directory. */
#ifndef KF_TOOLS_PORT_H
#define KF_TOOLS_PORT_H

#include <stdint.h>

/* The port in the file RUN_DIR/PROCESS.http, which a service keeps while it listens; 0: none. The
 * process is named as "need-0". */
uint16_t kf_port_read(const char *run_dir, const char *process);

#endif
