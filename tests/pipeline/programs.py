"""The programs under test, run to their end."""

import os
import subprocess

from conftest import ROOT, binaries, environment


def program(name):
    """The path of a program."""
    return binaries() / name


def kf(*arguments):
    """`kf ARGUMENTS…` in the root of the tree; a CompletedProcess with its texts."""
    command = [str(program("kf")), *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False
    )


def peak_mb(*arguments):
    """Peak memory of `kf ARGUMENTS…` and its exit code."""
    child = os.posix_spawn(
        program("kf"),
        [str(program("kf")), *map(str, arguments)],
        environment(),
        file_actions=[(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)],
    )
    _, status, usage = os.wait4(child, 0)
    return usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)
