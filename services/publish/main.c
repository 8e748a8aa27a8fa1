#include "services/publish/allocator.h"
#include "services/publish/publish.h"

int main(int argc, char **argv)
{
    kf_publish_tune_allocator();
    return kf_service_main(&kf_publish_class, argc, argv);
}
