"""The steps of ./test. Each runs its commands in a context and returns a Count."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from count import Count, of_ctest, of_pytest

ROOT = Path(__file__).resolve().parents[2]
LOGS = ROOT / "build" / "test-logs"
COMMAND_SECONDS_MAX = 40 * 60

sys.path.insert(0, str(ROOT / "tools" / "tidy"))


class StepError(Exception):
    """A step that could not come to its tests."""


@dataclass
class Context:
    """Where a step runs: its log, and what earlier steps have already built."""

    name: str
    jobs: int
    built: dict[str, str] = field(default_factory=dict)

    @property
    def log(self) -> Path:
        return LOGS / f"{self.name}.log"

    def run(self, command: list[str], folder: Path = ROOT, extra: dict | None = None) -> int:
        """Runs a command with its output in the log, without input; returns its exit code."""
        with self.log.open("ab") as log:
            shown = command if len(command) < 20 else [*command[:6], "…", command[-1]]
            log.write(f"$ {' '.join(shown)}\n".encode())
            log.flush()
            process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log,
                                       stderr=subprocess.STDOUT, process_group=0,
                                       env={**os.environ, **(extra or {})})
            try:
                return process.wait(COMMAND_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                log.write(f"\nstopped after {COMMAND_SECONDS_MAX} s\n".encode())
                return 124
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()

    def need(self, command: list[str], folder: Path = ROOT) -> None:
        code = self.run(command, folder)
        if code != 0:
            raise StepError(f"{Path(command[0]).name} ended with {code}")

    def say(self, text: str) -> None:
        with self.log.open("a", encoding="utf-8") as log:
            log.write(text.rstrip("\n") + "\n")


def _as_one(context: Context, good: bool) -> Count:
    return Count(1) if good else Count(0, [context.name])


# ---- style ----

def clang_format() -> str:
    """The clang-format of the house, version 14: others lay out differently."""
    for name in ("clang-format-14", "clang-format"):
        program = shutil.which(name)
        if program:
            says = subprocess.run([program, "--version"], capture_output=True, text=True,
                                  check=False).stdout
            if re.search(r"version 14\.", says):
                return program
    raise StepError("there is no clang-format of version 14")


def format_step(context: Context) -> Count:
    from source import C_SUFFIXES
    from tidy import tracked_paths
    paths = [p for p in tracked_paths(ROOT) if p.endswith(C_SUFFIXES)]
    command = [clang_format(), "--dry-run", "-Werror", "--style=file", *paths]
    good = context.run(command) == 0
    if not good:
        context.say("remedy: clang-format -i on the files named above")
    return _as_one(context, good)


def tidy_step(context: Context) -> Count:
    return _as_one(context, context.run([sys.executable, "tools/tidy/tidy.py"]) == 0)


def shell_step(context: Context) -> Count:
    from source import Source
    from tidy import tracked_paths
    paths = [p for p in tracked_paths(ROOT) if Source(ROOT, p).language == "shell"]
    return _as_one(context, context.run(["shellcheck", *paths]) == 0)


# ---- Python tests ----

def venv_python(context: Context) -> str:
    made = subprocess.run([ROOT / "tools" / "setup" / "venv"], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, check=False)
    context.say(made.stderr)
    if made.returncode != 0:
        raise StepError("the Python environment for the tests cannot be made")
    return made.stdout.strip()


def pytest(context: Context, *folders: str) -> Count:
    for folder in folders:
        if not (ROOT / folder).is_dir():
            raise StepError(f"{folder} is not there")
    report = LOGS / f"{context.name}.xml"
    report.unlink(missing_ok=True)
    command = [venv_python(context), "-m", "pytest", "-p", "no:cacheprovider", "-ra", "--tb=short",
               f"--junitxml={report}", "-o", "junit_family=xunit2", *folders]
    extra = {"PYTHONDONTWRITEBYTECODE": "1", "KF_BUILD_DIR": str(ROOT / "build" / "asan")}
    code = context.run(command, extra=extra)
    return _checked(context, of_pytest(report), code)


def _checked(context: Context, count: Count, code: int) -> Count:
    """A runner that failed without a failed test, or ran none, has failed itself."""
    if count.failed == 0 and (code != 0 or count.passed == 0):
        count.failures.append(f"{context.name}: the runner ended with {code} after "
                              f"{count.passed} passed tests")
    return count


def tools_step(context: Context) -> Count:
    return pytest(context, "tests/tidy", "tests/suite", "tests/setup")


def editions_step(context: Context) -> Count:
    return pytest(context, "tests/contract")


def pipeline_step(context: Context) -> Count:
    build(context, "asan")
    return pytest(context, "tests/pipeline")


def kafka_step(context: Context) -> Count:
    build(context, "asan")
    return pytest(context, "tests/kafka")


# ---- messages ----

def messages_step(context: Context) -> Count:
    folder = ROOT / "tests" / "contract"
    buf = folder / "node_modules" / ".bin" / "buf"
    context.need(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
    count = Count()
    for arguments in (["lint"], ["build"], ["format", "--diff", "--exit-code"]):
        good = context.run([str(buf), *arguments], ROOT / "proto") == 0
        count.add(Count(1) if good else Count(0, [f"buf {arguments[0]}"]))
    return count


# ---- C tests ----

def build(context: Context, preset: str, targets: list[str] | None = None) -> None:
    """Configures and builds a preset once; whoever asks again gets the first answer."""
    key = f"{preset} {targets}"
    if key not in context.built:
        context.built[key] = "the build had failed before"
        context.need(["cmake", "--preset", preset])
        only = ["--target", *targets] if targets else []
        context.need(["cmake", "--build", "--preset", preset, "-j", str(context.jobs), *only])
        context.built[key] = ""
    if context.built[key]:
        raise StepError(context.built[key])


def ctest(context: Context, preset: str, *arguments: str) -> Count:
    report = LOGS / f"{context.name}.xml"
    report.unlink(missing_ok=True)
    code = context.run(["ctest", "--preset", preset, "-j", str(context.jobs), "--output-junit",
                        str(report), "--test-output-size-passed", "1000000",
                        "--test-output-size-failed", "1000000", "--no-tests=error", *arguments])
    return _checked(context, of_ctest(report), code)


def asan_step(context: Context) -> Count:
    build(context, "asan")
    return ctest(context, "asan")


def tsan_step(context: Context) -> Count:
    context.need(["cmake", "--preset", "tsan"])
    listed = subprocess.run(["ctest", "--preset", "tsan", "-N", "-L", "^threads$",
                             "--show-only=json-v1"],
                            cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = [test["name"] for test in json.loads(listed)["tests"]]
    if not targets:
        raise StepError("no test is labelled threads")
    build(context, "tsan", targets)
    return ctest(context, "tsan", "-L", "^threads$")


@dataclass
class Step:
    name: str
    about: str
    run: Callable[[Context], Count]
    fast: bool = False


STEPS = [
    Step("format", "layout of the C sources, by clang-format 14", format_step, True),
    Step("tidy", "house style: layers, lengths, banned calls, dead files", tidy_step, True),
    Step("shell", "shell scripts, by shellcheck", shell_step, True),
    Step("tools", "tests of the checks themselves", tools_step, True),
    Step("messages", "buf lint, build and format over the message definitions", messages_step),
    Step("editions", "JSON Schemas of the editions, and the editions against them",
         editions_step, True),
    Step("asan", "all C tests under the address and undefined sanitizers", asan_step, True),
    Step("tsan", "tests with threads under the thread sanitizer", tsan_step),
    Step("pipeline", "real processes, from a file to the topics", pipeline_step),
    Step("kafka", "against a real Apache Kafka", kafka_step),
]
