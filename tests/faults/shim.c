/* Between a program and its system, for tests: makes the n-th call of a kind fail, and the wall
 * clock jump.
 *
 * Loaded with LD_PRELOAD. KF_SHIM names a file of `struct control`, which a test fills in and reads
 * while the program runs; without it nothing is changed. Calls are counted whether they fail or
 * not, so that a first run tells how many there are. Programs with the address sanitizer want
 * ASAN_OPTIONS=verify_asan_link_order=0 besides: the sanitizer then stands behind this.
 *
 * Files are found by a part of their path. Memory is found by who asks for it: a part of the name
 * of a program or library. What the C library does on its own behalf (fopen, getline) passes by.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#define PATH_SIZE 256
#define SLICE_NS  20000000 /* how often a waiting thread looks whether the clock has jumped */

/* Kinds of calls. */
enum {
    OPEN = 1,
    WRITE = 2,
    SYNC = 4,
    TRUNCATE = 8,
    NAME = 16, /* rename, unlink, mkdir */
    MAP = 32,
    READ = 64,
    MEMORY = 128,
};

/* As tests/faults/shim.py writes it. */
struct control {
    _Atomic uint64_t calls;   /* of these kinds, so far */
    _Atomic uint64_t first;   /* the first that fails, from 1; 0: none */
    _Atomic uint64_t last;    /* and the last */
    _Atomic uint64_t hits;    /* how many have failed */
    _Atomic int64_t clock_ms; /* added to the wall clock */
    _Atomic uint32_t kinds;
    _Atomic int32_t error; /* errno; 0: half is read or written and no fault told; others get EIO */
    char path[PATH_SIZE];  /* part of the path, or of the name of the program or library */
};

static struct control *control;
static uintptr_t module_begin; /* where the code lies that asks for memory; 0: nobody's does */
static uintptr_t module_end;

/* --- the functions behind ------------------------------------------------------------------ */

#define REAL(name)                                                                                 \
    static __typeof__(name) *real;                                                                 \
    if (!real) {                                                                                   \
        *(void **)&real = dlsym(RTLD_NEXT, #name);                                                 \
    }

/* --- whether a call fails ------------------------------------------------------------------ */

static bool is_hit(uint32_t kind)
{
    if (!control || !(control->kinds & kind)) {
        return false;
    }
    uint64_t call = atomic_fetch_add(&control->calls, 1) + 1;
    bool hit = control->first > 0 && call >= control->first && call <= control->last;
    if (hit) {
        atomic_fetch_add(&control->hits, 1);
        errno = control->error != 0 ? control->error : EIO;
    }
    return hit;
}

static bool wants(uint32_t kind)
{
    return control && (control->kinds & kind);
}

static bool fails_at(uint32_t kind, const char *path)
{
    return wants(kind) && path && strstr(path, control->path) && is_hit(kind);
}

/* Regular files only: a socket is no path. */
static bool fails_on(uint32_t kind, int file)
{
    if (!wants(kind)) {
        return false;
    }
    char link[64];
    char path[4096];
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) {
        return false;
    }
    path[length] = '\0';
    return path[0] == '/' && fails_at(kind, path);
}

static bool is_short(void)
{
    return control->error == 0;
}

/* --- files --------------------------------------------------------------------------------- */

static mode_t mode_of(int flags, va_list list)
{
    return flags & (O_CREAT | __O_TMPFILE) ? va_arg(list, mode_t) : 0;
}

#define OPENING(name)                                                                              \
    int name(const char *path, int flags, ...)                                                     \
    {                                                                                              \
        REAL(name)                                                                                 \
        va_list list;                                                                              \
        va_start(list, flags);                                                                     \
        mode_t mode = mode_of(flags, list);                                                        \
        va_end(list);                                                                              \
        return fails_at(OPEN, path) ? -1 : real(path, flags, mode);                                \
    }

OPENING(open)
OPENING(open64)

#define OPENING_AT(name)                                                                           \
    int name(int folder, const char *path, int flags, ...)                                         \
    {                                                                                              \
        REAL(name)                                                                                 \
        va_list list;                                                                              \
        va_start(list, flags);                                                                     \
        mode_t mode = mode_of(flags, list);                                                        \
        va_end(list);                                                                              \
        return fails_at(OPEN, path) ? -1 : real(folder, path, flags, mode);                        \
    }

OPENING_AT(openat)
OPENING_AT(openat64)

ssize_t write(int file, const void *bytes, size_t length)
{
    REAL(write)
    if (!fails_on(WRITE, file)) {
        return real(file, bytes, length);
    }
    return is_short() ? real(file, bytes, (length + 1) / 2) : -1;
}

#define WRITING_AT(name, offset_type)                                                              \
    ssize_t name(int file, const void *bytes, size_t length, offset_type offset)                   \
    {                                                                                              \
        REAL(name)                                                                                 \
        if (!fails_on(WRITE, file)) {                                                              \
            return real(file, bytes, length, offset);                                              \
        }                                                                                          \
        return is_short() ? real(file, bytes, (length + 1) / 2, offset) : -1;                      \
    }

WRITING_AT(pwrite, off_t)
WRITING_AT(pwrite64, off64_t)

ssize_t writev(int file, const struct iovec *parts, int count)
{
    REAL(writev)
    if (!fails_on(WRITE, file)) {
        return real(file, parts, count);
    }
    return is_short() ? real(file, parts, (count + 1) / 2) : -1;
}

ssize_t read(int file, void *bytes, size_t length)
{
    REAL(read)
    if (!fails_on(READ, file)) {
        return real(file, bytes, length);
    }
    return is_short() ? real(file, bytes, (length + 1) / 2) : -1;
}

#define READING_AT(name, offset_type)                                                              \
    ssize_t name(int file, void *bytes, size_t length, offset_type offset)                         \
    {                                                                                              \
        REAL(name)                                                                                 \
        if (!fails_on(READ, file)) {                                                               \
            return real(file, bytes, length, offset);                                              \
        }                                                                                          \
        return is_short() ? real(file, bytes, (length + 1) / 2, offset) : -1;                      \
    }

READING_AT(pread, off_t)
READING_AT(pread64, off64_t)

int fsync(int file)
{
    REAL(fsync)
    return fails_on(SYNC, file) ? -1 : real(file);
}

int fdatasync(int file)
{
    REAL(fdatasync)
    return fails_on(SYNC, file) ? -1 : real(file);
}

int ftruncate(int file, off_t length)
{
    REAL(ftruncate)
    return fails_on(TRUNCATE, file) ? -1 : real(file, length);
}

int ftruncate64(int file, off64_t length)
{
    REAL(ftruncate64)
    return fails_on(TRUNCATE, file) ? -1 : real(file, length);
}

int rename(const char *from, const char *to)
{
    REAL(rename)
    return fails_at(NAME, to) ? -1 : real(from, to);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    REAL(renameat2)
    return fails_at(NAME, to) ? -1 : real(from_folder, from, to_folder, to, flags);
}

int unlink(const char *path)
{
    REAL(unlink)
    return fails_at(NAME, path) ? -1 : real(path);
}

int mkdir(const char *path, mode_t mode)
{
    REAL(mkdir)
    return fails_at(NAME, path) ? -1 : real(path, mode);
}

void *mmap64(void *address, size_t length, int protection, int flags, int file, off64_t offset)
{
    REAL(mmap64)
    bool hit = file >= 0 && fails_on(MAP, file);
    return hit ? MAP_FAILED : real(address, length, protection, flags, file, offset);
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset)
{
    return mmap64(address, length, protection, flags, file, offset);
}

/* --- memory -------------------------------------------------------------------------------- */

/* What dlsym itself asks for while it looks for the real ones; never given back. */
static char early[4096];
static size_t early_length;

static void *take_early(size_t size)
{
    size_t begin = (early_length + 15) / 16 * 16;
    if (begin + size > sizeof early) {
        return NULL;
    }
    early_length = begin + size;
    return early + begin;
}

static bool is_asked_by_module(const void *caller)
{
    uintptr_t from = (uintptr_t)caller;
    return module_begin != 0 && from >= module_begin && from < module_end;
}

static bool fails_for(const void *caller)
{
    return wants(MEMORY) && is_asked_by_module(caller) && is_hit(MEMORY);
}

/* Set while dlsym is asked, by the only thread that there is then. (A thread-local would be asked
 * for through a function that the sanitizer has not found yet.) */
static bool looking;

static void *look_up(const char *name)
{
    looking = true;
    void *found = dlsym(RTLD_NEXT, name);
    looking = false;
    return found;
}

void *malloc(size_t size)
{
    static void *(*real)(size_t);
    if (!real) {
        if (looking) {
            return take_early(size);
        }
        *(void **)&real = look_up("malloc");
    }
    return fails_for(__builtin_return_address(0)) ? NULL : real(size);
}

void *calloc(size_t count, size_t size)
{
    static void *(*real)(size_t, size_t);
    if (!real) {
        if (looking) {
            return take_early(count * size);
        }
        *(void **)&real = look_up("calloc");
    }
    return fails_for(__builtin_return_address(0)) ? NULL : real(count, size);
}

void *realloc(void *pointer, size_t size)
{
    static void *(*real)(void *, size_t);
    if (!real) {
        *(void **)&real = look_up("realloc");
    }
    return fails_for(__builtin_return_address(0)) ? NULL : real(pointer, size);
}

/* --- the wall clock ------------------------------------------------------------------------ */

static void add_ms(struct timespec *time, int64_t ms)
{
    int64_t nanoseconds = (int64_t)time->tv_nsec + ms % 1000 * 1000000;
    int64_t seconds = (int64_t)time->tv_sec + ms / 1000;
    if (nanoseconds < 0) {
        nanoseconds += 1000000000;
        seconds -= 1;
    }
    time->tv_sec = (time_t)(seconds + nanoseconds / 1000000000);
    time->tv_nsec = (long)(nanoseconds % 1000000000);
}

static int64_t jump_ms(void)
{
    return control ? control->clock_ms : 0;
}

static int real_gettime(clockid_t clock, struct timespec *now)
{
    REAL(clock_gettime)
    return real(clock, now);
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    int answer = real_gettime(clock, now);
    if (answer == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        add_ms(now, jump_ms());
    }
    return answer;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    (void)zone;
    struct timespec precise;
    int answer = clock_gettime(CLOCK_REALTIME, &precise);
    now->tv_sec = precise.tv_sec;
    now->tv_usec = precise.tv_nsec / 1000;
    return answer;
}

time_t time(time_t *now)
{
    struct timespec precise;
    (void)clock_gettime(CLOCK_REALTIME, &precise);
    if (now) {
        *now = precise.tv_sec;
    }
    return precise.tv_sec;
}

int timespec_get(struct timespec *now, int base)
{
    return base == TIME_UTC && clock_gettime(CLOCK_REALTIME, now) == 0 ? base : 0;
}

/* A wait for a moment of the wall clock ends when that clock shows it, jumps included: in slices,
 * each until a moment of the real one. True when the moment has come. */
static bool next_slice(const struct timespec *until, struct timespec *slice)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    int64_t left =
        ((int64_t)until->tv_sec - now.tv_sec) * 1000 + (until->tv_nsec - now.tv_nsec) / 1000000;
    (void)real_gettime(CLOCK_REALTIME, slice);
    int64_t most = SLICE_NS / 1000000;
    add_ms(slice, left < 0 ? 0 : left < most ? left + 1 : most);
    return left <= 0;
}

int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict until)
{
    REAL(pthread_cond_timedwait)
    struct timespec slice;
    if (!control) {
        return real(condition, mutex, until);
    }
    bool due = false;
    int answer = ETIMEDOUT;
    while (answer == ETIMEDOUT && !due) {
        due = next_slice(until, &slice);
        answer = real(condition, mutex, &slice);
    }
    return answer;
}

int cnd_timedwait(cnd_t *restrict condition, mtx_t *restrict mutex,
                  const struct timespec *restrict until)
{
    REAL(cnd_timedwait)
    struct timespec slice;
    if (!control) {
        return real(condition, mutex, until);
    }
    bool due = false;
    int answer = thrd_timedout;
    while (answer == thrd_timedout && !due) {
        due = next_slice(until, &slice);
        answer = real(condition, mutex, &slice);
    }
    return answer;
}

/* --- beginning ----------------------------------------------------------------------------- */

static const char *module_name(const struct dl_phdr_info *module, char program[PATH_SIZE])
{
    if (module->dlpi_name[0] != '\0') {
        return module->dlpi_name;
    }
    ssize_t length = readlink("/proc/self/exe", program, PATH_SIZE - 1);
    program[length > 0 ? length : 0] = '\0';
    return program;
}

static int find_module(struct dl_phdr_info *module, size_t size, void *found)
{
    (void)size;
    (void)found;
    char program[PATH_SIZE];
    if (!strstr(module_name(module, program), control->path)) {
        return 0;
    }
    for (int i = 0; i < module->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &module->dlpi_phdr[i];
        if (part->p_type == PT_LOAD && (part->p_flags & PF_X)) {
            module_begin = module->dlpi_addr + part->p_vaddr;
            module_end = module_begin + part->p_memsz;
        }
    }
    return 1;
}

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("KF_SHIM");
    if (!path || !path[0]) {
        return;
    }
    REAL(open)
    int file = real(path, O_RDWR | O_CLOEXEC);
    void *mapped = file < 0
                       ? MAP_FAILED
                       : mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (mapped == MAP_FAILED) {
        (void)fprintf(stderr, "KF_SHIM=%s: %s\n", path, strerror(errno));
        _exit(3); /* a test that injects nothing proves nothing */
    }
    (void)close(file);
    control = mapped;
    (void)dl_iterate_phdr(find_module, NULL);
}
