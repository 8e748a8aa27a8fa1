/* The bundled figures of the ASSS index 2010, computed, and the numbers that were printed. */
#ifndef KF_TESTS_GOLDEN_ASSS_2010_H
#define KF_TESTS_GOLDEN_ASSS_2010_H

#include <stdbool.h>
#include <stddef.h>

#include "common/model/panel.h"

/* Group set-up and tear-down for cmocka; between them the panel is computed. */
int asss_2010_compute(void **state);
int asss_2010_clear(void **state);

/* The computed panel of edition asss-2010, year 2010. */
const struct kf_panel *asss_2010_panel(void);

/* Where a municipality stands in the panel; fails the test when it does not. */
size_t asss_2010_member(const char *municipality);

/* A line of the published tables: table,sector,indicator,municipality,measure,value,imputed. */
struct asss_2010_published {
    char table[8];
    char sector[32];
    char indicator[64];
    char municipality[16];
    char measure[40];
    double value;
    bool imputed;
};

/* Calls `visit` with every published number; returns how many there are. */
typedef void asss_2010_visit(const struct asss_2010_published *row, void *context);
size_t asss_2010_each_published(asss_2010_visit *visit, void *context);

#endif
