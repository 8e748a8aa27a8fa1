#define _XOPEN_SOURCE 700 /* nftw, mkdtemp, realpath */

#include "tools/kf/temporary.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPEN_FOLDERS_MAX 16
#define USUAL_ROOT       "/tmp"
#define NAME             "/kf-XXXXXX"

enum kf_err kf_temporary_make(size_t length_max, struct kf_text *path, struct kf_error *err)
{
    const char *root = getenv("TMPDIR");
    char absolute[PATH_MAX];
    char made[PATH_MAX];
    root = root && root[0] ? root : USUAL_ROOT;
    if (!realpath(root, absolute)) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "no temporary folder in %s", root);
    }
    bool too_long = length_max > 0 && strlen(absolute) + sizeof NAME - 1 > length_max;
    int length = snprintf(made, sizeof made, "%s" NAME, too_long ? USUAL_ROOT : absolute);
    if (length < 0 || (size_t)length >= sizeof made) {
        return kf_error_set(err, KF_ERR_IO, "the path of %s is too long", root);
    }
    if (!mkdtemp(made)) {
        return kf_error_set_errno(err, KF_ERR_IO, errno, "no temporary folder in %s",
                                  too_long ? USUAL_ROOT : root);
    }
    kf_text_add(path, made);
    if (path->failed) {
        kf_temporary_remove(made);
        return kf_error_set(err, KF_ERR_MEMORY, "no memory for a path");
    }
    return KF_OK;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about;
    (void)kind;
    (void)place;
    (void)remove(path);
    return 0; /* the rest is removed all the same */
}

void kf_temporary_remove(const char *path)
{
    (void)nftw(path, remove_one, OPEN_FOLDERS_MAX, FTW_DEPTH | FTW_PHYS);
}
