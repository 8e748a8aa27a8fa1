#include "tools/kf/editions_text.h"

#include <string.h>

#include "tools/kf/words.h"

#define WRAP_WIDTH 100

static bool has(const char *text)
{
    return text && text[0];
}

/* Bytes up to the end of `mark`, or to the end. */
static size_t length_up_to(const char *text, const char *mark)
{
    const char *at = strstr(text, mark);
    return at ? (size_t)(at - text) + strlen(mark) : strlen(text);
}

static size_t columns_of(const char *text, size_t bytes)
{
    size_t width = 0;
    for (size_t i = 0; i < bytes; i++) {
        width += ((unsigned char)text[i] & 0xc0) != 0x80;
    }
    return width;
}

void kf_editions_wrap(const char *value, size_t start, struct kf_text *text)
{
    size_t column = start;
    size_t bytes = 0;
    for (const char *part = value; *part; part += bytes) {
        bytes = length_up_to(part, part == value ? "):" : ",");
        size_t skip = 0;
        if (column > start && column + columns_of(part, bytes) > WRAP_WIDTH) {
            kf_text_add_format(text, "\n%*s", (int)start, "");
            skip = strspn(part, " ");
            column = start;
        }
        kf_text_add_format(text, "%.*s", (int)(bytes - skip), part + skip);
        column += columns_of(part + skip, bytes - skip);
    }
}

void kf_editions_number(double number, struct kf_text *text)
{
    kf_text_add_format(text, "%.6g", number);
}

void kf_editions_terms(const struct kf_terms *terms, bool norwegian, struct kf_text *text)
{
    for (size_t i = 0; i < terms->count; i++) {
        const struct kf_term *term = &terms->list[i];
        kf_text_add(text, i ? " + " : "");
        if (term->factor != 1) {
            kf_editions_number(term->factor, text);
            kf_text_add(text, "·");
        }
        kf_text_add(text, term->variable);
        kf_text_add(text, term->country ? kf_word(" of the country", norwegian) : "");
    }
}

void kf_editions_denominator(const struct kf_indicator *indicator, bool norwegian,
                             struct kf_text *text)
{
    if (indicator->per == KF_PER_POPULATION) {
        kf_text_add(text, kf_word("inhabitants", norwegian));
    } else if (indicator->per == KF_PER_NEED_POPULATION) {
        kf_text_add_format(text, "%s %s %s", kf_word("need-corrected population", norwegian),
                           kf_word("of", norwegian), indicator->per_sector);
    } else if (indicator->per == KF_PER_TERMS) {
        kf_editions_terms(&indicator->denominator, norwegian, text);
    }
}

void kf_editions_formula(const struct kf_indicator *indicator, bool norwegian, struct kf_text *text)
{
    bool divided = indicator->per != KF_PER_NONE;
    bool sum = indicator->numerator.count > 1 && (divided || indicator->whole != 0);
    if (indicator->whole != 0) {
        kf_editions_number(indicator->whole, text);
        kf_text_add(text, " − ");
    }
    kf_text_add(text, sum ? "(" : "");
    kf_editions_terms(&indicator->numerator, norwegian, text);
    kf_text_add(text, sum ? ")" : "");
    if (divided) {
        bool below = indicator->per == KF_PER_TERMS && indicator->denominator.count > 1;
        kf_text_add(text, below ? " ÷ (" : " ÷ ");
        kf_editions_denominator(indicator, norwegian, text);
        kf_text_add(text, below ? ")" : "");
    }
}

/* --- weightings ------------------------------------------------------------------------------- */

static const char *weight_rule(enum kf_weight_rule rule)
{
    static const char *const names[] = {
        [KF_WEIGHT_ITEM] = "item",         [KF_WEIGHT_BUDGET] = "budget",
        [KF_WEIGHT_MAIN] = "main",         [KF_WEIGHT_EQUAL] = "equal",
        [KF_WEIGHT_QUANTITY] = "quantity", [KF_WEIGHT_CHOSEN] = "chosen",
        [KF_WEIGHT_RESOURCE] = "resource",
    };
    return rule >= KF_WEIGHT_ITEM && rule <= KF_WEIGHT_RESOURCE ? names[rule] : "";
}

static size_t find_item(const struct kf_weighting *weighting, const char *item)
{
    size_t p = 0;
    while (p < weighting->parts_len && strcmp(weighting->parts[p].item, item) != 0) {
        p++;
    }
    return p;
}

static void add_levels(const struct kf_weighting *weighting, size_t part, bool norwegian,
                       struct kf_text *text)
{
    const struct kf_weight_part *at = &weighting->parts[part];
    if (at->parent < 0) {
        return;
    }
    size_t parent = (size_t)at->parent;
    add_levels(weighting, parent, norwegian, text);
    kf_text_add_format(text, "%s%s", weighting->parts[parent].parent < 0 ? "" : " · ",
                       weight_rule(weighting->parts[parent].rule));
    if (at->share > 0) {
        kf_text_add_char(text, ' ');
        kf_editions_number(at->share, text);
    } else if (at->amount.count > 0) {
        kf_text_add_char(text, ' ');
        kf_editions_terms(&at->amount, norwegian, text);
    }
}

void kf_editions_derivation(const struct kf_weighting *weighting, const char *item, bool norwegian,
                            struct kf_text *text)
{
    size_t part = find_item(weighting, item);
    if (part < weighting->parts_len) {
        add_levels(weighting, part, norwegian, text);
    }
}

void kf_editions_closure(const struct kf_weighting *weighting, bool norwegian, struct kf_text *text)
{
    if (weighting->closure == KF_CLOSURE_LAST || weighting->closure == KF_CLOSURE_REMAINDER) {
        kf_text_add_format(text, "%d %s, %s", weighting->decimals, kf_word("decimals", norwegian),
                           kf_word(weighting->closure == KF_CLOSURE_LAST
                                       ? "the last absorbs"
                                       : "the largest remainders are rounded up",
                                   norwegian));
    } else {
        kf_text_add(text, kf_word("not rounded", norwegian));
    }
}

/* --- rules ------------------------------------------------------------------------------------ */

void kf_editions_expenditure(const struct kf_expenditure *expenditure, bool norwegian,
                             struct kf_text *text)
{
    if (has(expenditure->given)) {
        kf_text_add_format(text, "%s: %s", kf_word("given", norwegian), expenditure->given);
    } else if (expenditure->gross.count > 0) {
        kf_editions_terms(&expenditure->gross, norwegian, text);
        if (expenditure->minus.count > 0) {
            kf_text_add(text, " − (");
            kf_editions_terms(&expenditure->minus, norwegian, text);
            kf_text_add_char(text, ')');
        }
        if (expenditure->payroll_costs.count > 0) {
            kf_text_add_format(text, "; %s ", kf_word("payroll costs", norwegian));
            kf_editions_terms(&expenditure->payroll_costs, norwegian, text);
            kf_text_add(text, kf_word(" as a common percentage of ", norwegian));
            kf_editions_terms(&expenditure->wages, norwegian, text);
        } else if (expenditure->wages.count > 0) {
            kf_text_add_format(text, "; %s ", kf_word("wages", norwegian));
            kf_editions_terms(&expenditure->wages, norwegian, text);
        }
        kf_text_add(text,
                    expenditure->need_corrected ? kf_word("; divided by need", norwegian) : "");
    }
}

const char *kf_editions_missing(enum kf_missing_rule rule)
{
    static const char *const names[] = {[KF_MISSING_MINIMUM] = "minimum",
                                        [KF_MISSING_MEDIAN] = "median",
                                        [KF_MISSING_DROP] = "drop",
                                        [KF_MISSING_LATEST] = "latest"};
    return rule >= KF_MISSING_MINIMUM && rule <= KF_MISSING_LATEST ? names[rule] : "";
}

const char *kf_editions_reference(enum kf_reference reference)
{
    return reference == KF_REFERENCE_COUNTRY ? "country" : "group";
}

void kf_editions_normalization(const struct kf_edition *edition, struct kf_text *text)
{
    if (edition->normalization == KF_NORMALIZE_STANDARDIZED) {
        kf_text_add(text, "standardized ");
        kf_editions_number(edition->spread, text);
    } else {
        kf_text_add(text, "mean");
    }
}

const char *kf_editions_composition(enum kf_composition composition)
{
    return composition == KF_COMPOSE_PRODUCT ? "product" : "sum";
}

void kf_editions_sources(const struct kf_edition *edition, struct kf_text *text)
{
    for (size_t i = 0; i < edition->tables_len; i++) {
        kf_text_add_format(text, "%s%s", i > 0 ? ", " : "", edition->tables[i]);
    }
    for (size_t i = 0; i < edition->source_files_len; i++) {
        kf_text_add_format(text, ", %s", edition->source_files[i]);
    }
}

void kf_editions_structure(const struct kf_edition *edition, struct kf_text *text)
{
    if (edition->structure_year > 0) {
        kf_text_add_format(text, "%d", edition->structure_year);
    } else {
        kf_text_add(text, edition->structure_year == KF_STRUCTURE_TODAY ? "today" : "data-year");
    }
}

void kf_editions_excluded(const struct kf_edition *edition, struct kf_text *text)
{
    for (size_t i = 0; i < edition->excluded_len; i++) {
        kf_text_add_format(text, "%s%s", i ? ", " : "", edition->excluded[i]);
    }
}

void kf_editions_change(const struct kf_change *change, bool norwegian, struct kf_text *text)
{
    if (change->computed) {
        kf_text_add(text, kf_word("computed", norwegian));
    } else if (has(change->production)) {
        kf_text_add_format(text, "%s: %s %s %s, %s = ", kf_word("given", norwegian),
                           change->production, kf_word("and", norwegian), change->expenditure,
                           kf_word("no change", norwegian));
        kf_editions_number(change->base, text);
    } else {
        kf_text_add(text, kf_word("none", norwegian));
    }
}
