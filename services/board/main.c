#include "services/board/board.h"

int main(int argc, char **argv)
{
    return kf_service_main(&kf_board_class, argc, argv);
}
