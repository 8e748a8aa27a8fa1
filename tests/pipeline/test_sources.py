"""`kf sources`: maps of tables, and whether tables still fit them."""

import json
import re
import shutil
import socket

from conftest import ROOT
from programs import kf

ANSWER = ROOT / "data" / "api" / "ssb_v2_12134_data_3kommuner_2024.json"


def changed(tmp_path, **changes):
    """The recorded answer of 12134 with texts replaced."""
    text = ANSWER.read_text("utf-8")
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after)
    path = tmp_path / "12134.json"
    path.write_text(text, "utf-8")
    return path


def test_maps_are_listed_with_what_they_feed():
    done = kf("sources")
    assert done.returncode == 0
    rows = {line.split()[0]: line for line in done.stdout.splitlines()}
    assert "resource-use-national" in rows["12362"] and "need-2026-ages" in rows["07459"]
    assert rows["12134"].split()[1:4] == ["kostra", "1", "1"]


def test_one_is_shown_with_codes_units_and_where_they_are_from():
    shown = kf("sources", "show", "07459").stdout
    assert "alder_0 … alder_105: Alder=000 … 105+ ContentsCode=Personer1, in personer" in shown
    assert "of year -1; not seen:" in shown
    assert kf("sources", "show", "00000").returncode == 2


def test_a_recorded_answer_fits_its_map():
    done = kf("sources", "check", str(ANSWER))
    assert done.returncode == 0 and "12134: fits its map, 1 figures" in done.stdout


def test_a_renamed_code_and_another_unit_are_drift(tmp_path):
    done = kf("sources", "check", str(changed(tmp_path, KOSAG110000="KOSAG110001")))
    assert done.returncode == 1
    assert "12134.yaml:" in done.stderr and "frie_inntekter_per_innbygger" in done.stderr
    assert "is it KOSAG110001" in done.stderr
    document = json.loads(ANSWER.read_text("utf-8"))
    contents = document["dimension"]["ContentsCode"]["category"]
    contents["unit"]["KOSAG110000"]["base"] = "1000 kr"
    path = tmp_path / "unit.json"
    path.write_text(json.dumps(document), "utf-8")
    done = kf("sources", "check", str(path))
    assert done.returncode == 1 and "is in 1000 kr, and the map says kr" in done.stderr


def test_what_cannot_be_read_or_has_no_map_fails(tmp_path):
    assert kf("sources", "check", str(tmp_path / "none.json")).returncode == 1
    broken = tmp_path / "broken.json"
    broken.write_text("{", "utf-8")
    assert kf("sources", "check", str(broken)).returncode == 1
    assert "no map" in kf("sources", "check",
                          str(ROOT / "data/api/ssb_v0_13861_data_jsonstat2.json")).stderr


def test_a_check_against_nothing_says_so(tmp_path):
    assert "no table was asked for" in kf("sources", "check").stdout
    assert "no table was asked for" not in kf("sources", "check", str(ANSWER)).stdout


def test_an_api_that_is_away_is_told_at_once_and_not_asked_for_every_table():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        done = kf("sources", "check", "--ssb", url)
    assert done.returncode == 1
    assert "7 more tables are not asked for" in done.stderr
    assert len(re.findall(r"^07459: ", done.stderr, re.M)) == 2 and "12134: " not in done.stderr


def test_usage_is_told():
    assert kf("sources", "chekc").returncode == 2
    assert "--ssb on" in kf("sources", "check", "12362").stderr
    assert kf("sources", "check", "--rate", "0").returncode == 2
    assert kf("sources", "check", "--klass", "on", "--day", "today").returncode == 2
    assert "docs/SOURCES.md" in kf("sources", "--help").stdout


def test_kf_check_reads_the_maps_and_a_missing_file_of_an_edition_is_told(tmp_path):
    folder = tmp_path / "editions"
    shutil.copytree(ROOT / "editions", folder)
    done = kf("check", "--editions", str(folder))
    assert done.returncode == 0 and "maps of tables: 8, sound" in done.stdout
    done = kf("sources", "check", "--editions", str(folder))
    assert done.returncode == 1 and "need-indices.csv cannot be read" in done.stderr
    path = folder / "sources" / "12134.yaml"
    path.write_text(path.read_text("utf-8").replace("unit: kr,", "unit: prosent,"), "utf-8")
    done = kf("check", "--editions", str(folder))
    assert done.returncode == 2 and "12134.yaml:18" in done.stderr
