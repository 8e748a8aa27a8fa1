#include "tests/fuzz/support/registers.h"

#include "common/model/account.h"
#include "tests/fuzz/fuzz.h"

#define EDITIONS KF_SOURCE_DIR "/editions"

static struct kf_catalogue registers;

static void clear(void)
{
    kf_accounts_destroy(&registers.accounts);
    kf_variables_destroy(&registers.variables);
    kf_kostra_groups_destroy(&registers.kostra_groups);
    kf_structure_destroy(&registers.structure);
    kf_municipalities_destroy(&registers.municipalities);
}

static void read_all(struct kf_findings *findings)
{
    struct kf_error err = {0};
    must(kf_municipalities_read(EDITIONS "/municipalities.csv", &registers.municipalities, findings,
                                &err) == KF_OK);
    must(kf_structure_read(EDITIONS "/municipality_changes.csv", registers.municipalities,
                           &registers.structure, findings, &err) == KF_OK);
    must(kf_kostra_groups_read(EDITIONS "/kostra_groups.csv", registers.municipalities,
                               &registers.kostra_groups, findings, &err) == KF_OK);
    must(kf_variables_read(EDITIONS "/variables.yaml", &registers.variables, findings, &err) ==
         KF_OK);
    must(kf_accounts_read(EDITIONS "/accounts", &registers.accounts, findings, &err) == KF_OK);
}

const struct kf_catalogue *fuzz_registers(void)
{
    static struct kf_findings findings;
    if (!registers.municipalities) {
        kf_findings_init(&findings);
        read_all(&findings);
        kf_findings_clear(&findings);
        must(atexit(clear) == 0);
    }
    return &registers;
}
