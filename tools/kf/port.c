#include "tools/kf/port.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/base/text.h"

#define PATH_BYTES_MAX 4096
#define PORT_MAX       65535

uint16_t kf_port_read(const char *run_dir, const char *process)
{
    char path[PATH_BYTES_MAX];
    char text[16] = "";
    unsigned long port = 0;
    int length = snprintf(path, sizeof path, "%s/%s.http", run_dir, process);
    if (length < 0 || (size_t)length >= sizeof path) {
        return 0;
    }
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = file >= 0 ? read(file, text, sizeof text - 1) : -1;
    if (file >= 0) {
        (void)close(file);
    }
    bool told = got > 0 && kf_text_to_unsigned(text, strspn(text, "0123456789"), PORT_MAX, &port);
    return told ? (uint16_t)port : 0;
}
