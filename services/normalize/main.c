#include "services/normalize/normalize.h"

int main(int argc, char **argv)
{
    return kf_stage_main(&kf_normalize_stage, argc, argv);
}
