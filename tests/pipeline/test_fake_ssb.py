"""kf-fake-ssb as a client sees it: answers like the recorded ones, and every way to misbehave."""

import gzip
import http.client
import json
import signal
import socket
import zlib

import pytest
from conftest import ROOT
from fake_ssb import API, KLASS, FakeSsb

RECORDED = ROOT / "data" / "api"
ANSWER = RECORDED / "ssb_v2_12134_data_3kommuner_2024.json"
WHOLE = {"KOKkommuneregion0000": ["*"], "ContentsCode": ["*"], "Tid": ["*"]}
DAY = "2026-03-16T03:00:00Z,1"
URN = "urn:ssb:classification:klass:231"

# The table of the recorded answer, told anew; and one with a dimension that may be left out.
LIKE_12134 = {
    "id": "12135",
    "label": "12135: Utvalgte nøkkeltall, etter region og år",
    "subject": {"code": "os", "label": "Offentlig sektor"},
    "updated": "2026-03-16T07:00:00Z",
    "notes": ["Ett", "To"],
    "dimensions": [
        {
            "id": "KOKkommuneregion0000",
            "label": "region",
            "role": "geo",
            "describedby": URN,
            "codes": [{"code": "0301"}, {"code": "4601"}, {"code": "5001"}],
        },
        {
            "id": "ContentsCode",
            "role": "metric",
            "codes": [{"code": "KOSAG110000", "unit": "kr", "describedby": "urn:x"}],
        },
        {"id": "Tid", "label": "år", "role": "time", "codes": [{"years": [2023, 2025]}]},
    ],
    "generated": {"seed": 7, "low": 100, "high": 1000},
}
CONTENTS = {"code": "Personer1", "unit": "personer"}
WITH_SEX = {
    "id": "07459",
    "label": "07459: Befolkning",
    "updated": "2026-02-24T07:00:00Z",
    "dimensions": [
        {"id": "Region", "role": "geo", "codes": [{"code": "0301"}, {"code": "1101"}]},
        {"id": "Kjonn", "elimination": "total", "codes": [{"code": "1"}, {"code": "2"}]},
        {"id": "Alder", "elimination": "sum", "codes": [{"ages": [0, 105]}]},
        {"id": "ContentsCode", "role": "metric", "codes": [CONTENTS]},
        {"id": "Tid", "role": "time", "codes": [{"years": [2025, 2026]}]},
    ],
    "figures": [
        {
            "file": str(ROOT / "data" / "population" / "population.csv"),
            "region": "Region",
            "time": "Tid",
            "variables": [{"each": "alder_", "dimension": "Alder"}],
        }
    ],
}


def scenario(**more):
    tables = [{"recorded": str(ANSWER)}, LIKE_12134, WITH_SEX]
    return {"rate": {"limit": 0}, "tables": tables, **more}


@pytest.fixture
def servers(tmp_path):
    """Starts servers; each must end cleanly on SIGTERM, with nothing to complain of."""
    started = []

    def start(described=None, day=DAY):
        folder = tmp_path / str(len(started))
        started.append(FakeSsb(folder, described or scenario(), day=day))
        return started[-1]

    yield start
    ends = [server.stop() for server in started]
    assert ends == [(0, "")] * len(started)


@pytest.fixture
def server(servers):
    return servers()


def recorded_refusals():
    text = (RECORDED / "ssb_v2_feilsvar.json").read_text(encoding="utf-8")
    return {item["case"]: item for item in json.loads(text)}


def shape(value, key=""):
    """Keys in their order and kinds; codes of categories and lengths of lists do not count."""
    if isinstance(value, dict):
        if key in {"index", "label", "unit", "dimension"} or not value:
            return sorted({json.dumps(shape(v)) for v in value.values()})
        by_code = {"refperiod", "measuringType", "priceType", "adjustment", "alternativeText"}
        if key in by_code | {"noteMandatory", "describedby"}:
            return sorted({type(v).__name__ for v in value.values()})
        return {k: shape(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return sorted({json.dumps(shape(v, key)) for v in value})
    return "number" if isinstance(value, (int, float)) else type(value).__name__


# --- answers like the recorded ones ------------------------------------------------------------


def test_a_recorded_answer_comes_back_byte_for_byte(server):
    assert server.data("12134", WHOLE).body == ANSWER.read_bytes()


def test_answers_have_the_keys_of_the_recorded_one_in_their_order(server):
    told = server.data("12135", {**WHOLE, "Tid": ["2024"]}).json
    recorded = json.loads(ANSWER.read_text(encoding="utf-8"))
    assert list(told) == list(recorded)
    for name in ("role", "id", "size"):
        assert told[name] == recorded[name]
    for name, dimension in recorded["dimension"].items():
        if name != "Tid" and name != "KOKkommuneregion0000":
            dimension["link"]["describedby"][0]["extension"] = {"x": ""}
            told["dimension"][name]["link"]["describedby"][0]["extension"] = {"x": ""}
        assert list(told["dimension"][name]) == list(dimension), name
        assert shape(told["dimension"][name]) == shape(dimension), name
    assert shape(told["extension"]) == shape(recorded["extension"])
    assert list(told["extension"]["px"]) == list(recorded["extension"]["px"])
    assert len(told["value"]) == 3


def test_metadata_is_the_answer_without_figures_and_with_all_codes(server):
    told = server.api("/tables/12135/metadata").json
    assert "value" not in told and "status" not in told
    assert told["size"] == [3, 1, 3]
    assert list(told["dimension"]["Tid"]["category"]["index"]) == ["2023", "2024", "2025"]


def test_config_is_the_recorded_one(server):
    text = (RECORDED / "ssb_v2_config_2026-08-30.json").read_text(encoding="utf-8")
    assert server.api("/config").json == json.loads(text)


REFUSED = {
    "ugyldig kommune-kode": {**WHOLE, "KOKkommuneregion0000": ["9876"]},
    "manglende mandatory": {"Tid": ["2024"]},
    "ugyldig ContentsCode": {**WHOLE, "ContentsCode": ["KOSNEI"]},
    "ukjent variabel": {**WHOLE, "Fylke": ["03"]},
    "komma-uttrykk uten hakeparenteser": {**WHOLE, "Tid": ["range(2023)"]},
    "gjentatt verdikode (0301,0301)": {**WHOLE, "KOKkommuneregion0000": ["0301", "0301"]},
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_question_is_refused_as_recorded(server, case):
    recorded = recorded_refusals()[case]
    answer = server.data("12135", REFUSED[case])
    assert (answer.status, answer.text) == (recorded["http_status"], recorded["body"])
    address = "&".join(f"valueCodes[{d}]={','.join(codes)}" for d, codes in REFUSED[case].items())
    answer = server.api(f"/tables/12135/data?{address}")
    assert (answer.status, answer.text) == (recorded["http_status"], recorded["body"])


@pytest.mark.parametrize("end", ["", "/metadata", "/data"])
def test_an_unknown_table_is_refused_as_recorded(server, end):
    recorded = recorded_refusals()["ugyldig tabell-ID"]
    answer = server.api(f"/tables/99999{end}")
    assert (answer.status, answer.text) == (recorded["http_status"], recorded["body"])


def big_table(regions):
    return {
        "id": "99998",
        "label": "99998: Tegnet",
        "updated": "2026-03-01T07:00:00Z",
        "dimensions": [
            {"id": "R", "role": "geo", "codes": [{"numbers": [1, regions], "prefix": "R"}]},
            {"id": "F", "codes": [{"numbers": [1, 400], "prefix": "F"}]},
            {"id": "C", "role": "metric", "codes": [{"code": "K", "unit": "kr"}]},
            {"id": "Tid", "role": "time", "codes": [{"years": [2001, 2010]}]},
        ],
        "generated": {"seed": 1},
    }


def test_800_000_cells_are_answered_and_one_more_is_not(servers):
    server = servers(scenario(tables=[big_table(201)]))
    most = {"R": ["bottom(200)"], "F": ["*"], "C": ["*"], "Tid": ["*"]}
    assert len(server.data("99998", most).json["value"]) == 800_000
    answer = server.data("99998", {**most, "R": ["*"]})
    recorded = recorded_refusals()["for mange celler"]
    assert (answer.status, answer.text) == (recorded["http_status"], recorded["body"])


def test_a_long_address_is_answered_with_a_page_of_html(server):
    recorded = recorded_refusals()["GET-URL på 4365 tegn (for lang)"]
    answer = server.api("/tables/12135/data?x=" + "1" * 4300)
    assert answer.status == recorded["http_status"]
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text[:100] == recorded["body_start"][:100]


def test_klass_tells_the_codes_of_a_day_like_the_recorded_ones(server):
    text = (RECORDED / "klass131_codesAt_2026-01-01.json").read_text(encoding="utf-8")
    recorded = json.loads(text)["codes"]
    told = server.ask(f"{KLASS}/codesAt?date=2026-01-01").json["codes"]
    assert len(told) == 358  # 357 and 9999, not given
    assert list(told[0]) == list(recorded[0])
    by_code = {item["code"]: item["name"] for item in told}
    for item in recorded:  # the register has one name a code, KLASS all official ones
        assert item["name"].split(" - ")[0] == by_code[item["code"]].split(" - ")[0]
    assert server.ask(f"{KLASS}/codesAt?date=soon").status == 400


def test_klass_tells_what_became_of_municipalities(server):
    told = server.ask(f"{KLASS}/changes?from=2024-01-01&to=2024-01-02").json["codeChanges"]
    parts = sorted(item["newCode"] for item in told if item["oldCode"] == "1507")
    assert parts == ["1508", "1580"]
    assert {item["changeOccurred"] for item in told} == {"2024-01-01"}
    assert list(told[0]) == [
        "oldCode", "oldName", "oldShortName", "newCode", "newName", "newShortName",
        "changeOccurred",
    ]  # fmt: skip
    none = server.ask(f"{KLASS}/changes?from=2025-01-01&to=2026-01-01").json
    assert none == {"codeChanges": []}


# --- figures ----------------------------------------------------------------------------------


def test_figures_of_our_files_lie_where_the_map_says(server):
    chosen = {
        "Region": ["0301"], "Alder": ["000", "105+"], "ContentsCode": ["Personer1"],
        "Tid": ["2025"],
    }  # fmt: skip
    lines = (ROOT / "data" / "population" / "population.csv").read_text().splitlines()
    head = lines[0].split(",")
    row = next(line.split(",") for line in lines if line.startswith("0301,2025,"))
    told = server.data("07459", chosen).json
    expected = [int(row[head.index("alder_0")]), int(row[head.index("alder_105")])]
    assert told["value"] == expected
    assert "Kjonn" not in told["id"]
    summed = server.data("07459", {k: v for k, v in chosen.items() if k != "Alder"}).json
    assert summed["value"] == [int(row[head.index("folkemengde")])]


def test_what_was_never_given_is_missing_with_its_symbol(server):
    chosen = {"Region": ["0301"], "Kjonn": ["1", "2"], "ContentsCode": ["*"], "Tid": ["2026"]}
    told = server.data("07459", chosen).json
    assert told["value"] == [None, None]
    assert told["status"] == {"0": "..", "1": ".."}


def test_get_and_post_give_the_same_figures(server):
    address = "valueCodes[KOKkommuneregion0000]=*&valueCodes[ContentsCode]=*&valueCodes[Tid]=top(2)"
    by_address = server.api(f"/tables/12135/data?{address}").json
    by_body = server.data("12135", {**WHOLE, "Tid": ["2024", "2025"]}).json
    assert by_address == by_body
    assert by_body["size"] == [3, 1, 2]


def test_answers_are_compressed_when_the_client_takes_it(server):
    plain = server.data("12134", WHOLE)
    small = server.data("12134", WHOLE, headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert small.headers["content-encoding"] == "gzip"
    assert gzip.decompress(small.body) == plain.body


def test_an_etag_is_given_on_demand_and_holds_until_something_changes(server):
    assert "etag" not in server.api("/tables/12135").headers
    server.command(etag=True)
    etag = server.api("/tables/12135").headers["etag"]
    again = server.api("/tables/12135", headers={"If-None-Match": etag})
    assert (again.status, again.body) == (304, b"")
    server.change("12135", "touch")
    assert server.api("/tables/12135", headers={"If-None-Match": etag}).status == 200


# --- the list ---------------------------------------------------------------------------------


def ids(answer):
    return [table["id"] for table in answer.json["tables"]]


def test_tables_are_found_by_the_days_of_their_update_both_included(server):
    found = ids(server.api("/tables?query=updated:[20260315%20TO%2020260316]"))
    assert found == ["12134", "12135"]
    assert ids(server.api("/tables?query=updated:[20260317+TO+20260318]")) == []
    assert ids(server.api("/tables/?query=updated:20260224*")) == ["07459"]
    assert server.api("/tables?query=updated:[x").status == 400


def test_the_list_comes_in_pages(server):
    first = server.api("/tables?pageSize=2").json
    assert [table["id"] for table in first["tables"]] == ["12134", "12135"]
    page = first["page"]
    assert (page["pageNumber"], page["pageSize"]) == (1, 2)
    assert (page["totalElements"], page["totalPages"]) == (3, 2)
    follow = page["links"][0]
    assert follow["rel"] == "next"
    assert ids(server.ask(follow["href"].removeprefix(server.address))) == ["07459"]


def test_an_entry_of_the_list_and_the_table_alone_agree(server):
    listed = server.api("/tables").json["tables"][1]
    alone = server.api("/tables/12135").json
    assert {k: v for k, v in alone.items() if k != "language"} == listed
    assert (listed["firstPeriod"], listed["lastPeriod"]) == ("2023", "2025")


# --- the day ----------------------------------------------------------------------------------


def story():
    newest = {"Tid": "2025"}
    return [
        {"at": "2026-03-15T22:00:00Z", "table": "12135", "change": "hide", "where": newest},
        {"at": "2026-03-16T04:00:00Z", "table": "12135", "change": "show", "where": newest},
        {"at": "2026-03-16T04:00:00Z", "table": "12135", "change": "mask", "symbol": "..",
         "where": newest, "touch": True},
        {"at": "2026-03-16T07:00:00Z", "table": "12135", "change": "publish"},
        {"at": "2026-03-16T10:30:00Z", "until": "2026-03-16T10:45:00Z",
         "misbehave": "unavailable"},
        {"at": "2026-03-24T07:00:00Z", "table": "12135", "change": "set", "value": 5,
         "where": {"Tid": "2025", "KOKkommuneregion0000": "0301"}, "touch": True},
    ]  # fmt: skip


def test_a_day_passes_as_the_story_says(servers):
    server = servers(scenario(story=story()))
    newest = {**WHOLE, "Tid": ["2025"]}
    assert server.data("12135", newest).status == 400
    assert server.api("/tables/12135").json["lastPeriod"] == "2024"
    server.advance("2026-03-16T05:00:00+01:00")
    dots = server.data("12135", newest).json
    assert dots["value"] == [None] * 3 and set(dots["status"].values()) == {".."}
    assert dots["updated"] == "2026-03-16T04:00:00Z"
    server.advance("2026-03-16T08:00:00+01:00")
    figures = server.data("12135", newest).json
    assert None not in figures["value"] and "status" not in figures
    assert figures["updated"] == "2026-03-16T07:00:00Z"
    server.advance("2026-03-16T10:30:00Z")
    assert server.api("/tables/12135").status == 503
    server.advance("2026-03-16T10:45:00Z")
    assert server.api("/tables/12135").status == 200
    server.advance("2026-03-24T07:00:00Z")
    corrected = server.data("12135", newest).json
    assert corrected["value"] == [5, *figures["value"][1:]]
    assert corrected["updated"] == "2026-03-24T07:00:00Z"


def test_the_rate_is_kept_in_the_time_of_the_day(servers):
    server = servers(scenario(rate={"limit": 3, "window_s": 60}))
    answers = [server.api("/config") for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    left = [answer.headers["x-ratelimit-remaining"] for answer in answers]
    assert left == ["2", "1", "0", "0"]
    recorded = recorded_refusals()["for mange kall"]["headers"]
    assert {name for name in answers[0].headers if name.startswith("x-rate")} == set(recorded)
    assert answers[0].headers["x-ratelimit-policy"] == "3;w=60s"
    assert server.most_in_a_minute() == 4
    server.advance("2026-03-16T03:05:00Z")
    assert server.api("/config").status == 200


# --- changes ----------------------------------------------------------------------------------


def test_a_table_can_be_scaled_emptied_and_get_other_symbols(server):
    before = server.data("12135", WHOLE).json["value"]
    server.change("12135", "scale", value=1000)
    assert server.data("12135", WHOLE).json["value"] == [1000 * v for v in before]
    server.change("12135", "status", symbol="!", where={"Tid": "2023"})
    assert server.data("12135", WHOLE).json["status"] == {"0": "!", "3": "!", "6": "!"}
    server.change("07459", "drop", value=0.95, seed=3)
    chosen = {"Region": ["*"], "Alder": ["*"], "ContentsCode": ["*"], "Tid": ["*"]}
    left = [v for v in server.data("07459", chosen).json["value"] if v is not None]
    assert 0.02 * 424 < len(left) < 0.09 * 424


def test_codes_can_be_renamed_added_and_removed_and_units_change(server):
    region = "KOKkommuneregion0000"
    server.change("12135", "rename", dimension=region, code="4601", to="4699")
    server.change("12135", "add", dimension=region, code="1103", to="Stavanger")
    server.change("12135", "remove", dimension=region, code="5001")
    server.change("12135", "unit", dimension="ContentsCode", code="KOSAG110000", to="1000 kr")
    told = server.api("/tables/12135/metadata").json
    assert list(told["dimension"][region]["category"]["index"]) == ["0301", "4699", "1103"]
    assert told["dimension"]["ContentsCode"]["category"]["unit"]["KOSAG110000"]["base"] == "1000 kr"
    values = server.data("12135", {**WHOLE, region: ["1103"]}).json["value"]
    assert values == [None] * 3


def test_a_wrong_command_is_refused_with_its_fault_and_changes_nothing(server):
    before = server.state()["tables"]
    wrong = [
        {"table": "12135", "change": "publsh"},
        {"table": "00000", "change": "touch"},
        {"table": "12135", "change": "set", "value": 1, "where": {"Tid": "1999"}},
        {"misbehave": "badly"},
        {"nonsense": 1},
        {"advance": "tomorrow"},
    ]
    for command in wrong:
        assert server.ask("/-/control", body=command).status == 400, command
    assert server.ask("/-/control", body="{").status == 400
    assert server.state()["tables"] == before


# --- misbehaving ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "status"),
    [
        ("bad-request", 400), ("forbidden", 403), ("too-many", 429), ("empty-500", 500),
        ("unavailable", 503), ("html", 200), ("redirect-loop", 302),
    ],
)  # fmt: skip
def test_a_status_comes_in_place_of_an_answer_for_as_many_calls_as_told(server, mode, status):
    server.misbehave(mode, path="/tables/12135", calls=2)
    assert server.api("/config").status == 200
    seen = [server.api("/tables/12135").status for _ in range(3)]
    assert seen == [status, status, 200]
    assert [line["mode"] for line in server.log()] == ["", mode, mode, ""]


def test_retry_after_is_given_where_it_is_told(server):
    server.misbehave("too-many", calls=1, retry_after=37)
    assert server.api("/config").headers["retry-after"] == "37"
    server.misbehave("too-many", calls=1)
    assert "retry-after" not in server.api("/config").headers


def test_html_comes_with_200_and_a_500_is_empty(server):
    server.misbehave("html", calls=1)
    page = server.data("12135", WHOLE)
    assert page.status == 200 and page.text.startswith("<!DOCTYPE html>")
    server.misbehave("empty-500", calls=1)
    assert server.data("12135", WHOLE).body == b""


def test_a_redirect_leads_to_itself(server):
    server.misbehave("redirect-loop")
    assert server.api("/tables/12135").headers["location"] == f"{API}/tables/12135"


def test_silence_lasts_until_the_client_goes_and_others_are_answered(server):
    server.misbehave("silent", calls=1)
    with pytest.raises(TimeoutError):
        server.api("/config", timeout_s=0.5)
    assert server.api("/config").status == 200


def test_a_connection_is_closed_without_an_answer(server):
    server.misbehave("closed", calls=1)
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        server.api("/config")


def test_a_cut_body_ends_early(server):
    server.misbehave("cut", calls=1)
    with pytest.raises(http.client.IncompleteRead):
        server.data("12134", WHOLE)


def test_a_wrong_length_is_less_than_the_body_and_the_only_one(server):
    server.misbehave("wrong-length", calls=1)
    with socket.create_connection(("127.0.0.1", server.port), 30) as client:
        client.sendall(f"GET {API}/config HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        head, _, body = client.makefile("rb").read().partition(b"\r\n\r\n")
    whole = server.api("/config").body
    assert body == whole[: len(whole) // 2]
    assert head.lower().count(b"content-length:") == 1


def test_a_trickle_comes_a_few_bytes_at_a_time(server):
    server.misbehave("trickle", calls=1)
    with socket.create_connection(("127.0.0.1", server.port), 30) as client:
        client.sendall(f"GET {API}/config HTTP/1.0\r\n\r\n".encode())
        got = b""
        while b"\r\n\r\n" not in got:
            got += client.recv(4096)
        pieces = [client.recv(4096) for _ in range(4)]
    assert all(0 < len(piece) <= 32 for piece in pieces)


def test_a_truncated_gzip_does_not_decompress(server):
    server.misbehave("cut-gzip", calls=1)
    answer = server.data("12134", WHOLE)
    assert answer.headers["content-encoding"] == "gzip"
    with pytest.raises(EOFError):
        gzip.decompress(answer.body)


def test_a_bomb_is_small_and_becomes_large(server):
    size = 32 << 20
    server.misbehave("bomb", calls=1, bytes=size)
    answer = server.api("/config")
    assert len(answer.body) < size / 500
    assert len(zlib.decompress(answer.body, 31)) > size


def test_huge_json_is_json_and_huge(server):
    server.misbehave("huge-json", calls=1, bytes=8 << 20)
    answer = server.data("12135", WHOLE)
    assert len(answer.body) > 8 << 20
    assert len(answer.json["value"]) == 9


def test_invalid_json_is_one_bracket_off(server):
    right = server.data("12135", WHOLE).text
    server.misbehave("invalid-json", calls=1)
    wrong = server.data("12135", WHOLE).text
    assert wrong == right[:-1] + "]"


def test_a_wrong_content_type_has_the_right_body(server):
    right = server.data("12135", WHOLE)
    server.misbehave("wrong-type", calls=1)
    wrong = server.data("12135", WHOLE)
    assert wrong.headers["content-type"] == "image/png" != right.headers["content-type"]
    assert wrong.body == right.body


def test_values_can_be_empty_or_null_with_200(server):
    server.misbehave("empty-values", calls=1)
    empty = server.data("12134", WHOLE)
    assert (empty.status, empty.json["value"], empty.json["size"]) == (200, [], [3, 1, 1])
    server.misbehave("null-values", calls=1)
    assert server.data("12134", WHOLE).json["value"] == [None] * 3


def test_updated_can_be_a_day_old(server):
    server.misbehave("old-updated", calls=2)
    assert server.api("/tables/12135").json["updated"] == "2026-03-15T07:00:00Z"
    assert server.data("12135", WHOLE).json["updated"] == "2026-03-15T07:00:00Z"
    assert server.data("12135", WHOLE).json["updated"] == "2026-03-16T07:00:00Z"


def test_a_table_can_change_between_pages(server):
    server.misbehave("moving", path="/data", calls=2)
    pages = [server.data("12135", WHOLE).json for _ in range(3)]
    assert len({page["updated"] for page in pages}) == 3
    first = pages[0]["value"][0]
    assert [page["value"][0] for page in pages] == [first, first + 1, first + 2]


def test_the_list_can_have_a_table_twice(server):
    server.misbehave("twice", calls=1)
    assert ids(server.api("/tables")) == ["12134", "12134", "12135", "07459"]


def test_it_behaves_again_when_told(server):
    server.misbehave("forbidden")
    assert server.api("/config").status == 403
    server.behave()
    assert server.api("/config").status == 200


# --- hostile clients --------------------------------------------------------------------------


def raw(server, bytes_):
    """What comes back for these bytes, "" when the connection is closed without a word."""
    with socket.create_connection(("127.0.0.1", server.port), 30) as client:
        client.sendall(bytes_)
        client.shutdown(socket.SHUT_WR)
        got = b""
        try:
            while piece := client.recv(65536):
                got += piece
        except ConnectionResetError:
            pass
    return got


@pytest.mark.parametrize(
    "bytes_",
    [
        b"", b"\x00" * 1000, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n",
        b"GET " + b"/" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /-/control HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{",
        b"POST /-/control HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET /api/pxwebapi/v2/tables/../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /api/pxwebapi/v2/tables?" + b"a=1&" * 100 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"DELETE /api/pxwebapi/v2/tables HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)  # fmt: skip
def test_a_hostile_request_harms_nobody(server, bytes_):
    got = raw(server, bytes_)
    assert b" 200 " not in got.split(b"\r\n")[0]
    assert server.api("/config").status == 200


def test_bodies_that_are_no_question_are_refused(server):
    path = "/tables/12135/data"
    deep = "[" * 5000 + "]" * 5000
    for body in ("", "[]", "{", '{"selection":{}}', '{"selection":[1]}', deep, "\xff"):
        assert server.api(path, body=body.encode("latin-1"), method="POST").status == 400, body
    item = {"variableCode": "Tid", "valueCodes": ["2024"]}
    assert server.api(path, body={"selection": [item, item]}).status == 400
    assert server.api(path, body=b" " * (2 << 20), method="POST").status == 413


# --- as a process -----------------------------------------------------------------------------


def test_every_question_is_a_line_of_the_log(server):
    server.data("12134", WHOLE)
    server.api("/config")
    first, second = server.log()
    assert (first["method"], first["url"]) == ("POST", f"{API}/tables/12134/data")
    assert (first["cells"], first["status"]) == (3, 200)
    assert first["bytes"] == ANSWER.stat().st_size
    assert (second["method"], second["cells"]) == ("GET", 0)
    assert first["day"].startswith("2026-03-16T03:0") and first["ms"] <= second["ms"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_even_while_it_is_silent(servers, number):
    server = servers()
    server.misbehave("silent", calls=1)
    with socket.create_connection(("127.0.0.1", server.port), 30) as client:
        client.sendall(f"GET {API}/config HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        while not server.log():
            pass
        assert server.stop(number) == (0, "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"tables": [{**LIKE_12134, "updated": "soon"}]},
        {"tables": [{**LIKE_12134, "colour": "red"}]},
        {"tables": [LIKE_12134], "story": [{"table": "12135", "change": "touch"}]},
        {"tables": [LIKE_12134], "story": [{"at": "2026-01-01", "table": "1", "change": "touch"}]},
        {"tables": [{"recorded": "nowhere.json"}]},
        {"tables": [big_table(2000)]},
    ],
)
def test_a_wrong_scenario_is_refused_and_says_why(tmp_path, wrong):
    with pytest.raises(AssertionError, match="did not start: .*[a-z]"):
        FakeSsb(tmp_path, wrong)
