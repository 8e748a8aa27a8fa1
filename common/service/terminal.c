#include "common/service/terminal.h"

#include <fcntl.h>
#include <unistd.h>

int kf_terminal_open(void)
{
    return open("/dev/tty", O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
}

bool kf_terminal_is_gone(int terminal)
{
    return terminal >= 0 && !isatty(terminal);
}
