#include "tools/kf/ready_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#define PATH_BYTES_MAX 4096

static bool write_facts(FILE *file, const struct kf_fleet *fleet, const char *bootstrap_servers,
                        const char *board)
{
    bool written = fprintf(file, "bootstrap=%s\ninbox=%s\nrun-dir=%s\nstate-dir=%s\n",
                           bootstrap_servers, fleet->inbox, fleet->run_dir, fleet->state_dir) > 0;
    if (board[0] != '\0') {
        written = fprintf(file, "board=%s\n", board) > 0 && written;
    }
    return fclose(file) == 0 && written;
}

enum kf_err kf_ready_file_write(const char *path, const struct kf_fleet *fleet,
                                const char *bootstrap_servers, const char *board,
                                struct kf_error *err)
{
    char beside[PATH_BYTES_MAX];
    int length = snprintf(beside, sizeof beside, "%s.new", path);
    if (length < 0 || (size_t)length >= sizeof beside) {
        return kf_error_set(err, KF_ERR_CONFIG, "the ready file's name is too long");
    }
    FILE *file = fopen(beside, "we");
    if (!file || !write_facts(file, fleet, bootstrap_servers, board) || rename(beside, path) != 0) {
        return kf_error_set_errno(err, KF_ERR_CONFIG, errno, "cannot write %s", path);
    }
    return KF_OK;
}
