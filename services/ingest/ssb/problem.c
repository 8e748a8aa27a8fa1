#include "services/ingest/ssb/problem.h"

#include <jansson.h>
#include <stddef.h>
#include <string.h>

#include "common/base/text.h"

/* Control characters become spaces; what does not fit is left out. */
static void copy_shown(const char *text, char *shown, size_t size)
{
    size_t length = text ? strlen(text) : 0;
    size_t kept = length < size ? length : kf_text_whole(text, size - 1);
    for (size_t i = 0; i < kept; i++) {
        shown[i] = (unsigned char)text[i] < ' ' ? ' ' : text[i]; /* lines of a title are one */
    }
    shown[kept] = '\0';
    kf_text_defuse(shown);
}

void kf_ssb_problem_read(const char *body, struct kf_ssb_problem *problem)
{
    json_error_t error;
    json_t *root = json_loads(body, JSON_REJECT_DUPLICATES, &error);
    *problem = (struct kf_ssb_problem){.status = 0};
    if (json_is_object(root)) {
        json_int_t status = json_integer_value(json_object_get(root, "status"));
        problem->status = status >= 100 && status <= 599 ? (int)status : 0;
        copy_shown(json_string_value(json_object_get(root, "title")), problem->title,
                   sizeof problem->title);
        copy_shown(json_string_value(json_object_get(root, "detail")), problem->detail,
                   sizeof problem->detail);
    }
    if (strcmp(problem->title, problem->detail) == 0) {
        problem->detail[0] = '\0';
    }
    json_decref(root);
}
