#include "common/codec/letter.h"

#include "common/base/memory.h"
#include "common/codec/json.h"
#include "common/codec/rejection_codec.h"
#include "common/codec/scratch.h"
#include "common/codec/unpack.h"
#include "kf/v1/receipt.pb-c.h"

#define ARENA_BYTES_MAX ((size_t)128 * 1024 * 1024)
#define FIELD_BYTES_MAX 16 /* before a message in a message, and the count of those left out */

/* --- packing ------------------------------------------------------------------------------- */

/* A letter as a message whose findings can be shortened. */
struct packing {
    struct kf_arena *arena;
    Kf__V1__Receipt receipt; /* with this one letter */
    Kf__V1__Letter letter;
    Kf__V1__Letter *list[1];
};

static enum kf_err begin(struct packing *self, const struct kf_letter *letter, struct kf_error *err)
{
    struct kf_scratch scratch = {.arena = self->arena};
    kf__v1__receipt__init(&self->receipt);
    kf__v1__letter__init(&self->letter);
    self->letter.panel = letter->panel;
    self->letter.rejection = kf_rejection_to_message(letter->rejection, &scratch);
    self->list[0] = &self->letter;
    self->receipt.letters = self->list;
    self->receipt.n_letters = 1;
    return self->letter.rejection ? KF_OK : kf_scratch_result(&scratch, err);
}

/* Takes findings from the end until the letter has at most `room` bytes. False when it never has.
 */
static bool shorten(struct packing *self, size_t room)
{
    Kf__V1__Rejection *rejection = self->letter.rejection;
    while (protobuf_c_message_get_packed_size(&self->receipt.base) > room) {
        if (rejection->n_findings == 0) {
            return false;
        }
        rejection->n_findings--;
        rejection->findings_left_out++;
    }
    return true;
}

static enum kf_err pack_letter(const struct kf_letter *letter, size_t room, struct kf_text *bytes,
                               bool *packed, struct kf_error *err)
{
    struct packing self = {.arena = kf_arena_new(ARENA_BYTES_MAX)};
    enum kf_err code = self.arena ? begin(&self, letter, err) : kf_codec_no_memory(err);
    if (code == KF_OK) {
        *packed = shorten(&self, room);
        code = *packed ? kf_pack(&self.receipt.base, bytes, err) : KF_OK;
    }
    kf_arena_destroy(&self.arena);
    return code;
}

static enum kf_err pack_left_out(uint32_t left_out, size_t bytes_max, struct kf_text *bytes,
                                 struct kf_error *err)
{
    Kf__V1__Receipt receipt;
    kf__v1__receipt__init(&receipt);
    receipt.letters_left_out = left_out;
    return left_out > 0 && bytes_max >= FIELD_BYTES_MAX ? kf_pack(&receipt.base, bytes, err)
                                                        : KF_OK;
}

enum kf_err kf_letters_pack(const struct kf_letter *letters, size_t count, size_t bytes_max,
                            struct kf_text *bytes, struct kf_error *err)
{
    size_t before = bytes->length;
    uint32_t left_out = 0;
    enum kf_err code = KF_OK;
    for (size_t i = 0; code == KF_OK && i < count; i++) {
        size_t used = bytes->length - before + FIELD_BYTES_MAX;
        bool packed = false;
        code =
            pack_letter(&letters[i], used < bytes_max ? bytes_max - used : 0, bytes, &packed, err);
        left_out += !packed;
    }
    if (code == KF_OK) {
        code = pack_left_out(left_out, bytes_max, bytes, err);
    }
    if (code != KF_OK) {
        kf_codec_cut(bytes, before);
    }
    return code;
}

/* --- unpacking ----------------------------------------------------------------------------- */

void kf_letters_destroy(struct kf_letters **self)
{
    if (!self || !*self) {
        return;
    }
    for (size_t i = 0; i < (*self)->length; i++) {
        struct kf_rejection *rejection =
            (struct kf_rejection *)(uintptr_t)(*self)->list[i].rejection;
        kf_findings_clear(&rejection->findings);
    }
    kf_arena_destroy(&(*self)->arena);
    kf_free(*self);
    *self = NULL;
}

static enum kf_err check(const Kf__V1__Receipt *message, size_t i, struct kf_error *err)
{
    const Kf__V1__Letter *letter = message->letters[i];
    if (!letter->rejection) {
        return kf_error_set(err, KF_ERR_DATA, "a dead letter that says nothing");
    }
    if (letter->panel >= KF_RELEASE_PANELS_MAX) {
        return kf_error_set(err, KF_ERR_DATA, "a dead letter of panel %u", letter->panel);
    }
    if (i > 0 && letter->panel <= message->letters[i - 1]->panel) {
        return kf_error_set(err, KF_ERR_DATA, "dead letters that do not ascend");
    }
    return KF_OK;
}

static enum kf_err fill(const Kf__V1__Receipt *message, struct kf_letters *letters,
                        struct kf_error *err)
{
    struct kf_scratch scratch = {.arena = letters->arena};
    letters->left_out = message->letters_left_out;
    letters->list = kf_scratch_array(&scratch, message->n_letters, sizeof *letters->list);
    enum kf_err code = kf_scratch_result(&scratch, err);
    for (size_t i = 0; code == KF_OK && i < message->n_letters; i++) {
        struct kf_rejection *rejection = NULL;
        code = check(message, i, err);
        if (code == KF_OK) {
            code = kf_rejection_from_message(message->letters[i]->rejection, letters->arena,
                                             &rejection, err);
        }
        if (code == KF_OK) {
            letters->list[letters->length++] =
                (struct kf_letter){message->letters[i]->panel, rejection};
        }
    }
    return code;
}

static enum kf_err letters_new(struct kf_letters **letters, struct kf_error *err)
{
    struct kf_letters *self = kf_calloc(1, sizeof *self);
    if (self) {
        self->arena = kf_arena_new(ARENA_BYTES_MAX);
    }
    if (!self || !self->arena) {
        kf_free(self);
        return kf_codec_no_memory(err);
    }
    *letters = self;
    return KF_OK;
}

enum kf_err kf_letters_unpack(const void *bytes, size_t length, struct kf_letters **letters,
                              struct kf_error *err)
{
    struct kf_unpack unpack;
    struct kf_letters *built = NULL;
    ProtobufCMessage *message = NULL;
    kf_unpack_init(&unpack, kf_unpack_ceiling(length));
    enum kf_err code =
        kf_unpack(&unpack, &kf__v1__receipt__descriptor, bytes, length, &message, err);
    if (code != KF_OK) {
        return code;
    }
    code = letters_new(&built, err);
    if (code == KF_OK) {
        code = fill((const Kf__V1__Receipt *)(const void *)message, built, err);
    }
    protobuf_c_message_free_unpacked(message, &unpack.allocator);
    if (code != KF_OK) {
        kf_letters_destroy(&built);
        return code;
    }
    *letters = built;
    return KF_OK;
}

/* --- printing ------------------------------------------------------------------------------ */

enum kf_err kf_letter_print(const struct kf_letter *letter, struct kf_text *json,
                            struct kf_error *err)
{
    struct kf_scratch scratch = {.arena = kf_arena_new(ARENA_BYTES_MAX)};
    Kf__V1__Rejection *message = NULL;
    enum kf_err code = KF_OK;
    if (scratch.arena) {
        message = kf_rejection_to_message(letter->rejection, &scratch);
        code =
            message ? kf_json_print(&message->base, json, err) : kf_scratch_result(&scratch, err);
    } else {
        code = kf_codec_no_memory(err);
    }
    kf_arena_destroy(&scratch.arena);
    return code;
}
