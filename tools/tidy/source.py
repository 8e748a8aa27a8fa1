"""Reading sources for the style checks: text, C without comments, functions, declarations."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

C_SUFFIXES = (".c", ".h", ".cc", ".hh")

# A comment, or a string or character constant, whichever comes first.
_TOKEN = re.compile(
    r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL)
_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)


@dataclass
class Function:
    """A function that is defined (`length` lines from its first line) or declared (0)."""

    name: str
    line: int
    parameters: int
    length: int = 0


@dataclass
class Source:
    """A tracked file. `path` is relative to the root, with slashes."""

    root: Path
    path: str
    _raw: bytes | None = field(default=None, repr=False)

    @cached_property
    def raw(self) -> bytes:
        return (self.root / self.path).read_bytes()

    @cached_property
    def text(self) -> str | None:
        """The text, or None for what is not one."""
        if b"\0" in self.raw:
            return None
        try:
            return self.raw.decode("utf-8")
        except UnicodeDecodeError:
            return None

    @cached_property
    def lines(self) -> list[str]:
        lines = (self.text or "").split("\n")
        return lines[:-1] if lines[-1] == "" else lines

    @property
    def name(self) -> str:
        return PurePosixPath(self.path).name

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.path).suffix

    @property
    def folder(self) -> str:
        return str(PurePosixPath(self.path).parent)

    @cached_property
    def language(self) -> str:
        """c, python, shell, proto, cmake, typescript, css, or "" for what is no program; what is
        built from others (dist/) is none."""
        if "dist" in PurePosixPath(self.path).parts[:-1]:
            return ""
        if self.suffix in C_SUFFIXES:
            return "c"
        named = {".py": "python", ".sh": "shell", ".proto": "proto", ".cmake": "cmake",
                 ".ts": "typescript", ".tsx": "typescript", ".mjs": "typescript", ".css": "css"}
        if self.suffix in named:
            return named[self.suffix]
        if self.name == "CMakeLists.txt":
            return "cmake"
        first = self.lines[0] if self.lines else ""
        if first.startswith("#!"):
            return "python" if "python" in first else "shell" if "sh" in first else ""
        return ""

    @cached_property
    def code(self) -> str:
        """The text with comments and constants blanked; every line keeps its place and length."""
        return _TOKEN.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), self.text or "")

    @cached_property
    def code_lines(self) -> list[str]:
        return self.code.split("\n")

    @cached_property
    def includes(self) -> list[tuple[int, str, bool]]:
        """(line, path, in quotes) of every #include that is not in a comment."""
        found = []
        for match in _INCLUDE.finditer(self.text or ""):
            line = (self.text or "").count("\n", 0, match.end()) + 1
            if "include" in self.code_lines[line - 1]:
                found.append((line, match.group(1) or match.group(2), match.group(1) is not None))
        return found

    @cached_property
    def functions(self) -> list[Function]:
        """Functions defined here: a brace in the first column opens each, one closes it."""
        found = []
        lines = self.code_lines
        for at, line in enumerate(lines):
            if line.rstrip() != "{":
                continue
            first = _signature_start(lines, at)
            end = next((i for i in range(at, len(lines)) if lines[i].startswith("}")), at)
            function = _parse_signature(" ".join(lines[first:at]), first + 1)
            if function:
                function.length = end - first + 1
                found.append(function)
        return found

    @cached_property
    def declarations(self) -> list[Function]:
        """Functions declared here, outside braces."""
        found = []
        statement, first, depth = "", 0, 0
        for at, line in enumerate(_without_preprocessor(self.code_lines)):
            if re.match(r"\s*extern\s*\{\s*$", line) or (line.startswith("}") and depth == 0):
                statement = ""
                continue
            if not statement.strip():
                statement, first = "", at
            statement += " " + line
            depth += line.count("{") - line.count("}")
            if depth == 0 and line.rstrip().endswith((";", "}")):
                function = _parse_declaration(statement, first + 1)
                if function:
                    found.append(function)
                statement = ""
        return found

    def is_commented(self, line: int) -> bool:
        """True when a comment stands on `line` or above it with no empty line between."""
        for at in range(line - 1, -1, -1):
            if not self.lines[at].strip():
                return False
            if re.search(r"/\*|\*/|//", self.lines[at]):
                return True
        return False


def _without_preprocessor(lines):
    goes_on = False
    for line in lines:
        directive = goes_on or line.lstrip().startswith("#")
        goes_on = directive and line.endswith("\\")
        yield "" if directive else line


def _signature_start(lines, brace):
    first = brace
    while first > 0:
        above = lines[first - 1].strip()
        if not above or above.endswith((";", "}", "{")) or above.startswith("#"):
            break
        first -= 1
    return first


def _matching(text, opening):
    depth = 0
    for at in range(opening, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return at
    return len(text)


def _count_parameters(inner):
    parts, depth = [""], 0
    for char in inner:
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(char, 0)
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return len([p for p in parts if p.strip() not in ("", "void", "...")])


def _parse_signature(text, line):
    for match in re.finditer(r"([A-Za-z_]\w*)\s*\(", text):
        if match.group(1) in ("__attribute__", "alignas", "_Alignas"):
            continue
        opening = match.end() - 1
        inner = text[opening + 1:_matching(text, opening)]
        return Function(match.group(1), line, _count_parameters(inner))
    return None


def _parse_declaration(statement, line):
    start = statement.strip()
    if "(" not in start or start.startswith(("typedef", "_Static_assert", "static_assert")):
        return None
    before = start[:start.index("(")]
    if "{" in before or "=" in before or before.rstrip().endswith(("*", ",")):
        return None
    if re.match(r"static\s+inline", start) and "{" in start:
        return _parse_signature(start, line)
    return None if "{" in start else _parse_signature(start, line)
