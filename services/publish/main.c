#include "services/publish/publish.h"

int main(int argc, char **argv)
{
    return kf_service_main(&kf_publish_class, argc, argv);
}
