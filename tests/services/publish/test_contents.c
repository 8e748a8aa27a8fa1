#include "services/publish/contents.h"

#include <string.h>

#include "common/base/memory.h"
#include "tests/support/cmocka.h"

static struct kf_topic_set topics;
static struct kf_contents contents;
static struct kf_error err;

static int set_up(void **state)
{
    (void)state;
    return kf_topic_set_init(&topics, "t", &err) == KF_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    kf_contents_clear(&contents);
    return 0;
}

static void add_row(uint32_t panel, const char *text)
{
    struct kf_digest_sum row = {0};
    kf_digest_sum_add(&row, text, strlen(text));
    kf_contents_add(&contents, panel, KF_TOPIC_INDEX, &row);
}

static void each_panel_has_its_own_rows_and_what_it_withdraws(void **state)
{
    (void)state;
    struct kf_panel_content panels[3] = {{.year = 1}, {.year = 2}, {.year = 3}};
    struct kf_digest_sum sum = {0};
    char digest[KF_DIGEST_SIZE];
    assert_int_equal(kf_contents_init(&contents, 3, &err), KF_OK);
    add_row(0, "a");
    add_row(2, "b");
    add_row(2, "c");
    kf_contents_withdraw(&contents, 2, KF_TOPIC_NEED);
    assert_int_equal(kf_contents_describe(&contents, &topics, panels, &err), KF_OK);
    assert_int_equal(panels[0].topics_len, 1);
    assert_int_equal(panels[1].topics_len, 0);
    assert_int_equal(panels[2].topics_len, 2);
    assert_string_equal(panels[2].topics[0].topic, "t.need.v1");
    assert_int_equal(panels[2].topics[0].rows, 0);
    assert_int_equal(panels[2].topics[0].withdrawn, 1);
    assert_string_equal(panels[2].topics[1].topic, "t.index.v1");
    assert_int_equal(panels[2].topics[1].rows, 2);
    kf_digest_sum_add(&sum, "c", 1);
    kf_digest_sum_add(&sum, "b", 1);
    kf_digest_sum_print(&sum, digest);
    assert_string_equal(panels[2].topics[1].digest, digest);
    assert_string_not_equal(panels[0].topics[0].digest, digest);
}

/* One topic each, up to the bound and one beyond it. */
static size_t described(uint32_t panels_len)
{
    struct kf_panel_content *panels = kf_calloc(panels_len, sizeof *panels);
    assert_non_null(panels);
    assert_int_equal(kf_contents_init(&contents, panels_len, &err), KF_OK);
    for (uint32_t i = 0; i < panels_len; i++) {
        add_row(i, "a");
    }
    assert_int_equal(kf_contents_describe(&contents, &topics, panels, &err), KF_OK);
    size_t length = 0;
    for (uint32_t i = 0; i < panels_len; i++) {
        length += panels[i].topics_len;
    }
    kf_free(panels);
    kf_contents_clear(&contents);
    return length;
}

static void very_many_panels_are_told_of_together_alone(void **state)
{
    (void)state;
    assert_int_equal(described(KF_CONTENTS_MAX), KF_CONTENTS_MAX);
    assert_int_equal(described(KF_CONTENTS_MAX + 1), 0);
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    struct kf_panel_content panel = {.year = 1};
    kf_memory_fail_after(0);
    assert_int_equal(kf_contents_init(&contents, 1, &err), KF_ERR_MEMORY);
    kf_memory_fail_after(1);
    assert_int_equal(kf_contents_init(&contents, 1, &err), KF_OK);
    add_row(0, "a");
    assert_int_equal(kf_contents_describe(&contents, &topics, &panel, &err), KF_ERR_MEMORY);
    kf_memory_fail_after(-1);
    assert_int_equal(panel.topics_len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_panel_has_its_own_rows_and_what_it_withdraws, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(very_many_panels_are_told_of_together_alone, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(without_memory_it_says_so, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
