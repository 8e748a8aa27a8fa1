"""Whatever is wrong is told with file, line, cell and remedy, and with exit code 2."""

import re
import shutil
import subprocess

import pytest
from conftest import DATA, ROOT
from programs import kf, peak_mb, program

BROKEN = ROOT / "data" / "broken"

# file: where the fault is and what of it must be told
FILES = {
    "missing_column.csv": [":1:", "value", "municipality,year,variable,value,status"],
    "duplicate_cell.csv": [":8:", "0219", "korr_oppholdstimer", "line 6"],
    "unknown_municipality.csv": [":5:", "0199", ":6:", "leading zeros"],
    "unknown_variable.csv": [":7:", "korr_oppholdstime", "did you mean korr_oppholdstimer"],
    "negative_population.csv": [":3:", "0219", "folkemengde", "-111213"],
    "not_a_number.csv": [":5:", "NaN", ":6:", "inf", ":7:", "1,5", ":8:", "12abc"],
    "unknown_status.csv": [":6:", "?"],
    "wrong_year.csv": [":7:", "20100"],
    "empty.csv": [":1:", "no rows"],
    "not_utf8.csv": [":5:", "UTF-8"],
    "ragged_row.csv": [":6:", "4 fields", ":7:", "6 fields"],
}

EDITIONS = {
    "weights_do_not_close.yaml": [":20:", "0.97", "0.03"],
    "unknown_variable.yaml": [":20:", "korr_oppholdstime", "did you mean korr_oppholdstimer"],
    "unknown_key.yaml": [":17:", "wieght", "did you mean weight"],
    "bad_yaml.yaml": [":14:"],
    "duplicate_indicator.yaml": [":22:", "korr_oppholdstimer"],
    "outdated_member.yaml": ["0219", "until 2019, not in 2020; since then 3024 Bærum"],
    "wrong_type.yaml": [":8:", "hundred", ":20:", "four fifths"],
}


def expect(answer, path, told):
    assert answer.returncode == 2, answer.stderr
    assert str(path) in answer.stderr
    for text in told:
        assert text in answer.stderr


@pytest.mark.parametrize("name", FILES)
def test_a_broken_file_is_told_by_check_and_compute_alike(name):
    path = BROKEN / name
    expect(kf("check", path), path, FILES[name])
    answer = kf("compute", "--edition", "asss-2010", "--year", "2010", "--input", path)
    expect(answer, path, FILES[name])
    assert answer.stdout == ""


def test_codes_of_another_year_are_told_to_an_edition_of_all_municipalities(tmp_path):
    folder = tmp_path / "editions"
    shutil.copytree(ROOT / "editions", folder)
    edition = folder / "asss-2010.yaml"
    listed = re.compile(r"  municipalities:\n(    - .*\n)+")
    text = listed.sub("  municipalities: all\n", edition.read_text(encoding="utf-8"))
    edition.write_text(text, encoding="utf-8")
    merged = BROKEN / "merged_municipality.csv"
    figures = tmp_path / "figures.csv"
    rows = DATA.read_text(encoding="utf-8").splitlines()
    codes = [row.split(",")[0] for row in merged.read_text(encoding="utf-8").splitlines()[1:]]
    figures.write_text(
        "\n".join(row for row in rows if ",folkemengde," not in row or row[:4] not in codes),
        encoding="utf-8",
    )
    answer = kf(
        *("compute", "--edition", "asss-2010", "--year", "2010", "--editions", folder),
        *("--input", figures, merged),
    )
    expect(answer, merged, ["since then 0106 Fredrikstad", "4204", "since 2020, not in 2010"])


@pytest.mark.parametrize("name", EDITIONS)
def test_a_broken_edition_is_told_by_check(name):
    path = BROKEN / "editions" / name
    expect(kf("check", path), path, EDITIONS[name])


@pytest.fixture
def broken_editions(tmp_path):
    folder = tmp_path / "editions"
    subprocess.run(["cp", "-r", ROOT / "editions", folder], check=True)
    for name in EDITIONS:
        subprocess.run(["cp", BROKEN / "editions" / name, folder], check=True)
    return folder


def test_all_faults_of_all_editions_are_told_at_once(broken_editions):
    for answer in (
        kf("check", "--editions", broken_editions),
        subprocess.run(
            [program("kf-ingest"), "--check-config", "--editions", broken_editions],
            capture_output=True,
            text=True,
            check=False,
        ),
    ):
        assert answer.returncode == 2
        for name, told in EDITIONS.items():
            assert name in answer.stderr
            for text in told:
                assert text in answer.stderr


def test_a_line_of_100_mb_is_refused_in_little_memory(tmp_path):
    path = tmp_path / "long.csv"
    with open(path, "wb") as file:
        file.write(b"municipality,year,variable,value,status\n")
        for _ in range(100):
            file.write(b"0" * 1_000_000)

    answer = kf("check", path)
    assert answer.returncode == 2
    assert f"{path}:2:" in answer.stderr
    assert "524288" in answer.stderr
    small = tmp_path / "small.csv"
    small.write_text("municipality,year,variable,value,status\n", encoding="utf-8")
    peak, code = peak_mb("check", path)
    usual, _ = peak_mb("check", small)
    assert code == 2 and peak < usual + 10


def test_a_file_given_twice_is_one_error(tmp_path):
    other = tmp_path / "same.csv"
    other.symlink_to(DATA)
    for command in (
        ["check", DATA, other],
        ["compute", "--edition", "asss-2010", "--year", "2010", "--input", DATA, other],
    ):
        answer = kf(*command)
        assert answer.returncode == 2
        assert "same.csv: is given twice" in answer.stderr
        assert len(answer.stderr.splitlines()) == 1


def test_an_edition_outside_the_folder_may_build_on_one_inside(tmp_path):
    path = tmp_path / "min.yaml"
    path.write_text("id: min\nextends: ks-2019\n", encoding="utf-8")
    answer = kf("check", path, "--editions", ROOT / "editions")
    assert answer.returncode == 0 and "edition min, sound" in answer.stdout
    path.write_text("id: min\nextends: ks-2018\n", encoding="utf-8")
    answer = kf("check", path, "--editions", ROOT / "editions")
    expect(answer, f"{path}:2", [f"{tmp_path}/", f"{ROOT / 'editions'}", "did you mean ks-2019"])


def test_two_words_for_one_option_are_a_usage_error():
    for arguments in (
        ["compute"],
        ["compute", "--edtion", "x"],
        ["nonsense"],
        ["check", "--editions"],
    ):
        answer = kf(*arguments)
        assert answer.returncode == 2
        assert answer.stderr


def test_an_empty_value_is_told_before_anything_starts():
    """What a shell makes of "$BROKERS" when nobody has set it."""
    for arguments in (["up", "--bootstrap-servers", ""], ["show", "--bootstrap-servers="]):
        answer = kf(*arguments)
        assert answer.returncode == 2
        assert "--bootstrap-servers: the value is empty; give HOST:PORT" in answer.stderr
    assert "--editions: the value is empty" in kf("check", "--editions", "").stderr


def test_a_state_folder_that_is_another_is_told_with_the_option_that_names_it(tmp_path):
    answer = kf("releases", "--state-dir", tmp_path)
    assert answer.returncode == 2
    assert "ledger.db: no ledger there; name ingest's folder with --state-dir" in answer.stderr
    answer = kf("releases", "vintages", "--state-dir", tmp_path)
    assert answer.returncode == 2
    assert "when it watches tables (--ssb on)" in answer.stderr


def test_an_input_that_is_not_there_is_the_users_a_full_disk_the_machines():
    edition = ("--edition", "asss-2010", "--year", "2010")
    answer = kf("compute", *edition, "--input", "nowhere.csv")
    assert answer.returncode == 2
    assert "--input nowhere.csv" in answer.stderr
    command = [program("kf"), "compute", *edition, "--input", DATA]
    with open("/dev/full", "w", encoding="utf-8") as full:
        answer = subprocess.run(
            command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert answer.returncode == 1
    assert "standard output" in answer.stderr


def test_an_edition_that_is_not_there_is_suggested():
    answer = kf(
        "compute", "--edition", "asss-2011", "--year", "2010", "--input", BROKEN / "empty.csv"
    )
    assert answer.returncode == 2
    assert "did you mean asss-2010" in answer.stderr


def test_a_folder_given_as_input_is_named_with_what_to_give_instead():
    answer = kf("compute", "--edition", "asss-2010", "--year", "2010", "--input", DATA.parent)
    assert answer.returncode == 2
    assert f"--input {DATA.parent}: is a folder; give the files in it" in answer.stderr


def test_a_file_that_is_not_there_is_named_once():
    answer = kf("check", ROOT / "no-such-file.csv")
    assert answer.returncode == 2
    assert answer.stderr.count("no-such-file.csv") == 1
    assert "cannot be opened" in answer.stderr


def test_a_name_among_columns_of_variables_is_to_be_taken_away(tmp_path):
    path = tmp_path / "export.csv"
    path.write_bytes("kommune;\u00e5r;navn;folkemengde\r\n0301;2023;Oslo;709 037\r\n"
                     .encode("cp1252"))
    told = kf("check", str(path)).stderr
    assert "column name cannot stand among columns of variables; take the column away" in told
