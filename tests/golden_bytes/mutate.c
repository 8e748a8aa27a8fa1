#include "tests/golden_bytes/mutate.h"

#include <float.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGES_MAX 1024
#define LENGTH(list) (sizeof(list) / sizeof(list)[0])

static const int32_t numbers[] = {0,  1,  2,   3,    4,    5,       7,      8,
                                  -1, -2, 100, 2009, 2010, INT_MAX, INT_MIN};
static const double values[] = {0, 1, -1, 0.5, 100, -100, 1e-300, DBL_MAX, -DBL_MAX, NAN, INFINITY};
static const char *const texts[] = {"",      "grunnskole",  "timer_per_elev", "plasser", "poeng",
                                    "total", "folkemengde", "pleie_omsorg",   "skole",   "0301",
                                    "5001",  "index",       "need_index",     "9999",    "raw"};

/* Every message of a tree, the root first. */
struct tree {
    ProtobufCMessage *list[MESSAGES_MAX];
    size_t count;
};

static size_t pick(struct fixture_random *random, size_t count)
{
    return (size_t)fixture_random_whole(random, 0, (int64_t)count - 1);
}

static void *copy(struct kf_arena *arena, const void *bytes, size_t length, size_t room)
{
    void *made = kf_arena_calloc(arena, room + 1, 1);
    if (!made) {
        (void)fputs("mutate: no memory\n", stderr);
        abort();
    }
    memcpy(made, bytes, length);
    return made;
}

static void *member_of(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    return (char *)message + field->offset;
}

static size_t *count_of(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    return (size_t *)(void *)((char *)message + field->quantifier_offset);
}

/* Walks the list as it grows. */
static void collect(ProtobufCMessage *root, struct tree *tree)
{
    tree->list[0] = root;
    tree->count = 1;
    for (size_t i = 0; i < tree->count; i++) {
        const ProtobufCMessageDescriptor *type = tree->list[i]->descriptor;
        for (unsigned f = 0; f < type->n_fields; f++) {
            const ProtobufCFieldDescriptor *field = &type->fields[f];
            if (field->type != PROTOBUF_C_TYPE_MESSAGE) {
                continue;
            }
            ProtobufCMessage **inside = member_of(tree->list[i], field);
            bool many = field->label == PROTOBUF_C_LABEL_REPEATED;
            size_t count = many ? *count_of(tree->list[i], field) : *inside != NULL;
            inside = many ? *(ProtobufCMessage ***)(void *)inside : inside;
            for (size_t n = 0; n < count && tree->count < MESSAGES_MAX; n++) {
                tree->list[tree->count++] = inside[n];
            }
        }
    }
}

static size_t size_of(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_DOUBLE:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_INT64:
        return sizeof(double);
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    default:
        return sizeof(int32_t);
    }
}

static void change_bytes(ProtobufCBinaryData *bytes, struct fixture_random *random,
                         struct kf_arena *arena)
{
    bytes->data =
        copy(arena, bytes->data ? bytes->data : (const uint8_t *)"", bytes->len, bytes->len + 1);
    size_t kind = pick(random, 3);
    if (kind == 0 && bytes->len > 0) {
        bytes->len--;
    } else if (kind == 1) {
        bytes->len++;
    } else if (bytes->len > 0) {
        bytes->data[pick(random, bytes->len)] = (uint8_t)fixture_random_next(random);
    }
}

/* Changes what stands at `member`, whether alone or in a list. */
static void change_one(void *member, const ProtobufCFieldDescriptor *field,
                       struct fixture_random *random, struct kf_arena *arena)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_DOUBLE:
        memcpy(member, &values[pick(random, LENGTH(values))], sizeof(double));
        return;
    case PROTOBUF_C_TYPE_STRING: {
        const char *text = texts[pick(random, LENGTH(texts))];
        *(char **)member = copy(arena, text, strlen(text), strlen(text));
        return;
    }
    case PROTOBUF_C_TYPE_BYTES:
        change_bytes(member, random, arena);
        return;
    case PROTOBUF_C_TYPE_BOOL:
        *(protobuf_c_boolean *)member = !*(protobuf_c_boolean *)member;
        return;
    case PROTOBUF_C_TYPE_MESSAGE:
        *(void **)member = NULL;
        return;
    default:
        memcpy(member, &numbers[pick(random, LENGTH(numbers))], sizeof(int32_t));
    }
}

/* A list gains an element that it has, loses its last, exchanges two, or one of them changes. */
static void change_list(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                        struct fixture_random *random, struct kf_arena *arena)
{
    size_t size = size_of(field);
    size_t *count = count_of(message, field);
    char **list = member_of(message, field);
    if (*count == 0) {
        return;
    }
    *list = copy(arena, *list, *count * size, (*count + 1) * size);
    char *one = *list + pick(random, *count) * size;
    char *other = *list + pick(random, *count) * size;
    char kept[sizeof(double)];
    switch (pick(random, 4)) {
    case 0:
        memcpy(*list + *count * size, one, size);
        (*count)++;
        return;
    case 1:
        (*count)--;
        return;
    case 2:
        memcpy(kept, one, size);
        memmove(one, other, size);
        memcpy(other, kept, size);
        return;
    default:
        if (field->type != PROTOBUF_C_TYPE_MESSAGE) {
            change_one(one, field, random, arena);
        }
    }
}

void mutate(ProtobufCMessage *message, struct fixture_random *random, struct kf_arena *arena)
{
    static struct tree tree;
    collect(message, &tree);
    ProtobufCMessage *chosen = tree.list[pick(random, tree.count)];
    const ProtobufCFieldDescriptor *field =
        &chosen->descriptor->fields[pick(random, chosen->descriptor->n_fields)];
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        change_list(chosen, field, random, arena);
    } else {
        change_one(member_of(chosen, field), field, random, arena);
    }
}
