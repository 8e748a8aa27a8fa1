#include "services/efficiency/efficiency.h"

int main(int argc, char **argv)
{
    return kf_stage_main(&kf_efficiency_stage, argc, argv);
}
