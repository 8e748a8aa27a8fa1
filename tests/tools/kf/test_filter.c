#include "tools/kf/filter.h"

#include <string.h>

#include "tests/support/cmocka.h"
#include "tools/kf/folder.h"
#include "tools/kf/places.h"

#define YEAR 2026

static struct kf_catalogue *catalogue;
static struct kf_text text;

static int open_folder(void **state)
{
    (void)state;
    catalogue = kf_folder_read(KF_SOURCE_DIR "/editions");
    kf_text_init(&text, 16 * 1024);
    return catalogue ? 0 : -1;
}

static int close_folder(void **state)
{
    (void)state;
    kf_text_clear(&text);
    kf_catalogue_destroy(&catalogue);
    return 0;
}

static const char *meant(const char *given)
{
    kf_text_reset(&text);
    (void)kf_places_suggest(catalogue->municipalities, given, YEAR, &text);
    return text.length ? text.bytes : "";
}

/* --- names ------------------------------------------------------------------------------------ */

static void a_name_leads_to_its_code(void **state)
{
    (void)state;
    assert_string_equal(meant("Skien"), "; did you mean 4003 Skien?");
    assert_string_equal(meant("skien"), "; did you mean 4003 Skien?");
    assert_string_equal(meant("ØRLAND"), "; did you mean 5057 Ørland?");
}

static void the_beginning_of_names_leads_to_all_of_them(void **state)
{
    (void)state;
    assert_string_equal(meant("Drang"), "; did you mean 4016 Drangedal?");
    assert_int_equal(kf_places_suggest(catalogue->municipalities, "Ham", YEAR, &text), 3);
}

static void a_slip_leads_to_the_nearest_name(void **state)
{
    (void)state;
    assert_string_equal(meant("Porsgrun"), "; did you mean 4001 Porsgrunn?");
    assert_string_equal(meant("Porsgronn"), "; did you mean 4001 Porsgrunn?");
}

static void many_names_are_not_all_told(void **state)
{
    (void)state;
    assert_true(kf_places_suggest(catalogue->municipalities, "S", YEAR, &text) > KF_PLACES_SHOWN);
    assert_non_null(strstr(meant("S"), ", …?"));
}

static void no_name_leads_nowhere(void **state)
{
    (void)state;
    assert_string_equal(meant(""), "");
    assert_string_equal(meant("9999"), "");
}

/* --- filters ---------------------------------------------------------------------------------- */

#define VALUES(name) ((struct kf_filter_values){(const char *const[]){name}, 1})

static void assert_refused_of(const char *id, const struct kf_filter *filter, const char *told)
{
    const struct kf_edition *edition = kf_catalogue_find(catalogue, id);
    struct kf_error err = {0};
    assert_non_null(edition);
    enum kf_err code = kf_filter_check(filter, catalogue, edition, YEAR, &err);
    assert_int_equal(code, told ? KF_ERR_CONFIG : KF_OK);
    assert_true(!told || strstr(err.text, told));
}

static void assert_refused(const struct kf_filter *filter, const char *told)
{
    assert_refused_of("need-2026", filter, told);
}

static void names_that_are_known_pass(void **state)
{
    (void)state;
    assert_refused(&(struct kf_filter){.topics = VALUES("resource-use"),
                                       .measures = VALUES("need_index"),
                                       .sectors = VALUES("grunnskole"),
                                       .municipalities = VALUES("4003")},
                   NULL);
    assert_refused(&(struct kf_filter){.sectors = VALUES("total")}, NULL);
}

static void unknown_names_are_refused_with_the_nearest(void **state)
{
    (void)state;
    assert_refused(&(struct kf_filter){.topics = VALUES("ned")}, "did you mean need;");
    assert_refused(&(struct kf_filter){.measures = VALUES("need_indx")},
                   "did you mean need_index;");
    assert_refused(&(struct kf_filter){.sectors = VALUES("grunskole")}, "did you mean grunnskole;");
    assert_refused(&(struct kf_filter){.municipalities = VALUES("Skien")},
                   "did you mean 4003 Skien?");
    assert_refused(&(struct kf_filter){.municipalities = VALUES("")}, "give four digits");
}

static void sectors_of_unit_costs_are_those_that_the_edition_has(void **state)
{
    (void)state;
    static const char *const sectors[] = {"bpa",    "services", "institution",        "user_time",
                                          "growth", "grants",   "resource_intensive", "demography",
                                          "total"};
    for (size_t i = 0; i < sizeof sectors / sizeof sectors[0]; i++) {
        struct kf_filter filter = {.sectors = {&sectors[i], 1}};
        assert_refused_of("sio-2017", &filter, NULL);
    }
    assert_refused_of("need-2026", &(struct kf_filter){.sectors = VALUES("services")},
                      "there is no such sector");
    assert_refused_of("need-2026", &(struct kf_filter){.sectors = VALUES("bpa")},
                      "there is no such sector");
}

static void a_slip_in_a_sector_of_unit_costs_leads_to_the_nearest(void **state)
{
    (void)state;
    assert_refused_of("sio-2017", &(struct kf_filter){.sectors = VALUES("BPA")},
                      "did you mean bpa;");
    assert_refused_of("sio-2017", &(struct kf_filter){.sectors = VALUES("service")},
                      "did you mean services;");
}

static void an_open_filter_takes_everything(void **state)
{
    (void)state;
    struct kf_filter filter = {{NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}};
    struct kf_row row = {.topic = KF_TOPIC_NEED, .municipality = "", .sector = "total"};
    assert_true(kf_filter_is_open(&filter));
    assert_true(kf_filter_takes_row(&filter, &row));
    assert_true(kf_filter_takes_measure(&filter, "need_index"));
}

static void a_row_must_be_named_by_each_option(void **state)
{
    (void)state;
    struct kf_filter filter = {.municipalities = VALUES("4003"), .topics = VALUES("need")};
    struct kf_row row = {.topic = KF_TOPIC_NEED, .municipality = "4003", .sector = "total"};
    assert_false(kf_filter_is_open(&filter));
    assert_true(kf_filter_takes_row(&filter, &row));
    row.topic = KF_TOPIC_INDEX;
    assert_false(kf_filter_takes_row(&filter, &row));
}

static void rows_of_the_group_belong_to_no_municipality(void **state)
{
    (void)state;
    struct kf_filter filter = {.municipalities = VALUES("4003")};
    struct kf_row row = {.topic = KF_TOPIC_NEED, .municipality = "", .sector = "total"};
    assert_false(kf_filter_takes_row(&filter, &row));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_leads_to_its_code),
        cmocka_unit_test(the_beginning_of_names_leads_to_all_of_them),
        cmocka_unit_test(a_slip_leads_to_the_nearest_name),
        cmocka_unit_test(many_names_are_not_all_told),
        cmocka_unit_test(no_name_leads_nowhere),
        cmocka_unit_test(names_that_are_known_pass),
        cmocka_unit_test(unknown_names_are_refused_with_the_nearest),
        cmocka_unit_test(sectors_of_unit_costs_are_those_that_the_edition_has),
        cmocka_unit_test(a_slip_in_a_sector_of_unit_costs_leads_to_the_nearest),
        cmocka_unit_test(an_open_filter_takes_everything),
        cmocka_unit_test(a_row_must_be_named_by_each_option),
        cmocka_unit_test(rows_of_the_group_belong_to_no_municipality),
    };
    return cmocka_run_group_tests(tests, open_folder, close_folder);
}
