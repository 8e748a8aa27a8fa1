#include "tools/kf/show_cells.h"

#include <stdio.h>

#include "common/model/cell.h"

/* What must be known about a value, as a sign behind it: those of the articles
 * (services/board/page/src/components/flags.ts). `*` is the input's and Statistics Norway's. */
static const struct {
    uint8_t bit;
    const char *mark;
    const char *nb;
    const char *en;
    struct kf_name of_costs; /* of unit costs, when it means something else there */
    struct kf_name of_row;   /* what a reader of topics must add: flags there are of a whole row */
} marks[] = {
    {KF_CELL_IMPUTED,
     "i",
     "fylt inn etter utgavens regel, kommunen har ikke rapportert",
     "filled in by the edition's rule, the municipality has not reported it",
     {"", ""},
     {"", ""}},
    {KF_CELL_PRELIMINARY,
     "*",
     "bygger på ureviderte tall",
     "rests on unrevised figures",
     {"bygger på tall som er foreløpige eller usikre", "rests on preliminary or uncertain figures"},
     {", selv eller et annet tall i samme rad", ", itself or another number of the same row"}},
    {KF_CELL_PROJECTED,
     "f",
     "framskrevet, ikke observert",
     "projected, not observed",
     {"", ""},
     {"", ""}},
    {KF_CELL_INCOMPLETE,
     "u",
     "ufullstendig: bygger på imputerte tall, eller noe er utelatt",
     "incomplete: rests on imputed figures, or something is left out",
     {"noe er utelatt: en kostnadsgruppe uten utgift eller uten tilskudd, eller en tjeneste uten "
      "mengde",
      "something is left out: a cost group without spending or without grant, or a service without "
      "a quantity"},
     {"", ""}},
    {KF_CELL_PUBLISHED,
     "†",
     "bygger på et publisert utgiftsbehov, ikke på kriterier",
     "rests on a published need index, not on criteria",
     {"publisert, ikke beregnet", "as published, not computed"},
     {"", ""}},
    {KF_CELL_INFERRED,
     "‡",
     "etter en regel som er rekonstruert, ikke trykt i kilden",
     "by a rule that is reconstructed, not printed in the source",
     {"", ""},
     {"", ""}},
};
#define MARKS (sizeof marks / sizeof marks[0])

const char *kf_show_say(const struct kf_show_view *view, const char *nb, const char *en)
{
    return view->norwegian ? nb : en;
}

const char *kf_show_name(const struct kf_show_view *view, const struct kf_name *name)
{
    return kf_show_say(view, name->nb, name->en);
}

void kf_show_mark(uint8_t status, char mark[KF_SHOW_MARK_SIZE])
{
    size_t length = 0;
    mark[0] = '\0';
    for (size_t i = 0; i < MARKS; i++) {
        if (status & marks[i].bit) {
            length +=
                (size_t)snprintf(mark + length, KF_SHOW_MARK_SIZE - length, "%s", marks[i].mark);
        }
    }
}

/* Statistics Norway's sign for a value that is not there. */
const char *kf_show_absence(uint8_t status)
{
    switch (status & KF_CELL_KIND_MASK) {
    case KF_CELL_NOT_APPLICABLE:
        return ".";
    case KF_CELL_CONFIDENTIAL:
        return ":";
    default:
        return "..";
    }
}

void kf_show_add_measure(const struct kf_show_view *view, struct kf_table *table,
                         const struct kf_published_key *key, const struct kf_show_measure *measure)
{
    uint8_t status = 0;
    double value = 0;
    char mark[KF_SHOW_MARK_SIZE] = "";
    bool row = kf_published_status(view->published, key, &status);
    kf_show_mark(status & measure->marks, mark);
    if (row && kf_published_value(view->published, key, measure->name, &value)) {
        int decimals = measure->decimals < 0 ? view->decimals : measure->decimals;
        kf_table_add_number(table, value, decimals, mark);
    } else {
        kf_table_add_cell(table, kf_show_absence(status), "");
    }
}

void kf_show_explain_marks(const struct kf_show_view *view, uint8_t all, uint8_t costs,
                           struct kf_text *text)
{
    for (size_t i = 0; i < MARKS; i++) {
        bool other = (costs & marks[i].bit) && marks[i].of_costs.nb[0];
        if ((all & marks[i].bit) || ((costs & marks[i].bit) && !other)) {
            kf_text_add_format(text, "  %s %s\n", marks[i].mark,
                               kf_show_say(view, marks[i].nb, marks[i].en));
        }
        if (other) {
            const struct kf_name *row = &marks[i].of_row;
            kf_text_add_format(text, "  %s %s%s\n", marks[i].mark,
                               kf_show_name(view, &marks[i].of_costs),
                               view->published ? kf_show_name(view, row) : "");
        }
    }
}

enum kf_err kf_show_print(const struct kf_show_view *view, struct kf_table *table,
                          struct kf_text *text, struct kf_error *err)
{
    enum kf_err code = kf_table_print(table, view->on, view->off, text, err);
    kf_table_destroy(&table);
    return code;
}

enum kf_err kf_show_no_memory(struct kf_error *err)
{
    return kf_error_set(err, KF_ERR_MEMORY, "no memory for a table");
}
