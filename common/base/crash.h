/* Places where tests kill the process, to prove that nothing is lost or doubled there.
 *
 *     KF_CRASH_POINT("publish.committed");
 *
 * With KF_CRASH_AT=publish.committed:2 in the environment the process is gone, as by kill -9, at
 * the second call; with KF_STOP_AT it stands still there (SIGSTOP) until somebody lets it go on.
 * In builds without KF_CRASH_POINTS (releases) a crash point is nothing. Tests know all points by
 * these lines: tests/crash/points.py.
 */
#ifndef KF_BASE_CRASH_H
#define KF_BASE_CRASH_H

#ifdef KF_CRASH_POINTS
#define KF_CRASH_POINT(name) kf_crash_point(name)
#else
#define KF_CRASH_POINT(name) ((void)0)
#endif

/* Counts the call and kills or stops the process when it is the one asked for. A wish that cannot
 * be read aborts: a test that kills nothing proves nothing. */
void kf_crash_point(const char *name);

#endif
