"""Dead letters: told by `kf releases` as the topic tells them, resolved after what was wrong is
mended, and nothing twice whatever is asked for twice."""

import json
import pathlib
import re
import shutil
import signal
import subprocess

from conftest import DATA, DEADLINE_S, ROOT, binaries, environment, read_topic
from test_poison import all_members, give, one


def kf(pipeline, *words, check=True):
    """What `kf releases WORDS…` says; with `check` it must go well."""
    done = subprocess.run(
        [binaries() / "kf", "releases", *words, "--state-dir", pipeline.state, "--wait", "60s"],
        capture_output=True,
        text=True,
        timeout=2 * DEADLINE_S,
        check=False,
        env=environment(),
    )
    assert not check or done.returncode == 0, (words, done.stdout, done.stderr)
    return done.stdout + done.stderr


def letters(pipeline, *options):
    lines = kf(pipeline, "letters", "--format", "json", *options).splitlines()
    return [json.loads(line) for line in lines]


def on_topic(pipeline):
    """The dead letters of the topic by release and panel."""
    records = read_topic(pipeline.bootstrap, "kostra.rejected.v1")
    found = {}
    for key, value in records:
        record = json.loads(value)
        assert key == f"{record['release']}/{record.get('panel', 0)}"
        assert key not in found, "a dead letter came twice"
        found[key] = record["rejection"]
    return found


def releases_on_topic(pipeline):
    keys = [key for key, _ in read_topic(pipeline.bootstrap, "kostra.release.v1")]
    assert len(keys) == len(set(keys)), "a manifest came twice"
    return keys


def told(pipeline, *options):
    """What the ledger says, in the form of on_topic."""
    return {
        f"{letter['release']}/{letter['letter']['panel']}": letter["letter"]["rejection"]
        for letter in letters(pipeline, *options)
    }


def closed(pipeline, release):
    pipeline.await_log("ingest-0", rf"release-(committed|rejected) .*{release}")
    return release


def lies_in(pipeline, folder, name):
    return pathlib.Path(pipeline.state) / folder / name


def retried(pipeline, release, name, times):
    """Asks for a retry and returns the release that comes of the input."""
    said = kf(pipeline, "retry", release[:12])
    assert "granted" in said and name in said, said
    pattern = rf"ingest (already-|input-)\w+ .*input=\"?{re.escape(name)}"
    line = pipeline.await_log("ingest-0", pattern, times=times)
    return re.search(r"release=(\w+)", line.string)[1], line[1]


def test_letters_of_every_stage_are_told_as_on_the_topic_and_resolved_by_what_is_mended(
    pipelines, tmp_path
):
    pipeline = pipelines().ready()
    late = closed(pipeline, give(pipeline, tmp_path, "late", all_members("korrigert_utgift", "0")))
    early = closed(pipeline, give(pipeline, tmp_path, "early", one("folkemengde", "NaN")))

    # both are found from kf alone, with stage, reason and cells, word for word as on the topic
    topic = on_topic(pipeline)
    assert set(topic) == {f"{late}/0", f"{early}/0"}
    assert told(pipeline) == topic
    assert topic[f"{late}/0"]["stage"] == "efficiency", "by a later stage than ingest"
    cell = topic[f"{early}/0"]["findings"][0]
    assert (cell["municipality"], cell["variable"], cell["cell"]) == ("0301", "folkemengde", "NaN")
    text = kf(pipeline, "letters")
    assert text.index(early) < text.index(late), "newest first"
    for rejection in topic.values():
        assert f"rejected by {rejection['stage']}: {rejection['reason']}" in text
        for finding in rejection.get("findings", []):
            assert finding["problem"] in text and finding["remedy"] in text
    shown = json.loads(kf(pipeline, "show", late, "--format", "json"))
    assert [letter["rejection"] for letter in shown["letters"]] == [topic[f"{late}/0"]]
    assert "2 open dead letters" in kf(pipeline, "list")

    # mended where they lie, and taken in anew; one at a time
    assert lies_in(pipeline, "rejected", "early.csv").exists()
    shutil.copyfile(DATA, lies_in(pipeline, "rejected", "early.csv"))
    mended, how = retried(pipeline, early, "early.csv", times=2)
    assert how == "input-" and mended not in (late, early)
    closed(pipeline, mended)
    assert not letters(pipeline)
    resolved = {letter["release"]: letter["letter"]["resolvedBy"] for letter in
                letters(pipeline, "--all")}
    assert resolved == {late: mended, early: mended}
    assert f"published since by release {mended}" in kf(pipeline, "show", late)
    assert on_topic(pipeline) == topic, "the topic keeps what it has"

    # what came later stands: the input of the late one is not taken in over it
    refused = kf(pipeline, "retry", late, check=False)
    assert "refused" in refused and mended in refused and "came later" in refused
    assert lies_in(pipeline, "done", "late.csv").exists()
    assert releases_on_topic(pipeline) == [late, early, mended]
    code, said = pipeline.stop()
    assert code == 0, said


def test_asked_twice_nothing_comes_twice(pipelines, tmp_path):
    pipeline = pipelines().ready()
    late = closed(pipeline, give(pipeline, tmp_path, "late", all_members("korrigert_utgift", "0")))
    early = closed(pipeline, give(pipeline, tmp_path, "early", one("folkemengde", "NaN")))
    before = on_topic(pipeline)

    # taken in anew without a change: known, told so, and the letters stand as they were
    for times in (2, 3):
        assert retried(pipeline, early, "early.csv", times) == (early, "already-")
        assert retried(pipeline, late, "late.csv", times) == (late, "already-")
    report = lies_in(pipeline, "rejected", "early.csv.errors.txt")
    assert "NaN" in report.read_text(encoding="utf-8")

    # replayed: sent again, receipted from the manifest, written no second time
    for times in (2, 3):
        for release in (late, early):
            assert "granted" in kf(pipeline, "replay", release)
            pipeline.await_log("ingest-0", rf"release-rejected .*{release}", times=times)
    assert on_topic(pipeline) == before == told(pipeline)
    assert releases_on_topic(pipeline) == [late, early]

    # an input that is gone, or that waits already, is told of
    lies_in(pipeline, "rejected", "early.csv").unlink()
    gone = kf(pipeline, "retry", early, check=False)
    assert "refused" in gone and "put it into the inbox" in gone
    code, said = pipeline.stop()
    assert code == 0, said


def test_a_mended_edition_resolves_what_it_refused(pipelines, tmp_path):
    """An edition that asks for expenditure of which there is none refuses the panel in a later
    stage; without that line the same file is published."""
    editions = tmp_path / "editions"
    shutil.copytree(ROOT / "editions", editions)
    pipeline = pipelines(editions=editions).ready()
    late = closed(pipeline, give(pipeline, tmp_path, "late", all_members("korrigert_utgift", "0")))
    assert [letter["release"] for letter in letters(pipeline)] == [late]

    asked = "expenditure: {given: korrigert_utgift}\n"
    path = editions / "asss-2010.yaml"
    text = path.read_text(encoding="utf-8")
    assert asked in text
    kept = [line for line in text.splitlines(True) if not line.startswith(("expend", "change:"))]
    path.write_text("".join(kept), encoding="utf-8")
    pipeline.send("ingest-0", signal.SIGKILL)  # ingest reads the editions at its start
    pipeline.await_log("ingest-0", "ledger-opened", times=2)

    mended, how = retried(pipeline, late, "late.csv", times=2)
    assert how == "input-" and mended != late
    closed(pipeline, mended)
    assert not letters(pipeline)
    assert f"published since by release {mended}" in kf(pipeline, "show", late)
    assert releases_on_topic(pipeline) == [late, mended]
    code, said = pipeline.stop()
    assert code == 0, said
