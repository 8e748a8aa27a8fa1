"""The rules. Each takes the tree and yields findings; RULES at the end lists them."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath

from source import Source

FUNCTION_LINES_MAX = 70
FILE_LINES_MAX = 650
PARAMETERS_MAX = 6
COLUMNS_MAX = 100

LAYERS = ["base", "database", "model", "kafka", "codec", "bus", "service"]
TOPS = ("common", "services", "tools", "tests")

# A library's header is used in the folder that wraps it; tools and tests are free.
WRAPPERS = {
    "zmq.h": ("common/bus",),
    "zlib.h": ("common/service", "services/board"),
    "protobuf-c/": ("common/codec",),
    "microhttpd.h": ("common/service",),
    "yaml.h": ("common/model",),
    "xxhash.h": ("common/model",),
    "sqlite3.h": ("common/database", "services/ingest", "services/board/store"),
    "curl/": ("services/ingest/ssb",),
    "lapacke.h": ("services/normalize",),
    "librdkafka/": ("common/kafka", "services/publish"),
}


@dataclass
class Ban:
    """Calls that only the files in `allowed` (paths, folders or names) may make."""

    calls: str
    allowed: tuple[str, ...]
    remedy: str


BANS = [
    Ban("malloc calloc realloc reallocarray aligned_alloc posix_memalign free strdup strndup "
        "asprintf vasprintf", ("common/base/memory.c", "tests/"),
        "use kf_malloc and its family from common/base/memory.h, or an arena"),
    Ban("strtol strtoll strtoul strtoull strtod strtof strtold atoi atol atoll atof sscanf scanf "
        "fscanf", ("tests/",), "use kf_decimal_parse or kf_text_to_unsigned"),
    Ban("sprintf vsprintf strcpy strcat strncpy strncat stpcpy gets strtok", (),
        "use kf_text, kf_arena_printf or snprintf"),
    Ban("exit quick_exit abort", ("main.c", "common/base/crash.c", "tests/"),
        "return an enum kf_err; only main decides how a program ends"),
    Ban("sleep usleep nanosleep clock_nanosleep", (),
        "wait on a descriptor with a time-out; a test waits for readiness"),
    Ban("time gettimeofday clock_gettime localtime localtime_r mktime",
        ("common/base/clock.c", "tests/"), "use kf_clock_monotonic_ms or kf_clock_wall_ms"),
    Ban("setlocale uselocale", ("tests/",), "the project knows no locale"),
]

# Where somebody else's interface leaves no choice: (rule, path, function).
EXCEPTIONS = {
    ("parameters", "common/service/http.c", "handle"),  # the callback of libmicrohttpd
    ("parameters", "tools/fakessb/server.c", "handle"),  # likewise
}

# What tells about one machine or one workplace has no place in a project others clone.
WORDS = [
    (r"(?<![\w.])/wor[k]/", "an absolute path", "use a path relative to the root"),
    (r"(?<![\w.])/hom[e]/", "an absolute path", "use a path relative to the root"),
    (r"(?i)\bissue [#]", "a ticket", "say what the reader needs to know"),
    (r"repo\.maven\.apache\.org|\brepo1\.maven\.org", "a registry host", "leave it to the client"),
    (r"\bdeb\.debian\.org|\bsecurity\.debian\.org", "a registry host", "leave it to the client"),
    (r"\bpypi\.org|\bfiles\.pythonhosted\.org", "a registry host", "leave it to the client"),
    (r"\bregistry\.npmjs\.org", "a registry host",
     "leave it to the client (.npmrc: omit-lockfile-registry-resolved=true)"),
]

# Figures, corpora and fixtures are kept as they came, broken ones included.
AS_THEY_CAME = re.compile(r"^data/|(^|/)(corpus|golden|fixtures|dist)/|\.(csv|json)$")


@dataclass
class Finding:
    path: str
    line: int
    rule: str
    problem: str
    remedy: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.rule}: {self.problem}; {self.remedy}"


@dataclass
class Tree:
    """All tracked files."""

    sources: list[Source] = field(default_factory=list)

    def of(self, *languages: str) -> list[Source]:
        return [s for s in self.sources if s.language in languages]

    @cached_property
    def paths(self) -> set[str]:
        return {s.path for s in self.sources}

    def included(self, source: Source, used: str) -> str:
        """The path of a quoted include. Tests may name a neighbour in the same folder."""
        neighbour = str(PurePosixPath(source.folder) / used)
        near = source.path.startswith("tests/") and neighbour in self.paths
        return neighbour if near else used


def _in_any(path: str, places: tuple[str, ...]) -> bool:
    name = PurePosixPath(path).name
    return any(path == p or name == p or path.startswith(p.rstrip("/") + "/") for p in places)


# ---- layers ----

def _layer(path: str) -> tuple[str, str]:
    """("common", "base"), ("services", "need"), ("tools", …), ("tests", …), else ("", "")."""
    parts = path.split("/")
    return (parts[0], parts[1]) if len(parts) > 2 and parts[0] in TOPS else ("", "")


def _layer_fault(user: str, used: str) -> str | None:
    top, part = _layer(user)
    used_top, used_part = _layer(used)
    if top == "common":
        if used_top != "common":
            return f"common/{part} includes {used}"
        known = part in LAYERS and used_part in LAYERS
        if not known or LAYERS.index(used_part) > LAYERS.index(part):
            return f"common/{part} includes the higher layer {used}"
    if top == "services" and used_top == "services" and used_part != part:
        return f"service {part} includes service {used_part}"
    if top == "services" and used_top not in ("common", "services"):
        return f"service {part} includes {used}"
    if top == "tools" and used_top == "tests":
        return f"a tool includes {used}"
    return None


def layers(tree: Tree) -> Iterator[Finding]:
    for source in tree.of("c"):
        for line, used, quoted in source.includes:
            if quoted and not used.endswith(".pb-c.h"):
                fault = _layer_fault(source.path, used)
                if fault:
                    yield Finding(source.path, line, "layers", fault,
                                  "base ← database ← model ← kafka ← codec ← bus ← service ← "
                                  "services/*: move the code down, or pass a message")


def generated_names(tree: Tree) -> Iterator[Finding]:
    for source in tree.of("c"):
        for line, used, _ in source.includes:
            if used.endswith((".pb-c.h", ".pb.h")) and \
                    not _in_any(source.path, ("common/codec", "tests/common/codec")):
                yield Finding(source.path, line, "generated-names", f"includes {used}",
                              "only common/codec sees generated names")


def wrappers(tree: Tree) -> Iterator[Finding]:
    for source in tree.of("c"):
        for line, used, _ in source.includes:
            for header, places in WRAPPERS.items():
                matches = used.startswith(header) if header.endswith("/") else used == header
                if matches and not _in_any(source.path, (*places, "tests", "tools")):
                    yield Finding(source.path, line, "wrappers", f"includes {used}",
                                  f"go through {' or '.join(places)}")


def include_paths(tree: Tree) -> Iterator[Finding]:
    for source in tree.of("c"):
        for line, used, quoted in source.includes:
            if not quoted or used.endswith(".pb-c.h"):
                continue
            if tree.included(source, used) not in tree.paths:
                yield Finding(source.path, line, "include-paths", f'"{used}" is not in the tree',
                              "write project headers as their path from the root")


# ---- lengths ----

def function_length(tree: Tree) -> Iterator[Finding]:
    for source in tree.of("c"):
        for function in source.functions:
            if function.length > FUNCTION_LINES_MAX:
                yield Finding(source.path, function.line, "function-length",
                              f"{function.name} has {function.length} lines, at most "
                              f"{FUNCTION_LINES_MAX}", "give each task a function of its own")


def _python_functions(source: Source):
    try:
        module = ast.parse(source.text or "")
    except SyntaxError:
        return
    for node in ast.walk(module):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def python_functions(tree: Tree) -> Iterator[Finding]:
    for source in tree.of("python"):
        for node in _python_functions(source):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            args = node.args
            names = [a.arg for a in args.posonlyargs + args.args + args.kwonlyargs]
            count = len([n for n in names if n not in ("self", "cls")])
            if length > FUNCTION_LINES_MAX:
                yield Finding(source.path, node.lineno, "function-length",
                              f"{node.name} has {length} lines, at most {FUNCTION_LINES_MAX}",
                              "give each task a function of its own")
            if count > PARAMETERS_MAX:
                yield Finding(source.path, node.lineno, "parameters",
                              f"{node.name} takes {count}, at most {PARAMETERS_MAX}",
                              "pass one object")


def python_syntax(tree: Tree) -> Iterator[Finding]:
    for source in tree.of("python"):
        try:
            ast.parse(source.text or "")
        except SyntaxError as error:
            yield Finding(source.path, error.lineno or 1, "python-syntax", str(error.msg),
                          "Python 3.11 must be able to read it")


LENGTHS = ("c", "python", "shell", "proto", "cmake", "typescript", "css")


def file_length(tree: Tree) -> Iterator[Finding]:
    for source in tree.of(*LENGTHS):
        if len(source.lines) > FILE_LINES_MAX:
            yield Finding(source.path, FILE_LINES_MAX + 1, "file-length",
                          f"{len(source.lines)} lines, at most {FILE_LINES_MAX}",
                          "a file is one noun: split it")


def line_length(tree: Tree) -> Iterator[Finding]:
    for source in tree.of(*LENGTHS):
        for number, line in enumerate(source.lines, 1):
            # A sentence that readers see stands in one piece.
            script = source.language == "typescript"
            told = re.sub(r'"[^"]*"|`[^`]*`', '""', line) if script else line
            if len(told) > COLUMNS_MAX:
                yield Finding(source.path, number, "line-length",
                              f"{len(line)} columns, at most {COLUMNS_MAX}", "wrap it")


def parameters(tree: Tree) -> Iterator[Finding]:
    for source in tree.of("c"):
        declared = source.declarations if source.suffix in (".h", ".hh") else []
        for function in source.functions + declared:
            excepted = ("parameters", source.path, function.name) in EXCEPTIONS
            if function.parameters > PARAMETERS_MAX and not excepted:
                yield Finding(source.path, function.line, "parameters",
                              f"{function.name} takes {function.parameters}, at most "
                              f"{PARAMETERS_MAX}", "pass an options struct")


# ---- what may stand in a file ----

def banned_calls(tree: Tree) -> Iterator[Finding]:
    patterns = [(re.compile(r"(?<![\w.>])(" + "|".join(ban.calls.split()) + r")\s*\("), ban)
                for ban in BANS]
    for source in tree.of("c"):
        for pattern, ban in patterns:
            if _in_any(source.path, ban.allowed):
                continue
            for number, line in enumerate(source.code_lines, 1):
                for match in pattern.finditer(line):
                    yield Finding(source.path, number, "banned-calls",
                                  f"calls {match.group(1)}", ban.remedy)


def _guard_names(path: str) -> set[str]:
    """KF_, any of the folders in their order but at least one, the file, _H."""
    *folders, file = [re.sub(r"\W", "_", part).upper()
                      for part in PurePosixPath(path).with_suffix("").parts]
    names = {""}
    for folder in folders:
        names |= {f"{name}{folder}_" for name in names}
    return {f"KF_{name}{file}_H" for name in names if name}


def include_guards(tree: Tree) -> Iterator[Finding]:
    taken: dict[str, str] = {}
    for source in tree.of("c"):
        if source.suffix not in (".h", ".hh"):
            continue
        match = re.search(r"^#ifndef (\w+)\n#define (\w+)$", source.text or "", re.MULTILINE)
        guard = match.group(1) if match and match.group(1) == match.group(2) else "missing"
        if guard not in _guard_names(source.path):
            yield Finding(source.path, 1, "include-guards", f"the guard is {guard}",
                          "name it after the path: KF_FOLDER_FILE_H")
        elif guard in taken:
            yield Finding(source.path, 1, "include-guards",
                          f"{guard} also guards {taken[guard]}", "add a folder to the name")
        taken.setdefault(guard, source.path)


def header_comments(tree: Tree) -> Iterator[Finding]:
    for source in tree.of("c"):
        if source.suffix not in (".h", ".hh") or source.path.startswith("tests/"):
            continue
        if not re.match(r"\s*(/\*|//)", source.text or ""):
            yield Finding(source.path, 1, "header-comments", "the header does not say what it is",
                          "begin with a comment: purpose and invariants")
        for function in source.declarations:
            if not source.is_commented(function.line):
                yield Finding(source.path, function.line, "header-comments",
                              f"{function.name} has no comment",
                              "say what it does, who owns what, what it returns")


def leftovers(tree: Tree) -> Iterator[Finding]:
    pattern = re.compile(r"\b(" + "|".join(("TO" "DO", "FIX" "ME", "XX" "X")) + r")\b")
    for source in tree.sources:
        if AS_THEY_CAME.search(source.path):
            continue
        for number, line in enumerate(source.lines, 1):
            match = pattern.search(line)
            if match:
                yield Finding(source.path, number, "leftovers", f"says {match.group(1)}",
                              "do it, or write down why it is not done")


def whitespace(tree: Tree) -> Iterator[Finding]:
    for source in tree.sources:
        if AS_THEY_CAME.search(source.path) or not source.text:
            continue
        for number, line in enumerate(source.lines, 1):
            if line != line.rstrip():
                yield Finding(source.path, number, "whitespace", "white space ends the line",
                              "take it away")
            if "\t" in line and source.language in ("c", "python", "proto", "cmake", "typescript",
                                                    "css"):
                yield Finding(source.path, number, "whitespace", "a tab", "use four spaces")
        if not source.text.endswith("\n") or source.text.endswith("\n\n"):
            yield Finding(source.path, len(source.lines), "whitespace",
                          "the file does not end with one newline", "end it with one")


def words(tree: Tree) -> Iterator[Finding]:
    patterns = [(re.compile(pattern), what, remedy) for pattern, what, remedy in WORDS]
    for source in tree.sources:
        for number, line in enumerate(source.lines, 1):
            for pattern, what, remedy in patterns:
                match = pattern.search(line)
                if match:
                    yield Finding(source.path, number, "words",
                                  f'"{match.group()}" is {what}', remedy)


# ---- dead files ----

def _listed_files(cmake: Source) -> set[str]:
    """Every .c and .cc that a CMakeLists.txt names, loops over names followed."""
    text = re.sub(r"#[^\n]*", "", cmake.text or "")
    values: dict[str, list[str]] = {}
    loops = re.finditer(r"\b(?:foreach|set)\s*\(\s*(\w+)\s+(?:IN\s+(?:ITEMS|LISTS)\s+)?([^)]*)\)",
                        text)
    for match in loops:
        values.setdefault(match.group(1), []).extend(match.group(2).split())
    names = set()
    for token in re.findall(r"[^\s()\"]+\.(?:c|cc)\b", text):
        variable = re.search(r"\$\{(\w+)\}", token)
        known = values.get(variable.group(1), [""]) if variable else [""]
        names |= {re.sub(r"\$\{\w+\}/?", "", token.replace(variable.group(), value, 1))
                  if variable else token for value in known}
    if re.search(r"\bkf_add_service\s*\(", text):
        names.add("main.c")
    return {str(PurePosixPath(cmake.folder) / name) for name in names}


def dead_files(tree: Tree) -> Iterator[Finding]:
    listed: set[str] = set()
    for cmake in tree.of("cmake"):
        listed |= _listed_files(cmake)
    included = {tree.included(source, used)
                for source in tree.of("c") for _, used, _ in source.includes}
    for source in tree.of("c"):
        if source.suffix in (".h", ".hh"):
            if source.path not in included:
                yield Finding(source.path, 1, "dead-files", "nobody includes this header",
                              "include it or take it away")
        elif source.path not in listed:
            yield Finding(source.path, 1, "dead-files", "no CMakeLists.txt lists this file",
                          f"list it in {source.folder}/CMakeLists.txt or take it away")


# ---- TypeScript ----

@dataclass
class Slip:
    """What does not stand in TypeScript, but in the files in `allowed`."""

    pattern: str
    allowed: tuple[str, ...]
    remedy: str


SLIPS = [
    Slip(r"\bany\b(?=\s*[;,)>=\]|&\[{])|@ts-(ignore|expect-error|nocheck)", (),
         "give it its type, or unknown"),
    Slip(r"\b(innerHTML|outerHTML|dangerouslySetInnerHTML|insertAdjacentHTML)\b|\beval\(", (),
         "build elements: what comes from outside is text"),
    Slip(r"\bconsole\.", ("services/board/page/build.mjs", "services/board/page/dev.mjs"),
         "tell the reader on the page"),
    Slip(r"\.(toFixed|toLocaleString|toLocaleDateString)\(",
         ("services/board/page/src/base/number.ts", "sparkline.tsx", "build.mjs"),
         "use shownValue of number.ts: one rounding, one sign, one separator"),
]


def typescript(tree: Tree) -> Iterator[Finding]:
    for source in tree.of("typescript"):
        for slip in SLIPS:
            if _in_any(source.path, slip.allowed):
                continue
            for number, line in enumerate(source.code_lines, 1):
                match = re.search(slip.pattern, line)
                if match:
                    yield Finding(source.path, number, "typescript", f"says {match.group()}",
                                  slip.remedy)
        tested = source.name.endswith((".test.ts", ".test.tsx"))
        if not tested and not re.match(r"(#![^\n]*\n)?\s*/\*", source.text or ""):
            yield Finding(source.path, 1, "typescript", "the file does not say what it is",
                          "begin with a comment: what it is for")


# What nobody imports: entries of the bundles, and what tools run.
ENTRIES = re.compile(r"/src/(app|report)\.tsx$|\.d\.ts$|\.mjs$|\.test\.tsx?$")


def _imports(source: Source) -> Iterator[str]:
    """Paths from the root, without ending where the import has none."""
    for used in re.findall(r"(?:from|import)\s+[\"'](\.[^\"']+)[\"']", source.text or ""):
        parts: list[str] = []
        for part in (*PurePosixPath(source.folder).parts, *PurePosixPath(used).parts):
            if part == "..":
                parts.pop()
            else:
                parts.append(part)
        yield "/".join(parts)


def dead_modules(tree: Tree) -> Iterator[Finding]:
    used = {path for source in tree.of("typescript", "css") for path in _imports(source)}
    for source in tree.of("typescript", "css"):
        bare = str(PurePosixPath(source.path).with_suffix(""))
        if source.path not in used and bare not in used and not ENTRIES.search(source.path):
            yield Finding(source.path, 1, "dead-modules", "nobody imports this file",
                          "import it or take it away")


RULES: list[Callable[[Tree], Iterator[Finding]]] = [
    layers, generated_names, wrappers, include_paths, function_length, python_functions,
    python_syntax, file_length, line_length, parameters, banned_calls, include_guards,
    header_comments, leftovers, whitespace, words, dead_files, typescript, dead_modules,
]
