#include "services/ingest/ingest.h"

int main(int argc, char **argv)
{
    return kf_service_main(&kf_ingest_service, argc, argv);
}
