"""tools/setup/ensure, with an apt-get that only notes what it was asked."""

import os
import shutil
import stat
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOBODY = "65534"
NEEDED = ("bash", "env", "sort", "dirname", "cat", "id")

PACKAGES = """# a list
[build]
libthere-dev                    is there
libmissing-dev                  is needed for building
tool-there   command:tool-there comes from somewhere else
tool-gone    command:tool-gone  is needed too
[test]
libtest-dev                     is needed for testing
"""


class EnsureTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.bin = self.folder / "bin"
        self.bin.mkdir()
        self.log = self.folder / "log"
        self.log.touch()
        for name in NEEDED:
            (self.bin / name).symlink_to(shutil.which(name))
        shutil.copytree(ROOT / "tools" / "setup", self.folder / "setup")
        (self.folder / "packages.txt").write_text(PACKAGES)
        self.program("tool-there", "exit 0")
        self.program("dpkg-query", 'case "${!#}" in *there*) printf installed ;; '
                                   "*test*) printf config-files ;; *) exit 1 ;; esac")
        self.program("apt-get", f'echo "apt-get $*" >>"{self.log}"')
        for path in [self.folder, *self.folder.rglob("*")]:
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | stat.S_IROTH | (stat.S_IXOTH if path.is_dir()
                           or path.stat().st_mode & stat.S_IXUSR else 0))
        self.log.chmod(0o666)

    def program(self, name, body):
        path = self.bin / name
        path.write_text(f"#!/bin/bash\n{body}\n")
        path.chmod(0o755)

    def ensure(self, *arguments, as_nobody=False):
        command = [str(self.folder / "setup" / "ensure"), *arguments]
        if as_nobody and os.geteuid() == 0:
            command = [shutil.which("setpriv"), f"--reuid={NOBODY}", f"--regid={NOBODY}",
                       "--clear-groups", *command]
        environment = {"PATH": str(self.bin), "KF_PACKAGES": str(self.folder / "packages.txt")}
        return subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, cwd=self.folder,
                              capture_output=True, text=True, check=False)

    def ensure_as_root(self, purpose):
        """As root; where the tests do not run as root, with a sudo that asks nobody."""
        if os.geteuid() == 0:
            return self.ensure(purpose)
        self.program("sudo", '[[ $1 == -n ]] && shift; "$@"')
        return self.ensure("--yes", purpose)

    def asked(self):
        return self.log.read_text().splitlines()

    def nothing_is_missing(self):
        self.program("dpkg-query", "printf installed")
        self.program("tool-gone", "exit 0")

    def test_nothing_is_done_when_nothing_is_missing(self):
        self.nothing_is_missing()
        done = self.ensure("test")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertEqual(self.asked(), [])

    def test_root_installs_what_is_missing_and_nothing_else(self):
        done = self.ensure_as_root("build")
        self.assertEqual(done.returncode, 0, done.stderr)
        update, install = self.asked()
        self.assertTrue(update.endswith("update"), update)
        self.assertTrue(install.endswith(
            "install --yes --no-install-recommends libmissing-dev tool-gone"), install)
        self.assertIn("is needed for building", done.stderr)
        self.assertNotIn("libthere", done.stderr)

    def test_testing_needs_what_building_needs_and_a_removed_package_is_missing(self):
        self.ensure_as_root("test")
        self.assertTrue(self.asked()[-1].endswith(" libmissing-dev libtest-dev tool-gone"))

    def test_a_failing_apt_is_reported(self):
        self.program("apt-get", "exit 100")
        self.assertEqual(self.ensure_as_root("build").returncode, 1)

    def test_without_terminal_and_sudo_the_command_is_printed(self):
        done = self.ensure("build", "--yes", as_nobody=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("apt-get install --yes --no-install-recommends libmissing-dev tool-gone",
                      done.stderr)
        self.assertEqual(self.asked(), [])

    def test_sudo_is_not_used_without_being_told_to(self):
        self.program("sudo", '[[ $1 == -n ]] && shift; "$@"')
        done = self.ensure("build", as_nobody=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("sudo apt-get install", done.stderr)
        self.assertEqual(self.asked(), [])

    def test_yes_lets_sudo_install(self):
        self.program("sudo", f'echo sudo >>"{self.log}"; [[ $1 == -n ]] && shift; '
                             '[[ $1 == true ]] || "$@"')
        done = self.ensure("build", "--yes", as_nobody=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("sudo", self.asked())
        self.assertTrue(self.asked()[-1].endswith(" libmissing-dev tool-gone"))

    def test_a_sudo_that_wants_a_password_is_not_waited_for(self):
        self.program("sudo", "exit 1")
        done = self.ensure("build", "--yes", as_nobody=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("Nobody can be asked here", done.stderr)

    def test_another_system_gets_the_list(self):
        (self.bin / "apt-get").unlink()
        (self.bin / "dpkg-query").unlink()
        done = self.ensure("build")
        self.assertEqual(done.returncode, 2)
        for word in ("libthere-dev", "libmissing-dev", "tool-gone", "no Debian"):
            self.assertIn(word, done.stderr)

    def test_wrong_usage_is_told(self):
        for arguments in ((), ("deploy",), ("build", "--force")):
            done = self.ensure(*arguments)
            self.assertEqual(done.returncode, 2)
            self.assertIn("usage:", done.stderr)

    def test_the_real_list_gives_every_package_a_reason(self):
        lines = (ROOT / "tools" / "setup" / "packages.txt").read_text().splitlines()
        entries = [line.split() for line in lines if line and line[0] not in "#["]
        self.assertGreater(len(entries), 15)
        for entry in entries:
            words = [word for word in entry[1:] if ":" not in word]
            self.assertTrue(words, f"{entry[0]} has no reason")


if __name__ == "__main__":
    unittest.main()
