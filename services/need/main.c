#include "services/need/need.h"

int main(int argc, char **argv)
{
    return kf_stage_main(&kf_need_stage, argc, argv);
}
