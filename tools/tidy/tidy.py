#!/usr/bin/env python3
"""The house style as a test.

Checks every tracked file (and every new one that git does not ignore) and prints one line for
each finding: FILE:LINE: RULE: what; remedy. Exit 0 when there is none, 1 when there is, 2 when
the command line is wrong. docs/STYLE.md says why.
"""

import argparse
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from rules import RULES, Finding, Tree  # noqa: E402
from source import Source  # noqa: E402

IGNORED_FOLDERS = {".git", "build", "node_modules", "__pycache__", ".venv"}


def tracked_paths(root: Path) -> list[str]:
    """Files that git knows or would take; without git, all but what is built."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others",
               "--exclude-standard", "--deduplicate"]
    if (root / ".git").exists():
        listed = subprocess.run(command, capture_output=True, check=True).stdout.decode()
        paths = [p for p in listed.split("\0") if p]
    else:
        paths = [p.relative_to(root).as_posix() for p in root.rglob("*")
                 if not IGNORED_FOLDERS & set(p.relative_to(root).parts)]
    return sorted(p for p in paths if (root / p).is_file() and not (root / p).is_symlink())


def check(root: Path, names: list[str] | None = None) -> list[Finding]:
    """The findings of the rules called `names` (all when None), by file and line."""
    tree = Tree([Source(root, path) for path in tracked_paths(root)])
    findings = [finding for rule in RULES if names is None or rule_name(rule) in names
                for finding in rule(tree)]
    return sorted(findings, key=lambda f: (f.path, f.line, f.rule))


def rule_name(rule) -> str:
    return rule.__name__.replace("_", "-")


def main() -> int:
    known = [rule_name(rule) for rule in RULES]
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    parser.add_argument("--rule", action="append", choices=known, help="only this rule")
    options = parser.parse_args()
    findings = check(options.root, options.rule)
    for finding in findings:
        print(finding)
    if findings:
        print(f"tidy: {len(findings)} findings", file=sys.stderr)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
