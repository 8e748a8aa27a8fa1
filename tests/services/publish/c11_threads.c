/* C11 threads, mutexes and conditions by way of the POSIX ones, for the thread sanitizer:
 * librdkafka uses the former, gcc's sanitizer knows only the latter, and what it does not see it
 * takes for races. In glibc the two have the same shape. Linked into tests in that build alone,
 * where these stand before the C library's.
 */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <threads.h>

_Static_assert(sizeof(mtx_t) == sizeof(pthread_mutex_t), "mutexes of another shape");
_Static_assert(sizeof(cnd_t) == sizeof(pthread_cond_t), "conditions of another shape");

/* The library's atomic reference counts remain unseen. A race of our own code is still told. */
const char *__tsan_default_suppressions(void);

const char *__tsan_default_suppressions(void)
{
    return "race:librdkafka.so\n";
}

struct start {
    thrd_start_t run;
    void *argument;
};

static int result_of(int failure)
{
    return failure == 0 ? thrd_success : thrd_error;
}

static pthread_mutex_t *mutex_of(mtx_t *mutex)
{
    return (pthread_mutex_t *)(void *)mutex;
}

static pthread_cond_t *condition_of(cnd_t *condition)
{
    return (pthread_cond_t *)(void *)condition;
}

static void *start(void *argument)
{
    struct start copy = *(struct start *)argument;

    free(argument);
    return (void *)(intptr_t)copy.run(copy.argument);
}

int thrd_create(thrd_t *thread, thrd_start_t run, void *argument)
{
    struct start *copy = malloc(sizeof *copy);

    if (copy == NULL) {
        return thrd_nomem;
    }
    *copy = (struct start){run, argument};
    return result_of(pthread_create(thread, NULL, start, copy));
}

int thrd_join(thrd_t thread, int *result)
{
    void *returned = NULL;
    int failure = pthread_join(thread, &returned);

    if (result != NULL) {
        *result = (int)(intptr_t)returned;
    }
    return result_of(failure);
}

int mtx_init(mtx_t *mutex, int type)
{
    pthread_mutexattr_t attributes;

    pthread_mutexattr_init(&attributes);
    if ((type & mtx_recursive) != 0) {
        pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    }
    int failure = pthread_mutex_init(mutex_of(mutex), &attributes);
    pthread_mutexattr_destroy(&attributes);
    return result_of(failure);
}

void mtx_destroy(mtx_t *mutex)
{
    pthread_mutex_destroy(mutex_of(mutex));
}

int mtx_lock(mtx_t *mutex)
{
    return result_of(pthread_mutex_lock(mutex_of(mutex)));
}

int mtx_unlock(mtx_t *mutex)
{
    return result_of(pthread_mutex_unlock(mutex_of(mutex)));
}

int cnd_init(cnd_t *condition)
{
    return result_of(pthread_cond_init(condition_of(condition), NULL));
}

void cnd_destroy(cnd_t *condition)
{
    pthread_cond_destroy(condition_of(condition));
}

int cnd_signal(cnd_t *condition)
{
    return result_of(pthread_cond_signal(condition_of(condition)));
}

int cnd_broadcast(cnd_t *condition)
{
    return result_of(pthread_cond_broadcast(condition_of(condition)));
}

int cnd_wait(cnd_t *condition, mtx_t *mutex)
{
    return result_of(pthread_cond_wait(condition_of(condition), mutex_of(mutex)));
}

int cnd_timedwait(cnd_t *restrict condition, mtx_t *restrict mutex,
                  const struct timespec *restrict until)
{
    int failure = pthread_cond_timedwait(condition_of(condition), mutex_of(mutex), until);

    return failure == ETIMEDOUT ? thrd_timedout : result_of(failure);
}
