#include "services/ingest/csv/sheet_slip.h"

#include <string.h>
#include <strings.h>

#define DATE_BYTES_MAX 24

static const struct kf_sheet_slip error_of_formula = {
    "an error of a spreadsheet's formula",
    "correct the formula in the spreadsheet, or give the mark .. when there is no figure"};
static const struct kf_sheet_slip too_narrow = {
    "the spreadsheet's column was too narrow for the figure",
    "make the column wider in the spreadsheet and save as CSV again"};
static const struct kf_sheet_slip made_a_date = {
    "a date, which a spreadsheet may have made of a figure",
    "format the column as a number in the spreadsheet, type the figure again and save as CSV"};
static const struct kf_sheet_slip parentheses = {
    "a number in parentheses, which accountants write for one below zero",
    "format the column in the spreadsheet so that it shows a minus"};

static bool starts_with(const char *text, size_t length, const char *start)
{
    size_t bytes = strlen(start);
    return length >= bytes && strncasecmp(text, start, bytes) == 0;
}

/* #N/A, #DIV/0!, #I/T, Err:502 … and #### */
static bool is_error(const char *text, size_t length)
{
    static const char *const errors[] = {"#N/A",   "#DIV/0", "#REF",   "#VALUE", "#NAME",
                                         "#NUM",   "#NULL",  "#SPILL", "#CALC",  "#GETTING",
                                         "#I/T",   "#VERDI", "#NAVN",  "#TALL",  "#OVERFL",
                                         "#FIELD", "#BUSY",  "Err:",   "Feil:"};
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        if (starts_with(text, length, errors[i])) {
            return true;
        }
    }
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The name of a month in Norwegian or English stands there: its first three letters. */
static bool is_month(const char *text, size_t length)
{
    static const char *const months[] = {"jan", "feb", "mar", "apr", "mai", "may", "jun", "jul",
                                         "aug", "sep", "okt", "oct", "nov", "des", "dec"};
    for (size_t i = 0; i < sizeof months / sizeof months[0]; i++) {
        if (starts_with(text, length, months[i])) {
            return true;
        }
    }
    return false;
}

/* 1.mar, 1-Mar-12, mar.05, mars 12: a month's name and digits. */
static bool has_month(const char *text, size_t length)
{
    bool month = false;
    bool digits = false;
    for (size_t i = 0; i < length; i++) {
        bool begins = i == 0 || strchr(" .-/0123456789", text[i - 1]) != NULL;
        month = month || (begins && is_month(text + i, length - i));
        digits = digits || is_digit(text[i]);
    }
    return month && digits;
}

/* Digits, a mark, digits, the same mark, digits, with years and days where dates have them. */
static bool has_date_parts(const char *text, size_t length)
{
    size_t digits[3] = {0};
    size_t part = 0;
    char mark = '\0';
    for (size_t i = 0; i < length; i++) {
        if (is_digit(text[i])) {
            digits[part]++;
        } else if (part == 2 || digits[part] == 0 || !strchr(".-/", text[i]) ||
                   (mark != '\0' && mark != text[i])) {
            return false;
        } else {
            mark = text[i];
            part++;
        }
    }
    bool year_last = digits[0] <= 2 && digits[1] <= 2 && (digits[2] == 2 || digits[2] == 4);
    bool year_first = digits[0] == 4 && digits[1] <= 2 && digits[2] >= 1 && digits[2] <= 2;
    return part == 2 && digits[1] > 0 && (year_last || year_first);
}

static bool is_date(const char *text, size_t length)
{
    return length >= 4 && length <= DATE_BYTES_MAX &&
           (has_month(text, length) || has_date_parts(text, length));
}

static bool is_hashes(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] != '#') {
            return false;
        }
    }
    return length >= 2;
}

static bool is_in_parentheses(const char *text, size_t length)
{
    return length > 2 && text[0] == '(' && text[length - 1] == ')' && is_digit(text[1]);
}

bool kf_sheet_slip_of(const char *text, size_t length, struct kf_sheet_slip *slip)
{
    static const struct {
        bool (*is)(const char *, size_t);
        const struct kf_sheet_slip *slip;
    } kinds[] = {{is_error, &error_of_formula},
                 {is_hashes, &too_narrow},
                 {is_in_parentheses, &parentheses},
                 {is_date, &made_a_date}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kinds[i].is(text, length)) {
            *slip = *kinds[i].slip;
            return true;
        }
    }
    return false;
}
