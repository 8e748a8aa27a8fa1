#include "services/aggregate/aggregate.h"

int main(int argc, char **argv)
{
    return kf_stage_main(&kf_aggregate_stage, argc, argv);
}
