"""The built pages that are kept are held against those the sources give."""

import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "suite"))

from steps import differing  # noqa: E402


class PageTest(unittest.TestCase):
    def folder(self, files):
        made = tempfile.TemporaryDirectory()
        self.addCleanup(made.cleanup)
        for name, content in files.items():
            (Path(made.name) / name).write_bytes(content)
        return Path(made.name)

    def test_the_same_bytes_do_not_differ(self):
        files = {"app.js": b"a", "app.css": b"b"}
        self.assertEqual(differing(self.folder(files), self.folder(files)), [])

    def test_a_changed_a_lacking_and_a_left_over_file_are_named(self):
        built = self.folder({"app.js": b"a", "index.html": b"i", "same": b"s"})
        kept = self.folder({"app.js": b"b", "old.js": b"", "same": b"s"})
        self.assertEqual(differing(built, kept), ["app.js", "index.html", "old.js"])

    def test_pages_that_were_never_built_differ_in_every_file(self):
        built = self.folder({"app.js": b"a"})
        self.assertEqual(differing(built, built / "nowhere"), ["app.js"])


if __name__ == "__main__":
    unittest.main()
