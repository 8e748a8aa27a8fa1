#include "common/service/endpoint.h"

#include <stdlib.h>
#include <unistd.h>

void kf_endpoint_run_dir(struct kf_text *path)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    if (runtime && runtime[0] == '/') {
        kf_text_add_format(path, "%s/kostraflow", runtime);
    } else {
        kf_text_add_format(path, "/tmp/kostraflow-%lu", (unsigned long)geteuid());
    }
}

void kf_endpoint_default(const char *run_dir, const char *service, uint32_t instance,
                         const char *role, struct kf_text *endpoint)
{
    kf_text_add_format(endpoint, "ipc://%s/%s-%lu.%s", run_dir, service, (unsigned long)instance,
                       role);
}
