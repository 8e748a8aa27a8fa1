#include "services/ingest/source/klass_check.h"

#include <string.h>

#include "common/base/memory.h"
#include "source_fixture.h"

/* All codes of the register in the year, as KLASS would have them. */
static size_t codes_of(int year, struct kf_ssb_code *list)
{
    size_t count = 0;
    size_t length = 0;
    const struct kf_municipality *all =
        kf_municipalities_all(source_fixture_catalogue->municipalities, &count);
    for (size_t i = 0; i < count; i++) {
        if (all[i].from_year <= year && year <= all[i].to_year) {
            list[length++] = (struct kf_ssb_code){all[i].code, all[i].name};
        }
    }
    return length;
}

static enum kf_err check(const struct kf_ssb_code *list, size_t length, int year)
{
    struct kf_error err = {0};
    struct kf_klass_codes codes = {list, length, year};
    return kf_klass_check(&codes, source_fixture_catalogue->municipalities, source_fixture_findings,
                          &err);
}

static void the_same_codes_are_no_finding_and_not_stated_is_none(void **state)
{
    (void)state;
    static struct kf_ssb_code list[2000];
    size_t length = codes_of(2025, list);
    assert_true(length >= 357);
    list[length++] = (struct kf_ssb_code){"9999", "Uoppgitt"};
    assert_int_equal(check(list, length, 2025), KF_OK);
    source_fixture_found(0);
}

static void what_either_side_lacks_is_told(void **state)
{
    (void)state;
    static struct kf_ssb_code list[2000];
    size_t length = codes_of(2025, list);
    assert_string_equal(list[0].code, "0301");
    list[0] = (struct kf_ssb_code){"7777", "Nykommune"};
    assert_int_equal(check(list, length, 2025), KF_ERR_DATA);
    source_fixture_told("7777", "KLASS has Nykommune in 2025", "add it", NULL);
    source_fixture_told("0301", "and KLASS has not", "end it", NULL);
    source_fixture_found(2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(the_same_codes_are_no_finding_and_not_stated_is_none),
        WITH_FOLDER(what_either_side_lacks_is_told),
    };
    return cmocka_run_group_tests(tests, source_fixture_open, source_fixture_close);
}
