"""What tests tell the shim, and what it tells them. shim.c says what it does.

    with Shim(folder, "write", "/state/ledger.db") as shim:
        shim.fail(3, errno.ENOSPC)
        process = Popen(…, env=shim.environment())
        …
        assert shim.hits == 1
"""

import mmap
import os
import pathlib
import struct

KINDS = {
    name: 1 << bit
    for bit, name in enumerate(
        ("open", "write", "sync", "truncate", "name", "map", "read", "memory")
    )
}
FILES = "open write sync truncate name map read"
LAYOUT = struct.Struct("=QQQQqIi256s")
OFFSETS = {"calls": 0, "first": 8, "last": 16, "hits": 24, "clock_ms": 32}
FOR_EVER = 2**63
SHORT = 0  # in place of an errno: half is read or written, as POSIX allows; others fail with EIO


def library():
    """The path of the shim that the build made."""
    build = os.environ.get("KF_BUILD_DIR")
    folder = pathlib.Path(build) if build else pathlib.Path(os.environ["KF_BIN"]).parent
    return (folder / "test-bin" / "kf_shim.so").resolve()


class Shim:
    """A file that programs started with `environment()` share with the test."""

    def __init__(self, folder, kinds="", path=""):
        bits = sum(KINDS[kind] for kind in kinds.split())
        self._path = pathlib.Path(folder) / f"shim-{os.urandom(4).hex()}"
        self._path.write_bytes(LAYOUT.pack(0, 0, 0, 0, 0, bits, 0, str(path).encode()))
        with open(self._path, "r+b") as file:
            self._map = mmap.mmap(file.fileno(), LAYOUT.size)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._map.close()

    def _get(self, name):
        return struct.unpack_from("=q", self._map, OFFSETS[name])[0]

    def _set(self, name, value):
        struct.pack_into("=q", self._map, OFFSETS[name], value)

    @property
    def calls(self):
        """How many calls there have been that it looks at."""
        return self._get("calls")

    @property
    def hits(self):
        """How many of them have failed."""
        return self._get("hits")

    def fail(self, first, error, times=1):
        """Lets the calls from `first` on fail, `times` of them, counted from 1."""
        struct.pack_into("=i", self._map, LAYOUT.size - 260, error)
        self._set("last", min(first + times - 1, 2**63 - 1))
        self._set("first", first)

    def fail_from_now(self, error):
        """Lets every call fail until `mend`."""
        self.fail(self.calls + 1, error, FOR_EVER)

    def mend(self):
        """Lets every call succeed."""
        self._set("first", 0)

    def jump(self, seconds):
        """Sets the wall clock so far from the real one."""
        self._set("clock_ms", int(seconds * 1000))

    def environment(self):
        """What the program needs besides, sanitized or not. Leaks are not looked for: those of the
        loader are known by their caller, which is the shim then."""
        options = os.environ.get("ASAN_OPTIONS", "")
        return {
            "LD_PRELOAD": str(library()),
            "KF_SHIM": str(self._path),
            "ASAN_OPTIONS": f"{options}:verify_asan_link_order=0:detect_leaks=0".lstrip(":"),
        }
