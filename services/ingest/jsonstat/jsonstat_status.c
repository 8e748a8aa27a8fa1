#include "services/ingest/jsonstat/jsonstat_status.h"

#include "common/base/text.h"
#include "common/model/cell.h"

/* Explained at www.ssb.no/en/omssb/tjenester-og-verktoy/api; `...`, `-` and `*` until 2021. */
static const struct kf_jsonstat_symbol usual[] = {
    {".", KF_CELL_NOT_APPLICABLE}, {"..", KF_CELL_MISSING},     {"...", KF_CELL_MISSING},
    {"-", KF_CELL_MISSING},        {":", KF_CELL_CONFIDENTIAL}, {"*", KF_CELL_PRELIMINARY},
};

#define USUAL_LEN (sizeof usual / sizeof usual[0])

int kf_jsonstat_status_number(const struct kf_jsonstat_limits *limits, const char *symbol)
{
    if (symbol[0] == '\0') {
        return 0;
    }
    for (size_t i = 0; i < limits->symbols_len; i++) {
        if (kf_text_equal(limits->symbols[i].symbol, symbol)) {
            return (int)(1 + USUAL_LEN + i);
        }
    }
    for (size_t i = 0; i < USUAL_LEN; i++) {
        if (kf_text_equal(usual[i].symbol, symbol)) {
            return (int)(1 + i);
        }
    }
    return -1;
}

size_t kf_jsonstat_status_count(const struct kf_jsonstat_limits *limits)
{
    return 1 + USUAL_LEN + limits->symbols_len;
}

uint8_t kf_jsonstat_status_of(const struct kf_jsonstat_limits *limits, unsigned number,
                              bool has_number)
{
    uint8_t status = number == 0           ? KF_CELL_VALUE
                     : number <= USUAL_LEN ? usual[number - 1].status
                                           : limits->symbols[number - 1 - USUAL_LEN].status;
    return kf_cell_has_value(status) && !has_number ? KF_CELL_MISSING : status;
}
