"""Writes each service's configuration table into its README, from the program itself.

    python3 tools/docs/configuration.py build/asan/bin [--check]

Between `<!-- generated: kf-NAME --config-reference -->` and `<!-- end -->` stands what the program
prints. With --check nothing is written; the exit code is 1 when a README is not up to date.
"""

import argparse
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECTION = re.compile(r"(<!-- generated: (kf-\w+) --config-reference -->\n).*?(<!-- end -->)", re.S)


def current(readme: pathlib.Path, binaries: pathlib.Path) -> str:
    """The README as it should be."""

    def table(match: re.Match) -> str:
        command = [binaries / match[2], "--config-reference"]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return f"{match[1]}\n{printed.strip()}\n\n{match[3]}"

    return SECTION.sub(table, readme.read_text(encoding="utf-8"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binaries", type=pathlib.Path, help="folder of the built programs")
    parser.add_argument("--check", action="store_true", help="only say what is out of date")
    options = parser.parse_args()
    stale = []
    for readme in sorted(ROOT.glob("services/*/README.md")):
        text = current(readme, options.binaries.resolve())
        if text != readme.read_text(encoding="utf-8"):
            stale.append(readme.relative_to(ROOT))
            if not options.check:
                readme.write_text(text, encoding="utf-8")
    for readme in stale:
        print(f"{readme}: {'is out of date' if options.check else 'written'}")
    if stale and options.check:
        raise SystemExit(f"remedy: python3 tools/docs/configuration.py {options.binaries}")


if __name__ == "__main__":
    main()
