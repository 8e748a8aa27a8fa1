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

from count import Count, of_ctest, of_pytest, of_tap

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
    return _as_one(context, context.run(["shellcheck", "--external-sources", *paths]) == 0)


# ---- Python ----

def venv_python(context: Context) -> str:
    made = subprocess.run([ROOT / "tools" / "setup" / "venv"], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, check=False)
    context.say(made.stderr)
    if made.returncode != 0:
        raise StepError("the Python environment for the tests cannot be made")
    return made.stdout.strip()


def python_step(context: Context) -> Count:
    """A name that is not there shows only when its line runs, which may be in one test of many."""
    from source import Source
    from tidy import tracked_paths
    paths = [p for p in tracked_paths(ROOT) if Source(ROOT, p).language == "python"]
    return _as_one(context, context.run([venv_python(context), "-m", "pyflakes", *paths]) == 0)


def pytest(context: Context, *folders: str, workers: int = 0,
           settings: dict | None = None) -> Count:
    """Runs the tests in the folders; with `workers` that many at a time, which is worth while where
    tests wait for processes. `settings`: more of the environment."""
    for folder in folders:
        if not (ROOT / folder).is_dir():
            raise StepError(f"{folder} is not there")
    report = LOGS / f"{context.name}.xml"
    report.unlink(missing_ok=True)
    command = [venv_python(context), "-m", "pytest", "-p", "no:cacheprovider", "-ra", "--tb=short",
               f"--junitxml={report}", "-o", "junit_family=xunit2", *folders]
    if workers:
        command += ["--numprocesses", str(workers), "--dist", "worksteal"]
    extra = {"PYTHONDONTWRITEBYTECODE": "1", "KF_BUILD_DIR": str(ROOT / "build" / "asan"),
             **(settings or {})}
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
    return pytest(context, "tests/pipeline", workers=context.jobs + 1)


def kafka_step(context: Context) -> Count:
    build(context, "asan")
    return pytest(context, "tests/kafka", "tests/board", workers=context.jobs)


# ---- kills, by command ----

PROGRAMS = ["kf", *(f"kf-{name}" for name in (
    "ingest", "need", "normalize", "aggregate", "efficiency", "publish"))]


def crash_run(context: Context, kills: int, seed: int | None) -> int:
    """Kills the sanitized services so many times (tests/crash); returns the exit code."""
    build(context, "asan", PROGRAMS)
    command = [venv_python(context), "tests/crash/crash.py", str(kills)]
    command += ["--seed", str(seed)] if seed is not None else []
    variables = {"PYTHONDONTWRITEBYTECODE": "1", "KF_BUILD_DIR": str(ROOT / "build" / "asan")}
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **variables},
                          stdin=subprocess.DEVNULL, check=False).returncode


def deploy_step(context: Context) -> Count:
    build(context, "asan")
    return pytest(context, "tests/deploy", workers=context.jobs)


def browser_step(context: Context) -> Count:
    build(context, "asan")
    page = ROOT / "services" / "board" / "page"
    context.need(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], page)
    return pytest(context, "tests/browser", workers=context.jobs)


def package_step(context: Context) -> Count:
    build(context, "release")
    folder = ROOT / "build" / "release"
    for old in folder.glob("kostraflow_*.deb"):
        old.unlink()
    build(context, "release", ["package"])
    packages = list(folder.glob("kostraflow_*.deb"))
    if len(packages) != 1:
        raise StepError(f"CPack made {len(packages)} packages instead of one")
    return pytest(context, "tests/package", settings={"KF_PACKAGE": str(packages[0])})


def faults_step(context: Context) -> Count:
    build(context, "asan")
    return pytest(context, "tests/faults", workers=context.jobs)


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


# ---- the board's pages ----

PAGE = ROOT / "services" / "board" / "page"


def node_tests(context: Context) -> Count:
    """The pages' unit tests, by node's own runner."""
    report = LOGS / f"{context.name}.tap"
    report.unlink(missing_ok=True)
    code = context.run(["node", "test.mjs", str(ROOT / "build" / "page" / "test"),
                        "--test-reporter=tap", f"--test-reporter-destination={report}"], PAGE)
    text = report.read_text(encoding="utf-8") if report.is_file() else ""
    return _checked(context, of_tap(text), code)


def differing(built: Path, kept: Path) -> list[str]:
    """Names of the files that are not the same in both folders."""
    names = {path.name for folder in (built, kept) if folder.is_dir() for path in folder.iterdir()}

    def content(path: Path) -> bytes | None:
        return path.read_bytes() if path.is_file() else None
    return sorted(name for name in names if content(built / name) != content(kept / name))


def page_step(context: Context) -> Count:
    """Layout, types, unit tests, and the built pages: made anew from the sources, they are those
    that are kept."""
    built = ROOT / "build" / "page" / "dist"
    context.need(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], PAGE)
    count = Count()
    for script, remedy in (("layout", "npm run format in services/board/page"), ("check", "")):
        good = context.run(["npm", "run", "--silent", script], PAGE) == 0
        count.add(Count(1) if good else Count(0, [f"page: npm run {script}"]))
        if not good and remedy:
            context.say(f"remedy: {remedy}")
    count.add(node_tests(context))
    context.need(["node", "build.mjs", str(built)], PAGE)
    stale = differing(built, PAGE / "dist")
    if stale:
        context.say(f"dist/ is not what the sources give: {', '.join(stale)}; remedy: "
                    "npm run build in services/board/page, and commit dist/")
    count.add(Count(0, [f"page: dist/{name}" for name in stale]) if stale else Count(1))
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
    by_name: bool = False  # only with --only: too long for every day


STEPS = [
    Step("format", "layout of the C sources, by clang-format 14", format_step, True),
    Step("tidy", "house style: layers, lengths, banned calls, dead files", tidy_step, True),
    Step("shell", "shell scripts, by shellcheck", shell_step, True),
    Step("python", "names that are not there, or not used, by pyflakes", python_step, True),
    Step("tools", "tests of the checks themselves", tools_step, True),
    Step("messages", "buf lint, build and format over the message definitions", messages_step),
    Step("page", "the board's pages: layout, types, unit tests, dist/ as the sources give it",
         page_step),
    Step("editions", "JSON Schemas of the editions, and the editions against them",
         editions_step, True),
    Step("asan", "all C tests under the address and undefined sanitizers", asan_step, True),
    Step("tsan", "tests with threads under the thread sanitizer", tsan_step),
    Step("pipeline", "real processes, from a file to the topics", pipeline_step),
    Step("kafka", "against a real Apache Kafka", kafka_step),
    Step("deploy", "units, alert rules, containers, manifests", deploy_step),
    Step("faults", "full disks, failing calls, damaged state, a jumping clock", faults_step),
    Step("browser", "the board's pages in a real Chromium", browser_step),
    Step("package", "the Debian package, installed and run on a clean root", package_step,
         by_name=True),
]
