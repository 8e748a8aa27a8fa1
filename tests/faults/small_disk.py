"""A file system of a few megabytes that is really full: a tmpfs in a mount namespace of its own.

    with SmallDisk(megabytes=4) as disk:
        disk.command     # what starts a program that sees it as disk.inside
        disk.path        # the same folder for the test
        disk.fill(); disk.make_room()

Root needs nothing else; others need user namespaces (`unshare -rm`), as Debian allows them.
"""

import os
import pathlib
import shutil
import subprocess
import tempfile


class SmallDisk:
    def __init__(self, megabytes=4):
        self.inside = pathlib.Path(tempfile.mkdtemp(prefix="kf-disk-", dir="/tmp"))
        user = [] if os.geteuid() == 0 else ["--map-root-user"]
        mount = f"mount -t tmpfs -o size={megabytes}m,mode=700 small {self.inside} && echo ready"
        self._holder = subprocess.Popen(
            ["unshare", "--mount", *user, "sh", "-c", f"{mount} && read -r _"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        if self._holder.stdout.readline().strip() != "ready":
            raise AssertionError(
                "no small file system can be mounted here; run as root, or allow user namespaces "
                f"(sysctl kernel.unprivileged_userns_clone=1): {self._holder.stderr.read()}"
            )
        enter = ["--user", "--preserve-credentials"] if user else []
        self.command = ["nsenter", f"--target={self._holder.pid}", "--mount", *enter, "--"]
        self.path = pathlib.Path(f"/proc/{self._holder.pid}/root{self.inside}")
        self._ballast = self.path / "ballast"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._holder.communicate("")
        shutil.rmtree(self.inside, ignore_errors=True)

    def fill(self):
        """Leaves not a byte."""
        with open(self._ballast, "ab", buffering=0) as file:
            for size in (65536, 4096, 1):
                try:
                    while file.write(b"x" * size) == size:
                        pass
                except OSError:
                    pass

    def make_room(self):
        self._ballast.unlink()
