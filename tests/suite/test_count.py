"""The counts in the last line of ./test are those of the runners."""

import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "suite"))

from count import of_cmocka, of_ctest, of_pytest, of_tap  # noqa: E402

PASSING = """[==========] Running 2 test(s).
[ RUN      ] one_is_one
[       OK ] one_is_one
[ RUN      ] two_is_two
[       OK ] two_is_two
[==========] 2 test(s) run.
[  PASSED  ] 2 test(s).
"""
FAILING = """[==========] Running 3 test(s).
[ RUN      ] one_is_one
[       OK ] one_is_one
[ RUN      ] two_is_three
[  ERROR   ] --- 0x2 != 0x3
[   LINE   ] --- a.c:7: error: Failure!
[  FAILED  ] two_is_three
[ RUN      ] nobody_knows
[  SKIPPED ] nobody_knows
[==========] 3 test(s) run.
[  PASSED  ] 1 test(s).
[  SKIPPED ] 1 test(s), listed below:
[  SKIPPED ] nobody_knows
[  FAILED  ] 1 test(s), listed below:
[  FAILED  ] two_is_three

 1 FAILED TEST(S)
"""
CRASHING = """[==========] Running 3 test(s).
[ RUN      ] one_is_one
[       OK ] one_is_one
[ RUN      ] pointers_are_fine
==7==ERROR: AddressSanitizer: heap-use-after-free
"""


class CountTest(unittest.TestCase):
    def report(self, text):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = Path(folder.name) / "report.xml"
        path.write_text(text, encoding="utf-8")
        return path

    def test_each_test_of_a_cmocka_program_counts(self):
        count = of_cmocka("test_a", PASSING, True)
        self.assertEqual((count.passed, count.failures), (2, []))

    def test_several_groups_of_one_program_add_up(self):
        self.assertEqual(of_cmocka("test_a", PASSING + PASSING, True).passed, 4)

    def test_failed_and_skipped_tests_are_named_once(self):
        count = of_cmocka("test_a", FAILING, False)
        self.assertEqual(count.passed, 1)
        self.assertEqual(count.failures, ["test_a: two_is_three", "test_a: nobody_knows (skipped)"])

    def test_a_crash_is_a_failure_of_the_test_that_ran(self):
        count = of_cmocka("test_a", CRASHING, False)
        self.assertEqual((count.passed, count.failures), (1, ["test_a: pointers_are_fine"]))

    def test_a_failure_after_the_last_test_counts(self):
        count = of_cmocka("test_a", PASSING + "LeakSanitizer: detected memory leaks\n", False)
        self.assertEqual((count.passed, count.failed), (2, 1))

    def test_a_program_without_cmocka_is_one_test(self):
        self.assertEqual(of_cmocka("replay", "100 inputs\n", True).passed, 1)
        self.assertEqual(of_cmocka("replay", "", False).failures, ["replay"])

    def test_a_report_of_ctest_is_summed_over_its_programs(self):
        path = self.report(
            '<?xml version="1.0"?><testsuite name="x" tests="3" failures="1" disabled="1">'
            f'<testcase name="test_a" status="run"><system-out>{PASSING}</system-out></testcase>'
            '<testcase name="test_b" status="fail"><failure message=""/>'
            f'<system-out>{CRASHING}</system-out></testcase>'
            '<testcase name="test_c" status="notrun"><skipped message="no program"/>'
            '<system-out/></testcase>'
            '<testcase name="test_d" status="disabled"><skipped message="Disabled"/></testcase>'
            '</testsuite>')
        count = of_ctest(path)
        self.assertEqual(count.passed, 3)
        self.assertEqual(count.failures, ["test_b: pointers_are_fine", "test_c", "test_d"])

    def test_a_report_of_pytest_counts_errors_and_skips_as_failed(self):
        path = self.report(
            '<testsuites><testsuite><testcase classname="k" name="a"/>'
            '<testcase classname="k" name="b"><failure message="no">x</failure></testcase>'
            '<testcase classname="k" name="c"><error message="no">x</error></testcase>'
            '<testcase classname="k" name="d"><skipped message="no java"/></testcase>'
            '</testsuite></testsuites>')
        count = of_pytest(path)
        self.assertEqual(count.passed, 1)
        self.assertEqual(count.failures, ["k::b", "k::c", "k::d (skipped: no java)"])

    def test_a_report_of_node_counts_what_stands_at_the_margin(self):
        count = of_tap("TAP version 13\n# Subtest: a\nok 1 - a is b\n  ---\n  ...\n"
                       "    ok 1 - within c\n    not ok 2 - within c, too\nnot ok 2 - c\n"
                       "ok 3 - d # SKIP no clock\n1..3\n# pass 1\n")
        self.assertEqual(count.passed, 1)
        self.assertEqual(count.failures, ["c", "d # SKIP no clock"])
        self.assertEqual(of_tap("").passed, 0)

    def test_a_report_that_is_missing_or_torn_has_no_tests(self):
        self.assertEqual(of_ctest(Path("/nowhere.xml")).passed, 0)
        self.assertEqual(of_pytest(self.report("<testsuite><testcase")).passed, 0)


if __name__ == "__main__":
    unittest.main()
