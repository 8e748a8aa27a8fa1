"""From a file in the inbox to what a consumer of the topics sees, with real processes."""

import csv
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import time
import urllib.request

import pytest
from conftest import (
    DEADLINE_S,
    PUBLISHED,
    ROOT,
    STAGES,
    await_ends,
    binaries,
    environment,
    programs_with,
    read_topic,
)

TOLERANCE = 0.11  # the report prints one decimal of figures it computed from unrounded ones


def municipality_names():
    """Names in 2010 by code."""
    names = {}
    with open(ROOT / "editions" / "municipalities.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["valid_from"] <= "2010-01-01" and (
                not row["valid_to"] or row["valid_to"] > "2010-01-01"
            ):
                names[row["municipality"]] = row["name"]
    return names


def printed(table, sector, measure):
    """What the report printed, by the municipality's name."""
    names = municipality_names()
    with open(PUBLISHED, encoding="utf-8", newline="") as file:
        return {
            names[row["municipality"]]: float(row["value"])
            for row in csv.DictReader(file)
            if (row["table"], row["sector"], row["measure"]) == (table, sector, measure)
        }


def shown_tables(text):
    """The tables in what `kf show` printed: rows of cells by the municipality's name."""
    tables = []
    for line in text.splitlines():
        if re.match(r"  (Municipality|Kommune)\b", line):
            tables.append({})
        cells = re.split(r"\s{2,}", line.strip())
        if tables and len(cells) > 1 and re.fullmatch(r"-?[\d.]+[i*fu†‡]*", cells[1]):
            tables[-1].setdefault(cells[0], cells[1:])
    return tables


def assert_same_release_once(pipeline):
    manifests = read_topic(pipeline.bootstrap, "kostra.release.v1")
    assert len(manifests) == 1
    release = json.loads(manifests[0][1])
    assert release["state"] == "RELEASE_STATE_COMMITTED"
    for topic in release["topics"]:
        rows = read_topic(pipeline.bootstrap, topic["topic"])
        assert len(rows) == int(topic["rows"])
        assert len({key for key, _ in rows}) == len(rows)
    return release


def test_the_published_tables_come_out_of_the_topics(pipelines):
    pipeline = pipelines().ready()
    pipeline.feed()
    totals, sectors = shown_tables(pipeline.show("--decimals", "4").stdout)[:2]

    for name, value in printed("4.1", "total", "index").items():
        assert float(totals[name][0].rstrip("u")) == pytest.approx(value, abs=TOLERANCE), name
    order = [
        "barnehage",
        "grunnskole",
        "kommunehelse",
        "pleie_omsorg",
        "sosial",
        "barnevern",
        "kultur",
    ]
    for column, sector in enumerate(order):
        for name, value in printed(f"3.{column + 1}", sector, "index").items():
            shown = float(sectors[name][column].rstrip("u"))
            assert shown == pytest.approx(value, abs=TOLERANCE), (name, sector)
    assert [name for name, cells in totals.items() if "u" in cells[0]] == ["Bærum"]
    assert [cell for cell in sectors["Bærum"] if "u" in cell] == [
        sectors["Bærum"][3],
        sectors["Bærum"][4],
    ]
    assert_same_release_once(pipeline)
    code, said = pipeline.stop()
    assert code == 0, said
    assert "nothing was left undelivered" in said


def test_no_printed_figure_differs_and_the_imputed_cells_are_the_same(pipelines):
    pipeline = pipelines().ready()
    pipeline.feed()
    text = pipeline.show("--compare", PUBLISHED).stdout
    largest = re.findall(r"^  (\w+) +(\d+) +(\d+\.\d+)", text, re.MULTILINE)
    assert sum(int(values) for _, values, _ in largest) == 570
    assert all(float(difference) <= TOLERANCE for _, _, difference in largest), text
    assert "imputed cells: 3 printed, 3 here, 3 the same" in text
    assert "not on the topics" not in text


def test_one_municipality_is_shown_with_its_indicators_in_norwegian(pipelines):
    pipeline = pipelines().ready()
    pipeline.feed()
    text = pipeline.show("--municipality", "0219", "--lang", "nb").stdout
    assert "Bærum" in text and "Oslo" not in text
    assert re.search(r"^ +\.\. +21\.6iu .*Timer dagsenter", text, re.MULTILINE), text
    assert pipeline.show("--municipality", "9999", check=False).returncode == 1


def test_the_same_file_again_publishes_nothing_new(pipelines):
    pipeline = pipelines().ready()
    pipeline.feed(name="first.csv")
    pipeline.show()
    release = assert_same_release_once(pipeline)["release"]
    pipeline.feed(name="again.csv")
    pipeline.await_log("ingest-0", rf"already-published .*{release}")
    assert assert_same_release_once(pipeline)["release"] == release
    assert (pipeline.state / "done" / "again.csv").exists()


def test_a_refused_file_is_told_with_its_first_fault_and_where_all_are(pipelines):
    pipeline = pipelines().ready()
    pipeline.feed(ROOT / "data" / "broken" / "negative_population.csv", "minus.csv")
    pipeline.lines.wait_for(r'^minus\.csv: minus\.csv:3: 0219 folkemengde "-111213": below 0')
    told = pipeline.lines.wait_for(r"^  all faults: (.*)$")
    with open(told[1], encoding="utf-8") as report:
        assert len(report.readlines()) == 1


@pytest.mark.parametrize("stage", STAGES)
def test_a_service_killed_with_a_panel_inside_is_started_again_and_the_release_appears(
    pipelines, stage
):
    """The service, or for ingest the publisher, stands still until the panel has reached it."""
    pipeline = pipelines().ready()
    before = STAGES[max(0, STAGES.index(stage) - 1)]
    held = "publish-0" if stage == "ingest" else f"{stage}-0"
    killed = pipeline.pids()[f"{stage}-0"]
    pipeline.send(held, signal.SIGSTOP)
    pipeline.feed()
    pipeline.await_counts(before, 1, 1)
    os.kill(killed, signal.SIGKILL)
    pipeline.lines.wait_for(rf"^{stage}-0 was killed by signal 9; started again$")
    if stage == "ingest":
        pipeline.send(held, signal.SIGCONT)
    pipeline.show()
    assert pipeline.pids()[f"{stage}-0"] != killed
    assert_same_release_once(pipeline)
    code, said = pipeline.stop()
    assert code == 0, said


def test_a_service_that_keeps_dying_is_started_again_after_a_growing_wait(pipelines):
    pipeline = pipelines().ready()
    waits = []
    while waits[-1:] != ["0.5"]:  # a life of more than ten seconds is none of a row
        assert len(waits) < 8, waits
        pipeline.send("need-0", signal.SIGKILL)
        told = pipeline.lines.wait_for(
            r"^need-0 was killed by signal 9(?:, \d times in a row; started again in (\S+) s)?"
        )
        waits.append(told[1])
        pipeline.lines.wait_for(r"^  need .* ready$")
    assert waits[-4:] == [None, None, "0.2", "0.5"]
    pipeline.feed()
    pipeline.show()


def test_stages_with_several_workers_publish_the_same(pipelines):
    pipeline = pipelines("--workers", "need=2", "normalize=3", "--workers", "efficiency=2").ready()
    assert sorted(pipeline.pids()) == [
        "aggregate-0",
        "devbroker",
        "efficiency-0",
        "efficiency-1",
        "ingest-0",
        "need-0",
        "need-1",
        "normalize-0",
        "normalize-1",
        "normalize-2",
        "publish-0",
    ]
    pipeline.feed()
    assert "3 the same" in pipeline.show("--compare", PUBLISHED).stdout


def test_it_stops_in_order_ingest_first_and_the_broker_last(pipelines):
    pipeline = pipelines().ready()
    pids = pipeline.pids()
    rank = {pids[f"{stage}-0"]: i for i, stage in enumerate(STAGES)} | {pids["devbroker"]: 6}
    pipeline.process.send_signal(signal.SIGTERM)
    order = await_ends(rank)
    assert [rank[pid] for ended in order for pid in sorted(ended, key=rank.get)] == list(range(7))
    code, said = pipeline.ended()
    assert code == 0, said


def test_a_second_signal_leaves_at_once(pipelines):
    pipeline = pipelines("--drain-timeout", "600").ready()
    pipeline.send("aggregate-0", signal.SIGSTOP)
    pids = list(pipeline.pids().values())
    pipeline.process.send_signal(signal.SIGINT)
    pipeline.lines.wait_for(r"^stopping$")
    pipeline.process.send_signal(signal.SIGINT)
    pipeline.lines.wait_for(r"^leaving at once$")
    await_ends(pids)
    assert pipeline.ended()[0] == 1


def test_no_process_outlives_a_killed_kf_up(pipelines):
    pipeline = pipelines().ready()
    pids = list(pipeline.pids().values())
    assert len(pids) == 7
    pipeline.process.kill()
    await_ends(pids)


def test_settings_a_service_cannot_work_with_stop_everything(pipelines, tmp_path):
    """One that is told to stop before it has begun to listen for that has not failed."""
    programs = programs_with(tmp_path / "bin", "kf-need", "exec sleep 600")
    pipeline = pipelines("--encoding", "xml", programs=programs)
    code, said = pipeline.ended()
    assert code == 2
    assert "need-0" not in said
    assert "publish-0 cannot work with its settings: everything stops" in said
    assert re.search(r"^    .*encoding.*xml", said, re.MULTILINE), said
    assert not pipeline.ready_file.exists()


def test_what_refuses_its_settings_when_all_stops_has_left_nothing_undelivered(
    pipelines, tmp_path
):
    """publish gives up once need listens, which says at its stop what it thinks of its own."""
    os.mkfifo(tmp_path / "listens")
    told = f"trap 'kill $!; exit 2' TERM; sleep 600 & : >{tmp_path}/listens; wait"
    programs = programs_with(tmp_path / "bin", "kf-need", told)
    (programs / "kf-publish").unlink()
    (programs / "kf-publish").write_text(f"#!/bin/sh\nread _ <{tmp_path}/listens\nexit 2\n")
    (programs / "kf-publish").chmod(0o755)
    code, said = pipelines(programs=programs).ended()
    assert code == 2
    assert "need-0 exited with 2: it cannot work with its settings either" in said
    assert "undelivered" not in said


@pytest.mark.parametrize(
    ("process", "options"),
    [("devbroker", []), ("publish-0", ["--bootstrap-servers", "127.0.0.1:1"])],
)
def test_a_topic_prefix_that_kafka_does_not_take_is_told_in_the_services_words(
    pipelines, process, options
):
    """The development broker makes the topics and comes first."""
    pipeline = pipelines("--topic-prefix", "bad prefix!", *options, broker=not options)
    code, said = pipeline.ended()
    assert code == 2, said
    assert f"{process} cannot work with its settings: everything stops" in said
    assert re.search(r"^    .*bad prefix!", said, re.MULTILINE), said


def test_an_edition_with_a_fault_is_told_in_the_services_words(pipelines, tmp_path):
    folder = tmp_path / "editions"
    shutil.copytree(ROOT / "editions", folder)
    broken = ROOT / "data" / "broken" / "editions" / "weights_do_not_close.yaml"
    shutil.copy(broken, folder)
    code, said = pipelines(editions=folder).ended()
    assert code == 2, said
    assert "ingest-0 cannot work with its settings: everything stops" in said
    assert re.search(r"^    .*weights_do_not_close\.yaml line=20 .*0\.97", said, re.MULTILINE), said


def test_a_stale_ready_file_is_removed_at_the_start_and_ones_own_at_the_end(pipelines, tmp_path):
    stale = tmp_path / "stale"
    stale.write_text("bootstrap=nowhere:1\n", encoding="utf-8")
    refused = subprocess.run(
        [binaries() / "kf", "up", "--ready-file", stale, "--editions", "/nowhere"],
        cwd=tmp_path,
        capture_output=True,
        timeout=DEADLINE_S,
        check=False,
        env=environment(),
    )
    assert refused.returncode == 2
    assert not stale.exists()

    pipeline = pipelines().ready()
    assert pipeline.ready_file.exists()
    assert pipeline.stop()[0] == 0
    assert not pipeline.ready_file.exists()


@pytest.mark.parametrize(
    "options",
    [
        ["--workers", "need=0"],
        ["--workers", "publish=2"],
        ["--editions", "/nowhere"],
        ["--drain-timeout", "soon"],
    ],
)
def test_settings_kf_up_itself_cannot_work_with_start_nothing(tmp_path, options):
    command = [binaries() / "kf", "up", "--state-dir", tmp_path / "state", *options]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=DEADLINE_S, check=False, env=environment()
    )
    assert done.returncode == 2
    assert done.stderr.startswith("kf up: ")
    assert done.stdout == ""


def test_without_kafka_it_waits_says_so_and_goes_on_when_kafka_comes(pipelines, tmp_path):
    port_file = tmp_path / "port"
    command = [binaries() / "kf-devbroker", "--port-file", port_file]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment()) as broker:
        address = broker.stdout.readline().strip()
        broker.terminate()
    pipeline = pipelines("--bootstrap-servers", address, broker=False)
    pipeline.lines.wait_for(r"^  publish .* waiting: ")
    port = address.rsplit(":", 1)[1]
    with subprocess.Popen(
        [binaries() / "kf-devbroker", "--port", port], stdout=subprocess.DEVNULL, env=environment()
    ) as broker:
        pipeline.ready()
        pipeline.feed()
        pipeline.show()
        assert pipeline.stop()[0] == 0
        broker.terminate()


def test_what_could_not_be_delivered_is_told_and_delivered_at_the_next_start(pipelines):
    pipeline = pipelines("--drain-timeout", "0").ready()
    pipeline.send("publish-0", signal.SIGSTOP)
    pipeline.feed()
    pipeline.await_counts("ingest", 1, 1)
    pipeline.process.send_signal(signal.SIGTERM)
    pipeline.lines.wait_for(r"^stopping; 1 panel is on the way")
    pipeline.lines.wait_for(r"^publish-0 did not stop in time: killed$")
    pipeline.lines.wait_for(r"^1 release waits in the ledger; it goes on at the next start$")
    code, said = pipeline.ended()
    assert code == 1, said

    again = pipelines(state=pipeline.state)
    again.ready()
    again.show()
    assert_same_release_once(again)


def test_releases_that_wait_in_the_ledger_are_told_and_are_no_failure(pipelines, tmp_path):
    """Without Kafka the first release stays open, and the second waits behind it."""
    with subprocess.Popen(
        [binaries() / "kf-devbroker"], stdout=subprocess.PIPE, text=True, env=environment()
    ) as broker:
        address = broker.stdout.readline().strip()
        broker.terminate()
    pipeline = pipelines("--bootstrap-servers", address, "--drain-timeout", "10", broker=False)
    pipeline.lines.wait_for(r"^  publish .* waiting: ")
    inbox = pipeline.state / "inbox"
    broken = ROOT / "data" / "broken"
    for name in ("empty.csv", "wrong_year.csv"):
        shutil.copy(broken / name, tmp_path / name)
        os.rename(tmp_path / name, inbox / name)
        pipeline.await_log("ingest-0", rf'input-refused .*input="{name}"')
    code, said = pipeline.stop()
    assert code == 0, said
    assert said.splitlines()[-1] == (
        "stopped; 2 releases wait in the ledger; they go on at the next start"
    )


def test_the_figures_of_the_demonstration_are_sound_and_of_all_municipalities(tmp_path):
    subprocess.run([ROOT / "tools" / "demo" / "figures", tmp_path / "figures"], check=True)
    files = sorted((tmp_path / "figures" / "inputs").glob("*/*.csv"))
    assert sorted({path.parent.name for path in files}) == ["care", "country", "state", "ten"]
    done = subprocess.run(
        [binaries() / "kf", "check", "--editions", tmp_path / "figures" / "editions", *files],
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
        env=environment(),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    population = (tmp_path / "figures" / "inputs" / "country" / "population.csv").read_text()
    for year in ("2020", "2025", "2026"):
        codes = {row.split(",")[0] for row in population.splitlines() if f",{year}," in row[:10]}
        assert len(codes - {"EAK"}) >= 350, year


def test_resource_use_has_one_edition_in_the_demonstration(tmp_path):
    figures = tmp_path / "figures"
    subprocess.run([ROOT / "tools" / "demo" / "figures", figures], check=True)
    country = sorted((figures / "inputs" / "country").glob("*.csv"))
    command = [binaries() / "kf", "compute", "--editions", figures / "editions"]
    command += ["--input", *country]
    spent = {}
    for edition, years in (
        ("demography-2026", ("2020", "2023", "2026")),
        ("resource-use-lorenskog", ("2024",)),
    ):
        rows = [
            subprocess.run(
                [*command, "--edition", edition, "--year", year],
                capture_output=True,
                text=True,
                timeout=DEADLINE_S,
                check=True,
                env=environment(),
            ).stdout
            for year in years
        ]
        assert all(f",{edition},{year}," in said for said, year in zip(rows, years))
        spent[edition] = "\nresource-use," in "".join(rows)
    assert spent == {"demography-2026": False, "resource-use-lorenskog": True}


def assert_tells_where_to_look(said):
    """The addresses and the commands at the end of the demonstration."""
    skien = (
        r"municipality/4003\?edition=need-2026&year=2026"
        r"&use=demography:demography-2026-mmmm/2028"
    )
    for page in ("", "operations", skien):
        assert re.search(rf"http://127\.0\.0\.1:\d+/{page}\s", said), page
    assert re.search(r"kf report --municipality 1103 --output stavanger\.html", said)
    assert re.search(r"kill -9 \d+$", said, re.MULTILINE)


def test_the_demonstration_shows_the_tables_and_the_boards_address_and_stops(tmp_path):
    command = [ROOT / "tools" / "demo" / "show", binaries()]
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=3 * DEADLINE_S,
        check=False,
        env=environment() | {"KF_DEMO_DIR": str(tmp_path)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\033" not in done.stdout
    for stage in STAGES:
        assert re.search(rf"^  {stage} .* 1 in +1 out", done.stdout, re.MULTILINE)
    assert re.search(r"^  Tromsø +107\.4", done.stdout, re.MULTILINE)
    assert re.search(
        r"^  kcat -C -b 127\.0\.0\.1:\d+ -X isolation\.level=read_committed "
        r"-t kostra\.index\.v1 -e -q$",
        done.stdout,
        re.MULTILINE,
    )
    assert_tells_where_to_look(done.stdout)
    assert "stopped; nothing was left undelivered" in done.stdout


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, command, settings):
        self.said = ""
        self._screen, theirs = pty.openpty()
        self.process = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=settings, process_group=0
        )
        os.close(theirs)

    def type(self, keys):
        os.write(self._screen, keys)

    def read_until(self, text):
        """Waits until it has said so; "": until its end."""
        end = time.monotonic() + 3 * DEADLINE_S
        while not text or text not in self.said:
            ready, _, _ = select.select([self._screen], [], [], max(0, end - time.monotonic()))
            assert ready, self.said
            try:
                self.said += os.read(self._screen, 65536).decode(errors="replace")
            except OSError:  # nobody has the other end any more
                assert not text, self.said
                return

    def close(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(DEADLINE_S)
        os.close(self._screen)


def test_on_a_terminal_the_demonstration_stays_up_until_somebody_has_looked(tmp_path):
    settings = environment() | {"KF_DEMO_DIR": str(tmp_path), "TERM": "dumb"}
    terminal = Terminal([ROOT / "tools" / "demo" / "show", binaries()], settings)
    try:
        terminal.read_until("Enter or Ctrl-C stops everything")
        page = re.search(r"http://127\.0\.0\.1:\d+/", terminal.said)[0]
        with urllib.request.urlopen(f"{page}api/catalogue", timeout=DEADLINE_S) as answer:
            catalogue = json.load(answer)
        assert len(catalogue["municipalities"]) >= 357
        assert len(catalogue["editions"]) == 7
        terminal.type(b"\n")
        terminal.read_until("stopped; nothing was left undelivered")
        terminal.read_until("")
        assert terminal.process.wait(DEADLINE_S) == 0
    finally:
        terminal.close()


def test_the_demonstration_fails_with_the_logs_when_a_service_does(tmp_path):
    programs = programs_with(tmp_path / "bin", "kf-need", "echo no such luck >&2\nexit 2")
    command = [ROOT / "tools" / "demo" / "show", programs]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=2 * DEADLINE_S,
        check=False,
        env=environment() | {"KF_DEMO_DIR": str(tmp_path)},
    )
    assert done.returncode == 1
    assert "need-0 cannot work with its settings" in done.stdout
    assert "no such luck" in done.stdout
    assert "the services were not ready" in done.stderr
