"""A clean Debian 12 in a folder: made by debootstrap, kept as an archive for the next time, entered
by chroot in namespaces of its own. Needs root."""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess

RELEASE = "bookworm"
APT = pathlib.Path("/etc/apt")
SECONDS_MAX = 900
ENTER = """\
mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && root=$1 && shift &&
    exec chroot "$root" "$@"
"""


def mirror():
    """The address that this machine itself installs Debian from."""
    texts = [path.read_text(encoding="utf-8") for path in
             [APT / "sources.list", *sorted((APT / "sources.list.d").glob("*"))] if path.is_file()]
    for text in texts:
        found = re.search(r"^(?:URIs:|deb(?: \[.*?\])?)\s+(\S+/debian/?)(?:\s|$)", text, re.M)
        if found:
            return found[1]
    raise AssertionError("no Debian mirror in /etc/apt: this machine is no Debian")


def run(command, **more):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                          check=False, timeout=SECONDS_MAX, **more)
    assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout


class CleanRoot:
    """A root folder with a small Debian and the packages `wanted` (a Depends field) in it."""

    def __init__(self, folder, cache, wanted):
        self.path = folder
        key = hashlib.sha256(f"{RELEASE} {wanted}".encode()).hexdigest()[:12]
        archive = cache / f"{RELEASE}-{key}.tar"
        if not archive.exists():
            self._make(wanted)
            cache.mkdir(parents=True, exist_ok=True)
            run(["tar", "-C", folder, "--one-file-system", "-cf", f"{archive}.new", "."])
            os.rename(f"{archive}.new", archive)
        else:
            run(["tar", "-C", folder, "-xpf", archive])
        self._lend_network()

    def _make(self, wanted):
        run(["debootstrap", "--variant=minbase", RELEASE, self.path, mirror()])
        self._lend_network()
        names = [re.split(r"[ |(]", part.strip())[0] for part in wanted.split(",")]
        self.enter("apt-get", "update")
        self.enter("apt-get", "install", "-y", "--no-install-recommends", *names)
        self.enter("apt-get", "clean")

    def _lend_network(self):
        shutil.copy("/etc/resolv.conf", self.path / "etc" / "resolv.conf")
        settings = self.path / "etc" / "apt" / "apt.conf.d"
        for path in (APT / "apt.conf.d").glob("*proxy*"):
            shutil.copy(path, settings)

    def command(self, *words, user="root"):
        """The words of a command inside; its processes end with it."""
        entered = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", *words]
        inside = list(words) if user == "root" else entered
        return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", ENTER, "enter",
                str(self.path), *map(str, inside)]

    def enter(self, *words, user="root"):
        clean = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
                 "DEBIAN_FRONTEND": "noninteractive"}
        clean |= {name: value for name, value in os.environ.items() if name.endswith("_proxy")}
        return run(self.command(*words, user=user), env=clean)

    def files(self):
        """Everything there is, without caches and records of apt and dpkg and without state."""
        passed = re.compile(r"/(proc|dev|sys|tmp|run)/|/var/(cache|lib/(dpkg|apt|kostraflow)|log)/"
                            r"|/etc/(passwd|group|shadow|gshadow|subuid|subgid|ld\.so\.cache).?$"
                            r"|/etc/\.pwd\.lock$|/etc/resolv\.conf$")
        found = set()
        for folder, _, names in os.walk(self.path):
            for name in names:
                path = "/" + os.path.relpath(os.path.join(folder, name), self.path)
                if not passed.search(path):
                    found.add(path)
        return found
