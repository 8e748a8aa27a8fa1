#include "tests/support/catalogue_fixture.h"

#include <stdio.h>

struct kf_catalogue *fixture_catalogue;

static void print(const struct kf_findings *findings, const struct kf_error *err)
{
    struct kf_text text;
    kf_text_init(&text, 1 << 20);
    kf_findings_print(findings, &text);
    (void)fprintf(stderr, "%s%s\n", text.bytes ? text.bytes : "", err->text);
    kf_text_clear(&text);
}

int fixture_catalogue_open(void **state)
{
    struct kf_findings findings;
    struct kf_error err = {.text = ""};
    (void)state;
    kf_findings_init(&findings);
    enum kf_err code =
        kf_catalogue_read(KF_SOURCE_DIR "/editions", &fixture_catalogue, &findings, &err);
    if (code != KF_OK) {
        print(&findings, &err);
    }
    kf_findings_clear(&findings);
    return code == KF_OK ? 0 : -1;
}

int fixture_catalogue_close(void **state)
{
    (void)state;
    kf_catalogue_destroy(&fixture_catalogue);
    return 0;
}
