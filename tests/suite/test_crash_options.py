"""./test --crash: what is asked for wrongly is said before anything is built."""

import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def suite(*arguments):
    return subprocess.run([sys.executable, ROOT / "tools" / "suite" / "suite.py", *arguments],
                          capture_output=True, text=True, check=False, timeout=60)


class CrashOptions(unittest.TestCase):
    def test_a_number_of_kills_is_from_one(self):
        for number in ("0", "-3", "many"):
            asked = suite("--crash", number)
            self.assertEqual(asked.returncode, 2)
            self.assertIn("--crash", asked.stderr)

    def test_a_seed_goes_with_kills(self):
        asked = suite("--seed", "7")
        self.assertEqual(asked.returncode, 2)
        self.assertIn("--seed goes with --crash", asked.stderr)


if __name__ == "__main__":
    unittest.main()
