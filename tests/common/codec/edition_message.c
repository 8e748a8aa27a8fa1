#include "edition_message.h"

#include <string.h>

#include "tests/support/cmocka.h"

int open_fixture(void **state)
{
    static struct fixture fixture;
    fixture.panel = golden_panel();
    fixture.arena = kf_arena_new(1024 * 1024);
    struct kf_scratch scratch = {.arena = fixture.arena};
    fixture.message = kf_edition_to_message(fixture.panel->edition, &scratch);
    *state = &fixture;
    return fixture.message ? 0 : -1;
}

int close_fixture(void **state)
{
    struct fixture *fixture = *state;
    kf_panel_destroy(&fixture->panel);
    kf_arena_destroy(&fixture->arena);
    return 0;
}

void assert_result(struct fixture *fixture, enum kf_err expected, const char *text)
{
    const struct kf_edition *edition = NULL;
    struct kf_error err = {.text = ""};
    enum kf_err code = kf_edition_from_message(fixture->message, fixture->arena, &edition, &err);
    if (code != expected || !strstr(err.text, text)) {
        fail_msg("code %d, \"%s\"; expected %d, \"%s\"", (int)code, err.text, (int)expected, text);
    }
    assert_int_equal(edition != NULL, expected == KF_OK);
}
