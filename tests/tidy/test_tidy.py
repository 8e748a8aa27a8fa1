"""Every rule of the style check can fail, and says where."""

import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools" / "tidy"))

import tidy  # noqa: E402
from rules import RULES  # noqa: E402

HEADER = "/* A thing. */\n#ifndef KF_BASE_A_H\n#define KF_BASE_A_H\n{}\n#endif\n"


class TidyTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())

    def findings(self, rule):
        return tidy.check(self.root, [rule])

    def expect(self, rule, *places):
        """The rule finds exactly these path:line places."""
        found = [f"{f.path}:{f.line}" for f in self.findings(rule)]
        self.assertEqual(found, list(places))

    # ---- layers ----

    def test_a_lower_layer_does_not_include_a_higher_one(self):
        self.write("common/base/a.c", '#include "common/model/b.h"\n')
        self.write("common/model/b.c", '#include "common/base/a.h"\n#include "common/bus/c.h"\n')
        self.expect("layers", "common/base/a.c:1", "common/model/b.c:2")

    def test_common_knows_no_service_and_no_unknown_layer(self):
        self.write("common/service/a.c", '#include "services/need/need.h"\n')
        self.write("common/misc/a.c", '#include "common/base/a.h"\n')
        self.expect("layers", "common/misc/a.c:1", "common/service/a.c:1")

    def test_services_do_not_include_each_other(self):
        self.write("services/need/need.c", '#include "services/need/need.h"\n'
                                           '#include "common/service/stage.h"\n'
                                           '#include "services/publish/publish.h"\n'
                                           '#include "tools/kf/folder.h"\n')
        self.expect("layers", "services/need/need.c:3", "services/need/need.c:4")

    def test_tools_may_include_all_but_tests(self):
        self.write("tools/kf/a.c", '#include "services/need/need.h"\n'
                                   '#include "services/publish/publish.h"\n'
                                   '#include "tests/support/x.h"\n')
        self.expect("layers", "tools/kf/a.c:3")

    def test_an_include_in_a_comment_is_none(self):
        self.write("common/base/a.c", '/*\n#include "common/model/b.h"\n*/\n'
                                      '// #include "common/model/b.h"\n')
        self.expect("layers")

    def test_generated_names_stay_in_the_codec(self):
        self.write("common/codec/a.c", '#include "kf/v1/panel.pb-c.h"\n')
        self.write("tests/common/codec/a.c", '#include "kf/v1/panel.pb-c.h"\n')
        self.write("services/need/a.c", '#include <kf/v1/panel.pb-c.h>\n')
        self.expect("generated-names", "services/need/a.c:1")

    def test_libraries_are_used_through_their_wrapper(self):
        self.write("common/bus/a.c", "#include <zmq.h>\n")
        self.write("services/need/a.c", "#include <zmq.h>\n#include <librdkafka/rdkafka.h>\n")
        self.write("tools/x/a.c", "#include <librdkafka/rdkafka.h>\n")
        self.expect("wrappers", "services/need/a.c:1", "services/need/a.c:2")

    def test_project_headers_are_written_from_the_root(self):
        self.write("common/base/a.h", "")
        self.write("common/base/a.c", '#include "common/base/a.h"\n#include "a.h"\n')
        self.expect("include-paths", "common/base/a.c:2")

    def test_a_test_may_name_a_neighbour(self):
        self.write("tests/a/fixture.h", "")
        self.write("tests/a/test_a.c", '#include "fixture.h"\n#include "other.h"\n')
        self.expect("include-paths", "tests/a/test_a.c:2")
        self.write("tests/a/CMakeLists.txt", "kf_add_test(test_a SOURCES test_a.c)\n")
        self.expect("dead-files")

    # ---- lengths ----

    def test_a_function_has_at_most_70_lines(self):
        body = "    x();\n"
        self.write("a.c", "static int fits(int a,\n        int b)\n{\n" + body * 66 + "}\n")
        self.write("b.c", "/* {\n */\nstatic int long_one(int a)\n{\n" + body * 68 + "}\n")
        self.expect("function-length", "b.c:3")
        self.assertIn("long_one has 71 lines", self.findings("function-length")[0].problem)

    def test_a_python_function_keeps_the_same_limits(self):
        self.write("a.py", "def fits():\n" + "    x()\n" * 69)
        self.write("b.py", "def long_one():\n" + "    x()\n" * 70)
        self.write("c.py", "class C:\n    def m(self, a, b, c, d, e, f):\n        pass\n\n\n"
                           "def g(a, b, c, d, e, f, *, h):\n    pass\n")
        self.expect("python-functions", "b.py:1", "c.py:6")

    def test_python_must_be_python(self):
        self.write("a.py", "x = 1\ndef f(:\n")
        self.expect("python-syntax", "a.py:2")

    def test_a_file_has_at_most_650_lines(self):
        self.write("a.c", "\n" * 650)
        self.write("b.c", "\n" * 651)
        self.write("c.csv", "\n" * 10000)
        self.expect("file-length", "b.c:651")

    def test_a_line_has_at_most_100_columns(self):
        self.write("a.c", "ø" * 100 + "\n" + "x" * 101 + "\n")
        self.write("run", "#!/usr/bin/env bash\n" + "x" * 101 + "\n")
        self.write("a.csv", "x" * 1000 + "\n")
        self.expect("line-length", "a.c:2", "run:2")

    def test_a_function_takes_at_most_six_parameters(self):
        six = "int a, char *b[3], void (*c)(int, int), int d, int e, int f"
        self.write("a.c", f"static int fits({six}, ...)\n{{\n}}\n"
                          f"static int many({six}, int g)\n{{\n}}\n")
        self.write("a.h", f"int declared({six},\n    int g) __attribute__((nonnull(1, 2)));\n"
                          f"int fine({six});\n")
        self.expect("parameters", "a.c:4", "a.h:1")

    # ---- what may stand in a file ----

    def test_banned_calls_belong_to_their_wrappers(self):
        calls = ("malloc(1)", "realloc(p, 1)", "free(p)", "strtol(s)", "atoi(s)", "strtod(s)",
                 "sprintf(s)", "strcpy(s, t)", "gets(s)", "exit(1)", "abort ()", "sleep(1)",
                 "usleep(1)", "time(NULL)", "setlocale(0)")
        self.write("services/need/a.c", "".join(f"    {call};\n" for call in calls))
        self.expect("banned-calls", *[f"services/need/a.c:{i + 1}" for i in range(len(calls))])

    def test_wrappers_members_comments_and_texts_are_not_banned(self):
        self.write("common/base/memory.c", "    free(malloc(1));\n")
        self.write("services/need/main.c", "    exit(1);\n")
        self.write("tests/a/test_a.c", "    free(malloc(1));\n    exit(1);\n")
        self.write("services/need/a.c", '    kf_free(p);\n    sqlite3_free(p);\n    v->free(p);\n'
                                        '    v.exit(1);\n    /* free(p) */\n    x("free(p)");\n'
                                        "    // exit(1)\n    run_time(1);\n")
        self.expect("banned-calls")

    def test_a_test_does_not_sleep_either(self):
        self.write("tests/a/test_a.c", "    sleep(1);\n")
        self.expect("banned-calls", "tests/a/test_a.c:1")

    def test_include_guards_are_named_after_the_path(self):
        self.write("common/base/a.h", HEADER.format(""))
        self.write("common/model/a.h", HEADER.format(""))
        self.write("common/base/b.h", "#ifndef KF_BASE_B_H\n#define KF_BASE_C_H\n#endif\n")
        self.write("common/base/c.h", "#pragma once\n")
        self.write("tools/kf/d.h", "#ifndef KF_TOOLS_D_H\n#define KF_TOOLS_D_H\n#endif\n")
        self.expect("include-guards", "common/base/b.h:1", "common/base/c.h:1",
                    "common/model/a.h:1")

    def test_two_headers_do_not_share_a_guard(self):
        guard = "#ifndef KF_BASE_A_H\n#define KF_BASE_A_H\n#endif\n"
        self.write("common/base/a.h", guard)
        self.write("tools/base/a.h", guard)
        self.expect("include-guards", "tools/base/a.h:1")

    def test_every_declared_function_has_a_comment(self):
        self.write("common/base/a.h", HEADER.format(
            "/* Says. */\nvoid kf_a(void);\nvoid kf_b(void);\n\nvoid kf_c(int a,\n    int b);\n\n"
            "typedef int kf_d(int);\nstruct kf_e {\n    int (*f)(int);\n};\n"))
        self.expect("header-comments", "common/base/a.h:8")

    def test_a_header_begins_with_what_it_is(self):
        self.write("common/base/a.h", "#ifndef KF_BASE_A_H\n#define KF_BASE_A_H\n#endif\n")
        self.expect("header-comments", "common/base/a.h:1")

    def test_declarations_behind_extern_c_are_seen(self):
        self.write("common/base/a.h", HEADER.format(
            '#ifdef __cplusplus\nextern "C" {\n#endif\n\nint kf_a(void);\n\n'
            "#ifdef __cplusplus\n}\n#endif\n\nint kf_b(void);"))
        self.expect("header-comments", "common/base/a.h:8", "common/base/a.h:14")

    def test_nothing_is_left_to_be_done(self):
        self.write("a.c", "/* TO" "DO: later */\n/* FIX" "ME */\n")
        self.write("b.md", "XX" "X\nmkdtemp(XXXXXX) TO" "DOS\n")
        self.write("data/c.csv", "TO" "DO\n")
        self.expect("leftovers", "a.c:1", "a.c:2", "b.md:1")

    def test_white_space_is_clean(self):
        self.write("a.md", "x \ny\n")
        self.write("b.c", "x\n\ty\n")
        self.write("c.c", "x")
        self.write("d.c", "x\n\n")
        self.write("e.c", "x\r\n")
        self.write("data/broken/f.csv", "x \ny")
        self.write("Makefile", "all:\n\ttrue\n")
        self.expect("whitespace", "a.md:1", "b.c:2", "c.c:1", "d.c:2", "e.c:1")

    def test_what_tells_about_one_machine_does_not_appear(self):
        words = ("/wor" "k/main", "/hom" "e/me", "Issue " "#7",
                 "https://repo.maven." "apache.org/x", "deb." "debian.org", "pypi." "org",
                 "https://registry.npmjs." "org/buf")
        self.write("a.md", "".join(f"see {word}\n" for word in words))
        self.write("data/b.csv", words[0] + "\n")
        self.write("c.md", "build/wor" "k/x net" "work/ ~me/ Tis" "sue 7\n")
        self.expect("words", *[f"a.md:{i + 1}" for i in range(len(words))], "data/b.csv:1")

    # ---- dead files ----

    def test_every_source_is_listed_and_every_header_included(self):
        self.write("common/base/CMakeLists.txt",
                   "kf_add_library(kf_base SOURCES\n    a.c # b.c\n)\n")
        self.write("common/base/a.c", '#include "common/base/a.h"\n')
        self.write("common/base/a.h", "")
        self.write("common/base/b.c", "")
        self.write("common/base/b.h", "")
        self.expect("dead-files", "common/base/b.c:1", "common/base/b.h:1")

    def test_loops_and_variables_of_cmake_are_followed(self):
        self.write("t/CMakeLists.txt", "foreach(name a b)\n    kf_add_test(test_${name} SOURCES\n"
                                       "        test_${name}.c)\nendforeach()\n"
                                       "kf_add_service(need SOURCES need.c)\n")
        for name in ("test_a.c", "test_b.c", "test_c.c", "main.c", "need.c"):
            self.write(f"t/{name}", "")
        self.expect("dead-files", "t/test_c.c:1")

    # ---- the program ----

    def test_what_is_no_text_harms_nobody(self):
        self.write("a.bin", b"\x00\xff" * 100)
        self.write("b.txt", b"B\xe6rum \n")
        self.write("empty.c", "")
        self.write("c.c", "{\n}\n(\n#include\n/* open\n")
        tidy.check(self.root)

    def test_without_git_what_is_built_is_left_alone(self):
        self.write("build/a.c", "x \n")
        self.write("tests/contract/node_modules/a.c", "x \n")
        self.expect("whitespace")

    # ---- TypeScript ----

    def test_typescript_says_what_it_is_and_nothing_loose(self):
        good = "/** A page. */\nconst many: unknown = 1; // any console. is said here\n"
        self.write("src/good.ts", good)
        self.write("src/nameless.ts", "export const one = 1;\n")
        self.write("test/nameless.test.ts", "const one = 1;\n")
        self.write("src/loose.tsx", "/** A page. */\nlet a: any;\nlet b = a as any;\n"
                                    "let c: any[] = [];\nlet d: Map<string, any>;\n"
                                    "a.innerHTML = b;\nconsole.log(c);\nd.toFixed(2);\n")
        self.expect("typescript", *[f"src/loose.tsx:{line}" for line in range(2, 9)],
                    "src/nameless.ts:1")

    def test_a_sentence_in_typescript_stands_in_one_piece(self):
        self.write("src/a.ts", f'const told = both("{"å" * 120}");\nconst {"x" * 100} = 1;\n')
        self.write("src/a.css", f"/* {'x' * 100} */\n")
        self.expect("line-length", "src/a.css:1", "src/a.ts:2")

    def test_what_is_built_has_no_style(self):
        self.write("page/dist/app.js", "x" * 200 + " \n\t\n\n")
        self.write("page/dist/app.css", "x" * 200)
        self.write("page/dist/a.ts", "let a: any\n")
        self.expect("line-length")
        self.expect("whitespace")
        self.expect("typescript")

    def test_a_module_that_nobody_imports_is_dead(self):
        self.write("page/src/app.tsx",
                   'import { b } from "./base/b";\nimport "./styles/all.css";\n')
        self.write("page/src/base/b.ts", 'import type { C } from "../c";\n')
        self.write("page/src/c.tsx", "")
        self.write("page/src/dead.ts", "")
        self.write("page/src/styles.d.ts", "")
        self.write("page/src/styles/all.css", '@import "./a.css";\n')
        self.write("page/src/styles/a.css", "")
        self.write("page/src/styles/dead.css", "")
        self.expect("dead-modules", "page/src/dead.ts:1", "page/src/styles/dead.css:1")

    def test_a_finding_says_file_line_rule_what_and_remedy(self):
        self.write("a.c", "x \n")
        self.assertEqual([str(f) for f in self.findings("whitespace")],
                         ["a.c:1: whitespace: white space ends the line; take it away"])

    def test_every_rule_is_tried_here(self):
        text = Path(__file__).read_text(encoding="utf-8")
        for rule in RULES:
            self.assertIn(f'"{tidy.rule_name(rule)}"', text)


if __name__ == "__main__":
    unittest.main()
