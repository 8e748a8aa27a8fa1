#include "services/board/api/assets.h"

#include <string.h>

#include "common/model/municipality.h"

/* `NAME` and `NAME_end` around the file's bytes. */
#define EMBED(NAME, FILE)                                                                          \
    __asm__(".section .rodata\n"                                                                   \
            ".balign 16\n"                                                                         \
            ".global kf_asset_" NAME "\n"                                                          \
            "kf_asset_" NAME ":\n"                                                                 \
            ".incbin \"" KF_PAGE_DIR "/" FILE "\"\n"                                               \
            ".global kf_asset_" NAME "_end\n"                                                      \
            "kf_asset_" NAME "_end:\n"                                                             \
            ".byte 0\n"                                                                            \
            ".previous\n")

EMBED("index", "index.html");
EMBED("script", "app.js");
EMBED("style", "app.css");
EMBED("icon", "favicon.svg");

extern const unsigned char kf_asset_index[], kf_asset_index_end[];
extern const unsigned char kf_asset_script[], kf_asset_script_end[];
extern const unsigned char kf_asset_style[], kf_asset_style_end[];
extern const unsigned char kf_asset_icon[], kf_asset_icon_end[];

static const struct {
    const char *path;
    const char *type;
    const unsigned char *begin;
    const unsigned char *end;
} files[KF_ASSETS] = {
    [KF_ASSET_INDEX] = {"/", "text/html; charset=utf-8", kf_asset_index, kf_asset_index_end},
    [KF_ASSET_SCRIPT] = {"/app.js", "text/javascript; charset=utf-8", kf_asset_script,
                         kf_asset_script_end},
    [KF_ASSET_STYLE] = {"/app.css", "text/css; charset=utf-8", kf_asset_style, kf_asset_style_end},
    [KF_ASSET_ICON] = {"/favicon.svg", "image/svg+xml", kf_asset_icon, kf_asset_icon_end},
};

const char kf_assets_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

enum kf_err kf_assets_init(struct kf_assets *self, struct kf_error *err)
{
    for (size_t i = 0; i < KF_ASSETS; i++) {
        size_t length = (size_t)(files[i].end - files[i].begin);
        enum kf_err code =
            kf_http_asset_init(&self->list[i], files[i].type, files[i].begin, length, err);
        if (code != KF_OK) {
            while (i > 0) {
                kf_http_asset_clear(&self->list[--i]);
            }
            return code;
        }
    }
    return KF_OK;
}

void kf_assets_clear(struct kf_assets *self)
{
    for (size_t i = 0; i < KF_ASSETS; i++) {
        kf_http_asset_clear(&self->list[i]);
    }
}

/* Addresses that the page reads itself, with or without a slash at the end. */
static bool is_page(const char *path)
{
    static const char operations[] = "/operations";
    static const char municipality[] = "/municipality/";
    size_t length = strlen(path);
    uint16_t code = 0;
    length -= length > 1 && path[length - 1] == '/' ? 1 : 0;
    if (length == sizeof operations - 1) {
        return strncmp(path, operations, length) == 0;
    }
    size_t before = sizeof municipality - 1;
    return length > before && strncmp(path, municipality, before) == 0 &&
           kf_municipality_parse(path + before, length - before, &code);
}

const struct kf_http_asset *kf_assets_find(const struct kf_assets *self, const char *path)
{
    for (size_t i = 0; i < KF_ASSETS; i++) {
        if (strcmp(files[i].path, path) == 0) {
            return &self->list[i];
        }
    }
    return is_page(path) ? &self->list[KF_ASSET_INDEX] : NULL;
}
